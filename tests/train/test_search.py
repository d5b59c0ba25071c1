"""A search trains every combination, chooses by means over seeds, and survives being stopped."""

import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import torch

from tocsin.data.errors import ConfigError, TrainingError
from tocsin.data.schema import DEFAULT_SCHEMA
from tocsin.data.types import Document
from tocsin.model.artifact import weights_hash
from tocsin.model.prediction import Model
from tocsin.train.config import CalibrationSettings, InitSettings, RunConfig, read_config
from tocsin.train.finish import finish
from tocsin.train.preparation import prepare
from tocsin.train.search import FOLDER, RECORD, Search, begin, go_on, plan, winner
from tocsin.train.sets import Sets
from tocsin.train.training import Progress, train
from tocsin.train.trials import Outcome

GRID: dict[str, tuple[Any, ...]] = {"seed": (1, 2), "optim.epochs": (2, 4)}


class StopError(Exception):
    """Stands for whatever ends a search early."""


@pytest.fixture(scope="module")
def config(tiny_config: RunConfig) -> RunConfig:
    optim = replace(tiny_config.optim, epochs=4, checkpoint_every=1)
    return replace(tiny_config, optim=optim, search=GRID)


@pytest.fixture(scope="module")
def sets(tiny_documents: tuple[Document, ...]) -> Sets:
    return Sets(DEFAULT_SCHEMA, tiny_documents[:1], tiny_documents[1:])


def searched(
    config: RunConfig,
    sets: Sets,
    out: Path,
    *,
    resume: bool = False,
    watch: Callable[[int, int, Progress], None] = lambda number, n_trials, progress: None,
) -> Search:
    work = out / "checkpoints"
    begun = begin(config, plan(config), sets, out=out, work=work, resume=resume)
    return go_on(begun, sets, out=out, work=work, watch=watch, tell=lambda losses: None)


def stop_at(trial: int, epoch: int) -> Callable[[int, int, Progress], None]:
    def watch(number: int, n_trials: int, progress: Progress) -> None:
        if (number + 1, progress.epoch) == (trial, epoch):
            raise StopError

    return watch


def model_of(search: Search, sets: Sets, out: Path) -> Model:
    return winner(search, sets, work=out / "checkpoints")[1]


def same_weights(a: Model, b: Model) -> bool:
    ours, theirs = a.network.state_dict(), b.network.state_dict()
    return ours.keys() == theirs.keys() and all(torch.equal(ours[name], theirs[name]) for name in ours)


def written(out: Path) -> dict[str, Any]:
    """The search's file, without how long each training took."""
    record: dict[str, Any] = json.loads((out / RECORD).read_text())
    for figures in (*record["trials"], record["chosen"] or {"seconds": 0}):
        del figures["seconds"]
    return record


@pytest.fixture(scope="module")
def whole(config: RunConfig, sets: Sets, tmp_path_factory: pytest.TempPathFactory) -> tuple[Search, Path]:
    """A search of two settings with two seeds each, and its folder."""
    out = tmp_path_factory.mktemp("search") / "run"
    return searched(config, sets, out), out


def scored(config: RunConfig, *scores: float) -> Search:
    """A search whose first trials came to these dev scores."""
    trials = plan(config)
    outcomes = tuple(
        Outcome(trial.number, trial.settings, trial.config.seed, score, 1, 1.0)
        for trial, score in zip(trials, scores, strict=False)
    )
    return Search(trials, outcomes, {}, {}, n_dev=3)


def test_a_training_that_runs_away_ends_itself_and_not_the_search(
    config: RunConfig, sets: Sets, tmp_path: Path
) -> None:
    wild = replace(config, search={"optim.head_learning_rate": (1e38, 3e-3)})
    search = searched(replace(wild, optim=replace(wild.optim, max_grad_norm=1e38)), sets, tmp_path / "run")
    assert [(outcome.dev_score, outcome.ran_away) for outcome in search.outcomes] == [(0, True), (0, False)]
    assert "1 of them ran away" in search.note
    assert search.chosen is not None
    assert search.chosen.best.number == 2
    assert model_of(search, sets, tmp_path / "run").settings


