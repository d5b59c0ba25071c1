"""What a counted phrase allows, least and greatest."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.data.quantities import MAX_COUNT, bounds

CASES = {
    "three soldiers": (3, 3),
    "at least three US soldiers": (3, None),
    "No casualties": (0, 0),
    "without casualties": (0, 0),
    "several of its members": (None, None),
    "dozens": (None, None),
    "thousands": (None, None),
    "another 24": (24, 24),
    "about 40 people": (40, 40),
    "more than 100 troops": (101, None),
    "over 1,200 civilians": (1201, None),
    "up to five guards": (None, 5),
    "as many as 30": (None, 30),
    "no more than two": (None, 2),
    "no fewer than 12 fighters": (12, None),
    "between three and five men": (3, 5),
    "10-12 recruits": (10, 12),
    "two or three guards": (2, 3),
    "twenty-one sailors": (21, 21),
    "two hundred and fifty people": (250, 250),
    "three thousand troops": (3000, 3000),
    "two dozen recruits": (24, 24),
    "a dozen": (12, 12),
    "half a dozen guards": (6, 6),
    "more than two dozen": (25, None),
    "several dozen": (None, None),
    "a hundred people": (100, 100),
    "several hundred": (None, None),
    "both pilots": (2, 2),
    "a pair of sentries": (2, 2),
    "fewer than 10": (None, 9),
    "less than one": (None, 0),
    "not less than six": (6, None),
    "10+": (10, None),
    "no one": (0, 0),
    "none of the 40 recruits": (0, 0),
    "not a single soldier": (0, 0),
    "no more than 12 men": (None, 12),
    "a 12-year-old girl": (1, 1),
    "three 19-year-old conscripts": (3, 3),
    "members of the 82nd Brigade": (None, None),
    "dozens, including 14 children": (None, None),
    "nine people, including two children": (9, 9),
    "an unknown number of fighters": (None, None),
    "a couple of dozen recruits": (24, 24),
    "a couple dozen": (24, 24),
    "at least a couple of hundred": (200, None),
    "two children aged 4 and 7": (2, 2),
    "a girl of seven": (1, 1),
    "a Syrian boy of 12": (1, 1),
    "a group of seven": (7, 7),
    "two girls, ages 4 and 7": (2, 2),
    "three middle-aged men": (3, 3),
    "three-quarters of the crew": (None, None),
    "a third of the garrison": (None, None),
    "two-thirds of 30 recruits": (None, None),
    "half of the 40 guards": (None, None),
    "10% of 300 recruits": (None, None),
    "five guards, half of them asleep": (5, 5),
    "half of the crew": (None, None),
    "a quarter of the village": (None, None),
    "20 per cent of the crew": (None, None),
    "60% of the garrison": (None, None),
    "1.2 million people": (None, None),
    "a third soldier": (1, 1),
    "12,000,000,000 people": (None, None),
    "more than 99999999999999999999": (None, None),
    "up to three hundred million": (None, None),
    "a large group": (None, None),
    "a soldier": (1, 1),
    "one soldier": (1, 1),
    "the governor": (None, None),
}


@pytest.mark.parametrize(("phrase", "expected"), CASES.items(), ids=CASES)
def test_a_phrase_has_the_bounds_it_states(phrase: str, expected: tuple[int | None, int | None]) -> None:
    assert bounds(phrase) == expected


def test_digits_without_end_are_no_count() -> None:
    assert bounds("9" * 10_000) == (None, None)


@given(st.text(max_size=60))
def test_bounds_never_cross_and_never_fail(phrase: str) -> None:
    low, high = bounds(phrase)
    assert low is None or high is None or low <= high
    assert all(bound is None or 0 <= bound <= MAX_COUNT for bound in (low, high))
