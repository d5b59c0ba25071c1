"""Which days an English date expression of a news text means, as an interval of calendar days.

Deterministic and pure: the same expression and publication day always give the same days, and what is not
understood stays unresolved with the reason. `date_patterns` lists the choices made for single expressions.
A range ("May 30 to June 2", "Friday and Saturday") is the days from the start of its first part to the end of
its last; parts share the month or year that only one of them names. "Friday night into Saturday", one night,
is the Friday it begins.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from tocsin.data.date_patterns import DAY_PART, MONTH, WEEKDAY, YEAR, single, without_part_of_day
from tocsin.data.date_periods import OUTSIDE, UnresolvedError
from tocsin.data.date_words import canonical, without_leading
from tocsin.data.types import DateInterval

UNKNOWN = "no date expression known"

_RANGE = re.compile(r"(?P<first>.+?) (?P<joint>to|and|or|until|through|into) (?P<last>.+)")
_IN_FRONT = re.compile(r"(?:over)?night(?: from| between)? (?=.+ )")
_INTO = re.compile(r"(?:overnight|night) (?:in)?to (?P<day>.+)")
_BARE_DAY = re.compile(rf"(?:{WEEKDAY} )?\d{{1,2}}(?:th)?(?: {YEAR})?")
_LACKS_MONTH = re.compile(rf"(?:{WEEKDAY} )?\d{{1,2}}(?:th)?|early|mid|late")
_MONTH = re.compile(rf"\b{MONTH}\b")
_MONTH_YEAR = re.compile(rf"\b{MONTH}(?: {YEAR})?(?!\S)")
_YEAR = re.compile(rf"\b{YEAR}\b")
_WEEKDAY = re.compile(rf"\b{WEEKDAY}\b")
_DAY = rf"(?:day|{DAY_PART})"
_PART = r"(?:(?:early|earlier|late|later) )?"
_AFTER, _BEFORE = r"(?:later|after|afterwards?|following)", r"(?:earlier|before|prior|previously|beforehand)"
# From another event of the text to the day meant. Hours are of its day, unless there are 24 of them.
_SHIFTS = tuple(
    (re.compile(pattern), sign)
    for pattern, sign in (
        (rf"{_PART}(?:that|same|that same) {_DAY}|(?:earlier|later|early|late) {_DAY}", 0),
        (rf"{_PART}(?:next|following) {_DAY}|{_DAY} (?:after|following)(?: .*)?", 1),
        (rf"{_PART}(?:previous|preceding) {_DAY}|{_DAY} (?:before|prior|previously)(?: .*)?", -1),
        (rf"(?P<n>\d{{1,3}}|an?) (?P<unit>hour|day|night)s? {_AFTER}(?: .*)?", 1),
        (rf"(?P<n>\d{{1,3}}|an?) (?P<unit>hour|day|night)s? {_BEFORE}(?: .*)?", -1),
        (rf"(?:an? )?(?:few |several |some |many |couple )?(?:moment|minute|hour)s? (?:{_AFTER}|{_BEFORE})(?: .*)?", 0),
        (rf"\d{{1,3}} minutes? (?:{_AFTER}|{_BEFORE})(?: .*)?", 0),
    )
)


@dataclass(frozen=True, slots=True)
class Resolution:
    """The days an expression means, or why none are known."""

    interval: DateInterval | None
    reason: str = ""  # empty if there is an interval


def resolve(expression: str, published: date | None) -> Resolution:
    """What a date expression means in an article of that publication day.

    >>> str(resolve("early Saturday", date(2024, 2, 5)).interval)
    '2024-02-03'
    >>> resolve("the previous day", date(2024, 2, 5)).reason
    'relative to another event of the text'
    """
    text = canonical(expression)
    try:
        interval = single(text, published) or _range(text, published)
    except UnresolvedError as error:
        return Resolution(None, str(error))
    except OverflowError:
        return Resolution(None, OUTSIDE)
    return Resolution(interval, "" if interval else UNKNOWN)


def shift_of(expression: str) -> int | None:
    """How many days after the event of the text that it is relative to an expression lies; None if it does not say.

    "The same night", "hours later" and "12 hours earlier" are taken for the day of that event.

    >>> shift_of("the next day"), shift_of("two days earlier"), shift_of("a few hours after"), shift_of("weeks later")
    (1, -2, 0, None)
    """
    text = canonical(expression)
    for wording in dict.fromkeys((text, without_part_of_day(text))):
        for pattern, sign in _SHIFTS:
            if found := pattern.fullmatch(wording):
                return sign * _n_days(found.groupdict())
    return None


def _n_days(counted: Mapping[str, str | None]) -> int:
    """A count of days or hours in days; 1 if nothing is counted."""
    n_units = int(n) if (n := counted.get("n")) and n.isdecimal() else 1
    return n_units // 24 if counted.get("unit") == "hour" else n_units


def _range(text: str, published: date | None) -> DateInterval | None:
    """The days from one expression to another; None if it is no range of two that are known."""
    if into := _INTO.fullmatch(text):
        morning = single(into["day"], published)
        return morning and _day_before(morning)
    found = _RANGE.fullmatch(without_leading(_IN_FRONT.sub("", text)))
    days = _hull(*_completed(found["first"], found["last"]), published) if found else None
    if found and days and days.n_days == 2 and _is_one_night(text, joint=found["joint"]):
        return DateInterval(days.start, days.start)
    return days


def _day_before(days: DateInterval) -> DateInterval:
    day = days.start - timedelta(1)
    return DateInterval(day, day)


def _is_one_night(text: str, *, joint: str) -> bool:
    """Whether "night" belongs to both days: "Friday night to Saturday", but not "Friday night and Saturday"."""
    return text.count("night") == 1 and (joint not in ("and", "or") or "between" in text)


def _completed(first: str, last: str) -> tuple[str, str]:
    """Both parts with a month, if one has it: "may 3", "5" and "3", "5 may 2024"."""
    month = _MONTH.search(first)
    if month and _BARE_DAY.fullmatch(last):
        last = re.sub(r"(\d{1,2}(?:th)?)", rf"\1 {month[0]}", last, count=1)
    month_year = _MONTH_YEAR.search(last)
    if month_year and _LACKS_MONTH.fullmatch(first):
        first = f"{first} {month_year[0]}"
    return first, last


def _hull(first: str, last: str, published: date | None) -> DateInterval | None:
    """The days from the start of the first part to the end of the last.

    Raises:
        UnresolvedError: a part is known and names no days, or the range runs backwards.
    """
    if _MONTH.search(first) and _MONTH.search(last):
        start, end = _of_one_year(first, last, published)
    else:
        end = single(last, published)
        # "Friday and Saturday": the Friday before that Saturday.
        is_weekday = _WEEKDAY.search(first) and not _MONTH.search(first)
        start = single(first, end.end if end and is_weekday else published)
    if start is None or end is None:
        return None
    if end.end < start.start:
        raise UnresolvedError(f"the range ends on {end.end}, before it starts on {start.start}")
    return DateInterval(start.start, end.end)


def _of_one_year(first: str, last: str, published: date | None) -> tuple[DateInterval | None, DateInterval | None]:
    """Both parts, each naming a month; a year that only one has, or publication gives, is the other's.

    Across a new year the other's is the year before or after: the range never runs backwards.
    """
    if _YEAR.search(last) and not _YEAR.search(first):
        end = single(last, published)
        starts = _in_years(first, end, -1, published)
        return next((start for start in starts if end and start.start <= end.end), None), end
    start = single(first, published)
    if _YEAR.search(last):
        return start, single(last, published)
    ends = _in_years(last, start, 1, published)
    return start, next((end for end in ends if start and start.start <= end.end), None)


def _in_years(text: str, near: DateInterval | None, step: int, published: date | None) -> Iterator[DateInterval]:
    """Yearless text in the year of `near`, then in the one `step` on."""
    for year in (near.start.year, near.start.year + step) if near else ():
        if days := single(f"{text} {year}", published):
            yield days
