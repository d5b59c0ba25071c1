"""The model card, filled from the run: nothing in it is typed in by hand."""

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

from tocsin.data.schema import Schema
from tocsin.data.thresholds import layers_of
from tocsin.train.measures import plain_labels
from tocsin.train.scores import Scores, rows

FEW_EXAMPLES = 20  # spans of a label, below which the card warns
N_IDS = 20  # articles that are named
HARDLY = 0.2  # F1 below which a label is said to be hardly found
FOUND = ("entities", "triggers", "arguments", "labels", "fillers")  # layers whose labels are found or not
AVERAGES = ("micro", "macro")
_N_HASH = 12  # characters of a hash that are shown
_NOUNS = {"labels": "texts", "fillers": "fillers", "templates": "templates"}  # of what the training set counts

_SCORED_ON = {
    "dev": "on its dev articles, on which the best epoch was chosen too: a little flattering",
    "silent dev": "on its dev articles, in which nothing is annotated: these chose no epoch, the last one was taken",
    "train": "on the very articles it was trained on: this shows that it learned them and says nothing about new ones",
}


def card(name: str, facts: Mapping[str, Any], metrics: Mapping[str, Any], scores: Scores, schema: Schema) -> str:
    """The card as Markdown.

    Args:
        name: the artefact's.
        facts: what `run.json` holds.
        metrics: what `metrics.json` holds.
        scores: the counts in it.
        schema: the model's.
    """
    parts = [
        f"# {name}",
        f"A tocsin model: {_what_it_does(schema)}.",
        "## Data",
        _bullets(_data(facts, schema)),
        "## Scores",
        *_scores(metrics, scores),
        "## What its scores mean",
        *_calibration(metrics["calibration"], schema),
        *([f"A text has these of its labels: {line}."] if (line := label_threshold_line(facts)) else []),
        *([f"In labels of texts {line}."] if (line := bag_line(facts)) else []),
        "## Limits",
        _bullets(_limits(facts, metrics, schema)),
        "## How to make it again",
        _bullets(_source(facts)),
        "```json\n" + json.dumps(facts["config"], indent=1, ensure_ascii=False) + "\n```",
    ]
    return "\n\n".join(parts) + "\n"


def _what_it_does(schema: Schema) -> str:
    labels = ", ".join(schema.text_labels)
    if not schema.span_labels and len(schema.text_labels) == 1 and not schema.one_text_label:
        return f"it tells whether an English text is {labels}"
    if not schema.span_labels:
        return f"it tells {'which one' if schema.one_text_label else 'which'} of these an English text is: {labels}"
    parts = [f"it tags {', '.join(schema.span_labels)} in English news"]
    parts += ["builds incidents from them"] if schema.event_types else []
    parts += ["merges their mentions into what fills a role in the document"] if schema.fillers else []
    parts += [f"sorts these into templates of {', '.join(schema.template_types)}"] if schema.template_types else []
    parts += [f"labels the text with {labels}"] if labels else []
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def _data(facts: Mapping[str, Any], schema: Schema) -> list[str]:
    ids = facts["train"]["ids"]
    rest = f" and {len(ids) - N_IDS:,} more, which `run.json` names" if len(ids) > N_IDS else ""
    # Mentions of fillers need not be annotated as spans.
    spans = {label: n for label, n in facts["train"]["spans"].items() if label not in schema.fillers}
    return [
        f"trained on {facts['train']['documents']} articles: {', '.join(ids[:N_IDS])}{rest}",
        *[f"{label}: {n} spans" for label, n in spans.items()],
        *[f"{name}: {n} {noun}" for layer, noun in _NOUNS.items() for name, n in facts["train"].get(layer, {}).items()],
        *[f"{name}: no value anywhere, so that the model says nothing of it" for name in facts.get("untaught", ())],
        *joint_lines(facts),
        *start_lines(facts),
        f"dev: {facts['dev']['documents']} articles",
        *[f"{kind}, not learned as they stand: {n}" for kind, n in not_learned(facts).items()],
    ]


def not_learned(facts: Mapping[str, Any]) -> dict[str, int]:
    """How much of each kind the annotation holds that was not learned as it stands.

    Args:
        facts: what `run.json` holds.
    """
    return {kind: len(lost) for kind, lost in facts["not_learned"].items()}


def joint_lines(facts: Mapping[str, Any]) -> list[str]:
    """Which other sets the encoder learned from, and how often each was drawn; nothing without any.

    Args:
        facts: what `run.json` holds; one from before there were such sets says nothing of them.
    """
    joint = facts.get("joint")
    if not joint:
        return []
    sets = [
        f"the encoder learned from {each['config']} too, with heads that are not in here: "
        f"{each['train']['documents']} documents, {_drawn(each)}"
        for each in joint["sets"]
    ]
    return [f"its own articles: {_drawn(joint['own'])}", *sets]


