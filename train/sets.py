"""The documents a config names, read and checked: no run starts on annotations with errors."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tocsin.data.check import check_documents
from tocsin.data.errors import DataError, Problem
from tocsin.data.formats.catalogue import format_of, read
from tocsin.data.formats.conversion import Converted, Options
from tocsin.data.formats.inference import schema_of
from tocsin.data.jsonl import load_documents
from tocsin.data.schema import DEFAULT_SCHEMA, Schema, read_schema
from tocsin.data.types import Document
from tocsin.train.config import RunConfig

N_NAMED = 10


@dataclass(frozen=True, slots=True)
class Sets:
    """What a run learns from, and what it is measured on while it learns."""

    schema: Schema
    train: tuple[Document, ...]
    dev: tuple[Document, ...]
    warnings: tuple[Problem, ...] = ()  # what `check_documents` finds odd in the training files, and no error


def load_sets(config: RunConfig) -> Sets:
    """Read and check every file of `[data]`; without a schema of its own, a task has the labels its train files hold.

    Raises:
        DataError: the schema file is no schema, an annotation is wrong (all errors of all files are named), there is
            nothing to learn, or train and dev share an article.
    """
    train, warnings = _documents(config, config.data.train)
    schema = _stated_schema(config) or schema_of(train, config.task)
    dev, _ = _documents(config, config.data.dev, schema) if config.data.dev else ((), ())
    if config.data.dev_share:
        train, dev = _held_out(train, config.data.dev_share, config.data.split_seed)
    train, told = _apart(train, dev, config.data.shared)
    return Sets(schema, train, dev, (*warnings, *told))


def _stated_schema(config: RunConfig) -> Schema | None:
    """That of the config, or for events that of attacks; None where the data say it."""
    if config.data.schema:
        return read_schema(config.data_paths((config.data.schema,))[0])
    return DEFAULT_SCHEMA if config.task == "events" else None


def _documents(
    config: RunConfig, names: tuple[str, ...], schema: Schema | None = None
) -> tuple[tuple[Document, ...], tuple[Problem, ...]]:
    """The documents of some files, and what is odd about them but no error.

    Args:
        schema: of the run, where it is known already.
    """
    schema = schema or _stated_schema(config)
    paths = config.data_paths(names)
    if schema is not None and all(format_of(path, config.data.format).name == "jsonl" for path in paths):
        return checked_documents(paths, schema), tuple(_oddities(paths, schema))
    options = Options(schema=schema, text_labels=config.data.text_labels)
    converted = Converted()
    documents = [d for path in paths for d in read(path, config.data.format, options, converted)]
    problems = [document for document in documents if isinstance(document, Problem)]
    found = tuple(document for document in documents if isinstance(document, Document))
    if not found and not problems:
        problems.append(Problem(", ".join(map(str, paths)), "no document found; expected annotated documents"))
    if problems:
        raise DataError.from_problems(problems)
    lost = [
        Problem("train", f"{n} {what} cannot be held and are left out") for what, n in converted.lost_reading.items()
    ]
    return found, tuple(lost)


def _oddities(paths: Sequence[Path], schema: Schema) -> Iterator[Problem]:
    for path in paths:
        for finding in check_documents(path, schema).findings:
            if not finding.is_error:
                yield Problem(finding.where, finding.message)


def _held_out(
    documents: tuple[Document, ...], share: float, seed: int
) -> tuple[tuple[Document, ...], tuple[Document, ...]]:
    """Train and dev documents: a share drawn at random is held out, at least one, the same for the same seed.

    Raises:
        DataError: there are too few to leave any to train on.
    """
    n_dev = max(1, round(share * len(documents)))
    if n_dev >= len(documents):
        raise DataError(f"[data] dev_share = {share}: of {len(documents)} documents none is left to train on")
    drawn = set(random.Random(seed).sample(range(len(documents)), n_dev))
    parts = [tuple(d for i, d in enumerate(documents) if (i in drawn) is wanted) for wanted in (False, True)]
    return parts[0], parts[1]


def _apart(
    train: tuple[Document, ...], dev: Sequence[Document], shared: str
) -> tuple[tuple[Document, ...], list[Problem]]:
    """The train documents to learn from, and what is to be said of texts that dev has too.

    Raises:
        DataError: there are some and `shared` refuses them, or none would be left.
    """
    texts = {d.article.text for d in dev}
    both = [d for d in train if d.article.text in texts]
    if not both or shared == "keep":
        n_dev = len({d.article.text for d in both})
        told = f"{n_dev} dev texts are also trained on, as [data] shared says: dev scores are too good"
        return train, [Problem("train", told)] if both else []
    if shared == "refuse":
        texts = {d.article.text for d in both}
        ids = sorted(d.article.id for d in dev if d.article.text in texts)
        rest = f" and {len(ids) - N_NAMED} more" if len(ids) > N_NAMED else ""
        raise DataError(
            f"dev articles that are also trained on: {', '.join(ids[:N_NAMED])}{rest}; take them out of one of the "
            'two, or write shared = "drop" under [data] to leave them out of training'
        )
    kept = tuple(d for d in train if d.article.text not in texts)
    if not kept:
        raise DataError("every train text is also a dev text; expected others to learn from")
    return kept, [Problem("train", f"{len(both)} documents are left out, since dev has the same texts")]


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
