"""Runs of commands, and records of reports made by hand: one with all there can be, one with next to nothing."""

from collections.abc import Callable, Iterable
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from tocsin.cli import app
from tocsin.data.schema import DEFAULT_SCHEMA
from tocsin.train.mistakes import COST

MEASURES = ("entity_f1", "entity_overlap_f1", "trigger_f1", "argument_f1", "attribute_accuracy", "incident_f1")

HARBOUR = (
    "Drones strike Camp Vale as Norland counts its losses\n\n"
    "On Tuesday two armed drones hit Camp Vale in southern Norland, an army spokesman said. "
    "Three soldiers were wounded in the raid, and a fuel depot beside the runway burned until dawn.\n\n"
    "The Red Brigade claimed the attack hours later. It had threatened to shell the camp <script>alert('x')</script> "
    "if the blockade of Port Sund & its harbour went on."
)
CONVOY = (
    "The Northern Army denied on Friday that its rockets had fallen on Fort Dane. "
    "Villagers told of four explosions | and of a convoy that was ambushed on the road to Osk; "
    "at least nine people were killed."
)


@pytest.fixture
def run() -> Callable[..., Result]:
    """Runs a command, with what it is given on standard input."""

    def invoke(*arguments: object, given: str | bytes | None = None) -> Result:
        return CliRunner().invoke(app, [str(argument) for argument in arguments], input=given)

    return invoke


def spans(text: str, labels: Iterable[tuple[str, str, float]]) -> list[dict[str, Any]]:
    """The first occurrence of each surface, in the order of the text."""
    found = []
    for surface, label, score in labels:
        start = text.index(surface)
        found.append({"start": start, "end": start + len(surface), "label": label, "score": score})
    return sorted(found, key=lambda span: span["start"])


def incident(name: str, fillers: dict[str, list[str]], *, date: str | None, score: float = 1.0) -> dict[str, Any]:
    attributes = {"status": "claimed" if "claimant" in fillers else "reported", "scope": "single", "outcome": "hit"}
    return {
        "id": name,
        "date": date,
        "attributes": attributes,
        "fillers": fillers,
        "score": score,
        "countable": date is not None,
    }


def mistake(text: str, article: str, surface: str, sentence: str, **facts: Any) -> dict[str, Any]:
    start = text.index(surface)
    told = {"gold": "", "predicted": "", "detail": "", "cost": 1, "n_seeds": None, **facts}
    return {
        "article": article,
        "start": start,
        "end": start + len(surface),
        "sentence": sentence,
        "sentence_start": text.index(sentence),
        **told,
    }


