"""Label Studio's exports: what is read from tasks and flat records, what is told of bad ones, and what is written."""

import json
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.data.errors import Problem
from tocsin.data.formats.conversion import Options, Tally
from tocsin.data.formats.label_studio import FORMAT
from tocsin.data.schema import DEFAULT_SCHEMA, Attribute, Role, Schema
from tocsin.data.types import Argument, Article, Document, Event, Span, TextLabel

TEXT = "🚁 Red Column shelled Fort Orle, wounding two guards."
SCHEMA = Schema(
    entity_labels=("ACTOR", "BASE", "CASUALTY"),
    event_types=("ATTACK",),
    roles=(Role("attacker", ("ACTOR",)), Role("target", ("BASE",)), Role("casualty", ("CASUALTY",))),
    attributes=(Attribute("status", ("reported", "denied")),),
    entity_attributes={"CASUALTY": (Attribute("harm", ("killed", "wounded")), Attribute("min"))},
    text_labels=("unrest", "armed clash"),
)


def region(own_id: str, start: int, end: int, label: str, text: str) -> dict[str, Any]:
    """A region as the tool writes it; offsets in UTF-16 code units."""
    return {
        "id": own_id,
        "from_name": "label",
        "to_name": "text",
        "type": "labels",
        "origin": "manual",
        "value": {"start": start, "end": end, "text": text, "labels": [label]},
    }


def answer(own_id: str, name: str, kind: str, **value: Any) -> dict[str, Any]:
    """What was chosen or typed, for the text or for the region of that id."""
    return {"id": own_id, "from_name": name, "to_name": "text", "type": kind, "origin": "manual", "value": value}


def link(source: str, target: str, *labels: str, direction: str = "right") -> dict[str, Any]:
    return {"from_id": source, "to_id": target, "type": "relation", "direction": direction, "labels": list(labels)}


REGIONS = [
    region("Kd3_a1", 3, 13, "ACTOR", "Red Column"),
    region("Kd3_a2", 14, 21, "ATTACK", "shelled"),
    region("Kd3_a3", 22, 31, "BASE", "Fort Orle"),
    region("Kd3_a4", 42, 52, "CASUALTY", "two guards"),
]


def annotation(*results: dict[str, Any], **others: Any) -> dict[str, Any]:
    return {
        "id": 31,
        "completed_by": 2,
        "result": list(results),
        "was_cancelled": False,
        "ground_truth": False,
        "created_at": "2024-05-06T08:12:40.118342Z",
        "updated_at": "2024-05-06T08:14:02.513021Z",
        "draft_created_at": None,
        "lead_time": 81.7,
        "prediction": {},
        "result_count": len(results),
        "unique_id": "6a1f8b0e-52c7-44e2-9d0b-1b1a5a3c7e10",
        "import_id": None,
        "last_action": None,
        "task": 7,
        "project": 3,
        "updated_by": 2,
        "parent_prediction": None,
        "parent_annotation": None,
        "last_created_by": None,
    } | others


def task(*annotations: dict[str, Any], **others: Any) -> dict[str, Any]:
    """A task with all the keys of a JSON export."""
    return {
        "id": 7,
        "annotations": list(annotations),
        "file_upload": "b1c2-texts.json",
        "drafts": [],
        "predictions": [],
        "data": {"text": TEXT},
        "meta": {},
        "created_at": "2024-05-06T08:00:00.000000Z",
        "updated_at": "2024-05-06T08:14:02.600000Z",
        "inner_id": 1,
        "total_annotations": len(annotations),
        "cancelled_annotations": 0,
        "total_predictions": 0,
        "comment_count": 0,
        "unresolved_comment_count": 0,
        "last_comment_updated_at": None,
        "project": 3,
        "updated_by": 2,
        "comment_authors": [],
    } | others


def stored(tmp_path: Path, content: object) -> Path:
    path = tmp_path / "export.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return path


