"""Predictions made by hand, a cross-validation of them, and what every record of an evaluation must hold."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tocsin.data.incidents import build_incidents
from tocsin.data.schema import DEFAULT_SCHEMA, Schema
from tocsin.data.types import Argument, Article, Document, Span
from tocsin.train.config import CrossvalSettings, RunConfig
from tocsin.train.crossval import Crossval, FoldResult
from tocsin.train.folds import folds, identity, smaller
from tocsin.train.measures import measures_of

LAYERS = {"entities", "events", "arguments", "incidents"}
PARTS = {
    "kind", "title", "reproduce", "provenance", "seconds", "config", "schema", "data", "seeds", "bootstrap", "headline",
    "quiet", "baselines", "against", "rows", "classification", "calibration", "learning_curve", "confusion", "mistakes",
    "documents", "n_documents_left_out", "notes",
}  # fmt: skip
OF_SOME_TASKS = {"labels", "fillers", "templates"}
INTERVAL = {"value", "low", "high"}
DIFFERENCE = {"difference", "low", "high", "share_won"}
MISTAKE = {
    "article", "kind", "layer", "label", "gold", "predicted", "start", "end", "sentence", "sentence_start", "cost",
    "detail", "n_seeds",
}  # fmt: skip


def misread_document(document: Document, *numbers: int, score: float) -> Document:
    """Gold as a system might predict it: everything found, but some entities one character short.

    Args:
        document: gold.
        numbers: of the entities, counted round.
        score: of all that is found; what is short has half of it.
    """
    short = {number % len(document.entities) for number in numbers}
    read: dict[tuple[int, int], Span] = {}
    for number, span in enumerate(document.entities):
        end, own = (span.end - 1, score / 2) if number in short else (span.end, score)
        read[span.start, span.end] = replace(span, end=end, score=own)
    events = tuple(
        replace(
            event,
            trigger=replace(event.trigger, score=score),
            arguments=tuple(
                Argument(a.role, read[a.span.start, a.span.end], score * read[a.span.start, a.span.end].score)
                for a in event.arguments
            ),
        )
        for event in document.events
    )
    return Document(
        document.article,
        tuple(read.values()),
        events,
        build_incidents(document.article, events, DEFAULT_SCHEMA),
    )


@pytest.fixture(scope="session")
def misread() -> Callable[..., Document]:
    """`misread_document`, for the tests, which cannot import it from here."""
    return misread_document


@pytest.fixture(scope="session")
def three_documents(tiny_documents: tuple[Document, ...], annotate: Callable[..., Document]) -> tuple[Document, ...]:
    """The tiny ones and another."""
    third = Article(
        "Last night a strike targeted Port Sund, the Red Brigade said.", "third", published=date(2024, 5, 9)
    )
    reported = {"status": "reported", "scope": "single", "outcome": "unknown"}
    roles = {"Last night": "date", "Port Sund": "target", "Red Brigade": "source"}
    labels = {"Last night": "DATE", "Port Sund": "BASE", "Red Brigade": "ACTOR"}
    return (*tiny_documents, annotate(third, labels, [("strike", roles, reported, "I1")]))


@pytest.fixture(scope="session")
def made_crossval(tiny_config: RunConfig, three_documents: tuple[Document, ...]) -> Crossval:
    """A cross-validation of two seeds as if three articles had been trained on and predicted, each seed misreading."""
    config = replace(tiny_config, crossval=CrossvalSettings(seeds=(4, 5)))
    plan = folds(three_documents, config.crossval.seeds)
    results = tuple(
        FoldResult(fold, tuple(misread_document(d, 1, fold.seed, score=0.9) for d in fold.held_out), 1.5, "0123abc")
        for fold in plan
    )
    fewer = tuple(
        FoldResult(
            smaller(fold, 1, turn=fold.seed),
            tuple(misread_document(d, 0, 1, 2, score=0.8) for d in fold.held_out),
            1.25,
            "0123abc",
        )
        for fold in plan
    )
    provenance = {"date": "2024-06-01", "commit": "0123abc", "machine": "m", "python": "3.11", "packages": {}}
    stamp = identity(config, DEFAULT_SCHEMA, three_documents)
    return Crossval(config, DEFAULT_SCHEMA, three_documents, results, {1: fewer, 2: results}, stamp, provenance)


@pytest.fixture(scope="session")
def check_record() -> Callable[[Mapping[str, Any]], None]:
    """Asserts that a record holds all that a report reads."""

    def check(record: Mapping[str, Any]) -> None:
        json.dumps(record, allow_nan=False)
        assert set(record) >= PARTS
        assert set(record["provenance"]) == {"date", "commit", "machine", "python", "packages"}
        assert set(record["data"]) - {*OF_SOME_TASKS, "unlabelled"} == {"documents", "ids", "texts", "spans"}
        assert set(record["bootstrap"]) == {"n_resamples", "seed", "level", "unit"}
        _check_figures(record)
        _check_labels(record)
        _check_calibration(record["calibration"])
        _check_mistakes(record)
        for document in record["documents"]:
            _check_document(document, _measures(record))

    return check


def _measures(record: Mapping[str, Any]) -> set[str]:
    return set(measures_of(Schema.from_json(record["schema"])))


def _check_figures(record: Mapping[str, Any]) -> None:
    against = [record["against"]["measures"]] if record["against"] else []
    curve = record["learning_curve"] or {"sizes": [], "measures": {}, "labels": {}, "gain": None}
    headlines = [record["headline"], *(system["headline"] for system in record["baselines"])]
    headlines += [record["against"]["headline"]] if record["against"] else []
    for headline in headlines:
        assert set(headline) == _measures(record)
        assert all(set(figures) >= INTERVAL for figures in headline.values())
    gains = [*against, *(system["against_model"] for system in record["baselines"])]
    gains += [curve["gain"]] if curve["gain"] else []
    for measures in gains:
        assert set(measures) == _measures(record)
        assert all(set(figures) == DIFFERENCE for figures in measures.values())
    assert set(curve) == {"sizes", "measures", "labels", "gain"}
    for points in curve["measures"].values():
        assert [set(point) for point in points] == [{"mean", "low", "high"}] * len(curve["sizes"])


def _check_labels(record: Mapping[str, Any]) -> None:
    counts = {"n_matched", "n_predicted", "n_gold"}
    for row in record["rows"]:
        assert set(row) == {"layer", "label", "precision", "recall", "f1", "support", "overlap_f1"} | counts
    for name, found in record["classification"].items():
        assert set(found) >= {"values", "confusion", "rows", "accuracy", "macro_f1", "n"}, name
        assert all(set(row) == {"value", "precision", "recall", "f1", "support"} for row in found["rows"])
    size = len(record["confusion"]["labels"]) + 1
    assert [len(row) for row in record["confusion"]["counts"]] == [size] * size


def _check_calibration(record: Mapping[str, Any] | None) -> None:
    if record is None:
        return
    assert set(record) == {"source", "measured_on", "fitted", "layers"}
    assert set(record["layers"]) == LAYERS
    fitted = {"temperature", "bias", "ece_after", "brier_after", "after", "steps"} if record["fitted"] else set()
    for found in record["layers"].values():
        assert set(found) >= {"n", "ece_before", "brier_before", "before"} | fitted
        for each in [*found["before"], *found.get("after", [])]:
            assert set(each) == {"low", "high", "n", "mean_score", "share_right"}
        for step in found.get("steps", []):
            assert set(step) == {"threshold", "precision", "recall", "n_kept"}


def _check_mistakes(record: Mapping[str, Any]) -> None:
    mistakes = record["mistakes"]
    assert set(mistakes) == {"n", "cost", "kinds", "costliest"}
    assert all(set(kind) == {"kind", "layer", "what", "n", "cost"} for kind in mistakes["kinds"])
    assert len(mistakes["costliest"]) <= 20
    for mistake in [*mistakes["costliest"], *(m for d in record["documents"] for m in d["mistakes"])]:
        assert set(mistake) == MISTAKE
    texts = {document["id"]: document["text"] for document in record["documents"]}
    for mistake in mistakes["costliest"]:
        if text := texts.get(mistake["article"]):
            assert text[mistake["sentence_start"] :].startswith(mistake["sentence"])


def _check_document(document: Mapping[str, Any], measures: set[str]) -> None:
    assert set(document) == {
        "id", "title", "published", "text", "headline", "seed", "gold", "predicted", "mistakes",
    }  # fmt: skip
    assert set(document["headline"]) == measures
    for side in (document["gold"], document["predicted"]):
        assert set(side) - OF_SOME_TASKS == {"spans", "incidents"}
        assert all(set(span) == {"start", "end", "label", "score"} for span in side["spans"])
        offsets = [(span["start"], span["end"]) for span in side["spans"]]
        assert offsets == sorted(offsets)
        for incident in side["incidents"]:
            assert set(incident) == {"id", "date", "attributes", "fillers", "score", "countable"}
