"""Cross-validation: train on all articles but some, predict those, for every part of them and several seeds.

Each finished training is kept as a file, so that an interrupted cross-validation goes on where it stopped.
No dev set takes part: the number of epochs is the config's, chosen before the held-out articles are seen.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from tocsin.data.errors import ConfigError, DataError
from tocsin.data.files import written_whole
from tocsin.data.jsonl import document_from_record, document_to_record
from tocsin.data.schema import Schema
from tocsin.data.types import Document
from tocsin.train.config import CalibrationSettings, RunConfig
from tocsin.train.folds import Fold, default_sizes, folds, identity, smaller, with_equal_steps
from tocsin.train.joint import JointSet, without_copies
from tocsin.train.leaks import start_has_seen
from tocsin.train.preparation import prepare
from tocsin.train.provenance import provenance
from tocsin.train.seen import Seen
from tocsin.train.training import Progress, train

SCORE_DIGITS = 6  # as many as a calibration looks at

Watch = Callable[[int, int, Progress | None], None]


@dataclass(frozen=True, slots=True)
class FoldResult:
    """What one training came to."""

    fold: Fold
    predicted: tuple[Document, ...]  # of the held-out articles, with the scores the network gives
    seconds: float
    commit: str  # of the code that trained it
    n_left_out: int = 0  # documents of other sets that share their text with held-out articles


@dataclass(frozen=True, slots=True)
class Crossval:
    """A finished cross-validation."""

    config: RunConfig
    schema: Schema
    documents: tuple[Document, ...]
    results: tuple[FoldResult, ...]  # trained on all that is not held out, seed after seed
    curve: Mapping[int, tuple[FoldResult, ...]]  # by the number of training articles; empty if none was asked for
    identity: str
    provenance: Mapping[str, Any]  # of the code that was loaded when it began
    seen_by_start: Seen = field(default_factory=Seen)  # the articles that had a part in the model of `[init]`

    @property
    def seeds(self) -> tuple[int, ...]:
        return self.config.crossval.seeds

    @property
    def seconds(self) -> float:
        """What all trainings took together, when they were done."""
        everything = {id(r): r.seconds for rs in (self.results, *self.curve.values()) for r in rs}
        return round(sum(everything.values()), 1)


def crossval(
    config: RunConfig,
    schema: Schema,
    documents: Sequence[Document],
    *,
    out: Path,
    learning_curve: bool,
    watch: Watch,
    beside: Sequence[JointSet] = (),
) -> Crossval:
    """Train and predict every fold; what is held out and what is predicted of it are held in memory.

    Args:
        config: its seeds and folds are those of `[crossval]`; `[data] dev` is not used.
        documents: what is held out in turn.
        beside: the sets that `[joint]` names; of each, a fold leaves out what it holds out.
        out: its folder `folds` keeps what each training predicted.
        learning_curve: train on fewer articles too, the numbers of `[crossval] sizes`.
        watch: is called with the fold's number, the number of folds, and the training's progress.

    Raises:
        ArtifactError: `[init]` names no whole model.
        ConfigError: there are not as many articles as `[crossval]` names.
        DataError: too few articles, or one that is there twice.
    """
    source = provenance()  # of the code that is loaded now, whatever is edited while it runs
    seen = start_has_seen(config)
    documents = tuple(documents)  # every fold has most of them: read once, they are the same objects in all
    stamp = identity(config, schema, documents, beside=beside)  # of the weights to start from as they are now
    plan = folds(documents, config.crossval.seeds, n_folds=config.crossval.folds)
    sizes = _sizes(config, plan) if learning_curve else ()
    curve = {size: [_smaller(config, fold, size) for fold in plan] for size in sizes}
    everything = list({id(fold): fold for fold in [*plan, *chain.from_iterable(curve.values())]}.values())
    (out / "folds").mkdir(parents=True, exist_ok=True)
    finished: dict[int, FoldResult] = {}
    for number, fold in enumerate(everything):
        watch(number, len(everything), None)
        path = out / "folds" / f"{fold.name}.json"
        watch_fold = partial(watch, number, len(everything))
        finished[id(fold)] = fold_result(config, schema, fold, path, watch_fold, beside=beside)
    results = tuple(finished[id(fold)] for fold in plan)
    by_size = {size: tuple(finished[id(fold)] for fold in smaller_folds) for size, smaller_folds in curve.items()}
    return Crossval(config, schema, documents, results, by_size, stamp, source, seen)


def _sizes(config: RunConfig, plan: Sequence[Fold]) -> tuple[int, ...]:
    """The numbers of training articles that every fold has, the largest of them included."""
    n_train = min(len(fold.train) for fold in plan)
    wanted = config.crossval.sizes or default_sizes(n_train)
    if max(wanted) > n_train:
        raise ConfigError(
            f"[crossval] sizes = {list(wanted)}: a fold has {n_train} articles to train on; expected no more than that"
        )
    return tuple(sorted({*wanted, n_train}))


def _smaller(config: RunConfig, fold: Fold, size: int) -> Fold:
    """The fold itself where it has no more articles; it is trained anyway."""
    if size == len(fold.train):
        return fold
    return smaller(fold, size, turn=config.crossval.seeds.index(fold.seed))


def fold_result(
    config: RunConfig,
    schema: Schema,
    fold: Fold,
    path: Path,
    watch: Callable[[Progress], None],
    *,
    beside: Sequence[JointSet] = (),
) -> FoldResult:
    """A fold's result: from its file if the very same training was finished before, else by training."""
    settings = with_equal_steps(config, n_train=len(fold.train), n_all=fold.n_all)
    stamp = _stamp(settings, schema, fold, beside)  # before training: files may be others after it
    found = _finished(fold, path, stamp, schema)
    if found is None:
        trained = _trained(replace(settings, seed=fold.seed), schema, fold, watch, beside)
        with written_whole(path) as stream:
            record = {"identity": stamp, **trained}
            stream.write(json.dumps(record, indent=1, ensure_ascii=False) + "\n")
        # What was trained just now is taken as the file has it too, so that a run that is resumed says the very same.
        found = _result(fold, _read(path), schema)
    return found


