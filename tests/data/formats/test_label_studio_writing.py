"""What is written for Label Studio: tasks that it imports, and the interface they are annotated in."""

import json
from collections import Counter
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.data.errors import DataError
from tocsin.data.formats.conversion import Options, Tally
from tocsin.data.formats.label_studio import FORMAT, label_config
from tocsin.data.schema import Attribute, Role, Schema
from tocsin.data.types import Argument, Article, AttributeValue, Document, Event, Incident, Span, TextLabel

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


def link(source: str, target: str, *labels: str, direction: str = "right") -> dict[str, Any]:
    return {"from_id": source, "to_id": target, "type": "relation", "direction": direction, "labels": list(labels)}


CHARACTERS = st.sampled_from('aB é\u0301🚁👩\u200d🚀\n\r\t\u2028\x00\\"‏א' + "\ufeff")


@st.composite
def documents(draw: st.DrawFn, own_id: str = "d1") -> Document:
    """Documents with all that Label Studio holds, in text order."""
    text = draw(st.text(CHARACTERS, min_size=1, max_size=30).filter(str.strip))
    places = st.tuples(st.integers(0, len(text) - 1), st.integers(1, len(text))).filter(lambda ends: ends[0] < ends[1])
    values: dict[str, st.SearchStrategy[AttributeValue]] = {"harm": st.just("killed"), "min": st.integers(0, 9)}
    attributes = st.fixed_dictionaries({}, optional=values)
    spans = {}
    for (start, end), label in draw(st.lists(st.tuples(places, st.sampled_from(SCHEMA.entity_labels)), max_size=4)):
        own = draw(attributes) if label == "CASUALTY" else {}
        spans[start, end, label] = Span(start, end, label, attributes=own)
    entities = tuple(spans[place] for place in sorted(spans))
    roles = st.sampled_from([role.name for role in SCHEMA.roles])
    arguments = st.tuples(roles, st.sampled_from(entities)) if entities else st.nothing()
    events = []
    for start, end in draw(st.lists(places, max_size=2, unique=True)):
        pairs = draw(st.lists(arguments, max_size=3 if entities else 0))
        given_arguments = tuple(Argument(*pair) for pair in pairs)
        status = draw(st.sampled_from([{}, {"status": "denied"}]))
        events.append(Event(Span(start, end, "ATTACK"), given_arguments, status, draw(st.sampled_from(["", "I1"]))))
    labels = draw(st.none() | st.lists(st.sampled_from(SCHEMA.text_labels), unique=True))
    return Document(
        Article(text, own_id, title=draw(st.sampled_from(["", "A title"])), published=draw(st.none() | st.dates())),
        entities,
        tuple(sorted(events, key=lambda event: (event.trigger.start, event.trigger.end))),
        labels=None if labels is None else tuple(map(TextLabel, labels)),
    )


@given(documents("d1"), documents("d2"))
def test_what_is_written_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, first: Document, second: Document
) -> None:
    path = tmp_path_factory.getbasetemp() / "round.json"
    lost: Tally = Counter()
    FORMAT.write([first, second], path, Options(SCHEMA), lost)  # type: ignore[misc]  # it can be written
    assert list(FORMAT.read(path, Options(SCHEMA), lost)) == [first, second]
    assert lost == {}


def written(tmp_path: Path, *given_documents: Document) -> tuple[Any, Tally]:
    lost: Tally = Counter()
    FORMAT.write(given_documents, tmp_path / "out.json", Options(), lost)  # type: ignore[misc]  # it can be written
    return json.loads((tmp_path / "out.json").read_text(encoding="utf-8")), lost


