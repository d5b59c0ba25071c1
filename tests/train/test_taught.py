"""Attributes that nothing teaches are no part of what a model learns, and it is told."""

from dataclasses import replace
from pathlib import Path

import pytest

from tocsin.data.jsonl import write_documents
from tocsin.data.schema import DEFAULT_SCHEMA, Attribute, Schema
from tocsin.data.types import Article, AttributeValue, Document, Event, Span
from tocsin.model.network import span_attributes
from tocsin.train.config import DataSettings, RunConfig
from tocsin.train.sets import load_sets
from tocsin.train.taught import taught

SCHEMA = Schema(
    entity_labels=("TOLL",),
    event_types=("RAID",),
    attributes=(Attribute("status", ("told", "denied")), Attribute("scope", ("single", "series"))),
    entity_attributes={"TOLL": (Attribute("harm", ("killed", "wounded")), Attribute("min"))},
    countable={"status": ("told",), "scope": ("single",)},
)


def document(
    *events: dict[str, str], toll: dict[str, str | int | None] | None = None, incident: str = "I1"
) -> Document:
    text = "raid " * len(events) + "three men"
    spans = [Span(5 * number, 5 * number + 4, "RAID") for number in range(len(events))]
    entities = () if toll is None else (Span(len(text) - 9, len(text), "TOLL", attributes=toll),)
    made = (
        Event(span, attributes=attributes, incident=incident) for span, attributes in zip(spans, events, strict=True)
    )
    return Document(Article(text, "n1"), entities, tuple(made))


def test_a_schema_whose_attributes_all_have_values_stays_as_it_is() -> None:
    whole = document({"status": "told", "scope": "single"}, toll={"harm": "killed", "min": 3})
    assert taught(SCHEMA, [whole]) == (SCHEMA, ())


def test_an_attribute_without_a_value_is_left_out_with_what_counts_by_it() -> None:
    schema, (problem,) = taught(SCHEMA, [document({"scope": "single"}), document({"scope": "series"})])
    assert [attribute.name for attribute in schema.attributes] == ["scope"]
    assert schema.countable == {"scope": ("single",)}
    assert schema.entity_attributes == SCHEMA.entity_attributes  # no such entity: nothing is known of them
    assert problem.message.startswith("no value of status on any of 2 events; a model cannot learn it")


@pytest.mark.parametrize("toll", [{}, {"min": None}, {"harm": None, "min": 3}])
def test_a_choice_of_entities_without_a_value_is_left_out_and_a_number_stays(toll: dict[str, AttributeValue]) -> None:
    schema, (problem,) = taught(SCHEMA, [document({"status": "told", "scope": "single"}, toll=toll)])
    assert schema.entity_attributes == {"TOLL": (Attribute("min"),)}
    assert list(span_attributes(schema)) == ["status", "scope"]
    assert problem.message.startswith("no value of harm on any of 1 TOLL entities")


def test_an_attribute_that_some_lack_stays_and_how_many_is_told() -> None:
    schema, (problem,) = taught(SCHEMA, [document({"scope": "single", "status": "told"}, {"scope": "single"})])
    assert schema == SCHEMA
    assert problem.message == "no value of status on 1 of 2 events: it is learned from the others alone"


def test_events_of_no_incident_are_told_to_teach_that_none_belong_together() -> None:
    events = document({"status": "told", "scope": "single"}, incident="")
    _, (problem,) = taught(SCHEMA, [events])
    assert problem.message == "no incident on any of 1 events; a model learns that each event is an incident of its own"


def test_documents_without_events_say_nothing_of_attributes() -> None:
    assert taught(SCHEMA, [document()]) == (SCHEMA, ())


def test_a_run_learns_what_its_train_documents_teach(tmp_path: Path, tiny_documents: tuple[Document, ...]) -> None:
    bare = tuple(replace(d, events=tuple(replace(e, attributes={}) for e in d.events)) for d in tiny_documents)
    write_documents(tmp_path / "train.jsonl", bare)
    sets = load_sets(RunConfig(data=DataSettings(train=("train.jsonl",)), base=str(tmp_path)))
    assert sets.schema == replace(DEFAULT_SCHEMA, attributes=(), countable={})
    assert any("no value of status, scope, outcome on any of" in problem.message for problem in sets.warnings)
