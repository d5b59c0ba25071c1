"""The summary of a report as Markdown: the tables a person would paste into a paper or an issue."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tocsin.report_words import (
    OTHER,
    TARGETS,
    calibrated_layers,
    exactness,
    few_examples,
    in_short,
    interval,
    reached,
    systems,
)
from tocsin.tables import asks_overlap, counted, measure, ratio

_KINDS = {"evaluation": "Evaluation", "crossval": "Cross-validation"}
_ERRORS = (("ece", "ECE"), ("brier", "Brier"))
_SPECIAL = re.compile(r"([\\`*_\[\]<>|#~&])")


def markdown(record: Mapping[str, Any]) -> str:
    """Title, scores, mistakes, confidences, learning curve, how to make it again."""
    sections = (
        _opening(record),
        _headline(record),
        _labels(record),
        _mistakes(record["mistakes"]),
        _calibration(record["calibration"]),
        _curve(record["learning_curve"]),
        _reproduce(record),
    )
    return "\n\n".join(block for section in sections for block in section) + "\n"


def escaped(text: str) -> str:
    """On one line, with nothing left that Markdown or a table would read.

    >>> escaped("a | *b*")
    'a \\\\| \\\\*b\\\\*'
    """
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


def _opening(record: Mapping[str, Any]) -> Iterator[str]:
    yield f"# {escaped(record['title'])}"
    source = record["provenance"]
    yield (
        f"{_KINDS[record['kind']]} on {counted(record['data']['documents'], 'article')}, {source['date']}, "
        f"commit {source['commit'] or 'unknown'}."
    )
    if record["notes"]:
        yield _bullets([f"**Note:** {escaped(note)}" for note in record["notes"]])
    yield "## In short"
    yield _bullets([escaped(sentence) for sentence in in_short(record)])


def _headline(record: Mapping[str, Any]) -> Iterator[str]:
    shown = systems(record)
    bootstrap = record["bootstrap"]
    yield "## Scores"
    yield (
        f"In brackets the {100 * bootstrap['level']:.0f} % interval of a bootstrap over the "
        f"{bootstrap['unit']}s ({bootstrap['n_resamples']} resamples)."
    )
    # A measure keeps its column at a fixed place, whether or not a system has it.
    cells = [[escaped(measure(name)), *_scores(name, shown)] for name in record["headline"]]
    yield _table(["measure", *shown], cells)
    if record["against"]:
        yield f"The {OTHER} is {escaped(record['against']['name'])}."
    others = {name: system["against"] for name, system in shown.items() if system["against"]}
    if others:
        yield "The model's lead over each, and the share of resamples in which it wins (ties counted half):"
        rows = {name: [_lead(each.get(name)) for each in others.values()] for name in record["headline"]}
        cells = [[escaped(measure(name)), *leads] for name, leads in rows.items()]
        yield _table(["measure", *others], cells)


def _scores(name: str, shown: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    for system in shown.values():
        yield _bracketed(system["headline"].get(name), "value")


def _lead(values: Mapping[str, Any] | None) -> str:
    if values is None or values["difference"] is None:
        return "-"
    return f"{_bracketed(values, 'difference')} {ratio(values['share_won'])}"


def _bracketed(values: Mapping[str, Any] | None, key: str) -> str:
    if values is None or values[key] is None:
        return "-"
    told = interval(values)
    return ratio(values[key]) + (f" ({told})" if told else "")


def _labels(record: Mapping[str, Any]) -> Iterator[str]:
    yield "## Labels"
    few_from = few_examples(record)
    yield f"{escaped(exactness(record['rows']))}; \\* marks labels with a support below {few_from}."
    columns = {"precision": "P", "recall": "R", "f1": "F1"}
    columns |= {"overlap_f1": "overlap F1"} if asks_overlap(record["rows"]) else {}
    cells = []
    for row in record["rows"]:
        few = " \\*" if row["support"] is not None and row["support"] < few_from else ""
        ratios = [ratio(row[key]) for key in columns]
        support = "-" if row["support"] is None else str(row["support"])
        cells.append([escaped(row["layer"]), escaped(row["label"]) + few, *ratios, support])
    yield _table(["layer", "label", *columns.values(), "support"], cells)


def _mistakes(mistakes: Mapping[str, Any]) -> Iterator[str]:
    yield "## Mistakes"
    if not mistakes["n"]:
        yield "None."
        return
    yield escaped(mistakes["cost"])
    cells = [
        [escaped(kind["kind"]), escaped(kind["layer"]), str(kind["n"]), str(kind["cost"]), escaped(kind["what"])]
        for kind in mistakes["kinds"]
        if kind["n"]
    ]
    yield _table(["kind", "layer", "n", "cost", "what it is"], cells)
    yield "### The costliest"
    yield "\n".join(f"{i}. {_mistake(mistake)}" for i, mistake in enumerate(mistakes["costliest"], start=1))


def _mistake(mistake: Mapping[str, Any]) -> str:
    kind, label, article, detail = (escaped(mistake[key]) for key in ("kind", "label", "article", "detail"))
    told = [f"**{kind}**, {label}, cost {mistake['cost']}, {article}."]
    told += [f"{side.capitalize()}: “{escaped(mistake[side])}”." for side in ("gold", "predicted") if mistake[side]]
    told += [f"{detail}."] if detail else []
    return f"{' '.join(told)}\n   > {escaped(mistake['sentence'])}"


def _calibration(calibration: Mapping[str, Any] | None) -> Iterator[str]:
    if calibration is None:
        return
    layers = calibrated_layers(calibration)
    yield "## Confidence"
    yield f"Measured on {escaped(calibration['measured_on'])}."
    if not calibration["fitted"]:
        yield "The scores are taken as they are, without a calibration."
    elif calibration["source"] != calibration["measured_on"]:
        yield f"Calibrated on {escaped(calibration['source'])}."
    keys = {"temperature": "temperature", "bias": "bias"}
    keys |= {f"{key}_{when}": f"{name} {when}" for key, name in _ERRORS for when in ("before", "after")}
    keys["article_gap_after"] = "off on one article"
    cells = [[name, str(layer["n"]), *(ratio(layer[key]) for key in keys)] for name, layer in layers.items()]
    yield _table(["layer", "n", *keys.values()], cells)
    if any(layer["steps"] for layer in layers.values()):
        yield from _thresholds(layers)


def _thresholds(layers: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    yield "The score to cut at for a precision, and the recall that is left:"
    cells = [[name, *(_cut(layer["steps"], target) for target in TARGETS)] for name, layer in layers.items()]
    yield _table(["layer", *(f"precision {target}" for target in TARGETS)], cells)
    if any(layer["targets"] for layer in layers.values()):
        yield "Precision and recall that came of it on articles that the threshold was not taken from:"
        cells = [[name, *(_outcome(each) for each in layer["targets"])] for name, layer in layers.items()]
        wanted = next(layer["targets"] for layer in layers.values() if layer["targets"])
        yield _table(["layer", *(f"wanted {each['target']}" for each in wanted)], cells)


def _cut(steps: Sequence[Mapping[str, Any]], target: float) -> str:
    step = reached(steps, target)
    return f"{ratio(step['threshold'])} (recall {ratio(step['recall'])})" if step else "not reached"


def _outcome(target: Mapping[str, Any]) -> str:
    return f"{ratio(target['precision'])}, recall {ratio(target['recall'])}" if target["n_kept"] else "none kept"


def _curve(curve: Mapping[str, Any] | None) -> Iterator[str]:
    if curve is None:
        return
    yield "## Does another article help?"
    cells = []
    for name, points in curve["measures"].items():
        gain = (curve["gain"] or {}).get(name)
        cells.append([escaped(measure(name)), *(_bracketed(point, "mean") for point in points), _lead(gain)])
    sizes = [f"{size} trained on" for size in curve["sizes"]]
    yield _table(["measure", *sizes, "gain of the last step, share won"], cells)


def _reproduce(record: Mapping[str, Any]) -> Iterator[str]:
    yield "## How to make it again"
    yield "\n".join(f"    {command}" for command in record["reproduce"])
    source = record["provenance"]
    packages = [f"{name} {version or 'unknown'}" for name, version in source["packages"].items()]
    yield escaped(f"{source['machine']}, Python {source['python']}, {', '.join(packages)}.")
    yield "Every figure is in `report.json`; `report.html` shows the articles."


def _table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _bullets(lines: Sequence[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)
