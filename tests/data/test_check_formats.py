"""What is said of annotated files of any format."""

import json
from pathlib import Path

import pytest

from tocsin.data.check import Report
from tocsin.data.check_formats import check_files
from tocsin.data.formats.conversion import Options
from tocsin.data.formats.inference import Task
from tocsin.data.schema import Schema


def table(path: Path, *rows: tuple[str, str]) -> Path:
    path.write_text("".join(f"{text}\t{label}\n" for text, label in rows))
    return path


def conll(path: Path, *lines: str) -> Path:
    path.write_text("".join(line.replace("/", "\t") + "\n" for line in lines))
    return path


def messages(report: Report, *, errors: bool) -> list[str]:
    return [f"{Path(f.where).name}: {f.message}" for f in report.findings if f.is_error is errors]


def test_labels_words_and_sentences_are_counted(tmp_path: Path) -> None:
    path = conll(tmp_path / "a.txt", "Drones/B-WEAPON", "hit/O", "", "Camp/B-BASE", "Vale/I-BASE", "")
    report = check_files({path: "conll"}, task=None, schema=None)
    assert (report.n_documents, report.findings) == (2, ())
    assert report.counts == {
        "entity labels": {"BASE": 1, "WEAPON": 1},
        "sentences and words": {"sentences": 2, "words": 4},
    }


def test_what_cannot_be_read_is_an_error_with_its_line(tmp_path: Path) -> None:
    path = conll(tmp_path / "a.txt", "Drones/B-WEAPON", "", "hit", "")
    (error,) = messages(check_files({path: "conll"}, task=None, schema=None), errors=True)
    assert error.startswith("a.txt:3: has no tag: 'hit'")


def test_a_label_that_only_one_of_two_files_has_is_told_of_the_other(tmp_path: Path) -> None:
    train = table(tmp_path / "train.tsv", ("a raid", "raid"), ("a claim", "claim"), ("no", "denial"))
    dev = table(tmp_path / "dev.tsv", ("the raid", "raid"), ("the raids", "raid"))
    report = check_files({train: "table", dev: "table"}, task="text", schema=None)
    assert messages(report, errors=True) == []
    assert messages(report, errors=False) == [
        "dev.tsv: no example of text label claim, denial here, but in another of the files"
    ]
    assert report.counts["text labels"] == {"claim": 1, "denial": 1, "raid": 3}


def doccano(path: Path, labels: tuple[str, str], role: str) -> Path:
    """A text with a trigger, and an entity that a relation leads to."""
    entities = [
        {"id": number, "label": label, "start_offset": 5 * number, "end_offset": 5 * number + 4}
        for number, label in enumerate(labels)
    ]
    relations = [{"id": 9, "from_id": 0, "to_id": 1, "type": role}]
    record = {"id": 1, "text": "raid Ost.", "entities": entities, "relations": relations}
    path.write_text(json.dumps(record) + "\n")
    return path


def test_events_that_are_no_attacks_are_told_with_what_takes_them(tmp_path: Path) -> None:
    attacks = doccano(tmp_path / "a.jsonl", ("ATTACK", "BASE"), "target")
    assert not any("labels of attacks" in m for m in messages(_checked(attacks), errors=False))
    others = doccano(tmp_path / "b.jsonl", ("Attaque", "BASE"), "cible")
    (told,) = (m for m in messages(_checked(others), errors=False) if "labels of attacks" in m)
    assert told.startswith(
        "b.jsonl: not among the labels of attacks, which events are without a schema: Attaque, cible;"
    )
    assert "--write-schema labels.json" in told


def _checked(path: Path) -> Report:
    return check_files({path: "doccano"}, task=None, schema=None)


def test_labels_that_differ_in_case_alone_are_told_with_how_often_each_occurs(tmp_path: Path) -> None:
    one = conll(tmp_path / "a.txt", "Camp/B-BASE", "Vale/B-Base", "hit/O", "")
    other = conll(tmp_path / "b.txt", "Fort/B-BASE", "Kell/B-Base", "Ana/B-PER", "hit/O", "")
    report = check_files({one: "conll", other: "conll"}, task=None, schema=None)
    told = "entity labels that differ in case alone: BASE (2), Base (2); if they are one, write it in one way"
    assert [(finding.where, finding.message) for finding in report.findings][-1] == (f"{one}, {other}", told)


def test_entities_that_relations_join_are_counted_as_entities_if_these_are_to_be_learned(tmp_path: Path) -> None:
    spans = [
        {"id": n, "label": label, "start_offset": n, "end_offset": n + 1} for n, label in enumerate(("PER", "ORG"))
    ]
    path, relation = tmp_path / "a.jsonl", {"id": 1, "from_id": 0, "to_id": 1, "type": "leads"}
    path.write_text(json.dumps({"text": "ab", "entities": spans, "relations": [relation]}))
    wanted, found = (check_files({path: "doccano"}, task=task, schema=None) for task in ("tokens", None))
    assert wanted.counts["entity labels"] == {"ORG": 1, "PER": 1}
    assert (found.counts["entity labels"], found.counts["event types"]) == ({"ORG": 1}, {"PER": 1})