def harbour() -> dict[str, Any]:
    """An article with each kind of agreement and disagreement."""
    gold = [
        ("Tuesday", "DATE", 1.0),
        ("armed drones", "WEAPON", 1.0),
        ("hit", "ATTACK", 1.0),
        ("Camp Vale", "BASE", 1.0),
    ]
    gold += [("southern Norland", "LOCATION", 1.0), ("Three soldiers", "CASUALTY", 1.0), ("raid", "ATTACK", 1.0)]
    gold += [("fuel depot", "ASSET", 1.0), ("Red Brigade", "ACTOR", 1.0), ("attack", "ATTACK", 1.0)]
    seen = [("Tuesday", "DATE", 0.98), ("drones hit", "WEAPON", 0.41), ("Camp Vale", "LOCATION", 0.66)]
    seen += [("southern Norland", "LOCATION", 0.91), ("Three soldiers", "CASUALTY", 0.88), ("raid", "ATTACK", 0.93)]
    seen += [("Red Brigade", "ACTOR", 0.97), ("attack", "ATTACK", 0.95), ("Port Sund", "BASE", 0.37)]
    first = "On Tuesday two armed drones hit Camp Vale in southern Norland, an army spokesman said."
    second = "Three soldiers were wounded in the raid, and a fuel depot beside the runway burned until dawn."
    text = HARBOUR
    errors = [
        mistake(text, "harbour", "armed drones hit", first, kind="wrong boundary", layer="entities", label="WEAPON",
                gold="armed drones", predicted="drones hit", cost=4),
        mistake(text, "harbour", " hit ", first, kind="missed trigger", layer="triggers", label="ATTACK",
                gold="hit", cost=6),
        mistake(text, "harbour", "Camp Vale in", first, kind="wrong label", layer="entities", label="BASE",
                gold="Camp Vale", predicted="Camp Vale", cost=3, detail="gold BASE, predicted LOCATION", n_seeds=2),
        mistake(text, "harbour", "fuel depot", second, kind="missed", layer="entities", label="ASSET",
                gold="fuel depot"),
        mistake(text, "harbour", "raid", second, kind="wrong status", layer="attributes", label="ATTACK",
                gold="reported", predicted="claimed", detail="gold reported, predicted claimed"),
    ]  # fmt: skip
    return {
        "id": "harbour",
        "title": "Drones strike <b>Camp Vale</b>",
        "published": "2024-05-02",
        "text": text,
        "headline": dict.fromkeys(MEASURES, 0.7321) | {"incident_f1": None},
        "seed": None,
        "gold": {
            "spans": spans(text, gold),
            "incidents": [
                incident(
                    "I1",
                    {"target": ["Camp Vale"], "weapon": ["armed drones"], "claimant": ["The Red Brigade"]},
                    date="2024-04-30",
                )
            ],
        },
        "predicted": {
            "spans": spans(text, seen),
            "incidents": [
                incident("I1", {"target": ["Camp Vale"], "casualty": ["Three soldiers"]}, date=None, score=0.52),
                incident("I2", {"claimant": ["Red Brigade"]}, date="2024-05-02", score=0.81),
            ],
        },
        "mistakes": errors,
    }


def convoy() -> dict[str, Any]:
    """An article all of which was found."""
    labels = [("Northern Army", "ACTOR"), ("Friday", "DATE"), ("rockets", "WEAPON"), ("Fort Dane", "BASE")]
    labels += [("ambushed", "ATTACK"), ("Osk", "LOCATION"), ("nine people", "CASUALTY")]
    side = {"spans": spans(CONVOY, [(surface, label, 0.9) for surface, label in labels]), "incidents": []}
    return {
        "id": "convoy|road",
        "title": "",
        "published": None,
        "text": CONVOY,
        "headline": dict.fromkeys(MEASURES, 1.0),
        "seed": 2,
        "gold": side,
        "predicted": side,
        "mistakes": [],
    }


def rows() -> list[dict[str, Any]]:
    names = {"entities": DEFAULT_SCHEMA.entity_labels, "triggers": DEFAULT_SCHEMA.event_types}
    names |= {
        "arguments": tuple(role.name for role in DEFAULT_SCHEMA.roles),
        "attributes": ("status", "scope", "outcome"),
    }
    names |= {"incidents": ("attacker", "target", "weapon", "place", "date", "status")}
    found = []
    for layer, labels in names.items():
        for i, label in enumerate((*labels, "micro", "macro")):
            value, is_macro = round(0.82 - 0.0613 * i, 4), label == "macro"
            n = None if is_macro else 7 + 9 * i
            found.append(
                {"layer": layer, "label": label, "precision": value, "recall": value, "f1": value, "support": n,
                 "n_matched": n, "n_predicted": n, "n_gold": n,
                 "overlap_f1": round(value + 0.05, 4) if layer in ("entities", "triggers") else None}
            )  # fmt: skip
    return found


