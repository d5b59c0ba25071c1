"""doccano's JSON lines: spans, spans with relations, and labels of texts.

Offsets count characters (Unicode code points), the end is exclusive; a project that counts grapheme clusters instead
("characters" as a reader sees them) exports others, which cannot be told apart. The shapes, by the kind of project:

{"id": 1, "text": ..., "label": [[0, 5, "PER"], ...], "Comments": []}           spans; older: "labels"
{"id": 1, "text": ..., "entities": [{"id": 7, "label": "PER", "start_offset": 0, "end_offset": 5}, ...],
 "relations": [{"id": 3, "from_id": 8, "to_id": 7, "type": "attacker"}, ...]}    spans with relations
{"id": 1, "text": ..., "label": ["unrest"]}                                     labels of texts; or "label": "unrest"
{"id": 1, "text": ..., "entities": [[0, 5, "PER"]], "cats": ["unrest"]}         both spans and labels

Any other key is metadata: title, published, source and url are the article's. A list of such objects is read as well.
A project is of one kind, so all lines of a file that is written have one shape: that of the richest document. Labels
of texts beside relations are written as "cats", which doccano keeps as metadata.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

from tocsin.data.errors import Problem
from tocsin.data.files import written_whole
from tocsin.data.formats.conversion import Format, Options, Tally
from tocsin.data.formats.json_objects import read_objects
from tocsin.data.formats.regions import (
    Region,
    Relation,
    Scope,
    article_of,
    count_bare_triggers,
    count_beside_regions,
    entities_and_events,
    metadata_of,
    read_each,
    regions_and_relations,
    text_labels,
)
from tocsin.data.jsonl import Record
from tocsin.data.record_values import integer, items, kind, shorten, string
from tocsin.data.schema import Schema
from tocsin.data.types import Document

_TEXT_KEYS = ("text", "data")  # the second in versions before 1.5
_LABEL_KEYS = ("label", "labels")
_SPAN_KEYS = ("entities", "relations")
_NOTE_KEYS = ("Comments", "comments")
_OWN_KEYS = {"id", *_LABEL_KEYS, *_SPAN_KEYS, *_NOTE_KEYS, "cats"}
_EXPECTED = 'expected "label", "entities" or "cats"'


@dataclass(frozen=True, slots=True)
class _Shape:
    """What the documents of a file have, some of them at least."""

    has_relations: bool
    has_spans: bool
    has_labels: bool
    is_all_unlabelled: bool


def read(path: Path, options: Options, lost: Tally) -> Iterator[Document | Problem]:
    """The documents of an export, kept back only until a label shows whether texts or spans have labels."""
    of_texts, records = _peeked(read_objects(path), options.schema)
    yield from read_each(records, path.stem, options, lost, partial(_document, of_texts=of_texts))


def is_annotated(record: Mapping[str, Any]) -> bool:
    """Whether an object is a text with spans, listed as no other format does."""
    has_text = any(isinstance(record.get(key), str) for key in _TEXT_KEYS)
    return has_text and any(lists_spans(record.get(key)) for key in (*_LABEL_KEYS, "entities"))


def lists_spans(value: object) -> bool:
    """Whether the first of what is listed is a span, as `[0, 5, "PER"]` or by its "start_offset"."""
    match value:
        case [[int(), int(), str()], *_] | [{"start_offset": _}, *_]:
            return True
    return False


def write(documents: Iterable[Document], path: Path, options: Options, lost: Tally) -> None:
    """A line for each document, all in the shape of the richest; the documents are gathered first to know it.

    Raises:
        DataError: the file cannot be made there.
    """
    gathered = list(documents)
    shape = _Shape(
        has_relations=any(document.events for document in gathered),
        has_spans=any(document.entities for document in gathered),
        has_labels=any(document.labels is not None for document in gathered),
        is_all_unlabelled=not any(document.labels for document in gathered),
    )
    with written_whole(path) as stream:
        for document in gathered:
            count_beside_regions(document, lost, has_attributes=False)
            stream.write(json.dumps(_record(document, shape, options.schema, lost), ensure_ascii=False) + "\n")


def _record(document: Document, shape: _Shape, schema: Schema | None, lost: Tally) -> dict[str, Any]:
    regions, relations = regions_and_relations(document, lost)
    count_bare_triggers(regions, relations, schema, lost)
    record: dict[str, Any] = {"id": document.article.id, "text": document.article.text}
    if shape.has_relations:
        record |= _related(regions, relations)
    elif shape.has_spans or not shape.has_labels:
        key = "entities" if shape.has_labels else "label"
        record[key] = [[region.start, region.end, region.label] for region in regions]
    if document.labels is not None:
        names = [label.name for label in document.labels]
        is_beside_spans = shape.has_relations or shape.has_spans
        record |= {} if is_beside_spans else {"label": names}
        # Where "label" is empty throughout, it could be of spans.
        record |= {"cats": names} if is_beside_spans or shape.is_all_unlabelled else {}
    return record | metadata_of(document.article)


def _related(regions: list[Region], relations: list[Relation]) -> dict[str, Any]:
    """Spans and relations, numbered from 0 in one row as doccano's own ids are."""
    numbers = {region.id: number for number, region in enumerate(regions)}
    return {
        "entities": [
            {"id": number, "label": region.label, "start_offset": region.start, "end_offset": region.end}
            for number, region in enumerate(regions)
        ],
        "relations": [
            {
                "id": number,
                "from_id": numbers[relation.source],
                "to_id": numbers[relation.target],
                "type": relation.type,
            }
            for number, relation in enumerate(relations, start=len(regions))
        ],
    }


