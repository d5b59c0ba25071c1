"""MUC-4 as JSON lines, or a list: who did what to whom with what, for a text as a whole, or incident by incident.

Two shapes, told apart by their key:

{"docid": ..., "doctext": ..., "extracts": {"Weapon": [[["car bomb", 10], ["bomb", 40]]]}}
    role fillers, as GRIT has them (Du, Rush and Cardie 2021): for each role entities, for each entity mentions
{"docid": ..., "doctext": ..., "templates": [{"incident_type": "bombing", "Weapon": [[["car bomb", 10]]]}]}
    templates, as GTT has them (Du, Rush and Cardie 2021, "Template Filling with Generative Transformers")

A mention's number is its first character; it counts Unicode characters. Mentions without one (`["car bomb"]` or
"car bomb") are taken to be the first such characters of the text. Incident types such as "bombing / attack", which the
data have where annotators differed, stay as they are. A document's fillers stand in the order of role, then offset.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

from tocsin.data.document_level import Spans, filler_of
from tocsin.data.errors import Problem
from tocsin.data.files import written_whole
from tocsin.data.formats.conversion import Format, Options, Tally
from tocsin.data.formats.fitting import (
    MOVED,
    count,
    count_other_keys,
    count_unheld,
    name_fault,
    nearest,
    own_id,
    taken_name,
    words_of,
)
from tocsin.data.formats.json_objects import read_objects
from tocsin.data.formats.regions import Scope, read_each
from tocsin.data.record_values import kind, shorten, unknown
from tocsin.data.records import span_order
from tocsin.data.schema import Schema
from tocsin.data.types import Article, Document, Filler, Template

ROLES = ("PerpInd", "PerpOrg", "Target", "Victim", "Weapon")
_TYPE = "incident_type"
_EXPECTED = "expected a list of entities, each a list of mentions [text, first character]"


@dataclass(slots=True)
class _Reading:
    """One document while it is read: equal mentions make the same filler, in whatever template they stand."""

    text: str
    scope: Scope
    fillers: dict[tuple[str, Spans], Filler] = field(default_factory=dict)


def read(path: Path, options: Options, lost: Tally) -> Iterator[Document | Problem]:
    """The documents of a file, one at a time; one that cannot be read yields its problems instead, all of them."""
    return read_each(read_objects(path), path.stem, options, lost, _document)


def write(documents: Iterable[Document], path: Path, options: Options, lost: Tally) -> None:
    """Write templates if the schema has template types, or without such a schema if the first annotated document has.

    The roles are the schema's fillers, without them those of MUC-4; a document's others follow.

    Raises:
        DataError: the file cannot be made there.
    """
    roles = options.schema.fillers if options.schema and options.schema.fillers else ROLES
    with written_whole(path) as stream:
        has_templates, documents = _shape(documents, options.schema)
        for document in documents:
            _count_lost(document, has_templates, lost)
            record = {"docid": document.article.id, "doctext": document.article.text}
            said = _templates_record(document, roles) if has_templates else _extracts_record(document, roles)
            stream.write(json.dumps(record | said, ensure_ascii=False) + "\n")


def _document(content: dict[str, Any], name: str, scope: Scope) -> Document | None:
    text = content.get("doctext")
    if not isinstance(text, str) or not text.strip():
        scope.faults.append(f'"doctext" is {_found(text)}; expected the text of the article')
        return None
    key = "templates" if "templates" in content else "extracts"
    if key not in content:
        found = shorten(", ".join(content))
        scope.faults.append(f'has neither "extracts" nor "templates"; expected one of them, found the keys: {found}')
        return None
    reading = _Reading(text, scope)
    templates = tuple(_templates(content[key], reading)) if key == "templates" else ()
    if key == "extracts":
        _fillers(content[key], '"extracts"', reading)
    count_other_keys(content, ("docid", "doctext", key), "records", scope.lost)
    return _assembled(Article(text, own_id(content, "docid") or name), templates, reading)


def _assembled(article: Article, templates: tuple[Template, ...], reading: _Reading) -> Document:
    """The document of all that was read; parts that the schema has not are counted instead."""
    fillers = tuple(sorted(reading.fillers.values(), key=lambda filler: (filler.role, _bounds(filler))))
    entities = {span_order(span): span for filler in fillers for span in filler.spans}
    schema = reading.scope.schema
    if schema and not schema.fillers:
        count(reading.scope.lost, "fillers, which the schema has not", len(fillers))
        fillers = ()
    if schema and not (schema.template_types and schema.fillers):
        count(reading.scope.lost, "templates, which the schema has not", len(templates))
        templates = ()
    return Document(article, tuple(entities[place] for place in sorted(entities)), fillers=fillers, templates=templates)


def _bounds(filler: Filler) -> Spans:
    return tuple((span.start, span.end) for span in filler.spans)


def _templates(listed: object, reading: _Reading) -> Iterator[Template]:
    if not isinstance(listed, list):
        reading.scope.faults.append(f'"templates" is {kind(listed)}; expected a list of objects')
        return
    types = reading.scope.schema.template_types if reading.scope.schema else ()
    for number, item in enumerate(listed, start=1):
        where = f"template {number}"
        if not isinstance(item, dict):
            reading.scope.faults.append(f"{where} is {kind(item)}; expected an object")
            continue
        own_type = item.get(_TYPE)
        if not isinstance(own_type, str) or not own_type:
            fault = f'"{_TYPE}" is {_found(own_type)}; expected a string such as "bombing"'
            reading.scope.faults.append(f"{where}: {fault}")
            continue
        if types and not set(Template(own_type).types) <= set(types):
            reading.scope.faults.append(f"{where}: {unknown(_TYPE, own_type, types)}")
        filled = _fillers({key: value for key, value in item.items() if key != _TYPE}, where, reading)
        yield Template(own_type, filled)


def _fillers(by_role: object, where: str, reading: _Reading) -> tuple[Filler, ...]:
    """The fillers of all roles, each once."""
    if not isinstance(by_role, dict):
        reading.scope.faults.append(f"{where} is {kind(by_role)}; expected an object, for each role a list of entities")
        return ()
    filled: list[Filler] = []
    known = (reading.scope.schema.fillers or reading.scope.schema.entity_labels) if reading.scope.schema else None
    for role, entities in by_role.items():
        if known is not None and role not in known and (entities is None or entities == []):
            continue  # whoever lists all roles of a task in each template says nothing by an empty one
        fault = name_fault("role", role, known)
        if not fault and not isinstance(entities, list | None):
            fault = f'"{role}" is {kind(entities)}; {_EXPECTED}'
        if fault:
            reading.scope.faults.append(f"{where}: {fault}")
            continue
        name = taken_name("role", role, known, reading.scope.lost)
        for number, entity in enumerate(entities or (), start=1):
            filler = _filler(name, entity, f"{where}, {role} {number}", reading)
            if filler and filler in filled:
                count(reading.scope.lost, "entities given twice in a role")
            elif filler:
                filled.append(filler)
    return tuple(filled)


def _filler(role: str, entity: object, where: str, reading: _Reading) -> Filler | None:
    """The filler of these mentions, the same one as before if they were given before; None if none stands anywhere."""
    mentions = [entity] if isinstance(entity, str) else entity
    if not isinstance(mentions, list):
        reading.scope.faults.append(f"{where} is {kind(entity)}; {_EXPECTED}")
        return None
    found = [_mention(mention, where, reading) for mention in mentions]
    spans = tuple(sorted({span for span in found if span}))
    count(reading.scope.lost, "mentions given twice in an entity", len(found) - found.count(None) - len(spans))
    if not spans:
        count(reading.scope.lost, "entities without a mention in the text")
        return None
    if (role, spans) not in reading.fillers:
        reading.fillers[role, spans] = filler_of(role, spans, reading.text)
    return reading.fillers[role, spans]


def _mention(mention: object, where: str, reading: _Reading) -> tuple[int, int] | None:
    """The characters of a mention; None, noted or counted, if it cannot be read or stands nowhere."""
    match mention:
        case str(surface) | [str(surface)] if surface:
            place = nearest(surface, 0, reading.text)
            count(reading.scope.lost, "mentions without an offset that stand nowhere in the text", place is None)
        case [str(surface), int(start)] if surface and not isinstance(start, bool):
            place = nearest(surface, start, reading.text)
            count(reading.scope.lost, MOVED, place not in (start, None))
            if place is None:
                fault = f"{shorten(surface)!r}, said to stand at {start}, stands nowhere in the text"
                reading.scope.faults.append(f'{where}: {fault}; expected characters of "doctext", case as there')
        case _:
            fault = f"a mention is {shorten(repr(mention))}; expected [text, first character]"
            reading.scope.faults.append(f"{where}: {fault}")
            return None
    return None if place is None else (place, place + len(surface))


def _found(value: object) -> str:
    return "empty" if isinstance(value, str) else "missing" if value is None else kind(value)


def _shape(documents: Iterable[Document], schema: Schema | None) -> tuple[bool, Iterable[Document]]:
    """Whether templates are to be written, and all documents: those before the first that tells are held."""
    if schema and (schema.fillers or schema.template_types):
        return bool(schema.template_types), documents
    held: list[Document] = []
    remaining = iter(documents)
    for document in remaining:
        held.append(document)
        if document.fillers or document.templates:
            return bool(document.templates), chain(held, remaining)
    return False, held


def _extracts_record(document: Document, roles: Sequence[str]) -> dict[str, Any]:
    return {"extracts": _by_role(document.fillers, roles, document.article)}


def _templates_record(document: Document, roles: Sequence[str]) -> dict[str, Any]:
    return {
        "templates": [
            {_TYPE: template.type, **_by_role(template.fillers, roles, document.article)}
            for template in document.templates
        ]
    }


def _by_role(fillers: Iterable[Filler], roles: Sequence[str], article: Article) -> dict[str, list[Any]]:
    listed: dict[str, list[Any]] = {role: [] for role in roles}
    for filler in fillers:
        listed.setdefault(filler.role, []).append([[span.text(article), span.start] for span in filler.spans])
    return listed


def _count_lost(document: Document, has_templates: bool, lost: Tally) -> None:
    held = ("fillers", "templates") if has_templates else ("fillers",)
    count_unheld(document, ["entities"], held, lost)
    lost.update(words_of(document))
    mentions = {span_order(span) for filler in document.fillers for span in filler.spans}
    others = sum(span_order(span) not in mentions for span in document.entities)
    count(lost, "entities that are no mention of a filler", others)
    if has_templates:
        filed = [filler for template in document.templates for filler in template.fillers]
        count(lost, "fillers in no template", sum(filler not in filed for filler in document.fillers))


FORMAT = Format(
    "muc4", "role fillers or templates, a JSON object a line (MUC-4 of GRIT and GTT)", (".jsonl", ".json"), read, write
)
