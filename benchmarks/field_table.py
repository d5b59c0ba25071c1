"""The records of finished runs as one table: a summary for machines, and Markdown to read; no file is touched here."""

from collections import Counter
from collections.abc import Mapping, Sequence
from statistics import mean, stdev
from typing import Any

from field_sets import Entry, Measure

Record = Mapping[str, Any]
Missing = Mapping[str, str]  # by job ("re3d-seed2"), why there is no figure of it

NONE = "–"
NO_FIGURE = "its record has no such figure"
SOURCES = ("commit", "machine", "python", "date")
NOTES = """\
Our figures are of the **dev** split, on which the best epoch of each run was chosen and the settings of each config
were tuned too: they are optimistic. Published figures are of the **test** split and of encoders about five times as
large; the two columns are for orientation, and no difference between them is a result. Targets were set for the mean
of three seeds on dev. ± is the standard deviation over seeds, of which there are few: it says nothing about other data.
re3d_mpnet is re3d with the larger packaged encoder, of 109 million parameters; the targets are those of the default
one, of 22 million. cameo_ner and cameo_class come without a dev split: a tenth of train is held out, the same for
every seed.
Minutes and memory (the highest resident set) are of a whole run: reading, training, scores, saving;
≥ marks those of which the cost of an interrupted part is unknown. OMP_NUM_THREADS=1 after
a machine's cores, below, marks runs that had one core of them: minutes are longer there than on all cores."""
PEER_NOTES = """\
Every system learned from the same sentences (without those that dev has too) and is scored by the same measure on every
sentence of the same dev split; what a system cuts off counts as missed. The plain fine-tune starts from the same
encoder; with the rate of the public recipe it takes the last epoch as that does, with ours the best one on dev, as
tocsin and spaCy do."""
PUBLISHED = """\
Sources: aunabilChakmaArizona/ConfliBERT-v2 (2026; one protocol, learning rate chosen on dev, 3 seeds); GRIT (Du, Rush
and Cardie, EACL 2021); TempGen (Huang et al., EMNLP 2021); GTT (Du, Rush and Cardie, NAACL 2021); IterX (Chen et al.,
EACL 2023)."""


def summary(
    entries: Sequence[Entry], seeds: Sequence[int], records: Mapping[str, Record], missing: Missing
) -> list[dict[str, Any]]:
    """A row for each measure of each entry, whether or not anything was run of it.

    Args:
        seeds: those there should be; records of others are not looked at.
        records: by job, only those that hold.
        missing: why a job has none; one that is not named was not run yet.
    """
    return [_row(entry, measure, seeds, records, missing) for entry in entries for measure in entry.measures]


def _row(
    entry: Entry, measure: Measure, seeds: Sequence[int], records: Mapping[str, Record], missing: Missing
) -> dict[str, Any]:
    names = {seed: f"{entry.name}-seed{seed}" for seed in seeds}
    found = {seed: records[name] for seed, name in names.items() if name in records}
    values = {seed: record["figures"].get(measure.key) for seed, record in found.items()}
    known = [value for value in values.values() if value is not None]
    lacking = {seed: missing.get(name, "not run yet") for seed, name in names.items() if seed not in found}
    lacking |= {seed: NO_FIGURE for seed, value in values.items() if value is None}
    average = mean(known) if known else None
    target = None if entry.peer else measure.target
    return {
        "entry": entry.name,
        "title": entry.peer.title if entry.peer else "tocsin",
        "is_peer": entry.peer is not None,
        "key": measure.key,
        "measure": measure.name,
        "values": {str(seed): value for seed, value in values.items() if value is not None},
        "mean": _rounded(average),
        "sd": _rounded(stdev(known)) if len(known) > 1 else None,
        "target": target,
        "above_target": None if average is None or target is None else _rounded(average - target),
        "published_on_test": measure.published,
        "missing": {str(seed): why for seed, why in sorted(lacking.items())},
        **_costs(list(found.values())),
    }


