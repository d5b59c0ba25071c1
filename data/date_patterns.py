"""The single date expressions tocsin understands: a table of patterns over canonical text, a function for each.

In two steps, after HeidelTime (Strötgen and Gertz 2013): recognise, then anchor to the day of publication,
here D. What is meant where English leaves a choice:
- a bare weekday, and a day or month without a year, is the latest that does not start after D; "last Monday"
  is the latest before D, "next Monday" the first after it; a weekday beside a date has to agree with it;
- a night belongs to the day it begins: "last night" and "overnight" are D - 1;
- "last week" is D - 7 to D - 1, "next week" D + 1 to D + 7, "the past two weeks" D - 14 to D - 1, "the past
  24 hours" D - 1 to D; "this week" and the week of "Monday last week" run from Monday;
- "last month" and "last year" are those of the calendar; "two days ago" is a day, "two weeks ago" the seven
  days around D - 14, "two months ago" and "two years ago" the month and the year; "hours ago" is D;
- months and years have thirds: "early", "mid" and "late" are days 1-10, 11-20, 21-end, or four months each;
  a week has none, "late last week" is all of it;
- "a year ago today" and "two weeks ago yesterday" are days, "a week ago Friday" is a week before the latest Friday;
- a year of two digits ("'24") is the latest that is not after the year after D; where the next such year lies no
  more than 20 years ahead, either may be meant, and it stays unresolved;
- a bound of a series is its own date, not the time since: "since January" is January, and "since the start of the
  year" the start of it, January to April;
- a period that D anchors and falls into ends with D, for the text cannot know more, and "later this month"
  starts with it; a period with a written year stays whole;
- seasons (they depend on the hemisphere), decades, vague counts, and what hangs on another event of the text
  ("the previous day") stay unresolved.
"""

import re
from collections.abc import Callable, Sequence
from datetime import date, timedelta

from tocsin.data.date_periods import (
    UnresolvedError,
    clip,
    day_of,
    days_of_months,
    days_of_years,
    month_of,
    narrow,
    shift_months,
    week_of,
    year_of,
    year_of_two_digits,
)
from tocsin.data.date_words import MONTH_NAMES, WEEKDAY_NAMES, without_leading
from tocsin.data.types import DateInterval

NO_PUBLICATION = "relative, and the article has no publication date"
OTHER_EVENT = "relative to another event of the text"
VAGUE = "vague: names no number of days"
TOO_WIDE = "a decade or more"
FOREIGN_DAY = "only the day of another time zone is named"
SEASON = "a season, which depends on the hemisphere"
PART_OF_DAY = "a part of a day, and no day with it"
DURATION = "a length of time, not a date"

MONTH = rf"(?:{'|'.join(MONTH_NAMES)})"
WEEKDAY = rf"(?:{'|'.join(WEEKDAY_NAMES)})"
YEAR = r"(?:[12]\d{3}|'\d\d|(?:last|this|next) year)"
UNIT = r"(?:second|minute|hour|day|week|month|year)"
DAY_PART = r"(?:morning|afternoon|evening|night|dawn|dusk|noon|midnight)"
NOISE = (
    rf"(?:{DAY_PART}s?|early|earlier|mid|late|later|overnight|predawn|midday|daybreak|sunrise|sunset|nightfall"
    r"|shortly|soon|just|before|after|small|wee)"
)

STEPS = {"last": -1, "past": -1, "this": 0, "next": 1, None: 0}  # None: "later in the week" is this week
NEAR_DAYS = {"ereyesterday": -2, "yesterday": -1, "overnight": -1, "today": 0, "tomorrow": 1, "overmorrow": 2}

Match = re.Match[str]
Handler = Callable[[Match, date | None], DateInterval]

_NOISE = re.compile(rf"\b(?:{NOISE} )+hours\b|\bhours (?=(?:before|after) )|\b{NOISE}\b")


