"""`tocsin check`: what is annotated, and what is wrong with it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from tocsin.columns import given_columns, idle_columns
from tocsin.commands.common import (
    FromFormat,
    FromSeparator,
    LabelColumns,
    TagColumn,
    TextColumn,
    TextLabels,
    format_name,
)
from tocsin.data.check import Finding, Report, check_documents
from tocsin.data.errors import Problem
from tocsin.data.files import is_stream
from tocsin.data.formats.conversion import AS_FOUND, Converted, Options
from tocsin.data.formats.fitting import own_id
from tocsin.data.formats.inference import Task
from tocsin.data.jsonl import read_records
from tocsin.data.schema import DEFAULT_SCHEMA, Schema, read_schema
from tocsin.data.types import Article, Document
from tocsin.tables import added_counts, counted, counts_tables, finding_line
from tocsin.terminal import busy, ending, page, say, talk_console

EXAMPLES = (
    "Example: tocsin check data/annotated/seeds.jsonl\n\n"
    "Example: tocsin check train.tsv dev.tsv --from table --task text"
)
N_SHOWN = 20  # near-duplicates across files


@ending()
def check(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE", help="Files of annotated documents.", show_default=False)
    ],
    source: FromFormat = None,
    task: Annotated[
        Task | None, typer.Option(help="What is to be learned; by default what the files are annotated for.")
    ] = None,
    schema_file: Annotated[
        Path | None,
        typer.Option(
            "--schema",
            metavar="FILE",
            help="JSON of a label set; by default that of attacks for JSON lines, else whatever labels there are.",
        ),
    ] = None,
    from_separator: FromSeparator = None,
    tag_column: TagColumn = None,
    text_column: TextColumn = "",
    label_column: LabelColumns = None,
    text_label: TextLabels = None,
) -> None:
    """Count what is annotated, then say what is wrong with it, worst first.

    Several files are taken for the parts of a split, train and dev say: texts that stand in two of them are told too.
    The exit code is 1 if any finding is an error.
    """
    schema = read_schema(schema_file) if schema_file else None
    formats = {path: format_name(path, source) for path in files}
    given = given_columns(from_separator, tag_column, text_column, label_column, text_label)
    columns = Options(**given)
    for note in idle_columns(given, formats.values()):
        say(talk_console(), note, kind="note")
    reports = _reports(formats, schema, task, columns, is_told=source is not None or task is not None)
    with busy(talk_console(), "comparing the files"):
        across = list(across_files(files, formats, replace(columns, schema=schema)))
    findings = sorted((f for report in reports for f in report.findings), key=lambda f: not f.is_error)
    n_documents, n_errors = sum(report.n_documents for report in reports), sum(report.n_errors for report in reports)
    n_warnings = sum(report.n_warnings for report in reports) + len(across)
    totals = (n_documents, "document"), (n_errors, "error"), (n_warnings, "warning")
    out = page()
    if n_documents:
        out.show(counts_tables(added_counts(report.counts for report in reports)))
    lines = (*map(finding_line, findings), *_first_lines(across))
    out.show_lines(*lines, Text(", ".join(counted(n, noun) for n, noun in totals)))
    raise typer.Exit(1 if n_errors else 0)


def _reports(
    formats: Mapping[Path, str], schema: Schema | None, task: Task | None, columns: Options, *, is_told: bool
) -> Sequence[Report]:
    """What there is in the files.

    Args:
        formats: of each.
        schema: what may be annotated, if it is known.
        task: what is to be learned, if it is known.
        columns: how files that have such are to be read.
        is_told: whether format or task were; then no schema but that of the files is assumed.
    """
    if set(formats.values()) == {"jsonl"} and (schema or not is_told):
        return [check_documents(path, schema or DEFAULT_SCHEMA) for path in formats]
    from tocsin.data.check_formats import check_files

    return [check_files(formats, task=task, schema=schema, columns=columns)]


def across_files(files: Sequence[Path], formats: Mapping[Path, str], columns: Options = AS_FOUND) -> Iterator[Finding]:
    """Texts that stand in two files, the same or hardly changed, and files that cannot be compared."""
    from tocsin.data.near_duplicates import near_duplicates

    if len(files) < 2:
        return
    for path in filter(is_stream, files):
        yield Finding(
            str(path), "is a pipe, which is read only once: not compared with the other files", is_error=False
        )
    groups = {str(path): partial(_texts, path, formats[path], columns) for path in files if not is_stream(path)}
    for found in near_duplicates(groups):
        (where, _), (_, other) = found.key, found.other_key
        likeness = "equal but for case and white space" if found.is_equal else _share(found.shared)
        message = f"near-duplicate of {found.other_group}:{other} ({likeness})"
        yield Finding(where, message, is_error=False)


def _share(shared: float) -> str:
    """Cut, not rounded: 1.00 would say that nothing was changed.

    >>> _share(0.9991)
    '0.99 of their word runs are shared'
    """
    return f"{int(shared * 100) / 100:.2f} of their word runs are shared"


def _texts(path: Path, name: str, columns: Options) -> Iterator[tuple[tuple[str, str], str]]:
    """Where each text of a file stands and its id, with the text; what cannot be read was told before."""
    if name != "jsonl":
        yield from _texts_of_format(path, name, columns)
        return
    for record in read_records(path):
        if isinstance(record, Problem):
            continue
        text = record.content.get("text")
        if isinstance(text, str) and text.strip():
            yield (record.where, own_id(record.content, "id") or Article(text).id), text


def _texts_of_format(path: Path, name: str, columns: Options) -> Iterator[tuple[tuple[str, str], str]]:
    from tocsin.data.formats.catalogue import read

    for document in read(path, name, columns, Converted()):
        if isinstance(document, Document):
            yield (f"{path}:{document.article.id}", document.article.id), document.article.text


def _first_lines(findings: Sequence[Finding]) -> Iterable[Text]:
    """The first findings, and how many more there are."""
    yield from map(finding_line, islice(findings, N_SHOWN))
    if len(findings) > N_SHOWN:
        yield Text(f"and {counted(len(findings) - N_SHOWN, 'more near-duplicate')} across the files")
