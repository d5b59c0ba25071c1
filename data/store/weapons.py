"""The weapon slot of two accounts: classes that are one, related, or exclude each other."""

from tocsin.data.coding.merged import Reason
from tocsin.data.coding.weapons import compatible
from tocsin.data.store.findings import Finding
from tocsin.data.store.profiles import UNCLASSED, Profile
from tocsin.data.store.weights import MISTAKEN_WEAPON, OTHER_WEAPON, RELATED_WEAPON, SAME_WEAPON

# Classes that reporters take for each other: what comes flying, and what was laid or carried there to explode.
_FAMILIES = (
    frozenset(
        "drone|one-way attack drone|rocket|missile|ballistic missile|cruise missile|anti-ship missile|"
        "air-launched missile|air-dropped bomb|aerial|warplane".split("|")
    ),
    frozenset("explosive|IED|vehicle bomb|suicide bomb|suicide vehicle bomb|landmine".split("|")),
)


def weapons(a: Profile, b: Profile) -> Finding:
    """What the weapons say; nothing if an account names none of a known class and none in the same words."""
    for name in sorted(a.weapons.keys() & b.weapons.keys()):
        return Reason("weapon", f"both with {a.weapons[name]}", SAME_WEAPON)
    first, second = ([name for name in sorted(each.weapons) if not name.startswith(UNCLASSED)] for each in (a, b))
    for x in first:
        for y in second:
            if compatible(x, y):
                return Reason("weapon", f"{x} and {y}", RELATED_WEAPON)
    if not (first and second):
        return None
    is_mistake = any(family.intersection(first) and family.intersection(second) for family in _FAMILIES)
    said = f"{', '.join(first)} and {', '.join(second)}"
    return Reason("weapon", said, MISTAKEN_WEAPON if is_mistake else OTHER_WEAPON)
