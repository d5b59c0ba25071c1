"""Baselines learned from a few invented articles: what they remember, what is nearest, what is commonest."""

from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.data.incidents import build_incidents
from tocsin.data.schema import DEFAULT_SCHEMA
from tocsin.data.types import Argument, Article, Document, Event, Span
from tocsin.train.baselines import Lexicon, NearestArguments, lexicon_baseline, nearest_baseline

HIT = {"status": "reported", "scope": "single", "outcome": "hit"}
Annotate = Callable[..., Document]


def spans(article: Article, *marked: tuple[str, str]) -> tuple[Span, ...]:
    """Each surface at its first occurrence."""
    starts = [(article.text.index(surface), surface, label) for surface, label in marked]
    return tuple(Span(start, start + len(surface), label) for start, surface, label in starts)


def learned(text: str, *marked: tuple[str, str]) -> Lexicon:
    article = Article(text)
    return Lexicon.from_documents([Document(article, spans(article, *marked))], DEFAULT_SCHEMA)


def recalled(lexicon: Lexicon, text: str) -> list[tuple[str, str]]:
    article = Article(text)
    return [(span.text(article), span.label) for span in lexicon.spans(article)]


def test_a_surface_is_recognised_whatever_its_case_and_spacing() -> None:
    lexicon = learned("Shells fell on Camp Vale.", ("Camp Vale", "BASE"))
    assert recalled(lexicon, "CAMP  vale was quiet.") == [("CAMP  vale", "BASE")]


def test_a_surface_that_is_seldom_annotated_is_left_out() -> None:
    text = "The harbour burned. The harbour and the harbour."
    assert recalled(learned(text, ("harbour", "ASSET")), "A harbour.") == []


def test_a_surface_annotated_half_of_the_time_is_kept_with_that_score() -> None:
    lexicon = learned("The harbour burned. They left the harbour.", ("harbour", "ASSET"))
    assert [span.score for span in lexicon.spans(Article("A harbour."))] == [0.5]


def test_an_occurrence_inside_a_longer_span_counts_against_a_surface() -> None:
    text = "Ost was hit, as were Ost harbour and Ost mill."
    assert recalled(learned(text, ("Ost", "LOCATION"), ("Ost harbour", "ASSET")), "Ost fell.") == []


def test_the_most_frequent_label_is_taken_and_of_equals_the_first_of_the_schema() -> None:
    first, second = Article("Rovia struck.", id="1"), Article("Guns in Rovia.", id="2")
    documents = [
        Document(first, spans(first, ("Rovia", "LOCATION"))),
        Document(second, spans(second, ("Rovia", "ACTOR"))),
    ]
    for order in (documents, documents[::-1]):
        assert recalled(Lexicon.from_documents(order, DEFAULT_SCHEMA), "In Rovia.") == [("Rovia", "ACTOR")]
    more = Lexicon.from_documents([*documents, documents[0]], DEFAULT_SCHEMA)
    assert recalled(more, "In Rovia.") == [("Rovia", "LOCATION")]
    assert more.spans(Article("Rovia."))[0].score == pytest.approx(2 / 3)


def test_the_longest_surface_wins_from_left_to_right() -> None:
    lexicon = learned("Fort Dane. Dane base. Fort.", ("Fort Dane", "BASE"), ("Dane base", "ASSET"))
    assert recalled(lexicon, "Fort Dane base fell.") == [("Fort Dane", "BASE")]


def test_no_span_reaches_over_the_end_of_a_sentence() -> None:
    lexicon = learned("Shells fell on Camp Vale.", ("Camp Vale", "BASE"))
    assert recalled(lexicon, "They left the camp\n\nVale was quiet.") == []


def test_a_span_that_cuts_a_word_is_not_learned() -> None:
    assert learned("Airstrikes began.", ("strikes", "WEAPON")).entries == {}


def test_a_lexicon_of_nothing_finds_nothing() -> None:
    assert recalled(Lexicon.from_documents([], DEFAULT_SCHEMA), "Camp Vale burned.") == []


words = st.lists(st.sampled_from(["camp", "Vale", "raid", "of", "."]), min_size=1, max_size=15).map(" ".join)


@given(text=words, start=st.integers(0, 10), n=st.integers(1, 12), other=words)
def test_a_lexicon_predicts_only_what_training_annotated(text: str, start: int, n: int, other: str) -> None:
    article, asked = Article(text), Article(other)
    marked = [Span(start, start + n, "BASE")] if start + n <= len(text) else []
    found = Lexicon.from_documents([Document(article, tuple(marked))], DEFAULT_SCHEMA).spans(asked)
    surfaces = {span.text(article).lower() for span in marked}
    assert {span.text(asked).lower() for span in found} <= surfaces
    assert all(one.end <= following.start for one, following in pairwise(found))
    assert all(0.5 <= span.score <= 1 for span in found)


