"""What a config names is read and checked before anything is trained on it."""

import json
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tocsin.data import near_duplicates
from tocsin.data.errors import DataError
from tocsin.data.formats import catalogue
from tocsin.data.formats.inference import Task
from tocsin.data.jsonl import write_documents
from tocsin.data.schema import DEFAULT_SCHEMA, RELEVANCE, Schema
from tocsin.data.types import Document, TextLabel
from tocsin.model.settings import ModelSettings
from tocsin.train import on_disk
from tocsin.train import sets as train_sets
from tocsin.train.config import DataSettings, RunConfig, read_config
from tocsin.train.sets import Sets, load_sets


def config_of(tmp_path: Path, documents: tuple[Document, ...]) -> RunConfig:
    write_documents(tmp_path / "train.jsonl", documents)
    return RunConfig(data=DataSettings(train=("train.jsonl",), text_labels=(RELEVANCE,)), base=str(tmp_path))


def test_labels_of_texts_are_learned_beside_events_and_open_the_gate(
    tmp_path: Path, tiny_documents: tuple[Document, ...]
) -> None:
    labelled = tuple(
        replace(document, labels=(TextLabel(RELEVANCE),) if document.events else ()) for document in tiny_documents
    )
    sets = load_sets(config_of(tmp_path, labelled))
    assert (sets.schema.text_labels, sets.schema.gate) == ((RELEVANCE,), RELEVANCE)
    assert sets.schema.event_types == DEFAULT_SCHEMA.event_types
    assert [bool(document.labels) for document in sets.train] == [bool(d.events) for d in labelled]


def test_a_gate_that_no_document_teaches_is_refused(tmp_path: Path, tiny_documents: tuple[Document, ...]) -> None:
    refused = r"no train document says whether it is reports_attack.*take reports_attack out"
    with pytest.raises(DataError, match=refused):
        load_sets(config_of(tmp_path, tiny_documents))


@pytest.mark.parametrize("dev_share", [0.0, 0.5])
def test_texts_none_of_which_has_labels_are_refused_unless_spans_are_learned(
    tmp_path: Path, tiny_documents: tuple[Document, ...], dev_share: float
) -> None:
    bare = tuple(replace(document, entities=(), events=(), incidents=()) for document in tiny_documents)
    config = config_of(tmp_path, bare)
    (tmp_path / "moods.json").write_text(json.dumps(Schema(text_labels=("raid", "calm")).to_json()))
    data = DataSettings(train=("train.jsonl",), schema="moods.json", dev_share=dev_share)
    refused = r"no train document has labels, so that nothing can be learned; give each document"
    with pytest.raises(DataError, match=refused):
        load_sets(replace(config, task="text", data=data))
    beside = replace(DEFAULT_SCHEMA, text_labels=("raid",))
    (tmp_path / "moods.json").write_text(json.dumps(beside.to_json()))
    sets = load_sets(replace(config, data=data, model=ModelSettings(bag_of_words=True)))
    told = "[model] bag_of_words: says nothing; it learns from labelled texts, and no train document is"
    assert told in map(str, sets.warnings)


def test_events_that_are_no_attacks_are_refused_with_what_takes_them(tmp_path: Path) -> None:
    (tmp_path / "train.conll").write_text("Drones\tB-Arme\nhit\tO\n")
    config = RunConfig(data=DataSettings(train=("train.conll",)), base=str(tmp_path))
    refused = r"unknown label 'Arme'(?s:.)*to go on: (?s:.)*those of attacks; .*--write-schema labels.json.* takes them"
    with pytest.raises(DataError, match=refused):
        load_sets(config)
    (tmp_path / "labels.json").write_text(json.dumps(DEFAULT_SCHEMA.to_json()))
    with pytest.raises(DataError, match="unknown label 'Arme'") as stated:
        load_sets(replace(config, data=replace(config.data, schema="labels.json")))
    assert "those of attacks" not in str(stated.value)


def test_a_label_without_examples_is_told_once_by_its_file_or_else_for_all_of_train(
    tmp_path: Path, tiny_documents: tuple[Document, ...]
) -> None:
    config = config_of(tmp_path, tuple(replace(d, labels=(TextLabel(RELEVANCE),)) for d in tiny_documents))
    of_file = "label without examples: entity label ASSET; a model cannot learn it"
    halved = replace(config, data=replace(config.data, dev_share=0.5))
    told, told_of_half = ([problem.message for problem in load_sets(c).warnings] for c in (config, halved))
    assert [message for message in told if "entity label" in message] == [of_file]
    assert [message for message in told_of_half if "entity label" in message] == [
        of_file,
        "no example of entity label LOCATION, CASUALTY; a model cannot learn it",
    ]


