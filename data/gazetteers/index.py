"""An index of the names of one layer: entries held in memory, found by what a text calls them.

A phrase is tried as it stands, then without the layer's head nouns, then without nationality, side and creed as well
("Harir US occupation base" is "harir"); the first that finds something decides. Left with nothing ("two US bases"),
it names nobody.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from tocsin.data.gazetteers.countries import find_countries
from tocsin.data.gazetteers.entry import Entry, Layer
from tocsin.data.gazetteers.generic import is_generic
from tocsin.data.gazetteers.likeness import SAME_ROUGH, misspellings, same_core, same_name
from tocsin.data.gazetteers.names import core, fold, is_acronym, key, rough, without

# Words that tell of somebody or something and name nobody.
_EPITHETS = frozenset(
    """
    occupation occupying coalition enemy allied shared secret large major new old former big key vital strategic
    fortified nearby local foreign several many some other various all any this that these those its their
    kurdish arab persian sunni shia shiite shi muslim islamic christian jewish zionist druze western eastern northern
    southern northeastern northwestern southeastern southwestern central
    north south east west northeast northwest southeast southwest centre center middle
    capital federal coastal
    one two three four five six seven eight nine ten dozen hundred number operations special
    """.split()
)
OTHER_SORT = 0.05  # from the likeness of a base by its core if the head noun is none of its names'
_SORTS = frozenset("barracks camp compound depot fort garrison naval port prison radar".split())
_GAP = re.compile(r"[^\w.'’]+")
_POSSESSIVE = re.compile("['’]s$")
_WHOLE_KINDS = frozenset({"country", "sea", "area"})  # known by the whole of their names only


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry that a phrase may mean."""

    entry: Entry
    likeness: float  # in [0, 1]
    is_full: bool = True  # the whole phrase is the name, not only its core
    is_alias: bool = False
    is_own: bool = False  # the entry is of a gazetteer of the user's
    acronym: str = ""  # its initials, if it is known by them: "PLA"
    is_generic: bool = False  # an actor's name of common words only: "Royal Navy"
    reach: frozenset[str] = frozenset()  # countries of an actor and of all its parts

    def less(self, doubt: float) -> "Candidate":
        """The same, less likely by so much."""
        return replace(self, likeness=self.likeness - doubt)


@dataclass(frozen=True, slots=True)
class _Form:
    """One way an entry is found: a name of it, whole or by its core."""

    entry: Entry
    name: str
    is_core: bool

    @property
    def initials(self) -> str:
        """What is left of the name in this form, if it is initials: "ISIS" of "ISIS group"."""
        words = _words(self.name) if self.is_core else [self.name]
        known = [word for word in words if is_acronym(word)]
        return known[0] if len(known) == 1 and fold(known[0]) == fold(self._short) else ""

    @property
    def _short(self) -> str:
        return core(self.name, self.entry.layer) if self.is_core else self.name


class NameIndex:
    """Names of one layer. Entries given later replace those of the same id."""

    def __init__(self, layer: Layer, entries: Iterable[Entry], own: Sequence[Entry] = ()) -> None:
        """Take the shipped entries and the user's own; those of other layers are left out."""
        self._layer = layer
        self._own = frozenset(entry.id for entry in own if entry.layer == layer)
        by_id = {entry.id: entry for entry in (*entries, *own) if entry.layer == layer}
        self._forms: dict[str, list[_Form]] = {}
        for entry in by_id.values():
            for form, found in _forms(entry):
                self._forms.setdefault(form, []).append(found)
        self._by_id = by_id
        self._reaches = _reaches(by_id) if layer == "actor" else {}
        self._by_letter: dict[str, list[str]] = {}  # forms, since a misspelling keeps the first letter
        for form in self._forms:
            self._by_letter.setdefault(form[0], []).append(form)

    def get(self, own_id: str) -> Entry | None:
        """The entry of an id."""
        return self._by_id.get(own_id)

    def find(self, phrase: str) -> list[Candidate]:
        """Entries with the name, or failing that the core, of a phrase; each once, with its best likeness.

        The user's own entries are found by their cores even if the shipped ones have the very name.
        """
        found: list[Candidate] = []
        for n_stripped, query in enumerate(_queries(phrase, self._layer)):
            forms = [form for form in self._forms.get(rough(query), ()) if _is_spelled(phrase, form, self._layer)]
            candidates = [self._candidate(phrase, form, n_stripped > 0) for form in forms]
            found += [candidate for candidate in candidates if candidate.is_own] if found else candidates
        return best_of_each(found)

    def find_misspelled(self, phrase: str) -> list[Candidate]:
        """Entries whose name, or core, a phrase may be a misspelling of."""
        *_, query = _queries(phrase, self._layer)
        if not names_something(query, self._layer):
            return []
        return best_of_each(
            Candidate(form.entry, likeness, not form.is_core, form.name != form.entry.name, form.entry.id in self._own)
            for spelling, likeness in misspellings(query, self._by_letter.get(rough(query)[:1], ()))
            for form in self._forms[spelling]
            if self._layer == "place" or not form.initials
        )

    def _candidate(self, phrase: str, form: _Form, is_stripped: bool) -> Candidate:
        is_alias, is_own = form.name != form.entry.name, form.entry.id in self._own
        if self._layer == "place" and form.is_core:  # "Georgia" for the State of Georgia
            return Candidate(form.entry, SAME_ROUGH, True, is_alias, is_own)
        is_full = not (is_stripped or form.is_core)
        likeness = same_name(phrase, form.name) if is_full else same_core(phrase, form.name)
        if self._layer == "base" and not is_full and not _is_of_sort(phrase, form.entry):
            likeness -= OTHER_SORT
        return Candidate(
            form.entry,
            likeness,
            is_full,
            is_alias,
            is_own,
            acronym=form.initials,
            is_generic=self._layer == "actor" and is_generic(form.name),
            reach=self._reaches.get(form.entry.id, frozenset()),
        )