def read(tmp_path: Path, content: object, schema: Schema | None = None) -> tuple[list[Document | Problem], Tally]:
    lost: Tally = Counter()
    return list(FORMAT.read(stored(tmp_path, content), Options(schema), lost)), lost


def document(tmp_path: Path, content: object, schema: Schema | None = None) -> Document:
    """The only one of a file."""
    [found], _ = read(tmp_path, content, schema)
    assert isinstance(found, Document), found
    return found


def faults(tmp_path: Path, content: object, schema: Schema | None = None) -> list[str]:
    """All problems of a file that holds nothing else."""
    found, _ = read(tmp_path, content, schema)
    assert all(isinstance(item, Problem) for item in found)
    return [str(item).partition("export.json")[2] for item in found]


def lost_in(tmp_path: Path, content: object, schema: Schema | None = None) -> Tally:
    """What was lost, but for who annotated when."""
    _, lost = read(tmp_path, content, schema)
    del lost["notes of who annotated, when and for how long"]
    return lost


def surfaces(found: Document) -> list[tuple[str, str]]:
    return [(span.label, span.text(found.article)) for span in found.entities]


def test_regions_are_entities_though_an_emoji_stands_before_them(tmp_path: Path) -> None:
    found = document(tmp_path, [task(annotation(REGIONS[0], REGIONS[2]))])
    assert surfaces(found) == [("ACTOR", "Red Column"), ("BASE", "Fort Orle")]
    assert found.entities[0] == Span(2, 12, "ACTOR")
    assert (found.article.id, found.article.text, found.labels) == ("7", TEXT, None)


def test_an_annotated_event_is_read_with_its_arguments_and_attributes(tmp_path: Path) -> None:
    results = [
        *REGIONS,
        answer("Kd3_a2", "status", "choices", start=14, end=21, text="shelled", choices=["reported"]),
        answer("Kd3_a2", "incident", "textarea", start=14, end=21, text=["I1"]),
        answer("Kd3_a4", "harm", "choices", start=42, end=52, text="two guards", choices=["wounded"]),
        answer("Kd3_a4", "min", "number", start=42, end=52, text="two guards", number=2),
        answer("x9", "kind", "choices", choices=["unrest", "armed clash"]),
        link("Kd3_a2", "Kd3_a1", "attacker"),
        link("Kd3_a2", "Kd3_a3", "target"),
        link("Kd3_a2", "Kd3_a4", "casualty"),
    ]
    found = document(tmp_path, [task(annotation(*results))], SCHEMA)
    guards = Span(41, 51, "CASUALTY", attributes={"harm": "wounded", "min": 2})
    column, fort = Span(2, 12, "ACTOR"), Span(21, 30, "BASE")
    arguments = (Argument("attacker", column), Argument("target", fort), Argument("casualty", guards))
    assert found.entities == (column, fort, guards)
    assert found.events == (Event(Span(13, 20, "ATTACK"), arguments, {"status": "reported"}, "I1"),)
    assert found.labels == (TextLabel("unrest"), TextLabel("armed clash"))


def test_without_a_schema_what_relations_lead_from_is_a_trigger(tmp_path: Path) -> None:
    results = [
        *REGIONS,
        link("Kd3_a2", "Kd3_a3", "target"),
        answer("Kd3_a2", "tone", "choices", start=14, end=21, text="shelled", choices=["grave"]),
    ]
    found = document(tmp_path, [task(annotation(*results))])
    assert [label for label, _ in surfaces(found)] == ["ACTOR", "BASE", "CASUALTY"]
    assert found.events == (
        Event(Span(13, 20, "ATTACK"), (Argument("target", Span(21, 30, "BASE")),), {"tone": "grave"}),
    )


