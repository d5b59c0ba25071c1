"""Scores as the guidelines define them, by hand."""

import json
import math
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.data.errors import DataError
from tocsin.data.incidents import build_incidents
from tocsin.data.schema import DEFAULT_SCHEMA, Attribute, Role, Schema
from tocsin.data.types import (
    Argument,
    Article,
    AttributeValue,
    Document,
    Event,
    Filler,
    Span,
    Template,
    TextLabel,
)
from tocsin.train.scores import LAYERS, Counts, Scores, agreement, rows, score, score_each

TEXT = "On Tuesday two drones hit Camp Vale in Norland. Rovian rockets struck the port of Ost on Monday."
ARTICLE = Article(TEXT, id="a1", published=date(2024, 5, 2))
REPORTED = {"status": "reported", "scope": "single", "outcome": "hit"}


def span(surface: str, label: str, **attributes: AttributeValue) -> Span:
    start = TEXT.index(surface)
    return Span(start, start + len(surface), label, attributes=attributes)


TUESDAY = span("Tuesday", "DATE")
DRONES = span("drones", "WEAPON")
CAMP = span("Camp Vale", "BASE")
NORLAND = span("Norland", "LOCATION")
ROCKETS = span("rockets", "WEAPON")
PORT = span("port of Ost", "ASSET")
MONDAY = span("Monday", "DATE")
ROCKETS_BASE = span("rockets", "BASE")
HIT = span("hit", "ATTACK")
STRUCK = span("struck", "ATTACK")


def event(trigger: Span, incident: str = "I1", **fillers: Span) -> Event:
    return Event(trigger, tuple(Argument(role, filler) for role, filler in fillers.items()), REPORTED, incident)


FIRST = event(HIT, "I1", date=TUESDAY, weapon=DRONES, target=CAMP, place=NORLAND)
SECOND = event(STRUCK, "I2", date=MONDAY, weapon=ROCKETS, target=PORT)


def with_entities(*entities: Span) -> list[Document]:
    return [Document(ARTICLE, entities=entities)]


def with_events(*events: Event) -> list[Document]:
    return [Document(ARTICLE, events=events, incidents=build_incidents(ARTICLE, events, DEFAULT_SCHEMA))]


def whole(article: Article = ARTICLE) -> Document:
    entities = (TUESDAY, DRONES, CAMP, NORLAND, ROCKETS, PORT, MONDAY)
    return Document(article, entities, (FIRST, SECOND), build_incidents(article, (FIRST, SECOND), DEFAULT_SCHEMA))


def test_a_document_compared_with_itself_is_perfect() -> None:
    assert score([whole()], [whole()], DEFAULT_SCHEMA).headline() == {
        "entity_f1": 1.0,
        "entity_overlap_f1": 1.0,
        "trigger_f1": 1.0,
        "argument_f1": 1.0,
        "attribute_accuracy": 1.0,
        "incident_f1": 1.0,
    }


@pytest.mark.parametrize(
    "predicted",
    [Span(CAMP.start, CAMP.end - 1, "BASE"), Span(CAMP.start, CAMP.end, "ASSET")],
    ids=["another end", "another label"],
)
def test_an_entity_that_is_not_exact_does_not_match(predicted: Span) -> None:
    scores = score(with_entities(CAMP), with_entities(predicted), DEFAULT_SCHEMA)
    assert scores.micro("entities") == Counts(0, 1, 1)


def test_an_entity_predicted_twice_matches_once() -> None:
    scores = score(with_entities(CAMP), with_entities(CAMP, CAMP), DEFAULT_SCHEMA)
    assert scores.entities["BASE"] == Counts(1, 2, 1)


def test_entities_are_counted_by_label_in_schema_order() -> None:
    scores = score(with_entities(CAMP, DRONES), with_entities(CAMP, NORLAND), DEFAULT_SCHEMA)
    assert {label: counts for label, counts in scores.entities.items() if counts.occurs} == {
        "BASE": Counts(1, 1, 1),
        "WEAPON": Counts(0, 0, 1),
        "LOCATION": Counts(0, 1, 0),
    }
    assert tuple(scores.entities) == DEFAULT_SCHEMA.entity_labels


