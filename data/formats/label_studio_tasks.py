"""A task of Label Studio and the results of its annotation, made into a document.

A task counts only if somebody annotated it: what nobody looked at, or cancelled, is not a text without entities.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from tocsin.data.formats import doccano
from tocsin.data.formats.fitting import count, nearest
from tocsin.data.formats.regions import (
    ARTICLE_KEYS,
    Region,
    Relation,
    Scope,
    article_of,
    entities_and_events,
    text_labels,
)
from tocsin.data.record_values import integer, items, kind, shorten, string
from tocsin.data.schema import Schema
from tocsin.data.types import Document

DOCUMENT_ID, INCIDENT = "document_id", "incident"
NOT_ANNOTATED = "tasks that nobody annotated, left out"
OTHER_ANNOTATIONS = "annotations of a task beside the first"
_REGION_TYPES = {"labels", "hypertextlabels", "paragraphlabels"}
_KEEPING = ("completed_by", "annotator", "created_at", "updated_at", "lead_time")
_MINIMAL_KEYS = {*_KEEPING, "id", "annotation_id", "agreement"}
_NEWLINE = re.compile(r"\\n|[\r\n]")


@dataclass(frozen=True, slots=True)
class _Text:
    """The annotated text, and how Label Studio counts in it."""

    key: str  # under which it stands in the task's data
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


def is_minimal(task: Mapping[str, Any]) -> bool:
    """Whether it is a flat record of JSON_MIN."""
    return not any(key in task for key in ("data", "annotations", "completions", "predictions"))


def read_task(task: Mapping[str, Any], own_id: str, scope: Scope, questions: set[str]) -> Document | None:
    """The document of a task; None if it has faults, or if there is no annotation and not its text alone is asked for.

    Args:
        task: as it is exported.
        own_id: for a task without one.
        scope: gets what is wrong and what is lost.
        questions: about whole texts that the file has answers to; gets those of the task.
    """
    for key in ("predictions", "drafts", "comments"):
        listed = task.get(key)
        count(scope.lost, f"{key} of tasks", len(listed) if isinstance(listed, list) else 0)
    annotation = _annotation(task, scope)
    if annotation is None and not scope.texts_only:
        scope.lost[NOT_ANNOTATED] += 1
        return None
    results = list(_listed_results(annotation or {}, scope))
    data = task.get("data")
    if not isinstance(data, dict):
        scope.faults.append(f'"data" is {kind(data)}; expected an object that holds the text')
        return None
    meta = task.get("meta")
    metadata = {**(meta if isinstance(meta, dict) else {}), **data}
    return _document(metadata, data, results, _id_of(metadata, task, own_id), scope, questions)


def read_minimal_task(task: Mapping[str, Any], own_id: str, scope: Scope, questions: set[str]) -> Document | None:
    """Likewise of a flat record, which has what was annotated beside the task's data."""
    outputs = _outputs(task)
    foreign = next((name for name in outputs if doccano.lists_spans(task[name])), None)
    if foreign is not None:
        fault = f'"{shorten(foreign)}" lists spans as doccano does; expected regions with "start", "end" and "labels"'
        scope.faults.append(f'{fault}: read the file with --from doccano, or format = "doccano" in [data] of a config')
        return None
    if not outputs and task.get("annotation_id") is None and not scope.texts_only:
        scope.lost[NOT_ANNOTATED] += 1
        return None
    _count_keeping(task, scope)
    has_regions = any(_has_regions(task[name]) for name in outputs)
    told = [name for name in outputs if not (has_regions and _is_of_some_regions(task[name], scope))]
    results = [result for name in told for result in _pretty_results(name, task[name], scope)]
    data = {key: value for key, value in task.items() if key not in {*_MINIMAL_KEYS, *outputs}}
    return _document(data, data, results, _id_of(data, task, own_id), scope, questions)


def _outputs(task: Mapping[str, Any]) -> list[str]:
    """The keys of what was annotated: an export has them between the task's id and the annotator."""
    order = list(task)
    keys = [key for key in order if key not in {*_MINIMAL_KEYS, *ARTICLE_KEYS, DOCUMENT_ID, "text"}]
    outputs = keys
    if "id" in task and "annotator" in task:
        between = order[order.index("id") : order.index("annotator")]
        outputs = [key for key in keys if key in between]
    others = [key for key in keys if key not in outputs]
    if "text" not in task and not any(isinstance(task[key], str) for key in others):
        strings = [key for key in outputs if isinstance(task[key], str)]
        return [key for key in outputs if key not in strings] if len(strings) == 1 else outputs  # that one is the text
    return outputs


def _has_regions(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(item, dict) and "start" in item for item in value)


def _is_of_some_regions(value: Any, scope: Scope) -> bool:
    """Whether it is choices for some of the regions, now counted; those for a text are a string or an object."""
    if not isinstance(value, list) or len(value) < 2 or not all(isinstance(item, str) for item in value):
        return False
    scope.lost["values of regions that do not say of which"] += len(value)
    return True


