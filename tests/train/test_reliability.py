"""Whether scores mean what they say: known distortions are undone, and no article is judged by itself."""

import json
import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.data.incidents import build_incidents
from tocsin.data.schema import DEFAULT_SCHEMA
from tocsin.data.types import Argument, Article, Document, Event, Incident, Span
from tocsin.model.calibration import SCORED_LAYERS, Calibration, Scaling, ScoredLayer, logit
from tocsin.train.reliability import (
    MIN_KEPT,
    Bin,
    Outcomes,
    bins,
    expected_calibration_error,
    fit,
    fit_scaling,
    left_out,
    outcomes,
    reliability,
    with_steps,
)

TEXT = "On Monday gunmen shelled Camp Vale. Rovian jets bombed Fort Dane. The strike was denied by Norland."
ARTICLE = Article(TEXT, id="a")
REPORTED = {"status": "reported", "scope": "single", "outcome": "hit"}
DENIED = {**REPORTED, "status": "denied"}


def span(surface: str, label: str, score: float = 1.0) -> Span:
    start = TEXT.index(surface)
    return Span(start, start + len(surface), label, score)


MONDAY, GUNMEN, VALE = span("Monday", "DATE"), span("gunmen", "ACTOR"), span("Camp Vale", "BASE")
JETS, DANE, NORLAND = span("jets", "WEAPON"), span("Fort Dane", "BASE"), span("Norland", "ACTOR")
SHELLED, BOMBED, STRIKE = span("shelled", "ATTACK"), span("bombed", "ATTACK"), span("strike", "ATTACK")


def event(trigger: Span, fillers: Mapping[str, Span], incident: str, said: Mapping[str, str] = REPORTED) -> Event:
    return Event(trigger, tuple(Argument(role, filler) for role, filler in fillers.items()), said, incident)


def document(*events: Event, entities: tuple[Span, ...] = ()) -> Document:
    return Document(ARTICLE, entities, events, build_incidents(ARTICLE, events, DEFAULT_SCHEMA))


def found(gold: Document, predicted: Document, layer: ScoredLayer) -> Outcomes:
    return outcomes(gold, predicted, DEFAULT_SCHEMA)[layer]


def test_an_entity_is_right_with_the_exact_span_and_label_of_a_gold_one() -> None:
    wider = replace(DANE, end=DANE.end + 1, score=0.6)
    predicted = (replace(VALE, score=0.9), replace(GUNMEN, label="BASE", score=0.7), wider)
    got = found(document(entities=(VALE, GUNMEN, DANE, MONDAY)), document(entities=predicted), "entities")
    assert got == Outcomes((0.9, 0.7, 0.6), (True, False, False), 4)


def test_a_trigger_is_right_whatever_its_arguments_and_attributes() -> None:
    gold = document(event(SHELLED, {"target": VALE}, "I1"), event(BOMBED, {}, "I2"))
    predicted = document(
        event(replace(SHELLED, score=0.8), {}, "I1", DENIED), event(replace(STRIKE, score=0.4), {}, "I2")
    )
    assert found(gold, predicted, "events") == Outcomes((0.8, 0.4), (True, False), 2)


def test_an_argument_is_right_only_with_its_trigger_and_its_role() -> None:
    gold = document(event(SHELLED, {"target": VALE, "attacker": GUNMEN}, "I1"))
    parts = (Argument("target", VALE, 0.9), Argument("place", GUNMEN, 0.8), Argument("attacker", JETS, 0.7))
    predicted = Document(ARTICLE, (), (Event(SHELLED, parts), Event(BOMBED, (Argument("target", VALE, 0.6),))))
    assert found(gold, predicted, "arguments") == Outcomes((0.9, 0.8, 0.7, 0.6), (True, False, False, False), 2)


GOLD = document(
    event(SHELLED, {"attacker": GUNMEN, "target": VALE, "date": MONDAY}, "I1"),
    event(BOMBED, {"weapon": JETS, "target": DANE}, "I2"),
    event(STRIKE, {"source": NORLAND}, "I3", DENIED),
)


def scored(events: tuple[Event, ...], scores: tuple[float, ...]) -> Document:
    built = document(*events)
    incidents = tuple(replace(i, score=score) for i, score in zip(built.incidents, scores, strict=True))
    return replace(built, incidents=incidents)


