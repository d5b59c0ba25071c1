"""The end of a training run: the model scored, its card written, the artefact saved."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from tocsin.data.types import Document
from tocsin.model.artifact import Record, save
from tocsin.model.prediction import Model
from tocsin.train.card import card
from tocsin.train.provenance import provenance
from tocsin.train.scores import Scores, score
from tocsin.train.training import Run

ScoredOn = Literal["dev", "train"]


def finish(
    run: Run, model: Model, documents: tuple[Document, ...], out: Path, *, seconds: float
) -> tuple[Scores, ScoredOn]:
    """Score a trained model and write its artefact.

    Args:
        run: what was trained.
        model: what `train` returned.
        documents: what it was trained on.
        out: the artefact's folder.
        seconds: how long training took.

    Returns:
        The scores, and what they are of: the dev documents, or without any those it was trained on.
    """
    scored_on: ScoredOn = "dev" if run.dev else "train"
    gold = run.dev or documents
    scores = score(gold, [model.predict(document.article) for document in gold], run.schema)
    facts: Mapping[str, Any] = {
        "config": run.config.to_json(),
        "provenance": provenance(),
        "seconds": round(seconds, 1),
        "train": counts(documents),
        "dev": counts(run.dev),
        "not_learned": {
            "widened": list(run.losses.widened),
            "uncovered": list(run.losses.uncovered),
            "arguments": list(run.losses.arguments),
        },
    }
    metrics = {"scored_on": scored_on, **scores.to_json()}
    save(out, model, Record(facts, metrics, card(out.name, facts, scores, scored_on, run.schema)))
    return scores, scored_on


def counts(documents: tuple[Document, ...]) -> dict[str, Any]:
    """How many documents, entities by label, events by type."""
    labels: dict[str, int] = {}
    for document in documents:
        for span in (*document.entities, *(event.trigger for event in document.events)):
            labels[span.label] = labels.get(span.label, 0) + 1
    return {"documents": len(documents), "ids": [document.article.id for document in documents], "spans": labels}
