"""Scores as the guidelines define them, against seqeval and by hand."""

import json
import math
from datetime import date

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from seqeval.metrics import classification_report, f1_score

from tocsin.data.errors import DataError
from tocsin.data.incidents import build_incidents
from tocsin.data.schema import DEFAULT_SCHEMA, Attribute, Role, Schema
from tocsin.data.tags import spans_to_tags
from tocsin.data.types import Argument, Article, AttributeValue, Document, Event, Span
from tocsin.data.words import words
from tocsin.train.scores import LAYERS, Counts, Scores, agreement, rows, score

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


def test_two_events_on_one_trigger_are_judged_each_with_its_own() -> None:
    hit, failed = (Event(HIT, attributes={"outcome": outcome}) for outcome in ("hit", "failed"))
    scores = score(with_events(hit, failed), with_events(hit, failed), DEFAULT_SCHEMA)
    assert scores.triggers["ATTACK"] == Counts(2, 2, 2)
    assert scores.attributes["outcome"] == Counts(2, 2, 2)


def test_attributes_of_matched_entities_stand_beside_and_are_in_no_average() -> None:
    gold = span("two drones", "CASUALTY", harm="killed", min=2, max=None)
    predicted = span("two drones", "CASUALTY", harm="wounded", min=2)
    scores = score(with_entities(gold), with_entities(predicted, CAMP), DEFAULT_SCHEMA)
    assert scores.attributes["CASUALTY.harm"] == Counts(0, 1, 1)
    assert scores.attributes["CASUALTY.min"] == Counts(1, 1, 1)
    assert scores.attributes["CASUALTY.max"] == Counts(1, 1, 1)  # null and absent are one value
    assert scores.micro("attributes") == Counts()


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
        {layer: [] for layer in LAYERS},
        {layer: {"X": {"n_matched": 2, "n_predicted": 1, "n_gold": 1}} for layer in LAYERS},
    ],
    ids=["empty", "no labels", "impossible counts"],
)
def test_scores_that_cannot_be_read_are_refused(record: dict[str, object]) -> None:
    with pytest.raises(DataError, match=r"scores: cannot be read .* expected what Scores.to_json writes"):
        Scores.from_json(record)


def test_no_gold_is_refused() -> None:
    with pytest.raises(DataError, match="gold: no documents; expected at least one"):
        score([], [], DEFAULT_SCHEMA)


def test_articles_that_only_one_side_has_are_named() -> None:
    gold = [Document(Article("One.", id=f"a{n}")) for n in range(8)]
    predicted = [Document(Article("One.", id="b1"))]
    with pytest.raises(DataError) as raised:
        score(gold, predicted, DEFAULT_SCHEMA)
    assert str(raised.value).splitlines() == [
        "predicted: no document for a0, a1, a2, a3, a4 and 3 more; predict every article of gold",
        "gold: no document for b1; predict only articles of gold",
    ]


def test_an_article_given_twice_is_refused() -> None:
    with pytest.raises(DataError, match="predicted: more than one document with id a1; give each article once"):
        score([whole()], [whole(), whole()], DEFAULT_SCHEMA)


def test_another_text_under_the_same_id_is_refused_and_shown() -> None:
    gold, predicted = Document(Article("Rockets fell.", id="a1")), Document(Article("Rockets  fell.", id="a1"))
    with pytest.raises(DataError, match=r"under a1; the first differ from character 8 on: ' fell.', expected 'fell.'"):
        score([gold], [predicted], DEFAULT_SCHEMA)


