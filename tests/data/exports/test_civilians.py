"""Civilians told by a word: which phrases name them, and as what the codebooks take them."""

import pytest

from tocsin.data.coding.account import Evidence, Value
from tocsin.data.exports.civilians import Civilians, civilians, civilians_of, is_count
from tocsin.data.exports.gtd_codes import TARGETS
from tocsin.data.gazetteers.entry import Entry, Link

PHRASES: dict[str, tuple[int, int | None, str] | None] = {
    "civilians": (7, 14, "CVL"),
    "Civilians": (7, 14, "CVL"),
    "Norland civilians": (7, 14, "CVL"),
    "local villagers": (7, 14, "CVL"),
    "Villagers near Tessmar": (7, 14, "CVL"),
    "residents of Tessmar": (7, 14, "CVL"),
    "women and children": (7, 14, "CVL"),
    "women, children and elderly people": (7, 14, "CVL"),
    "a group of farmers": (7, 14, "AGR"),
    "herders": (7, 14, "AGR"),
    "at least three villagers": (7, 14, "CVL"),
    "12 villagers": (7, 14, "CVL"),
    "at least one of the villagers": (7, 14, "CVL"),
    "one of the villagers": (7, 14, "CVL"),
    "two children aged 4 and 7": (7, 14, "CVL"),
    "worshippers at a mosque": (7, None, "CVL"),
    "Shiite pilgrims": (7, 14, "CVL"),
    "aid workers": (7, 12, "CVL"),
    "foreign aid workers from a charity": (7, 12, "CVL"),
    "journalists": (7, 10, "JRN"),
    "a reporter": (7, 10, "JRN"),
    "teachers": (7, 8, "EDU"),
    "schoolchildren": (7, 14, "EDU"),
    "students of a technical college": (7, 14, "EDU"),
    "medics": (7, None, "MED"),
    "hospital staff": (7, None, "MED"),
    "refugees": (7, 13, "REF"),
    "displaced people": (7, 13, "REF"),
    "internally displaced families": (7, 13, "REF"),
    "people displaced by the war": (7, 13, "REF"),
    "gold miners": (7, None, "LAB"),
    "bus passengers": (7, None, "CVL"),
    "fishermen": (7, None, "CVL"),
    "protesters": (6, 14, "CVL"),
    "anti-government demonstrators": (6, 14, "CVL"),
    "non-combatants": (7, 14, "CVL"),
    "unarmed villagers": (7, 14, "CVL"),
    "residents of the military town": None,
    "soldiers": None,
    "villagers and soldiers": None,
    "civilians in Tessmar and soldiers": None,
    "armed herders": None,
    "army medics": None,
    "students of the military academy": None,
    "police trainees": None,
    "security workers": None,
    "nine people": None,
    "five": None,
    "men": None,
    "Norlanders": None,
    "gunmen": None,
    "Children of the Vale": None,
    "Norland Students": None,
    "Farmers' Union": None,
    "Committee to Protect Journalists": None,
    "Vale Guard": None,
    "": None,
}


@pytest.mark.parametrize(("phrase", "expected"), PHRASES.items(), ids=PHRASES)
def test_the_head_of_a_phrase_says_who_people_are(phrase: str, expected: tuple[int, int | None, str] | None) -> None:
    assert civilians_of(phrase) == (Civilians(*expected) if expected else None)
    assert expected is None or expected[1] is None or expected[1] in TARGETS


def test_only_unlinked_people_are_told_by_their_words() -> None:
    proof = (Evidence("a1", 0, 9, "villagers"),)
    entry = Entry("actor:villagers", "Villagers", "actor", inter="2")
    assert civilians(Value("villagers", "ACTOR", 0.9, proof))
    assert civilians(Value("villagers", "CASUALTY", 0.9, proof))
    assert civilians(Value("villagers", "ACTOR", 0.9, proof, Link(entry, 1.0))) is None
    assert civilians(Value("school children", "ASSET", 0.9, proof)) is None


@pytest.mark.parametrize(
    "phrase", ["five", "Another 24", "at least twenty-one", "dozens of others", "1,200", "two more"]
)
def test_a_count_alone_names_nobody(phrase: str) -> None:
    assert is_count(phrase)


@pytest.mark.parametrize("phrase", ["five guards", "people", "two hundred villagers", ""])
def test_a_count_of_somebody_names_them(phrase: str) -> None:
    assert not is_count(phrase)