def test_a_search_all_of_whose_trainings_run_away_chooses_none(config: RunConfig, sets: Sets, tmp_path: Path) -> None:
    wild = replace(config, search={"optim.head_learning_rate": (1e37, 1e38)})
    with pytest.raises(TrainingError, match="every training"):
        searched(replace(wild, optim=replace(wild.optim, max_grad_norm=1e38)), sets, tmp_path / "run")


def test_every_combination_is_a_trial_with_the_seeds_of_a_setting_one_after_the_other(config: RunConfig) -> None:
    grid = {"optim.learning_rate": (1e-3, 2e-3), "seed": (7, 8), "optim.epochs": (2, 3)}
    trials = plan(replace(config, search=grid))
    told = [(trial.config.optim.learning_rate, trial.config.optim.epochs, trial.config.seed) for trial in trials]
    assert told == [(rate, epochs, seed) for rate in (1e-3, 2e-3) for epochs in (2, 3) for seed in (7, 8)]
    assert [trial.number for trial in trials] == list(range(1, 9))
    assert all(not trial.config.search for trial in trials)
    assert dict(trials[0].settings) == {"optim.learning_rate": 1e-3, "optim.epochs": 2}


def test_a_setting_is_chosen_by_its_mean_and_not_by_its_luckiest_seed(config: RunConfig) -> None:
    search = scored(config, 0.9, 0.1, 0.6, 0.7)
    assert search.chosen is not None
    assert search.chosen.outcomes[0].settings == {"optim.epochs": 4}
    assert search.chosen.best.number == 4
    assert search.choice() == {
        "settings": {"optim.epochs": 4},
        "seeds": [1, 2],
        "mean_dev_score": 0.65,
        "sd_over_seeds": 0.0707,
        "best_epochs": [1, 1],
        "seconds": 2.0,
        "seed": 2,
        "dev_score": 0.7,
    }


def test_of_equals_the_earlier_setting_and_the_earlier_seed_are_chosen(config: RunConfig) -> None:
    search = scored(config, 0.5, 0.5, 0.3, 0.7)
    assert search.chosen is not None
    assert search.chosen.best.number == 1


@pytest.mark.parametrize(
    ("scores", "kept"),
    [((), set()), ((0.4,), {1}), ((0.4, 0.6), {2}), ((0.4, 0.6, 0.1), {2, 3}), ((0.4, 0.6, 0.1, 0.2), {2})],
    ids=["none", "a-seed", "a-setting", "a-seed-more", "all"],
)
def test_only_weights_that_may_still_be_chosen_are_kept(
    config: RunConfig, scores: tuple[float, ...], kept: set[int]
) -> None:
    search = scored(config, *scores)
    assert search.candidates == kept
    assert (search.chosen is None) == (len(scores) < 4)


def test_the_model_of_a_search_is_the_one_its_config_trains_alone(
    whole: tuple[Search, Path], sets: Sets, tmp_path: Path
) -> None:
    search, out = whole
    run, model, _ = winner(search, sets, work=out / "checkpoints")
    assert search.chosen is not None
    assert run.config.seed == search.chosen.best.seed
    alone = prepare(run.config, sets.schema, sets.train, sets.dev)
    assert same_weights(model, train(alone, work=tmp_path / "work", resume=False, watch=lambda progress: None))
    best = json.loads((tmp_path / "work" / "best.json").read_text())
    assert (best["score"], best["epoch"]) == (search.chosen.best.dev_score, search.chosen.best.best_epoch)


