"""Label Studio's JSON: tasks with annotations of spans, relations and choices; its flat JSON_MIN is read as well.

Offsets count UTF-16 code units, as a browser does, so that an emoji counts two; the end is exclusive. Read are a list
of tasks, one task, or one task a line. A task's annotation is the first that was not cancelled. Then

- regions of `labels` are entities, or triggers as `regions.py` tells them;
- a relation's labels are roles; one to the left leads from its end to its start, one both ways from the trigger;
- choices for the text are its labels; where the file has answers to several questions about texts, a label opens with
  the question's `from_name`, "relevant: Yes", which is counted; a schema that has either name decides;
- choices and numbers for a region are attributes called by their `from_name`, and a text area called "incident" names
  what real operation a trigger belongs to;
- of `data` and `meta`, the keys document_id, title, published, source and url are the article's.

JSON_MIN has no relations, and does not say of which region a choice is: one string is taken for a label of the text.
Without a schema a file is first gone through for its questions; what comes from a pipe is held in memory.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from tocsin.data.errors import DataError, Problem
from tocsin.data.files import is_stream, written_whole
from tocsin.data.formats.conversion import Format, Options, Tally
from tocsin.data.formats.json_objects import read_objects
from tocsin.data.formats.label_studio_content import DOCUMENT_ID, OTHER_ANNOTATIONS, is_minimal, questions_of
from tocsin.data.formats.label_studio_tasks import INCIDENT, read_task, unit_offsets
from tocsin.data.formats.regions import (
    Region,
    Relation,
    count_bare_triggers,
    count_beside_regions,
    metadata_of,
    read_each,
    regions_and_relations,
)
from tocsin.data.jsonl import Record
from tocsin.data.schema import Attribute, Schema
from tocsin.data.types import Document

TEXT, LABEL, CLASS = "text", "label", "text_labels"  # what the tags of the interface are called
_RESERVED = {TEXT, LABEL, CLASS, INCIDENT}


def read(path: Path, options: Options, lost: Tally) -> Iterator[Document | Problem]:
    """The annotated tasks of an export, one at a time."""
    held = list(read_objects(path)) if is_stream(path) else []
    # Where there is a schema, it decides how labels are named.
    several = options.schema is None and _answers_several(_first_annotations(held or read_objects(path), Counter()))
    records = _first_annotations(held or read_objects(path), lost)
    yield from read_each(records, path.stem, options, lost, partial(read_task, several=several))


def write(documents: Iterable[Document], path: Path, options: Options, lost: Tally) -> None:
    """A list of tasks that Label Studio imports, annotations and all, under the interface of `label_config`.

    Raises:
        DataError: the file cannot be made there.
    """
    with written_whole(path) as stream:
        stream.write("[")
        for number, document in enumerate(documents, start=1):
            task = json.dumps(_task(document, number, options.schema, lost), ensure_ascii=False)
            stream.write(f"{',' if number > 1 else ''}\n{task}")
        stream.write("\n]\n")


def label_config(schema: Schema) -> str:
    """The labelling interface for a schema, as XML to paste into a project's settings.

    Raises:
        DataError: an attribute has a name that the interface needs, or is a number for some labels only.
    """
    view = ET.Element("View")
    if schema.roles:
        relations = ET.SubElement(view, "Relations")
        for role in schema.roles:
            ET.SubElement(relations, "Relation", value=role.name)
    if schema.text_labels:
        choice = "single" if schema.one_text_label else "multiple"
        choices = ET.SubElement(view, "Choices", name=CLASS, toName=TEXT, choice=choice)
        for name in schema.text_labels:
            ET.SubElement(choices, "Choice", value=name)
    if schema.span_labels:
        labels = ET.SubElement(view, "Labels", name=LABEL, toName=TEXT)
        for name in schema.span_labels:
            ET.SubElement(labels, "Label", value=name)
    ET.SubElement(view, "Text", name=TEXT, value=f"${TEXT}")
    for name, owners in _owners(schema).items():
        _add_attribute(view, name, owners)
    if schema.event_types:
        ET.SubElement(view, "TextArea", _of_region(INCIDENT, schema.event_types), maxSubmissions="1")
    ET.indent(view)
    return ET.tostring(view, encoding="unicode") + "\n"


def _owners(schema: Schema) -> dict[str, dict[str, Attribute]]:
    """By the names of attributes, the labels that have one of that name, each with its own."""
    owners: dict[str, dict[str, Attribute]] = {}
    by_label = {label: schema.attributes for label in schema.event_types} | dict(schema.entity_attributes)
    for label, attributes in by_label.items():
        for attribute in attributes:
            owners.setdefault(attribute.name, {})[label] = attribute
    return owners


def _add_attribute(view: ET.Element, name: str, owners: Mapping[str, Attribute]) -> None:
    if name in _RESERVED:
        raise DataError(f"attribute {name!r} has a name that Label Studio's interface needs itself; rename it")
    if len({attribute.is_integer for attribute in owners.values()}) > 1:
        fault = f"attribute {name!r} is a number for some of {', '.join(owners)} and has values for others"
        raise DataError(f"{fault}; Label Studio has one control a name: rename it for some")
    values = dict.fromkeys(value for attribute in owners.values() for value in attribute.values)
    control = ET.SubElement(view, "Choices" if values else "Number", _of_region(name, owners))
    for value in values:
        ET.SubElement(control, "Choice", value=value)


def _of_region(name: str, labels: Iterable[str]) -> dict[str, str]:
    """What makes a tag ask about a selected region of one of some labels."""
    shown = {"perRegion": "true", "visibleWhen": "region-selected", "whenTagName": LABEL}
    return {"name": name, "toName": TEXT, **shown, "whenLabelValue": ",".join(labels)}


def _answers_several(records: Iterable[Record | Problem]) -> bool:
    """Whether there are answers to several questions about whole texts; no more is read than it takes to know."""
    questions: set[str] = set()
    for record in records:
        questions |= questions_of(record.content) if isinstance(record, Record) else set()
        if len(questions) > 1:
            return True
    return False


def _first_annotations(records: Iterable[Record | Problem], lost: Tally) -> Iterator[Record | Problem]:
    """JSON_MIN has a record for each annotation of a task; only the first passes."""
    seen: set[int | str] = set()
    for record in records:
        own_id = record.content.get("id") if isinstance(record, Record) and is_minimal(record.content) else None
        if isinstance(own_id, int | str) and own_id in seen:
            lost[OTHER_ANNOTATIONS] += 1
            continue
        if isinstance(own_id, int | str):
            seen.add(own_id)
        yield record


def _task(document: Document, number: int, schema: Schema | None, lost: Tally) -> dict[str, Any]:
    count_beside_regions(document, lost, has_attributes=True)
    regions, relations = regions_and_relations(document, lost)
    count_bare_triggers(regions, relations, schema, lost)
    units = unit_offsets(document.article.text)
    results: list[dict[str, Any]] = []
    for region in regions:
        results += _region_results(region, document.article.text, units)
    results += [_relation_result(relation) for relation in relations]
    if document.labels is not None:
        results.append(_result(CLASS, "choices", {"choices": [label.name for label in document.labels]}, "class"))
    return {
        "id": number,
        "data": {TEXT: document.article.text, DOCUMENT_ID: document.article.id, **metadata_of(document.article)},
        "annotations": [{"result": results, "was_cancelled": False, "ground_truth": False}],
        "predictions": [],
    }


def _region_results(region: Region, text: str, units: Any) -> Iterator[dict[str, Any]]:
    """A region, then what is said about it; all share its id."""
    offsets = {"start": units[region.start], "end": units[region.end]}
    place = {**offsets, "text": text[region.start : region.end]}
    yield _result(LABEL, "labels", {**place, "labels": [region.label]}, region.id)
    for name, value in region.attributes.items():
        if isinstance(value, int):
            yield _result(name, "number", {**place, "number": value}, region.id)
        else:
            yield _result(name, "choices", {**place, "choices": [value]}, region.id)
    if region.incident:
        yield _result(INCIDENT, "textarea", {**offsets, "text": [region.incident]}, region.id)


def _relation_result(relation: Relation) -> dict[str, Any]:
    ends = {"from_id": relation.source, "to_id": relation.target}
    return {**ends, "type": "relation", "direction": "right", "labels": [relation.type]}


def _result(name: str, kind_of: str, value: dict[str, Any], own_id: str) -> dict[str, Any]:
    return {"id": own_id, "from_name": name, "to_name": TEXT, "type": kind_of, "value": value, "origin": "manual"}


FORMAT = Format(
    "label-studio", "Label Studio's JSON: spans, relations and choices of tasks; also JSON_MIN", (".json",), read, write
)
