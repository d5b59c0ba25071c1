"""`tocsin train`: a model from annotated documents."""

import shlex
import shutil
from pathlib import Path
from time import perf_counter
from typing import Annotated

import typer

from tocsin.commands.common import ConfigFile
from tocsin.destination import CHECKPOINTS, claim, remove_model
from tocsin.progress import training_bar
from tocsin.tables import config_lines, losses_text, scores_table, sets_table
from tocsin.terminal import ending, interruptible, say, talk_console

SCORED_ON = {
    "dev": "scored on the dev articles, on which the best epoch was chosen too",
    "train": "scored on the articles it was trained on: says nothing about new ones; run tocsin crossval",
}

EXAMPLES = (
    "Example: tocsin train configs/seeds.toml --out runs/seeds\n\n"
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
