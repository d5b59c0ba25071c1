"""Calibrated scores: every layer is moved, nothing else is, and thresholds are the lowest that do."""

import json
import math
from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.data.document_level import filler_of
from tocsin.data.errors import DataError
from tocsin.data.incidents import build_incidents
from tocsin.data.schema import DEFAULT_SCHEMA
from tocsin.data.types import Argument, Article, Document, Event, Filler, Incident, Span, Template, TextLabel
from tocsin.model.calibration import EDGE, SCORED_LAYERS, Calibration, Scaling, Step, logit, steps_of

FILE_SCORES = st.integers(0, 10**6).map(lambda millionths: millionths / 10**6)  # as many digits as files hold
SCALINGS = st.builds(Scaling, st.floats(0.05, 20.0), st.floats(-20.0, 20.0))
CALIBRATION = Calibration(
    "four articles",
    {
        "entities": Scaling(2.0, -0.5),
        "events": Scaling(0.5, 0.25),
        "arguments": Scaling(1.5, -1.0),
        "incidents": Scaling(3.0, 0.1),
    },
    {
        "entities": (Step(0.2, 0.5, 0.9, 18), Step(0.7, 0.8, 0.6, 9)),
        "events": (Step(0.1, 1.0, 1.0, 3),),
        "arguments": (),
        "incidents": (Step(1 / 3, 2 / 3, 1 / 7, 3),),
    },
)


def with_scores(document: Document) -> Document:
    """The document as a network might have predicted it: no two scores alike."""
    entities = {(s.start, s.end): replace(s, score=0.9 - n / 50) for n, s in enumerate(document.entities)}
    events = tuple(
        replace(
            event,
            trigger=replace(event.trigger, score=0.7 - n / 50),
            arguments=tuple(
                Argument(a.role, entities[a.span.start, a.span.end], 0.6 - n / 10 - m / 50)
                for m, a in enumerate(event.arguments)
            ),
        )
        for n, event in enumerate(document.events)
    )
    incidents = build_incidents(document.article, events, DEFAULT_SCHEMA)
    return Document(document.article, tuple(entities.values()), events, incidents)


@pytest.fixture(params=[0, 1], ids=["one-incident", "two-incidents"])
def raw(request: pytest.FixtureRequest, tiny_documents: tuple[Document, ...]) -> Document:
    return with_scores(tiny_documents[request.param])


def arguments(document: Document) -> list[Argument]:
    return [argument for event in document.events for argument in event.arguments]


def test_every_layer_is_scaled_by_its_own_numbers(raw: Document) -> None:
    scaled, scale = CALIBRATION.apply(raw), CALIBRATION.scalings
    assert [s.score for s in scaled.entities] == [scale["entities"](s.score) for s in raw.entities]
    assert [e.score for e in scaled.events] == [scale["events"](e.score) for e in raw.events]
    assert [a.score for a in arguments(scaled)] == [scale["arguments"](a.score) for a in arguments(raw)]
    assert [i.score for i in scaled.incidents] == [scale["incidents"](i.score) for i in raw.incidents]


def test_the_spans_of_fillers_have_the_scores_of_their_arguments(raw: Document) -> None:
    def fillers(document: Document) -> list[Filler]:
        return [filler for incident in document.incidents for filler in incident.fillers]

    scaled = fillers(CALIBRATION.apply(raw))
    expected = [[CALIBRATION.scalings["arguments"](span.score) for span in filler.spans] for filler in fillers(raw)]
    assert [[span.score for span in filler.spans] for filler in scaled] == expected
    assert expected


def bare(document: Document) -> Document:
    """The document with all scores 1."""

    def span(one: Span) -> Span:
        return replace(one, score=1.0)

    def event(one: Event) -> Event:
        played = tuple(Argument(argument.role, span(argument.span)) for argument in one.arguments)
        return replace(one, trigger=span(one.trigger), arguments=played)

    def incident(one: Incident) -> Incident:
        fillers = tuple(replace(filler, spans=tuple(map(span, filler.spans))) for filler in one.fillers)
        return replace(one, mentions=tuple(map(event, one.mentions)), fillers=fillers, score=1.0)

    return Document(
        document.article,
        tuple(map(span, document.entities)),
        tuple(map(event, document.events)),
        tuple(map(incident, document.incidents)),
    )


def test_nothing_but_scores_changes_neither_ids_nor_order_nor_attributes_nor_days(raw: Document) -> None:
    scaled = CALIBRATION.apply(raw)
    assert bare(scaled) == bare(raw)
    assert scaled != raw