@pytest.mark.parametrize(
    ("source", "target", "direction"),
    [
        ("Kd3_a2", "Kd3_a1", "right"),
        ("Kd3_a1", "Kd3_a2", "left"),
        ("Kd3_a1", "Kd3_a2", "bi"),
        ("Kd3_a2", "Kd3_a1", "bi"),
    ],
)
def test_a_relation_may_point_either_way(tmp_path: Path, source: str, target: str, direction: str) -> None:
    content = [task(annotation(*REGIONS, link(source, target, "attacker", direction=direction)))]
    assert document(tmp_path, content, SCHEMA).events[0].arguments == (Argument("attacker", Span(2, 12, "ACTOR")),)
    expected = {"second directions of relations that lead both ways": 1} if direction == "bi" else {}
    assert lost_in(tmp_path, content, SCHEMA) == expected


def test_a_left_relation_leads_from_its_end_without_a_schema_too(tmp_path: Path) -> None:
    found = document(tmp_path, [task(annotation(*REGIONS, link("Kd3_a1", "Kd3_a2", "attacker", direction="left")))])
    assert [event.type for event in found.events] == ["ATTACK"]


def test_relations_that_no_document_holds_are_counted(tmp_path: Path) -> None:
    results = [*REGIONS, link("Kd3_a1", "Kd3_a3", "attacker"), link("Kd3_a2", "Kd3_a3")]
    assert lost_in(tmp_path, [task(annotation(*results))], SCHEMA) == {
        "relations that lead from no event to an entity": 1,
        "relations without a label": 1,
    }


def test_the_first_annotation_that_was_not_cancelled_counts(tmp_path: Path) -> None:
    content = [
        task(
            annotation(REGIONS[0], was_cancelled=True),
            annotation(REGIONS[2], completed_by=4),
            annotation(REGIONS[3]),
            annotation(),
            predictions=[{"id": 1, "model_version": "m1", "score": 0.4, "result": [REGIONS[0]]}],
        )
    ]
    assert surfaces(document(tmp_path, content)) == [("BASE", "Fort Orle")]
    assert lost_in(tmp_path, content) == {
        "annotations that were cancelled": 1,
        "annotations of a task beside the first": 2,
        "predictions of tasks": 1,
    }


def test_an_annotation_without_results_is_a_document_without_entities(tmp_path: Path) -> None:
    assert document(tmp_path, [task(annotation())]) == Document(Article(TEXT, "7"))


def test_tasks_that_nobody_annotated_are_counted_and_give_no_document(tmp_path: Path) -> None:
    content = [task(), task(annotation(was_cancelled=True), id=8)]
    assert read(tmp_path, content)[0] == []
    assert lost_in(tmp_path, content) == {
        "tasks that nobody annotated, left out": 2,
        "annotations that were cancelled": 1,
    }


def test_tasks_that_nobody_annotated_are_read_where_the_texts_only_are_asked_for(tmp_path: Path) -> None:
    path = stored(tmp_path, [task(), task(annotation(was_cancelled=True), id=8), task(annotation(REGIONS[0]), id=9)])
    found = list(FORMAT.read(path, Options(texts_only=True), Counter()))
    assert [(item.article.text, item.article.id) for item in found if isinstance(item, Document)] == [
        (TEXT, "7"),
        (TEXT, "8"),
        (TEXT, "9"),
    ]


def test_exports_of_old_versions_call_annotations_completions(tmp_path: Path) -> None:
    old = {"id": 7, "data": {"text": TEXT}, "completions": [{"id": 1, "result": [REGIONS[0]], "skipped": False}]}
    assert surfaces(document(tmp_path, [old])) == [("ACTOR", "Red Column")]


def test_one_task_and_a_task_a_line_are_read_as_well_as_a_list(tmp_path: Path) -> None:
    tasks = [task(annotation(REGIONS[0])), task(annotation(REGIONS[2]), id=8)]
    listed, _ = read(tmp_path, tasks)
    assert read(tmp_path, "\r\n".join(map(json.dumps, tasks)))[0] == listed
    assert read(tmp_path, "\ufeff" + json.dumps(tasks, indent=2))[0] == listed
    assert read(tmp_path, json.dumps(tasks[0], indent=2))[0] == listed[:1]