def single(text: str, published: date | None) -> DateInterval | None:
    """The days of canonical text that is no range; None if no pattern knows it.

    Raises:
        UnresolvedError: it is known, and names no days.
    """
    quiet = without_part_of_day(text)
    for wording in dict.fromkeys((text, quiet)):
        for pattern, handler in _PATTERNS:
            if found := pattern.fullmatch(wording):
                return handler(found, published)
    if text and not quiet:
        raise UnresolvedError(PART_OF_DAY)
    return None


def without_part_of_day(text: str) -> str:
    """Without what says when in the day: "early hours friday" is that Friday."""
    return without_leading(" ".join(_NOISE.sub(" ", text).split()))


def _anchor(published: date | None) -> date:
    if published is None:
        raise UnresolvedError(NO_PUBLICATION)
    return published


def _group(found: Match, name: str) -> str | None:
    """The group's text; None also if the pattern has no such group."""
    return found.groupdict().get(name)


def _year(text: str, published: date | None) -> int:
    if text.isdecimal():
        return int(text)
    anchor = _anchor(published)
    return year_of_two_digits(int(text[1:]), anchor) if text.startswith("'") else anchor.year + STEPS[text.split()[0]]


def _only(day: date) -> DateInterval:
    return DateInterval(day, day)


def _numeric(found: Match, published: date | None) -> DateInterval:
    return _only(day_of(int(found["year"]), int(found["month"]), int(found["day"])))


def _numeric_month(found: Match, published: date | None) -> DateInterval:
    return month_of(int(found["year"]), int(found["month"]))


def _slashed(found: Match, published: date | None) -> DateInterval:
    """Day first or month first, if only one can be meant."""
    first, second, year = int(found["first"]), int(found["second"]), int(found["year"])
    if first != second and first <= 12 and second <= 12:
        raise UnresolvedError(f"ambiguous: {found[0]} has two readings, day first and month first")
    day, month = (second, first) if second > 12 else (first, second)
    return _only(day_of(year, month, day))


def _explicit(found: Match, published: date | None) -> DateInterval:
    """A day of a named month; without a year, a weekday beside it may show that it lies ahead."""
    day, month = int(found["day"]), MONTH_NAMES.index(found["month"]) + 1
    weekday = found["weekday"] or found["trailing"]
    if found["year"]:
        return _agreeing([day_of(_year(found["year"], published), month, day)], weekday)
    candidates = list(days_of_years(month, day, _anchor(published)))
    return _agreeing(candidates if weekday else candidates[:1], weekday)


def _day_number(found: Match, published: date | None) -> DateInterval:
    """A day of a month not named: the latest not after publication, or with a weekday the nearest that is one."""
    anchor = _anchor(published)
    candidates = list(days_of_months(int(found["day"]), anchor))
    if weekday := _group(found, "weekday"):
        # A weekday and a number agree once in some months: farther off than one month proves nothing.
        near = [day for day in candidates if abs(day - anchor) <= timedelta(31)]
        return _agreeing(sorted(near, key=lambda day: abs(day - anchor)), weekday)
    return _agreeing([day for day in candidates if day <= anchor][-1:], None)


def _day_of_month(found: Match, published: date | None) -> DateInterval:
    month = shift_months(_anchor(published).replace(day=1), STEPS[found["which"]])
    return _only(day_of(month.year, month.month, int(found["day"])))


def _agreeing(days: Sequence[date], weekday: str | None) -> DateInterval:
    """The first of the days that is such a weekday.

    Raises:
        UnresolvedError: none is.
    """
    for day in days:
        if weekday is None or WEEKDAY_NAMES[day.weekday()] == weekday:
            return _only(day)
    if not days or weekday is None:
        raise UnresolvedError("no such day near the publication")
    found = WEEKDAY_NAMES[days[0].weekday()].capitalize()
    raise UnresolvedError(f"contradictory: {days[0]} is a {found}, not a {weekday.capitalize()}")


def _weekday(found: Match, published: date | None) -> DateInterval:
    anchor = _anchor(published)
    n_back = (anchor.weekday() - WEEKDAY_NAMES.index(found["weekday"])) % 7
    if found["which"] == "next":
        return _only(anchor + timedelta(7 - n_back))
    if found["which"] in ("last", "past"):
        return _only(anchor - timedelta(n_back or 7))
    return _only(anchor - timedelta(n_back))