def test_a_trigger_of_another_type_does_not_match_nor_does_what_hangs_on_it() -> None:
    schema = Schema(("BASE",), ("ATTACK", "RAID"), (Role("target", ("BASE",)),), (Attribute("scope", ("single",)),))
    attack, raid = (
        Event(Span(HIT.start, HIT.end, label), (Argument("target", CAMP),), {"scope": "single"})
        for label in schema.event_types
    )
    scores = score([Document(ARTICLE, events=(attack,))], [Document(ARTICLE, events=(raid,))], schema)
    assert scores.triggers == {"ATTACK": Counts(0, 0, 1), "RAID": Counts(0, 1, 0)}
    assert scores.arguments == {"target": Counts(0, 1, 1)}
    assert scores.attributes == {"scope": Counts(0, 0, 0)}


def test_an_argument_without_its_trigger_is_missed_and_spurious() -> None:
    scores = score(with_events(event(HIT, target=CAMP)), with_events(event(STRUCK, target=CAMP)), DEFAULT_SCHEMA)
    assert scores.micro("arguments") == Counts(0, 1, 1)


def test_an_argument_of_another_role_does_not_match() -> None:
    scores = score(with_events(event(HIT, place=NORLAND)), with_events(event(HIT, target=NORLAND)), DEFAULT_SCHEMA)
    assert scores.arguments["place"] == Counts(0, 0, 1)
    assert scores.arguments["target"] == Counts(0, 1, 0)


def test_an_argument_matches_by_offsets_whatever_the_label() -> None:
    asset = Span(CAMP.start, CAMP.end, "ASSET")
    scores = score(with_events(event(HIT, target=CAMP)), with_events(event(HIT, target=asset)), DEFAULT_SCHEMA)
    assert scores.arguments["target"] == Counts(1, 1, 1)


def test_attributes_are_judged_on_matched_triggers_only() -> None:
    claimed = Event(HIT, attributes={**REPORTED, "status": "claimed"}, incident="I1")
    scores = score(with_events(FIRST, SECOND), with_events(claimed), DEFAULT_SCHEMA)
    assert scores.attributes["status"] == Counts(0, 1, 1)
    assert scores.attributes["outcome"] == Counts(1, 1, 1)
    assert scores.headline()["attribute_accuracy"] == pytest.approx(2 / 3)


def test_an_attribute_that_only_one_side_gives_is_wrong_and_one_that_neither_gives_is_not_judged() -> None:
    gold = [Document(ARTICLE, events=(Event(HIT, attributes={"status": "reported"}),))]
    scores = score(gold, [Document(ARTICLE, events=(Event(HIT),))], DEFAULT_SCHEMA)
    assert scores.attributes["status"] == Counts(0, 1, 1)
    assert scores.attributes["scope"] == Counts(0, 0, 0)


def test_a_choice_that_gold_does_not_give_is_not_judged_and_a_number_is() -> None:
    gold = [Document(ARTICLE, entities=(span("two drones", "CASUALTY"),), events=(Event(HIT, incident="I1"),))]
    toll = span("two drones", "CASUALTY", harm="killed", min=2)
    predicted = [Document(ARTICLE, entities=(toll,), events=(Event(HIT, attributes=REPORTED, incident="I1"),))]
    scores = score(gold, predicted, DEFAULT_SCHEMA)
    assert scores.micro("attributes") == Counts()
    assert scores.entity_attributes["CASUALTY.harm"] == Counts()
    assert scores.entity_attributes["CASUALTY.min"] == Counts(0, 1, 1)  # gold says that the text does not state it


def test_where_no_gold_event_is_of_an_incident_quiet_documents_do_not_tell_what_is_none() -> None:
    quiet = Article("All is quiet in Norland.", id="a2")
    gold = [Document(ARTICLE, events=(replace(FIRST, incident=""),)), Document(quiet)]
    predicted = [whole(), Document(quiet, incidents=whole().incidents)]
    assert score(gold, predicted, DEFAULT_SCHEMA).micro("incidents") == Counts()
    grouped = [Document(ARTICLE, events=(FIRST,), incidents=whole().incidents[:1]), Document(quiet)]
    assert score(grouped, predicted, DEFAULT_SCHEMA).micro("incidents").n_predicted > 0