def test_the_text_may_stand_under_the_name_the_results_give(tmp_path: Path) -> None:
    data = {"body": TEXT, "author": "A. Writer"}
    results = [{**each, "to_name": "body"} for each in REGIONS]
    found = document(tmp_path, [task(annotation(*results), data=data)])
    assert (found.article.text, len(found.entities)) == (TEXT, 4)


def test_the_only_string_is_the_text(tmp_path: Path) -> None:
    data = {"content": TEXT, "title": "Shelling", "priority": 3}
    assert len(document(tmp_path, [task(annotation(*REGIONS), data=data)]).entities) == 4
    assert lost_in(tmp_path, [task(annotation(*REGIONS), data=data)]) == {'values of "priority"': 1}


def test_two_texts_and_none_are_told_by_their_keys(tmp_path: Path) -> None:
    tasks = [task(annotation(), data={"head": "a", "body": "b"}), task(annotation(), data={"image": 3})]
    assert faults(tmp_path, tasks) == [
        ':1, item 1: the text could be any of: head, body; expected it as a string under "text"',
        ':1, item 2: has no text; found the keys: image; expected it as a string under "text"',
    ]


def test_regions_of_another_object_are_counted(tmp_path: Path) -> None:
    heading = {**region("h", 0, 5, "BASE", "Raids"), "to_name": "heading"}
    content = [task(annotation(heading, REGIONS[0]), data={"text": TEXT, "heading": "Raids go on"})]
    assert surfaces(document(tmp_path, content)) == [("ACTOR", "Red Column")]
    assert lost_in(tmp_path, content)["results about something else than the text"] == 1


def test_what_is_known_of_the_article_comes_from_data_and_meta(tmp_path: Path) -> None:
    data = {"text": TEXT, "title": "Shelling", "published": "2024-05-05", "author": "A. Writer"}
    content = [task(annotation(), data=data, meta={"source": "Estmark Post", "url": "https://post.example/1"})]
    expected = Article(TEXT, "7", "Shelling", date(2024, 5, 5), "Estmark Post", "https://post.example/1")
    assert document(tmp_path, content).article == expected
    assert lost_in(tmp_path, content) == {'values of "author"': 1}


def test_offsets_that_count_characters_are_told_with_the_right_ones(tmp_path: Path) -> None:
    assert faults(tmp_path, [task(annotation(region("r1", 2, 12, "ACTOR", "Red Column")))]) == [
        ":1, item 1: r1: \"text\" is 'Red Column' but [2, 12) is ' Red Colum'; the same characters stand at [3, 13): "
        "shifted by 1? offsets count UTF-16 code units, an emoji two"
    ]


def test_newlines_that_the_tool_spells_out_are_no_difference(tmp_path: Path) -> None:
    content = [task(annotation(region("r1", 0, 9, "BASE", "Fort\\nOrle")), data={"text": "Fort\nOrle fell."})]
    assert surfaces(document(tmp_path, content)) == [("BASE", "Fort\nOrle")]


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        ({"start": 1, "end": 13}, "cuts a character in two"),
        ({"start": 9, "end": 9}, "is empty or negative"),
        ({"start": -2, "end": 9}, "is empty or negative"),
        ({"start": 9, "end": 900}, "ends past the text, which has 53 UTF-16 code units"),
        ({"start": 3, "end": 13, "text": "Blue Column"}, "'Blue Column' stands nowhere in the text"),
        ({"start": "3", "end": 13}, '"start" is a string; expected an integer'),
        ({"start": 3}, '"end" is missing; expected an integer'),
        ({"start": 3, "end": 13, "labels": [4]}, "expected a list of strings"),
        ({"start": 3, "end": 13, "labels": {"a": 1}}, "expected a list of strings"),
        ({"start": 3, "end": 13, "text": ["Red"]}, '"text" is a list; expected a string'),
    ],
)
def test_a_bad_region_is_told(tmp_path: Path, value: dict[str, Any], fault: str) -> None:
    bad = {**REGIONS[0], "value": {"labels": ["ACTOR"], **value}}
    assert any(fault in found for found in faults(tmp_path, [task(annotation(bad))]))


