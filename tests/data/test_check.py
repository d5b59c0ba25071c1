"""Checking annotated documents: what is found wrong, how bad it is, and what is counted."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from tocsin.data.check import Finding, Report, check_documents
from tocsin.data.schema import DEFAULT_SCHEMA, Attribute, Role, Schema

# A schema small enough for a whole document to use every name of it.
SCHEMA = Schema(
    entity_labels=("CREW", "HARBOUR", "LOSS"),
    event_types=("RAID",),
    roles=(Role("raider", ("CREW",)), Role("goal", ("HARBOUR", "CREW"))),
    attributes=(Attribute("status", ("told", "denied")),),
    entity_attributes={"LOSS": (Attribute("harm", ("sunk", "burnt")), Attribute("min"), Attribute("max"))},
    countable={"status": ("told",)},
)
TEXT = "Red corsairs raided Port Lume. They sank two boats, U.S. envoys told “Lume Radio”. A second raid hit Port Ard."
SOUND: dict[str, Any] = {
    "id": "n1",
    "text": TEXT,
    "entities": [
        {"id": "T1", "label": "CREW", "start": 0, "end": 12, "text": "Red corsairs"},
        {"id": "T2", "label": "HARBOUR", "start": 20, "end": 29, "text": "Port Lume"},
        {"id": "T3", "label": "LOSS", "start": 41, "end": 50, "text": "two boats", "harm": "sunk", "min": 2, "max": 2},
    ],
    "events": [
        {
            "id": "E1",
            "type": "RAID",
            "trigger": {"start": 13, "end": 19, "text": "raided"},
            "status": "told",
            "incident": "I1",
            "arguments": [{"role": "raider", "entity": "T1"}, {"role": "goal", "entity": "T2"}],
        }
    ],
}


def sound(**changes: Any) -> dict[str, Any]:
    """The sound document, changed at the top."""
    return deepcopy(SOUND) | changes


def with_entity(start: int, end: int, label: str = "CREW", **keys: Any) -> dict[str, Any]:
    """The sound document with one more entity."""
    record = sound()
    record["entities"].append({"id": "T9", "label": label, "start": start, "end": end, "text": TEXT[start:end], **keys})
    return record


def with_event(start: int, end: int, **keys: Any) -> dict[str, Any]:
    """The sound document with one more event."""
    trigger = {"start": start, "end": end, "text": TEXT[start:end]}
    record = sound()
    record["events"].append({"id": "E9", "type": "RAID", "trigger": trigger, "status": "told", **keys})
    return record


def with_arguments(*arguments: tuple[str, str]) -> dict[str, Any]:
    """The sound document with other arguments, each a role and an entity's id."""
    record = sound()
    record["events"][0]["arguments"] = [{"role": role, "entity": entity} for role, entity in arguments]
    return record


def check(folder: Path, *records: object) -> Report:
    path = folder / "gold.jsonl"
    lines = (record if isinstance(record, str) else json.dumps(record) for record in records)
    path.write_text("\n".join(lines), encoding="utf-8")
    return check_documents(path, SCHEMA)


def only(report: Report) -> tuple[str, bool]:
    """The one finding, without its place: what is said, and whether it is an error."""
    (finding,) = report.findings
    return finding.message, finding.is_error


def test_a_sound_file_has_no_findings(tmp_path: Path) -> None:
    report = check(tmp_path, sound())
    assert report.findings == ()
    assert (report.n_documents, report.n_errors, report.n_warnings) == (1, 0, 0)


def test_names_are_counted_in_the_order_of_the_schema_with_zeros(tmp_path: Path) -> None:
    counts = check(tmp_path, sound(), with_event(92, 96, status="denied") | {"id": "n2"}).counts
    assert {kind: dict(table) for kind, table in counts.items()} == {
        "entity labels": {"CREW": 2, "HARBOUR": 2, "LOSS": 2},
        "event types": {"RAID": 3},
        "roles": {"raider": 2, "goal": 2},
        "status": {"told": 2, "denied": 1},
        "harm": {"sunk": 2, "burnt": 0},
        "incidents": {"countable": 2, "not countable": 1},
    }
    assert list(counts["entity labels"]) == ["CREW", "HARBOUR", "LOSS"]


