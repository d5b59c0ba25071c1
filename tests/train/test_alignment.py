"""Spans and incidents matched one to one, against brute force."""

import doctest
from dataclasses import replace
from datetime import date
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.data.incidents import build_incidents
from tocsin.data.schema import DEFAULT_SCHEMA, Role, Schema
from tocsin.data.types import Argument, Article, DateInterval, Document, Event, Filler, Incident, Span
from tocsin.train import alignment
from tocsin.train.alignment import GUIDELINE_SLOTS, assign, count_overlaps, count_slots, n_overlapping
from tocsin.train.counts import Counts


def spans(text: str, *surfaces: str) -> tuple[Span, ...]:
    return tuple(Span(text.index(surface), text.index(surface) + len(surface), "BASE") for surface in surfaces)


def filler(text: str, *surfaces: str, role: str = "target") -> Filler:
    return Filler(role, max(surfaces, key=len), spans(text, *surfaces))


def compare(text: str, gold: list[Incident], predicted: list[Incident]) -> dict[str, Counts]:
    article = Article(text)
    tally = count_slots(
        Document(article, incidents=tuple(gold)),
        Document(article, incidents=tuple(predicted)),
        DEFAULT_SCHEMA,
        GUIDELINE_SLOTS,
    )
    return {slot: counts for slot, counts in tally.items() if counts.occurs}


def incident(*fillers: Filler, day: int | None = None, status: str = "reported", scope: str = "single") -> Incident:
    interval = DateInterval(date(2024, 5, day), date(2024, 5, day)) if day else None
    return Incident("I1", (), fillers, {"status": status, "scope": scope}, interval)


def test_fillers_match_whatever_their_case_punctuation_and_article() -> None:
    text = "The U.S. base at Ost burned; guards fled the us base."
    gold, predicted = filler(text, "The U.S. base"), filler(text, "us base")
    assert compare(text, [incident(gold)], [incident(predicted)])["target"] == Counts(1, 1, 1)


def test_a_filler_matches_if_it_is_a_mention_of_the_other() -> None:
    text = "Camp Vale was shelled. The northern outpost burned."
    gold, predicted = filler(text, "Camp Vale", "northern outpost"), filler(text, "Camp Vale")
    assert gold.text == "northern outpost"
    assert compare(text, [incident(gold)], [incident(predicted)])["target"] == Counts(1, 1, 1)
    assert compare(text, [incident(predicted)], [incident(gold)])["target"] == Counts(1, 1, 1)


def test_fillers_whose_texts_are_no_mention_of_the_other_do_not_match() -> None:
    text = "Camp Vale, Ost outpost and the northern outpost."
    gold, predicted = filler(text, "Camp Vale", "northern outpost"), filler(text, "Camp Vale", "the northern")
    assert compare(text, [incident(gold)], [incident(predicted)])["target"] == Counts(0, 1, 1)


def test_one_filler_matches_one_only() -> None:
    text = "Camp Vale. The northern outpost."
    both, vale, outpost = (
        filler(text, *surfaces)
        for surfaces in (("Camp Vale", "northern outpost"), ("Camp Vale",), ("northern outpost",))
    )
    assert compare(text, [incident(both)], [incident(vale, outpost)])["target"] == Counts(1, 2, 1)


def test_a_surface_of_nothing_but_punctuation_matches_its_like_only() -> None:
    text = "?? and !!"
    one, other = filler(text, "??"), filler(text, "!!")
    assert compare(text, [incident(one)], [incident(other)])["target"] == Counts(0, 1, 1)
    assert compare(text, [incident(one)], [incident(one)])["target"] == Counts(1, 1, 1)


def test_dates_match_by_interval() -> None:
    assert compare("-", [incident(day=1)], [incident(day=1)])["date"] == Counts(1, 1, 1)
    assert compare("-", [incident(day=1)], [incident(day=2)])["date"] == Counts(0, 1, 1)


def test_an_unresolved_date_is_no_filler() -> None:
    assert compare("-", [incident(day=1)], [incident()])["date"] == Counts(0, 0, 1)
    assert "date" not in compare("-", [incident()], [incident()])


def test_attributes_match_by_value() -> None:
    assert compare("-", [incident()], [incident(status="claimed")])["status"] == Counts(0, 1, 1)
    assert compare("-", [incident()], [incident()])["status"] == Counts(1, 1, 1)


@pytest.mark.parametrize(
    "unreal",
    [incident(scope="series"), incident(status="denied"), incident(status="threatened")],
    ids=["series", "denied", "threatened"],
)
def test_only_countable_incidents_are_compared(unreal: Incident) -> None:
    assert compare("-", [unreal], [incident()])["status"] == Counts(0, 1, 0)
    assert compare("-", [incident()], [unreal])["status"] == Counts(0, 0, 1)


