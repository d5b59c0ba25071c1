"""What each option of training is worth on public data sets' dev splits: one setting changed at a time, several seeds.

python benchmarks/ablations.py --data DIR [--seeds 1,2,3] [--only SET,...] [--results benchmarks/results]

DIR is the folder of data sets that `make benchmarks` takes; what it measured of a set as configured is the base, and is
not run again. A training takes some minutes on two cores. Each that is finished is a file in
`benchmarks/results/ablations/`, and is not run again unless its settings or its files changed; all of them make
`benchmarks/results/ablations.json` and `ablations.md`. Options that did not help and are no more in the code cannot be
run again: their rows stand in benchmarks/results/left_out.json, as this command, or one that is no more, wrote them
when they were; with what they are compared with ("base") where that is not the set as it is configured now, and of a
set that no option is run on how that is done ("note").
"""

import argparse
import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, stdev
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from field_plan import Job, changes
from field_runs import Folders, UnusableError, identity_of, read_record, write_record
from field_sets import ENTRIES

from tocsin.data.files import written_whole
from tocsin.train.config import RunConfig, read_config
from tocsin.train.preparation import prepare
from tocsin.train.provenance import provenance
from tocsin.train.sets import Sets, load_sets
from tocsin.train.training import dev_score, train

ROOT = Path(__file__).resolve().parents[1]
RESULTS = Path(__file__).parent / "results"
CONFIGS = ROOT / "configs" / "benchmarks"
AS_IT_IS = "as configured"
OPTIONS: Mapping[str, Mapping[str, Mapping[str, Any]]] = {  # by set and by name: what is changed
    "re3d": {
        "no dropout of attention": {"model.attention_dropout": False},
        "no word shapes": {"model.shape_width": 0},
    },
    "satp_relevant": {
        "a bag of words beside the encoder": {"model.bag_of_words": True},
        "labels from a score of 0.5 on": {"model.label_threshold": 0.5},
        "windows: the largest score": {"model.pooling": "max"},
        "windows: learned weights": {"model.pooling": "learned"},
    },
    "india_police_docs": {
        "no bag of words": {"model.bag_of_words": False},
        "windows: the mean score": {"model.pooling": "mean"},
    },
}


@dataclass(frozen=True, slots=True)
class Training:
    """One option with one seed."""

    name: str  # of the set
    option: str
    seed: int
    data: Path  # the folder of data sets

    @property
    def file(self) -> str:
        """The name of its record.

        >>> Training("re3d", "no word shapes", 2, Path()).file
        're3d-no-word-shapes-seed2.json'
        """
        return f"{self.name}-{re.sub(r'[^a-z0-9]+', '-', self.option.lower())}-seed{self.seed}.json"

    @property
    def config(self) -> RunConfig:
        base = read_config(CONFIGS / f"{self.name}.toml", data=self.data)
        return base.with_settings({**OPTIONS[self.name][self.option], "seed": self.seed})

    def identity(self) -> dict[str, Any]:
        """All that decides what it comes to but the code, as `field_runs.identity_of` has it.

        Raises:
            UnusableError: a file is not there.
        """
        return {"config": self.config.to_json(), "data": _identity(self.name, self.seed, self.data)["data"]}


def main() -> None:
    wanted = _arguments()
    trainings = list(_trainings(wanted.data, wanted.seeds, wanted.only or list(OPTIONS)))
    sets: dict[str, Sets] = {}
    _write(wanted.results, _record(wanted.results, wanted.data, wanted.seeds))
    for number, training in enumerate(trainings, start=1):
        print(f"[{number}/{len(trainings)}] {training.name}: {training.option}, seed {training.seed}", file=sys.stderr)
        if _finished(training, wanted.results) is not None:
            continue
        if training.name not in sets:
            sets = {training.name: load_sets(training.config)}
        _once(training, sets[training.name], wanted.results)
        _write(wanted.results, _record(wanted.results, wanted.data, wanted.seeds))


def _trainings(data: Path, seeds: Sequence[int], names: Sequence[str]) -> Iterator[Training]:
    """All of the sets named with the first seed before any with the second."""
    return (Training(name, option, seed, data) for seed in seeds for name in names for option in OPTIONS[name])


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--seeds", type=lambda text: tuple(map(int, text.split(","))), default=(1, 2, 3))
    parser.add_argument("--only", type=_sets, default=[], metavar="SET,...")
    parser.add_argument("--results", type=Path, default=RESULTS)
    return parser.parse_args()


def _sets(text: str) -> list[str]:
    names = text.split(",")
    if unknown := [name for name in names if name not in OPTIONS]:
        raise argparse.ArgumentTypeError(f"{', '.join(unknown)}: unknown; expected some of {', '.join(OPTIONS)}")
    return names


def _identity(name: str, seed: int, data: Path) -> dict[str, Any]:
    folders = Folders(data.resolve(), CONFIGS, ROOT / "runs" / "benchmarks", RESULTS)
    return identity_of(_job(name, seed), folders)


def _job(name: str, seed: int) -> Job:
    return Job(next(entry for entry in ENTRIES if entry.name == name), seed)


def _finished(training: Training, results: Path) -> dict[str, Any] | None:
    """Its record; None if it has none, or it is of other settings, or of files that are others or not to be had."""
    return _holding(results / "ablations" / training.file, training.identity)


