"""The flat table as Parquet, typed: days are dates, several values a list, evidence a list of records."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from tocsin.data.coding.merged import MergedIncident
from tocsin.data.errors import DataError
from tocsin.data.exports.flat import COLUMNS, Item, Kind, not_shown, record
from tocsin.data.exports.rows import rows
from tocsin.data.exports.written import Tally, Written
from tocsin.data.files import is_stream

N_IN_MEMORY = 2000  # incidents of one row group
MAX_INTEGER = 2**63 - 1  # of a column
TOO_LARGE = "with a number too large for its column"


def write_parquet(incidents: Iterable[MergedIncident], path: Path) -> Written:
    """Write the table; the file appears when all is written.

    Raises:
        DataError: the file cannot be made there.
    """
    from pyarrow import Table
    from pyarrow.parquet import ParquetWriter

    tally = Tally()
    schema = _schema()
    remaining = iter(incidents)
    with _part(path) as part, ParquetWriter(part, schema) as writer:
        while group := list(islice(remaining, N_IN_MEMORY)):
            lines = [_line(incident) for incident in group]
            writer.write_table(Table.from_pylist(lines, schema=schema))
            for incident in group:
                tally.add(1, (*not_shown(incident), *_too_large(incident)))
    return tally.written(path)


def _schema() -> Any:
    """The columns as pyarrow types them."""
    import pyarrow as pa

    piece = [("slot", pa.string()), ("article", pa.string()), ("start", pa.int64()), ("end", pa.int64())]
    types: dict[Kind, Any] = {
        "string": pa.string(),
        "strings": pa.list_(pa.string()),
        "integer": pa.int64(),
        "number": pa.float64(),
        "day": pa.date32(),
        "evidence": pa.list_(pa.struct([*piece, ("text", pa.string())])),
    }
    return pa.schema([(column, types[kind]) for column, kind in COLUMNS.items()])


def _line(incident: MergedIncident) -> dict[str, Any]:
    items = record(rows(incident)[0])
    return {column: _value(items[column]) for column in COLUMNS}


def _too_large(incident: MergedIncident) -> Iterator[str]:
    bounds = (bound for toll in incident.tolls for bound in (toll.low, toll.best, toll.high))
    if any(bound is not None and bound > MAX_INTEGER for bound in bounds):
        yield TOO_LARGE


def _value(item: Item) -> Any:
    if isinstance(item, int) and item > MAX_INTEGER:
        return None
    if not isinstance(item, tuple):
        return item
    return [
        each
        if isinstance(each, str)
        else {
            "slot": each[0],
            "article": each[1].article,
            "start": each[1].start,
            "end": each[1].end,
            "text": each[1].text,
        }
        for each in item
    ]


@contextmanager
def _part(path: Path) -> Iterator[Path]:
    """Where a file is written before it has its name; a file of bytes, else as `files.written_whole`."""
    if path.is_dir() or is_stream(path):
        found = "it is a folder" if path.is_dir() else "Parquet needs a file"
        raise DataError(f"{path}: cannot be written ({found}); expected a file in a folder that exists")
    target = path.resolve()
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        yield part
        part.replace(target)
    except OSError as error:
        raise DataError(
            f"{path}: cannot be written ({error.strerror or error}); expected a file in a folder that exists"
        ) from error
    finally:
        part.unlink(missing_ok=True)
