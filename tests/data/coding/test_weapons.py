"""Which class a weapon's name means, what a trigger says of it, and what the codebooks call it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.data.coding.weapon_words import WORDS
from tocsin.data.coding.weapons import CLASSES, PARENTS, compatible, implied_class, weapon_class

NAMES = {
    "one-way attack drone": (
        "one-way attack drones",
        "Shahed-136",
        "Shaheds",
        "Geran-2",
        "Qasef-2K drones",
        "Lancet",
        "kamikaze drones",
        "suicide drone",
        "loitering munitions",
        "explosive-laden drones",
        "FPV drones",
        "Wa'id",
    ),
    "drone": (
        "drones",
        "armed drones",
        "UAVs",
        "unmanned aerial vehicle",
        "MQ-9 Reaper",
        "Bayraktar TB2",
        "quadcopters",
    ),
    "naval drone": ("naval drones", "sea drone", "unmanned surface vessels", "drone boats", "explosive-laden boat"),
    "air defence": (
        "anti-aircraft missile",
        "surface-to-air missiles",
        "air defense systems",
        "air defences",
        "S-300",
        "S-400s",
        "Patriot missiles",
        "Iron Dome",
        "Pantsir-S1",
        "anti-aircraft guns",
        "MANPADS",
    ),
    "rocket": (
        "rockets",
        "Grad rockets",
        "Katyushas",
        "Qassam",
        "HIMARS",
        "107mm rockets",
        "rocket artillery",
        "multiple rocket launchers",
    ),
    "ballistic missile": (
        "close-range ballistic missiles",
        "Iskander-M",
        "Fateh-110",
        "Zolfaghar",
        "Scud",
        "Scuds",
        "anti-ship ballistic missile",
        "hypersonic missiles",
    ),
    "cruise missile": ("cruise missiles", "Kalibr", "Tomahawks", "Paveh", "Storm Shadow missiles"),
    "anti-ship missile": ("anti-ship missiles", "Exocet"),
    "air-launched missile": ("Hellfire missiles", "air-to-surface missile"),
    "missile": ("missile", "guided missiles"),
    "anti-tank missile": ("Kornet", "anti-tank guided missiles", "ATGMs", "Javelin missile"),
    "rocket-propelled grenade": ("rocket-propelled grenades", "RPG", "RPG-7s"),
    "grenade launcher": ("grenade launcher",),
    "grenade": ("grenade", "hand grenades"),
    "mortar": ("mortars", "mortar shells", "120mm mortar rounds"),
    "artillery": ("artillery", "artillery shells", "shells", "howitzers", "155 mm shells"),
    "tank": ("tanks", "T-72s", "Merkava tanks", "tank shells"),
    "armoured vehicle": ("armoured personnel carrier", "armored vehicles", "BMP-2"),
    "heavy weapon": ("projectiles", "heavy weapons"),
    "air-dropped bomb": ("glide bombs", "barrel bomb", "JDAMs", "500-pound bombs", "FAB-500"),
    "cluster munition": ("cluster munitions", "cluster bombs"),
    "incendiary munition": ("white phosphorus",),
    "warplane": ("F-16", "F-16s", "F‑35I jets", "warplanes", "Su-25", "fighter jets", "bombers"),
    "helicopter": ("helicopters", "helicopter gunships", "Mi-8", "Apache helicopter"),
    "IED": ("IED", "IEDs", "improvised explosive device", "roadside bombs", "sticky bomb", "parcel bomb"),
    "vehicle bomb": ("car bomb", "VBIED", "truck bombs", "explosives-laden truck", "booby-trapped car"),
    "suicide bomb": ("suicide vest", "explosive belt", "suicide bombers"),
    "suicide vehicle bomb": ("SVBIED", "suicide truck bomb"),
    "landmine": ("landmine", "anti-tank mines", "mines"),
    "naval mine": ("limpet mine", "naval mines"),
    "explosive": ("bombs", "explosives", "munitions", "dynamite"),
    "small arms": ("AK-47", "Kalashnikov rifles", "pistol", "gunfire", "small arms", "light weapons"),
    "machine gun": ("machine guns", "heavy machine-gun fire", ".50-calibre machine gun"),
    "sniper rifle": ("sniper", "sniper rifle"),
    "melee weapon": ("knife", "knives", "machetes", "an axe"),
    "chemical weapon": ("chlorine gas", "sarin", "chemical weapons", "poison gas"),
    "petrol bomb": ("petrol bombs", "Molotov cocktails"),
    "crowd control": ("tear gas", "water cannon", "rubber bullets"),
    "torpedo": ("torpedoes",),
    "": ("weapons", "arms", "an unknown weapon", "aircraft carrier", "équipement"),
}
CASES = [(text, name) for name, texts in NAMES.items() for text in texts]

TRIGGERS = {
    "airstrike": "aerial",
    "Airstrikes": "aerial",
    "air raid": "aerial",
    "air strikes": "aerial",
    "aerial bombardment": "aerial",
    "strafed": "aerial",
    "drone strike": "drone",
    "drone attack": "drone",
    "rocket attack": "rocket",
    "rocket fire": "rocket",
    "missile strikes": "missile",
    "mortar fire": "mortar",
    "artillery barrage": "artillery",
    "shelling": "heavy weapon",
    "shelled": "heavy weapon",
    "gunned down": "small arms",
    "shot": "small arms",
    "shot dead": "small arms",
    "shooting": "small arms",
    "opened fire": "small arms",
    "sniper attack": "sniper rifle",
    "stabbed": "melee weapon",
    "beheaded": "melee weapon",
    "car bombing": "vehicle bomb",
    "suicide bombing": "suicide bomb",
    "suicide attack": "suicide bomb",
    "roadside bombing": "IED",
    "car-ramming": "vehicle",
    "rammed": "vehicle",
    "torched": "incendiary",
    "set ablaze": "incendiary",
    "gassed": "chemical weapon",
    "shot down": "",
    "intercepted": "",
    "bombed": "",
    "bombings": "",
    "bombardment": "",
    "explosion": "",
    "ambush": "",
    "attack": "",
    "strikes": "",
    "raid": "",
    "fired": "",
    "targeted": "",
    "assassination": "",
}

PAIRS = [
    ("drone", "drone", True),
    ("drone", "one-way attack drone", True),
    ("one-way attack drone", "drone", True),
    ("aerial", "one-way attack drone", True),
    ("missile", "ballistic missile", True),
    ("heavy weapon", "mortar", True),
    ("heavy weapon", "cruise missile", True),
    ("IED", "suicide vehicle bomb", True),
    ("explosive", "vehicle bomb", True),
    ("small arms", "machine gun", True),
    ("aerial", "air-dropped bomb", True),
    ("explosive", "air-dropped bomb", True),
    ("", "mortar", True),
    ("mortar", "rocket", False),
    ("drone", "warplane", False),
    ("drone", "naval drone", False),
    ("ballistic missile", "cruise missile", False),
    ("mortar", "aerial", False),
    ("small arms", "IED", False),
    ("rocket", "rocket-propelled grenade", False),
]

EVENT_TYPES = {
    "Battles": {"Armed clash"},
    "Explosions/Remote violence": {
        "",
        "Chemical weapon",
        "Air/drone strike",
        "Suicide bomb",
        "Shelling/artillery/missile attack",
        "Remote explosive/landmine/IED",
        "Grenade",
    },
    "Strategic developments": {"Looting/property destruction"},
    "": {""},
}
MODES = {
    *("", "primitive", "firearms", "explosives", "suicide-attack", "aerial", "drone", "heavy-weapons"),
    *("crowd-control", "unconventional", "destroy"),
}
GTD_WEAPONS = {
    None,
    (2, "Chemical"),
    (5, "Firearms"),
    (6, "Explosives"),
    (8, "Incendiary"),
    (9, "Melee"),
    (10, "Vehicle"),
}
GTD_ATTACKS = {
    None,
    (2, "Armed Assault"),
    (3, "Bombing/Explosion"),
    (7, "Facility/Infrastructure Attack"),
    (8, "Unarmed Assault"),
}


@pytest.mark.parametrize(("text", "name"), CASES, ids=[text for text, _ in CASES])
def test_a_weapon_is_of_the_most_specific_class_its_name_says(text: str, name: str) -> None:
    assert weapon_class(text) == name


@pytest.mark.parametrize(("trigger", "name"), TRIGGERS.items(), ids=TRIGGERS)
def test_a_trigger_tells_the_weapon_only_where_it_can_be_no_other(trigger: str, name: str) -> None:
    assert implied_class(trigger) == name


@pytest.mark.parametrize(("first", "second", "expected"), PAIRS)
def test_classes_are_compatible_if_one_is_a_kind_of_the_other(first: str, second: str, expected: bool) -> None:
    assert compatible(first, second) is expected
    assert compatible(second, first) is expected


def test_a_class_this_table_does_not_have_is_compatible_with_itself_alone() -> None:
    assert compatible("death ray", "death ray")
    assert not compatible("death ray", "drone")


def test_every_class_has_words_and_codes() -> None:
    assert list(WORDS) == list(CLASSES)


def test_every_parent_is_a_class_and_stands_below_what_is_more_specific() -> None:
    order = list(CLASSES)
    assert all(order.index(name) < order.index(parent) for name, parents in PARENTS.items() for parent in parents)


@pytest.mark.parametrize("name", CLASSES)
def test_codes_are_categories_of_the_codebooks(name: str) -> None:
    codes = CLASSES[name].codes
    event_type, sub_event_type = codes.acled
    assert sub_event_type in EVENT_TYPES[event_type]
    assert codes.plover in MODES
    assert codes.gtd_weapon in GTD_WEAPONS
    assert codes.gtd_attack in GTD_ATTACKS


CODES = [
    ("one-way attack drone", "Air/drone strike", "drone", 6, 3),
    ("warplane", "Air/drone strike", "aerial", 6, 3),
    ("mortar", "Shelling/artillery/missile attack", "heavy-weapons", 6, 3),
    ("rocket-propelled grenade", "Shelling/artillery/missile attack", "heavy-weapons", 6, 3),
    ("grenade", "Grenade", "explosives", 6, 3),
    ("landmine", "Remote explosive/landmine/IED", "explosives", 6, 3),
    ("suicide bomb", "Suicide bomb", "suicide-attack", 6, 3),
    ("chemical weapon", "Chemical weapon", "unconventional", 2, 8),
    ("machine gun", "Armed clash", "firearms", 5, 2),
    ("melee weapon", "Armed clash", "primitive", 9, 2),
    ("incendiary", "Looting/property destruction", "destroy", 8, 7),
]


@pytest.mark.parametrize(("name", "sub_event_type", "mode", "weapon", "attack"), CODES, ids=[row[0] for row in CODES])
def test_a_class_has_the_codes_of_the_codebooks(
    name: str, sub_event_type: str, mode: str, weapon: int, attack: int
) -> None:
    codes = CLASSES[name].codes
    assert (codes.acled[1], codes.plover) == (sub_event_type, mode)
    assert codes.gtd_weapon is not None
    assert codes.gtd_attack is not None
    assert (codes.gtd_weapon[0], codes.gtd_attack[0]) == (weapon, attack)


def test_a_weapon_that_does_not_decide_the_category_leaves_it_empty() -> None:
    assert CLASSES["petrol bomb"].codes.acled == ("", "")
    assert CLASSES["cluster munition"].codes.acled == ("Explosions/Remote violence", "")
    assert CLASSES["crowd control"].codes.gtd_weapon is None


@given(st.text(max_size=40))
def test_any_text_has_a_class_of_the_table_or_none(text: str) -> None:
    assert weapon_class(text) in {*CLASSES, ""}
    assert implied_class(text) in {*CLASSES, ""}
