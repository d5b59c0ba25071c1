"""The JSON of re3d, the Relationship and Entity Extraction Evaluation Dataset (Dstl and Aleph Insights, 2017).

A folder of these files, or one with such a folder for each source, each file one JSON object a line or a list of them:

documents.json  {"_id": "d1", "text": ..., "title": ..., "sourceName": ..., "sourceUrl": ...}
entities.json   {"_id": "e1", "documentId": "d1", "begin": 0, "end": 12, "type": "Organisation", "value": ...}
relations.json  {"_id": "r1", "documentId": "d1", "source": "e1", "target": "e2", "type": "BelongsTo", ...}

This is the published shape as its description and its tool, Baleen, have it; assumed are also: an id is a string, a
number or MongoDB's {"$oid": ...}, under "_id" or "id"; "begin" and "end" count Unicode characters, end exclusive;
"source" and "target" are ids of entities, or where they are missing "sourceBegin", "sourceEnd", "targetBegin" and
"targetEnd" are those entities' offsets; "confidence" is the annotators' and no score. An entity whose "value" does not
stand at its offsets, white space aside, is taken from the nearest place where it does.

A relation is an argument if the schema has event types and the relation leads from an entity of one of them; all
others are counted, as a document has no place for them.
"""

import json
import os
import shutil
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any, TextIO

from tocsin.data.errors import DataError, Problem
from tocsin.data.files import os_fault
from tocsin.data.formats.conversion import Format, Options, Tally
from tocsin.data.formats.fitting import MOVED, count, count_other_keys, count_unheld, nearest, own_id, words_of
from tocsin.data.formats.json_objects import read_objects
from tocsin.data.formats.regions import (
    Region,
    Relation,
    Scope,
    article_of,
    count_triggers,
    entities_and_events,
    read_each,
    regions_and_relations,
)
from tocsin.data.jsonl import Record
from tocsin.data.record_values import integer, shorten, string
from tocsin.data.types import Document

DOCUMENTS, ENTITIES, RELATIONS = "documents.json", "entities.json", "relations.json"
_ARTICLE_KEYS = {"title": "title", "sourceName": "source", "sourceUrl": "url"}
_ENTITY_KEYS = {"_id", "id", "documentId", "begin", "end", "type", "value", "confidence"}
_HELD = ("titles", "sources", "addresses (url)", "arguments of events")
_Parts = dict[str, list[dict[str, Any]]]  # entities or relations by the id of their document


def read(path: Path, options: Options, lost: Tally) -> Iterator[Document | Problem]:
    """The documents of a folder, or of all folders in it; entities and relations of one such folder are held."""
    try:
        folders = _folders(path)
    except OSError as error:
        yield Problem(str(path), os_fault(error))
        return
    if not folders:
        expected = f"expected a folder with {DOCUMENTS} and {ENTITIES}, or with folders that have them"
        yield Problem(str(path), f"holds no {DOCUMENTS}; {expected}")
    records = (record for folder in folders for record in _records(folder, lost))
    yield from read_each(records, path.name, options, lost, _document)


def write(documents: Iterable[Document], path: Path, options: Options, lost: Tally) -> None:
    """Write a new folder; events are entities of their type, arguments relations from them.

    Raises:
        DataError: there is such a folder or file, or it cannot be made there.
    """
    with _written_folder(path) as (texts, entities, relations):
        for document in documents:
            count_unheld(document, ("entities", "triggers"), _HELD, lost)
            count_triggers(len(document.events), options.schema, lost)
            lost.update(words_of(document))
            article = document.article
            metadata = {"title": article.title, "sourceName": article.source, "sourceUrl": article.url}
            _write_line(texts, {"_id": article.id, **metadata, "text": article.text})
            _write_parts(document, entities, relations, lost)


def _folders(path: Path) -> list[Path]:
    path.stat()
    if (path / DOCUMENTS).exists():
        return [path]
    return sorted(found.parent for found in path.glob(f"*/{DOCUMENTS}"))


def _records(folder: Path, lost: Tally) -> Iterator[Record | Problem]:
    """Each document's object with its entities and relations in it; parts of no document are counted."""
    problems: list[Problem] = []
    entities = _by_document(folder / ENTITIES, problems)
    relations = _by_document(folder / RELATIONS, problems)
    yield from problems
    for record in read_objects(folder / DOCUMENTS):
        if isinstance(record, Problem):
            yield record
            continue
        name = own_id(record.content, "_id", "id")
        parts = {ENTITIES: entities.pop(name, []), RELATIONS: relations.pop(name, [])}
        yield Record(record.where, record.content | parts)
    count(lost, "entities of documents that are not there", sum(map(len, entities.values())))
    count(lost, "relations of documents that are not there", sum(map(len, relations.values())))


def _by_document(path: Path, problems: list[Problem]) -> _Parts:
    """What a file holds, by document; an empty one holds nothing, and relations may be missing."""
    by_document: _Parts = defaultdict(list)
    if (path.is_file() and not path.stat().st_size) or (path.name == RELATIONS and not path.exists()):
        return by_document
    for record in read_objects(path):
        if isinstance(record, Problem):
            problems.append(record)
        else:
            by_document[own_id(record.content, "documentId")].append(record.content)
    return by_document


