"""What holds for every date expression and every publication day."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tocsin.data.date_words import MONTH_NAMES, WEEKDAY_NAMES, WORDS, canonical
from tocsin.data.dates import resolve
from tocsin.data.types import DateInterval

FORMATS = (
    *("{day} {month} {year}", "{month} {day}, {year}", "{month} {day}th, {year}", "the {day}th of {month}, {year}"),
    *(
        "{year}-{number:02}-{day:02}",
        "{day:02}.{number:02}.{year}",
        "since {day} {month} {year}",
        "{day}-{month}-{year}",
    ),
)

anchors = st.dates(date(1900, 1, 1), date(2100, 12, 31))
days = st.dates(date(1000, 1, 1), date(2999, 12, 31))
# Real pieces in any order reach far more of the patterns than free text does.
pieces = st.sampled_from(
    (
        *MONTH_NAMES,
        *WEEKDAY_NAMES,
        *WORDS,
        *("week", "weeks", "day", "days", "hours", "month", "year", "weekend", "night", "overnight", "quarter", "half"),
        *("today", "ago", "last", "this", "next", "past", "before", "to", "and", "into", "from", "since"),
        *("3", "31", "3rd", "(7)", "99", "2024", "0", "10:30", "2024-05-03", "3/5/2024", "-"),
        *("'24", "3/4", "half", "evening", "some", "Baghdad time", "local time", "(2330 GMT Sunday)", "2200 GMT"),
    )
)
expressions = st.text() | st.lists(pieces, max_size=6).map(" ".join)


@given(expressions, st.none() | st.dates())
def test_any_text_resolves_to_days_or_to_a_reason(expression: str, published: date | None) -> None:
    resolution = resolve(expression, published)
    assert (resolution.interval is None) == bool(resolution.reason)
    assert resolution.interval is None or resolution.interval.n_days > 0


@given(expressions, anchors)
def test_reading_canonical_text_again_changes_nothing_that_resolves(expression: str, published: date) -> None:
    first = resolve(expression, published)
    again = resolve(canonical(expression), published)
    assert first.interval is None or again.interval == first.interval


@given(st.sampled_from(WEEKDAY_NAMES), anchors)
def test_a_bare_weekday_is_within_the_week_up_to_publication(weekday: str, published: date) -> None:
    interval = resolve(weekday, published).interval
    assert interval is not None
    assert interval.start == interval.end
    assert WEEKDAY_NAMES[interval.start.weekday()] == weekday
    assert timedelta(0) <= published - interval.start < timedelta(7)


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)), anchors)
def test_a_day_without_a_year_is_the_latest_up_to_publication(day: date, published: date) -> None:
    interval = resolve(f"{MONTH_NAMES[day.month - 1]} {day.day}", published).interval
    assert interval is not None
    assert (interval.start.month, interval.start.day) == (day.month, day.day)
    assert timedelta(0) <= published - interval.start < timedelta(366 if day.day < 29 or day.month != 2 else 8 * 366)


@given(days, st.sampled_from(FORMATS), st.none() | anchors)
def test_every_full_date_resolves_to_itself_with_any_publication_day(
    day: date, template: str, published: date | None
) -> None:
    text = template.format(day=day.day, month=MONTH_NAMES[day.month - 1], number=day.month, year=day.year)
    assert resolve(text, published).interval == DateInterval(day, day)


@given(days, days)
def test_an_interval_as_it_is_printed_resolves_to_itself(first: date, second: date) -> None:
    interval = DateInterval(min(first, second), max(first, second))
    assert resolve(str(interval), None).interval == interval


@given(st.integers(0, 99), anchors)
def test_a_year_of_two_digits_is_never_later_than_the_year_after_publication(short: int, published: date) -> None:
    interval = resolve(f"'{short:02}", published).interval
    assert interval is None or (interval.start.year % 100 == short and -80 < interval.start.year - published.year <= 1)


@given(st.integers(1, 99), st.sampled_from(("today", "yesterday", "Friday")), anchors)
def test_weeks_ago_to_the_day_are_whole_weeks(n_weeks: int, near: str, published: date) -> None:
    day, base = (resolve(text, published).interval for text in (f"{n_weeks} weeks ago {near}", near))
    assert day is not None
    assert base is not None
    assert (day.end, base.start - day.start) == (day.start, timedelta(7 * n_weeks))
