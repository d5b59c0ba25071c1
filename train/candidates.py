"""What can be evaluated: a model's folder, or a file of documents that any system predicted."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from time import perf_counter
from typing import Any

from tocsin.data.errors import DataError, Problem
from tocsin.data.jsonl import load_documents
from tocsin.data.listing import first_of
from tocsin.data.schema import DEFAULT_SCHEMA, Schema
from tocsin.data.types import Document
from tocsin.model.artifact import load
from tocsin.model.calibration import Calibration
from tocsin.train.evaluation import FEW_ARTICLES, System, measured
from tocsin.train.provenance import provenance
from tocsin.train.reliability import outcomes, reliability
from tocsin.train.seen import Seen, chosen_on, seen_by_start, trained_on

N_NAMED = 5
ANNOTATED = ("entities", "triggers", "arguments", "labels", "fillers")  # layers of which gold may leave labels out

Tell = Callable[[int, int], None]  # articles done, number of the one being read


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that predicts documents, or has predicted them."""

    name: str
    schema: Schema
    calibration: Calibration | None
    predict: Callable[[Sequence[Document], Tell], list[Document]]  # for gold documents, scores uncalibrated if it can
    is_model: bool = False  # else documents that some system predicted, which keeps to itself how
    trained_on: Seen = field(default_factory=Seen)  # as far as it tells
    chosen_on: Seen = field(default_factory=Seen)
    seen_by_start: Seen = field(default_factory=Seen)  # by the model that it started from

    def calibrated(self, predicted: Sequence[Document]) -> list[Document]:
        """What `predict` gave, with the scores as users see them."""
        return [self.calibration.apply(d) for d in predicted] if self.calibration else list(predicted)


def open_candidate(path: Path, *, schema: Schema | None) -> Candidate:
    """A model, if the path is a folder, or a file of predictions.

    Args:
        path: a folder that `tocsin train` wrote, or JSON lines.
        schema: of a file of predictions, by default that of attacks; a model brings its own.

    Raises:
        ArtifactError: the folder holds no whole model.
        DataError: the file cannot be read, or a schema is given for a model.
    """
    if not path.exists():
        raise DataError(f"{path}: not there; expected a folder that `tocsin train` wrote, or a file of predictions")
    if path.is_file():
        known = schema or DEFAULT_SCHEMA
        documents = _predicted(path, known, is_named=schema is not None)
        return Candidate(str(path), known, None, lambda gold, tell: _looked_up(documents, gold, path))
    model = load(path)
    if schema is not None and schema != model.schema:
        raise DataError(
            f"{path}: this model brings a schema of its own, which is not the one given; leave --schema out"
        )

    def predict(gold: Sequence[Document], tell: Tell) -> list[Document]:
        predicted = []
        for number, document in enumerate(gold):
            tell(number, number + 1)
            predicted.append(model.predict_raw(document.article))
        return predicted

    run = json.loads((path / "run.json").read_text(encoding="utf-8"))
    seen = trained_on(run), chosen_on(run), seen_by_start(run)
    return Candidate(str(path), model.schema, model.calibration, predict, True, *seen)


def _predicted(path: Path, schema: Schema, *, is_named: bool) -> list[Document]:
    try:
        return load_documents([path], schema)
    except DataError as error:
        if is_named:
            raise
        told = "read with the labels of attacks; others are named by --schema FILE, or taken as found with --from"
        raise DataError(f"{error}\nto go on: {path} was {told}") from error


def check_alike(a: Candidate, b: Candidate) -> None:
    """Two candidates can be compared only under one schema.

    Raises:
        DataError: they have two; says what only one of them knows.
    """
    if a.schema == b.schema:
        return
    names = [_names(candidate.schema) for candidate in (a, b)]
    problems = [
        Problem(candidate.name, f"alone knows {', '.join(sorted(own - other))}")
        for candidate, own, other in ((a, names[0], names[1]), (b, names[1], names[0]))
        if own - other
    ]
    remedy = "compare what has one schema: train with the same file under [data] schema, read files with --schema"
    rest = Problem("to go on", remedy)
    alike = [] if problems else [Problem(f"{a.name} and {b.name}", "have schemas that differ in more than names")]
    raise DataError.from_problems([*problems, *alike, rest])


def evaluation_record(
    gold: Sequence[Document],
    candidate: Candidate,
    *,
    against: Candidate | None = None,
    title: str,
    reproduce: Sequence[str],
    tell: Tell,
) -> dict[str, Any]:
    """Predict, compare and say what the scores mean: all that a report on it shows.

    Raises:
        DataError: the candidates' schemas differ, or a file of predictions has other articles than gold.
    """
    if against is not None:
        check_alike(candidate, against)
    started = perf_counter()
    raw = candidate.predict(gold, tell)
    other = System(against.name, {None: against.calibrated(against.predict(gold, tell))}) if against else None
    predicted_at = perf_counter()
    system = System(candidate.name, {None: candidate.calibrated(raw)})
    record = measured(gold, system, candidate.schema, against=other)
    calibration = _meaning(gold, raw, candidate)
    return {
        "kind": "evaluation",
        "title": title,
        "reproduce": list(reproduce),
        "provenance": provenance(),
        "config": None,
        "seconds": {
            "prediction": round(predicted_at - started, 2),
            "evaluation": round(perf_counter() - predicted_at, 2),
        },
        **record,
        "calibration": calibration,
        "learning_curve": None,
        "notes": [
            *_notes([candidate, *([against] if against else [])], gold, is_scored=calibration is not None),
            *_never_in_gold(record["rows"]),
        ],
    }


