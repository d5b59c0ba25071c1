"""Who the sides of an incident are to the codebooks: a state, an organised group, civilians."""

from collections.abc import Iterable
from typing import Literal

from tocsin.data.coding.account import Value
from tocsin.data.coding.merged import MergedIncident
from tocsin.data.exports.civilians import CIVILIANS, PROTESTERS, civilians, civilians_of, is_count
from tocsin.data.exports.rows import Row
from tocsin.data.exports.tellers import claimants

Side = Literal["state", "group", "civilians", ""]

STATE_FORCES, EXTERNAL_FORCES = 1, 8  # values of ACLED's inter
BY_CLAIM = "with who claims it for an attacker whom no gazetteer knows"

_GROUPS = (2, 3, 4)  # rebels, political and identity militias
_CIVIL_SECTORS = frozenset({"AGR", "CVL", "EDU", "JRN", "LAB", "MED", "REF"})  # PLOVER's, of who never is a force
_NAMES = {CIVILIANS: "Civilians", PROTESTERS: "Protesters"}


def actors(values: Iterable[Value]) -> tuple[Value, ...]:
    """Those that are somebody; a base or a town that was hit is nobody."""
    return tuple(
        value for value in values if (value.link.entry.layer == "actor" if value.link else value.label == "ACTOR")
    )


def attackers(incident: MergedIncident) -> tuple[Value, ...]:
    """Who attacked, known ones first. Where the gazetteers know none of them, it is a claimant whom they know."""
    named = actors(incident.attackers)
    claiming = tuple(value for value in actors(claimants(incident)) if value.link)
    if claiming and not any(value.link for value in named):
        return claiming
    return tuple(sorted(named, key=_is_unlinked))


def is_by_claim(incident: MergedIncident) -> bool:
    """Whether a claimant stands for attackers that are told in other words."""
    named = actors(incident.attackers)
    return bool(named) and not set(named) & set(attackers(incident))


def victims(row: Row) -> tuple[Value, ...]:
    """Who was attacked, known ones first, civilians last. Where nobody is named, it is who is counted as civilians."""
    named = actors(row.targets)
    ordered = sorted(named, key=lambda value: (is_civilian(value), _is_unlinked(value)))
    return tuple(ordered) if named else _counted(row.incident)


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
    return STATE_FORCES if country == entry.country else EXTERNAL_FORCES


def victim_inter(value: Value, country: str) -> int | None:
    """The same of who was attacked: civilians are so by a word as well; who attacks is none by a word."""
    if kind := civilians(value):
        return kind.inter
    return inter(value, country) or (CIVILIANS if is_civilian(value) else None)


def civilian_name(value: Value) -> str:
    """What ACLED calls civilians that have no name, without the country; empty for others."""
    kind = civilians(value)
    return _NAMES[kind.inter] if kind else ""


def side(value: Value) -> Side:
    """What an actor is, wherever it acts; empty if not known. External forces may be any side's."""
    entry = value.link.entry if value.link else None
    number = int(entry.inter) if entry and entry.inter else None
    if number == STATE_FORCES or (number == EXTERNAL_FORCES and entry and entry.kind == "state forces"):
        return "state"
    if number in _GROUPS:
        return "group"
    return "civilians" if is_civilian(value) else ""


def is_civilian(value: Value) -> bool:
    """Whether an actor is civilian by its entry, or if it has none by its words."""
    entry = value.link.entry if value.link else None
    if entry is None:
        return civilians(value) is not None
    return int(entry.inter) in _NAMES if entry.inter else entry.sector in _CIVIL_SECTORS


def is_armed(value: Value) -> bool:
    """Whether a gazetteer knows an actor as a state, an organised group or an external force."""
    return side(value) in ("state", "group") or (value.link is not None and value.link.entry.inter == "8")


def _is_unlinked(value: Value) -> bool:
    return value.link is None


def _counted(incident: MergedIncident) -> tuple[Value, ...]:
    """The harmed, if every phrase that names them names civilians; "another five" names nobody."""
    tolls = [toll for toll in incident.tolls if toll.high != 0]
    named = [place for toll in tolls for place in toll.evidence if not is_count(place.text)]
    if not all(civilians_of(place.text) for place in named):
        return ()
    return tuple(Value(place.text, "CASUALTY", incident.score, (place,)) for place in dict.fromkeys(named))
