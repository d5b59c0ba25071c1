"""Each article is held out once with each seed, and what is finished is kept."""

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tocsin.data.errors import ConfigError
from tocsin.data.schema import DEFAULT_SCHEMA
from tocsin.data.types import Document
from tocsin.train.config import CalibrationSettings, CrossvalSettings, InitSettings, RunConfig
from tocsin.train.crossval import Crossval, crossval, finished_fold
from tocsin.train.preparation import prepare
from tocsin.train.summary import brief, crossval_record
from tocsin.train.training import Progress, train


@pytest.fixture(scope="module")
def config(tiny_config: RunConfig) -> RunConfig:
    optim = replace(tiny_config.optim, epochs=2, checkpoint_every=1)
    return replace(tiny_config, optim=optim, crossval=CrossvalSettings(seeds=(1, 2)))


def run(
    config: RunConfig, documents: tuple[Document, ...], out: Path, *, learning_curve: bool = False
) -> tuple[Crossval, dict[int, int]]:
    """What crossval returns, and the steps each of its trainings took; those taken from files took none."""
    steps: dict[int, int] = {}

    def watch(number: int, n_folds: int, progress: Progress | None) -> None:
        steps[number] = progress.step if progress else 0
        assert number < n_folds

    finished = crossval(config, DEFAULT_SCHEMA, documents, out=out, learning_curve=learning_curve, watch=watch)
    return finished, steps


@pytest.fixture(scope="module")
def whole(
    config: RunConfig, tiny_documents: tuple[Document, ...], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Crossval, Path]:
    """A cross-validation of two articles with two seeds, and its folder."""
    folder = tmp_path_factory.mktemp("crossval")
    done, steps = run(config, tiny_documents, folder)
    assert len(steps) == 4
    assert min(steps.values()) > 0
    return done, folder


@pytest.fixture
def copy(whole: tuple[Crossval, Path], tmp_path: Path) -> Path:
    """Its folder, to spoil."""
    return shutil.copytree(whole[1], tmp_path / "copy")


def written(run: Crossval) -> str:
    """The bytes of its crossval.json, made on one day at one commit."""
    same = replace(run, provenance={"date": "2024-06-01"})
    return json.dumps(brief(crossval_record(same, title="t", reproduce=[])), allow_nan=False)


def fold_files(out: Path) -> dict[str, Any]:
    return {path.name: json.loads(path.read_text()) for path in sorted((out / "folds").iterdir())}


def test_every_article_is_predicted_once_with_every_seed_by_a_model_of_the_others(
    whole: tuple[Crossval, Path],
) -> None:
    done, folder = whole
    predicted = [(document.article.id, result.fold.seed) for result in done.results for document in result.predicted]
    assert predicted == [("first", 1), ("second", 1), ("first", 2), ("second", 2)]
    kept = fold_files(folder).values()
    assert all(not set(record["held_out"]) & set(record["train"]) for record in kept)
    assert {(*record["held_out"], record["seed"]) for record in kept} == set(predicted)
    assert done.curve == {}


def test_predictions_are_those_of_a_training_on_the_rest_with_the_seed_of_the_fold(
    config: RunConfig, tiny_documents: tuple[Document, ...], tmp_path: Path
) -> None:
    optim = replace(config.optim, epochs=12, checkpoint_every=12)
    config = replace(config, optim=optim, crossval=CrossvalSettings(seeds=(2,)))
    done, _ = run(config, tiny_documents, tmp_path)
    first, second = tiny_documents
    alone = prepare(replace(config, seed=2), DEFAULT_SCHEMA, [second], ())
    model = train(alone, work=tmp_path / "work", resume=False, watch=lambda progress: None)
    expected = model.predict_raw(first.article)
    (result,) = (result for result in done.results if result.fold.held_out == (first,))
    (predicted,) = result.predicted
    assert [(s.start, s.end, s.label) for s in predicted.entities] == [
        (s.start, s.end, s.label) for s in expected.entities
    ]
    assert [s.score for s in predicted.entities] == pytest.approx([s.score for s in expected.entities], abs=1e-6)
    assert predicted.entities