def test_events_that_no_document_has_are_told(tmp_path: Path) -> None:
    (tmp_path / "train.conll").write_text("Camp\tB-BASE\nVale\tI-BASE\nburns\tO\n")
    sets = load_sets(RunConfig(data=DataSettings(train=("train.conll",)), base=str(tmp_path)))
    told = [problem.message for problem in sets.warnings]
    assert "no example of event type ATTACK; a model cannot learn it" in told
    roles = ", ".join(role.name for role in DEFAULT_SCHEMA.roles)
    assert f"no example of role {roles}; a model cannot learn it" in told


OWN = "Nothing of the kind was heard of anywhere near the river."
IDLE_SEED = "[data] split_seed: 7 changes nothing; no documents are drawn without dev_share"
IDLE_POOLING = "[model] pooling: max changes nothing; the label set has no text labels and no template types"
IDLE_COLUMN = "[data] text_column: changes nothing; the files are jsonl"
IDLE_BAG = "[model] bag_of_words: changes nothing; the label set has no text labels"
IDLE_THRESHOLD = "[model] label_threshold: 0.3 changes nothing; no text has any number of labels"
BESIDE_SPANS = (
    "[model] label_threshold: 0 changes nothing; a threshold is chosen on dev only where nothing but labels is "
    "learned; 0.5 is taken"
)


@pytest.mark.parametrize(
    ("data", "model", "expected"),
    [
        (DataSettings(), ModelSettings(), []),
        (DataSettings(split_seed=7), ModelSettings(), [IDLE_SEED]),
        (DataSettings(split_seed=7, dev_share=0.5), ModelSettings(), []),
        (DataSettings(text_column="body"), ModelSettings(), [IDLE_COLUMN]),
        (DataSettings(), ModelSettings(pooling="max"), [IDLE_POOLING]),
        (DataSettings(text_labels=(RELEVANCE,)), ModelSettings(pooling="max", label_threshold=0.3), []),
        (DataSettings(), ModelSettings(bag_of_words=True), [IDLE_BAG]),
        (DataSettings(text_labels=(RELEVANCE,)), ModelSettings(bag_of_words=True), []),
        (DataSettings(), ModelSettings(label_threshold=0.3), [IDLE_THRESHOLD]),
        (DataSettings(text_labels=(RELEVANCE,)), ModelSettings(label_threshold=0.0), [BESIDE_SPANS]),
    ],
    ids=[
        "defaults",
        "no share",
        "a share",
        "no columns",
        "no text labels",
        "text labels",
        "no bag",
        "a bag",
        "no threshold",
        "no threshold of its own",
    ],
)
def test_a_setting_that_changes_nothing_is_told(
    tmp_path: Path,
    tiny_documents: tuple[Document, ...],
    data: DataSettings,
    model: ModelSettings,
    expected: list[str],
) -> None:
    config = config_of(tmp_path, tuple(replace(d, labels=(TextLabel(RELEVANCE),)) for d in tiny_documents))
    changed = replace(config, data=replace(data, train=config.data.train), model=model)
    told = map(str, load_sets(changed).warnings)
    assert [warning for warning in told if "changes nothing" in warning] == expected


def test_a_value_of_a_search_that_changes_nothing_is_told_once_as_if_it_were_no_search(
    tmp_path: Path, tiny_documents: tuple[Document, ...]
) -> None:
    config = config_of(tmp_path, tuple(replace(d, labels=(TextLabel(RELEVANCE),)) for d in tiny_documents))

    def told(config: RunConfig, **search: tuple[Any, ...]) -> list[str]:
        grid = {"seed": (1, 2), **{f"model.{name}": values for name, values in search.items()}}
        warnings = map(str, load_sets(replace(config, search=grid)).warnings)
        return [warning for warning in warnings if "changes nothing" in warning]

    assert told(config, pooling=("mean", "max"), label_threshold=(0.5, 0.0)) == [BESIDE_SPANS]
    unlabelled = replace(config, data=replace(config.data, text_labels=()))
    found = told(unlabelled, pooling=("mean", "max"), bag_of_words=(False, True), label_threshold=(0.5, 0.3))
    assert sorted(found) == [IDLE_BAG, IDLE_THRESHOLD, IDLE_POOLING]
    overruled = replace(unlabelled, model=ModelSettings(pooling="max"))
    assert told(overruled, pooling=("mean", "learned")) == [IDLE_POOLING.replace("max", "learned")]


