"""The whole command on a tiny data set: run, kept, resumed, run again when something changed, failures told."""

import json
from pathlib import Path
from time import perf_counter

import field
import pytest
from field import Bench, arguments, run_all
from field_runs import Folders, locked
from field_sets import ENTRIES, Entry, Measure

from tocsin.data.jsonl import write_documents
from tocsin.data.types import Document

CONFIG = """\
encoder = "{encoder}"
[data]
train = ["train.jsonl"]
dev = ["dev.jsonl"]
[model]
max_tokens = 24
overlap = 6
[optim]
epochs = 1
"""
TINY = Entry("tiny", "tiny", (Measure("entity_f1", "entity micro-F1", 0.5),), 10)
ABSENT = Entry("absent", "absent", TINY.measures, 10)


@pytest.fixture
def folders(tiny_encoder: Path, tiny_documents: tuple[Document, ...], tmp_path: Path) -> Folders:
    for name in ("data", "configs"):
        (tmp_path / name).mkdir()
    (tmp_path / "configs" / "tiny.toml").write_text(CONFIG.format(encoder=tiny_encoder))
    (tmp_path / "configs" / "absent.toml").write_text(CONFIG.format(encoder=tiny_encoder).replace("dev.js", "no.js"))
    write_documents(tmp_path / "data" / "train.jsonl", tiny_documents[:1])
    write_documents(tmp_path / "data" / "dev.jsonl", tiny_documents[1:2])
    return Folders(*(tmp_path / name for name in ("data", "configs", "runs", "results")))


def bench(folders: Folders, *entries: Entry) -> Bench:
    return Bench(folders, entries or (TINY,), (1,))


def test_a_set_is_run_once_and_again_when_its_settings_change(
    folders: Folders, capsys: pytest.CaptureFixture[str]
) -> None:
    path = folders.results / "field" / "tiny-seed1.json"
    with locked(folders.runs) as lock:
        assert run_all(bench(folders), (TINY,), float("inf"), lock) == 0
        first = json.loads(path.read_text())
        run_all(bench(folders), (TINY,), float("inf"), lock)
        assert "0 runs to go, 1 are there already" in capsys.readouterr().err
        config = folders.configs / "tiny.toml"
        config.write_text(config.read_text().replace("epochs = 1", "epochs = 2"))
        run_all(bench(folders), (TINY,), float("inf"), lock)
    assert "[1/1] tiny, seed 1: rerun (optim.epochs changed)" in capsys.readouterr().err
    again = json.loads(path.read_text())
    assert (first["config"]["optim"]["epochs"], again["config"]["optim"]["epochs"]) == (1, 2)
    assert 0.0 <= again["figures"]["entity_f1"] <= 1.0
    assert again["megabytes"] > 100
    assert again["documents"] == {"train": 1, "dev": 1}
    assert "| tiny | entity micro-F1 | 0." in (folders.results / "field.md").read_text()


def test_a_set_whose_files_are_missing_is_told_and_listed_as_missing(
    folders: Folders, capsys: pytest.CaptureFixture[str]
) -> None:
    with locked(folders.runs) as lock:
        assert run_all(bench(folders, ABSENT), (ABSENT,), float("inf"), lock) == 0
    assert "absent, seed 1: not run: no file no.jsonl" in capsys.readouterr().err
    assert "seed 1: not run: no file no.jsonl" in (folders.results / "field.md").read_text()


def test_a_run_that_fails_is_told_with_the_end_of_its_log_and_the_exit_code_is_1(
    folders: Folders, capsys: pytest.CaptureFixture[str]
) -> None:
    (folders.data / "train.jsonl").write_text("no JSON\n")
    with locked(folders.runs) as lock:
        assert run_all(bench(folders), (TINY,), float("inf"), lock) == 1
    assert "failed with exit code" in capsys.readouterr().err
    assert "seed 1: its run failed" in (folders.results / "field.md").read_text()


def test_when_time_is_up_nothing_more_is_started(folders: Folders, capsys: pytest.CaptureFixture[str]) -> None:
    with locked(folders.runs) as lock:
        assert run_all(bench(folders), (TINY,), perf_counter() - 1, lock) == 0
    assert "time is up, runs still to go: 1" in capsys.readouterr().err


def test_what_is_not_asked_for_is_in_the_table_but_not_run(folders: Folders) -> None:
    with locked(folders.runs) as lock:
        run_all(bench(folders), (), float("inf"), lock)
    assert "| tiny | entity micro-F1 | missing | 0 of 1 |" in (folders.results / "field.md").read_text()


@pytest.mark.parametrize("given", [[], ["--data", ""], ["--data", "no/such/folder"]], ids=["none", "empty", "wrong"])
def test_without_data_it_is_said_where_they_come_from(given: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ending:
        arguments(given)
    assert ending.value.code == 2
    assert "https://github.com/eventdata/ConfliBERT" in capsys.readouterr().err


def test_entries_and_seeds_are_named_with_commas(tmp_path: Path) -> None:
    wanted = arguments(["--data", str(tmp_path), "--only", "re3d,muc4", "--seeds", "4,5"])
    assert [entry.name for entry in wanted.only] == ["re3d", "muc4"]
    assert wanted.seeds == (4, 5)
    assert arguments(["--data", str(tmp_path)]).only == ENTRIES


@pytest.mark.parametrize(
    ("option", "text", "told"),
    [
        ("--only", "re4d", "re4d: unknown; expected some of re3d"),
        ("--seeds", "1,1", "expected different whole numbers"),
        ("--seeds", "-1", "expected different whole numbers"),
        ("--time", "0", "expected a number of minutes"),
        ("--time", "nan", "expected a number of minutes"),
    ],
)
def test_a_bad_option_is_told(
    option: str, text: str, told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        arguments(["--data", str(tmp_path), f"{option}={text}"])
    assert told in capsys.readouterr().err


def test_the_first_line_of_the_help_says_what_it_measures() -> None:
    assert (field.__doc__ or "").startswith("What tocsin reaches on the field's public data sets")