ERRORS = {
    "overlapping entities": (
        with_entity(4, 12),
        "CREW [0, 12) 'Red corsairs' and CREW [4, 12) 'corsairs' overlap; entities never overlap each other",
    ),
    "one span under two labels": (
        with_entity(20, 29),
        "CREW [20, 29) 'Port Lume' and HARBOUR [20, 29) 'Port Lume' overlap; entities never overlap each other",
    ),
    "entity twice": (with_entity(0, 12), "CREW [0, 12) 'Red corsairs' is annotated twice; drop one"),
    "trigger in an entity": (
        with_event(20, 24),
        "RAID [20, 24) 'Port' and HARBOUR [20, 29) 'Port Lume' overlap; a trigger may not overlap an entity",
    ),
    "trigger twice": (with_event(13, 19), "RAID [13, 19) 'raided' is annotated twice; drop one"),
    "white space": (with_entity(52, 64), "CREW [52, 64) 'U.S. envoys ' has white space at its edge; expected [52, 63)"),
    "nothing but white space": (with_entity(51, 52), "CREW [51, 52) ' ' is only white space; drop it"),
    "missing attribute of an entity": (
        with_entity(57, 63, "LOSS", min=1, max=None),
        'entity T9: attribute "harm" is missing; expected: sunk, burnt',
    ),
    "negative count": (
        with_entity(57, 63, "LOSS", harm="sunk", min=-1, max=None),
        "LOSS [57, 63) 'envoys': \"min\" is -1; expected 0 or more, or null",
    ),
    "min above max": (
        with_entity(57, 63, "LOSS", harm="sunk", min=3, max=2),
        'LOSS [57, 63) \'envoys\': "min" 3 is above "max" 2; expected min <= max',
    ),
    "unknown label": (
        with_entity(57, 63, "CREWS"),
        "entity T9: unknown label 'CREWS'; did you mean 'CREW'? expected one of: CREW, HARBOUR, LOSS",
    ),
    "unknown event type": (with_event(92, 96, type="RIOT"), "event E9: unknown type 'RIOT'; expected one of: RAID"),
    "unknown value": (
        with_event(92, 96, status="tolt"),
        "event E9: unknown value of \"status\" 'tolt'; did you mean 'told'? expected one of: told, denied",
    ),
    "role a label may not fill": (
        with_arguments(("raider", "T2"), ("goal", "T1")),
        "RAID [13, 19) 'raided': raider is HARBOUR [20, 29) 'Port Lume'; the role is filled by: CREW",
    ),
    "date of an unknown incident": (
        sound(incidents=[{"id": "I1"}, {"id": "I7", "date_start": "2024-05-01", "date_end": "2024-05-01"}]),
        "incident 'I7' is listed, but no event mentions it; give an event that id, or drop it",
    ),
    "shifted span": (
        sound(entities=[*SOUND["entities"], {"label": "CREW", "start": 58, "end": 64, "text": "envoys"}]),
        "entity 4: \"text\" is 'envoys' but characters [58, 64) are 'nvoys '; "
        "the same characters stand at [57, 63): shifted by -1?",
    ),
}


@pytest.mark.parametrize(("record", "expected"), ERRORS.values(), ids=ERRORS)
def test_an_error_is_found(record: dict[str, Any], expected: str, tmp_path: Path) -> None:
    assert only(check(tmp_path, record)) == (expected, True)


SURE = {"role": "goal", "entity": "T2", "sure": False}
WARNINGS = {
    "quote marks": (
        with_entity(69, 81, "HARBOUR"),
        "HARBOUR [69, 81) '“Lume Radio”' has a quote mark or full stop at its edge; without it: 'Lume Radio'",
    ),
    "quote mark and stop": (
        with_entity(70, 82, "HARBOUR"),
        "HARBOUR [70, 82) 'Lume Radio”.' has a quote mark or full stop at its edge; without it: 'Lume Radio'",
    ),
    "argument in another sentence": (
        with_event(92, 96, arguments=[{"role": "raider", "entity": "T1"}]),
        "RAID [92, 96) 'raid': raider is CREW [0, 12) 'Red corsairs', outside the trigger's sentence [83, 110); "
        "expected an entity of the same sentence",
    ),
    "argument twice": (
        with_arguments(("raider", "T1"), ("goal", "T2"), ("raider", "T1")),
        "RAID [13, 19) 'raided': raider is CREW [0, 12) 'Red corsairs' twice; drop one",
    ),
    "mixed mentions": (
        with_event(92, 96, incident="I1", status="denied"),
        "incident 'I1' mixes status 'denied' (RAID [92, 96) 'raid') and 'told' (RAID [13, 19) 'raided'); "
        "expected mentions of one operation under an id",
    ),
    "key of one's own": (
        with_entity(57, 63, remark="unsure"),
        'entity T9: unknown attribute "remark" is not read; expected one of: none',
    ),
    "key of one's own in an argument": (
        sound(events=[SOUND["events"][0] | {"arguments": [*SOUND["events"][0]["arguments"][:1], SURE]}]),
        'event E1, argument 2: unknown key "sure" is not read; expected some of: role, entity, score',
    ),
    "key of one's own in an incident": (
        sound(incidents=[{"id": "I1", "status": "told", "colour": "red"}]),
        'incident I1: unknown key "colour" is not read; expected some of: id, date_start, date_end, date_prec, score, '
        "mentions, fillers, status",
    ),
}