def finished_fold(
    config: RunConfig, schema: Schema, fold: Fold, path: Path, *, beside: Sequence[JointSet] = ()
) -> FoldResult | None:
    """What `fold_result` would give without training; None if it would train."""
    settings = with_equal_steps(config, n_train=len(fold.train), n_all=fold.n_all)
    return _finished(fold, path, _stamp(settings, schema, fold, beside), schema)


def _finished(fold: Fold, path: Path, stamp: str, schema: Schema) -> FoldResult | None:
    record = _read(path)
    return _result(fold, record, schema) if record.get("identity") == stamp else None


def _stamp(settings: RunConfig, schema: Schema, fold: Fold, beside: Sequence[JointSet]) -> str:
    """What a fold's file has if it is of this very training."""
    return f"{identity(settings, schema, (*fold.held_out, *fold.train), beside=beside)}-{fold.seed}"


def _result(fold: Fold, record: Mapping[str, Any], schema: Schema) -> FoldResult:
    predicted = tuple(document_from_record(document, schema) for document in record["predicted"])
    commit = record["provenance"]["commit"] or "unknown"
    return FoldResult(fold, predicted, record["seconds"], commit, record.get("n_left_out", 0))


def _trained(
    config: RunConfig, schema: Schema, fold: Fold, watch: Callable[[Progress], None], beside: Sequence[JointSet]
) -> dict[str, Any]:
    """A fold's training as its file keeps it."""
    started = perf_counter()
    apart = [_apart(other, fold) for other in beside]
    documents = _train_and_predict(config, schema, fold, watch, [other for other, _ in apart])
    return {
        **({"n_left_out": sum(n for _, n in apart)} if beside else {}),
        "provenance": provenance(),
        "held_out": [document.article.id for document in fold.held_out],
        "train": [document.article.id for document in fold.train],
        "seed": fold.seed,
        "seconds": round(perf_counter() - started, 1),
        "predicted": [document_to_record(document, score_digits=SCORE_DIGITS) for document in documents],
    }


def _read(path: Path) -> dict[str, Any]:
    """What a fold's file holds; nothing if it is not there, or is not what is written here."""
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return record if isinstance(record, dict) else {}


def _apart(other: JointSet, fold: Fold) -> tuple[JointSet, int]:
    """A set without what the fold holds out, and how many documents that is."""
    try:
        documents, n_left_out = without_copies(other.documents, fold.held_out, "drop")
    except DataError as error:
        raise DataError(f"[joint] {other.name}: {error}") from error
    return replace(other, documents=documents), n_left_out


def _train_and_predict(
    config: RunConfig,
    schema: Schema,
    fold: Fold,
    watch: Callable[[Progress], None],
    beside: Sequence[JointSet],
) -> list[Document]:
    with TemporaryDirectory(prefix="tocsin-") as folder:
        alone = replace(config, calibration=CalibrationSettings())  # what it names may be what is being written
        run = prepare(alone, schema, fold.train, (), beside=beside)
        model = train(run, work=Path(folder) / "work", resume=False, watch=watch)
    return [model.predict_raw(document.article) for document in fold.held_out]
