"""Counts add up, and ratios follow from them."""

import doctest
import math

import pytest

from tocsin.train import counts
from tocsin.train.counts import Counts, count_items, rounded, spread, total


def test_ratios_follow_from_counts() -> None:
    some = Counts(n_matched=2, n_predicted=4, n_gold=3)
    assert some.precision == 0.5
    assert some.recall == pytest.approx(2 / 3)
    assert some.f1 == pytest.approx(4 / 7)


def test_what_was_expected_or_predicted_and_never_matched_scores_zero() -> None:
    for missed_all in (Counts(0, 0, 3), Counts(0, 3, 0)):
        assert (missed_all.precision, missed_all.recall, missed_all.f1) == (0.0, 0.0, 0.0)


def test_the_ratios_of_nothing_are_undefined() -> None:
    assert math.isnan(Counts().precision)
    assert math.isnan(Counts().recall)
    assert math.isnan(Counts().f1)


@pytest.mark.parametrize("impossible", [(2, 1, 3), (2, 3, 1), (-1, 0, 0)], ids=["predicted", "gold", "negative"])
def test_more_matches_than_items_are_refused(impossible: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="expected no more than either"):
        Counts(*impossible)


def test_items_are_compared_as_multisets() -> None:
    gold, predicted = [("BASE", 3), ("BASE", 3), ("ACTOR", 3)], [("BASE", 3), ("BASE", 3), ("BASE", 3), ("WEAPON", 3)]
    assert count_items(gold, predicted) == {
        "BASE": Counts(2, 3, 2),
        "ACTOR": Counts(0, 0, 1),
        "WEAPON": Counts(0, 1, 0),
    }


def test_a_total_takes_all_labels_together() -> None:
    assert total({"BASE": Counts(2, 3, 2), "ACTOR": Counts(0, 0, 1)}) == Counts(2, 3, 3)
    assert total({}) == Counts()


def test_a_stored_ratio_has_four_digits_or_is_null() -> None:
    assert rounded(2 / 3) == 0.6667
    assert rounded(math.nan) is None


def test_the_spread_is_mean_and_sample_deviation() -> None:
    assert spread([2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0]) == pytest.approx((5.0, math.sqrt(32 / 7)))


def test_one_value_has_no_deviation() -> None:
    centre, deviation = spread([0.5])
    assert centre == 0.5
    assert math.isnan(deviation)


def test_an_undefined_value_is_not_averaged_away() -> None:
    assert all(math.isnan(number) for number in spread([0.5, math.nan]))


def test_the_spread_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="expected at least one"):
        spread([])


def test_the_examples_of_the_docstrings_hold() -> None:
    assert doctest.testmod(counts) == (0, 2)
