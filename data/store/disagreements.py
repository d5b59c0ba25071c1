"""Disagreements: the slots in which accounts of one incident, or the mentions of one, say what cannot both be so.

An account that says nothing of a slot does not disagree, nor does one that is only less exact: "last week" and
"Tuesday" agree, and so do "a drone" and "a one-way attack drone". What an account only denies disagrees in its status
alone: who did not bomb a town has not said who did.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import combinations
from typing import TypeVar

from tocsin.data.coding.account import Account, Telling, Toll
from tocsin.data.coding.merged import Disagreement
from tocsin.data.coding.weapons import compatible
from tocsin.data.store.harms import contradict, in_words
from tocsin.data.store.places import is_one_site
from tocsin.data.store.profiles import UNCLASSED, Point, Profile, Side, profile
from tocsin.data.store.sides import are_related
from tocsin.data.types import DateInterval

DENIED = "denied"
_T = TypeVar("_T")


def disagreements(accounts: Sequence[Account]) -> tuple[Disagreement, ...]:
    """One for each slot in which any two accounts exclude each other, with what every account says of it.

    The status is also one where mentions of a single account deny what others of it tell.
    """
    telling = [account for account in accounts if account.status != DENIED]
    found = [_status(accounts), *(_slots(telling) if len(telling) > 1 else ())]
    return tuple(each for each in found if each)


def _slots(accounts: Sequence[Account]) -> list[Disagreement | None]:
    """Of every slot but the status."""
    ids = [account.id for account in accounts]
    profiles = [profile(account) for account in accounts]
    outcomes = ("" if account.outcome == "unknown" else account.outcome for account in accounts)
    found = [
        _among("outcome", ids, outcomes, lambda a, b: a == b, str),
        _among("date", ids, (each.days for each in profiles), _share_a_day, str),
        _among("attacker", ids, (each.attackers for each in profiles), are_related, _named),
        _among("weapon", ids, map(_classes, profiles), _any_compatible, ", ".join),
        _among("place", ids, (each.points for each in profiles), is_one_site, _named),
    ]
    for harm in sorted({harm for each in profiles for harm in each.tolls}):
        found.append(_among(harm, ids, (_numbers(each, harm) for each in profiles), _may_be_one, in_words))
    return found


def _status(accounts: Sequence[Account]) -> Disagreement | None:
    """A claim and a report go together; a denial goes with neither."""
    statuses = {status for account in accounts for status in _statuses(account)}
    if DENIED not in statuses or len(statuses) == 1:
        return None
    return Disagreement("status", tuple((account.id, _told(account)) for account in accounts if _statuses(account)))


def _statuses(account: Account) -> list[str]:
    """What the mentions of an account are, its own status first."""
    said = [account.status, *(telling.status for telling in account.tellings)]
    return list(dict.fromkeys(status for status in said if status))


def _told(account: Account) -> str:
    """ "reported, denied by Norland army": each status with who is named as saying so."""
    return ", ".join(_by(status, account.tellings) for status in _statuses(account))


def _by(status: str, tellings: Iterable[Telling]) -> str:
    said = [value for each in tellings if each.status == status for value in (*each.claimants, *each.sources)]
    names = dict.fromkeys(value.link.entry.name if value.link else value.text for value in said)
    return f"{status} by {' and '.join(names)}" if names else status


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