def test_an_incident_is_right_if_half_of_the_slot_fillers_of_it_and_of_its_gold_one_match() -> None:
    # Of the first, target and status of 3 + 2 fillers match (a date without a publication day fills nothing); of
    # the second, the status alone of 3 + 2.
    predicted = scored((event(SHELLED, {"target": VALE}, "A"), event(BOMBED, {"weapon": GUNMEN}, "B")), (0.9, 0.3))
    assert found(GOLD, predicted, "incidents") == Outcomes((0.9, 0.3), (True, False), 3)


def test_half_of_the_slot_fillers_is_enough() -> None:
    gold, predicted = document(event(SHELLED, {"target": VALE}, "I1")), (event(SHELLED, {"weapon": JETS}, "A"),)
    assert found(gold, scored(predicted, (0.5,)), "incidents").are_right == (True,)  # the status, of 2 and 2 fillers


def test_incidents_that_do_not_count_are_held_against_such_only() -> None:
    denied = scored((event(STRIKE, {}, "A", DENIED),), (0.7,))
    assert found(GOLD, denied, "incidents") == Outcomes((0.7,), (True,), 3)
    reported = scored((event(STRIKE, {}, "A"),), (0.7,))
    assert found(document(GOLD.events[2]), reported, "incidents") == Outcomes((0.7,), (False,), 1)


def test_each_incident_keeps_its_own_score_though_those_that_count_come_first() -> None:
    denied, counting = event(SHELLED, {"target": VALE}, "A", DENIED), event(BOMBED, {"target": DANE}, "B")
    elsewhere = event(SHELLED, {"target": NORLAND, "weapon": JETS}, "A", DENIED)
    got = found(document(denied, counting), scored((elsewhere, counting), (0.2, 0.8)), "incidents")
    assert got == Outcomes((0.8, 0.2), (True, False), 2)


def test_an_incident_of_which_nothing_is_told_is_wrong() -> None:
    schema = replace(DEFAULT_SCHEMA, attributes=(), countable={})
    nothing = Document(ARTICLE, (), (), (Incident("I1", (Event(STRIKE),)),))
    assert outcomes(nothing, nothing, schema)["incidents"].are_right == (False,)


def test_gold_that_groups_no_event_calibrates_no_incident() -> None:
    ungrouped = replace(GOLD, events=tuple(replace(each, incident="") for each in GOLD.events))
    assert outcomes(GOLD, GOLD, DEFAULT_SCHEMA)["incidents"].are_right
    assert outcomes(ungrouped, GOLD, DEFAULT_SCHEMA)["incidents"] == Outcomes((), (), 0)


def test_gold_against_itself_is_right_throughout() -> None:
    for got in outcomes(GOLD, GOLD, DEFAULT_SCHEMA).values():
        assert all(got.are_right)
        assert len(got.scores) == got.n_gold


def drawn(scaling: Scaling, *, n: int, seed: int, share_gold: float = 0.8) -> Outcomes:
    """Raw scores of which exactly the share the scaling says is right."""
    generator = np.random.default_rng(seed)
    scores = generator.uniform(0.02, 0.999, n)
    right = generator.random(n) < np.array([scaling(score) for score in scores])
    return Outcomes(tuple(scores.tolist()), tuple(right.tolist()), int(right.sum() / share_gold))


@pytest.mark.parametrize(
    "truth",
    [Scaling(1.0, 0.0), Scaling(2.5, -0.4), Scaling(0.5, 0.8), Scaling(4.0, 1.0)],
    ids=["none", "overconfident", "underconfident", "shifted"],
)
def test_a_known_distortion_is_found_again(truth: Scaling) -> None:
    fitted = fit_scaling(drawn(truth, n=20_000, seed=3))
    assert 1 / fitted.temperature == pytest.approx(1 / truth.temperature, abs=0.06)
    assert fitted.bias == pytest.approx(truth.bias, abs=0.08)


@pytest.mark.parametrize("are_right", [True, False], ids=["all-right", "all-wrong"])
@pytest.mark.parametrize("scores", [(0.3, 0.8, 1.0), (1.0,), (0.0,), (0.5,) * 40], ids=str)
def test_articles_without_a_counterexample_make_nothing_certain(scores: tuple[float, ...], are_right: bool) -> None:
    fitted = fit_scaling(Outcomes(scores, (are_right,) * len(scores), len(scores)))
    n = len(scores)
    bound = (n + 1) / (n + 2)
    moved = [fitted(score) if are_right else 1 - fitted(score) for score in scores]
    assert sum(moved) / n == pytest.approx(bound, abs=0.01)
    assert math.isfinite(fitted.temperature)
    assert all(0.0 < value < 1.0 for value in moved)


