"""The command line: parse, one library call, print. Heavy libraries are imported by the commands that need them."""

import json
import os
import shlex
import shutil
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from time import perf_counter
from typing import Annotated

import typer
from rich.text import Text

import tocsin
from tocsin.data.check import check_documents
from tocsin.data.errors import DataError
from tocsin.data.files import written_whole
from tocsin.data.schema import DEFAULT_SCHEMA, read_schema
from tocsin.data.types import Article
from tocsin.destination import CHECKPOINTS, claim, remove_model
from tocsin.facts import model_schema, run_facts, schema_facts
from tocsin.inputs import STDIN, Intake, take_in
from tocsin.outputs import WRITERS, Format
from tocsin.progress import folds_bar, reading_bar, training_bar
from tocsin.tables import (
    added_counts,
    articles_table,
    config_lines,
    counted,
    counts_tables,
    facts_table,
    files_table,
    finding_line,
    headline_table,
    losses_text,
    scores_table,
    sets_table,
)
from tocsin.terminal import busy, ending, interruptible, page, page_for, say, talk_console

SCORED_ON = {
    "dev": "scored on the dev articles, on which the best epoch was chosen too",
    "train": "scored on the articles it was trained on: says nothing about new ones; run tocsin crossval",
}

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    help="Turn conflict news into structured attack events, and train the models that do it.",
    epilog="Example: tocsin predict runs/seeds news/ --format table",
)

ConfigFile = Annotated[Path, typer.Argument(metavar="CONFIG", help="A run's TOML file.", show_default=False)]
ModelFolder = Annotated[
    Path, typer.Argument(metavar="MODEL", help="A folder that `tocsin train` wrote.", show_default=False)
]


def main() -> None:
    """The entry point of the `tocsin` program."""
    # Threads that spin while they wait starve each other where cores are shared: a training of 2 s took 85 s.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    os.environ.setdefault("GOMP_SPINCOUNT", "0")
    # Their bars and notes would stand between ours; whoever debugs sets these to something else.
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    os.environ.setdefault("HF_DATASETS_DISABLE_PROGRESS_BARS", "1")
    app()


def _show_version(wanted: bool) -> None:
    if wanted:
        page().write(f"tocsin {tocsin.__version__}\n")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", help="Say which version this is.", is_eager=True, callback=_show_version)
    ] = False,
) -> None:
    """Options before the command; what each does is its callback's."""


@app.command(epilog="Example: tocsin check data/annotated/seeds.jsonl")
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


@app.command(
    epilog="Example: tocsin train configs/seeds.toml --out runs/seeds\n\n"
    "Example: tocsin train configs/seeds.toml --out runs/seeds --resume"
)
@ending()
def train(
    config: ConfigFile,
    out: Annotated[
        Path | None, typer.Option(help="Folder for the model; by default runs/ and the name of CONFIG.")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Used instead of the seed in CONFIG.")] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace the model in the folder.")] = False,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with a run that was interrupted.")] = False,
) -> None:
    """Train a model on annotated documents, score it and write it to a folder."""
    if overwrite and resume:
        raise typer.BadParameter("it starts anew and --resume goes on; give one of the two", param_hint="--overwrite")
    out = out or Path("runs") / config.stem
    again = ["tocsin", "train", str(config), "--out", str(out), *(["--seed", str(seed)] if seed is not None else [])]
    with interruptible(talk_console(), f"go on with: {shlex.join([*again, '--resume'])}"):
        _train(config, out, seed=seed, overwrite=overwrite, resume=resume)


def _train(config_file: Path, out: Path, *, seed: int | None, overwrite: bool, resume: bool) -> None:
    from tocsin.train.config import read_config
    from tocsin.train.sets import load_sets

    talk = talk_console()
    config = read_config(config_file, seed=seed)
    claim(out, overwrite=overwrite, resume=resume)
    sets = load_sets(config)
    say(talk, config_lines(config.to_json()) + "\n")

    from tocsin.train.finish import counts, finish
    from tocsin.train.scores import rows
    from tocsin.train.training import last_checkpoint, prepare, train

    talk.print(sets_table(counts(sets.train), counts(sets.dev), sets.schema))
    for warning in sets.warnings:
        say(talk, str(warning), kind="note", style="bold")
    run = prepare(config, sets.schema, sets.train, sets.dev)
    say(talk, f"\n{losses_text(run.losses)}\n")
    if resume:
        checkpoint = last_checkpoint(out / CHECKPOINTS)
        say(talk, f"resumes at {checkpoint}" if checkpoint else "no checkpoint yet: starts at the first step")
    started = perf_counter()
    with training_bar(talk, has_dev=bool(run.dev)) as watch:
        model = train(run, work=out / CHECKPOINTS, resume=resume, watch=watch)
    remove_model(out)
    scores, scored_on = finish(run, model, sets.train, out, seconds=perf_counter() - started)
    shutil.rmtree(out / CHECKPOINTS)  # only now: a kill while the model is written loses nothing
    say(talk, f"\n{SCORED_ON[scored_on]}", style="bold")
    talk.print(scores_table(rows(scores)))
    say(talk, f"\nwrote {out}\nnext: tocsin predict {shlex.quote(str(out))} ARTICLE.txt --format text")