def test_incidents_are_paired_by_what_they_share_not_by_order() -> None:
    text = "Camp Vale was hit, then Fort Ash."
    vale, ash = incident(filler(text, "Camp Vale"), day=1), incident(filler(text, "Fort Ash"), day=2)
    counts = compare(text, [vale, ash], [ash, vale])
    assert counts == {"target": Counts(2, 2, 2), "date": Counts(2, 2, 2), "status": Counts(2, 2, 2)}


def test_the_best_pairing_is_of_the_whole_not_of_the_best_pair() -> None:
    text = "Camp Vale, Fort Ash, Hill Nine, Port Ost."
    a, b, c, d = (filler(text, name) for name in ("Camp Vale", "Fort Ash", "Hill Nine", "Port Ost"))
    gold = [incident(a, b, c, day=1), incident(a, b, d)]
    predicted = [incident(a, b, c, d), incident(c, day=1)]
    # Pairing the first two takes three targets and leaves none; the other way takes three, and one, and a day.
    assert compare(text, gold, predicted) == {
        "target": Counts(4, 5, 6),
        "date": Counts(1, 1, 1),
        "status": Counts(2, 2, 2),
    }


def test_an_incident_without_a_partner_counts_all_it_has() -> None:
    text = "Camp Vale was hit, then Fort Ash."
    vale, ash = incident(filler(text, "Camp Vale"), day=1), incident(filler(text, "Fort Ash"), day=2)
    assert compare(text, [vale, ash], [vale]) == {
        "target": Counts(1, 1, 2),
        "date": Counts(1, 1, 2),
        "status": Counts(1, 1, 2),
    }


def test_incidents_built_from_mentions_are_compared() -> None:
    article = Article("On Monday rockets hit Camp Vale.", published=date(2024, 5, 2))
    text = article.text
    (monday,), (rockets,), (hit,), (vale,) = (spans(text, word) for word in ("Monday", "rockets", "hit", "Camp Vale"))
    trigger, real = Span(hit.start, hit.end, "ATTACK"), {"status": "reported", "scope": "single"}
    arguments = (Argument("date", monday), Argument("weapon", rockets), Argument("target", vale))
    gold, predicted = (
        Document(article, incidents=build_incidents(article, [Event(trigger, fillers, real, "I1")], DEFAULT_SCHEMA))
        for fillers in (arguments, arguments[1:])
    )
    assert count_slots(gold, predicted, DEFAULT_SCHEMA, ("weapon", "target", "date")) == {
        "weapon": Counts(1, 1, 1),
        "target": Counts(1, 1, 1),
        "date": Counts(0, 0, 1),
    }


def test_gold_that_groups_no_event_into_incidents_says_nothing_of_them() -> None:
    text = "Rockets hit Camp Vale."
    told = {"status": "reported", "scope": "single", "outcome": "hit"}
    event = Event(Span(8, 11, "ATTACK"), (Argument("target", Span(12, 21, "BASE")),), told, "I1")
    incidents = build_incidents(Article(text), [event], DEFAULT_SCHEMA)
    predicted = Document(Article(text), events=(event,), incidents=incidents)
    ungrouped, quiet = Document(Article(text), events=(replace(event, incident=""),)), Document(Article(text))
    assert len(incidents) == 1
    assert set(count_slots(ungrouped, predicted, DEFAULT_SCHEMA, GUIDELINE_SLOTS).values()) == {Counts()}
    assert count_slots(quiet, predicted, DEFAULT_SCHEMA, GUIDELINE_SLOTS)["target"] == Counts(0, 1, 0)


def test_what_gold_tells_of_no_incident_is_no_mistake_of_who_tells_it() -> None:
    text = "Rockets hit Camp Vale."
    full, bare = incident(filler(text, "Camp Vale")), Incident("I1", (), (filler(text, "Camp Vale"),), {})
    assert compare(text, [bare], [full]) == {"target": Counts(1, 1, 1)}
    assert compare(text, [full], [bare])["status"] == Counts(0, 0, 1)


def test_slots_are_those_of_any_schema() -> None:
    schema = Schema(("BASE",), ("THEFT",), roles=(Role("loot", ("BASE",)),))
    text = "Thieves took Camp Vale."
    theft = Document(Article(text), incidents=(incident(filler(text, "Camp Vale", role="loot")),))
    assert count_slots(theft, theft, schema, ("loot",)) == {"loot": Counts(1, 1, 1)}


def test_nothing_is_assigned_to_nothing() -> None:
    assert assign([]) == []
    assert assign([[], []]) == []


