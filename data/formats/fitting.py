"""How what a file says is made to fit a document: names that can be labels, mentions where they are said to stand."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from tocsin.data.errors import DataError
from tocsin.data.formats.conversion import Tally
from tocsin.data.formats.left_out import Part, count_left_out
from tocsin.data.record_values import kind, shorten, unknown
from tocsin.data.records import span_order
from tocsin.data.schema import Schema
from tocsin.data.types import Document, Span

REPEATED = "entities given twice"
MOVED = "wrong offsets of mentions, replaced by those of the nearest such characters"
REPLACEMENT = "\ufffd"  # a character for one, so that offsets stay right
METADATA = ("titles", "days of publication", "sources", "addresses (url)")  # as `count_left_out` calls it


def count(lost: Tally, what: str, n: int = 1) -> None:
    """Count, and leave no entry for what never happened."""
    if n:
        lost[what] += n


def name_fault(noun: str, name: object, known: Collection[str] | None, *, remedy: str = "; rename it") -> str:
    """Why a name cannot be taken; empty if it can.

    Args:
        noun: what it names: "label", "role".
        name: as it stands in the file.
        known: the schema's names; None if there is no schema, so that any name will do that a schema could have.
        remedy: what to do about a name that no schema could have, as the end of the sentence.
    """
    if not isinstance(name, str):
        return f"{noun} is {kind(name)}; expected a string"
    if _is_fit(_spelled(name, known), known):
        return ""
    if known is not None:
        return unknown(noun, name, known)
    return f"{noun} {shorten(name)!r} cannot be a name; expected letters, digits, _ and -, a letter first{remedy}"


def taken_name(noun: str, name: str, known: Collection[str] | None, lost: Tally) -> str:
    """A name without a fault as documents have it: with _ for the blanks that tools allow in it, which is counted.

    >>> taken_name("label", "armed group", None, Counter())
    'armed_group'
    """
    spelled = _spelled(name, known)
    count(lost, f"{noun}s {shorten(name)!r}, read as {spelled}", spelled != name)
    return spelled


def _spelled(name: str, known: Collection[str] | None) -> str:
    """A name with _ for its blanks if only that makes it one that can be taken."""
    spelled = "_".join(name.split())
    return spelled if not _is_fit(name, known) and _is_fit(spelled, known) else name


def _is_fit(name: str, known: Collection[str] | None) -> bool:
    return _can_be_name(name) if known is None else name in known


@lru_cache(maxsize=4096)
def _can_be_name(name: str) -> bool:
    try:
        Schema(entity_labels=(name,))
    except DataError:
        return False
    return True


def nearest(surface: str, start: int, text: str) -> int | None:
    """Where the characters stand nearest to a place, the earlier of two as near; None if nowhere.

    >>> nearest("car", 12, "a car, a bus, a car")
    16
    """
    start = min(max(start, 0), len(text))
    places = {text.rfind(surface, 0, start + len(surface)), text.find(surface, start)} - {-1}
    return min(places, key=lambda place: (abs(place - start), place), default=None)


def in_order(spans: Iterable[Span], lost: Tally) -> tuple[Span, ...]:
    """Spans in text order; of those with equal offsets and label the first, the others counted."""
    by_place: dict[tuple[int, int, str], Span] = {}
    for span in spans:
        count(lost, REPEATED, span_order(span) in by_place)
        by_place.setdefault(span_order(span), span)
    return tuple(by_place[place] for place in sorted(by_place))


def own_id(item: Mapping[str, Any], *keys: str) -> str:
    """The id of a record as text, under the first key that has one; a number, a string, or MongoDB's `{"$oid": ...}`.

    >>> own_id({"_id": {"$oid": "57a4"}}, "id", "_id")
    '57a4'
    """
    for key in keys:
        value = item.get(key)
        value = value.get("$oid") if isinstance(value, dict) else value
        if isinstance(value, str | int) and not isinstance(value, bool) and value != "":
            return str(value)
    return ""


def count_other_keys(item: Mapping[str, Any], known: Collection[str], noun: str, lost: Tally) -> None:
    """Count the keys of an object that nothing is read from, unless they are empty."""
    for key, value in item.items():
        if key not in known and value is not None and value not in ("", [], {}):
            count(lost, f'values of "{shorten(key)}" of {noun}')


def count_unheld(document: Document, parts: Collection[Part], also: Collection[str], lost: Tally) -> None:
    """Count what a document has and a format has no place for.

    Args:
        document: what is written.
        parts: of a document that the format holds.
        also: what else it holds, in the words of `count_left_out`.
        lost: gets the counts.
    """
    left_out: Tally = Counter()
    count_left_out(document, parts, left_out)
    lost.update({what: n for what, n in left_out.items() if what not in also})


def without_nul(text: str, lost: Tally) -> str:
    r"""A text with something else for each NUL, as a reader takes a file that has one for no text.

    >>> without_nul("a\0b", Counter())
    'a�b'
    """
    count(lost, f"NUL characters, written as {REPLACEMENT}", text.count("\0"))
    return text.replace("\0", REPLACEMENT)


def words_of(document: Document) -> Iterator[str]:
    """What to count for a text that comes cut into words, in a format that holds none."""
    if document.article.sentences:
        yield "cuts of texts into words and sentences"