def _holding(path: Path, identity: Callable[[], dict[str, Any]]) -> dict[str, Any] | None:
    record = read_record(path)
    try:
        return None if record is None or changes(record, identity()) else record
    except UnusableError:
        return None


def _once(training: Training, sets: Sets, results: Path) -> None:
    """Train, and keep the score of the best epoch."""
    identity, source, started = training.identity(), provenance(), perf_counter()
    with TemporaryDirectory(prefix="tocsin-") as folder:
        run = prepare(training.config, sets.schema, sets.train, sets.dev)
        model = train(run, work=Path(folder) / "work", resume=False, watch=lambda _: None)
    score = dev_score(model, sets.dev, sets.schema)
    seconds = round(perf_counter() - started, 1)
    (results / "ablations").mkdir(parents=True, exist_ok=True)
    record = {"provenance": source, "dev": round(score, 4), "seconds": seconds, **identity}
    write_record(results / "ablations" / training.file, record)


def _record(results: Path, data: Path, seeds: Sequence[int]) -> dict[str, Any]:
    """What is finished, by set, option and seed; and what was measured of options that are no more."""
    gone = read_record(RESULTS / "left_out.json") or {}
    nothing: Mapping[str, Any] = {"rows": []}
    sets = [
        {
            "set": name,
            "rows": _rows(name, results, data, seeds),
            "left_out": gone.get(name, nothing)["rows"],
            "left_out_base": gone.get(name, nothing).get("base"),
        }
        for name in OPTIONS
    ]
    others = [
        {"set": name, "note": own["note"], "rows": [own["base"]], "left_out": own["rows"]}
        for name, own in gone.items()
        if name not in OPTIONS
    ]
    return {"sets": [*sets, *others]}


def _rows(name: str, results: Path, data: Path, seeds: Sequence[int]) -> list[dict[str, Any]]:
    found = {AS_IT_IS: {seed: _base(name, seed, results, data) for seed in seeds}}
    for option in OPTIONS[name]:
        found[option] = {seed: _finished(Training(name, option, seed, data), results) for seed in seeds}
    told = ("provenance", "dev", "seconds")
    return [
        {
            "option": option,
            "settings": dict(OPTIONS[name].get(option, {})),
            "runs": {str(seed): {key: run[key] for key in told} for seed, run in own.items() if run is not None},
        }
        for option, own in found.items()
    ]


def _base(name: str, seed: int, results: Path, data: Path) -> dict[str, Any] | None:
    """What `make benchmarks` measured with the settings and files as they are now; None if these are not to be had."""
    record = _holding(results / "field" / f"{_job(name, seed).name}.json", lambda: _identity(name, seed, data))
    return record and {**record, "dev": record["primary"]["value"]}


def _write(results: Path, record: Mapping[str, Any]) -> None:
    write_record(results / "ablations.json", record)
    with written_whole(results / "ablations.md") as stream:
        stream.write(markdown(record))


def markdown(record: Mapping[str, Any]) -> str:
    """The page of a record as `_record` makes it."""
    lines = [
        "# What each option of training is worth",
        "",
        "What `python benchmarks/ablations.py` measured; written by it, not by hand. On the dev split, the best epoch;",
        "of re3d entity micro-F1, of cameo_class macro-F1, of the others example-based F1. The difference is to a",
        "table's first row, seed by seed; ± is the standard deviation over seeds. What is as configured is from",
        "`make benchmarks`: its minutes are of the whole run, on all cores unless it says OMP_NUM_THREADS below: not",
        "to be compared with the others'.",
    ]
    for each in record["sets"]:
        lines += ["", f"## {each['set']}", *(["", each["note"]] if each.get("note") else [])]
        if len(each["rows"]) > 1:
            lines += ["", *_table(each["rows"])]
        if each["left_out"]:
            lines += ["", "Tried and left out of the code, as it did not help:", ""]
            lines += _table([each.get("left_out_base") or each["rows"][0], *each["left_out"]])
    rows = [row for each in record["sets"] for row in (*each["rows"], *each["left_out"])]
    sources = [own["provenance"] for row in rows for own in row["runs"].values()]
    commits = ", ".join(sorted({str(source["commit"]) for source in sources}))
    machines = "; ".join(sorted({source["machine"] for source in sources}))
    return "\n".join([*lines, "", f"Machine: {machines}. Trained at commit: {commits}.", ""])


def _table(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    base = {seed: own["dev"] for seed, own in rows[0]["runs"].items()}
    lines = ["| option | settings | seeds | dev | difference | minutes |", "| --- | --- | --- | --- | --- | --- |"]
    for number, row in enumerate(rows):
        scores = {seed: own["dev"] for seed, own in row["runs"].items()}
        differences = [score - base[seed] for seed, score in scores.items() if seed in base]
        minutes = [own["seconds"] / 60 for own in row["runs"].values()]
        settings = ", ".join(f"`{name} = {json.dumps(value)}`" for name, value in row["settings"].items()) or "–"
        cells = [row["option"], settings, ", ".join(scores) or "–", _spread(list(scores.values()))]
        cells += [_spread(differences, signed=True) if number else "–"]
        cells += [f"{mean(minutes):.1f}" if minutes else "–"]
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def _spread(values: Sequence[float], *, signed: bool = False) -> str:
    if not values:
        return "missing"
    told = f"{mean(values):+.3f}" if signed else f"{mean(values):.3f}"
    return f"{told} ± {stdev(values):.3f}" if len(values) > 1 else told


if __name__ == "__main__":
    main()
