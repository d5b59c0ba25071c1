"""No command writes over a file that it reads, under whatever name."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from tocsin.data.jsonl import write_documents
from tocsin.data.schema import attacks
from tocsin.data.types import Document

Run = Callable[..., Result]


@pytest.fixture
def gold(tmp_path: Path, tiny_documents: tuple[Document, ...]) -> Path:
    """A file of documents, alone in its folder."""
    path = tmp_path / "news" / "gold.jsonl"
    path.parent.mkdir()
    write_documents(path, tiny_documents)
    return path


def refused(done: Result) -> bool:
    said = " ".join(done.stderr.replace("│", " ").split())
    return done.exit_code == 2 and "is what is read; choose another file" in said


@pytest.mark.parametrize("source", [(), ("--from", "jsonl")], ids=["articles", "annotated"])
@pytest.mark.parametrize("is_folder", [False, True], ids=["file", "folder"])
def test_predict_refuses_to_replace_an_input_before_it_asks_for_the_model(
    run: Run, gold: Path, tmp_path: Path, source: tuple[str, ...], is_folder: bool
) -> None:
    before = gold.read_bytes()
    (tmp_path / "link.jsonl").symlink_to(gold)
    os.link(gold, tmp_path / "second.jsonl")
    names = gold, gold.parent / ".." / "news" / gold.name, tmp_path / "link.jsonl", tmp_path / "second.jsonl"
    for name in names:
        done = run("predict", tmp_path / "no-model", gold.parent if is_folder else gold, *source, "--output", name)
        assert refused(done), done.stderr
    assert gold.read_bytes() == before


def test_predict_refuses_to_replace_the_text_beside_annotations(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("A raid.")
    (tmp_path / "a.ann").write_text("")
    for given in (tmp_path / "a.ann", tmp_path):
        done = run("predict", tmp_path / "no-model", given, "--from", "brat", "--output", tmp_path / "a.txt")
        assert refused(done), done.stderr


def test_no_part_of_a_model_is_replaced(run: Run, tiny_artifact: Path, gold: Path) -> None:
    part = tiny_artifact / "run.json"
    before = part.read_bytes()
    assert refused(run("predict", tiny_artifact, gold, "--output", part))
    assert refused(run("evaluate", tiny_artifact, gold, "--json", part))
    assert part.read_bytes() == before


def test_predict_replaces_a_file_of_a_folder_that_it_does_not_read(run: Run, tiny_artifact: Path, gold: Path) -> None:
    found = gold.parent / "found.table"
    found.write_text("of the run before")
    done = run("predict", tiny_artifact, gold.parent, "--format", "table", "--output", found)
    assert done.exit_code == 0, done.stderr
    assert "2 articles" in found.read_text()


def test_evaluate_refuses_to_replace_what_it_scores(run: Run, gold: Path, tmp_path: Path) -> None:
    predicted, labels = tmp_path / "predicted.jsonl", tmp_path / "labels.json"
    predicted.write_bytes(gold.read_bytes())
    labels.write_text("{}")
    for name in (predicted, gold, labels):
        done = run("evaluate", predicted, gold, "--against", predicted, "--schema", labels, "--json", name)
        assert refused(done), done.stderr


@pytest.mark.parametrize("name", ["report.json", "report.md", "report.html"])
def test_no_report_replaces_what_is_scored(run: Run, gold: Path, name: str) -> None:
    scored = gold.rename(gold.parent / name)
    before = scored.read_bytes()
    for given in ((scored, gold.parent / "gold.jsonl"), (gold.parent / "predicted.jsonl", scored)):
        done = run("evaluate", *given, "--from", "jsonl", "--report", gold.parent)
        assert refused(done), done.stderr
    assert scored.read_bytes() == before


def test_no_report_replaces_what_a_cross_validation_learns_from(run: Run, gold: Path) -> None:
    articles = gold.rename(gold.parent / "report.json")
    before = articles.read_bytes()
    config = gold.parent / "mine.toml"
    config.write_text('task = "events"\n[data]\ntrain = ["report.json"]\nformat = "jsonl"\n')
    assert refused(run("crossval", config, "--out", gold.parent / "runs", "--report", gold.parent))
    assert articles.read_bytes() == before


def test_convert_refuses_to_replace_the_label_set_it_goes_by(run: Run, gold: Path, tmp_path: Path) -> None:
    labels = tmp_path / "labels.json"
    labels.write_text(json.dumps(attacks().to_json()))
    before = labels.read_bytes()
    new = "--write-schema", labels, "--task", "events", "--overwrite"
    assert refused(run("convert", gold, tmp_path / "new.jsonl", "--schema", labels, *new))
    assert labels.read_bytes() == before


def test_export_refuses_to_replace_a_gazetteer_or_a_label_set(run: Run, gold: Path, tmp_path: Path) -> None:
    for option in ("--gazetteer", "--schema"):
        path = tmp_path / "mine.csv"
        path.write_text("kept")
        assert refused(run("export", gold, option, path, "--output", path))
        assert path.read_text() == "kept"