def test_a_role_is_played_by_the_nearest_fitting_entity(annotate: Annotate) -> None:
    train = annotate(
        Article("Raiders struck Camp Vale."), {"Camp Vale": "BASE"}, [("struck", {"Camp Vale": "target"}, HIT, "I1")]
    )
    nearest = NearestArguments.from_documents([train], DEFAULT_SCHEMA)
    asked = annotate(
        Article("Fort Dane is far from where they struck and from Port Sund."),
        {"Fort Dane": "BASE", "Port Sund": "ASSET"},
        [("struck", {}, HIT, "I1")],
    )
    (event,) = nearest.events(asked)
    assert [(one.role, one.span.text(asked.article)) for one in event.arguments] == [("target", "Port Sund")]


def test_of_two_equally_near_the_earlier_plays_the_role(annotate: Annotate) -> None:
    nearest = NearestArguments.from_documents([two_targets(annotate)], DEFAULT_SCHEMA)
    (event,) = nearest.events(two_targets(annotate))
    assert [one.span.label for one in event.arguments] == ["BASE"]


def two_targets(annotate: Annotate) -> Document:
    return annotate(
        Article("Camp Vale struck Port Sund."),
        {"Camp Vale": "BASE", "Port Sund": "ASSET"},
        [("struck", {"Camp Vale": "target"}, HIT, "I1")],
    )


def test_an_entity_of_another_sentence_plays_no_role(annotate: Annotate) -> None:
    train = annotate(
        Article("Raiders struck Camp Vale."), {"Camp Vale": "BASE"}, [("struck", {"Camp Vale": "target"}, HIT, "I1")]
    )
    asked = annotate(Article("They struck. Fort Dane was quiet."), {"Fort Dane": "BASE"}, [("struck", {}, HIT, "I1")])
    (event,) = NearestArguments.from_documents([train], DEFAULT_SCHEMA).events(asked)
    assert event.arguments == ()


def test_a_role_that_is_seldom_filled_where_it_could_be_is_not_used(annotate: Annotate) -> None:
    train = annotate(
        Article("Gunmen struck Camp Vale in Norland."),
        {"Gunmen": "ACTOR", "Camp Vale": "BASE", "Norland": "LOCATION"},
        [("struck", {"Gunmen": "attacker", "Camp Vale": "target"}, HIT, "I1")],
    )
    nearest = NearestArguments.from_documents([train], DEFAULT_SCHEMA)
    assert [role.name for role in nearest.roles] == ["attacker", "target"]


def test_an_entity_plays_one_role_of_an_event(annotate: Annotate) -> None:
    train = annotate(
        Article("Gunmen struck militants."),
        {"Gunmen": "ACTOR", "militants": "ACTOR"},
        [("struck", {"Gunmen": "attacker", "militants": "target"}, HIT, "I1")],
    )
    nearest = NearestArguments.from_documents([train], DEFAULT_SCHEMA)
    assert [role.name for role in nearest.roles] == ["attacker", "target"]
    asked = annotate(Article("Raiders struck."), {"Raiders": "ACTOR"}, [("struck", {}, HIT, "I1")])
    (event,) = nearest.events(asked)
    assert [one.role for one in event.arguments] == ["attacker"]


def test_the_lexicon_baseline_predicts_events_with_the_commonest_attributes(
    tiny_documents: tuple[Document, ...],
) -> None:
    predict = lexicon_baseline(tiny_documents, DEFAULT_SCHEMA)
    document = predict(Article("Rockets hit Fort Dane; another raid followed, and three soldiers fell."))
    assert [(event.trigger.text(document.article), event.attributes["outcome"]) for event in document.events] == [
        ("hit", "hit"),
        ("raid", "hit"),
    ]
    assert document.entities[-1].attributes == {"harm": "wounded", "min": 3, "max": 3}


def test_every_mention_of_the_lexicon_baseline_is_an_incident_of_its_own(tiny_documents: tuple[Document, ...]) -> None:
    document = lexicon_baseline(tiny_documents, DEFAULT_SCHEMA)(tiny_documents[0].article)
    assert len(document.incidents) == len(document.events) == 2


def test_the_nearest_baseline_changes_nothing_but_arguments_and_incidents(annotate: Annotate) -> None:
    train = annotate(
        Article("Raiders struck Camp Vale."), {"Camp Vale": "BASE"}, [("struck", {"Camp Vale": "target"}, HIT, "I1")]
    )
    article = Article("Gunmen from afar shelled Fort Dane. The raid failed.", id="asked")
    entities = spans(article, ("Gunmen", "ACTOR"), ("Fort Dane", "BASE"))
    shelled, raid = spans(article, ("shelled", "ATTACK"), ("raid", "ATTACK"))
    events = (Event(shelled, (Argument("attacker", entities[0]),), HIT, "I7"), Event(raid, (), HIT, "I7"))
    model = Document(article, entities, events, build_incidents(article, events, DEFAULT_SCHEMA))
    document = nearest_baseline([train], DEFAULT_SCHEMA)(model)
    assert document.entities == model.entities
    assert [(e.trigger, e.attributes, e.incident) for e in document.events] == [
        (e.trigger, e.attributes, e.incident) for e in model.events
    ]
    assert [[(one.role, one.span) for one in e.arguments] for e in document.events] == [[("target", entities[1])], []]
    (incident,) = document.incidents
    assert (incident.id, incident.targets, incident.attackers) == ("I7", ("Fort Dane",), ())
