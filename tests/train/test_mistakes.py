"""What is wrong with a prediction, one by one: each kind by an invented article, totals against the scores."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.data.incidents import build_incidents
from tocsin.data.schema import DEFAULT_SCHEMA, Role, Schema
from tocsin.data.types import Argument, Article, AttributeValue, Document, Event, Span
from tocsin.train.mistakes import Mistake, costliest, kinds, mistakes
from tocsin.train.scores import score

TEXT = (
    "Gunmen shelled Camp Vale in Norland. Nine men were hurt in the raid. "
    "Rovian jets bombed Fort Dane on Monday. The strike failed."
)
ARTICLE = Article(TEXT, id="a1")
REPORTED = {"status": "reported", "scope": "single", "outcome": "hit"}


def span(surface: str, label: str, **attributes: AttributeValue) -> Span:
    start = TEXT.index(surface)
    return Span(start, start + len(surface), label, attributes=attributes)


GUNMEN, VALE, NORLAND = span("Gunmen", "ACTOR"), span("Camp Vale", "BASE"), span("Norland", "LOCATION")
MEN = span("Nine men", "CASUALTY", harm="wounded", min=9, max=9)
JETS, DANE, MONDAY = span("jets", "WEAPON"), span("Fort Dane", "BASE"), span("Monday", "DATE")
SHELLED, RAID = span("shelled", "ATTACK"), span("raid", "ATTACK")
BOMBED, STRIKE = span("bombed", "ATTACK"), span("strike", "ATTACK")


def event(trigger: Span, incident: str, **fillers: Span) -> Event:
    return Event(trigger, tuple(Argument(role, filler) for role, filler in fillers.items()), REPORTED, incident)


def document(entities: tuple[Span, ...], events: tuple[Event, ...] = ()) -> Document:
    return Document(ARTICLE, entities, events, build_incidents(ARTICLE, events, DEFAULT_SCHEMA))


ENTITIES = (GUNMEN, VALE, NORLAND, MEN, JETS, DANE, MONDAY)
EVENTS = (
    event(SHELLED, "I1", attacker=GUNMEN, target=VALE, place=NORLAND),
    event(RAID, "I1", casualty=MEN),
    event(BOMBED, "I2", weapon=JETS, target=DANE, date=MONDAY),
    event(STRIKE, "I2"),
)
GOLD = document(ENTITIES, EVENTS)


def found(predicted: Document, gold: Document = GOLD) -> list[Mistake]:
    return mistakes(gold, predicted, DEFAULT_SCHEMA)


def only(predicted: Document, gold: Document = GOLD) -> Mistake:
    (mistake,) = found(predicted, gold)
    return mistake


def with_grouping(*incidents: str) -> Document:
    return document(ENTITIES, tuple(replace(e, incident=name) for e, name in zip(EVENTS, incidents, strict=True)))


def test_a_document_compared_with_itself_has_no_mistakes() -> None:
    assert found(GOLD) == []


def test_incident_ids_may_differ() -> None:
    assert found(with_grouping("x", "x", "y", "y")) == []


@pytest.mark.parametrize(
    ("gold", "predicted", "kind", "cost"),
    [
        ([VALE], [], "missed entity", 1),
        ([], [VALE], "spurious entity", 1),
        ([VALE], [span("Camp Vale", "ASSET")], "wrong label", 2),
        ([VALE], [span("Vale", "BASE")], "wrong boundary", 2),
        ([VALE], [span("Vale in", "LOCATION")], "wrong label and boundary", 2),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_an_entity_that_differs_is_one_mistake(gold: list[Span], predicted: list[Span], kind: str, cost: int) -> None:
    mistake = only(document(tuple(predicted)), document(tuple(gold)))
    assert (mistake.kind, mistake.layer, mistake.cost) == (kind, "entities", cost)
    assert mistake.gold == (gold[0].text(ARTICLE) if gold else "")
    assert mistake.predicted == (predicted[0].text(ARTICLE) if predicted else "")


def test_a_wrong_label_names_both() -> None:
    mistake = only(document((span("Camp Vale", "ASSET"),)), document((VALE,)))
    assert (mistake.label, mistake.detail) == ("BASE", "gold BASE, predicted ASSET")


def test_a_gold_entity_cut_in_two_is_a_wrong_boundary_by_the_longer_piece_and_a_spurious_one() -> None:
    camp, vale_in = span("Camp", "BASE"), span("Vale in", "BASE")
    by_kind = {mistake.kind: mistake for mistake in found(document((camp, span("Vale", "BASE"))), document((VALE,)))}
    assert (by_kind["wrong boundary"].predicted, by_kind["spurious entity"].predicted) == ("Camp", "Vale")
    gold = document((camp, vale_in))
    kinds_found = {(mistake.kind, mistake.gold) for mistake in found(document((VALE,)), gold)}
    assert kinds_found == {("wrong boundary", "Camp"), ("missed entity", "Vale in")}


@pytest.mark.parametrize(
    ("trigger", "kind"),
    [("shelled Camp", "wrong trigger boundary"), ("hurt", "spurious trigger")],
)
def test_a_trigger_that_differs_is_a_mistake(trigger: str, kind: str) -> None:
    gold, predicted = (document((), (event(one, "I1"),)) for one in (SHELLED, span(trigger, "ATTACK")))
    assert kind in {mistake.kind for mistake in found(predicted, gold) if mistake.layer == "triggers"}


def test_a_trigger_of_another_type_is_a_wrong_type() -> None:
    schema = Schema(("BASE",), ("ATTACK", "RAID"), (Role("target", ("BASE",)),))
    attack, raid = (
        Document(ARTICLE, (VALE,), (event(replace(SHELLED, label=label), "I1", target=VALE),))
        for label in schema.event_types
    )
    (mistake,) = mistakes(attack, raid, schema)
    assert (mistake.kind, mistake.detail) == ("wrong type", "gold ATTACK, predicted RAID")
    assert mistake.cost == 4  # two triggers, and the argument of each side


def test_what_hangs_on_a_missed_trigger_is_in_its_cost() -> None:
    mistake = only(document(ENTITIES, EVENTS[1:]))
    assert (mistake.kind, mistake.gold, mistake.cost) == ("missed trigger", "shelled", 4)


def test_what_hangs_on_an_entity_with_another_boundary_is_in_its_cost() -> None:
    vale = span("Vale", "BASE")
    changed = event(SHELLED, "I1", attacker=GUNMEN, target=vale, place=NORLAND)
    mistake = only(document((GUNMEN, vale, *ENTITIES[2:]), (changed, *EVENTS[1:])))
    assert (mistake.kind, mistake.cost) == ("wrong boundary", 4)


def test_an_argument_that_matches_in_spite_of_a_wrong_label_costs_nothing() -> None:
    vale = replace(VALE, label="ASSET")
    changed = event(SHELLED, "I1", attacker=GUNMEN, target=vale, place=NORLAND)
    mistake = only(document((GUNMEN, vale, *ENTITIES[2:]), (changed, *EVENTS[1:])))
    assert (mistake.kind, mistake.cost) == ("wrong label", 2)


@pytest.mark.parametrize(
    ("fillers", "kind", "label", "gold", "predicted", "cost"),
    [
        ({"attacker": GUNMEN, "target": VALE}, "missed argument", "place", "Norland", "", 1),
        (
            {"attacker": GUNMEN, "target": VALE, "place": NORLAND, "source": GUNMEN},
            "spurious argument",
            "source",
            "",
            "Gunmen",
            1,
        ),
        ({"attacker": GUNMEN, "target": VALE, "date": NORLAND}, "wrong role", "place", "Norland", "Norland", 2),
    ],
    ids=["missed", "spurious", "wrong role"],
)
def test_an_argument_between_right_spans_is_a_mistake_of_its_own(
    fillers: dict[str, Span], kind: str, label: str, gold: str, predicted: str, cost: int
) -> None:
    mistake = only(document(ENTITIES, (event(SHELLED, "I1", **fillers), *EVENTS[1:])))
    assert (mistake.kind, mistake.label, mistake.gold, mistake.predicted) == (kind, label, gold, predicted)
    assert mistake.cost == cost
    assert mistake.detail.endswith("of 'shelled'")


def test_a_wrong_attribute_of_a_matched_trigger_names_both_values() -> None:
    denied = replace(EVENTS[3], attributes={**REPORTED, "status": "denied"})
    mistake = only(document(ENTITIES, (*EVENTS[:3], denied)))
    assert (mistake.kind, mistake.layer, mistake.cost) == ("wrong status", "attributes", 1)
    assert mistake.detail == "gold reported, predicted denied of 'strike'"


def test_a_wrong_attribute_of_a_matched_entity_is_named_by_its_label() -> None:
    killed = replace(MEN, attributes={"harm": "killed", "min": 9, "max": None})
    by_kind = {mistake.kind: mistake for mistake in found(document((killed,)), document((MEN,)))}
    assert set(by_kind) == {"wrong harm", "wrong max"}
    assert by_kind["wrong harm"].label == "CASUALTY.harm"
    assert (by_kind["wrong max"].gold, by_kind["wrong max"].predicted) == ("9", "none")


def test_mentions_of_one_incident_in_two_are_a_split() -> None:
    mistake = only(with_grouping("I1", "I3", "I2", "I2"))
    assert mistake.kind == "split incident"
    assert mistake.gold == "shelled (sentence 1), raid (sentence 2)"
    assert mistake.predicted == "shelled (sentence 1) | raid (sentence 2)"
    assert mistake.sentence == "Nine men were hurt in the raid."


def test_a_split_costs_what_fills_the_slots_of_the_smaller_piece() -> None:
    # The pieces have: attacker, target, place and status; status alone, for a casualty is no slot.
    assert only(with_grouping("I1", "I3", "I2", "I2")).cost == 1


def test_mentions_of_two_incidents_in_one_are_a_merger() -> None:
    mistake = only(with_grouping("I1", "I1", "I1", "I1"))
    assert (mistake.kind, mistake.sentence) == ("merged incidents", "Rovian jets bombed Fort Dane on Monday.")
    # Gold's first has attacker, target, place, status; its second weapon, target, status and no date: none is known
    # without a day of publication.
    assert mistake.cost == 3


def test_what_gold_does_not_tell_is_no_mistake() -> None:
    ungrouped = tuple(replace(e, incident="", attributes={}) for e in EVENTS)
    assert found(with_grouping("I1", "I1", "I1", "I1"), document(ENTITIES, ungrouped)) == []


def test_an_incident_that_does_not_count_costs_one_however_it_is_split() -> None:
    series = tuple(replace(e, attributes={**REPORTED, "scope": "series"}) for e in EVENTS[:2])
    pieces = tuple(replace(e, incident=name) for e, name in zip(series, "xy", strict=True))
    assert only(document(ENTITIES, pieces), document(ENTITIES, series)).cost == 1


def test_of_an_incident_of_many_mentions_the_first_few_are_named() -> None:
    article = Article("A raid. " * 8, id="many")
    triggers = [Span(8 * n + 2, 8 * n + 6, "ATTACK") for n in range(8)]
    sides = []
    for last in ("I1", "I2"):
        events = tuple(Event(trigger, incident="I1") for trigger in triggers[:-1])
        events += (Event(triggers[-1], incident=last),)
        sides.append(Document(article, (), events, build_incidents(article, events, DEFAULT_SCHEMA)))
    (mistake,) = mistakes(sides[0], sides[1], DEFAULT_SCHEMA)
    assert mistake.gold.endswith("raid (sentence 5), 3 more")
    assert mistake.predicted.endswith("raid (sentence 5), 2 more | raid (sentence 8)")


def test_a_span_over_two_sentences_shows_both() -> None:
    mistake = only(document((span("Norland. Nine", "LOCATION"),)), document(()))
    assert mistake.sentence == "Gunmen shelled Camp Vale in Norland. Nine men were hurt in the raid."


def test_an_argument_shows_the_sentence_of_its_trigger_too() -> None:
    far = event(RAID, "I1", casualty=MEN, place=NORLAND)
    mistake = only(document(ENTITIES, (EVENTS[0], far, *EVENTS[2:])))
    assert mistake.sentence.startswith("Gunmen shelled")
    assert mistake.sentence.endswith("the raid.")


def test_an_empty_prediction_misses_every_span_and_nothing_else() -> None:
    missed = found(document(()))
    assert {mistake.kind for mistake in missed} == {"missed entity", "missed trigger"}
    assert len(missed) == len(ENTITIES) + len(EVENTS)


def test_all_is_spurious_where_gold_is_empty() -> None:
    assert {mistake.kind for mistake in found(GOLD, document(()))} == {"spurious entity", "spurious trigger"}


def test_mistakes_are_in_the_order_of_the_text() -> None:
    starts = [mistake.start for mistake in found(document(()))]
    assert starts == sorted(starts)


def test_the_costliest_come_first_then_by_article_and_place() -> None:
    missed = found(document(()))
    order = costliest([replace(mistake, article=name) for name in "ba" for mistake in missed], n=4)
    assert [(mistake.gold, mistake.article, mistake.cost) for mistake in order] == [
        ("shelled", "a", 4),
        ("bombed", "a", 4),
        ("shelled", "b", 4),
        ("bombed", "b", 4),
    ]


def test_every_kind_is_listed_with_its_number_and_cost() -> None:
    table = {row["kind"]: row for row in kinds(found(document(ENTITIES, EVENTS[1:])), DEFAULT_SCHEMA)}
    assert (table["missed trigger"]["n"], table["missed trigger"]["cost"]) == (1, 4)
    assert sum(row["n"] for row in table.values()) == 1
    assert {"wrong status", "wrong scope", "wrong outcome", "wrong harm", "wrong min", "wrong max"} <= table.keys()
    assert "wrong type" not in table  # there is one type only
    assert all(row["what"] for row in table.values())


def test_kinds_a_schema_does_not_allow_are_not_listed() -> None:
    assert {row["layer"] for row in kinds([], Schema(entity_labels=("BASE",)))} == {"entities"}


def test_a_mistake_can_be_written_as_json() -> None:
    mistake = only(document(ENTITIES, EVENTS[1:]))
    assert Mistake(**json.loads(json.dumps(mistake.to_json()))) == mistake


SPANS = [(start, end) for start in range(0, 60, 3) for end in (start + 3, start + 6, start + 9)]
LABELS = DEFAULT_SCHEMA.entity_labels[:3]


@st.composite
def disjoint_spans(draw: st.DrawFn, labels: tuple[str, ...] = LABELS) -> tuple[Span, ...]:
    spans: list[Span] = []
    for start, end in sorted(draw(st.lists(st.sampled_from(SPANS), max_size=8))):
        if not spans or start >= spans[-1].end:
            spans.append(Span(start, end, draw(st.sampled_from(labels))))
    return tuple(spans)


@st.composite
def documents(draw: st.DrawFn) -> Document:
    entities, triggers = draw(disjoint_spans()), draw(disjoint_spans(labels=("ATTACK",)))
    roles = [role.name for role in DEFAULT_SCHEMA.roles[:3]]
    played = st.lists(
        st.builds(Argument, st.sampled_from(roles), st.sampled_from(entities)),
        max_size=3,
        unique_by=lambda argument: (argument.role, argument.span.start),
    )
    events = tuple(
        Event(
            trigger,
            tuple(draw(played)) if entities else (),
            {"status": draw(st.sampled_from(("reported", "claimed")))},
            draw(st.sampled_from(("I1", "I2", ""))),
        )
        for trigger in triggers
    )
    return document(entities, events)


@given(gold=documents(), predicted=documents())
def test_the_numbers_of_mistakes_are_those_of_the_scores(gold: Document, predicted: Document) -> None:
    scores, listed = score([gold], [predicted], DEFAULT_SCHEMA), found(predicted, gold)
    for layer in ("entities", "triggers"):
        counts, made = scores.micro(layer), [mistake for mistake in listed if mistake.layer == layer]
        n_missed = sum(mistake.kind.startswith("missed") for mistake in made)
        n_spurious = sum(mistake.kind.startswith("spurious") for mistake in made)
        n_wrong = len(made) - n_missed - n_spurious
        assert n_missed + n_wrong == counts.n_gold - counts.n_matched
        assert n_spurious + n_wrong == counts.n_predicted - counts.n_matched
    status = scores.attributes["status"]
    assert sum(mistake.kind == "wrong status" for mistake in listed) == status.n_gold - status.n_matched


@given(gold=documents(), predicted=documents())
def test_no_span_is_in_two_mistakes(gold: Document, predicted: Document) -> None:
    for one, other in ((gold, predicted), (predicted, gold)):
        of_entities = [mistake for mistake in found(other, one) if mistake.layer == "entities"]
        assert sum(mistake.gold != "" for mistake in of_entities) <= len(one.entities)
        right = {(s.start, s.end, s.label) for s in one.entities} & {(s.start, s.end, s.label) for s in other.entities}
        assert len(right) + sum(mistake.gold != "" for mistake in of_entities) == len(one.entities)


@given(gold=documents(), predicted=documents())
def test_every_wrong_argument_is_in_a_cost(gold: Document, predicted: Document) -> None:
    counts = score([gold], [predicted], DEFAULT_SCHEMA).micro("arguments")
    n_wrong = counts.n_gold + counts.n_predicted - 2 * counts.n_matched
    hanging, own = 0, 0
    for mistake in found(predicted, gold):
        if mistake.layer in ("entities", "triggers"):
            hanging += mistake.cost - (mistake.gold != "") - (mistake.predicted != "")
        elif mistake.layer == "arguments":
            own += mistake.cost
    assert own + hanging / 2 <= n_wrong <= own + hanging  # one that hangs on two spans is in two costs


@given(gold=documents(), predicted=documents())
def test_the_sentence_holds_the_characters_of_the_mistake(gold: Document, predicted: Document) -> None:
    for mistake in found(predicted, gold):
        assert mistake.sentence == TEXT[mistake.sentence_start :][: len(mistake.sentence)]
        assert mistake.sentence_start <= mistake.start < mistake.end <= mistake.sentence_start + len(mistake.sentence)
