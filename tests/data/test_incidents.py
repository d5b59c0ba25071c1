"""How mentions become incidents: grouping, fillers, attributes, dates, order."""

from collections.abc import Mapping, Sequence
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.data.errors import DataError
from tocsin.data.incidents import build_incidents, combine, is_countable, normalise
from tocsin.data.schema import DEFAULT_SCHEMA, Role, Schema
from tocsin.data.types import Argument, Article, DateInterval, Event, Incident, Span

PUBLISHED = date(2024, 5, 15)  # a Wednesday

# One operation told three times, then another one.
ARTICLE = Article(
    "On Monday two drones hit the U.S. base at Tarn in Norland. The Red Hand claimed the strike on the US base. "
    "Drones had crashed near a depot, it said. Rockets struck Vale Station last week.",
    published=PUBLISHED,
)


def span(surface: str, label: str, *, nth: int = 1, article: Article = ARTICLE) -> Span:
    """The nth place where the article says this."""
    start = -1
    for _ in range(nth):
        start = article.text.index(surface, start + 1)
    return Span(start, start + len(surface), label)


def mention(
    trigger: str,
    arguments: Mapping[str, Sequence[Span]] | None = None,
    *,
    incident: str = "",
    score: float = 1.0,
    article: Article = ARTICLE,
    **attributes: str,
) -> Event:
    start = article.text.index(trigger)
    return Event(
        trigger=Span(start, start + len(trigger), "ATTACK", score),
        arguments=tuple(Argument(role, span) for role, spans in (arguments or {}).items() for span in spans),
        attributes=attributes,
        incident=incident,
    )


def only(events: Sequence[Event], *, article: Article = ARTICLE, schema: Schema = DEFAULT_SCHEMA) -> Incident:
    (incident,) = build_incidents(article, events, schema)
    return incident


def day(text: str) -> DateInterval:
    start, _, end = text.partition("/")
    return DateInterval(date.fromisoformat(start), date.fromisoformat(end or start))


def test_mentions_of_one_id_are_one_incident_in_text_order() -> None:
    hit, strike = mention("hit", incident="I7"), mention("strike", incident="I7")
    incident = only([strike, hit])
    assert incident.id == "I7"
    assert incident.mentions == (hit, strike)


def test_incidents_come_in_the_order_of_their_first_triggers() -> None:
    events = [mention("struck", incident="A"), mention("crashed", incident="B"), mention("hit", incident="A")]
    assert [incident.id for incident in build_incidents(ARTICLE, events, DEFAULT_SCHEMA)] == ["A", "B"]


def test_mentions_without_an_id_are_incidents_of_their_own_with_ids_not_in_use() -> None:
    events = [mention("struck"), mention("strike", incident="I1"), mention("hit"), mention("crashed", incident="I3")]
    incidents = build_incidents(ARTICLE, events, DEFAULT_SCHEMA)
    assert [incident.id for incident in incidents] == ["I2", "I1", "I3", "I4"]


def test_no_events_are_no_incidents() -> None:
    assert build_incidents(ARTICLE, [], DEFAULT_SCHEMA) == ()


def test_surfaces_that_say_the_same_are_one_filler_named_by_the_longest() -> None:
    events = [
        mention("strike", {"target": [span("US base", "BASE")]}, incident="I1"),
        mention("hit", {"target": [span("U.S. base", "BASE")]}, incident="I1"),
    ]
    (filler,) = only(events).fillers
    assert filler.text == "U.S. base"
    assert filler.spans == (span("U.S. base", "BASE"), span("US base", "BASE"))


def test_fillers_come_in_the_order_of_the_roles_then_of_the_text() -> None:
    crashed = mention("crashed", {"target": [span("depot", "BASE")], "attacker": [span("Red Hand", "ACTOR")]})
    strike = mention("strike", {"target": [span("US base", "BASE")], "weapon": [span("drones", "WEAPON")]})
    incident = only([Event(event.trigger, event.arguments, {}, "I1") for event in (crashed, strike)])
    assert [(filler.role, filler.text) for filler in incident.fillers] == [
        ("attacker", "Red Hand"),
        ("target", "US base"),
        ("target", "depot"),
        ("weapon", "drones"),
    ]


def test_an_entity_of_two_mentions_is_one_span_with_the_surer_argument() -> None:
    drones = span("drones", "WEAPON")
    events = [
        Event(mention(trigger).trigger, (Argument("weapon", drones, score),), {}, "I1")
        for trigger, score in (("hit", 0.6), ("strike", 0.9), ("crashed", 0.7))
    ]
    (filler,) = only(events).fillers
    assert [span.score for span in filler.spans] == [0.9]
    assert filler.score == 0.9


def test_one_entity_may_fill_two_roles() -> None:
    hand = span("Red Hand", "ACTOR")
    incident = only([mention("strike", {"attacker": [hand], "claimant": [hand]})])
    assert (incident.attackers, incident.claimants) == (("Red Hand",), ("Red Hand",))


def test_a_filler_of_last_resort_yields_to_a_better_one_of_another_mention() -> None:
    events = [
        mention(
            "hit", {"target": [span("Norland", "LOCATION")], "place": [span("Norland", "LOCATION")]}, incident="I1"
        ),
        mention("strike", {"target": [span("US base", "BASE")]}, incident="I1"),
    ]
    incident = only(events)
    assert incident.targets == ("US base",)
    assert incident.places == ("Norland",)


