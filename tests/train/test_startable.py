"""What keeps a trial from starting is told before the first one is trained, whichever trial it is."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tocsin.data.errors import ConfigError
from tocsin.data.schema import DEFAULT_SCHEMA
from tocsin.data.types import Document
from tocsin.train import preparation
from tocsin.train.config import InitSettings, RunConfig
from tocsin.train.joint import JointSet
from tocsin.train.search import begin, plan
from tocsin.train.sets import Sets
from tocsin.train.startable import refuse_unstartable


def configs(config: RunConfig, **search: tuple[Any, ...]) -> list[RunConfig]:
    grid = {key.replace("__", "."): values for key, values in search.items()}
    return [trial.config for trial in plan(replace(config, search=grid))]


def fault(config: RunConfig, *beside: JointSet, **search: tuple[Any, ...]) -> str:
    with pytest.raises(ConfigError) as refused:
        refuse_unstartable(configs(config, **search), beside)
    return str(refused.value)


def test_an_encoder_that_is_not_to_be_had_is_named_with_the_first_trial_that_wants_it(tiny_config: RunConfig) -> None:
    told = fault(tiny_config, optim__epochs=(1, 2), encoder=(tiny_config.encoder, "nix"))
    assert told.startswith("[search] trial 2 of 4: encoder 'nix': no folder of that name")
    assert told.count("\n") == 0


def test_every_fault_is_named_once(tiny_config: RunConfig) -> None:
    told = fault(tiny_config, seed=(1, 2), model__max_tokens=(24, 65, 66), optim__frozen_layers=(0, 99))
    assert told.splitlines() == [
        "[search] trial 3 of 12: [optim] frozen_layers = 99: the encoder has 2 layers that can be frozen",
        "[search] trial 5 of 12: [model] max_tokens = 65: the encoder reads 64 at most",
        "[search] trial 9 of 12: [model] max_tokens = 66: the encoder reads 64 at most",
    ]


def test_a_model_to_start_from_is_looked_for(tiny_config: RunConfig, tiny_artifact: Path) -> None:
    bare = replace(tiny_config, encoder=RunConfig().encoder)
    told = fault(bare, init__from=(str(tiny_artifact), str(tiny_artifact.parent / "gone")))
    assert told.startswith(f"[search] trial 2 of 2: [init] from: {tiny_artifact.parent / 'gone'}")
    started = replace(bare, init=InitSettings(str(tiny_artifact)))
    told = fault(started, encoder=(bare.encoder, tiny_config.encoder))
    assert told.startswith(f"[search] trial 2 of 2: encoder = {tiny_config.encoder!r} and [init] from: expected one")


def test_windows_of_another_set_are_no_longer_than_the_encoder_reads(
    tiny_config: RunConfig, tiny_documents: tuple[Document, ...]
) -> None:
    other = replace(tiny_config, model=replace(tiny_config.model, max_tokens=70))
    beside = JointSet("other.toml", other, DEFAULT_SCHEMA, tiny_documents)
    told = fault(tiny_config, beside, seed=(1, 2))
    assert told == "[search] trial 1 of 2: [joint] other.toml: [model] max_tokens = 70: the encoder reads 64 at most"


def test_trials_of_one_encoder_load_it_once(tiny_config: RunConfig, monkeypatch: pytest.MonkeyPatch) -> None:
    loaded: list[str] = []
    load = preparation.load_encoder

    def counted(folder: str, **options: Any) -> Any:
        loaded.append(folder)
        return load(folder, **options)

    monkeypatch.setattr(preparation, "load_encoder", counted)
    trials = configs(tiny_config, seed=(1, 2), optim__frozen_layers=(2, 0, 1), model__max_tokens=(24, 64))
    refuse_unstartable(trials, ())
    assert loaded == [tiny_config.encoder]


def test_a_search_that_cannot_start_leaves_what_was_there(
    tiny_config: RunConfig, tiny_documents: tuple[Document, ...], tmp_path: Path
) -> None:
    (tmp_path / "work" / "search").mkdir(parents=True)
    config = replace(tiny_config, search={"optim.frozen_layers": (0, 3)})
    sets = Sets(DEFAULT_SCHEMA, tiny_documents[:1], tiny_documents[1:])
    with pytest.raises(ConfigError, match=r"trial 2 of 2: \[optim\] frozen_layers = 3: the encoder has 2 layers"):
        begin(config, plan(config), sets, out=tmp_path, work=tmp_path / "work", resume=False)
    assert [path.name for path in tmp_path.rglob("*")] == ["work", "search"]