def test_what_refers_to_something_of_the_document_is_equal_to_it_afterwards(raw: Document) -> None:
    scaled = CALIBRATION.apply(raw)
    assert all(argument.span in scaled.entities for argument in arguments(scaled))
    mentions = [mention for incident in scaled.incidents for mention in incident.mentions]
    assert sorted(mentions, key=lambda event: event.trigger.start) == list(scaled.events)


def test_an_empty_document_stays_empty() -> None:
    document = Document(Article("Nobody was hurt."))
    assert CALIBRATION.apply(document) == document


@given(scaling=SCALINGS, one=FILE_SCORES, other=FILE_SCORES)
def test_of_two_scores_the_higher_stays_no_lower(scaling: Scaling, one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert 0.0 <= scaling(low) <= scaling(high) <= 1.0


@given(score=st.floats(0.0, 1.0))
def test_by_default_a_score_stays_as_it_is_but_for_the_edges(score: float) -> None:
    assert Scaling()(score) == pytest.approx(min(max(score, EDGE), 1 - EDGE), abs=1e-12)


def test_a_layer_that_was_not_fitted_keeps_its_scores(raw: Document) -> None:
    scaled = Calibration("nothing").apply(raw)
    assert [s.score for s in scaled.entities] == pytest.approx([s.score for s in raw.entities])


@pytest.mark.parametrize(
    ("scaling", "score", "expected"),
    [
        (Scaling(2.0), 0.9, 0.75),  # odds of 9 become odds of 3
        (Scaling(1.0, math.log(3.0)), 0.5, 0.75),
        (Scaling(0.5, -math.log(2.0)), 2 / 3, 2 / 3),  # odds of 2 become 4, halved again
    ],
    ids=["temperature", "bias", "both"],
)
def test_odds_are_rooted_by_the_temperature_and_multiplied_by_the_bias(
    scaling: Scaling, score: float, expected: float
) -> None:
    assert scaling(score) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("scaling", "expected"),
    [
        (Scaling(1e-6), [0.0, 0.0, 1.0, 1.0]),
        (Scaling(1e-320), [0.0, 0.0, 1.0, 1.0]),
        (Scaling(1.0, 5000.0), [1.0, 1.0, 1.0, 1.0]),
        (Scaling(1.0, -5000.0), [0.0, 0.0, 0.0, 0.0]),
    ],
    ids=["cold", "as-cold-as-can-be", "up", "down"],
)
def test_extreme_numbers_end_at_0_or_1_and_not_in_an_overflow(scaling: Scaling, expected: list[float]) -> None:
    assert [scaling(score) for score in (0.0, 0.3, 0.7, 1.0)] == expected


@pytest.mark.parametrize(
    ("temperature", "bias"),
    [(0.0, 0.0), (-1.0, 0.0), (math.inf, 0.0), (math.nan, 0.0), (1.0, math.nan), (1.0, -math.inf)],
)
def test_a_temperature_that_is_none_is_refused(temperature: float, bias: float) -> None:
    with pytest.raises(ValueError, match="expected a temperature above 0 and finite numbers"):
        Scaling(temperature, bias)


def test_the_logit_ends_at_the_edges() -> None:
    assert [logit(score) for score in (0.0, 1.0)] == [logit(EDGE), logit(1.0 - EDGE)]
    assert logit(0.5) == 0.0


def test_what_is_written_reads_back_the_same() -> None:
    assert Calibration.from_json(json.loads(json.dumps(CALIBRATION.to_json()))) == CALIBRATION


@given(scalings=st.dictionaries(st.sampled_from(SCORED_LAYERS), SCALINGS), score=FILE_SCORES)
def test_what_is_read_back_scales_like_what_was_written(scalings: dict[str, Scaling], score: float) -> None:
    written = Calibration("any", scalings)  # type: ignore[arg-type] # the keys are drawn from the layers
    read = Calibration.from_json(json.loads(json.dumps(written.to_json())))
    assert all(read.scalings[layer](score) == scalings.get(layer, Scaling())(score) for layer in SCORED_LAYERS)


def without(record: dict[str, object]) -> None:
    del record["source"]


def without_a_layer(record: dict[str, object]) -> None:
    del record["layers"]["events"]  # type: ignore[attr-defined] # a JSON object


def frozen_to_zero(record: dict[str, object]) -> None:
    record["layers"]["events"]["temperature"] = 0.0  # type: ignore[index] # a JSON object


def without_steps(record: dict[str, object]) -> None:
    record["layers"]["events"]["steps"] = [{"threshold": 0.5}]  # type: ignore[index] # a JSON object


