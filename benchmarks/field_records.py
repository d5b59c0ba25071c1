"""What a finished run leaves, as the record that is kept of it; no file is touched here."""

from collections.abc import Mapping, Sequence
from typing import Any

from field_plan import Job
from field_sets import Entry

Record = Mapping[str, Any]


def record_of(
    job: Job, *, metrics: Record, run: Record, identity: Record, attempts: Sequence[Record], source: Record
) -> dict[str, Any]:
    """The record of a finished run.

    Args:
        metrics: what the run wrote of its scores: `metrics.json` of a model's folder, or a peer's file.
        run: what it wrote of itself: `run.json` of a model's folder, or a peer's file.
        identity: the settings and files it is of.
        attempts: the processes it took, each with "seconds" and "megabytes"; None where whoever measured was killed.
        source: as `tocsin.train.provenance` gives it.
    """
    measured = [attempt["seconds"] for attempt in attempts if attempt["seconds"] is not None]
    megabytes = [attempt["megabytes"] for attempt in attempts if attempt["megabytes"] is not None]
    return {
        "name": job.entry.name,
        "seed": job.seed,
        "provenance": source,
        "figures": figures(job.entry, metrics),
        "primary": metrics.get("primary"),
        "headline": metrics.get("headline"),
        "scored_on": metrics.get("scored_on", "dev"),
        "best_epoch": _either("best_epoch", run, metrics),
        "seconds": round(sum(measured), 1) if measured else run.get("seconds"),
        "megabytes": max(megabytes, default=None),
        "interrupted": len(attempts) - 1,  # how often
        "seconds_are_whole": len(measured) == len(attempts),
        "documents": {part: _size(run.get(part)) for part in ("train", "dev")},
        "details": metrics.get("details"),
        **identity,
    }


def figures(entry: Entry, metrics: Record) -> dict[str, float | None]:
    """The figures of an entry's measures; None where the run has none."""
    found: dict[str, float | None] = {}
    for measure in entry.measures:
        own = metrics.get("headline", {}).get(measure.key)
        found[measure.key] = own.get("value") if isinstance(own, Mapping) else own
        if own is None and measure.key == "entity_macro_f1":
            found[measure.key] = macro_f1(metrics.get("entities", {}))
    return found


def macro_f1(tally: Mapping[str, Record]) -> float | None:
    """The mean F1 of the labels that are gold or predicted, as seqeval has it; None if none is.

    >>> found, missed = {"n_matched": 1, "n_predicted": 1, "n_gold": 1}, {"n_matched": 0, "n_predicted": 0, "n_gold": 2}
    >>> macro_f1({"Weapon": found, "Location": missed})
    0.5
    """
    sizes = [(counts["n_matched"], counts["n_predicted"] + counts["n_gold"]) for counts in tally.values()]
    ratios = [2 * n_matched / size for n_matched, size in sizes if size]
    return round(sum(ratios) / len(ratios), 4) if ratios else None


def _either(key: str, *records: Record) -> Any:
    return next((record[key] for record in records if record.get(key) is not None), None)


def _size(documents: Any) -> int | None:
    """How many documents a part of the data has, of which a run tells more than that."""
    return documents.get("documents") if isinstance(documents, Mapping) else documents
