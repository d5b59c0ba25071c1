"""Annotated documents of files in whatever format: all of them or none, and what of them is left out."""

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from tocsin.data.errors import DataError
from tocsin.data.formats.catalogue import FORMATS, is_folder, read
from tocsin.data.formats.conversion import Converted, Options
from tocsin.data.schema import DEFAULT_SCHEMA, Schema
from tocsin.data.types import Article, Document, Event, Filler, Span, Template, TextLabel
from tocsin.train.reading import N_NAMED, of_schema, read_set, shown_schema

FULL = Document(
    Article("Drones hit Camp Vale.", "a"),
    entities=(Span(0, 6, "Weapon"), Span(11, 20, "BASE")),
    events=(Event(Span(7, 10, "ATTACK")),),
    labels=(TextLabel("raid"),),
    fillers=(Filler("Weapon", "Drones", (Span(0, 6, "Weapon"),)),),
    templates=(Template("raid"),),
)


def table(path: Path, *rows: str) -> Path:
    path.write_text("".join(f"{row}\n" for row in rows))
    return path


@pytest.mark.parametrize("name", [name for name, form in FORMATS.items() if form.write])
def test_documents_of_every_format_are_those_that_it_reads(
    name: str, tmp_path: Path, tiny_documents: tuple[Document, ...]
) -> None:
    if name == "docbin":
        pytest.importorskip("spacy")
    form = FORMATS[name]
    written = [replace(FULL, labels=(TextLabel("raid"),)), *(replace(d, labels=()) for d in tiny_documents)]
    path = tmp_path / f"set{form.suffixes[0] if form.suffixes and not is_folder(form, tmp_path / 'set') else ''}"
    form.write(written, path, Options(schema=DEFAULT_SCHEMA), Counter())
    found = read_set([path], form=name, unreadable="skip").documents
    assert list(found) == [each for each in read(path, name, Options(), Converted()) if isinstance(each, Document)]
    assert found


def test_all_problems_of_all_files_are_told_together(tmp_path: Path) -> None:
    one = table(tmp_path / "one.tsv", "a raid\traid", "\traid", "a claim\tclaim")
    two = table(tmp_path / "two.tsv", "two raids\traid", "no raid")
    with pytest.raises(DataError, match=r"one\.tsv:2: has an empty text.*\n.*two\.tsv:2: has 1 column.*\nto go on: "):
        read_set([one, two])


def test_more_problems_than_one_can_read_are_counted(tmp_path: Path) -> None:
    path = table(tmp_path / "a.tsv", "a raid\traid", *["\traid"] * (N_NAMED + 7))
    with pytest.raises(DataError, match="and 7 more problems, this the last of them"):
        read_set([path])


def test_a_check_that_is_proposed_is_to_be_given_what_columns_there_are(tmp_path: Path) -> None:
    path = tmp_path / "a.conll"
    path.write_text("drones\tB-CRAFT\nhit\tO\n")
    with pytest.raises(DataError, match=r"no line has the column 7, .*\nto go on: .*options name format and columns"):
        read_set([path], columns=Options(tag_column=7))


def test_lines_that_hold_no_document_are_skipped_by_wish(tmp_path: Path) -> None:
    path = table(tmp_path / "a.tsv", "a raid\traid", "\traid", "a claim\tclaim")
    found = read_set([path], unreadable="skip")
    assert [document.article.text for document in found.documents] == ["a raid", "a claim"]
    (told,) = found.left_out
    assert "1 line holds no document, left out as [data] unreadable says; the first is " in str(told)


def test_a_file_of_nothing_but_such_lines_is_refused_all_the_same(tmp_path: Path) -> None:
    path = table(tmp_path / "a.tsv", "\traid", "\tclaim")
    with pytest.raises(DataError, match="has an empty text"):
        read_set([path], unreadable="skip")


def test_a_file_that_is_not_there_is_told_as_such(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"none\.txt: no such file or folder; check the path"):
        read_set([tmp_path / "none.txt"])


@pytest.mark.parametrize(("own_id", "other"), [("raid", "Hit"), ("raid", "Raid"), ("1", "raid")])
def test_two_documents_of_one_id_are_refused(own_id: str, other: str, tmp_path: Path) -> None:
    paths = [tmp_path / "de.conll", tmp_path / "en.conll"]
    for path, word in zip(paths, ("Raid", other), strict=True):
        path.write_text(f"# id = {own_id}\n{word}\tO\n\n")
    with pytest.raises(
        DataError, match=rf"en.conll: document id '{own_id}' is taken by .*de\.conll; ids must differ"
    ) as told:
        read_set(paths)
    assert str(told.value).endswith("to go on: mend these")


def test_numbers_that_tools_count_anew_in_each_file_are_told_apart(tmp_path: Path) -> None:
    paths = [tmp_path / f"{name}.jsonl" for name in ("first", "second", "third")]
    for path in paths:
        lines = [{"id": n, "text": f"{path.stem} raid {n}", "label": [[0, 5, "ORG"]]} for n in (1, 2)]
        path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    found = read_set(paths)
    ids = [document.article.id for document in found.documents]
    assert ids == ["1", "2", "second-1", "second-2", "third-1", "third-2"]
    assert [problem.message for problem in found.left_out] == [
        "not as they stand there: 4 numbers as ids that a file before has too, told apart by their file's name"
    ]