@app.command(epilog="Example: tocsin crossval configs/seeds.toml --out runs/crossval-seeds")
@ending()
def crossval(
    config: ConfigFile,
    out: Annotated[
        Path | None, typer.Option(help="Folder for the scores; by default runs/crossval- and the name of CONFIG.")
    ] = None,
) -> None:
    """Measure how a config does on new articles: train on all but one, score that one, for each and for every seed.

    Finished trainings are kept in the folder; the same command goes on after the last of them.
    """
    out = out or Path("runs") / f"crossval-{config.stem}"
    again = shlex.join(["tocsin", "crossval", str(config), "--out", str(out)])
    with interruptible(talk_console(), f"finished folds are kept, go on with: {again}"):
        _crossval(config, out)


def _crossval(config_file: Path, out: Path) -> None:
    from tocsin.train.config import read_config
    from tocsin.train.sets import load_sets

    talk = talk_console()
    config = read_config(config_file)
    sets = load_sets(config)
    if sets.dev:
        say(talk, "[data] dev takes no part: only the training articles are held out", kind="note", style="bold")

    from tocsin.train.crossval import crossval

    with folds_bar(talk) as watch:
        record = crossval(config, sets.schema, sets.train, out=out, watch=watch)
    say(talk, f"{watch.n_earlier} of {watch.n_folds} folds were taken from an earlier run")
    page().show(headline_table(record["headline"]), "", articles_table(record["by_article"]))
    say(talk, f"wrote {out / 'crossval.json'}")


@app.command(
    epilog="Example: tocsin predict runs/seeds news/ --output events.jsonl\n\n"
    "Example: tocsin predict runs/seeds a.txt --published 2024-05-02 --format text"
)
@ending()
def predict(
    model: ModelFolder,
    inputs: Annotated[
        list[Path] | None,
        typer.Argument(metavar="INPUT", help="Files, folders, or - for standard input.", show_default=False),
    ] = None,
    published: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="Day of publication of articles that state none."
        ),
    ] = None,
    form: Annotated[
        Format,
        typer.Option("--format", help="jsonl for programs; a table of incidents or the coloured text for people."),
    ] = "jsonl",
    output: Annotated[
        Path | None, typer.Option(help="File to write, whole or not at all; by default standard output.")
    ] = None,
) -> None:
    """Read new articles and write who attacked what, when, where and with what.

    Reads text, HTML, JSON and JSON lines. A file that cannot be read does not stop the rest; the exit code is then 1.
    """
    if not inputs and sys.stdin.isatty():
        raise typer.BadParameter("none given, and standard input is a terminal", param_hint="INPUT")
    day = published.date() if published else None
    intake = take_in(inputs or [STDIN], sys.stdin.buffer, published=day)
    talk = talk_console()
    left = f"nothing was written to {output}" if output else "documents already written are whole"
    with interruptible(talk, left):
        _predict(model, intake, form=form, output=output)
    for note in intake.notes():
        say(talk, note, kind="note", style="bold")
    if intake.problems:
        say(talk, f"{counted(len(intake.problems), 'problem')}:", style="bold red")
        say(talk, "\n".join(map(str, intake.problems)))
        raise typer.Exit(1)


def _predict(folder: Path, intake: Intake, *, form: Format, output: Path | None) -> None:
    talk = talk_console()
    visible = output is not None or not sys.stdout.isatty()
    with page_for(output) as out:
        with busy(talk, f"loading {folder}"):
            model = tocsin.load(folder)
        with reading_bar(talk, visible=visible, n_inputs=len(intake.sources)) as tell:
            WRITERS[form](model.predict_many(_told(intake, tell)), out, model.schema)
        if output and intake.problems and not intake.n_articles:
            raise DataError.from_problems(intake.problems)


def _told(intake: Intake, tell: Callable[[int, int], None]) -> Iterator[Article]:
    for article in intake:
        tell(intake.n_done, intake.n_articles)
        yield article


@app.command(epilog="Example: tocsin evaluate runs/seeds gold.jsonl --json scores.json")
@ending()
def evaluate(
    model: ModelFolder,
    gold: Annotated[
        list[Path], typer.Argument(metavar="GOLD", help="JSON lines of annotated documents.", show_default=False)
    ],
    json_file: Annotated[Path | None, typer.Option("--json", metavar="FILE", help="Write the scores here too.")] = None,
) -> None:
    """Predict annotated articles and compare.

    A score says something about new articles only if the model was not trained on these.
    """
    from tocsin.train.scores import rows, score
    from tocsin.train.sets import checked_documents

    talk = talk_console()
    with busy(talk, f"loading {model}"):
        trained = tocsin.load(model)
    documents = checked_documents(gold, trained.schema)
    predicted = []
    with reading_bar(talk, visible=True, n_inputs=len(documents)) as tell:
        for number, document in enumerate(documents):
            tell(number, number + 1)
            predicted.append(trained.predict(document.article))
    scores = score(documents, predicted, trained.schema)
    page().show(scores_table(rows(scores)))
    if json_file:
        with written_whole(json_file) as stream:
            stream.write(json.dumps(scores.to_json(), indent=1, ensure_ascii=False) + "\n")
        say(talk, f"wrote {json_file}")


@app.command(epilog="Example: tocsin info runs/seeds")
@ending()
def info(model: ModelFolder) -> None:
    """Say what a model knows, what it was trained on and how it scored, after verifying its files."""
    from tocsin.model.artifact import record_of, verify

    files = verify(model)["files"]
    record = record_of(model)
    facts = {"model": str(model), **schema_facts(model_schema(model)), **run_facts(record.run, record.metrics)}
    page().show(facts_table(facts), "", files_table(files))
