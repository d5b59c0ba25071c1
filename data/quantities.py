"""How many people a counted phrase speaks of: the rule behind the integer attributes `min` and `max`.

Ages, ordinals, decimals and shares of a whole count nobody, and above `MAX_COUNT` no number is of people.
"""

import re
from collections.abc import Mapping

MAX_COUNT = 10_000_000

_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
).split()
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_SMALL: Mapping[str, int] = {word: n for n, word in enumerate(_UNITS)} | {
    word: 10 * n for n, word in enumerate(_TENS, 2)
}
_MAX_DIGITS = 15  # more are no count, and thousands of them no number that Python reads
_SCALES: Mapping[str, int] = {"dozen": 12, "hundred": 100, "thousand": 1000, "million": 1_000_000}
_NONE = {"no", "none", "nobody", "without", "zero"}
_VAGUE = {"few", "number", "handful", "couple", "score", "group", "lot"}
_DIGITS = re.compile(r"\d{1,3}(?:,\d{3})+|\d+")
_TOKEN = re.compile(rf"{_DIGITS.pattern}|[a-z]+")
_AT_LEAST = re.compile(r"\b(?:at least|not? (?:fewer|less) than|or more|minimum of)\b|\d\+")
_MORE_THAN = re.compile(r"\b(?:more than|over|upwards of|above)\b")
_LESS_THAN = re.compile(r"\b(?:fewer|less) than\b|\b(?:under|below)\b")
_AT_MOST = re.compile(r"\b(?:at most|up to|as many as|no more than)\b")
_PARTS = r"half|halves|thirds?|quarters?|fourths?|fifths?|sixths?|tenths?"
_SHARES = rf"\w+-(?:{_PARTS})|(?:an?|{'|'.join(_UNITS[1:])}) (?:{_PARTS})(?= of\b)|half(?! a dozen|-dozen)"
_RANGE = re.compile(rf"(?:between\s+)?({_DIGITS.pattern}|[a-z]+)\s*(?:-|–|to|and|or)\s*({_DIGITS.pattern}|[a-z]+)\b")
_ONE = r"an? (?:[\w-]+ )?(?:boy|girl|man|woman|child|baby)"
_ZERO = re.compile(r"(?:no(?! (?:fewer|less|more)\b)|none|nobody|without|zero|not (?:an?|any|one))\b")
# In this order: numbers that count no people, the parts of a whole, and other words for numbers.
_REWRITES = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"\b\d+(?:st|nd|rd|th)\b", " "),
        (r"\b\d+(?:\.\d+)? ?(?:%|per ?cent\b).*|\b\d+\.\d+\b(?: (?:thousand|million))?", " "),
        (rf"\b(?:{_SHARES})\b.*", " "),
        (r"(?<![-\w]),? ?\bage[ds]\b.*", ""),
        (rf"^({_ONE}) of (?:\d+|{'|'.join((*_UNITS[1:], *_TENS))})\b.*", r"\1"),  # an age
        (r"\b(?!an?\b)[\w-]+[- ](?:year|month|week|day)s?[- ]olds?\b", " "),
        (r"(?<=\w),? (?:including|among them)\b.*", ""),
        (r"\bhalf(?: a |-)dozen\b", "six"),
        (rf"\ba couple (?:of )?(?={'|'.join(_SCALES)})", "two "),
        (rf"\ban? (?={'|'.join(_SCALES)})", "one "),
        (r"\ba pair of\b|\bboth\b", "two"),
    )
)


def bounds(phrase: str) -> tuple[int | None, int | None]:
    """The least and the greatest number a phrase allows; None where it says none.

    "dozens" and "several" bound nothing; "about 40" is taken at its word.

    >>> bounds("at least three US soldiers"), bounds("No casualties"), bounds("dozens"), bounds("another 24")
    ((3, None), (0, 0), (None, None), (24, 24))
    """
    low, high = _stated(phrase.lower())
    is_count = all(bound is None or bound <= MAX_COUNT for bound in (low, high))
    return (low, high) if is_count else (None, None)


def _stated(text: str) -> tuple[int | None, int | None]:
    """The bounds that the words or digits state, however great."""
    if _ZERO.match(text):
        return 0, 0
    for pattern, replacement in _REWRITES:
        text = pattern.sub(replacement, text)
    span = _range(text)
    if span is not None:
        return span
    number = _number(text)
    if number is None:
        return _unnumbered(text)
    if _AT_LEAST.search(text):
        return number, None
    if _MORE_THAN.search(text) and "no more than" not in text:
        return number + 1, None
    if _LESS_THAN.search(text):
        return None, max(number - 1, 0)
    if _AT_MOST.search(text):
        return None, number
    return number, number


def _unnumbered(text: str) -> tuple[int | None, int | None]:
    """ "no casualties" is none, "a soldier" one; "a few" and "dozens" are left open."""
    tokens = re.findall(r"[a-z]+", text)
    if set(tokens) & _NONE:
        return 0, 0
    if tokens[:1] in (["a"], ["an"]) and not set(tokens[1:3]) & _VAGUE:  # "a large number"
        return 1, 1
    return None, None


def _range(text: str) -> tuple[int, int] | None:
    """ "three to five", "10-12", "two or three"."""
    for match in _RANGE.finditer(text):
        low, high = _value(match[1]), _value(match[2])
        if low is not None and high is not None and low < high:
            return low, high
    return None


def _value(token: str) -> int | None:
    if token[0].isdigit():
        digits = token.replace(",", "")
        return int(digits) if len(digits) <= _MAX_DIGITS else MAX_COUNT + 1
    return _SMALL.get(token)


def _number(text: str) -> int | None:
    """The first number of a text, in digits or words ("two hundred and fifty")."""
    total: int | None = None
    current = 0
    for token in _TOKEN.findall(text):
        value = _value(token)
        if value is not None:
            if total is not None and token[0].isdigit():
                break
            current += value
            total = total or 0
        elif token in _SCALES and total is not None:
            current = max(current, 1) * _SCALES[token]
        elif token != "and" and total is not None:
            break
    return None if total is None else current