def test_ids_that_are_made_of_files_of_one_name_differ(tmp_path: Path) -> None:
    for name in ("de", "en"):
        (tmp_path / name).mkdir()
    paths = [table(tmp_path / name / "train.tsv", f"a raid in {name}\traid") for name in ("de", "en")]
    assert [document.article.id for document in read_set(paths).documents] == ["train-1", "train-2-1"]


@pytest.mark.parametrize(
    ("schema", "kept", "told"),
    [
        (Schema(("BASE",)), (1, 0, 0, 0, 0), "1 entities, 1 events, 1 labels of texts, 1 fillers, 1 templates"),
        (Schema(text_labels=("raid",)), (0, 0, 1, 0, 0), "2 entities, 1 events, 1 fillers, 1 templates"),
        (
            Schema(("Weapon",), fillers=("Weapon",), template_types=("raid",)),
            (1, 0, 0, 1, 1),
            "1 entities, 1 events, 1 labels of texts",
        ),
        (Schema(("BASE", "Weapon"), ("ATTACK",)), (2, 1, 0, 0, 0), "1 labels of texts, 1 fillers, 1 templates"),
    ],
    ids=["tokens", "text", "fillers", "events"],
)
def test_what_a_label_set_has_no_place_for_is_left_out_and_counted(
    schema: Schema, kept: tuple[int, ...], told: str
) -> None:
    (document,), problems = of_schema([FULL], schema)
    parts = document.entities, document.events, document.labels or (), document.fillers, document.templates
    assert tuple(map(len, parts)) == kept
    assert ", ".join(problem.message.partition(" are left out")[0] for problem in problems) == told


RELATED = {
    "id": 7,
    "text": "Ana leads Red Front.",
    "entities": [
        {"id": 1, "label": "PER", "start_offset": 0, "end_offset": 3},
        {"id": 2, "label": "ORG", "start_offset": 10, "end_offset": 19},
    ],
    "relations": [{"id": 1, "from_id": 1, "to_id": 2, "type": "leads"}],
}


@pytest.fixture
def related(tmp_path: Path) -> Path:
    """A doccano file in which a relation leads from one entity to another."""
    path = tmp_path / "related.jsonl"
    path.write_text(json.dumps(RELATED) + "\n")
    return path


def test_where_entities_are_learned_a_relation_makes_no_event_of_one(related: Path) -> None:
    (document,) = read_set([related], task="tokens").documents
    assert ([span.label for span in document.entities], document.events) == (["PER", "ORG"], ())
    (document,) = read_set([related]).documents
    assert ([span.label for span in document.entities], [e.type for e in document.events]) == (["ORG"], ["PER"])


def test_what_relations_lead_from_are_entities_where_they_are_predicted_as_such(related: Path, tmp_path: Path) -> None:
    predicted = tmp_path / "predicted.jsonl"
    entities = [{"id": "T1", "label": "PER", "start": 0, "end": 3}]
    predicted.write_text(json.dumps({"id": "7", "text": RELATED["text"], "entities": entities}) + "\n")
    assert shown_schema([related], predicted, form="") == Schema(("ORG", "PER"))


def test_labels_of_attacks_are_read_as_such_though_relations_lead_from_some_triggers_only(tmp_path: Path) -> None:
    spans = [("ACTOR", 0, 5), ("ATTACK", 6, 9), ("ATTACK", 15, 18)]
    entities = [
        {"id": n, "label": label, "start_offset": start, "end_offset": end}
        for n, (label, start, end) in enumerate(spans)
    ]
    relation = {"id": 9, "from_id": 1, "to_id": 0, "type": "attacker"}
    gold, predicted = tmp_path / "gold.jsonl", tmp_path / "predicted.jsonl"
    text = "Raids hit and  hit."
    gold.write_text(json.dumps({"id": 1, "text": text, "entities": entities, "relations": [relation]}))
    trigger = {"label": "ATTACK", "start": 6, "end": 9}
    event = {"id": "E1", "type": "ATTACK", "trigger": trigger, "arguments": [], "attributes": {}}
    predicted.write_text(json.dumps({"id": "1", "text": text, "events": [event]}))
    assert shown_schema([gold], predicted, form="", default=DEFAULT_SCHEMA) is DEFAULT_SCHEMA
    with pytest.raises(DataError, match="ATTACK: labels of entities in some places, types of events in others"):
        shown_schema([gold], predicted, form="doccano")


def test_gold_says_the_task_and_both_sides_the_labels(tmp_path: Path) -> None:
    gold = table(tmp_path / "gold.tsv", "a raid\traid", "a claim\tclaim")
    predicted = tmp_path / "predicted.jsonl"
    records = [{"text": "a raid", "labels": ["raid"]}, {"text": "a claim", "labels": ["denial"]}]
    predicted.write_text("".join(json.dumps({"id": f"gold-{n}", **r}) + "\n" for n, r in enumerate(records, start=1)))
    schema = shown_schema([gold], predicted, form="table")
    assert schema == Schema(text_labels=("claim", "denial", "raid"), one_text_label=True)
