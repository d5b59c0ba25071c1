"""What the columns of a table hold: which is the text, which are labels, whether there is a header."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from tocsin.data.errors import Problem
from tocsin.data.formats.conversion import Options
from tocsin.data.record_values import shorten, unknown

N_VALUES = 1000  # of a column that are remembered
MAX_NAME_CHARS = 100  # of a value that is remembered
_TEXT = "text"  # a cell of a header that names the column of the texts
_TEXT_HEADINGS = frozenset(
    "text sentence document doc content body article review report tweet post title headline".split()
)
_ID_HEADINGS = frozenset(["", *"id _id idx index no number docid doc_id text_id article_id sentence_id".split()])
_HEADINGS_OF_BINARY = frozenset("target tag y".split())
_HEADINGS = frozenset("label labels class classes category categories".split())


@dataclass(frozen=True, slots=True)
class Layout:
    """Where what stands in a table."""

    n_columns: int
    text_column: int
    label_columns: tuple[int, ...]
    names: tuple[str, ...]  # of labels, one a column of 0 and 1; none: the one column holds names of classes
    header_line: int  # 0: none
    reads_labels: bool = True


@dataclass(frozen=True, slots=True)
class _Said:
    """The columns that a header says hold the text and the label."""

    text: int
    label: int


@dataclass(slots=True)
class Column:
    """What the cells of a column are, without the first line's."""

    n: int = 0
    n_binary: int = 0  # that are 0 or 1
    example: str = ""  # of those that are not
    values: Counter[str] = field(default_factory=Counter)
    n_left_out: int = 0  # empty ones, where these say nothing
    n_chars: int = 0

    def add(self, cell: str) -> None:
        self.n += 1
        self.n_chars += len(cell)
        is_binary = cell in ("0", "1")
        self.n_binary += is_binary
        self.example = self.example or ("" if is_binary else cell[:MAX_NAME_CHARS])
        if len(cell) <= MAX_NAME_CHARS and (cell in self.values or len(self.values) < N_VALUES):
            self.values[cell] += 1

    @property
    def mean_chars(self) -> float:
        return self.n_chars / max(self.n, 1)

    @property
    def n_filled(self) -> int:
        """How many cells are not empty; texts without labels are told with their lines."""
        return self.n - self.values[""]

    @property
    def is_mostly_binary(self) -> bool:
        return 2 * self.n_binary > self.n_filled


@dataclass(slots=True)
class Survey:
    """What a pass over all lines finds; it fills up line by line."""

    texts_only: bool = False  # an empty cell of labels says that nobody annotated a text, not what a column holds
    first: tuple[str, ...] = ()
    first_line: int = 0
    widths: Counter[int] = field(default_factory=Counter)
    columns: dict[int, Column] = field(default_factory=dict)

    def add(self, number: int, cells: Sequence[str]) -> None:
        self.widths[len(cells)] += 1
        if not self.first:
            self.first, self.first_line = tuple(cells), number
            return
        for column, cell in enumerate(cells):
            self.add_cell(column, cell.strip())

    def add_cell(self, column: int, cell: str) -> None:
        found = self.columns.setdefault(column, Column())
        if cell or not self.texts_only:
            found.add(cell)
        else:
            found.n_left_out += 1

    def longest(self, n_columns: int) -> int:
        """The column whose cells have the most characters, without the first line's."""
        return max(range(n_columns), key=lambda number: self.columns.get(number, Column()).mean_chars)

    @property
    def n_columns(self) -> int:
        """As most lines have; of equally many the first line's."""
        return max(self.widths, key=lambda width: (self.widths[width], width == len(self.first)))


class _FaultError(Exception):
    """Why a table cannot be read; ends in a problem of the file."""


def find_layout(path: Path, survey: Survey, options: Options) -> Layout | Problem:
    """The layout of a table, or why none can be found.

    Args:
        path: of the table.
        survey: of all its lines.
        options: what is known beforehand.
    """
    try:
        return _layout(survey, options)
    except _FaultError as error:
        return Problem(str(path), str(error))


