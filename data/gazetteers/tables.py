"""Tables: gazetteers as CSV files, the shipped ones and the users' own.

UTF-8, separated by commas, the first line names the columns, `|` separates several values in one cell. Only "name" is
required; a table that is no gazetteer (`read_rows`) says itself what it requires.
"""

import csv
import io
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar, cast, get_args

from tocsin.data.errors import DataError, Problem
from tocsin.data.files import decode, os_fault
from tocsin.data.gazetteers.entry import Entry, Layer
from tocsin.data.gazetteers.names import fold

FOLDER = Path(__file__).parent
LAYERS: tuple[Layer, ...] = get_args(Layer)
COLUMNS = (
    "name id layer aliases kind country operator latitude longitude where_prec admin1 code sector inter parent source"
).split()

_COUNTRY = re.compile(r"[A-Z]{2}")
_Number = TypeVar("_Number", int, float)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: its number, and its cells by column, without outer white space."""

    line: int
    cells: Mapping[str, str]

    def several(self, column: str) -> tuple[str, ...]:
        """The values of a cell, each once."""
        values = (value.strip() for value in self.cells.get(column, "").split("|"))
        return tuple(dict.fromkeys(value for value in values if value))


def shipped(name: str, layer: Layer) -> tuple[Entry, ...]:
    """The entries of a table that comes with the package: "bases", "actors" or "regions"."""
    return read_gazetteer(FOLDER / f"{name}.csv", layer=layer)


def read_gazetteer(path: Path, *, layer: Layer = "base") -> tuple[Entry, ...]:
    """Read a gazetteer.

    Args:
        path: a CSV file with some of `COLUMNS`.
        layer: of the rows that do not say theirs.

    Raises:
        DataError: something of the file cannot be used; all that is wrong is told at once.
    """
    rows = read_rows(path, known=COLUMNS, required=("name",))
    faults: list[Problem] = []
    entries = []
    taken = {row.cells["id"] for row in rows if row.cells.get("id")}
    given: dict[str, int] = {}
    for row in rows:
        own_id = row.cells.get("id") or _fresh_id(row, layer, taken)
        row_faults = list(_row_faults(row))
        if own_id in given:
            row_faults.append(f"id {own_id!r} is that of line {given[own_id]} too; expected ids that differ")
        given.setdefault(own_id, row.line)
        faults += [Problem(f"{path}:{row.line}", fault) for fault in row_faults]
        if not row_faults:
            entries.append(_entry(own_id, row, layer))
    if faults:
        raise DataError.from_problems(faults)
    return tuple(entries)


def read_rows(path: Path, *, known: Sequence[str], required: Sequence[str]) -> tuple[Row, ...]:
    """The rows of a CSV file, blank lines left out.

    Raises:
        DataError: the file cannot be read, has no header, columns that are not known, or rows of another length.
    """
    try:
        text = decode(path.read_bytes())
        lines = csv.reader(io.StringIO(text, newline=""), strict=True)
        table = [(lines.line_num, cells) for cells in lines if any(cell.strip() for cell in cells)]
    except OSError as error:
        raise DataError(f"{path}: {os_fault(error)}") from error
    except DataError as error:
        raise DataError(f"{path}: {error}") from error
    except csv.Error as error:
        raise DataError(f"{path}:{lines.line_num}: is no CSV ({error}); expected cells separated by commas") from error
    if not table:
        raise DataError(f"{path}: is empty; expected a header with some of: {', '.join(known)}")
    (line, header), *body = table
    columns = [column.strip().lower() for column in header]
    if fault := _header_fault(columns, known, required):
        raise DataError(f"{path}:{line}: {fault}")
    faults = [
        Problem(f"{path}:{line}", f"has {len(cells)} cells; expected {len(columns)}, as the header; quote a comma")
        for line, cells in body
        if len(cells) != len(columns)
    ]
    if faults:
        raise DataError.from_problems(faults)
    return tuple(Row(line, dict(zip(columns, map(str.strip, cells), strict=True))) for line, cells in body)


def _header_fault(columns: Sequence[str], known: Sequence[str], required: Sequence[str]) -> str:
    expected = f"expected a header with some of: {', '.join(known)}, separated by commas"
    if unknown := [column for column in columns if column not in known]:
        return f"column {', '.join(map(repr, unknown))} is not known; {expected}"
    if missing := [column for column in required if column not in columns]:
        return f"column {', '.join(map(repr, missing))} is missing; {expected}"
    if len(set(columns)) < len(columns):
        return f"a column is given twice in {', '.join(columns)}; {expected}"
    return ""


def _entry(own_id: str, row: Row, layer: Layer) -> Entry:
    cells = row.cells
    latitude, longitude = _number(cells, "latitude", float), _number(cells, "longitude", float)
    where_prec = _number(cells, "where_prec", int)
    return Entry(
        id=own_id,
        name=cells["name"],
        layer=_layer(row, layer),
        aliases=row.several("aliases"),
        kind=cells.get("kind", ""),
        countries=row.several("country"),
        latitude=latitude,
        longitude=longitude,
        where_prec=1 if where_prec is None and latitude is not None else where_prec,
        admin1=cells.get("admin1", ""),
        operator=cells.get("operator", ""),
        code=cells.get("code", ""),
        sector=cells.get("sector", ""),
        inter=cells.get("inter", ""),
        parent=cells.get("parent", ""),
        source=cells.get("source", ""),
    )


def _layer(row: Row, default: Layer) -> Layer:
    return cast(Layer, row.cells.get("layer", "").lower() or default)


def _fresh_id(row: Row, layer: Layer, taken: set[str]) -> str:
    """An id from the name; the second of a name gets a number."""
    stem = f"{_layer(row, layer)}:{fold(row.cells['name']).replace(' ', '-')}"
    own_id, n = stem, 1
    while own_id in taken:
        n += 1
        own_id = f"{stem}-{n}"
    taken.add(own_id)
    return own_id


def _row_faults(row: Row) -> Iterator[str]:
    cells = row.cells
    if not fold(cells["name"]):
        yield f"name {cells['name']!r} has no letter or digit; expected the name that texts use"
    if _layer(row, "base") not in LAYERS:
        yield f"layer {cells['layer']!r} is not known; expected one of: {', '.join(LAYERS)}"
    for code in row.several("country"):
        if not _COUNTRY.fullmatch(code):
            yield f"country {code!r} is no code of two capitals; expected ISO 3166-1 alpha-2, as IQ, several by |"
    yield from _number_faults(cells)


def _number_faults(cells: Mapping[str, str]) -> Iterator[str]:
    if bool(cells.get("latitude")) != bool(cells.get("longitude")):
        yield "has a latitude or a longitude alone; expected both or none"
    for column, low, high in (("latitude", -90, 90), ("longitude", -180, 180)):
        if not _is_within(cells, column, float, low, high):
            yield f"{column} {cells[column]!r} is no number from {low} to {high}; expected decimal degrees, as 33.7856"
    for column, low, high in (("where_prec", 1, 7), ("inter", 1, 8)):
        if not _is_within(cells, column, int, low, high):
            yield f"{column} {cells[column]!r} is no whole number from {low} to {high}; leave it empty if not known"


def _is_within(cells: Mapping[str, str], column: str, kind: Callable[[str], _Number], low: int, high: int) -> bool:
    try:
        number = _number(cells, column, kind)
    except ValueError:
        return False
    return number is None or (math.isfinite(number) and low <= number <= high)


def _number(cells: Mapping[str, str], column: str, kind: Callable[[str], _Number]) -> _Number | None:
    return kind(cells[column]) if cells.get(column) else None
