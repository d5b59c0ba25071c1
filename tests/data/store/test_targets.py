"""What the words of a target say."""

import pytest

from tocsin.data.store.targets import kinds, names, words

SIDES = frozenset({"us", "norland"})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("US bases", {"military site"}),
        ("base at Harn airport", {"military site", "airport"}),
        ("oil tanker", {"ship"}),
        ("a minibus", {"vehicle"}),
        ("residential buildings", {"dwelling"}),
        ("a vital target", set()),
        ("printing house", {"factory"}),
        ("police station", {"police"}),
        ("the station", {"railway"}),
        ("police checkpoints", {"military site", "police"}),
        ("fuel depot", {"oil site", "warehouse"}),
        ("school bus", {"vehicle"}),
        ("factories and a church", {"factory", "place of worship"}),
        ("camp for the displaced", {"displacement camp"}),
        ("army camp", {"military site"}),
        ("school sheltering displaced families", {"school", "displacement camp"}),
        ("house near a school", {"dwelling"}),
        ("Kandor camp", {"military site"}),
    ],
)
def test_a_target_is_of_the_kinds_its_words_say(text: str, expected: set[str]) -> None:
    assert kinds(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Camp Vale", {"vale"}),
        ("the U.S. base", set()),
        ("Norland oil tanker Cedar Star", {"cedar", "star"}),
        ("Post 14", {"14"}),
        ("T-4 airbase", {"t4"}),
        ("a school", set()),
    ],
)
def test_only_proper_names_and_numbers_name_a_target(text: str, expected: set[str]) -> None:
    assert names(text, SIDES) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("two Norland kiosks", {"kiosk"}),
        ("a kiosk by the fountain", {"kiosk"}),
        ("Hotel Varn", {"hotel"}),
        ("critical infrastructure", set()),
    ],
)
def test_words_say_what_a_target_is_and_not_whose(text: str, expected: set[str]) -> None:
    assert words(text, SIDES) == expected


def test_a_common_noun_in_the_name_of_a_side_is_kept() -> None:
    assert words("house", frozenset({"white", "house"})) == {"house"}


def test_spellings_of_a_name_are_one_name() -> None:
    assert names("Ayn al-Assad base", SIDES) == names("the Ain al Asad airbase", SIDES) != set()
