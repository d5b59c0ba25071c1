"""What a task of Label Studio holds: its data, and the results of its annotation in one form.

A task counts only if somebody annotated it: what nobody looked at, or cancelled, is not a text without entities.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tocsin.data.formats import doccano
from tocsin.data.formats.conversion import AS_FOUND
from tocsin.data.formats.fitting import count
from tocsin.data.formats.regions import ARTICLE_KEYS, Scope
from tocsin.data.record_values import items, kind, shorten, string

DOCUMENT_ID = "document_id"
NOT_ANNOTATED = "tasks that nobody annotated, left out"
OTHER_ANNOTATIONS = "annotations of a task beside the first"
REGION_TYPES = {"labels", "hypertextlabels", "paragraphlabels"}
_KEEPING = ("completed_by", "annotator", "created_at", "updated_at", "lead_time")
_MINIMAL_KEYS = {*_KEEPING, "id", "annotation_id", "agreement"}


@dataclass(frozen=True, slots=True)
class Content:
    """What is in a task, be it a flat record or not."""

    metadata: Mapping[str, Any]  # of the task as well as of its data
    data: Mapping[str, Any]
    results: list[dict[str, Any]]  # of the annotation


def is_minimal(task: Mapping[str, Any]) -> bool:
    """Whether it is a flat record of JSON_MIN."""
    return not any(key in task for key in ("data", "annotations", "completions", "predictions"))


def content_of(task: Mapping[str, Any], scope: Scope) -> Content | None:
    """What is in a task, unless it has none or nobody annotated it."""
    if is_minimal(task):
        return _minimal_content(task, scope)
    for key in ("predictions", "drafts", "comments"):
        listed = task.get(key)
        count(scope.lost, f"{key} of tasks", len(listed) if isinstance(listed, list) else 0)
    annotation = _annotation(task, scope)
    if annotation is None and not scope.options.texts_only:
        scope.lost[NOT_ANNOTATED] += 1
        return None
    results = list(_listed_results(annotation or {}, scope))
    data = task.get("data")
    if not isinstance(data, dict):
        scope.faults.append(f'"data" is {kind(data)}; expected an object that holds the text')
        return None
    meta = task.get("meta")
    return Content({**(meta if isinstance(meta, dict) else {}), **data}, data, results)


def questions_of(task: Mapping[str, Any]) -> set[str]:
    """The questions about the text as a whole that a task has answers to."""
    scope = Scope(AS_FOUND)
    content = content_of(task, scope)
    key = text_key(content, scope) if content else None
    if content is None or key is None:
        return set()
    results = results_about(key, content)
    region_ids = region_ids_in(results)
    return {result["from_name"] for result in results if _is_answer(result, region_ids)}


def text_key(content: Content, scope: Scope) -> str | None:
    """Where the text is: under "text", under what the results are said to be about, or the only string there is."""
    data = content.data
    strings = [key for key, value in data.items() if isinstance(value, str)]
    about = [name for name in dict.fromkeys(result["to_name"] for result in content.results) if name in strings]
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
    return key


def results_about(key: str, content: Content) -> list[dict[str, Any]]:
    """The results about the text, which is under some key."""
    return [result for result in content.results if result["to_name"] == key or result["to_name"] not in content.data]


def region_ids_in(results: Iterable[Mapping[str, Any]]) -> set[str]:
    """The ids of the regions among results; what else has such an id is said of the region."""
    return {result["id"] for result in results if result["type"] in REGION_TYPES}


def is_of_region(result: Mapping[str, Any], region_ids: set[str]) -> bool:
    """Whether it is said of a region, not of the text as a whole."""
    return result["id"] in region_ids or "start" in result["value"]


def _is_answer(result: Mapping[str, Any], region_ids: set[str]) -> bool:
    """Whether it is choices for the text as a whole."""
    return result["type"] == "choices" and not is_of_region(result, region_ids)


def id_of(data: Mapping[str, Any], task: Mapping[str, Any], own_id: str) -> str:
    """The id of a task's document."""
    return text_id(data.get(DOCUMENT_ID)) or text_id(task.get("id")) or own_id


def _minimal_content(task: Mapping[str, Any], scope: Scope) -> Content | None:
    """Likewise of a flat record, which has what was annotated beside the task's data."""
    outputs = _outputs(task)
    foreign = next((name for name in outputs if doccano.lists_spans(task[name])), None)
    if foreign is not None:
        fault = f'"{shorten(foreign)}" lists spans as doccano does; expected regions with "start", "end" and "labels"'
        scope.faults.append(f'{fault}: read the file with --from doccano, or format = "doccano" in [data] of a config')
        return None
    if not outputs and task.get("annotation_id") is None and not scope.options.texts_only:
        scope.lost[NOT_ANNOTATED] += 1
        return None
    _count_keeping(task, scope)
    has_regions = any(_has_regions(task[name]) for name in outputs)
    told = [name for name in outputs if not (has_regions and _is_of_some_regions(task[name], scope))]
    results = [result for name in told for result in _pretty_results(name, task[name], scope)]
    data = {key: value for key, value in task.items() if key not in {*_MINIMAL_KEYS, *outputs}}
    return Content(data, data, results)


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
            yield {**result, **names, "id": text_id(result.get("id")) or name, "value": value}
        else:
            scope.faults.append(f'{name}: "value" is {kind(value)}; expected an object')


def text_id(value: object) -> str:
    """An id as a string; empty if it is none."""
    return str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""
