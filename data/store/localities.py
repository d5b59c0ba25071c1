"""Localities: villages, quarters and districts that a text names and no gazetteer knows, compared by their names."""

from dataclasses import dataclass

from rapidfuzz import fuzz

from tocsin.data.gazetteers.names import fold
from tocsin.data.store.targets import names
from tocsin.data.store.weights import ALIKE

_AREAS = frozenset("district county subdistrict region province governorate oblast raion area lga valley".split())


@dataclass(frozen=True, slots=True)
class Locality:
    """A named place without a position."""

    text: str
    name: str  # its own words in the order of the alphabet, spelled in one way
    is_area: bool  # what may hold another locality

    @property
    def words(self) -> frozenset[str]:
        return frozenset(self.name.split())


def locality(text: str, others: frozenset[str], sides: frozenset[str]) -> Locality | None:
    """What a text names; None if it names nothing of its own: "outskirts of the town".

    Args:
        text: of an unlinked location.
        others: rough forms of words that name the places around.
        sides: folded words for nationalities.

    >>> locality("Varn district", frozenset(), frozenset())
    Locality(text='Varn district', name='varn', is_area=True)
    """
    own = names(text, sides) - others
    return Locality(text, " ".join(sorted(own)), not _AREAS.isdisjoint(fold(text).split())) if own else None


def are_alike(a: Locality, b: Locality) -> bool:
    """Whether two names may be one: spelled alike, or one short for the other; numbers make them two."""
    if _numbers(a) != _numbers(b):
        return False
    return fuzz.token_set_ratio(a.name, b.name) >= ALIKE


def _numbers(each: Locality) -> frozenset[str]:
    return frozenset(word for word in each.words if any(map(str.isdigit, word)))