def test_a_schema_without_events_scores_entities_only() -> None:
    schema = Schema(entity_labels=("BASE",))
    scores = score(with_entities(CAMP), with_entities(CAMP), schema)
    assert scores.micro("entities").f1 == 1.0
    assert [row.layer for row in rows(scores)] == ["entities"] * 3
    assert math.isnan(scores.headline()["incident_f1"])


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
    schema = Schema(entity_labels=("BASE", "WEAPON", "ASSET"))
    scores = score(with_entities(CAMP, DRONES), with_entities(CAMP, NORLAND), schema)
    table = {row.label: (row.precision, row.recall, row.f1, row.support) for row in rows(scores)}
    assert list(table) == ["BASE", "WEAPON", "ASSET", "LOCATION", "micro", "macro"]
    assert table["BASE"] == (1.0, 1.0, 1.0, 1)
    assert table["WEAPON"] == (0.0, 0.0, 0.0, 1)
    assert table["micro"] == (0.5, 0.5, 0.5, 2)
    assert table["macro"] == pytest.approx((1 / 3, 1 / 3, 1 / 3, 2))
    assert math.isnan(table["ASSET"][2])


LABELS = ("ACTOR", "BASE", "WEAPON")
SEGMENTS = st.lists(st.tuples(st.integers(1, 3), st.sampled_from([None, *LABELS])), max_size=8)


def word_spans(text: str, segments: list[tuple[int, str | None]]) -> tuple[Span, ...]:
    """Lay segments of words end to end over the text; those with a label are spans, those past its end are cut."""
    offsets, spans, first = words(text), [], 0
    for n_words, label in segments:
        covered = offsets[first : first + n_words]
        if label and covered:
            spans.append(Span(covered[0][0], covered[-1][1], label))
        first += n_words
    return tuple(spans)


@st.composite
def entity_documents(draw: st.DrawFn) -> tuple[list[Document], list[Document]]:
    texts = draw(
        st.lists(
            st.lists(st.sampled_from(["Rovian", "guns", "hit", "Ost", ","]), min_size=1, max_size=8).map(" ".join),
            min_size=1,
            max_size=3,
        )
    )
    articles = [Article(text, id=f"a{n}") for n, text in enumerate(texts)]
    gold, predicted = (
        [Document(article, word_spans(article.text, draw(SEGMENTS))) for article in articles] for _ in range(2)
    )
    return gold, predicted


def tags(documents: list[Document]) -> list[list[str]]:
    return [list(spans_to_tags(document.entities, words(document.article.text)).tags) for document in documents]


@settings(deadline=None)
@given(entity_documents())
def test_entity_scores_equal_seqeval_s(documents: tuple[list[Document], list[Document]]) -> None:
    gold, predicted = documents
    assume(any(document.entities for document in gold + predicted))
    scores = score(gold, predicted, Schema(entity_labels=LABELS))
    gold_tags, predicted_tags = tags(gold), tags(predicted)
    report = classification_report(gold_tags, predicted_tags, output_dict=True, zero_division=0)

    for average, f1 in (("micro", scores.micro("entities").f1), ("macro", scores.macro_f1("entities"))):
        assert f1 == pytest.approx(f1_score(gold_tags, predicted_tags, average=average, zero_division=0))
    ours = {row.label.replace("cro", "cro avg"): row for row in rows(scores) if not math.isnan(row.f1)}
    assert set(ours) == set(report) - {"weighted avg"}
    for label, row in ours.items():
        theirs = report[label]
        assert (row.precision, row.recall, row.f1) == pytest.approx(
            (theirs["precision"], theirs["recall"], theirs["f1-score"])
        )
        assert row.support == theirs["support"]


SPANS = st.builds(
    lambda start, length, label: Span(start, start + length, label),
    st.integers(0, 4),
    st.integers(1, 2),
    st.sampled_from(LABELS),
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


@settings(deadline=None)
@given(annotations(), annotations())
def test_agreement_does_not_depend_on_who_comes_first(a: list[Document], b: list[Document]) -> None:
    one_way, other_way = agreement(a, b, DEFAULT_SCHEMA), agreement(b, a, DEFAULT_SCHEMA)
    for layer in ("entities", "triggers", "arguments"):
        swapped = {label: Counts(c.n_matched, c.n_gold, c.n_predicted) for label, c in other_way.tally(layer).items()}
        assert one_way.tally(layer) == swapped
        assert one_way.micro(layer).f1 == pytest.approx(other_way.micro(layer).f1, nan_ok=True)
    assert one_way.micro("incidents").f1 == pytest.approx(other_way.micro("incidents").f1, nan_ok=True)
