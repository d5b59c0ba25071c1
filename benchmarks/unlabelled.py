"""What a teacher adds where most texts have no labels: cameo_class, with the labels of all but 150 texts taken away.

python benchmarks/unlabelled.py --data DIR [--seeds 1,2,3] [--results benchmarks/results]

DIR is the folder of data sets that `make benchmarks` takes. With each seed, 150 texts are drawn that keep their labels.
One model learns from these alone; another, with as many steps, from all texts, taught by the first. Both are scored on
the dev texts of `configs/benchmarks/cameo_class.toml`, at their best epoch. A seed takes some minutes on two cores; one
that is finished is not run again unless the config or the files changed. Writes unlabelled.json and unlabelled.md.
"""

import argparse
import random
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import mean, stdev
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from field_plan import Job, changes
from field_runs import ROOT, Folders, identity_of, read_record, write_record
from field_sets import ENTRIES

from tocsin.data.files import written_whole
from tocsin.data.schema import Schema
from tocsin.data.types import Document
from tocsin.train.config import DistillSettings, RunConfig, read_config
from tocsin.train.finish import finish
from tocsin.train.preparation import prepare
from tocsin.train.provenance import provenance
from tocsin.train.sets import Sets, load_sets
from tocsin.train.training import dev_score, train

RESULTS = Path(__file__).parent / "results"
CONFIGS = ROOT / "configs" / "benchmarks"
ENTRY = next(entry for entry in ENTRIES if entry.name == "cameo_class")
N_LABELLED = 150


def main() -> None:
    wanted = _arguments()
    folders = Folders(wanted.data.resolve(), CONFIGS, ROOT / "runs" / "benchmarks", wanted.results)
    path = wanted.results / "unlabelled.json"
    for seed in wanted.seeds:
        job = Job(ENTRY, seed)
        found, identity = read_record(path) or {}, {**identity_of(job, folders), "n_labelled": N_LABELLED}
        earlier = found.get("runs", {}).get(str(seed))
        if earlier and not changes(earlier, identity) and earlier["n_labelled"] == N_LABELLED:
            continue
        print(f"seed {seed}", file=sys.stderr)
        source, started = provenance(), perf_counter()
        config = read_config(folders.config(job), seed=seed, data=wanted.data)
        sets = load_sets(config)
        scores = compared(config, sets, N_LABELLED)
        seconds = round(perf_counter() - started, 1)
        run = {**scores, "n_texts": len(sets.train), "seconds": seconds, "provenance": source, **identity}
        _write(wanted.results, {"runs": {**found.get("runs", {}), str(seed): run}})


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--seeds", type=lambda text: tuple(map(int, text.split(","))), default=(1, 2, 3))
    parser.add_argument("--results", type=Path, default=RESULTS)
    return parser.parse_args()


def compared(config: RunConfig, sets: Sets, n_labelled: int) -> dict[str, float]:
    """The score on dev of a model of the labelled texts alone, and of one that it teaches with all of them."""
    labelled, everything = drawn(sets.train, n_labelled, config.seed)
    n_steps = config.optim.epochs * _batches(everything, config)
    longer = replace(config.optim, epochs=round(n_steps / _batches(labelled, config)))
    with TemporaryDirectory(prefix="tocsin-") as folder:
        teacher = Path(folder) / "teacher"
        alone = _score(replace(config, optim=longer), sets.schema, labelled, sets.dev, teacher)
        taught = replace(config, distill=DistillSettings((str(teacher),)))
        return {"alone": alone, "taught": _score(taught, sets.schema, everything, sets.dev, Path(folder) / "student")}


def drawn(documents: Sequence[Document], n_labelled: int, seed: int) -> tuple[list[Document], list[Document]]:
    """Some documents, drawn by a seed; and all of them in their order, those that were not drawn without labels."""
    chosen = set(random.Random(seed).sample(range(len(documents)), n_labelled))
    everything = [document if at in chosen else replace(document, labels=None) for at, document in enumerate(documents)]
    return [everything[at] for at in sorted(chosen)], everything


def _batches(documents: Sequence[Document], config: RunConfig) -> int:
    return -(-len(documents) // config.optim.batch_passages)


def _score(
    config: RunConfig, schema: Schema, documents: Sequence[Document], dev: Sequence[Document], out: Path
) -> float:
    """Train a model, leave it in a folder, and score its best epoch."""
    started = perf_counter()
    run = prepare(config, schema, documents, dev)
    model = train(run, work=out / "work", resume=False, watch=lambda _: None)
    finish(run, model, documents, out, seconds=perf_counter() - started)
    return round(dev_score(model, dev, schema), 4)


def _write(results: Path, record: Mapping[str, Any]) -> None:
    write_record(results / "unlabelled.json", record)
    with written_whole(results / "unlabelled.md") as stream:
        stream.write(markdown(record))


def markdown(record: Mapping[str, Any]) -> str:
    """The page of a record."""
    runs = dict(sorted(record["runs"].items(), key=lambda item: int(item[0])))
    differences = [run["taught"] - run["alone"] for run in runs.values()]
    n_texts, n_labelled = (sorted({run[name] for run in runs.values()})[0] for name in ("n_texts", "n_labelled"))
    sources = [run["provenance"] for run in runs.values()]
    minutes = mean(run["seconds"] / 60 for run in runs.values())
    lines = [
        "# What a teacher adds where most texts have no labels",
        "",
        f"What `python benchmarks/unlabelled.py` measured; written by it, not by hand. Of the {n_texts:,} texts of",
        f"cameo_class that are learned from, {n_labelled}, drawn anew with each seed, keep their labels. One model",
        "learns from these alone; another, with as many steps, from all texts, taught by the first (`[distill]`).",
        "Macro-F1 on dev, the best epoch. ± is the standard deviation over seeds.",
        "",
        f"| seed | {n_labelled} labelled texts alone | all texts, taught | difference |",
        "| --- | --- | --- | --- |",
        *(
            f"| {seed} | {run['alone']:.3f} | {run['taught']:.3f} | {run['taught'] - run['alone']:+.3f} |"
            for seed, run in runs.items()
        ),
        f"| mean | {_spread([run['alone'] for run in runs.values()])} | "
        f"{_spread([run['taught'] for run in runs.values()])} | {_spread(differences, '+')} |",
        "",
        f"Machine: {'; '.join(sorted({source['machine'] for source in sources}))}. "
        f"Trained at commit: {', '.join(sorted({str(source['commit']) for source in sources}))}. "
        f"Minutes a seed: {minutes:.1f}.",
        "",
    ]
    return "\n".join(lines)


def _spread(values: Sequence[float], sign: str = "") -> str:
    """
    >>> _spread([0.5, 0.7]), _spread([0.25], "+")
    ('0.600 ± 0.141', '+0.250')
    """
    told = f"{mean(values):{sign}.3f}"
    return f"{told} ± {stdev(values):.3f}" if len(values) > 1 else told


if __name__ == "__main__":
    main()
