"""Trainings that are told together: what is kept, what is compared, what is missing."""

import doctest
from dataclasses import replace
from pathlib import Path

import parts
import pytest
from parts import Part, costs, figures, finished, lead, leads_table, predicted_by_seed, scored, table, trained

from tocsin.data.schema import DEFAULT_SCHEMA
from tocsin.data.types import Document, TextLabel
from tocsin.train.config import RunConfig
from tocsin.train.crossval import FoldResult
from tocsin.train.folds import Fold, folds
from tocsin.train.joint import JointSet


def result(fold: Fold, *predicted: Document, seconds: float = 60.0, commit: str = "0123abc") -> FoldResult:
    return FoldResult(fold, predicted, seconds, commit)


def test_a_training_is_kept_and_found_again_until_its_settings_or_the_sets_beside_it_change(
    tiny_config: RunConfig, tiny_documents: tuple[Document, ...], tmp_path: Path
) -> None:
    config = replace(tiny_config, optim=replace(tiny_config.optim, epochs=1, checkpoint_every=1))
    part = Part("tiny", config, DEFAULT_SCHEMA, tuple(folds(tiny_documents, (1,))))
    assert finished(part, tmp_path) == []
    first = trained(part, part.folds[0], tmp_path)
    assert finished(part, tmp_path) == [first]
    assert trained(part, part.folds[0], tmp_path) == first
    assert finished(replace(part, config=replace(config, optim=replace(config.optim, epochs=2))), tmp_path) == []
    beside = JointSet("other.toml", RunConfig(), DEFAULT_SCHEMA, tiny_documents)
    assert finished(replace(part, beside=(beside,)), tmp_path) == []


def test_a_seed_with_which_an_article_was_not_predicted_counts_for_nothing(
    tiny_documents: tuple[Document, ...],
) -> None:
    first, second = tiny_documents
    plan = folds(tiny_documents, (1, 2))
    found = [result(plan[1], second), result(plan[0], first), result(plan[2], first)]
    assert predicted_by_seed(found, tiny_documents) == {1: [first, second]}


def test_labels_of_texts_are_not_scored(tiny_documents: tuple[Document, ...]) -> None:
    labelled = [replace(document, labels=(TextLabel("calm"),)) for document in tiny_documents]
    scores = scored(labelled, {1: tiny_documents})
    assert figures(scores)["headline"]["entity_f1"]["value"] == 1.0


def test_a_part_that_finds_less_trails_by_as_much(tiny_documents: tuple[Document, ...]) -> None:
    empty = [replace(document, entities=(), events=(), incidents=()) for document in tiny_documents]
    all_found, none_found = (scored(tiny_documents, {1: each}) for each in (tiny_documents, empty))
    found = lead(none_found, all_found)["entity_f1"]
    assert (found["difference"], found["low"], found["high"], found["share_won"]) == (-1.0, -1.0, -1.0, 0.0)
    assert lead(all_found, none_found)["entity_f1"]["difference"] == 1.0


def test_costs_are_those_of_all_trainings_and_each_commit_is_named_once(
    tiny_documents: tuple[Document, ...],
) -> None:
    plan = folds(tiny_documents, (1,))
    found = [result(plan[0], seconds=30.0), result(plan[1], seconds=60.5), result(plan[0], commit="9f", seconds=1.0)]
    assert costs(found) == {"seconds": 91.5, "n_trainings": 3, "commits": ["0123abc", "9f"]}


@pytest.fixture
def row(tiny_documents: tuple[Document, ...]) -> dict[str, object]:
    """Of a part that finds everything, compared with itself."""
    scores = scored(tiny_documents, {1: tiny_documents, 3: tiny_documents})
    found = [result(fold) for fold in folds(tiny_documents, (1, 3))]
    return {"part": "whole", "n_train": 1, "over": lead(scores, scores), **figures(scores), **costs(found)}


def test_a_row_has_its_measures_its_seeds_and_the_minutes_of_a_training(row: dict[str, object]) -> None:
    *_, line = table([row])
    assert line.startswith("| whole | 1 | 1, 3 | 1.000 [1.000, 1.000] | ")
    assert line.endswith(" | 1.0 |")


def test_a_row_without_figures_stands_as_missing(row: dict[str, object]) -> None:
    heading, _, whole, absent = table([row, {"part": "absent", "missing": "not run yet"}], "start")
    assert heading.startswith("| start | articles |")
    assert absent == f"| absent |{' missing |' * 8}"
    assert absent.count("|") == whole.count("|") == heading.count("|")


def test_differences_have_signs_and_intervals(row: dict[str, object]) -> None:
    *_, line = leads_table([row], "over")
    assert line == f"| whole |{' +0.000 [+0.000, +0.000] |' * 5}"


def test_the_examples_in_docstrings_come_out_as_they_say() -> None:
    outcome = doctest.testmod(parts)
    assert (outcome.failed, bool(outcome.attempted)) == (0, True)