def test_two_events_on_one_trigger_are_judged_each_with_its_own() -> None:
    hit, failed = (Event(HIT, attributes={"outcome": outcome}) for outcome in ("hit", "failed"))
    scores = score(with_events(hit, failed), with_events(hit, failed), DEFAULT_SCHEMA)
    assert scores.triggers["ATTACK"] == Counts(2, 2, 2)
    assert scores.attributes["outcome"] == Counts(2, 2, 2)


def test_attributes_of_matched_entities_stand_beside_and_are_in_no_average() -> None:
    gold = span("two drones", "CASUALTY", harm="killed", min=2, max=None)
    predicted = span("two drones", "CASUALTY", harm="wounded", min=2)
    scores = score(with_entities(gold), with_entities(predicted, CAMP), DEFAULT_SCHEMA)
    assert scores.entity_attributes["CASUALTY.harm"] == Counts(0, 1, 1)
    assert scores.entity_attributes["CASUALTY.min"] == Counts(1, 1, 1)
    assert scores.entity_attributes["CASUALTY.max"] == Counts(1, 1, 1)  # null and absent are one value
    assert scores.micro("attributes") == Counts()


def test_a_span_that_shares_a_character_and_the_label_matches_by_overlap() -> None:
    shorter = Span(CAMP.start, CAMP.end - 1, "BASE")
    relabelled = Span(NORLAND.start, NORLAND.end, "BASE")
    scores = score(with_entities(CAMP, NORLAND), with_entities(shorter, relabelled), DEFAULT_SCHEMA)
    assert scores.entity_overlap["BASE"] == Counts(1, 2, 1)
    assert scores.entity_overlap["LOCATION"] == Counts(0, 0, 1)
    assert scores.headline()["entity_overlap_f1"] == 0.5
    assert scores.headline()["entity_f1"] == 0.0


def test_a_trigger_that_is_too_long_matches_by_overlap_only() -> None:
    longer = Event(Span(HIT.start, CAMP.end, "ATTACK"))
    scores = score(with_events(Event(HIT)), with_events(longer), DEFAULT_SCHEMA)
    assert scores.trigger_overlap == {"ATTACK": Counts(1, 1, 1)}
    assert scores.triggers == {"ATTACK": Counts(0, 1, 1)}


def test_which_value_was_taken_for_which_is_counted() -> None:
    claimed = Event(HIT, attributes={"status": "claimed", "scope": "single"}, incident="I1")
    harmed, other = span("two drones", "CASUALTY", harm="killed", min=2), span("two drones", "CASUALTY", harm="any")
    gold = [Document(ARTICLE, (harmed,), (FIRST, SECOND))]
    scores = score(gold, [Document(ARTICLE, (other,), (claimed, SECOND))], DEFAULT_SCHEMA)
    assert scores.choices == {
        "status": {("reported", "claimed"): 1, ("reported", "reported"): 1},
        "scope": {("single", "single"): 2},
        "outcome": {("hit", ""): 1, ("hit", "hit"): 1},
        "CASUALTY.harm": {("killed", "any"): 1},
    }
    assert (scores + scores).choices["outcome"] == {("hit", ""): 2, ("hit", "hit"): 2}


def test_sums_of_scores_have_the_ratios_of_the_scores() -> None:
    scores = score(with_events(FIRST, SECOND), with_events(FIRST), DEFAULT_SCHEMA)
    doubled = scores + scores
    for layer in LAYERS:
        assert doubled.micro(layer).n_gold == 2 * scores.micro(layer).n_gold
        assert doubled.micro(layer).f1 == pytest.approx(scores.micro(layer).f1, nan_ok=True)
        assert doubled.macro_f1(layer) == pytest.approx(scores.macro_f1(layer), nan_ok=True)


def test_the_score_of_a_union_is_the_sum_of_the_scores() -> None:
    other = Article(TEXT, id="a2", published=ARTICLE.published)
    gold, predicted = [whole(), whole(other)], [whole(), Document(other)]
    parts = [score([one], [two], DEFAULT_SCHEMA) for one, two in zip(gold, predicted, strict=True)]
    assert score_each(gold, predicted, DEFAULT_SCHEMA) == parts
    assert score(gold, predicted, DEFAULT_SCHEMA) == sum(parts, Scores())


def test_documents_are_matched_by_id_in_any_order() -> None:
    other = Document(Article("Nothing happened.", id="a2"))
    scores = score([whole(), other], [other, whole()], DEFAULT_SCHEMA)
    assert scores.headline()["entity_f1"] == 1.0


