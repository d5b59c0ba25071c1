"""`tocsin evaluate`: predictions beside what is annotated."""

import shlex
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from tocsin.columns import command_line, given_columns, idle_columns, merged, trained_columns
from tocsin.commands.common import (
    FromFormat,
    FromSeparator,
    LabelColumns,
    ReportFolder,
    TagColumn,
    TextColumn,
    TextLabels,
    files_of,
    format_name,
    model_files,
    refuse_input,
    refuse_report,
    show_record,
)
from tocsin.data.formats.conversion import Options
from tocsin.data.schema import DEFAULT_SCHEMA, read_schema
from tocsin.destination import make_folder
from tocsin.outputs import write_json
from tocsin.progress import reading_bar
from tocsin.terminal import busy, ending, say, talk_console
from tocsin.unread import unread_words

if TYPE_CHECKING:
    from tocsin.data.types import Document
    from tocsin.train.candidates import Candidate

EXAMPLES = (
    "Example: tocsin evaluate runs/seeds gold.jsonl --report runs/report\n\n"
    "Example: tocsin evaluate runs/new gold.jsonl --against runs/old\n\n"
    "Example: tocsin evaluate runs/tags test.txt --from conll --tag-column 3"
)


@ending()
def evaluate(
    model: Annotated[
        Path,
        typer.Argument(
            metavar="MODEL", help="A folder that `tocsin train` wrote, or a file of predictions.", show_default=False
        ),
    ],
    gold: Annotated[
        list[Path], typer.Argument(metavar="GOLD", help="Files of annotated documents.", show_default=False)
    ],
    source: FromFormat = None,
    against: Annotated[
        Path | None, typer.Option(metavar="MODEL", help="Another one: how sure is it that the first is better?")
    ] = None,
    report: ReportFolder = None,
    json_file: Annotated[Path | None, typer.Option("--json", metavar="FILE", help="Write the scores here too.")] = None,
    schema_file: Annotated[
        Path | None,
        typer.Option(
            "--schema",
            metavar="FILE",
            help="JSON of a label set, for files of predictions; by default that of attacks if they have no other "
            "labels or GOLD is JSON lines, else their own, as with --from.",
        ),
    ] = None,
    from_separator: FromSeparator = None,
    tag_column: TagColumn = None,
    text_column: TextColumn = "",
    label_column: LabelColumns = None,
    text_label: TextLabels = None,
) -> None:
    """Predict annotated articles and compare: scores with intervals, mistakes, and whether confidence can be trusted.

    A score says something about new articles only if the model was not trained on these. Files of the format that it
    was trained from are read with the columns that \\[data] of its config names, unless options name others.
    """
    from tocsin.train.candidates import evaluation_record, open_candidate
    from tocsin.train.reading import shown_schema

    talk = talk_console()
    annotated = [file for path in gold for file in files_of(path, source or "")]
    read = (*model_files(model, against, schema_file), *annotated)
    if json_file:
        refuse_input(json_file, read, option="--json")
    if report:
        refuse_report(report, read)
    schema = read_schema(schema_file) if schema_file else None
    given = given_columns(from_separator, tag_column, text_column, label_column, text_label)
    files = _Files(gold, {format_name(path, source) for path in gold}, given)
    for note in idle_columns(given, files.formats):
        say(talk, note, kind="note")
    if schema is None and model.is_file() and (source or files.formats != {"jsonl"}):
        default = None if source else DEFAULT_SCHEMA
        schema = shown_schema(gold, model, form=source or "", columns=Options(**given), default=default)
    with busy(talk, f"loading {model}"):
        candidate = open_candidate(model, schema=schema)
        other = open_candidate(against, schema=schema) if against else None
    documents = _gold(talk, files, candidate, model)
    make_folder(report)
    options = {"--against": against, "--schema": schema_file, "--from": source}
    with unread_words() as unread, reading_bar(talk, visible=True, n_inputs=len(documents)) as tell:
        record = evaluation_record(
            documents,
            candidate,
            against=other,
            title=f"{model} on {', '.join(map(str, gold))}",
            reproduce=[_command(model, files, options)],
            tell=tell,
        )
    if json_file:
        write_json(json_file, record)
    if note := unread.note():
        say(talk, note, kind="note", style="bold")
    show_record(talk, record, report)
    if json_file:
        say(talk, f"wrote {json_file}")


@dataclass(frozen=True, slots=True)
class _Files:
    """What is annotated."""

    paths: Sequence[Path]
    formats: Collection[str]
    given: Mapping[str, Any]  # of columns, from `given_columns`


def _command(model: Path, files: _Files, options: Mapping[str, Path | str | None]) -> str:
    """What a reader of the record types to get the same scores."""
    named = [word for option, value in options.items() if value for word in (option, str(value))]
    return shlex.join(["tocsin", "evaluate", str(model), *map(str, files.paths), *named, *command_line(files.given)])


def _gold(talk: Console, files: _Files, candidate: "Candidate", model: Path) -> "tuple[Document, ...]":
    """What is annotated, as far as the candidate's label set has a place for it; what is left out is told."""
    from tocsin.train.reading import of_schema, read_set

    columns, taken = merged(files.given, trained_columns(model, files.formats))
    told = f"the labels known here are those of {candidate.name}"
    found = read_set(
        files.paths,
        form=next(iter(files.formats)) if len(files.formats) == 1 else "",
        schema=candidate.schema,
        columns=columns,
        told=f"{told}; {taken}" if taken else told,
    )
    documents, unheld = of_schema(found.documents, candidate.schema)
    for problem in (*found.left_out, *unheld):
        say(talk, str(problem), kind="note", style="bold")
    return tuple(documents)
