"""The place slot of two accounts: one site, near sites, one region, or too far apart."""

from collections.abc import Iterable, Sequence

from tocsin.data.coding.merged import Reason
from tocsin.data.coding.where import distance_km
from tocsin.data.store.findings import Finding, Veto
from tocsin.data.store.localities import are_alike
from tocsin.data.store.profiles import Point, Profile
from tocsin.data.store.weights import (
    BASE_NEAR_PLACE,
    NEAR_KM,
    NO_PLACE,
    ONLY_COUNTRY,
    OTHER_LOCALITY,
    OTHER_TOWN,
    OTHER_UNIT,
    SAME_AREA,
    SAME_BASE,
    SAME_CITY,
    SAME_LOCALITY,
    SAME_QUARTER,
    SAME_SITE,
    WALK_KM,
)


def places(a: Profile, b: Profile) -> Finding:
    """What the places say; exact positions if both have them, else what encloses them."""
    if a.points and b.points:
        return _exact(a.points, b.points)
    if a.countries and b.countries and a.countries.isdisjoint(b.countries):
        return Veto("place", f"in {_listed(a.countries)} and in {_listed(b.countries)}")
    for entry in sorted(a.areas.keys() & b.areas.keys()):
        return Reason("place", f"both in {a.areas[entry]}", SAME_AREA)
    for unit in sorted(a.units.keys() & b.units.keys()):
        return Reason("place", f"both in {a.units[unit]}", SAME_AREA)
    if a.units and b.units:
        return Reason("place", f"in {_listed(a.units.values())} and in {_listed(b.units.values())}", OTHER_UNIT)
    for country in sorted(a.countries & b.countries):
        if a.localities and b.localities:
            return Reason("place", f"both in {country}", SAME_AREA)
        return Reason("place", f"both in {country}, and no more is known of both", ONLY_COUNTRY)
    return Reason("place", "no linked place to compare", NO_PLACE)


def localities(a: Profile, b: Profile) -> Finding:
    """What the names of places say that no gazetteer knows, unless a base both name says more."""
    pairs = [(x, y) for x in a.localities for y in b.localities]
    if not pairs or a.bases & b.bases:
        return None
    in_a_city = bool(a.points and b.points)
    for x, y in pairs:
        if are_alike(x, y):
            said = f"both in {x.text}" if x.text == y.text else f"{x.text} and {y.text}"
            return Reason("place", said, SAME_QUARTER if in_a_city else SAME_LOCALITY)
    if not in_a_city and any(x.is_area != y.is_area for x, y in pairs):
        return None  # the village may be in the district
    return Reason("place", f"{_texts(a)} and {_texts(b)}: other names", OTHER_LOCALITY)


def is_one_site(a: Sequence[Point], b: Sequence[Point]) -> bool:
    """Whether positions are of one site, or of a base and its town."""
    finding = _exact(a, b)
    return isinstance(finding, Reason) and finding.weight > 0


def _exact(a: Sequence[Point], b: Sequence[Point]) -> Finding:
    """Bases count alone where both name some: the town they share says nothing then."""
    bases = [[point for point in points if point.is_base] for points in (a, b)]
    first, second = bases if all(bases) else (a, b)
    shared = {point.entry for point in first} & {point.entry for point in second}
    for point in sorted(first, key=lambda point: (not point.is_base, point.entry)):
        if point.entry in shared:
            return _shared(point)
    pairs = ((distance_km(p.position, q.position), p, q) for p in first for q in second)
    km, p, q = min(pairs, key=lambda pair: (pair[0], pair[1].entry, pair[2].entry))
    said = f"{p.name} and {q.name}: {km:.0f} km apart"
    if km > NEAR_KM:
        return Veto("place", said)
    if km <= WALK_KM:
        return Reason("place", said, SAME_SITE)
    return Reason("place", said, BASE_NEAR_PLACE if p.is_base != q.is_base else OTHER_TOWN)


def _shared(point: Point) -> Reason:
    if point.is_base:
        return Reason("place", f"both at {point.name}", SAME_BASE)
    return Reason("place", f"both in {point.name}", SAME_CITY)


def _texts(compared: Profile) -> str:
    return _listed(each.text for each in compared.localities)


def _listed(words: Iterable[str]) -> str:
    return ", ".join(sorted(set(words)))
