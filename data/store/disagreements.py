"""Disagreements: the slots in which accounts of one incident say what cannot both be so.

An account that says nothing of a slot does not disagree, nor does one that is only less exact: "last week" and
"Tuesday" agree, and so do "a drone" and "a one-way attack drone".
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import combinations
from typing import TypeVar

from tocsin.data.coding.account import Account, Toll
from tocsin.data.coding.merged import Disagreement
from tocsin.data.coding.weapons import compatible
from tocsin.data.store.harms import contradict, in_words
from tocsin.data.store.places import is_one_site
from tocsin.data.store.profiles import UNCLASSED, Point, Profile, Side, profile
from tocsin.data.store.sides import are_related
from tocsin.data.types import DateInterval

_DENIED = "denied"
_T = TypeVar("_T")


def disagreements(accounts: Sequence[Account]) -> tuple[Disagreement, ...]:
    """One for each slot in which any two accounts exclude each other, with what every account says of it."""
    if len(accounts) < 2:
        return ()
    ids = [account.id for account in accounts]
    profiles = [profile(account) for account in accounts]
    outcomes = ("" if account.outcome == "unknown" else account.outcome for account in accounts)
    found = [
        _among("status", ids, map(_statuses, accounts), _nobody_denies, ", ".join),
        _among("outcome", ids, outcomes, lambda a, b: a == b, str),
        _among("date", ids, (each.days for each in profiles), _share_a_day, str),
        _among("attacker", ids, (each.attackers for each in profiles), are_related, _named),
        _among("weapon", ids, map(_classes, profiles), _any_compatible, ", ".join),
        _among("place", ids, (each.points for each in profiles), is_one_site, _named),
    ]
    for harm in sorted({harm for each in profiles for harm in each.tolls}):
        found.append(_among(harm, ids, (_numbers(each, harm) for each in profiles), _may_be_one, in_words))
    return tuple(each for each in found if each)


def _among(
    slot: str,
    ids: Iterable[str],
    said: Iterable[_T | None],
    agree: Callable[[_T, _T], bool],
    words: Callable[[_T], str],
) -> Disagreement | None:
    """The disagreement in a slot; None if all that say something of it may be right."""
    known = [(name, value) for name, value in zip(ids, said, strict=True) if value]
    different = dict.fromkeys(value for _, value in known)
    if all(agree(a, b) for a, b in combinations(different, 2)):
        return None
    return Disagreement(slot, tuple((name, words(value)) for name, value in known))


def _statuses(account: Account) -> tuple[str, ...]:
    """What the mentions of an account are, its own status first."""
    return tuple(dict.fromkeys([account.status, *(telling.status for telling in account.tellings)]))


def _nobody_denies(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """A claim and a report go together; a denial goes with neither."""
    return _DENIED not in (*a, *b)


def _share_a_day(a: DateInterval, b: DateInterval) -> bool:
    return a.start <= b.end and b.start <= a.end


def _classes(compared: Profile) -> tuple[str, ...]:
    return tuple(name for name in sorted(compared.weapons) if not name.startswith(UNCLASSED))


def _any_compatible(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    return any(compatible(x, y) for x in a for y in b)


def _named(items: Sequence[Side] | Sequence[Point]) -> str:
    return ", ".join(dict.fromkeys(item.name for item in items))


def _numbers(compared: Profile, harm: str) -> Toll | None:
    """The toll without its evidence, so that equal ones are equal."""
    toll = compared.tolls.get(harm)
    return toll and replace(toll, evidence=())


def _may_be_one(a: Toll, b: Toll) -> bool:
    return not contradict(a, b)
