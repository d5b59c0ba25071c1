"""`tocsin check` of several files: texts that stand on both sides of a split."""

import json
import os
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from tocsin.cli import app
from tocsin.commands.check import N_SHOWN
from tocsin.data.schema import Schema

REPORT = (
    "Two armed drones struck the fuel depot of Camp Vale on Tuesday night, an army spokesman said, "
    "and three soldiers who slept beside the runway were wounded."
)


def check(*files: Path) -> Result:
    return CliRunner().invoke(app, ["check", *map(str, files)])


def lines(path: Path, *records: object) -> Path:
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    return path


def test_a_text_that_stands_in_two_files_is_told_with_the_share_of_its_word_runs(tmp_path: Path) -> None:
    train = lines(tmp_path / "train.jsonl", {"id": "a1", "text": "Nothing happened."}, {"id": "a2", "text": REPORT})
    dev = lines(tmp_path / "dev.jsonl", {"id": "b1", "text": REPORT.replace("Tuesday", "Monday")})
    done = check(train, dev)
    assert done.exit_code == 0
    shared = f"near-duplicate of {train}:a2 (0.64 of their word runs are shared)"
    assert f"{dev}:1: warning: {shared}\n" in done.stdout


def test_a_folder_of_texts_that_nobody_annotated_is_told_as_such(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(REPORT)
    done = check(tmp_path)
    assert done.exit_code == 1
    assert f"error: {tmp_path}: is a folder without files of a format of folders; name one by --from" in done.stderr


def test_a_copy_is_told_as_one(tmp_path: Path) -> None:
    train = lines(tmp_path / "train.jsonl", {"id": 7, "text": REPORT})
    dev = lines(tmp_path / "dev.jsonl", {"text": REPORT.upper()})
    assert f"near-duplicate of {train}:7 (equal but for case and white space)" in check(train, dev).stdout


def test_the_first_are_shown_and_all_are_counted(tmp_path: Path) -> None:
    records = [{"id": f"n{number}", "text": f"{REPORT} This was raid {number}."} for number in range(N_SHOWN + 3)]
    train, dev = lines(tmp_path / "train.jsonl", *records), lines(tmp_path / "dev.jsonl", *records)
    alone = [check(path).stdout.splitlines()[-1] for path in (train, dev)]
    done = check(train, dev)
    assert done.stdout.count("near-duplicate of ") == N_SHOWN
    assert "and 3 more near-duplicates across the files" in done.stdout
    n_before = sum(int(line.split(", ")[2].split()[0]) for line in alone)
    assert done.stdout.splitlines()[-1].endswith(f", {n_before + N_SHOWN + 3} warnings")


def test_one_file_is_not_compared_with_itself(tmp_path: Path) -> None:
    train = lines(tmp_path / "train.jsonl", {"id": "a", "text": REPORT}, {"id": "b", "text": f"{REPORT} It burned."})
    assert "near-duplicate" not in check(train).stdout


def test_lines_that_cannot_be_read_do_not_keep_the_others_from_being_compared(tmp_path: Path) -> None:
    train = lines(tmp_path / "train.jsonl", {"id": "a", "text": REPORT})
    dev = lines(tmp_path / "dev.jsonl", {"id": "b", "text": 3}, [], {"id": "c", "text": f"{REPORT} It burned."})
    dev.write_text("{broken\n" + dev.read_text())
    done = check(train, dev, tmp_path / "missing.jsonl")
    assert done.exit_code == 1
    assert f"{dev}:4: warning: near-duplicate of {train}:a (0." in done.stdout


def test_files_of_any_format_are_compared_and_counted(tmp_path: Path) -> None:
    train, dev = tmp_path / "train.tsv", tmp_path / "dev.tsv"
    train.write_text(f"{REPORT}\traid\nNothing happened.\tnone\n")
    dev.write_text(f"{REPORT.upper()}\traid\n")
    done = CliRunner().invoke(app, ["check", str(train), str(dev), "--from", "table", "--task", "text"])
    assert done.exit_code == 0
    told = f"{dev}:dev-1: warning: near-duplicate of {train}:train-1 (equal but for case and white space)"
    assert told in done.stdout
    assert f"{dev}: warning: no example of text label none here, but in another of the files" in done.stdout
    assert done.stdout.splitlines()[-1] == "3 documents, 0 errors, 2 warnings"


def test_a_format_is_told_by_the_name_of_a_file(tmp_path: Path) -> None:
    path = tmp_path / "a.conll"
    path.write_text("Vale\tB-BASE\n\nhit\n\n")
    done = CliRunner().invoke(app, ["check", str(path)])
    assert done.exit_code == 1
    assert f"{path}:3: error: has no tag" in done.stdout
    assert "BASE" in done.stdout


def test_texts_whose_labels_only_a_schema_knows_are_compared_too(tmp_path: Path) -> None:
    (tmp_path / "schema.json").write_text(json.dumps(Schema(("SHIP",)).to_json()))
    for name in ("train", "dev"):
        (tmp_path / f"{name}.inline").write_text(f"id: {name}\n\n{REPORT} No [boat|SHIP] was hit.\n")
    files = [str(tmp_path / f"{name}.inline") for name in ("train", "dev")]
    done = CliRunner().invoke(app, ["check", *files, "--schema", str(tmp_path / "schema.json")])
    assert "near-duplicate of" in done.stdout


def test_an_option_of_columns_that_no_file_has_is_told_to_change_nothing(tmp_path: Path) -> None:
    path = lines(tmp_path / "a.jsonl", {"id": "a1", "text": "Nothing happened."})
    done = CliRunner().invoke(app, ["check", str(path), "--text-column", "text"])
    assert "--text-column changes nothing; the files are jsonl" in done.stderr


def test_files_with_columns_of_their_own_are_compared_too(tmp_path: Path) -> None:
    for name, number in (("train", 1), ("dev", 2)):
        (tmp_path / f"{name}.csv").write_text(f'id;text;label\n{number};"{REPORT}";a\n{number + 2};Quiet {name}.;b\n')
    files = [str(tmp_path / f"{name}.csv") for name in ("train", "dev")]
    columns = ["--from-separator", ";", "--text-column", "text", "--label-column", "label"]
    done = CliRunner().invoke(app, ["check", *files, *columns])
    assert done.exit_code == 0
    assert "near-duplicate of" in done.stdout
    assert "4 documents, 0 errors, 3 warnings" in done.stdout  # of two it is the columns of ids


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_is_left_out_and_told(tmp_path: Path) -> None:
    train = lines(tmp_path / "train.jsonl", {"id": "a", "text": REPORT})
    reader, writer = os.pipe()
    os.write(writer, (json.dumps({"id": "b", "text": REPORT}) + "\n").encode())
    os.close(writer)
    pipe = Path(f"/dev/fd/{reader}")
    done = check(train, pipe)
    os.close(reader)
    assert f"{pipe}: warning: is a pipe, which is read only once: not compared with the other files" in done.stdout
    assert "2 documents" in done.stdout
