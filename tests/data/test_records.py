"""Incidents as a record lists them: when the list is complete, and what of it cannot be meant."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.data.errors import DataError
from tocsin.data.jsonl import document_from_record, document_to_record
from tocsin.data.records import read_record
from tocsin.data.schema import DEFAULT_SCHEMA
from tocsin.data.types import Article, Document, Event, Span

TEXT = "Mortars hit Fort Lune at dawn. The shelling went on. A drone crashed at Port Ness."


def event(own_id: str, surface: str, incident: str = "", target: str = "") -> dict[str, Any]:
    return {
        "id": own_id,
        "type": "ATTACK",
        "trigger": {"start": TEXT.index(surface), "end": TEXT.index(surface) + len(surface), "text": surface},
        **({"incident": incident} if incident else {}),
        "arguments": [{"role": "target", "entity": target}] if target else [],
    }


def record(*incidents: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Three mentions of two incidents, with what is listed of incidents."""
    fort, port = TEXT.index("Fort Lune"), TEXT.index("Port Ness")
    return {
        "id": "lune",
        "text": TEXT,
        "entities": [
            {"id": "T1", "label": "BASE", "start": fort, "end": fort + 9},
            {"id": "T2", "label": "BASE", "start": port, "end": port + 9},
        ],
        "events": [
            event("E1", "hit", "I1", "T1"),
            event("E2", "shelling", "I1"),
            event("E3", "crashed", "I2", "T2"),
        ],
        **({"incidents": list(incidents)} if incidents else {}),
        **changes,
    }


def read(content: dict[str, Any]) -> Document:
    return document_from_record(content, DEFAULT_SCHEMA)


def ids(content: dict[str, Any]) -> list[str]:
    return [incident.id for incident in read(content).incidents]


def test_incidents_that_are_not_listed_are_built_from_the_events() -> None:
    assert ids(record()) == ["I1", "I2"]


@pytest.mark.parametrize(
    "listed",
    [[], [{"id": "I2", "date_start": "2024-05-01", "date_end": "2024-05-01"}]],
    ids=["an empty list", "days of one"],
)
def test_a_list_without_mentions_leaves_no_incident_out(listed: list[dict[str, Any]]) -> None:
    assert ids(record(incidents=listed)) == ["I1", "I2"]


def test_a_list_with_mentions_is_complete_and_the_other_events_stay() -> None:
    document = read(record({"id": "I2", "mentions": ["E3"]}))
    assert [incident.id for incident in document.incidents] == ["I2"]
    assert len(document.events) == 3


def test_a_listed_incident_has_its_listed_score_and_is_told_by_its_mentions() -> None:
    listed = {"id": "I1", "score": 0.3, "mentions": ["E2", "E1"], "fillers": {"target": [{"text": "stale"}]}}
    (incident,) = read(record(listed)).incidents
    assert (incident.score, incident.targets) == (0.3, ("Fort Lune",))
    assert [mention.trigger.text(Article(TEXT)) for mention in incident.mentions] == ["hit", "shelling"]


def test_the_order_of_a_complete_list_is_kept() -> None:
    assert ids(record({"id": "I2", "mentions": ["E3"]}, {"id": "I1", "mentions": ["E1", "E2"]})) == ["I2", "I1"]


def test_mentions_give_an_incident_to_events_that_name_none() -> None:
    events = [event("E1", "hit"), event("E2", "shelling"), event("E3", "crashed")]
    document = read(record({"id": "I7", "mentions": ["E1", "E3"]}, events=events))
    (incident,) = document.incidents
    assert (incident.id, incident.mentions) == ("I7", (document.events[0], document.events[2]))


def test_a_document_without_any_of_its_incidents_is_read_as_it_was_written() -> None:
    article = Article(TEXT, "lune")
    document = Document(article, events=(Event(Span(8, 11, "ATTACK"), incident="I1"),))
    written = document_to_record(document)
    assert (written["incidents"], written["incidents_complete"]) == ([], True)
    assert read(written) == document


def test_equal_events_of_two_incidents_are_told_apart_in_a_file() -> None:
    twice = (Event(Span(8, 11, "ATTACK")), Event(Span(8, 11, "ATTACK")))
    events = [event("E1", "hit"), event("E2", "hit")]
    document = read(record(entities=[], events=events))
    assert document.events == twice
    assert [incident["mentions"] for incident in document_to_record(document)["incidents"]] == [["E1"], ["E2"]]
    assert read(document_to_record(document)) == document


