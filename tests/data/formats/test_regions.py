"""Regions and relations as entities and events, and the other way round."""

import json
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from types import FrameType
from typing import Any

import pytest

from tocsin.data.errors import Problem
from tocsin.data.formats.conversion import AS_FOUND, Options, Tally
from tocsin.data.formats.fitting import name_fault, taken_name
from tocsin.data.formats.regions import (
    Region,
    Relation,
    Scope,
    article_of,
    count_bare_triggers,
    entities_and_events,
    metadata_of,
    read_each,
    regions_and_relations,
    text_labels,
)
from tocsin.data.jsonl import Record
from tocsin.data.schema import Attribute, Role, Schema
from tocsin.data.types import Argument, Article, Document, Event, Span, TextLabel

SCHEMA = Schema(
    entity_labels=("ACTOR", "TOLL"),
    event_types=("ATTACK",),
    roles=(Role("attacker", ("ACTOR",)),),
    attributes=(Attribute("status", ("reported", "denied")),),
    entity_attributes={"TOLL": (Attribute("min"), Attribute("harm", ("killed",)))},
)
HIT, ARMY, TOLL = Region("1", 5, 8, "ATTACK"), Region("2", 0, 4, "ACTOR"), Region("3", 9, 12, "TOLL")


def made(
    regions: Sequence[Region],
    relations: Sequence[Relation] = (),
    schema: Schema | None = SCHEMA,
    left_out: str = "",
    triggers: str = "",
) -> tuple[tuple[Span, ...], tuple[Event, ...], list[str], Tally]:
    """Entities, events, faults and what was lost."""
    scope = Scope(Options(schema))
    entities, events = entities_and_events(
        regions, relations, scope, left_out=left_out.split(), triggers=triggers.split()
    )
    return entities, events, scope.faults, scope.lost


def test_entities_and_events_come_in_text_order() -> None:
    later = Region("4", 20, 23, "ATTACK")
    entities, events, faults, lost = made([later, TOLL, HIT, ARMY], [Relation("1", "2", "attacker")])
    assert entities == (Span(0, 4, "ACTOR"), Span(9, 12, "TOLL"))
    assert events == (
        Event(Span(5, 8, "ATTACK"), (Argument("attacker", Span(0, 4, "ACTOR")),)),
        Event(Span(20, 23, "ATTACK")),
    )
    assert (faults, lost) == ([], {})


def test_where_entities_are_wanted_relations_make_no_triggers_of_them() -> None:
    scope = Scope(Options(relations_make_events=False))
    entities, events = entities_and_events([HIT, ARMY, TOLL], [Relation("2", "1", "led")], scope, triggers=["3"])
    assert ([span.label for span in entities], [event.type for event in events]) == (["ACTOR", "ATTACK"], ["TOLL"])
    assert (scope.faults, scope.lost) == ([], {"relations that lead from no event to an entity": 1})


def test_without_a_schema_relations_say_what_a_trigger_is() -> None:
    entities, events, _, lost = made([HIT, ARMY, TOLL], [Relation("2", "1", "led"), Relation("1", "3", "cost")], None)
    assert entities == (Span(9, 12, "TOLL"),)
    assert [(event.type, [argument.role for argument in event.arguments]) for event in events] == [
        ("ACTOR", []),
        ("ATTACK", ["cost"]),
    ]
    assert lost == {
        "relations that lead from no event to an entity": 1,
        "entities read as triggers, as a relation leads from them": 2,
    }


def test_a_number_of_an_event_is_counted_as_it_is_read_as_a_string() -> None:
    counted = Region("1", 5, 8, "ATTACK", {"n_dead": 3, "status": "denied"})
    _, (event,), _, lost = made([counted, ARMY], schema=None, triggers="1")
    assert event.attributes == {"n_dead": "3", "status": "denied"}
    assert lost == {"numbers as attributes of events, read as strings": 1}


def test_what_a_schema_or_the_format_calls_an_event_is_not_counted_as_an_entity_read_as_one() -> None:
    regions, relations = [HIT, ARMY, TOLL], [Relation("1", "2", "attacker")]
    for schema, triggers in ((SCHEMA, ""), (None, "1")):
        _, events, _, lost = made(regions, relations, schema, triggers=triggers)
        assert [len(event.arguments) for event in events] == [1]
        assert lost == {}


