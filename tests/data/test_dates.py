"""What date expressions mean, case by case."""

from datetime import date

import pytest

from tocsin.data.dates import resolve, shift_of
from tocsin.data.types import DateInterval

WEDNESDAY = date(2024, 5, 15)
NEW_YEAR = date(2023, 1, 2)  # a Monday
LEAP_DAY = date(2024, 2, 29)  # a Thursday

ABSOLUTE = {
    "3 May 2024": "2024-05-03",
    "03 May 2024": "2024-05-03",
    "3 May, 2024": "2024-05-03",
    "May 3, 2024": "2024-05-03",
    "May 3 2024": "2024-05-03",
    "May 3rd, 2024": "2024-05-03",
    "MAY 3, 2024": "2024-05-03",
    "the 3rd of May 2024": "2024-05-03",
    "the third of May, 2024": "2024-05-03",
    "the thirty-first of August 2022": "2022-08-31",
    "3-May-2024": "2024-05-03",
    "2024 May 3": "2024-05-03",
    "2024-05-03": "2024-05-03",
    "2024/05/03": "2024-05-03",
    "2024-05-03T10:30:00Z": "2024-05-03",
    "13/5/2024": "2024-05-13",
    "5/13/2024": "2024-05-13",
    "13-5-2024": "2024-05-13",
    "4/4/2024": "2024-04-04",
    "03.05.2024": "2024-05-03",
    "3.5.2024": "2024-05-03",
    "Oct. 7, 2022": "2022-10-07",
    "Sept. 3, 2022": "2022-09-03",
    "7 Sep 2022": "2022-09-07",
    "Saturday, February 3, 2024": "2024-02-03",
    "Saturday 3 February 2024": "2024-02-03",
    "3 February 2024 (Saturday)": "2024-02-03",
    "Sat., Feb. 3, 2024": "2024-02-03",
    "29 February 2024": "2024-02-29",
    "May 3, 2024, at 10:30 p.m. GMT": "2024-05-03",
    "the evening of May 3, 2024": "2024-05-03",
    "since May 3, 2024": "2024-05-03",
    "New Year’s Eve 2022": "2022-12-31",
    "January 2020": "2020-01-01/2020-01-31",
    "Jan. 2020": "2020-01-01/2020-01-31",
    "February of 2024": "2024-02-01/2024-02-29",
    "2024-05": "2024-05-01/2024-05-31",
    "early January 2020": "2020-01-01/2020-01-10",
    "mid-December 2023": "2023-12-11/2023-12-20",
    "late February 2024": "2024-02-21/2024-02-29",
    "the end of June 2022": "2022-06-21/2022-06-30",
    "the first half of June 2022": "2022-06-01/2022-06-15",
    "the second week of June 2022": "2022-06-08/2022-06-14",
    "the last week of June 2022": "2022-06-24/2022-06-30",
    "2019": "2019-01-01/2019-12-31",
    "in 2019": "2019-01-01/2019-12-31",
    "early 2024": "2024-01-01/2024-04-30",
    "mid-2023": "2023-05-01/2023-08-31",
    "late 2023": "2023-09-01/2023-12-31",
    "the second half of 2023": "2023-07-01/2023-12-31",
    "the first quarter of 2024": "2024-01-01/2024-03-31",
    "Q4 2023": "2023-10-01/2023-12-31",
    "May 3-5, 2024": "2024-05-03/2024-05-05",
    "May 3–5, 2024": "2024-05-03/2024-05-05",
    "3-5 May 2024": "2024-05-03/2024-05-05",
    "3, 4 and 5 May 2024": "2024-05-03/2024-05-05",
    "between 3 and 5 May 2024": "2024-05-03/2024-05-05",
    "from May 3 to 5, 2024": "2024-05-03/2024-05-05",
    "from May 30 to June 2, 2024": "2024-05-30/2024-06-02",
    "December 30 to January 2, 2024": "2023-12-30/2024-01-02",
    "December 30, 2023 to January 2": "2023-12-30/2024-01-02",
    "2023-12-30 to 2024-01-02": "2023-12-30/2024-01-02",
    "2023-12-30/2024-01-02": "2023-12-30/2024-01-02",
    "Friday 3 May to Sunday 5 May 2024": "2024-05-03/2024-05-05",
    "the night of May 3 to 4, 2024": "2024-05-03",
    "the night between 3 and 4 May 2024": "2024-05-03",
    "22/23 February 2024": "2024-02-22/2024-02-23",
    "the night of 22/23 February 2024": "2024-02-22",
    "31 May/1 June 2023": "2023-05-31/2023-06-01",
    "May/June 2023": "2023-05-01/2023-06-30",
    "the evening of May 3 to the morning of May 4, 2024": "2024-05-03",
    "the weekend of May 4-5, 2024": "2024-05-04/2024-05-05",
    "the weekend of 4 and 5 May 2024": "2024-05-04/2024-05-05",
    "the weekend of May 3-5, 2024": "2024-05-03/2024-05-05",
    "the weekend of 5 May 2024": "2024-05-04/2024-05-05",
    "02:30 on 4 May 2024 (23:30 GMT on 3 May 2024)": "2024-05-04",
    "March to May 2023": "2023-03-01/2023-05-31",
    "November and December 2023": "2023-11-01/2023-12-31",
    "early to mid-March 2023": "2023-03-01/2023-03-20",
    "late March or early April 2023": "2023-03-21/2023-04-10",
    "2019-2021": "2019-01-01/2021-12-31",
    "between 2019 and 2021": "2019-01-01/2021-12-31",
    "1990-91": "1990-01-01/1991-12-31",
    "1980 - 88": "1980-01-01/1988-12-31",
}