def test_nothing_to_fit_on_leaves_scores_as_they_are() -> None:
    assert fit_scaling(Outcomes()) == Scaling()


@settings(max_examples=30)
@given(pairs=st.lists(st.tuples(st.floats(0.0, 1.0), st.booleans()), min_size=1, max_size=30))
def test_any_outcomes_give_a_scaling_that_keeps_the_order_of_scores(pairs: list[tuple[float, bool]]) -> None:
    scores, right = zip(*pairs, strict=True)
    fitted = fit_scaling(Outcomes(scores, right, len(pairs)))
    moved = [fitted(score) for score in sorted(scores)]
    assert moved == sorted(moved)
    assert all(0.0 <= value <= 1.0 for value in moved)


def test_the_error_is_the_distance_of_score_and_share_weighted_by_bin() -> None:
    scores = np.array([0.82, 0.88, 0.85, 0.31, 1.0])
    right = np.array([True, False, False, True, True])
    # 3 of 5 are 0.85 - 1/3 off, 1 of 5 is 1 - 0.31 off, the last is right.
    assert expected_calibration_error(scores, right) == pytest.approx(3 / 5 * (0.85 - 1 / 3) + 1 / 5 * 0.69)


def test_nothing_has_no_error() -> None:
    assert math.isnan(expected_calibration_error(np.array([]), np.array([], dtype=bool)))
    assert bins(np.array([]), np.array([], dtype=bool)) == []


def test_bins_hold_what_starts_in_them_and_the_last_one_1_too() -> None:
    got = bins(np.array([0.0, 0.5, 0.5, 0.95, 1.0]), np.array([False, True, False, True, True]))
    assert got == [
        Bin(0.0, 0.1, 1, 0.0, 0.0),
        Bin(0.5, 0.6, 2, 0.5, 0.5),
        Bin(0.9, 1.0, 2, 0.975, 1.0),
    ]


def articles_of(scaling: Scaling, *, n_articles: int, n: int) -> dict[str, dict[ScoredLayer, Outcomes]]:
    return {
        f"a{number}": {layer: drawn(scaling, n=n, seed=10 * number + k) for k, layer in enumerate(SCORED_LAYERS)}
        for number in range(n_articles)
    }


def test_calibrating_overconfident_scores_brings_them_nearer_the_truth_on_articles_not_fitted_on() -> None:
    articles = articles_of(Scaling(3.0, -0.5), n_articles=4, n=300)
    record = reliability(
        articles, fit(articles.values(), source="four articles"), left_out(articles), measured_on="gold"
    )
    assert (record["fitted"], record["source"]) == (True, "four articles")
    for layer in SCORED_LAYERS:
        figures = record["layers"][layer]
        assert figures["ece_after"] < 0.5 * figures["ece_before"]
        assert figures["brier_after"] < figures["brier_before"]
        assert figures["temperature"] > 1.5
        assert sum(each["n"] for each in figures["after"]) == figures["n"] == 1200


def test_an_article_takes_no_part_in_the_calibration_it_is_scaled_with() -> None:
    articles = articles_of(Scaling(2.0), n_articles=3, n=40)
    contrary = {layer: Outcomes((0.99,) * 50, (False,) * 50, 50) for layer in SCORED_LAYERS}
    before, after = left_out(articles), left_out({**articles, "a1": contrary})
    assert after["a1"] == before["a1"]
    assert after["a0"] != before["a0"]
    assert after["a2"].scalings == fit([articles["a0"], contrary], source="").scalings


def test_a_single_article_has_no_others_to_be_scaled_by() -> None:
    articles = articles_of(Scaling(2.0), n_articles=1, n=40)
    (alone,) = left_out(articles).values()
    assert alone.scalings == dict.fromkeys(SCORED_LAYERS, Scaling())
    record = reliability(articles, fit(articles.values(), source="one article"), {"a0": alone}, measured_on="gold")
    assert record["layers"]["events"]["ece_after"] == record["layers"]["events"]["ece_before"]
    assert [target["n_kept"] for target in record["layers"]["events"]["targets"]] == [0, 0, 0]


def repeated(scores: tuple[float, ...], are_right: tuple[bool, ...], *, n_gold: int) -> Outcomes:
    """Each so often that a threshold is believed which leaves nothing else."""
    return Outcomes(scores * MIN_KEPT, are_right * MIN_KEPT, n_gold * MIN_KEPT)


