"""Accounts and merged incidents as JSON objects, and back without loss.

An object has a key for every field of its dataclass in `account` or `merged`, in that order: tuples are arrays,
days are ISO dates, what is not known is null, the pair of a disagreement is an array of two. Only a gazetteer's
entry is shortened: it has its id, name and layer, and of the rest what is not empty, but never its aliases. So

    {"id": "3fa9c01b77d2e410-1", "accounts": [{"id": …, "article": {"key": …, "published": "2024-05-02", …}, …}],
     "type": "ATTACK", "status": "reported", "outcome": "hit", "score": 0.93,
     "attackers": [{"text": "Red Brigade", "label": "ACTOR", "score": 0.9, "weapon_class": "",
                    "evidence": [{"article": "a1", "start": 4, "end": 15, "text": "Red Brigade"}],
                    "link": {"entry": {"id": "actor:red-brigade", "name": …, "layer": "actor"}, "score": 1.0}}], …,
     "tolls": [{"harm": "killed", "low": 3, "best": 3, "high": null, "evidence": […]}],
     "days": {"interval": {"start": "2024-04-30", "end": "2024-04-30"}, "rule": "stated", "evidence": […]}, …}

is a merged incident. What is read must have this shape: an unknown key is as wrong as a missing one.
"""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from functools import cache
from math import isfinite
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from tocsin.data.coding.account import Account
from tocsin.data.coding.merged import MergedIncident
from tocsin.data.errors import DataError
from tocsin.data.gazetteers.entry import Entry

_T = TypeVar("_T")
_Reader = Callable[[Any], Any]


class _ShapeError(Exception):
    """A value of the wrong shape; the path to it grows as the error passes outwards."""

    def __init__(self, message: str, path: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.path = path

    def within(self, step: str) -> "_ShapeError":
        return _ShapeError(self.message, step + self.path)


def account_to_json(account: Account) -> dict[str, Any]:
    """A JSON object of an account."""
    return _object(account)


def account_from_json(record: Mapping[str, Any]) -> Account:
    """Read what `account_to_json` wrote.

    Raises:
        DataError: a part is missing, unknown or of the wrong shape.
    """
    return _read(Account, record)


def merged_to_json(incident: MergedIncident) -> dict[str, Any]:
    """A JSON object of a merged incident: everything, its accounts and all evidence included."""
    return _object(incident)


def merged_from_json(record: Mapping[str, Any]) -> MergedIncident:
    """Read what `merged_to_json` wrote.

    Raises:
        DataError: a part is missing, unknown or of the wrong shape.
    """
    return _read(MergedIncident, record)


def _object(value: Any) -> dict[str, Any]:
    kind: Any = type(value)
    names = _names(kind)
    if isinstance(value, Entry):
        shortened = {name: _plain(getattr(value, name)) for name in names if getattr(value, name) != names[name]}
        return {name: item for name, item in shortened.items() if name != "aliases"}
    return {name: _plain(getattr(value, name)) for name in names}


@cache
def _names(kind: Any) -> Mapping[str, Any]:
    """The fields of a dataclass with their defaults; `MISSING` where there is none."""
    return {field.name: field.default for field in fields(kind)}


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else _object(value)


def _read(kind: type[_T], record: Mapping[str, Any]) -> _T:
    hint: Any = kind
    try:
        value: _T = _reader(hint)(record)
    except _ShapeError as error:
        name = "account" if kind is Account else "incident"
        where = f"{name}: {error.path.lstrip('.')} " if error.path else f"{name}: "
        raise DataError(f"{where}{error.message}; expected what this version of tocsin writes") from error
    return value


@cache
def _reader(hint: Any) -> _Reader:
    """How values of a type are read."""
    if is_dataclass(hint) and isinstance(hint, type):
        return _object_reader(hint)
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Literal:
        return _choice_reader(arguments)
    if origin is tuple:
        return _array_reader(arguments)
    if origin in (Union, UnionType):
        (inner,) = (_reader(argument) for argument in arguments if argument is not NoneType)
        return lambda value: None if value is None else inner(value)
    return {date: _day, str: _string, int: _integer, float: _number}[hint]


def _object_reader(kind: Any) -> _Reader:
    hints, names = get_type_hints(kind), _names(kind)
    readers = {name: _reader(hints[name]) for name in names}
    required = {name for name in names if kind is not Entry or names[name] is MISSING}

    def read(value: Any) -> Any:
        if not isinstance(value, Mapping):
            raise _ShapeError(f"is {_shown(value)}, no object")
        if strange := sorted(map(str, value.keys() - readers.keys())) or sorted(required - value.keys()):
            what = "lacks" if strange[0] in required else "has the unknown key"
            raise _ShapeError(f"{what} {', '.join(strange)}")
        found = {}
        for name, item in value.items():
            try:
                found[name] = readers[name](item)
            except _ShapeError as error:
                raise error.within(f".{name}") from error
        try:
            return kind(**found)
        except ValueError as error:
            raise _ShapeError(f"cannot be: {error}") from error

    return read


def _array_reader(arguments: tuple[Any, ...]) -> _Reader:
    """Arrays of any length of one type, or of as many values as there are types."""
    is_open = arguments[-1] is Ellipsis
    readers = [_reader(argument) for argument in arguments if argument is not Ellipsis]

    def read(value: Any) -> tuple[Any, ...]:
        if not isinstance(value, list) or not (is_open or len(value) == len(readers)):
            length = "" if is_open else f" of {len(readers)}"
            raise _ShapeError(f"is {_shown(value)}, no array{length}")
        found = []
        for index, item in enumerate(value):
            try:
                found.append(readers[0 if is_open else index](item))
            except _ShapeError as error:
                raise error.within(f"[{index}]") from error
        return tuple(found)

    return read


def _choice_reader(choices: tuple[Any, ...]) -> _Reader:
    def read(value: Any) -> Any:
        if value not in choices:
            raise _ShapeError(f"is {_shown(value)}, none of {', '.join(choices)}")
        return value

    return read


def _string(value: Any) -> str:
    if not isinstance(value, str):
        raise _ShapeError(f"is {_shown(value)}, no string")
    return value


def _integer(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise _ShapeError(f"is {_shown(value)}, no integer")
    return value


def _number(value: Any) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not isfinite(value):
        raise _ShapeError(f"is {_shown(value)}, no finite number")
    return float(value)


def _day(value: Any) -> date:
    try:
        return date.fromisoformat(_string(value))
    except ValueError as error:
        raise _ShapeError(f"is {_shown(value)}, no ISO day") from error


def _shown(value: Any) -> str:
    shown = repr(value)
    return shown if len(shown) <= 40 else f"{shown[:40]}…"
