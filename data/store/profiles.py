"""A profile: of an account, only what tells its incident from others, in the form in which accounts are compared."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from tocsin.data.coding.account import Account, Days, Toll, Value
from tocsin.data.gazetteers.countries import countries
from tocsin.data.gazetteers.entry import Entry
from tocsin.data.gazetteers.names import fold, rough
from tocsin.data.incidents import normalise
from tocsin.data.store.localities import Locality, locality
from tocsin.data.store.targets import kinds, names, words
from tocsin.data.types import DateInterval

EXACT = 2  # UCDP's where_prec up to which a position tells one site from another
UNIT = 4
COUNTRY = 6
SEA = 7
UNCLASSED = "text:"  # before the form of a weapon that is of no known class
_STATE_SECTORS = frozenset({"GOV", "MIL", "COP", "SPY"})
_LATE = frozenset("late night evening overnight midnight tonight".split())
_EARLY = frozenset("early dawn morning overnight predawn midnight".split())


@dataclass(frozen=True, slots=True)
class Point:
    """A position exact enough to tell one site from another."""

    entry: str  # the gazetteer's
    name: str
    latitude: float
    longitude: float
    is_base: bool

    @property
    def position(self) -> tuple[float, float]:
        return self.latitude, self.longitude


@dataclass(frozen=True, slots=True)
class Side:
    """An actor as one side of a conflict: all organs of a state are one."""

    id: str  # "state:IQ", or the entry's
    name: str
    above: str  # what it is part of, by the same ids; empty if nothing
    countries: frozenset[str]
    is_state: bool  # a state or several


@dataclass(frozen=True, slots=True)
class Profile:
    """What of an account is compared."""

    id: str
    article: str  # its key
    type: str
    days: DateInterval | None
    is_late: bool  # the date expressions say evening or night
    is_early: bool  # … or a morning, or a night
    points: tuple[Point, ...]
    areas: Mapping[str, str]  # names of units, regions and seas by entry
    units: Mapping[tuple[str, str], str]  # names of first-level units, by country and spelling form
    countries: frozenset[str]
    localities: tuple[Locality, ...]  # named places that are not linked
    attackers: tuple[Side, ...]  # those that are linked
    attacker_names: Mapping[str, str]  # surface by normalised form, of those that are not
    attacked: tuple[Side, ...]  # linked actors among the targets
    target_texts: Mapping[str, str]  # surface by normalised form, of bases and assets
    target_names: frozenset[str]  # words that name such a target, without those of the place
    target_words: frozenset[str]  # words that say what it is, likewise
    target_kinds: frozenset[str]
    weapons: Mapping[str, str]  # surface by class, or by `UNCLASSED` and form
    tolls: Mapping[str, Toll]  # by harm
    published: date | None

    @property
    def bases(self) -> frozenset[str]:
        return frozenset(point.entry for point in self.points if point.is_base)


def profile(account: Account) -> Profile:
    """Take out of an account what is compared."""
    entries = _entries(account)
    sites = [value for value in account.targets if not _is_side(value) and not _is_place(value)]
    unlinked = [value for value in account.attackers if not value.link]
    around = _place_words(account, entries)
    return Profile(
        id=account.id,
        article=account.article.key,
        type=account.type,
        days=account.days.interval if account.days else None,
        is_late=_says(account.days, _LATE),
        is_early=_says(account.days, _EARLY),
        points=_points(account, entries),
        areas=_areas(account, entries),
        units=_units(account),
        countries=frozenset(place.country for place in account.locations if place.country),
        localities=_localities(account, entries),
        attackers=_sides(account.attackers),
        attacker_names=_by_form(unlinked),
        attacked=_sides(account.targets),
        target_texts=_by_form(sites),
        target_names=_said_of(names, sites) - around,
        target_words=_said_of(words, sites) - around,
        target_kinds=frozenset(kind for value in sites for kind in kinds(value.text)),
        weapons={value.weapon_class or f"{UNCLASSED}{normalise(value.text)}": value.text for value in account.weapons},
        tolls={toll.harm: toll for toll in account.tolls},
        published=account.article.published,
    )


def _entries(account: Account) -> dict[str, Entry]:
    values = (*account.targets, *account.places)
    return {value.link.entry.id: value.link.entry for value in values if value.link}


def _says(days: Days | None, words: frozenset[str]) -> bool:
    return any(words.intersection(fold(evidence.text).split()) for evidence in (days.evidence if days else ()))


def _points(account: Account, entries: Mapping[str, Entry]) -> tuple[Point, ...]:
    return tuple(
        Point(place.entry, place.name, place.latitude, place.longitude, _layer(entries.get(place.entry)) == "base")
        for place in account.locations
        if place.where_prec <= EXACT
    )


def _areas(account: Account, entries: Mapping[str, Entry]) -> dict[str, str]:
    """Places larger than a site and smaller than a country: "northern Iraq" has the entry of Iraq and is none."""
    return {
        place.entry: place.name
        for place in account.locations
        if (EXACT < place.where_prec < COUNTRY or place.where_prec == SEA)
        and (place.entry not in entries or entries[place.entry].kind != "country")
    }


def _units(account: Account) -> dict[tuple[str, str], str]:
    names = {(place.country, place.region or place.name): place for place in account.locations}
    return {
        (country, rough(name)): name
        for (country, name), place in names.items()
        if place.region or EXACT < place.where_prec <= UNIT
    }


def _layer(entry: Entry | None) -> str:
    return entry.layer if entry else ""


def _is_side(value: Value) -> bool:
    return value.label == "ACTOR" or (value.link is not None and value.link.entry.layer == "actor")


def _is_place(value: Value) -> bool:
    return value.label == "LOCATION" or (value.link is not None and value.link.entry.layer == "place")


def _sides(values: Iterable[Value]) -> tuple[Side, ...]:
    """The linked actors, each once, in a fixed order."""
    entries = (value.link.entry for value in values if value.link and value.link.entry.layer == "actor")
    sides = {side.id: side for side in map(_side, entries)}
    return tuple(sides[name] for name in sorted(sides))


def _side(entry: Entry) -> Side:
    """Organs of a state are one side; ACLED's 8, coalitions and foreign forces, are each their own."""
    is_state = entry.inter in ("1", "8") or entry.sector in _STATE_SECTORS
    is_organ = entry.inter == "1" or (is_state and not entry.inter and len(entry.countries) == 1)
    name = f"state:{entry.country}" if is_organ and entry.country else entry.id
    return Side(name, entry.name, entry.parent, frozenset(entry.countries), is_state)


