"""JSON objects of a file, in whatever way it holds them, and what is told of one that holds none."""

import json
from pathlib import Path

import pytest

from tocsin.data.errors import Problem
from tocsin.data.formats.json_objects import read_objects
from tocsin.data.jsonl import Record

OBJECTS = [{"id": 1, "text": "a [b], {c}\n\u2028"}, {"id": 2, "text": "🚁"}]


def stored(tmp_path: Path, content: str | bytes) -> Path:
    path = tmp_path / "all.json"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def places(path: Path) -> list[str]:
    """Where each object or problem is said to be."""
    return [item.where.partition("all.json")[2] for item in read_objects(path)]


@pytest.mark.parametrize(
    "content",
    [
        json.dumps(OBJECTS),
        json.dumps(OBJECTS, indent=2),
        "\ufeff\r\n " + json.dumps(OBJECTS, indent=1, ensure_ascii=False).replace("\n", "\r\n"),
        "\n".join(map(json.dumps, OBJECTS)),
        "\r\n\r\n".join(map(json.dumps, OBJECTS)) + "\r\n",
        "\n".join(json.dumps(each, indent=2) for each in OBJECTS),
    ],
    ids=["list", "indented list", "Windows", "lines", "Windows lines", "indented objects"],
)
def test_objects_are_found_in_lists_and_lines(tmp_path: Path, content: str) -> None:
    found = list(read_objects(stored(tmp_path, content)))
    assert [item.content for item in found if isinstance(item, Record)] == OBJECTS
    assert len(found) == 2


def test_an_object_of_a_list_is_where_it_begins(tmp_path: Path) -> None:
    assert places(stored(tmp_path, json.dumps(OBJECTS, indent=2))) == [":2", ":6"]
    assert places(stored(tmp_path, '[{"id": 1},\n\n5, {"id": 2}]')) == [":1", ":3", ":3"]


def test_an_object_of_a_list_of_one_line_is_told_by_its_number(tmp_path: Path) -> None:
    assert places(stored(tmp_path, "\n" + json.dumps([*OBJECTS, 5]) + "\n")) == [
        ":2, item 1", ":2, item 2", ":2, item 3"
    ]  # fmt: skip
    assert places(stored(tmp_path, "[{}, {}")) == [":1, item 1", ":1, item 2", ":1"]


def test_what_is_no_object_does_not_hide_the_others(tmp_path: Path) -> None:
    found = list(read_objects(stored(tmp_path, '[5, {"id": 1}, {"text": "\\ud83d"}, null, {"id": 2}]')))
    assert [str(item).partition(": ")[2][:11] for item in found if isinstance(item, Problem)] == [
        "holds a num",
        "holds half ",
        "holds null;",
    ]
    assert [item.content for item in found if isinstance(item, Record)] == [{"id": 1}, {"id": 2}]


def test_what_stands_before_a_break_is_read(tmp_path: Path) -> None:
    found = list(read_objects(stored(tmp_path, '[{"id": 1},\n{"id": 2, "te')))
    assert isinstance(found[0], Record)
    assert "is no JSON: Unterminated string starting at at line 2, character 11; nothing from there on" in str(found[1])


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("", "holds nothing; expected a list of JSON objects, or one object a line"),
        ("[]", "holds nothing"),
        ("id,text\n", "is no JSON"),
        ('[{"id": 1', "is no JSON"),
        ("[ ", "the list is not closed by ]"),
        ("[] 5", "more follows the end of the list"),
        ("[" * 100_000, "cannot be read as JSON"),
        ("[" + "9" * 5_000 + "]", "cannot be read as JSON"),
        ("{\n" + '"a": {' * 100_000, "cannot be read as JSON"),
        (b"[\xff]", "is not UTF-8"),
        (b"\x00\x01", "NUL byte"),
        (b"[\x00]", "NUL byte"),
        ("[]".encode("utf-16"), "is UTF-16"),
    ],
)
def test_a_file_without_objects_is_told(tmp_path: Path, content: str | bytes, fault: str) -> None:
    [problem] = read_objects(stored(tmp_path, content))
    assert isinstance(problem, Problem)
    assert fault in problem.message


def test_a_folder_and_a_file_that_is_not_there_are_told(tmp_path: Path) -> None:
    assert [type(item) for item in read_objects(tmp_path)] == [Problem]
    assert [type(item) for item in read_objects(tmp_path / "none.json")] == [Problem]
