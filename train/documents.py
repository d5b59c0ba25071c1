"""Documents on disk, so that a set need not fit into memory: each is read when it is asked for, and not kept.

They are pickled, which gives back an equal document whatever is in it and whether its label set is known yet or not;
tocsin's own JSON lines need one to be read by, round scores and put entities in order. What is read here was written by
the same process, to a folder that only its user can enter.
"""

import pickle
from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields, is_dataclass
from functools import partial
from io import BytesIO
from operator import attrgetter
from typing import Any, overload

import pyarrow as pa

from tocsin.data import types
from tocsin.data.types import Document
from tocsin.train.on_disk import table_on_disk

_COLUMN = "document"


class Documents(Sequence[Document]):
    """Documents that are read each time they are asked for: what is read twice is equal, and not the same object."""

    __slots__ = ("_numbers", "_read")

    def __init__(self, read: Callable[[int], Document], numbers: Sequence[int]) -> None:
        """Those that `read` gives for some numbers, in the order of these."""
        self._read = read
        self._numbers = numbers

    def __len__(self) -> int:
        return len(self._numbers)

    @overload
    def __getitem__(self, place: int) -> Document: ...
    @overload
    def __getitem__(self, place: slice) -> "Documents": ...
    def __getitem__(self, place: int | slice) -> "Document | Documents":
        if isinstance(place, slice):
            return Documents(self._read, self._numbers[place])
        return self._read(self._numbers[place])


def stored(documents: Iterable[Document]) -> Documents:
    """The documents, written to disk as they come; they are there as long as anything is that was selected of them."""
    rows = ({_COLUMN: _pickled(document)} for document in documents)
    table = table_on_disk(rows, {_COLUMN: "binary"}, _mapped)
    return Documents(partial(_read, table), range(len(table)))


def select(documents: Sequence[Document], numbers: Sequence[int]) -> Documents:
    """The documents of these numbers, counted from 0; none of them is read for it."""
    return Documents(documents.__getitem__, numbers)


def _by_fields(kind: type) -> Callable[[Any], tuple[type, tuple[Any, ...]]]:
    values_of = attrgetter(*(each.name for each in fields(kind)))
    return lambda value: (kind, values_of(value))


# Values are made anew from their fields: that takes a third of what the state of a frozen dataclass with slots takes.
_REDUCTIONS = {kind: _by_fields(kind) for kind in vars(types).values() if isinstance(kind, type) and is_dataclass(kind)}


def _pickled(document: Document) -> bytes:
    stream = BytesIO()
    pickler = pickle.Pickler(stream, pickle.HIGHEST_PROTOCOL)
    pickler.dispatch_table = _REDUCTIONS
    pickler.dump(document)
    return stream.getvalue()


def _mapped(path: str) -> pa.Table:
    return pa.ipc.open_stream(pa.memory_map(path)).read_all()


def _read(table: pa.Table, number: int) -> Document:
    document: Document = pickle.loads(table.column(_COLUMN)[number].as_buffer())
    return document
