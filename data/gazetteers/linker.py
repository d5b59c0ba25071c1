"""The linker: which bases, actors and places the names of an article mean.

What is decided where: how alike two names are, in `likeness`; what a phrase is built round, in `index` (bases, actors),
`states` (governments and their forces) and `places` (parts and surroundings of places); which of several entries is
meant, and from which score on, in `choice`. Here: what an article as a whole tells.

All mentions of an article are linked together. A first pass takes only what is clear without the others (a country,
the one city or base of that name); the countries and units of these (`votes`) make more of them clear in a second, and
those of both decide the third. What is too small to say what an article is about, and the groups in it, are hints for
actors only: "Congolese army" beside the M23. Then a short form takes the link of the longer name of the article it
stands in ("Islamic Resistance").

What may be of several layers is a thing: a ship, a plant, a palace. Things are called after places, and ships after
bases, without being there ("Moskva"). So a thing is a place or a base only if it says what facility it is ("Erbil
airport"), if it has a row of its own, or if it is called like a base and like no city.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import chain
from pathlib import Path

from tocsin.data.gazetteers.choice import Choice, Context, choose, is_likely
from tocsin.data.gazetteers.cities import Cities, open_cities
from tocsin.data.gazetteers.countries import country_entries, find_countries, state_actors
from tocsin.data.gazetteers.entry import Entry, Layer, Link
from tocsin.data.gazetteers.index import Candidate, NameIndex, best_of_each, names_something, stem
from tocsin.data.gazetteers.likeness import SAME_ROUGH, are_variants, misspellings, same_name
from tocsin.data.gazetteers.names import core, fold, rough
from tocsin.data.gazetteers.places import PRECISION_UNIT, Reading, names_facility, readings
from tocsin.data.gazetteers.states import state_ids, without_ties
from tocsin.data.gazetteers.tables import read_gazetteer, shipped
from tocsin.data.gazetteers.votes import Ballot, Mention

__all__ = ["Linker", "Mention"]

PASSES = 3
SITE = "site"  # kind of a place that is a building or a quarter of buildings
SHORT_FORM_SHARE = 0.95  # of the longer name's score
VAGUE_BASE = 0.12  # from the likeness of a base that is only said to be in or near what it is called after
_AROUND = re.compile(r"\b(?:in|near|outside|around)\b(?!.*\bair(?:port|field)\b)", re.IGNORECASE)
_AUTHORITIES = re.compile(r"\b(?:authorities|administration|officials|leaders|leadership)\b", re.IGNORECASE)
_UNIT_KINDS = ("first-level unit", "second-level unit", "area")
_SORTED_KINDS = {"unit": _UNIT_KINDS, "district": ("city", "area"), "city": ("city",)}


class Linker:
    """Links names to gazetteers; holds all entries but the cities, which stay on disk."""

    def __init__(self, entries: Iterable[Entry], own: Iterable[Entry] = (), cities: Cities | None = None) -> None:
        """Take entries of any layer, those of the user's own gazetteers, and an index of cities."""
        shared, mine = tuple(entries), tuple(own)
        self._regions = _regions((*shared, *mine))
        self._bases = NameIndex("base", tuple(map(self._in_region, shared)), tuple(map(self._in_region, mine)))
        self._actors = NameIndex("actor", shared, mine)
        self._places = NameIndex("place", shared, mine)
        self._cities = cities
        self._named_places = lru_cache(maxsize=4096)(self._find_places)

    @classmethod
    def standard(cls, extra: Sequence[Path] = ()) -> "Linker":
        """The gazetteers that come with the package, and the user's, which win over them.

        Raises:
            DataError: a file of the user's cannot be used.
        """
        own = list(chain.from_iterable(read_gazetteer(path) for path in extra))
        tables = (shipped("bases", "base"), shipped("actors", "actor"), shipped("regions", "place"))
        return cls(chain(*tables, country_entries(), state_actors()), own, open_cities())

    def link_article(self, mentions: Sequence[Mention]) -> list[Link | None]:
        """The link of each mention, in their order; None for a name that is not known, generic or ambiguous."""
        counts = Counter(mentions)
        choices: dict[Mention, Choice | None] = {}
        for _ in range(PASSES):
            ballot = Ballot(choices, counts)
            choices = {mention: self._choose(mention, ballot.context(mention)) for mention in counts}
        return _with_short_forms(mentions, [choices[mention] for mention in mentions])

    def _choose(self, mention: Mention, context: Context) -> Choice | None:
        """The choice of the first layer that makes one."""
        by_layer = {"base": self._choose_base, "actor": self._choose_actor, "place": self._choose_place}
        choices = (by_layer[layer](mention.text, context) for layer in mention.label_layers)
        chosen = (choice for choice in choices if choice)
        if len(mention.label_layers) > 1:
            chosen = (choice for choice in chosen if not self._is_namesake(mention.text, choice, context))
        return next(chosen, None)

    def _is_namesake(self, thing: str, choice: Choice, context: Context) -> bool:
        """Whether a thing is only called like the base or the place chosen."""
        entry = choice.link.entry
        if entry.layer != "base":
            return not names_facility(thing) and entry.kind != SITE
        cities = [candidate for candidate in self._named_places(fold(thing)) if candidate.entry.kind == "city"]
        return is_likely(cities, context) or not (choice.is_full or names_facility(thing))

    def _choose_base(self, text: str, context: Context) -> Choice | None:
        found = self._bases.find(text)
        if _AROUND.search(text):  # "a base in Erbil" need not be the one called after Erbil
            found = [candidate if candidate.is_full else candidate.less(VAGUE_BASE) for candidate in found]
        return choose(found or self._bases.find_misspelled(text), context)

    def _choose_actor(self, text: str, context: Context) -> Choice | None:
        found = self._actors.find(text)
        if not any(candidate.is_full for candidate in found):
            states = [Candidate(entry, SAME_ROUGH) for own_id in state_ids(text) if (entry := self._actors.get(own_id))]
            found = states or found or self._actors.find(without_ties(text)) or self._actors.find(_as_government(text))
        return choose(found or self._actors.find_misspelled(without_ties(text)), context)

    def _choose_place(self, text: str, context: Context) -> Choice | None:
        """By the outermost reading of the phrase that a place is known by, a misspelling last."""
        found = [(reading, self._named_places(reading.name)) for reading in readings(text)]
        for reading, candidates in found:
            choice = self._choose_reading(reading, candidates, context)
            # There are towns and regions of every name, but somewhere else.
            if choice and not (_is_common(text, reading) and _is_far(choice, reading, context)):
                return choice
        if text.islower() or any(is_likely(candidates, context) for _, candidates in found):
            return None
        close = ((reading, self._similar_places(reading, context)) for reading, _ in found)
        return next(filter(None, (self._choose_reading(reading, similar, context) for reading, similar in close)), None)

    def _choose_reading(self, reading: Reading, candidates: Sequence[Candidate], context: Context) -> Choice | None:
        kinds = _SORTED_KINDS.get(reading.sort, ())
        kept = [candidate for candidate in candidates if candidate.entry.kind in kinds] or candidates
        choice = choose(*self._narrowed(reading, kept, context))
        return choice and replace(choice, link=replace(choice.link, entry=self._place(reading, choice.link.entry)))

    def _narrowed(
        self, reading: Reading, candidates: Sequence[Candidate], context: Context
    ) -> tuple[Sequence[Candidate], Context]:
        """Only what lies in the country or unit that stands beside the name, if one does: "Tripoli, Lebanon"."""
        if beside := _beside(reading):
            kept = [candidate for candidate in candidates if beside.intersection(candidate.entry.countries)]
            return kept, replace(context, places=beside, asides=frozenset())
        choice = self._choose_place(reading.around, context) if reading.around else None
        unit = choice.link.entry if choice else None
        if unit is None or unit.kind == "city" or not unit.admin1:
            return candidates, context
        kept = [other for other in candidates if _unit(other.entry) == _unit(unit)]
        return kept, replace(context, places=frozenset({unit.country}), asides=frozenset())

    def _place(self, reading: Reading, entry: Entry) -> Entry:
        return self._in_region(reading.place(entry))

    def _in_region(self, entry: Entry) -> Entry:
        """The entry with the name of its first-level unit, if that is known."""
        region = entry.region or self._regions.get((entry.country, entry.admin1), "")
        return replace(entry, region=region) if region else entry

    def _find_places(self, name: str) -> tuple[Candidate, ...]:
        """Whatever has a name: entries in memory, cities, and the country an adjective stands for ("Iraqi" soil)."""
        cities = self._cities.named(rough(name)) if self._cities else []
        found = [
            Candidate(city, same_name(name, other), is_alias=not are_variants(other, city.name))
            for city, other in cities
        ]
        namings = find_countries(name)
        if len(namings) == 1 and not namings[0].is_people and namings[0].end - namings[0].start == len(name.split()):
            entries = (self._places.get(f"country:{country}") for country in namings[0].countries)
            found += [Candidate(entry, SAME_ROUGH) for entry in entries if entry]
        return tuple(best_of_each([*self._places.find(name), *found]))

    def _similar_places(self, reading: Reading, context: Context) -> list[Candidate]:
        """What a name may be a misspelling of; cities only of the countries the article is about."""
        form = rough(reading.name)
        found = self._places.find_misspelled(reading.name)
        if not self._cities or not form:
            return found
        countries = sorted(context.places | context.asides or context.actors)
        known = tuple(chain.from_iterable(self._cities.forms(country, form[0]) for country in countries))
        for spelling, likeness in misspellings(form, known):
            cities = ((city, name) for city, name in self._cities.named(spelling))
            found += [Candidate(city, likeness, False, not are_variants(name, city.name)) for city, name in cities]
        return best_of_each(found)


