"""What the words of a target say."""

import pytest

from tocsin.data.store.targets import kinds, names

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


def test_spellings_of_a_name_are_one_name() -> None:
    assert names("Ayn al-Assad base", SIDES) == names("the Ain al Asad airbase", SIDES) != set()
