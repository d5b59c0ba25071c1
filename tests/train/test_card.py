"""The card says what a model was trained on, how good that is, how sure, and what it cannot do."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tocsin.data.schema import DEFAULT_SCHEMA, Schema
from tocsin.model.artifact import record_of
from tocsin.model.calibration import SCORED_LAYERS
from tocsin.train.card import FEW_EXAMPLES, N_IDS, card
from tocsin.train.crossval import Crossval
from tocsin.train.earlier import facts_of
from tocsin.train.scores import Scores
from tocsin.train.summary import crossval_record


@pytest.fixture
def facts(tiny_artifact: Path) -> dict[str, Any]:
    return dict(record_of(tiny_artifact).run)


@pytest.fixture
def metrics(tiny_artifact: Path) -> dict[str, Any]:
    return dict(record_of(tiny_artifact).metrics)


@pytest.fixture(scope="module")
def earlier(made_crossval: Crossval) -> dict[str, Any]:
    record = crossval_record(made_crossval, title="t", reproduce=["tocsin crossval run.toml"])
    return facts_of(record)


def written(facts: dict[str, Any], metrics: dict[str, Any]) -> str:
    return card("tiny", facts, metrics, Scores.from_json(metrics), DEFAULT_SCHEMA)


def section(text: str, heading: str) -> str:
    (found,) = re.findall(rf"^## {heading}\n(.*?)(?=^## |\Z)", text, flags=re.MULTILINE | re.DOTALL)
    return str(found)


def test_the_card_of_an_artefact_is_this_card(
    tiny_artifact: Path, facts: dict[str, Any], metrics: dict[str, Any]
) -> None:
    assert record_of(tiny_artifact).card == written(facts, metrics)


def test_measures_have_their_intervals(facts: dict[str, Any], metrics: dict[str, Any]) -> None:
    metrics["headline"] = {
        "entity_f1": {"value": 0.7364, "low": 0.6801, "high": 0.7909},
        "incident_f1": {"value": 0.5, "low": None, "high": None},
        "argument_f1": {"value": None, "low": None, "high": None},
    }
    scores = section(written(facts, metrics), "Scores")
    assert "| measure | value | 95% interval |" in scores
    assert "| entity F1 | 0.736 | 0.680 to 0.791 |" in scores
    assert "| incident F1 | 0.500 | - |" in scores
    assert "| argument F1 | - | - |" in scores


def test_scores_on_the_training_articles_are_said_to_say_nothing(
    facts: dict[str, Any], metrics: dict[str, Any]
) -> None:
    scores = section(written(facts, metrics), "Scores")
    assert "on the very articles it was trained on" in scores
    assert "says nothing about new ones" in scores
    assert "`tocsin crossval` measures how it does on new ones" in scores


def test_scores_on_dev_articles_are_said_to_flatter(facts: dict[str, Any], metrics: dict[str, Any]) -> None:
    scores = section(written(facts, {**metrics, "scored_on": "dev"}), "Scores")
    assert "a little flattering" in scores
    assert "tocsin crossval" not in scores


def test_a_cross_validation_comes_before_the_scores_on_the_training_articles(
    facts: dict[str, Any], metrics: dict[str, Any], earlier: dict[str, Any]
) -> None:
    scores = section(written(facts, {**metrics, "crossval": earlier}), "Scores")
    unseen, known = scores.split("Scored on the very articles")
    assert (
        "a cross-validation of this config over 3 articles with 2 seeds (2024-06-01, trained at commit 0123abc"
        in unseen
    )
    assert "`tocsin crossval run.toml`" in unseen
    value, low, high = (earlier["headline"]["entity_f1"][key] for key in ("value", "low", "high"))
    assert f"| entity F1 | {value:.3f} | {low:.3f} to {high:.3f} |" in unseen
    assert "| entity F1 | 1.000 | 1.000 to 1.000 |" in known
    assert "measures how it does on new ones" not in known


def test_held_out_articles_that_the_model_started_from_has_seen_are_told(
    facts: dict[str, Any], metrics: dict[str, Any], earlier: dict[str, Any]
) -> None:
    told = "The model it started from had seen 2 of the 3: the figures are too good."
    assert told in section(written(facts, {**metrics, "crossval": {**earlier, "seen_by_start": 2}}), "Scores")
    assert "had seen" not in section(written(facts, {**metrics, "crossval": earlier}), "Scores")


def test_without_a_calibration_scores_are_said_to_mean_little(facts: dict[str, Any], metrics: dict[str, Any]) -> None:
    told = section(written(facts, metrics), "What its scores mean")
    assert "are not calibrated: 0.9 does not mean nine in ten" in told
    assert "`[data] dev`" in told
    assert "|" not in told


def test_a_calibration_is_told_layer_by_layer(
    facts: dict[str, Any], metrics: dict[str, Any], earlier: dict[str, Any]
) -> None:
    told = section(written(facts, {**metrics, "calibration": earlier["calibration"]}), "What its scores mean")
    assert "fitted on 3 articles, each predicted by models that were not trained on it, with 2 seeds each" in told
    assert "| layer | predictions | error before | error after | off on one article | temperature | bias |" in told
    for layer in SCORED_LAYERS:
        found = earlier["calibration"]["layers"][layer]
        errors = f"{found['ece_before']:.3f} | {found['ece_after']:.3f} | {found['article_gap_after']:.3f}"
        assert f"| {layer} | {found['n']} | {errors} | {found['temperature']:.2f} | {found['bias']:.2f} |" in told


def test_a_layer_without_predictions_has_dashes(
    facts: dict[str, Any], metrics: dict[str, Any], earlier: dict[str, Any]
) -> None:
    unknown = dict.fromkeys(("ece_before", "ece_after", "article_gap_after"))
    nothing = {"n": 0, **unknown, "temperature": 1.0, "bias": 0.0}
    record = {**earlier["calibration"], "layers": {"incidents": nothing}}
    told = section(written(facts, {**metrics, "calibration": record}), "What its scores mean")
    assert "| incidents | 0 | - | - | - | 1.00 | 0.00 |" in told


def test_limits_name_what_the_articles_hold_too_little_of(facts: dict[str, Any], metrics: dict[str, Any]) -> None:
    spans = {"ACTOR": FEW_EXAMPLES, "BASE": FEW_EXAMPLES - 1, "DATE": 1, "ATTACK": 200, "LOCATION": 50, "WEAPON": 0}
    facts["train"] = {**facts["train"], "spans": spans}
    limits = section(written(facts, metrics), "Limits")
    assert "never seen, so never found: WEAPON, ASSET, CASUALTY" in limits
    assert f"seldom seen in training, so hard to judge: BASE ({FEW_EXAMPLES - 1}), DATE (1)" in limits


def test_labels_that_a_cross_validation_hardly_finds_are_a_limit(
    facts: dict[str, Any], metrics: dict[str, Any], earlier: dict[str, Any]
) -> None:
    f1 = {
        ("entities", "BASE"): 0.05,
        ("arguments", "source"): 0.19,
        ("entities", "DATE"): 0.2,
        ("attributes", "scope"): 0,
    }
    lines = [
        {"layer": layer, "label": label, "precision": value, "recall": value, "f1": value, "support": 9}
        for (layer, label), value in f1.items()
    ]
    limits = section(written(facts, {**metrics, "crossval": {**earlier, "rows": lines}}), "Limits")
    assert "hardly found on unseen articles: BASE (entities, F1 0.050), source (arguments, F1 0.190)\n" in limits


def test_with_a_cross_validation_labels_are_told_as_it_found_them(
    facts: dict[str, Any], metrics: dict[str, Any], earlier: dict[str, Any]
) -> None:
    lines = [{"layer": "entities", "label": "BASE", "precision": 0.5, "recall": 0.25, "f1": 0.3333, "support": 8}]
    scores = section(written(facts, {**metrics, "crossval": {**earlier, "rows": lines}}), "Scores")
    assert "| entities | BASE | 0.500 | 0.250 | 0.333 | 8 |" in scores
    assert "| entities | BASE | 1.000" not in scores


def test_limits_that_do_not_hold_are_not_named(facts: dict[str, Any], metrics: dict[str, Any]) -> None:
    facts["train"] = {**facts["train"], "spans": dict.fromkeys(DEFAULT_SCHEMA.span_labels, 500)}
    limits = section(written(facts, metrics), "Limits")
    assert "seen, so" not in limits
    assert "weakest" not in limits  # on articles it knows by heart


@pytest.mark.parametrize("scored_on", ["dev", "train"])
def test_the_weakest_measure_on_unseen_articles_is_a_limit(
    facts: dict[str, Any], metrics: dict[str, Any], earlier: dict[str, Any], scored_on: str
) -> None:
    low = {**earlier["headline"], "trigger_f1": {"value": 0.0123, "low": None, "high": None}}
    told = {**metrics, "scored_on": scored_on, "crossval": {**earlier, "headline": low}}
    assert "weakest on unseen articles: trigger F1 0.012" in section(written(facts, told), "Limits")


def test_the_weakest_on_dev_articles_is_told_where_there_is_no_cross_validation(
    facts: dict[str, Any], metrics: dict[str, Any]
) -> None:
    headline = {"entity_f1": {"value": None}, "trigger_f1": {"value": 0.5}, "argument_f1": {"value": 0.25}}
    told = {name: {"low": None, "high": None, **figures} for name, figures in headline.items()}
    limits = section(written(facts, {**metrics, "scored_on": "dev", "headline": told}), "Limits")
    assert "weakest on unseen articles: argument F1 0.250" in limits


def test_the_config_stands_in_it_as_it_was(facts: dict[str, Any], metrics: dict[str, Any]) -> None:
    source = section(written(facts, metrics), "How to make it again")
    (config,) = re.findall(r"```json\n(.*?)\n```", source, flags=re.DOTALL)
    assert json.loads(config) == facts["config"]
    assert f"encoder {facts['config']['encoder']}, seed 1, 60 epochs" in source


def test_the_data_are_counted(facts: dict[str, Any], metrics: dict[str, Any]) -> None:
    facts["not_learned"] = {"widened": ["a"], "uncovered": [], "arguments": ["b", "c"]}
    told = section(written(facts, metrics), "Data")
    assert "- trained on 2 articles: first, second" in told
    assert "- BASE: 2 spans" in told
    assert "- dev: 0 articles" in told
    assert "- widened, not learned as they stand: 1" in told
    assert "- arguments, not learned as they stand: 2" in told


def test_every_label_has_its_line(facts: dict[str, Any], metrics: dict[str, Any]) -> None:
    scores = section(written(facts, metrics), "Scores")
    assert "| layer | label | P | R | F1 | n |" in scores
    assert "| entities | ASSET | - | - | - | 0 |" in scores
    assert "| incidents | micro | 1.000 | 1.000 | 1.000 | " in scores


@pytest.mark.parametrize(
    ("schema", "told"),
    [
        (Schema(text_labels=("unrest", "raid")), "it tells which of these an English text is: unrest, raid."),
        (
            Schema(text_labels=("unrest",), one_text_label=True),
            "it tells which one of these an English text is: unrest.",
        ),
        (Schema(("BASE",)), "it tags BASE in English news."),
        (
            Schema(("Weapon",), fillers=("Weapon",), template_types=("arson",)),
            "it tags Weapon in English news, merges their mentions into what fills a role in the document "
            "and sorts these into templates of arson.",
        ),
    ],
    ids=["labels", "one label", "tokens", "fillers"],
)
def test_the_card_says_what_the_model_of_a_task_does(
    facts: dict[str, Any], metrics: dict[str, Any], schema: Schema, told: str
) -> None:
    text = card("tiny", facts, metrics, Scores.from_json(metrics), schema)
    assert f"A tocsin model: {told}" in text
    assert "arguments are found within a sentence" not in text


TEXTS = Schema(text_labels=("raid", "claim"))


def test_the_card_of_a_model_of_texts_speaks_of_labels_alone(facts: dict[str, Any], metrics: dict[str, Any]) -> None:
    train = {"documents": 9, "ids": ["a"], "spans": {}, "labels": {"raid": 7, "claim": 0}, "unlabelled": 0}
    facts = {**facts, "train": train, "not_learned": {"unlabelled": []}}
    text = card("tiny", facts, {**metrics, "crossval": None, "headline": {}}, Scores(), TEXTS)
    assert "- raid: 7 texts" in text
    assert "- never seen, so never found: claim" in text
    assert "- seldom seen in training, so hard to judge: raid (7)" in text
    assert not any(word in text for word in ("incidents", "attacks", "theatres", "arguments", "widened", "[data] dev"))


def test_a_single_label_is_told_as_a_question(facts: dict[str, Any], metrics: dict[str, Any]) -> None:
    text = card("tiny", facts, metrics, Scores.from_json(metrics), Schema(text_labels=("raid",)))
    assert "A tocsin model: it tells whether an English text is raid." in text


def test_of_many_articles_the_first_are_named(facts: dict[str, Any], metrics: dict[str, Any]) -> None:
    facts["train"] = {**facts["train"], "documents": N_IDS + 3, "ids": [f"n{n}" for n in range(N_IDS + 3)]}
    told = section(written(facts, metrics), "Data")
    assert f"n{N_IDS - 1} and 3 more, which `run.json` names" in told
    assert f"n{N_IDS}," not in told


def test_layers_that_a_schema_has_nothing_of_have_no_line(
    facts: dict[str, Any], metrics: dict[str, Any], earlier: dict[str, Any]
) -> None:
    told = {**metrics, "calibration": earlier["calibration"]}
    text = card("tiny", facts, told, Scores.from_json(metrics), Schema(("BASE",), fillers=("BASE",)))
    lines = section(text, "What its scores mean")
    assert "| entities |" in lines
    assert "| incidents |" not in lines
    assert "A filler has the score of its likeliest mention" in lines