def test_labels_of_texts_that_a_schema_of_its_own_overrules_are_told(
    tmp_path: Path, tiny_documents: tuple[Document, ...]
) -> None:
    (tmp_path / "labels.json").write_text(json.dumps(DEFAULT_SCHEMA.to_json()), encoding="utf-8")
    config = config_of(tmp_path, tiny_documents)
    sets = load_sets(replace(config, data=replace(config.data, schema="labels.json")))
    assert sets.schema == DEFAULT_SCHEMA
    assert "[data] text_labels: changes nothing; [data] schema says which labels there are" in map(str, sets.warnings)


WORDS = [f"w{number:03}" for number in range(50)]
BASES = [{"id": f"T{at}", "label": "BASE", "start": at, "end": at + 4} for at in range(5, 250, 5)]
MANY: dict[Task, tuple[str, Callable[[str], str]]] = {
    "text": ("train.tsv", lambda own: f"{' '.join([own, *WORDS])}\t{'raid' if own > '0004' else 'calm'}\n"),
    "tokens": ("train.conll", lambda own: "\n".join([f"{own}\tO", *(f"{word}\tB-BASE" for word in WORDS), "\n"])),
    "events": (
        "train.jsonl",
        lambda own: json.dumps({"id": own, "text": " ".join([own, *WORDS]), "entities": BASES, "events": []}) + "\n",
    ),
}


@pytest.mark.parametrize("task", MANY)
def test_the_memory_that_reading_takes_does_not_grow_with_the_documents(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, task: Task
) -> None:
    monkeypatch.setattr(catalogue, "N_FIRST_BYTES", 1000)  # what is held of any file, large or small
    monkeypatch.setattr(on_disk, "N_WRITTEN", 20)  # so many documents are held before they are written
    monkeypatch.setattr(train_sets, "N_COMPARED", 20)
    # Words are kept up to a bound that is far above these few.
    monkeypatch.setattr(near_duplicates, "_word_hash", near_duplicates._word_hash.__wrapped__)
    name, written = MANY[task]

    def traced(n: int) -> tuple[Sets, int]:
        """The sets of a number of documents, and the most memory that it took to read them."""
        (tmp_path / name).write_text("".join(written(f"{own:04}") for own in range(n)))
        config = RunConfig(task=task, data=DataSettings(train=(name,), dev_share=0.01), base=str(tmp_path))
        tracemalloc.start()
        try:
            return load_sets(config), tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    traced(10)  # what is made once and kept is no matter of the documents
    (_, of_few), (sets, of_many) = traced(50), traced(200)
    tracemalloc.start()
    held = tuple(sets.train)
    own_size = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert len(held) == 198
    assert of_many - of_few < own_size / 4


def test_the_columns_of_any_table_can_be_named(tmp_path: Path) -> None:
    rows = ["id|text|label", "1|Drones hit the camp|raid", "2|All is quiet|calm", "3|Rockets hit it|raid"]
    (tmp_path / "texts.psv").write_text("\n".join(rows) + "\n")
    (tmp_path / "run.toml").write_text(
        'task = "text"\n[data]\ntrain = ["texts.psv"]\nformat = "table"\nseparator = "|"\n'
        'text_column = "text"\nlabel_columns = ["label"]\n'
    )
    sets = load_sets(read_config(tmp_path / "run.toml"))
    assert [document.article.text for document in sets.train] == [row.split("|")[1] for row in rows[1:]]
    assert sets.schema.text_labels == ("calm", "raid")


def test_tags_can_stand_in_any_column_behind_any_separator(tmp_path: Path) -> None:
    (tmp_path / "words.conll").write_text("Drones;O;NNS\nhit;O;VBD\nCamp;B-BASE;NNP\nVale;I-BASE;NNP\n\n")
    (tmp_path / "run.toml").write_text(
        'task = "tokens"\n[data]\ntrain = ["words.conll"]\nseparator = ";"\ntag_column = 1\n'
    )
    (document,) = load_sets(read_config(tmp_path / "run.toml")).train
    assert [(span.label, span.text(document.article)) for span in document.entities] == [("BASE", "Camp Vale")]