@pytest.mark.parametrize(
    ("result", "fault"),
    [
        ("labels", "result 5 is a string; expected an object"),
        ({**REGIONS[0], "value": None}, '"value" is null; expected an object'),
        ({**REGIONS[0], "type": ["labels"]}, '"type" is a list; expected a string'),
        ({**REGIONS[0], "to_name": {}}, '"to_name" is an object; expected a string'),
        ({"id": "r1", "value": {}}, '"type" is missing'),
        (link("Kd3_a2", "gone", "target"), "'gone' is the id of no span here"),
        (link("Kd3_a2", "Kd3_a1", "attacker", direction="up"), "expected left, right or bi"),
        (link("Kd3_a2", "Kd3_a1", "atacker"), "unknown role 'atacker'; did you mean 'attacker'?"),
        (region("r1", 22, 31, "BASIS", "Fort Orle"), "unknown label 'BASIS'; did you mean 'BASE'?"),
        (
            answer("r1", "kind", "choices", choices=["unrets"]),
            "of a text 'unrets'; did you mean 'unrest'?",
        ),
        (answer("Kd3_a2", "status", "choices", choices=["reportd"]), "did you mean 'reported'?"),
        (answer("Kd3_a4", "min", "choices", choices=["two"]), "\"min\" is 'two'; expected an integer"),
    ],
)
def test_a_bad_result_is_told(tmp_path: Path, result: object, fault: str) -> None:
    content = [{**task(), "annotations": [annotation(*REGIONS) | {"result": [*REGIONS, result]}]}]
    assert any(fault in found for found in faults(tmp_path, content, SCHEMA)), faults(tmp_path, content, SCHEMA)


def test_a_label_that_can_be_no_tag_is_told_once(tmp_path: Path) -> None:
    results = [region("r1", 3, 13, "armed/group", "Red Column"), region("r2", 22, 31, "armed/group", "Fort Orle")]
    assert faults(tmp_path, [task(annotation(*results))]) == [
        ":1, item 1: label 'armed/group' cannot be a name; expected letters, digits, _ and -, a letter first: "
        "rename it in the tool"
    ]


def test_a_bad_task_does_not_hide_the_others(tmp_path: Path) -> None:
    bad = task(annotation(region("r1", 3, 900, "ACTOR", "")), id=8)
    text = "[\n" + ",\n".join(json.dumps(each) for each in (bad, 5, task(annotation(REGIONS[0])))) + "\n]"
    found, _ = read(tmp_path, text)
    assert [str(item).partition("export.json")[2][:12] for item in found[:2]] == [":2: r1: span", ":3: holds a "]
    assert isinstance(found[2], Document)


def test_two_tasks_of_one_id_are_told(tmp_path: Path) -> None:
    found, _ = read(tmp_path, [task(annotation()), task(annotation())])
    assert isinstance(found[0], Document)
    assert "document id '7' is taken by" in str(found[1])


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ({"annotations": 5}, '"annotations" is a number; expected a list of objects'),
        ({"annotations": [31]}, "annotation 1 is a number; expected an object"),
        ({"data": 5, "annotations": [{"result": []}]}, '"data" is a number'),
        ({"data": {"text": " "}, "annotations": [{"result": []}]}, '"text" is empty or only white space'),
        ({"data": {"text": "a"}, "annotations": [{"result": 5}]}, '"result" is a number; expected a list of objects'),
    ],
)
def test_a_task_of_another_shape_is_told(tmp_path: Path, content: object, fault: str) -> None:
    assert any(fault in found for found in faults(tmp_path, content))