@pytest.mark.parametrize(("record", "expected"), WARNINGS.values(), ids=WARNINGS)
def test_a_warning_is_given(record: dict[str, Any], expected: str, tmp_path: Path) -> None:
    assert only(check(tmp_path, record)) == (expected, False)


FINE = {
    "abbreviation": with_entity(52, 56),
    "neighbours": with_entity(50, 51),
    "equal numbers": with_entity(57, 63, "LOSS", harm="sunk", min=2, max=2),
    "open bounds": with_entity(57, 63, "LOSS", harm="sunk", min=2, max=None),
    "event without arguments": with_event(92, 96),
    "own incident": with_event(92, 96, incident="I2", status="denied"),
    "own key of the document": sound(annotator="AB"),
    "incident listed without a date": sound(incidents=[{"id": "I1"}]),
}


@pytest.mark.parametrize("record", FINE.values(), ids=FINE)
def test_what_the_guidelines_allow_is_not_reported(record: dict[str, Any], tmp_path: Path) -> None:
    assert check(tmp_path, record).findings == ()


@pytest.mark.parametrize("surface", ["U.S.", "Jan.", "Harrow Inc.", "J.", ".50-calibre guns", "St. Ives"])
def test_the_stop_of_an_abbreviation_belongs_to_the_span(surface: str, tmp_path: Path) -> None:
    entity = {"id": "T9", "label": "CREW", "start": len(TEXT) + 1, "end": len(TEXT) + 1 + len(surface), "text": surface}
    record = sound(text=f"{TEXT} {surface}", entities=[*SOUND["entities"], entity])
    assert check(tmp_path, record).findings == ()


def test_a_misspelt_attribute_is_both_missing_and_unknown(tmp_path: Path) -> None:
    record = sound()
    record["events"][0]["sttus"] = record["events"][0].pop("status")
    other = sound(id="n2", text=f"{TEXT} So.")
    assert [(finding.message, finding.is_error) for finding in check(tmp_path, record, other).findings] == [
        ('event E1: attribute "status" is missing; expected: told, denied', True),
        ('event E1: unknown attribute "sttus" is not read; did you mean "status"?', True),
    ]


def test_an_attribute_that_no_event_has_was_not_annotated_which_is_told_once(tmp_path: Path) -> None:
    records = sound(), sound(id="n2", text=f"{TEXT} So.")
    for record in records:
        del record["events"][0]["status"]
    report = check(tmp_path, *records)
    assert [str(finding) for finding in report.findings] == [
        f"{tmp_path / 'gold.jsonl'}: warning: no value of status on any of 2 events: it was not annotated here"
    ]


def test_a_text_is_no_misspelt_number(tmp_path: Path) -> None:
    record = sound()
    record["events"][0]["scope"] = "single"
    assert [str(finding) for finding in check(tmp_path, record).findings] == [
        f'{tmp_path / "gold.jsonl"}:1: warning: event E1: unknown attribute "scope" is not read; '
        "expected one of: status"
    ]


def test_a_misspelt_key_of_the_document_is_an_error_where_it_hides_annotations(tmp_path: Path) -> None:
    record = sound()
    record["event"] = record.pop("events")
    assert (
        Finding(
            f"{tmp_path / 'gold.jsonl'}:1", 'unknown key "event" is not read; did you mean "events"?', is_error=True
        )
        in check(tmp_path, record).findings
    )


