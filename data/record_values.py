"""Values of a JSON object read one by one: what is wrong with each is noted, and reading goes on."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from difflib import get_close_matches
from typing import Any

MAX_QUOTE_CHARS = 60
_KINDS = {dict: "an object", list: "a list", str: "a string", bool: "true or false", int: "a number", float: "a number"}


def unknown(noun: str, name: str, known: Iterable[str]) -> str:
    """Say that a name is not the schema's, and which one may have been meant."""
    by_fold = {candidate.casefold(): candidate for candidate in known}
    close = get_close_matches(name.casefold(), by_fold, n=1)
    expected = ", ".join(by_fold.values()) or "none in this schema"
    hint = f"did you mean {by_fold[close[0]]!r}? " if close else ""
    return f"unknown {noun} {shorten(name)!r}; {hint}expected one of: {expected}"


def kind(value: object) -> str:
    """What a JSON value is, in words."""
    return "null" if value is None else _KINDS[type(value)]


def shorten(text: str) -> str:
    """The text, or its first characters if it is long."""
    return text if len(text) <= MAX_QUOTE_CHARS else f"{text[: MAX_QUOTE_CHARS - 1]}…"


def items(record: Mapping[str, Any], key: str, noun: str, faults: list[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The objects listed under a key, each with what to call it: "entity T3", or "entity 3" without an id."""
    listed = record.get(key)
    if listed is not None and not isinstance(listed, list):
        faults.append(f'"{key}" is {kind(listed)}; expected a list of objects')
        return
    for number, item in enumerate(listed or [], start=1):
        if isinstance(item, dict):
            own_id = item.get("id")
            yield f"{noun} {own_id if isinstance(own_id, str) and own_id else number}", item
        else:
            faults.append(f"{noun} {number} is {kind(item)}; expected an object")


def named(item: Mapping[str, Any], key: str, where: str, known: Sequence[str], faults: list[str]) -> str:
    """A name that should be the schema's; a fault is noted if it is not."""
    name = string(item, key, where, faults)
    if not name and not item.get(key):
        faults.append(f'{where}"{key}" is missing; expected one of: {", ".join(known) or "none in this schema"}')
    elif name and name not in known:
        faults.append(where + unknown(key, name, known))
    return name


def string(item: Mapping[str, Any], key: str, where: str, faults: list[str]) -> str:
    """A string; empty if absent, null or no string at all."""
    value = item.get(key)
    if value is not None and not isinstance(value, str):
        faults.append(f'{where}"{key}" is {kind(value)}; expected a string')
    return value if isinstance(value, str) else ""


def integer(item: Mapping[str, Any], key: str, where: str, faults: list[str]) -> int | None:
    value = item.get(key)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    found = f"is {kind(value)}" if key in item else "is missing"
    faults.append(f'{where}"{key}" {found}; expected an integer')
    return None


def score_of(item: Mapping[str, Any], where: str, faults: list[str]) -> float:
    return number_between(item.get("score", 1.0), f'{where}"score"', faults)


def number_between(value: object, where: str, faults: list[str]) -> float:
    """A number from 0 to 1; 1 if it is none."""
    if isinstance(value, int | float) and not isinstance(value, bool) and 0.0 <= value <= 1.0:
        return float(value)
    faults.append(f"{where} is {shorten(repr(value))}; expected a number from 0 to 1")
    return 1.0


def day(item: Mapping[str, Any], key: str, where: str, faults: list[str]) -> date | None:
    """A day; of a time stamp, the day as it is written."""
    value = item.get(key)
    if value is None or value == "":
        return None
    try:
        return datetime.fromisoformat(value).date()
    except (TypeError, ValueError):
        faults.append(f'{where}"{key}" is {shorten(str(value))!r}; expected an ISO date such as "2024-05-02"')
        return None
