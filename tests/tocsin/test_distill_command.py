"""Teachers from the command line: told before training, told of the model, refused where they would tell too much."""

import json
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from tocsin.cli import app

WORDS = (
    "drones\tB-WEAPON\nhit\tO\nfort\tB-BASE\ndane\tI-BASE\n\nrockets\tB-WEAPON\nfell\tO\n\ncamp\tB-BASE\nvale\tI-BASE\n"
)
CONFIG = """
task = "tokens"
encoder = "{encoder}"
[data]
train = ["words.conll"]
{dev}
[model]
max_tokens = 24
overlap = 6
[optim]
epochs = 2
"""
DISTILL = '[distill]\nteacher = ["../runs/a", "../runs/b"]\nweight = 0.25\n'


def run(*arguments: object) -> Result:
    done = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done


@pytest.fixture
def student(tmp_path: Path, tiny_encoder: Path) -> Path:
    """A config beside which two teachers lie that were trained on all its documents."""
    (tmp_path / "configs").mkdir()
    (tmp_path / "configs" / "words.conll").write_text(WORDS)
    for name, dev, rest in (("teacher", "", ""), ("student", "dev_share = 0.4", DISTILL)):
        config = CONFIG.format(encoder=tiny_encoder, dev=dev)
        (tmp_path / "configs" / f"{name}.toml").write_text(config + rest)
    for seed, name in enumerate("ab"):
        done = run("train", tmp_path / "configs" / "teacher.toml", "--seed", seed, "--out", tmp_path / "runs" / name)
        assert done.exit_code == 0, done.stderr
    return tmp_path / "configs" / "student.toml"


def test_training_and_info_tell_of_the_teachers_and_of_what_they_know(student: Path, tmp_path: Path) -> None:
    done = run("train", student, "--out", tmp_path / "model")
    assert done.exit_code == 0, done.stderr
    told = " ".join(done.stderr.split())
    assert '[distill] teacher = ["../runs/a", "../runs/b"] weight = 0.25' in told
    assert "note: [distill] teacher ../runs/b: 1 of 1 dev documents have ids of texts it was trained on" in told
    assert "before training, 2 teachers will be asked about 2 documents" in told
    info = " ".join(run("info", tmp_path / "model").stdout.split())
    assert "from the mean of what trained models hold possible too, with a share of 0.25 of the loss: ../runs/a" in info


def test_labels_that_only_teachers_know_are_not_said_to_be_lost(tmp_path: Path, tiny_encoder: Path) -> None:
    texts = [f"{weapon} hit {place}" for weapon in ("drones", "rockets") for place in ("fort dane", "camp vale")]
    rows = [{"id": f"t{n}", "text": text, "labels": ["raid"] if n < 2 else ["calm"]} for n, text in enumerate(texts)]
    bare = [{"id": f"b{n}", "text": f"{text} again"} for n, text in enumerate(texts)]
    for name, lines in (("dev", rows), ("bare", bare)):
        (tmp_path / f"{name}.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    for name, train, rest in (("a", "dev", ""), ("b", "bare", '[distill]\nteacher = "a"\n')):
        config = CONFIG.format(encoder=tiny_encoder, dev='dev = ["dev.jsonl"]' if rest else "")
        config = config.replace('"tokens"', '"text"').replace("words.conll", f"{train}.jsonl")
        (tmp_path / f"{name}.toml").write_text(config + rest)
        done = run("train", tmp_path / f"{name}.toml", "--out", tmp_path / name)
        assert done.exit_code == 0, done.stderr
    told = " ".join(done.stderr.split())
    assert "no example of text label calm, raid; learned from the teachers alone" in told
    assert "texts without labels, learned from the teachers alone: 4" in told
    assert "cannot learn" not in told
    assert "nothing learned" not in told
    card = (tmp_path / "b" / "README.md").read_text()
    assert "- without labels, learned from the teachers alone: 4" in card
    assert "- without an example, known from the teachers alone: calm, raid" in card
    assert "never seen" not in card
    assert "unlabelled, not learned" not in card
    assert "taught alone 4 texts without labels" in " ".join(run("info", tmp_path / "b").stdout.split())


def test_a_cross_validation_refuses_teachers(student: Path, tmp_path: Path) -> None:
    done = run("crossval", student, "--out", tmp_path / "crossval")
    assert done.exit_code == 1
    assert "[distill] teacher: a cross-validation holds out each article" in done.stderr


def test_a_teacher_that_is_missing_is_named_before_anything_is_trained(student: Path, tmp_path: Path) -> None:
    student.write_text(student.read_text().replace("runs/b", "runs/c"))
    done = run("train", student, "--out", tmp_path / "model")
    assert done.exit_code == 1
    assert "[distill] teacher: " in done.stderr
    assert "runs/c: no such folder; expected a model that `tocsin train` wrote" in done.stderr


def test_texts_of_a_table_that_nobody_labelled_are_learned_from_a_teacher_and_else_refused(
    tmp_path: Path, tiny_encoder: Path
) -> None:
    rows = ("drones hit camp vale\traid", "the brigade said it fired\tclaim", "rockets hit vale\traid")
    (tmp_path / "all.tsv").write_text("".join(f"{row}\n" for row in rows))
    (tmp_path / "some.tsv").write_text("".join(f"{row}\n" for row in (*rows, "rockets fell\t", "it was hit\t")))
    config = f'task = "text"\nencoder = "{tiny_encoder}"\n[data]\ntrain = ["{{train}}"]\n'
    config += "[model]\nmax_tokens = 24\noverlap = 6\n[optim]\nepochs = 1\n"
    for name, train, rest in (
        ("teacher", "all.tsv", ""),
        ("student", "some.tsv", '[distill]\nteacher = ["runs/teacher"]\n'),
        ("alone", "some.tsv", ""),
    ):
        (tmp_path / f"{name}.toml").write_text(config.format(train=train) + rest)
    done = {
        name: run("train", tmp_path / f"{name}.toml", "--out", tmp_path / "runs" / name)
        for name in ("teacher", "student", "alone")
    }
    assert [each.exit_code for each in done.values()] == [0, 0, 1], done["student"].stderr
    assert "texts without labels" in done["student"].stderr
    refused = " ".join(done["alone"].stderr.replace("│", " ").split())
    assert "some.tsv:4: has no label; expected the name of a class" in refused
    assert "let a model that [distill] names as teacher say what it is" in refused
