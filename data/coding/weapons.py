"""Weapon classes: what a text means, which class is a kind of which, and what the codebooks call them.

Codes are what the weapon alone supports; empty or None where the codebook decides by something else:
- ACLED: event and sub-event type, of codebook and category list. Small arms and blades are "Armed clash", which
  holds between armed sides; against civilians alone it is "Attack" under "Violence against civilians". Launched
  grenades are shelling, as "Grenade" is for those thrown by hand. Petrol bombs are riots or destruction, by context.
- PLOVER: the mode of ASSAULT (manual of 2024-02).
- GTD: weapon type and attack type, number and name. Its chemical attacks are unarmed assaults by definition.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tocsin.data.coding.weapon_words import WORDS


@dataclass(frozen=True, slots=True)
class Codes:
    """What the codebooks call an attack with a weapon of a class."""

    acled: tuple[str, str]  # event type, sub-event type; both empty if the weapon does not decide
    plover: str  # mode of ASSAULT
    gtd_weapon: tuple[int, str] | None
    gtd_attack: tuple[int, str] | None


@dataclass(frozen=True, slots=True)
class WeaponClass:
    """One class of weapons; `WORDS` has what means it."""

    codes: Codes
    parents: tuple[str, ...] = ()  # the classes it is a kind of


_REMOTE = "Explosions/Remote violence"
_EXPLOSIVES, _BOMBING = (6, "Explosives"), (3, "Bombing/Explosion")
_ASSAULT, _FACILITY = (2, "Armed Assault"), (7, "Facility/Infrastructure Attack")
_UNARMED, _INCENDIARY = (8, "Unarmed Assault"), (8, "Incendiary")
_AIR = (_REMOTE, "Air/drone strike")
_SHELLING = (_REMOTE, "Shelling/artillery/missile attack")
_DEVICE = (_REMOTE, "Remote explosive/landmine/IED")
_CLASH = ("Battles", "Armed clash")

_BY_AIR = Codes(_AIR, "aerial", _EXPLOSIVES, _BOMBING)
_BY_DRONE = Codes(_AIR, "drone", _EXPLOSIVES, _BOMBING)
_BY_HEAVY_WEAPON = Codes(_SHELLING, "heavy-weapons", _EXPLOSIVES, _BOMBING)
_BY_DEVICE = Codes(_DEVICE, "explosives", _EXPLOSIVES, _BOMBING)
_BY_SUICIDE = Codes((_REMOTE, "Suicide bomb"), "suicide-attack", _EXPLOSIVES, _BOMBING)
_BY_FIREARM = Codes(_CLASH, "firearms", (5, "Firearms"), _ASSAULT)
_BY_FIRE = Codes(("Strategic developments", "Looting/property destruction"), "destroy", _INCENDIARY, _FACILITY)
_BY_PETROL_BOMB = Codes(("", ""), "", _INCENDIARY, _FACILITY)
_BY_CLUSTER = Codes((_REMOTE, ""), "", _EXPLOSIVES, _BOMBING)  # from the air or from a gun: not said
_BY_PHOSPHORUS = Codes(_SHELLING, "heavy-weapons", _INCENDIARY, _BOMBING)
_BY_CHEMICAL = Codes((_REMOTE, "Chemical weapon"), "unconventional", (2, "Chemical"), _UNARMED)
_BY_BLADE = Codes(_CLASH, "primitive", (9, "Melee"), _ASSAULT)

CLASSES: Mapping[str, WeaponClass] = {
    "air defence": WeaponClass(_BY_HEAVY_WEAPON, ("missile",)),  # also fired at the ground
    "naval drone": WeaponClass(Codes(_DEVICE, "drone", _EXPLOSIVES, _BOMBING)),
    "one-way attack drone": WeaponClass(_BY_DRONE, ("drone",)),
    "drone": WeaponClass(_BY_DRONE, ("aerial",)),
    "suicide vehicle bomb": WeaponClass(_BY_SUICIDE, ("vehicle bomb", "suicide bomb")),
    "suicide bomb": WeaponClass(_BY_SUICIDE, ("IED",)),
    "vehicle bomb": WeaponClass(_BY_DEVICE, ("IED",)),
    "rocket-propelled grenade": WeaponClass(_BY_HEAVY_WEAPON, ("heavy weapon", "grenade")),
    "grenade launcher": WeaponClass(_BY_HEAVY_WEAPON, ("heavy weapon", "grenade")),
    "anti-tank missile": WeaponClass(_BY_HEAVY_WEAPON, ("missile",)),
    "ballistic missile": WeaponClass(_BY_HEAVY_WEAPON, ("missile",)),
    "cruise missile": WeaponClass(_BY_HEAVY_WEAPON, ("missile",)),
    "anti-ship missile": WeaponClass(_BY_HEAVY_WEAPON, ("missile",)),
    "air-launched missile": WeaponClass(_BY_AIR, ("missile", "aerial")),
    "missile": WeaponClass(_BY_HEAVY_WEAPON, ("heavy weapon",)),
    "mortar": WeaponClass(_BY_HEAVY_WEAPON, ("heavy weapon",)),
    "rocket": WeaponClass(_BY_HEAVY_WEAPON, ("heavy weapon",)),
    "crowd control": WeaponClass(Codes(("", ""), "crowd-control", None, None)),
    "cluster munition": WeaponClass(_BY_CLUSTER, ("explosive", "heavy weapon", "aerial")),
    "incendiary munition": WeaponClass(_BY_PHOSPHORUS, ("incendiary", "heavy weapon", "aerial")),
    "air-dropped bomb": WeaponClass(_BY_AIR, ("aerial", "explosive")),
    "naval mine": WeaponClass(_BY_DEVICE, ("explosive",)),
    "landmine": WeaponClass(_BY_DEVICE, ("explosive",)),
    "tank": WeaponClass(_BY_HEAVY_WEAPON, ("armoured vehicle",)),
    "artillery": WeaponClass(_BY_HEAVY_WEAPON, ("heavy weapon",)),
    "IED": WeaponClass(_BY_DEVICE, ("explosive",)),
    "petrol bomb": WeaponClass(_BY_PETROL_BOMB, ("incendiary",)),
    "incendiary": WeaponClass(_BY_FIRE),
    "grenade": WeaponClass(Codes((_REMOTE, "Grenade"), "explosives", _EXPLOSIVES, _BOMBING), ("explosive",)),
    "helicopter": WeaponClass(_BY_AIR, ("aerial",)),
    "warplane": WeaponClass(_BY_AIR, ("aerial",)),
    "aerial": WeaponClass(_BY_AIR),
    "machine gun": WeaponClass(_BY_FIREARM, ("small arms",)),
    "sniper rifle": WeaponClass(_BY_FIREARM, ("small arms",)),
    "small arms": WeaponClass(_BY_FIREARM),
    "chemical weapon": WeaponClass(_BY_CHEMICAL),
    "melee weapon": WeaponClass(_BY_BLADE),
    "vehicle": WeaponClass(Codes(("", ""), "", (10, "Vehicle"), _UNARMED)),
    "armoured vehicle": WeaponClass(Codes(_CLASH, "heavy-weapons", None, None), ("heavy weapon",)),
    "torpedo": WeaponClass(_BY_HEAVY_WEAPON, ("heavy weapon",)),
    "heavy weapon": WeaponClass(_BY_HEAVY_WEAPON),
    "explosive": WeaponClass(_BY_DEVICE),
}
PARENTS: Mapping[str, tuple[str, ...]] = {name: entry.parents for name, entry in CLASSES.items()}

# What a trigger says of the weapon by itself; the first that fits. Bombing, bombardment and strikes may be of any.
_IMPLIED = tuple(
    (re.compile(rf"\b(?:{pattern})\b"), name)
    for pattern, name in (
        (r"shot down|shoot(?:s|ing)? down|shootdown|downed|intercept\w*", ""),  # tells the fate, not the weapon
        (r"explosions?|blasts?|explod\w+", ""),
        (r"shell(?:s|ed|ing|ings)", "heavy weapon"),
        (r"rocket(?:ed|ing)", "rocket"),
        (r"mortar(?:ed|ing)", "mortar"),
        (r"snip(?:ed|ing)", "sniper rifle"),
        (r"gunn(?:ed|ing) down|shot(?: dead| at)?|shoot(?:s|ing|ings|out)?|shoot ?outs?", "small arms"),
        (r"open(?:s|ed|ing) fire|gun ?(?:battle|fight)s?|fire ?fights?", "small arms"),
        (r"stab(?:s|bed|bing|bings)|knif(?:ed|ing)|behead(?:s|ed|ing|ings)|hacked", "melee weapon"),
        (r"(?:\w+ )?ramm(?:ed|ing|ings)", "vehicle"),
        (r"torch(?:ed|ing)|set (?:\w+ )?(?:on fire|fire|ablaze|alight)|burn(?:ed|t|ing)?(?: down)?", "incendiary"),
        (r"gass(?:ed|ing)", "chemical weapon"),
        (r"straf(?:ed|ing)", "aerial"),
    )
)
_PATTERNS = tuple(
    (re.compile(rf"\b(?:{'|'.join(re.split(r' [|] ', ' '.join(words.split())))})(?:e?s)?\b"), name)
    for name, words in WORDS.items()
)


def weapon_class(text: str) -> str:
    """The class of a named weapon; empty if none is known.

    >>> weapon_class("one-way attack drones"), weapon_class("rocket-propelled grenades"), weapon_class("weapons")
    ('one-way attack drone', 'rocket-propelled grenade', '')
    """
    plain = _plain(text)
    return next((name for pattern, name in _PATTERNS if pattern.search(plain)), "")


def implied_class(trigger: str) -> str:
    """The class that a trigger itself names; empty if it may be any.

    >>> implied_class("airstrikes"), implied_class("gunned down"), implied_class("shot down"), implied_class("bombed")
    ('aerial', 'small arms', '', '')
    """
    plain = _plain(trigger)
    said = next((name for pattern, name in _IMPLIED if pattern.search(plain)), None)
    return weapon_class(trigger) if said is None else said


def compatible(first: str, second: str) -> bool:
    """Whether two classes may be of one weapon: the same, or one a kind of the other. An unknown one may be any.

    >>> compatible("drone", "one-way attack drone"), compatible("mortar", "rocket")
    (True, False)
    """
    return not first or not second or first in _lineage(second) or second in _lineage(first)


def _lineage(name: str) -> Iterator[str]:
    """The class and all it is a kind of; one of another version's table is only itself."""
    yield name
    for parent in PARENTS.get(name, ()):
        yield from _lineage(parent)


def _plain(text: str) -> str:
    """What the patterns read."""
    letters = "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c))
    return " ".join(re.sub(r"[-‐‑–—/.]", " ", re.sub(r"['’‘ʼʿ`]", "", letters)).split())