AT_OTHER_TIMES = [
    ("December 30", NEW_YEAR, "2022-12-30"),
    ("December", NEW_YEAR, "2022-12-01/2022-12-31"),
    ("January", NEW_YEAR, "2023-01-01/2023-01-02"),
    ("early January", NEW_YEAR, "2023-01-01/2023-01-02"),
    ("December 30 to January 2", NEW_YEAR, "2022-12-30/2023-01-02"),
    ("yesterday", date(2023, 1, 1), "2022-12-31"),
    ("last month", NEW_YEAR, "2022-12-01/2022-12-31"),
    ("last week", NEW_YEAR, "2022-12-26/2023-01-01"),
    ("earlier this week", NEW_YEAR, "2023-01-02"),
    ("Saturday (31)", NEW_YEAR, "2022-12-31"),
    ("the 31st", NEW_YEAR, "2022-12-31"),
    ("tomorrow", date(2023, 12, 31), "2024-01-01"),
    ("29 February", WEDNESDAY, "2024-02-29"),
    ("29 February", LEAP_DAY, "2024-02-29"),
    ("29 February", date(2024, 2, 28), "2020-02-29"),
    ("29 February", date(1903, 6, 1), "1896-02-29"),
    ("a year ago", LEAP_DAY, "2023-01-01/2023-12-31"),
    ("the past year", LEAP_DAY, "2023-02-28/2024-02-28"),
    ("the past month", date(2024, 3, 31), "2024-02-29/2024-03-30"),
    ("the 30th", date(2024, 3, 5), "2024-01-30"),
    ("the weekend", date(2024, 5, 11), "2024-05-11"),
    ("last weekend", date(2024, 5, 12), "2024-05-04/2024-05-05"),
    ("a year ago today", LEAP_DAY, "2023-02-28"),
    ("a week ago Friday", date(2024, 5, 17), "2024-05-10"),
    ("'24", date(2025, 3, 1), "2024-01-01/2024-12-31"),
    ("'99", date(1998, 3, 1), "1999-01-01/1999-12-31"),
    ("Friday (3)", date(2023, 3, 31), "2023-03-03"),
]

UNRESOLVED = {
    "3/5/2024": "two readings",
    "3/13/24": "the year has only two digits",
    "May '30": "ambiguous: '30 may be 1930 or 2030",
    "May-24": "no date expression known",
    "22/24 February": "no date expression known",
    "at around 02:15 (23:15 GMT on Sunday)": "the day of another time zone",
    "the early hours (2330 GMT Sunday)": "the day of another time zone",
    "the following day (2330 GMT Sunday)": "another event",
    "the weekend of May 7-8, 2024": "2024-05-07/2024-05-08 is no weekend",
    "several weeks ago today": "vague",
    "over a year ago today": "vague",
    "June 31": "day 31 does not exist in June",
    "31 June 2023": "day 31 does not exist in June 2023",
    "29 February 2023": "day 29 does not exist in February 2023",
    "February 30": "day 30 does not exist in February",
    "2024-13-03": "there is no month 13",
    "0000-05-03": "outside the calendar",
    "Saturday, February 4, 2024": "2024-02-04 is a Sunday, not a Saturday",
    "Saturday, 4 February": "not a Saturday",
    "Tuesday (13)": "2024-05-13 is a Monday, not a Tuesday",
    "Tuesday (32)": "no such day",
    "from 5 May 2024 to 3 May 2024": "before it starts",
    "recent days": "vague",
    "recent weeks": "vague",
    "recent months": "vague",
    "a few days ago": "vague",
    "a couple of weeks ago": "vague",
    "weeks ago": "vague",
    "the coming days": "vague",
    "the past few days": "vague",
    "more than two weeks ago": "vague",
    "over a year ago": "vague",
    "recently": "vague",
    "the previous day": "another event",
    "the same day": "another event",
    "later that day": "another event",
    "earlier in the day": "another event",
    "that same night": "another event",
    "the following day": "another event",
    "the following week": "another event",
    "the next day": "another event",
    "early next morning": "another event",
    "a few hours later": "another event",
    "a few hours after": "another event",
    "half an hour later": "another event",
    "half-hour later": "another event",
    "an hour and a half later": "another event",
    "two and a half hours later": "another event",
    "some 12 hours later": "another event",
    "half a day later": "another event",
    "two and a half weeks later": "another event",
    "a week and a half later": "another event",
    "a week earlier": "another event",
    "two weeks later": "another event",
    "hours earlier": "another event",
    "two days after the raid": "another event",
    "the day before": "another event",
    "that Monday": "another event",
    "the 1990s": "a decade",
    "the '90s": "a decade",
    "the mid-1990s": "a decade",
    "the nineties": "a decade",
    "the last decade": "a decade",
    "the 20th century": "a decade",
    "last summer": "hemisphere",
    "winter 2023": "hemisphere",
    "40 days": "a length of time",
    "dawn": "a part of a day",
    "the early hours": "a part of a day",
    "Q": "no date expression known",
    "Sundays": "no date expression known",
    "daily": "no date expression known",
    "the airbase": "no date expression known",
    "May, Friday and a drone": "no date expression known",
    "": "no date expression known",
    " - ": "no date expression known",
}


