"""The table of labels taken for one another, by hand and against the number of gold spans."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.data.errors import DataError
from tocsin.data.schema import Schema
from tocsin.data.types import Article, Document, Event, Span
from tocsin.train.confusion import confusion

SCHEMA = Schema(entity_labels=("BASE", "ACTOR"), event_types=("ATTACK",))
ARTICLE = Article("Raiders burned the northern depot of the guard at dawn.", id="a1")


def span(surface: str, label: str) -> Span:
    start = ARTICLE.text.index(surface)
    return Span(start, start + len(surface), label)


def document(*spans: Span) -> Document:
    return Document(
        ARTICLE,
        tuple(one for one in spans if one.label in SCHEMA.entity_labels),
        tuple(Event(one) for one in spans if one.label in SCHEMA.event_types),
    )


def cells(gold: Document, predicted: Document) -> dict[tuple[str, str], int]:
    """What is not zero, by gold and predicted label; "" is nothing."""
    table = confusion([gold], [predicted], SCHEMA)
    labels = [*table["labels"], ""]
    return {
        (labels[row], labels[column]): n
        for row, line in enumerate(table["counts"])
        for column, n in enumerate(line)
        if n
    }


def test_labels_are_those_of_the_schema_and_nothing_comes_last() -> None:
    table = confusion([document()], [document()], SCHEMA)
    assert table == {"labels": ["BASE", "ACTOR", "ATTACK"], "counts": [[0] * 4] * 4}


def test_right_wrong_missed_and_spurious_have_their_cells() -> None:
    gold = document(span("Raiders", "ACTOR"), span("burned", "ATTACK"), span("northern depot", "BASE"))
    predicted = document(span("Raiders", "BASE"), span("burned", "ATTACK"), span("the guard", "ACTOR"))
    assert cells(gold, predicted) == {
        ("ACTOR", "BASE"): 1,
        ("ATTACK", "ATTACK"): 1,
        ("BASE", ""): 1,
        ("", "ACTOR"): 1,
    }


def test_another_boundary_is_no_confusion_of_labels() -> None:
    assert cells(document(span("northern depot", "BASE")), document(span("depot", "BASE"))) == {("BASE", "BASE"): 1}


def test_an_entity_taken_for_a_trigger_is_seen() -> None:
    assert cells(document(span("Raiders", "ACTOR")), document(span("Raiders", "ATTACK"))) == {("ACTOR", "ATTACK"): 1}


def test_an_exact_pair_is_kept_from_a_longer_overlap() -> None:
    gold = document(span("depot", "ACTOR"), span("northern depot of the guard", "BASE"))
    assert cells(gold, document(span("depot", "ACTOR"))) == {("ACTOR", "ACTOR"): 1, ("BASE", ""): 1}


def test_of_equal_overlaps_the_one_of_the_same_label_is_taken() -> None:
    predicted = document(span("northern", "ACTOR"), Span(28, 36, "BASE"))
    assert cells(document(Span(19, 36, "BASE")), predicted) == {("BASE", "BASE"): 1, ("", "ACTOR"): 1}


def test_predictions_in_another_order_are_refused() -> None:
    other = Document(Article("Calm.", id="a2"))
    with pytest.raises(DataError, match="a2 stands where gold has a1"):
        confusion([document(), other], [other, document()], SCHEMA)


def test_a_label_the_schema_lacks_is_named() -> None:
    with pytest.raises(DataError, match="label WEAPON is not in the schema"):
        confusion([Document(ARTICLE, (span("depot", "WEAPON"),))], [document()], SCHEMA)


spans = st.lists(
    st.builds(
        lambda start, n, label: Span(start, start + n, label),
        st.integers(0, 40),
        st.integers(1, 12),
        st.sampled_from(SCHEMA.span_labels),
    ),
    max_size=8,
)


@given(gold=spans, predicted=spans)
def test_rows_sum_to_gold_and_columns_to_predicted(gold: list[Span], predicted: list[Span]) -> None:
    table = confusion([document(*gold)] * 2, [document(*predicted)] * 2, SCHEMA)
    supports, found = Counter(one.label for one in gold), Counter(one.label for one in predicted)
    for index, label in enumerate(SCHEMA.span_labels):
        assert sum(table["counts"][index]) == 2 * supports[label]
        assert sum(row[index] for row in table["counts"]) == 2 * found[label]
    assert table["counts"][-1][-1] == 0
