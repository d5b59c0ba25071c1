"""The model card, filled from the run: nothing in it is typed in by hand."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from tocsin.data.schema import Schema
from tocsin.train.scores import Scores, rows

_WARNING = {
    "dev": "Scored on the dev articles, on which the best epoch was chosen too: a little flattering.",
    "train": "Scored on the very articles it was trained on: this shows that it learned them and says nothing about "
    "new ones. `tocsin crossval` measures that.",
}


def card(name: str, facts: Mapping[str, Any], scores: Scores, scored_on: str, schema: Schema) -> str:
    """The card as Markdown.

    Args:
        name: the artefact's.
        facts: what `run.json` holds.
        scores: of the articles `scored_on` names, "dev" or "train".
        schema: the model's.
    """
    config, source = facts["config"], facts["provenance"]
    parts = [
        f"# {name}",
        "A tocsin model: it tags " + ", ".join(schema.span_labels) + " in English news and builds incidents from them.",
        "## Data",
        _bullets(
            [
                f"trained on {facts['train']['documents']} articles: {', '.join(facts['train']['ids'])}",
                *[f"{label}: {n} spans" for label, n in facts["train"]["spans"].items()],
                f"dev: {facts['dev']['documents']} articles",
                *[f"{kind}: {len(lost)}" for kind, lost in facts["not_learned"].items()],
            ]
        ),
        "## Scores",
        _WARNING[scored_on],
        _table(scores),
        "## Limits",
        "English only. Arguments are found within a sentence. Scores of single predictions are not calibrated. "
        "It knows the theatres, outlets and ways of telling that its articles have, and little else.",
        "## Made by",
        _bullets(
            [
                f"encoder {config['encoder']}, seed {config['seed']}, {config['optim']['epochs']} epochs, "
                f"{facts['seconds']} s",
                f"commit {source['commit'] or 'unknown'}, {source['date']}, {source['machine']}",
                f"Python {source['python']}, "
                + ", ".join(f"{package} {version}" for package, version in source["packages"].items()),
                "the whole config is in `run.json`; with it and the same articles, training gives the same weights",
            ]
        ),
    ]
    return "\n\n".join(parts) + "\n"


def _table(scores: Scores) -> str:
    lines = ["| layer | label | P | R | F1 | n |", "|---|---|---|---|---|---|"]
    for row in rows(scores):
        ratios = " | ".join(_ratio(value) for value in (row.precision, row.recall, row.f1))
        lines.append(f"| {row.layer} | {row.label} | {ratios} | {row.support} |")
    return "\n".join(lines)


def _ratio(value: float) -> str:
    return "-" if math.isnan(value) else f"{value:.3f}"


def _bullets(lines: Sequence[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)
