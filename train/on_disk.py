"""Tables on disk: written row by row, mapped into memory and not read into it, gone with whoever has them."""

import weakref
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

import pyarrow as pa

N_WRITTEN = 200  # rows at once

T = TypeVar("T")


def table_on_disk(rows: Iterable[Mapping[str, Any]], columns: Mapping[str, str], mapped: Callable[[str], T]) -> T:
    """Write rows to a file of this process's own, and open it.

    The file goes from disk with what opens it, at the latest when Python ends; if anything is raised before, at once.

    Args:
        rows: as they come; of each, the columns that are named.
        columns: the names of Arrow's types by those of the columns.
        mapped: is given the path of a file in Arrow's stream format.
    """
    with ExitStack() as undo:
        folder = undo.enter_context(TemporaryDirectory(prefix="tocsin-", ignore_cleanup_errors=True))
        path = Path(folder) / "table.arrow"
        _write(path, rows, pa.schema([(name, pa.type_for_alias(kind)) for name, kind in columns.items()]))
        table = mapped(str(path))
        weakref.finalize(table, undo.pop_all().close)
    return table


def _write(path: Path, rows: Iterable[Mapping[str, Any]], schema: pa.Schema) -> None:
    left = iter(rows)
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_stream(sink, schema) as writer:
        while batch := list(islice(left, N_WRITTEN)):
            writer.write_batch(pa.RecordBatch.from_pylist(batch, schema=schema))
