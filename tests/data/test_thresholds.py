"""What stays of a document above its thresholds, what goes with it, and that a file keeps it so."""

import json
import math
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.data.incidents import build_incidents
from tocsin.data.jsonl import document_from_record, document_to_record
from tocsin.data.schema import DEFAULT_SCHEMA, Schema
from tocsin.data.thresholds import LeftOut, Thresholds, keep
from tocsin.data.types import Argument, Article, DateInterval, Document, Event, Filler, Span, Template, TextLabel

ARTICLE = Article(
    "On Monday drones struck Camp Orla near Vell. The strike was claimed by the Grey Line. Rockets hit Fort Sarn.",
    id="orla",
    published=date(2024, 5, 15),  # a Wednesday
)


def span(surface: str, label: str, score: float) -> Span:
    start = ARTICLE.text.index(surface)
    return Span(start, start + len(surface), label, score)


MONDAY = span("Monday", "DATE", 0.9)
CAMP = span("Camp Orla", "BASE", 0.8)
VELL = span("Vell", "LOCATION", 0.3)
LINE = span("Grey Line", "ACTOR", 0.7)
FORT = span("Fort Sarn", "BASE", 0.6)
STRUCK = Event(
    span("struck", "ATTACK", 0.9),
    (Argument("date", MONDAY, 0.9), Argument("target", CAMP, 0.8), Argument("place", VELL, 0.9)),
    {"status": "claimed", "outcome": "unknown"},
    "I1",
)
STRIKE = Event(
    span("strike", "ATTACK", 0.5), (Argument("attacker", LINE, 0.4),), {"status": "reported", "outcome": "hit"}, "I1"
)
HIT = Event(span("hit", "ATTACK", 0.6), (Argument("target", FORT, 0.6),), {"status": "reported"}, "I2")


@pytest.fixture
def document() -> Document:
    events = (STRUCK, STRIKE, HIT)
    incidents = build_incidents(ARTICLE, events, DEFAULT_SCHEMA)
    scored = tuple(replace(i, score=score) for i, score in zip(incidents, (0.75, 0.4), strict=True))
    return Document(ARTICLE, (MONDAY, CAMP, VELL, LINE, FORT), events, scored)


def test_without_thresholds_a_document_stays_as_it_is(document: Document) -> None:
    assert keep(document, Thresholds(), DEFAULT_SCHEMA) == (document, LeftOut())


def test_a_score_that_equals_the_threshold_stays(document: Document) -> None:
    kept, left_out = keep(document, Thresholds(entities=0.6), DEFAULT_SCHEMA)
    assert kept.entities == (MONDAY, CAMP, LINE, FORT)
    assert left_out.entities == 1


def test_an_argument_goes_with_its_entity(document: Document) -> None:
    kept, left_out = keep(document, Thresholds(entities=0.5), DEFAULT_SCHEMA)
    assert [argument.role for argument in kept.events[0].arguments] == ["date", "target"]
    assert kept.incidents[0].places == ()
    assert left_out == LeftOut(entities=1, arguments=1)


def test_an_argument_goes_with_its_trigger_and_its_entity_stays(document: Document) -> None:
    kept, left_out = keep(document, Thresholds(events=0.55), DEFAULT_SCHEMA)
    assert [event.trigger for event in kept.events] == [STRUCK.trigger, HIT.trigger]
    assert LINE in kept.entities
    assert left_out == LeftOut(events=1, arguments=1)


def test_an_argument_below_its_own_threshold_goes_alone(document: Document) -> None:
    kept, left_out = keep(document, Thresholds(arguments=0.5), DEFAULT_SCHEMA)
    assert kept.events[1].arguments == ()
    assert (kept.entities, kept.incidents[0].attackers) == (document.entities, ())
    assert left_out == LeftOut(arguments=1)


def test_an_incident_is_told_by_what_is_left_of_it_and_keeps_its_id_and_score(document: Document) -> None:
    kept, _ = keep(document, Thresholds(events=0.55), DEFAULT_SCHEMA)
    incident = kept.incidents[0]
    assert (incident.id, incident.score) == ("I1", 0.75)
    assert incident.mentions == (STRUCK,)
    assert (incident.attackers, incident.targets) == ((), ("Camp Orla",))
    assert (document.incidents[0].attributes["status"], incident.attributes["status"]) == ("reported", "claimed")


def test_the_events_of_an_incident_that_is_left_out_stay(document: Document) -> None:
    kept, left_out = keep(document, Thresholds(incidents=0.5), DEFAULT_SCHEMA)
    assert [incident.id for incident in kept.incidents] == ["I1"]
    assert kept.events == document.events
    assert left_out == LeftOut(incidents=1)


def test_an_incident_goes_with_its_last_mention(document: Document) -> None:
    kept, left_out = keep(document, Thresholds(events=0.7), DEFAULT_SCHEMA)
    assert [incident.id for incident in kept.incidents] == ["I1"]
    assert left_out == LeftOut(events=2, arguments=2, incidents=1)


