"""What tocsin reaches on the field's public data sets, each trained with several seeds, and other systems beside it.

python benchmarks/field.py --data DIR [--only re3d,cameo_ner] [--seeds 1,2,3] [--runs runs/benchmarks] [--time MINUTES]

Some twelve hours on two cores and 4 GB of disk for all of them; `make benchmarks DATA=DIR` does the same. DIR is a
folder of data sets; without it, it is said where they come from. A run that is finished is not run again unless its
settings or its files changed. Ctrl-C, a kill or --time end it at any point: the same command goes on from there.

Each finished run is a file in `benchmarks/results/field/`; all of them make `benchmarks/results/field.json` and
`field.md`, where what was not run stands as missing. Settings are those of `configs/benchmarks/`.
"""

import argparse
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any, TextIO

from field_plan import Decision, Job, decide, duration, in_order, seconds_left
from field_runs import (
    ROOT,
    Folders,
    Place,
    UnusableError,
    collected,
    command_of,
    identity_of,
    locked,
    mind_termination,
    read_record,
    run,
    source_of,
    tail,
    write_record,
)
from field_sets import ENTRIES, ORIGIN, Entry
from field_table import markdown, origins, summary

from tocsin.data.errors import TocsinError
from tocsin.data.files import written_whole

CONFIGS = ROOT / "configs" / "benchmarks"
RUNS = ROOT / "runs" / "benchmarks"
RESULTS = Path(__file__).parent / "results"
UNFINISHED = "interrupted, not resumed yet"
INTERRUPTED = 130  # the exit code of a program that Ctrl-C ended


@dataclass(slots=True)
class Bench:
    """What is known while it goes on."""

    folders: Folders
    entries: tuple[Entry, ...]  # all of the table, whether or not they are to be run now
    seeds: tuple[int, ...]
    records: dict[str, dict[str, Any]] = field(default_factory=dict)  # by job, those that hold
    missing: dict[str, str] = field(default_factory=dict)  # by job, why it has none

    def write(self) -> None:
        """The table, as far as it goes."""
        results = self.folders.results
        (results / "field").mkdir(parents=True, exist_ok=True)
        rows = summary(self.entries, self.seeds, self.records, self.missing)
        record = {"seeds": list(self.seeds), "provenance": origins(self.records), "rows": rows}
        write_record(results / "field.json", record)
        with written_whole(results / "field.md") as stream:
            stream.write(markdown(rows, self.records, self.seeds))


def main() -> int:
    wanted = arguments(sys.argv[1:])
    folders = Folders(*(path.resolve() for path in (wanted.data, wanted.configs, wanted.runs, wanted.results)))
    bench = Bench(folders, ENTRIES, wanted.seeds)
    mind_termination()
    try:
        with locked(folders.runs) as lock:
            code = run_all(bench, wanted.only, perf_counter() + 60 * wanted.time, lock)
    except KeyboardInterrupt:
        tell("interrupted; the same command goes on from here")
        return INTERRUPTED
    except UnusableError as error:
        tell(str(error))
        return 1
    print(folders.results / "field.md")
    return code


def run_all(bench: Bench, only: Sequence[Entry], ends_at: float, lock: TextIO) -> int:
    """Run what is still to be run of the entries wanted, and write the table after each.

    Args:
        ends_at: when time is up, on the clock of `perf_counter`.

    Returns:
        The exit code: 1 if a run failed.

    Raises:
        KeyboardInterrupt: Ctrl-C; all that is done is kept, and the table is written.
    """
    decisions = {job: look_at(bench, job) for job in in_order(bench.entries, bench.seeds)}
    pending = [job for job, (own, identity) in decisions.items() if own.action != "keep" and identity]
    pending = [job for job in pending if job.entry in only]
    for job, (_, identity) in decisions.items():
        if not identity and job.entry in only:
            tell(f"{job.entry.name}, seed {job.seed}: {bench.missing[job.name]}")
    n_all, n_failed = len(pending), 0
    tell(f"{n_all} runs to go, {len(bench.records)} are there already; {left(bench, pending)}")
    bench.write()
    while pending and perf_counter() < ends_at:
        job = pending[0]
        decision, identity = decisions[job]
        told = f" ({decision.reason})" if decision.reason else ""
        tell(f"[{n_all - len(pending) + 1}/{n_all}] {job.entry.name}, seed {job.seed}: {decision.action}{told}")
        try:
            is_over = run_one(bench, job, decision, identity, ends_at, lock)
        except UnusableError as error:
            n_failed, is_over = n_failed + 1, True
            bench.missing[job.name] = "its run failed"
            tell(f"  {error}")
        finally:
            bench.write()
        if is_over:
            pending.pop(0)
        tell(f"  {left(bench, pending)}")
    if pending:
        tell(f"time is up, runs still to go: {len(pending)}; the same command goes on from here")
    return 1 if n_failed else 0


def look_at(bench: Bench, job: Job) -> tuple[Decision, dict[str, Any]]:
    """What to do about a job, and its identity; that is empty if it cannot be run."""
    try:
        identity = identity_of(job, bench.folders)
    except (UnusableError, TocsinError) as error:
        bench.missing[job.name] = f"not run: {error}"
        return Decision("run"), {}
    place, record = Place(bench.folders.runs, job), read_record(bench.folders.record(job))
    decision = decide(
        identity,
        record=record,
        stamp=read_record(place.stamp),
        has_checkpoints=place.has_checkpoints,
        has_model=place.has_model,
    )
    if decision.action == "keep" and record:
        bench.records[job.name] = record
    elif decision.action == "rerun":
        bench.missing[job.name] = f"its result is of other settings or data ({decision.reason})"
    elif decision.action == "resume":
        bench.missing[job.name] = UNFINISHED
    return decision, identity


