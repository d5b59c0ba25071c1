"""Words cover a text as the encoder's pre-tokeniser will see it."""

import doctest
from importlib import import_module

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.data.words import words


@pytest.mark.parametrize(
    ("text", "surfaces"),
    [
        pytest.param("Two drones fell", ["Two", "drones", "fell"], id="spaces"),
        pytest.param("the U.S. base", ["the", "U", ".", "S", ".", "base"], id="abbreviation"),
        pytest.param("Ain al-Tanf", ["Ain", "al", "-", "Tanf"], id="hyphen"),
        pytest.param("1,500 men", ["1", ",", "500", "men"], id="number"),
        pytest.param("“No,” he said…", ["“", "No", ",", "”", "he", "said", "…"], id="curly quotes"),
        pytest.param("Erbil’s airport", ["Erbil", "’", "s", "airport"], id="possessive"),
        pytest.param("camp_vale", ["camp", "_", "vale"], id="underscore"),
        pytest.param("?!..", ["?", "!", ".", "."], id="each mark alone"),
        pytest.param("Šibenik قصف Київ", ["Šibenik", "قصف", "Київ"], id="other scripts"),
        pytest.param("a\u00a0b\u2003c\r\n\td", ["a", "b", "c", "d"], id="white space of every kind"),
        pytest.param("hit 🚀🚀", ["hit", "🚀", "🚀"], id="beyond the basic plane"),
        pytest.param(" \n ", [], id="white space only"),
        pytest.param("", [], id="empty"),
    ],
)
def test_a_word_is_a_run_of_letters_and_digits_or_one_mark(text: str, surfaces: list[str]) -> None:
    assert [text[start:end] for start, end in words(text)] == surfaces


@given(st.text())
def test_words_cover_every_character_but_white_space_exactly_once(text: str) -> None:
    covered = [index for start, end in words(text) for index in range(start, end)]
    assert covered == [index for index, character in enumerate(text) if not character.isspace()]


@given(st.text())
def test_a_word_of_several_characters_is_letters_and_digits_and_cannot_be_longer(text: str) -> None:
    offsets = words(text)
    runs = [(start, end) for start, end in offsets if text[start:end].isalnum()]
    assert all(end - start == 1 for start, end in offsets if not text[start:end].isalnum())
    assert all(not text[end : end + 1].isalnum() for _, end in runs)


def test_the_examples_in_the_docstrings_hold() -> None:
    assert doctest.testmod(import_module("tocsin.data.words")).failed == 0
