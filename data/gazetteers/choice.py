"""Choice: which of several entries of like name a text means, given the countries it speaks of.

A candidate's score is its likeness (`likeness`) less what speaks against it:

| the article                                         | takes away                                           |
|-----------------------------------------------------|------------------------------------------------------|
| names places, but none of this country              | 0.06; 0.25 from a city under 100,000, 0.12 next door |
| names several places of one other country           | 0.25 from a city under 500,000, unless next door     |
| names no place of any country, and others act in it | 0.03                                                 |
| names none of an actor's countries in any way       | 0.04                                                 |

twice that where only the core of the name is the same or it is misspelled. Capitals count as large. A country pays 0.06
only where the article is about one other country and nobody of it acts: "Georgia" beside Atlanta. News agencies and
international organisations are at home anywhere. Others pay 0.25 in a strange country for a name that tells them from
nobody: one of common words only (`generic`), unless they have parts in six countries; or initials, if an entry of
another name has the same, or if they are three at most, of one country and no state's. A country next door is not
strange to one who shares the name with nobody.

Candidates are ranked by score, 0.02 for each power of ten of their inhabitants, 0.04 for lying in a first-level unit
the article names, 0.02 for being a city abroad, but next door, -0.04 for lying in a country it names few places of, and
0.3 for being of a gazetteer of the user's; actors also by how near to them the article is: 0.06 for naming places of
their countries, 0.04 for few of them or for others of theirs who act, 0.02 for small places or groups there. The best
is taken if it is `DOMINANCE` ahead of the next, which is five times the inhabitants, and twice that if it is a city
abroad; else the name stays ambiguous. Ahead by less than twice that, the link loses `DOUBT`, and so does a country with
a unit elsewhere of its name. Below `THRESHOLD` there is no link.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from tocsin.data.gazetteers.countries import is_capital
from tocsin.data.gazetteers.entry import Entry, Link
from tocsin.data.gazetteers.index import Candidate

THRESHOLD = 0.8
DOMINANCE = 0.02 * math.log10(5)
DOUBT = 0.05
LONE = 0.035  # ahead of the next by so much, which is fifty times the inhabitants
FOREIGN, SMALL_FOREIGN_CITY, TOWN_NEXT_DOOR, STRANGE_NAME = 0.06, 0.25, 0.12, 0.25
NOT_ACTING, STRANGE_ACTOR = 0.03, 0.04
TENFOLD_RANK, UNIT_RANK, ASIDE_RANK, OWN_RANK, NEARER_RANK = 0.02, 0.04, 0.04, 0.3, 0.02
NEXT_DOOR_RANK = 0.02

SMALL_CITY = 100_000  # inhabitants; whoever means one of these abroad says so
LARGE_CITY = 500_000  # inhabitants; known abroad even to readers about another country
SEAT_CITY = 15_000  # inhabitants; the bare name of it and of its unit means the city
ALIAS_SEAT_CITY = 50_000  # the same where the name is only one of its others: Yangon's "Rangoon"
ALIAS_SHARE = 0.05  # of the inhabitants count for a name that is not the city's own: Belém's "Bethlehem"
ONE_PLACE_DEGREES = 0.15  # cities of one name so close are one
SEAT_DEGREES = 0.5  # a city of a unit's name so close to its middle is its seat, though a unit of its own as Kyiv is
SHORT_ACRONYM = 3  # letters; more of them are seldom those of two groups
MANY_COUNTRIES = 6  # who has parts in so many is known by a name of common words, as the Islamic State is
WORLDWIDE = frozenset({"news agency", "international organisation"})  # kinds of actors that are nowhere strange
_STATE_KINDS = frozenset({"state", "state forces", "intelligence", "peacekeepers", "coalition"})  # act abroad
# Of what has no inhabitants: with whom it ranks.
_PROMINENCE = {"country": 4e7, "sea": 4e7, "first-level unit": 2e6, "second-level unit": 1e6, "area": 2e6, "site": 2e6}


@dataclass(frozen=True, slots=True)
class Context:
    """What an article speaks of, besides the name in question."""

    places: frozenset[str] = frozenset()  # countries it is about: the places it names are mostly theirs
    asides: frozenset[str] = frozenset()  # countries it names few places of
    actors: frozenset[str] = frozenset()  # countries whose name stands in those of its actors and bases
    units: frozenset[tuple[str, str]] = frozenset()  # first-level units: country and code
    hints: frozenset[str] = frozenset()  # countries of small places and of groups: they tell of actors only
    next_door: frozenset[str] = frozenset()  # countries that share a border with those of its places
    is_settled: bool = False  # it names several places of one country


@dataclass(frozen=True, slots=True)
class Choice:
    """The entry chosen."""

    link: Link
    is_lone: bool  # no other entry comes near
    is_full: bool  # by its whole name, not by its core or a misspelling


def choose(candidates: Sequence[Candidate], context: Context) -> Choice | None:
    """The candidate meant; None if there is none, none that is likely, or more than one."""
    kept = _with_strange_names(_without_parts(_without_namesakes(candidates)), context)
    if not kept:
        return None
    ranked = sorted(kept, key=lambda candidate: (-_rank(candidate, context), candidate.entry.id))
    best = ranked[0]
    others = [other for other in ranked[1:] if not _is_one_place(best.entry, other.entry)]
    lead = _rank(best, context) - max((_rank(other, context) for other in others), default=-math.inf)
    is_shared = any(_is_unit_called_like(best.entry, other.entry) for other in others)
    is_clear = lead >= 2 * DOMINANCE and not is_shared
    score = _score(best, context) - (0 if is_clear else DOUBT)
    if lead < (2 if _is_abroad(best.entry, context) else 1) * DOMINANCE or score < THRESHOLD:
        return None
    return Choice(Link(best.entry, round(score, 4)), lead >= LONE and not is_shared, best.is_full)


def is_likely(candidates: Sequence[Candidate], context: Context) -> bool:
    """Whether any of them could be meant; if none was chosen all the same, the name is ambiguous."""
    return any(_score(candidate, context) >= THRESHOLD for candidate in candidates)


def prominence(candidate: Candidate) -> float:
    """Inhabitants, or with how many inhabitants it ranks."""
    share = ALIAS_SHARE if candidate.is_alias else 1
    return _PROMINENCE.get(candidate.entry.kind) or candidate.entry.population * share


def _rank(candidate: Candidate, context: Context) -> float:
    entry = candidate.entry
    return (
        _score(candidate, context)
        + TENFOLD_RANK * math.log10(1 + prominence(candidate))
        - ASIDE_RANK * (entry.country in context.asides)
        + NEXT_DOOR_RANK * (_is_abroad(entry, context) and entry.country in context.next_door)
        + UNIT_RANK * ((entry.country, entry.admin1) in context.units)
        + OWN_RANK * candidate.is_own
        + NEARER_RANK * (_nearness(entry, context) if entry.layer == "actor" else 0)
    )


def _score(candidate: Candidate, context: Context) -> float:
    return candidate.likeness - _malus(candidate, context) * (1 if candidate.is_full else 2)


def _malus(candidate: Candidate, context: Context) -> float:
    entry = candidate.entry
    countries = frozenset(entry.countries)
    if not countries or countries & (context.places | context.asides):
        return 0
    acts = bool(countries & context.actors)
    if entry.kind == "country":
        return FOREIGN if len(context.places) == 1 and not acts else 0
    if entry.layer == "actor":
        is_strange = (context.places or context.actors) and not acts and entry.kind not in WORLDWIDE
        return STRANGE_ACTOR if is_strange else 0
    if not context.places:
        return NOT_ACTING if context.actors and not acts else 0
    return _city_malus(candidate, context) if entry.kind == "city" and not candidate.is_own else FOREIGN


def _city_malus(candidate: Candidate, context: Context) -> float:
    """What speaks against a city of a country that an article names no place of.

    Who acts far from home, as the United States do in so many articles, does not make its towns likelier.
    """
    is_next_door = candidate.entry.country in context.next_door
    inhabitants = math.inf if is_capital(candidate.entry) else prominence(candidate)
    if inhabitants < SMALL_CITY:
        return TOWN_NEXT_DOOR if is_next_door else SMALL_FOREIGN_CITY
    if inhabitants < LARGE_CITY and context.is_settled and not is_next_door:
        return SMALL_FOREIGN_CITY
    return FOREIGN


def _is_abroad(entry: Entry, context: Context) -> bool:
    """Whether it is a city, no capital, in a country that an article names no place of."""
    is_elsewhere = context.places and entry.country not in context.places | context.asides
    return bool(is_elsewhere) and entry.kind == "city" and not is_capital(entry)


def _nearness(actor: Entry, context: Context) -> int:
    """How much an article has to do with the countries of an actor, from 0 to 3."""
    countries = frozenset(actor.countries)
    if countries & context.places:
        return 3
    if countries & (context.asides | context.actors):
        return 2
    return 1 if countries & context.hints else 0


def _with_strange_names(candidates: Sequence[Candidate], context: Context) -> list[Candidate]:
    """The candidates, those less likely whose name is more likely somebody else's where the article is about."""
    is_shared = len(candidates) > 1
    return [
        candidate.less(STRANGE_NAME) if _has_strange_name(candidate, is_shared, context) else candidate
        for candidate in candidates
    ]


