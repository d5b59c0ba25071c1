"""Attributes as classifications, by hand, and against scikit-learn given every item one by one."""

import math
import subprocess
import sys
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import classification_report, confusion_matrix

from tocsin.data.schema import DEFAULT_SCHEMA
from tocsin.train.classification import Classification, ValueRow, classifications, classify
from tocsin.train.counts import Counts
from tocsin.train.scores import Scores

VALUES = ("wet", "dry", "icy")


def test_every_value_has_its_ratios_and_the_confusion_stands_gold_by_predicted() -> None:
    found = classify({("wet", "wet"): 3, ("wet", "dry"): 1, ("dry", "wet"): 2}, ("wet", "dry"))
    assert found.confusion == ((3, 1), (2, 0))
    assert found.rows == (ValueRow("wet", 0.6, 0.75, pytest.approx(2 / 3), 4), ValueRow("dry", 0.0, 0.0, 0.0, 2))
    assert (found.accuracy, found.macro_f1, found.n) == (0.5, pytest.approx(1 / 3), 6)


def test_a_value_that_does_not_occur_is_listed_undefined_and_in_no_average() -> None:
    found = classify({("wet", "wet"): 2}, VALUES)
    assert [row.value for row in found.rows] == list(VALUES)
    assert all(math.isnan(ratio) for row in found.rows[1:] for ratio in (row.precision, row.recall, row.f1))
    assert found.macro_f1 == 1.0


def test_values_the_schema_does_not_have_stand_after_its_own_and_none_last() -> None:
    found = classify({("", "wet"): 1, ("wet", "slushy"): 1, ("wet", "frosty"): 1}, VALUES)
    assert [row.value for row in found.rows] == [*VALUES, "frosty", "slushy", ""]
    assert found.to_json()["values"] == [*VALUES, "frosty", "slushy", "(none)"]


def test_the_commonest_value_says_how_good_it_is_to_say_always_the_same() -> None:
    record = classify({("dry", "dry"): 1, ("dry", "wet"): 5, ("wet", "wet"): 2}, ("wet", "dry")).to_json()
    assert (record["accuracy"], record["commonest"], record["accuracy_of_commonest"]) == (0.375, "dry", 0.75)


def test_nothing_classified_is_a_table_of_zeros() -> None:
    found = classify({}, ("wet", "dry"))
    assert found.to_json() == {
        "values": ["wet", "dry"],
        "confusion": [[0, 0], [0, 0]],
        "rows": [
            {"value": value, "precision": None, "recall": None, "f1": None, "support": 0} for value in ("wet", "dry")
        ],
        "accuracy": None,
        "commonest": "wet",
        "accuracy_of_commonest": None,
        "macro_f1": None,
        "n": 0,
    }


def test_attributes_of_events_and_entities_are_classified_but_numbers_are_not() -> None:
    scores = Scores(choices={"status": {("claimed", "reported"): 2}, "CASUALTY.harm": {("any", "any"): 1}})
    found = classifications(scores, DEFAULT_SCHEMA)
    assert {name: each.n for name, each in found.items()} == {"status": 2, "scope": 0, "outcome": 0, "CASUALTY.harm": 1}
    assert [row.value for row in found["status"].rows] == ["reported", "claimed", "denied", "threatened"]


ITEMS = st.lists(st.tuples(st.sampled_from(VALUES), st.sampled_from([*VALUES, ""])), min_size=1, max_size=30)


def one_by_one(items: list[tuple[str, str]]) -> tuple[Classification, list[str], list[str]]:
    gold, predicted = (list(side) for side in zip(*items, strict=True))
    return classify(Counter(items), VALUES), gold, predicted


@given(ITEMS)
def test_counted_pairs_come_to_what_scikit_learn_makes_of_the_items(items: list[tuple[str, str]]) -> None:
    found, gold, predicted = one_by_one(items)
    report = classification_report(gold, predicted, output_dict=True, zero_division=0.0)
    for row in found.rows:
        if row.value in {*gold, *predicted}:
            theirs = report[row.value]
            assert (row.precision, row.recall, row.f1, row.support) == pytest.approx(
                (theirs["precision"], theirs["recall"], theirs["f1-score"], theirs["support"])
            )
    assert found.macro_f1 == pytest.approx(report["macro avg"]["f1-score"])
    labels = [row.value for row in found.rows]
    assert [list(row) for row in found.confusion] == confusion_matrix(gold, predicted, labels=labels).tolist()


@given(ITEMS)
def test_ratios_follow_from_the_confusion_as_those_of_counts_do(items: list[tuple[str, str]]) -> None:
    found, _, _ = one_by_one(items)
    for index, row in enumerate(found.rows):
        n_gold, n_predicted = sum(found.confusion[index]), sum(line[index] for line in found.confusion)
        counts = Counts(found.confusion[index][index], n_predicted, n_gold)
        assert (row.precision, row.recall, row.f1) == pytest.approx(
            (counts.precision, counts.recall, counts.f1), nan_ok=True
        )
    assert found.accuracy == pytest.approx(sum(one == other for one, other in items) / len(items))


def test_importing_it_does_not_load_scikit_learn() -> None:
    program = "import sys, tocsin.train.classification; print('sklearn' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout == "False\n"