def run_one(
    bench: Bench, job: Job, decision: Decision, identity: Mapping[str, Any], ends_at: float, lock: TextIO
) -> bool:
    """Run a job and keep its record; whether it came to its end.

    Raises:
        UnusableError: it failed.
        KeyboardInterrupt: Ctrl-C; what it has done so far is kept.
    """
    place, source = Place(bench.folders.runs, job), source_of(job)
    if decision.action in ("run", "rerun"):
        place.clear()
        place.log.unlink(missing_ok=True)
        place.stamp.unlink(missing_ok=True)
    bench.missing[job.name] = UNFINISHED
    if decision.action != "collect" and not train(bench, job, place, identity, ends_at, lock):
        return False
    record = collected(job, place, identity, source)
    write_record(bench.folders.record(job), record)
    bench.records[job.name] = record
    bench.missing.pop(job.name, None)
    found = ", ".join(f"{key} {value}" for key, value in record["figures"].items())
    memory = "" if record["megabytes"] is None else f", {record['megabytes']:,} MB"
    tell(f"  {found} in {duration(record['seconds'] or 0)}{memory}")
    return True


def train(bench: Bench, job: Job, place: Place, identity: Mapping[str, Any], ends_at: float, lock: TextIO) -> bool:
    """Run the process of a job, its cost noted whatever becomes of it; False if time was up before its end.

    Raises:
        UnusableError: it failed.
        KeyboardInterrupt: Ctrl-C.
    """
    command = command_of(job, bench.folders)
    earlier = (read_record(place.stamp) or {}).get("attempts", [])
    unknown = {"seconds": None, "megabytes": None}  # stays so if we are killed
    write_record(place.stamp, {**identity, "attempts": [*earlier, unknown]})
    ending = run(command, place.log, timeout_s=ends_at - perf_counter(), tell=tell, lock=lock)
    spent = {"seconds": round(ending.seconds, 1), "megabytes": ending.megabytes}
    write_record(place.stamp, {**identity, "attempts": [*earlier, spent]})
    if ending.code and ending.ended_by == "user":
        raise KeyboardInterrupt
    if ending.code and ending.ended_by == "time":
        return False
    if ending.code:
        anew = f"to start it anew, remove {place.out}"
        raise UnusableError(f"failed with exit code {ending.code} ({anew}); the end of {place.log}:\n{tail(place.log)}")
    return True


def left(bench: Bench, pending: Sequence[Job]) -> str:
    """How much there is to do, in words."""
    by_name = {entry.name: entry for entry in bench.entries}
    finished = [(by_name[record["name"]], record["seconds"]) for record in bench.records.values() if record["seconds"]]
    return f"about {duration(seconds_left(pending, finished))} left" if pending else "nothing left to do"


def tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def arguments(given: Sequence[str]) -> argparse.Namespace:
    """The options; where the data sets come from, if there is no folder of them."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", default="", metavar="DIR", help="the folder of the data sets")
    parser.add_argument("--only", type=entries, default=ENTRIES, metavar="NAMES", help="some of them, with commas")
    parser.add_argument("--seeds", type=seeds, default=(1, 2, 3), metavar="NUMBERS", help="with commas (1,2,3)")
    parser.add_argument("--configs", type=Path, default=CONFIGS, metavar="DIR", help="where the settings are")
    parser.add_argument(
        "--runs", type=Path, default=ROOT / "runs" / "benchmarks", metavar="DIR", help="where models are kept"
    )
    parser.add_argument("--results", type=Path, default=RESULTS, metavar="DIR", help="where the table is written")
    parser.add_argument("--time", type=minutes, default=float("inf"), metavar="MINUTES", help="end after so long")
    wanted = parser.parse_args(given)
    wanted.data = Path(wanted.data) if wanted.data else None
    if wanted.data is None or not wanted.data.is_dir():
        found = f"{wanted.data}: no such folder" if wanted.data else "no folder of data sets is named"
        parser.exit(2, f"{found}; expected make benchmarks DATA=DIR, or --data DIR\n\n{ORIGIN}\n")
    return wanted


def entries(text: str) -> tuple[Entry, ...]:
    """Entries by name."""
    by_name = {entry.name: entry for entry in ENTRIES}
    if unknown := [name for name in text.split(",") if name not in by_name]:
        raise argparse.ArgumentTypeError(f"{', '.join(unknown)}: unknown; expected some of {', '.join(by_name)}")
    return tuple(by_name[name] for name in text.split(","))


def seeds(text: str) -> tuple[int, ...]:
    """Different whole numbers, 0 or more."""
    numbers = text.split(",")
    if not all(number.isascii() and number.isdigit() for number in numbers) or len(set(numbers)) < len(numbers):
        raise argparse.ArgumentTypeError(f"{text!r}; expected different whole numbers, 0 or more, such as 1,2,3")
    return tuple(map(int, numbers))


def minutes(text: str) -> float:
    """More than 0."""
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not number > 0.0:
        raise argparse.ArgumentTypeError(f"{text!r}; expected a number of minutes, more than 0")
    return number


if __name__ == "__main__":
    sys.exit(main())
