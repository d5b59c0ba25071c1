"""What each option of training is worth on public data sets' dev splits: one setting changed at a time, several seeds.

python benchmarks/ablations.py --data DIR [--seeds 1,2,3] [--only SET,...] [--runs runs/ablations]

DIR is the folder of data sets that `make benchmarks` takes; what it measured of a set as configured is the base, and is
not run again. A training takes some minutes on two cores; one that is finished is kept under --runs and not run again
unless its settings changed. Writes benchmarks/results/ablations.json and ablations.md with what there is. Teachers are
the models of three seeds that `make benchmarks DATA=DIR ARGS="--only re3d"` leaves in runs/benchmarks. Options that did
not help and are no more in the code cannot be run again: their rows, as this command wrote them when they were, stand
in benchmarks/results/left_out.json.
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import mean, stdev
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from field_plan import Job, changes
from field_runs import Folders, UnusableError, identity_of, read_record, write_record
from field_sets import ENTRIES

from tocsin.data.files import written_whole
from tocsin.model.artifact import weights_hash
from tocsin.train.config import RunConfig, read_config, settled
from tocsin.train.preparation import prepare
from tocsin.train.provenance import provenance
from tocsin.train.sets import Sets, load_sets
from tocsin.train.training import dev_score, train

ROOT = Path(__file__).resolve().parents[1]
RESULTS = Path(__file__).parent / "results"
CONFIGS = ROOT / "configs" / "benchmarks"
AS_IT_IS = "as configured"
TEACHERS = [f"../../runs/benchmarks/re3d-seed{seed}" for seed in (1, 2, 3)]  # from CONFIGS
OPTIONS: Mapping[str, Mapping[str, Mapping[str, Any]]] = {  # by set and by name: what is changed
    "re3d": {
        "taught by three models that differ in their seeds": {"distill.teacher": TEACHERS},
        "no dropout of attention": {"model.attention_dropout": False},
        "no word shapes": {"model.shape_width": 0},
    },
    "satp_relevant": {
        "a bag of words beside the encoder": {"model.bag_of_words": True},
        "labels from a score of 0.5 on": {"model.label_threshold": 0.5},
        "windows: the largest score": {"model.pooling": "max"},
        "windows: learned weights": {"model.pooling": "learned"},
    },
    "india_police_docs": {"no bag of words": {"model.bag_of_words": False}},
}


def main() -> None:
    wanted = _arguments()
    configs = {name: read_config(CONFIGS / f"{name}.toml", data=wanted.data) for name in wanted.only or OPTIONS}
    jobs = [(name, option, seed) for seed in wanted.seeds for name in configs for option in OPTIONS[name]]
    sets: dict[str, Sets] = {}
    _write(_record(wanted.data, wanted.runs, wanted.seeds))
    for number, (name, option, seed) in enumerate(jobs, start=1):
        settings = configs[name].with_settings({**OPTIONS[name][option], "seed": seed})
        print(f"[{number}/{len(jobs)}] {name}: {option}, seed {seed}", file=sys.stderr)
        if lacking := _lacking(settings):
            print(f"  not run: no model {lacking}; make benchmarks trains it", file=sys.stderr)
            continue
        sets = sets if name in sets else {name: load_sets(configs[name])}
        _once(settings, sets[name], _path(settings, wanted.runs))
        _write(_record(wanted.data, wanted.runs, wanted.seeds))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--seeds", type=lambda text: tuple(map(int, text.split(","))), default=(1, 2, 3))
    parser.add_argument("--only", type=_sets, default=[], metavar="SET,...")
    parser.add_argument("--runs", type=Path, default=ROOT / "runs" / "ablations")
    return parser.parse_args()


def _sets(text: str) -> list[str]:
    names = text.split(",")
    if unknown := [name for name in names if name not in OPTIONS]:
        raise argparse.ArgumentTypeError(f"{', '.join(unknown)}: unknown; expected some of {', '.join(OPTIONS)}")
    return names


def _lacking(config: RunConfig) -> str:
    """The first teacher that is not there; "" if none lacks."""
    return next((str(folder) for folder in config.paths(config.distill.teacher) if not folder.is_dir()), "")


def _path(config: RunConfig, runs: Path) -> Path:
    """Where a training is kept: by its settings that are not as by default, and its teachers' weights."""
    teachers = [] if _lacking(config) else [weights_hash(folder) for folder in config.paths(config.distill.teacher)]
    default = settled({})
    own = {key: value for key, value in settled(config.to_json()).items() if value != default.get(key)}
    known = json.dumps([own, teachers], sort_keys=True)
    return runs / f"{hashlib.sha256(known.encode()).hexdigest()[:16]}.json"


