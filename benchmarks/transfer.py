"""What it does for the five seed articles to start from another data set's model, or to learn beside that set.

python benchmarks/transfer.py [--data DIR] [--seeds 1,2,3] [--only NAME,...] [--models DIR] [--runs DIR]

Each row trains as `configs/seeds.toml` has it on four seed articles and is tested on the fifth, each held out once:

  packaged encoder     nothing else
  [init] from SET      from the encoder of the set's model of seed 1, as `make benchmarks` leaves it, in --models
  [joint] with SET     with the set beside the articles; DIR is the folder of data sets that `make benchmarks` takes

A training from another encoder costs what one from the packaged encoder does, about a minute on two cores; beside
another set it takes five times the steps. One that is finished is kept under --runs (runs/transfer) and not run
again unless its articles, settings, sets or start changed: the same command goes on after an interruption. A row that
lacks its model or its data is missing, and it is said what makes it. Writes benchmarks/results/transfer.json and
transfer.md with what there is, and with what an earlier record has of more seeds than are finished under --runs, such
as one made on another machine: it holds for the same articles and settings, and is marked as kept.
"""

import argparse
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from field import INTERRUPTED, seeds, tell
from field_plan import Job, changes, told
from field_runs import (
    ROOT,
    Folders,
    Place,
    UnusableError,
    identity_of,
    locked,
    mind_termination,
    read_record,
    write_record,
)
from field_sets import ENTRIES, Entry
from parts import BySeed, Part, costs, figures, finished, lead, predicted_by_seed, scored, trained
from transfer_table import markdown, verdict

from tocsin.data.errors import TocsinError
from tocsin.data.files import written_whole
from tocsin.model.artifact import record_of, weights_hash
from tocsin.model.encoder import DEFAULT_ENCODER
from tocsin.train.config import InitSettings, JointSettings, RunConfig, read_config
from tocsin.train.crossval import FoldResult
from tocsin.train.folds import Fold, folds, identity
from tocsin.train.joint import JointSet
from tocsin.train.leaks import leaks
from tocsin.train.provenance import provenance
from tocsin.train.sets import Sets, load_sets

BASE = ROOT / "configs" / "seeds.toml"
PACKAGED = "packaged encoder"
SEED = 1  # of the models that are started from
STARTS = ("re3d", "cameo_ner", "muc4")
TEMPERATURE = 0.25  # of [joint]: a set of a thousand rows is drawn four times as often as the articles
BESIDE = ("re3d", "cameo_ner", "satp_relevant", "muc4")


@dataclass(frozen=True, slots=True)
class Row:
    """One way to train on the seed articles."""

    name: str
    way: Literal["alone", "init", "joint"] = "alone"
    entry: Entry | None = None  # the other data set

    @property
    def folder(self) -> str:
        """Fit for a file system.

        >>> Row("[joint] with re3d").folder
        'joint-with-re3d'
        """
        return re.sub(r"\W+", "-", self.name).strip("-")

    @property
    def command(self) -> str:
        """What runs it."""
        named = "--data DIR " if self.way == "joint" else ""
        return f'python benchmarks/transfer.py {named}--only "{self.name}"'


@dataclass(frozen=True, slots=True)
class Ready:
    """A row that can be run."""

    part: Part
    origin: Mapping[str, Any]  # what it has beside the articles, as the record tells it
    notes: tuple[str, ...] = ()  # what is to be said when it is run


@dataclass(slots=True)
class Bench:
    """What is known while it goes on."""

    base: RunConfig
    sets: Sets  # of the seed articles
    seeds: tuple[int, ...]
    folders: Folders  # those of `make benchmarks`; its runs are the models that are started from
    has_data: bool  # whether the folder of data sets is named
    runs: Path
    rows: tuple[Row, ...]
    ready: dict[str, Ready] = field(default_factory=dict)  # by row
    missing: dict[str, str] = field(default_factory=dict)  # by row, why it cannot be run
    identities: dict[str, str] = field(default_factory=dict)  # by row that can be run, of all that decides its figures
    earlier: dict[str, Mapping[str, Any]] = field(default_factory=dict)  # by row, what an earlier record has of it
    found: dict[str, list[FoldResult]] = field(default_factory=dict)  # by row, what is finished
    source: Mapping[str, Any] = field(default_factory=dict)  # commit, machine and versions when it began