def everywhere(found: Outcomes) -> dict[ScoredLayer, Outcomes]:
    return dict.fromkeys(SCORED_LAYERS, found)


def test_thresholds_are_on_calibrated_scores() -> None:
    calibration = Calibration("two spans", {"events": Scaling(1.0, -logit(0.9))})
    steps = with_steps(calibration, [everywhere(repeated((0.6, 0.9), (False, True), n_gold=2))]).steps
    assert [step.threshold for step in steps["entities"]] == pytest.approx([0.6, 0.9])
    assert [step.threshold for step in steps["events"]] == pytest.approx([1 / 7, 0.5])  # odds a ninth of 1.5 and 9


def test_a_threshold_that_leaves_too_few_to_judge_by_is_none() -> None:
    few = Outcomes((0.2,) + (0.9,) * (MIN_KEPT - 1), (False,) + (True,) * (MIN_KEPT - 1), MIN_KEPT)
    assert [step.n_kept for step in with_steps(Calibration(""), [everywhere(few)]).steps["events"]] == [MIN_KEPT]
    another = with_steps(Calibration(""), [everywhere(few + Outcomes((0.9,), (True,), 1))])
    assert [step.n_kept for step in another.steps["events"]] == [MIN_KEPT + 1, MIN_KEPT]


def test_what_several_seeds_find_is_not_as_many_findings() -> None:
    found = [everywhere(Outcomes((0.2,) + (0.9,) * 15, (False,) + (True,) * 15, 16))]
    kept = {n: [step.n_kept for step in fit(found, source="", n_seeds=n).steps["events"]] for n in (1, 2)}
    assert kept == {1: [16, 15], 2: []}
    articles = {"a": found[0], "b": found[0]}
    assert left_out(articles, n_seeds=2)["a"].steps["events"] == ()


def test_what_a_precision_comes_to_is_counted_with_each_article_at_its_own_threshold() -> None:
    articles = {
        "a": everywhere(repeated((0.2, 0.4, 0.6, 0.8), (False, True, True, True), n_gold=5)),
        "b": everywhere(repeated((0.5, 0.7), (False, True), n_gold=1)),
    }
    used = {name: with_steps(Calibration(""), [found]) for name, found in articles.items()}
    first, *_ = reliability(articles, used["a"], used, measured_on="gold")["layers"]["entities"]["targets"]
    # 0.8 is reached from 0.4 on in a (3 of 3, of 5), and from 0.7 on in b, where from 0.4 on only half is right.
    assert first == {"target": 0.8, "precision": 1.0, "recall": 0.6667, "n_kept": 4 * MIN_KEPT}


@pytest.mark.parametrize("calibration", [None, Calibration("nothing")], ids=["none", "fitted"])
def test_articles_without_predictions_have_a_record_without_figures(calibration: Calibration | None) -> None:
    articles = {"a": {layer: Outcomes(n_gold=2) for layer in SCORED_LAYERS}}
    record = reliability(articles, calibration, measured_on="gold")
    figures = record["layers"]["incidents"]
    assert (figures["n"], figures["n_gold"], figures["ece_before"], figures["before"]) == (0, 2, None, [])
    json.dumps(record, allow_nan=False)


def test_without_a_calibration_only_the_figures_before_are_told() -> None:
    record: dict[str, Any] = reliability(articles_of(Scaling(), n_articles=2, n=20), None, measured_on="gold")
    assert (record["fitted"], record["source"]) == (False, "")
    assert set(record["layers"]["events"]) == {"n", "n_gold", "ece_before", "brier_before", "before"}


def test_a_reports_calibration_reads_back_as_the_one_it_is_of() -> None:
    articles = articles_of(Scaling(2.0), n_articles=3, n=30)
    calibration = fit(articles.values(), source="three articles")
    record = json.loads(json.dumps(reliability(articles, calibration, left_out(articles), measured_on="gold")))
    assert Calibration.from_json(record) == calibration


def test_articles_whose_gaps_cancel_are_off_all_the_same() -> None:
    right, wrong = (everywhere(Outcomes((0.5,) * 20, (is_right,) * 20, 20)) for is_right in (True, False))
    record = reliability({"a": right, "b": wrong}, Calibration("none"), measured_on="gold")["layers"]["events"]
    assert (record["ece_after"], record["article_gap_before"], record["article_gap_after"]) == (0.0, 0.5, 0.5)
