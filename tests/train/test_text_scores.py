"""Labels of whole texts compared by hand, beside scikit-learn's figures of the same."""

import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import accuracy_score, f1_score

from tocsin.data.errors import DataError
from tocsin.data.schema import Schema
from tocsin.data.types import Article, Document, TextLabel
from tocsin.train.bootstrap import intervals, paired
from tocsin.train.counts import Counts
from tocsin.train.dev_metric import primary
from tocsin.train.scores import Scores, rows, score, score_each
from tocsin.train.text_scores import TEXT_LABEL, Examples, count_examples, count_labels

LABELS = ("unrest", "raid", "flood")
MANY = Schema(text_labels=LABELS)
ONE = Schema(text_labels=LABELS, one_text_label=True)
BINARY = Schema(text_labels=("unrest",))


def labelled(number: int, *names: str) -> Document:
    return Document(Article(f"Report {number}.", id=f"a{number}"), labels=tuple(TextLabel(name) for name in names))


def unlabelled(number: int) -> Document:
    return Document(Article(f"Report {number}.", id=f"a{number}"))


def documents(*labels: tuple[str, ...]) -> list[Document]:
    return [labelled(number, *names) for number, names in enumerate(labels)]


def test_labels_are_counted_one_by_one() -> None:
    assert count_labels(labelled(1, "unrest", "raid"), labelled(1, "raid", "flood")) == {
        "unrest": Counts(0, 0, 1),
        "raid": Counts(1, 1, 1),
        "flood": Counts(0, 1, 0),
    }


@pytest.mark.parametrize(
    ("gold", "predicted", "expected"),
    [
        (("unrest", "raid"), ("raid",), Examples(1, 2 / 3)),
        (("unrest",), ("unrest",), Examples(1, 1.0)),
        (("unrest",), (), Examples(1, 0.0)),
        ((), ("unrest",), Examples(1, 0.0)),
        ((), (), Examples()),
    ],
    ids=["one of two", "all", "nothing predicted", "nothing gold", "nothing at all"],
)
def test_a_document_has_an_f1_of_its_own(gold: tuple[str, ...], predicted: tuple[str, ...], expected: Examples) -> None:
    assert count_examples(labelled(1, *gold), labelled(1, *predicted)) == expected


def test_a_document_without_any_label_is_in_no_mean() -> None:
    gold, predicted = documents(("unrest",), (), ()), documents(("unrest",), (), ("raid",))
    assert score(gold, predicted, MANY).headline()["example_f1"] == 0.5


def test_what_is_not_annotated_is_not_scored_and_what_is_not_predicted_is_missed() -> None:
    gold, predicted = [unlabelled(0), labelled(1, "raid")], [labelled(0, "unrest"), unlabelled(1)]
    scores = score(gold, predicted, MANY)
    assert scores.labels == {"unrest": Counts(), "raid": Counts(0, 0, 1), "flood": Counts()}
    assert scores.examples == Examples(1, 0.0)


def test_nothing_gold_and_nothing_predicted_is_not_defined() -> None:
    scores = score(documents((), ()), documents((), ()), MANY)
    assert all(math.isnan(value) for value in scores.headline().values())
    assert math.isnan(primary(scores, MANY)[1])


def test_the_headline_of_several_labels_begins_with_the_example_f1() -> None:
    gold = documents(("unrest", "raid"), ("raid",), ())
    scores = score(gold, documents(("raid",), ("raid", "flood"), ()), MANY)
    assert scores.headline() == pytest.approx({"example_f1": 2 / 3, "label_f1": 2 / 3, "label_macro_f1": 1 / 3})
    assert primary(scores, MANY) == ("example_f1", pytest.approx(2 / 3))


def test_one_label_to_a_text_is_judged_by_macro_f1_and_accuracy() -> None:
    gold = documents(("unrest",), ("unrest",), ("raid",), ("raid",))
    predicted = documents(("unrest",), ("raid",), ("raid",), ("raid",))
    scores = score(gold, predicted, ONE)
    assert scores.headline() == pytest.approx({"label_macro_f1": (2 / 3 + 4 / 5) / 2, "label_accuracy": 0.75})
    assert primary(scores, ONE) == ("label_macro_f1", pytest.approx((2 / 3 + 4 / 5) / 2))
    assert scores.choices[TEXT_LABEL] == {("unrest", "unrest"): 1, ("unrest", "raid"): 1, ("raid", "raid"): 2}


def test_a_text_that_has_no_predicted_label_lowers_the_accuracy() -> None:
    scores = score(documents(("unrest",), ("raid",)), [labelled(0, "unrest"), unlabelled(1)], ONE)
    assert scores.headline()["label_accuracy"] == 0.5
    assert scores.choices[TEXT_LABEL] == {("unrest", "unrest"): 1, ("raid", ""): 1}