def calibrated_layer(shift: float) -> dict[str, Any]:
    edges = [(low / 10, (low + 1) / 10) for low in range(2, 10)]
    before = [
        {
            "low": low,
            "high": high,
            "n": 12 + 40 * i,
            "mean_score": low + 0.06,
            "share_right": round(low - 0.1 + shift, 4),
        }
        for i, (low, high) in enumerate(edges)
    ]
    after = [{**each, "n": 300 - each["n"], "share_right": round(each["mean_score"] + 0.02, 4)} for each in before[1:]]
    steps = [
        {"threshold": round(0.3 + 0.02 * i, 4), "precision": round(0.6 + 0.01 * i, 4),
         "recall": round(0.9 - 0.02 * i, 4), "n_kept": 1200 - 30 * i}
        for i in range(34)
    ]  # fmt: skip
    return {
        "n": 1216, "temperature": 2.1337, "bias": -0.3125, "ece_before": 0.2107, "ece_after": 0.0312,
        "article_gap_after": 0.1234,
        "brier_before": 0.1904, "brier_after": 0.1513, "before": before, "after": after, "steps": steps,
        "targets": [{"target": 0.8, "precision": 0.7719, "recall": 0.5123, "n_kept": 580},
                    {"target": 0.9, "precision": 0.8805, "recall": 0.2914, "n_kept": 301},
                    {"target": 0.95, "precision": None, "recall": 0.0, "n_kept": 0}],
    }  # fmt: skip


def compared(name: str, difference: float) -> dict[str, dict[str, float]]:
    lead = {"difference": difference, "low": round(difference - 0.08, 4), "high": round(difference + 0.09, 4)}
    return {measure: {**lead, "share_won": 0.9135} for measure in MEASURES}


def headline(value: float, **more: float) -> dict[str, dict[str, float | None]]:
    ends = [(round(value - 0.07 * i, 4), round(value - 0.07 * i - 0.09, 4)) for i in range(len(MEASURES))]
    return {
        name: {"value": at, "low": low, "high": round(at + 0.0612, 4), **more}
        for name, (at, low) in zip(MEASURES, ends, strict=True)
    }


@pytest.fixture
def full_record() -> dict[str, Any]:
    """A cross-validation with baselines, another model, calibration and a learning curve."""
    documents = [harbour(), convoy()]
    labels = list(DEFAULT_SCHEMA.span_labels)
    n = len(labels) + 1
    kinds = [
        ("wrong boundary", "entities", "the label is right, an edge is not", 1, 4),
        ("missed", "entities", "gold has a span, nothing was predicted there", 1, 1),
        ("wrong label", "entities", "the offsets are right, the label is not", 1, 3),
        ("spurious", "entities", "a span was predicted where gold has nothing", 0, 0),
        ("missed trigger", "triggers", "a mention of an attack was not found", 1, 6),
        ("wrong status", "attributes", "of a trigger that was found", 1, 1),
    ]
    return {
        "kind": "crossval",
        "title": "configs/example.toml, five articles",
        "reproduce": ["tocsin crossval configs/example.toml --report out"],
        "provenance": {"date": "2024-06-01", "commit": "0123456789ab", "machine": "Linux x86_64, 2 cores",
                       "python": "3.11.7", "packages": {"tocsin": "0.1.0", "torch": "2.13.0"}},
        "seconds": {"training": 812.4, "evaluation": 1.2},
        "config": {"encoder": "default", "seed": 1, "optim": {"epochs": 60}},
        "schema": DEFAULT_SCHEMA.to_json(),
        "data": {"documents": 2, "ids": ["harbour", "convoy|road"], "spans": {"ACTOR": 70, "BASE": 33, "ATTACK": 51}},
        "seeds": [1, 2, 3],
        "bootstrap": {"n_resamples": 2000, "seed": 0, "level": 0.95, "unit": "article"},
        "headline": headline(0.7364, sd_over_seeds=0.0123, sd_over_articles=0.0456),
        "baselines": [
            {"name": "lexicon", "what": "surfaces that training annotated", "headline": headline(0.5121),
             "against_model": compared("lexicon", 0.2243)},
            {"name": "nearest", "what": "the model's spans, the nearest entity in each role",
             "headline": headline(0.7) | {name: {"value": None, "low": None, "high": None} for name in MEASURES[:3]},
             "against_model": {"argument_f1": compared("nearest", 0.0364)["argument_f1"]}},
        ],
        "against": {"name": "runs/other_model", "headline": headline(0.6911), "measures": compared("other", 0.0453)},
        "rows": rows(),
        "classification": {
            "status": {"values": ["reported", "claimed", "denied", "threatened"],
                       "accuracy": 0.8034, "macro_f1": 0.6123,
                       "commonest": "reported", "accuracy_of_commonest": 0.6838,
                       "confusion": [[71, 9, 0, 0], [6, 20, 1, 0], [1, 2, 3, 0], [0, 1, 0, 3]], "n": 117,
                       "rows": [{"value": value, "precision": 0.9103, "recall": 0.8875, "f1": 0.8987, "support": 27}
                                for value in ("reported", "claimed", "denied", "threatened")]},
            "CASUALTY.harm": {"values": ["killed", "wounded"], "confusion": [[0, 0], [0, 0]], "accuracy": None,
                              "macro_f1": None, "n": 0, "rows": [],
                              "commonest": "killed", "accuracy_of_commonest": None},
        },
        "calibration": {"source": "out-of-fold predictions of 5 articles with 3 seeds", "fitted": True,
                        "measured_on": "5 articles of gold",
                        "layers": {"entities": calibrated_layer(0.0), "events": calibrated_layer(0.05),
                                   "arguments": calibrated_layer(-0.05), "incidents": calibrated_layer(0.02)}},
        "learning_curve": {
            "sizes": [1, 2, 3, 4],
            "measures": {name: [{"mean": round(0.4 + 0.08 * i, 4), "low": round(0.3 + 0.08 * i, 4),
                                 "high": round(0.5 + 0.07 * i, 4)} for i in range(4)] for name in MEASURES},
            "labels": {"entities": {label: [0.31, 0.4242, 0.4817, 0.52] for label in DEFAULT_SCHEMA.entity_labels},
                       "triggers": {"ATTACK": [0.5, 0.55, 0.61, 0.6]}, "arguments": {"target": [None, 0.2, 0.3, 0.3]}},
            "gain": compared("last", 0.0815),
        },
        "confusion": {"labels": labels,
                      "counts": [[30 if i == j else (i * j) % 4 for j in range(n)] for i in range(n)]},
        "mistakes": {
            "n": 5,
            "cost": COST,
            "kinds": [dict(zip(("kind", "layer", "what", "n", "cost"), kind, strict=True)) for kind in kinds],
            "costliest": sorted(documents[0]["mistakes"], key=lambda each: -each["cost"]),
        },
        "documents": documents,
        "n_documents_left_out": 3,
        "notes": ["Five articles are few: mind the intervals."],
    }  # fmt: skip


