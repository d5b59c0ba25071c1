"""The folder of a killed run says what it learned from, in how many processes and in what precision, and is resumed
in no other way.
"""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tocsin.data.errors import ConfigError
from tocsin.data.schema import DEFAULT_SCHEMA, Schema
from tocsin.data.types import Article, Document, TextLabel
from tocsin.train.config import JointSettings, RunConfig
from tocsin.train.joint import JointSet
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


CALM = Schema(text_labels=("calm",))
Prepared = Callable[..., Run]


@pytest.fixture
def prepared(tiny_config: RunConfig, tiny_documents: tuple[Document, ...]) -> Prepared:
    """A run beside two sets, `n_train` and `n_dev` of its documents and one text of `calm.toml` as told."""

    def make(*, n_train: int = 2, n_dev: int = 1, calm: str = "the fort is quiet") -> Run:
        config = replace(tiny_config, joint=JointSettings(("quiet.toml", "calm.toml")))
        sets = [_labelled("quiet.toml", "no raid today", config), _labelled("calm.toml", calm, config)]
        return prepare(config, DEFAULT_SCHEMA, tiny_documents[:n_train], tiny_documents[:n_dev], beside=sets)

    return make


def _labelled(name: str, text: str, config: RunConfig) -> JointSet:
    document = Document(Article("a", text), (), (), labels=(TextLabel("calm"),))
    return JointSet(name, RunConfig(task="text", model=config.model), CALM, (document,))


def test_a_run_from_the_same_documents_is_resumed(prepared: Prepared, tmp_path: Path) -> None:
    claim(tmp_path / "work", prepared(), precision="fp32", resume=False)
    (tmp_path / "work" / "checkpoint-2").mkdir()
    claim(tmp_path / "work", prepared(), precision="fp32", resume=True)
    assert (tmp_path / "work" / "checkpoint-2").is_dir()


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"n_train": 1}, "other training documents, or an earlier version's rows of them"),
        ({"n_dev": 2}, "other dev documents"),
        ({"calm": "guns fell silent"}, r"other documents or settings of \[joint\] calm.toml"),
        (
            {"n_train": 1, "n_dev": 0},
            ".* rows of them; other dev documents",
        ),
    ],
)
def test_what_a_run_learned_from_is_told_where_it_changed(
    prepared: Prepared, tmp_path: Path, changed: dict[str, int], told: str
) -> None:
    claim(tmp_path / "work", prepared(), precision="fp32", resume=False)
    with pytest.raises(ConfigError, match=rf"work: was left by another run: {told}; resume with the same config"):
        claim(tmp_path / "work", prepared(**changed), precision="fp32", resume=True)


def test_other_weights_to_start_from_are_told(run: Run, tmp_path: Path) -> None:
    claim(tmp_path / "work", run, precision="fp32", resume=False)
    other = replace(run, digests={**run.digests, "weights to start from": "0" * 64})
    with pytest.raises(ConfigError, match="work: was left by another run: other weights to start from; resume with"):
        claim(tmp_path / "work", other, precision="fp32", resume=True)


def test_a_folder_that_does_not_say_what_was_learned_from_is_of_an_earlier_version(run: Run, tmp_path: Path) -> None:
    claim(tmp_path / "work", run, precision="fp32", resume=False)
    stamp = tmp_path / "work" / "run.json"
    left = json.loads(stamp.read_text())
    del left["learned_from"]
    stamp.write_text(json.dumps(left))
    with pytest.raises(ConfigError, match="was left by another run: an earlier version of tocsin, which did not keep"):
        claim(tmp_path / "work", run, precision="fp32", resume=True)