def test_without_a_schema_the_format_can_say_what_a_trigger_is() -> None:
    entities, events, _, lost = made([HIT, ARMY], (), None, triggers="1")
    assert (entities, events, lost) == ((Span(0, 4, "ACTOR"),), (Event(Span(5, 8, "ATTACK")),), {})


def test_of_regions_that_share_an_id_the_first_of_each_kind_is_joined() -> None:
    shared = [Region("1", 0, 4, "ACTOR"), Region("1", 5, 8, "ATTACK"), Region("1", 5, 8, "TOLL")]
    _, events, faults, lost = made(shared, [Relation("1", "1", "attacker")])
    assert events[0].arguments == (Argument("attacker", Span(0, 4, "ACTOR")),)
    assert (faults, lost) == ([], {})


def test_relations_of_regions_that_were_left_out_are_lost_with_them() -> None:
    _, events, faults, lost = made([HIT], [Relation("1", "9", "attacker")], left_out="9")
    assert (events[0].arguments, faults) == ((), [])
    assert lost == {"relations of regions that are left out": 1}


def test_a_relation_to_nothing_is_a_fault() -> None:
    assert made([HIT], [Relation("1", "9", "attacker")])[2] == ["relation attacker: '9' is the id of no span here"]


def test_an_unknown_label_is_told_once_and_not_again_for_its_relations() -> None:
    regions = [HIT, Region("2", 0, 4, "ACTER"), Region("3", 9, 12, "ACTER")]
    faults = made(regions, [Relation("1", "2", "attacker")])[2]
    assert faults == ["unknown label 'ACTER'; did you mean 'ACTOR'? expected one of: ACTOR, TOLL, ATTACK"]


def test_attributes_are_those_the_schema_names() -> None:
    toll = Region("3", 9, 12, "TOLL", {"min": "3", "harm": "killed", "side": "red"})
    hit = Region("1", 5, 8, "ATTACK", {"status": "denied", "min": 2}, "I1")
    entities, events, faults, lost = made([toll, hit])
    assert dict(entities[0].attributes) == {"min": 3, "harm": "killed"}
    assert events == (Event(Span(5, 8, "ATTACK"), (), {"status": "denied"}, "I1"),)
    assert (faults, lost) == ([], {"attributes that the schema does not name": 2})


def test_values_that_are_not_the_schema_s_are_faults() -> None:
    regions = [Region("3", 9, 12, "TOLL", {"min": "a few"}), Region("1", 5, 8, "ATTACK", {"status": "deneid"})]
    assert made(regions)[2] == [
        "TOLL: \"min\" is 'a few'; expected an integer",
        "ATTACK: unknown value of \"status\" 'deneid'; did you mean 'denied'? expected one of: reported, denied",
    ]


def test_without_a_schema_events_keep_attributes_and_entities_lose_them() -> None:
    hit = Region("1", 5, 8, "ATTACK", {"tone": "grave", "type": "x"})
    army = Region("2", 0, 4, "ACTOR", {"side": "red"}, "I1")
    entities, events, _, lost = made([hit, army], [Relation("1", "2", "attacker")], None)
    assert (dict(entities[0].attributes), dict(events[0].attributes)) == ({}, {"tone": "grave"})
    assert lost == {
        "attributes of entities, which no schema names": 1,
        "attributes of events whose name cannot be one": 1,
        "incidents named on what is no event": 1,
        "entities read as triggers, as a relation leads from them": 1,
    }


def test_an_entity_given_twice_is_one() -> None:
    entities, _, _, lost = made([ARMY, Region("7", 0, 4, "ACTOR")])
    assert entities == (Span(0, 4, "ACTOR"),)
    assert lost == {"entities given twice": 1}


def test_a_schema_without_labels_of_spans_takes_none() -> None:
    entities, events, faults, lost = made([ARMY, HIT], [Relation("1", "2", "x")], Schema(text_labels=("unrest",)))
    assert (entities, events, faults) == ((), (), [])
    assert lost == {"spans, of which the schema has no labels": 2, "relations of regions that are left out": 1}


