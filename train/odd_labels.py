"""What is odd about the labels of texts that are learned from, and no error."""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from tocsin.data.errors import Problem
from tocsin.data.formats.catalogue import format_of
from tocsin.data.listing import first_of
from tocsin.data.schema import Schema
from tocsin.data.types import Document
from tocsin.train.config import DataSettings, RunConfig

N_NAMED = 10


def taken_for_classes(config: RunConfig, schema: Schema) -> Iterator[Problem]:
    """Labels that nobody said to be classes, one a text: it looks like that where each text happens to have one."""
    if config.data.schema or not schema.one_text_label:
        return
    paths = config.data_paths((*config.data.train, *config.data.dev))
    if not all(_holds_classes(path, config.data) for path in paths):
        fault = f"every text has exactly one of the labels {first_of(schema.text_labels, N_NAMED)}: one is chosen"
        remedy = (
            'for texts with several or none, name under [data] schema what "tocsin convert --task text --write-schema" '
            "writes of these files, with one_text_label false"
        )
        yield Problem("data", f"{fault} for each text; {remedy}")


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


def _holds_classes(path: Path, data: DataSettings) -> bool:
    """Whether a file is a table of a single column of labels: its first record has two cells."""
    if format_of(path, data.format).name != "table":
        return False
    if data.label_columns:
        return len(data.label_columns) == 1
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as lines:
        first = next((line for line in lines if line.strip()), "")
        if data.separator == "\t" or (not data.separator and "\t" in first and path.suffix.lower() != ".csv"):
            return first.count("\t") == 1
        widths = []
        for separator in data.separator or "\t;,":
            lines.seek(0)  # a record in quotes may go over several lines
            widths.append(len(next(filter(None, csv.reader(lines, delimiter=separator)), ())))
    return 2 in widths