def n_most(weights: list[list[int]]) -> int:
    """Try every way to pair rows with columns."""
    if len(weights) > len(weights[0]):
        weights = [list(column) for column in zip(*weights, strict=True)]
    return max(
        sum(row[column] for row, column in zip(weights, columns, strict=True))
        for columns in permutations(range(len(weights[0])), len(weights))
    )


MATRICES = st.tuples(st.integers(1, 5), st.integers(1, 5)).flatmap(
    lambda shape: st.lists(
        st.lists(st.integers(0, 4), min_size=shape[1], max_size=shape[1]), min_size=shape[0], max_size=shape[0]
    )
)


@given(MATRICES)
def test_the_assignment_is_the_best_of_all_permutations(weights: list[list[int]]) -> None:
    pairs = assign(weights)
    rows, columns = [row for row, _ in pairs], [column for _, column in pairs]
    assert len(set(rows)) == len(set(columns)) == len(pairs) == min(len(weights), len(weights[0]))
    assert sum(weights[row][column] for row, column in pairs) == n_most(weights)


PLACES = ("camp vale", "fort ash", "hill nine", "port ost")
PLACES_TEXT = " ".join(PLACES)
FILLERS = st.lists(
    st.lists(st.sampled_from(PLACES), min_size=1, max_size=2, unique=True).map(
        lambda surfaces: filler(PLACES_TEXT, *surfaces)
    ),
    max_size=3,
)
INCIDENTS = st.lists(
    st.builds(
        lambda fillers, day, status: incident(*fillers, day=day, status=status),
        FILLERS,
        st.sampled_from([None, 1, 2]),
        st.sampled_from(["reported", "claimed"]),
    ),
    min_size=1,
    max_size=4,
)


def n_shared(gold: Incident, predicted: Incident) -> int:
    """Matching fillers of two incidents, by trying all pairings of their targets."""

    def mentions(place: Filler) -> set[str]:
        return {PLACES_TEXT[span.start : span.end] for span in place.spans}

    matches = [
        [int(one.text in mentions(other) or other.text in mentions(one)) for other in predicted.fillers]
        for one in gold.fillers
    ]
    n_targets = n_most(matches) if gold.fillers and predicted.fillers else 0
    same_day = gold.date is not None and gold.date == predicted.date
    return n_targets + same_day + (gold.attributes["status"] == predicted.attributes["status"])


@given(INCIDENTS, INCIDENTS)
def test_no_other_pairing_of_incidents_matches_more(gold: list[Incident], predicted: list[Incident]) -> None:
    counts = compare(PLACES_TEXT, gold, predicted)
    best = n_most([[n_shared(one, other) for other in predicted] for one in gold])
    assert sum(slot.n_matched for slot in counts.values()) == best


def test_the_examples_of_the_docstrings_hold() -> None:
    assert doctest.testmod(alignment) == (0, 1)


LOOSE_SPANS = st.lists(
    st.builds(lambda start, n: Span(start, start + n, "BASE"), st.integers(0, 12), st.integers(1, 6)), max_size=6
)


def most_pairs(gold: list[Span], predicted: list[Span]) -> int:
    """By trying every partner of the first span, and none."""
    if not gold:
        return 0
    first, *rest = gold
    partners = [index for index, span in enumerate(predicted) if span.overlaps(first)]
    with_first = [1 + most_pairs(rest, predicted[:index] + predicted[index + 1 :]) for index in partners]
    return max([most_pairs(rest, predicted), *with_first])


@given(LOOSE_SPANS, LOOSE_SPANS)
def test_no_pairing_of_spans_by_overlap_is_larger(gold: list[Span], predicted: list[Span]) -> None:
    assert n_overlapping(gold, predicted) == most_pairs(gold, predicted) == n_overlapping(predicted, gold)


def test_a_long_span_does_not_take_the_only_partner_of_a_short_one() -> None:
    long, short = Span(0, 20, "BASE"), Span(0, 4, "BASE")
    assert n_overlapping([long, short], [Span(2, 8, "BASE"), Span(10, 12, "BASE")]) == 2


def test_spans_that_only_touch_do_not_overlap() -> None:
    assert n_overlapping([Span(0, 4, "BASE")], [Span(4, 8, "BASE")]) == 0


def test_spans_overlap_within_their_label_only() -> None:
    gold, predicted = [Span(0, 4, "BASE"), Span(5, 9, "ACTOR")], [Span(1, 4, "ACTOR"), Span(5, 6, "ACTOR")]
    assert count_overlaps(gold, predicted) == {"ACTOR": Counts(1, 2, 1), "BASE": Counts(0, 0, 1)}
