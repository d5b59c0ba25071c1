"""The files of a run, and the process that makes them: started, watched, measured, ended when time is up."""

import fcntl
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from time import perf_counter
from typing import Any, Literal, TextIO

from field_plan import Job
from field_records import record_of

from tocsin.data.files import written_whole
from tocsin.destination import CHECKPOINTS
from tocsin.train.config import RunConfig, read_config
from tocsin.train.joint import joint_configs
from tocsin.train.provenance import provenance

ROOT = Path(__file__).parents[1]
PEERS = Path(__file__).parent / "peers"
PEER_PACKAGES = ("spacy", "seqeval")
QUIET = {  # as the Makefile sets them
    "OMP_WAIT_POLICY": "PASSIVE",
    "GOMP_SPINCOUNT": "0",
    "TOKENIZERS_PARALLELISM": "false",
    "HF_HUB_OFFLINE": "1",
    "PYTHONUNBUFFERED": "1",  # its lines are told as they come
}
TOLD = re.compile(r"^(step|epoch) \d")  # lines of a run that say how far it is
GRACE = 60.0  # seconds in which a run whose time is up may end by itself
N_TAIL = 15  # lines of a log that are told if a run fails


class UnusableError(Exception):
    """A job cannot be run; the text says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Ending:
    """How a process ended, and what it took."""

    code: int  # below 0: the number of the signal that ended it
    seconds: float
    megabytes: int  # its highest resident set
    ended_by: Literal["", "time", "user"]  # "": itself


@dataclass(frozen=True, slots=True)
class Folders:
    """Where everything lies; whole paths."""

    data: Path
    configs: Path
    runs: Path
    results: Path

    def config(self, job: Job) -> Path:
        return self.configs / f"{job.entry.config}.toml"

    def record(self, job: Job) -> Path:
        return self.results / "field" / f"{job.name}.json"


@dataclass(frozen=True, slots=True)
class Place:
    """Where the files of one job lie, all of them in one folder."""

    runs: Path
    job: Job

    @property
    def out(self) -> Path:
        """The model's folder; of a peer, the file of its figures."""
        return self.runs / (f"{self.job.name}.json" if self.job.entry.peer else self.job.name)

    @property
    def stamp(self) -> Path:
        return self.runs / f"{self.job.name}.stamp.json"

    @property
    def log(self) -> Path:
        return self.runs / f"{self.job.name}.log"

    @property
    def has_checkpoints(self) -> bool:
        return (self.out / CHECKPOINTS).is_dir()

    @property
    def has_model(self) -> bool:
        """Whether a run ended here: checkpoints go when the model is written."""
        finished = self.out if self.job.entry.peer else self.out / "metrics.json"
        return bool(finished.is_file() and not self.has_checkpoints)

    def clear(self) -> None:
        """Remove what an earlier run left.

        Raises:
            UnusableError: something lies there that no run of this command left.
        """
        if self.out.exists() and not self.stamp.is_file():
            raise UnusableError(
                f"{self.out}: is not of this command's making; move it, or name another folder with --runs"
            )
        shutil.rmtree(self.out, ignore_errors=True) if self.out.is_dir() else self.out.unlink(missing_ok=True)


def read_record(path: Path) -> dict[str, Any] | None:
    """What a JSON file holds; None if there is none, or it is not what is written here."""
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return record if isinstance(record, dict) else None


def write_record(path: Path, record: Mapping[str, Any] | list[Any]) -> None:
    with written_whole(path) as stream:
        stream.write(json.dumps(record, indent=1, ensure_ascii=False) + "\n")


def identity_of(job: Job, folders: Folders) -> dict[str, Any]:
    """All that decides what a run comes to but the code: its settings, and the SHA-256 of each file.

    Raises:
        UnusableError: a file is not there.
        ConfigError: the config is not to be read.
    """
    config = read_config(folders.config(job), seed=job.seed, data=folders.data)
    configs = (config, *joint_configs(config).values())
    names = [name for each in configs for name in (*each.data.train, *each.data.dev)]
    paths = config.data_paths(tuple(names))
    names, paths = [*names, *config.joint.configs], [*paths, *config.paths(config.joint.configs)]
    if lacking := [name for name, path in zip(names, paths, strict=True) if not path.is_file()]:
        raise UnusableError(f"no file {', '.join(lacking)} in the folder of --data")
    settings = config.to_json() if job.entry.peer is None else _peer_settings(job, config)
    return {"config": settings, "data": {name: _sha256(path) for name, path in zip(names, paths, strict=True)}}


def _peer_settings(job: Job, config: RunConfig) -> dict[str, Any]:
    assert job.entry.peer
    scripts = (job.entry.peer.script, "tagged.py")
    return {
        "seed": job.seed,
        "arguments": _peer_arguments(job, config),
        "scripts": {name.removesuffix(".py"): _sha256(PEERS / name) for name in scripts},
    }


def _peer_arguments(job: Job, config: RunConfig) -> list[str]:
    """The options of a peer's script beside those for files and seed."""
    files = ["--train", config.data.train[0], "--dev", config.data.dev[0]]
    files += ["--keep-shared"] if config.data.shared == "keep" else []
    if job.entry.peer is None or job.entry.peer.rates == "its own":
        return files
    optim = config.optim
    ours = {"--learning-rate": optim.learning_rate, "--epochs": optim.epochs, "--batch": optim.batch_passages}
    return [*files, *(word for option, own in ours.items() for word in (option, str(own))), "--choose-on-dev"]


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def command_of(job: Job, folders: Folders) -> list[str]:
    """What is run; it goes on where an interrupted run stopped."""
    place = Place(folders.runs, job)
    named = ["--data", str(folders.data), "--seed", str(job.seed), "--out", str(place.out)]
    if job.entry.peer:
        arguments = _peer_arguments(job, read_config(folders.config(job)))
        return [sys.executable, str(PEERS / job.entry.peer.script), *named, *arguments]
    resume = ["--resume"] if place.has_checkpoints else []
    return [sys.executable, "-m", "tocsin", "train", str(folders.config(job)), *named, *resume]