@pytest.mark.parametrize(
    ("dev", "remedy"),
    [
        ({"dev_share": 0.5}, "take the repeats out of the files of train, of which [data] dev_share draws dev"),
        ({"dev": ("texts.tsv",)}, "take them out of one of the two"),
    ],
)
def test_texts_that_are_learned_from_and_measured_on_are_refused_with_what_to_do(
    tmp_path: Path, dev: dict[str, Any], remedy: str
) -> None:
    (tmp_path / "texts.tsv").write_text("text\tlabel\n" + "Drones hit it\traid\n" * 9 + "All is quiet\tcalm\n")
    config = RunConfig(task="text", data=DataSettings(train=("texts.tsv",), **dev), base=str(tmp_path))
    with pytest.raises(DataError) as caught:
        load_sets(config)
    assert f'; {remedy}, or write shared = "drop" under [data]' in str(caught.value)


def test_a_format_that_there_is_not_is_named_with_its_key(tmp_path: Path) -> None:
    (tmp_path / "texts.tsv").write_text("text\tlabel\nDrones hit it\traid\n")
    config = RunConfig(task="text", data=DataSettings(train=("texts.tsv",), format="tabel"), base=str(tmp_path))
    with pytest.raises(DataError, match=r"^\[data\] format: no format 'tabel'; expected one of: conll, table"):
        load_sets(config)


COLUMNS = "text\traid\tcalm\nDrones hit it\t1\t0\nAll is quiet\t0\t1\nRockets hit it\t1\t0\n"
LINES = '{"id": "a", "text": "a", "labels": ["b"]}\n{"id": "c", "text": "c", "labels": ["d"]}\n'
CLASSES = "text\tlabel\nDrones hit it\traid\nAll is quiet\tcalm\nRockets hit it\traid\n"


@pytest.mark.parametrize(
    ("name", "content", "data", "is_told"),
    [
        ("texts.tsv", COLUMNS, {}, True),
        ("texts.tsv", COLUMNS + "All is over\t0\t0\n", {}, False),
        ("texts.tsv", CLASSES, {}, False),
        ("texts.csv", CLASSES.replace("\t", ",").replace("All is quiet", '"All, all is quiet"'), {}, False),
        (
            "texts.csv",
            CLASSES.replace("\t", ",").replace("text,label\nDrones hit it", '"Drones,\nor so,\thit it"'),
            {},
            False,
        ),
        ("texts.tsv", CLASSES.replace("text\tlabel\n", "").replace("Drones", "Drones " * 30_000), {}, False),
        ("texts.txt", CLASSES.replace("\t", "|"), {"format": "table", "separator": "|"}, False),
        ("texts.tsv", CLASSES.replace("\n", "\tx\n"), {"label_columns": ("label",)}, False),
        ("texts.csv", "id,text,label\n7,Drones hit it,raid\n8,All is quiet,calm\n9,A raid,raid\n", {}, False),
        (
            "texts.jsonl",
            '{"id": "a", "text": "a", "labels": ["b"]}\n{"id": "c", "text": "c", "labels": ["d"]}\n',
            {},
            True,
        ),
        ("texts.tsv", COLUMNS, {"schema": "labels.json"}, False),
    ],
    ids=[
        "columns",
        "a text without",
        "classes",
        "csv",
        "csv of lines",
        "long",
        "other separator",
        "named column",
        "beside an id",
        "json lines",
        "schema",
    ],
)
def test_labels_that_are_taken_for_classes_are_told_unless_they_are_named_as_such(
    tmp_path: Path, name: str, content: str, data: dict[str, Any], is_told: bool
) -> None:
    (tmp_path / name).write_text(content)
    (tmp_path / "labels.json").write_text(json.dumps(Schema(text_labels=("raid", "calm")).to_json()))
    config = RunConfig(task="text", data=DataSettings(train=(name,), **data), base=str(tmp_path))
    sets = load_sets(config)
    told = [str(problem) for problem in sets.warnings if "exactly one of the labels" in problem.message]
    assert bool(told) == is_told
    if is_told:
        assert sets.schema.one_text_label
        assert told[0].startswith(
            f"data: every text has exactly one of the labels {', '.join(sets.schema.text_labels)}:"
        )
        assert "name under [data] schema what" in told[0]


