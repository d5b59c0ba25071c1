"""Label Studio's flat records, JSON_MIN, in which what was annotated stands beside the text."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tocsin.data.errors import Problem
from tocsin.data.formats.conversion import Options, Tally
from tocsin.data.formats.label_studio import FORMAT
from tocsin.data.schema import Attribute, Schema
from tocsin.data.types import Article, Document

TEXT = "🚁 Red Column shelled Fort Orle, wounding two guards."
SCHEMA = Schema(
    entity_labels=("CASUALTY",),
    entity_attributes={"CASUALTY": (Attribute("harm", ("killed", "wounded")),)},
)


def read(tmp_path: Path, content: object, schema: Schema | None = None) -> tuple[list[Document | Problem], Tally]:
    path, lost = tmp_path / "export.json", Counter[str]()
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return list(FORMAT.read(path, Options(schema), lost)), lost


def document(tmp_path: Path, content: object, schema: Schema | None = None) -> Document:
    """The only one of a file."""
    [found], _ = read(tmp_path, content, schema)
    assert isinstance(found, Document), found
    return found


def lost_in(tmp_path: Path, content: object) -> Tally:
    """What was lost, but for who annotated when."""
    _, lost = read(tmp_path, content)
    del lost["notes of who annotated, when and for how long"]
    return lost


def surfaces(found: Document) -> list[tuple[str, str]]:
    return [(span.label, span.text(found.article)) for span in found.entities]


def flat(**outputs: Any) -> dict[str, Any]:
    """A record of a JSON_MIN export."""
    return {
        "text": TEXT,
        "title": "Shelling",
        "id": 7,
        **outputs,
        "annotator": 2,
        "annotation_id": 31,
        "created_at": "2024-05-06T08:12:40.118342Z",
        "updated_at": "2024-05-06T08:14:02.513021Z",
        "lead_time": 81.7,
    }


SPANS = [{"start": 3, "end": 13, "text": "Red Column", "labels": ["ACTOR"]}]


def test_a_flat_record_is_read(tmp_path: Path) -> None:
    found = document(tmp_path, [flat(label=SPANS, kind="unrest", more={"choices": ["armed clash", "raid"]})])
    assert found.article == Article(TEXT, "7", "Shelling")
    assert surfaces(found) == [("ACTOR", "Red Column")]
    assert [label.name for label in found.labels or ()] == ["kind: unrest", "more: armed clash", "more: raid"]


def test_a_flat_record_with_no_more_than_text_and_spans_is_read(tmp_path: Path) -> None:
    assert surfaces(document(tmp_path, [{"text": TEXT, "label": SPANS}])) == [("ACTOR", "Red Column")]
    assert document(tmp_path, [{"body": TEXT, "label": SPANS}]).article.id == "export-1"


def test_metadata_before_the_id_of_a_flat_record_is_no_label(tmp_path: Path) -> None:
    content = [{"author": "A. Writer", **flat(label=SPANS)}]
    assert document(tmp_path, content).labels is None
    assert lost_in(tmp_path, content) == {'values of "author"': 1}


def test_choices_for_one_of_many_regions_are_lost_in_flat_records(tmp_path: Path) -> None:
    content = [flat(label=SPANS, status=["reported", "denied"])]
    assert document(tmp_path, content).labels is None
    assert lost_in(tmp_path, content) == {"values of regions that do not say of which": 2}


@pytest.mark.parametrize("spans", [[[3, 13, "ACTOR"]], [{"start_offset": 3, "end_offset": 13, "label": "ACTOR"}]])
def test_spans_as_doccano_lists_them_are_refused_with_the_name_of_that_format(tmp_path: Path, spans: Any) -> None:
    [problem], lost = read(tmp_path, [{"id": 1, "text": TEXT, "label": spans}])
    assert isinstance(problem, Problem)
    assert '"label" lists spans as doccano does' in str(problem)
    assert "read the file with --from doccano" in str(problem)
    assert not lost


def test_listed_choices_of_a_flat_record_without_regions_are_the_text_s(tmp_path: Path) -> None:
    found = document(tmp_path, [flat(kind=["unrest", "armed clash"])])
    assert [label.name for label in found.labels or ()] == ["unrest", "armed clash"]


def test_several_choices_for_a_region_of_a_flat_record_find_it(tmp_path: Path) -> None:
    spans = [{"start": 42, "end": 52, "text": "two guards", "labels": ["CASUALTY"]}]
    harms = [{"start": 42, "end": 52, "text": "two guards", "choices": ["wounded", "killed"]}]
    found = document(tmp_path, [flat(label=spans, harm=harms)], SCHEMA)
    assert found.entities[0].attributes == {"harm": "wounded"}


def test_further_annotations_of_a_task_are_counted_in_flat_records(tmp_path: Path) -> None:
    content = [flat(label=SPANS), {**flat(label=[]), "annotation_id": 32}]
    assert surfaces(document(tmp_path, content)) == [("ACTOR", "Red Column")]
    assert lost_in(tmp_path, content) == {"annotations of a task beside the first": 1}


def test_a_flat_record_that_nobody_annotated_gives_no_document(tmp_path: Path) -> None:
    content = [{**flat(), "annotator": "", "annotation_id": None}, {"id": 8, "text": TEXT}]
    assert read(tmp_path, content)[0] == []
    assert lost_in(tmp_path, content) == {"tasks that nobody annotated, left out": 2}


def test_a_flat_record_that_nobody_annotated_is_read_where_the_text_alone_is_asked_for(tmp_path: Path) -> None:
    (tmp_path / "export.json").write_text(json.dumps([{"id": 8, "text": TEXT}]), encoding="utf-8")
    assert list(FORMAT.read(tmp_path / "export.json", Options(texts_only=True), Counter())) == [
        Document(Article(TEXT, "8"))
    ]


def test_a_flat_record_without_an_annotation_s_number_is_read_if_it_says_anything(tmp_path: Path) -> None:
    assert surfaces(document(tmp_path, [{**flat(label=SPANS), "annotation_id": None}])) == [("ACTOR", "Red Column")]


def test_an_annotation_of_nothing_is_a_document_without_entities(tmp_path: Path) -> None:
    assert document(tmp_path, [flat()]) == Document(Article(TEXT, "7", "Shelling"))
