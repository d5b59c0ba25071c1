"""Who the sides of an incident are to the codebooks: a state, an organised group, civilians."""

from collections.abc import Iterable
from typing import Literal

from tocsin.data.coding.account import Value

Side = Literal["state", "group", "civilians", ""]

STATE_FORCES, CIVILIANS, EXTERNAL_FORCES = 1, 7, 8  # values of ACLED's inter
_GROUPS = (2, 3, 4)  # rebels, political and identity militias


def actors(values: Iterable[Value]) -> tuple[Value, ...]:
    """Those that are somebody; a base or a town that was hit is nobody."""
    return tuple(
        value for value in values if (value.link.entry.layer == "actor" if value.link else value.label == "ACTOR")
    )


def inter(value: Value, country: str) -> int | None:
    """ACLED's actor type; None if it is not known.

    A state's forces outside their own country are "external" by its codebook: where nothing says in which country it
    was, their type is not known.

    Args:
        country: where it happened, ISO 3166-1 alpha-2; empty if not known.
    """
    entry = value.link.entry if value.link else None
    if entry is None or not entry.inter:
        return None
    number = int(entry.inter)
    if number != STATE_FORCES or not entry.countries:
        return number
    if not country:
        return None
    return STATE_FORCES if country in entry.countries else EXTERNAL_FORCES


def side(value: Value) -> Side:
    """What an actor is, wherever it acts; empty if not known. External forces may be any side's."""
    entry = value.link.entry if value.link else None
    number = int(entry.inter) if entry and entry.inter else None
    if number == STATE_FORCES or (number == EXTERNAL_FORCES and entry and entry.kind == "state forces"):
        return "state"
    if number in _GROUPS:
        return "group"
    return "civilians" if number == CIVILIANS else ""