def test_scores_survive_json() -> None:
    scores = score(with_events(FIRST, SECOND), with_events(FIRST), DEFAULT_SCHEMA)
    written = json.dumps(scores.to_json(), allow_nan=False)
    assert Scores.from_json(json.loads(written)) == scores
    assert json.loads(written)["headline"]["entity_f1"] is None
    assert json.loads(written)["triggers"]["ATTACK"]["recall"] == 0.5


@pytest.mark.parametrize(
    "record",
    [
        {},
        {**Scores().to_json(), "entities": []},
        {**Scores().to_json(), "entities": {"X": {"n_matched": 2, "n_predicted": 1, "n_gold": 1}}},
        {**Scores().to_json(), "choices": {"status": {"reported": {"claimed": 0}}}},
        {**Scores().to_json(), "choices": {"status": {"reported": {"claimed": "1"}}}},
    ],
    ids=["empty", "no labels", "impossible counts", "a choice nobody made", "a choice that is no number"],
)
def test_scores_that_cannot_be_read_are_refused(record: dict[str, object]) -> None:
    with pytest.raises(DataError, match=r"scores: cannot be read .* expected what Scores.to_json writes"):
        Scores.from_json(record)


def test_a_schema_without_events_scores_entities_only() -> None:
    schema = Schema(entity_labels=("BASE",))
    scores = score(with_entities(CAMP), with_entities(CAMP), schema)
    assert scores.micro("entities").f1 == 1.0
    assert [row.layer for row in rows(scores)] == ["entities"] * 3
    assert scores.headline() == {"entity_f1": 1.0, "entity_overlap_f1": 1.0}


TEXT_SCHEMA = Schema(text_labels=("unrest", "raid"))
FILLER_SCHEMA = Schema(("BASE", "WEAPON"), fillers=("BASE",), template_types=("raid",))
MIXED_SCHEMA = replace(DEFAULT_SCHEMA, text_labels=("unrest", "raid"))


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        (Schema(), list(Scores().headline())),
        (DEFAULT_SCHEMA, list(Scores().headline())),
        (TEXT_SCHEMA, ["example_f1", "label_f1", "label_macro_f1"]),
        (replace(TEXT_SCHEMA, one_text_label=True), ["label_macro_f1", "label_accuracy"]),
        (Schema(text_labels=("unrest",)), ["label_f1"]),
        (replace(FILLER_SCHEMA, template_types=(), fillers=("BASE", "WEAPON")), ["filler_f1"]),
        (FILLER_SCHEMA, ["entity_f1", "entity_overlap_f1", "filler_f1", "template_f1"]),
        (MIXED_SCHEMA, [*Scores().headline(), "example_f1", "label_f1", "label_macro_f1"]),
    ],
    ids=["empty", "events", "labels", "one label", "a single label", "fillers", "fillers and entities", "mixed"],
)
def test_the_headline_has_what_the_schema_has(schema: Schema, expected: list[str]) -> None:
    scores = score([Document(ARTICLE)], [Document(ARTICLE)], schema)
    assert list(scores.headline()) == list(scores.measures()) == expected
    assert list((scores + scores).headline()) == list(Scores.from_json(scores.to_json()).headline()) == expected


def test_what_is_written_of_events_has_no_other_keys_than_before() -> None:
    assert list(score([whole()], [whole()], DEFAULT_SCHEMA).to_json()) == [
        "headline", "entities", "triggers", "arguments", "attributes", "incidents", "entity_attributes",
        "entity_overlap", "trigger_overlap", "choices",
    ]  # fmt: skip


def filler_document(*spans: Span, tagged: tuple[Span, ...] = ()) -> Document:
    fillers = tuple(Filler(one.label, one.text(ARTICLE), (one,)) for one in spans)
    return Document(ARTICLE, tagged, fillers=fillers, templates=(Template("raid", fillers),) if fillers else ())