def _document(content: dict[str, Any], name: str, scope: Scope) -> Document | None:
    text = string(content, "text", "", scope.faults)
    if not text.strip():
        scope.faults.append('"text" is missing or empty; expected the text of the document')
        return None
    metadata = {ours: content[key] for key, ours in _ARTICLE_KEYS.items() if isinstance(content.get(key), str)}
    count_other_keys(content, {"_id", "id", "text", *_ARTICLE_KEYS, ENTITIES, RELATIONS}, "documents", scope.lost)
    article = article_of(text, own_id(content, "_id", "id") or name, metadata, scope.lost)
    regions = [region for item in content[ENTITIES] if (region := _region(item, text, scope))]
    relations = list(_relations(content[RELATIONS], regions, scope))
    entities, events = entities_and_events(regions, relations, scope)
    return Document(article, entities, events)


def _region(item: Mapping[str, Any], text: str, scope: Scope) -> Region | None:
    name = own_id(item, "_id", "id")
    where = f"entity {shorten(name)}: " if name else "an entity: "
    label, value = (string(item, key, where, scope.faults) for key in ("type", "value"))
    start, end = (integer(item, key, where, scope.faults) for key in ("begin", "end"))
    count_other_keys(item, _ENTITY_KEYS, "entities", scope.lost)
    count(scope.lost, "confidences of entities", item.get("confidence", 1) not in (0, 1, None))
    if start is None or end is None:
        return None
    if value and (start < 0 or value.split() != text[start:end].split()):
        place = nearest(value, start, text)
        count(scope.lost, MOVED, place is not None)
        start, end = (start, end) if place is None else (place, place + len(value))
        if place is None:
            fault = f"characters [{start}, {end}) are {shorten(text[max(start, 0) : max(end, 0)])!r}"
            scope.faults.append(f'{where}"value" is {shorten(value)!r} but {fault}; it stands nowhere in the text')
            return None
    if not 0 <= start < end <= len(text):
        fault = f"[{start}, {end}) is no span of the text ({len(text)} characters)"
        scope.faults.append(f"{where}{fault}; expected begin < end, counted in characters")
        return None
    return Region(name or f"[{start}, {end})", start, end, label)


def _relations(items: Sequence[Mapping[str, Any]], regions: Sequence[Region], scope: Scope) -> Iterator[Relation]:
    """The relations that may be arguments; without event types none is."""
    if not (scope.schema and scope.schema.event_types):
        count(scope.lost, "relations between entities", len(items))
        return
    by_offsets = {(region.start, region.end): region.id for region in regions}
    for item in items:
        where = f"relation {shorten(own_id(item, '_id', 'id')) or 'without an id'}: "
        kind_of = string(item, "type", where, scope.faults)
        source, target = (own_id(item, key) or by_offsets.get(_offsets(item, key), "") for key in ("source", "target"))
        if source and target:
            yield Relation(source, target, kind_of)
        else:
            scope.faults.append(f'{where}"source" or "target" is missing; expected the ids of two entities')


def _offsets(item: Mapping[str, Any], key: str) -> tuple[int, int]:
    start, end = item.get(f"{key}Begin"), item.get(f"{key}End")
    return (start, end) if isinstance(start, int) and isinstance(end, int) else (-1, -1)


def _write_parts(document: Document, entities: TextIO, relations: TextIO, lost: Tally) -> None:
    regions, links = regions_and_relations(document, lost)
    article = document.article
    own = {"documentId": article.id}
    by_id = {region.id: region for region in regions}
    for region in regions:
        offsets = {"begin": region.start, "end": region.end, "value": article.text[region.start : region.end]}
        line = {"_id": f"{article.id}-{region.id}", **own, "type": region.label, **offsets, "confidence": 1.0}
        _write_line(entities, line)
    for number, link in enumerate(links, start=1):
        ends: dict[str, Any] = {}
        for key, region in (("source", by_id[link.source]), ("target", by_id[link.target])):
            ends |= {key: f"{article.id}-{region.id}", f"{key}Begin": region.start, f"{key}End": region.end}
        _write_line(relations, {"_id": f"{article.id}-R{number}", **own, "type": link.type, **ends, "confidence": 1.0})


def _write_line(stream: TextIO, record: Mapping[str, Any]) -> None:
    stream.write(json.dumps(record, ensure_ascii=False) + "\n")


@contextmanager
def _written_folder(path: Path) -> Iterator[tuple[TextIO, TextIO, TextIO]]:
    """The three files of a folder that appears only when all of it is written."""
    if path.exists():
        raise DataError(f"{path}: is there already; name a new folder, or remove that one")
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.mkdir()
        with ExitStack() as stack:
            opened = partial(open, mode="w", encoding="utf-8", newline="")
            texts, entities, relations = (
                stack.enter_context(opened(part / name)) for name in (DOCUMENTS, ENTITIES, RELATIONS)
            )
            yield texts, entities, relations
        part.replace(path)
    except OSError as error:
        raise DataError(
            f"{path}: cannot be written ({error.strerror}); expected a name in a folder that exists"
        ) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)


FORMAT = Format("re3d", "entities and relations in the JSON files of re3d", (), read, write)