def _regions(entries: Iterable[Entry]) -> dict[tuple[str, str], str]:
    """Names of first-level units by country and code; none for a code that several units share.

    The Gaza Strip is an area that is a unit as well.
    """
    names: dict[tuple[str, str], set[str]] = {}
    for entry in entries:
        if entry.where_prec == PRECISION_UNIT and entry.layer == "place" and entry.admin1:
            names.setdefault((entry.country, entry.admin1), set()).add(entry.name)
    return {code: name for code, (name, *others) in names.items() if not others}


def _as_government(text: str) -> str:
    """A phrase with the word that names of governments have: "authorities of Vale" is "government of Vale"."""
    return _AUTHORITIES.sub("government", text)


def _unit(entry: Entry) -> tuple[str, str]:
    return entry.country, entry.admin1


def _is_common(text: str, reading: Reading) -> bool:
    """Whether a phrase describes rather than names: "hospital", "the West", "Sector 5", "Northern Region"."""
    is_numbered = any(word.isdecimal() for word in fold(reading.name).split())
    return text.islower() or is_numbered or not names_something(core(reading.name, "place"), "place")


def _is_far(choice: Choice, reading: Reading, context: Context) -> bool:
    """Whether it is a city or a unit of a country that neither the article nor the phrase names."""
    entry = choice.link.entry
    near = context.places | context.asides | _beside(reading)
    return (entry.kind == "city" or entry.is_unit) and entry.country not in near


