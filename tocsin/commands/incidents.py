"""`tocsin incidents`: articles into a store, each incident once."""

import shlex
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

import tocsin
from tocsin.commands.common import READING_GAZETTEERS, Gazetteers, SchemaFile, named, tell_problems
from tocsin.data.errors import DataError, Problem
from tocsin.data.schema import DEFAULT_SCHEMA, Schema, read_schema
from tocsin.data.types import Article
from tocsin.inputs import STDIN, Intake, take_in
from tocsin.merged import merge_lines, merged_table
from tocsin.progress import reading_bar
from tocsin.tables import counted
from tocsin.terminal import busy, ending, interruptible, page, say, talk_console

if TYPE_CHECKING:
    from tocsin.collecting import Tally
    from tocsin.data.coding.coder import Linker
    from tocsin.data.store.store import Store

EXAMPLES = (
    "Example: tocsin incidents runs/seeds news/ --store events.db\n\n"
    "Example: tocsin incidents predicted.jsonl --store events.db --gazetteer my-bases.csv"
)
N_SHOWN = 40  # incidents in the table of a run


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the command was asked for."""

    model: Path  # a folder, or a file of documents
    inputs: Sequence[Path]
    store: str
    gazetteers: Sequence[Path]
    schema: Schema  # of documents; a model brings its own
    published: date | None
    again: bool  # replace what is stored of known articles


@ending()
def incidents(
    model: Annotated[
        Path,
        typer.Argument(
            metavar="MODEL",
            help="A folder that `tocsin train` wrote, or a file of documents, predicted or annotated.",
            show_default=False,
        ),
    ],
    store: Annotated[
        str,
        typer.Option(
            metavar="FILE",
            help="The store: a file, made if it is not there, or postgresql://USER@HOST/DATABASE.",
            show_default=False,
        ),
    ],
    inputs: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="INPUT", help="Files, folders, or - for standard input; none with documents.", show_default=False
        ),
    ] = None,
    gazetteer: Gazetteers = None,
    schema_file: SchemaFile = None,
    published: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="Day of publication of articles that state none."
        ),
    ] = None,
    again: Annotated[
        bool, typer.Option("--again", help="Read and code known articles anew, and replace what is stored of them.")
    ] = False,
) -> None:
    """Add articles to a store of incidents: days resolved, names linked, reports of one incident merged.

    An article is added once, whatever its file is called; each in one transaction, so that a run that was stopped
    goes on with the same command. Shows the incidents these articles tell of, and why any were merged.
    """
    is_file = model.is_file()
    if not model.exists():
        raise DataError(f"{model}: not there; expected a folder that `tocsin train` wrote, or a file of documents")
    for name, given in (("INPUT", is_file and inputs), ("--published", is_file and published)):
        if given:
            raise typer.BadParameter(f"{model} holds documents, which are taken as they are", param_hint=name)
    if schema_file and not is_file:
        raise typer.BadParameter(f"{model} brings a schema of its own", param_hint="--schema")
    if not is_file and not inputs and sys.stdin.isatty():
        raise typer.BadParameter("none given, and standard input is a terminal", param_hint="INPUT")
    schema = read_schema(schema_file) if schema_file else DEFAULT_SCHEMA
    day = published.date() if published else None
    with interruptible(talk_console(), "what was added is whole; the same command goes on"):
        problems = _incidents(Wanted(model, inputs or [STDIN], store, gazetteer or [], schema, day, again))
    tell_problems(talk_console(), problems)


def _incidents(wanted: Wanted) -> list[Problem]:
    from tocsin.data.gazetteers.linker import Linker
    from tocsin.data.store.store import Store

    talk = talk_console()
    with busy(talk, READING_GAZETTEERS):
        linker = Linker.standard(wanted.gazetteers)
    with Store.open(wanted.store) as store:
        from_ = _from_documents if wanted.model.is_file() else _from_articles
        tally, problems = from_(wanted, store, linker)
        if problems and not tally.keys:
            raise DataError.from_problems(named(problems))
        _show(store, tally)
    return problems


def _from_documents(wanted: Wanted, store: "Store", linker: "Linker") -> tuple["Tally", list[Problem]]:
    from tocsin.collecting import Tally, add_document, documents_of

    problems: list[Problem] = []
    tally = Tally()
    for document in documents_of(wanted.model, wanted.schema, problems):
        by = f"documents of {wanted.model.name}"
        add_document(document, store, linker, wanted.schema, by, tally, again=wanted.again)
    return tally, problems


def _from_articles(wanted: Wanted, store: "Store", linker: "Linker") -> tuple["Tally", list[Problem]]:
    from tocsin.collecting import collect, name_of

    talk = talk_console()
    intake = take_in(wanted.inputs, sys.stdin.buffer, published=wanted.published)
    with busy(talk, f"loading {wanted.model}"):
        reader = tocsin.load(wanted.model)
    with reading_bar(talk, visible=True, n_inputs=len(intake.sources)) as tell:
        tally = collect(_told(intake, tell), store, linker, reader, name_of(wanted.model), again=wanted.again)
    for note in intake.notes():
        say(talk, note, kind="note", style="bold")
    return tally, intake.problems


def _told(intake: Intake, tell: Callable[[int, int], None]) -> Iterator[Article]:
    for article in intake:
        tell(intake.n_done, intake.n_articles)
        yield article


def _show(store: "Store", tally: "Tally") -> None:
    """The incidents of these articles on standard output, what that came to on standard error."""
    talk, out = talk_console(), page()
    shown = list(islice(store.incidents(articles=tally.keys), N_SHOWN + 1))
    if shown:
        out.show(merged_table(shown[:N_SHOWN], width=out.console.width))
    if len(shown) > N_SHOWN:
        say(talk, f"the table ends after {N_SHOWN} incidents; tocsin export shows all", kind="note", style="bold")
    out.show_lines(*(Text(line) for incident in shown[:N_SHOWN] for line in merge_lines(incident)))
    for note in tally.told_notes():
        say(talk, note, kind="note", style="bold")
    held = store.counts()
    denied = f"; {counted(held.denied_only, 'account')} of attacks that are only denied" if held.denied_only else ""
    say(talk, "\n".join(tally.lines()))
    say(
        talk,
        f"{store.name} now holds {counted(held.articles, 'article')} and {counted(held.incidents, 'incident')}, "
        f"{held.merged} of them told by several articles{denied}\n"
        f"next: tocsin export {shlex.quote(store.name)} --format html --output incidents.html",
    )