def _layout(survey: Survey, options: Options) -> Layout:
    width = survey.n_columns
    if width < 2 and not options.texts_only:
        raise _FaultError(
            "has one column; expected a text and its labels: name what separates them by --from-separator, or by "
            "separator in [data] of a config"
        )
    headings = [cell.strip() for cell in survey.first]
    if options.texts_only:
        options = _without_absent(options, headings, width)
    named = _named(headings, options)
    said = _said(survey, headings)
    text_column = said.text if said and not options.text_column else _text_column(survey, headings, options)
    listed = tuple(_index(name, headings, width) for name in options.label_columns)
    found = (said.label,) if said else tuple(column for column in range(width) if column != text_column)
    label_columns = listed or found
    if options.texts_only:
        label_columns = tuple(column for column in label_columns if column != text_column)
    if text_column in label_columns or len(set(label_columns)) < len(label_columns):
        raise _FaultError("is to be read with a column that is given twice, as text or label; expected each once")
    has_header = bool(named) or _has_header(survey, headings, text_column, label_columns)
    header_line = survey.first_line if has_header else 0
    if options.texts_only:
        return Layout(width, text_column, label_columns, (), header_line, reads_labels=False)
    if not has_header:
        for column in range(len(headings)):
            survey.add_cell(column, headings[column])
    names = _names(survey, headings if has_header else [], label_columns, options)
    return Layout(width, text_column, label_columns, names, header_line)


def _named(headings: Sequence[str], options: Options) -> list[str]:
    """The columns that are given by their headings."""
    named = [name for name in (options.text_column, *options.label_columns) if name and not name.isdecimal()]
    for name in named:
        if name not in headings:
            option, setting = ("text", "text_column") if name == options.text_column else ("label", "label_columns")
            raise _FaultError(
                f"has no column {name!r} in its first line; found there: {_listed(headings)}; name one of these by "
                f"--{option}-column, or by {setting} in [data] of a config, or a number from 0"
            )
    return named


def _without_absent(options: Options, headings: Sequence[str], width: int) -> Options:
    """The options without the columns of labels that a file lacks whose labels nobody asks for."""
    there = (name for name in options.label_columns if name in headings or (name.isdecimal() and int(name) < width))
    return replace(options, label_columns=tuple(there))


def _said(survey: Survey, headings: Sequence[str]) -> _Said | None:
    """What a header says of a table that has more than a text and its labels, an id say; None if that is not clear."""
    folded = [heading.casefold() for heading in headings]
    if len(folded) != survey.n_columns:
        return None
    columns = [survey.columns.get(number, Column()) for number in range(len(folded))]
    labels = [
        number
        for number, heading in enumerate(folded)
        if heading in _HEADINGS or (heading in _HEADINGS_OF_BINARY and columns[number].is_mostly_binary)
    ]
    longest = survey.longest(len(folded))
    if len(labels) != 1 or folded[longest] not in _TEXT_HEADINGS or len(folded) < 3:
        return None
    beside = [n for n, heading in enumerate(folded) if n not in (longest, *labels) and heading not in _ID_HEADINGS]
    return None if any(columns[number].is_mostly_binary for number in beside) else _Said(longest, labels[0])


def _text_column(survey: Survey, headings: Sequence[str], options: Options) -> int:
    """The column of the text: the first, unless its heading is elsewhere."""
    if options.text_column:
        return _index(options.text_column, headings, len(headings))
    folded = [heading.casefold() for heading in headings]
    if _TEXT in folded:
        return folded.index(_TEXT)
    longest = survey.longest(len(folded))
    return longest if folded[0] in _ID_HEADINGS and folded[longest] in _TEXT_HEADINGS else 0


def _index(name: str, headings: Sequence[str], width: int) -> int:
    """The column of a name, or of a number from 0."""
    if name in headings:
        return headings.index(name)
    if int(name) >= width:
        found = "1 column" if width == 1 else f"{width} columns"
        raise _FaultError(
            f"has {found}, no column {name}; columns are numbered from 0: name others by --text-column and "
            "--label-column, or by text_column and label_columns in [data] of a config"
        )
    return int(name)


