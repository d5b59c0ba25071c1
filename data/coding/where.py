"""Where an incident happened: locations from the linked targets and places.

Every linked base is a location, and so is every named place that holds none of the others: a city, else a unit, an
area, a sea or a country. A place that holds a more exact location of the same incident says where that one is, and
is no second location: its country, its first-level unit, an area of its country, the city `NEAR_KM` from a base, the
sea `SEA_KM` around. Several cities are several locations. A value without a link, or whose entry has no position,
gives none.

A base stands in its main country, whoever else lays claim to the ground. Any other place of several countries is in
none of them: nothing says in which of an area's countries it was.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

from tocsin.data.coding.account import Evidence, Location, Value
from tocsin.data.gazetteers.entry import Entry

EARTH_KM = 6371.0088  # mean radius
NEAR_KM = 50.0  # farther from a city, a base is hardly said to be in it
SEA_KM = 1500.0  # half the length of a sea, whose position is its middle

_POINTS, _UNITS, _AREA, _COUNTRY, _SEA = (1, 2), (3, 4), 5, 6, 7  # values of `where_prec`
_EXACTNESS = (*_POINTS, *_UNITS, _SEA, _AREA, _COUNTRY)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A linked entry with a position, and all that names it."""

    entry: Entry
    latitude: float
    longitude: float
    where_prec: int
    evidence: tuple[Evidence, ...]

    @property
    def position(self) -> tuple[float, float]:
        return self.latitude, self.longitude

    @property
    def order(self) -> tuple[int, bool, int]:
        first = min((place.start for place in self.evidence), default=0)
        return _EXACTNESS.index(self.where_prec), self.entry.layer != "base", first


def locate(targets: Iterable[Value], places: Iterable[Value]) -> tuple[Location, ...]:
    """The locations of one incident, the most exact first, then bases, then in the order of the text."""
    candidates = _candidates([*targets, *places])
    kept: list[_Candidate] = []
    for candidate in candidates:
        if not any(_holds(candidate, other) for other in kept):
            kept.append(candidate)
    return tuple(_location(candidate, candidates) for candidate in kept)


def distance_km(first: tuple[float, float], second: tuple[float, float]) -> float:
    """Great-circle distance of two positions in degrees, latitude first.

    >>> round(distance_km((0.0, 0.0), (0.0, 180.0)))
    20015
    """
    (lat, lon), (other_lat, other_lon) = (tuple(map(radians, position)) for position in (first, second))
    half = sin((other_lat - lat) / 2) ** 2 + cos(lat) * cos(other_lat) * sin((other_lon - lon) / 2) ** 2
    return 2 * EARTH_KM * asin(min(1.0, sqrt(half)))


def _candidates(values: Sequence[Value]) -> list[_Candidate]:
    """Each entry once, as exact as any value has it ("Varn", "north of Varn"), the most exact first."""
    found: dict[str, _Candidate] = {}
    for value in values:
        entry = value.link.entry if value.link else None
        if entry is None or entry.latitude is None or entry.longitude is None or entry.layer == "actor":
            continue
        # A row of a user's own file may say nothing of it: a named place with a position is that place.
        own = _Candidate(entry, entry.latitude, entry.longitude, entry.where_prec or 1, value.evidence)
        known = found.get(entry.id)
        best = own if known is None or own.where_prec < known.where_prec else known
        evidence = tuple(dict.fromkeys((*(known.evidence if known else ()), *own.evidence)))
        found[entry.id] = _Candidate(best.entry, best.latitude, best.longitude, best.where_prec, evidence)
    return sorted(found.values(), key=lambda candidate: candidate.order)


def _holds(outer: _Candidate, inner: _Candidate) -> bool:
    """Whether a place holds a location that is at least as exact."""
    if outer.entry.layer == "base":
        return False
    if _SEA in (outer.where_prec, inner.where_prec):
        return distance_km(outer.position, inner.position) <= SEA_KM
    if outer.where_prec in _POINTS:
        return inner.entry.layer == "base" and distance_km(outer.position, inner.position) <= NEAR_KM
    if not set(outer.entry.countries) & set(inner.entry.countries):
        return False
    if outer.where_prec in _UNITS:
        return _is_in_unit(inner, outer.entry)
    return outer.where_prec > inner.where_prec


def _is_in_unit(inner: _Candidate, unit: Entry) -> bool:
    """Whether a location of the same country is in a unit; a base or city whose own is not known is taken to be."""
    if inner.entry.admin1 and unit.admin1:
        return inner.entry.admin1 == unit.admin1
    if inner.entry.region and unit.region:
        return inner.entry.region == unit.region
    return inner.where_prec in _POINTS


def _location(candidate: _Candidate, candidates: Sequence[_Candidate]) -> Location:
    """The location of an entry. One that does not know its unit takes that of the units and cities that hold it."""
    entry = candidate.entry
    proofs = [] if entry.region else [outer for outer in candidates if _unit(outer) and _holds(outer, candidate)]
    if len({_unit(outer) for outer in proofs}) != 1:
        proofs = []  # none, or not the same
    evidence = (place for named in (candidate, *proofs) for place in named.evidence)
    return Location(
        entry.name,
        _country(candidate),
        _unit(proofs[0]) if proofs else entry.region,
        candidate.latitude,
        candidate.longitude,
        candidate.where_prec,
        entry.id,
        tuple(dict.fromkeys(evidence)),
    )


def _country(candidate: _Candidate) -> str:
    entry = candidate.entry
    if candidate.where_prec == _SEA:  # it lists the countries on its coasts
        return ""
    return entry.country if entry.layer == "base" or len(entry.countries) == 1 else ""


def _unit(candidate: _Candidate) -> str:
    """The name of the unit that a place is, or is in; empty for areas, seas, countries, and where it is not known."""
    name = candidate.entry.name if candidate.where_prec in _UNITS else ""
    return (candidate.entry.region or name) if candidate.where_prec in (*_POINTS, *_UNITS) else ""