def test_mentions_of_fillers_are_not_scored_as_entities_and_other_entities_are() -> None:
    gold = filler_document(CAMP, tagged=(DRONES,))
    scores = score([gold], [filler_document(CAMP, tagged=(CAMP, DRONES))], FILLER_SCHEMA)
    assert scores.entities == {"WEAPON": Counts(1, 1, 1)}
    assert scores.fillers == {"BASE": Counts(1, 1, 1)}
    assert scores.templates == {"type": Counts(1, 1, 1), "BASE": Counts(1, 1, 1)}
    assert [row.layer for row in rows(scores)] == ["entities"] * 3 + ["fillers"] * 3 + ["templates"] * 4


def test_a_schema_without_templates_does_not_score_them() -> None:
    schema = replace(FILLER_SCHEMA, template_types=())
    document = replace(filler_document(CAMP), templates=())
    assert score([document], [document], schema).templates == {}


@pytest.mark.parametrize(
    ("document", "told"),
    [
        (Document(ARTICLE, labels=(TextLabel("riot"),)), "text label 'riot'"),
        (filler_document(DRONES), "filler 'WEAPON'"),
        (Document(ARTICLE, templates=(Template("arson"),)), "template type 'arson'"),
    ],
    ids=["label", "filler", "template"],
)
def test_what_no_table_has_a_line_for_is_refused(document: Document, told: str) -> None:
    with pytest.raises(DataError, match=f"{told} is not in the schema"):
        score([Document(ARTICLE)], [document], FILLER_SCHEMA)


@pytest.mark.parametrize(
    "part",
    [
        {"labels": []},
        {"fillers": {"BASE": {"n_matched": 2, "n_predicted": 1, "n_gold": 1}}},
        {"examples": {"n": 1}},
        {"examples": {"n": 1, "sum": 2.0}},
        {"measured": ["entity_f2"]},
    ],
    ids=["no labels", "impossible counts", "half of the examples", "impossible examples", "an unknown measure"],
)
def test_what_only_some_tasks_have_is_read_as_strictly(part: dict[str, object]) -> None:
    with pytest.raises(DataError, match=r"scores: cannot be read"):
        Scores.from_json({**Scores().to_json(), **part})


def test_scores_of_fillers_survive_json_and_add_up() -> None:
    scores = score([filler_document(CAMP, ROCKETS_BASE)], [filler_document(CAMP)], FILLER_SCHEMA)
    assert Scores.from_json(json.loads(json.dumps(scores.to_json()))) == scores
    assert (scores + scores).fillers == {"BASE": Counts(2, 2, 4)}
    assert (Scores() + scores) == scores


def test_a_misspelt_slot_is_refused() -> None:
    with pytest.raises(DataError, match=r"no role or attribute of the schema is called weapn; name some of: attacker"):
        score([whole()], [whole()], DEFAULT_SCHEMA, slots=("target", "weapn"))


def test_the_slots_can_be_chosen() -> None:
    schema = Schema(
        entity_labels=("ACTOR",), event_types=("THEFT",), roles=(Role("thief", ("ACTOR",)), Role("owner", ("ACTOR",)))
    )
    scores = score(with_entities(), with_entities(), schema, slots=("thief",))
    assert tuple(scores.incidents) == ("thief",)


def test_rows_list_every_label_then_the_averages() -> None:
    schema = Schema(entity_labels=("BASE", "WEAPON", "ASSET", "LOCATION"))
    scores = score(with_entities(CAMP, DRONES), with_entities(CAMP, NORLAND), schema)
    table = {row.label: (row.precision, row.recall, row.f1, row.support) for row in rows(scores)}
    assert list(table) == ["BASE", "WEAPON", "ASSET", "LOCATION", "micro", "macro"]
    assert table["BASE"] == (1.0, 1.0, 1.0, 1)
    assert table["WEAPON"] == (0.0, 0.0, 0.0, 1)
    assert table["micro"] == (0.5, 0.5, 0.5, 2)
    assert table["macro"] == pytest.approx((1 / 3, 1 / 3, 1 / 3, 2))
    assert math.isnan(table["ASSET"][2])


def test_rows_have_the_counts_their_ratios_follow_from() -> None:
    shorter = Span(CAMP.start, CAMP.end - 1, "BASE")
    table = {row.label: row for row in rows(score(with_entities(CAMP), with_entities(shorter), DEFAULT_SCHEMA))[:9]}
    assert table["BASE"].counts == table["micro"].counts == Counts(0, 1, 1)
    assert table["macro"].counts is None
    assert [table[label].overlap_f1 for label in ("BASE", "micro", "macro")] == [1.0, 1.0, 1.0]
    assert math.isnan(table["ACTOR"].overlap_f1)


