"""Tagging, classification and role filling from the command line: train, predict, evaluate; and data that are bad."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from tocsin.cli import app
from tocsin.data.jsonl import load_documents, write_documents
from tocsin.data.schema import read_schema
from tocsin.data.types import Document

Run = Callable[..., Result]
Config = Callable[..., Path]

TAGGED = [
    "Drones/B-WEAPON hit/O Camp/B-BASE Vale/I-BASE",
    "Rockets/B-WEAPON hit/O Fort/B-BASE Dane/I-BASE",
    "No/O one/O was/O hurt/O",
    "Fort/B-BASE Dane/I-BASE was/O struck/O",
    "Two/O drones/B-WEAPON hit/O Port/B-BASE Sund/I-BASE",
    "The/O raid/O failed/O near/O Camp/B-BASE Vale/I-BASE",
    "Rockets/B-WEAPON struck/O Port/B-BASE Sund/I-BASE",
    "A/O strike/O targeted/O Fort/B-BASE Dane/I-BASE",
    "Three/O soldiers/O were/O hurt/O",
    "Drones/B-WEAPON struck/O on/O Monday/O",
]
TEXTS = [
    ("drones hit camp vale", "raid"),
    ("the red brigade said it fired rockets", "claim"),
    ("rockets struck fort dane", "raid"),
    ("the northern army denied any attack", "denial"),
    ("a strike targeted port sund", "raid"),
    ("the red brigade said it struck", "claim"),
    ("the army denied the raid", "denial"),
    ("two drones struck on monday", "raid"),
    ("the brigade said it fired", "claim"),
    ("the brigade denied it", "denial"),
]
FILLED = [("drones", "Weapon"), ("rockets", "Weapon"), ("red brigade", "Group")]


@pytest.fixture
def run() -> Run:
    def invoke(*arguments: object) -> Result:
        done = CliRunner().invoke(app, [str(argument) for argument in arguments])
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done

    return invoke


@pytest.fixture
def config(tmp_path: Path, tiny_encoder: Path) -> Config:
    """Writes a config for a task, two epochs of the tiny encoder."""

    def write(task: str, train: Path, *lines: str, epochs: int = 2) -> Path:
        path = tmp_path / f"{task}.toml"
        data = "\n".join([f'train = ["{train.name}"]', *lines])
        path.write_text(
            f'task = "{task}"\nencoder = "{tiny_encoder}"\n[data]\n{data}\n[model]\nmax_tokens = 24\noverlap = 6\n'
            f"[optim]\nepochs = {epochs}\nlearning_rate = 3e-3\nhead_learning_rate = 1e-2\n"
        )
        return path

    return write


def conll(path: Path, *sentences: str) -> Path:
    lines = [word.replace("/", "\t") for sentence in sentences for word in (*sentence.split(), "")]
    path.write_text("".join(f"{line}\n" for line in lines))
    return path


def table(path: Path, *rows: tuple[str, ...]) -> Path:
    path.write_text("".join("\t".join(row) + "\n" for row in rows))
    return path


def muc4(path: Path, n: int = 10) -> Path:
    """Texts that tell of one or two weapons of a group, as MUC-4 has them."""
    lines = []
    for number in range(n):
        (weapon, role), other = FILLED[number % 2], FILLED[2]
        text = f"the {other[0]} said it fired {weapon} on tuesday at fort dane"
        named = {name: [[[string, text.index(string)]]] for string, name in ((weapon, role), other)}
        lines.append({"docid": f"d{number}", "doctext": text, "templates": [{"incident_type": "raid", **named}]})
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


def told(done: Result) -> str:
    return " ".join(done.stderr.replace("│", " ").split())


def test_tags_are_learned_predicted_and_scored_a_word_a_tag(run: Run, config: Config, tmp_path: Path) -> None:
    train, dev = conll(tmp_path / "train.txt", *TAGGED), conll(tmp_path / "dev.txt", *TAGGED[:3])
    done = run("train", config("tokens", train, 'dev = ["dev.txt"]', 'format = "conll"', 'shared = "drop"', epochs=12),
               "--out", tmp_path / "tags")  # fmt: skip
    assert done.exit_code == 0, done.stderr
    assert "left out, since dev has the same texts: 3" in done.stderr
    assert "WEAPON" in done.stderr
    assert "arguments" not in done.stderr
    predicted, written = tmp_path / "predicted.jsonl", tmp_path / "predicted.conll"
    assert run("predict", tmp_path / "tags", dev, "--from", "conll", "--output", predicted).exit_code == 0
    assert run("convert", predicted, written).exit_code == 0
    words = [[line.split("\t")[0] for line in path.read_text().splitlines()] for path in (dev, written)]
    assert words[0] == words[1]
    assert all(line.count("\t") == 1 for line in written.read_text().splitlines() if line)
    record = tmp_path / "scores.json"
    of_model = run("evaluate", tmp_path / "tags", dev, "--from", "conll", "--json", record)
    assert of_model.exit_code == 0, of_model.stderr
    of_file = run("evaluate", predicted, dev, "--from", "conll", "--json", tmp_path / "again.json")
    assert of_file.exit_code == 0, of_file.stderr
    figures = [json.loads(path.read_text())["headline"]["entity_f1"] for path in (record, tmp_path / "again.json")]
    assert figures[0] == figures[1]
    of_itself = run("evaluate", predicted, dev.rename(dev.with_suffix(".conll")), "--json", tmp_path / "again.json")
    assert of_itself.exit_code == 0, of_itself.stderr
    assert json.loads((tmp_path / "again.json").read_text())["headline"]["entity_f1"] == figures[0]
    assert "in English news" in (tmp_path / "tags" / "README.md").read_text()


def test_predicted_tags_are_shown_in_place_and_in_a_table(run: Run, config: Config, tmp_path: Path) -> None:
    train = conll(tmp_path / "train.txt", *TAGGED)
    done = run("train", config("tokens", train, 'format = "conll"', epochs=20), "--out", tmp_path / "tags")
    assert done.exit_code == 0, done.stderr
    text = run("predict", tmp_path / "tags", train, "--from", "conll", "--format", "text")
    assert "hit [BASE Camp Vale]" in text.stdout
    assert "incident" not in text.stdout
    assert "publication" not in text.stdout + text.stderr
    shown = run("predict", tmp_path / "tags", train, "--from", "conll", "--format", "table").stdout
    assert shown.splitlines()[0].split() == ["article", "label", "text", "start", "end", "score"]
    assert ["train-1", "BASE", "Camp", "Vale", "11", "20"] in [line.split()[:-1] for line in shown.splitlines()]


@pytest.mark.parametrize(
    ("rows", "lines", "shown"),
    [
        (TEXTS, (), "label macro F1"),
        ([(text, "1" if label == "raid" else "0") for text, label in TEXTS], ('text_labels = ["raid"]',), "label F1"),
        (
            [(text, str(int(label == "raid")), str(int("army" in text))) for text, label in TEXTS],
            ('text_labels = ["raid", "army"]',),
            "example F1",
        ),
    ],
    ids=["one class of three", "a class or not", "any of two labels"],
)
def test_labels_of_texts_are_learned_predicted_and_scored(
    run: Run, config: Config, tmp_path: Path, rows: list[tuple[str, ...]], lines: tuple[str, ...], shown: str
) -> None:
    train = table(tmp_path / "train.tsv", *rows)
    model = tmp_path / "labels"
    done = run("train", config("text", train, "dev_share = 0.2", 'shared = "drop"', *lines), "--out", model)
    assert done.exit_code == 0, done.stderr
    assert "text label raid" in done.stderr
    assert "texts without labels, nothing learned from them: none" in done.stderr
    text = run("predict", model, train, "--from", "table", "--format", "text").stdout
    assert re.search(r"^[* ] raid +0\.\d\d$", text, flags=re.MULTILINE)
    assert "incident" not in text
    assert "articles" in run("predict", model, train, "--from", "table", "--format", "table").stdout.splitlines()[-1]
    scored = run("evaluate", model, train, "--from", "table")
    assert scored.exit_code == 0, scored.stderr
    assert shown in scored.stdout
    facts = " ".join(run("info", model).stdout.split())
    assert "raid 3" in facts or "raid 4" in facts
    card = (model / "README.md").read_text()
    assert not any(word in card for word in ("incident", "attack ", "theatres", "| entities |"))


def test_a_threshold_leaves_labels_of_texts_as_they_are_and_says_so(run: Run, config: Config, tmp_path: Path) -> None:
    train = table(tmp_path / "train.tsv", *TEXTS)
    assert run("train", config("text", train), "--out", tmp_path / "labels").exit_code == 0
    predict = ("predict", tmp_path / "labels", train, "--from", "table")
    everything = run(*predict)
    for option in (("--min-score", 0.999), ("--precision", 0.9)):
        done = run(*predict, *option)
        assert done.stdout == everything.stdout
        assert "labels of texts are written whatever their scores" in done.stderr


def test_fillers_and_templates_are_learned_predicted_and_scored(run: Run, config: Config, tmp_path: Path) -> None:
    train, model = muc4(tmp_path / "train.jsonl"), tmp_path / "fillers"
    done = run("train", config("fillers", train, 'format = "muc4"', epochs=20), "--out", model)
    assert done.exit_code == 0, done.stderr
    assert "filler Weapon" in done.stderr
    assert "template raid" in done.stderr
    text = run("predict", model, train, "--from", "muc4", "--format", "text")
    assert "[Weapon drones]" in text.stdout
    assert ["Weapon", "drones", "1"] in [line.split()[:3] for line in text.stdout.splitlines()]
    shown = run("predict", model, train, "--from", "muc4", "--format", "table").stdout
    assert ["d0", "raid", "Weapon", "drones"] in [line.split() for line in shown.splitlines()]
    scored = run("evaluate", model, train, "--from", "muc4")
    assert scored.exit_code == 0, scored.stderr
    assert "filler F1" in scored.stdout
    predicted = tmp_path / "predicted.jsonl"
    assert run("predict", model, train, "--from", "muc4", "--output", predicted).exit_code == 0
    again = run("evaluate", predicted, train, "--from", "muc4")
    assert again.exit_code == 0, again.stderr
    (document,) = load_documents([predicted], read_schema(model / "schema.json"))[:1]
    assert isinstance(document, Document)
    assert document.fillers
    left = run("predict", model, train, "--from", "muc4", "--min-score", 1)
    assert "fillers below 1" in left.stderr


@pytest.mark.parametrize(
    ("sentences", "message"),
    [
        (["No/O one/O was/O hurt/O", "A/O raid/O failed/O"], "an entity for task tokens is not in any of 2 documents"),
        (["No one/O"], "train.txt:1: has no tag: 'No'"),
        (["\u200b \u2003/B-BASE hit/O"], "train.txt:1: has no tag"),
        ([], "train.txt: has no word; expected a word and its tag a line"),
        (["Vale/B-BA!SE"], "train.txt:1: label 'BA!SE' cannot be a name"),
        (["Vale/B-BASE hit/X-BASE"], "train.txt:2: has the tag 'X-BASE'"),
    ],
    ids=["no entity", "no tag", "no characters", "nothing", "no name", "no tag of a scheme"],
)
def test_words_that_cannot_be_learned_from_are_told(
    run: Run, config: Config, tmp_path: Path, sentences: list[str], message: str
) -> None:
    train = conll(tmp_path / "train.txt", *sentences)
    done = run("train", config("tokens", train, 'format = "conll"'), "--out", tmp_path / "tags")
    assert done.exit_code == 1
    assert message in told(done)
    assert not (tmp_path / "tags").exists()


def test_sentences_without_entities_are_learned_from_beside_others(run: Run, config: Config, tmp_path: Path) -> None:
    train = conll(tmp_path / "train.txt", TAGGED[2], TAGGED[0], TAGGED[8])
    done = run("train", config("tokens", train, 'format = "conll"'), "--out", tmp_path / "tags")
    assert done.exit_code == 0, done.stderr


def test_a_label_that_the_schema_does_not_have_is_told_with_its_line(run: Run, config: Config, tmp_path: Path) -> None:
    known = conll(tmp_path / "known.txt", TAGGED[3])
    labels = tmp_path / "labels.json"
    assert run("convert", known, tmp_path / "k.jsonl", "--from", "conll", "--write-schema", labels, "--task", "tokens")
    train = conll(tmp_path / "train.txt", TAGGED[3], TAGGED[0])
    done = run(
        "train", config("tokens", train, 'format = "conll"', 'schema = "labels.json"'), "--out", tmp_path / "tags"
    )
    assert done.exit_code == 1
    assert "train.txt:6: unknown label 'WEAPON'; expected one of: BASE" in told(done)


def test_a_model_is_not_scored_on_labels_it_does_not_know(run: Run, config: Config, tmp_path: Path) -> None:
    train = conll(tmp_path / "train.txt", *TAGGED)
    assert run("train", config("tokens", train, 'format = "conll"'), "--out", tmp_path / "tags").exit_code == 0
    gold = conll(tmp_path / "gold.txt", "The/O Dawn/B-SHIP sank/O")
    done = run("evaluate", tmp_path / "tags", gold, "--from", "conll")
    assert done.exit_code == 1
    assert "gold.txt:2: unknown label 'SHIP'" in told(done)
    assert f"the labels known here are those of {tmp_path / 'tags'}" in told(done)


def test_a_setting_that_changes_nothing_is_told(run: Run, config: Config, tmp_path: Path) -> None:
    train = conll(tmp_path / "train.txt", *TAGGED[:4])
    path = config("tokens", train, 'format = "conll"', "split_seed = 7", epochs=1)
    path.write_text(path.read_text().replace("[model]", '[model]\npooling = "max"'))
    done = run("train", path, "--out", tmp_path / "tags")
    assert done.exit_code == 0, done.stderr
    assert "note: [data] split_seed: 7 changes nothing; no documents are drawn without dev_share" in told(done)
    assert "note: [model] pooling: max changes nothing; the label set has no text labels" in told(done)


def test_one_class_only_is_refused(run: Run, config: Config, tmp_path: Path) -> None:
    train = table(tmp_path / "train.tsv", *[(text, "raid") for text, _ in TEXTS])
    done = run("train", config("text", train), "--out", tmp_path / "labels")
    assert done.exit_code == 1
    assert "one class only: every text is labelled raid" in told(done)


def test_an_empty_dev_file_is_refused_and_a_share_that_rounds_to_nothing_holds_one_out(
    run: Run, config: Config, tmp_path: Path
) -> None:
    train = table(tmp_path / "train.tsv", *TEXTS)
    (tmp_path / "dev.tsv").write_text("\n\n")
    done = run("train", config("text", train, 'dev = ["dev.tsv"]'), "--out", tmp_path / "labels")
    assert done.exit_code == 1
    assert "dev.tsv: is empty; expected a text and its labels a line" in told(done)
    done = run("train", config("text", train, "dev_share = 0.01"), "--out", tmp_path / "labels")
    assert done.exit_code == 0, done.stderr
    assert ["documents", "9", "1"] in [line.split() for line in done.stderr.splitlines()]


def test_texts_of_dev_that_are_trained_on_are_refused_unless_they_are_dropped(
    run: Run, config: Config, tmp_path: Path
) -> None:
    train, _ = table(tmp_path / "train.tsv", *TEXTS), table(tmp_path / "dev.tsv", *TEXTS[:2], TEXTS[3])
    done = run("train", config("text", train, 'dev = ["dev.tsv"]'), "--out", tmp_path / "labels")
    assert done.exit_code == 1
    assert "dev articles that are also trained on: dev-1, dev-2, dev-3" in told(done)
    assert 'shared = "drop"' in told(done)


def test_a_dev_set_without_a_label_is_not_said_to_have_chosen_the_epoch(
    run: Run, config: Config, tmp_path: Path
) -> None:
    train, dev = table(tmp_path / "train.tsv", *TEXTS), tmp_path / "dev.jsonl"
    dev.write_text('{"id": "d", "text": "no one was hurt"}\n')
    done = run("train", config("text", train, 'dev = ["dev.jsonl"]', epochs=1), "--out", tmp_path / "labels")
    assert done.exit_code == 0, done.stderr
    assert "in which nothing is annotated: these chose no epoch, the last is taken" in told(done)
    assert "best epoch" not in told(done)


def test_lines_that_cannot_be_read_are_refused_or_by_wish_skipped_and_told(
    run: Run, config: Config, tmp_path: Path
) -> None:
    train = table(tmp_path / "train.tsv", *TEXTS, ("", "raid"), ("a raid failed", ""))
    done = run("train", config("text", train), "--out", tmp_path / "labels")
    assert done.exit_code == 1
    assert "train.tsv:11: has an empty text" in told(done)
    done = run("train", config("text", train, 'unreadable = "skip"'), "--out", tmp_path / "labels")
    assert done.exit_code == 0, done.stderr
    assert "2 lines hold no document, left out as [data] unreadable says; the first is " in told(done)


@pytest.mark.parametrize(
    "word", ["x" * 100_000, "\u200b", "\u0007", "[SEP]"], ids=["long", "unseen", "bell", "special"]
)
def test_words_of_any_kind_are_learned_from_and_predicted(run: Run, config: Config, tmp_path: Path, word: str) -> None:
    train = conll(tmp_path / "train.txt", *TAGGED[:4], f"{word}/B-BASE hit/O {word}/O")
    done = run("train", config("tokens", train, 'format = "conll"', epochs=1), "--out", tmp_path / "tags")
    assert done.exit_code == 0, done.stderr
    predicted = run("predict", tmp_path / "tags", train, "--from", "conll")
    assert predicted.exit_code == 0, predicted.stderr
    last = json.loads(predicted.stdout.splitlines()[-1])
    assert last["text"] == f"{word} hit {word}"
    assert [len(sentence) for sentence in last["sentences"]] == [3]


def test_words_without_a_subword_are_told_once(run: Run, config: Config, tmp_path: Path) -> None:
    train = conll(tmp_path / "train.txt", *TAGGED[:4], "\u200b/O hit/O", "\u200b/O \u200b/O struck/O")
    assert run("train", config("tokens", train, 'format = "conll"', epochs=1), "--out", tmp_path / "tags")
    done = run("predict", tmp_path / "tags", train, "--from", "conll")
    note = "3 words in 2 articles, first in train-5, have no subword in this vocabulary and were guessed at"
    assert told(done).count("no subword") == 1
    assert note in told(done)


def test_a_task_learns_from_its_own_layer_of_documents_that_have_more(
    run: Run, config: Config, tmp_path: Path, tiny_documents: tuple[Document, ...]
) -> None:
    write_documents(tmp_path / "train.jsonl", tiny_documents)
    done = run("train", config("tokens", tmp_path / "train.jsonl", "dev_share = 0.5"), "--out", tmp_path / "tags")
    assert done.exit_code == 0, done.stderr
    assert "4 events are left out: the label set has no place for them" in told(done)


def test_standard_input_is_not_read_as_annotations(run: Run, tiny_artifact: Path) -> None:
    done = run("predict", tiny_artifact, "-", "--from", "conll")
    assert done.exit_code == 2
    assert "save standard input" in told(done)


def test_a_cross_validation_tells_what_it_leaves_out_and_nothing_of_figures_it_does_not_have(
    run: Run, config: Config, tmp_path: Path
) -> None:
    train = table(tmp_path / "train.tsv", *TEXTS, ("", "raid"))
    path = config("text", train, 'unreadable = "skip"', "dev_share = 0.2", epochs=1)
    path.write_text(f"{path.read_text()}[crossval]\nfolds = 2\nseeds = [1]\n")
    done = run("crossval", path, "--out", tmp_path / "cv")
    assert done.exit_code == 0, done.stderr
    assert "note: [data] dev_share: documents that take no part: 2; the 8 that are learned from" in told(done)
    assert "1 line holds no document, left out as [data] unreadable says; the first is " in told(done)
    assert "Every article was predicted by models trained on others" in told(done)
    assert "alibrat" not in told(done)
