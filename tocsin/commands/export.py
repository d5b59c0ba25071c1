"""`tocsin export`: incidents in the formats of the field."""

import shlex
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from tocsin.commands.common import READING_GAZETTEERS, Gazetteers, SchemaFile, named, refuse_input, tell_problems
from tocsin.data.coding.merged import MergedIncident
from tocsin.data.errors import DataError, Problem
from tocsin.data.schema import DEFAULT_SCHEMA, read_schema
from tocsin.tables import counted
from tocsin.terminal import busy, ending, interruptible, naming_standard_output, page_for, say, talk_console

if TYPE_CHECKING:
    from tocsin.data.exports.written import Written
    from tocsin.data.store.store import Store

Form = Literal["jsonl", "csv", "parquet", "geojson", "acled", "ucdp", "plover", "gtd", "html"]
EXAMPLES = (
    "Example: tocsin export events.db --format html --output incidents.html\n\n"
    "Example: tocsin export predicted.jsonl --format acled --output acled.csv"
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is exported, and for a file of documents how it is read."""

    source: str
    gazetteers: Sequence[Path]
    schema_file: Path | None


@ending()
def export(
    source: Annotated[
        str,
        typer.Argument(
            metavar="STORE|FILE",
            help="A store that `tocsin incidents` made, or a file of documents, predicted or annotated.",
            show_default=False,
        ),
    ],
    form: Annotated[
        Form, typer.Option("--format", help="acled, ucdp, plover and gtd have those codebooks' columns; html is a map.")
    ] = "jsonl",
    output: Annotated[
        Path | None, typer.Option(help="File to write, whole or not at all; by default standard output.")
    ] = None,
    gazetteer: Gazetteers = None,
    schema_file: SchemaFile = None,
) -> None:
    """Write incidents as tables, a map, or in the columns of a codebook, each value with its evidence.

    Documents are coded and merged as tocsin incidents does it. What a text does not say stays empty.
    """
    wanted = Wanted(source, gazetteer or [], schema_file)
    if output:
        _guard(output, wanted)
    problems: list[Problem] = []
    talk = talk_console()
    with (
        interruptible(talk, f"nothing was written to {output}" if output else "whole lines were written"),
        _incidents(wanted, problems) as incidents,
    ):
        written = _written(incidents, form, output)
    _tell(written)
    tell_problems(talk, problems)


def _guard(output: Path, wanted: Wanted) -> None:
    """Refuse to write over what is read, or over any store: both took work that an export does not give back."""
    from tocsin.data.exports.codebook import evidence_path
    from tocsin.data.store.opening import is_store, is_url

    source = () if is_url(wanted.source) else (Path(wanted.source),)
    for path in (output, evidence_path(output) if output.name else output):
        refuse_input(path, filter(None, (*source, *wanted.gazetteers, wanted.schema_file)))
        if is_store(path):
            raise typer.BadParameter(f"{path} is a database; choose another file, or remove it", param_hint="--output")


@contextmanager
def _incidents(wanted: Wanted, problems: list[Problem]) -> Iterator[Iterable[MergedIncident]]:
    """The incidents of a store, or of documents that are put into one for as long as it takes."""
    from tocsin.data.store.opening import is_store, is_url
    from tocsin.data.store.store import Store

    path = Path(wanted.source)
    if is_url(wanted.source) or is_store(path):
        for name, given in (("--gazetteer", wanted.gazetteers), ("--schema", wanted.schema_file)):
            if given:
                raise typer.BadParameter("a store holds what was coded when it was filled", param_hint=name)
        with Store.open(wanted.source, create=False) as store:
            yield store.incidents()
        return
    if not path.is_file() or not path.stat().st_size:
        found = "is a folder" if path.is_dir() else "is empty" if path.is_file() else "no such file"
        raise DataError(f"{path}: {found}; expected a store that tocsin incidents made, or a file of documents")
    with TemporaryDirectory(prefix="tocsin-") as folder, Store.open(Path(folder) / "events.db") as store:
        _fill(store, wanted, problems)
        yield store.incidents()


def _fill(store: "Store", wanted: Wanted, problems: list[Problem]) -> None:
    from tocsin.collecting import Tally, add_document, documents_of
    from tocsin.data.gazetteers.linker import Linker

    talk = talk_console()
    path = Path(wanted.source)
    schema = read_schema(wanted.schema_file) if wanted.schema_file else DEFAULT_SCHEMA
    with busy(talk, READING_GAZETTEERS):
        linker = Linker.standard(wanted.gazetteers)
    tally = Tally()
    with busy(talk, f"coding {path}"):
        for document in documents_of(path, schema, problems):
            add_document(document, store, linker, schema, f"documents of {path.name}", tally)
    if problems and not tally.keys:
        raise DataError.from_problems(named(problems))
    for note in tally.told_notes():
        say(talk, note, kind="note", style="bold")
    say(talk, "\n".join(tally.lines()))


def _written(incidents: Iterable[MergedIncident], form: Form, output: Path | None) -> "Written":
    from tocsin.data.exports.formats import FORMATS

    writer = FORMATS[form]
    if output:
        return writer.write(incidents, output)
    if writer.write_text is None or (form == "html" and sys.stdout.isatty()):
        raise typer.BadParameter(f"{form} needs a file: --output incidents{writer.suffix}", param_hint="--output")
    with page_for(None) as out, naming_standard_output():
        return writer.write_text(incidents, out.stream)


def _tell(written: "Written") -> None:
    talk = talk_console()
    for what, n in written.not_shown.items():
        say(talk, f"{n} of {counted(written.n_incidents, 'incident')} {what}", kind="note", style="bold")
    for path in written.files:
        say(talk, f"wrote {shlex.quote(str(path))}")