def _has_header(survey: Survey, headings: Sequence[str], text_column: int, label_columns: Sequence[int]) -> bool:
    """Whether the label cells of the first line are not like those below them."""
    if len(headings) != survey.n_columns:
        return False
    text = headings[text_column].casefold()
    if text == _TEXT or not label_columns:
        return text in _TEXT_HEADINGS
    if headings[0].casefold() in _ID_HEADINGS and text_column and text in _TEXT_HEADINGS:
        return True
    if survey.texts_only and not any(headings[column] for column in label_columns):
        return False
    return all(
        _is_heading(headings[column], survey.columns.get(column, Column()), headings[text_column])
        for column in label_columns
    )


def _is_heading(cell: str, below: Column, text: str) -> bool:
    if cell in ("0", "1") or not below.n + below.n_left_out:
        return False
    if below.is_mostly_binary:
        return True
    # A class that only the first text has is no heading: a heading stands over one, and above classes that recur.
    looks_named = cell.casefold() in _HEADINGS | _HEADINGS_OF_BINARY or (
        text.casefold() in _TEXT_HEADINGS and 2 * len(below.values) <= below.n
    )
    return cell not in below.values and looks_named


def _names(survey: Survey, headings: Sequence[str], label_columns: Sequence[int], options: Options) -> tuple[str, ...]:
    """The names of columns of 0 and 1; none for a column of classes."""
    columns = [survey.columns.get(column, Column()) for column in label_columns]
    if len(columns) == 1 and _holds_classes(columns[0], options):
        return ()
    for number, column in zip(label_columns, columns, strict=True):
        if column.n_filled and not column.is_mostly_binary:
            raise _FaultError(
                f"has {shorten(column.example)!r} and the like in column {number}; expected 0 or 1 in several columns "
                "of labels: name the column of the text by --text-column and those of labels by --label-column, "
                "or by text_column and label_columns in [data] of a config; "
                f"its first line: {_listed(survey.first)}"
            )
    names = _given(headings, label_columns, options)
    n = len(label_columns)
    if len(names) != n:
        raise _FaultError(f"has {n} columns of labels but {len(names)} names are given: {', '.join(names)}")
    if len(set(names)) < n or "" in names:
        raise _FaultError(f"has the labels {', '.join(map(repr, names))}; expected a name for each, and no name twice")
    known = options.schema.text_labels if options.schema else names
    unlisted = [name for name in names if name not in known]
    if unlisted and not headings and not options.text_labels:
        raise _FaultError(
            f"has no header, which makes its columns of labels {', '.join(names)}, and the label set has "
            f"{_listed(known)}; name them, in the order of the columns, by --text-label, once for each, or by "
            "text_labels in [data] of a config"
        )
    if unlisted:
        raise _FaultError(unknown("label", unlisted[0], known))
    return names


def _given(headings: Sequence[str], label_columns: Sequence[int], options: Options) -> tuple[str, ...]:
    """What the columns of 0 and 1 are called; the order of a schema's labels says nothing of that of columns."""
    if headings:
        found = tuple(headings[column] for column in label_columns)
        if options.text_labels and set(options.text_labels) != set(found):
            raise _FaultError(
                f"has a header whose columns of labels are {_listed(found)}, and the names given are "
                f"{_listed(options.text_labels)}; give those of the header, in any order, or none, by --text-label or "
                "by text_labels in [data] of a config, and the columns that are meant by --label-column"
            )
        return found
    if options.text_labels:
        return options.text_labels
    known = options.schema.text_labels if options.schema else ()
    if len(known) == len(label_columns) == 1:
        return known  # one name for one column can be no other's
    return tuple(f"label{number}" for number in range(1, len(label_columns) + 1))


def _listed(cells: Sequence[str]) -> str:
    return ", ".join(shorten(cell.strip()) for cell in cells)


def _holds_classes(column: Column, options: Options) -> bool:
    """Whether the one column of labels holds names of classes."""
    if len(options.text_labels) == 1:
        return False
    if options.schema and options.schema.text_labels:
        return options.schema.one_text_label or (len(options.schema.text_labels) > 1 and column.n_binary < column.n)
    return column.n_binary < column.n
