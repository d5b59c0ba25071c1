"""Tocsin's own JSON lines as a format among others: read with a schema, or with the one that the file itself shows.

A file is gone through once before, for the names in it. Where no schema is given and they are of the label set of
attacks, that is taken, since it knows more of them: which roles are dates, which incidents count.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from tocsin.data.errors import DataError, Problem
from tocsin.data.files import is_stream
from tocsin.data.formats.conversion import Format, Options, Tally
from tocsin.data.formats.fitting import count_other_keys
from tocsin.data.formats.inference import Seen
from tocsin.data.jsonl import read_records, write_documents
from tocsin.data.records import read_record
from tocsin.data.rules import ARGUMENT_KEYS, ENTITY_KEYS, EVENT_KEYS, INCIDENT_KEYS, TRIGGER_KEYS
from tocsin.data.schema import DEFAULT_SCHEMA, Schema, attacks
from tocsin.data.types import Document, Template

_KEYS = frozenset(
    "id title published source url text sentences entities events incidents incidents_complete labels label_scores "
    "fillers templates".split()
)
_PARTS = {  # that a schema gives no keys beside these
    "labels": ("label", "score"),
    "fillers": ("id", "role", "text", "spans", "score"),
    "templates": ("type", "fillers", "score"),
}


def read(path: Path, options: Options, lost: Tally) -> Iterator[Document | Problem]:
    """The documents of a file; a line that cannot be read yields its problems instead, all of them."""
    if is_stream(path):
        yield Problem(str(path), "is a pipe or a device; expected a file, as it is read twice: save it first")
        return
    seen, n_records = _survey(path)
    try:
        schema = options.schema or _schema(seen)
    except DataError as error:
        yield Problem(str(path), str(error))
        return
    for what, names, known in (
        ("labels of texts the schema does not name", seen.text_labels, schema.text_labels),
        ("roles of fillers the schema does not name", seen.fillers, schema.fillers),
    ):
        if names and not known:
            lost[what] += len(names)
    found = False
    for reading in _documents(path, schema, lost):
        found = True
        yield reading
    if not found and not n_records:
        yield Problem(str(path), "is empty; expected one JSON object a line")


def write(documents: Iterable[Document], path: Path, options: Options, lost: Tally) -> None:
    """Write a line for each document; nothing is lost but the fifth digit of scores.

    Raises:
        DataError: the file cannot be made there.
    """
    write_documents(path, documents)


def _documents(path: Path, schema: Schema, lost: Tally) -> Iterator[Document | Problem]:
    for record in read_records(path):
        if isinstance(record, Problem):
            yield record
            continue
        reading = read_record(record.content, schema)
        yield from (Problem(record.where, fault) for fault in reading.faults)
        if reading.document and not reading.faults:
            _count_unread(record.content, schema, lost)
            yield reading.document


def _count_unread(content: Mapping[str, Any], schema: Schema, lost: Tally) -> None:
    """Count what stands under keys that neither the format nor the schema names."""
    of_events = {attribute.name for attribute in schema.attributes}
    count_other_keys(content, _KEYS, "documents", lost)
    for item in _objects(content, "entities"):
        own = {attribute.name for attribute in schema.entity_attributes.get(item["label"], ())}
        count_other_keys(item, own.union(ENTITY_KEYS), "entities", lost)
    for item in _objects(content, "events"):
        count_other_keys(item, of_events.union(EVENT_KEYS), "events", lost)
        count_other_keys(item["trigger"], TRIGGER_KEYS, "triggers", lost)
        for argument in _objects(item, "arguments"):
            count_other_keys(argument, ARGUMENT_KEYS, "arguments", lost)
    for item in _objects(content, "incidents"):
        count_other_keys(item, of_events.union(INCIDENT_KEYS), "incidents", lost)
    for part, keys in _PARTS.items():
        for item in _objects(content, part):
            count_other_keys(item, keys, part, lost)


def _survey(path: Path) -> tuple[Seen, int]:
    """The names in a file, and how many objects it has; what is of another shape is told when it is read."""
    seen, n_records = Seen(), 0
    for record in read_records(path):
        if isinstance(record, Problem):
            continue
        n_records += 1
        content = record.content
        labels = {item["id"]: item["label"] for item in _objects(content, "entities") if _has(item, "id", "label")}
        for item in _objects(content, "entities"):
            _note_entity(item, seen)
        for item in _objects(content, "events"):
            _note_event(item, labels, seen)
        listed = content.get("labels")
        for label in listed if isinstance(listed, list) else ():
            name = label.get("label") if isinstance(label, dict) else label
            seen.text_labels |= {name} if isinstance(name, str) else set()
        seen.fillers |= {item["role"] for item in _objects(content, "fillers") if _has(item, "role")}
        kinds = [Template(item["type"]) for item in _objects(content, "templates") if _has(item, "type")]
        seen.template_types |= {name for template in kinds for name in template.types}
    return seen, n_records


def _objects(record: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    listed = record.get(key)
    return [item for item in listed if isinstance(item, dict)] if isinstance(listed, list) else []


def _has(item: Mapping[str, Any], *keys: str) -> bool:
    """Whether there is a string under each key."""
    return all(isinstance(item.get(key), str) for key in keys)


def _note_entity(item: Mapping[str, Any], seen: Seen) -> None:
    if not _has(item, "label"):
        return
    seen.entity_labels.add(item["label"])
    for key in item.keys() - set(ENTITY_KEYS):
        value = item[key]
        if value is None or (isinstance(value, str | int) and not isinstance(value, bool)):
            seen.entity_attributes.setdefault(item["label"], {}).setdefault(key, set()).add(value)


def _note_event(item: Mapping[str, Any], labels: Mapping[str, str], seen: Seen) -> None:
    if _has(item, "type"):
        seen.event_types.add(item["type"])
    for argument in _objects(item, "arguments"):
        if _has(argument, "role", "entity"):
            filled = {labels[argument["entity"]]} if argument["entity"] in labels else set()
            seen.roles.setdefault(argument["role"], set()).update(filled)
    for key in item.keys() - set(EVENT_KEYS):
        if _has(item, key):
            seen.attributes.setdefault(key, set()).add(item[key])


def _schema(seen: Seen) -> Schema:
    """The schema of attacks if all names are its, else one of the names alone.

    Raises:
        DataError: a name cannot be one of a schema's.
    """
    own, known = seen.everything(), DEFAULT_SCHEMA
    fits = (
        not own.fillers
        and set(own.entity_labels) <= set(known.entity_labels)
        and set(own.event_types) <= set(known.event_types)
        and {role.name for role in own.roles} <= {role.name for role in known.roles}
        and _values(own) <= _values(known)
    )
    return attacks(own.text_labels) if fits else own


def _values(schema: Schema) -> set[tuple[str, str, str]]:
    """Every attribute with every value it may have, and of which label."""
    of_entities = [(label, attribute) for label, listed in schema.entity_attributes.items() for attribute in listed]
    every = [*(("", attribute) for attribute in schema.attributes), *of_entities]
    return {(label, attribute.name, value) for label, attribute in every for value in attribute.values or ("",)}


FORMAT = Format("jsonl", "tocsin's own JSON lines", (".jsonl", ".ndjson"), read, write)