def test_an_infinite_threshold_leaves_nothing_of_its_layer_even_if_it_is_certain(document: Document) -> None:
    certain = replace(document, entities=tuple(replace(entity, score=1.0) for entity in document.entities))
    kept, left_out = keep(certain, Thresholds(entities=math.inf), DEFAULT_SCHEMA)
    assert kept.entities == ()
    assert all(event.arguments == () for event in kept.events)
    assert left_out == LeftOut(entities=5, arguments=5)


@pytest.mark.parametrize(
    ("thresholds", "expected"),
    [
        (Thresholds(events=0.55), DateInterval(date(2024, 5, 12), date(2024, 5, 12))),
        (Thresholds(entities=0.95), None),
    ],
    ids=["its expression stays", "its expression goes"],
)
def test_known_days_stay_as_long_as_the_expressions_of_them(
    document: Document, thresholds: Thresholds, expected: DateInterval | None
) -> None:
    known = replace(document.incidents[0], date=DateInterval(date(2024, 5, 12), date(2024, 5, 12)))
    kept, _ = keep(replace(document, incidents=(known,)), thresholds, DEFAULT_SCHEMA)
    assert kept.incidents[0].date == expected


def test_an_incident_whose_events_name_none_keeps_the_id_it_was_given() -> None:
    events = tuple(replace(event, incident="") for event in (STRUCK, STRIKE, HIT))
    incidents = build_incidents(ARTICLE, events, DEFAULT_SCHEMA)
    document = Document(ARTICLE, (MONDAY, CAMP, VELL, LINE, FORT), events, incidents)
    kept, _ = keep(document, Thresholds(entities=0.5, events=0.6), DEFAULT_SCHEMA)
    assert [(incident.id, incident.targets) for incident in kept.incidents] == [
        ("I1", ("Camp Orla",)),
        ("I3", ("Fort Sarn",)),
    ]
    assert kept.incidents[0].mentions == kept.events[:1]


@pytest.mark.parametrize("threshold", [-0.1, 1.1, math.nan, -math.inf])
def test_a_threshold_that_is_no_score_is_refused(threshold: float) -> None:
    with pytest.raises(ValueError, match=r"threshold of arguments is .*; expected a number from 0 to 1, or infinity"):
        Thresholds(arguments=threshold)


def test_of_two_thresholds_the_higher_counts_in_each_layer() -> None:
    wanted = Thresholds(entities=0.2, events=0.9, incidents=math.inf)
    assert wanted.stricter(Thresholds.everywhere(0.5)) == Thresholds(0.5, 0.9, 0.5, math.inf)


def test_what_is_left_out_of_several_documents_adds_up() -> None:
    assert LeftOut(1, 2, 3, 4) + LeftOut(10, 20, 30, 40) == LeftOut(11, 22, 33, 44)


@pytest.mark.parametrize(
    ("left_out", "thresholds", "expected"),
    [
        (LeftOut(), Thresholds(), "nothing"),
        (LeftOut(entities=14, events=1), Thresholds(0.62, 0.55), "14 entities below 0.62; 1 event below 0.55"),
        (LeftOut(), Thresholds(entities=0.5), "no entities below 0.5"),
        (
            LeftOut(arguments=7, incidents=2),
            Thresholds(arguments=0.41234, incidents=0.7),
            "7 arguments below 0.4123 or gone with trigger or entity; "
            "2 incidents below 0.7 or gone with the last mention",
        ),
        (LeftOut(arguments=3), Thresholds(arguments=math.inf), "all arguments (3)"),
    ],
    ids=["nothing", "two layers", "none below", "what goes with others", "all of a layer"],
)
def test_what_was_left_out_is_told_with_the_thresholds(
    left_out: LeftOut, thresholds: Thresholds, expected: str
) -> None:
    assert left_out.told(thresholds) == expected


FILLED = Schema(("Weapon",), text_labels=("raid",), fillers=("Weapon",), template_types=("raid",))


def filled() -> Document:
    """Two fillers, of which one has a likely mention, in one template of a labelled text."""
    article = Article("Drones came, rockets came, more drones came.")
    sure = Filler("Weapon", "Drones", (Span(0, 6, "Weapon", 0.9), Span(32, 38, "Weapon", 0.3)))
    unsure = Filler("Weapon", "rockets", (Span(13, 20, "Weapon", 0.4),))
    return Document(
        article,
        entities=(sure.spans[0], unsure.spans[0], sure.spans[1]),
        labels=(TextLabel("raid", 0.2),),
        fillers=(sure, unsure),
        templates=(Template("raid", (sure, unsure), 0.1),),
    )


def test_a_filler_stays_or_goes_with_all_its_mentions() -> None:
    kept, left_out = keep(filled(), Thresholds(entities=0.5), FILLED)
    assert [filler.text for filler in kept.fillers] == ["Drones"]
    assert [span.start for span in kept.entities] == [0, 32]
    assert [[filler.text for filler in template.fillers] for template in kept.templates] == [["Drones"]]
    assert left_out.told(Thresholds(entities=0.5)) == "1 entity below 0.5; 1 filler below 0.5"