@pytest.fixture
def bare_record() -> dict[str, Any]:
    """An evaluation of one article in which nothing is annotated and nothing was predicted."""
    nothing = {"value": None, "low": None, "high": None}
    side: dict[str, Any] = {"spans": [], "incidents": []}
    return {
        "kind": "evaluation",
        "title": "runs/a on b.jsonl",
        "reproduce": ["tocsin evaluate runs/a b.jsonl --report out"],
        "provenance": {"date": "2024-06-01", "commit": None, "machine": "m", "python": "3.11.7",
                       "packages": {"torch": None}},
        "seconds": {},
        "config": None,
        "schema": DEFAULT_SCHEMA.to_json(),
        "data": {"documents": 1, "ids": ["a"], "spans": {}},
        "seeds": None,
        "bootstrap": {"n_resamples": 2000, "seed": 0, "level": 0.95, "unit": "article"},
        "headline": {name: nothing for name in MEASURES},
        "baselines": [],
        "against": None,
        "rows": [
            {"layer": "entities", "label": "micro", "precision": None, "recall": None, "f1": None, "support": 0,
             "n_matched": 0, "n_predicted": 0, "n_gold": 0, "overlap_f1": None}
        ],
        "classification": {},
        "calibration": None,
        "learning_curve": None,
        "confusion": {"labels": ["ACTOR"], "counts": [[0, 0], [0, 0]]},
        "mistakes": {"n": 0, "cost": COST, "kinds": [], "costliest": []},
        "documents": [
            {"id": "a", "title": "", "published": None, "text": "Nothing happened.",
             "headline": dict.fromkeys(MEASURES), "seed": None, "gold": side, "predicted": side, "mistakes": []}
        ],
        "n_documents_left_out": 0,
        "notes": [],
    }  # fmt: skip
