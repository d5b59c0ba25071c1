"""`tocsin check`: what is annotated, and what is wrong with it."""

from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from tocsin.data.check import check_documents
from tocsin.data.schema import DEFAULT_SCHEMA, read_schema
from tocsin.tables import added_counts, counted, counts_tables, finding_line
from tocsin.terminal import ending, page

EXAMPLES = "Example: tocsin check data/annotated/seeds.jsonl"


@ending()
def check(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE", help="JSON lines of annotated documents.", show_default=False)
    ],
    schema_file: Annotated[
        Path | None, typer.Option("--schema", metavar="FILE", help="JSON of a label set; by default that of attacks.")
    ] = None,
) -> None:
    """Count what is annotated, then say what is wrong with it, worst first.

    The exit code is 1 if any finding is an error.
    """
    schema = read_schema(schema_file) if schema_file else DEFAULT_SCHEMA
    reports = [check_documents(path, schema) for path in files]
    findings = sorted((f for report in reports for f in report.findings), key=lambda f: not f.is_error)
    n_documents, n_errors = sum(report.n_documents for report in reports), sum(report.n_errors for report in reports)
    n_warnings = sum(report.n_warnings for report in reports)
    totals = (n_documents, "document"), (n_errors, "error"), (n_warnings, "warning")
    out = page()
    if n_documents:
        out.show(counts_tables(added_counts(report.counts for report in reports)))
    out.show_lines(*map(finding_line, findings), Text(", ".join(counted(n, noun) for n, noun in totals)))
    raise typer.Exit(1 if n_errors else 0)
