"""Each article is held out once with each seed, and what is finished is kept."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tocsin.data.errors import DataError
from tocsin.data.schema import DEFAULT_SCHEMA
from tocsin.data.types import Document
from tocsin.train.config import CrossvalSettings, RunConfig
from tocsin.train.crossval import crossval, folds
from tocsin.train.scores import Scores
from tocsin.train.training import Progress


@pytest.fixture
def config(tiny_config: RunConfig) -> RunConfig:
    return replace(tiny_config, optim=replace(tiny_config.optim, epochs=2), crossval=CrossvalSettings(seeds=(1, 2)))


def run(config: RunConfig, documents: tuple[Document, ...], out: Path) -> tuple[dict[str, object], int]:
    """What crossval returns, and in how many steps of training it came to that."""
    steps: list[Progress] = []

    def watch(number: int, n_folds: int, progress: Progress | None) -> None:
        if progress is not None:
            steps.append(progress)

    return dict(crossval(config, DEFAULT_SCHEMA, documents, out=out, watch=watch)), len(steps)


def test_no_fold_trains_on_the_article_it_is_scored_on(tiny_documents: tuple[Document, ...]) -> None:
    plan = folds(tiny_documents, (1, 2, 3))
    assert len(plan) == 6
    assert all(fold.held_out not in fold.train for fold in plan)
    assert {(fold.held_out.article.id, fold.seed) for fold in plan} == {
        (a, s) for a in ("first", "second") for s in (1, 2, 3)
    }


def test_one_article_cannot_be_left_out(tiny_documents: tuple[Document, ...]) -> None:
    with pytest.raises(DataError, match="leaving one out takes at least 2"):
        folds(tiny_documents[:1], (1,))


def test_the_same_text_under_two_ids_is_refused(tiny_documents: tuple[Document, ...]) -> None:
    first = tiny_documents[0]
    copy = replace(first, article=replace(first.article, id="copy"))
    with pytest.raises(DataError, match="first and copy have the same text"):
        folds([*tiny_documents, copy], (1,))


def test_the_summary_adds_up_what_the_folds_came_to(
    config: RunConfig, tiny_documents: tuple[Document, ...], tmp_path: Path
) -> None:
    record, _ = run(config, tiny_documents, tmp_path)
    files = sorted((tmp_path / "folds").glob("*.json"))
    parts = [Scores.from_json(json.loads(path.read_text())["scores"]) for path in files]
    assert len(files) == 4
    assert record["all_folds"] == sum(parts, Scores()).to_json()
    assert json.loads((tmp_path / "crossval.json").read_text())["headline"] == record["headline"]


def test_an_interrupted_crossval_trains_only_what_is_missing(
    config: RunConfig, tiny_documents: tuple[Document, ...], tmp_path: Path
) -> None:
    whole, n_whole = run(config, tiny_documents, tmp_path)
    next((tmp_path / "folds").glob("*-seed2.json")).unlink()
    again, n_again = run(config, tiny_documents, tmp_path)
    assert n_again == n_whole / 4
    assert again["headline"] == whole["headline"]


def test_folds_of_another_config_are_not_taken_over(
    config: RunConfig, tiny_documents: tuple[Document, ...], tmp_path: Path
) -> None:
    _, n_steps = run(config, tiny_documents, tmp_path)
    other = replace(config, optim=replace(config.optim, weight_decay=0.5))
    assert run(other, tiny_documents, tmp_path)[1] == n_steps
