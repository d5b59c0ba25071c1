"""The report of an evaluation or a cross-validation: one page to read, its summary as Markdown, the JSON behind both.

All that is shown comes from the record; the page needs no network, and nothing of an article is taken for markup.
"""

import json
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from tocsin.data.files import written_whole
from tocsin.destination import REPORT_FILES, make_folder
from tocsin.palette import PALETTE
from tocsin.plots import Plot, curve_plot, headline_plot, reliability_plot, threshold_plot
from tocsin.report_markdown import markdown
from tocsin.report_sides import label_order, mistake_pieces, pieces
from tocsin.report_words import (
    TARGETS,
    bins,
    calibrated_layers,
    exactness,
    few_examples,
    in_short,
    interval,
    is_measured,
    layer_rows,
    reached,
    rules,
    systems,
)
from tocsin.tables import config_lines, counted, measure, ratio

N_OPEN = 1  # articles unfolded at first


def write_report(record: Mapping[str, Any], folder: Path) -> list[Path]:
    """Write `report.html`, `report.md` and `report.json`, each whole or not at all.

    Returns:
        The files, the page first.

    Raises:
        TocsinError: the folder or a file cannot be made.
    """
    shown = dict(zip(REPORT_FILES, (html(record), markdown(record), _json(record)), strict=True))
    make_folder(folder)
    for name, text in shown.items():
        with written_whole(folder / name) as stream:
            stream.write(text)
    return [folder / name for name in shown]


def html(record: Mapping[str, Any]) -> str:
    """The record as a page of its own: no script, style, font or image is fetched."""
    template = _environment().get_template("report.html")
    labels = {label: i % len(PALETTE) for i, label in enumerate(label_order(record))}
    return template.render(
        record,
        record=record,
        labels=labels,
        palette=PALETTE,
        short=in_short(record),
        systems=systems(record),
        layers=layer_rows(record["rows"]),
        rules=rules(record["rows"]),
        exactness=exactness(record["rows"]),
        plots=_plots(record),
        calibrated=calibrated_layers(record["calibration"]),
        targets=TARGETS,
        few=few_examples(record),
        n_open=N_OPEN,
        anchors={document["id"]: f"article-{i}" for i, document in enumerate(record["documents"], start=1)},
    )


def _json(record: Mapping[str, Any]) -> str:
    return json.dumps(record, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("tocsin", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "ratio": ratio,
        "measure": measure,
        "counted": counted,
        "interval": interval,
        "toml": config_lines,
        "pieces": mistake_pieces,
        "json": partial(json.dumps, ensure_ascii=False),
    }
    environment.globals |= {"reached": reached, "side_pieces": pieces, "bins": bins}
    return environment


def _plots(record: Mapping[str, Any]) -> dict[str, list[Plot]]:
    """The drawings of each section; none where there is nothing to draw."""
    shown = {name: system["headline"] for name, system in systems(record).items()}
    layers = calibrated_layers(record["calibration"])
    curve = record["learning_curve"] or {"sizes": [], "measures": {}}
    return {
        "headline": [headline_plot(shown)] if is_measured(record) else [],
        "reliability": [reliability_plot(name, layer) for name, layer in layers.items()],
        "thresholds": [threshold_plot(name, layer) for name, layer in layers.items() if layer["steps"]],
        "curve": [curve_plot(name, curve["sizes"], points) for name, points in curve["measures"].items()],
    }