def _once(config: RunConfig, sets: Sets, path: Path) -> None:
    """Train, unless that was done before, and keep the score of the best epoch."""
    if path.exists():
        return
    source, started = provenance(), perf_counter()
    with TemporaryDirectory(prefix="tocsin-") as folder:
        run = prepare(config, sets.schema, sets.train, sets.dev)
        model = train(run, work=Path(folder) / "work", resume=False, watch=lambda _: None)
    score = dev_score(model, sets.dev, sets.schema)
    path.parent.mkdir(parents=True, exist_ok=True)
    seconds = round(perf_counter() - started, 1)
    write_record(path, {"provenance": source, "dev": round(score, 4), "seconds": seconds})


def _record(data: Path, runs: Path, seeds: Sequence[int]) -> dict[str, Any]:
    """What is finished, by set, option and seed; and what was measured of options that are no more."""
    gone = read_record(RESULTS / "left_out.json") or {}
    return {
        "sets": [
            {"set": name, "rows": _rows(name, data, runs, seeds), "left_out": gone.get(name, [])} for name in OPTIONS
        ]
    }


def _rows(name: str, data: Path, runs: Path, seeds: Sequence[int]) -> list[dict[str, Any]]:
    config = read_config(CONFIGS / f"{name}.toml", data=data)
    found = {AS_IT_IS: {str(seed): _base(name, seed, data) for seed in seeds}}
    for option, changed in OPTIONS[name].items():
        paths = {str(seed): _path(config.with_settings({**changed, "seed": seed}), runs) for seed in seeds}
        found[option] = {seed: read_record(path) for seed, path in paths.items()}
    return [
        {
            "option": option,
            "settings": dict(OPTIONS[name].get(option, {})),
            "runs": {seed: run for seed, run in own.items() if run is not None},
        }
        for option, own in found.items()
    ]


def _base(name: str, seed: int, data: Path) -> dict[str, Any] | None:
    """What `make benchmarks` measured with the settings and files as they are now; None if these are not to be had."""
    folders = Folders(data.resolve(), CONFIGS, ROOT / "runs" / "benchmarks", RESULTS)
    job = Job(next(entry for entry in ENTRIES if entry.name == name), seed)
    record = read_record(folders.record(job))
    try:
        if record is None or changes(record, identity_of(job, folders)):
            return None
    except UnusableError:
        return None
    return {"provenance": record["provenance"], "dev": record["primary"]["value"], "seconds": record["seconds"]}


def _write(record: Mapping[str, Any]) -> None:
    write_record(RESULTS / "ablations.json", record)
    with written_whole(RESULTS / "ablations.md") as stream:
        stream.write(markdown(record))


def markdown(record: Mapping[str, Any]) -> str:
    """The page of a record as `_record` makes it."""
    lines = [
        "# What each option of training is worth",
        "",
        "What `python benchmarks/ablations.py` measured; written by it, not by hand. On the dev split, the best epoch;",
        "of re3d entity micro-F1, of the others example-based F1. The difference is to the config as it is, seed by",
        "seed; ± is the standard deviation over seeds. The base is what `make benchmarks` measured: its minutes are of",
        "the whole run, on all cores unless it says OMP_NUM_THREADS below: not to be compared with the others'.",
    ]
    for each in record["sets"]:
        lines += ["", f"## {each['set']}", "", *_table(each["rows"])]
        if each["left_out"]:
            lines += ["", "Tried and left out of the code, as it did not help:", ""]
            lines += _table([each["rows"][0], *each["left_out"]])
    rows = [row for each in record["sets"] for row in (*each["rows"], *each["left_out"])]
    sources = [own["provenance"] for row in rows for own in row["runs"].values()]
    commits = ", ".join(sorted({str(source["commit"]) for source in sources}))
    machines = "; ".join(sorted({source["machine"] for source in sources}))
    return "\n".join([*lines, "", f"Machine: {machines}. Trained at commit: {commits}.", ""])


def _table(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    base = {seed: own["dev"] for seed, own in rows[0]["runs"].items()}
    lines = ["| option | settings | seeds | dev | difference | minutes |", "| --- | --- | --- | --- | --- | --- |"]
    for row in rows:
        scores = {seed: own["dev"] for seed, own in row["runs"].items()}
        differences = [score - base[seed] for seed, score in scores.items() if seed in base]
        minutes = [own["seconds"] / 60 for own in row["runs"].values()]
        settings = ", ".join(f"`{name} = {json.dumps(value)}`" for name, value in row["settings"].items()) or "–"
        cells = [row["option"], settings, ", ".join(scores) or "–", _spread(list(scores.values()))]
        cells += ["–" if row["option"] == AS_IT_IS else _spread(differences, signed=True)]
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
