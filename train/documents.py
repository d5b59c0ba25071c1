"""Documents on disk, so that a set need not fit into memory: each is read when it is asked for, and not kept.

They are JSON of the values' own fields, which gives back an equal document whatever is in it and whether its label set
is known yet or not; tocsin's own JSON lines need one to be read by, round scores and put entities in order.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from functools import partial
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
    rows = ({_COLUMN: json.dumps(_plain(document))} for document in documents)
    table = table_on_disk(rows, {_COLUMN: "string"}, _mapped)
    return Documents(partial(_read, table), range(len(table)))


def select(documents: Sequence[Document], numbers: Sequence[int]) -> Documents:
    """The documents of these numbers, counted from 0; none of them is read for it."""
    return Documents(documents.__getitem__, numbers)


_KINDS = {name: kind for name, kind in vars(types).items() if isinstance(kind, type) and is_dataclass(kind)}
_FIELDS = {kind: tuple(each.name for each in fields(kind)) for kind in _KINDS.values()}


def _plain(value: Any) -> Any:
    """A value as JSON has it: tuples are lists; what JSON does not know is an object whose only key says its kind."""
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if names := _FIELDS.get(type(value)):
        return {type(value).__name__: [_plain(getattr(value, name)) for name in names]}
    if isinstance(value, Mapping):
        return {"mapping": dict(value)}
    return {"date": value.isoformat()} if isinstance(value, date) else value


def _value(plain: Any) -> Any:
    """What `_plain` was given."""
    # Tuples are made of lists: those that grow while they are made leave memory behind, until it is collected.
    if isinstance(plain, list):
        return tuple([_value(item) for item in plain])
    if not isinstance(plain, dict):
        return plain
    ((kind, inside),) = plain.items()
    if kind == "mapping":
        return inside
    return date.fromisoformat(inside) if kind == "date" else _KINDS[kind](*[_value(item) for item in inside])


def _mapped(path: str) -> pa.Table:
    return pa.ipc.open_stream(pa.memory_map(path)).read_all()


def _read(table: pa.Table, number: int) -> Document:
    document: Document = _value(json.loads(table.column(_COLUMN)[number].as_py()))
    return document
