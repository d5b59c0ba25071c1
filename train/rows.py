"""Documents as a table of training rows on disk, so that a set need not fit into memory."""

import hashlib
import weakref
from collections.abc import Iterable
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import TYPE_CHECKING

import datasets
from datasets.arrow_writer import ArrowWriter

from tocsin.data.errors import DataError
from tocsin.data.schema import Schema
from tocsin.data.types import Document
from tocsin.model.passages import Reader
from tocsin.train.batches import FEATURES, to_row
from tocsin.train.examples import Losses, examples_of

if TYPE_CHECKING:
    from hashlib import _Hash

N_WRITTEN = 200  # rows at once


def write_rows(
    documents: Iterable[Document], reader: Reader, schema: Schema
) -> tuple[datasets.Dataset, Losses, "_Hash"]:
    """Write a row a passage; the table is mapped into memory, not read into it, and goes from disk with the dataset.

    Returns:
        The table, what cannot be learned from, and the SHA-256 of all rows so far.

    Raises:
        DataError: there is nothing to learn from.
    """
    folder = Path(mkdtemp(prefix="tocsin-"))
    path = folder / "rows.arrow"
    losses, digest, n_rows = Losses(), hashlib.sha256(), 0
    features = datasets.Features({name: datasets.Value(kind) for name, kind in FEATURES.items()})
    with ArrowWriter(features=features, path=str(path), writer_batch_size=N_WRITTEN) as writer:
        for document in documents:
            examples, lost = examples_of(document, reader, schema)
            losses += lost
            for row in map(to_row, examples):
                digest.update(row["example"].encode())
                writer.write(row)
                n_rows += 1
        if n_rows:
            writer.finalize()
    if not n_rows:
        rmtree(folder)
        raise DataError("the training documents hold no words; expected at least one annotated document")
    rows = datasets.Dataset.from_file(str(path))
    weakref.finalize(rows, rmtree, folder, ignore_errors=True)
    return rows, losses, digest
