"""Which days an English date expression of a news text means, as an interval of calendar days.

Deterministic and pure: the same expression and publication day always give the same days, and what is not
understood stays unresolved with the reason. `date_patterns` lists the choices made for single expressions.
A range ("May 30 to June 2", "Friday and Saturday") is the days from the start of its first part to the end of
its last; parts share the month or year that only one of them names. "Friday night into Saturday" and "Friday
evening to Saturday morning", one night, are the Friday it begins; joined by "and", they are two days.
The day is the local one: of "Monday (2330 GMT Sunday)" it is the Monday, and "02:15 (23:15 GMT on Sunday)" names
it nowhere and stays unresolved. Where no other clock or day stands beside it, "2330 GMT on Sunday" is the Sunday.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from tocsin.data.date_patterns import (
    DAY_PART,
    FOREIGN_DAY,
    MONTH,
    PART_OF_DAY,
    WEEKDAY,
    YEAR,
    single,
    without_part_of_day,
)
from tocsin.data.date_periods import OUTSIDE, UnresolvedError
from tocsin.data.date_words import canonical, without_foreign_day, without_leading
from tocsin.data.types import DateInterval

UNKNOWN = "no date expression known"
LAST_NIGHT = "yesterday night"  # as canonical text has it
SATURDAY = 5  # as `date.weekday` counts
MAX_WEEKEND = 4  # days, with a Friday and a Monday

_RANGE = re.compile(r"(?P<first>.+?) (?P<joint>to|and|or|until|through|into) (?P<last>.+)")
_IN_FRONT = re.compile(r"(?:over)?night(?: from| between)? (?=.+ )")
_INTO = re.compile(r"(?:overnight|night) (?:in)?to (?P<day>.+)")
_NIGHT_BEGINS = re.compile(r"\b(?:night|evening|late|dusk|sunset|nightfall)\b")
_NIGHT_ENDS = re.compile(r"\b(?:early|morning|predawn|dawn|daybreak|sunrise)\b")
_WEEKEND_OF = re.compile(r"weekend (?P<days>(?!weekend\b).+)")
_BARE_DAY = re.compile(rf"(?:{WEEKDAY} )?\d{{1,2}}(?:th)?(?: {YEAR})?")
_LACKS_MONTH = re.compile(rf"(?:{WEEKDAY} )?\d{{1,2}}(?:th)?|early|mid|late")
_MONTH = re.compile(rf"\b{MONTH}\b")
_DIGIT = re.compile(r"\d")
_MONTH_YEAR = re.compile(rf"\b{MONTH}(?: {YEAR})?(?!\S)")
_YEAR = re.compile(rf"(?<!\S){YEAR}(?!\S)")
_WEEKDAY = re.compile(rf"\b{WEEKDAY}\b")
_DAY = rf"(?:day|{DAY_PART})"
_PART = r"(?:(?:early|earlier|late|later) )?"
_AFTER, _BEFORE = r"(?:later|after|afterwards?|following)", r"(?:earlier|before|prior|previously|beforehand)"
# From another event of the text to the day meant. Hours are of its day, unless there are 24 of them; weeks are counted
# to the day.
_SHIFTS = tuple(
    (re.compile(pattern), sign)
    for pattern, sign in (
        (rf"{_PART}(?:that|same|that same) {_DAY}|(?:earlier|later|early|late) {_DAY}", 0),
        (rf"{_PART}(?:next|following) {_DAY}|{_DAY} (?:after|following)(?: .*)?", 1),
        (rf"{_PART}(?:previous|preceding) {_DAY}|{_DAY} (?:before|prior|previously)(?: .*)?", -1),
        (rf"(?P<n>\d{{1,3}}|an?) (?P<unit>hour|day|night|week)s? {_AFTER}(?: .*)?", 1),
        (rf"(?P<n>\d{{1,3}}|an?) (?P<unit>hour|day|night|week)s? {_BEFORE}(?: .*)?", -1),
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
    resolution = _resolved(canonical(expression), published)
    if resolution.reason in (UNKNOWN, PART_OF_DAY) and without_foreign_day(expression) != expression:
        return Resolution(None, FOREIGN_DAY)
    return resolution


def _resolved(text: str, published: date | None) -> Resolution:
    try:
        interval = single(text, published) or _range(text, published)
    except UnresolvedError as error:
        return Resolution(None, str(error))
    except OverflowError:
        return Resolution(None, OUTSIDE)
    return Resolution(interval, "" if interval else UNKNOWN)


def shift_of(expression: str) -> int | None:
    """How many days after the event of the text that it is relative to an expression lies; None if it does not say.

    "The same night", "half an hour later" and "12 hours earlier" are taken for the day of that event, "a week later"
    for the seventh day after it. Months, and what is not counted ("weeks later"), say no number of days.

    >>> shift_of("the next day"), shift_of("two weeks earlier"), shift_of("a few hours after"), shift_of("weeks later")
    (1, -14, 0, None)
    """
    text = canonical(expression)
    for wording in dict.fromkeys((text, without_part_of_day(text))):
        for pattern, sign in _SHIFTS:
            if found := pattern.fullmatch(wording):
                return sign * _n_days(found.groupdict())
    return None


def _n_days(counted: Mapping[str, str | None]) -> int:
    """A count of hours, days or weeks in days; 1 if nothing is counted."""
    n_units = int(n) if (n := counted.get("n")) and n.isdecimal() else 1
    match counted.get("unit"):
        case "hour":
            return n_units // 24
        case "week":
            return 7 * n_units
    return n_units


def _range(text: str, published: date | None) -> DateInterval | None:
    """The days from one expression to another; None if it is no range of two that are known."""
    if into := _INTO.fullmatch(text):
        morning = single(into["day"], published)
        return morning and _day_before(morning)
    if weekend := _WEEKEND_OF.fullmatch(text):
        return _weekend_of(single(weekend["days"], published) or _range(weekend["days"], published))
    found = _RANGE.fullmatch(without_leading(_IN_FRONT.sub("", text)))
    days = _hull(*_completed(found["first"], found["last"]), published) if found else None
    if found and days and days.n_days == 2 and _is_one_night(text, found):
        return DateInterval(days.start, days.start)
    return days


def _day_before(days: DateInterval) -> DateInterval:
    day = days.start - timedelta(1)
    return DateInterval(day, day)


def _weekend_of(days: DateInterval | None) -> DateInterval | None:
    """The weekend that one of its days names, or the days of one; None if they are too many for one.

    Raises:
        UnresolvedError: none of the days is a Saturday or Sunday.
    """
    if days is None or days.n_days > MAX_WEEKEND:
        return None
    all_days = (days.start + timedelta(n) for n in range(days.n_days))
    first = next((day for day in all_days if day.weekday() >= SATURDAY), None)
    if first is None:
        raise UnresolvedError(f"contradictory: {days} is no weekend")
    saturday = first - timedelta(first.weekday() - SATURDAY)
    return days if days.n_days > 1 else DateInterval(saturday, saturday + timedelta(1))


def _is_one_night(text: str, found: re.Match[str]) -> bool:
    """Whether a range of two days is the night between them.

    So are "Friday night to Saturday" and "Friday evening to Saturday morning", but not "Friday night and Saturday".
    """
    if found["joint"] in ("and", "or"):
        return text.count("night") == 1 and "between" in text
    if text.count("night") == 1 and LAST_NIGHT not in found["last"]:
        return True
    begins, ends = _NIGHT_BEGINS.search(found["first"]), _NIGHT_ENDS.search(found["last"])
    return bool(begins and (ends or (found["joint"] == "into" and not _NIGHT_BEGINS.search(found["last"]))))


def _completed(first: str, last: str) -> tuple[str, str]:
    """Both parts with a month, if one has it: "may 3", "5" and "3", "5 may 2024"."""
    month = _MONTH.search(first)
    # "May to 24" may mean the year.
    if month and _DIGIT.search(first) and _BARE_DAY.fullmatch(last):
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