def _peeked(records: Iterator[Record | Problem], schema: Schema | None) -> tuple[bool, Iterator[Record | Problem]]:
    """Whether an empty list of labels is of a text rather than of spans, and all the records."""
    if schema and bool(schema.text_labels) != bool(schema.span_labels):
        return bool(schema.text_labels), records
    head: list[Record | Problem] = []
    for record in records:
        head.append(record)
        values = [record.content.get(key) for key in _LABEL_KEYS] if isinstance(record, Record) else []
        value = next((value for value in values if value), None)
        if value:
            return isinstance(value, str) or (isinstance(value, list) and isinstance(value[0], str)), chain(
                head, records
            )
    return False, iter(head)


def _document(record: dict[str, Any], own_id: str, scope: Scope, *, of_texts: bool) -> Document | None:
    key = next((key for key in _TEXT_KEYS if isinstance(record.get(key), str)), "text")
    text = string(record, key, "", scope.faults)
    if not text.strip():
        found = shorten(", ".join(record))
        scope.faults.append(f'"text" is missing, empty or only white space; expected a text; found the keys: {found}')
        return None
    if not {*_LABEL_KEYS, "entities", "cats"} & record.keys() and not scope.options.texts_only:
        _count_unlabelled(record, scope)
        return None
    listed = [item for label_key in _LABEL_KEYS for item in _listed(record, label_key, scope)]
    names = [item for item in listed if isinstance(item, str)]
    spans = [item for item in listed if not isinstance(item, str)]
    has_names = bool(names) or "cats" in record or (of_texts and not spans and "entities" not in record)
    names += _categories(record, scope)
    regions = [*_regions([*spans, *_listed(record, "entities", scope)], text, scope)]
    entities, events = entities_and_events(regions, list(_relations(record, scope)), scope)
    for note_key in _NOTE_KEYS:
        if notes := _listed(record, note_key, scope):
            scope.lost["comments"] += len(notes)
    metadata = {name: value for name, value in record.items() if name not in {*_OWN_KEYS, key}}
    article = article_of(text, _id(record.get("id")) or own_id, metadata, scope.lost)
    return Document(article, entities, events, labels=text_labels(names, scope) if has_names else None)


def _count_unlabelled(record: Mapping[str, Any], scope: Scope) -> None:
    if record.get("annotations"):
        fault = '"annotations" gives labels by numbers that only doccano knows'
        scope.faults.append(f"{fault}; {_EXPECTED}: export with the labels as text")
    scope.lost['texts without a "label", "entities" or "cats"'] += 1


def _listed(record: Mapping[str, Any], key: str, scope: Scope) -> list[Any]:
    """What is listed under a key; one string is a list of one."""
    value = record.get(key)
    if value is None or value == "":
        return []
    if isinstance(value, str | list):
        return [value] if isinstance(value, str) else value
    scope.faults.append(f'"{key}" is {kind(value)}; expected a list')
    return []


def _categories(record: Mapping[str, Any], scope: Scope) -> list[str]:
    """The labels under "cats": listed, or, as spaCy has them, each with whether it holds."""
    cats = record.get("cats")
    if isinstance(cats, dict):
        return [name for name, value in cats.items() if isinstance(value, int | float) and value >= 0.5]
    listed = _listed(record, "cats", scope)
    if all(isinstance(item, str) for item in listed):
        return listed
    scope.faults.append(f'"cats" is {shorten(repr(cats))}; expected a list of labels')
    return []


def _regions(listed: list[Any], text: str, scope: Scope) -> Iterator[Region]:
    for number, item in enumerate(listed, start=1):
        where = f"span {number}: "
        if isinstance(item, list) and len(item) == 3:
            item = dict(zip(("start_offset", "end_offset", "label"), item, strict=True))
        if not isinstance(item, dict):
            scope.faults.append(f"{where}is {shorten(repr(item))}; expected [start, end, label]")
            continue
        start, end = (integer(item, key, where, scope.faults) for key in ("start_offset", "end_offset"))
        label = string(item, "label", where, scope.faults)
        if start is None or end is None:
            continue
        if not 0 <= start < end:
            scope.faults.append(f"{where}[{start}, {end}) is empty or negative; expected 0 <= start < end")
        elif end > len(text):
            fault = f"{where}[{start}, {end}) ends past the text, which has {len(text)} characters"
            scope.faults.append(f"{fault}; offsets count characters, not bytes, and the end is exclusive")
        else:
            yield Region(_id(item.get("id")), start, end, label)


def _relations(record: Mapping[str, Any], scope: Scope) -> Iterator[Relation]:
    for name, item in items(record, "relations", "relation", scope.faults):
        source, target = _id(item.get("from_id")), _id(item.get("to_id"))
        if source and target:
            yield Relation(source, target, string(item, "type", f"{name}: ", scope.faults))
        else:
            scope.faults.append(f'{name}: "from_id" or "to_id" is missing; expected the ids of two entities')


def _id(value: object) -> str:
    return str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""


FORMAT = Format(
    "doccano", "doccano's JSON lines: spans, relations or labels of texts", (".jsonl", ".json"), read, write
)