@pytest.mark.parametrize("name", ["PER", "B-PER", "été_1"])
def test_a_name_of_letters_digits_and_marks_is_fit(name: str) -> None:
    assert name_fault("label", name, None) == ""


@pytest.mark.parametrize("name", ["", " ", "1st", "_x", "a/b", "a / b"])
def test_another_name_is_not(name: str) -> None:
    assert "cannot be a name" in name_fault("label", name, None)


@pytest.mark.parametrize("name", ["car bomb", " car  bomb ", "car\u00a0bomb"])
@pytest.mark.parametrize("known", [None, ("plane", "car_bomb")])
def test_a_name_with_blanks_is_taken_with_underscores(name: str, known: Sequence[str] | None) -> None:
    lost: Tally = Counter()
    assert name_fault("label", name, known) == ""
    assert taken_name("label", name, known, lost) == "car_bomb"
    assert sum(lost.values()) == 1


def test_a_name_with_blanks_that_a_schema_has_in_no_spelling_is_told_as_it_stands() -> None:
    assert "'car bomb'" in name_fault("label", "car bomb", ("car", "bomb"))


def test_labels_and_roles_with_blanks_are_counted_by_name() -> None:
    regions = [Region("1", 5, 8, "Air Strike"), Region("2", 0, 4, "Armed Group"), Region("3", 9, 12, "Armed Group")]
    relations = [Relation("1", "2", "carried out by"), Relation("1", "3", "target")]
    entities, (event,), faults, lost = made(regions, relations, None)
    assert [entity.label for entity in entities] == ["Armed_Group", "Armed_Group"]
    assert event.trigger.label == "Air_Strike"
    assert [argument.role for argument in event.arguments] == ["carried_out_by", "target"]
    assert faults == []
    assert {what: n for what, n in lost.items() if "read as" in what and "triggers" not in what} == {
        "labels 'Air Strike', read as Air_Strike": 1,
        "labels 'Armed Group', read as Armed_Group": 2,
        "roles 'carried out by', read as carried_out_by": 1,
    }


def test_labels_with_blanks_are_those_of_a_schema_that_has_them_with_underscores() -> None:
    schema = Schema(
        entity_labels=("Armed_Group",),
        event_types=("Air_Strike",),
        roles=(Role("carried_out_by", ("Armed_Group",)),),
    )
    regions = [Region("1", 5, 8, "Air Strike"), Region("2", 0, 4, "Armed Group")]
    entities, (event,), faults, _ = made(regions, [Relation("1", "2", "carried out by")], schema)
    assert entities == (Span(0, 4, "Armed_Group"),)
    assert event == Event(Span(5, 8, "Air_Strike"), (Argument("carried_out_by", entities[0]),))
    assert faults == []


def test_a_text_has_each_label_once() -> None:
    scope = Scope(AS_FOUND)
    assert text_labels(["unrest", "crime", "unrest"], scope) == (TextLabel("unrest"), TextLabel("crime"))
    assert (scope.faults, scope.lost) == ([], {"labels given to a text twice": 1})


def test_a_text_of_one_label_cannot_have_two() -> None:
    scope = Scope(Options(Schema(text_labels=("unrest", "crime"), one_text_label=True)))
    text_labels(["unrest", "crime"], scope)
    assert scope.faults == ["the text has 2 labels; this schema gives each text exactly one"]


def test_an_article_keeps_its_metadata_and_the_rest_is_counted() -> None:
    known = {"title": "T", "published": "2024-05-05", "source": "Post", "url": "https://post.example/1"}
    lost: Tally = Counter()
    article = article_of("Quiet.", "d1", {**known, "desk": "foreign", "editor": None}, lost)
    assert metadata_of(article) == known
    assert lost == {'values of "desk"': 1}