def test_a_finished_search_leaves_its_figures_and_one_trials_weights(whole: tuple[Search, Path]) -> None:
    search, out = whole
    assert search.chosen is not None
    number = search.chosen.best.number
    assert [path.name for path in (out / "checkpoints" / FOLDER).iterdir()] == [f"trial-{number}.safetensors"]
    record = json.loads((out / RECORD).read_text())
    assert [(trial["settings"]["optim.epochs"], trial["seed"]) for trial in record["trials"]] == [
        (2, 1), (2, 2), (4, 1), (4, 2),
    ]  # fmt: skip
    assert record["chosen"]["seed"] == search.chosen.best.seed
    assert set(record["trials"][0]) == {"number", "settings", "seed", "dev_score", "best_epoch", "seconds"}


@pytest.mark.parametrize(
    ("trial", "epoch"), [(1, 0), (2, 1), (3, 3), (4, 4)], ids=["at-once", "mid-setting", "mid-trial", "at-the-end"]
)
def test_a_resumed_search_ends_in_the_figures_and_the_weights_of_an_uninterrupted_one(
    whole: tuple[Search, Path], config: RunConfig, sets: Sets, tmp_path: Path, trial: int, epoch: int
) -> None:
    with pytest.raises(StopError):
        searched(config, sets, tmp_path, watch=stop_at(trial, epoch))
    assert len(json.loads((tmp_path / RECORD).read_text())["trials"]) == trial - 1
    first: list[tuple[int, int]] = []
    resumed = searched(config, sets, tmp_path, resume=True, watch=lambda *at: first.append((at[0] + 1, at[2].epoch)))
    assert first[0][0] == trial
    assert first[0][1] >= epoch - 1
    assert written(tmp_path) == written(whole[1])
    assert same_weights(model_of(resumed, sets, tmp_path), model_of(whole[0], sets, whole[1]))


def test_a_search_killed_before_it_tidied_up_goes_on_with_the_next_trial(
    whole: tuple[Search, Path], config: RunConfig, sets: Sets, tmp_path: Path
) -> None:
    with pytest.raises(StopError):
        searched(config, sets, tmp_path, watch=stop_at(2, 1))
    left = tmp_path / "checkpoints" / FOLDER / "trial-1"
    left.mkdir()
    (left / "run.json").write_text("{}")
    searched(config, sets, tmp_path, resume=True)
    assert not left.exists()
    assert written(tmp_path) == written(whole[1])


def test_a_search_that_was_finished_trains_nothing_when_it_is_resumed(
    whole: tuple[Search, Path], config: RunConfig, sets: Sets
) -> None:
    def watch(number: int, n_trials: int, progress: Progress) -> None:
        raise StopError

    assert searched(config, sets, whole[1], resume=True, watch=watch).choice() == whole[0].choice()


def test_what_cannot_be_learned_is_told_once(config: RunConfig, sets: Sets, tmp_path: Path) -> None:
    told: list[object] = []
    begun = begin(config, plan(config), sets, out=tmp_path, work=tmp_path / "work", resume=False)
    go_on(begun, sets, out=tmp_path, work=tmp_path / "work", watch=lambda *_: None, tell=told.append)
    assert len(told) == 1


def test_a_search_goes_on_with_what_was_left_before_a_setting_was_there(
    config: RunConfig, sets: Sets, tmp_path: Path
) -> None:
    begin(config, plan(config), sets, out=tmp_path, work=tmp_path / "work", resume=False)
    [path] = tmp_path.glob("search*.json")
    left = json.loads(path.read_text())
    del left["identity"]["config"]["model"]["label_threshold"]
    path.write_text(json.dumps(left))
    assert begin(config, plan(config), sets, out=tmp_path, work=tmp_path / "work", resume=True).outcomes == ()


def changed_documents(sets: Sets) -> Sets:
    return replace(sets, dev=tuple(replace(document, events=(), incidents=()) for document in sets.dev))


def changed_schema(sets: Sets) -> Sets:
    return replace(sets, schema=replace(sets.schema, entity_labels=(*sets.schema.entity_labels, "SHIP")))


