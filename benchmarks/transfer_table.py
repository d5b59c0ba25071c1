"""The page of `transfer.py`: how good each row is, and what got better and worse against the packaged encoder."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from parts import MEASURES, leads_table, table

from tocsin.tables import measure

Row = Mapping[str, Any]
HEAD = """\
# What another data set does for five articles

What `python benchmarks/transfer.py` measured; written by it, not by hand. Models of `configs/seeds.toml`, each trained
on four seed articles and tested on the fifth, start from the packaged encoder, from the encoder of a model of another
data set, or learn beside another set; all else is as that file has it, frozen layers too. In brackets the 95 % interval
of a bootstrap over the test articles, the seeds of an article added up. Five articles are few: take the intervals for
too narrow. Minutes are those of the clock, beside whatever else the machine did."""


def verdict(over: Mapping[str, Mapping[str, float | None]]) -> dict[str, list[str]]:
    """The measures whose interval is all above 0, and those whose is all below.

    Args:
        over: as `parts.lead` gives it; a measure without an interval is neither.
    """
    bounds = {name: (over[name]["low"], over[name]["high"]) for name in MEASURES if name in over}
    return {
        "better": [name for name, (low, _) in bounds.items() if low is not None and low > 0],
        "worse": [name for name, (_, high) in bounds.items() if high is not None and high < 0],
    }


def markdown(record: Mapping[str, Any]) -> str:
    """The page.

    Args:
        record: what `transfer.json` holds.
    """
    rows, source = record["rows"], record["provenance"]
    lines = [HEAD, "", "## Tested on the seed articles", "", *table(rows, "start"), *_kept(rows), *_differences(rows)]
    sections = {
        "What was started from and learned beside": list(_origins(rows)),
        "Missing": [line for row in rows if "missing" in row for line in _missing(row)],
    }
    for title, told in sections.items():
        lines += ["", f"## {title}", "", *told] if told else []
    commits = sorted({commit for row in rows for commit in row.get("commits", [])})
    trained = f"Trained at commit: {', '.join(commits) or 'none yet'}. Written at commit: {source['commit']}."
    seeds = ", ".join(map(str, record["seeds"]))
    machines = sorted({source["machine"], *(row["machine"] for row in rows if "machine" in row)})
    lines += ["", f"Machine: {'; '.join(machines)}. Date: {source['date']}. Seeds asked for: {seeds}."]
    lines += [f"Trainings took {record['seconds']:,.0f} seconds in all. {trained}", ""]
    return "\n".join(lines)


def _kept(rows: Sequence[Row]) -> list[str]:
    """Which rows are of an earlier run of the command."""
    kept = [f"{row['part']} (commit {', '.join(row['commits'])})" for row in rows if row.get("kept")]
    told = "Kept from an earlier run, and compared with the packaged encoder as it was trained there: "
    return ["", f"{told}{'; '.join(kept)}."] if kept else []


def _differences(rows: Sequence[Row]) -> list[str]:
    """By how much rows exceed the packaged encoder, and the same in words."""
    compared = [row for row in rows if row.get("over_packaged")]
    if not compared:
        return []
    told = "Difference to the packaged encoder, paired over the articles, of the seeds that both have:"
    lines = ["", told, "", *leads_table(compared, "over_packaged", "start")]
    return [*lines, "", "## What got better and what got worse", "", *map(_in_words, compared)]


def _in_words(row: Row) -> str:
    """One line: what is better, what is worse, what the interval leaves open and which way that leans."""
    over = row["over_packaged"]
    sure = {*row["better"], *row["worse"]}
    kinds = {
        "better": row["better"],
        "worse": row["worse"],
        "open, the interval holding 0": [name for name in MEASURES if name not in sure],
    }
    listed = {kind: ", ".join(_signed(name, over[name]) for name in names) for kind, names in kinds.items()}
    found = [f"{kind}: {names or 'none'}" for kind, names in listed.items()]
    seeds = ", ".join(map(str, row["over_packaged_seeds"]))
    return f"- {row['part']} (seeds {seeds}): {'; '.join(found)}."


def _signed(name: str, found: Mapping[str, float | None]) -> str:
    value = found["difference"]
    return f"{measure(name)} {'not measured' if value is None else f'{value:+.3f}'}"


def _origins(rows: Sequence[Row]) -> Iterator[str]:
    for row in rows:
        if start := row.get("started_from"):
            weights = f"the SHA-256 of its weights is `{start['weights_sha256']}`"
            yield f"- {row['part']}: the model {start['model']}, trained at commit {start['trained_at']}; {weights}."
        if other := row.get("learned_beside"):
            files = ", ".join(f"{name} (SHA-256 `{sha256}`)" for name, sha256 in other["files"].items())
            left_out = f"left out as copies of held-out articles, over all trainings: {row['n_left_out']}"
            yield f"- {row['part']}: {other['documents']:,} documents of {files}; {left_out}."


def _missing(row: Row) -> Iterator[str]:
    seeds = ", ".join(map(str, row["missing_seeds"]))
    yield f"- {row['part']}, seeds {seeds}: {row['missing']}"