def test_a_resumed_run_says_the_very_same_as_a_whole_one(
    config: RunConfig, tiny_documents: tuple[Document, ...], whole: tuple[Crossval, Path], copy: Path
) -> None:
    resumed, steps = run(config, tiny_documents, copy)
    assert set(steps.values()) == {0}
    assert replace(resumed, provenance=whole[0].provenance) == whole[0]
    assert written(resumed) == written(whole[0])


def test_an_interrupted_run_trains_only_what_is_missing_and_to_the_same_end(
    config: RunConfig, tiny_documents: tuple[Document, ...], whole: tuple[Crossval, Path], copy: Path
) -> None:
    next((copy / "folds").glob("*-seed2.json")).unlink()
    part, steps = run(config, tiny_documents, copy)
    assert sorted(n > 0 for n in steps.values()) == [False, False, False, True]
    timed = [replace(new, seconds=old.seconds) for new, old in zip(part.results, whole[0].results, strict=True)]
    assert written(replace(part, results=tuple(timed))) == written(whole[0])


@pytest.mark.parametrize("content", ["", '{"identity": "', "[]", '{"identity": "of another run"}', "\udcff"])
def test_a_file_that_is_cut_short_or_of_something_else_is_trained_again(
    config: RunConfig, tiny_documents: tuple[Document, ...], copy: Path, content: str
) -> None:
    before, (path, *_) = fold_files(copy), sorted((copy / "folds").glob("*-seed1.json"))
    path.write_bytes(content.encode(errors="surrogateescape"))
    _, steps = run(config, tiny_documents, copy)
    assert sorted(n > 0 for n in steps.values()) == [False, False, False, True]
    after = fold_files(copy)
    after[path.name]["seconds"] = before[path.name]["seconds"]
    assert after == before


def test_what_is_finished_is_told_without_training_and_nothing_is_of_other_settings(
    config: RunConfig, whole: tuple[Crossval, Path], tmp_path: Path
) -> None:
    for result in whole[0].results:
        path = whole[1] / "folds" / f"{result.fold.name}.json"
        assert finished_fold(config, DEFAULT_SCHEMA, result.fold, path) == result
        other = replace(config, optim=replace(config.optim, learning_rate=1e-5))
        assert finished_fold(other, DEFAULT_SCHEMA, result.fold, path) is None
        assert finished_fold(config, DEFAULT_SCHEMA, result.fold, tmp_path / "none.json") is None


def test_folds_of_another_config_are_not_taken_over(
    config: RunConfig, tiny_documents: tuple[Document, ...], copy: Path
) -> None:
    optim = replace(config.optim, weight_decay=0.5)
    _, steps = run(replace(config, optim=optim, crossval=CrossvalSettings(seeds=(1,))), tiny_documents, copy)
    assert len(steps) == 2
    assert min(steps.values()) > 0


def test_folds_are_taken_over_whatever_else_is_to_be_done_with_them(
    config: RunConfig, tiny_documents: tuple[Document, ...], copy: Path
) -> None:
    calibrated = replace(config, seed=9, calibration=CalibrationSettings("not-written-yet.json"))
    _, steps = run(replace(calibrated, crossval=CrossvalSettings(seeds=(2, 1))), tiny_documents, copy)
    assert set(steps.values()) == {0}


def test_what_the_model_that_it_starts_from_had_seen_is_known_to_the_end(
    config: RunConfig, tiny_documents: tuple[Document, ...], tiny_artifact: Path, tmp_path: Path
) -> None:
    start = shutil.copytree(tiny_artifact, tmp_path / "start")
    started = replace(config, encoder=RunConfig().encoder, init=InitSettings(str(start)))
    done, _ = run(replace(started, crossval=CrossvalSettings(seeds=(1,))), tiny_documents, tmp_path / "out")
    shutil.rmtree(start)  # it may be gone, or another, by the time the figures are looked at
    record = json.loads(written(done))
    assert record["seen_by_start"] == len(tiny_documents)
    assert any("has seen articles that are held out: first, second; their" in note for note in record["notes"])


