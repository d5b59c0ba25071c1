"""Which columns files have: what the command line says, and else what a model was trained with."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from tocsin.cli import app
from tocsin.columns import given_columns, merged, trained_columns
from tocsin.data.formats.conversion import Options

TEXTS = [("raid", "drones hit camp vale"), ("claim", "the red brigade said it fired"), ("raid", "rockets hit vale")]
CONFIG = """
task = "{task}"
encoder = "{encoder}"
[data]
train = ["{train}"]
{data}
[model]
max_tokens = 24
overlap = 6
[optim]
epochs = 1
"""

Model = Callable[..., Path]


@pytest.fixture
def model(tmp_path: Path, tiny_encoder: Path) -> Model:
    """Trains a model on a file, with settings of `[data]`."""

    def trained(task: str, train: Path, *data: str) -> Path:
        config = tmp_path / "run.toml"
        config.write_text(CONFIG.format(task=task, encoder=tiny_encoder, train=train.name, data="\n".join(data)))
        done = run("train", config, "--out", tmp_path / "model")
        assert done.exit_code == 0, done.stderr
        return tmp_path / "model"

    return trained


def run(*arguments: object) -> Result:
    done = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done


def told(done: Result) -> str:
    return " ".join(done.stderr.replace("│", " ").split())


def written(path: Path, *rows: tuple[str, ...]) -> Path:
    path.write_text("".join("\t".join(row) + "\n" for row in rows))
    return path


def run_json(folder: Path, **data: object) -> Path:
    folder.mkdir()
    (folder / "run.json").write_text(json.dumps({"config": {"data": data}}))
    return folder


def predicted(done: Result) -> list[str]:
    assert done.exit_code == 0, done.stderr
    return [json.loads(line)["text"] for line in done.stdout.splitlines()]


def test_a_model_remembers_which_columns_hold_texts_and_labels(tmp_path: Path, model: Model) -> None:
    train = written(tmp_path / "train.tsv", *TEXTS)
    folder = model("text", train, 'text_column = "1"', 'label_columns = ["0"]')
    assert predicted(run("predict", folder, train, "--from", "table")) == [text for _, text in TEXTS]
    scored = run("evaluate", folder, train)
    assert scored.exit_code == 0, scored.stderr
    assert "as the model was trained" not in scored.stderr


def test_columns_of_the_command_line_beat_those_of_the_model(tmp_path: Path, model: Model) -> None:
    train = written(tmp_path / "train.tsv", *TEXTS)
    folder = model("text", train, 'text_column = "1"', 'label_columns = ["0"]')
    turned = written(tmp_path / "turned.tsv", *((text, label) for label, text in TEXTS))
    options = ("--text-column", 0, "--label-column", 1)
    assert predicted(run("predict", folder, turned, "--from", "table", *options)) == [text for _, text in TEXTS]
    scored = run("evaluate", folder, turned, *options, "--report", tmp_path / "report")
    assert scored.exit_code == 0, scored.stderr
    reproduced = (tmp_path / "report" / "report.json").read_text()
    assert "--text-column 0 --label-column 1" in reproduced


def test_what_the_model_says_of_columns_is_told_only_where_reading_fails(tmp_path: Path, model: Model) -> None:
    train = written(tmp_path / "train.tsv", ("kind", "story"), *TEXTS)
    folder = model("text", train, 'text_column = "story"')
    other = written(tmp_path / "other.tsv", ("kind", "report"), *TEXTS)
    note = 'read with text_column = "story", as the model was trained; other columns are named by --text-column'
    for command in (("predict", folder, other, "--from", "table"), ("evaluate", folder, other)):
        done = run(*command)
        assert done.exit_code == 1
        assert "no column 'story' in its first line; found there: kind, report" in told(done)
        assert note in told(done)
    assert "as the model was trained" not in told(run("predict", folder, train, "--from", "table"))


def test_a_model_remembers_the_column_of_tags(tmp_path: Path, model: Model) -> None:
    rows = [("The", "O", "X"), ("rebels", "B-ORG", "X"), ("fled", "O", "X"), ()]
    train = written(tmp_path / "train.conll", *rows, *rows)
    folder = model("tokens", train, "tag_column = 1")
    assert predicted(run("predict", folder, train, "--from", "conll")) == ["The rebels fled"] * 2
    scored = run("evaluate", folder, train)
    assert scored.exit_code == 0, scored.stderr
    done = run("evaluate", folder, train, "--tag-column", -1)
    assert done.exit_code == 1
    assert "column 1 looks like tags: name it by --tag-column" in told(done)
    words = written(tmp_path / "words.conll", *((row[0],) if row else () for row in rows))
    done = run("predict", folder, words, "--from", "conll")
    assert predicted(done) == ["The rebels fled"]


def test_labels_of_columns_without_a_header_are_scored_by_the_names_they_were_trained_with(
    tmp_path: Path, model: Model
) -> None:
    rows = [("a zebra", "1", "0"), ("an apple", "0", "1"), ("a zebra ate", "1", "0"), ("nothing", "0", "0")]
    train = written(tmp_path / "train.tsv", *rows)
    folder = model("text", train, 'text_labels = ["zebra", "apple"]')
    scores = tmp_path / "scores.json"
    assert run("evaluate", folder, train, "--json", scores).exit_code == 0
    assert json.loads(scores.read_text())["data"]["labels"] == {"apple": 1, "zebra": 2}


def test_settings_hold_only_for_the_format_that_a_model_was_trained_from(tmp_path: Path) -> None:
    folder = run_json(tmp_path / "a", train=["a.txt"], format="table", separator=";", text_column="1", tag_column=-1)
    assert trained_columns(folder, ["table"]) == {"separator": ";", "text_column": "1"}
    assert trained_columns(folder, ["conll"]) == {}
    told_by_name = run_json(tmp_path / "b", train=["train.conll"], format="", separator="", tag_column=2)
    assert trained_columns(told_by_name, ["conll"]) == {"tag_column": 2}
    assert trained_columns(told_by_name, ["table"]) == {}


def test_of_a_model_that_tells_nothing_of_columns_nothing_is_taken(tmp_path: Path) -> None:
    of_former = run_json(tmp_path / "former", train=["train.tsv"])
    (tmp_path / "odd").mkdir()
    (tmp_path / "odd" / "run.json").write_text("[]")
    for folder in (of_former, tmp_path / "odd", tmp_path / "none"):
        assert trained_columns(folder, ["table"]) == {}


def test_an_option_replaces_the_one_setting_it_is_for() -> None:
    given = given_columns(None, None, "story", None, None)
    options, note = merged(given, {"text_column": "1", "label_columns": ("0",)})
    assert options == Options(text_column="story", label_columns=("0",))
    assert note.startswith('read with label_columns = ["0"], as the model was trained; other columns are named by')


def test_options_of_columns_that_change_nothing_are_told(tmp_path: Path, tiny_artifact: Path) -> None:
    (tmp_path / "a.txt").write_text("A raid failed.")
    done = run("predict", tiny_artifact, tmp_path / "a.txt", "--text-column", 1)
    assert "--text-column changes nothing without --from" in told(done)
