"""Words and tags in columns, a word a line, a blank line after each sentence (CoNLL).

The text of a document is its words joined by single blanks, its sentences by newlines. A line that opens with
-DOCSTART- opens a document; in a file without any, each sentence is a document of its own. "# id = NAME" before a
sentence, or after -DOCSTART-, names the document; other comments "# KEY = VALUE" are left out, and where a tab or the
like separates columns, any line that opens with "# " and has none; before a sentence also one of "#" and a remark in
columns, none of them a tag. Where a column numbers the words, as `conll_numbers.py` tells, the word is what stands
behind it, which is counted. A file is gone through twice, first for its separator, numbers and scheme of tags, and held
in memory one document at a time. A sentence with a line that cannot be read is left out, with a problem for the line.

Words of zero-width characters alone are words: public sets tag them, and every sentence of those is scored.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from tocsin.data.errors import Problem
from tocsin.data.files import is_stream, os_fault
from tocsin.data.formats.conll_numbers import BESIDE, Numbering, number_of, word_column
from tocsin.data.formats.conll_writing import DOCSTART, write
from tocsin.data.formats.conversion import Format, Options, Scheme, Tally
from tocsin.data.formats.fitting import name_fault, taken_name
from tocsin.data.formats.tag_schemes import Evidence, spans_of, split_tag, tag_fault
from tocsin.data.formats.text_lines import OLD_ENDS, text_lines, without_end
from tocsin.data.jsonl import duplicate_id
from tocsin.data.record_values import shorten
from tocsin.data.schema import Schema
from tocsin.data.types import Article, Document, Event, Span

N_FIRST = 100  # lines that tell the separator
_CELLS_BESIDE = "cells of columns beside those of words and tags"
_NUMBERS = "words that are numbers, with columns beside them: is the word in another column?"
_IDS = "ids of sentences within a document"
_COMMENT = re.compile(r"#\s+(?P<key>[\w.]+(?: [\w.]+)?)\s+=(?:\s+(?P<value>.*))?")
_REMARK = re.compile(rf"{_COMMENT.pattern}|# .*")
_BLANKS = re.compile(r"[ \t]+")


@dataclass(frozen=True, slots=True)
class _Layout:
    """How a file is laid out."""

    separator: str | None  # None: runs of blanks and tabs
    tag_column: int
    scheme: Scheme = "bio"
    has_docstarts: bool = False
    has_tags: bool = True  # else words alone are read, with whatever stands beside them
    number_column: int | None = None  # of the words, which stand behind it

    def cells(self, line: str) -> list[str]:
        return line.split(self.separator) if self.separator else _BLANKS.split(line.rstrip(" \t"))

    def comment(self, line: str) -> re.Match[str] | None:
        """A comment, unless the line has columns, as one of words and tags has."""
        if self.separator is None or self.separator == " ":
            return _COMMENT.fullmatch(line)
        return None if self.separator in line else _REMARK.fullmatch(line)

    def is_heading(self, line: str) -> bool:
        """Whether a line is a comment if it stands before a sentence: it has columns, but as no word has them."""
        if self.number_column is not None:
            return line.startswith("#")
        cells = self.cells(line)
        is_marked = cells[0] == "#" and any(map(str.strip, cells[1:]))
        return is_marked and self.has_tags and split_tag(self.tag(cells)) is None

    def tag(self, cells: Sequence[str]) -> str:
        """The tag of a word; empty if there is none."""
        has_tag = len(cells) > self._first + 1 and -len(cells) <= self.tag_column < len(cells)
        return cells[self.tag_column].strip() if has_tag else ""

    def word_column(self, n_cells: int) -> int:
        """The first column that is neither the number's nor the tag's."""
        return word_column(self._first, n_cells, self.tag_column)

    @property
    def _first(self) -> int:
        """The column that words stand in, unless their tags do."""
        return 0 if self.number_column is None else self.number_column + 1

    def is_start(self, line: str) -> bool:
        """Whether a line opens a document; what follows there may be separated by blanks, whatever the columns are."""
        return line.startswith(DOCSTART) and DOCSTART in (self.cells(line)[0], line.split()[0])


@dataclass(slots=True)
class _Sentence:
    """The words of a sentence with their tags, and what is wrong with its lines."""

    number: int = 0  # of its first line
    words: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    faults: list[Problem] = field(default_factory=list)
    own_id: str = ""  # from a comment before it
    opens: bool = False  # a document, by -DOCSTART-

    @property
    def is_begun(self) -> bool:
        return bool(self.words or self.faults)


def read(path: Path, options: Options, lost: Tally) -> Iterator[Document | Problem]:
    """The documents of a file; what is no word with a tag is a problem, with its line."""
    try:
        if is_stream(path):
            yield Problem(str(path), "is a pipe or a device; expected a file, as it is read twice: save it first")
            return
        layout = _survey(path, options)
        if isinstance(layout, Problem):
            yield layout
            return
        yield from _documents(path, layout, options, lost)
    except OSError as error:
        yield Problem(str(path), os_fault(error))


def _survey(path: Path, options: Options) -> _Layout | Problem:
    """The layout of a file, by a pass over all of its lines."""
    layout = _Layout(options.separator or _separator(path), options.tag_column)
    evidence, columns, others, numbering = Evidence(), _Columns(), _Columns(), Numbering(options.tag_column)
    has_docstarts = False
    tags: list[str] = []
    for entry in text_lines(path):
        if isinstance(entry, Problem):
            continue  # told by the second pass
        line = without_end(entry[1])
        cells = layout.cells(line)
        if not line.strip():
            evidence.add(tags)
            numbering.end_sentence()
            tags = []
        elif layout.is_start(line):
            has_docstarts = True
        elif (not tags and layout.is_heading(line)) or layout.comment(line) or len(cells) < 2:
            continue
        elif not -len(cells) <= layout.tag_column < len(cells):
            others.add(cells)
        else:
            tags.append(cells[layout.tag_column].strip())
            columns.add(cells)
            numbering.add(cells)
    evidence.add(tags)
    has_tags = bool(evidence.n_readable or columns.with_tags()) or not options.texts_only
    if evidence.n_tags and not evidence.n_readable and has_tags:
        return Problem(str(path), columns.fault(layout.tag_column))
    if others.n_lines and not columns.n_lines and not options.texts_only:
        return Problem(str(path), others.missing(layout.tag_column))
    scheme, numbers = options.scheme or evidence.scheme, numbering.column(has_tags=has_tags)
    return _Layout(layout.separator, layout.tag_column, scheme, has_docstarts, has_tags, numbers)


def _separator(path: Path) -> str | None:
    """A tab if the first lines have one, else None for runs of blanks."""
    first = (without_end(entry[1]) for entry in text_lines(path) if not isinstance(entry, Problem))
    lines = list(islice((line for line in first if line.strip() and not line.startswith((DOCSTART, "# "))), N_FIRST))
    return "\t" if 2 * sum("\t" in line for line in lines) > len(lines) else None


@dataclass(slots=True)
class _Columns:
    """Which columns hold what could be tags."""

    example: list[str] = field(default_factory=list)
    n_lines: int = 0
    n_tags: dict[int, int] = field(default_factory=dict)

    def add(self, cells: Sequence[str]) -> None:
        self.example = self.example or list(cells)
        self.n_lines += 1
        for column, cell in enumerate(cells[:N_FIRST]):
            self.n_tags[column] = self.n_tags.get(column, 0) + (split_tag(cell.strip()) is not None)

    def with_tags(self) -> list[int]:
        """Those that mostly hold what looks like tags."""
        return [column for column, n in self.n_tags.items() if 2 * n > self.n_lines]

    def fault(self, tag_column: int) -> str:
        """What to do about a column that holds no tag."""
        fault = f"has no tag in the column where tags are expected, e.g. {shorten(self.example[tag_column])!r}"
        return f"{fault}; expected O, B-LABEL, ...; {self._remedy()}"

    def missing(self, tag_column: int) -> str:
        """What to do about a column that no line has."""
        fault = f"no line has the column {tag_column}, where tags are expected: there are {len(self.n_tags)}, from 0"
        return f"{fault}; {self._remedy()}"

    def _remedy(self) -> str:
        others = self.with_tags()
        remedy = f"column {others[-1]} looks like tags: name it by" if others else "name the column, from 0, by"
        remedy += " --tag-column, or by tag_column in [data] of a config"
        return remedy + ("" if others else "; or what separates columns, by --from-separator, or separator in [data]")


def _documents(path: Path, layout: _Layout, options: Options, lost: Tally) -> Iterator[Document | Problem]:
    schema, stem = options.schema, options.stem or path.stem
    taken: dict[str, str] = {}  # ids, with where they were given
    n_sentences = n_words = n_numbers = 0
    n_beside = lost[_CELLS_BESIDE]
    for number, group in enumerate(_grouped(_sentences(path, layout, schema, lost), layout), start=1):
        n_sentences += len(group)
        for sentence in group:
            yield from sentence.faults
        own_ids = [sentence.own_id for sentence in group if sentence.own_id]
        own_id = own_ids[0] if own_ids else ""
        if len(own_ids) > 1:
            lost[_IDS] += len(own_ids) - 1
        where = f"{path}:{group[0].number}"
        whole = [sentence for sentence in group if sentence.words and not sentence.faults]
        if not whole:
            continue
        if own_id in taken:
            yield Problem(where, duplicate_id(own_id, taken[own_id]))
            continue
        own_id = own_id or _free(f"{stem}-{number}", taken)
        taken[own_id] = where
        words = [word for sentence in whole for word in sentence.words]
        n_words += len(words)
        n_numbers += sum(word.isdecimal() for word in words)
        yield _document(whole, own_id, layout.scheme, schema, lost)
    if 10 * n_numbers > 9 * n_words and lost[_CELLS_BESIDE] > n_beside:
        lost[_NUMBERS] += n_numbers
    if not n_sentences:
        yield Problem(str(path), "has no word; expected a word and its tag a line, and a blank line after a sentence")


def _free(own_id: str, taken: dict[str, str]) -> str:
    while own_id in taken:
        own_id += "+"
    return own_id


def _grouped(sentences: Iterable[_Sentence], layout: _Layout) -> Iterator[list[_Sentence]]:
    """The sentences of each document."""
    group: list[_Sentence] = []
    for sentence in sentences:
        if group and (sentence.opens or not layout.has_docstarts):
            yield group
            group = []
        group.append(sentence)
    if group:
        yield group


def _sentences(path: Path, layout: _Layout, schema: Schema | None, lost: Tally) -> Iterator[_Sentence]:
    """The sentences of a file, those that cannot be read too."""
    sentence = _Sentence()
    for entry in text_lines(path):
        if isinstance(entry, Problem):
            sentence.faults.append(entry)
            continue
        number, line = entry[0], without_end(entry[1])
        cells = layout.cells(line)
        is_start = layout.is_start(line)
        if sentence.is_begun and (is_start or not line.strip()):
            yield sentence
            sentence = _Sentence()
        if is_start:
            sentence = _Sentence(opens=True)
        elif comment := layout.comment(line):
            if comment["key"] == "id" and comment["value"] and not sentence.own_id:
                sentence.own_id = comment["value"].strip()
            else:
                lost["comments"] += 1
        elif not sentence.is_begun and layout.is_heading(line):
            lost["comments"] += 1
        elif line.strip():
            sentence.number = sentence.number or number
            _add_line(sentence, cells, f"{path}:{number}", layout, schema, lost)
    if sentence.is_begun:
        yield sentence


def _add_line(
    sentence: _Sentence, cells: Sequence[str], where: str, layout: _Layout, schema: Schema | None, lost: Tally
) -> None:
    """Take in a word with its tag, or what is wrong with the line."""
    n_cells, numbers, column = len(cells), layout.number_column, layout.word_column(len(cells))
    number = number_of(cells[numbers]) if numbers is not None and numbers < n_cells else None
    if number and number[1]:
        lost[BESIDE[number[1]]] += 1
        return
    word, tag = cells[column] if column < n_cells else "", layout.tag(cells) if layout.has_tags else "O"
    fault = _fault(cells, word, tag, layout, schema)
    if numbers is not None and not number:
        found = f"{shorten(' '.join(cells))!r} has no number in column {numbers}"
        fault = f"{found}; expected that of the word, as other lines have there"
    if fault:
        sentence.faults.append(Problem(where, f"{fault}; its sentence is left out"))
        return
    sentence.words.append(word)
    sentence.tags.append(tag)
    if not layout.has_tags:
        lost["words without a tag, taken as they stand"] += 1
    if numbers is not None:
        lost[f"words read from column {column}, as column {numbers} numbers them"] += 1
        n_cells -= 1
    if n_cells > 2:
        lost[_CELLS_BESIDE] += n_cells - 2


def _fault(cells: Sequence[str], word: str, tag: str, layout: _Layout, schema: Schema | None) -> str:
    """Why a line is no word with its tag; empty if it is."""
    if any("\r" in cell for cell in cells):
        return OLD_ENDS
    if not tag:
        found = shorten((layout.separator or " ").join(cells))
        return f"has no tag: {found!r}; expected a word and a tag, {_separated(layout)}"
    if not word.strip():
        return f"has a tag, {shorten(tag)!r}, but no word; expected one with characters"
    if wrong := tag_fault(tag, layout.scheme):
        return f"has the tag {shorten(tag)!r}; {wrong}"
    return name_fault("label", tag[2:], schema.span_labels if schema else None) if tag[2:] else ""


def _separated(layout: _Layout) -> str:
    return (
        f"separated by {layout.separator!r}"
        if layout.separator
        else "separated by blanks, or by what is named: --from-separator, or separator in [data] of a config"
    )


def _document(
    sentences: Sequence[_Sentence], own_id: str, scheme: Scheme, schema: Schema | None, lost: Tally
) -> Document:
    event_types = schema.event_types if schema else ()
    offsets: list[tuple[tuple[int, int], ...]] = []
    spans: list[Span] = []
    position = 0
    for sentence in sentences:
        words = []
        for word in sentence.words:
            words.append((position, position + len(word)))
            position += len(word) + 1
        offsets.append(tuple(words))
        for span in spans_of(sentence.tags, scheme, lost):
            label = taken_name("label", span.label, schema.span_labels if schema else None, lost)
            spans.append(Span(words[span.start][0], words[span.end - 1][1], label))
    text = "\n".join(" ".join(sentence.words) for sentence in sentences)
    return Document(
        Article(text, id=own_id, sentences=tuple(offsets)),
        entities=tuple(span for span in spans if span.label not in event_types),
        events=tuple(Event(span) for span in spans if span.label in event_types),
    )


FORMAT = Format(
    "conll",
    "words and tags in columns: CoNLL, in BIO, IOB1, BIOES or BILOU",
    (".conll", ".bio", ".iob"),
    read,
    write,
)