@pytest.mark.parametrize("broken", [without, without_a_layer, frozen_to_zero, without_steps])
def test_a_record_that_is_none_is_an_error_of_the_data(broken: Callable[[dict[str, object]], None]) -> None:
    record = CALIBRATION.to_json()
    broken(record)
    with pytest.raises(DataError, match=r"calibration: cannot be read .*expected what Calibration\.to_json writes"):
        Calibration.from_json(record)


def test_thresholds_are_those_of_the_first_step_that_reaches_the_precision() -> None:
    wanted = CALIBRATION.thresholds(0.5)
    assert (wanted.entities, wanted.events, wanted.incidents) == (0.2, 0.1, 1 / 3)
    assert CALIBRATION.thresholds(0.51).entities == 0.7


def test_a_precision_that_is_not_reached_leaves_nothing_of_the_layer() -> None:
    wanted = CALIBRATION.thresholds(0.9)
    assert (wanted.entities, wanted.events, wanted.arguments, wanted.incidents) == (math.inf, 0.1, math.inf, math.inf)


def test_the_best_precision_is_that_of_the_last_step() -> None:
    assert CALIBRATION.best_precision("entities") == 0.8
    assert math.isnan(CALIBRATION.best_precision("arguments"))


Predictions = list[tuple[float, bool]]
PREDICTIONS = st.lists(st.tuples(st.sampled_from([n / 12 for n in range(13)]), st.booleans()), max_size=25)


def kept(found: Predictions, threshold: float) -> list[bool]:
    return [is_right for score, is_right in found if score >= threshold]


def lowest_threshold(found: Predictions, target: float) -> float:
    """The definition, by trying every score."""
    reached = [s for s, _ in found if sum(kept(found, s)) / len(kept(found, s)) >= target]
    return min(reached, default=math.inf)


def steps(found: Predictions, n_gold: int) -> Sequence[Step]:
    return steps_of([score for score, _ in found], [is_right for _, is_right in found], n_gold=n_gold)


@given(found=PREDICTIONS, target=st.floats(0.01, 1.0))
def test_each_precision_has_the_lowest_score_from_which_on_it_is_reached(found: Predictions, target: float) -> None:
    calibration = Calibration("random", {}, {"entities": tuple(steps(found, 30))})
    assert calibration.thresholds(target).entities == lowest_threshold(found, target)


@given(found=PREDICTIONS, n_missed=st.integers(0, 5))
def test_every_step_says_what_is_left_from_its_threshold_on(found: Predictions, n_missed: int) -> None:
    n_gold = sum(is_right for _, is_right in found) + n_missed
    for step in steps(found, n_gold):
        left = kept(found, step.threshold)
        assert (step.n_kept, step.precision) == (len(left), sum(left) / len(left))
        assert step.recall == sum(left) / n_gold


@given(found=PREDICTIONS)
def test_thresholds_and_precisions_rise_along_the_steps(found: Predictions) -> None:
    got = steps(found, 30)
    for values in ([step.threshold for step in got], [step.precision for step in got]):
        assert values == sorted(set(values))


def test_scores_that_are_equal_stay_or_go_together() -> None:
    got = steps_of([0.5, 0.5, 0.5, 0.9], [False, True, True, True], n_gold=3)
    assert [(step.threshold, step.n_kept) for step in got] == [(0.5, 4), (0.9, 1)]


@pytest.mark.parametrize("found", [[], [(0.4, False), (0.9, False)]], ids=["nothing", "nothing-right"])
def test_without_anything_right_there_is_no_step(found: Predictions) -> None:
    assert list(steps(found, 3)) == []


@given(found=PREDICTIONS, min_kept=st.integers(1, 8))
def test_thresholds_that_leave_too_few_are_passed_over(found: Predictions, min_kept: int) -> None:
    scores, are_right = [score for score, _ in found], [is_right for _, is_right in found]
    got = steps_of(scores, are_right, n_gold=30, min_kept=min_kept)
    assert list(got) == [step for step in steps(found, 30) if step.n_kept >= min_kept]


def test_what_is_there_though_gold_has_nothing_has_no_recall() -> None:
    assert steps_of([0.5], [True], n_gold=0)[0].recall == 0.0


def test_labels_fillers_and_templates_are_not_lost_when_scores_are_scaled() -> None:
    text = "a car bomb"
    filler = filler_of("Weapon", [(2, 10)], text, 0.9)
    document = Document(
        Article(text),
        labels=(TextLabel("war", 0.7),),
        label_scores={"war": 0.7, "peace": 0.3},
        fillers=(filler,),
        templates=(Template("bombing", (filler,), 0.8),),
    )
    scaled = CALIBRATION.apply(document)
    assert (scaled.labels, scaled.label_scores) == (document.labels, document.label_scores)
    assert scaled.fillers[0].score < filler.score
    assert scaled.templates[0].fillers == scaled.fillers