def _meaning(gold: Sequence[Document], raw: Sequence[Document], candidate: Candidate) -> dict[str, Any] | None:
    """What the scores of a prediction mean; None where it has none: labels of texts, what people or many tools give."""
    articles = {one.article.id: outcomes(one, two, candidate.schema) for one, two in zip(gold, raw, strict=True)}
    layers = chain.from_iterable(found.values() for found in articles.values())
    is_scored = candidate.is_model or any(score != 1.0 for found in layers for score in found.scores)
    if not is_scored or not candidate.schema.span_labels:
        return None
    of_gold = "1 article of gold" if len(gold) == 1 else f"{len(gold)} articles of gold"
    return reliability(articles, candidate.calibration, measured_on=of_gold)


def _looked_up(documents: Sequence[Document], gold: Sequence[Document], path: Path) -> list[Document]:
    """The predictions in the order of gold.

    Raises:
        DataError: an article has none, or there are some of other articles.
    """
    by_id = {document.article.id: document for document in documents}
    absent = [document.article.id for document in gold if document.article.id not in by_id]
    others = sorted(by_id.keys() - {document.article.id for document in gold})
    problems = [Problem(str(path), f"no prediction for {first_of(absent, N_NAMED)} of gold")] if absent else []
    if others:
        problems.append(Problem(str(path), f"predictions for {first_of(others, N_NAMED)}, which gold does not have"))
    if problems:
        remedy = "predict exactly the articles of GOLD, under the same ids: tocsin predict MODEL GOLD"
        raise DataError.from_problems([*problems, Problem("to go on", remedy)])
    return [by_id[document.article.id] for document in gold]


def _names(schema: Schema) -> set[str]:
    """Everything a schema names, with its kind."""
    attributes = [*schema.attributes, *(a for group in schema.entity_attributes.values() for a in group)]
    return {
        *(f"entity label {label}" for label in schema.entity_labels),
        *(f"event type {label}" for label in schema.event_types),
        *(f"role {role.name}" for role in schema.roles),
        *(f"attribute {attribute.name}" for attribute in attributes),
        *(f"value {value} of {attribute.name}" for attribute in attributes for value in attribute.values),
        *(f"text label {label}" for label in schema.text_labels),
        *(f"filler {role}" for role in schema.fillers),
        *(f"template type {name}" for name in schema.template_types),
    }


def _notes(candidates: Sequence[Candidate], gold: Sequence[Document], *, is_scored: bool) -> list[str]:
    """What is to be said of candidates, whether or not the first has scores, and of gold."""
    is_unscored = bool(candidates[0].schema.span_labels) and not is_scored  # labels of texts are not calibrated
    notes = [note for candidate in candidates for note in _candidate_notes(candidate, gold)]
    notes += [note for candidate in candidates[is_unscored:] for note in _score_notes(candidate)]
    if is_unscored:
        notes.append(f"{candidates[0].name}: has no score, or none but 1; what scores mean is not measured.")
    n_unlabelled = sum(document.labels is None for document in gold)
    if n_unlabelled and any(candidate.schema.text_labels for candidate in candidates):
        notes.append(f"Gold has no labels for {n_unlabelled} of these {len(gold)} articles: theirs are not scored.")
    if len(gold) < FEW_ARTICLES:
        notes.append(
            "A single article has no intervals."
            if len(gold) == 1
            else f"{len(gold)} articles are few: intervals drawn from so few are too narrow rather than too wide."
        )
    return notes


def _candidate_notes(candidate: Candidate, gold: Sequence[Document]) -> Iterator[str]:
    n_known = sum(document.article in candidate.trained_on for document in gold)
    if n_known:
        yield (
            f"{candidate.name} was trained on {n_known} of these {len(gold)} articles{candidate.trained_on.proviso}: "
            "its figures say nothing about new ones."
        )
    n_dev = sum(document.article in candidate.chosen_on for document in gold)
    if n_dev:
        yield (
            f"{candidate.name} had {n_dev} of these {len(gold)} articles as dev articles{candidate.chosen_on.proviso}: "
            "its best epoch was chosen on them, which flatters its figures."
        )
    n_before = sum(document.article in candidate.seen_by_start for document in gold)
    if n_before:
        yield (
            f"The model that {candidate.name} started from had seen {n_before} of these {len(gold)} articles"
            f"{candidate.seen_by_start.proviso}: figures of {candidate.name} may be too good."
        )


def _score_notes(candidate: Candidate) -> Iterator[str]:
    if not candidate.is_model:
        yield f"{candidate.name}: whether its scores are calibrated, a file does not tell; they are taken as they are."
    elif candidate.calibration is None:
        yield f"{candidate.name}: scores are not calibrated, they are what the network says of itself."


def _never_in_gold(rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Labels that only the prediction uses, which may just not have been annotated."""
    for row in rows:
        is_label = row["layer"] in ANNOTATED and row["label"] != "micro"  # the other average has no counts
        if is_label and row["n_gold"] == 0 and row["n_predicted"]:
            yield (
                f"{row['label']} is predicted {row['n_predicted']} times and never in gold: "
                "if it was not annotated there, leave its figures and the averages aside."
            )