def encoder_of(facts: Mapping[str, Any]) -> str:
    """What the network is built on: a pretrained encoder, or that of a model, with the hash of its weights.

    Args:
        facts: what `run.json` holds; one from before the hash was kept names the model alone.
    """
    config, told = facts["config"], facts.get("init")
    if told:
        return f"of {told['model']} (weights {told['weights'][:_N_HASH]})"
    model = config.get("init", {}).get("from")
    return f"of {model}" if model else str(config["encoder"])


def start_lines(facts: Mapping[str, Any]) -> list[str]:
    """Which model the run started from; nothing where the encoder was a pretrained one."""
    if not facts.get("init"):
        return []
    return [f"started from the encoder {encoder_of(facts)}; what that was trained on, this model knows of as well"]


def _drawn(each: Mapping[str, Any]) -> str:
    return f"{each['rows']:,} rows, each drawn {each['rows_drawn'] / each['rows']:.1f} times"


def _scores(metrics: Mapping[str, Any], scores: Scores) -> list[str]:
    level = f"{metrics['bootstrap']['level']:.0%}"
    parts = []
    if earlier := metrics["crossval"]:
        seeds = "1 seed" if earlier["n_seeds"] == 1 else f"{earlier['n_seeds']} seeds"
        source = earlier["provenance"]
        parts += [
            f"On articles held out in turn: a cross-validation of this config over {earlier['n_articles']} articles "
            f"with {seeds} ({source['date']}, trained at commit {source['commit']}; `{earlier['reproduce']}`), "
            f"{level} intervals by a bootstrap over articles.{_leaked(earlier)}",
            _headline_table(earlier["headline"], level),
        ]
    parts += [f"Scored {_SCORED_ON[metrics['scored_on']]}.", _headline_table(metrics["headline"], level)]
    if earlier:
        return [*parts, "By label, on the articles held out, each counted once a seed:", _table(earlier["rows"])]
    if metrics["scored_on"] == "train":
        parts.append("`tocsin crossval` measures how it does on new ones.")
    return [*parts, _table([row.to_json() for row in rows(scores)])]


def _leaked(earlier: Mapping[str, Any]) -> str:
    """What is to be said of held-out articles that were not new; an artefact from before says nothing of it."""
    n_seen = earlier.get("seen_by_start", 0)
    if not n_seen:
        return ""
    return f" The model it started from had seen {n_seen} of the {earlier['n_articles']}: the figures are too good."


def _headline_table(headline: Mapping[str, Mapping[str, Any]], level: str) -> str:
    lines = [f"| measure | value | {level} interval |", "|---|---|---|"]
    for measure, figures in headline.items():
        bounds = f"{_ratio(figures['low'])} to {_ratio(figures['high'])}" if figures["low"] is not None else "-"
        lines.append(f"| {_measure(measure)} | {_ratio(figures['value'])} | {bounds} |")
    return "\n".join(lines)


def bag_line(facts: Mapping[str, Any]) -> str:
    """What labels texts beside the network; "" where nothing does."""
    told = facts.get("bag_of_words")
    return f"a linear model of {told['words']:,} words counts as much as the network" if told else ""


def label_threshold_line(facts: Mapping[str, Any]) -> str:
    """From what score on a text has a label; "" where it has exactly one, or none is learned."""
    told = facts.get("label_threshold")  # one from before there was a choice says nothing of it
    if not told:
        return ""
    chosen = ", which did best on its dev articles" if told["chosen_on_dev"] else ""
    return f"those that score {told['value']:g} or more{chosen}"


def _calibration(record: Mapping[str, Any] | None, schema: Schema) -> list[str]:
    layers = layers_of(schema)
    if not layers:
        return [
            "They are the shares the network gives its labels and are not calibrated: 0.9 does not mean nine in ten."
        ]
    if not record:
        return [
            "They are what the network says of itself and are not calibrated: 0.9 does not mean nine in ten. Name "
            "articles under `[data] dev`, or a `crossval.json` under `[calibration] crossval`, and train again."
        ]
    lines = [
        "| layer | predictions | error before | error after | off on one article | temperature | bias |",
        "|---|---|---|---|---|---|---|",
    ]
    for layer, found in record["layers"].items():
        if layer not in layers:
            continue
        fitted = f"{found['temperature']:.2f} | {found['bias']:.2f}"
        lines.append(
            f"| {layer} | {found['n']} | {_ratio(found['ece_before'])} | {_ratio(found['ece_after'])} "
            f"| {_ratio(found['article_gap_after'])} | {fitted} |"
        )
    return [
        f"A score is the probability of being right, fitted on {record['source']}. {_uncalibrated(schema)}"
        "The error is the expected calibration error over ten bins; after: each article scaled by what the others "
        "teach (a single one not at all). Off on one article: how far its mean score is from the share that is right, "
        "the mean over articles.",
        "\n".join(lines),
    ]