def _weekday_of_week(found: Match, published: date | None) -> DateInterval:
    monday = week_of(_anchor(published)).start + timedelta(7 * STEPS[found["which"]])
    return _only(monday + timedelta(WEEKDAY_NAMES.index(found["weekday"])))


def _near_day(found: Match, published: date | None) -> DateInterval:
    return _only(_anchor(published) + timedelta(NEAR_DAYS[found["near"]]))


def _weekend(found: Match, published: date | None) -> DateInterval:
    anchor = _anchor(published)
    saturday = anchor - timedelta((anchor.weekday() - 5) % 7)
    if found["which"] == "next":
        saturday += timedelta(7)
    elif found["which"] in ("last", "past") and anchor - saturday < timedelta(2):
        saturday -= timedelta(7)
    return clip(DateInterval(saturday, saturday + timedelta(1)), anchor)


def _anchored(period: DateInterval, part: str | None, anchor: date) -> DateInterval:
    """The part of a period that publication decides on, cut at it."""
    narrowed = narrow(period, part, anchor)
    return narrowed if part == "later" else clip(narrowed, anchor)


def _named_month(found: Match, published: date | None) -> DateInterval:
    part, month = found["part"], MONTH_NAMES.index(found["month"]) + 1
    if found["year"]:
        return narrow(month_of(_year(found["year"], published), month), part, published)
    anchor = _anchor(published)
    periods = [month_of(anchor.year + step, month) for step in (-1, 0, 1)]
    narrowed = [narrow(period, part, None) for period in periods]
    chosen = _which(found["which"], narrowed, anchor)
    return _anchored(periods[chosen], part, anchor)


def _which(which: str | None, periods: Sequence[DateInterval], anchor: date) -> int:
    """The index of what is meant among the same period of the year before, of this year and of the next."""
    if which == "this":
        return 1
    if which == "next":
        return next(index for index, period in enumerate(periods) if anchor < period.start)
    if which in ("last", "past"):
        return max(index for index, period in enumerate(periods) if period.end < anchor)
    return max(index for index, period in enumerate(periods) if period.start <= anchor)


def _named_year(found: Match, published: date | None) -> DateInterval:
    year = found["year"] or "this year"
    period = year_of(_year(year, published))
    if year[-1].isdecimal():
        return narrow(period, found["part"], published)
    return _anchored(period, found["part"], _anchor(published))


def _week_or_month(found: Match, published: date | None) -> DateInterval:
    anchor = _anchor(published)
    step = STEPS[found["which"]]
    if found["unit"] == "month":
        return _anchored(_months_off(anchor, step), found["part"], anchor)
    if step == 0:
        return _anchored(week_of(anchor), found["part"], anchor)
    return _days_off(anchor, 7 * step)


def _before_last(found: Match, published: date | None) -> DateInterval:
    anchor = _anchor(published)
    if found["unit"] == "week":
        return DateInterval(anchor - timedelta(14), anchor - timedelta(8))
    return _months_off(anchor, -2) if found["unit"] == "month" else year_of(anchor.year - 2)


def _ago(found: Match, published: date | None) -> DateInterval:
    anchor, n_units, unit = _anchor(published), _n_units(found), found["unit"]
    if unit in ("second", "minute", "hour", "moment"):
        n_days = (n_units or 0) // 24 if unit == "hour" else 0
        return _only(anchor - timedelta(n_days))
    if n_units is None:
        raise UnresolvedError(VAGUE)
    if unit in ("day", "night", "evening", "morning"):
        return _only(anchor - timedelta(n_units))
    if unit == "week":
        middle = anchor - timedelta(7 * n_units)
        return DateInterval(middle - timedelta(3), middle + timedelta(3))
    return _months_off(anchor, -n_units) if unit == "month" else year_of(anchor.year - n_units)