def days_of(text: str) -> DateInterval:
    start, _, end = text.partition("/")
    return DateInterval(date.fromisoformat(start), date.fromisoformat(end or start))


@pytest.mark.parametrize(("expression", "expected"), ABSOLUTE.items(), ids=ABSOLUTE)
@pytest.mark.parametrize("published", [WEDNESDAY, None], ids=["published", "undated"])
def test_an_absolute_date_needs_no_publication_day(expression: str, expected: str, published: date | None) -> None:
    resolution = resolve(expression, published)
    assert (resolution.interval, resolution.reason) == (days_of(expected), "")


@pytest.mark.parametrize(
    ("expression", "published", "expected"), AT_OTHER_TIMES, ids=[f"{case[0]} in {case[1]}" for case in AT_OTHER_TIMES]
)
def test_month_and_year_ends_and_leap_days_come_out_right(expression: str, published: date, expected: str) -> None:
    assert resolve(expression, published).interval == days_of(expected)


@pytest.mark.parametrize(("expression", "reason"), UNRESOLVED.items(), ids=UNRESOLVED)
def test_what_names_no_days_stays_unresolved_with_the_reason(expression: str, reason: str) -> None:
    resolution = resolve(expression, WEDNESDAY)
    assert resolution.interval is None
    assert reason in resolution.reason


def test_days_before_the_first_of_the_calendar_stay_unresolved() -> None:
    assert resolve("yesterday", date.min).reason == "outside the calendar"
    assert resolve("last year", date.min).reason == "outside the calendar"


def test_a_long_expression_costs_no_time_to_refuse() -> None:
    assert resolve("1 " * 2000 + "and", WEDNESDAY).interval is None
    assert resolve("weekend " * 2000 + "and", WEDNESDAY).interval is None
    assert resolve("(10 pm GMT " * 500 + ")" * 500, WEDNESDAY).interval is None


SHIFTS = {
    "the same day": 0,
    "that same night": 0,
    "later that day": 0,
    "late the same evening": 0,
    "earlier in the day": 0,
    "the next day": 1,
    "early next morning": 1,
    "the following night": 1,
    "the day after the raid": 1,
    "the previous day": -1,
    "the night before": -1,
    "two days later": 2,
    "two nights later": 2,
    "three days after the raid": 3,
    "a day later": 1,
    "two days earlier": -2,
    "a few hours later": 0,
    "hours after": 0,
    "12 hours earlier": 0,
    "48 hours later": 2,
    "24 hours before": -1,
    "30 minutes after the raid": 0,
    "minutes later": 0,
    "half an hour later": 0,
    "an hour and a half after the raid": 0,
    "some 12 hours later": 0,
    "the next day (2330 GMT Sunday)": 1,
    "a week later": 7,
    "a week earlier": -7,
    "two weeks later": 14,
    "a fortnight before the raid": -14,
    "a few days later": None,
    "weeks later": None,
    "a few weeks later": None,
    "a month later": None,
    "half a day later": None,
    "two and a half weeks later": None,
    "a week and a half later": None,
    "the following week": None,
    "that Monday": None,
    "later": None,
    "Tuesday": None,
}


@pytest.mark.parametrize(("expression", "expected"), SHIFTS.items(), ids=SHIFTS)
def test_an_expression_relative_to_another_event_says_how_many_days_lie_between(
    expression: str, expected: int | None
) -> None:
    assert shift_of(expression) == expected
