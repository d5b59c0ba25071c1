"""The search: every combination of the values that `[search]` names is trained, and the dev documents choose.

The setting with the best mean dev score over its seeds is chosen, for one lucky seed says little of a setting (Reimers
and Gurevych 2017, "Reporting Score Distributions Makes a Difference"); of its trials the one with the best dev score
becomes the model.

Figures are kept after each trial, so that an interrupted search goes on in the middle of the one it stopped in.
"""

import hashlib
import json
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from pathlib import Path
from time import perf_counter
from typing import Any

from safetensors import SafetensorError
from safetensors.torch import load_file

from tocsin.data.errors import ConfigError, TrainingError
from tocsin.data.files import written_whole
from tocsin.data.jsonl import document_to_record
from tocsin.model.artifact import weights_of, write_tensors
from tocsin.model.prediction import Model
from tocsin.train.clock import seconds_until
from tocsin.train.config import RunConfig, differing_settings
from tocsin.train.counts import rounded
from tocsin.train.json_text import json_text
from tocsin.train.preparation import Run, prepare
from tocsin.train.provenance import provenance
from tocsin.train.sets import Sets
from tocsin.train.startable import refuse_unstartable
from tocsin.train.starts import start_hash
from tocsin.train.training import Progress, train
from tocsin.train.trials import Outcome, Setting, Trial, seconds_of
from tocsin.train.work import last_checkpoint

FOLDER = "search"  # among the checkpoints: a folder for the trial that is going on, and the weights that may be chosen
RECORD = "search.json"

Watch = Callable[[int, int, Progress], None]


