"""Tables and lists about data, runs and models: counts, configs, losses, scores, facts."""

import json
import math
from collections.abc import Iterable, Mapping, Sequence
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
    from tocsin.train.scores import Row

N_EXAMPLES = 5
_LOSSES = {
    "widened": "spans with an edge inside a word, learned as whole words",
    "uncovered": "spans that no words of one sentence cover, not learned",
    "arguments": "arguments across sentences or with an end that is not learned, not learned",
}


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
        lines += ["", f"[{name}]", *_toml(table)]
    return "\n".join(lines)


def sets_table(train: Mapping[str, Any], dev: Mapping[str, Any], schema: Schema) -> Table:
    """How many documents and spans of each label there are to learn from and to be measured on.

    Args:
        train: what `tocsin.train.finish.counts` says of the training documents.
        dev: the same of the dev documents.
        schema: its labels are listed, also those that do not occur.
    """
    table = _table(("", False), ("train", True), ("dev", True))
    table.add_row("documents", str(train["documents"]), str(dev["documents"]))
    for label in schema.span_labels:
        table.add_row(Text(label), str(train["spans"].get(label, 0)), str(dev["spans"].get(label, 0)))
    return table


def losses_text(losses: "Losses") -> str:
    """What the annotations hold that training cannot take as it stands."""
    lines = []
    for name, meaning in _LOSSES.items():
        shown: tuple[str, ...] = getattr(losses, name)
        lines.append(f"{meaning}: {len(shown) or 'none'}")
        lines += [f"  {example}" for example in shown[:N_EXAMPLES]]
        if len(shown) > N_EXAMPLES:
            lines.append(f"  ... and {len(shown) - N_EXAMPLES} more")
    return "\n".join(lines)


def scores_table(rows: Sequence["Row"]) -> Table:
    """Precision, recall and F1 of every label, a layer after the other."""
    table = _table(("layer", False), ("label", False), ("P", True), ("R", True), ("F1", True), ("support", True))
    layer = ""
    for row in rows:
        if layer and row.layer != layer:
            table.add_section()
        ratios = [ratio(value) for value in (row.precision, row.recall, row.f1)]
        name = Text(row.label, "italic" if row.label in ("micro", "macro") else "")
        table.add_row("" if row.layer == layer else row.layer, name, *ratios, str(row.support))
        layer = row.layer
    return table


def headline_table(headline: Mapping[str, Mapping[str, float | None]]) -> Table:
    """The means of a cross-validation with what they vary by."""
    table = _table(("", False), ("mean ± sd over seeds", True), ("sd over articles", True))
    for name, values in headline.items():
        mean = f"{ratio(values['mean'])} ± {ratio(values['sd_over_seeds'])}"
        table.add_row(measure(name), mean, ratio(values["sd_over_articles"]))
    return table


def articles_table(by_article: Mapping[str, Mapping[str, float | None]]) -> Table:
    """The scores of each held-out article, of all seeds together."""
    names = list(next(iter(by_article.values()), {}))
    table = _table(("article", False), *((measure(name), True) for name in names))
    for article, values in by_article.items():
        table.add_row(Text(article), *(ratio(values[name]) for name in names))
    return table


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
    table = _table(("file", False), ("bytes", True), ("SHA-256, verified", False))
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


def counted(n: int, noun: str) -> str:
    """A number of things, in the singular or the plural.

    >>> counted(1, "article"), counted(2, "article")
    ('1 article', '2 articles')
    """
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"


def _toml(values: Mapping[str, Any]) -> list[str]:
    """For strings, numbers, flags and lists of them, JSON and TOML are written alike."""
    return [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in values.items()]


def _counts_table(kind: str, named: Mapping[str, int]) -> Table:
    table = _table((kind, False), ("", True))
    for name, n in named.items():
        table.add_row(Text(name), Text(str(n), "" if n else "bold red"))
    return table


def _table(*columns: tuple[str, bool]) -> Table:
    """A plain table; of each column the heading, and whether it holds numbers."""
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for heading, is_number in columns:
        table.add_column(heading, justify="right" if is_number else "left", overflow="fold")
    return table