def _has_strange_name(candidate: Candidate, is_shared: bool, context: Context) -> bool:
    if not (candidate.acronym or candidate.is_generic) or _is_at_home(candidate, is_shared, context):
        return False
    entry = candidate.entry
    if candidate.is_generic:
        return bool(context.places or context.asides) and len(candidate.reach) < MANY_COUNTRIES
    is_short = len(candidate.acronym) <= SHORT_ACRONYM
    is_told = context.places or context.asides or context.hints
    return bool(is_told) and (is_shared or (is_short and len(entry.countries) == 1 and entry.kind not in _STATE_KINDS))


def _is_at_home(candidate: Candidate, is_shared: bool, context: Context) -> bool:
    """Whether an article speaks of the countries of an actor or a base, or of theirs next door."""
    entry = candidate.entry
    is_anywhere = not entry.countries or candidate.is_own or entry.kind in WORLDWIDE
    is_near = not is_shared and not context.next_door.isdisjoint(entry.countries)
    is_spoken_of = _nearness(entry, context) > 0 or not candidate.reach.isdisjoint(context.places | context.asides)
    return is_anywhere or is_near or is_spoken_of


def _without_namesakes(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Of a unit and its seat only one: the seat if it is a city worth the name. An area wins over what lies in it.

    Smaller towns of the country are not meant by the name of a unit either.
    """
    areas = {candidate.entry.country for candidate in candidates if candidate.entry.kind == "area"}
    units = [candidate.entry for candidate in candidates if candidate.entry.is_unit]
    seats = [candidate for candidate in candidates if _is_worth_a_unit(candidate)]
    headed = {unit.id for unit in units if any(_is_seat(seat, unit) for seat in seats)}
    headless = [unit for unit in units if unit.id not in headed]
    inner = {(unit.country, unit.admin1) for unit in headless}
    countries = {unit.country for unit in headless}

    def is_namesake(candidate: Candidate) -> bool:
        entry = candidate.entry
        if entry.kind == "city":
            is_outshone = entry.country in countries and not _is_worth_a_unit(candidate)
            return entry.country in areas or (entry.country, entry.admin1) in inner or is_outshone
        return entry.is_unit and (entry.country in areas or entry.id in headed)

    return [candidate for candidate in candidates if candidate.is_own or not is_namesake(candidate)]


def _is_worth_a_unit(candidate: Candidate) -> bool:
    """Whether it is a city so large that a name which it shares with a unit is rather the city's."""
    least = ALIAS_SEAT_CITY if candidate.is_alias else SEAT_CITY
    return candidate.entry.kind == "city" and candidate.entry.population >= least


def _is_seat(city: Candidate, unit: Entry) -> bool:
    """Whether a city of a unit's name lies in it, or bears the name itself and lies amid it."""
    entry = city.entry
    if entry.country != unit.country:
        return False
    return entry.admin1 == unit.admin1 or (not city.is_alias and _are_near(entry, unit, SEAT_DEGREES))


def _without_parts(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Without actors that are part of another candidate: the name they share is the whole's."""
    ids = {candidate.entry.id for candidate in candidates}
    return [candidate for candidate in candidates if candidate.entry.parent not in ids]


def _is_unit_called_like(country: Entry, unit: Entry) -> bool:
    """Whether it is a unit of another country by the same name, as Georgia and Niger have."""
    return country.kind == "country" and unit.is_unit


def _is_one_place(first: Entry, second: Entry) -> bool:
    """Whether two cities are so close that they are a city and a quarter of it."""
    if not first.kind == second.kind == "city":
        return False
    return _are_near(first, second, ONE_PLACE_DEGREES)


def _are_near(first: Entry, second: Entry, degrees: float) -> bool:
    """Whether neither latitudes nor longitudes differ by so much."""
    pairs = (first.latitude, second.latitude), (first.longitude, second.longitude)
    return all(one is not None and other is not None and abs(one - other) < degrees for one, other in pairs)
