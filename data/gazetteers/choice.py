"""Choice: which of several entries of like name a text means, given the countries it speaks of.

A candidate's score is its likeness (`likeness`) less what speaks against it:

| the article                                         | takes away                           |
|-----------------------------------------------------|--------------------------------------|
| names places, but none of this country              | 0.06; 0.25 from a city under 100,000 |
| names no place of any country, and others act in it | 0.03                                 |
| names none of an actor's countries in any way       | 0.04                                 |

twice that where only the core of the name is the same or it is misspelled. A country pays 0.06 only where the article
is about one other country and nobody of it acts: "Georgia" beside Atlanta.

Candidates are ranked by score, 0.02 for each power of ten of their inhabitants, 0.04 for lying in a first-level unit
the article names, -0.04 for lying in a country it names few places of, and 0.3 for being of a gazetteer of the user's.
The best is taken if it is `DOMINANCE` ahead of the next, which is five times the inhabitants; else the name stays
ambiguous. Ahead by less than twice that, the link loses `DOUBT`, and so does a country with a unit elsewhere of its
name. Below `THRESHOLD` there is no link.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from tocsin.data.gazetteers.entry import Entry, Link
from tocsin.data.gazetteers.index import Candidate

THRESHOLD = 0.8
DOMINANCE = 0.02 * math.log10(5)
DOUBT = 0.05
LONE = 0.035  # ahead of the next by so much, which is fifty times the inhabitants
FOREIGN, SMALL_FOREIGN_CITY = 0.06, 0.25
NOT_ACTING, STRANGE_ACTOR = 0.03, 0.04
TENFOLD_RANK, UNIT_RANK, ASIDE_RANK, OWN_RANK = 0.02, 0.04, 0.04, 0.3

SMALL_CITY = 100_000  # inhabitants; whoever means one of these abroad says so
SEAT_CITY = 15_000  # inhabitants; the bare name of it and of its unit means the city
ALIAS_SHARE = 0.05  # of the inhabitants count for a name that is not the city's own: Belém's "Bethlehem"
ONE_PLACE_DEGREES = 0.15  # cities of one name so close are one
# Of what has no inhabitants: with whom it ranks.
_PROMINENCE = {"country": 4e7, "sea": 4e7, "first-level unit": 2e6, "area": 2e6}


@dataclass(frozen=True, slots=True)
class Context:
    """What an article speaks of, besides the name in question."""

    places: frozenset[str] = frozenset()  # countries it is about: the places it names are mostly theirs
    asides: frozenset[str] = frozenset()  # countries it names few places of
    actors: frozenset[str] = frozenset()  # countries whose name stands in those of its actors and bases
    units: frozenset[tuple[str, str]] = frozenset()  # first-level units: country and code


@dataclass(frozen=True, slots=True)
class Choice:
    """The entry chosen."""

    link: Link
    is_lone: bool  # no other entry comes near
    is_full: bool  # by its whole name, not by its core or a misspelling


def choose(candidates: Sequence[Candidate], context: Context) -> Choice | None:
    """The candidate meant; None if there is none, none that is likely, or more than one."""
    kept = _without_parts(_without_namesakes(candidates))
    if not kept:
        return None
    ranked = sorted(kept, key=lambda candidate: (-_rank(candidate, context), candidate.entry.id))
    best = ranked[0]
    others = [other for other in ranked[1:] if not _is_one_place(best.entry, other.entry)]
    lead = _rank(best, context) - max((_rank(other, context) for other in others), default=-math.inf)
    is_shared = any(_is_unit_called_like(best.entry, other.entry) for other in others)
    is_clear = lead >= 2 * DOMINANCE and not is_shared
    score = _score(best, context) - (0 if is_clear else DOUBT)
    if lead < DOMINANCE or score < THRESHOLD:
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
        + UNIT_RANK * ((entry.country, entry.admin1) in context.units)
        + OWN_RANK * candidate.is_own
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
        return STRANGE_ACTOR if (context.places or context.actors) and not acts else 0
    if not context.places:
        return NOT_ACTING if context.actors and not acts else 0
    # Who acts far from home, as the United States do in so many articles, does not make its towns likelier.
    is_small = entry.kind == "city" and prominence(candidate) < SMALL_CITY and not candidate.is_own
    return SMALL_FOREIGN_CITY if is_small else FOREIGN


def _without_namesakes(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Of a unit and its seat only one: the seat if it is a city worth the name. An area wins over what lies in it."""
    entries = [candidate.entry for candidate in candidates]
    areas = {entry.country for entry in entries if entry.kind == "area"}
    units = {(entry.country, entry.admin1) for entry in entries if entry.kind == "first-level unit"}
    seats = {
        (entry.country, entry.admin1)
        for entry in entries
        if entry.kind == "city" and entry.population >= SEAT_CITY and entry.country not in areas
    }

    def is_namesake(entry: Entry) -> bool:
        if entry.kind == "city":
            return entry.country in areas or (entry.country, entry.admin1) in units - seats
        return entry.kind == "first-level unit" and (
            entry.country in areas or (entry.country, entry.admin1) in units & seats
        )

    return [candidate for candidate in candidates if candidate.is_own or not is_namesake(candidate.entry)]


def _without_parts(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Without actors that are part of another candidate: the name they share is the whole's."""
    ids = {candidate.entry.id for candidate in candidates}
    return [candidate for candidate in candidates if candidate.entry.parent not in ids]


def _is_unit_called_like(country: Entry, unit: Entry) -> bool:
    """Whether it is a unit of another country by the same name, as Georgia and Niger have."""
    return country.kind == "country" and unit.kind == "first-level unit"


def _is_one_place(first: Entry, second: Entry) -> bool:
    """Whether two cities are so close that they are a city and a quarter of it."""
    if not first.kind == second.kind == "city":
        return False
    return _are_close(first.latitude, second.latitude) and _are_close(first.longitude, second.longitude)


def _are_close(first: float | None, second: float | None) -> bool:
    return first is not None and second is not None and abs(first - second) < ONE_PLACE_DEGREES
