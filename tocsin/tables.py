"""Tables and lists about data, runs and models: counts, configs, losses, scores, facts."""

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from rich import box
from rich.columns import Columns
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from tocsin.data.check import Finding
from tocsin.data.schema import Schema

if TYPE_CHECKING:
    from tocsin.train.examples import Losses
    from tocsin.train.preparation import Run

N_EXAMPLES = 5
_LOSSES = {
    "widened": "spans with an edge inside a word, learned as whole words",
    "uncovered": "spans that no words of one sentence cover, not learned",
    "arguments": "arguments across sentences or with an end that is not learned, not learned",
    "unlabelled": "texts without labels, nothing learned from them",
}
_LAYERS = {"labels": "text label", "fillers": "filler", "templates": "template"}  # of counts, what stands before a name


def counts_tables(counts: Mapping[str, Mapping[str, int]]) -> Columns:
    """A small table for each kind of name, as many beside each other as there is room for."""
    tables = [_counts_table(kind, named) for kind, named in counts.items()]
    return Columns([Padding(table, (0, 3, 1, 0)) for table in tables])


def finding_line(finding: Finding) -> Text:
    """`path:line: error: message`."""
    kind, style = ("error", "bold red") if finding.is_error else ("warning", "bold")
    return Text.assemble(f"{finding.where}: ", (kind, style), f": {finding.message}")


def added_counts(reports: Iterable[Mapping[str, Mapping[str, int]]]) -> dict[str, dict[str, int]]:
    """The counts of several files as those of one."""
    total: dict[str, dict[str, int]] = {}
    for counts in reports:
        for kind, named in counts.items():
            table = total.setdefault(kind, {})
            for name, n in named.items():
                table[name] = table.get(name, 0) + n
    return total


def config_lines(record: Mapping[str, Any]) -> str:
    """A resolved config as TOML: keys first, then tables."""
    tables = {key: value for key, value in record.items() if isinstance(value, Mapping)}
    lines = _toml({key: value for key, value in record.items() if key not in tables})
    for name, table in tables.items():
        lines += ["", f"[{name}]", *_toml(table)] if table else []
    return "\n".join(lines)


def sets_table(train: Mapping[str, Any], dev: Mapping[str, Any], schema: Schema) -> Table:
    """How many documents and spans of each label there are to learn from and to be measured on.

    Args:
        train: what `tocsin.train.sets.counts` says of the training documents.
        dev: the same of the dev documents.
        schema: its labels are listed, also those that do not occur; of a role, fillers are counted, not their mentions.
    """
    table = plain_table(("", False), ("train", True), ("dev", True))
    table.add_row("documents", str(train["documents"]), str(dev["documents"]))
    for label in schema.span_labels:
        if label not in schema.fillers:
            table.add_row(Text(label), str(train["spans"].get(label, 0)), str(dev["spans"].get(label, 0)))
    for layer, noun in _LAYERS.items():
        for name, n in train.get(layer, {}).items():
            table.add_row(Text(f"{noun} {name}"), str(n), str(dev.get(layer, {}).get(name, 0)))
    if train.get("unlabelled") or dev.get("unlabelled"):
        table.add_row("without labels", str(train["unlabelled"]), str(dev.get("unlabelled", 0)))
    return table


def losses_text(losses: "Losses", schema: Schema) -> str:
    """What the annotations hold that training cannot take as it stands, as far as the schema asks for it.

    Args:
        losses: what there is of it.
        schema: of the set.
    """
    from tocsin.train.layers import losses_of

    lines = []
    for name in losses_of(schema):
        shown: tuple[str, ...] = getattr(losses, name)
        lines.append(f"{_LOSSES[name]}: {len(shown) or 'none'}")
        lines += [f"  {example}" for example in shown[:N_EXAMPLES]]
        if len(shown) > N_EXAMPLES:
            lines.append(f"  ... and {len(shown) - N_EXAMPLES} more")
    return "\n".join(lines)


def learned_text(run: "Run") -> str:
    """What annotations hold that training cannot take, and of each set, if there are others, how often it is drawn."""
    if not run.beside:
        return losses_text(run.losses, run.schema)
    own, *others = run.shares.batches_an_epoch
    lines = [f"{_batches(own)} of the run's own {counted(len(run.rows), 'row')}"]
    lines.append(losses_text(run.losses, run.schema))
    for each, n_batches in zip(run.beside, others, strict=True):
        documents, rows = counted(len(each.origin.documents), "document"), counted(len(each.rows), "row")
        lines += ["", f"{_batches(n_batches)} of {each.origin.name}: {documents}, {rows}"]
        lines.append(losses_text(each.losses, each.origin.schema))
    return "\n".join(lines)


def _batches(n: int) -> str:
    return "1 batch an epoch" if n == 1 else f"{n} batches an epoch"


