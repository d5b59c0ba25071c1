"""Names: two spellings of one name have an equal form, two names do not."""

import doctest
from collections.abc import Callable
from importlib import import_module

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.data.gazetteers.names import core, fold, key, rough

WORDS = st.sampled_from("al el the a an K 1 x base of ez ayn Deir Zor Ra's U.S. iyya ooo".split())
NAMES = st.text(max_size=30) | st.lists(WORDS).map(" ".join) | st.text("aeiouyhqkgdlsw -'.19ÉḤ", max_size=20)


@given(NAMES)
@pytest.mark.parametrize(
    "form",
    [
        pytest.param(fold, id="fold"),
        pytest.param(key, id="key"),
        pytest.param(rough, id="rough"),
        pytest.param(lambda name: core(name, "base"), id="core of a base"),
        pytest.param(lambda name: core(name, "actor"), id="core of an actor"),
        pytest.param(lambda name: core(name, "place"), id="core of a place"),
    ],
)
def test_a_form_of_a_form_is_itself(form: Callable[[str], str], name: str) -> None:
    assert form(form(name)) == form(name)


@given(NAMES)
def test_each_form_depends_on_nothing_but_the_stricter_one(name: str) -> None:
    assert key(fold(name)) == key(name)
    assert rough(key(name)) == rough(name)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param("Ain al-Asad", "AIN AL ASAD", id="case and hyphens"),
        pytest.param("Ḩamāh", "Hamah", id="accents"),
        pytest.param("Sana'a", "Sanaʿa", id="hamza and ayn"),
        pytest.param("U.S.", "US", id="full stops"),
        pytest.param("U. S. base", "US base", id="initials apart"),
        pytest.param("K-1", "K1", id="letter and number"),
        pytest.param("Erbil’s airport", "Erbil airport", id="possessive"),
        pytest.param("Łódź", "Lodz", id="letters that do not come apart"),
    ],
)
def test_typing_does_not_change_the_fold(first: str, second: str) -> None:
    assert fold(first) == fold(second)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param("Al-Tanf", "Tanf", id="article joined"),
        pytest.param("the Al Tanf", "At Tanf", id="two articles"),
        pytest.param("Deir ez-Zor", "Deir al-Zor", id="inner article"),
        pytest.param("Ash Shaddadi", "al-Shaddadi", id="sun letters"),
        pytest.param("Nur ad-Din", "Nur ud Din", id="case endings"),
    ],
)
def test_articles_do_not_change_the_key(first: str, second: str) -> None:
    assert fold(first) != fold(second)
    assert key(first) == key(second)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param("Ayn al-Assad", "Ain al-Asad", id="ayn, ain"),
        pytest.param("Dayr az Zor", "Deir ez-Zor", id="dayr, deir"),
        pytest.param("Sulaymaniyya", "Sulaimania", id="iyya, ia"),
        pytest.param("Qamishli", "Kamishly", id="q, k"),
        pytest.param("Raqqa", "Ar-Raqqah", id="final h"),
        pytest.param("Hasakeh", "Hassaka", id="final eh, double letters"),
        pytest.param("Houthi", "Huthi", id="ou, u"),
        pytest.param("Tel Rifaat", "Tel Rifat", id="double vowels"),
        pytest.param("Dhi Qar", "Di Qar", id="dh, d"),
    ],
)
def test_transliteration_does_not_change_the_rough_form(first: str, second: str) -> None:
    assert key(first) != key(second)
    assert rough(first) == rough(second)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Hama", "Hilla"),
        ("Raqqa", "Rekka"),
        ("Basra", "Busra"),
        ("KKK", "KCK"),
        ("Tower 22", "Tower 23"),
        ("Ra's al-Ayn", "R al-Ayn"),
        ("Mali", "Mila"),
    ],
)
def test_two_names_stay_two(first: str, second: str) -> None:
    assert rough(first) != rough(second)


def test_a_name_that_is_an_article_stays() -> None:
    assert [key("Al"), key("The"), key("the al")] == ["al", "the", "al"]


@pytest.mark.parametrize(
    ("name", "left"),
    [
        ("Al Harir military base", "harir"),
        ("Ain al-Asad Air Base", "ain asad"),
        ("base at Erbil airport", "erbil airport"),
        ("Camp Vale", "vale"),
        ("air bases", ""),
    ],
)
def test_the_core_of_a_base_has_no_head_noun(name: str, left: str) -> None:
    assert core(name, "base") == left


def test_head_nouns_depend_on_the_layer() -> None:
    assert [core("Vale province fighters", layer) for layer in ("base", "actor", "place")] == [
        "vale province fighters",
        "vale province",
        "vale fighters",
    ]


@pytest.mark.parametrize("module", ["names", "countries", "generic", "index", "places", "states"])
def test_the_examples_in_the_docstrings_hold(module: str) -> None:
    results = doctest.testmod(import_module(f"tocsin.data.gazetteers.{module}"))
    assert results.attempted > 0
    assert results.failed == 0
