"""Options are compared with the config as it is, seed by seed, and none is run that cannot be."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from ablations import AS_IT_IS, CONFIGS, OPTIONS, _base, _lacking, _path, markdown

from tocsin.train.config import DistillSettings, RunConfig, read_config

SOURCE = {"commit": "0123abc", "machine": "a machine, 2 cores"}


def row(option: str, dev: dict[str, float], **settings: Any) -> dict[str, Any]:
    runs = {seed: {"dev": value, "seconds": 90.0, "provenance": SOURCE} for seed, value in dev.items()}
    return {"option": option, "settings": settings, "runs": runs}


def page(*rows: dict[str, Any], left_out: Sequence[dict[str, Any]] = ()) -> str:
    return markdown({"sets": [{"set": "words", "rows": list(rows), "left_out": left_out}]})


def test_a_difference_is_of_the_seeds_that_both_have() -> None:
    base, other = row(AS_IT_IS, {"1": 0.7, "2": 0.5}), row("slower", {"1": 0.71, "3": 0.9}, **{"optim.x": 2})
    assert "| slower | `optim.x = 2` | 1, 3 | 0.805 ± 0.134 | +0.010 | 1.5 |" in page(base, other)


def test_an_option_that_is_no_more_keeps_its_row_below_the_others() -> None:
    gone = row("sideways", {"1": 0.6}, **{"optim.gone": 3})
    gone["runs"]["1"]["provenance"] = {**SOURCE, "commit": "9876fed"}
    told = page(row(AS_IT_IS, {"1": 0.7}), row("slower", {"1": 0.71}), left_out=[gone])
    assert told.index("| slower |") < told.index("Tried and left out of the code") < told.index("| sideways |")
    assert "| sideways | `optim.gone = 3` | 1 | 0.600 | -0.100 | 1.5 |" in told
    assert "Trained at commit: 0123abc, 9876fed." in told


def test_what_was_not_run_is_missing() -> None:
    assert "| slower | – | – | missing | missing | – |" in page(row(AS_IT_IS, {"1": 0.7}), row("slower", {}))
    assert "| slower | – | 1 | 0.700 | missing | 1.5 |" in page(row(AS_IT_IS, {}), row("slower", {"1": 0.7}))


@pytest.mark.parametrize("name", OPTIONS)
def test_every_option_changes_what_is_configured(name: str) -> None:
    config = read_config(CONFIGS / f"{name}.toml")
    assert all(config.with_settings(changed) != config for changed in OPTIONS[name].values())


def test_an_option_whose_teacher_is_not_there_is_not_run(tmp_path: Path) -> None:
    config = RunConfig(distill=DistillSettings(teacher=("a", "b")), base=str(tmp_path))
    (tmp_path / "a").mkdir()
    assert _lacking(config) == str(tmp_path / "b")
    (tmp_path / "b").mkdir()
    assert _lacking(config) == ""


def test_another_seed_or_setting_is_another_training(tmp_path: Path) -> None:
    config = RunConfig(base=str(tmp_path))
    others = ({}, {"seed": 2}, {"optim.warmup": 0.5}, {"distill.teacher": ["a"]})
    assert len({_path(config.with_settings(own), tmp_path) for own in others}) == 4
    paths = {_path(config, tmp_path)}
    assert _path(config.with_settings({"optim.warmup": 0.1}), tmp_path) in paths


def test_a_base_measured_on_files_that_are_not_here_is_missing(tmp_path: Path) -> None:
    assert _base("re3d", 1, tmp_path) is None
