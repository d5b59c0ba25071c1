"""Intervals and paired differences, against a slow bootstrap that is easy to believe."""

import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.train import bootstrap
from tocsin.train.bootstrap import Difference, Interval, intervals, measure_counts, paired, resampled_f1
from tocsin.train.counts import Counts
from tocsin.train.scores import Scores

GOOD, POOR, NOTHING = Counts(9, 10, 10), Counts(2, 10, 10), Counts()


def part(entities: Counts, triggers: Counts = NOTHING) -> Scores:
    """The scores of one article."""
    return Scores(entities={"BASE": entities}, triggers={"RAID": triggers})


COUNTS = st.builds(
    lambda matched, missed, spurious: Counts(matched, matched + spurious, matched + missed),
    st.integers(0, 5),
    st.integers(0, 5),
    st.integers(0, 5),
)
PARTS = st.lists(st.builds(part, COUNTS, COUNTS), min_size=2, max_size=8)


def test_the_value_is_that_of_all_articles_together() -> None:
    found = intervals([part(GOOD), part(POOR), part(Counts(0, 0, 20))])
    assert found["entity_f1"].value == Counts(11, 20, 40).f1
    assert list(found) == list(Scores().headline())


def test_bounds_are_the_percentiles_of_a_plain_bootstrap() -> None:
    parts = [part(Counts(n, 10, 10), Counts(10 - n, 10, 12)) for n in range(8)]
    generator = np.random.default_rng(3)
    plain = []
    for _ in range(300):
        drawn = generator.integers(len(parts), size=len(parts))
        plain.append(sum((parts[index] for index in drawn), Scores()).headline()["trigger_f1"])
    found = intervals(parts, n_resamples=300, seed=3)["trigger_f1"]
    assert (found.low, found.high) == pytest.approx((np.percentile(plain, 2.5), np.percentile(plain, 97.5)))


def test_a_paired_difference_is_that_of_a_plain_bootstrap() -> None:
    a = [part(Counts(n, 10, 10)) for n in range(8)]
    b = [part(Counts(2 + n % 2, 10, 10)) for n in range(8)]
    generator = np.random.default_rng(3)
    plain = []
    for _ in range(300):
        drawn = generator.integers(8, size=8)
        one, other = (sum((parts[index] for index in drawn), Scores()) for parts in (a, b))
        plain.append(one.headline()["entity_f1"] - other.headline()["entity_f1"])
    found = paired(a, b, n_resamples=300, seed=3)["entity_f1"]
    assert found.share_won == pytest.approx(np.mean([1.0 if d > 0 else 0.5 if d == 0 else 0.0 for d in plain]))
    assert (found.low, found.high) == pytest.approx((np.percentile(plain, 2.5), np.percentile(plain, 97.5)))
    assert found.difference == pytest.approx(28 / 80 - 20 / 80)


@given(PARTS)
def test_an_interval_holds_its_value(parts: list[Scores]) -> None:
    for interval in intervals(parts, n_resamples=500).values():
        assert math.isnan(interval.value) or interval.low <= interval.value <= interval.high


@given(PARTS)
def test_a_system_neither_beats_itself_nor_loses(parts: list[Scores]) -> None:
    for name, found in paired(parts, parts, n_resamples=100).items():
        defined = not math.isnan(sum(parts, Scores()).headline()[name])
        assert found == Difference(0.0, 0.0, 0.0, 0.5) if defined else math.isnan(found.share_won)


@given(st.lists(st.tuples(COUNTS, COUNTS), min_size=2, max_size=8))
def test_swapping_the_systems_turns_the_difference_round(articles: list[tuple[Counts, Counts]]) -> None:
    a, b = ([part(pair[side]) for pair in articles] for side in (0, 1))
    one_way, other_way = (paired(*sides, n_resamples=200)["entity_f1"] for sides in ((a, b), (b, a)))
    turned = (-other_way.difference, -other_way.high, -other_way.low, 1 - other_way.share_won)
    found = (one_way.difference, one_way.low, one_way.high, one_way.share_won)
    assert found == pytest.approx(turned, nan_ok=True)


def test_a_seed_fixes_the_bounds_and_another_changes_them() -> None:
    parts = [part(Counts(n, 10, 10)) for n in range(10)]
    first, again, other = (intervals(parts, seed=seed, n_resamples=200)["entity_f1"] for seed in (1, 1, 2))
    assert first == again != other


def test_more_articles_make_an_interval_narrower() -> None:
    few = [part(GOOD), part(POOR)] * 12
    narrow, wide = (intervals(parts)["entity_f1"] for parts in (few * 16, few))
    assert narrow.value == wide.value
    # Sixteen times the articles, a quarter of the width.
    assert narrow.high - narrow.low == pytest.approx((wide.high - wide.low) / 4, rel=0.2)


def test_a_higher_level_makes_an_interval_wider() -> None:
    parts = [part(Counts(n, 10, 10)) for n in range(10)]
    half, most = (intervals(parts, level=level)["entity_f1"] for level in (0.5, 0.99))
    assert most.low < half.low < half.high < most.high


def test_one_article_has_a_value_and_no_bounds() -> None:
    found = intervals([part(GOOD)])["entity_f1"]
    assert found.to_json() == {"value": 0.9, "low": None, "high": None}
    against = paired([part(GOOD)], [part(POOR)])["entity_f1"]
    assert against.to_json() == {"difference": 0.7, "low": None, "high": None, "share_won": None}


def test_a_measure_with_nothing_to_compare_is_undefined_throughout() -> None:
    found = intervals([part(GOOD), part(POOR)])["incident_f1"]
    assert json.dumps(found.to_json()) == '{"value": null, "low": null, "high": null}'


def test_resamples_with_nothing_to_compare_are_left_out() -> None:
    parts = [part(GOOD), part(NOTHING), part(NOTHING), part(NOTHING)]
    assert np.isnan(resampled_f1(measure_counts(parts), n_resamples=200, seed=0)[:, 0]).any()
    assert intervals(parts)["entity_f1"] == Interval(0.9, 0.9, 0.9)


def test_how_many_resamples_fit_into_memory_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    counts = measure_counts([part(Counts(n, 10, 10)) for n in range(10)])
    at_once = resampled_f1(counts, n_resamples=50, seed=0)
    monkeypatch.setattr(bootstrap, "MAX_WEIGHTS", 30)
    assert np.array_equal(resampled_f1(counts, n_resamples=50, seed=0), at_once, equal_nan=True)


def test_systems_with_different_numbers_of_articles_are_refused() -> None:
    with pytest.raises(ValueError, match="2 and 1 articles; expected the scores of the same articles"):
        paired([part(GOOD), part(POOR)], [part(GOOD)])


@pytest.mark.parametrize(
    ("parts", "settings", "message"),
    [
        ([], {}, "no articles; expected the scores of at least one"),
        ([part(GOOD)] * 2, {"n_resamples": 0}, "0 resamples; expected at least 1"),
        ([part(GOOD)] * 2, {"level": 95}, "level 95; expected a share between 0 and 1"),
    ],
    ids=["no articles", "no resamples", "a level in percent"],
)
def test_what_makes_no_interval_is_refused(parts: list[Scores], settings: dict[str, int], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        intervals(parts, **settings)
