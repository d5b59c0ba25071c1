"""Several data sets from the command line: told, trained on together, and one model that knows its own labels."""

from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from tocsin.cli import app

WORDS = (
    "drones\tB-WEAPON\nhit\tO\nfort\tB-BASE\ndane\tI-BASE\n\nrockets\tB-WEAPON\nfell\tO\n\ncamp\tB-BASE\nvale\tI-BASE\n"
)
TEXTS = "text\tlabel\ndrones hit camp vale\traid\nno one was hurt\tcalm\nrockets struck fort dane\traid\n"
OWN = """
task = "tokens"
encoder = "{encoder}"
[data]
train = ["words.conll"]
[model]
max_tokens = 24
overlap = 6
[optim]
epochs = 2
[crossval]
seeds = [1]
folds = 3
[joint]
configs = ["texts.toml"]
"""
BESIDE = """
task = "text"
seed = 5
[data]
train = ["texts.tsv"]
[model]
max_tokens = 16
overlap = 4
"""


def run(*arguments: object) -> Result:
    done = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done


@pytest.fixture
def config(tmp_path: Path, tiny_encoder: Path) -> Path:
    for name, text in {"words.conll": WORDS, "texts.tsv": TEXTS, "texts.toml": BESIDE}.items():
        (tmp_path / name).write_text(text)
    (tmp_path / "own.toml").write_text(OWN.format(encoder=tiny_encoder))
    return tmp_path / "own.toml"


def test_training_tells_of_each_set_and_info_of_what_the_model_learned_from(config: Path, tmp_path: Path) -> None:
    done = run("train", config, "--out", tmp_path / "model")
    assert done.exit_code == 0, done.stderr
    told = " ".join(done.stderr.split())
    assert "note: [joint] texts.toml: seed: changes nothing" in told
    assert "3 batches an epoch of the run's own 3 rows" in told
    assert "3 batches an epoch of texts.toml: 3 documents, 3 rows texts without labels" in told
    assert "step 12/12" in told
    info = " ".join(run("info", tmp_path / "model").stdout.split())
    assert "entity labels BASE, WEAPON" in info
    assert "text labels" not in info
    assert "from texts.toml too, with heads that are not in here: 3 documents, 3 rows, each drawn 2.0 times" in info


def test_a_cross_validation_learns_from_the_other_set_in_every_fold(config: Path, tmp_path: Path) -> None:
    done = run("crossval", config, "--out", tmp_path / "crossval")
    assert done.exit_code == 0, done.stderr
    told = " ".join(done.stderr.split())
    assert "note: [joint] texts.toml: seed: changes nothing" in told
    assert "learned from texts.toml too; over all trainings, 0 of" in told
    again = run("crossval", config, "--out", tmp_path / "crossval")
    assert "3 of 3 folds were taken from an earlier run" in again.stderr
    (tmp_path / "texts.tsv").write_text(TEXTS.replace("struck", "hit"))
    changed = run("crossval", config, "--out", tmp_path / "crossval")
    assert "0 of 3 folds were taken from an earlier run" in changed.stderr


def test_a_set_whose_config_is_missing_is_named(config: Path, tmp_path: Path) -> None:
    (tmp_path / "texts.toml").unlink()
    done = run("train", config, "--out", tmp_path / "model")
    assert done.exit_code == 1
    assert "[joint] configs: texts.toml: no file" in done.stderr
