"""`tocsin evaluate`: predictions beside what is annotated."""

import shlex
from pathlib import Path
from typing import Annotated

import typer

from tocsin.commands.common import ReportFolder, show_record
from tocsin.data.schema import read_schema
from tocsin.destination import make_folder
from tocsin.outputs import write_json
from tocsin.progress import reading_bar
from tocsin.terminal import busy, ending, say, talk_console

EXAMPLES = (
    "Example: tocsin evaluate runs/seeds gold.jsonl --report runs/report\n\n"
    "Example: tocsin evaluate runs/new gold.jsonl --against runs/old"
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
        list[Path], typer.Argument(metavar="GOLD", help="JSON lines of annotated documents.", show_default=False)
    ],
    against: Annotated[
        Path | None, typer.Option(metavar="MODEL", help="Another one: how sure is it that the first is better?")
    ] = None,
    report: ReportFolder = None,
    json_file: Annotated[Path | None, typer.Option("--json", metavar="FILE", help="Write the scores here too.")] = None,
    schema_file: Annotated[
        Path | None, typer.Option("--schema", metavar="FILE", help="JSON of a label set, for files of predictions.")
    ] = None,
) -> None:
    """Predict annotated articles and compare: scores with intervals, mistakes, and whether confidence can be trusted.

    A score says something about new articles only if the model was not trained on these.
    """
    from tocsin.train.candidates import evaluation_record, open_candidate
    from tocsin.train.sets import checked_documents

    talk = talk_console()
    schema = read_schema(schema_file) if schema_file else None
    with busy(talk, f"loading {model}"):
        candidate = open_candidate(model, schema=schema)
        other = open_candidate(against, schema=schema) if against else None
    documents = checked_documents(gold, candidate.schema, told=f"the labels known here are those of {model}")
    make_folder(report)
    command = ["tocsin", "evaluate", str(model), *map(str, gold), *(["--against", str(against)] if against else [])]
    command += ["--schema", str(schema_file)] if schema_file else []
    with reading_bar(talk, visible=True, n_inputs=len(documents)) as tell:
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
    show_record(talk, record, report)
    if json_file:
        say(talk, f"wrote {json_file}")