@pytest.mark.parametrize(
    ("config_change", "sets_change", "message"),
    [
        ({"search": {**GRID, "optim.epochs": (2, 5)}}, None, r"search\.optim\.epochs = \[2, 4\] there, \[2, 5\] here"),
        ({"seed": 9}, None, "seed = 1 there, 9 here"),
        ({}, changed_schema, "another schema"),
        ({}, changed_documents, "other documents"),
    ],
    ids=["values", "setting", "schema", "documents"],
)
def test_a_search_does_not_go_on_with_another_ones_trials(
    config: RunConfig,
    sets: Sets,
    tmp_path: Path,
    config_change: Mapping[str, Any],
    sets_change: Callable[[Sets], Sets] | None,
    message: str,
) -> None:
    begin(config, plan(config), sets, out=tmp_path, work=tmp_path / "work", resume=False)
    other = replace(config, **config_change)
    with pytest.raises(ConfigError, match=f"another search: {message}; resume with the same config"):
        begin(
            other,
            plan(other),
            sets_change(sets) if sets_change else sets,
            out=tmp_path,
            work=tmp_path / "work",
            resume=True,
        )


def test_a_search_does_not_go_on_from_a_model_that_was_replaced(
    config: RunConfig,
    sets: Sets,
    tiny_config: RunConfig,
    tiny_documents: tuple[Document, ...],
    tiny_artifact: Path,
    tmp_path: Path,
) -> None:
    first, second = (str(shutil.copytree(tiny_artifact, tmp_path / name)) for name in ("first", "second"))
    started = replace(config, encoder=RunConfig().encoder, search={"init.from": (first, second)})
    begin(started, plan(started), sets, out=tmp_path, work=tmp_path / "work", resume=False)
    begin(started, plan(started), sets, out=tmp_path, work=tmp_path / "work", resume=True)
    other = prepare(replace(tiny_config, seed=9), DEFAULT_SCHEMA, tiny_documents, ())
    shutil.rmtree(second)
    finish(other, other.model, tiny_documents, Path(second), seconds=1.0)
    with pytest.raises(ConfigError, match=f"another search: another model in {second}; resume with"):
        begin(started, plan(started), sets, out=tmp_path, work=tmp_path / "work", resume=True)


def test_a_search_is_not_gone_on_with_after_other_weights_came_into_the_folder_of_its_encoder(
    config: RunConfig, sets: Sets, tmp_path: Path
) -> None:
    encoder = shutil.copytree(config.encoder, tmp_path / "encoder")
    here = replace(config, encoder=str(encoder))
    begin(here, plan(here), sets, out=tmp_path, work=tmp_path / "work", resume=False)
    begin(here, plan(here), sets, out=tmp_path, work=tmp_path / "work", resume=True)
    weights = encoder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1] + b"x")
    with pytest.raises(ConfigError, match=f"another search: another model in {encoder}; resume with"):
        begin(here, plan(here), sets, out=tmp_path, work=tmp_path / "work", resume=True)


@pytest.mark.parametrize("is_the_same", [True, False])
def test_a_search_from_a_model_goes_on_with_what_an_earlier_version_left(
    is_the_same: bool, config: RunConfig, sets: Sets, tiny_artifact: Path, tmp_path: Path
) -> None:
    started = replace(config, encoder=RunConfig().encoder, init=InitSettings(str(tiny_artifact)))
    begin(started, plan(started), sets, out=tmp_path, work=tmp_path / "work", resume=False)
    left = json.loads((tmp_path / RECORD).read_text())
    left["identity"]["init"] = weights_hash(tiny_artifact) if is_the_same else "0" * 64
    (tmp_path / RECORD).write_text(json.dumps(left))
    resumed = partial(begin, started, plan(started), sets, out=tmp_path, work=tmp_path / "work", resume=True)
    if is_the_same:
        assert resumed().outcomes == ()
    else:
        with pytest.raises(ConfigError, match=f"another search: another model in {tiny_artifact}; resume"):
            resumed()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{broken",
        "[]",
        "{}",
        '{"identity": 3, "provenance": {}, "trials": []}',
        '{"identity": {}, "provenance": {}, "trials": [{"number": 1}]}',
        '{"identity": {}, "provenance": {}, "trials": ["first"]}',
        "\x00\xff",
    ],
    ids=["empty", "cut", "list", "bare", "wrong", "half-a-trial", "no-trial", "binary"],
)
def test_a_spoiled_file_of_figures_is_refused(config: RunConfig, sets: Sets, tmp_path: Path, text: str) -> None:
    begin(config, plan(config), sets, out=tmp_path, work=tmp_path / "work", resume=False)
    (tmp_path / RECORD).write_bytes(text.encode("latin-1"))
    with pytest.raises(ConfigError, match="holds no search to go on with"):
        begin(config, plan(config), sets, out=tmp_path, work=tmp_path / "work", resume=True)


