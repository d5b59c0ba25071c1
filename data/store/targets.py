"""What the words of a target say when no gazetteer knows it: of what kind it is, and which of them name it.

"oil tanker Cedar Star" is a ship, named by "cedar" and "star"; "US base" is a military site that nothing names. The
last noun says what a thing is: a school bus is a vehicle, a police station no railway station.
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from tocsin.data.gazetteers.names import fold, rough

KINDS: Mapping[str, frozenset[str]] = {
    kind: frozenset(words.split())
    for kind, words in {
        "military site": "military army naval base airbase airfield barracks garrison outpost position post fort "
        "bunker radar launcher trench ammunition munition weapon arms arsenal stronghold checkpoint battery",
        "displacement camp": "refugee displacement displaced idp tent",
        "dwelling": "home apartment residential dwelling flat tenement storey rise hostel dormitory villa",
        "hospital": "hospital clinic medical maternity ambulance",
        "school": "school kindergarten university college classroom",
        "power site": "power energy substation electricity electric electrical thermal grid dam hydroelectric nuclear",
        "oil site": "oil gas refinery fuel pipeline oilfield petrol petroleum petrochemical",
        "water site": "water pumping reservoir desalination sewage",
        "ship": "ship vessel tanker carrier freighter boat destroyer warship frigate corvette trawler barge "
        "ferry bulker",
        "port": "port harbour harbor pier dock quay",
        "airport": "airport runway",
        "aircraft": "aircraft plane jet helicopter warplane",
        "vehicle": "vehicle car convoy bus truck lorry minibus van motorcycle patrol",
        "railway": "rail railway train locomotive tram",
        "place of worship": "mosque church monastery temple synagogue shrine cathedral",
        "market": "market marketplace shop shopping mall supermarket hypermarket bazaar souk bakery",
        "hotel or restaurant": "hotel guesthouse guest cafe restaurant bar",
        "government building": "embassy consulate ministry parliament court courthouse palace council municipal "
        "municipality administration administrative customs",
        "police": "police prison jail",
        "bridge": "bridge",
        "factory": "factory workshop mill steelworks printing publishing industrial manufacturing chemical cement "
        "brewery",
        "warehouse": "warehouse storehouse storage depot silo hangar",
        "cultural site": "theatre theater cinema museum library cultural culture stadium",
        "media office": "media television tv radio broadcaster broadcasting",
        "gathering": "wedding funeral mourning rally gathering",
        "farm": "farm farmland orchard greenhouse",
        "mine": "mine mining colliery quarry",
    }.items()
}
# What a word is of only where none beside it says more: "army camp", but "camp for the displaced", "printing house".
FALLBACKS: Mapping[str, str] = {
    "camp": "military site",
    "compound": "military site",
    "headquarters": "military site",
    "house": "dwelling",
    "block": "dwelling",
    "shelter": "displacement camp",
    "hall": "government building",
    "station": "railway",
    "store": "market",
}
_KIND_OF = {word: kind for kind, words in KINDS.items() for word in words}

# Kinds that say little of what a thing is for, so that the word before counts too: "fuel depot", "police checkpoint".
_OPEN = frozenset({"military site", "warehouse", "airport", "port"})

# Words that neither name a target nor say what it is.
_SAY_NOTHING = frozenset(
    "a an the air navy marine civilian coalition joint international national regional local main "
    "central north northern south southern east eastern west western upper lower inner outer old new former first "
    "second third occupation allied foreign troop force soldier personnel fighter militant militia site facility "
    "building area complex plant terminal centre center zone line unit brigade group launch command operation room "
    "merchant cargo commercial container crude drone missile rocket defence defense special ground city town village "
    "province district region quarter neighbourhood neighborhood suburb outskirts countryside street road avenue "
    "square heart border coast territory of in at near and or on to from for by with against inside outside behind "
    "opposite carrying its their his her el al two three four five six seven eight nine ten several many multiple "
    "some more number various other mv m v ms mt mr mrs general colonel commander headed held hold target object "
    "infrastructure vital critical key strategic important large big small high tall busy crowded packed abandoned "
    "empty unfinished public private people crowd resident worker field tower".split()
)
_COMMON = _KIND_OF.keys() | FALLBACKS.keys() | _SAY_NOTHING
_PLURAL_Y = re.compile("ies$")
_GAPS = re.compile(r"[^\w.'’ʿʾ-]+")
_NEXT_THING = re.compile(r"\b(?:in|at|of|for|on|and|or|including|housing|sheltering|hosting|used)\b|[,;/()]")
_NO_TARGET = re.compile(
    r"\b(?:near|outside|behind|opposite|by|to|from|with|against|carrying)\b"
)  # what follows is none


@lru_cache(maxsize=2**14)
def kinds(text: str) -> frozenset[str]:
    """The kinds of target a text speaks of; empty if none is known.

    >>> sorted(kinds("base at Erbil airport")), sorted(kinds("oil tankers")), sorted(kinds("school bus"))
    (['airport', 'military site'], ['ship'], ['vehicle'])
    """
    things = [fold(thing).split() for thing in _things(text)]
    found = frozenset(kind for thing in things for kind in _definite(thing))
    return found or frozenset(kind for thing in things for kind in _told(thing, FALLBACKS)[:1])


@lru_cache(maxsize=2**14)
def names(text: str, sides: frozenset[str]) -> frozenset[str]:
    """The words that tell this target from others of its kind, proper names and numbers, however they are spelled.

    Args:
        text: as it stands in the article, since capitals tell a name.
        sides: folded words for nationalities, which name an owner and no target.

    >>> sorted(names("US oil tanker Cedar Star", frozenset({"us"})))
    ['cedar', 'star']
    """
    proper = {part for word in _GAPS.split(text) for part in fold(_proper(word)).split()}
    return frozenset(rough(word) for word in proper if word not in sides and _COMMON.isdisjoint(_forms(word)))


@lru_cache(maxsize=2**14)
def words(text: str, sides: frozenset[str]) -> frozenset[str]:
    """The words that say what a target is, as far as they name neither it nor its owner, without a plural.

    >>> sorted(words("two Norland kiosks near the fountain", frozenset({"norland"})))
    ['kiosk']
    """
    named = names(text, sides)
    told = {word for thing in _things(text) for word in fold(thing).split() if rough(word) not in named}
    return frozenset(word.removesuffix("s") for word in told if _is_told(word, sides))


def _is_told(word: str, sides: frozenset[str]) -> bool:
    """Whether a word says what a thing is; a side may go by a word that does, as the White House does."""
    forms = _forms(word)
    return _SAY_NOTHING.isdisjoint(forms) and not (word in sides and _COMMON.isdisjoint(forms))


def _things(text: str) -> list[str]:
    """What a text lists or tells the place of: "houses and a school", "base at the airport"."""
    return _NEXT_THING.split(_NO_TARGET.split(text.lower(), maxsplit=1)[0])


def _definite(thing: Sequence[str]) -> list[str]:
    """The kind of the last word that has one; of an open kind also that of the word before."""
    found = _told(thing, _KIND_OF)
    return found[: 1 if _OPEN.isdisjoint(found[:1]) else 2]


def _told(thing: Sequence[str], kind_of: Mapping[str, str]) -> list[str]:
    """The kinds of the words that are of any, the last word's first."""
    forms = (next((form for form in _forms(word) if form in kind_of), "") for word in reversed(thing))
    return [kind_of[form] for form in forms if form]


def _proper(word: str) -> str:
    """The word, if it has capitals or digits; of "al-Asad" or "US-led" the part that has them."""
    parts = word.split("-")
    proper = [part for part in parts if part[:1].isupper() or any(map(str.isdigit, part))]
    return word if len(proper) == len(parts) else " ".join(proper)


def _forms(word: str) -> tuple[str, ...]:
    """The word, and without the ends of a plural, which "minibus" has not."""
    return (word, word.removesuffix("s"), word.removesuffix("es"), _PLURAL_Y.sub("y", word))
