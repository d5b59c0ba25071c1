"""The casualty slot of two accounts, and when two tolls contradict each other."""

from math import inf

from tocsin.data.coding.account import Toll
from tocsin.data.coding.merged import Reason
from tocsin.data.store.findings import Finding
from tocsin.data.store.profiles import Profile
from tocsin.data.store.weights import (
    DAY_GROWTH,
    FEW_HARMED,
    GROWN_TOLL,
    GROWTH,
    LARGE_TOLL,
    LIKE_TOLL,
    OTHER_TOLL,
    SAME_TOLL,
    SMALL_TOLL,
)

_BY_NUMBER = ((10, LARGE_TOLL), (5, SAME_TOLL), (2, SMALL_TOLL), (0, LIKE_TOLL))  # from which number on


def tolls(a: Profile, b: Profile) -> Finding:
    """The harm that speaks most clearly, for or against."""
    found = [_harm(harm, a, b) for harm in sorted(a.tolls.keys() & b.tolls.keys())]
    return max(found, key=lambda reason: abs(reason.weight), default=None)


def contradict(a: Toll, b: Toll) -> bool:
    """Whether no number is within both tolls."""
    return max(a.low, b.low) > min(_high(a), _high(b))


def in_words(toll: Toll) -> str:
    """A toll as it is told.

    >>> in_words(Toll("killed", 3, 3, None, ())), in_words(Toll("killed", 0, 0, 0, ()))
    ('at least 3', '0')
    """
    if toll.high is None:
        return f"at least {toll.low}"
    return str(toll.low) if toll.low == toll.high else f"{toll.low} to {toll.high}"


def _harm(harm: str, first: Profile, second: Profile) -> Reason:
    a, b = first.tolls[harm], second.tolls[harm]
    said = f"{in_words(a)} and {in_words(b)} {harm}"
    if a.best is not None and a.best == b.best:
        number = a.best
        return Reason("casualties", f"both {number} {harm}", next(w for least, w in _BY_NUMBER if number >= least))
    if not contradict(a, b):
        return Reason("casualties", said, LIKE_TOLL)
    less, more = sorted((first, second), key=lambda each: each.tolls[harm].low)
    most = max(FEW_HARMED, _growth(less, more) * _high(less.tolls[harm]))
    return Reason("casualties", said, GROWN_TOLL if more.tolls[harm].low <= most else OTHER_TOLL)


def _growth(less: Profile, more: Profile) -> int:
    """By how much a toll may have grown: not much within a day, and hardly if the later report says less."""
    is_later = not (less.published and more.published) or less.published < more.published
    return GROWTH if is_later else DAY_GROWTH


def _high(toll: Toll) -> float:
    return inf if toll.high is None else toll.high
