"""`tocsin train` with [search]: its table, its file, its refusals, and how it goes on."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from rich.console import Console

from tocsin.data.jsonl import write_documents
from tocsin.data.types import Document
from tocsin.progress import folds_bar
from tocsin.tables import config_lines, search_table
from tocsin.train.config import RunConfig
from tocsin.train.training import Progress

Run = Callable[..., Result]


@pytest.fixture
def data(tmp_path: Path, tiny_documents: tuple[Document, ...]) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    for name, document in zip(("train", "dev"), tiny_documents, strict=True):
        write_documents(folder / f"{name}.jsonl", [document])
    return folder


@pytest.fixture
def plain(tmp_path: Path, tiny_encoder: Path) -> Path:
    path = tmp_path / "run.toml"
    path.write_text(
        f'encoder = "{tiny_encoder}"\n[data]\ntrain = ["train.jsonl"]\ndev = ["dev.jsonl"]\n'
        "[model]\nmax_tokens = 24\noverlap = 6\n[optim]\nepochs = 2\ncheckpoint_every = 1\n"
    )
    return path


@pytest.fixture
def config(plain: Path) -> Path:
    plain.write_text(plain.read_text() + "[search]\nseed = [1, 2]\noptim.learning_rate = [1e-3, 3e-3]\n")
    return plain


def test_a_search_leaves_a_model_its_figures_and_nothing_else(
    run: Run, config: Path, data: Path, tmp_path: Path
) -> None:
    out = tmp_path / "model"
    done = run("train", config, "--out", out, "--data", data)
    assert done.exit_code == 0, done.output
    assert done.stdout == ""
    for said in (
        "[search]",
        "learned as whole words",
        "trial 4/4 begins",
        "dev scores of 4 of 4 trials, on 1 dev document; the best of so many is a little flattering",
        "mean dev",
        "learning_rate   seeds",
        "* is chosen, with seed",
        "on which the best epoch was chosen too, as were setting and seed",
    ):
        assert said in done.stderr
    assert not (out / "checkpoints").exists()
    chosen = json.loads((out / "search.json").read_text())["chosen"]
    metrics = json.loads((out / "metrics.json").read_text())
    ran = json.loads((out / "run.json").read_text())
    assert metrics["search"]["chosen"] == chosen
    assert metrics["search"]["n_trials"] == 4
    assert ran["config"]["seed"] == chosen["seed"]
    assert ran["config"]["optim"]["learning_rate"] == chosen["settings"]["optim.learning_rate"]
    assert ran["config"]["search"] == {}


def test_a_search_that_was_interrupted_in_a_trial_says_how_to_go_on_and_does(
    run: Run, config: Path, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from transformers import Trainer

    whole = Trainer.train
    n_begun = 0

    def interrupted(self: Trainer, *arguments: object, **more: object) -> object:
        nonlocal n_begun
        n_begun += 1
        if n_begun == 3:
            raise KeyboardInterrupt
        return whole(self, *arguments, **more)

    monkeypatch.setattr("transformers.Trainer.train", interrupted)
    out = tmp_path / "model"
    stopped = run("train", config, "--out", out, "--data", data)
    monkeypatch.undo()
    assert stopped.exit_code == 130
    again = f"tocsin train {config} --out {out} --data {data} --resume"
    assert f"go on with: {again}" in stopped.stderr
    assert "--resume goes on with it" in run("train", config, "--out", out, "--data", data).stderr
    done = run(*again.split()[1:])
    assert done.exit_code == 0, done.output
    assert "dev scores of 2 of 4 trials" in done.stderr
    assert "resumes at trial 3 of 4" in done.stderr
    assert "dev scores of 4 of 4 trials" in done.stderr
    assert "nothing is left to resume" in run("train", config, "--out", out, "--data", data, "--resume").stderr


def stopped(run: Run, config: Path, out: Path, data: Path) -> None:
    """Leave what a run leaves that was interrupted as it began to train."""

    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("transformers.Trainer.train", interrupted)
        assert run("train", config, "--out", out, "--data", data).exit_code == 130


def test_a_search_and_a_plain_run_do_not_go_on_with_each_other(
    run: Run, plain: Path, data: Path, tmp_path: Path
) -> None:
    searching = tmp_path / "searching.toml"
    searching.write_text(plain.read_text() + "[search]\nseed = [1, 2]\n")
    for left, other, was in ((searching, plain, "a run with [search]"), (plain, searching, "a run without [search]")):
        out = tmp_path / left.stem
        stopped(run, left, out, data)
        refused = run("train", other, "--out", out, "--data", data, "--resume")
        assert refused.exit_code == 1
        assert f"was left by {was}" in refused.stderr
        assert run("train", left, "--out", out, "--data", data, "--resume").exit_code == 0


def test_a_changed_config_does_not_go_on(run: Run, config: Path, data: Path, tmp_path: Path) -> None:
    stopped(run, config, tmp_path / "model", data)
    config.write_text(config.read_text().replace("epochs = 2", "epochs = 3"))
    refused = run("train", config, "--out", tmp_path / "model", "--data", data, "--resume")
    assert refused.exit_code == 1
    assert "was left by another search: optim.epochs = 2 there, 3 here" in refused.stderr


def test_a_plain_run_over_a_searched_model_takes_the_searchs_file_away(
    run: Run, plain: Path, data: Path, tmp_path: Path
) -> None:
    searching, out = tmp_path / "searching.toml", tmp_path / "model"
    searching.write_text(plain.read_text() + "[search]\nseed = [1, 2]\n")
    assert run("train", searching, "--out", out, "--data", data).exit_code == 0
    assert (out / "search.json").is_file()
    assert run("train", plain, "--out", out, "--data", data, "--overwrite").exit_code == 0
    assert not (out / "search.json").exists()
    assert json.loads((out / "metrics.json").read_text())["search"] is None


@pytest.mark.parametrize(
    ("search", "options", "message"),
    [
        ("seed = [1]", (), "there is nothing to choose"),
        ("seed = [1, 2]", ("--seed", "3"), "--seed: the config tries seeds"),
        ("optim.learning_rat = [1e-3]", (), "did you mean 'learning_rate'?"),
    ],
    ids=["single", "two-seeds", "typo"],
)
def test_a_search_that_makes_no_sense_leaves_nothing(
    run: Run, plain: Path, data: Path, tmp_path: Path, search: str, options: tuple[str, ...], message: str
) -> None:
    plain.write_text(f"{plain.read_text()}[search]\n{search}\n")
    refused = run("train", plain, "--out", tmp_path / "model", "--data", data, *options)
    assert refused.exit_code == 1
    assert message in refused.stderr
    assert not (tmp_path / "model").exists()


def test_a_search_without_dev_documents_leaves_nothing(run: Run, config: Path, data: Path, tmp_path: Path) -> None:
    config.write_text(config.read_text().replace('dev = ["dev.jsonl"]\n', ""))
    refused = run("train", config, "--out", tmp_path / "model", "--data", data)
    assert refused.exit_code == 1
    assert "[search] chooses by the score on dev documents, and there are none" in refused.stderr
    assert not (tmp_path / "model").exists()


def test_data_are_looked_for_in_the_folder_that_is_named(run: Run, plain: Path, data: Path, tmp_path: Path) -> None:
    assert run("train", plain, "--out", tmp_path / "model", "--data", data).exit_code == 0
    missing = run("train", plain, "--out", tmp_path / "other", "--data", tmp_path / "nowhere")
    assert missing.exit_code == 1
    assert f"{tmp_path / 'nowhere' / 'train.jsonl'}: no such file" in missing.stderr


def setting(rate: float, mean: float, *seeds: int) -> dict[str, Any]:
    return {
        "settings": {"optim.learning_rate": rate}, "seeds": list(seeds), "mean_dev_score": mean,
        "sd_over_seeds": 0.0125 if len(seeds) > 1 else None, "best_epochs": [9] * len(seeds), "seconds": 61.0,
    }  # fmt: skip


def test_the_table_has_a_row_a_setting_and_marks_the_chosen_one_within_80_columns() -> None:
    rows = [setting(1e-4, 0.5, 1, 2), setting(3e-4, 0.625, 1)]
    console = Console(width=80, color_system=None)
    for chosen, mark in ((None, ""), (rows[1], "*")):
        with console.capture() as capture:
            console.print(search_table(rows, chosen))
        lines = [line.split() for line in capture.get().splitlines()]
        assert lines[1] == "learning_rate seeds score sd best epoch seconds".split()
        assert lines[3:] == ["0.0001 1, 2 0.500 0.013 9, 9 61".split(), f"{mark} 0.0003 1 0.625 - 9 61".split()]


def test_a_search_of_seeds_only_has_one_row() -> None:
    console = Console(width=80, color_system=None)
    with console.capture() as capture:
        console.print(search_table([{**setting(1e-4, 0.5, 1, 2), "settings": {}}], None))
    assert capture.get().splitlines()[-1].split() == "1, 2 0.500 0.013 9, 9 61".split()


def test_a_config_without_a_search_shows_no_table_for_it() -> None:
    assert "[search]" not in config_lines(RunConfig().to_json())
    assert "[search]\nseed = [1, 2]" in config_lines(RunConfig(search={"seed": (1, 2)}).to_json())


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_the_bar_tells_the_trial_its_step_and_its_dev_score() -> None:
    stream = Terminal()
    talk = Console(file=stream, width=100, force_terminal=True, color_system=None)
    with folds_bar(talk, noun="trial") as watch:
        watch(2, 12, Progress(5, 10, 1, 0.5, None))
        watch(2, 12, Progress(10, 10, 2, 0.5, 0.75))
    assert "trial 3/12  step 10/10  dev 0.750" in stream.getvalue()


def test_a_cross_validation_refuses_to_pass_over_a_search(run: Run, config: Path, tmp_path: Path) -> None:
    done = run("crossval", config, "--out", tmp_path / "crossval")
    assert done.exit_code == 1
    assert "[search]: a cross-validation is of one setting" in done.stderr