def test_trials_of_other_settings_in_the_file_are_refused(
    whole: tuple[Search, Path], config: RunConfig, sets: Sets, tmp_path: Path
) -> None:
    begin(config, plan(config), sets, out=tmp_path, work=tmp_path / "work", resume=False)
    record = json.loads((whole[1] / RECORD).read_text())
    record["trials"][1]["seed"] = 5
    (tmp_path / RECORD).write_text(json.dumps(record))
    with pytest.raises(ConfigError, match="its trials are not those of the config"):
        begin(config, plan(config), sets, out=tmp_path, work=tmp_path / "work", resume=True)


@pytest.mark.parametrize("spoil", [Path.unlink, lambda path: path.write_bytes(b"\0" * 20)], ids=["gone", "cut"])
def test_chosen_weights_that_cannot_be_read_are_named(
    whole: tuple[Search, Path], sets: Sets, tmp_path: Path, spoil: Callable[[Path], object]
) -> None:
    search, _ = whole
    assert search.chosen is not None
    path = tmp_path / FOLDER / f"trial-{search.chosen.best.number}.safetensors"
    path.parent.mkdir()
    path.write_bytes(b"")
    spoil(path)
    with pytest.raises(ConfigError, match=f"{path.name}: cannot be read"):
        winner(search, sets, work=tmp_path)


def test_what_a_run_without_a_search_left_is_not_resumed(config: RunConfig, sets: Sets, tmp_path: Path) -> None:
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "run.json").write_text("{}")
    with pytest.raises(ConfigError, match=r"left by a run without \[search\]"):
        begin(config, plan(config), sets, out=tmp_path, work=tmp_path / "work", resume=True)
    assert (tmp_path / "work" / "run.json").is_file()


def test_a_single_training_is_nothing_to_choose_from(config: RunConfig) -> None:
    with pytest.raises(ConfigError, match="a single training: there is nothing to choose"):
        plan(replace(config, search={"optim.epochs": (2,), "seed": (4,)}))


def test_there_is_no_choosing_without_dev_documents(config: RunConfig, sets: Sets, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"name files under \[data\] dev, or .* dev_share"):
        begin(config, plan(config), replace(sets, dev=()), out=tmp_path / "a", work=tmp_path / "a/b", resume=False)
    assert not (tmp_path / "a").exists()


def test_a_calibration_of_one_setting_is_refused_before_hours_are_spent(config: RunConfig) -> None:
    with pytest.raises(ConfigError, match="a cross-validation is of one setting"):
        plan(replace(config, calibration=CalibrationSettings(crossval="crossval.json")))


def test_the_figures_say_how_many_trials_they_are_the_best_of(config: RunConfig) -> None:
    facts = scored(config, 0.9, 0.1, 0.6, 0.7).facts()
    assert facts["note"].startswith("dev scores of 4 of 4 trials, on 3 dev documents; the best of so many is a little")
    assert [setting["mean_dev_score"] for setting in facts["settings"]] == [0.5, 0.65]
    assert (facts["n_trials"], facts["seconds"], facts["chosen"]["seed"]) == (4, 4.0, 2)