def _rows() -> tuple[Row, ...]:
    by_name = {entry.name: entry for entry in ENTRIES}
    starts = (Row(f"[init] from {name}", "init", by_name[name]) for name in STARTS)
    return (Row(PACKAGED), *starts, *(Row(f"[joint] with {name}", "joint", by_name[name]) for name in BESIDE))


ROWS = _rows()


def main() -> int:
    wanted = arguments(sys.argv[1:])
    data = wanted.data or Path()
    paths = (data, ROOT / "configs" / "benchmarks", wanted.models, Path(__file__).parent / "results")
    folders = Folders(*(path.resolve() for path in paths))
    base = read_config(BASE)
    bench = Bench(base, load_sets(base), wanted.seeds, folders, wanted.data is not None, wanted.runs.resolve(), ROWS)
    mind_termination()
    try:
        with locked(bench.runs):
            code = run_all(bench, wanted.only)
    except KeyboardInterrupt:
        tell("interrupted; the same command goes on from here")
        return INTERRUPTED
    except UnusableError as error:
        tell(str(error))
        return 1
    print(folders.results / "transfer.md")
    return code


def arguments(given: Sequence[str]) -> argparse.Namespace:
    """The options."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=_folder, default=None, metavar="DIR", help="the folder of the data sets")
    parser.add_argument("--seeds", type=seeds, default=(1, 2, 3), metavar="NUMBERS", help="with commas (1,2,3)")
    parser.add_argument("--only", type=_named, default=ROWS, metavar="NAMES", help="some of the rows, with commas")
    parser.add_argument(
        "--models", type=Path, default=ROOT / "runs" / "benchmarks", metavar="DIR", help="to start from"
    )
    parser.add_argument("--runs", type=Path, default=ROOT / "runs" / "transfer", metavar="DIR", help="what is finished")
    return parser.parse_args(given)


def _folder(text: str) -> Path:
    if not Path(text).is_dir():
        raise argparse.ArgumentTypeError(f"{text!r}: no such folder; expected the one that make benchmarks takes")
    return Path(text)


def _named(text: str) -> tuple[Row, ...]:
    """Rows by name."""
    by_name, names = {row.name: row for row in ROWS}, [name.strip() for name in text.split(",")]
    if unknown := [name for name in names if name not in by_name]:
        raise argparse.ArgumentTypeError(f"{', '.join(unknown)}: unknown; expected some of {', '.join(by_name)}")
    return tuple(by_name[name] for name in dict.fromkeys(names))


def run_all(bench: Bench, only: Sequence[Row]) -> int:
    """Train what is still to be trained of the rows wanted, a seed after the other, and write the table after each.

    Returns:
        The exit code: 1 if a training failed.

    Raises:
        KeyboardInterrupt: Ctrl-C; all that is done is kept.
    """
    bench.source = provenance()
    for row in bench.rows:
        look_at(bench, row)
    record = read_record(bench.folders.results / "transfer.json") or {}
    machine = record.get("provenance", {}).get("machine")
    bench.earlier = {row["part"]: {"machine": machine, **row} for row in record.get("rows", [])}
    for line in (line for row in only for line in _notes(bench, row)):
        tell(line)
    pending = _pending(bench, only)
    tell(f"{len(pending)} trainings to go")
    write(bench)
    n_failed = 0
    for number, (row, fold) in enumerate(pending, start=1):
        held_out = ", ".join(document.article.id for document in fold.held_out)
        tell(f"[{number}/{len(pending)}] {row.name}, seed {fold.seed}, without {held_out}")
        try:
            bench.found[row.name].append(trained(bench.ready[row.name].part, fold, _folds(bench, row)))
        except TocsinError as error:
            tell(f"  {error}")
            n_failed += 1
            bench.missing[row.name] = _unnamed(row)
        write(bench)
    return 1 if n_failed else 0


def _pending(bench: Bench, only: Sequence[Row]) -> list[tuple[Row, Fold]]:
    """What is not finished of the rows wanted, all of them with the first seed before any with the second."""
    found = []
    for row in only:
        if ready := bench.ready.get(row.name):
            done = {result.fold.name for result in bench.found[row.name]}
            found += [(row, fold) for fold in ready.part.folds if fold.name not in done]
    return sorted(found, key=lambda each: bench.seeds.index(each[1].seed))


def _folds(bench: Bench, row: Row) -> Path:
    """Where its finished trainings lie; a fold's file has the same name in all rows."""
    return bench.runs / row.folder / "folds"


