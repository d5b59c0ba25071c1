"""All formats: their names, and which of them a file is in."""

import json
import os
from pathlib import Path
from typing import get_args

import pytest

from tocsin.commands.convert import Form
from tocsin.data.errors import DataError, Problem
from tocsin.data.formats.catalogue import FORMATS, format_for, format_of, is_folder, read
from tocsin.data.formats.conversion import Converted, Options
from tocsin.data.types import Document

SPAN = [0, 3, "X"]


def test_every_format_is_called_by_its_name_and_offered_by_the_command() -> None:
    assert set(FORMATS) == set(get_args(Form))
    assert [name for name, form in FORMATS.items() if name != form.name] == []


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.conll", "", "conll"),
        ("a.BIO", "", "conll"),
        ("a.csv", "text,raid", "table"),
        ("a.tsv", "One day.\t1", "table"),
        ("a.tsv", "", "table"),
        ("a.tsv", "\n#FORMAT=WebAnno TSV 3.2\n", "webanno"),
        ("a.tsv", "\ufeff#FORMAT=WebAnno TSV 3.3\n", "webanno"),
        ("a.spacy", "", "docbin"),
        ("a.json", "", "label-studio"),
        ("a.json", "[]", "label-studio"),
        ("a.json", "[" * 100_000, "label-studio"),
        ("a.json", '[{"data": {"text": "One"}, "annotations": []}, {"doctext": "One"}]', "label-studio"),
        ("a.json", '[{"text": "One", "label": [{"start": 0, "end": 3, "labels": ["X"]}]}]', "label-studio"),
        ("a.json", '[{"text": "One", "label": ["x"]}]', "label-studio"),
        ("a.json", json.dumps([{"text": "One", "label": [SPAN]}]), "doccano"),
        (
            "a.json",
            json.dumps([{"text": "Quiet.", "labels": []}, {"text": "One", "labels": [SPAN]}], indent=2),
            "doccano",
        ),
        ("a.json", json.dumps({"text": "One", "entities": [SPAN]}), "doccano"),
        ("a.json", "\ufeff" + json.dumps([{"data": "One", "entities": [{"start_offset": 0}]}]), "doccano"),
        ("a.json", json.dumps([{"text": "One", "label": [SPAN]}] * 50_000), "doccano"),
        ("a.json", '{"docid": "1", "doctext": "One"}\n{"docid": "2", "doctext": "Two"}', "muc4"),
        ("a.json", '[{"docid": "1", "doctext": "One"}]', "muc4"),
        ("a.json", '[{"doctext": "One", "templates": []}]', "muc4"),
        ("a.json", '[{"id": 1, "doctext": "One", "label": [], "annotator": 1, "annotation_id": 1}]', "label-studio"),
        ("a.json", '[{"data": {"doctext": "One"}, "annotations": []}]', "label-studio"),
        ("a.json", '[{"text": "One", "entities": [{"id": "T1", "label": "X", "start": 0, "end": 3}]}]', "jsonl"),
        ("a.ann", "", "brat"),
        ("a.jsonl", "", "jsonl"),
        ("a.jsonl", "{broken", "jsonl"),
        ("a.jsonl", "[" * 100_000, "jsonl"),
        ("a.jsonl", '{"text": "One", "labels": ["x"], "entities": [{"start": 0}]}', "jsonl"),
        ("a.jsonl", '{"docid": "1", "doctext": "One"}', "muc4"),
        ("a.jsonl", json.dumps({"text": "One", "label": [SPAN]}), "doccano"),
        ("a.jsonl", json.dumps({"text": "One", "labels": [SPAN]}), "doccano"),
        ("a.jsonl", json.dumps({"text": "One", "entities": [SPAN]}), "doccano"),
        ("a.jsonl", json.dumps({"text": "One", "entities": [{"start_offset": 0}]}), "doccano"),
        ("a.jsonl", '{"text": "Quiet.", "labels": []}\n{"text": "One", "labels": [[0, 3, "X"]]}', "doccano"),
        ("a.jsonl", '{"text": "One", "labels": ["x"]}\n{"text": "One", "labels": [[0, 3, "X"]]}', "jsonl"),
    ],
)
def test_a_file_is_told_by_its_suffix_and_where_that_is_not_enough_by_its_content(
    name: str, content: str, expected: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    assert format_of(tmp_path / name).name == expected


@pytest.mark.parametrize("name", ["a.json", "a.jsonl"])
def test_a_pipe_is_not_looked_into_as_it_is_read_only_once(name: str, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / name)
    assert format_of(tmp_path / name).name == format_for(tmp_path / name).name


@pytest.mark.parametrize(
    ("file", "content", "expected"),
    [
        ("news/a.ann", "", "brat"),
        ("news/a.inline", "", "inline"),
        ("documents.json", "", "re3d"),
        ("bbc/documents.json", "", "re3d"),
        ("a.tsv", "#FORMAT=WebAnno TSV 3.3\n", "webanno"),
    ],
)
def test_a_folder_is_told_by_what_is_in_it(file: str, content: str, expected: str, tmp_path: Path) -> None:
    (tmp_path / file).parent.mkdir(exist_ok=True)
    (tmp_path / file).write_text(content)
    assert format_of(tmp_path).name == expected


def test_what_nothing_tells_is_to_be_named_and_the_formats_are_listed(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Fort O\n")
    for path in (tmp_path / "a.txt", tmp_path):
        with pytest.raises(DataError, match="name one by --from") as caught:
            format_of(path)
        assert [name for name in FORMATS if f"  {name}: " not in str(caught.value)] == []
    assert format_of(tmp_path / "a.txt", "conll").name == "conll"
    with pytest.raises(DataError, match="no format 'connl'; expected one of: conll, table"):
        format_of(tmp_path / "a.txt", "connl")


@pytest.mark.parametrize(
    ("name", "expected"),
    [("a.jsonl", "jsonl"), ("a.tsv", "table"), ("a.csv", "table"), ("a.json", "label-studio"), ("a.spacy", "docbin")],
)
def test_a_new_file_is_told_by_its_suffix(name: str, expected: str) -> None:
    assert format_for(Path(name)).name == expected


def test_a_new_file_of_no_known_suffix_is_to_be_named() -> None:
    with pytest.raises(DataError, match="name one by --to"):
        format_for(Path("corpus"))
    assert format_for(Path("corpus"), "brat").name == "brat"


def test_folders_are_told_from_files() -> None:
    folders = [name for name, form in FORMATS.items() if is_folder(form, Path("corpus"))]
    assert folders == ["inline", "brat", "webanno", "re3d"]
    assert not is_folder(FORMATS["inline"], Path("a.inline"))
    assert not is_folder(FORMATS["webanno"], Path("a.tsv"))


def test_reading_counts_documents_and_collects_problems(tmp_path: Path) -> None:
    (tmp_path / "a.conll").write_text("Fort\tO\n\nOrle\n\nCamp\tO\n\n")
    converted = Converted()
    found = list(read(tmp_path / "a.conll", "", Options(), converted))
    assert [type(each) for each in found] == [Document, Problem, Document]
    assert (converted.n_documents, len(converted.problems)) == (2, 1)


def test_reading_a_file_of_no_known_format_is_a_problem(tmp_path: Path) -> None:
    converted = Converted()
    (problem,) = read(tmp_path / "a.xyz", "", Options(), converted)
    assert converted.problems == [problem]
    assert str(problem).startswith(f"{tmp_path / 'a.xyz'}: neither name nor content")


def test_a_folder_of_nothing_known_is_said_to_be_one(tmp_path: Path) -> None:
    (tmp_path / "dir.conll").mkdir()
    with pytest.raises(DataError, match=r"dir\.conll: is a folder without files of .*--from, or \[data\] format in a"):
        format_of(tmp_path / "dir.conll")
