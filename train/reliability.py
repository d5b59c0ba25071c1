"""Whether scores mean what they say: fitting a calibration, and the figures before and after it.

Right is: an entity or a trigger with the exact span and label of a gold one; an argument whose trigger, role and
exact span are gold's; an incident that the alignment of `tocsin.train.alignment` pairs with a gold one of which
at least half of the slot fillers, its own and gold's together, match. Attacks that count are aligned with such,
the others (series, threats, denied ones) with the others.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import log_expit

from tocsin.data.incidents import is_countable
from tocsin.data.schema import Schema
from tocsin.data.types import Document
from tocsin.model.calibration import SCORED_LAYERS, Calibration, Scaling, ScoredLayer, logit, steps_of
from tocsin.train.alignment import (
    GUIDELINE_SLOTS,
    SlotFillers,
    align,
    known_slots,
    n_matching,
    slot_fillers,
    tell_incidents,
)
from tocsin.train.counts import rounded
from tocsin.train.layers import with_mentions
from tocsin.train.pairing import span_key
from tocsin.train.scores import argument_keys

N_BINS = 10
MIN_KEPT = 10  # predictions that a threshold must leave, of each seed, before its precision is believed
SHARE_RIGHT = 0.5  # of an incident's slot fillers, from which on it is right
STEEPEST, FLATTEST = 10.0, 0.05  # bounds of 1 / temperature
TARGETS = (0.8, 0.9, 0.95)  # precisions a report shows what comes of wanting them

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Raw scores of one layer of one article, each with whether it is right, and how many there were to find."""

    scores: tuple[float, ...] = ()
    are_right: tuple[bool, ...] = ()
    n_gold: int = 0

    def __add__(self, other: "Outcomes") -> "Outcomes":
        return Outcomes(self.scores + other.scores, self.are_right + other.are_right, self.n_gold + other.n_gold)


@dataclass(frozen=True, slots=True)
class Bin:
    """The predictions with a score in [low, high); the last bin holds 1 too."""

    low: float
    high: float
    n: int
    mean_score: float
    share_right: float


def outcomes(gold: Document, predicted: Document, schema: Schema) -> dict[ScoredLayer, Outcomes]:
    """What of a prediction is right, layer by layer; a mention of a filler counts as an entity."""
    gold, predicted = (with_mentions(document, schema) for document in (gold, predicted))
    entities = set(map(span_key, gold.entities))
    triggers = {span_key(event.trigger) for event in gold.events}
    arguments = set(argument_keys(gold))
    scores = [argument.score for event in predicted.events for argument in event.arguments]
    played = zip(scores, argument_keys(predicted), strict=True)
    return {
        "entities": _outcomes([(s.score, span_key(s) in entities) for s in predicted.entities], len(entities)),
        "events": _outcomes([(e.score, span_key(e.trigger) in triggers) for e in predicted.events], len(triggers)),
        "arguments": _outcomes([(score, key in arguments) for score, key in played], len(arguments)),
        "incidents": _incident_outcomes(gold, predicted, schema),
    }


def fit(articles: Iterable[Mapping[ScoredLayer, Outcomes]], *, source: str, n_seeds: int = 1) -> Calibration:
    """A calibration from the raw predictions of articles that the model was not trained on.

    Args:
        articles: an entry for each article.
        source: what they are, in words.
        n_seeds: how often each article was predicted: a threshold must leave that many times `MIN_KEPT`, since the
            same span found with three seeds is no three spans.
    """
    articles = list(articles)
    scalings = {layer: fit_scaling(found) for layer, found in _together(articles).items()}
    return with_steps(Calibration(source, scalings), articles, n_seeds=n_seeds)


def with_steps(
    calibration: Calibration, articles: Iterable[Mapping[ScoredLayer, Outcomes]], *, n_seeds: int = 1
) -> Calibration:
    """The calibration with the thresholds that these articles show."""
    steps = {
        layer: steps_of(
            [_scaling(calibration, layer)(score) for score in found.scores],
            found.are_right,
            n_gold=found.n_gold,
            min_kept=MIN_KEPT * n_seeds,
        )
        for layer, found in _together(articles).items()
    }
    return replace(calibration, steps=steps)