@dataclass(frozen=True, slots=True)
class Search:
    """How far a search has come."""

    trials: tuple[Trial, ...]
    outcomes: tuple[Outcome, ...]  # of the first of them
    identity: Mapping[str, Any]  # of the config, the schema and the documents
    provenance: Mapping[str, Any]  # of the code that was loaded when it began
    n_dev: int  # documents

    @property
    def n_seeds(self) -> int:
        return len({trial.config.seed for trial in self.trials})

    @property
    def settings(self) -> tuple[Setting, ...]:
        """Every setting of which a trial is finished; all but the last have all their seeds."""
        starts = range(0, len(self.outcomes), self.n_seeds)
        return tuple(Setting(self.outcomes[start : start + self.n_seeds]) for start in starts)

    @property
    def leader(self) -> Setting | None:
        """The setting with the best mean of those that have all their seeds, the earliest of equals."""
        whole = self.settings[: len(self.outcomes) // self.n_seeds]
        return max(whole, key=lambda setting: setting.worth, default=None)

    @property
    def chosen(self) -> Setting | None:
        """None while there are trials left."""
        return self.leader if len(self.outcomes) == len(self.trials) else None

    @property
    def candidates(self) -> set[int]:
        """The numbers of the trials whose weights may still be chosen: the leader's, and that of a setting begun."""
        begun = self.settings[len(self.outcomes) // self.n_seeds :]
        return {setting.best.number for setting in (self.leader, *begun) if setting}

    @property
    def note(self) -> str:
        """How far the figures are to be believed (Cawley and Talbot 2010, on selection bias)."""
        documents = "1 dev document" if self.n_dev == 1 else f"{self.n_dev} dev documents"
        n_away = sum(outcome.ran_away for outcome in self.outcomes)
        away = f"; {n_away} of them ran away, with an epoch and a score of 0" if n_away else ""
        return (
            f"dev scores of {len(self.outcomes)} of {len(self.trials)} trials, on {documents}{away}; the best of so "
            "many is a little flattering: score the model on documents that took no part in the choice"
        )

    def choice(self) -> dict[str, Any] | None:
        """What was chosen; None while there are trials left."""
        if self.chosen is None:
            return None
        best = self.chosen.best
        return {**self.chosen.to_json(), "seed": best.seed, "dev_score": rounded(best.dev_score)}

    def to_json(self) -> dict[str, Any]:
        """What the file of a search holds: figures, and all that it takes to go on."""
        return {
            "identity": self.identity,
            "provenance": self.provenance,
            "n_trials": len(self.trials),
            "n_dev_documents": self.n_dev,
            "trials": [outcome.to_json() for outcome in self.outcomes],
            "chosen": self.choice(),
        }

    def facts(self) -> dict[str, Any]:
        """What the metrics of the model that was chosen say of the search."""
        return {
            "n_trials": len(self.trials),
            "n_dev_documents": self.n_dev,
            "seconds": seconds_of(self.outcomes),
            "settings": [setting.to_json() for setting in self.settings],
            "chosen": self.choice(),
            "note": self.note,
        }


def plan(config: RunConfig) -> tuple[Trial, ...]:
    """The trainings that `[search]` names: settings in the file's order, the seeds of each one after the other.

    Raises:
        ConfigError: it names fewer than two, or the config has a calibration that would be of one of them at most.
    """
    grid = config.combinations()
    if len(grid) < 2:
        raise ConfigError(
            "[search] names a single training: there is nothing to choose; give a setting two values or more, "
            "or write the value where the setting belongs and take [search] out"
        )
    if config.calibration.crossval:
        raise ConfigError(
            "[search] and [calibration] crossval are both given, and a cross-validation is of one setting; take the "
            "second out: the dev documents say what scores mean, or train what was chosen in a run of its own"
        )
    single = replace(config, search={})
    return tuple(
        Trial(
            number,
            {key: value for key, value in settings.items() if key != "seed"},
            single.with_settings(settings),
        )
        for number, settings in enumerate(grid, start=1)
    )


def begin(config: RunConfig, trials: tuple[Trial, ...], sets: Sets, *, out: Path, work: Path, resume: bool) -> Search:
    """Make room for a search, or find out how far an interrupted one came.

    Args:
        config: with its `[search]`.
        trials: from `plan`.
        sets: what each is trained and scored on.
        out: the folder of the search's file.
        work: a folder for checkpoints, other runs' are removed; remove it when the model is safe elsewhere.
        resume: go on with the search that `work` was left by.

    Raises:
        ConfigError: there are no dev documents, a trial could not start, or what is to be resumed is another search
            or none.
    """
    if not sets.dev:
        raise ConfigError(
            "[search] chooses by the score on dev documents, and there are none; name files under [data] dev, "
            "or hold some of the train documents out with dev_share"
        )
    refuse_unstartable([trial.config for trial in trials], sets.beside)
    fresh = Search(trials, (), _identity(config, trials, sets), provenance(), len(sets.dev))
    if resume:
        if not (work / FOLDER).is_dir():
            raise ConfigError(
                f"{work}: was left by a run without [search]; resume it with the config it had, "
                "or start anew with --overwrite"
            )
        return _resumed(fresh, out / RECORD)
    shutil.rmtree(work, ignore_errors=True)
    out.mkdir(parents=True, exist_ok=True)
    _write(fresh, out / RECORD)
    (work / FOLDER).mkdir(parents=True)
    return fresh


def go_on(search: Search, sets: Sets, *, out: Path, work: Path, watch: Watch, tell: Callable[[Run], None]) -> Search:
    """Train the trials that are left.

    Args:
        search: from `begin`.
        sets: as there.
        out: as there.
        work: as there.
        watch: is called with the number of finished trials, the number of trials, and the training's progress.
        tell: is called with what is trained, once: before the first training.

    Raises:
        TrainingError: every training ran away.
    """
    folder, left = work / FOLDER, search.trials[len(search.outcomes) :]
    _tidy(search, folder)
    for trial in left:
        started = perf_counter() - seconds_until(last_checkpoint(folder / trial.name))
        run = prepare(trial.config, sets.schema, sets.train, sets.dev, beside=sets.beside)
        if trial is left[0]:
            tell(run)
        best = _best_of(trial, run, folder, partial(watch, trial.number - 1, len(search.trials)))
        figures = best["score"], best["epoch"], round(perf_counter() - started, 1), best.get("label_threshold")
        outcome = Outcome(trial.number, trial.settings, trial.config.seed, *figures)
        search = replace(search, outcomes=(*search.outcomes, outcome))
        _write(search, out / RECORD)
        _tidy(search, folder)
    if all(outcome.ran_away for outcome in search.outcomes):
        raise TrainingError("every training of [search] ran away, till its loss was no number; try lower rates")
    return search


def _best_of(trial: Trial, run: Run, folder: Path, watch: Callable[[Progress], None]) -> dict[str, Any]:
    """Train, keep the weights of the best epoch, and say what `tocsin.train.best` notes of it.

    A training that runs away ends itself and not the search: its score is the lowest that there is.
    """
    try:
        model = train(run, work=folder / trial.name, resume=True, watch=watch)
    except TrainingError:
        return {"score": 0.0, "epoch": 0}
    unfinished = folder / "weights.partial"
    write_tensors(weights_of(model.network), unfinished)
    unfinished.replace(folder / f"{trial.name}.safetensors")
    best: dict[str, Any] = json.loads((folder / trial.name / "best.json").read_text(encoding="utf-8"))
    return best


def winner(search: Search, sets: Sets, *, work: Path) -> tuple[Run, Model, float]:
    """The model of a finished search: its run, itself with the weights of its best epoch, and its training's seconds.

    Raises:
        ConfigError: the weights are gone or spoiled.
    """
    if search.chosen is None:
        raise ValueError("trials are left; expected a finished search")
    best = search.chosen.best
    trial = search.trials[best.number - 1]
    run = prepare(trial.config, sets.schema, sets.train, sets.dev, beside=sets.beside)
    path = work / FOLDER / f"{trial.name}.safetensors"
    try:
        run.model.network.load_state_dict(load_file(path))
    except (OSError, SafetensorError, RuntimeError) as error:
        raise ConfigError(f"{path}: cannot be read ({error}); start anew with --overwrite") from error
    if best.label_threshold is not None:
        run.model.settings = replace(run.model.settings, label_threshold=best.label_threshold)
    run.model.network.eval()
    return run, run.model, best.seconds


def _tidy(search: Search, folder: Path) -> None:
    """Remove what finished trials left, but for the weights that may be chosen."""
    for trial in search.trials[: len(search.outcomes)]:
        shutil.rmtree(folder / trial.name, ignore_errors=True)
        if trial.number not in search.candidates:
            (folder / f"{trial.name}.safetensors").unlink(missing_ok=True)


def _write(search: Search, path: Path) -> None:
    with written_whole(path) as stream:
        stream.write(json.dumps(search.to_json(), indent=1, ensure_ascii=False) + "\n")


def _resumed(fresh: Search, path: Path) -> Search:
    """The search as its file left it.

    Raises:
        ConfigError: the file is gone or altered, or is of another config, schema or other documents.
    """
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        theirs, source = dict(record["identity"]), dict(record["provenance"])
        outcomes = tuple(Outcome.from_json(trial) for trial in record["trials"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ConfigError(f"{path}: holds no search to go on with ({error}); start anew with --overwrite") from error
    if differing := _differences(theirs, fresh.identity):
        raise ConfigError(
            f"{path}: was left by another search: {'; '.join(differing)}; resume with the same config, schema and "
            "documents, or start anew with --overwrite"
        )
    expected = [(trial.number, trial.settings, trial.config.seed) for trial in fresh.trials[: len(outcomes)]]
    if [(outcome.number, outcome.settings, outcome.seed) for outcome in outcomes] != expected:
        raise ConfigError(f"{path}: its trials are not those of the config; start anew with --overwrite")
    return replace(fresh, outcomes=outcomes, provenance=source)


def _identity(config: RunConfig, trials: Iterable[Trial], sets: Sets) -> dict[str, Any]:
    """All that decides what is chosen, but for the code."""
    joint = (piece for each in sets.beside for piece in chain(json_text(each.record(), sort_keys=True), "\n"))
    documents = (document_to_record(document) for part in (sets.train, sets.dev) for document in part)
    return {
        "config": json.loads(json.dumps(config.to_json())),
        "init": _starts(trials),
        "schema": _hash(_lines([sets.schema.to_json()])),
        "documents": _hash(_lines(documents)),
        "n_documents": [len(sets.train), len(sets.dev)],
        **({"joint": _hash(joint)} if sets.beside else {}),
    }


def _starts(trials: Iterable[Trial]) -> dict[str, str]:
    """By the name of each model or encoder that trials start from, its hash: a name may hold another one later."""
    named = {trial.config.init.from_ or trial.config.encoder: trial.config for trial in trials}
    hashes = {name: start_hash(config) for name, config in named.items()}
    return {name: found for name, found in hashes.items() if found}


def _lines(records: Iterable[Any]) -> Iterator[str]:
    return (json.dumps(record, sort_keys=True) + "\n" for record in records)


def _hash(pieces: Iterable[str]) -> str:
    digest = hashlib.sha256()
    for piece in pieces:
        digest.update(piece.encode())
    return digest.hexdigest()


def _other_starts(theirs: Any, ours: Mapping[str, str]) -> Iterator[str]:
    """The models to start from that are not those of the trials there."""
    if isinstance(theirs, str):  # of earlier versions: the hash of the one that [init] names, none of a search's
        theirs = dict.fromkeys(ours, theirs)
    for name, weights in ours.items():
        kept = theirs.get(name) if isinstance(theirs, dict) else None
        if kept != weights:
            yield f"another model in {name}" if kept else f"no hash of the model in {name}"


def _differences(theirs: Mapping[str, Any], ours: Mapping[str, Any]) -> list[str]:
    """What tells two identities apart."""
    told = differing_settings(theirs.get("config"), ours["config"])
    told += ["another schema"] if theirs.get("schema") != ours["schema"] else []
    told += list(_other_starts(theirs.get("init"), ours["init"]))
    told += ["other sets that [joint] names"] if theirs.get("joint") != ours.get("joint") else []
    same = [theirs.get(key) == ours[key] for key in ("documents", "n_documents")]
    return told if all(same) else [*told, "other documents"]