def look_at(bench: Bench, row: Row) -> None:
    """Note what a row is to be trained with and what of it is finished, or why it cannot be trained."""
    ways = {"alone": _alone, "init": _started, "joint": _beside}
    try:
        ready = ways[row.way](bench, row)
    except UnusableError as error:
        bench.missing[row.name] = str(error)
    except TocsinError as error:
        tell(f"{row.name}: {error}")
        bench.missing[row.name] = _unnamed(row)
    else:
        _folds(bench, row).mkdir(parents=True, exist_ok=True)
        bench.ready[row.name], bench.found[row.name] = ready, finished(ready.part, _folds(bench, row))
        part = ready.part
        bench.identities[row.name] = identity(part.config, part.schema, bench.sets.train, beside=part.beside)


def _unnamed(row: Row) -> str:
    """Instead of the text of an error, which names folders of this machine and has no place among results."""
    return f"cannot be trained; this says why: {row.command}"


def _notes(bench: Bench, row: Row) -> Iterator[str]:
    if row.name in bench.missing:
        yield f"{row.name}: {bench.missing[row.name]}"
    if ready := bench.ready.get(row.name):
        yield from (f"note: {note}" for note in ready.notes)


def _part(bench: Bench, row: Row, config: RunConfig, *beside: JointSet) -> Part:
    plan = tuple(folds(tuple(bench.sets.train), bench.seeds))
    return Part(row.name, config, bench.sets.schema, plan, beside)


def _alone(bench: Bench, row: Row) -> Ready:
    return Ready(_part(bench, row, bench.base), {})


def _started(bench: Bench, row: Row) -> Ready:
    """A row that starts from a model of another set.

    Raises:
        UnusableError: there is none, it is of other settings, or it has seen the seed articles.
        ArtifactError: it was altered.
    """
    assert row.entry
    job = Job(row.entry, SEED)
    place = Place(bench.folders.runs, job)
    if not place.has_model:
        raise UnusableError(f"no finished model {job.name} in the folder of --models; make it: {_makes(place)}")
    facts = record_of(place.out).run
    settings = read_config(bench.folders.config(job), seed=SEED).to_json()
    if changed := changes({"config": facts["config"]}, {"config": settings}):
        again = f"make it again: {_makes(place)} --overwrite"
        raise UnusableError(f"the model {job.name} is of other settings ({told(changed)}); {again}")
    config = replace(bench.base, encoder=DEFAULT_ENCODER, init=InitSettings(str(place.out)))
    if any(leaks(config, bench.sets.train)):
        another = f"make one that has not: {_makes(place)} --overwrite"
        raise UnusableError(f"the model {job.name} has seen the seed articles; {another}")
    start = {"model": job.name, "config": row.entry.config, "trained_at": facts["provenance"]["commit"]}
    return Ready(_part(bench, row, config), {"started_from": {**start, "weights_sha256": weights_hash(place.out)}})


def _makes(place: Place) -> str:
    """The command that trains a model. `make benchmarks` does not where a result is kept but its model is not."""
    out = place.out.relative_to(ROOT) if place.out.is_relative_to(ROOT) else Path("MODELS", place.out.name)
    config = f"configs/benchmarks/{place.job.entry.config}.toml"
    return f"tocsin train {config} --data DIR --seed {place.job.seed} --out {out}"


