"""Trainings that are told together, as a cross-validation's, and what the results say of them: figures, leads, tables.

A part is compared with another on the same articles, drawn together (`tocsin.train.bootstrap`); the seeds of an
article are added up.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tocsin.data.schema import DEFAULT_SCHEMA, Schema
from tocsin.data.types import Document
from tocsin.tables import measure, with_interval
from tocsin.train.bootstrap import intervals, paired
from tocsin.train.config import RunConfig
from tocsin.train.counts import rounded
from tocsin.train.crossval import FoldResult, finished_fold, fold_result
from tocsin.train.evaluation import added
from tocsin.train.folds import Fold
from tocsin.train.joint import JointSet
from tocsin.train.scores import Scores, score_each

MEASURES = ("entity_f1", "trigger_f1", "argument_f1", "attribute_accuracy", "incident_f1")
BySeed = Mapping[int | None, Sequence[Scores]]  # of each seed the scores of the articles, in one order


@dataclass(frozen=True, slots=True)
class Part:
    """Trainings that are told together."""

    name: str
    config: RunConfig
    schema: Schema
    folds: tuple[Fold, ...]  # of all seeds
    beside: tuple[JointSet, ...] = ()  # the sets that `[joint]` of the config names


def finished(part: Part, folder: Path) -> list[FoldResult]:
    """What there is of a part, whether or not it is to be trained now: no figure is lost to another run's choice."""
    found = (finished_fold(part.config, part.schema, f, _path(folder, f), beside=part.beside) for f in part.folds)
    return [result for result in found if result]


def trained(part: Part, fold: Fold, folder: Path) -> FoldResult:
    """One training of a part, from its file in the folder if it was done before."""
    return fold_result(part.config, part.schema, fold, _path(folder, fold), lambda _: None, beside=part.beside)


def _path(folder: Path, fold: Fold) -> Path:
    return folder / f"{fold.name}.json"


def predicted_by_seed(found: Sequence[FoldResult], gold: Sequence[Document]) -> dict[int | None, list[Document]]:
    """The predictions for a test set, in its order; only seeds with which every article was predicted."""
    by_seed: dict[int | None, dict[str, Document]] = {}
    for result in found:
        by_seed.setdefault(result.fold.seed, {}).update({d.article.id: d for d in result.predicted})
    ids = [document.article.id for document in gold]
    return {seed: [own[i] for i in ids] for seed, own in by_seed.items() if set(ids) <= own.keys()}


def scored(
    gold: Sequence[Document], predicted: Mapping[int | None, Sequence[Document]]
) -> dict[int | None, list[Scores]]:
    """Of each seed the scores of the articles, but for labels of texts."""
    return {seed: score_each(bare(gold), bare(own), DEFAULT_SCHEMA) for seed, own in predicted.items()}


def bare(documents: Sequence[Document]) -> list[Document]:
    """Without labels of the texts, which not all models give."""
    return [replace(document, labels=None, label_scores={}) for document in documents]


def figures(scores: BySeed) -> dict[str, Any]:
    """The measures with their intervals, by seed, and the F1 of each label."""
    parts = added(list(scores.values()))
    by_seed = {str(seed): sum(own, Scores()).headline() for seed, own in scores.items()}
    return {
        "seeds": list(scores),
        "headline": {name: interval.to_json() for name, interval in intervals(parts).items()},
        "by_seed": {seed: {name: rounded(value) for name, value in own.items()} for seed, own in by_seed.items()},
        "labels": {label: rounded(c.f1) for label, c in sum(parts, Scores()).tally("entities").items()},
    }


def lead(scores: BySeed, reference: BySeed) -> dict[str, dict[str, float | None]]:
    """By how much each measure exceeds that of another part on the same articles, with intervals."""
    found = paired(added(list(scores.values())), added(list(reference.values())))
    return {name: difference.to_json() for name, difference in found.items()}


def costs(found: Sequence[FoldResult]) -> dict[str, Any]:
    """Seconds of the clock, of all trainings together, and the commits they were trained at."""
    return {
        "seconds": round(sum(result.seconds for result in found), 1),
        "n_trainings": len(found),
        "commits": sorted({result.commit for result in found}),
    }


def table(rows: Sequence[Mapping[str, Any]], heading: str = "trained on") -> list[str]:
    """The measures of each row; one without any stands as missing.

    Args:
        rows: "part", "n_train", and what `figures` and `costs` say, or "part" and "missing".
        heading: of the column of names.
    """
    lines = [
        f"| {heading} | articles | seeds | {' | '.join(map(measure, MEASURES))} | minutes a training |",
        f"| --- | --- | --- | {' | '.join('---' for _ in MEASURES)} | --- |",
    ]
    for row in rows:
        if "headline" not in row:
            lines.append(f"| {row['part']} |{' missing |' * (len(MEASURES) + 3)}")
            continue
        cells = [with_interval(row["headline"][name]) for name in MEASURES]
        minutes = row["seconds"] / row["n_trainings"] / 60
        listed = ", ".join(map(str, row["seeds"]))
        lines.append(f"| {row['part']} | {row['n_train']} | {listed} | {' | '.join(cells)} | {minutes:.1f} |")
    return lines


def leads_table(rows: Sequence[Mapping[str, Any]], key: str, heading: str = "trained on") -> list[str]:
    """What `lead` says of each row, which has it under a key."""
    lines = [f"| {heading} | {' | '.join(map(measure, MEASURES))} |", f"| --- |{' --- |' * len(MEASURES)}"]
    for row in rows:
        cells = [with_lead(row[key][name]) for name in MEASURES]
        lines.append(f"| {row['part']} | {' | '.join(cells)} |")
    return lines


def with_lead(found: Mapping[str, float | None]) -> str:
    """A difference and its interval.

    >>> with_lead({"difference": 0.02, "low": -0.01, "high": 0.05})
    '+0.020 [-0.010, +0.050]'
    """
    return with_interval({**found, "value": found["difference"]}, signed=True)
