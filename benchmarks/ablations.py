"""What each option of training is worth on re3d's dev split: one setting changed at a time, several seeds each.

python benchmarks/ablations.py --data DIR [--seeds 1,2,3] [--only NAME,...] [--runs runs/ablations]

DIR is the folder of data sets that `make benchmarks` takes. A training of `configs/benchmarks/re3d.toml` takes some
minutes on two cores; one that is finished is kept under --runs and not run again unless its settings changed. Writes
benchmarks/results/ablations.json and ablations.md with what there is. Teachers are the three models of re3d that
`make benchmarks DATA=DIR ARGS="--only re3d"` leaves; without them nothing is distilled.
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

from tocsin.data.files import written_whole
from tocsin.model.artifact import weights_hash
from tocsin.train.config import RunConfig, read_config
from tocsin.train.folds import without_later
from tocsin.train.provenance import provenance
from tocsin.train.sets import Sets, load_sets
from tocsin.train.training import dev_score, prepare, train

ROOT = Path(__file__).resolve().parents[1]
RESULTS = Path(__file__).parent / "results"
CONFIG = ROOT / "configs" / "benchmarks" / "re3d.toml"
AS_IT_IS = "as configured"
TAUGHT = "taught by three models that differ in their seeds"
VARIANTS: Mapping[str, Mapping[str, Any]] = {
    AS_IT_IS: {},
    "weights averaged over steps": {"optim.averaging": 0.98},
    "layer-wise rates": {"optim.layer_decay": 0.9},
    "a rate of its own for the CRF": {"optim.crf_learning_rate": 2e-2},
    "no dropout of attention": {"model.attention_dropout": False},
    "no word shapes": {"model.shape_width": 0},
    TAUGHT: {"distill.teacher": [f"../../runs/benchmarks/re3d-seed{seed}" for seed in (1, 2, 3)]},
}


def main() -> None:
    wanted = _arguments()
    config = read_config(CONFIG, data=wanted.data)
    sets = load_sets(config)
    names = [name for name in wanted.only or VARIANTS if _is_possible(config.with_settings(VARIANTS[name]))]
    jobs = [(name, seed) for seed in wanted.seeds for name in names]
    for number, (name, seed) in enumerate(jobs, start=1):
        print(f"[{number}/{len(jobs)}] {name}, seed {seed}", file=sys.stderr)
        settings = config.with_settings({**VARIANTS[name], "seed": seed})
        _once(settings, sets, wanted.runs / f"{_identity(settings)}.json")
        _write(_record(config, wanted.runs, wanted.seeds))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--seeds", type=lambda text: tuple(map(int, text.split(","))), default=(1, 2, 3))
    parser.add_argument("--only", type=lambda text: text.split(","), default=[])
    parser.add_argument("--runs", type=Path, default=ROOT / "runs" / "ablations")
    return parser.parse_args()


def _is_possible(config: RunConfig) -> bool:
    """Whether the teachers are there, if it has any; says so if not."""
    lacking = [folder for folder in config.paths(config.distill.teacher) if not folder.is_dir()]
    if lacking:
        print(f"not run: no model {', '.join(map(str, lacking))}", file=sys.stderr)
    return not lacking


def _identity(config: RunConfig) -> str:
    """What tells one training from another: its settings but those that came later, and its teachers' weights."""
    known = {"settings": without_later(config.to_json())}
    if config.distill.teacher and _is_possible(config):
        known["teachers"] = [weights_hash(folder) for folder in config.paths(config.distill.teacher)]
    return hashlib.sha256(json.dumps(known, sort_keys=True).encode()).hexdigest()[:16]


def _once(config: RunConfig, sets: Sets, path: Path) -> None:
    """Train, unless that was done before, and keep the score of the best epoch."""
    if path.exists():
        return
    source, started = provenance(), perf_counter()
    with TemporaryDirectory(prefix="tocsin-") as folder:
        run = prepare(config, sets.schema, sets.train, sets.dev)
        model = train(run, work=Path(folder) / "work", resume=False, watch=lambda _: None)
    score = dev_score(model, sets.dev, sets.schema)
    record = {"provenance": source, "dev": round(score, 4), "seconds": round(perf_counter() - started, 1)}
    path.parent.mkdir(parents=True, exist_ok=True)
    with written_whole(path) as stream:
        stream.write(json.dumps(record) + "\n")


def _record(config: RunConfig, runs: Path, seeds: Sequence[int]) -> dict[str, Any]:
    """What is finished, by variant and seed."""
    rows = []
    for name, changes in VARIANTS.items():
        paths = {seed: runs / f"{_identity(config.with_settings({**changes, 'seed': seed}))}.json" for seed in seeds}
        found = {seed: json.loads(path.read_text(encoding="utf-8")) for seed, path in paths.items() if path.exists()}
        rows.append(
            {"variant": name, "settings": dict(changes), "runs": {str(seed): own for seed, own in found.items()}}
        )
    return {"data": "re3d", "measure": "entity micro-F1 on dev, best epoch", "rows": rows}


def _write(record: Mapping[str, Any]) -> None:
    (RESULTS / "ablations.json").write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    (RESULTS / "ablations.md").write_text(_markdown(record), encoding="utf-8")


def _markdown(record: Mapping[str, Any]) -> str:
    base = {seed: own["dev"] for seed, own in record["rows"][0]["runs"].items()}
    lines = [
        "# What each option is worth on re3d",
        "",
        "What `python benchmarks/ablations.py` measured; written by it, not by hand. Entity micro-F1 on the dev split,",
        "best epoch. The difference is to the config as it is, seed by seed; ± is the standard deviation over seeds.",
        "",
        "| variant | settings | seeds | dev F1 | difference | minutes |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for row in record["rows"]:
        scores = {seed: own["dev"] for seed, own in row["runs"].items()}
        differences = [score - base[seed] for seed, score in scores.items() if seed in base]
        minutes = [own["seconds"] / 60 for own in row["runs"].values()]
        settings = ", ".join(f"`{name} = {json.dumps(value)}`" for name, value in row["settings"].items()) or "–"
        cells = [row["variant"], settings, ", ".join(scores) or "–", _spread(list(scores.values()))]
        cells += ["–" if row["variant"] == AS_IT_IS else _spread(differences, signed=True)]
        cells += [f"{mean(minutes):.1f}" if minutes else "–"]
        lines.append(f"| {' | '.join(cells)} |")
    sources = [own["provenance"] for row in record["rows"] for own in row["runs"].values()]
    commits = ", ".join(sorted({str(source["commit"]) for source in sources}))
    machines = ", ".join(sorted({source["machine"] for source in sources}))
    return "\n".join([*lines, "", f"Machine: {machines}. Trained at commit: {commits}.", ""])


def _spread(values: Sequence[float], *, signed: bool = False) -> str:
    if not values:
        return "missing"
    told = f"{mean(values):+.3f}" if signed else f"{mean(values):.3f}"
    return f"{told} ± {stdev(values):.3f}" if len(values) > 1 else told


if __name__ == "__main__":
    main()
