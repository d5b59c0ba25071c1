"""`tocsin predict`: new articles in, documents out."""

import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

import tocsin
from tocsin.columns import given_columns, idle_columns, merged, trained_columns
from tocsin.commands.common import (
    Form,
    FromSeparator,
    LabelColumns,
    ModelFolder,
    TagColumn,
    TextColumn,
    TextLabels,
    files_of,
    model_files,
    refuse_input,
)
from tocsin.data.errors import DataError
from tocsin.data.types import Article
from tocsin.inputs import STDIN, Intake, take_in
from tocsin.outputs import WRITERS, Format
from tocsin.progress import reading_bar
from tocsin.quiet_texts import QuietTexts
from tocsin.render import resolves_days
from tocsin.sifting import Sieve, checked_precision, checked_score, sifting_notes, thresholds_for
from tocsin.tables import counted
from tocsin.terminal import busy, ending, interruptible, page_for, say, talk_console
from tocsin.unread import unread_words

EXAMPLES = (
    "Example: tocsin predict runs/seeds news/ --output events.jsonl\n\n"
    "Example: tocsin predict runs/seeds a.txt --published 2024-05-02 --format text\n\n"
    "Example: tocsin predict runs/seeds news/ --precision 0.9 --format table\n\n"
    "Example: tocsin predict runs/tags test.conll --from conll --output predicted.jsonl"
)


@ending()
def predict(
    model: ModelFolder,
    inputs: Annotated[
        list[Path] | None,
        typer.Argument(metavar="INPUT", help="Files, folders, or - for standard input.", show_default=False),
    ] = None,
    source: Annotated[
        Form | None,
        typer.Option(
            "--from",
            help="INPUT are annotated documents of this format: read their texts, with the words they come cut into.",
        ),
    ] = None,
    published: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="Day of publication of articles that state none."
        ),
    ] = None,
    form: Annotated[
        Format,
        typer.Option(
            "--format", help="jsonl for programs; one table, or each text with what was found in it, for people."
        ),
    ] = "jsonl",
    output: Annotated[
        Path | None, typer.Option(help="File to write, whole or not at all; by default standard output.")
    ] = None,
    min_score: Annotated[
        float,
        typer.Option(
            metavar="X",
            callback=checked_score,
            help="Leave out entities, events, arguments, incidents and fillers that score below X, from 0 to 1; labels "
            "of texts and templates stay.",
            show_default=False,
        ),
    ] = 0.0,
    precision: Annotated[
        float | None,
        typer.Option(
            metavar="P",
            callback=checked_precision,
            help="Leave out, of the same, what scores below the thresholds that reach precision P on the articles the "
            "scores were calibrated on; with --min-score, the higher threshold counts.",
        ),
    ] = None,
    from_separator: FromSeparator = None,
    tag_column: TagColumn = None,
    text_column: TextColumn = "",
    label_column: LabelColumns = None,
    text_label: TextLabels = None,
) -> None:
    """Read new articles and write what the model finds: who attacked what, when and where, or what else it learned.

    Reads text, HTML, JSON and JSON lines, and with --from the texts of annotated documents: of the format that
    the model was trained from with the columns that \\[data] of its config names, unless options name others. A file
    that cannot be read does not stop the rest; the exit code is then 1.
    """
    _guard(inputs, source)
    day = published.date() if published else None
    formats = [source] if source else []
    given = given_columns(from_separator, tag_column, text_column, label_column, text_label)
    for note in idle_columns(given, formats):
        say(talk_console(), note, kind="note")
    columns, taken = merged(given, trained_columns(model, formats))
    intake = take_in(inputs or [STDIN], sys.stdin.buffer, published=day, form=source or "", columns=columns, told=taken)
    if output:
        refuse_input(output, (*model_files(model), *_files(intake, source or "")))
    left = f"nothing was written to {output}" if output else "documents already written are whole"
    with interruptible(talk_console(), left):
        asks_days = _predict(model, intake, form=form, output=output, min_score=min_score, precision=precision)
    _tell(intake, asks_days=asks_days)


def _guard(inputs: list[Path] | None, source: Form | None) -> None:
    """Refuse to wait for a terminal, and to read standard input as annotations."""
    if not inputs and sys.stdin.isatty():
        raise typer.BadParameter("none given, and standard input is a terminal", param_hint="INPUT")
    if source and STDIN in (inputs or [STDIN]):
        raise typer.BadParameter("reads files, which it may go through twice: save standard input", param_hint="--from")


def _files(intake: Intake, source: str) -> Iterator[Path]:
    """All that is read."""
    for path in intake.sources:
        if path == STDIN:
            yield Path("/dev/stdin")  # leads to the file it was redirected from
        elif source:
            yield from files_of(path, source)
        else:
            yield path


def _predict(
    folder: Path, intake: Intake, *, form: Format, output: Path | None, min_score: float, precision: float | None
) -> bool:
    """Write what a model predicts; whether it resolves days."""
    talk = talk_console()
    visible = output is not None or not sys.stdout.isatty()
    with page_for(output) as out:
        with busy(talk, f"loading {folder}"):
            model = tocsin.load(folder)
        wanted = thresholds_for(model.calibration, model.schema, min_score=min_score, precision=precision)
        sieve = Sieve(wanted, model.schema)
        for note in sifting_notes(model.calibration, model.schema, min_score=min_score, precision=precision):
            say(talk, note, kind="note", style="bold")
        bar = reading_bar(talk, visible=visible, n_inputs=len(intake.sources))
        with unread_words() as unread, bar as tell:
            quiet = QuietTexts(model.schema)
            WRITERS[form](sieve(quiet(model.predict_many(_told(intake, tell)))), out, model.schema)
        if output and intake.problems and not intake.n_articles:
            raise DataError.from_problems(intake.all_problems())
    for note in filter(None, (sieve.note(), quiet.note(), unread.note())):
        say(talk, note, kind="note", style="bold")
    return resolves_days(model.schema)


def _told(intake: Intake, tell: Callable[[int, int], None]) -> Iterator[Article]:
    for article in intake:
        tell(intake.n_done, intake.n_articles)
        yield article


def _tell(intake: Intake, *, asks_days: bool) -> None:
    """Say what is odd about the articles, and what could not be read; exits with 1 if there is any of that."""
    talk = talk_console()
    for note in intake.notes(asks_days=asks_days):
        say(talk, note, kind="note", style="bold")
    if intake.problems:
        say(talk, f"{counted(len(intake.problems), 'problem')}:", style="bold red")
        say(talk, "\n".join(map(str, intake.all_problems())))
        raise typer.Exit(1)