def test_a_filler_of_last_resort_stays_if_it_is_the_only_one() -> None:
    assert only([mention("hit", {"target": [span("Norland", "LOCATION")]})]).targets == ("Norland",)


def test_last_resort_is_read_from_the_schema() -> None:
    schema = Schema(("THING", "VAGUE"), ("ATTACK",), (Role("victim", ("THING", "VAGUE"), last_resort=("VAGUE",)),))
    event = mention("hit", {"victim": [span("Tarn", "VAGUE"), span("U.S. base", "THING")]})
    assert only([event], schema=schema).texts("victim") == ("U.S. base",)


def test_the_first_value_in_schema_order_that_any_mention_has_is_the_incidents() -> None:
    events = [
        mention("hit", incident="I1", status="claimed", outcome="unknown"),
        mention("strike", incident="I1", status="reported", outcome="failed"),
    ]
    assert only(events).attributes == {"status": "reported", "outcome": "failed"}


def test_an_incident_is_as_sure_as_its_surest_mention() -> None:
    events = [mention("hit", incident="I1", score=0.5), mention("strike", incident="I1", score=0.75)]
    assert only(events).score == 0.75


def test_a_date_argument_is_resolved_against_the_publication_day() -> None:
    incident = only([mention("hit", {"date": [span("Monday", "DATE")]})])
    assert incident.date == day("2024-05-13")
    assert incident.texts("date") == ("Monday",)


def test_no_date_argument_is_no_date() -> None:
    assert only([mention("hit", {"weapon": [span("drones", "WEAPON")]})]).date is None


def test_a_relative_date_of_an_undated_article_is_no_date() -> None:
    article = Article(ARTICLE.text)
    assert only([mention("hit", {"date": [span("Monday", "DATE")]})], article=article).date is None


def test_date_expressions_of_several_mentions_refine_each_other() -> None:
    events = [
        mention("struck", {"date": [span("last week", "DATE")]}, incident="I1"),
        mention("hit", {"date": [span("Monday", "DATE")]}, incident="I1"),
    ]
    assert only(events).date == day("2024-05-13")


def test_a_known_date_wins_over_the_text() -> None:
    event = mention("hit", {"date": [span("Monday", "DATE")]}, incident="I1")
    (incident,) = build_incidents(ARTICLE, [event], DEFAULT_SCHEMA, {"I1": day("2024-05-06"), "I2": day("2024-05-07")})
    assert incident.date == day("2024-05-06")


@pytest.mark.parametrize(
    ("intervals", "expected"),
    [
        ([], None),
        (["2024-05-13"], "2024-05-13"),
        (["2024-05-08/2024-05-14", "2024-05-13/2024-05-15"], "2024-05-13/2024-05-14"),
        (["2024-05-01/2024-05-31", "2024-04-02"], "2024-04-02"),
        (["2024-05-14", "2024-05-13"], "2024-05-14"),
        (["2024-05-01/2024-05-31", "2024-05-14", "2024-05-13"], "2024-05-14"),
    ],
    ids=["none", "one", "shared days", "shortest", "first of equals", "not all share"],
)
def test_several_intervals_come_to_their_intersection_else_the_shortest(
    intervals: list[str], expected: str | None
) -> None:
    assert combine([day(interval) for interval in intervals]) == (day(expected) if expected else None)


def test_a_role_that_is_not_in_the_schema_is_an_error() -> None:
    with pytest.raises(DataError, match="no role 'victim'; expected one of: attacker, target"):
        build_incidents(ARTICLE, [mention("hit", {"victim": [span("Tarn", "LOCATION")]})], DEFAULT_SCHEMA)


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ({"scope": "single", "status": "reported"}, True),
        ({"scope": "single", "status": "claimed", "outcome": "hit"}, True),
        ({"scope": "single", "status": "denied"}, False),
        ({"scope": "single", "status": "threatened"}, False),
        ({"scope": "series", "status": "reported"}, False),
        ({"scope": "series"}, False),
        ({"status": "reported"}, True),  # what nobody says keeps nothing from counting
        ({}, True),
    ],
    ids=["reported", "claimed", "denied", "threatened", "series", "series alone", "no scope", "neither"],
)
def test_a_countable_incident_has_the_values_the_schema_allows(attributes: dict[str, str], expected: bool) -> None:
    assert is_countable(Incident("I1", (), attributes=attributes), DEFAULT_SCHEMA) is expected


def test_every_incident_counts_if_the_schema_asks_for_nothing() -> None:
    assert is_countable(Incident("I1", ()), Schema())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The U.S. airbase", "us airbase"),
        ("an “Iron Gate” battery", "iron gate battery"),
        ("  Camp\n Vale, ", "camp vale"),
        ("one-way drones", "oneway drones"),
        ("Anta theatre", "anta theatre"),
        ("The", ""),
    ],
)
def test_surfaces_are_compared_without_case_punctuation_and_articles(text: str, expected: str) -> None:
    assert normalise(text) == expected


@given(st.text())
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@given(st.lists(st.tuples(st.sampled_from(["hit", "strike", "crashed", "struck"]), st.sampled_from(["", "I1", "I2"]))))
def test_every_mention_is_in_exactly_one_incident(told: list[tuple[str, str]]) -> None:
    events = [mention(trigger, incident=incident) for trigger, incident in told]
    incidents = build_incidents(ARTICLE, events, DEFAULT_SCHEMA)
    assert sum(len(incident.mentions) for incident in incidents) == len(events)
    assert len({incident.id for incident in incidents}) == len(incidents)
