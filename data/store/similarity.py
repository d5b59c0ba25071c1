"""How far two accounts tell one incident: a sum of reasons, each with its slot and its words.

Slots are compared, never texts of articles: two reports of one strike share few words, two strikes on one base many.
What rules a merge out whatever else agrees is a veto; what is only unlikely weighs against it.
"""

from collections.abc import Callable
from dataclasses import replace

from tocsin.data.coding.account import Account
from tocsin.data.coding.merged import Merge, Reason
from tocsin.data.store.blocks import MAX_DAYS, anchors
from tocsin.data.store.findings import Finding, Judgement, Veto
from tocsin.data.store.harms import tolls
from tocsin.data.store.places import localities, places
from tocsin.data.store.profiles import Profile, profile
from tocsin.data.store.sides import attackers, crossed, victims
from tocsin.data.store.sites import targets
from tocsin.data.store.weapons import weapons
from tocsin.data.store.weights import FEW, FEW_DAYS, NEXT_DAY, NIGHT, OTHER_HOURS, SAME_DAY, THRESHOLD, WEEK
from tocsin.data.types import DateInterval


def compare(a: Account, b: Account) -> Merge | None:
    """The merge of two accounts of one incident, with its reasons; None if they are not taken for one.

    Symmetric: which account is given first makes no difference.
    """
    first, second = sorted((a, b), key=lambda account: account.id)
    judgement = judge(profile(first), profile(second))
    return Merge(first.id, second.id, judgement.score, judgement.reasons) if judgement.is_merge else None


def judge(a: Profile, b: Profile) -> Judgement:
    """All that speaks for and against; what follows a veto is not looked at."""
    a, b = sorted((a, b), key=lambda each: each.id)
    reasons: list[Reason] = []
    for slot in _SLOTS:
        finding = slot(a, b)
        if isinstance(finding, Veto):
            return Judgement(tuple(reasons), finding)
        if finding:
            reasons.append(finding)
    found = Judgement(tuple(reasons))
    # Anchors are dear, and only asked for what would be a merge.
    return replace(found, is_merge=found.score >= THRESHOLD and not anchors(a).isdisjoint(anchors(b)))


def _article(a: Profile, b: Profile) -> Finding:
    """An article's own incidents were told apart with its text at hand."""
    return Veto("article", "two incidents of one article") if a.article == b.article else None


def _type(a: Profile, b: Profile) -> Finding:
    return Veto("type", f"{a.type} and {b.type}") if a.type != b.type else None


def _days(a: Profile, b: Profile) -> Finding:
    if not (a.days and b.days):
        return Veto("date", "days are not known of both")
    said = f"{a.days} and {b.days}"
    if max(a.days.n_days, b.days.n_days) > MAX_DAYS:
        return Veto("date", f"{said}: more than a week")
    gap = (max(a.days.start, b.days.start) - min(a.days.end, b.days.end)).days
    if gap > 1:
        return Veto("date", f"{said}: no day in common")
    if gap == 1:
        return _in_a_row(a, b, said)
    if a.days == b.days:
        said = f"both on {a.days}" if a.days.n_days == 1 else f"both in {a.days}"
    if a.days == b.days and a.days.n_days == 1 and _at_other_hours(a, b):
        return Reason("date", f"{said}, early and late", OTHER_HOURS)
    return Reason("date", said, _weight(a.days, b.days))


def _weight(a: DateInterval, b: DateInterval) -> float:
    longest = max(a.n_days, b.n_days)
    if longest == 1:
        return SAME_DAY
    return FEW_DAYS if longest <= FEW else WEEK


def _at_other_hours(a: Profile, b: Profile) -> bool:
    """Whether one is of the early hours and the other of the late ones of one day; "overnight" is of both."""
    early, late = sorted((a, b), key=lambda each: each.is_late)
    return (early.is_early, early.is_late, late.is_early, late.is_late) == (True, False, False, True)


def _in_a_row(a: Profile, b: Profile, said: str) -> Finding:
    """One night is dated by the day it begins or by the day it ends; "Friday night" and "Saturday night" are two."""
    earlier, later = sorted((a, b), key=lambda each: (each.days.start, each.id) if each.days else ())
    if (earlier.is_late and not later.is_late) or (later.is_early and not earlier.is_early):
        return Reason("date", f"{said}: perhaps one night", NIGHT)
    return Reason("date", f"{said}: days in a row", NEXT_DAY)


# What is cheap and rules most pairs out comes first.
_SLOTS: tuple[Callable[[Profile, Profile], Finding], ...] = (
    _article, _type, _days, places, localities, attackers, crossed, targets, victims, weapons, tolls,
)  # fmt: skip