def run(command: list[str], log: Path, *, timeout_s: float, tell: Callable[[str], None], lock: TextIO) -> Ending:
    """Run a command to its end, or end it when its time is up or Ctrl-C is pressed.

    It is in a group of its own: Ctrl-C reaches only us, and we end it. If we are killed ourselves it goes on, holding
    the lock.
    """
    started, is_late, is_stopped = perf_counter(), threading.Event(), False
    with log.open("a", encoding="utf-8") as kept:
        process = subprocess.Popen(
            command, cwd=ROOT, env={**QUIET, **os.environ}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, errors="replace", start_new_session=True, pass_fds=(lock.fileno(),),
        )  # fmt: skip
        timers = _timers(process, timeout_s, is_late)
        try:
            _relay(process, kept, tell)
        except KeyboardInterrupt:
            is_stopped = True
            process.terminate()
        finally:
            _, status, usage = os.wait4(process.pid, 0)
            for timer in timers:
                timer.cancel()
            process.returncode = os.waitstatus_to_exitcode(status)
    ended_by: Literal["", "time", "user"] = "user" if is_stopped else "time" if is_late.is_set() else ""
    return Ending(process.returncode, perf_counter() - started, _megabytes(usage.ru_maxrss), ended_by)


def _timers(process: "subprocess.Popen[str]", timeout_s: float, is_late: threading.Event) -> list[threading.Timer]:
    """What ends a process when its time is up, and for good if it does not mind that: code in C may hang."""
    timers = [
        threading.Timer(min(timeout_s, threading.TIMEOUT_MAX), _end, (process, is_late)),
        threading.Timer(min(timeout_s + GRACE, threading.TIMEOUT_MAX), os.killpg, (process.pid, signal.SIGKILL)),
    ]
    for timer in timers:
        timer.daemon = True
        timer.start()
    return timers


def _end(process: "subprocess.Popen[str]", is_late: threading.Event) -> None:
    is_late.set()
    process.terminate()


def _relay(process: "subprocess.Popen[str]", kept: TextIO, tell: Callable[[str], None]) -> None:
    assert process.stdout
    with process.stdout as lines:
        for line in lines:
            kept.write(line)
            kept.flush()
            if TOLD.match(line):
                tell(f"  {line.rstrip()}")


def _megabytes(max_rss: int) -> int:
    """What the operating system counts in KiB; on macOS in bytes."""
    return round(max_rss / (2**20 if sys.platform == "darwin" else 2**10))


def tail(log: Path) -> str:
    """The last lines of a log, indented."""
    with suppress(OSError):
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
        return "\n".join(f"    {line}" for line in lines[-N_TAIL:])
    return ""


def collected(job: Job, place: Place, identity: Mapping[str, Any], source: Mapping[str, Any]) -> dict[str, Any]:
    """The record of a run that ended well.

    Raises:
        UnusableError: its files are not what they should be.
    """
    files = (place.out, place.out) if job.entry.peer else (place.out / "metrics.json", place.out / "run.json")
    metrics, facts = (read_record(path) for path in files)
    if metrics is None or facts is None:
        raise UnusableError(f"{place.out}: cannot be read after its run; see {place.log}")
    attempts = (read_record(place.stamp) or {}).get("attempts", [])
    return record_of(job, metrics=metrics, run=facts, identity=identity, attempts=attempts, source=source)


def source_of(job: Job) -> dict[str, Any]:
    """Commit, machine and versions as they are now; that results were written does not make a checkout dirty."""
    found: dict[str, Any] = provenance()
    commit = found["commit"]
    if commit and commit.endswith("-dirty") and not _changed_files():
        found["commit"] = commit.removesuffix("-dirty")
    if job.entry.peer:
        found["packages"] = {**found["packages"], **{name: _version(name) for name in PEER_PACKAGES}}
    return found


def _changed_files() -> bool:
    """Whether tracked files differ from the commit, beside results."""
    asked = ["git", "status", "--porcelain", "--untracked-files=no", "--", ".", ":(exclude)benchmarks/results"]
    try:
        done = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True, timeout=10)
    except (OSError, subprocess.SubprocessError):
        return True
    return bool(done.stdout.strip())


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


@contextmanager
def locked(runs: Path) -> Iterator[TextIO]:
    """The folder of runs to ourselves and the process we start.

    Raises:
        UnusableError: another one has it, or the folder cannot be made.
    """
    try:
        runs.mkdir(parents=True, exist_ok=True)
        stream = (runs / ".lock").open("w", encoding="utf-8")
    except OSError as error:
        raise UnusableError(
            f"{runs}: cannot be written to ({error.strerror}); name another folder with --runs"
        ) from error
    with stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            told = "another command, or a training that a killed one left, is at work there; wait for it, or end it"
            raise UnusableError(f"{runs}: {told}") from error
        yield stream


def mind_termination() -> None:
    """Let `kill` end us as Ctrl-C does, also where a shell has told its jobs to ignore that."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
