"""Options are compared with the config as it is, seed by seed, and none is run that cannot be."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from ablations import (
    AS_IT_IS,
    CONFIGS,
    OPTIONS,
    RESULTS,
    Training,
    _base,
    _finished,
    _record,
    _trainings,
    markdown,
)
from field_runs import write_record

from tocsin.train.config import read_config

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


def test_what_was_left_out_is_compared_with_the_config_of_then() -> None:
    entry = {"rows": [row(AS_IT_IS, {"1": 0.8})], "left_out": [row("sideways", {"1": 0.6})]}
    told = markdown({"sets": [{"set": "words", **entry, "left_out_base": row("as it was", {"1": 0.5})}]})
    assert "| as it was | – | 1 | 0.500 | – | 1.5 |\n| sideways | – | 1 | 0.600 | +0.100 | 1.5 |" in told


def test_what_was_tried_on_a_set_that_no_option_is_run_on_is_one_table() -> None:
    left_out = [row("sideways", {"1": 0.6})]
    base = row("half of the texts", {"1": 0.7})
    told = markdown({"sets": [{"set": "words", "note": "Both took as long.", "rows": [base], "left_out": left_out}]})
    assert "## words\n\nBoth took as long.\n\nTried and left out" in told
    assert told.count("| half of the texts | – | 1 | 0.700 | – | 1.5 |") == 1
    assert "| sideways | – | 1 | 0.600 | -0.100 | 1.5 |" in told


def test_what_was_not_run_is_missing() -> None:
    assert "| slower | – | – | missing | missing | – |" in page(row(AS_IT_IS, {"1": 0.7}), row("slower", {}))
    assert "| slower | – | 1 | 0.700 | missing | 1.5 |" in page(row(AS_IT_IS, {}), row("slower", {"1": 0.7}))


@pytest.mark.parametrize("name", OPTIONS)
def test_every_option_changes_what_is_configured(name: str) -> None:
    config = read_config(CONFIGS / f"{name}.toml")
    assert all(config.with_settings(changed) != config for changed in OPTIONS[name].values())


def test_every_training_has_a_record_of_its_own() -> None:
    trainings = list(_trainings(Path(), (1, 2, 3), list(OPTIONS)))
    assert len({training.file for training in trainings}) == len(trainings)
    assert [training.seed for training in trainings] == sorted(training.seed for training in trainings)


@pytest.fixture
def training(tmp_path: Path) -> Training:
    """One on data sets that are not what they are called, but have their files."""
    for name in ("train", "dev"):
        (tmp_path / "data" / "re3d").mkdir(parents=True, exist_ok=True)
        (tmp_path / "data" / "re3d" / f"{name}.txt").write_text(f"{name} O\n", encoding="utf-8")
    return Training("re3d", "no word shapes", 2, tmp_path / "data")


def keep(training: Training, results: Path, **changed: Any) -> None:
    (results / "ablations").mkdir()
    record = {"provenance": SOURCE, "dev": 0.7, "seconds": 60.0, **training.identity(), **changed}
    write_record(results / "ablations" / training.file, record)


def test_a_finished_training_is_told_and_not_run_again(training: Training, tmp_path: Path) -> None:
    assert _finished(training, tmp_path) is None
    keep(training, tmp_path)
    assert (_finished(training, tmp_path) or {})["dev"] == 0.7
    ((row,),) = [
        [row for row in each["rows"] if row["runs"]] for each in _record(tmp_path, training.data, [2])["sets"][:1]
    ]
    assert (row["option"], list(row["runs"])) == (training.option, ["2"])


def test_a_record_of_other_settings_does_not_hold(training: Training, tmp_path: Path) -> None:
    keep(training, tmp_path, config=replace(training.config, seed=3).to_json())
    assert _finished(training, tmp_path) is None


@pytest.mark.parametrize("file", ["train.txt", "dev.txt"])
def test_a_record_of_other_files_does_not_hold(training: Training, tmp_path: Path, file: str) -> None:
    keep(training, tmp_path)
    (training.data / "re3d" / file).write_text("other O\n", encoding="utf-8")
    assert _finished(training, tmp_path) is None


def test_what_is_measured_on_files_that_are_not_here_is_missing(training: Training, tmp_path: Path) -> None:
    keep(training, tmp_path)
    (training.data / "re3d" / "dev.txt").unlink()
    assert _finished(training, tmp_path) is None
    assert _base("re3d", 1, RESULTS, tmp_path) is None
