"""The record of an evaluation on a terminal: headline, comparisons, labels, mistakes, confidence."""

from collections.abc import Iterator, Mapping
from typing import Any

from rich.table import Table
from rich.text import Text

from tocsin.report_words import calibrated_layers, quiet
from tocsin.tables import measure, plain_table, ratio, scores_table, with_interval

Shown = Table | Text | str
VALUE_CHARS, GAIN_CHARS = len("0.736 [0.680, 0.791]"), len("+0.020 [-0.010, +0.050]")  # never broken: others fold


def scoreboard(record: Mapping[str, Any]) -> list[Shown]:
    """What a person looks at first; `tocsin.report` shows the rest.

    Args:
        record: as `tocsin.train.evaluation` makes it.
    """
    level = f"{record['bootstrap']['level']:.0%}"
    tables: list[Shown] = [headline_table(record, level), *quiet(record.get("quiet")), scores_table(record["rows"])]
    if record["against"]:
        tables.append(against_table(record["against"], level))
    if record["learning_curve"]:
        tables.append(curve_table(record["learning_curve"], level))
    if record["mistakes"]["n"]:
        tables.append(kinds_table(record["mistakes"]))
    if record["calibration"] and any(found["n"] for found in record["calibration"]["layers"].values()):
        tables.append(confidence_table(record["calibration"]))
    spaced = [part for table in tables for part in (table, "")]
    return spaced[:-1]


def headline_table(record: Mapping[str, Any], level: str) -> Table:
    """The measures of the model and of the baselines beside it; in a cross-validation with what they vary by."""
    has_spread = any("sd_over_seeds" in figures for figures in record["headline"].values())
    spreads = (("sd over seeds", True), ("sd over articles", True)) if has_spread else ()
    baselines = [(baseline["name"], True) for baseline in record["baselines"]]
    table = plain_table(("", False), (f"value, {level} interval", True), *spreads, *baselines)
    table.columns[1].width = VALUE_CHARS
    for name, figures in record["headline"].items():
        varied = [ratio(figures[key]) for key in ("sd_over_seeds", "sd_over_articles")] if has_spread else []
        others = [ratio(baseline["headline"][name]["value"]) for baseline in record["baselines"]]
        table.add_row(measure(name), with_interval(figures), *varied, *others)
    return table


def against_table(against: Mapping[str, Any], level: str) -> Table:
    """How far the model exceeds another."""
    other, gained = f"{against['name']}", f"difference, {level} interval"
    table = plain_table(("against", False), (other, True), (gained, True), ("resamples won", True))
    table.columns[1].width, table.columns[2].width = VALUE_CHARS, GAIN_CHARS
    for name, figures in against["measures"].items():
        gain = with_interval({**figures, "value": figures["difference"]}, signed=True)
        share = "-" if figures["share_won"] is None else f"{figures['share_won']:.0%}"
        table.add_row(measure(name), with_interval(against["headline"][name]), gain, share)
    return table


def curve_table(curve: Mapping[str, Any], level: str) -> Table:
    """The measures by the number of training articles, and what the last step gained."""
    last = (f"last step, {level} interval", True)
    table = plain_table(("trained on", False), *((f"{size}", True) for size in curve["sizes"]), last)
    for name, points in curve["measures"].items():
        gain = curve["gain"][name] if curve["gain"] else {"difference": None, "low": None, "high": None}
        told = with_interval({**gain, "value": gain["difference"]}, signed=True)
        table.add_row(measure(name), *(ratio(point["mean"]) for point in points), told)
    return table


def kinds_table(mistakes: Mapping[str, Any]) -> Table:
    """How often each kind of mistake was made, those that cost the most first; kinds that do not occur are left out."""
    table = plain_table(("mistakes", False), ("layer", False), ("n", True), ("cost", True))
    for kind in sorted(mistakes["kinds"], key=lambda kind: (-int(kind["cost"]), kind["kind"])):
        if kind["n"]:
            table.add_row(Text(kind["kind"]), kind["layer"], str(kind["n"]), str(kind["cost"]))
    return table


def confidence_table(calibration: Mapping[str, Any]) -> Table:
    """How far scores are from the share that is right, before and after calibration; layers without any left out."""
    table = plain_table(("confidence", False), ("predictions", True), *_confidence_columns(calibration))
    for layer, found in calibrated_layers(calibration).items():
        table.add_row(layer, str(found["n"]), *_confidence_cells(found, fitted=calibration["fitted"]))
    return table


def _confidence_columns(calibration: Mapping[str, Any]) -> Iterator[tuple[str, bool]]:
    if not calibration["fitted"]:
        yield "calibration error, scores as they are", True
        return
    yield from (("calibration error before", True), ("after", True), ("score for precision 0.9", True))


def _confidence_cells(found: Mapping[str, Any], *, fitted: bool) -> Iterator[str]:
    yield ratio(found["ece_before"])
    if fitted:
        yield ratio(found["ece_after"])
        reached = (step["threshold"] for step in found["steps"] if step["precision"] >= 0.9)
        yield ratio(next(reached, None))