def fit_scaling(found: Outcomes) -> Scaling:
    """The temperature and bias under which the outcomes are likeliest.

    With Platt's targets, (n + 1) / (n + 2) for right and 1 / (m + 2) for wrong, nothing becomes certain because a
    few articles hold no counterexample (Platt 1999, section 2.2). With nothing to fit on scores stay as they are.
    """
    if not found.scores:
        return Scaling()
    logits = np.array([logit(score) for score in found.scores])
    right = np.array(found.are_right, dtype=bool)
    targets = np.where(right, (right.sum() + 1) / (right.sum() + 2), 1 / ((~right).sum() + 2))

    def loss(parameters: Floats) -> float:
        moved = parameters[0] * logits + parameters[1]
        return -float(np.mean(targets * log_expit(moved) + (1 - targets) * log_expit(-moved)))

    solution = minimize(loss, np.array([1.0, 0.0]), method="L-BFGS-B", bounds=[(FLATTEST, STEEPEST), (-20.0, 20.0)])
    steepness, bias = (float(value) for value in solution.x)
    return Scaling(1.0 / steepness, bias)


def left_out(articles: Mapping[str, Mapping[ScoredLayer, Outcomes]], *, n_seeds: int = 1) -> dict[str, Calibration]:
    """For each article the calibration that the others give: what it does to an article it has not seen.

    In a cross-validation the models that predicted the others were trained on this article: the calibration has not
    seen it, but models behind it have. A single article has no others; its calibration leaves scores as they are.
    """
    others = {name: [found for other, found in articles.items() if other != name] for name in articles}
    return {name: fit(found, source="the other articles", n_seeds=n_seeds) for name, found in others.items()}


def reliability(
    articles: Mapping[str, Mapping[ScoredLayer, Outcomes]],
    calibration: Calibration | None,
    applied: Mapping[str, Calibration] | None = None,
    *,
    measured_on: str,
) -> dict[str, Any]:
    """The figures before and after calibration, in the form of a report; without a calibration those before.

    Args:
        articles: raw outcomes by article.
        calibration: what the model ships; the steps shown are its own, at which `predict --precision` cuts.
        applied: what each article is scaled with; by default what is shipped. Where that was fitted on these very
            articles, give `left_out(articles)`, or the figures after it are flattered.
        measured_on: what the articles are, in words.
    """
    if calibration is None:
        layers = {layer: _before(found) for layer, found in _together(articles.values()).items()}
        return {"source": "", "measured_on": measured_on, "fitted": False, "layers": layers}
    used = applied or dict.fromkeys(articles, calibration)
    record = {"measured_on": measured_on, **calibration.to_json()}
    for layer, found in _together(articles.values()).items():
        scaled = {
            name: Outcomes(tuple(map(_scaling(used[name], layer), of[layer].scores)), of[layer].are_right)
            for name, of in articles.items()
        }
        record["layers"][layer] |= {
            **_before(found),
            **_figures("after", [score for of in scaled.values() for score in of.scores], found.are_right),
            "article_gap_before": rounded(_article_gap(of[layer] for of in articles.values())),
            "article_gap_after": rounded(_article_gap(scaled.values())),
        }
        record["layers"][layer]["targets"] = [_target(layer, precision, articles, used) for precision in TARGETS]
    return {**record, "fitted": True}


def expected_calibration_error(scores: Floats, are_right: NDArray[np.bool_]) -> float:
    """The mean distance of score and share of right ones over ten bins of equal width, weighted by size
    (Naeini et al. 2015); nan for nothing."""
    n = len(scores)
    return sum(b.n * abs(b.mean_score - b.share_right) for b in bins(scores, are_right)) / n if n else math.nan


def bins(scores: Floats, are_right: NDArray[np.bool_]) -> list[Bin]:
    """The bins that hold something, in order."""
    places = np.minimum((scores * N_BINS).astype(int), N_BINS - 1)
    found = []
    for place in np.unique(places).tolist():
        inside = places == place
        mean, share = float(scores[inside].mean()), float(are_right[inside].mean())
        found.append(Bin(place / N_BINS, (place + 1) / N_BINS, int(inside.sum()), mean, share))
    return found