def test_arguments_lead_to_the_very_entity_they_name() -> None:
    spans = (Span(0, 4, "TOLL", attributes={"min": 1}), Span(0, 4, "TOLL", attributes={"min": 2}))
    event = Event(Span(5, 8, "ATTACK"), (Argument("toll", spans[1]), Argument("toll", Span(0, 4, "TOLL", 0.5))))
    regions, relations = regions_and_relations(Document(Article("Four hit.", "d1"), spans, (event,)), Counter())
    assert [region.id for region in regions] == ["T1", "T2", "E1"]
    assert [(relation.source, relation.target) for relation in relations] == [("E1", "T2"), ("E1", "T1")]


def test_triggers_from_which_no_relation_leads_are_counted_where_no_schema_tells_them() -> None:
    army = Span(0, 4, "ACTOR")
    elsewhere = Argument("attacker", Span(9, 12, "ACTOR"))
    events = (Event(Span(5, 8, "ATTACK")), Event(Span(6, 8, "ATTACK"), (elsewhere,)), Event(Span(7, 8, "ATTACK")))
    led = Event(Span(4, 8, "ATTACK"), (Argument("attacker", army),))
    document = Document(Article("Army hit. Four fell.", "d1"), (army,), (*events, led))
    made_of = regions_and_relations(document, Counter())
    for schema, expected in (
        (None, {"events without arguments, which only a schema can tell from entities": 3}),
        (SCHEMA, {}),
    ):
        lost: Tally = Counter()
        count_bare_triggers(*made_of, schema, lost)
        assert lost == expected


def steps(work: Callable[..., object], *arguments: object) -> int:
    """How many instructions of Python some work takes."""
    n = 0

    def trace(frame: FrameType, event: str, _: object) -> Any:
        nonlocal n
        frame.f_trace_opcodes = True
        n += event == "opcode"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        work(*arguments)
    finally:
        sys.settrace(before)
    return n


def many(n: int) -> Document:
    """A document of n events, each with an entity of its own."""
    places = [Span(10 * i, 10 * i + 4, "ACTOR") for i in range(n)]
    events = [Event(Span(each.start + 5, each.end + 4, "ATTACK"), (Argument("attacker", each),)) for each in places]
    return Document(Article("Army hit. " * n, "d1"), tuple(places), tuple(events))


@pytest.mark.parametrize("schema", [None, SCHEMA], ids=["no schema", "schema"])
def test_twice_as_many_events_are_hardly_more_than_twice_the_work(schema: Schema | None) -> None:
    once, twice = many(100), many(200)
    assert steps(regions_and_relations, twice, Counter()) < 2.2 * steps(regions_and_relations, once, Counter())
    n_once, n_twice = (
        steps(entities_and_events, *regions_and_relations(each, Counter()), Scope(Options(schema)))
        for each in (once, twice)
    )
    assert n_twice < 2.2 * n_once


def read_text(record: dict[str, Any], own_id: str, scope: Scope) -> Document | None:
    """A reader for the tests: a record's text, its loss and its fault."""
    scope.lost["things"] += 1
    scope.faults.extend(record.get("faults", ()))
    json.dumps(record)
    return Document(Article(record["text"], record.get("id") or own_id)) if record.get("text") else None


def test_a_record_that_cannot_be_read_loses_nothing() -> None:
    lost: Tally = Counter()
    records = [Record("f:1", {"text": "a"}), Record("f:2", {"text": "b", "faults": ["x", "y"]}), Record("f:3", {})]
    found = list(read_each(records, "f", Options(), lost, read_text))
    assert found == [Document(Article("a", "f-1")), Problem("f:2", "x"), Problem("f:2", "y")]
    assert lost == {"things": 2}


def test_a_record_nested_too_deep_is_told() -> None:
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    [found] = read_each([Record("f:1", {"text": "a", "deep": deep})], "f", Options(), Counter(), read_text)
    assert "nested too deep" in str(found)
    while deep:  # let it go layer by layer
        deep = deep[0]


def test_problems_of_the_file_pass_and_ids_differ() -> None:
    twice = [Record(where, {"text": "a", "id": "d"}) for where in ("f:2", "f:3")]
    found = list(read_each([Problem("f:1", "no JSON"), *twice], "f", Options(), Counter(), read_text))
    assert [type(item) for item in found] == [Problem, Document, Problem]
    assert "document id 'd' is taken by f:2" in str(found[2])
