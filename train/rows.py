"""Documents as a table of training rows on disk, so that a set need not fit into memory."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import repeat
from typing import TYPE_CHECKING

import datasets

from tocsin.data.errors import DataError
from tocsin.data.schema import Schema
from tocsin.data.types import Document
from tocsin.model.passages import Reader
from tocsin.model.posteriors import Posteriors
from tocsin.train.batches import FEATURES, Row, to_row
from tocsin.train.examples import Example, Losses, examples_of
from tocsin.train.on_disk import table_on_disk
from tocsin.train.teachers import COLUMNS, Lessons, taught

if TYPE_CHECKING:
    from hashlib import _Hash


def write_rows(
    documents: Iterable[Document], reader: Reader, schema: Schema, lessons: Lessons | None = None
) -> tuple[datasets.Dataset, Losses, "_Hash"]:
    """Write a row a passage; see `table_on_disk` for how long they are there.

    Args:
        documents: what is learned from.
        reader: of the network that learns.
        schema: its labels.
        lessons: what teachers said of these documents; without, rows have no columns of them.

    Returns:
        The table, what cannot be learned from, and the SHA-256 of all rows so far, lessons left out.

    Raises:
        DataError: there is nothing to learn from.
    """
    losses, digest = Losses(), hashlib.sha256()

    def rows() -> Iterator[Row]:
        nonlocal losses
        each = repeat(None) if lessons is None else lessons
        for document, lesson in zip(documents, each, strict=lessons is not None):
            examples, lost = examples_of(document, reader, schema)
            losses += lost
            for row in _rows(examples, lesson):
                digest.update(row["example"].encode())
                yield row

    columns = FEATURES if lessons is None else {**FEATURES, **COLUMNS}
    table = table_on_disk(rows(), columns, datasets.Dataset.from_file)
    if not len(table):
        raise DataError("the training documents hold no words; expected at least one annotated document")
    return table, losses, digest


def _rows(examples: Sequence[Example], lesson: Posteriors | None) -> Iterator[Row]:
    """Of one document, with what teachers said of each passage."""
    if lesson is None:
        yield from map(to_row, examples)
        return
    for example, columns in zip(examples, taught(lesson, [each.passage for each in examples]), strict=True):
        yield {**to_row(example), **columns}
