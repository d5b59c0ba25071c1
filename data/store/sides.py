"""The attacker and victim slots of two accounts: one side, related sides, or opposed ones."""

import re
from collections.abc import Iterable, Iterator

from rapidfuzz import fuzz

from tocsin.data.coding.merged import Reason
from tocsin.data.gazetteers.names import is_acronym
from tocsin.data.store.findings import Finding, Veto
from tocsin.data.store.profiles import Profile, Side
from tocsin.data.store.weights import (
    ALIKE,
    ALIKE_ATTACKER,
    CROSSED,
    OTHER_ATTACKER,
    OTHER_SIDE,
    OTHER_VICTIM,
    RELATED_ATTACKER,
    SAME_ATTACKER,
    SAME_DESCRIPTION,
    SAME_VICTIM,
    STATE_AND_GROUP,
)


def attackers(a: Profile, b: Profile) -> Finding:
    """What the attackers say; nothing if an account names none, or only one of them could be linked."""
    for x, y in _pairs(a.attackers, b.attackers):
        if x.id == y.id:
            return Reason("attacker", f"both by {x.name}", SAME_ATTACKER)
    for x, y in _pairs(a.attackers, b.attackers):
        if _family(x) & _family(y):
            return Reason("attacker", f"{x.name} and {y.name} belong together", RELATED_ATTACKER)
    return _alike(a, b) or (_opposed(a.attackers, b.attackers) if a.attackers and b.attackers else None)


def are_related(a: Iterable[Side], b: tuple[Side, ...]) -> bool:
    """Whether any two are one side, or part of one."""
    return any(_family(x) & _family(y) for x, y in _pairs(a, b))


def crossed(a: Profile, b: Profile) -> Finding:
    """Whether one account tells the answer to the other: who attacks there is attacked here."""
    if _ids(a.attackers) & _ids(b.attackers):
        return None
    side = _crossing(a, b)
    if side is None:
        return None
    said = f"{side.name} attacks in one and is attacked in the other"
    return Veto("attacker", said) if _are_of_two_sides(a.attackers, b.attackers) else Reason("attacker", said, CROSSED)


def victims(a: Profile, b: Profile) -> Finding:
    """What linked actors among the targets say, unless a base they share says more."""
    if not (a.attacked and b.attacked) or a.bases & b.bases:
        return None
    for x, y in _pairs(a.attacked, b.attacked):
        if _family(x) & _family(y):
            return Reason("victim", f"both on {x.name}", SAME_VICTIM)
    return Reason("victim", f"on {a.attacked[0].name} and on {b.attacked[0].name}", OTHER_VICTIM)


def _alike(a: Profile, b: Profile) -> Finding:
    """Names that are spelled alike, at least one of them unlinked."""
    linked = [{side.name.lower(): side.name for side in each.attackers} for each in (a, b)]
    for x, said in sorted({**a.attacker_names, **linked[0]}.items()):
        for y, also in sorted({**b.attacker_names, **linked[1]}.items()):
            if fuzz.token_sort_ratio(x, y) >= ALIKE:
                is_name = x in linked[0] or y in linked[1] or (_is_name(said) and _is_name(also))
                return Reason("attacker", f"both by {said}", ALIKE_ATTACKER if is_name else SAME_DESCRIPTION)
    return None


def _is_name(text: str) -> bool:
    """Whether capitals tell a name: those of "Gunmen" may only be of the start of a sentence."""
    words = re.split(r"[\s-]+", text)
    return any(word[:1].isupper() for word in words[1:]) or any(map(is_acronym, words))


def _opposed(a: tuple[Side, ...], b: tuple[Side, ...]) -> Finding:
    said = f"attackers {a[0].name} and {b[0].name}"
    if _are_of_two_sides(a, b):
        return Reason("attacker", f"{said}: different sides", OTHER_SIDE)
    near = [(x, y) for x, y in _pairs(a, b) if _share_a_country(x, y)]
    if all(x.is_state != y.is_state for x, y in near):
        return Reason("attacker", f"{said}: a state and a group", STATE_AND_GROUP)
    return Reason("attacker", said, OTHER_ATTACKER)


def _are_of_two_sides(a: tuple[Side, ...], b: tuple[Side, ...]) -> bool:
    """Whether both are known and no two of them may be of one country."""
    return bool(a and b) and not any(_share_a_country(x, y) for x, y in _pairs(a, b))


def _share_a_country(x: Side, y: Side) -> bool:
    """Whether they may; of an actor without countries it is not known."""
    return not (x.countries and y.countries) or bool(x.countries & y.countries)


def _crossing(a: Profile, b: Profile) -> Side | None:
    """Who attacks in one account and is attacked in the other."""
    for one, other in ((a, b), (b, a)):
        for side in one.attackers:
            if side.id in _ids(other.attacked):
                return side
    return None


def _pairs(a: Iterable[Side], b: tuple[Side, ...]) -> Iterator[tuple[Side, Side]]:
    return ((x, y) for x in a for y in b)


def _family(side: Side) -> set[str]:
    return {side.id, side.above} - {""}


def _ids(sides: Iterable[Side]) -> set[str]:
    return {side.id for side in sides}
