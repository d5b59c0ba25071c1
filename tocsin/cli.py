"""The command line: parse, one library call, print. Heavy libraries are imported by the commands that need them."""

import os
import shlex
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from time import perf_counter
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

import tocsin
from tocsin.data.check import check_documents
from tocsin.data.errors import DataError
from tocsin.data.schema import DEFAULT_SCHEMA, read_schema
from tocsin.data.types import Article
from tocsin.destination import CHECKPOINTS, claim, make_folder, remove_model
from tocsin.facts import model_schema, run_facts, schema_facts
from tocsin.inputs import STDIN, Intake, take_in
from tocsin.outputs import WRITERS, Format, write_json
from tocsin.progress import folds_bar, reading_bar, training_bar
from tocsin.scoreboard import scoreboard
from tocsin.sifting import Sieve, checked_precision, checked_score, sifting_notes, thresholds_for
from tocsin.tables import (
    added_counts,
    config_lines,
    counted,
    counts_tables,
    facts_table,
    files_table,
    finding_line,
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
ReportFolder = Annotated[
    Path | None, typer.Option("--report", metavar="DIR", help="Write a page to read, its summary and its figures here.")
]
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

    from tocsin.train.finish import finish
    from tocsin.train.scores import rows
    from tocsin.train.sets import counts
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
    talk.print(scores_table(row.to_json() for row in rows(scores)))
    say(talk, f"\nwrote {out}\nnext: tocsin predict {shlex.quote(str(out))} ARTICLE.txt --format text")


@app.command(
    epilog="Example: tocsin crossval configs/seeds.toml --out runs/crossval\n\n"
    "Example: tocsin crossval configs/seeds.toml --learning-curve --report runs/report"
)
@ending()
def crossval(
    config: ConfigFile,
    out: Annotated[
        Path | None, typer.Option(help="Folder for the scores; by default runs/crossval- and the name of CONFIG.")
    ] = None,
    learning_curve: Annotated[
        bool, typer.Option("--learning-curve", help="Train on fewer articles too: does another one help?")
    ] = False,
    report: ReportFolder = None,
) -> None:
    """Measure how a config does on new articles: train on all but some, score those, for every seed.

    Finished trainings are kept in the folder; the same command goes on after the last of them.

    The crossval.json it writes may be named under \\[calibration] in the config: it says what scores mean.
    """
    out = out or Path("runs") / f"crossval-{config.stem}"
    again = ["tocsin", "crossval", str(config), "--out", str(out)]
    again += ["--learning-curve"] if learning_curve else []
    again += ["--report", str(report)] if report else []
    with interruptible(talk_console(), f"finished folds are kept, go on with: {shlex.join(again)}"):
        _crossval(config, out, learning_curve=learning_curve, report=report, command=shlex.join(again))


def _crossval(config_file: Path, out: Path, *, learning_curve: bool, report: Path | None, command: str) -> None:
    from tocsin.train.config import read_config
    from tocsin.train.sets import load_sets

    talk = talk_console()
    config = read_config(config_file)
    sets = load_sets(config)
    make_folder(report)
    if sets.dev:
        say(talk, "[data] dev takes no part: only the training articles are held out", kind="note", style="bold")

    from tocsin.train.crossval import crossval
    from tocsin.train.summary import brief, crossval_record

    with folds_bar(talk) as watch:
        run = crossval(config, sets.schema, sets.train, out=out, learning_curve=learning_curve, watch=watch)
    say(talk, f"{watch.n_earlier} of {watch.n_folds} folds were taken from an earlier run")
    record = crossval_record(run, title=f"{config_file}, cross-validation", reproduce=[command])
    write_json(out / "crossval.json", brief(record))
    _show_record(talk, record, report)
    say(talk, f"wrote {out / 'crossval.json'}")


@app.command(
    epilog="Example: tocsin predict runs/seeds news/ --output events.jsonl\n\n"
    "Example: tocsin predict runs/seeds a.txt --published 2024-05-02 --format text\n\n"
    "Example: tocsin predict runs/seeds news/ --precision 0.9 --format table"
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
    min_score: Annotated[
        float,
        typer.Option(
            metavar="X", callback=checked_score, help="Leave out what scores below X, from 0 to 1.", show_default=False
        ),
    ] = 0.0,
    precision: Annotated[
        float | None,
        typer.Option(
            metavar="P",
            callback=checked_precision,
            help="Leave out what scores below the thresholds that reach precision P on the articles the scores were "
            "calibrated on; with --min-score, the higher threshold counts.",
        ),
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
        _predict(model, intake, form=form, output=output, min_score=min_score, precision=precision)
    for note in intake.notes():
        say(talk, note, kind="note", style="bold")
    if intake.problems:
        say(talk, f"{counted(len(intake.problems), 'problem')}:", style="bold red")
        say(talk, "\n".join(map(str, intake.problems)))
        raise typer.Exit(1)


def _predict(
    folder: Path, intake: Intake, *, form: Format, output: Path | None, min_score: float, precision: float | None
) -> None:
    talk = talk_console()
    visible = output is not None or not sys.stdout.isatty()
    with page_for(output) as out:
        with busy(talk, f"loading {folder}"):
            model = tocsin.load(folder)
        wanted = thresholds_for(model.calibration, min_score=min_score, precision=precision)
        sieve = Sieve(wanted, model.schema)
        for note in sifting_notes(model.calibration, min_score=min_score, precision=precision):
            say(talk, note, kind="note", style="bold")
        with reading_bar(talk, visible=visible, n_inputs=len(intake.sources)) as tell:
            WRITERS[form](sieve(model.predict_many(_told(intake, tell))), out, model.schema)
        if output and intake.problems and not intake.n_articles:
            raise DataError.from_problems(intake.problems)
    if note := sieve.note():
        say(talk, note, kind="note", style="bold")


def _told(intake: Intake, tell: Callable[[int, int], None]) -> Iterator[Article]:
    for article in intake:
        tell(intake.n_done, intake.n_articles)
        yield article


@app.command(
    epilog="Example: tocsin evaluate runs/seeds gold.jsonl --report runs/report\n\n"
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
    _show_record(talk, record, report)
    if json_file:
        say(talk, f"wrote {json_file}")


def _show_record(talk: Console, record: Mapping[str, Any], report: Path | None) -> None:
    """The record of an evaluation on the terminal, and as a report if a folder is given for one."""
    page().show(*scoreboard(record))
    for note in record["notes"]:
        say(talk, note, kind="note", style="bold")
    if report:
        from tocsin.report import write_report

        say(talk, "\n".join(f"wrote {path}" for path in write_report(record, report)))


@app.command(epilog="Example: tocsin info runs/seeds")
@ending()
def info(model: ModelFolder) -> None:
    """Say what a model knows, what it was trained on and how it scored, after verifying its files."""
    from tocsin.model.artifact import record_of, verify

    files = verify(model)["files"]
    record = record_of(model)
    facts = {"model": str(model), **schema_facts(model_schema(model)), **run_facts(record.run, record.metrics)}
    page().show(facts_table(facts), "", files_table(files))
