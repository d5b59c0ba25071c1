"""Every entry has a config that can be read, and settings that fit what it measures."""

from pathlib import Path

import pytest
from field_sets import ENTRIES, ORIGIN, Entry

from tocsin.train.config import read_config

ROOT = Path(__file__).parents[2]
CONFIGS = ROOT / "configs" / "benchmarks"


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_an_entry_has_a_config_of_its_task(entry: Entry) -> None:
    config = read_config(CONFIGS / f"{entry.config}.toml")
    task = {"entity_f1": "tokens", "filler_f1": "fillers"}.get(entry.measures[0].key, "text")
    assert config.task == task
    assert bool(config.data.dev) != bool(config.data.dev_share)


def test_every_config_is_of_an_entry() -> None:
    assert {path.stem for path in CONFIGS.glob("*.toml")} == {entry.config for entry in ENTRIES}


@pytest.mark.parametrize("path", sorted(CONFIGS.glob("*.toml")), ids=lambda path: path.stem)
def test_a_config_opens_with_its_own_command(path: Path) -> None:
    opening = path.read_text(encoding="utf-8").partition("\ntask =")[0]
    assert f"tocsin train configs/benchmarks/{path.name} --data DIR" in opening
    assert all(line.startswith("#") for line in opening.splitlines())


def test_names_of_entries_differ_and_so_do_the_files_they_are_kept_in() -> None:
    assert len({entry.name for entry in ENTRIES}) == len(ENTRIES)


def test_the_origin_names_the_folder_of_every_data_set() -> None:
    configs = [read_config(CONFIGS / f"{entry.config}.toml") for entry in ENTRIES]
    folders = {name.partition("/")[0] for config in configs for name in (*config.data.train, *config.data.dev)}
    assert [name for name in folders if name not in ORIGIN] == []


@pytest.mark.parametrize("entry", [entry for entry in ENTRIES if entry.peer], ids=lambda entry: entry.name)
def test_the_script_of_a_peer_is_there(entry: Entry) -> None:
    assert entry.peer is not None
    assert (ROOT / "benchmarks" / "peers" / entry.peer.script).is_file()
