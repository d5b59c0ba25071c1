"""Generic names: those made of words that many bear, which name one only where that one is known."""

import re
from functools import lru_cache

from tocsin.data.gazetteers.names import key

# Common nouns and adjectives in the names of forces, groups and agencies; no peoples, no places.
_COMMON = frozenset(
    """
    national nationalist royal imperial federal republican democratic popular patriotic united free new young public
    revolutionary socialist communist marxist leninist islamic islamist muslim christian holy supreme high general
    central regional local tribal civil civilian internal external interior foreign joint special rapid mobile strategic
    provisional transitional interim independent autonomous home secret political military paramilitary armed
    northern southern eastern western north south east west red white black green blue
    air naval marine maritime coast coastal border ground land missile rocket cyber aerospace space

    army armies navy force forces troops guard guards militia militias police gendarmerie corps legion unit units
    brigade brigades battalion battalions regiment regiments division divisions infantry commando commandos command
    commands commander staff group groups network cartel gang front fronts movement party union unity alliance coalition
    council committee congress league assembly organisation organization association federation bloc faction wing
    service services agency directorate department ministry bureau office authority administration government state
    republic people peoples nation youth students workers women citizens men brothers sons fighters soldiers volunteer
    volunteers warriors rebels opposition resistance mobilisation mobilization struggle jihad revolution liberation
    liberty freedom independence salvation justice peace rights reform development dignity honour honor restoration
    defence defense protection self security intelligence investigation operation operations action support response
    reaction intervention mission task rescue counter anti terrorism terror war combat assault fire

    first second third fourth fifth sixth and for of in the
    """.split()
)
_NUMBER = re.compile(r"\d+(?:st|nd|rd|th)?")


@lru_cache(maxsize=2**12)
def is_generic(name: str) -> bool:
    """Whether a name is made of common words and numbers only, at least two of them.

    >>> is_generic("National Liberation Army"), is_generic("Free Papua Movement"), is_generic("Dawn")
    (True, False, False)
    """
    words = key(name).split()
    return len(words) > 1 and all(word in _COMMON or _NUMBER.fullmatch(word) for word in words)
