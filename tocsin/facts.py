"""What there is to say of a trained model, drawn from its artefact."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tocsin.data.schema import Attribute, Schema
from tocsin.tables import counted, measure, ratio, with_interval
from tocsin.train.card import (
    bag_line,
    encoder_of,
    joint_lines,
    label_threshold_line,
    not_learned,
)

N_IDS = 20  # articles that are named
_SCORED_ON = {
    "dev": "its dev articles",
    "silent dev": "its dev articles, in which nothing is annotated",
    "train": "the articles it was trained on, not new ones",
}
_LAYERS = ("labels", "fillers", "templates")  # of a document as a whole, as `tocsin.train.sets.counts` has them


def model_schema(folder: Path) -> Schema:
    """The label set of an artefact whose files were verified."""
    return Schema.from_json(json.loads((folder / "schema.json").read_text(encoding="utf-8")))


def schema_facts(schema: Schema) -> dict[str, str]:
    """Labels, roles and attributes by kind; what a schema lacks is left out."""
    on_entities = [
        _attribute(attribute, f"{label}.")
        for label, attributes in schema.entity_attributes.items()
        for attribute in attributes
    ]
    facts = {
        "entity labels": ", ".join(schema.entity_labels),
        "event types": ", ".join(schema.event_types),
        "roles": ", ".join(role.name for role in schema.roles),
        "attributes": "\n".join([*(_attribute(attribute, "") for attribute in schema.attributes), *on_entities]),
        "one of" if schema.one_text_label else "text labels": ", ".join(schema.text_labels),
        "fillers": ", ".join(schema.fillers),
        "templates": ", ".join(schema.template_types),
    }
    return {name: value for name, value in facts.items() if value}


def run_facts(run: Mapping[str, Any], metrics: Mapping[str, Any]) -> dict[str, str]:
    """How a model came to be, and how it scored; what there is nothing of is left out.

    Args:
        run: what `run.json` holds.
        metrics: what `metrics.json` holds.
    """
    config, source = run["config"], run["provenance"]
    versions = {"Python": source["python"], **source["packages"]}
    examples = _examples(run["train"])
    return {
        "encoder": encoder_of(run),
        "seed": str(config["seed"]),
        "training": f"{config['optim']['epochs']} epochs, {run['seconds']} s",
        "trained on": _articles(run["train"]),
        **({"of them": examples} if examples else {}),
        **({"jointly": "\n".join(joint_lines(run))} if run.get("joint") else {}),
        "dev": _articles(run["dev"]),
        "not learned": ", ".join(f"{n} {name}" for name, n in not_learned(run).items()) or "nothing",
        **({"says nothing of": ", ".join(run["untaught"])} if run.get("untaught") else {}),
        **({"labels given": label_threshold_line(run)} if run.get("label_threshold") else {}),
        **({"labels by": bag_line(run)} if run.get("bag_of_words") else {}),
        "scores": f"{_headline(metrics['headline'])} (of {_SCORED_ON[metrics['scored_on']]})",
        **_earlier_facts(metrics["crossval"]),
        "confidence": _confidence(metrics["calibration"]),
        "made": f"{source['date']}, commit {source['commit'] or 'unknown'}, {source['machine']}",
        "with": ", ".join(f"{name} {version}" for name, version in versions.items()),
    }


def _headline(headline: Mapping[str, Mapping[str, Any]]) -> str:
    return ", ".join(f"{measure(name)} {with_interval(figures)}" for name, figures in headline.items())


def _earlier_facts(earlier: Mapping[str, Any] | None) -> dict[str, str]:
    if not earlier:
        return {}
    told = _headline(earlier["headline"])
    n_seen = earlier.get("seen_by_start", 0)
    seen = f", {n_seen} of them seen by the model it started from" if n_seen else ""
    return {"on new articles": f"{told} (cross-validation over {earlier['n_articles']} articles{seen})"}


def _confidence(calibration: Mapping[str, Any] | None) -> str:
    if not calibration:
        return "not calibrated: 0.9 does not mean nine in ten"
    errors = (f"{layer} {ratio(found['ece_after'])}" for layer, found in calibration["layers"].items() if found["n"])
    return f"calibrated on {calibration['source']}; expected calibration error: {', '.join(errors)}"


def _articles(counts: Mapping[str, Any]) -> str:
    if not counts["documents"]:
        return "no articles"
    rest = len(counts["ids"]) - N_IDS
    more = f" and {rest:,} more, which run.json names" if rest > 0 else ""
    return f"{counted(counts['documents'], 'article')}: {', '.join(counts['ids'][:N_IDS])}{more}"


def _examples(counts: Mapping[str, Any]) -> str:
    """How many there are of each label of a text, filler and template; nothing where none are learned."""
    named = (f"{name} {n}" for layer in _LAYERS for name, n in counts.get(layer, {}).items())
    return ", ".join(named)


def _attribute(attribute: Attribute, owner: str) -> str:
    return f"{owner}{attribute.name}: {', '.join(attribute.values) or 'a whole number'}"
