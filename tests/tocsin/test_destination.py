"""What a run may do to the folder it is told to write to."""

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tocsin.cli import app
from tocsin.data.errors import TocsinError
from tocsin.destination import CHECKPOINTS, claim, refuse_unwritable, remove_model

BOTH_WAYS = [(False, False), (True, False), (False, True)]


@pytest.mark.parametrize(("overwrite", "resume"), BOTH_WAYS, ids=["neither", "overwrite", "resume"])
def test_a_folder_that_is_empty_or_not_there_is_free(tmp_path: Path, overwrite: bool, resume: bool) -> None:
    claim(tmp_path, overwrite=overwrite, resume=resume)
    claim(tmp_path / "new" / "model", overwrite=overwrite, resume=resume)


@pytest.mark.parametrize(("overwrite", "resume"), BOTH_WAYS, ids=["neither", "overwrite", "resume"])
def test_a_folder_of_strange_files_is_never_written_to(tmp_path: Path, overwrite: bool, resume: bool) -> None:
    (tmp_path / "thesis.doc").write_text("years of work")
    with pytest.raises(TocsinError, match=r"no model of tocsin's \(thesis\.doc\).*--overwrite and --resume"):
        claim(tmp_path, overwrite=overwrite, resume=resume)


def test_an_interrupted_run_is_offered_to_go_on(tmp_path: Path) -> None:
    (tmp_path / CHECKPOINTS).mkdir()
    with pytest.raises(TocsinError, match="interrupted; --resume goes on with it, --overwrite starts anew"):
        claim(tmp_path, overwrite=False, resume=False)
    claim(tmp_path, overwrite=False, resume=True)
    claim(tmp_path, overwrite=True, resume=False)


def test_a_model_is_replaced_only_when_told_to(tiny_artifact: Path) -> None:
    with pytest.raises(TocsinError, match="--overwrite replaces it, --resume goes on"):
        claim(tiny_artifact, overwrite=False, resume=False)
    claim(tiny_artifact, overwrite=True, resume=False)


def test_a_finished_run_has_nothing_to_resume(tiny_artifact: Path) -> None:
    with pytest.raises(TocsinError, match="finished, nothing is left to resume; --overwrite trains it again"):
        claim(tiny_artifact, overwrite=False, resume=True)


def test_a_file_in_the_place_of_the_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "model").write_text("")
    with pytest.raises(TocsinError, match="model: is a file; expected a folder"):
        claim(tmp_path / "model", overwrite=True, resume=False)


@pytest.mark.parametrize(("overwrite", "resume"), BOTH_WAYS, ids=["neither", "overwrite", "resume"])
def test_a_folder_that_cannot_be_made_is_told_at_once(tmp_path: Path, overwrite: bool, resume: bool) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    in_the_way = tmp_path / "notes.txt" / "model"
    with pytest.raises(TocsinError, match=r"model: .*notes\.txt is no folder; expected one"):
        claim(in_the_way, overwrite=overwrite, resume=resume)
    with pytest.raises(TocsinError, match=r"/proc/nope/model: nothing can be written in /.*: choose another"):
        claim(Path("/proc/nope/model"), overwrite=overwrite, resume=resume)


def test_finding_out_whether_a_folder_can_be_written_to_leaves_nothing_behind(tmp_path: Path) -> None:
    refuse_unwritable(tmp_path / "new" / "model")
    refuse_unwritable(tmp_path)
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "link").symlink_to(tmp_path / "gone")
    with pytest.raises(TocsinError, match="link is no folder"):
        refuse_unwritable(tmp_path / "link" / "model")


@pytest.mark.parametrize("command", ["train", "crossval"])
def test_a_place_that_cannot_be_written_to_is_told_before_data_are_read(tmp_path: Path, command: str) -> None:
    config = tmp_path / "run.toml"
    config.write_text('[data]\ntrain = ["gone.jsonl"]\n')
    done = CliRunner().invoke(app, [command, str(config), "--out", str(config / "model")])
    assert done.exit_code == 1
    assert "run.toml is no folder; expected one" in done.stderr


def test_removing_a_model_removes_its_files_and_no_other(tmp_path: Path, tiny_artifact: Path) -> None:
    folder = shutil.copytree(tiny_artifact, tmp_path / "model")
    (folder / "notes.txt").write_text("mine")
    remove_model(folder)
    assert [path.name for path in folder.iterdir()] == ["notes.txt"]


@pytest.mark.parametrize(
    "manifest",
    [json.dumps({"files": {"../thesis.doc": {}, "a/b": {}, ".": {}}}), "{broken", "[]", "{}"],
    ids=["names outside", "no JSON", "a list", "no files"],
)
def test_an_altered_manifest_takes_nothing_with_it(tmp_path: Path, manifest: str) -> None:
    (tmp_path / "thesis.doc").write_text("years of work")
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "tocsin.json").write_text(manifest)
    remove_model(tmp_path / "model")
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["thesis.doc"]
    assert list((tmp_path / "model").iterdir()) == []
