"""Texts with labels in a table: TSV and CSV for text classification.

One label column of class names gives each text exactly one label; a column of 0 and 1, or several, says of each label
whether the text has it. Where tabs separate the columns, but for a .csv, a line is a record and is read without
quoting, since public files hold stray quotes: only a cell that is well-formed quoted as a whole loses its quotes.
Everything else is quoted as RFC 4180 has it, so that texts may hold line breaks. A file is gone through twice: first
for its header and for what its columns hold.
"""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tocsin.data.errors import Problem
from tocsin.data.files import MAX_ARTICLE_BYTES, is_stream, os_fault
from tocsin.data.formats.conversion import Format, Options, Tally
from tocsin.data.formats.table_layout import Layout, Survey, find_layout
from tocsin.data.formats.table_writing import is_quoted, separator_fault, write
from tocsin.data.formats.text_lines import OLD_ENDS, has_old_ends, text_lines, without_end
from tocsin.data.record_values import shorten, unknown
from tocsin.data.schema import Schema
from tocsin.data.types import Article, Document, TextLabel

_BESIDE = "cells of columns beside those of the text and its labels"
_ONE_LINE = "where tabs separate the columns a text has no line breaks: save it as .csv, where quotes hold them"
_CHOICES = {"\t": 0, ";": 0, ",": 0}  # separators, the first of equals


@dataclass(frozen=True, slots=True)
class _Row:
    """A record, with the number of its first line."""

    number: int
    cells: tuple[str, ...]


def read(path: Path, options: Options, lost: Tally) -> Iterator[Document | Problem]:
    """The documents of a table; a line that cannot be read is a problem.

    Ids are the file's name and the number of the line: train-17.
    """
    try:
        if is_stream(path):
            yield Problem(str(path), "is a pipe or a device; expected a file, as it is read twice: save it first")
            return
        if has_old_ends(path):
            yield Problem(str(path), OLD_ENDS)
            return
        separator = options.separator or _separator(path)
        layout = _surveyed(path, separator, options)
        if isinstance(layout, Problem):
            yield layout
            return
        yield from _documents(path, separator, layout, options, lost)
    except OSError as error:
        yield Problem(str(path), os_fault(error))


def holds_classes(path: Path, options: Options) -> bool:
    """Whether a table has one column of labels, with the names of classes; not if it cannot be read."""
    layout = _surveyed(path, options.separator or _separator(path), options)
    return isinstance(layout, Layout) and not layout.names


def _surveyed(path: Path, separator: str, options: Options) -> Layout | Problem:
    """What stands where in a table, or why that cannot be found out."""
    survey = Survey(texts_only=options.texts_only)
    for row in _rows(path, separator):
        if not isinstance(row, Problem):
            survey.add(row.number, row.cells)
    return find_layout(path, survey, options) if survey.first else _nothing(path, separator)


def _nothing(path: Path, separator: str) -> Problem:
    """Why a file without a record has none."""
    fault = next((row for row in _rows(path, separator) if isinstance(row, Problem)), None)
    return fault or Problem(str(path), "is empty; expected a text and its labels a line, separated by tabs or commas")


def _separator(path: Path) -> str:
    """What separates the columns: a tab in a .tsv, else what the first line has most of."""
    if path.suffix.lower() == ".tsv":
        return "\t"
    first = next((entry[1] for entry in text_lines(path) if not isinstance(entry, Problem)), "")
    best = max(_CHOICES, key=first.count)
    if path.suffix.lower() == ".csv":
        return "," if "," in first or not first.count(best) else best
    return "\t" if "\t" in first or not first.count(best) else best


def _rows(path: Path, separator: str) -> Iterator[_Row | Problem]:
    return _quoted_rows(path, separator) if is_quoted(path, separator) else _plain_rows(path, separator)


def _plain_rows(path: Path, separator: str) -> Iterator[_Row | Problem]:
    """A record a line."""
    for entry in text_lines(path):
        if isinstance(entry, Problem):
            yield entry
            continue
        number, line = entry[0], without_end(entry[1])
        if line.strip() or separator in line:
            yield _Row(number, tuple(_unquoted(cell) for cell in line.split(separator)))


def _unquoted(cell: str) -> str:
    """A cell without its quotes, if it is well-formed quoted from its first to its last character."""
    inner = cell[1:-1]
    is_quoted = len(cell) > 1 and cell[0] == cell[-1] == '"' and '"' not in inner.replace('""', "")
    return inner.replace('""', '"') if is_quoted else cell


@dataclass(slots=True)
class _Lines:
    """The lines of a file for a reader of CSV, with the problems of those that cannot be read."""

    path: Path
    faults: list[Problem] = field(default_factory=list)

    def __iter__(self) -> Iterator[str]:
        for entry in text_lines(self.path):
            if isinstance(entry, Problem):
                self.faults.append(entry)
                yield "\n"
            else:
                yield entry[1]