def test_a_document_without_an_entity_is_doubted(tmp_path: Path) -> None:
    report = check(tmp_path, sound(), {"id": "n2", "text": "Quiet."})
    assert [str(finding) for finding in report.findings] == [
        f"{tmp_path / 'gold.jsonl'}:2: warning: has no entity at all; is it annotated?"
    ]


def test_labels_types_and_roles_without_examples_are_named_last(tmp_path: Path) -> None:
    report = check(tmp_path, sound(events=[], entities=SOUND["entities"][1:]))
    assert [(finding.where, finding.message, finding.is_error) for finding in report.findings] == [
        (str(tmp_path / "gold.jsonl"), f"label without examples: {name}; a model cannot learn it", False)
        for name in ("entity label CREW", "event type RAID", "role raider", "role goal")
    ]


def test_ids_given_twice_are_errors_and_texts_given_twice_are_doubted(tmp_path: Path) -> None:
    report = check(tmp_path, sound(), sound(), sound(id="n2"))
    path = tmp_path / "gold.jsonl"
    assert [str(finding) for finding in report.findings] == [
        f"{path}:2: error: document id 'n1' is taken by {path}:1; ids must differ: "
        "rename one, or drop it if it is a copy",
        f"{path}:2: warning: the same text as {path}:1; a copy on both sides of a split inflates scores",
        f"{path}:3: warning: the same text as {path}:1; a copy on both sides of a split inflates scores",
    ]


def test_errors_come_first_and_then_lines(tmp_path: Path) -> None:
    report = check(
        tmp_path, {"id": "n2", "text": "Quiet."}, sound(), "{", with_entity(0, 12) | {"id": "n3", "text": f"{TEXT} "}
    )
    assert [(finding.where.rpartition(":")[2], finding.is_error) for finding in report.findings] == [
        ("3", True),
        ("4", True),
        ("1", False),
    ]


def test_a_document_that_cannot_be_read_in_full_is_checked_all_the_same(tmp_path: Path) -> None:
    record = with_entity(4, 12)
    record["entities"][1]["end"] = 999
    report = check(tmp_path, record)
    assert [finding.message.split(";")[0] for finding in report.findings if finding.is_error] == [
        "entity T2: span [20, 999) ends past the text (110 characters)",
        "CREW [0, 12) 'Red corsairs' and CREW [4, 12) 'corsairs' overlap",
    ]


def test_an_incident_whose_mention_cannot_be_read_is_not_called_unknown(tmp_path: Path) -> None:
    record = sound(incidents=[{"id": "I1"}])
    record["events"][0]["trigger"] = None
    assert [finding.message for finding in check(tmp_path, record).findings if finding.is_error] == [
        'event E1: "trigger" is null; expected {"start": ..., "end": ..., "text": ...}'
    ]


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    report = check_documents(path, SCHEMA)
    assert report.findings == (Finding(str(path), "no such file or folder; check the path", is_error=True),)
    assert report.n_documents == 0


def test_an_empty_file_is_an_error(tmp_path: Path) -> None:
    assert only(check(tmp_path, "")) == ("no document found; expected one JSON object a line", True)


def test_the_example_of_the_guidelines_is_sound_but_for_what_it_does_not_show(tmp_path: Path) -> None:
    text = "On Tuesday two drones hit Camp Vale in Norland."
    entities = [
        {"id": "T1", "label": "DATE", "start": 3, "end": 10, "text": "Tuesday"},
        {"id": "T2", "label": "WEAPON", "start": 15, "end": 21, "text": "drones"},
        {"id": "T3", "label": "BASE", "start": 26, "end": 35, "text": "Camp Vale"},
        {"id": "T4", "label": "LOCATION", "start": 39, "end": 46, "text": "Norland"},
    ]
    roles = ["date", "weapon", "target", "place"]
    event = {
        "id": "E1",
        "type": "ATTACK",
        "trigger": {"start": 22, "end": 25, "text": "hit"},
        "status": "reported",
        "scope": "single",
        "outcome": "hit",
        "incident": "I1",
        "arguments": [{"role": role, "entity": f"T{number}"} for number, role in enumerate(roles, start=1)],
    }
    path = tmp_path / "gold.jsonl"
    path.write_text(json.dumps({"id": "a1", "text": text, "entities": entities, "events": [event]}), encoding="utf-8")
    report = check_documents(path, DEFAULT_SCHEMA)
    assert report.n_errors == 0
    assert all(finding.message.startswith("label without examples") for finding in report.findings)
