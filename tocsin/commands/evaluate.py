"""`tocsin evaluate`: predictions beside what is annotated."""

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from tocsin.commands.common import Form, FromFormat, ReportFolder, format_name, show_record
from tocsin.data.schema import read_schema
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
    "Example: tocsin evaluate runs/tags test.txt --from conll"
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
            help="JSON of a label set, for files of predictions; by default that of attacks, or with --from their own.",
        ),
    ] = None,
) -> None:
    """Predict annotated articles and compare: scores with intervals, mistakes, and whether confidence can be trusted.

    A score says something about new articles only if the model was not trained on these.
    """
    from tocsin.train.candidates import evaluation_record, open_candidate
    from tocsin.train.reading import shown_schema

    talk = talk_console()
    schema = read_schema(schema_file) if schema_file else None
    if schema is None and source and model.is_file():
        schema = shown_schema(gold, model, form=source)
    with busy(talk, f"loading {model}"):
        candidate = open_candidate(model, schema=schema)
        other = open_candidate(against, schema=schema) if against else None
    documents = _gold(talk, gold, candidate, source)
    make_folder(report)
    command = ["tocsin", "evaluate", str(model), *map(str, gold), *(["--against", str(against)] if against else [])]
    command += ["--schema", str(schema_file)] if schema_file else []
    command += ["--from", source] if source else []
    with unread_words() as unread, reading_bar(talk, visible=True, n_inputs=len(documents)) as tell:
        record = evaluation_record(
            documents,
            candidate,
            against=other,
            title=f"{model} on {', '.join(map(str, gold))}",
            reproduce=[shlex.join(command)],
            tell=tell,
        )
    if json_file:
        write_json(json_file, record)
    if note := unread.note():
        say(talk, note, kind="note", style="bold")
    show_record(talk, record, report)
    if json_file:
        say(talk, f"wrote {json_file}")


def _gold(talk: Console, paths: Sequence[Path], candidate: "Candidate", source: Form | None) -> "tuple[Document, ...]":
    """What is annotated, as far as the candidate's label set has a place for it; what is left out is told."""
    from tocsin.train.reading import of_schema, read_set

    names = {format_name(path, source) for path in paths}
    told = f"the labels known here are those of {candidate.name}"
    found = read_set(paths, form=names.pop() if len(names) == 1 else "", schema=candidate.schema, told=told)
    documents, unheld = of_schema(found.documents, candidate.schema)
    for problem in (*found.left_out, *unheld):
        say(talk, str(problem), kind="note", style="bold")
    return tuple(documents)