LIST_FAULTS: dict[str, tuple[list[dict[str, Any]], str]] = {
    "unknown mention": (
        [{"id": "I2", "mentions": ["E3", "E9"]}],
        "incident I2: mention 'E9' is no event of this document; expected some of: E1, E2, E3",
    ),
    "an empty mention": (
        [{"id": "I2", "mentions": ["E3", ""]}],
        "incident I2: mention '' is no event of this document; expected some of: E1, E2, E3",
    ),
    "no mention": (
        [{"id": "I4", "mentions": []}],
        'incident I4: "mentions" is empty; expected the ids of its events, or no such incident',
    ),
    "mentions of one only": (
        [{"id": "I2", "mentions": ["E3"]}, {"id": "I5"}],
        'incident I5: "mentions" is missing; expected the ids of its events, since the list is complete',
    ),
    "mentions no list": (
        [{"id": "I1", "mentions": "E1"}],
        'incident I1: "mentions" is a string; expected a list of the ids of events',
    ),
    "mentions no ids": (
        [{"id": "I1", "mentions": [{"id": "E1"}]}],
        'incident I1: "mentions" is a list of other things; expected a list of the ids of events',
    ),
    "incident listed twice": (
        [{"id": "I2", "mentions": ["E3"]}, {"id": "I2", "date_start": "", "mentions": ["E3"]}],
        'incident I2: is listed twice\nevent E3: is listed 2 times among the "mentions" of incidents; expected once',
    ),
    "mention listed twice": (
        [{"id": "I2", "mentions": ["E3", "E3"]}],
        'event E3: is listed 2 times among the "mentions" of incidents; expected once',
    ),
    "mention of another incident": (
        [{"id": "I3", "mentions": ["E3"]}],
        "incident I3: mention 'E3' says itself that it is of incident 'I2'; expected the same in both places",
    ),
    "event left out of its incident": (
        [{"id": "I1", "mentions": ["E1"]}],
        "event E2: is of incident 'I1', whose \"mentions\" lack it; add it there, "
        'or drop all "mentions" to have incidents built from the events',
    ),
    "score": (
        [{"id": "I2", "mentions": ["E3"], "score": 7}],
        'incident I2: "score" is 7; expected a number from 0 to 1',
    ),
}


@pytest.mark.parametrize(("listed", "expected"), LIST_FAULTS.values(), ids=LIST_FAULTS)
def test_a_fault_of_a_list_is_named(listed: list[dict[str, Any]], expected: str) -> None:
    with pytest.raises(DataError) as caught:
        read(record(*listed))
    assert str(caught.value) == expected


def test_a_mention_must_mean_one_event() -> None:
    events = [event("E1", "hit"), event("E1", "crashed")]
    with pytest.raises(DataError, match="mention 'E1' is the id of 2 events; ids must differ within a document"):
        read(record({"id": "I1", "mentions": ["E1"]}, events=events))


def test_completeness_is_true_or_false() -> None:
    with pytest.raises(DataError, match='"incidents_complete" is a string; expected true or false'):
        read(record(incidents_complete="yes"))


def test_a_mention_that_cannot_be_read_is_not_a_fault_of_its_own() -> None:
    content = record({"id": "I2", "mentions": ["E3"]})
    content["events"][2]["trigger"]["start"] = None
    reading = read_record(content, DEFAULT_SCHEMA)
    assert reading.faults == ('event E3, trigger: "start" is null; expected an integer',)
    assert reading.document
    assert reading.document.incidents == ()


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from(["", "I1", "I2", "E1", "E3", "E9"]),
    lambda values: (
        st.lists(values, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "mentions", "score", "date_start"]), values, max_size=3)
    ),
    max_leaves=10,
)


@given(junk, junk)
def test_no_list_of_incidents_breaks_the_reader(listed: Any, is_complete: Any) -> None:
    reading = read_record(record(incidents=listed, incidents_complete=is_complete), DEFAULT_SCHEMA)
    assert reading.document
    assert reading.faults or document_to_record(reading.document)
