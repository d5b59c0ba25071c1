"""`tocsin export`: incidents in the formats of the field."""

import shlex
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from tocsin.commands.common import Gazetteers, SchemaFile
from tocsin.data.coding.merged import MergedIncident
from tocsin.data.errors import DataError, Problem
from tocsin.data.schema import DEFAULT_SCHEMA, Schema, read_schema
from tocsin.tables import counted
from tocsin.terminal import busy, ending, interruptible, page, say, talk_console

if TYPE_CHECKING:
    from tocsin.data.exports.written import Written
    from tocsin.data.store.store import Store

Form = Literal["jsonl", "csv", "parquet", "geojson", "acled", "ucdp", "plover", "gtd", "html"]
EXAMPLES = (
    "Example: tocsin export events.db --format html --output incidents.html\n\n"
    "Example: tocsin export predicted.jsonl --format acled --output acled.csv"
)


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
    schema = read_schema(schema_file) if schema_file else DEFAULT_SCHEMA
    problems: list[Problem] = []
    talk = talk_console()
    with (
        interruptible(talk, f"nothing was written to {output}" if output else "whole lines were written"),
        _incidents(source, gazetteer or [], schema, problems) as incidents,
    ):
        written = _written(incidents, form, output)
    _tell(written, problems)
    if problems:
        raise typer.Exit(1)


@contextmanager
def _incidents(
    source: str, gazetteers: Sequence[Path], schema: Schema, problems: list[Problem]
) -> Iterator[Iterable[MergedIncident]]:
    """The incidents of a store, or of documents that are put into one for as long as it takes."""
    from tocsin.data.store.opening import is_store, is_url
    from tocsin.data.store.store import Store

    if is_url(source) or is_store(Path(source)):
        if gazetteers:
            raise typer.BadParameter("names in a store were linked when they were added", param_hint="--gazetteer")
        with Store.open(source, create=False) as store:
            yield store.incidents()
        return
    path = Path(source)
    if not path.is_file():
        found = "is a folder" if path.is_dir() else "no such file"
        raise DataError(f"{path}: {found}; expected a store that tocsin incidents made, or a file of documents")
    with TemporaryDirectory(prefix="tocsin-") as folder, Store.open(Path(folder) / "events.db") as store:
        _fill(store, path, gazetteers, schema, problems)
        yield store.incidents()


def _fill(store: "Store", path: Path, gazetteers: Sequence[Path], schema: Schema, problems: list[Problem]) -> None:
    from tocsin.collecting import Tally, add_document, documents_of
    from tocsin.data.gazetteers.linker import Linker

    talk = talk_console()
    with busy(talk, "reading the gazetteers; the first time, half a minute for an index of places"):
        linker = Linker.standard(gazetteers)
    tally = Tally()
    with busy(talk, f"coding {path}"):
        for document in documents_of(path, schema, problems):
            add_document(document, store, linker, schema, f"documents of {path.name}", tally)
    if problems and not tally.keys:
        raise DataError.from_problems(problems)
    say(talk, "\n".join(tally.lines()))


def _written(incidents: Iterable[MergedIncident], form: Form, output: Path | None) -> "Written":
    from tocsin.data.exports.formats import FORMATS

    writer = FORMATS[form]
    if output:
        return writer.write(incidents, output)
    if writer.write_text is None or (form == "html" and sys.stdout.isatty()):
        raise typer.BadParameter(f"{form} needs a file: --output incidents{writer.suffix}", param_hint="--output")
    out = page()
    return writer.write_text(incidents, out.stream)


def _tell(written: "Written", problems: Sequence[Problem]) -> None:
    talk = talk_console()
    for what, n in written.not_shown.items():
        say(talk, f"{n} of {counted(written.n_incidents, 'incident')} {what}", kind="note", style="bold")
    if problems:
        say(talk, f"{counted(len(problems), 'problem')}:", style="bold red")
        say(talk, "\n".join(map(str, problems)))
    for path in written.files:
        say(talk, f"wrote {shlex.quote(str(path))}")
