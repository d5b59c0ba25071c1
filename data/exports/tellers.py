"""Who tells an incident: who claims it, who reports it, and who denies it.

Who is named only in mentions that deny it neither claims nor reports it.
"""

from collections.abc import Iterable

from tocsin.data.coding.account import Evidence, Telling, Value
from tocsin.data.coding.denials import DENIED
from tocsin.data.coding.merged import MergedIncident
from tocsin.data.exports.rows import name_of

ONLY_DENIED = "told by nobody but who denies it"


def claimants(incident: MergedIncident) -> tuple[Value, ...]:
    """Who says "we did it"."""
    return _not_denying(incident.claimants, incident)


def sources(incident: MergedIncident) -> tuple[Value, ...]:
    """Who is named as reporting or confirming it."""
    return _not_denying(incident.sources, incident)


def deniers(incident: MergedIncident) -> tuple[Value, ...]:
    """Who is named as denying it, each name once."""
    named = (value for telling in _denials(incident) for value in _tellers(telling))
    return tuple({name_of(value): value for value in named}.values())


def denial(incident: MergedIncident) -> tuple[str, tuple[Evidence, ...]]:
    """ "Denied by Norland Army." with what proves it; empty if nobody denies it."""
    denials = _denials(incident)
    if not denials:
        return "", ()
    names = ", ".join(map(name_of, deniers(incident)))
    proofs = (place for telling in denials for place in (telling.trigger, *_evidence(_tellers(telling))))
    return f"Denied by {names}." if names else "Denied.", tuple(dict.fromkeys(proofs))


def is_denied_by_nobody_named(incident: MergedIncident) -> bool:
    return bool(_denials(incident)) and not deniers(incident)


def is_only_denied(incident: MergedIncident) -> bool:
    return incident.status == DENIED


def _not_denying(values: Iterable[Value], incident: MergedIncident) -> tuple[Value, ...]:
    denying = {place for telling in _denials(incident) for place in _evidence(_tellers(telling))}
    others = (telling for telling in incident.tellings if telling.status != DENIED)
    telling_it = {place for telling in others for place in _evidence(_tellers(telling))}
    return tuple(value for value in values if not set(value.evidence) <= denying - telling_it)


def _denials(incident: MergedIncident) -> tuple[Telling, ...]:
    return tuple(telling for telling in incident.tellings if telling.status == DENIED)


def _tellers(telling: Telling) -> tuple[Value, ...]:
    return *telling.claimants, *telling.sources


def _evidence(values: Iterable[Value]) -> tuple[Evidence, ...]:
    return tuple(place for value in values for place in value.evidence)