def best_of_each(candidates: Iterable[Candidate]) -> list[Candidate]:
    """The best candidate of each entry, in the order in which the entries first appear."""
    best: dict[str, Candidate] = {}
    for candidate in candidates:
        known = best.get(candidate.entry.id)
        if known is None or (candidate.likeness, not candidate.is_alias) > (known.likeness, not known.is_alias):
            best[candidate.entry.id] = candidate
    return list(best.values())


def _reaches(actors: Mapping[str, Entry]) -> dict[str, frozenset[str]]:
    """Countries of every actor and of all its parts, by its id."""
    reaches = {own_id: set(actor.countries) for own_id, actor in actors.items()}
    for actor in actors.values():
        seen = {actor.id}
        parent = actor.parent
        while parent in actors and parent not in seen:
            seen.add(parent)
            reaches[parent].update(actor.countries)
            parent = actors[parent].parent
    return {own_id: frozenset(reach) for own_id, reach in reaches.items()}


def _is_spelled(phrase: str, form: _Form, layer: Layer) -> bool:
    """Whether a phrase has initials in capitals, if initials are what it is found by: "Sana'a" is no "SANA"."""
    initials = "" if layer == "place" else form.initials
    return not initials or any(word.isupper() and fold(word) == fold(initials) for word in (*_words(phrase), phrase))


def _words(text: str) -> list[str]:
    """The words of a text as they are spelled, without the sign of the genitive."""
    return [_POSSESSIVE.sub("", word) for word in _GAP.split(text)]


def _is_of_sort(phrase: str, base: Entry) -> bool:
    """Whether a phrase says nothing of the sort of base it means, or what a name of the base says, too."""
    sorts = _SORTS.intersection(fold(phrase).split())
    return not sorts or any(sorts.intersection(fold(name).split()) for name in (base.name, *base.aliases, base.kind))


def _forms(entry: Entry) -> Iterator[tuple[str, _Form]]:
    """Rough forms of an entry's names and of their cores; a core that names nobody is none."""
    for name in (entry.name, *entry.aliases):
        yield rough(name), _Form(entry, name, False)
        short = core(name, entry.layer)
        if entry.kind not in _WHOLE_KINDS and short != key(name) and names_something(short, entry.layer):
            yield rough(short), _Form(entry, name, True)


def names_something(short: str, layer: Layer) -> bool:
    """Whether a core tells one entry from another; a unit may be named like a country (State of Georgia).

    >>> names_something("west", "place"), names_something("georgia", "place"), names_something("georgia", "actor")
    (False, True, False)
    """
    return bool(without(short, _EPITHETS)) if layer == "place" else _names_somebody(short)


def stem(phrase: str, layer: Layer) -> str:
    """The core of a phrase; empty if it names nobody.

    >>> stem("Islamic Resistance fighters", "actor"), stem("two US bases", "base")
    ('islamic resistance', '')
    """
    short = core(phrase, layer)
    return short if _names_somebody(short) else ""


def _queries(phrase: str, layer: Layer) -> Iterator[str]:
    """What to look a phrase up by, the most exact first."""
    yield key(phrase)
    if layer == "place":
        return
    # Of an actor only what stands before the name is an epithet: "Islamic Resistance in Iraq" is not one elsewhere.
    bare = _without_epithets(phrase) if layer == "base" else _without_first_epithets(core(phrase, layer))
    for query in (stem(phrase, layer), stem(bare, layer)):
        if query:
            yield query


def _names_somebody(phrase: str) -> bool:
    """Whether more than epithets, countries and numbers is left of a phrase."""
    return any(not word.isdecimal() for word in _without_epithets(phrase).split())


def _without_epithets(phrase: str) -> str:
    words = fold(phrase).split()
    for naming in reversed(find_countries(phrase)):
        del words[naming.start : naming.end]
    return without(" ".join(words), _EPITHETS)


def _without_first_epithets(phrase: str) -> str:
    words = fold(phrase).split()
    ends = {naming.start: naming.end for naming in find_countries(phrase)}
    start = 0
    while start < len(words) and (start in ends or words[start] in _EPITHETS):
        start = ends.get(start, start + 1)
    return " ".join(words[start:])
