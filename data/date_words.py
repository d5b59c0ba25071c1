"""The canonical wording of an English date expression, so that a few patterns can read all of them.

Canonical text is lower case, one space between words: months and weekdays by their full names, numbers in
digits, ordinals as "3th", ranges with "to", "early" / "mid" / "late" for every start, middle and end, a year of
two digits as "'24". Clock times and their zones, the words that only join ("the", "of", "on") and prepositions
in front are gone: they never decide the day; the day of another time zone in a parenthesis is gone too. Numeric
dates ("2024-05-03", "3/5/2024", "03.05.2024") stay as they are.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping

MONTH_NAMES = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
WEEKDAY_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

ONES = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
ORDINALS = (
    *("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh"),
    *("twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth"),
)
TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}

WORDS: Mapping[str, str] = {
    **{name[:3]: name for name in MONTH_NAMES + WEEKDAY_NAMES},
    **{"sept": "september", "tues": "tuesday", "weds": "wednesday", "thur": "thursday", "thurs": "thursday"},
    **{word: str(number) for number, word in enumerate(ONES)},
    **{word: str(number) for word, number in TENS.items()},
    **{word: f"{number}th" for number, word in enumerate(ORDINALS, start=1)},
    **{"twentieth": "20th", "thirtieth": "30th"},
    **{"start": "early", "beginning": "early", "middle": "mid", "end": "late"},
    **{"coming": "next", "upcoming": "next", "till": "until", "thru": "through", "tonight": "today"},
}
JOINING = frozenset({"the", "of", "on", "in", "at", "during"})

_TENS = "|".join(TENS)
_ONES = "|".join(ONES[1:10] + ORDINALS[:9])
_MONTH_START = "|".join(name[:3] for name in MONTH_NAMES)
_OFFSET = r"(?:[+-]\d{1,2})?"
_ZONE = rf"(?: ?(?:gmt|utc|bst|cet|cest|eet|eest|msk|est|edt|et|city time|local time|local|z)\b{_OFFSET})"
# "2024 local time" may be a year; at GMT four digits are always taken for a clock.
_CLOCK = (
    r"\b(?:\d{1,2}(?:[:.]\d\d)? ?[ap]\.?m\b\.?|\d{1,2}:\d\d(?::\d\d)?|\d{1,2} o'clock"
    rf"|\d{{4}} ?(?:hours|hrs)|\d{{1,2}}\.?\d\d(?= ?(?:gmt|utc)\b)|(?:0\d|1[0-8]|2[1-3])\.?[0-5]\d(?={_ZONE}))"
)
_ZONED_CLOCK = re.compile(rf"{_CLOCK}(?:z\b|(?:.*\s)?{_ZONE})")
_LOCAL = re.compile(r"\blocal\b", re.IGNORECASE)
_ASIDE = re.compile(r"([^()]*)\(([^()]*)\)([^()]*)")
# "Moscow time", "New York time": the capital tells them from "this time" and "two weeks' time".
_NO_CITY = "|".join(
    (
        *(*MONTH_NAMES, *WEEKDAY_NAMES, *WORDS, "today", "yesterday", "tomorrow", "overnight", "last", "this"),
        *("days?", "weeks?", "months?", "years?", "local", "gmt", "utc"),
    )
)
_CITY_TIME = re.compile(rf"\b(?:(?!(?i:{_NO_CITY})\b)[A-Z][\w'’-]*\s+){{1,2}}(?i:time)\b")
_SHORT_YEAR = re.compile(r"'\d\d")

# In this order: each line relies on the ones above it.
_REWRITES = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"[‘’ʼ´`]", "'"),
        (r"[‐‒–—―−]", "-"),
        (r"^\s*'(.*)'\s*$", r"\1"),
        (r"(?<=\d)t(?=\d\d:)", " "),
        (rf"{_CLOCK}(?:z\b)?{_ZONE}*", " "),
        (rf"\b(?:gmt|utc|city time|local time|local)\b{_OFFSET}", " "),
        (r"\bchristmas eve\b", "24 december"),
        (r"\bchristmas(?: day)?\b", "25 december"),
        (r"\bnew year'?s eve\b", "31 december"),
        (r"\bnew year'?s day\b", "1 january"),
        (r"\b(?:an? )?fortnight\b", "2 weeks"),
        (r"\b(?:an? )?half[ -](?:an?[ -])?hour\b", "30 minutes"),
        (r"\b(?:an?|one) hour and a half\b", "90 minutes"),
        (r"\band a half (?=hours\b)", ""),
        (r"\bq([1-4])\b", r"\1th quarter"),
        (r"\((\d{1,2})\)", r" \1th "),
        (r"\b(\d{1,2})(?:st|nd|rd)\b", r"\1th"),
        (r"'s\b", ""),
        (r"(?<=\d{4}-\d\d-\d\d)/", " to "),
        (r"\b(\d{1,2})-(\d{1,2})-(\d{4})\b", r"\1/\2/\3"),
        (r"\b(\d\d)(\d\d) ?- ?'?(1[3-9]|[2-9]\d)\b(?!-)", r"\1\2 to \1\3"),
        (r"(?<=[a-z])-(?='\d\d\b)", " "),
        (rf"\b(\d{{1,2}})/(\d{{1,2}})(?= (?:of )?(?:{_MONTH_START}))", lambda found: _two_days(found)),
        (r"(?<=[a-z] )(\d{1,2})/(\d{1,2})\b(?![/.\d])", lambda found: _two_days(found)),
        (r"(?<=[a-z]) ?/ ?(?=\d)| ?/ ?(?=[a-z])", " to "),
        (rf"\b(\d{{1,2}})-((?:{_MONTH_START})[a-z]*)-(?=\d{{4}}\b)", r"\1 \2 "),
        (r"\bpre-dawn\b", "predawn"),
        (r" ?-to- ?", " to "),
        (r"\b(early|mid|late) ?- ?", r"\1 "),
        (rf"\b({_TENS})-({_ONES})\b", r"\1 \2"),
        (r"(\b\d{4}-\d{1,2}(?:-\d{1,2})?\b)|-", lambda found: found[1] or " to "),
        (r"[^\w\s/.'-]|(?<!\d)\.|\.(?!\d)", " "),
    )
)
_PHRASES = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"\b(?:this )(past|last|next)\b", r"\1"),
        (r"\bsome (?=\d)", ""),
        # Two old words, so that "before" and "after" of the phrases are not read as more.
        (r"\bday before yesterday\b|\b(?:night|evening) before last\b", "ereyesterday"),
        (r"\bday after tomorrow\b", "overmorrow"),
        (r"\bthis (?:morning|afternoon|evening|night|dawn)\b", "today"),
        # The night stays, for "last night into this morning" is one.
        (r"\blast (?:night|evening)\b", "yesterday night"),
        # A list is the range of its first and last.
        (r"\b(\d{1,2}(?:th)?)(?: \d{1,2}(?:th)?)+ and\b", r"\1 and"),
        (rf"\b({'|'.join(WEEKDAY_NAMES)})(?: (?:{'|'.join(WEEKDAY_NAMES)}))+ and\b", r"\1 and"),
    )
)
_LEADING = re.compile(
    r"^(?:(?:since|from|between|until|by|before|after|around|about|circa|approximately|roughly|exactly|through"
    r"|throughout|within|as|starting|dated|only|just|sometime|over(?!.* ago\b)) )+"
)


def canonical(expression: str) -> str:
    """The wording the patterns read.

    >>> canonical("the twenty-first of Sept., 2023 at 10:30 p.m. GMT")
    '21th september 2023'
    """
    text = _lowered(without_foreign_day(expression))
    for pattern, replacement in _REWRITES:
        text = pattern.sub(replacement, text)
    text = " ".join(_with_sums(word for word in text.split()))
    for pattern, phrase in _PHRASES:
        text = pattern.sub(phrase, text)
    return without_leading(text)


def without_foreign_day(expression: str) -> str:
    """Without the day of another time zone beside the local one: a parenthesis with a clock, its zone and a day.

    Where only the parenthesis says "local", it is what stays.

    >>> without_foreign_day("Monday (2330 GMT Sunday)")
    'Monday '
    """
    found = _ASIDE.fullmatch(expression)
    if not found:
        return expression
    outside, inside = found[1] + found[3], found[2]
    if not outside.strip() or not _ZONED_CLOCK.search(_lowered(inside)) or not canonical(inside):
        return expression
    return inside if _LOCAL.search(inside) and not _LOCAL.search(outside) else outside


def _lowered(expression: str) -> str:
    return _CITY_TIME.sub("city time", unicodedata.normalize("NFKC", expression)).lower()


def _two_days(found: re.Match[str]) -> str:
    """A day and the next as a range; other numbers around a slash may be anything."""
    return f"{found[1]} to {found[2]}" if int(found[2]) == int(found[1]) + 1 else found[0]


def without_leading(text: str) -> str:
    """Without the prepositions and hedges in front: a bound ("since May 3") is its date."""
    return _LEADING.sub("", text)


def _with_sums(words: Iterable[str]) -> Iterator[str]:
    """Canonical words, joining ones dropped, "twenty" "first" made one."""
    tens = ""
    for word in (word if _SHORT_YEAR.fullmatch(word) else word.strip("'./") for word in words):
        canonical_word = WORDS.get(word, word)
        if tens and word in ONES[1:10] + ORDINALS[:9]:
            yield tens[0] + canonical_word
            tens = ""
            continue
        if tens:
            yield tens
        tens = canonical_word if word in TENS else ""
        if canonical_word and not tens and canonical_word not in JOINING:
            yield canonical_word
    if tens:
        yield tens
