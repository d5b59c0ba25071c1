"""How many people a phrase counts, and what several phrases of one incident come to."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.data.coding.account import Evidence, Toll
from tocsin.data.coding.tolls import HARMS, Phrase, phrases_of, toll, tolls, vague_words

Numbers = tuple[int, int | None, int | None]

PHRASES: dict[str, Numbers] = {
    "three soldiers": (3, 3, 3),
    "a soldier": (1, 1, 1),
    "one fighter": (1, 1, 1),
    "twenty-one sailors": (21, 21, 21),
    "1,200 civilians": (1200, 1200, 1200),
    "two hundred and fifty people": (250, 250, 250),
    "another 24": (24, 24, 24),
    "two others": (2, 2, 2),
    "two more": (2, 2, 2),
    "about 40 people": (40, 40, 40),
    "some 30 fighters": (30, 30, 30),
    "a dozen recruits": (12, 12, 12),
    "half a dozen guards": (6, 6, 6),
    "two dozen recruits": (24, 24, 24),
    "a hundred people": (100, 100, 100),
    "both pilots": (2, 2, 2),
    "a pair of sentries": (2, 2, 2),
    "a 12-year-old girl": (1, 1, 1),
    "three 19-year-old conscripts": (3, 3, 3),
    "nine people, including two children": (9, 9, 9),
    "at least three": (3, 3, None),
    "at least 45 Norlanders": (45, 45, None),
    "no fewer than 12": (12, 12, None),
    "not less than six": (6, 6, None),
    "10 or more": (10, 10, None),
    "10+": (10, 10, None),
    "more than 20": (21, 21, None),
    "over 1,200": (1201, 1201, None),
    "more than two dozen": (25, 25, None),
    "up to 10": (0, 10, 10),
    "as many as 30": (0, 30, 30),
    "no more than two": (0, 2, 2),
    "fewer than 10": (0, 9, 9),
    "less than five": (0, 4, 4),
    "three to five": (3, 3, 5),
    "between 10 and 12 men": (10, 10, 12),
    "two or three guards": (2, 2, 3),
    "no casualties": (0, 0, 0),
    "No one": (0, 0, 0),
    "nobody": (0, 0, 0),
    "none of the 40 recruits": (0, 0, 0),
    "not a single soldier": (0, 0, 0),
    "without any casualties": (0, 0, 0),
    "zero": (0, 0, 0),
    "several of its members": (2, 3, None),
    "a few soldiers": (2, 3, None),
    "many civilians": (2, 3, None),
    "some soldiers": (2, 3, None),
    "a number of guards": (2, 3, None),
    "an unknown number of fighters": (1, None, None),
    "An unspecified number of people": (1, None, None),
    "an undisclosed number": (1, None, None),
    "a large number of guards": (2, 3, None),
    "a couple of dozen recruits": (24, 24, 24),
    "two children aged 4 and 7": (2, 2, 2),
    "three-quarters of the crew": (1, None, None),
    "900,000,000,000,000,000,000 men": (1, None, None),
    "a handful of men": (2, 3, None),
    "a couple of guards": (2, 2, None),
    "tens of people": (10, 10, None),
    "dozens": (12, 12, None),
    "dozens, including 14 children": (12, 12, None),
    "several dozen recruits": (12, 12, None),
    "scores of people": (20, 20, None),
    "hundreds": (100, 100, None),
    "several hundred troops": (100, 100, None),
    "thousands": (1000, 1000, None),
    "casualties": (1, None, None),
    "members of the 82nd Brigade": (1, None, None),
}


def numbers(said: Toll) -> Numbers:
    return said.low, said.best, said.high


def phrase(text: str, harm: str = "killed", *, start: int = 0) -> Phrase:
    return Phrase(text, (Evidence("a1", start, start + len(text), text),), {"harm": harm})


def told(*texts: str) -> Numbers:
    """What phrases of one harm come to."""
    (said,) = tolls(phrase(text, start=100 * index) for index, text in enumerate(texts))
    return numbers(said)


@pytest.mark.parametrize(("text", "expected"), PHRASES.items(), ids=PHRASES)
def test_a_phrase_is_low_best_and_high(text: str, expected: Numbers) -> None:
    assert numbers(toll(phrase(text))) == expected


def test_annotated_bounds_go_before_the_words() -> None:
    said = toll(Phrase("the crew", (), {"harm": "missing", "min": 4, "max": 6}))
    assert (said.harm, *numbers(said)) == ("missing", 4, 4, 6)


def test_an_annotated_bound_that_counts_no_people_is_none() -> None:
    assert numbers(toll(Phrase("three guards", (), {"harm": "killed", "min": 2**70, "max": 2**70}))) == (3, 3, 3)
    assert numbers(toll(Phrase("the crew", (), {"harm": "killed", "min": -4, "max": None}))) == (1, None, None)


VAGUE_BESTS: list[tuple[tuple[str, ...], tuple[str, ...]]] = [
    (("dozens of guards",), ("dozens",)),
    (("Several guards", "many men"), ("several", "many")),
    (("dozens", "at least 20"), ()),
    (("casualties",), ()),
    (("casualties", "several men"), ("several",)),
    (("an unknown number of guards",), ()),
    (("some 30 fighters",), ()),
    (("several", "another two"), ("several",)),
]


@pytest.mark.parametrize(("texts", "expected"), VAGUE_BESTS, ids=[" + ".join(texts) for texts, _ in VAGUE_BESTS])
def test_a_best_by_convention_names_its_words(texts: Sequence[str], expected: tuple[str, ...]) -> None:
    (said,) = tolls(phrase(text, start=100 * index) for index, text in enumerate(texts))
    assert vague_words(said) == expected


def test_a_phrase_without_a_harm_is_of_any() -> None:
    assert toll(Phrase("three", (), {})).harm == "any"


UNIONS: list[tuple[tuple[str, ...], Numbers]] = [
    (("three soldiers", "three troops"), (3, 3, 3)),
    (("at least three", "five soldiers"), (5, 5, 5)),
    (("up to 10", "at least four"), (4, 10, 10)),
    (("three to five", "four to six"), (4, 4, 5)),
    (("several", "seven soldiers"), (7, 7, 7)),
    (("dozens", "at least 20"), (20, 20, None)),
    (("casualties", "two guards"), (2, 2, 2)),
    (("three soldiers", "five soldiers"), (3, 3, 5)),
    (("five soldiers", "three soldiers"), (3, 5, 5)),
    (("two soldiers", "at least four"), (2, 2, None)),
    (("three soldiers", "no casualties"), (0, 3, 3)),
    (("no casualties", "several"), (0, 0, None)),
    (("three soldiers", "another two"), (5, 5, 5)),
    (("three soldiers", "two more", "two others"), (7, 7, 7)),
    (("at least three", "another two"), (5, 5, None)),
    (("another 24",), (24, 24, 24)),
    (("another 24", "24 troops"), (24, 24, 24)),
    (("three soldiers", "two more", "five people"), (5, 5, 5)),
    (("three soldiers", "two more", "at least three"), (5, 5, 5)),
    (("three soldiers", "another two", "nine"), (5, 5, 11)),
    (("casualties", "another two"), (3, None, None)),
]


@pytest.mark.parametrize(("texts", "expected"), UNIONS, ids=[" + ".join(texts) for texts, _ in UNIONS])
def test_phrases_of_one_harm_come_to_one_toll(texts: Sequence[str], expected: Numbers) -> None:
    assert told(*texts) == expected


def test_harms_are_kept_apart() -> None:
    found = tolls([phrase("another 24", "wounded"), phrase("one soldier", "killed")])
    assert [(said.harm, said.best) for said in found] == [("killed", 1), ("wounded", 24)]


def test_zero_of_any_harm_is_none_killed_and_none_wounded() -> None:
    (killed, wounded) = tolls([phrase("no casualties", "any")])
    assert [(said.harm, *numbers(said)) for said in (killed, wounded)] == [("killed", 0, 0, 0), ("wounded", 0, 0, 0)]
    assert killed.evidence == wounded.evidence == phrase("no casualties").evidence


def test_a_count_of_any_harm_is_of_no_other() -> None:
    (said,) = tolls([phrase("12 casualties", "any")])
    assert (said.harm, said.best) == ("any", 12)


def test_a_toll_rests_on_every_phrase() -> None:
    first, second, third = phrase("three"), phrase("five", start=40), phrase("two more", start=80)
    (said,) = tolls([first, second, third])
    assert said.evidence == (*first.evidence, *second.evidence, *third.evidence)


def test_the_same_words_in_two_places_are_one_phrase_with_both() -> None:
    places = [Evidence("a1", 0, 11, "Another two"), Evidence("a1", 50, 61, "another two")]
    (found,) = phrases_of((place, {"harm": "killed"}) for place in places)
    assert found.evidence == tuple(places)


def test_the_same_words_of_two_harms_are_two_phrases() -> None:
    place = Evidence("a1", 0, 5, "three")
    assert len(phrases_of([(place, {"harm": "killed"}), (place, {"harm": "wounded"})])) == 2


def test_no_phrases_are_no_tolls() -> None:
    assert tolls([]) == ()


@given(st.lists(st.tuples(st.sampled_from(list(PHRASES)), st.sampled_from(HARMS)), max_size=6))
def test_low_best_and_high_never_cross(said: list[tuple[str, str]]) -> None:
    for found in tolls(phrase(text, harm) for text, harm in said):
        assert found.high is None or found.low <= found.high
        assert found.best is None or found.low <= found.best
        assert found.best is None or found.high is None or found.best <= found.high