def test_results_that_no_document_holds_are_counted(tmp_path: Path) -> None:
    paragraph = {"start": "/p[1]/text()[1]", "end": "/p[1]/text()[1]", "startOffset": 3, "endOffset": 13}
    results = [
        {**REGIONS[0], "id": "h", "type": "hypertextlabels", "value": {**paragraph, "hypertextlabels": ["ACTOR"]}},
        link("Kd3_a2", "h", "attacker"),
        REGIONS[1],
        {**REGIONS[2], "meta": {"text": ["is this the right base?"]}},
        answer("Kd3_a2", "status", "choices", start=14, end=21, choices=["reported", "denied"]),
        answer("Kd3_a2", "comment", "textarea", start=14, end=21, text=["unsure"]),
        answer("Kd3_a2", "colour", "choices", start=14, end=21, choices=["red"]),
        answer("q", "quality", "rating", rating=4),
        region("e", 42, 52, "BASE", "two guards") | {"value": {"start": 42, "end": 52, "labels": []}},
    ]
    assert lost_in(tmp_path, [task(annotation(*results))], SCHEMA) == {
        "regions of hypertext or paragraphs, whose offsets are not the text's": 1,
        "relations of regions that are left out": 1,
        "notes on regions": 1,
        "choices for a region beside the first": 1,
        "results of type textarea for regions": 1,
        "attributes that the schema does not name": 1,
        "results of type rating": 1,
        "regions without a label": 1,
    }


def test_who_annotated_when_is_counted_once_a_task(tmp_path: Path) -> None:
    assert read(tmp_path, [task(annotation())])[1] == {"notes of who annotated, when and for how long": 1}


def test_a_region_with_two_labels_is_two_entities(tmp_path: Path) -> None:
    both = {**REGIONS[2], "value": {**REGIONS[2]["value"], "labels": ["BASE", "PLACE"]}}
    assert surfaces(document(tmp_path, [task(annotation(both))])) == [("BASE", "Fort Orle"), ("PLACE", "Fort Orle")]


def test_labels_of_texts_are_counted_where_the_schema_has_none(tmp_path: Path) -> None:
    content = [task(annotation(answer("x9", "kind", "choices", choices=["unrest"])))]
    assert document(tmp_path, content, DEFAULT_SCHEMA).labels is None
    assert lost_in(tmp_path, content, DEFAULT_SCHEMA) == {"labels of whole texts, of which the schema has none": 1}


@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers(-3, 60)
        | st.floats()
        | st.sampled_from(["", "labels", "relation", "7"]),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    "id data text annotations result type value start end labels choices number from_id to_id to_name "
                    "from_name meta annotator annotation_id".split()
                ),
                inner,
                max_size=6,
            )
        ),
        max_leaves=30,
    )
)
def test_no_json_at_all_is_too_odd_to_be_told(tmp_path_factory: pytest.TempPathFactory, content: object) -> None:
    path = stored(tmp_path_factory.getbasetemp(), [content])
    for schema in (None, SCHEMA):
        assert all(isinstance(item, Document | Problem) for item in FORMAT.read(path, Options(schema), Counter()))


@given(
    st.sampled_from(["type", "id", "to_name", "from_name", "value", "from_id", "labels", "direction"]),
    st.sampled_from(
        [None, 5, True, 1.5, "x", [], ["x"], {}, {"start": 1}, {"choices": [[]]}, {"number": float("inf")}]
    ),
    st.sampled_from([*REGIONS, link("Kd3_a2", "Kd3_a1", "attacker"), answer("Kd3_a4", "min", "number", number=2)]),
)
def test_a_result_with_anything_under_any_key_is_read_or_told(
    tmp_path_factory: pytest.TempPathFactory, key: str, value: object, result: dict[str, Any]
) -> None:
    path = stored(tmp_path_factory.getbasetemp(), [task(annotation(*REGIONS, {**result, key: value}))])
    for schema in (None, SCHEMA):
        assert all(isinstance(item, Document | Problem) for item in FORMAT.read(path, Options(schema), Counter()))
