"""Tables with a codebook's exact columns, and beside each a file with the evidence that the columns have no room for.

Both are CSV with a header, UTF-8, a newline after each row. What the text does not support is empty. The second file
(`evidence_path`) has a line for every piece of evidence of every cell: the row's id, the column, the value, the
article, and the characters `[start, end)` of its text. What is not told but is of the article itself, such as its
source, has no offsets. Only a codebook's `own` columns, those that say what the row is, may have no evidence.
"""

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from tocsin.data.coding.merged import MergedIncident
from tocsin.data.errors import DataError
from tocsin.data.exports.cells import Cells, Scalar, guarded
from tocsin.data.exports.evidence import NOTHING_TOLD, is_bare
from tocsin.data.exports.rows import Row, rows
from tocsin.data.exports.tellers import ONLY_DENIED, is_only_denied
from tocsin.data.exports.written import Tally, Written
from tocsin.data.files import is_stream, written_whole

EVIDENCE_COLUMNS = ("row_id", "column", "value", "article", "start", "end", "text")
NO_EVIDENCE_FILE = "without evidence, which only a file has beside it"


@dataclass(frozen=True, slots=True)
class Codebook:
    """A codebook's table and how an incident's rows are coded for it."""

    columns: tuple[str, ...]
    cells: Callable[[Row], Cells]
    needs: Mapping[str, str]  # columns every event of the codebook has, and what an incident without one lacks
    left_out: Callable[[MergedIncident], Iterable[str]]  # what is known and has no column, in words
    own: frozenset[str]  # columns that are no statement about the event

    def not_shown(self, incident: MergedIncident, first: Cells) -> Iterator[str]:
        """What an incident and its table's first row do not have in common."""
        if is_bare(incident):
            yield NOTHING_TOLD
        if is_only_denied(incident):
            yield ONLY_DENIED
        yield from (lack for column, lack in self.needs.items() if column not in first)
        yield from self.left_out(incident)


def evidence_path(table: Path) -> Path:
    """Where the evidence of a table goes: to no file of another table.

    >>> evidence_path(Path("acled.csv")).name, evidence_path(Path("raids.acled")).name
    ('acled.evidence.csv', 'raids.acled.evidence.csv')
    """
    stem = table.stem if table.suffix.casefold() == ".csv" else table.name
    return table.with_name(f"{stem}.evidence.csv")


def write_codebook(codebook: Codebook, incidents: Iterable[MergedIncident], path: Path) -> Written:
    """Write a table and its evidence; the files appear when all is written.

    Args:
        path: of the table. What is no regular file (a pipe) gets the table alone.

    Raises:
        DataError: a file cannot be made there, or where the evidence goes is a file that is none.
    """
    if is_stream(path) or path.is_dir():  # a folder has no name for the second; it is refused
        with written_whole(path) as table:
            tally = _write(codebook, incidents, table, None)
        return tally.written(path)
    proof_path = evidence_path(path)
    _refuse_other(proof_path)
    with written_whole(path) as table, written_whole(proof_path) as proof:
        tally = _write(codebook, incidents, table, proof)
    return tally.written(path, proof_path)


def _refuse_other(proof_path: Path) -> None:
    """Raise a DataError if there is a file that no export wrote; nobody has named it as one to be replaced."""
    if not proof_path.is_file():
        return
    with proof_path.open("rb") as stream:
        first = stream.readline(200).rstrip(b"\r\n")
    if first != ",".join(EVIDENCE_COLUMNS).encode():
        raise DataError(
            f"{proof_path}: is no evidence that an export wrote, and that of the table goes there; move it, or name "
            "another output"
        )


def write_codebook_text(codebook: Codebook, incidents: Iterable[MergedIncident], stream: TextIO) -> Written:
    """Write a table alone; that its evidence is not shown is counted."""
    return _write(codebook, incidents, stream, None).written()


def _write(codebook: Codebook, incidents: Iterable[MergedIncident], table: TextIO, proof: TextIO | None) -> Tally:
    tally = Tally()
    lines = csv.DictWriter(table, codebook.columns, lineterminator="\n")
    lines.writeheader()
    proof_lines = csv.writer(proof, lineterminator="\n") if proof else None
    if proof_lines:
        proof_lines.writerow(EVIDENCE_COLUMNS)
    for incident in incidents:
        coded = [(row, codebook.cells(row)) for row in rows(incident)]
        for row, cells in coded:
            lines.writerow({column: guarded(cell.value) for column, cell in cells.items()})
            if proof_lines:
                proof_lines.writerows(map(guarded, line) for line in _proof_lines(row, cells))
        tally.add(len(coded), codebook.not_shown(incident, coded[0][1]))
        if not proof_lines:
            tally.not_shown[NO_EVIDENCE_FILE] += 1
    return tally


def _proof_lines(row: Row, cells: Cells) -> Iterator[tuple[Scalar, ...]]:
    for column, cell in cells.items():
        for place in cell.evidence:
            yield row.id, column, cell.value, place.article, place.start, place.end, place.text
        for article in cell.articles:
            yield row.id, column, cell.value, article, None, None, None
