"""Documents as a table of training rows on disk, so that a set need not fit into memory."""

import hashlib
from collections.abc import Iterable, Iterator

import datasets

from tocsin.data.errors import DataError
from tocsin.data.schema import Schema
from tocsin.data.types import Document
from tocsin.model.passages import Reader
from tocsin.train.batches import FEATURES, Row, to_row
from tocsin.train.examples import Losses, examples_of
from tocsin.train.on_disk import table_on_disk


def write_rows(documents: Iterable[Document], reader: Reader, schema: Schema) -> tuple[datasets.Dataset, Losses, str]:
    """Write a row a passage; see `table_on_disk` for how long they are there.

    Args:
        documents: what is learned from.
        reader: of the network that learns.
        schema: its labels.

    Returns:
        The table, what cannot be learned from, and the SHA-256 of all rows.

    Raises:
        DataError: there is nothing to learn from.
    """
    losses, digest = Losses(), hashlib.sha256()

    def rows() -> Iterator[Row]:
        nonlocal losses
        for document in documents:
            examples, lost = examples_of(document, reader, schema)
            losses += lost
            for row in map(to_row, examples):
                digest.update(row["example"].encode())
                yield row

    table = table_on_disk(rows(), FEATURES, datasets.Dataset.from_file)
    if not len(table):
        raise DataError("the training documents hold no words; expected at least one annotated document")
    return table, losses, digest.hexdigest()