def _article_gap(articles: Iterable[Outcomes]) -> float:
    """How far, on a single article, the mean score is from the share that is right; the mean over articles.

    Over all articles such gaps cancel, so that the calibration error does not show them.
    """
    gaps = [abs(float(np.mean(found.scores)) - float(np.mean(found.are_right))) for found in articles if found.scores]
    return float(np.mean(gaps)) if gaps else math.nan


def _before(found: Outcomes) -> dict[str, Any]:
    return {"n": len(found.scores), "n_gold": found.n_gold, **_figures("before", found.scores, found.are_right)}


def _figures(when: str, scores: Sequence[float], are_right: Sequence[bool]) -> dict[str, Any]:
    values, right = np.array(scores, dtype=np.float64), np.array(are_right, dtype=bool)
    brier = float(np.mean((values - right) ** 2)) if len(values) else math.nan
    return {
        f"ece_{when}": rounded(expected_calibration_error(values, right)),
        f"brier_{when}": rounded(brier),
        when: [{name: rounded(value) for name, value in asdict(b).items()} for b in bins(values, right)],
    }


def _target(
    layer: ScoredLayer,
    precision: float,
    articles: Mapping[str, Mapping[ScoredLayer, Outcomes]],
    applied: Mapping[str, Calibration],
) -> dict[str, Any]:
    """What a wanted precision comes to, each article with the threshold of its calibration."""
    n_kept = n_right = n_gold = 0
    for name, of_article in articles.items():
        found, calibration = of_article[layer], applied[name]
        threshold = getattr(calibration.thresholds(precision), layer)
        scores = map(_scaling(calibration, layer), found.scores)
        kept = [right for score, right in zip(scores, found.are_right, strict=True) if score >= threshold]
        n_kept, n_right, n_gold = n_kept + len(kept), n_right + sum(kept), n_gold + found.n_gold
    reached = n_right / n_kept if n_kept else math.nan
    recall = n_right / n_gold if n_gold else math.nan
    return {"target": precision, "precision": rounded(reached), "recall": rounded(recall), "n_kept": n_kept}


def _scaling(calibration: Calibration, layer: ScoredLayer) -> Scaling:
    return calibration.scalings.get(layer, Scaling())


def _together(articles: Iterable[Mapping[ScoredLayer, Outcomes]]) -> dict[ScoredLayer, Outcomes]:
    articles = list(articles)
    return {layer: sum((found[layer] for found in articles), Outcomes()) for layer in SCORED_LAYERS}


def _outcomes(found: Iterable[tuple[float, bool]], n_gold: int) -> Outcomes:
    pairs = list(found)
    return Outcomes(tuple(score for score, _ in pairs), tuple(right for _, right in pairs), n_gold)


def _incident_outcomes(gold: Document, predicted: Document, schema: Schema) -> Outcomes:
    if not tell_incidents(gold, predicted):
        return _outcomes([], 0)
    slots = known_slots(GUIDELINE_SLOTS, schema)
    found: list[tuple[float, bool]] = []
    for countable in (True, False):
        sides = [
            [incident for incident in document.incidents if is_countable(incident, schema) == countable]
            for document in (gold, predicted)
        ]
        fillers = [
            [slot_fillers(incident, gold.article, schema, slots) for incident in incidents] for incidents in sides
        ]
        right = {column for row, column in align(*fillers) if _is_right(fillers[0][row], fillers[1][column])}
        found += [(incident.score, index in right) for index, incident in enumerate(sides[1])]
    return _outcomes(found, len(gold.incidents))


def _is_right(gold: SlotFillers, predicted: SlotFillers) -> bool:
    n_fillers = sum(len(fillers) for side in (gold, predicted) for fillers in side.values())
    return n_fillers > 0 and 2 * sum(n_matching(gold, predicted).values()) >= SHARE_RIGHT * n_fillers