def test_attributes_of_entities_have_rows_below_those_of_events() -> None:
    names = [row.label for row in rows(score([whole()], [whole()], DEFAULT_SCHEMA)) if row.layer == "attributes"]
    assert names == "status scope outcome CASUALTY.harm CASUALTY.min CASUALTY.max micro macro".split()


def test_overlap_is_asked_of_spans_only() -> None:
    with_overlap = {row.layer for row in rows(score([whole()], [whole()], DEFAULT_SCHEMA)) if row.overlap_f1 == 1.0}
    assert with_overlap == {"entities", "triggers"}


SPANS = st.builds(
    lambda start, length, label: Span(start, start + length, label),
    st.integers(0, 4),
    st.integers(1, 2),
    st.sampled_from(["ACTOR", "BASE", "WEAPON"]),
)
EVENTS = st.builds(
    lambda trigger, arguments: Event(Span(trigger, trigger + 1, "ATTACK"), tuple(arguments), REPORTED),
    st.integers(0, 3),
    st.lists(st.builds(Argument, st.sampled_from(["attacker", "target"]), SPANS), max_size=3),
)


def annotations() -> st.SearchStrategy[list[Document]]:
    def document(entities: list[Span], events: list[Event]) -> list[Document]:
        incidents = build_incidents(ARTICLE, events, DEFAULT_SCHEMA)
        return [Document(ARTICLE, tuple(entities), tuple(events), incidents)]

    return st.builds(document, st.lists(SPANS, max_size=5), st.lists(EVENTS, max_size=4))


@given(annotations(), annotations())
def test_agreement_does_not_depend_on_who_comes_first(a: list[Document], b: list[Document]) -> None:
    one_way, other_way = agreement(a, b, DEFAULT_SCHEMA), agreement(b, a, DEFAULT_SCHEMA)
    for layer in ("entities", "triggers", "arguments"):
        swapped = {label: Counts(c.n_matched, c.n_gold, c.n_predicted) for label, c in other_way.tally(layer).items()}
        assert one_way.tally(layer) == swapped
        assert one_way.micro(layer).f1 == pytest.approx(other_way.micro(layer).f1, nan_ok=True)
    assert one_way.micro("incidents").f1 == pytest.approx(other_way.micro("incidents").f1, nan_ok=True)


@given(annotations(), annotations())
def test_overlap_never_scores_below_exact(gold: list[Document], predicted: list[Document]) -> None:
    scores = score(gold, predicted, DEFAULT_SCHEMA)
    for layer in ("entities", "triggers"):
        for label, counts in scores.tally(layer).items():
            partial = scores.overlap(layer)[label]
            assert partial.n_matched >= counts.n_matched
            assert (partial.n_predicted, partial.n_gold) == (counts.n_predicted, counts.n_gold)


@given(annotations(), annotations())
def test_choices_count_what_accuracies_do(gold: list[Document], predicted: list[Document]) -> None:
    scores = score(gold, predicted, DEFAULT_SCHEMA)
    for name, counts in scores.attributes.items():
        n_right = sum(n for (one, other), n in scores.choices[name].items() if one == other)
        assert (n_right, sum(scores.choices[name].values())) == (counts.n_matched, counts.n_gold)


@given(annotations(), annotations())
def test_a_set_scored_twice_or_given_twice_has_the_same_ratios(gold: list[Document], predicted: list[Document]) -> None:
    def doubled(documents: list[Document]) -> list[Document]:
        return documents + [replace(d, article=replace(d.article, id=f"copy of {d.article.id}")) for d in documents]

    scores = score(gold, predicted, DEFAULT_SCHEMA)
    assert score(gold, predicted, DEFAULT_SCHEMA) == scores
    twice = score(doubled(gold), doubled(predicted), DEFAULT_SCHEMA)
    assert twice == scores + scores
    assert twice.headline() == pytest.approx(scores.headline(), nan_ok=True)


@given(annotations(), annotations())
def test_any_scores_survive_json(gold: list[Document], predicted: list[Document]) -> None:
    scores = score(gold, predicted, DEFAULT_SCHEMA)
    assert Scores.from_json(json.loads(json.dumps(scores.to_json(), allow_nan=False))) == scores
