"""Place phrases: which name a phrase about a place is built round, and what it says of where that lies.

"northeast of Erbil Governorate" is a part of a unit named Erbil, "coast of Yemen" a part of a country, "town of Harir"
a city, "Harir, Erbil province" Harir with Erbil beside it, "Harir airport" and "Harir refugee camp" something near
Harir. A phrase is taken apart from outside; every stage is a reading, the whole phrase first, since "South Sudan" and
"West Bank" are names.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from tocsin.data.gazetteers.countries import find_countries
from tocsin.data.gazetteers.entry import Entry
from tocsin.data.gazetteers.names import fold

Sort = Literal["", "unit", "district", "city"]

_SORTS: dict[str, Sort] = {
    **dict.fromkeys("province governorate oblast region state prefecture krai wilayat voivodeship".split(), "unit"),
    **dict.fromkeys("department departments".split(), "unit"),
    **dict.fromkeys("provinces governorates oblasts regions states".split(), "unit"),
    **dict.fromkeys("district districts county municipality raion subdistrict".split(), "district"),
    **dict.fromkeys("city cities town towns village villages capital settlement".split(), "city"),
}
_HEAD = "|".join(_SORTS)
_COMPASS = "(?:(?:north|south) ?(?:east|west)|north|south|east|west)"
_PART = rf"{_COMPASS}(?:ern|ernmost)?|central|upper|lower|greater|rural|mid|far"
_BESIDE = (
    rf"{_COMPASS}|outskirts|vicinity|suburbs?|countryside|coasts?|coastline|shores?|borders?|frontier|surroundings|"
    "edges?|centre|center|interior|waters|area|areas|environs|parts?|skies|airspace|hinterland|heart|middle"
)
_GROUND = "territory|territories|soil|airspace|lands?|mainland|waters|countryside|coast|border|frontier|outskirts|area"

_APPOSITION = re.compile(rf"(?P<before>(?:\S+ ){{0,4}})(?P<head>{_HEAD}) of (?P<name>.+)")
_NAMED_HEAD = re.compile(r"(?P<before>(?:\S+ ){1,3})(?P<head>capital|city|town|village) (?P<name>.+)")
_PART_OF = re.compile(
    rf"(?:(?:{_PART}|an) )?"
    rf"(?:(?:\S+ )?(?:{_BESIDE})(?: (?:{_BESIDE}))? (?:of|off|with)|(?:{_BESIDE}) (?:in|near)) (?P<name>.+)"
)
_NEAR = re.compile(r"(?:near|outside|around|close to|off|towards?|beyond|next to) (?P<name>.+)")
_COMPASS_PART = re.compile(rf"(?:{_PART}) (?P<name>.+)")
_HELD = re.compile(
    r"(?:\S+ )?(?:held|controlled|occupied|annexed|besieged|contested|disputed|breakaway|ruled|run) (?P<name>.+)"
)
_HEADED = re.compile(rf"(?P<name>.+) (?P<head>{_HEAD})")
_GROUNDED = re.compile(rf"(?P<name>.+) (?P<ground>{_GROUND})")
_FACILITY = (
    "airports?|airfields?|aerodromes?|airstrips?|(?:sea)?ports?|harbou?rs?|shipyards?|terminals?|refinery|refineries|"
    "(?:power|water|pumping|railway|train|bus) (?:plants?|stations?)|(?:oil|gas) ?fields?|dams?|substations?|bridges?|"
    "depots?|warehouses?|prisons?|(?:border )?crossings?|checkpoints?"
)
_SITE = (  # what is only known by the place it is said to be in
    "(?:air)?bases?|barracks|camps?|headquarters|garrisons?|outposts?|facility|facilities|plants?|factory|factories|"
    "embassy|consulate|mission|compound|hospitals?|clinics?|schools?|universit(?:y|ies)|mosques?|church|churches|markets?"
)
_FACILITY_SORT = (
    "(?:inter)?national|domestic|civilian|military|nuclear|thermal|hydro(?:electric)?|electric|power|oil|gas|fuel|grain|"
    "container|commercial|sea|river|main|central|railway|road|ammunition|weapons"
)
_FACILITY_OF_NAME = re.compile(rf"(?P<name>.+?)(?: (?:{_FACILITY_SORT}))* (?:{_FACILITY})")
_NAME_OF_FACILITY = re.compile(
    rf"(?:.+ )?(?:(?:{_FACILITY}) of|(?:{_FACILITY}|{_SITE}) (?:in|at|near|outside)) (?P<name>.+)"
)
_CAMP = re.compile(r"(?P<name>.+?)(?: (?:refugees?|displacement|displaced(?: people)?|idps?|migrants?))? camps?")
_FACILITY_WORD = re.compile(rf"\b(?:{_FACILITY}|{_SITE})\b")
_INSIDE = re.compile(r"(?P<name>.+?) (?:in|near) (?P<around>.+)")

PRECISION_NEAR, PRECISION_DISTRICT, PRECISION_UNIT, PRECISION_VAGUE = 2, 3, 4, 5
_AS_EXACT = frozenset("territory territories soil land lands mainland".split())  # "Iraqi soil" is Iraq, all of it


@dataclass(frozen=True, slots=True)
class Reading:
    """A name that a phrase may be built round."""

    name: str
    sort: Sort = ""  # what a head noun says it is
    is_part: bool = False  # only a part of it, or something near it, is meant
    around: str = ""  # what the phrase says of where it lies

    def place(self, entry: Entry) -> Entry:
        """What the phrase means, given what the name means: the same place, less exact if only near or part of it."""
        where_prec = entry.where_prec
        if where_prec == 1 and self.sort in ("unit", "district"):  # only the seat it is called after is known
            where_prec = PRECISION_UNIT if self.sort == "unit" else PRECISION_DISTRICT
        elif where_prec == 1 and self.is_part:
            where_prec = PRECISION_NEAR
        elif where_prec == 6 and self.is_part:
            where_prec = PRECISION_VAGUE
        return replace(entry, where_prec=where_prec)


def readings(phrase: str) -> Iterator[Reading]:
    """All readings of a phrase, the whole of it first.

    >>> [reading.name for reading in readings("northeast of Erbil Governorate")]
    ['northeast of erbil governorate', 'erbil governorate', 'erbil']
    """
    name, _, around = phrase.partition(",")
    reading: Reading | None = Reading(fold(name), around=around.strip())
    while reading and reading.name:
        yield reading
        reading = _taken_apart(reading)


def names_facility(phrase: str) -> bool:
    """Whether a phrase says that it means a facility.

    >>> names_facility("port of Vale"), names_facility("tanker Vale")
    (True, False)
    """
    return bool(_FACILITY_WORD.search(fold(phrase)))


def _taken_apart(reading: Reading) -> Reading | None:
    """A reading without its outermost words; None if none can be spared."""
    name = reading.name.removeprefix("the ")
    if match := _PART_OF.fullmatch(name) or _NEAR.fullmatch(name):
        return replace(reading, name=match["name"], is_part=True)
    if match := _NAME_OF_FACILITY.fullmatch(name) or _FACILITY_OF_NAME.fullmatch(name) or _CAMP.fullmatch(name):
        return replace(reading, name=match["name"], is_part=True)
    if match := _INSIDE.fullmatch(name):
        return replace(reading, name=match["name"], around=f"{reading.around} {match['around']}".strip())
    if match := _APPOSITION.fullmatch(name) or _NAMED_HEAD.fullmatch(name):
        around = f"{reading.around} {match['before']}".strip()  # "western Iraqi province of Anbar"
        return replace(reading, name=match["name"], sort=_SORTS[match["head"]], around=around)
    if match := _HEADED.fullmatch(name):
        return replace(reading, name=match["name"], sort=_SORTS[match["head"]])
    if match := _GROUNDED.fullmatch(name):
        return replace(reading, name=match["name"], is_part=reading.is_part or match["ground"] not in _AS_EXACT)
    if match := _COMPASS_PART.fullmatch(name):
        return replace(reading, name=match["name"], is_part=True)
    if match := _HELD.fullmatch(name):
        return replace(reading, name=match["name"])
    namings = find_countries(name)
    words = name.split()
    if len(namings) == 1 and namings[0].start == 0 and namings[0].end < len(words):  # "Iraq's Anbar"
        around = f"{reading.around} {' '.join(words[: namings[0].end])}".strip()
        return replace(reading, name=" ".join(words[namings[0].end :]), around=around)
    return None if name == reading.name else replace(reading, name=name)