def scores_table(rows: Iterable[Mapping[str, Any]]) -> Table:
    """Precision, recall and F1 of every label, a layer after the other, and F1 where sharing a character is enough.

    That last column is there only if a layer has spans of its own.

    Args:
        rows: as `Row.to_json` of `tocsin.train.scores` gives them.
    """
    rows = list(rows)
    overlap = {"overlap_f1": "F1 overlap"} if asks_overlap(rows) else {}
    ratios = {"precision": "P", "recall": "R", "f1": "F1", **overlap}
    headings = ((heading, True) for heading in (*ratios.values(), "support"))
    table = plain_table(("layer", False), ("label", False), *headings)
    layer = ""
    for row in rows:
        if layer and row["layer"] != layer:
            table.add_section()
        name = Text(row["label"], "italic" if row["label"] in ("micro", "macro") else "")
        table.add_row(
            "" if row["layer"] == layer else row["layer"],
            name,
            *(ratio(row[key]) for key in ratios),
            str(row["support"]),
        )
        layer = row["layer"]
    return table


def search_table(settings: Iterable[Mapping[str, Any]], chosen: Mapping[str, Any] | None) -> Table:
    """What each setting of a search scored on the dev documents, a row each.

    Args:
        settings: as `Setting.to_json` of `tocsin.train.search` gives them.
        chosen: that of them that is marked; None while the search goes on.
    """
    rows = list(settings)
    names = list(rows[0]["settings"]) if rows else []
    figures = (("mean dev\nscore", True), ("sd", True), ("best epoch", True), ("seconds", True))
    table = plain_table(("", False), *((name.replace(".", ".\n"), True) for name in names), ("seeds", False), *figures)
    for row in rows:
        is_chosen = chosen is not None and row["settings"] == chosen["settings"]
        table.add_row(
            "*" if is_chosen else "",
            *(Text(str(row["settings"][name])) for name in names),
            ", ".join(map(str, row["seeds"])),
            ratio(row["mean_dev_score"]),
            ratio(row["sd_over_seeds"]),
            ", ".join(map(str, row["best_epochs"])),
            f"{row['seconds']:,.0f}",
            style="bold" if is_chosen else "",
        )
    return table


def asks_overlap(rows: Iterable[Mapping[str, Any]]) -> bool:
    """Whether any layer of a table is one of spans, which may match by sharing a character."""
    return any(row["layer"] in ("entities", "triggers") for row in rows)


def facts_table(facts: Mapping[str, str]) -> Table:
    """Names and what they stand for, long ones folded into their column."""
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True, style="bold")
    table.add_column(overflow="fold")
    for name, value in facts.items():
        table.add_row(name, Text(value))
    return table


def files_table(files: Mapping[str, Mapping[str, Any]]) -> Table:
    """The files a manifest names, after they were found as it says."""
    table = plain_table(("file", False), ("bytes", True), ("SHA-256, verified", False))
    for name, entry in files.items():
        table.add_row(Text(name), f"{entry['size']:,}", f"{entry['sha256'][:16]}…")
    return table


def measure(name: str) -> str:
    """A headline's key in words.

    >>> measure("entity_f1")
    'entity F1'
    """
    return name.replace("_f1", " F1").replace("_", " ")


def ratio(value: float | None) -> str:
    """Three digits; "-" where nothing could be measured."""
    return "-" if value is None or math.isnan(value) else f"{value:.3f}"


def with_interval(figures: Mapping[str, float | None], *, signed: bool = False) -> str:
    """A value and its bounds, where there are any.

    >>> with_interval({"value": 0.7363, "low": 0.68, "high": 0.791})
    '0.736 [0.680, 0.791]'
    """
    value, low, high = ("-" if v is None else f"{v:+.3f}" if signed else f"{v:.3f}" for v in _bounded(figures))
    return value if figures["low"] is None else f"{value} [{low}, {high}]"


def counted(n: int, noun: str) -> str:
    """A number of things, in the singular or the plural.

    >>> counted(1, "article"), counted(2, "article")
    ('1 article', '2 articles')
    """
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"


def _bounded(figures: Mapping[str, float | None]) -> Iterator[float | None]:
    return (figures[key] for key in ("value", "low", "high"))


def _toml(values: Mapping[str, Any]) -> list[str]:
    """For strings, numbers, flags and lists of them, JSON and TOML are written alike."""
    return [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in values.items()]


def _counts_table(kind: str, named: Mapping[str, int]) -> Table:
    table = plain_table((kind, False), ("", True))
    for name, n in named.items():
        table.add_row(Text(name), Text(str(n), "" if n else "bold red"))
    return table


def plain_table(*columns: tuple[str, bool]) -> Table:
    """A plain table; of each column the heading, and whether it holds numbers."""
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for heading, is_number in columns:
        table.add_column(heading, justify="right" if is_number else "left", overflow="fold")
    return table
