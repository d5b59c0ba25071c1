"""`tocsin crossval`: how a config does on articles it was not trained on."""

import shlex
from pathlib import Path
from typing import Annotated

import typer

from tocsin.commands.common import ConfigFile, ReportFolder, refuse_report, show_record
from tocsin.data.errors import ConfigError
from tocsin.destination import make_folder, refuse_unwritable
from tocsin.outputs import write_json
from tocsin.progress import folds_bar
from tocsin.terminal import ending, interruptible, say, talk_console

EXAMPLES = (
    "Example: tocsin crossval configs/seeds.toml --out runs/crossval\n\n"
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
    if config.search:
        raise ConfigError("[search]: a cross-validation is of one setting; take the table out, or use tocsin train")
    if report:
        refuse_report(report, [config_file, *config.data_paths((*config.data.train, *config.data.dev))])
    for folder in (out, *([report] if report else [])):
        refuse_unwritable(folder)
    sets = load_sets(config)
    make_folder(report)

    from tocsin.train.crossval import crossval
    from tocsin.train.crossval_notes import crossval_notes
    from tocsin.train.leaks import leaks
    from tocsin.train.summary import brief, crossval_record

    for note in (*crossval_notes(config, sets), *leaks(config, sets.train)):
        say(talk, str(note), kind="note", style="bold")
    with folds_bar(talk) as watch:
        run = crossval(
            config,
            sets.schema,
            sets.train,
            out=out,
            learning_curve=learning_curve,
            watch=watch,
            beside=sets.beside,
        )
    say(talk, f"{watch.n_earlier} of {watch.n_folds} folds were taken from an earlier run")
    record = crossval_record(run, title=f"{config_file}, cross-validation", reproduce=[command])
    write_json(out / "crossval.json", brief(record))
    show_record(talk, record, report)
    say(talk, f"wrote {out / 'crossval.json'}")
