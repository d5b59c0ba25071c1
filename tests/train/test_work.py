"""The folder of a killed run says in how many processes and in what precision it went, and is resumed in no other."""

import json
from pathlib import Path

import pytest

from tocsin.data.errors import ConfigError
from tocsin.data.schema import DEFAULT_SCHEMA
from tocsin.data.types import Document
from tocsin.train.config import RunConfig
from tocsin.train.preparation import Run, prepare
from tocsin.train.work import claim


@pytest.fixture
def run(tiny_config: RunConfig, tiny_documents: tuple[Document, ...]) -> Run:
    return prepare(tiny_config, DEFAULT_SCHEMA, tiny_documents, ())


def test_a_run_is_resumed_in_as_many_processes_as_it_began_with(run: Run, tmp_path: Path) -> None:
    claim(tmp_path / "work", run, precision="fp32", resume=False)
    (tmp_path / "work" / "checkpoint-2").mkdir()
    claim(tmp_path / "work", run, precision="fp32", resume=True)
    assert (tmp_path / "work" / "checkpoint-2").is_dir()


@pytest.mark.parametrize(("before", "now"), [("1", "2"), ("2", "1"), ("2", "3")])
def test_a_run_is_not_resumed_in_another_number_of_processes(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: str, now: str
) -> None:
    monkeypatch.setenv("WORLD_SIZE", before)
    claim(tmp_path / "work", run, precision="fp32", resume=False)
    monkeypatch.setenv("WORLD_SIZE", now)
    told = rf"work: was left by a run in {before} process(es)?, and this one is in {now}; .*start {before}.*--overwrite"
    with pytest.raises(ConfigError, match=told):
        claim(tmp_path / "work", run, precision="fp32", resume=True)
    claim(tmp_path / "work", run, precision="fp32", resume=False)  # anew


def test_a_run_is_not_resumed_in_another_precision(run: Run, tmp_path: Path) -> None:
    claim(tmp_path / "work", run, precision="bf16", resume=False)
    with pytest.raises(ConfigError, match=r"computed in bf16, and this one would in fp32; .*--overwrite"):
        claim(tmp_path / "work", run, precision="fp32", resume=True)


def test_a_folder_from_before_this_was_kept_is_of_one_process_in_whatever_precision(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim(tmp_path / "work", run, precision="fp32", resume=False)
    stamp = tmp_path / "work" / "run.json"
    left = json.loads(stamp.read_text())
    del left["processes"], left["precision"]
    stamp.write_text(json.dumps(left))
    for precision in ("fp32", "bf16"):
        claim(tmp_path / "work", run, precision=precision, resume=True)
    monkeypatch.setenv("WORLD_SIZE", "2")
    with pytest.raises(ConfigError, match="was left by a run in 1 process, and this one is in 2"):
        claim(tmp_path / "work", run, precision="fp32", resume=True)