def _ago_from(found: Match, published: date | None) -> DateInterval:
    """So many units before a day that is named: "a year ago today", "a week ago Friday"."""
    named = _weekday if _group(found, "weekday") else _near_day
    day, n_units, unit = named(found, published).start, _n_units(found), found["unit"]
    if n_units is None:
        raise UnresolvedError(VAGUE)
    if unit in ("day", "week"):
        return _only(day - timedelta(n_units * (7 if unit == "week" else 1)))
    return _only(shift_months(day, -n_units * (12 if unit == "year" else 1)))


def _rolling(found: Match, published: date | None) -> DateInterval:
    """So many units up to publication, or from it on; publication itself is in it only if hours are counted."""
    anchor, n_units, unit = _anchor(published), _n_units(found), found["unit"]
    sign = STEPS[found["which"]]
    if unit in ("second", "minute", "hour"):
        n_days = -(-(n_units or 0) // 24) if unit == "hour" else 0
        return DateInterval(*sorted((anchor, anchor + timedelta(sign * n_days))))
    if n_units is None:
        raise UnresolvedError(VAGUE)
    if unit in ("day", "week"):
        return _days_off(anchor, sign * n_units * (7 if unit == "week" else 1))
    far = shift_months(anchor, sign * n_units * (12 if unit == "year" else 1))
    return _days_off(anchor, (far - anchor).days)


def _n_units(found: Match) -> int | None:
    """How many units are counted; None is not said ("several days")."""
    if found["n"]:
        return int(found["n"])
    return None if found["plural"] else 1


def _days_off(anchor: date, n_days: int) -> DateInterval:
    """The `n_days` days after the anchor, or before it if negative; none is a contradiction."""
    if n_days == 0:
        raise UnresolvedError(VAGUE)
    near, far = anchor + timedelta(1 if n_days > 0 else -1), anchor + timedelta(n_days)
    return DateInterval(min(near, far), max(near, far))


def _months_off(anchor: date, n_months: int) -> DateInterval:
    month = shift_months(anchor.replace(day=1), n_months)
    return month_of(month.year, month.month)


def _never(reason: str) -> Handler:
    def handler(found: Match, published: date | None) -> DateInterval:
        raise UnresolvedError(reason)

    return handler


_NEAR = rf"(?P<near>{'|'.join(NEAR_DAYS)})"
_WHICH = r"(?:(?P<which>last|past|this|next) )?"
_BEFORE = rf"(?:(?:(?:last|past|this|next) )?(?P<weekday>{WEEKDAY}) )?"
_BEHIND = rf"(?: (?P<trailing>{WEEKDAY}))?"
_DAY = r"(?P<day>\d{1,2})(?:th)?"
_MONTH = rf"(?P<month>{MONTH})"
_YEAR = rf"(?P<year>{YEAR})"
_PART = r"(?:(?P<part>earlier|later|early|mid|late|[12]th half|[1-5]th week|last week) )"
_YEAR_PART = _PART.replace("last week", "last week|[1-4]th quarter")
_MANY = r"(?:an?|few|several|some|many|couple|dozens?)"
_HALF = r"(?:(?:and a )?half (?:an? )?)?"
_COUNT = rf"(?:(?P<n>\d{{1,3}}) |(?:{_MANY} )+)?"
_TIME = rf"(?:{UNIT}|{DAY_PART}|weekend)"
_SIDE = r"(?:later|earlier|after|before|prior|afterwards?|beforehand|previously|following)"
_WIDE = r"(?:(?:\d\d)?\d0s|(?:twen|thir|for|fif|six|seven|eigh|nine)ties|decades?|century|centuries)"

# The first that fits the whole text is taken.
_PATTERNS: Sequence[tuple[re.Pattern[str], Handler]] = tuple(
    (re.compile(pattern), handler)
    for pattern, handler in (
        (r"(?P<year>\d{4})[-/](?P<month>\d{1,2})[-/](?P<day>\d{1,2})", _numeric),
        (r"(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4})", _numeric),
        (r"(?P<year>\d{4})-(?P<month>\d{1,2})", _numeric_month),
        (r"(?P<first>\d{1,2})/(?P<second>\d{1,2})/(?P<year>\d{4})", _slashed),
        (r"\d{1,2}[/.]\d{1,2}[/.]\d{2}", _never("the year has only two digits")),
        (rf"{_BEFORE}{_DAY} {_MONTH}(?: {_YEAR})?{_BEHIND}", _explicit),
        (rf"{_BEFORE}{_MONTH} {_DAY}(?: {_YEAR})?{_BEHIND}", _explicit),
        (rf"{_BEFORE}{_YEAR} {_MONTH} {_DAY}{_BEHIND}", _explicit),
        (rf"{_WHICH}(?P<weekday>{WEEKDAY}) {_DAY}", _day_number),
        (r"(?P<day>\d{1,2})th", _day_number),
        (rf"(?P<day>\d{{1,2}})th {_WHICH}month", _day_of_month),
        (rf"{_WHICH}(?P<weekday>{WEEKDAY})", _weekday),
        (rf"(?P<weekday>{WEEKDAY}) (?P<which>last)", _weekday),
        (rf"(?P<weekday>{WEEKDAY}) (?P<which>last|this|next) week", _weekday_of_week),
        (rf"(?P<which>last|this|next) week (?P<weekday>{WEEKDAY})", _weekday_of_week),
        (_NEAR, _near_day),
        (rf"{_WHICH}weekend", _weekend),
        (rf"{_PART}?{_WHICH}{_MONTH}(?P<year>)", _named_month),
        (rf"{_PART}?(?P<which>){_MONTH} {_YEAR}", _named_month),
        (rf"{_YEAR_PART}?(?:year )?{_YEAR}", _named_year),
        (rf"{_YEAR_PART}(?P<year>)year", _named_year),
        (rf"{_PART}?(?P<which>last|this|next) (?P<unit>week|month)", _week_or_month),
        (rf"{_PART}(?P<which>this )?(?P<unit>week|month)", _week_or_month),
        (r"(?P<unit>week|month|year) before last", _before_last),
        (rf"{_COUNT}(?P<unit>{UNIT}|moment|night|evening|morning)(?P<plural>s?) ago", _ago),
        (rf"{_COUNT}(?P<unit>day|week|month|year)(?P<plural>s?) ago {_NEAR}", _ago_from),
        (
            rf"{_COUNT}(?P<unit>week)(?P<plural>s?) ago (?:(?P<which>last|past) )?(?P<weekday>{WEEKDAY})",
            _ago_from,
        ),
        (rf"(?:{NOISE} )?next (?:day|{DAY_PART})", _never(OTHER_EVENT)),
        (rf"(?P<which>last|past|next) {_COUNT}(?P<unit>{UNIT})(?P<plural>s?)", _rolling),
        (
            rf"(?:{NOISE} )?(?:that|same|previous|preceding|following) (?:\S+ )?(?:{_TIME}|{WEEKDAY}|{MONTH})s?",
            _never(OTHER_EVENT),
        ),
        (rf"(?:earlier|later) (?:day|{DAY_PART})", _never(OTHER_EVENT)),
        (
            rf"(?:(?:\d{{1,3}}|{_MANY}) )*{_HALF}{_TIME}s? (?:and a half )?{_SIDE}(?! {NOISE}\b)(?: .*)?",
            _never(OTHER_EVENT),
        ),
        (_SIDE, _never(OTHER_EVENT)),
        (rf"(?:recent|these) (?:{_MANY} )*{UNIT}s?|(?:{_MANY} )+{UNIT}s", _never(VAGUE)),
        (r"now|currently|recently|lately|nowadays|soon|long ago", _never(VAGUE)),
        (r"(?:more than|less than|over|nearly|almost|under|least) .*", _never(VAGUE)),
        (rf"(?:\d{{1,4}} |an? )?{UNIT}s?", _never(DURATION)),
        (rf"(?:.* )?{_WIDE}(?: .*)?", _never(TOO_WIDE)),
        (r"(?:.* )?(?:spring|summer|autumn|fall|winter)(?: .*)?", _never(SEASON)),
    )
)
