"""The documents a config names, read and checked: no run starts on annotations with errors."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tocsin.data.check import check_documents
from tocsin.data.errors import ConfigError, DataError, Problem
from tocsin.data.jsonl import load_documents
from tocsin.data.schema import DEFAULT_SCHEMA, Schema
from tocsin.data.types import Document
from tocsin.train.config import RunConfig


@dataclass(frozen=True, slots=True)
class Sets:
    """What a run learns from, and what it is measured on while it learns."""

    schema: Schema
    train: tuple[Document, ...]
    dev: tuple[Document, ...]


def load_sets(config: RunConfig) -> Sets:
    """Read and check every file of `[data]`.

    Raises:
        ConfigError: the schema file is missing or no schema.
        DataError: an annotation is wrong (all errors of all files are named), or train and dev share an article.
    """
    schema = _schema(config)
    train, dev = config.paths(config.data.train), config.paths(config.data.dev)
    sets = Sets(schema, checked_documents(train, schema), checked_documents(dev, schema) if dev else ())
    shared = {d.article.text for d in sets.train} & {d.article.text for d in sets.dev}
    if shared:
        ids = sorted(d.article.id for d in sets.dev if d.article.text in shared)
        raise DataError(f"dev articles that are also trained on: {', '.join(ids)}; take them out of one of the two")
    return sets


def checked_documents(paths: Sequence[Path], schema: Schema) -> tuple[Document, ...]:
    """Documents of files in which `check_documents` finds no error.

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
        raise DataError.from_problems(
            [*errors, Problem("to go on", "mend these; `tocsin check FILE` lists them again")]
        )
    return tuple(load_documents(paths, schema))


def _schema(config: RunConfig) -> Schema:
    if not config.data.schema:
        return DEFAULT_SCHEMA
    path = config.paths((config.data.schema,))[0]
    try:
        return Schema.from_json(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, DataError) as error:
        raise ConfigError(f"[data] schema: {path}: {error}; expected a JSON file as Schema.to_json writes") from error
