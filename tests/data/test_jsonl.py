"""Documents read from JSON lines: what becomes of a record, and what a bad line is told."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.data.errors import DataError, Problem
from tocsin.data.jsonl import document_from_record, document_to_record, load_documents, read_documents
from tocsin.data.records import read_record
from tocsin.data.schema import DEFAULT_SCHEMA
from tocsin.data.types import Article, DateInterval, Document

TEXT = "On Friday rockets hit Fort Orle in Estmark, wounding two guards. A ship fled."


def raid() -> dict[str, Any]:
    """A sound record with one of everything."""
    return {
        "id": "n1",
        "published": "2024-05-05",
        "text": TEXT,
        "entities": [
            {"id": "T1", "label": "DATE", "start": 3, "end": 9, "text": "Friday"},
            {"id": "T2", "label": "WEAPON", "start": 10, "end": 17, "text": "rockets"},
            {"id": "T3", "label": "BASE", "start": 22, "end": 31, "text": "Fort Orle"},
            {
                "id": "T4",
                "label": "CASUALTY",
                "start": 53,
                "end": 63,
                "text": "two guards",
                "harm": "wounded",
                "min": 2,
                "max": None,
            },
        ],
        "events": [
            {
                "id": "E1",
                "type": "ATTACK",
                "trigger": {"start": 18, "end": 21, "text": "hit"},
                "status": "reported",
                "scope": "single",
                "outcome": "hit",
                "incident": "I1",
                "arguments": [{"role": "date", "entity": "T1"}, {"role": "target", "entity": "T3"}],
            }
        ],
    }


def written(path: Path, *lines: object) -> Path:
    """A file with the given lines: text as it is, anything else as JSON."""
    path.write_text("\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines), encoding="utf-8")
    return path


def messages(path: Path) -> list[str]:
    return [entry.message for entry in read_documents(path, DEFAULT_SCHEMA) if isinstance(entry, Problem)]


def test_a_record_becomes_a_document() -> None:
    document = document_from_record(raid(), DEFAULT_SCHEMA)
    event = document.events[0]
    assert document.article == Article(TEXT, "n1", published=date(2024, 5, 5))
    assert [span.text(document.article) for span in document.entities] == [
        "Friday",
        "rockets",
        "Fort Orle",
        "two guards",
    ]
    assert document.entities[3].attributes == {"harm": "wounded", "min": 2, "max": None}
    assert (event.type, event.incident, event.attributes["outcome"]) == ("ATTACK", "I1", "hit")
    assert [span.label for span in event.fillers("target")] == ["BASE"]


def test_incidents_are_built_from_the_events_and_dated_by_the_text() -> None:
    (incident,) = document_from_record(raid(), DEFAULT_SCHEMA).incidents
    assert (incident.id, incident.targets) == ("I1", ("Fort Orle",))
    assert incident.date == DateInterval(date(2024, 5, 3), date(2024, 5, 3))


def test_a_date_listed_for_an_incident_wins_over_the_text() -> None:
    record = raid() | {"incidents": [{"id": "I1", "date_start": "2024-05-01", "date_end": "2024-05-02"}]}
    (incident,) = document_from_record(record, DEFAULT_SCHEMA).incidents
    assert incident.date == DateInterval(date(2024, 5, 1), date(2024, 5, 2))


def test_a_written_record_has_the_keys_of_the_guidelines_and_all_of_the_incident() -> None:
    record = document_to_record(document_from_record(raid(), DEFAULT_SCHEMA))
    assert record["entities"] == raid()["entities"]
    assert record["events"] == raid()["events"]
    assert record["published"] == "2024-05-05"
    assert "url" not in record
    assert record["incidents"] == [
        {
            "id": "I1",
            "date_start": "2024-05-03",
            "date_end": "2024-05-03",
            "date_prec": 1,
            "status": "reported",
            "scope": "single",
            "outcome": "hit",
            "mentions": ["E1"],
            "fillers": {
                "target": [{"text": "Fort Orle", "spans": [[22, 31]]}],
                "date": [{"text": "Friday", "spans": [[3, 9]]}],
            },
        }
    ]


def test_ids_are_given_in_text_order_whatever_the_file_said() -> None:
    record = raid()
    record["entities"].reverse()
    written_record = document_to_record(document_from_record(record, DEFAULT_SCHEMA))
    assert [(entity["id"], entity["start"]) for entity in written_record["entities"]] == [
        ("T1", 3),
        ("T2", 10),
        ("T3", 22),
        ("T4", 53),
    ]
    assert [argument["entity"] for argument in written_record["events"][0]["arguments"]] == ["T1", "T3"]


def test_a_missing_document_key_falls_back_to_what_the_format_says() -> None:
    document = document_from_record({"text": "Quiet night."}, DEFAULT_SCHEMA)
    assert document == Document(Article("Quiet night."))


def test_a_time_stamp_is_read_as_its_day() -> None:
    document = document_from_record({"text": "Quiet.", "published": "2024-05-02T23:30:00-05:00"}, DEFAULT_SCHEMA)
    assert document.article.published == date(2024, 5, 2)


FAULTS = {
    "no text": ({"text": None}, '"text" is null; expected a string'),
    "white text": ({"text": " \n"}, '"text" is empty or only white space; expected the text of an article'),
    "text of another type": ({"text": 7}, '"text" is a number; expected a string'),
    "title of another type": ({"title": ["x"]}, '"title" is a list; expected a string'),
    "bad day": (
        {"published": "5 May 2024"},
        '"published" is \'5 May 2024\'; expected an ISO date such as "2024-05-02"',
    ),
    "day of another type": ({"published": 2024}, '"published" is \'2024\'; expected an ISO date such as "2024-05-02"'),
    "entities no list": ({"entities": {}, "events": []}, '"entities" is an object; expected a list of objects'),
    "entity no object": ({"entities": ["Fort Orle"], "events": []}, "entity 1 is a string; expected an object"),
}


@pytest.mark.parametrize(("change", "expected"), FAULTS.values(), ids=FAULTS)
def test_a_fault_of_the_record_is_named(change: dict[str, Any], expected: str, tmp_path: Path) -> None:
    assert messages(written(tmp_path / "gold.jsonl", raid() | change)) == [expected]


ENTITY_FAULTS = {
    "shifted": (
        {"start": 23, "end": 32},
        "entity T3: \"text\" is 'Fort Orle' but characters [23, 32) are 'ort Orle '; "
        "the same characters stand at [22, 31): shifted by -1?",
    ),
    "too short": (
        {"end": 30},
        "entity T3: \"text\" is 'Fort Orle' but characters [22, 30) are 'Fort Orl'; "
        "the same characters stand at [22, 31)",
    ),
    "absent": (
        {"text": "Fort Arle"},
        "entity T3: \"text\" is 'Fort Arle' but characters [22, 31) are 'Fort Orle'; "
        "'Fort Arle' stands nowhere in the text",
    ),
    "past the end": (
        {"start": 90, "end": 99, "text": ""},
        "entity T3: span [90, 99) ends past the text (77 characters); "
        'offsets count characters of "text", end exclusive',
    ),
    "empty": ({"start": 31, "text": ""}, "entity T3: span [31, 31) is empty or negative; expected 0 <= start < end"),
    "no start": ({"start": None}, 'entity T3: "start" is null; expected an integer'),
    "truth as an offset": ({"start": True}, 'entity T3: "start" is true or false; expected an integer'),
    "score": ({"score": 1.5}, 'entity T3: "score" is 1.5; expected a number from 0 to 1'),
    "same id": ({"id": "T2"}, "entity T2: a second entity of that id; ids must differ within a document"),
}


@pytest.mark.parametrize(("change", "expected"), ENTITY_FAULTS.values(), ids=ENTITY_FAULTS)
def test_a_fault_of_an_entity_is_named(change: dict[str, Any], expected: str, tmp_path: Path) -> None:
    record = raid()
    record["entities"][2] |= change
    if "id" in change:
        record["events"] = []
    assert messages(written(tmp_path / "gold.jsonl", record)) == [expected]


def test_a_label_the_schema_lacks_is_named_with_the_nearest() -> None:
    record = raid()
    record["entities"][2]["label"] = "Bases"
    with pytest.raises(DataError, match="entity T3: unknown label 'Bases'; did you mean 'BASE'"):
        document_from_record(record, DEFAULT_SCHEMA)


def test_an_attribute_of_an_entity_has_its_type() -> None:
    record = raid()
    record["entities"][3] |= {"harm": "hurt", "min": "2"}
    with pytest.raises(DataError) as caught:
        document_from_record(record, DEFAULT_SCHEMA)
    assert str(caught.value) == (
        "entity T4: unknown value of \"harm\" 'hurt'; expected one of: killed, wounded, captured, missing, any\n"
        "entity T4: \"min\" is '2'; expected an integer or null"
    )


EVENT_FAULTS = {
    "no trigger": ({"trigger": None}, 'event E1: "trigger" is null; expected {"start": ..., "end": ..., "text": ...}'),
    "no type": ({"type": ""}, 'event E1: "type" is missing; expected one of: ATTACK'),
    "unknown type": ({"type": "PROTEST"}, "event E1: unknown type 'PROTEST'; expected one of: ATTACK"),
    "unknown value": (
        {"outcome": "hits"},
        "event E1: unknown value of \"outcome\" 'hits'; did you mean 'hit'? "
        "expected one of: hit, intercepted, failed, unknown",
    ),
    "null value": (
        {"status": None},
        'event E1: "status" is null; expected one of: reported, claimed, denied, threatened',
    ),
    "unknown entity": (
        {"arguments": [{"role": "target", "entity": "T9"}]},
        "event E1, argument 1: \"entity\" is 'T9'; expected the id of an entity of this document: T1, T2, T3, T4",
    ),
    "unknown role": (
        {"arguments": [{"role": "targets", "entity": "T3"}]},
        "event E1, argument 1: unknown role 'targets'; did you mean 'target'? expected one of: "
        "attacker, target, weapon, date, place, casualty, claimant, source",
    ),
    "incident of another type": ({"incident": 1}, 'event E1: "incident" is a number; expected a string'),
}


@pytest.mark.parametrize(("change", "expected"), EVENT_FAULTS.values(), ids=EVENT_FAULTS)
def test_a_fault_of_an_event_is_named(change: dict[str, Any], expected: str, tmp_path: Path) -> None:
    record = raid()
    record["events"][0] |= change
    assert messages(written(tmp_path / "gold.jsonl", record)) == [expected]


DATE_FAULTS = {
    "reversed": (
        {"id": "I1", "date_start": "2024-05-03", "date_end": "2024-05-02"},
        'incident I1: "date_end" 2024-05-02 is before "date_start" 2024-05-03; expected start <= end',
    ),
    "half": (
        {"id": "I1", "date_start": "2024-05-03"},
        'incident I1: only one of "date_start" and "date_end" is given; expected both or neither',
    ),
    "no id": (
        {"date_start": "2024-05-03", "date_end": "2024-05-03"},
        'incident 1: "id" is missing; expected a string',
    ),
    "no day": (
        {"id": "I1", "date_start": "2024-02-30", "date_end": "2024-03-01"},
        'incident I1: "date_start" is \'2024-02-30\'; expected an ISO date such as "2024-05-02"',
    ),
}


@pytest.mark.parametrize(("incident", "expected"), DATE_FAULTS.values(), ids=DATE_FAULTS)
def test_a_bad_incident_date_is_named(incident: dict[str, Any], expected: str, tmp_path: Path) -> None:
    assert messages(written(tmp_path / "gold.jsonl", raid() | {"incidents": [incident]})) == [expected]


def test_all_faults_of_a_line_are_told_at_once(tmp_path: Path) -> None:
    record = raid() | {"published": "May"}
    record["entities"][2]["start"] = 21
    record["events"][0]["type"] = "PROTEST"
    assert len(messages(written(tmp_path / "gold.jsonl", record))) == 3


def test_an_argument_of_an_unreadable_entity_is_not_a_fault_of_its_own(tmp_path: Path) -> None:
    record = raid()
    record["entities"][2]["end"] = 99
    assert len(messages(written(tmp_path / "gold.jsonl", record))) == 1


def test_reading_goes_on_after_a_bad_line_and_names_its_number(tmp_path: Path) -> None:
    path = written(tmp_path / "gold.jsonl", raid(), "", '{"text": ', "[1]", raid() | {"id": "n2"})
    entries = list(read_documents(path, DEFAULT_SCHEMA))
    assert [entry.article.id if isinstance(entry, Document) else entry.where for entry in entries] == [
        "n1",
        f"{path}:3",
        f"{path}:4",
        "n2",
    ]


BAD_LINES = {
    "cut off": (b'{"text": "a', "is no JSON: Unterminated string"),
    "no object": (b"[1, 2]", "holds a list; expected one JSON object a line"),
    "half a character": (b'{"text": "\\ud83d"}', "holds half a character"),
    "too deep": (b"[" * 100_000, "cannot be read as JSON"),
    "other encoding": (b'{"text": "caf\xe9"}', "byte 0xe9 at position 13 (line 1) is not UTF-8"),
    "no text": (
        b'{"body": "a", "id": "b"}',
        'has no "text"; expected the article under that key, found the keys: body, id',
    ),
}


@pytest.mark.parametrize(("line", "expected"), BAD_LINES.values(), ids=BAD_LINES)
def test_a_line_that_is_no_document_is_a_problem(line: bytes, expected: str, tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_bytes(b'{"text": "Quiet."}\n' + line)
    good, problem = read_documents(path, DEFAULT_SCHEMA)
    assert isinstance(good, Document)
    assert isinstance(problem, Problem)
    assert problem.where == f"{path}:2"
    assert problem.message.startswith(expected)


def test_a_missing_file_is_one_problem(tmp_path: Path) -> None:
    assert messages(tmp_path / "gold.jsonl") == ["no such file or folder; check the path"]


def test_all_problems_of_all_files_are_raised_together(tmp_path: Path) -> None:
    first = written(tmp_path / "a.jsonl", raid(), "{")
    second = written(tmp_path / "b.jsonl", raid(), raid() | {"id": "n2", "text": ""})
    with pytest.raises(DataError) as caught:
        load_documents([first, second], DEFAULT_SCHEMA)
    lines = str(caught.value).splitlines()
    assert [line.split(": ")[0] for line in lines] == [f"{first}:2", f"{second}:1", f"{second}:2"]
    assert lines[1].startswith(f"{second}:1: document id 'n1' is taken by {first}:1; ids must differ")


def test_documents_are_loaded_in_the_order_of_the_files(tmp_path: Path) -> None:
    paths = [written(tmp_path / f"{own_id}.jsonl", {"id": own_id, "text": "Quiet."}) for own_id in "ba"]
    assert [document.article.id for document in load_documents(paths, DEFAULT_SCHEMA)] == ["b", "a"]


def test_an_empty_set_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "a.jsonl", "", "")
    with pytest.raises(DataError, match=r"a\.jsonl: no document found"):
        load_documents([path], DEFAULT_SCHEMA)


def test_no_file_at_all_is_refused() -> None:
    with pytest.raises(DataError, match="no file given: no document found"):
        load_documents([], DEFAULT_SCHEMA)


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda values: (
        st.lists(values, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "start", "label", "x"]), values, max_size=3)
    ),
    max_leaves=8,
)


@given(st.sampled_from(["id", "published", "text", "entities", "events", "incidents"]), junk, st.integers(0, 3))
def test_no_value_anywhere_breaks_the_reader(key: str, value: Any, depth: int) -> None:
    record = raid()
    match depth:
        case 0:
            record[key] = value
        case 1:
            record["entities"][0] = value
        case 2:
            record["events"][0] |= {"trigger": value, "arguments": value, "status": value, "type": value}
        case _:
            record["entities"][3] |= {"label": value, "harm": value, "min": value, "score": value}
    reading = read_record(record, DEFAULT_SCHEMA)
    assert reading.document or reading.faults