def test_the_model_that_it_starts_from_may_go_while_the_last_fold_is_trained(
    config: RunConfig, tiny_documents: tuple[Document, ...], tiny_artifact: Path, tmp_path: Path
) -> None:
    def watch(number: int, n_folds: int, progress: Progress | None) -> None:
        if number == n_folds - 1 and progress:
            shutil.rmtree(start, ignore_errors=True)

    start = shutil.copytree(tiny_artifact, tmp_path / "start")
    init = InitSettings(str(start))
    started = replace(config, encoder=RunConfig().encoder, init=init, crossval=CrossvalSettings(seeds=(1,)))
    plan = {"out": tmp_path / "out", "learning_curve": False}
    done = crossval(started, DEFAULT_SCHEMA, tiny_documents, **plan, watch=watch)
    assert not start.exists()
    shutil.copytree(tiny_artifact, start)
    again = crossval(started, DEFAULT_SCHEMA, tiny_documents, **plan, watch=lambda *_: None)
    assert written(again) == written(done)


def test_articles_can_be_dealt_into_folds(
    config: RunConfig, three_documents: tuple[Document, ...], tmp_path: Path
) -> None:
    done, steps = run(
        replace(config, crossval=CrossvalSettings(seeds=(1,), folds=2)), three_documents, tmp_path, learning_curve=True
    )
    assert [[document.article.id for document in result.predicted] for result in done.results] == [
        ["first", "third"],
        ["second"],
    ]
    assert len(steps) == 3
    assert [*done.curve] == [1]
    dealt, alone = done.curve[1]
    assert dealt == done.results[0]
    assert (len(alone.fold.train), alone.fold.held_out) == (1, done.results[1].fold.held_out)


def test_a_learning_curve_trains_on_fewer_articles_too_for_as_many_steps(
    config: RunConfig, three_documents: tuple[Document, ...], tmp_path: Path
) -> None:
    config = replace(config, crossval=CrossvalSettings(seeds=(1,)))
    done, steps = run(config, three_documents, tmp_path, learning_curve=True)
    assert sorted(done.curve) == [1, 2]
    assert done.curve[2] == done.results
    assert [len(result.fold.train) for result in done.curve[1]] == [1, 1, 1]
    for fewer, more in zip(done.curve[1], done.results, strict=True):
        assert fewer.fold.held_out == more.fold.held_out
        assert fewer.fold.train[0] in more.fold.train
        assert [document.article for document in fewer.predicted] == [d.article for d in fewer.fold.held_out]
    assert len(steps) == 6
    assert max(steps.values()) == min(steps.values())  # each article is one passage
    record = crossval_record(done, title="t", reproduce=[])
    assert record["learning_curve"]["sizes"] == [1, 2]
    _, again = run(config, three_documents, tmp_path, learning_curve=True)
    assert set(again.values()) == {0}


def test_a_size_that_no_fold_has_is_refused_before_anything_is_trained(
    config: RunConfig, three_documents: tuple[Document, ...], tmp_path: Path
) -> None:
    config = replace(config, crossval=CrossvalSettings(sizes=(1, 3)))
    with pytest.raises(ConfigError, match=r"\[crossval\] sizes = .*1, 3.*: a fold has 2 articles to train on"):
        run(config, three_documents, tmp_path, learning_curve=True)
    assert [*tmp_path.iterdir()] == []


def test_the_sizes_of_a_curve_are_those_of_the_config_and_that_of_the_folds(
    config: RunConfig, three_documents: tuple[Document, ...], tmp_path: Path
) -> None:
    config = replace(config, crossval=CrossvalSettings(seeds=(1,), sizes=(2,)))
    done, steps = run(config, three_documents, tmp_path, learning_curve=True)
    assert ([*done.curve], len(steps)) == ([2], 3)