def config_with(folder: Path, search: str) -> Path:
    path = folder / "run.toml"
    path.write_text(f'[data]\ntrain = ["a.jsonl"]\n[search]\n{search}\n', encoding="utf-8")
    return path


def test_values_are_read_as_they_stand_in_the_file(tmp_path: Path) -> None:
    read = read_config(config_with(tmp_path, "seed = [3, 1]\noptim.learning_rate = [1, 3e-4]\nmodel.dropout = [0.1]"))
    assert dict(read.search) == {"seed": (3, 1), "optim.learning_rate": (1, 3e-4), "model.dropout": (0.1,)}
    assert plan(read)[0].config.optim.learning_rate == 1.0
    assert plan(read)[0].config.base == str(tmp_path)


@pytest.mark.parametrize(
    ("search", "message"),
    [
        ("optim.learning_rat = [1e-3]", "[search]: unknown key 'optim.learning_rat'; did you mean 'learning_rate'?"),
        ("optin.epochs = [1, 2]", "[search]: unknown key 'optin'; did you mean 'optim'?"),
        ("optim.epochs = [1, 2.5]", "[search]: optim.epochs is 2.5; expected a whole number"),
        ("seed = ['a', 1]", "[search]: seed is 'a'; expected a whole number"),
        ("seed = [0, -1]", "[search]: seed = -1: expected 0 or more"),
        ("model.pooling = ['max', 'least']", "[search]: model.pooling is 'least'; expected one of: mean, max, learned"),
        ("seed.x = [1, 2]", "[search]: seed is {'x': 1}; expected a whole number"),
        ("data.split_seed = [1, 2]", "search.data.split_seed: is no setting that can be chosen on dev; take it out"),
        ("task = ['tokens', 'text']", "search.task: is no setting that can be chosen on dev; take it out"),
        ("optim.epochs = 3", "search.optim.epochs is 3; expected a list of values to try"),
        ("optim.epochs = []", "search.optim.epochs is []; expected a list of values to try"),
        ("optim = [{epochs = 3}]", "search.optim is [{'epochs': 3}]; expected a list of values to try"),
        ("optim.epochs = [3, 4, 3]", "search.optim.epochs = [3, 4, 3]: a value is there twice; expected each once"),
        ("model.max_tokens = [100]\nmodel.overlap = [20, 300]", "[search]: model.overlap = 300: expected 0 or more"),
        (f"seed = {[*range(40)]}\noptim.epochs = {[*range(1, 41)]}", "[search] names 1,600 trainings; expected 1,000"),
    ],
    ids=[
        "key", "table", "type", "seed-type", "range", "word", "no-table", "data", "task", "no-list", "empty",
        "table-value", "twice", "disagree", "many",
    ],
)  # fmt: skip
def test_what_cannot_be_searched_is_told_when_the_config_is_read(tmp_path: Path, search: str, message: str) -> None:
    path = config_with(tmp_path, search)
    with pytest.raises(ConfigError) as caught:
        read_config(path)
    assert str(caught.value).startswith(f"{path}: {message}")


def test_a_search_that_is_no_table_is_told(tmp_path: Path) -> None:
    path = tmp_path / "run.toml"
    path.write_text('search = 5\n[data]\ntrain = ["a"]\n')
    with pytest.raises(ConfigError, match=r"run\.toml: search is 5; expected a list"):
        read_config(path)


def test_values_that_only_fit_beside_each_other_are_good(tmp_path: Path) -> None:
    read = read_config(config_with(tmp_path, "model.max_tokens = [400, 500]\nmodel.overlap = [20, 300]"))
    assert [(t.config.model.max_tokens, t.config.model.overlap) for t in plan(read)] == [
        (400, 20), (400, 300), (500, 20), (500, 300),
    ]  # fmt: skip


def test_an_empty_table_is_no_search(tmp_path: Path) -> None:
    assert not read_config(config_with(tmp_path, "")).search
