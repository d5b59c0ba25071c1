"""What nothing teaches a model does not say, and it is told."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from tocsin.data.incidents import build_incidents, is_countable
from tocsin.data.jsonl import write_documents
from tocsin.data.schema import DEFAULT_SCHEMA, Attribute, Schema
from tocsin.data.types import Article, AttributeValue, Document, Event, Span
from tocsin.model.artifact import load
from tocsin.train.config import DataSettings, RunConfig
from tocsin.train.finish import finish
from tocsin.train.preparation import prepare
from tocsin.train.sets import load_sets
from tocsin.train.taught import told_of_attributes, untaught
from tocsin.train.training import train

SCHEMA = Schema(
    entity_labels=("TOLL",),
    event_types=("RAID",),
    attributes=(Attribute("status", ("told", "denied")), Attribute("scope", ("single", "series"))),
    entity_attributes={"TOLL": (Attribute("harm", ("killed", "wounded")), Attribute("min"))},
    countable={"status": ("told",), "scope": ("single",)},
)


def document(
    *events: Mapping[str, str], toll: Mapping[str, AttributeValue] | None = None, incident: str = "I1"
) -> Document:
    text = "raid " * len(events) + "three men"
    spans = [Span(5 * number, 5 * number + 4, "RAID") for number in range(len(events))]
    entities = () if toll is None else (Span(len(text) - 9, len(text), "TOLL", attributes=toll),)
    made = tuple(Event(span, (), attributes, incident) for span, attributes in zip(spans, events, strict=True))
    return Document(Article(text, "n1"), entities, made)


def told(*documents: Document) -> list[str]:
    return [problem.message for problem in told_of_attributes(documents, SCHEMA)]


def test_where_all_attributes_have_values_nothing_is_said() -> None:
    whole = document({"status": "told", "scope": "single"}, toll={"harm": "killed", "min": 3})
    assert (untaught(SCHEMA, [whole]), told(whole)) == (frozenset(), [])


def test_an_attribute_without_a_value_is_not_taught() -> None:
    documents = document({"scope": "single"}), document({"scope": "series"})
    assert untaught(SCHEMA, documents) == {"status"}  # of tolls, as there are none, nothing is known
    assert told(*documents) == [
        "no value of status on any of 2 events; a model cannot learn it, and this one will say nothing of it"
    ]


@pytest.mark.parametrize("toll", [{}, {"min": None}, {"harm": None, "min": 3}])
def test_a_choice_of_entities_without_a_value_is_not_taught_and_a_number_needs_no_teaching(
    toll: dict[str, AttributeValue],
) -> None:
    found = document({"status": "told", "scope": "single"}, toll=toll)
    assert untaught(SCHEMA, [found]) == {"TOLL-harm"}
    (message,) = told(found)
    assert message.startswith("no value of harm on any of 1 TOLL entities")


def test_an_attribute_that_some_lack_is_taught_by_the_others() -> None:
    found = document({"scope": "single", "status": "told"}, {"scope": "single"})
    assert untaught(SCHEMA, [found]) == frozenset()
    assert told(found) == ["no value of status on 1 of 2 events: it is learned from the others alone"]


def test_events_of_no_incident_are_told_to_teach_that_none_belong_together() -> None:
    found = document({"status": "told", "scope": "single"}, incident="")
    assert told(found) == ["no incident on any of 1 events; a model learns that each event is an incident of its own"]


def test_documents_without_events_say_nothing_of_attributes() -> None:
    assert (untaught(SCHEMA, [document()]), told(document())) == (frozenset(), [])


def without_status(documents: tuple[Document, ...]) -> tuple[Document, ...]:
    """The documents as annotated by somebody who does not ask whether an attack is denied."""
    return tuple(map(_without_status, documents))


def _without_status(document: Document) -> Document:
    told = ({name: value for name, value in e.attributes.items() if name != "status"} for e in document.events)
    events = tuple(replace(e, attributes=left) for e, left in zip(document.events, told, strict=True))
    return replace(document, events=events, incidents=build_incidents(document.article, events, DEFAULT_SCHEMA))


def test_a_run_says_what_its_documents_do_not_teach(tmp_path: Path, tiny_documents: tuple[Document, ...]) -> None:
    write_documents(tmp_path / "train.jsonl", without_status(tiny_documents))
    sets = load_sets(RunConfig(data=DataSettings(train=("train.jsonl",)), base=str(tmp_path)))
    assert sets.schema == DEFAULT_SCHEMA
    assert any("no value of status on any of" in problem.message for problem in sets.warnings)


def test_a_model_has_no_head_for_what_nothing_taught_and_its_incidents_count_all_the_same(
    tmp_path: Path, tiny_config: RunConfig, tiny_documents: tuple[Document, ...]
) -> None:
    documents = without_status(tiny_documents)
    run = prepare(tiny_config, DEFAULT_SCHEMA, documents, ())
    assert "choice-status" not in run.model.network.attribute_heads
    trained = train(run, work=tmp_path / "work", resume=False, watch=lambda progress: None)
    finish(run, trained, documents, tmp_path / "model", seconds=1.0)
    assert json.loads((tmp_path / "model" / "run.json").read_text())["untaught"] == ["status"]
    assert (
        "status: no value anywhere, so that the model says nothing of it" in (tmp_path / "model/README.md").read_text()
    )
    model = load(tmp_path / "model")
    assert list(model.network.learned_attributes) == ["scope", "outcome", "CASUALTY-harm"]
    predicted = [model.predict_raw(each.article) for each in tiny_documents]
    assert {tuple(event.attributes) for each in predicted for event in each.events} == {("scope", "outcome")}
    incidents = [incident for each in predicted for incident in each.incidents]
    assert any(is_countable(incident, DEFAULT_SCHEMA) for incident in incidents)