def _by_form(values: Iterable[Value]) -> dict[str, str]:
    return {normalise(value.text): value.text for value in values}


def _said_of(what: Callable[[str, frozenset[str]], frozenset[str]], values: Iterable[Value]) -> frozenset[str]:
    return frozenset(word for value in values for word in what(value.text, _nationalities()))


def _place_words(account: Account, entries: Mapping[str, Entry]) -> frozenset[str]:
    """The words of cities, units and countries: "Erbil hotel" and "Erbil court" have no name in common."""
    return _rough_words([*(value.text for value in account.places), *_linked_names(account, entries)])


def _localities(account: Account, entries: Mapping[str, Entry]) -> tuple[Locality, ...]:
    """The places that a text names and no gazetteer knows, each once, without the places around them."""
    values = [value for value in (*account.places, *account.targets) if value.label == "LOCATION" and not value.link]
    others = _rough_words(_linked_names(account, entries)) if values else frozenset()
    found = (locality(value.text, others, _nationalities()) for value in values)
    unique = {each.name: each for each in found if each}
    return tuple(unique[name] for name in sorted(unique))


def _linked_names(account: Account, entries: Mapping[str, Entry]) -> list[str]:
    """The names of linked cities, units and countries."""
    texts = [place.name for place in account.locations if _layer(entries.get(place.entry)) != "base"]
    return texts + [place.region for place in account.locations]


def _rough_words(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(rough(word) for text in texts for word in fold(text).split())


@cache
def _nationalities() -> frozenset[str]:
    """The words by which the countries of the gazetteer and their people go."""
    texts = (text for each in countries().values() for text in (each.name, *each.aliases, *each.demonyms))
    return frozenset(word for text in texts for word in fold(text).split())