def test_labels_of_the_text_and_templates_stay_whatever_their_scores() -> None:
    kept, left_out = keep(filled(), Thresholds.everywhere(1.0), FILLED)
    assert kept.labels == filled().labels
    assert [template.type for template in kept.templates] == ["raid"]
    assert (kept.fillers, left_out) == ((), LeftOut(entities=3, fillers=2))


def test_a_layer_that_a_schema_has_nothing_of_has_no_threshold() -> None:
    wanted = Thresholds.everywhere(0.5)
    assert wanted.within(Schema(("BASE",))) == Thresholds(entities=0.5)
    assert wanted.within(Schema(text_labels=("raid",))) == Thresholds()
    assert wanted.within(DEFAULT_SCHEMA) == wanted


# Any text, spans anywhere in it; a score stands for itself in a file if it has four digits.
scores = st.integers(0, 10_000).map(lambda n: n / 10_000)
levels = st.just(0.0) | scores | st.just(math.inf)


@st.composite
def spans(draw: st.DrawFn, n_characters: int, labels: tuple[str, ...]) -> Span:
    start = draw(st.integers(0, n_characters - 1))
    return Span(start, draw(st.integers(start + 1, n_characters)), draw(st.sampled_from(labels)), draw(scores))


@st.composite
def documents(draw: st.DrawFn) -> Document:
    n_characters = len(ARTICLE.text)
    entities = draw(
        st.lists(
            spans(n_characters, DEFAULT_SCHEMA.entity_labels),
            max_size=5,
            unique_by=lambda span: (span.start, span.end, span.label),
        ).map(lambda found: sorted(found, key=lambda span: (span.start, span.end, span.label)))
    )
    roles = st.sampled_from([role.name for role in DEFAULT_SCHEMA.roles])
    argument = st.builds(Argument, roles, st.sampled_from(entities), scores) if entities else None
    events = draw(
        st.lists(
            st.builds(
                Event,
                spans(n_characters, DEFAULT_SCHEMA.event_types),
                st.lists(argument, max_size=4).map(tuple) if argument is not None else st.just(()),
                st.fixed_dictionaries({a.name: st.sampled_from(a.values) for a in DEFAULT_SCHEMA.attributes}),
                st.sampled_from(["", "I1", "I2"]),
            ),
            max_size=5,
        ).map(lambda found: sorted(found, key=lambda event: (event.trigger.start, event.trigger.end)))
    )
    incidents = build_incidents(ARTICLE, events, DEFAULT_SCHEMA)
    scored = tuple(replace(incident, score=draw(scores)) for incident in incidents)
    return Document(ARTICLE, tuple(entities), tuple(events), scored)


def through_a_file(document: Document) -> Document:
    record: dict[str, Any] = json.loads(json.dumps(document_to_record(document)))
    return document_from_record(record, DEFAULT_SCHEMA)


@given(documents(), st.builds(Thresholds, levels, levels, levels, levels))
def test_what_is_kept_is_the_same_after_writing_and_reading(document: Document, thresholds: Thresholds) -> None:
    kept, _ = keep(document, thresholds, DEFAULT_SCHEMA)
    assert through_a_file(kept) == kept


def n_arguments(document: Document) -> int:
    return sum(len(event.arguments) for event in document.events)


def is_within(mentions: tuple[Event, ...], events: tuple[Event, ...]) -> bool:
    """Whether an incident has mentions, and every one is an event of the document."""
    return bool(mentions) and all(mention in events for mention in mentions)


@given(documents(), st.builds(Thresholds, levels, levels, levels, levels))
def test_what_is_kept_reaches_the_thresholds_and_the_rest_is_counted(
    document: Document, thresholds: Thresholds
) -> None:
    kept, left_out = keep(document, thresholds, DEFAULT_SCHEMA)
    assert all(span.score >= thresholds.entities for span in kept.entities)
    assert all(event.score >= thresholds.events for event in kept.events)
    assert all(a.score >= thresholds.arguments and a.span in kept.entities for e in kept.events for a in e.arguments)
    assert all(i.score >= thresholds.incidents and is_within(i.mentions, kept.events) for i in kept.incidents)
    assert len(kept.entities) + left_out.entities == len(document.entities)
    assert len(kept.events) + left_out.events == len(document.events)
    assert n_arguments(kept) + left_out.arguments == n_arguments(document)
    assert len(kept.incidents) + left_out.incidents == len(document.incidents)


@given(documents(), st.builds(Thresholds, levels, levels, levels, levels))
def test_keeping_twice_is_keeping_once(document: Document, thresholds: Thresholds) -> None:
    kept, _ = keep(document, thresholds, DEFAULT_SCHEMA)
    assert keep(kept, thresholds, DEFAULT_SCHEMA) == (kept, LeftOut())
