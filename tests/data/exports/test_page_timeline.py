"""The page's timeline: whole bars, and no incident on a day that no text states."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.data.coding.account import Days
from tocsin.data.coding.merged import MergedIncident
from tocsin.data.exports.page_timeline import timeline
from tocsin.data.types import DateInterval


def on(start: date, end: date | None = None) -> MergedIncident:
    """An incident of a day, or of several."""
    days = Days(DateInterval(start, end or start), "stated", ())
    return MergedIncident("x-1", (), "ATTACK", "reported", "unknown", 0.5, days=days)


UNDATED = MergedIncident("x-2", (), "ATTACK", "reported", "unknown", 0.5)


@pytest.mark.parametrize(
    ("last", "unit", "n_bars", "first_label"),
    [
        (date(2024, 2, 29), "day", 29, "2024-02-01"),
        (date(2024, 12, 31), "week", 49, "2024-01-29"),
        (date(2028, 1, 31), "month", 48, "2024-02"),
        (date(2044, 1, 1), "year", 21, "2024"),
    ],
)
def test_a_bar_is_as_long_as_the_range_asks(last: date, unit: str, n_bars: int, first_label: str) -> None:
    times = timeline([on(date(2024, 2, 1)), on(last)])
    assert (times.unit, len(times.bars), times.bars[0].label) == (unit, n_bars, first_label)
    assert times.days == DateInterval(date(2024, 2, 1), last)


def test_an_incident_of_one_day_is_in_one_bar() -> None:
    times = timeline([on(date(2024, 2, 1)), on(date(2024, 2, 3)), on(date(2024, 2, 3))])
    assert [bar.n_exact for bar in times.bars] == [1, 0, 2]
    assert times.shares == ({0: 1.0}, {2: 1.0}, {2: 1.0})
    assert (times.top, times.n_vague) == (2, 0)


def test_an_incident_of_several_days_is_spread_over_them() -> None:
    times = timeline([on(date(2024, 2, 1), date(2024, 2, 4)), on(date(2024, 2, 1))])
    assert [bar.n_vague for bar in times.bars] == [0.25] * 4
    assert [bar.n_exact for bar in times.bars] == [1, 0, 0, 0]
    assert (times.top, times.n_vague) == (1.25, 1)


def test_weeks_get_their_share_of_the_days() -> None:
    monday = date(2024, 5, 6)
    times = timeline([on(monday - timedelta(1), monday + timedelta(2)), on(date(2024, 1, 1))])
    assert list(times.shares[0].values()) == [0.25, 0.75]


def test_what_has_no_date_is_counted_and_in_no_bar() -> None:
    times = timeline([UNDATED, on(date(2024, 2, 1)), UNDATED])
    assert (times.n_undated, times.shares[0], len(times.bars)) == (2, {}, 1)
    assert timeline([UNDATED]).bars == ()


@given(st.lists(st.tuples(st.dates(date(1980, 1, 1), date(2030, 1, 1)), st.integers(0, 400)), min_size=1, max_size=4))
def test_bars_follow_each_other_and_hold_every_incident_whole(days: list[tuple[date, int]]) -> None:
    times = timeline([on(start, start + timedelta(n)) for start, n in days])
    for bar, following in pairwise(times.bars):
        assert following.interval.start - bar.interval.end == timedelta(1)
    for shares in times.shares:
        assert sum(shares.values()) == pytest.approx(1, abs=0.01)


def test_the_last_day_of_the_calendar_ends_the_bars() -> None:
    times = timeline([on(date(9990, 1, 1), date.max)])
    assert times.bars[-1].interval.end >= date(9999, 12, 30)


def test_few_bars_are_labelled() -> None:
    times = timeline([on(date(2024, 1, 1)), on(date(2024, 3, 25))])
    labels = [bar.label for bar in times.bars if bar.label]
    assert len(times.bars) == 85
    assert len(labels) == 6