def test_written_tasks_have_the_shape_that_is_imported(tmp_path: Path) -> None:
    column = Span(2, 12, "ACTOR")
    event = Event(Span(13, 20, "ATTACK"), (Argument("attacker", column),), {"status": "reported"})
    tasks, lost = written(tmp_path, Document(Article(TEXT, "d1"), (column,), (event,), labels=(TextLabel("unrest"),)))
    place = {"start": 14, "end": 21, "text": "shelled"}
    common = {"to_name": "text", "origin": "manual"}
    assert tasks[0]["data"] == {"text": TEXT, "document_id": "d1"}
    assert tasks[0]["annotations"][0]["result"] == [
        region("T1", 3, 13, "ACTOR", "Red Column"),
        region("E1", 14, 21, "ATTACK", "shelled"),
        {"id": "E1", "from_name": "status", "type": "choices", "value": {**place, "choices": ["reported"]}, **common},
        link("E1", "T1", "attacker"),
        {"id": "class", "from_name": "text_labels", "type": "choices", "value": {"choices": ["unrest"]}, **common},
    ]
    assert lost == {}


def test_no_documents_are_an_empty_list(tmp_path: Path) -> None:
    assert written(tmp_path) == ([], {})


def test_what_label_studio_cannot_hold_is_counted(tmp_path: Path) -> None:
    guards = Span(41, 51, "CASUALTY", 0.5, {"min": None})
    event = Event(Span(13, 20, "ATTACK"), (Argument("target", Span(21, 30, "BASE")),))
    article = Article(TEXT, "d1", sentences=(((0, 1), (2, 5)),))
    _, lost = written(tmp_path, Document(article, (guards,), (event,), (Incident("I1", (event,)),)))
    assert lost == {
        "scores": 1,
        "attributes that are null": 1,
        "arguments that are no entity of their document": 1,
        "incidents": 1,
        "events without arguments, which only a schema can tell from entities": 1,
        "cuts of texts into words and sentences": 1,
    }


def test_an_event_without_arguments_is_counted_as_it_is_read_back_as_an_entity(tmp_path: Path) -> None:
    column = Span(2, 12, "ACTOR")
    events = Event(Span(13, 20, "ATTACK"), (Argument("attacker", column),)), Event(Span(32, 40, "ATTACK"))
    _, lost = written(tmp_path, Document(Article(TEXT, "d1"), (column,), events))
    assert lost == {"events without arguments, which only a schema can tell from entities": 1}
    lost = Counter()
    (back,) = FORMAT.read(tmp_path / "out.json", Options(), lost)
    assert isinstance(back, Document)
    assert (back.entities, back.events) == ((column, Span(32, 40, "ATTACK")), events[:1])
    assert lost == {"entities read as triggers, as a relation leads from them": 1}


def test_a_file_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot be written"):
        FORMAT.write([], tmp_path / "no" / "out.json", Options(), Counter())  # type: ignore[misc]  # it can be written


def test_the_interface_has_a_control_for_all_that_is_written(tmp_path: Path) -> None:
    view = ET.fromstring(label_config(SCHEMA))
    names = {tag.get("name") for tag in view if tag.get("name")}
    assert names == {"text", "label", "text_labels", "status", "harm", "min", "incident"}
    assert [label.get("value") for label in view.iter("Label")] == ["ACTOR", "BASE", "CASUALTY", "ATTACK"]
    assert [relation.get("value") for relation in view.iter("Relation")] == ["attacker", "target", "casualty"]
    harm = view.find("Choices[@name='harm']")
    assert harm is not None
    assert (harm.get("whenLabelValue"), harm.get("perRegion")) == ("CASUALTY", "true")
    assert [choice.get("value") for choice in harm] == ["killed", "wounded"]


def test_the_interface_escapes_what_labels_hold() -> None:
    schema = Schema(text_labels=('"R&D" <new>', "other"), one_text_label=True)
    choices = ET.fromstring(label_config(schema)).find("Choices")
    assert choices is not None
    assert (choices.get("choice"), choices[0].get("value")) == ("single", '"R&D" <new>')


@pytest.mark.parametrize(
    ("schema", "fault"),
    [
        (Schema(event_types=("RAID",), attributes=(Attribute("label", ("a",)),)), "needs itself; rename it"),
        (
            Schema(("A", "B"), entity_attributes={"A": (Attribute("size"),), "B": (Attribute("size", ("big",)),)}),
            "'size' is a number for some of A, B",
        ),
    ],
)
def test_an_interface_that_cannot_be_is_told(schema: Schema, fault: str) -> None:
    with pytest.raises(DataError, match=fault):
        label_config(schema)