def _pretty_results(name: str, value: Any, scope: Scope) -> Iterator[dict[str, Any]]:
    """What is under a key of a flat record, as the results it was made of."""
    listed = value if isinstance(value, list) else [value]
    for number, item in enumerate(listed, start=1):
        common = {"from_name": name, "to_name": "text", "id": f"{name} {number}"}
        if isinstance(item, str):
            yield {**common, "type": "choices", "value": {"choices": [item]}}
            continue
        types = (key for key in ("labels", "hypertextlabels", "paragraphlabels", "choices", "number"))
        kind_of = next((key for key in types if isinstance(item, dict) and key in item), "")
        if not kind_of:
            scope.lost[f'values of "{shorten(name)}"'] += 1
        elif "start" in item:  # what stands at one place under several keys is of one region
            own_id = f"{item.get('start')}-{item.get('end')}"
            yield {**common, "type": kind_of, "value": item, "id": own_id}
        else:
            yield {**common, "type": kind_of, "value": item}


def _annotation(task: Mapping[str, Any], scope: Scope) -> dict[str, Any] | None:
    """The first annotation that was not cancelled; the others are counted."""
    key = "annotations" if "annotations" in task else "completions"  # what they were called before version 1.0
    found = [item for _, item in items(task, key, "annotation", scope.faults)]
    kept = [item for item in found if not (item.get("was_cancelled") or item.get("skipped"))]
    count(scope.lost, "annotations that were cancelled", len(found) - len(kept))
    if not kept:
        return None
    count(scope.lost, OTHER_ANNOTATIONS, len(kept) - 1)
    _count_keeping(kept[0], scope)
    return kept[0]


def _count_keeping(annotation: Mapping[str, Any], scope: Scope) -> None:
    count(scope.lost, "notes of who annotated, when and for how long", any(annotation.get(key) for key in _KEEPING))


def _listed_results(annotation: Mapping[str, Any], scope: Scope) -> Iterator[dict[str, Any]]:
    """The results with their ids, types and names as strings, and with their values as objects."""
    for name, result in items(annotation, "result", "result", scope.faults):
        names = {key: string(result, key, f"{name}: ", scope.faults) for key in ("type", "from_name", "to_name")}
        value = result.get("value", {})
        if isinstance(value, dict):
            yield {**result, **names, "id": _text_id(result.get("id")) or name, "value": value}
        else:
            scope.faults.append(f'{name}: "value" is {kind(value)}; expected an object')


def _text_id(value: object) -> str:
    return str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""


def _id_of(data: Mapping[str, Any], task: Mapping[str, Any], own_id: str) -> str:
    return _text_id(data.get(DOCUMENT_ID)) or _text_id(task.get("id")) or own_id


def _document(
    metadata: Mapping[str, Any],
    data: Mapping[str, Any],
    results: list[dict[str, Any]],
    own_id: str,
    scope: Scope,
    questions: set[str],
) -> Document | None:
    text = _text_of(data, [result["to_name"] for result in results], scope)
    if text is None:
        return None
    of_text = [
        result for result in results if result.get("to_name") in (None, text.key) or result["to_name"] not in data
    ]
    count(scope.lost, "results about something else than the text", len(results) - len(of_text))
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
    known = {key: value for key, value in metadata.items() if key not in (text.key, DOCUMENT_ID)}
    article = article_of(text.content, own_id, known, scope.lost)
    questions.update(sorted_out.choices)
    names = list(_label_names(sorted_out.choices, questions, scope.schema))
    labels = text_labels(names, scope) if sorted_out.choices else None
    return Document(article, entities, events, labels=labels)


def _label_names(choices: Mapping[str, list[str]], questions: set[str], schema: Schema | None) -> Iterator[str]:
    """Choices as labels, which say to which question they answer if there are several, or if a schema has them so."""
    known = schema.text_labels if schema else ()
    for question, chosen in choices.items():
        for choice in chosen:
            name = f"{question}: {choice}"
            yield name if question and choice.strip() and (len(questions) > 1 or name in known) else choice


def _text_of(data: Mapping[str, Any], names: Sequence[str], scope: Scope) -> _Text | None:
    """The text: under "text", under what the results are said to be about, or the only string there is."""
    strings = [key for key, value in data.items() if isinstance(value, str)]
    about = [name for name in dict.fromkeys(names) if name in strings]
    others = [key for key in strings if key not in (*ARTICLE_KEYS, DOCUMENT_ID)]
    candidates = ["text"] if "text" in strings else about or others
    if len(candidates) != 1:
        found = shorten(", ".join(candidates or data) or "none")
        fault = f"the text could be any of: {found}" if candidates else f"has no text; found the keys: {found}"
        scope.faults.append(f'{fault}; expected it as a string under "text"')
        return None
    key = candidates[0]
    if not data[key].strip():
        scope.faults.append(f'"{key}" is empty or only white space; expected a text')
        return None
    return _Text(key, data[key], unit_offsets(data[key]))


def _sort_out(results: Sequence[dict[str, Any]], text: _Text, scope: Scope) -> _Results:
    found = _Results()
    region_ids = {result["id"] for result in results if result["type"] in _REGION_TYPES}
    for result in results:
        kind_of, value = result["type"], result["value"]
        where = f"{result['id']}: "
        if kind_of in _REGION_TYPES:
            _add_regions(result, where, text, found, scope)
        elif kind_of == "relation":
            found.relations += _relations(result, where, scope)
        elif result["id"] in region_ids or "start" in value:
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
    ends = _text_id(result.get("from_id")), _text_id(result.get("to_id"))
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
