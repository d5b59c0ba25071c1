"""`tocsin train`: a model from annotated documents."""

import shlex
import shutil
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer
from rich.console import Console

from tocsin.commands.common import ConfigFile
from tocsin.data.errors import ConfigError
from tocsin.destination import CHECKPOINTS, claim, remove_model
from tocsin.progress import folds_bar, training_bar
from tocsin.tables import config_lines, learned_text, scores_table, search_table, sets_table
from tocsin.terminal import ending, interruptible, say, talk_console
from tocsin.train.processes import is_first, n_processes

if TYPE_CHECKING:
    from tocsin.model.prediction import Model
    from tocsin.train.config import RunConfig
    from tocsin.train.preparation import Run
    from tocsin.train.search import Search
    from tocsin.train.sets import Sets
    from tocsin.train.trials import Trial

SCORED_ON = {
    "dev": "scored on the dev articles, on which the best epoch was chosen too",
    "silent dev": "scored on the dev articles, in which nothing is annotated: these chose no epoch, the last is taken",
    "train": "scored on the articles it was trained on: says nothing about new ones; run tocsin crossval",
}

EXAMPLES = (
    "Example: tocsin train configs/seeds.toml --out runs/seeds\n\n"
    "Example: tocsin train configs/seeds.toml --out runs/seeds --resume"
)


class Trained(NamedTuple):
    """What there is to finish."""

    run: "Run"
    model: "Model"
    seconds: float
    best_epoch: int | None  # None without dev documents
    search: dict[str, Any] | None  # what the model's metrics say of the search it is from


@ending()
def train(
    config: ConfigFile,
    out: Annotated[
        Path | None, typer.Option(help="Folder for the model; by default runs/ and the name of CONFIG.")
    ] = None,
    data: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Folder that the paths of \\[data] are relative to; by default CONFIG's."),
    ] = None,
    seed: Annotated[int | None, typer.Option(min=0, help="Used instead of the seed in CONFIG.")] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace the model in the folder.")] = False,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with a run that was interrupted.")] = False,
) -> None:
    """Train a model on annotated documents, score it and write it to a folder.

    With \\[search] in CONFIG every combination of the values named there is trained, and the dev documents choose.
    """
    if overwrite and resume:
        raise typer.BadParameter("it starts anew and --resume goes on; give one of the two", param_hint="--overwrite")
    out = out or Path("runs") / config.stem
    with interruptible(talk_console(), how_to_go_on(config, out, data=data, seed=seed)):
        _train(config, out, data=data, seed=seed, overwrite=overwrite, resume=resume)


def how_to_go_on(config: Path, out: Path, *, data: Path | None, seed: int | None) -> str:
    """What to type after an interruption; of the launcher of several processes only that there was one is known."""
    command = ["tocsin", "train", str(config), "--out", str(out)]
    command += ["--data", str(data)] if data is not None else []
    command += ["--seed", str(seed)] if seed is not None else []
    how = "go on with" if n_processes() == 1 else f"go on, in {n_processes()} processes as before, with"
    return f"{how}: {shlex.join([*command, '--resume'])}"


def _train(config_file: Path, out: Path, *, data: Path | None, seed: int | None, overwrite: bool, resume: bool) -> None:
    from tocsin.train.config import read_config
    from tocsin.train.sets import counts, load_sets

    talk = talk_console()
    talk.quiet = not is_first()
    config = read_config(config_file, seed=seed, data=data)
    trials = _trials(config, seed) if config.search else ()
    if is_first():
        claim(out, overwrite=overwrite, resume=resume)
    sets = load_sets(config)
    say(talk, config_lines(config.to_json()) + "\n")
    talk.print(sets_table(counts(sets.train, sets.schema), counts(sets.dev, sets.schema), sets.schema))
    for warning in sets.warnings:
        say(talk, str(warning), kind="note", style="bold")
    if trials:
        trained = _searched(talk, config, trials, sets, out, resume=resume)
    else:
        trained = _trained(talk, config, sets, out, resume=resume)
    if is_first():
        _finish(talk, trained, sets, out)


