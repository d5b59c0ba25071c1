"""What is odd about the labels of texts that are learned from, and no error."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from tocsin.data.errors import Problem
from tocsin.data.formats.catalogue import format_of
from tocsin.data.formats.conversion import Options
from tocsin.data.formats.table import holds_classes
from tocsin.data.listing import first_of
from tocsin.data.schema import Schema
from tocsin.data.types import Document
from tocsin.train.config import RunConfig

N_NAMED = 10
_SEPARATORS = re.compile(r"[|;,]")  # of labels that are written into one cell


def taken_for_classes(config: RunConfig, schema: Schema, columns: Options) -> Iterator[Problem]:
    """Labels that nobody said to be classes, one a text, and classes that may be several labels in one cell.

    Args:
        config: of the run.
        schema: what the texts have.
        columns: how tables among its files are read.
    """
    if config.data.schema or not schema.one_text_label:
        return
    if several := _put_together(schema.text_labels):
        fault = f"classes that look like several labels in one: {first_of(several, N_NAMED)}; each is learned by itself"
        yield Problem("data", f"{fault}; for texts with several labels, give each label a column of 0 and 1")
    paths = config.data_paths((*config.data.train, *config.data.dev))
    if not all(_holds_classes(path, config.data.format, columns) for path in paths):
        fault = f"every text has exactly one of the labels {first_of(schema.text_labels, N_NAMED)}: one is chosen"
        remedy = (
            'for texts with several or none, name under [data] schema what "tocsin convert --task text --write-schema" '
            "writes of these files, with one_text_label false"
        )
        yield Problem("data", f"{fault} for each text; {remedy}")


def _put_together(names: Sequence[str]) -> list[str]:
    """Names with a separator in them that have a part in common with another name.

    >>> _put_together(["unrest", "crime", "crime|unrest", "north; south"])
    ['crime|unrest']
    """
    parts = {name: {part.strip() for part in _SEPARATORS.split(name)} - {""} for name in names}
    shared = Counter(part for of_name in parts.values() for part in of_name)
    return [name for name in names if len(parts[name]) > 1 and any(shared[part] > 1 for part in parts[name])]


def contradicting(documents: Sequence[Document], schema: Schema) -> Iterator[Problem]:
    """Texts that are learned from several times, with other labels each time."""
    if not schema.text_labels:
        return
    # Numbers take less memory than texts; equal ones are looked at again.
    hashes = np.fromiter((hash(document.article.text) for document in documents), np.int64, len(documents))
    values, n_each = np.unique(hashes, return_counts=True)
    answers: dict[str, dict[frozenset[str], str]] = {}
    for number in np.flatnonzero(np.isin(hashes, values[n_each > 1])).tolist():
        document = documents[number]
        if document.labels is not None:
            names = frozenset(label.name for label in document.labels)
            answers.setdefault(document.article.text, {}).setdefault(names, document.article.id)
    if torn := [found for found in answers.values() if len(found) > 1]:
        first = " and ".join(f"{own} ({', '.join(sorted(names)) or 'none'})" for names, own in torn[0].items())
        fault = f"texts that stand there with different labels, and are learned with each: {len(torn)}"
        yield Problem("train", f"{fault}, the first is {first}; give each text the labels it should have")


def _holds_classes(path: Path, form: str, columns: Options) -> bool:
    return format_of(path, form).name == "table" and holds_classes(path, columns)