def _costs(records: Sequence[Record]) -> dict[str, Any]:
    megabytes = [record["megabytes"] for record in records if record["megabytes"] is not None]
    return {
        "seconds": round(mean(record["seconds"] for record in records), 1) if records else None,
        "megabytes": max(megabytes, default=None),
        "best_epochs": [record.get("best_epoch") for record in records],
        "documents": records[0].get("documents") if records else None,
        "interrupted": sum(1 for record in records if record.get("interrupted")),
        "seconds_are_whole": all(record.get("seconds_are_whole", True) for record in records),
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def markdown(rows: Sequence[Mapping[str, Any]], records: Mapping[str, Record], seeds: Sequence[int]) -> str:
    """The page: what tocsin reaches, the peers beside it, what is missing, and where the figures come from."""
    own = [row for row in rows if not row["is_peer"]]
    peers = [row for row in rows if row["is_peer"]]
    same_data = [row for row in own if row["entry"] == "re3d"]
    parts = [
        "# The field's public data sets",
        "What `make benchmarks` measured; written by it, not by hand.",
        _table(HEAD, [_own_cells(row, seeds) for row in own]),
        NOTES,
        "## Other systems on re3d",
        _table(PEER_HEAD, [_peer_cells(row, seeds) for row in (*same_data, *peers)]),
        PEER_NOTES,
        "## What is missing",
        missing_text(rows),
        "## Where the figures come from",
        sources(records),
        PUBLISHED,
    ]
    return "\n\n".join(parts) + "\n"


HEAD = ("set", "measure", "tocsin, dev", "seeds", "target, dev", "", "published, test", "best epochs", "minutes", "MB")
PEER_HEAD = ("system", "measure", "dev", "seeds", "best epochs", "minutes", "MB")


def _own_cells(row: Mapping[str, Any], seeds: Sequence[int]) -> list[str]:
    target = NONE if row["target"] is None else f"{row['target']:.2f}"
    reached = _reached(row["above_target"])
    published = row["published_on_test"] or NONE
    return [
        row["entry"],
        row["measure"],
        _figure(row),
        _seeds(row, seeds),
        target,
        reached,
        published,
        *_cost_cells(row),
    ]


def _peer_cells(row: Mapping[str, Any], seeds: Sequence[int]) -> list[str]:
    return [row["title"], row["measure"], _figure(row), _seeds(row, seeds), *_cost_cells(row)]


def _figure(row: Mapping[str, Any]) -> str:
    """
    >>> _figure({"mean": 0.7312, "sd": 0.0041})
    '0.731 ± 0.004'
    """
    if row["mean"] is None:
        return "missing"
    return f"{row['mean']:.3f}" + (f" ± {row['sd']:.3f}" if row["sd"] is not None else "")


def _reached(above: float | None) -> str:
    """
    >>> _reached(-0.012), _reached(-0.0001), _reached(0.004), _reached(None)
    ('short by 0.012', 'short by less than 0.001', 'reached (+0.004)', '–')
    """
    if above is None:
        return NONE
    if above >= 0:
        return f"reached (+{above:.3f})"
    return f"short by {-above:.3f}" if above <= -0.001 else "short by less than 0.001"


def _seeds(row: Mapping[str, Any], seeds: Sequence[int]) -> str:
    """
    >>> _seeds({"values": {"1": 0.5}}, [1, 2, 3])
    '1 of 3'
    """
    return f"{len(row['values'])} of {len(seeds)}"


def _cost_cells(row: Mapping[str, Any]) -> list[str]:
    epochs = ", ".join(NONE if epoch is None else str(epoch) for epoch in row["best_epochs"]) or NONE
    minutes = NONE if row["seconds"] is None else f"{row['seconds'] / 60:.1f}"
    minutes = ("" if row["seconds_are_whole"] else "≥ ") + minutes + ("†" if row["interrupted"] else "")
    return [epochs, minutes, NONE if row["megabytes"] is None else f"{row['megabytes']:,}"]


def missing_text(rows: Sequence[Mapping[str, Any]]) -> str:
    """Every run there is no figure of, with the reason; those of one reason together."""
    found: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        for seed, why in row["missing"].items():
            seeds = found.setdefault((row["entry"], f"{row['measure']}: {why}" if why == NO_FIGURE else why), [])
            seeds += [seed] if seed not in seeds else []
    lines = [f"- {entry}, seed {', '.join(seeds)}: {why}" for (entry, why), seeds in found.items()]
    return "\n".join(lines) or "Nothing: every set was run with every seed."


def sources(records: Mapping[str, Record]) -> str:
    """Commits, machines and versions of the runs, each with how many of them it is of if there are several."""
    if not records:
        return "Nothing was run yet."
    lines = [f"Runs: {len(records)}."]
    found = {name: _counted(values) for name, values in origins(records).items()}
    lines += [f"{name.capitalize()}: {found.pop(name)}." for name in SOURCES]
    lines.append(f"Packages: {', '.join(f'{name} {versions}' for name, versions in found.items())}.")
    if n := sum(1 for record in records.values() if record.get("interrupted")):
        lines.append(f"† Interrupted and resumed: {n} of them; their minutes count what was done twice.")
    return "\n".join(f"- {line}" for line in lines)


def origins(records: Mapping[str, Record]) -> dict[str, dict[str, int]]:
    """Where the runs are from: commits, machines, versions, days, each with the number of runs."""
    found: dict[str, Counter[str]] = {}
    for record in records.values():
        own = record["provenance"]
        for key in SOURCES:
            found.setdefault(key, Counter())[str(own.get(key))] += 1
        for name, number in own.get("packages", {}).items():
            if number is not None:
                found.setdefault(name, Counter())[number] += 1
    return {name: dict(counts) for name, counts in found.items()}


def _counted(counts: Mapping[str, int]) -> str:
    """
    >>> _counted({"a": 2, "b": 1})
    'a (2), b (1)'
    >>> _counted({"a": 2})
    'a'
    """
    return next(iter(counts)) if len(counts) == 1 else ", ".join(f"{value} ({n})" for value, n in counts.items())


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', '/') for cell in line)} |" for line in lines)
