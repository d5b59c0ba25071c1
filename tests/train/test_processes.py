"""Two processes that `accelerate launch` starts train one model together, and only the first one writes it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tocsin.cli import app
from tocsin.train.processes import is_first, n_processes

TRAIN = """
two\tO
drones\tB-WEAPON
hit\tO
camp\tB-BASE
vale\tI-BASE

three\tO
rockets\tB-WEAPON
struck\tO
fort\tB-BASE
dane\tI-BASE

drones\tB-WEAPON
targeted\tO
port\tB-BASE
sund\tI-BASE

a\tO
raid\tO
near\tO
fort\tB-BASE
dane\tI-BASE
"""
DEV = "two\tO\nrockets\tB-WEAPON\nhit\tO\nfort\tB-BASE\ndane\tI-BASE\n"
CONFIG = """
task = "tokens"
encoder = "{encoder}"
[data]
train = ["train.conll"]
dev = ["dev.conll"]
[model]
max_tokens = 24
overlap = 6
[optim]
epochs = 3
batch_passages = 1
learning_rate = 1e-3
checkpoint_every = 1
"""


@pytest.fixture
def config(tmp_path: Path, tiny_encoder: Path) -> Path:
    (tmp_path / "train.conll").write_text(TRAIN)
    (tmp_path / "dev.conll").write_text(DEV)
    (tmp_path / "run.toml").write_text(CONFIG.format(encoder=tiny_encoder))
    return tmp_path / "run.toml"


def launched(*command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "CUDA_VISIBLE_DEVICES": "", "MASTER_PORT": "29517"}
    launcher = [sys.executable, "-m", "accelerate.commands.launch", "--multi_gpu", "--num_processes", "2"]
    return subprocess.run(
        [*launcher, "-m", "tocsin", *command], cwd=folder, env=environment, capture_output=True, text=True, timeout=300
    )


def test_two_processes_train_one_model_with_half_the_steps(config: Path, tmp_path: Path) -> None:
    done = launched("train", "run.toml", "--out", "model", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "step 6/6" in done.stderr  # 4 sentences in 3 epochs, two at a time
    assert done.stderr.count("wrote model") == 1
    run = json.loads((tmp_path / "model" / "run.json").read_text())
    assert run["best_epoch"] in (1, 2, 3)


def test_without_a_launcher_there_is_one_process_and_it_is_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WORLD_SIZE", raising=False)
    monkeypatch.delenv("RANK", raising=False)
    assert (n_processes(), is_first()) == (1, True)


def test_the_second_of_two_processes_is_not_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORLD_SIZE", "2")
    monkeypatch.setenv("RANK", "1")
    assert (n_processes(), is_first()) == (2, False)


def test_two_processes_label_whole_texts_in_batches_of_like_length(tmp_path: Path, tiny_encoder: Path) -> None:
    rows = [f"{'drones ' * (n % 5 + 1)}hit camp vale {n}\t{n % 2}" for n in range(16)]
    (tmp_path / "train.tsv").write_text("text\tattack\n" + "\n".join(rows) + "\n")
    config = CONFIG.replace('"tokens"', '"text"').replace("batch_passages = 1", "batch_passages = 2")
    config = config.replace('train = ["train.conll"]\ndev = ["dev.conll"]', 'train = ["train.tsv"]\ndev_share = 0.25')
    (tmp_path / "run.toml").write_text(config.format(encoder=tiny_encoder))
    done = launched("train", "run.toml", "--out", "model", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "step 9/9" in done.stderr  # 12 texts, two each in two processes, 3 epochs


def test_two_processes_learn_from_two_sets_though_one_reads_this_and_the_other_that(
    config: Path, tmp_path: Path, tiny_encoder: Path
) -> None:
    (tmp_path / "texts.tsv").write_text("text\tattack\n" + "".join(f"drones hit camp {n}\t{n % 2}\n" for n in range(9)))
    windows = "[model]\nmax_tokens = 16\noverlap = 4\n"
    (tmp_path / "texts.toml").write_text(f'task = "text"\n[data]\ntrain = ["texts.tsv"]\n{windows}')
    config.write_text(config.read_text() + '[joint]\nconfigs = ["texts.toml"]\n')
    done = launched("train", "run.toml", "--out", "model", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "step 15/15" in done.stderr  # 4 sentences and 6 of 9 texts in 3 epochs, two at a time
    facts = json.loads((tmp_path / "model" / "run.json").read_text())["joint"]
    assert [each["rows_drawn"] for each in (facts["own"], *facts["sets"])] == [12, 18]


def test_two_processes_say_once_what_stops_both(config: Path, tmp_path: Path) -> None:
    (tmp_path / "train.conll").unlink()
    done = launched("train", "run.toml", "--out", "model", folder=tmp_path)
    assert done.returncode != 0
    assert done.stderr.count("train.conll: no such file") == 1


def test_two_processes_do_not_go_on_with_what_one_began(config: Path, tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("transformers.Trainer.train", interrupted)
        assert CliRunner().invoke(app, ["train", str(config), "--out", str(tmp_path / "model")]).exit_code == 130
    done = launched("train", "run.toml", "--out", "model", "--resume", folder=tmp_path)
    assert done.returncode != 0
    assert done.stderr.count("was left by a run in 1 process, and this one is in 2; its steps are others") == 1
    assert not (tmp_path / "model" / "tocsin.json").exists()


def interrupted(*_: object, **__: object) -> None:
    """Stands for a run that is stopped as it begins to train."""
    raise KeyboardInterrupt
