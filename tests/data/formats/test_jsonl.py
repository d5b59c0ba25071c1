"""Tocsin's own JSON lines as a format: read with a schema, or with what the file shows."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

from tocsin.data.errors import Problem
from tocsin.data.formats.conversion import Options, Tally
from tocsin.data.formats.jsonl import read, write
from tocsin.data.jsonl import write_documents
from tocsin.data.schema import DEFAULT_SCHEMA, Schema
from tocsin.data.types import Article, Document, Filler, Span, Template, TextLabel

TEXT = "Rockets hit Fort Orle on Friday."


def raid(label: str = "BASE") -> dict[str, Any]:
    return {
        "id": "n1",
        "text": TEXT,
        "entities": [{"id": "T1", "label": label, "start": 12, "end": 21, "text": "Fort Orle"}],
        "events": [
            {
                "id": "E1",
                "type": "ATTACK",
                "trigger": {"start": 8, "end": 11, "text": "hit"},
                "status": "reported",
                "arguments": [{"role": "target", "entity": "T1"}],
            }
        ],
    }


def found_in(path: Path, options: Options | None = None, lost: Tally | None = None) -> list[Document | Problem]:
    return list(read(path, options or Options(), Counter() if lost is None else lost))


def written(path: Path, *records: dict[str, Any]) -> Path:
    path.write_text("".join(f"{json.dumps(record)}\n" for record in records))
    return path


def test_names_of_the_schema_of_attacks_are_read_with_it(tmp_path: Path) -> None:
    (document,) = found_in(written(tmp_path / "a.jsonl", raid()))
    assert isinstance(document, Document)
    assert document.incidents[0].targets == ("Fort Orle",)
    assert found_in(tmp_path / "a.jsonl", Options(DEFAULT_SCHEMA)) == [document]


def test_other_names_are_read_as_they_are(tmp_path: Path) -> None:
    (document,) = found_in(written(tmp_path / "a.jsonl", raid("FORTRESS")))
    assert isinstance(document, Document)
    assert document.entities == (Span(12, 21, "FORTRESS"),)
    assert document.events[0].arguments[0].role == "target"


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    filler = Filler("Weapon", "Rockets", (Span(0, 7, "Weapon"),))
    size = Span(12, 21, "BASE", attributes={"size": 3, "kind": None})
    documents = [
        Document(Article(TEXT, id="a"), (size,), labels=(TextLabel("war"),)),
        Document(Article(TEXT, id="b"), fillers=(filler,), templates=(Template("bombing", (filler,)),), labels=()),
    ]
    lost: Tally = Counter()
    write(documents, tmp_path / "a.jsonl", Options(), lost)
    assert found_in(tmp_path / "a.jsonl", lost=lost) == documents
    assert not lost


def test_other_keys_and_labels_that_a_schema_lacks_are_counted(tmp_path: Path) -> None:
    lost: Tally = Counter()
    write_documents(tmp_path / "a.jsonl", [Document(Article(TEXT), labels=(TextLabel("war"),))])
    found_in(tmp_path / "a.jsonl", Options(Schema(entity_labels=("BASE",))), lost)
    found_in(written(tmp_path / "b.jsonl", {"text": TEXT, "notes": "?", "entities": []}), lost=lost)
    assert lost == {"labels of texts the schema does not name": 1, 'values of "notes" of documents': 1}


def test_keys_that_neither_the_format_nor_the_schema_names_are_counted_with_what_has_them(tmp_path: Path) -> None:
    record = raid()
    record["entities"][0] |= {"conf": 0.5, "flags": ["a"], "sure": False, "note": None}
    (event,) = record["events"]
    event |= {"n_dead": 3, "incident": "I1"}
    event["trigger"]["by"] = "A"
    event["arguments"][0]["by"] = "B"
    record["incidents"] = [{"id": "I1", "date_start": "", "status": "reported", "colour": "red"}]
    expected = {
        'values of "conf" of entities': 1,
        'values of "flags" of entities': 1,
        'values of "sure" of entities': 1,
        'values of "n_dead" of events': 1,
        'values of "by" of triggers': 1,
        'values of "by" of arguments': 1,
        'values of "colour" of incidents': 1,
    }
    lost: Tally = Counter()
    (document,) = found_in(written(tmp_path / "a.jsonl", record), lost=lost)
    assert isinstance(document, Document)
    assert lost == expected
    record["entities"][0]["size"] = 3
    lost.clear()
    found_in(written(tmp_path / "a.jsonl", record), lost=lost)
    assert lost == expected
    lost.clear()
    found_in(tmp_path / "a.jsonl", Options(DEFAULT_SCHEMA), lost)
    assert lost == {**expected, 'values of "size" of entities': 1}


def test_other_keys_of_labels_fillers_and_templates_are_counted(tmp_path: Path) -> None:
    filler = {"id": "F1", "role": "Weapon", "text": "Rockets", "spans": [[0, 7]], "by": "A"}
    template = {"type": "bombing", "fillers": ["F1"], "by": "A"}
    record = {"text": TEXT, "labels": [{"label": "war", "by": "A"}], "fillers": [filler], "templates": [template]}
    lost: Tally = Counter()
    found_in(written(tmp_path / "a.jsonl", record), lost=lost)
    assert lost == {f'values of "by" of {noun}': 1 for noun in ("labels", "fillers", "templates")}


def test_what_cannot_be_read_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": 3}\n{broken\n{"text": "Fine.", "entities": 7, "labels": {}}\n')
    first, second, third = (str(problem) for problem in found_in(tmp_path / "a.jsonl"))
    assert 'a.jsonl:1: "text" is a number' in first
    assert "a.jsonl:2: is no JSON" in second
    assert 'a.jsonl:3: "entities" is a number' in third
    (tmp_path / "b.jsonl").write_bytes(b"")
    assert "is empty" in str(found_in(tmp_path / "b.jsonl")[0])
    assert "no such file" in str(found_in(tmp_path / "none.jsonl")[0])


def test_names_that_are_none_and_labels_of_two_kinds_are_told(tmp_path: Path) -> None:
    (problem,) = found_in(written(tmp_path / "a.jsonl", raid("4 walls")))
    assert "'4 walls' cannot be a name" in str(problem)
    (problem,) = found_in(written(tmp_path / "a.jsonl", raid("ATTACK")))
    assert "ATTACK: labels of entities in some places, types of events in others" in str(problem)


def test_spans_under_labels_are_a_fault_that_names_their_format(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"id": "1", "text": "Mortars fell.", "labels": [[0, 7, "WEAPON"]]}\n')
    (problem,) = read(tmp_path / "a.jsonl", Options(), Counter())
    assert isinstance(problem, Problem)
    assert '"labels" holds spans, as doccano\'s JSON lines do; read it as that: --from doccano' in str(problem)
