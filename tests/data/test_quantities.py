"""What a counted phrase allows, least and greatest."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.data.quantities import bounds

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
    "a soldier": (1, 1),
    "one soldier": (1, 1),
    "the governor": (None, None),
}


@pytest.mark.parametrize(("phrase", "expected"), CASES.items(), ids=CASES)
def test_a_phrase_has_the_bounds_it_states(phrase: str, expected: tuple[int | None, int | None]) -> None:
    assert bounds(phrase) == expected


@given(st.text(max_size=60))
def test_bounds_never_cross_and_never_fail(phrase: str) -> None:
    low, high = bounds(phrase)
    assert low is None or high is None or low <= high
    assert all(bound is None or bound >= 0 for bound in (low, high))
