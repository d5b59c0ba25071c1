"""Cells of a table: a value with what proves it, and how it is written to CSV.

A spreadsheet takes text that opens with `=`, `+`, `-`, `@`, a tab or a line break for a formula, and runs it. Such
text gets an apostrophe before it, and so does text in which apostrophes stand before such a character, so that one
apostrophe can always be taken away again. Numbers are written as they are: a negative longitude is no formula.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from tocsin.data.coding.account import Evidence, Value
from tocsin.data.exports.evidence import Proofs

Scalar = str | int | float | None
SEPARATOR = "; "  # between several values of one cell

_Name = TypeVar("_Name")
_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")  # the last four are what an East Asian keyboard types


@dataclass(frozen=True, slots=True)
class Cell:
    """A value with what proves it."""

    value: Scalar
    evidence: Proofs = ()
    articles: tuple[str, ...] = ()  # ids of the articles of which it is, where no characters of a text say it


Cells = Mapping[str, Cell]  # by column; one without a value is left out


def proven(values: Mapping[str, Scalar], evidence: Proofs) -> dict[str, Cell]:
    """Cells of several columns that the same evidence proves."""
    return {column: Cell(value, evidence) for column, value in values.items()}


def filled(cells: Mapping[str, Cell]) -> dict[str, Cell]:
    """Cells without those that have no value."""
    return {column: cell for column, cell in cells.items() if cell.value not in ("", None)}


def joined(names: Iterable[str]) -> str:
    """Several names as one cell, each once."""
    return SEPARATOR.join(dict.fromkeys(name for name in names if name))


def proofs(values: Iterable[Value]) -> Proofs:
    """The evidence of several values, each piece once."""
    return tuple(dict.fromkeys(place for value in values for place in value.evidence))


def united(named: Iterable[tuple[_Name, Proofs]]) -> dict[_Name, Proofs]:
    """Each name or code once, with the evidence of all that have it."""
    found: dict[_Name, Proofs] = {}
    for name, evidence in named:
        found[name] = tuple(dict.fromkeys((*found.get(name, ()), *evidence)))
    return found


def texts(evidence: Iterable[Evidence]) -> str:
    """What stands there, as one cell."""
    return joined(place.text for place in evidence)


def one_line(text: str) -> str:
    """A text without line breaks and the white space around them."""
    return " ".join(text.split())


def guarded(value: Scalar) -> Scalar:
    """A value as a CSV file can hold it without a spreadsheet running it.

    >>> guarded("=1+1"), guarded(-71.5), guarded("'=1"), guarded("Red Brigade")
    ("'=1+1", -71.5, "''=1", 'Red Brigade')
    """
    return f"'{value}" if isinstance(value, str) and _FORMULA.match(value) else value
