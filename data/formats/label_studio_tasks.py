"""A task of Label Studio and the results of its annotation, made into a document."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from tocsin.data.formats.fitting import count, nearest
from tocsin.data.formats.label_studio_content import (
    DOCUMENT_ID,
    REGION_TYPES,
    Content,
    content_of,
    id_of,
    is_of_region,
    region_ids_in,
    results_about,
    text_id,
    text_key,
)
from tocsin.data.formats.regions import (
    Region,
    Relation,
    Scope,
    article_of,
    entities_and_events,
    text_labels,
)
from tocsin.data.record_values import integer, shorten, string
from tocsin.data.types import Document

INCIDENT = "incident"
NAMED_WITH_QUESTION = "labels named with their question, as the file answers several"
_NEWLINE = re.compile(r"\\n|[\r\n]")


@dataclass(frozen=True, slots=True)
class _Text:
    """The annotated text, and how Label Studio counts in it."""

    content: str
    units: Sequence[int]


@dataclass(slots=True)
class _Results:
    """What the results of an annotation say, sorted out."""

    regions: list[Region] = field(default_factory=list)
    attributes: dict[str, dict[str, str | int]] = field(default_factory=dict)  # by the region's id
    incidents: dict[str, str] = field(default_factory=dict)  # likewise
    relations: list[Relation] = field(default_factory=list)
    choices: dict[str, list[str]] = field(default_factory=dict)  # of the text, by the question; none: no such result
    left_out: set[str] = field(default_factory=set)  # ids of regions that no document can hold


def unit_offsets(text: str) -> Sequence[int]:
    """The UTF-16 code units before each character, and in all of the text.

    >>> list(unit_offsets("a🚁b"))
    [0, 1, 3, 4]
    """
    if not text or max(text) <= "\uffff":
        return range(len(text) + 1)
    offsets = [0]
    for character in text:
        offsets.append(offsets[-1] + 1 + (character > "\uffff"))
    return offsets


def read_task(task: Mapping[str, Any], own_id: str, scope: Scope, *, several: bool) -> Document | None:
    """The document of a task; None if it has faults, or if there is no annotation and not its text alone is asked for.

    Args:
        task: as it is exported, or a flat record of JSON_MIN.
        own_id: for a task without one.
        scope: gets what is wrong and what is lost.
        several: whether the file has answers to several questions about whole texts.
    """
    content = content_of(task, scope)
    return _document(content, id_of(content.metadata, task, own_id), scope, several=several) if content else None


def _document(content: Content, own_id: str, scope: Scope, *, several: bool) -> Document | None:
    key = text_key(content, scope)
    if key is None:
        return None
    text = _Text(content.data[key], unit_offsets(content.data[key]))
    of_text = results_about(key, content)
    count(scope.lost, "results about something else than the text", len(content.results) - len(of_text))
    sorted_out = _sort_out(of_text, text, scope)
    regions = [
        replace(
            region,
            attributes=sorted_out.attributes.get(region.id, {}),
            incident=sorted_out.incidents.get(region.id, ""),
        )
        for region in sorted_out.regions
    ]
    entities, events = entities_and_events(regions, sorted_out.relations, scope, left_out=sorted_out.left_out)
    known = {name: value for name, value in content.metadata.items() if name not in (key, DOCUMENT_ID)}
    article = article_of(text.content, own_id, known, scope.lost)
    names = _label_names(sorted_out.choices, scope, several=several)
    labels = text_labels(names, scope) if sorted_out.choices else None
    return Document(article, entities, events, labels=labels)


def _label_names(choices: Mapping[str, list[str]], scope: Scope, *, several: bool) -> list[str]:
    """Choices as labels: as a schema names them, else with the questions that they answer if there are several."""
    known = scope.schema.text_labels if scope.schema else ()
    several = several or len(choices) > 1
    names, told = [], set()
    for question, choice in ((question, choice) for question, chosen in choices.items() for choice in chosen):
        name = f"{question}: {choice}" if question and choice.strip() else choice
        takes_question = name in known or (several and choice not in known)
        names.append(name if takes_question else choice)
        told |= {name} if takes_question and name != choice else set()
    count(scope.lost, NAMED_WITH_QUESTION, 0 if scope.schema else len(told))
    return names


def _sort_out(results: Sequence[dict[str, Any]], text: _Text, scope: Scope) -> _Results:
    found = _Results()
    region_ids = region_ids_in(results)
    for result in results:
        kind_of, value = result["type"], result["value"]
        where = f"{result['id']}: "
        if kind_of in REGION_TYPES:
            _add_regions(result, where, text, found, scope)
        elif kind_of == "relation":
            found.relations += _relations(result, where, scope)
        elif is_of_region(result, region_ids):
            _add_attribute(result, where, found, scope)
        elif kind_of == "choices":
            found.choices.setdefault(result["from_name"], []).extend(_strings(value, "choices", where, scope))
        elif kind_of:
            scope.lost[f"results of type {shorten(kind_of)}"] += 1
        else:
            scope.faults.append(f'{where}"type" is missing; expected a string such as "labels"')
    return found


def _add_regions(result: Mapping[str, Any], where: str, text: _Text, found: _Results, scope: Scope) -> None:
    """A region for each label of a result."""
    value = result["value"]
    if "startOffset" in value:
        scope.lost["regions of hypertext or paragraphs, whose offsets are not the text's"] += 1
        found.left_out.add(result["id"])
        return
    notes = result.get("meta")
    count(scope.lost, "notes on regions", bool(notes.get("text")) if isinstance(notes, dict) else 0)
    count(scope.lost, "scores", isinstance(result.get("score"), float))
    labels = _strings(value, result["type"], where, scope)
    place = _place(value, where, text, scope)
    if place and not labels:
        scope.lost["regions without a label"] += 1
        found.left_out.add(result["id"])
    if place:
        found.regions += [Region(result["id"], *place, label) for label in labels]


def _place(value: Mapping[str, Any], where: str, text: _Text, scope: Scope) -> tuple[int, int] | None:
    """The characters of a region, if they are in the text and are those the region says."""
    first, last = integer(value, "start", where, scope.faults), integer(value, "end", where, scope.faults)
    surface = string(value, "text", where, scope.faults)
    if first is None or last is None:
        return None
    start, end = bisect_left(text.units, first), bisect_left(text.units, last)
    if not 0 <= first < last:
        fault = f"span [{first}, {last}) is empty or negative; expected 0 <= start < end"
    elif last > text.units[-1]:
        fault = f"span [{first}, {last}) ends past the text, which has {text.units[-1]} UTF-16 code units"
    elif text.units[start] != first or text.units[end] != last:
        fault = f"span [{first}, {last}) cuts a character in two; offsets count UTF-16 code units, an emoji two"
    elif surface and not _is_alike(surface, text.content[start:end]):
        fault = f'"text" is {shorten(surface)!r} but [{first}, {last}) is {shorten(text.content[start:end])!r}'
    else:
        return start, end
    scope.faults.append(f"{where}{fault}{_shift(surface, start, text)}")
    return None


def _is_alike(surface: str, found: str) -> bool:
    r"""Whether they are the same but for newlines, which Label Studio may write as a backslash and an n.

    >>> _is_alike(r"Fort\nOrle", "Fort\nOrle")
    True
    """
    return surface == found or _NEWLINE.sub("\n", surface) == _NEWLINE.sub("\n", found)


def _shift(surface: str, start: int, text: _Text) -> str:
    """Where the surface stands instead."""
    place = nearest(surface, start, text.content) if surface else None
    if place is None:
        return f"; {shorten(surface)!r} stands nowhere in the text" if surface else ""
    first, last = text.units[place], text.units[place + len(surface)]
    shifted = first - text.units[min(start, len(text.content))]
    hint = f": shifted by {shifted}? offsets count UTF-16 code units, an emoji two" if shifted else ""
    return f"; the same characters stand at [{first}, {last}){hint}"


def _relations(result: Mapping[str, Any], where: str, scope: Scope) -> Iterator[Relation]:
    """A relation for each label of a result."""
    ends = text_id(result.get("from_id")), text_id(result.get("to_id"))
    direction = result.get("direction") or "right"
    if direction not in ("left", "right", "bi"):
        scope.faults.append(f'{where}"direction" is {shorten(repr(direction))}; expected left, right or bi')
    labels = _strings(result, "labels", where, scope)
    count(scope.lost, "relations without a label", not labels)
    source, target = reversed(ends) if direction == "left" else ends
    for label in labels:
        yield Relation(source, target, label, is_mutual=direction == "bi")


def _add_attribute(result: Mapping[str, Any], where: str, found: _Results, scope: Scope) -> None:
    value, name, own_id = result["value"], result["from_name"], result["id"]
    number = value.get("number")
    number = int(number) if isinstance(number, float) and number.is_integer() else number
    if result["type"] == "choices":
        chosen = _strings(value, "choices", where, scope)
        count(scope.lost, "choices for a region beside the first", len(chosen[1:]))
        if chosen:
            found.attributes.setdefault(own_id, {})[name] = chosen[0]
    elif result["type"] == "number" and isinstance(number, int):
        found.attributes.setdefault(own_id, {})[name] = number
    elif result["type"] == "textarea" and name == INCIDENT:
        names = _strings(value, "text", where, scope)
        count(scope.lost, "names of an incident beside the first", len(names[1:]))
        found.incidents[own_id] = names[0] if names else ""
    else:
        kind_of = shorten(result["type"])
        scope.lost[f"results of type {kind_of} for regions"] += 1


def _strings(value: Mapping[str, Any], key: str, where: str, scope: Scope) -> list[str]:
    """The strings listed under a key; one string is a list of one."""
    listed = value.get(key)
    listed = [listed] if isinstance(listed, str) else listed or []
    if isinstance(listed, list) and all(isinstance(item, str) for item in listed):
        return listed
    scope.faults.append(f'{where}"{key}" is {shorten(repr(listed))}; expected a list of strings')
    return []
