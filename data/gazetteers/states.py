"""States: which organ of which country a phrase names ("Iraqi army", "officials of Iran", "Washington").

A phrase is read as a bag of words: one country, and nothing but words of `_MILITARY`, `_POLICE`, `_GOVERNMENT` and
`_NEUTRAL` beside it. Any other word means somebody else ("Iraqi militias", "Iranian proxy forces", "US employees"), and
so does a people ("Iraqis"). Who backs or is linked to somebody is not that somebody: "Iran-backed" is taken away first.

"Security forces" are counted as military: in conflict news they mostly are, and no word tells the police apart.
"""

import re

from tocsin.data.gazetteers.countries import find_countries
from tocsin.data.gazetteers.names import fold

_TIES = """
    backed led aligned allied affiliated linked sponsored supported funded run controlled trained loyal tied
""".split()
_TIED = re.compile(
    rf"\b(?:pro|anti|non|ex)[-–][\w.]+|[\w.]+(?:\s[\w.]+)?[-–](?:{'|'.join(_TIES)}|proxy|armed|occupied|based)\b"
    rf"|\b(?:{'|'.join(_TIES)}|close)\s+(?:to|with|by)\b.*",
    re.IGNORECASE | re.DOTALL,
)
_POLICE = frozenset("police policemen policeman gendarmerie gendarmes gendarme".split())
_MILITARY = frozenset(
    """
    army armies military militaries forces force troops troop soldiers soldier navy marines marine airforce personnel
    servicemen serviceman commandos generals pilots paratroopers defense defence occupation command warplanes
    """.split()
)
_GOVERNMENT = frozenset(
    """
    government authorities officials official administration regime president premier ministry ministries minister
    ministers leaders leader leadership department cabinet diplomats diplomat envoy ambassador chancellor secretary
    """.split()
)
_NEUTRAL = frozenset(
    """
    the of for and s armed air ground naval land security occupying special federal political senior top high ranking
    regular joint border ministerial foreign interior prime state deputy vice chief staff general arab members service
    invading central
    """.split()
)


def without_ties(text: str) -> str:
    """A phrase without what only says whom somebody is tied to.

    >>> without_ties("pro-Iranian militias"), without_ties("groups linked to Iran"), without_ties("U.S.-led coalition")
    ('militias', 'groups', 'coalition')
    """
    return " ".join(_TIED.sub(" ", text).split())


def state_ids(text: str) -> tuple[str, ...]:
    """Ids of the state actors a phrase may name: several if countries share the name, none if it names none.

    >>> state_ids("US occupation forces"), state_ids("Tehran"), state_ids("Iraqi militias")
    (('actor:US-military',), ('actor:IR-government',), ())
    """
    phrase = without_ties(text)
    namings = find_countries(phrase, acting=True)
    if len(namings) != 1 or namings[0].is_people:
        return ()
    (naming,) = namings
    words = fold(phrase).split()
    role = _role({*words[: naming.start], *words[naming.end :]})
    return tuple(f"actor:{country}-{role}" for country in naming.countries) if role else ()


def _role(words: set[str]) -> str:
    """What words beside a country say of whom they mean; empty if it is none of its organs."""
    if words - _POLICE - _MILITARY - _GOVERNMENT - _NEUTRAL:
        return ""
    if words & _POLICE:
        return "police"
    if words & _MILITARY:
        return "military"
    return "government" if words & _GOVERNMENT or not words - {"the", "of"} else ""