def test_one_class_only_is_an_error(tmp_path: Path) -> None:
    path = table(tmp_path / "a.tsv", ("a raid", "raid"), ("two raids", "raid"))
    (error,) = messages(check_files({path: "table"}, task=None, schema=None), errors=True)
    assert "one class only: every text is labelled raid" in error


@pytest.mark.parametrize("task", ["tokens", "fillers", "events"])
def test_a_task_that_nothing_is_annotated_for_is_an_error(tmp_path: Path, task: Task) -> None:
    path = table(tmp_path / "a.tsv", ("a raid", "raid"), ("a claim", "claim"))
    (error,) = messages(check_files({path: "table"}, task=task, schema=None), errors=True)
    assert f"for task {task} is not in any of 2 documents; found labels of texts (text)" in error


def test_words_without_any_entity_are_not_taken_for_texts_to_label(tmp_path: Path) -> None:
    path = conll(tmp_path / "a.conll", "Drones/O", "hit/O", "")
    (error,) = messages(check_files({path: "conll"}, task=None, schema=None), errors=True)
    assert "for task tokens" in error


def test_columns_are_taken_as_they_are_named(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("id,story,kind\n1,Drones hit,a\n2,Nothing,b\n")
    (error,) = messages(check_files({path: "table"}, task=None, schema=None), errors=True)
    assert "--text-column" in error
    assert "its first line: id, story, kind" in error
    columns = Options(text_column="story", label_columns=("kind",))
    report = check_files({path: "table"}, task=None, schema=None, columns=columns)
    assert (report.n_documents, report.counts["text labels"]) == (2, {"a": 1, "b": 1})


def test_texts_without_labels_are_told_where_others_have_some(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    records = [{"id": "a", "text": "A raid.", "labels": ["raid"]}, {"id": "b", "text": "No."}]
    records.append({"id": "c", "text": "Nothing.", "labels": []})
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    (warning,) = messages(check_files({path: "jsonl"}, task="text", schema=None), errors=False)
    assert warning == "a.jsonl: 1 of 3 documents have no labels, the first is b; nothing is learned from these"


def test_attributes_that_no_label_set_can_name_are_told(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    event = {"type": "ATTACK", "trigger": {"start": 7, "end": 10}, "n_dead": 3, "arguments": []}
    path.write_text(json.dumps({"text": "Rebels hit Orle.", "events": [event]}) + "\n")
    (warning,) = messages(check_files({path: "jsonl"}, task="events", schema=None), errors=False)
    assert warning == 'a.jsonl: 1 values of "n_dead" of events: lost or changed when the file was read'


def test_fillers_and_templates_are_counted_and_their_mentions_are_not(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    template = {"incident_type": "raid", "Weapon": [[["drones", 0], ["aircraft", 12]]]}
    path.write_text(json.dumps({"docid": "a", "doctext": "drones, six aircraft", "templates": [template]}) + "\n")
    report = check_files({path: "muc4"}, task=None, schema=None)
    assert report.findings == ()
    assert list(report.counts) == ["fillers", "template types", "sentences and words"]
    assert (report.counts["fillers"], report.counts["template types"]) == ({"Weapon": 1}, {"raid": 1})


def test_names_of_a_schema_that_do_not_occur_are_told(tmp_path: Path) -> None:
    path = conll(tmp_path / "a.txt", "Drones/B-WEAPON", "hit/O", "")
    report = check_files({path: "conll"}, task=None, schema=Schema(entity_labels=("BASE", "WEAPON")))
    assert messages(report, errors=False) == [
        "a.txt: label without examples: entity label BASE; a model cannot learn it"
    ]
    assert report.counts["entity labels"] == {"BASE": 0, "WEAPON": 1}


def test_copies_and_overlapping_entities_are_counted_with_the_first(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    spans = [{"label": "BASE", "start": 0, "end": 9}, {"label": "PLACE", "start": 5, "end": 9}]
    records = [{"id": name, "text": "Camp Vale", "entities": spans} for name in "abc"]
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    copies, overlaps = messages(check_files({path: "jsonl"}, task="tokens", schema=None), errors=False)
    assert copies == "a.jsonl: texts that stand there before: 2, the first is b, as a"
    assert "entities that overlap one before, and are not learned: 3, the first PLACE [5, 9) 'Vale' with" in overlaps


def test_files_that_cannot_be_read_are_errors(tmp_path: Path) -> None:
    (tmp_path / "empty.tsv").write_text("")
    (tmp_path / "binary.tsv").write_bytes(b"a\0b")
    files = {tmp_path / name: "table" for name in ("empty.tsv", "binary.tsv", "none.tsv")}
    errors = messages(check_files(files, task=None, schema=None), errors=True)
    assert [error.partition(":")[0] for error in errors] == ["empty.tsv", "binary.tsv", "none.tsv"]