def _quoted_rows(path: Path, separator: str) -> Iterator[_Row | Problem]:
    """Records with cells in quotes, which may go over several lines."""
    if fault := separator_fault(separator):
        yield Problem(str(path), fault)
        return
    csv.field_size_limit(MAX_ARTICLE_BYTES)  # the module's own limit, of the whole process, is 128 KiB
    lines = _Lines(path)
    reader = csv.reader(lines, delimiter=separator, strict=True)
    while True:
        number = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            break
        except csv.Error as error:
            fault = f"cannot be read to its end at line {reader.line_num} ({error})"
            expected = 'expected cells in "quotes" with every quote inside doubled, or a .tsv without quoting'
            yield Problem(f"{path}:{number}", f"{fault}; {expected}")
            continue
        if lines.faults:
            yield from lines.faults
            lines.faults.clear()
        elif cells:
            yield _Row(number, tuple(cells))
    yield from lines.faults


def _documents(
    path: Path, separator: str, layout: Layout, options: Options, lost: Tally
) -> Iterator[Document | Problem]:
    stem = options.stem or path.stem
    others = [n for n in range(layout.n_columns) if n not in (layout.text_column, *layout.label_columns)]
    beside = f"{_BESIDE} ({shorten(', '.join(map(str, others)))})"
    has_record, opened = False, 0  # the line whose quote is open, where none may go on in the next one
    for row in _rows(path, separator):
        if isinstance(row, Problem):
            yield row
            continue
        if row.number == layout.header_line:
            headings = dict(enumerate(row.cells))  # of which a file may have too few
            named = [headings.get(number, "").strip() or str(number) for number in others]
            beside = f"{_BESIDE} ({shorten(', '.join(named))})"
            continue
        has_record = True
        labels, fault = _labels(row.cells, layout, options.schema)
        if opened and _closes(row.cells[0]):
            fault = f"goes on with the text that line {opened} begins; {_ONE_LINE}"
        is_begun = len(row.cells) < layout.n_columns and _opens(row.cells[-1]) and not is_quoted(path, separator)
        if is_begun:
            fault += f"; its quote is not closed; {_ONE_LINE}"
        opened = row.number if is_begun else opened if len(row.cells) == 1 and not _closes(row.cells[0]) else 0
        if fault:
            yield Problem(f"{path}:{row.number}", fault)
            continue
        if others:
            lost[beside] += len(others)
        yield Document(Article(row.cells[layout.text_column], id=f"{stem}-{row.number}"), labels=labels)
    if not has_record:
        yield Problem(str(path), "has no record but a header; expected a text and its labels a line below it")


def _opens(cell: str) -> bool:
    """Whether a quote at its beginning is open at its end."""
    return cell.startswith('"') and cell.count('"') % 2 == 1


def _closes(cell: str) -> bool:
    """Whether a quote at its end was open at its beginning."""
    return cell.endswith('"') and cell.count('"') % 2 == 1


def _labels(cells: Sequence[str], layout: Layout, schema: Schema | None) -> tuple[tuple[TextLabel, ...] | None, str]:
    """The labels of a record, None where nobody asks for them, and what is wrong with it."""
    if len(cells) != layout.n_columns:
        found = "1 column" if len(cells) == 1 else f"{len(cells)} columns"
        return (), f"has {found}; expected {layout.n_columns}, as most lines have: {shorten(' | '.join(cells))!r}"
    if not cells[layout.text_column].strip():
        return (), "has an empty text; expected a text with characters, or no such line"
    if not layout.reads_labels:
        return None, ""
    found_cells = [cells[column].strip() for column in layout.label_columns]
    if not any(found_cells):
        return (), _unlabelled(layout)
    if not layout.names:
        return _class(found_cells[0], schema)
    labels = []
    for name, cell in zip(layout.names, found_cells, strict=True):
        if cell not in ("0", "1"):
            return (), f"has {shorten(cell)!r} for label {name!r}; expected 0 or 1"
        if cell == "1":
            labels.append(TextLabel(name))
    return tuple(labels), ""


def _unlabelled(layout: Layout) -> str:
    expected = "0 or 1 for each of them" if layout.names else "the name of a class"
    return f"has no label; expected {expected}; annotate the text, or take it out"


def _class(name: str, schema: Schema | None) -> tuple[tuple[TextLabel, ...], str]:
    if schema and name not in schema.text_labels:
        return (), unknown("label", name, schema.text_labels)
    return (TextLabel(name),), ""


FORMAT = Format("table", "texts with labels in a table: TSV or CSV", (".tsv", ".csv"), read, write)