def _beside(reading: Reading) -> frozenset[str]:
    """Countries named beside what a reading is built round."""
    return frozenset(country for naming in find_countries(reading.around) for country in naming.countries)


def _with_short_forms(mentions: Sequence[Mention], choices: Sequence[Choice | None]) -> list[Link | None]:
    """All links; what is not known by its whole name takes that of the one longer name it is the start or end of."""
    named = [(mention, choice) for mention, choice in zip(mentions, choices, strict=True) if choice and choice.is_full]
    return [_with_longer_name(mention, choice, named) for mention, choice in zip(mentions, choices, strict=True)]


def _with_longer_name(mention: Mention, choice: Choice | None, named: Iterable[tuple[Mention, Choice]]) -> Link | None:
    own = choice.link if choice else None
    layer = mention.label_layers[0] if mention.label_layers else "place"
    short = stem(without_ties(mention.text), layer)
    is_elsewhere = layer == "base" and _AROUND.search(mention.text)  # "a base in Vale" is not "Vale air base"
    if (choice and choice.is_full) or not short or is_elsewhere:
        return own
    longer = {other.link.entry.id: other.link for name, other in named if _extends(name.text, short, layer, other)}
    if len(longer) != 1 or (own and own.entry.id in longer):
        return own
    (link,) = longer.values()
    return Link(link.entry, round(SHORT_FORM_SHARE * link.score, 4))


def _extends(name: str, short: str, layer: Layer, choice: Choice) -> bool:
    """Whether a name of the layer starts or ends with a shorter one."""
    entry = choice.link.entry
    if entry.layer != layer or layer == "place" or entry.kind == "state":
        return False
    words, part = rough(stem(name, layer)).split(), rough(short).split()
    return len(words) > len(part) and part in (words[: len(part)], words[-len(part) :])
