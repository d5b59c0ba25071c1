"""Leave one article out: train on the others, predict the one, for every article and several seeds.

Each finished training is kept as a file, so that an interrupted cross-validation goes on where it stopped.
No dev set takes part: the number of epochs is the config's, chosen before the held-out article is seen.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from math import isnan
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from tocsin.data.errors import DataError
from tocsin.data.jsonl import document_to_record
from tocsin.data.schema import Schema
from tocsin.data.types import Document
from tocsin.train.config import RunConfig
from tocsin.train.counts import spread
from tocsin.train.provenance import provenance
from tocsin.train.scores import Scores, score
from tocsin.train.training import Progress, prepare, train


@dataclass(frozen=True, slots=True)
class Fold:
    """One training of a cross-validation."""

    held_out: Document
    train: tuple[Document, ...]
    seed: int


@dataclass(frozen=True, slots=True)
class FoldScores:
    """What one training came to."""

    article: str
    seed: int
    scores: Scores
    seconds: float


def folds(documents: Sequence[Document], seeds: Sequence[int]) -> list[Fold]:
    """Every document held out once with every seed.

    Raises:
        DataError: with fewer than two documents nothing would be left to train on; a text that is there twice
            would be trained on while it is held out.
    """
    if len(documents) < 2:
        raise DataError(f"{len(documents)} documents; leaving one out takes at least 2")
    by_text: dict[str, list[str]] = {}
    for document in documents:
        by_text.setdefault(document.article.text, []).append(document.article.id)
    repeated = next((ids for ids in by_text.values() if len(ids) > 1), None)
    if repeated:
        raise DataError(
            f"{' and '.join(repeated)} have the same text; leave one in, or each is trained on while held out"
        )
    return [
        Fold(held_out, tuple(d for d in documents if d is not held_out), seed)
        for seed in seeds
        for held_out in documents
    ]


def crossval(
    config: RunConfig,
    schema: Schema,
    documents: Sequence[Document],
    *,
    out: Path,
    watch: Callable[[int, int, Progress | None], None],
) -> Mapping[str, Any]:
    """Train and score every fold, then sum up.

    Args:
        config: its seeds are `[crossval] seeds`; `[data] dev` is not used.
        documents: what is held out in turn.
        out: where each fold's scores and predictions, and at the end `crossval.json`, are written.
        watch: is called with the fold's number, the number of folds, and the training's progress.

    Returns:
        What `crossval.json` holds.
    """
    source = provenance()  # of the code that is loaded now, whatever is edited while it runs
    plan = folds(documents, config.crossval.seeds)
    (out / "folds").mkdir(parents=True, exist_ok=True)
    finished = []
    for number, fold in enumerate(plan):
        watch(number, len(plan), None)
        path = out / "folds" / f"{_file_name(fold)}.json"
        finished.append(_once(config, schema, fold, path, partial(watch, number, len(plan))))
    record = {"provenance": source, **summary(config, finished)}
    _write(out / "crossval.json", record)
    return record


def summary(config: RunConfig, finished: Sequence[FoldScores]) -> dict[str, Any]:
    """Means and spreads: over seeds of all articles together, and over articles of all seeds together."""
    by_seed = {seed: _total(f for f in finished if f.seed == seed) for seed in dict.fromkeys(f.seed for f in finished)}
    by_article = {
        article: _total(f for f in finished if f.article == article)
        for article in dict.fromkeys(f.article for f in finished)
    }
    everything = _total(finished)
    return {
        "config": config.to_json(),
        "n_articles": len(by_article),
        "seeds": list(by_seed),
        "seconds": round(sum(f.seconds for f in finished), 1),
        "headline": {
            name: dict(
                zip(("mean", "sd_over_seeds"), _mean_and_sd(by_seed.values(), name), strict=True),
                sd_over_articles=_mean_and_sd(by_article.values(), name)[1],
            )
            for name in everything.headline()
        },
        "by_seed": {seed: scores.to_json()["headline"] for seed, scores in by_seed.items()},
        "by_article": {article: scores.to_json()["headline"] for article, scores in by_article.items()},
        "all_folds": everything.to_json(),
    }


def _file_name(fold: Fold) -> str:
    """An article's id may be an address or longer than a name: the file tells which it is of."""
    return f"{hashlib.sha256(fold.held_out.article.id.encode()).hexdigest()[:16]}-seed{fold.seed}"


def _once(config: RunConfig, schema: Schema, fold: Fold, path: Path, watch: Callable[[Progress], None]) -> FoldScores:
    """A fold's scores: from its file if the very same training was finished before, else by training."""
    identity = _identity(config, schema, fold)
    if path.is_file():
        record = json.loads(path.read_text(encoding="utf-8"))
        if record["identity"] == identity:
            return FoldScores(record["article"], record["seed"], Scores.from_json(record["scores"]), record["seconds"])
    started = perf_counter()
    scores, predicted = _train_and_score(replace(config, seed=fold.seed), schema, fold, watch)
    finished = FoldScores(fold.held_out.article.id, fold.seed, scores, round(perf_counter() - started, 1))
    record = {
        "identity": identity,
        "provenance": provenance(),
        "article": finished.article,
        "seed": finished.seed,
        "seconds": finished.seconds,
        "scores": scores.to_json(),
        "predicted": document_to_record(predicted),
    }
    _write(path, record)
    return finished


def _train_and_score(
    config: RunConfig, schema: Schema, fold: Fold, watch: Callable[[Progress], None]
) -> tuple[Scores, Document]:
    with TemporaryDirectory(prefix="tocsin-") as folder:
        model = train(prepare(config, schema, fold.train, ()), work=Path(folder) / "work", resume=False, watch=watch)
    predicted = model.predict(fold.held_out.article)
    return score([fold.held_out], [predicted], schema), predicted


def _identity(config: RunConfig, schema: Schema, fold: Fold) -> str:
    """A hash of all that decides a fold's scores, but for the code."""
    settings = {key: value for key, value in config.to_json().items() if key not in ("crossval", "data", "seed")}
    documents = [document_to_record(document) for document in (fold.held_out, *fold.train)]
    record = [settings, fold.seed, schema.to_json(), documents]
    return hashlib.sha256(json.dumps(record, sort_keys=True).encode()).hexdigest()


def _total(finished: Iterable[FoldScores]) -> Scores:
    return sum((f.scores for f in finished), Scores())


def _mean_and_sd(scores: Iterable[Scores], name: str) -> tuple[float | None, float | None]:
    """None, which JSON has, for nan, which it has not: where there is nothing to compare."""
    mean, sd = (None if isnan(value) else round(value, 4) for value in spread([s.headline()[name] for s in scores]))
    return mean, sd


def _write(path: Path, record: Any) -> None:
    """Whole or not at all: an interrupted run leaves no half file."""
    unfinished = path.with_suffix(".partial")
    unfinished.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    unfinished.replace(path)
