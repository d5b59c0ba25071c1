"""The documents a config names, read and checked: no run starts on annotations with errors."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tocsin.data.check import check_documents
from tocsin.data.errors import DataError, Problem
from tocsin.data.jsonl import load_documents
from tocsin.data.schema import DEFAULT_SCHEMA, Schema, read_schema
from tocsin.data.types import Document
from tocsin.train.config import RunConfig


@dataclass(frozen=True, slots=True)
class Sets:
    """What a run learns from, and what it is measured on while it learns."""

    schema: Schema
    train: tuple[Document, ...]
    dev: tuple[Document, ...]
    warnings: tuple[Problem, ...] = ()  # what `check_documents` finds odd in the training files, and no error


def load_sets(config: RunConfig) -> Sets:
    """Read and check every file of `[data]`.

    Raises:
        DataError: the schema file is no schema, an annotation is wrong (all errors of all files are named), or
            train and dev share an article.
    """
    schema = read_schema(config.paths((config.data.schema,))[0]) if config.data.schema else DEFAULT_SCHEMA
    train, dev = config.paths(config.data.train), config.paths(config.data.dev)
    warnings = [finding for path in train for finding in check_documents(path, schema).findings if not finding.is_error]
    sets = Sets(
        schema,
        checked_documents(train, schema),
        checked_documents(dev, schema) if dev else (),
        tuple(Problem(warning.where, warning.message) for warning in warnings),
    )
    shared = {d.article.text for d in sets.train} & {d.article.text for d in sets.dev}
    if shared:
        ids = sorted(d.article.id for d in sets.dev if d.article.text in shared)
        raise DataError(f"dev articles that are also trained on: {', '.join(ids)}; take them out of one of the two")
    return sets


def checked_documents(paths: Sequence[Path], schema: Schema, *, told: str = "") -> tuple[Document, ...]:
    """Documents of files in which `check_documents` finds no error.

    Args:
        told: what else to say to whoever has to mend an error, such as where the schema is from.

    Raises:
        DataError: it finds some; the text names each with its line.
    """
    errors = [
        Problem(finding.where, finding.message)
        for path in paths
        for finding in check_documents(path, schema).findings
        if finding.is_error
    ]
    if errors:
        remedy = "mend these; `tocsin check FILE` lists them again (with --schema for labels of your own)"
        rest = Problem("to go on", f"{remedy}; {told}" if told else remedy)
        raise DataError.from_problems([*errors, rest])
    return tuple(load_documents(paths, schema))


def counts(documents: Sequence[Document]) -> dict[str, Any]:
    """How many documents, entities by label, events by type."""
    labels: dict[str, int] = {}
    for document in documents:
        for span in (*document.entities, *(event.trigger for event in document.events)):
            labels[span.label] = labels.get(span.label, 0) + 1
    return {"documents": len(documents), "ids": [document.article.id for document in documents], "spans": labels}
