"""The end of a training run: the model scored and calibrated, its card written, the artefact saved."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Literal

from tocsin.data.schema import Schema, span_attributes
from tocsin.data.types import Document
from tocsin.model.artifact import Record, save
from tocsin.model.calibration import Calibration
from tocsin.model.prediction import Model
from tocsin.train.bootstrap import LEVEL, N_RESAMPLES, intervals
from tocsin.train.card import card
from tocsin.train.counts import rounded
from tocsin.train.dev_metric import primary
from tocsin.train.label_threshold import is_free
from tocsin.train.layers import losses_of
from tocsin.train.preparation import Run
from tocsin.train.provenance import provenance
from tocsin.train.reliability import fit, left_out, outcomes, reliability
from tocsin.train.scores import Scores, score_each
from tocsin.train.sets import counts, is_silent
from tocsin.train.training import precision

N_SCORED = 1000  # documents at once

ScoredOn = Literal["dev", "silent dev", "train"]  # silent: nothing is annotated in it, so that it chose nothing


def finish(
    run: Run,
    model: Model,
    documents: Sequence[Document],
    out: Path,
    *,
    seconds: float,
    best_epoch: int | None = None,
    search: Mapping[str, Any] | None = None,
) -> tuple[Scores, ScoredOn]:
    """Score a trained model, say what its scores mean, and write its artefact.

    The calibration is that of the cross-validation the config names, else it is fitted on the dev articles. With
    neither there is none: articles a model was trained on say nothing about its errors.

    Args:
        run: what was trained.
        model: what `train` returned; it is given its calibration.
        documents: what it was trained on.
        out: the artefact's folder.
        seconds: how long training took, without what an interruption undid.
        best_epoch: whose weights the model has, if dev documents chose it.
        search: what is to be told of the search that chose the settings.

    Returns:
        The scores, and what they are of: the dev documents, or without any those it was trained on.
    """
    scored_on: ScoredOn = ("silent dev" if is_silent(run.dev) else "dev") if run.dev else "train"
    gold = run.dev or documents
    found = model.predict_raw_many(document.article for document in gold)
    predicted = tuple(found) if run.dev else ()  # of dev, for the calibration too
    parts = _scored(gold, predicted or found, run.schema)
    model.calibration, calibration_record = _calibrated(run, predicted)
    scores = sum(parts, Scores())
    facts = {**_facts(run, documents, seconds), "best_epoch": best_epoch, **_threshold(run, model)}
    name, value = primary(scores, run.schema)
    metrics = {
        **scores.to_json(),
        "scored_on": scored_on,
        "primary": {"name": name, "value": rounded(value)},
        "search": search,
        "headline": {name: interval.to_json() for name, interval in intervals(parts).items()},
        "bootstrap": {"n_resamples": N_RESAMPLES, "level": LEVEL, "unit": "article"},
        "calibration": calibration_record,
        "crossval": run.earlier and run.earlier.facts,
    }
    save(out, model, Record(facts, metrics, card(out.name, facts, metrics, scores, run.schema)))
    return scores, scored_on


def _scored(gold: Iterable[Document], predicted: Iterable[Document], schema: Schema) -> list[Scores]:
    """The scores of each article; both sides come in one order, and so many of them are held as are scored at once."""
    parts: list[Scores] = []
    left, found = iter(gold), iter(predicted)
    while batch := list(islice(left, N_SCORED)):
        parts += score_each(batch, list(islice(found, len(batch))), schema)
    return parts


def _facts(run: Run, documents: Sequence[Document], seconds: float) -> dict[str, Any]:
    """What `run.json` holds."""
    untaught = [name for name in span_attributes(run.schema) if name not in run.model.network.learned_attributes]
    return {
        "config": run.config.to_json(),
        "provenance": provenance(),
        "seconds": round(seconds, 1),
        "precision": precision(run.config.optim),
        "train": counts(documents, run.schema),
        "dev": counts(run.dev, run.schema),
        "not_learned": {name: list(getattr(run.losses, name)) for name in losses_of(run.schema)},
        **({"untaught": untaught} if untaught else {}),
        "joint": _joint(run) if run.beside else None,
        **({"init": _start(run)} if run.start else {}),
        **({"bag_of_words": {"words": len(run.model.bag.terms)}} if run.model.bag else {}),
    }


def _start(run: Run) -> dict[str, Any]:
    """The model that it started from: its name alone would not tell, months later, which articles it has seen."""
    return {"model": run.config.init.from_, "weights": run.start, "seen": run.seen_by_start.to_json()}


def _threshold(run: Run, model: Model) -> dict[str, Any]:
    """From what score on a text has a label, and whether dev said so; nothing where texts have no such labels."""
    if not run.schema.is_multi_label:
        return {}
    chosen = (
        bool(run.dev) and not is_silent(run.dev) and run.config.model.label_threshold == 0.0 and is_free(run.schema)
    )
    return {"label_threshold": {"value": model.settings.label_threshold, "chosen_on_dev": chosen}}


def _joint(run: Run) -> dict[str, Any]:
    """What else the encoder learned from, and how often; rows that came again are counted again."""
    own, *others = run.shares.rows_drawn(run.config.optim.epochs)
    return {
        "temperature": run.config.joint.temperature,
        "own": {"rows": len(run.rows), "rows_drawn": own},
        "sets": [
            {
                "config": each.origin.name,
                **each.origin.settings(),
                "rows": len(each.rows),
                "rows_drawn": drawn,
                "train": counts(each.origin.documents, each.origin.schema),
                "not_learned": {name: list(getattr(each.losses, name)) for name in losses_of(each.origin.schema)},
            }
            for each, drawn in zip(run.beside, others, strict=True)
        ],
    }


def _calibrated(run: Run, predicted: Sequence[Document]) -> tuple[Calibration | None, Mapping[str, Any] | None]:
    """What the model ships, and the figures before and after it; nothing where it only labels texts.

    Args:
        predicted: the dev articles, if there are any, with the scores the network gives.
    """
    if not run.schema.span_labels:
        return None, None  # no layer that is calibrated
    if run.earlier:
        return run.earlier.calibration, run.earlier.facts["calibration"]
    if not run.dev:
        return None, None
    articles = {
        gold.article.id: outcomes(gold, other, run.schema) for gold, other in zip(run.dev, predicted, strict=True)
    }
    n_articles = "1 dev article" if len(run.dev) == 1 else f"{len(run.dev)} dev articles"
    known = "in which nothing is annotated" if is_silent(run.dev) else "on which the best epoch was chosen too"
    calibration = fit(articles.values(), source=f"{n_articles}, {known}")
    return calibration, reliability(articles, calibration, left_out(articles), measured_on=calibration.source)
