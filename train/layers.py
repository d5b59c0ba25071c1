"""Labels, fillers and templates of documents as a report has them: counted, and one document's beside its spans.

Each part is there only where the schema has what it is about.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from tocsin.data.schema import Schema
from tocsin.data.types import Document, Filler, Template
from tocsin.train.filler_scores import without_mentions


def counts_of_layers(documents: Iterable[Document], schema: Schema) -> dict[str, Any]:
    """How many texts have each label, and how many have none annotated; fillers by role, templates by type."""
    names: Counter[str] = Counter()
    roles: Counter[str] = Counter()
    types: Counter[str] = Counter()
    n_unlabelled = 0
    for document in documents:
        names.update(label.name for label in document.labels or ())
        n_unlabelled += document.labels is None
        roles.update(filler.role for filler in document.fillers)
        types.update(name for template in document.templates for name in template.types)
    found: dict[str, Any] = {}
    if schema.text_labels:
        found["labels"] = {name: names[name] for name in schema.text_labels}
        found["unlabelled"] = n_unlabelled
    if schema.fillers:
        found["fillers"] = {role: roles[role] for role in schema.fillers}
    if schema.template_types:
        found["templates"] = {name: types[name] for name in schema.template_types}
    return found


def losses_of(schema: Schema) -> tuple[str, ...]:
    """The kinds of losses, as `tocsin.train.examples.Losses` has them, that documents of a schema can have.

    >>> losses_of(Schema(text_labels=("unrest",)))
    ('unlabelled',)
    """
    of_spans = ("widened", "uncovered") if schema.span_labels else ()
    of_events = ("arguments",) if schema.event_types and schema.roles else ()
    return (*of_spans, *of_events, *(("unlabelled",) if schema.text_labels else ()))


def layer_records(document: Document, schema: Schema) -> dict[str, Any]:
    """What one side says of a document as a whole; labels are null where they were not annotated."""
    record: dict[str, Any] = {}
    if schema.text_labels:
        labels = [{"name": label.name, "score": round(label.score, 4)} for label in document.labels or ()]
        record["labels"] = None if document.labels is None else labels
    if schema.fillers:
        record["fillers"] = _by_role(document.fillers, schema)
    if schema.template_types:
        record["templates"] = [_template_record(template, schema) for template in document.templates]
    return record


def with_mentions(document: Document, schema: Schema) -> Document:
    """The document with the mentions of its fillers as entities, each once, in the place of those it may have."""
    if not schema.fillers:
        return document
    mentions = {
        (span.start, span.end, filler.role): replace(span, label=filler.role)
        for filler in document.fillers
        for span in filler.spans
    }
    return replace(document, entities=(*without_mentions(document, schema).entities, *mentions.values()))


def _template_record(template: Template, schema: Schema) -> dict[str, Any]:
    return {
        "type": template.type,
        "score": round(template.score, 4),
        "fillers": _by_role(template.fillers, schema),
    }


def _by_role(fillers: Sequence[Filler], schema: Schema) -> dict[str, list[str]]:
    texts = {role: [filler.text for filler in fillers if filler.role == role] for role in schema.fillers}
    return {role: named for role, named in texts.items() if named}
