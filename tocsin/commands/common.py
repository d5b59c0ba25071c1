"""What several commands take, and show, alike."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from tocsin.scoreboard import scoreboard
from tocsin.terminal import page, say

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


def show_record(talk: Console, record: Mapping[str, Any], report: Path | None) -> None:
    """The record of an evaluation on the terminal, and as a report if a folder is given for one."""
    page().show(*scoreboard(record))
    for note in record["notes"]:
        say(talk, note, kind="note", style="bold")
    if report:
        from tocsin.report import write_report

        say(talk, "\n".join(f"wrote {path}" for path in write_report(record, report)))
