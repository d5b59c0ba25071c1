"""Calendar arithmetic on days, months and years, and the parts of them that news text names.

Every function that would leave the calendar, or name a day that is not in it, raises `UnresolvedError` with
the reason; only adding days overflows with Python's own `OverflowError`.
"""

from calendar import monthrange
from collections.abc import Iterator
from datetime import MAXYEAR, MINYEAR, date, timedelta

from tocsin.data.date_words import MONTH_NAMES
from tocsin.data.types import DateInterval

OUTSIDE = "outside the calendar"
LEAP_YEAR = 2000  # has every day there is
N_LEAP_GAP = 8  # years between leap days around 1900
N_YEARS_AHEAD = 20  # as far as news may look with a year of two digits

# part -> (which, of how many equal parts)
FRACTIONS = {
    **{"early": (0, 3), "mid": (1, 3), "late": (2, 3)},
    **{"1th half": (0, 2), "2th half": (1, 2)},
    **{f"{number}th quarter": (number - 1, 4) for number in range(1, 5)},
}


class UnresolvedError(Exception):
    """Why an expression that was understood names no days."""


def day_of(year: int, month: int, day: int) -> date:
    """A day of the calendar.

    Raises:
        UnresolvedError: there is no such day.
    """
    if not MINYEAR <= year <= MAXYEAR:
        raise UnresolvedError(OUTSIDE)
    if not 1 <= month <= 12:
        raise UnresolvedError(f"there is no month {month}")
    if not 1 <= day <= monthrange(year, month)[1]:
        raise UnresolvedError(f"day {day} does not exist in {MONTH_NAMES[month - 1].capitalize()} {year}")
    return date(year, month, day)


def month_of(year: int, month: int) -> DateInterval:
    """A whole month."""
    start = day_of(year, month, 1)
    return DateInterval(start, start.replace(day=monthrange(year, month)[1]))


def year_of(year: int) -> DateInterval:
    """A whole year."""
    return DateInterval(day_of(year, 1, 1), day_of(year, 12, 31))


def year_of_two_digits(digits: int, anchor: date) -> int:
    """The latest year with those last digits that is not after the year following `anchor`.

    >>> year_of_two_digits(99, date(2024, 5, 15))
    1999

    Raises:
        UnresolvedError: the next such year is near enough to be meant as well.
    """
    latest = anchor.year + 1
    year = latest - (latest - digits) % 100
    if year + 100 <= anchor.year + N_YEARS_AHEAD:
        raise UnresolvedError(f"ambiguous: '{digits:02} may be {year} or {year + 100}")
    return year


def week_of(day: date) -> DateInterval:
    """Monday to Sunday around a day."""
    monday = day - timedelta(day.weekday())
    return DateInterval(monday, monday + timedelta(6))


def shift_months(day: date, n_months: int) -> date:
    """The same day of a month further on, or that month's last.

    >>> shift_months(date(2024, 3, 31), -1)
    datetime.date(2024, 2, 29)
    """
    year, month = divmod(day.year * 12 + day.month - 1 + n_months, 12)
    return day_of(year, month + 1, min(day.day, month_of(year, month + 1).end.day))


def days_of_years(month: int, day: int, anchor: date) -> Iterator[date]:
    """The latest such day that is not after `anchor`, then the first after it.

    Raises:
        UnresolvedError: no year has such a day.
    """
    if not 1 <= day <= monthrange(LEAP_YEAR, month)[1]:
        raise UnresolvedError(f"day {day} does not exist in {MONTH_NAMES[month - 1].capitalize()}")
    years = range(max(MINYEAR, anchor.year - N_LEAP_GAP), min(MAXYEAR, anchor.year + N_LEAP_GAP) + 1)
    days = [date(year, month, day) for year in years if day <= monthrange(year, month)[1]]
    yield from [found for found in days if found <= anchor][-1:]
    yield from [found for found in days if found > anchor][:1]


def days_of_months(day: int, anchor: date) -> Iterator[date]:
    """The day with that number in the three months before `anchor`, in its own and in the next, earliest first."""
    for n_months in (-3, -2, -1, 0, 1):
        month = shift_months(anchor.replace(day=1), n_months)
        if 1 <= day <= monthrange(month.year, month.month)[1]:
            yield month.replace(day=day)


def clip(period: DateInterval, day: date) -> DateInterval:
    """The period up to a day that falls into it; else the period."""
    return DateInterval(period.start, day) if period.start <= day <= period.end else period


def narrow(period: DateInterval, part: str | None, day: date | None) -> DateInterval:
    """A part ("early", "1th half", "2th week") of a week, month or year, or the side of it before or after a day.

    >>> str(narrow(month_of(2024, 2), "late", None))
    '2024-02-21/2024-02-29'
    """
    if part is None:
        return period
    if part == "earlier":
        return clip(period, day) if day else period
    if part == "later":
        return DateInterval(day, period.end) if day and period.start <= day <= period.end else period
    if part.endswith("week"):
        return _week_in(period, part)
    return _fraction(period, *FRACTIONS[part])


def _week_in(period: DateInterval, part: str) -> DateInterval:
    """Seven days counted from the start of the period, or its last seven."""
    if part == "last week":
        return DateInterval(period.end - timedelta(6), period.end)
    start = period.start + timedelta(7 * (int(part[0]) - 1))
    if period.end < start:
        raise UnresolvedError(f"{MONTH_NAMES[period.start.month - 1].capitalize()} has no {part[0]}th week")
    return DateInterval(start, min(start + timedelta(6), period.end))


def _fraction(period: DateInterval, index: int, n_parts: int) -> DateInterval:
    """One of the equal parts of a year, in months, or of a month of 30 days; the last part takes the rest."""
    if period.n_days < 28:
        return period
    is_last = index + 1 == n_parts
    if period.n_days > 31:
        start = period.start.replace(month=12 * index // n_parts + 1)
        return DateInterval(start, month_of(start.year, 12 * (index + 1) // n_parts).end)
    start = period.start.replace(day=30 * index // n_parts + 1)
    return DateInterval(start, period.end if is_last else start.replace(day=30 * (index + 1) // n_parts))
