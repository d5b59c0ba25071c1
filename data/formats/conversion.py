"""What every format shares: the options it is read and written with, and the tally of what it cannot hold."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from typing import Literal

from tocsin.data.errors import Problem
from tocsin.data.schema import Schema
from tocsin.data.types import Document

Scheme = Literal["bio", "iob1", "bioes", "bilou"]
Tally = Counter[str]  # what was lost, in words ("overlapping entities"), and how often


@dataclass(frozen=True, slots=True)
class Options:
    """How a file is to be read or written; a format leaves alone what does not concern it."""

    schema: Schema | None = None  # None: read whatever labels there are; `schema_of` then finds the schema
    scheme: Scheme | None = None  # of tags; None: found out when read, BIO when written
    separator: str | None = None  # between columns; None: found out when read, a tab when written
    tag_column: int = -1  # of a file of words and tags
    text_column: str = ""  # of a table: a header's name, or a number from 0; "": the first
    label_columns: tuple[str, ...] = ()  # likewise; none: all others
    text_labels: tuple[str, ...] = ()  # of columns of 0 and 1: in their order, or those of the header
    relations_make_events: bool = True  # where no schema says it, what a relation leads from is the trigger of an event
    texts_only: bool = False  # nothing but texts is asked for: what says how they are annotated may be missing
    stem: str = ""  # what ids open with that a reader makes; "": the file's name without its suffix


AS_FOUND = Options()
COLUMNS: Mapping[str, tuple[str, ...]] = {  # options of columns, and the formats that they are for
    "separator": ("conll", "table"),
    "tag_column": ("conll",),
    "text_column": ("table",),
    "label_columns": ("table",),
    "text_labels": ("table",),
}


def with_stems(paths: Iterable[Path], options: Options) -> Iterator[tuple[Path, Options]]:
    """Each path with the options to read it, so that ids made for files of one name differ, wherever these lie.

    Ids that stand in files stay as they are, and so do those of a file that is given twice.
    """
    stems: dict[Path, str] = {}
    taken: set[str] = set()
    numbers: dict[str, Iterator[int]] = {}  # by file name: those not tried yet, as thousands may share one
    for path in paths:
        own = path.resolve()
        if own not in stems:
            untried = numbers.setdefault(path.stem, count(1))
            names = (f"{path.stem}-{number}" if number > 1 else path.stem for number in untried)
            stems[own] = next(name for name in names if name not in taken)
            taken.add(stems[own])
        yield path, replace(options, stem=stems[own])


@dataclass(frozen=True, slots=True)
class Format:
    """A format's name, how it is told by its files, and its two directions."""

    name: str
    described: str  # a phrase for help texts: "words and tags in columns (CoNLL)"
    suffixes: tuple[str, ...]  # of its files; none: a folder
    read: Callable[[Path, Options, Tally], Iterator[Document | Problem]]
    write: Callable[[Iterable[Document], Path, Options, Tally], None] | None = None  # None: it is only read


@dataclass(slots=True)
class Converted:
    """What a conversion came to; it fills up while documents pass through."""

    n_documents: int = 0
    problems: list[Problem] = field(default_factory=list)  # of lines or files that could not be read
    lost_reading: Tally = field(default_factory=Counter)  # the source has it, a document cannot hold it
    lost_writing: Tally = field(default_factory=Counter)  # the documents have it, the target cannot hold it
