"""A run's process is measured and ended; folders are not shared; what is not ours is not removed."""

import json
import signal
import sys
from pathlib import Path

import pytest
from field_plan import Job
from field_runs import Folders, Place, UnusableError, command_of, identity_of, locked, read_record, run, source_of
from field_sets import Entry, Measure, Peer

NER = Entry("tiny", "tiny", (Measure("entity_f1", "micro"),), 1)
PEER = Entry("peer-plain", "tiny", NER.measures, 1, Peer("plain_tokens.py", "plain", "ours"))
CONFIG = (
    'task = "tokens"\n[data]\ntrain = ["t/train.txt"]\ndev = ["t/dev.txt"]\n[optim]\nlearning_rate = 4e-4\nepochs = 7\n'
)


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    for name in ("data/t", "configs", "runs", "results/field"):
        (tmp_path / name).mkdir(parents=True)
    for name in ("train", "dev"):
        (tmp_path / "data" / "t" / f"{name}.txt").write_text("Ost\tB-Location\n")
    (tmp_path / "configs" / "tiny.toml").write_text(CONFIG)
    return Folders(*(tmp_path / name for name in ("data", "configs", "runs", "results")))


def python(program: str) -> list[str]:
    return [sys.executable, "-c", program]


def test_a_process_is_measured_its_output_kept_and_its_steps_told(folders: Folders) -> None:
    told: list[str] = []
    log = folders.runs / "x.log"
    program = "import sys; hoard = b'x' * 100_000_000; print('step 1/2'); print('nothing', file=sys.stderr)"
    with locked(folders.runs) as lock:
        ending = run(python(program), log, timeout_s=60, tell=told.append, lock=lock)
    assert (ending.code, ending.ended_by, told) == (0, "", ["  step 1/2"])
    assert ending.megabytes >= 100
    assert 0 < ending.seconds < 60
    assert sorted(log.read_text().splitlines()) == ["nothing", "step 1/2"]


def test_a_process_whose_time_is_up_is_ended(folders: Folders) -> None:
    with locked(folders.runs) as lock:
        program = "import time; time.sleep(60)"
        ending = run(python(program), folders.runs / "x.log", timeout_s=0.2, tell=print, lock=lock)
    assert ending.ended_by == "time"
    assert ending.code < 0


def test_a_process_that_does_not_mind_that_its_time_is_up_is_killed(
    folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("field_runs.GRACE", 0.2)
    program = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('step 1/2', flush=True)"
    with locked(folders.runs) as lock:
        process = python(f"{program}; time.sleep(60)")
        ending = run(process, folders.runs / "x.log", timeout_s=2, tell=print, lock=lock)
    assert (ending.ended_by, ending.code) == ("time", -signal.SIGKILL)


def test_without_a_limit_a_process_may_take_as_long_as_it_wants(folders: Folders) -> None:
    with locked(folders.runs) as lock:
        ending = run(python(""), folders.runs / "x.log", timeout_s=float("inf"), tell=print, lock=lock)
    assert (ending.code, ending.ended_by) == (0, "")


def test_one_folder_of_runs_is_for_one_command_at_a_time(folders: Folders) -> None:
    with locked(folders.runs), pytest.raises(UnusableError, match="is at work there"), locked(folders.runs):
        pass
    with locked(folders.runs):
        pass


def test_the_identity_of_a_run_has_its_settings_and_the_hash_of_each_file(folders: Folders) -> None:
    before = identity_of(Job(NER, 3), folders)
    (folders.data / "t" / "dev.txt").write_text("Ost\tO\n")
    after = identity_of(Job(NER, 3), folders)
    assert before["config"]["seed"] == 3
    assert before["config"] == after["config"]
    assert before["data"]["t/train.txt"] == after["data"]["t/train.txt"]
    assert before["data"]["t/dev.txt"] != after["data"]["t/dev.txt"]
    assert str(folders.data) not in json.dumps(before)


def test_the_identity_of_a_run_has_the_files_of_the_sets_beside_it(folders: Folders) -> None:
    (folders.data / "t" / "more.txt").write_text("West\tB-Location\n")
    (folders.configs / "more.toml").write_text('task = "tokens"\n[data]\ntrain = ["t/more.txt"]\n')
    (folders.configs / "tiny.toml").write_text(f'{CONFIG}[joint]\nconfigs = ["more.toml"]\n')
    before = identity_of(Job(NER, 1), folders)
    assert list(before["data"]) == ["t/train.txt", "t/dev.txt", "t/more.txt", "more.toml"]
    (folders.data / "t" / "more.txt").write_text("West\tO\n")
    after = identity_of(Job(NER, 1), folders)
    assert [name for name, sha256 in after["data"].items() if sha256 != before["data"][name]] == ["t/more.txt"]


def test_a_missing_file_is_named(folders: Folders) -> None:
    (folders.data / "t" / "dev.txt").unlink()
    with pytest.raises(UnusableError, match=r"no file t/dev\.txt"):
        identity_of(Job(NER, 1), folders)


def test_a_run_is_resumed_where_checkpoints_lie(folders: Folders) -> None:
    assert "--resume" not in command_of(Job(NER, 1), folders)
    (folders.runs / "tiny-seed1" / "checkpoints").mkdir(parents=True)
    assert "--resume" in command_of(Job(NER, 1), folders)


def test_a_peer_with_our_rates_has_those_of_the_config(folders: Folders) -> None:
    command = command_of(Job(PEER, 1), folders)
    assert command[command.index("--learning-rate") + 1] == "0.0004"
    assert command[command.index("--epochs") + 1] == "7"
    assert command[command.index("--train") + 1] == "t/train.txt"


def test_a_peer_is_run_again_when_the_rates_change(folders: Folders) -> None:
    before = identity_of(Job(PEER, 1), folders)
    (folders.configs / "tiny.toml").write_text(CONFIG.replace("4e-4", "5e-4"))
    assert identity_of(Job(PEER, 1), folders)["config"] != before["config"]


def test_a_folder_that_no_run_left_is_not_removed(folders: Folders) -> None:
    place = Place(folders.runs, Job(NER, 1))
    (place.out / "thesis").mkdir(parents=True)
    with pytest.raises(UnusableError, match="not of this command's making"):
        place.clear()
    assert (place.out / "thesis").is_dir()
    place.stamp.write_text("{}")
    place.clear()
    assert not place.out.exists()


@pytest.mark.parametrize("content", ["", "[1, 2]", "{", "\x00"], ids=["empty", "a list", "cut off", "binary"])
def test_a_file_that_is_no_record_is_none(content: str, tmp_path: Path) -> None:
    (tmp_path / "r.json").write_text(content)
    assert read_record(tmp_path / "r.json") is None


def test_the_source_of_a_peer_names_the_versions_it_is_of() -> None:
    assert source_of(Job(PEER, 1))["packages"]["seqeval"]
