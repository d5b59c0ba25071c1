"""Before a cross-validation all is said that concerns what is learned, and nothing of dev sets that take no part."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tocsin.train.config import read_config
from tocsin.train.crossval_notes import crossval_notes
from tocsin.train.sets import load_sets

ROWS = "text\traid\tclaim\ndrones hit camp\t1\t0\nrockets struck\t1\t1\nthe army said it\t0\t1\nno one was hurt\t0\t0\n"
DEV_ROWS = "text\traid\tclaim\na strike failed\t1\t0\nthree were wounded\t0\t1\n"
SKIPPED = "1 line holds no document, left out as [data] unreadable says; the first is "

Told = Callable[..., list[str]]


@pytest.fixture
def told(tmp_path: Path) -> Told:
    """What is said of a config for a table of texts with two free labels."""

    def notes(*, data: str, more: str = "", train: str = ROWS, dev: str = DEV_ROWS) -> list[str]:
        (tmp_path / "train.tsv").write_text(train)
        (tmp_path / "dev.tsv").write_text(dev)
        (tmp_path / "run.toml").write_text(f'task = "text"\n[data]\ntrain = ["train.tsv"]\n{data}\n{more}\n')
        config = read_config(tmp_path / "run.toml")
        said = map(str, crossval_notes(config, load_sets(config)))
        return [line.replace(f"{tmp_path}/", "") for line in said]

    return notes


def test_lines_that_are_skipped_are_told_as_before_a_training(told: Told) -> None:
    (note,) = told(data='unreadable = "skip"', train=f"{ROWS}\t1\t0\n")
    assert note.startswith(f"train.tsv: {SKIPPED}")


def test_what_a_share_for_dev_takes_out_is_counted_by_its_key(told: Told) -> None:
    assert told(data="dev_share = 0.25") == [
        "[data] dev_share: documents that take no part: 1; the 3 that are learned from are held out in turn, and every "
        "training keeps its last epoch; take the key out to have all"
    ]


def test_dev_files_take_no_part_and_lines_that_were_skipped_in_them_are_no_matter(told: Told) -> None:
    assert told(data='dev = ["dev.tsv"]\nunreadable = "skip"', dev=f"{DEV_ROWS}\t1\t0\n") == [
        "[data] dev: documents that take no part: 2; the 4 that are learned from are held out in turn, and every "
        "training keeps its last epoch"
    ]


def test_a_threshold_that_dev_was_to_choose_is_said_to_be_a_half(told: Told) -> None:
    chosen = "[model]\nlabel_threshold = 0"
    for data in ('dev = ["dev.tsv"]', "dev_share = 0.25"):
        note = told(data=data, more=chosen)[1]
        assert note == "[model] label_threshold: 0 is a choice on dev documents, and none take part: every training " \
            "takes 0.5"  # fmt: skip
    (note,) = told(data="", more=chosen)
    assert note == "[model] label_threshold: 0 changes nothing; there is no dev set to choose it on; 0.5 is taken"


def test_nothing_is_said_of_scores_on_dev(told: Told) -> None:
    shared = f"{DEV_ROWS}drones hit camp\t1\t0\n"
    assert len(told(data='dev = ["dev.tsv"]\nshared = "keep"', dev=shared)) == 1
    _, dropped = told(data='dev = ["dev.tsv"]\nshared = "drop"', dev=shared)
    assert dropped == "train: left out, since dev has the same texts: 1"


def test_of_another_set_is_told_what_is_learned_from_it_alone(told: Told, tmp_path: Path) -> None:
    (tmp_path / "other.tsv").write_text(f"{ROWS.replace('drones', 'two drones').replace('army', 'brigade')}\t1\t0\n")
    (tmp_path / "quiet.tsv").write_text("text\traid\tclaim\nit is a monday\t0\t0\n")
    data = 'train = ["other.tsv"]\ndev = ["quiet.tsv"]\nunreadable = "skip"'
    (tmp_path / "other.toml").write_text(f'task = "text"\n[data]\n{data}\n')
    skipped, dev = told(data="", more='[joint]\nconfigs = ["other.toml"]')
    assert skipped.startswith(f"[joint] other.toml: other.tsv: {SKIPPED}")
    assert dev == "[joint] other.toml: its dev set of 1 takes no part; only the run's own may choose an epoch"