def _finish(talk: Console, trained: Trained, sets: "Sets", out: Path) -> None:
    """Put the model in its folder, in place of the one before, and show what it is worth."""
    from tocsin.train.finish import finish
    from tocsin.train.scores import rows
    from tocsin.train.search import RECORD

    remove_model(out)
    if trained.search is None:
        (out / RECORD).unlink(missing_ok=True)  # of the model before
    scores, scored_on = finish(
        trained.run,
        trained.model,
        sets.train,
        out,
        seconds=trained.seconds,
        best_epoch=trained.best_epoch,
        search=trained.search,
    )
    shutil.rmtree(out / CHECKPOINTS)  # only now: a kill while the model is written loses nothing
    chosen = ", as were setting and seed" if trained.search is not None and scored_on == "dev" else ""
    say(talk, f"\n{SCORED_ON[scored_on]}{chosen}", style="bold")
    talk.print(scores_table(row.to_json() for row in rows(scores)))
    say(talk, f"\nwrote {out}\nnext: tocsin predict {shlex.quote(str(out))} ARTICLE.txt --format text")


def _trials(config: "RunConfig", seed: int | None) -> "tuple[Trial, ...]":
    """What a search trains."""
    from tocsin.train.search import plan

    if seed is not None and "seed" in config.search:
        raise ConfigError("--seed: the config tries seeds, under [search]; change them there, or take them out there")
    if n_processes() > 1:
        raise ConfigError("[search] trains in one process; start it without `accelerate launch`")
    return plan(config)


def _trained(talk: Console, config: "RunConfig", sets: "Sets", out: Path, *, resume: bool) -> Trained:
    from tocsin.train.best import best_epoch
    from tocsin.train.clock import seconds_until
    from tocsin.train.preparation import prepare
    from tocsin.train.search import FOLDER
    from tocsin.train.training import precision, train
    from tocsin.train.work import last_checkpoint, refuse_another

    work = out / CHECKPOINTS
    if resume and (work / FOLDER).is_dir():
        raise ConfigError(
            f"{work}: was left by a run with [search]; resume it with the config it had, or start anew with --overwrite"
        )
    run = prepare(config, sets.schema, sets.train, sets.dev, beside=sets.beside)
    if resume and is_first():
        refuse_another(work, run, precision=precision(config.optim))
    say(talk, f"\n{learned_text(run)}\n")
    checkpoint = last_checkpoint(work) if resume else None
    if resume:
        say(talk, f"resumes at {checkpoint}" if checkpoint else "no checkpoint yet: starts at the first step")
    started = perf_counter() - seconds_until(checkpoint)
    with training_bar(talk, has_dev=bool(run.dev)) as watch:
        model = train(run, work=work, resume=resume, watch=watch)
    return Trained(run, model, perf_counter() - started, best_epoch(work), None)


def _searched(
    talk: Console, config: "RunConfig", trials: "tuple[Trial, ...]", sets: "Sets", out: Path, *, resume: bool
) -> Trained:
    from tocsin.train.search import begin, go_on, winner

    work = out / CHECKPOINTS
    search = begin(config, trials, sets, out=out, work=work, resume=resume)
    if search.outcomes:
        _show(talk, search)
    if resume and (n_done := len(search.outcomes)) < len(trials):
        say(talk, f"resumes at trial {n_done + 1} of {len(trials)}")

    def tell(run: "Run") -> None:
        say(talk, f"\n{learned_text(run)}\n")

    with folds_bar(talk, noun="trial") as watch:
        search = go_on(search, sets, out=out, work=work, watch=watch, tell=tell)
    _show(talk, search)
    run, model, seconds = winner(search, sets, work=work)
    best = search.chosen.best.best_epoch if search.chosen else None
    return Trained(run, model, seconds, best, search.facts())


def _show(talk: Console, search: "Search") -> None:
    """The search's table, what it is worth, and once it is finished the choice."""
    choice = search.choice()
    say(talk, f"\n{search.note}", style="bold")
    talk.print(search_table((setting.to_json() for setting in search.settings), choice))
    if choice:
        say(talk, f"\n* is chosen, with seed {choice['seed']}: dev score {choice['dev_score']:.3f}")