def test_a_single_label_is_judged_by_its_own_f1() -> None:
    gold = documents(("unrest",), ("unrest",), (), ())
    scores = score(gold, documents(("unrest",), (), ("unrest",), ()), BINARY)
    assert scores.headline() == {"label_f1": 0.5}
    assert primary(scores, BINARY) == ("label_f1", 0.5)


def test_a_label_the_schema_lacks_is_refused() -> None:
    with pytest.raises(DataError, match=r"text label 'riot' is not in the schema, first in document a0; expected one"):
        score(documents(("unrest",)), documents(("riot",)), MANY)


def test_only_labels_have_rows() -> None:
    table = rows(score(documents(("unrest",)), documents(("unrest", "raid")), MANY))
    assert [(row.layer, row.label) for row in table] == [("labels", name) for name in (*LABELS, "micro", "macro")]
    assert table[-2].counts == Counts(1, 2, 1)


def test_sums_of_examples_that_no_documents_have_are_refused() -> None:
    with pytest.raises(ValueError, match="expected 0 to 1 in each"):
        Examples(1, 1.5)


SETS = st.lists(st.sets(st.sampled_from(LABELS)), min_size=1, max_size=8)
PAIRS = st.lists(st.tuples(st.sampled_from(LABELS), st.sampled_from(LABELS)), min_size=1, max_size=12)


@given(st.lists(st.tuples(st.sets(st.sampled_from(LABELS)), st.sets(st.sampled_from(LABELS))), min_size=1, max_size=8))
def test_the_example_f1_is_scikit_learn_s_of_the_documents_that_have_labels(
    pairs: list[tuple[set[str], set[str]]],
) -> None:
    sides = [documents(*(tuple(sorted(pair[side])) for pair in pairs)) for side in (0, 1)]
    found = score(sides[0], sides[1], MANY).headline()["example_f1"]
    kept = [pair for pair in pairs if pair[0] | pair[1]]
    if not kept:
        assert math.isnan(found)
        return
    table = [[[int(name in pair[side]) for name in LABELS] for pair in kept] for side in (0, 1)]
    assert found == pytest.approx(f1_score(table[0], table[1], average="samples", zero_division=0.0))


@given(PAIRS)
def test_macro_f1_and_accuracy_are_scikit_learn_s(pairs: list[tuple[str, str]]) -> None:
    gold, predicted = zip(*pairs, strict=True)
    scores = score(documents(*((name,) for name in gold)), documents(*((name,) for name in predicted)), ONE)
    assert scores.headline() == pytest.approx(
        {
            "label_macro_f1": f1_score(gold, predicted, average="macro", zero_division=0.0),
            "label_accuracy": accuracy_score(gold, predicted),
        }
    )


@pytest.mark.parametrize("schema", [MANY, ONE, BINARY], ids=["many", "one", "binary"])
def test_intervals_hold_the_value_and_are_those_of_a_plain_bootstrap(schema: Schema) -> None:
    names = [("unrest",), ("raid",), ("unrest",), ("flood",), ("raid",), ("unrest",)]
    names = [("unrest",) if name == ("unrest",) else () for name in names] if schema is BINARY else names
    gold, predicted = documents(*names), documents(*(names[1:] + names[:1]))
    parts = score_each(gold, predicted, schema)
    found = intervals(parts, n_resamples=200, seed=5)
    generator, drawn = np.random.default_rng(5), []
    for _ in range(200):
        places = generator.integers(len(parts), size=len(parts))
        drawn.append(sum((parts[place] for place in places), Scores()).headline())
    for name, interval in found.items():
        plain = [each[name] for each in drawn if not math.isnan(each[name])]
        assert (interval.low, interval.high) == pytest.approx(np.percentile(plain, [2.5, 97.5]))
        assert interval.value == pytest.approx(sum(parts, Scores()).headline()[name])


def test_a_system_against_itself_wins_half() -> None:
    parts = score_each(documents(("unrest",), ("raid",)), documents(("raid",), ("raid",)), MANY)
    assert {found.share_won for found in paired(parts, parts, n_resamples=50).values()} == {0.5}


@given(SETS)
def test_scores_of_texts_survive_json_and_add_up(sets: list[set[str]]) -> None:
    gold, predicted = (documents(*(tuple(sorted(names)) for names in side)) for side in (sets, reversed(sets)))
    total = sum(score_each(gold, predicted, MANY), Scores())
    assert total == score(gold, predicted, MANY)
    assert Scores.from_json(json.loads(json.dumps(total.to_json(), allow_nan=False))) == total