def test_classes_that_look_like_several_labels_in_one_cell_are_told(tmp_path: Path) -> None:
    rows = ["text\tlabel", "Drones hit it\traid|toll", "Rockets hit it\traid", "All is quiet\tcalm, more or less"]
    (tmp_path / "texts.tsv").write_text("\n".join([*rows, "All is calm\tcalm, more or less"]) + "\n")
    config = RunConfig(task="text", data=DataSettings(train=("texts.tsv",)), base=str(tmp_path))
    (told,) = [str(problem) for problem in load_sets(config).warnings if "in one:" in problem.message]
    assert told == (
        "data: classes that look like several labels in one: raid|toll; each is learned by itself; for texts with "
        "several labels, give each label a column of 0 and 1"
    )


def test_labels_that_differ_in_case_alone_are_told(tmp_path: Path) -> None:
    (tmp_path / "train.txt").write_text("Camp\tB-BASE\nVale\tB-Base\n\n")
    data = DataSettings(train=("train.txt",), format="conll")
    config = RunConfig(task="tokens", data=data, base=str(tmp_path))
    told = "train: entity labels that differ in case alone: BASE (1), Base (1); if they are one, write it in one way"
    assert told in map(str, load_sets(config).warnings)


def test_a_text_that_is_learned_with_different_labels_is_told_with_the_first_such(tmp_path: Path) -> None:
    rows = ["text\tlabel", "Drones hit it\traid", "Rockets hit it\traid", "All is quiet\tcalm", "Rockets hit it\tcalm"]
    (tmp_path / "texts.tsv").write_text("\n".join([*rows, "All is quiet\tcalm", "Drones hit it\tcalm"]) + "\n")
    config = RunConfig(task="text", data=DataSettings(train=("texts.tsv",)), base=str(tmp_path))
    (told,) = [str(problem) for problem in load_sets(config).warnings if "different labels" in problem.message]
    assert told == (
        "train: texts that stand there with different labels, and are learned with each: 2, the first is texts-2 "
        "(raid) and texts-7 (calm); give each text the labels it should have"
    )
    (tmp_path / "texts.tsv").write_text("\n".join([*rows[:4], rows[3]]) + "\n")
    assert not any("different labels" in problem.message for problem in load_sets(config).warnings)


def test_dev_texts_that_hardly_differ_from_train_texts_are_told(
    tmp_path: Path, tiny_documents: tuple[Document, ...]
) -> None:
    config = config_of(tmp_path, tuple(replace(d, labels=(TextLabel(RELEVANCE),)) for d in tiny_documents))
    copied = tiny_documents[0].article
    dev = {"id": "reprint", "text": copied.text.replace(copied.text.split()[-1], "again."), "labels": []}
    own = {"id": "own", "text": OWN, "labels": []}
    (tmp_path / "dev.jsonl").write_text(json.dumps(dev) + "\n" + json.dumps(own) + "\n")
    told = load_sets(replace(config, data=replace(config.data, dev=("dev.jsonl",)))).warnings
    (near,) = [problem for problem in told if "hardly changed" in problem.message]
    assert str(near).startswith(
        "dev: texts shared with ones that are learned from (hardly changed, or one within the other): 1;"
    )
    assert str(near).endswith(f": reprint (of {copied.id} in train)")


def test_dev_texts_that_stand_within_train_texts_or_around_them_are_told(
    tmp_path: Path, tiny_documents: tuple[Document, ...]
) -> None:
    more = " ".join(f"word{number}" for number in range(40))
    first, second = (document.article for document in tiny_documents)
    longer = replace(tiny_documents[0], article=replace(first, text=f"{first.text} {more}"))
    config = config_of(tmp_path, tuple(replace(d, labels=(TextLabel(RELEVANCE),)) for d in (longer, tiny_documents[1])))
    texts = {"part": first.text, "whole": f"{second.text} {more[::-1]}", "own": OWN}
    rows = [json.dumps({"id": own_id, "text": text, "labels": []}) for own_id, text in texts.items()]
    (tmp_path / "dev.jsonl").write_text("\n".join(rows) + "\n")
    told = load_sets(replace(config, data=replace(config.data, dev=("dev.jsonl",)))).warnings
    (near,) = [str(problem) for problem in told if "one within the other" in problem.message]
    assert "one within the other): 2;" in near
    assert near.endswith(f": part (within {first.id} in train), whole (around {second.id} in train)")