def _uncalibrated(schema: Schema) -> str:
    """What else has scores, which are what the network says of itself."""
    fillers = (
        "A filler has the score of its likeliest mention, which counts as an entity here. " if schema.fillers else ""
    )
    others = [
        noun for noun, names in (("labels of texts", schema.text_labels), ("templates", schema.template_types)) if names
    ]
    return fillers + (f"Scores of {' and '.join(others)} are not calibrated. " if others else "")


def _limits(facts: Mapping[str, Any], metrics: Mapping[str, Any], schema: Schema) -> list[str]:
    examples = _examples(facts["train"], schema)
    absent = [label for label, n in examples.items() if not n]
    few = [f"{label} ({n})" for label, n in examples.items() if 0 < n < FEW_EXAMPLES]
    subjects = "theatres, outlets" if schema.event_types else "subjects, sources"
    lines = [
        "English only; arguments are found within a sentence" if schema.event_types else "English only",
        f"it knows the {subjects} and ways of telling that its articles have, and little else",
    ]
    lines += [f"never seen, so never found: {', '.join(absent)}"] if absent else []
    lines += [f"seldom seen in training, so hard to judge: {', '.join(few)}"] if few else []
    return [*lines, *(line for line in (_hardly_found(metrics), _weakest(metrics)) if line)]


def _examples(train: Mapping[str, Any], schema: Schema) -> dict[str, int]:
    """How many there are of everything that is learned one by one, by its name."""
    spans = {label: train["spans"].get(label, 0) for label in (*plain_labels(schema), *schema.event_types)}
    return spans | {name: n for layer in _NOUNS for name, n in train.get(layer, {}).items()}


def _weakest(metrics: Mapping[str, Any]) -> str:
    """What it does worst on articles it was not trained on, if there are figures for any."""
    headline = metrics["crossval"]["headline"] if metrics["crossval"] else metrics["headline"]
    known = {name: figures["value"] for name, figures in headline.items() if figures["value"] is not None}
    if not known or (not metrics["crossval"] and metrics["scored_on"] != "dev"):
        return ""
    worst = min(known, key=known.__getitem__)
    return f"weakest on unseen articles: {_measure(worst)} {_ratio(known[worst])}"


def _hardly_found(metrics: Mapping[str, Any]) -> str:
    """Labels that the cross-validation says are not to be counted on."""
    lines = metrics["crossval"]["rows"] if metrics["crossval"] else []
    poor = [
        f"{row['label']} ({row['layer']}, F1 {_ratio(row['f1'])})"
        for row in lines
        if row["layer"] in FOUND and row["f1"] is not None and row["f1"] < HARDLY and row["label"] not in AVERAGES
    ]
    return f"hardly found on unseen articles: {', '.join(poor)}" if poor else ""


def _measure(name: str) -> str:
    return name.replace("_f1", " F1").replace("_", " ")


def _source(facts: Mapping[str, Any]) -> list[str]:
    config, source = facts["config"], facts["provenance"]
    packages = ", ".join(f"{package} {version}" for package, version in source["packages"].items())
    others = ", those that its [joint] names" if facts.get("joint") else ""
    others += ", the same model to start from" if facts.get("init") else ""
    return [
        f"encoder {encoder_of(facts)}, seed {config['seed']}, {config['optim']['epochs']} epochs, {facts['seconds']} s",
        f"commit {source['commit'] or 'unknown'}, {source['date']}, {source['machine']}",
        f"Python {source['python']}, {packages}",
        f"`tocsin train CONFIG` with the config below{others} and the same articles gives the same weights on such a "
        "machine",
    ]


def _table(lines: Sequence[Mapping[str, Any]]) -> str:
    table = ["| layer | label | P | R | F1 | n |", "|---|---|---|---|---|---|"]
    for row in lines:
        ratios = " | ".join(_ratio(row[key]) for key in ("precision", "recall", "f1"))
        table.append(f"| {row['layer']} | {row['label']} | {ratios} | {row['support']} |")
    return "\n".join(table)


def _ratio(value: float | None) -> str:
    return "-" if value is None or math.isnan(value) else f"{value:.3f}"


def _bullets(lines: Sequence[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)
