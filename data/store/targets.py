"""What the words of a target say when no gazetteer knows it: of what kind it is, and which of them name it.

"oil tanker Cedar Star" is a ship, named by "cedar" and "star"; "US base" is a military site that nothing names.
"""

import re
from collections.abc import Mapping

from tocsin.data.gazetteers.names import fold, rough

KINDS: Mapping[str, frozenset[str]] = {
    kind: frozenset(words.split())
    for kind, words in {
        "military site": "base airbase airfield camp barracks garrison outpost headquarters position post fort bunker "
        "radar launcher trench compound ammunition weapon arsenal stronghold checkpoint battery",
        "dwelling": "house home apartment residential flat tenement tent block",
        "hospital": "hospital clinic medical maternity ambulance",
        "school": "school kindergarten university college",
        "power site": "power substation electricity thermal grid dam hydroelectric nuclear",
        "oil site": "oil gas refinery fuel pipeline oilfield petroleum petrochemical",
        "ship": "ship vessel tanker carrier freighter boat destroyer warship frigate corvette trawler barge "
        "ferry bulker",
        "port": "port harbour harbor pier dock quay",
        "airport": "airport runway",
        "vehicle": "vehicle car convoy bus truck minibus van motorcycle patrol",
        "railway": "rail railway train station locomotive",
        "place of worship": "mosque church monastery temple synagogue shrine",
        "market": "market shop mall supermarket bakery cafe restaurant hotel",
        "government building": "embassy consulate ministry parliament courthouse palace hall",
        "police": "police prison jail",
        "bridge": "bridge",
        "factory": "factory workshop mill steelworks",
    }.items()
}
_KIND_OF = {word: kind for kind, words in KINDS.items() for word in words}
# "oil tanker", "fuel truck", "patrol boat": what moves says what it is, the rest only what it carries or does.
_MOVING = ("ship", "vehicle")

_COMMON = _KIND_OF.keys() | frozenset(
    "air army navy naval marine military civilian coalition joint international national regional local main central "
    "north northern south southern east eastern west western upper lower old new former first second third "
    "occupation allied foreign troop force soldier personnel fighter militant militia site facility building area "
    "complex plant depot terminal centre center zone line unit brigade group launch command operation room warehouse "
    "merchant cargo commercial container crude drone missile rocket defence defense special ground city town village "
    "province district region of in at near and on to from for by with its their al el two three four five several "
    "mv m v ms mt mr mrs general colonel commander headed house hold".split()
)
_GAPS = re.compile(r"[^\w.'’ʿʾ-]+")


def kinds(text: str) -> frozenset[str]:
    """The kinds of target a text speaks of; empty if none is known.

    >>> sorted(kinds("base at Erbil airport")), sorted(kinds("oil tankers"))
    (['airport', 'military site'], ['ship'])
    """
    found = frozenset(_KIND_OF[form] for word in fold(text).split() for form in _forms(word) if form in _KIND_OF)
    return found.intersection(_MOVING) or found


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


def _proper(word: str) -> str:
    """The word, if it has capitals or digits; of "al-Asad" or "US-led" the part that has them."""
    parts = word.split("-")
    proper = [part for part in parts if part[:1].isupper() or any(map(str.isdigit, part))]
    return word if len(proper) == len(parts) else " ".join(proper)


def _forms(word: str) -> tuple[str, ...]:
    """The word, and without a plural s, which "minibus" has not."""
    return (word, word.removesuffix("s"))