def _beside(bench: Bench, row: Row) -> Ready:
    """A row that learns from another set as well.

    Raises:
        UnusableError: its files are not there.
        ConfigError, DataError: they are not to be read.
    """
    assert row.entry
    if not bench.has_data:
        raise UnusableError(f"the folder of the data sets was not named; run: {row.command}")
    job, base = Job(row.entry, SEED), bench.base
    try:
        files = identity_of(job, bench.folders)["data"]
    except UnusableError as error:
        raise UnusableError(f"{error}; with it there, run: {row.command}") from error
    # --data is for the other set: the articles' own paths stay those of their config.
    own = tuple(str(path.resolve()) for path in base.data_paths(base.data.train))
    joint = JointSettings((str(bench.folders.config(job)),), TEMPERATURE)
    config = replace(base, joint=joint, data=replace(base.data, train=own), data_base=str(bench.folders.data))
    sets = load_sets(config)
    (other,) = sets.beside
    learned = {name: files[name] for name in other.config.data.train}
    origin = {"config": row.entry.config, "files": learned, "documents": len(other.documents)}
    notes = tuple(str(warning) for warning in sets.warnings if warning.where.startswith("[joint]"))
    return Ready(_part(bench, row, config, other), {"learned_beside": origin}, notes)


def write(bench: Bench) -> None:
    """The record and its table, with what is finished."""
    gold = tuple(bench.sets.train)
    scores = {row.name: scored(gold, predicted_by_seed(bench.found.get(row.name, []), gold)) for row in bench.rows}
    rows = [_earlier(bench, row) or record_of_row(bench, row, scores[row.name], scores[PACKAGED]) for row in bench.rows]
    seconds = round(sum(row.get("seconds", 0.0) for row in rows), 1)
    record = {"provenance": dict(bench.source), "seeds": list(bench.seeds), "seconds": seconds, "rows": rows}
    bench.folders.results.mkdir(parents=True, exist_ok=True)
    write_record(bench.folders.results / "transfer.json", record)
    with written_whole(bench.folders.results / "transfer.md") as stream:
        stream.write(markdown(record))


def _earlier(bench: Bench, row: Row) -> dict[str, Any] | None:
    """What an earlier record has of a row, if that is of more seeds than what is finished here, and holds still.

    Without its model or its data a row is not known by more than the articles and settings of all rows.
    """
    kept, base = bench.earlier.get(row.name, {}), bench.earlier.get(PACKAGED, {})
    seeds = [seed for seed in kept.get("seeds", []) if seed in bench.seeds]
    known = (bench.identities[row.name], kept) if row.name in bench.ready else (bench.identities.get(PACKAGED), base)
    n_here = len(predicted_by_seed(bench.found.get(row.name, []), tuple(bench.sets.train)))
    if len(seeds) <= n_here or known[0] != known[1].get("identity"):
        return None
    unfinished = [seed for seed in bench.seeds if seed not in seeds]
    lacking = {"missing": _why(bench, row), "missing_seeds": unfinished} if unfinished else {}
    told = {key: value for key, value in kept.items() if key not in ("missing", "missing_seeds")}
    return {**told, **lacking, "kept": True}


def _why(bench: Bench, row: Row) -> str:
    return bench.missing.get(row.name, f"not run yet; run: {row.command}")


def record_of_row(bench: Bench, row: Row, scores: BySeed, packaged: BySeed) -> dict[str, Any]:
    """The figures of a row and its lead over the packaged encoder on the seeds that both have, or why there are none.

    Args:
        bench: what is known.
        row: which it is.
        scores: its own, of seeds with which every article was predicted.
        packaged: those of the packaged encoder.
    """
    unfinished = [seed for seed in bench.seeds if seed not in scores]
    lacking = {"missing": _why(bench, row), "missing_seeds": unfinished} if unfinished else {}
    if not scores:
        return {"part": row.name, **lacking}
    found = [result for result in bench.found[row.name] if result.fold.seed in scores]
    both = [seed for seed in scores if seed in packaged and row.name != PACKAGED]
    over = lead({seed: scores[seed] for seed in both}, {seed: packaged[seed] for seed in both}) if both else {}
    return {
        "part": row.name, "identity": bench.identities[row.name], "machine": bench.source["machine"],
        "n_train": len(found[0].fold.train), "n_test": len(bench.sets.train), **lacking,
        **bench.ready[row.name].origin, **figures(scores),
        "over_packaged": over, "over_packaged_seeds": both, **verdict(over),
        "n_left_out": sum(result.n_left_out for result in found), **costs(found),
    }  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
