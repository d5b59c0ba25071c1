"""What several commands take, and show, alike."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from rich.console import Console

from tocsin.data.errors import DataError, Problem
from tocsin.data.files import is_stream
from tocsin.data.formats.conversion import Format
from tocsin.destination import REPORT_FILES
from tocsin.scoreboard import scoreboard
from tocsin.tables import counted
from tocsin.terminal import page, say

Form = Literal[
    "conll", "table", "jsonl", "inline", "brat", "label-studio", "doccano", "webanno", "docbin", "muc4", "re3d"
]  # those of the catalogue
ConfigFile = Annotated[Path, typer.Argument(metavar="CONFIG", help="A run's TOML file.", show_default=False)]
ReportFolder = Annotated[
    Path | None, typer.Option("--report", metavar="DIR", help="Write a page to read, its summary and its figures here.")
]
ModelFolder = Annotated[
    Path, typer.Argument(metavar="MODEL", help="A folder that `tocsin train` wrote.", show_default=False)
]

Gazetteers = Annotated[
    list[Path] | None,
    typer.Option(
        metavar="FILE", help="CSV of names of your own; they win over those that ship with tocsin. May be repeated."
    ),
]
SchemaFile = Annotated[
    Path | None, typer.Option("--schema", metavar="FILE", help="JSON of a label set, for files of documents.")
]

FromFormat = Annotated[
    Form | None, typer.Option("--from", help="Format of the files; by default JSON lines, or what their names tell.")
]

FromSeparator = Annotated[
    str | None,
    typer.Option("--from-separator", metavar="SEP", help="Between columns of what is read; by default found out."),
]
TagColumn = Annotated[
    int | None,
    typer.Option(
        "--tag-column",
        metavar="N",
        help="Column of the tags that are read, from 0; negative: from the end; by default the last.",
    ),
]
TextColumn = Annotated[
    str,
    typer.Option(
        "--text-column", metavar="C", help="Column of the texts: a name or a number from 0.", show_default=False
    ),
]
LabelColumns = Annotated[
    list[str] | None, typer.Option("--label-column", metavar="C", help="Column of labels, likewise. May be repeated.")
]
TextLabels = Annotated[
    list[str] | None,
    typer.Option("--text-label", metavar="NAME", help="Name of a column of 0 and 1. May be repeated, in order."),
]

READING_GAZETTEERS = "reading the gazetteers; the first time, half a minute for an index of places"
N_PROBLEMS = 100  # told one by one


def format_name(path: Path, source: Form | None) -> str:
    """The format of a file of annotations: the one given, or what its name or content tell, or JSON lines.

    Raises:
        DataError: it is a folder that holds no files of a format of folders.
    """
    from tocsin.data.formats.catalogue import format_of

    if source or is_stream(path):  # a stream can be read only once
        return source or "jsonl"
    try:
        return format_of(path).name
    except (DataError, OSError):
        if path.is_dir():
            raise
        return "jsonl"


def refuse_input(output: Path, read: Iterable[Path], *, option: str = "--output") -> None:
    """Refuse to write over a file that is read, whatever it is called; a pipe or a device is not replaced.

    Raises:
        BadParameter: the output is one of those read.
    """
    if output.is_file() and any(path.exists() and path.samefile(output) for path in read):
        raise typer.BadParameter(f"{output} is what is read; choose another file", param_hint=option)


def refuse_report(folder: Path, read: Iterable[Path]) -> None:
    """Refuse a folder for a report that would replace a file that is read.

    Raises:
        BadParameter: as `refuse_input` of each of its files.
    """
    kept = list(read)
    for name in REPORT_FILES:
        refuse_input(folder / name, kept, option="--report")


def model_files(*folders: Path | None) -> Iterator[Path]:
    """All that models are made of, or the files themselves where these are no folders."""
    for folder in filter(None, folders):
        yield from folder.rglob("*") if folder.is_dir() else (folder,)


def files_of(path: Path, source: str) -> Iterator[Path]:
    """Annotations with all that is read for them: what a folder holds, and the other one of a pair of files."""
    from tocsin.data.formats.catalogue import format_of

    yield path
    if path.is_dir():
        try:
            form = format_of(path, source)
        except DataError:
            return  # told when it is read
        yield from (file for file in path.rglob("*") if is_part(file, form))
    elif source == "brat" or (not source and path.suffix.lower() == ".ann"):
        yield from (path.with_suffix(suffix) for suffix in (".ann", ".txt"))


def is_part(path: Path, form: Format) -> bool:
    """Whether a file in a folder is one of those that a format is written as."""
    match form.name:
        case "brat":
            return path.with_suffix(".ann").is_file() and path.suffix in (".ann", ".txt")
        case "re3d":
            return path.name in ("documents.json", "entities.json", "relations.json")
        case _:
            return path.is_file() and path.suffix.lower() in form.suffixes


def named(problems: Sequence[Problem]) -> list[Problem]:
    """The first problems, and how many more there are."""
    rest = len(problems) - N_PROBLEMS
    more = [Problem(problems[-1].where, f"and {rest} more problems, this the last of them")] if rest > 0 else []
    return [*problems[:N_PROBLEMS], *more]


def tell_problems(talk: Console, problems: Sequence[Problem]) -> None:
    """Say what could not be read, and exit with 1; nothing if there is no problem."""
    if not problems:
        return
    say(talk, f"{counted(len(problems), 'problem')}:", style="bold red")
    say(talk, "\n".join(map(str, named(problems))))
    raise typer.Exit(1)


def show_record(talk: Console, record: Mapping[str, Any], report: Path | None) -> None:
    """The record of an evaluation on the terminal, and as a report if a folder is given for one."""
    page().show(*scoreboard(record))
    for note in record["notes"]:
        say(talk, note, kind="note", style="bold")
    if report:
        from tocsin.report import write_report

        say(talk, "\n".join(f"wrote {path}" for path in write_report(record, report)))
