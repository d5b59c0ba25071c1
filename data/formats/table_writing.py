"""Writing texts with labels as a table: TSV or CSV as `tocsin.data.formats.table` reads it, quoted by the same rule.

Where each text has exactly one of several labels, they stand in one column; else each label has a column of 0 and 1.
Which it is only the last document may tell, so all go through a temporary file.
"""

import csv
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryFile
from typing import Literal, TextIO

from tocsin.data.errors import DataError
from tocsin.data.files import written_whole
from tocsin.data.formats.conversion import Options, Tally
from tocsin.data.formats.fitting import count, without_nul
from tocsin.data.formats.left_out import Part, count_left_out
from tocsin.data.types import Document

HEADINGS = ("text", "label")
HELD: tuple[Part, ...] = ("labels",)


def is_quoted(path: Path, separator: str) -> bool:
    """Whether cells may stand in quotes: in a .csv, and wherever something else than a tab separates them."""
    return path.suffix.lower() == ".csv" or separator != "\t"


def separator_fault(separator: str) -> str:
    """Why nothing can separate cells that way; empty if it can."""
    if len(separator) == 1 and separator not in '"\r\n\0':
        return ""
    return f"separator {separator!r} separates no cells; expected one character that is no quote, line break or NUL"


def write(documents: Iterable[Document], path: Path, options: Options, lost: Tally) -> None:
    """Write a text and its labels a line, after a header.

    Args:
        documents: those whose labels were not annotated are left out, and counted.
        path: appears when all is written; a .csv has commas, all others have tabs.
        options: `text_labels`, or the schema's, give the order of the columns, `separator` what stands between them.
        lost: counts what has no place there.

    Raises:
        DataError: the file cannot be made there, no document has a label, or one has a label that is not listed.
    """
    separator = options.separator or ("," if path.suffix.lower() == ".csv" else "\t")
    if fault := separator_fault(separator):
        raise DataError(f"{path}: {fault}")
    rows = _Rows(separator, is_quoted(path, separator), lost)
    with TemporaryFile("w+", encoding="utf-8") as spool:
        found = _spool(documents, spool, path.stem, lost)
        names, has_classes = found.columns(options)
        if not names:
            raise DataError(f"{path}: no document has a label, so no column can be written; name some by --text-label")
        if has_classes and set(names) <= {"0", "1"}:
            lost["classes named 0 and 1, read as a label that is there or not"] += found.n
        spool.seek(0)
        with written_whole(path) as stream:
            rows.write(stream, HEADINGS if has_classes else (HEADINGS[0], *names))
            for line in spool:
                text, labels = json.loads(line)
                cells = labels if has_classes else [str(int(name in labels)) for name in names]
                rows.write(stream, (text, *cells))


@dataclass(slots=True)
class _Found:
    """Which labels the documents have."""

    n: int = 0
    names: set[str] = field(default_factory=set)
    each_has_one: bool = True

    def columns(self, options: Options) -> tuple[tuple[str, ...], bool]:
        """The labels in order, and whether they are classes.

        Raises:
            DataError: a label is not among those listed.
        """
        listed = options.text_labels or (options.schema.text_labels if options.schema else ())
        if unlisted := sorted(self.names - set(listed)) if listed else []:
            raise DataError(f"documents have labels that are not listed: {', '.join(unlisted)}; name them all, or none")
        names = listed or tuple(sorted(self.names, key=_natural))
        is_told = options.schema is not None and options.schema.one_text_label
        return names, self.each_has_one and (is_told or len(names) > 1) and self.n > 0


def _natural(name: str) -> list[tuple[int, str]]:
    """Sorts label2 before label10."""
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"(\d+)", name) if part]


def _spool(documents: Iterable[Document], spool: TextIO, stem: str, lost: Tally) -> _Found:
    found = _Found()
    for document in documents:
        count_left_out(document, HELD, lost)
        if document.article.sentences:
            lost["cuts of texts into words and sentences"] += 1
        if document.labels is None:
            lost["documents without annotated labels, left out"] += 1
            continue
        labels = [label.name for label in document.labels]
        n_edged = sum(name != name.strip() for name in labels)
        count(lost, "labels with white space at an edge, read back without it", n_edged)
        found.n += 1
        found.names.update(labels)
        found.each_has_one = found.each_has_one and len(labels) == 1
        if document.article.id != f"{stem}-{found.n + 1}":  # the header is the first line
            lost["ids, made anew from the file's name and the line when read"] += 1
        spool.write(json.dumps([document.article.text, labels]) + "\n")
    return found


@dataclass(frozen=True, slots=True)
class _Rows:
    """Writes records."""

    separator: str
    is_quoted: bool
    lost: Tally

    def write(self, stream: TextIO, record: Sequence[str]) -> None:
        cells = [without_nul(cell, self.lost) for cell in record]
        if self.is_quoted:
            # the module leaves a lone \r unquoted, which its own reader then refuses
            has_return = any("\r" in cell for cell in cells)
            quoting: Literal[0, 1] = csv.QUOTE_ALL if has_return else csv.QUOTE_MINIMAL
            csv.writer(stream, delimiter=self.separator, lineterminator="\n", quoting=quoting).writerow(cells)
        else:
            stream.write(self.separator.join(map(self._plain, cells)) + "\n")

    def _plain(self, cell: str) -> str:
        """A cell of a file without quoting."""
        held = re.sub(r"[\t\r\n]", " ", cell)
        if held != cell:
            self.lost["texts with tabs or line breaks, written as blanks"] += 1
        # a text that stands in quotes as a whole would lose them when read
        looks_quoted = len(held) > 1 and held[0] == held[-1] == '"' and '"' not in held[1:-1].replace('""', "")
        return '"' + held.replace('"', '""') + '"' if looks_quoted else held
