"""Several questions about the text in Label Studio's exports: which of them a label answers is kept."""

import json
import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tocsin.data.formats import jsonl, table
from tocsin.data.formats.conversion import Options, Tally
from tocsin.data.formats.label_studio import FORMAT
from tocsin.data.formats.label_studio_tasks import NAMED_WITH_QUESTION
from tocsin.data.schema import Schema
from tocsin.data.types import Document


def task(**answers: str) -> dict[str, Any]:
    """A task with questions about its text, each with what was chosen."""
    results = [
        {"id": name, "from_name": name, "to_name": "text", "type": "choices", "value": {"choices": [chosen]}}
        for name, chosen in answers.items()
    ]
    return {"data": {"text": "Rockets hit Orle."}, "annotations": [{"result": results}]}


def read(path: Path, schema: Schema | None = None, lost: Tally | None = None) -> list[Document]:
    found = list(FORMAT.read(path, Options(schema), Counter() if lost is None else lost))
    assert all(isinstance(item, Document) for item in found), found
    return [item for item in found if isinstance(item, Document)]


def labels_in(tmp_path: Path, *tasks: dict[str, Any], schema: Schema | None = None) -> list[list[str]]:
    path = tmp_path / "export.json"
    path.write_text(json.dumps(tasks))
    return [[label.name for label in document.labels or ()] for document in read(path, schema)]


def test_labels_carry_their_question_where_a_file_has_answers_to_several(tmp_path: Path) -> None:
    one, both = task(violent="No"), task(relevant="Yes", violent="Yes")
    assert labels_in(tmp_path, one) == [["No"]]
    assert labels_in(tmp_path, one, both) == [["violent: No"], ["relevant: Yes", "violent: Yes"]]


def test_labels_named_with_their_question_are_counted_and_none_was_given_twice(tmp_path: Path) -> None:
    lost: Tally = Counter()
    (tmp_path / "export.json").write_text(json.dumps([task(relevant="Yes", violent="Yes"), task(violent="No")]))
    read(tmp_path / "export.json", lost=lost)
    assert lost == {NAMED_WITH_QUESTION: 3}


def test_labels_that_a_schema_or_a_single_question_names_are_not_counted(tmp_path: Path) -> None:
    path, lost = tmp_path / "export.json", Counter[str]()
    path.write_text(json.dumps([task(violent="No"), task(violent="Yes")]))
    read(path, lost=lost)
    read(path, Schema(text_labels=("violent: No", "violent: Yes")), lost)
    assert not lost


def test_labels_of_flat_records_carry_their_question_too(tmp_path: Path) -> None:
    record = {"text": "Rockets hit Orle.", "id": 1, "relevant": "Yes", "violent": "No", "annotator": 1}
    assert labels_in(tmp_path, {**record, "annotation_id": 1}) == [["relevant: Yes", "violent: No"]]


def test_labels_carry_their_question_where_a_schema_names_them_so(tmp_path: Path) -> None:
    schema = Schema(text_labels=("relevant: Yes", "violent: No"))
    assert labels_in(tmp_path, task(violent="No"), schema=schema) == [["violent: No"]]


def test_labels_stay_bare_where_a_schema_names_them_so(tmp_path: Path) -> None:
    schema = Schema(text_labels=("Yes", "No", "North", "South"))
    assert labels_in(tmp_path, task(relevance="Yes", region="North"), schema=schema) == [["Yes", "North"]]


def test_labels_carry_their_question_where_a_schema_has_both_names(tmp_path: Path) -> None:
    schema = Schema(text_labels=("Yes", "relevance: Yes", "North"))
    assert labels_in(tmp_path, task(relevance="Yes", region="North"), schema=schema) == [["relevance: Yes", "North"]]


def test_an_answer_that_a_schema_has_under_neither_name_is_refused_with_its_question(tmp_path: Path) -> None:
    (tmp_path / "export.json").write_text(json.dumps([task(relevance="Maybe", region="North")]))
    schema = Schema(text_labels=("Yes", "North"))
    [problem] = FORMAT.read(tmp_path / "export.json", Options(schema), Counter())
    assert "unknown label of a text 'relevance: Maybe'" in str(problem)


@pytest.mark.parametrize(
    "other",
    [
        {"id": "r", "value": {"choices": ["denied"]}},  # the id of a region
        {"value": {"choices": ["denied"], "start": 0, "end": 7}},
        {"to_name": "headline", "value": {"choices": ["denied"]}},
        {"type": "rating", "value": {"rating": 3}},
        {"from_name": "violent", "value": {"choices": ["No"]}},
    ],
)
def test_only_choices_for_the_text_are_answers_to_a_further_question(tmp_path: Path, other: dict[str, Any]) -> None:
    content = task(violent="No")
    content["data"]["headline"] = "Rockets"
    span = {"start": 0, "end": 7, "labels": ["WEAPON"]}
    region = {"id": "r", "from_name": "label", "to_name": "text", "type": "labels", "value": span}
    further = {"id": "o", "from_name": "status", "to_name": "text", "type": "choices", **other}
    content["annotations"][0]["result"] += [region, further]
    cancelled = {"was_cancelled": True, "result": task(relevant="Yes")["annotations"][0]["result"]}
    content["annotations"].insert(0, cancelled)
    assert labels_in(tmp_path, content) == [["No"]]


def test_only_values_of_flat_records_for_the_text_are_answers_to_a_further_question(tmp_path: Path) -> None:
    spans = [{"start": 0, "end": 7, "labels": ["WEAPON"]}]
    first = {"text": "Rockets hit Orle.", "id": 1, "violent": "No", "label": spans, "status": ["one", "two"]}
    again = {"text": "Rockets hit Orle.", "id": 1, "relevant": "Yes", "annotator": 2, "annotation_id": 2}
    assert labels_in(tmp_path, {**first, "annotator": 1, "annotation_id": 1}, again) == [["No"]]


def test_labels_with_their_question_come_back_as_they_were_written(tmp_path: Path) -> None:
    path = tmp_path / "export.json"
    path.write_text(json.dumps([task(relevant="Yes", violent="No"), task(relevant="No", violent="No")]))
    documents = read(path)
    for form in (FORMAT, table.FORMAT, jsonl.FORMAT):
        assert form.write
        again = tmp_path / f"again{form.suffixes[0]}"
        form.write(documents, again, Options(), Counter())
        found = [item for item in form.read(again, Options(), Counter()) if isinstance(item, Document)]
        assert [set(item.labels or ()) for item in found] == [set(item.labels or ()) for item in documents]


def test_a_pipe_is_read_though_the_questions_have_to_be_known_beforehand() -> None:
    reading, writing = os.pipe()
    os.write(writing, json.dumps([task(relevant="Yes", violent="No")]).encode())
    os.close(writing)
    [document] = read(Path(f"/dev/fd/{reading}"))
    os.close(reading)
    assert [label.name for label in document.labels or ()] == ["relevant: Yes", "violent: No"]
