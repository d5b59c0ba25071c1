"""Windows read every token, and each is judged where it has most context."""

import doctest
from importlib import import_module
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.data.windows import Window, windows


@st.composite
def plans(draw: st.DrawFn) -> tuple[int, int, int]:
    """A number of tokens, a window length and an overlap."""
    max_tokens = draw(st.integers(1, 24))
    return draw(st.integers(0, 150)), max_tokens, draw(st.integers(0, max_tokens - 1))


def distance_to_an_edge(window: Window, token: int, n_tokens: int) -> int:
    """Tokens between this one and the nearer place where the window cuts the text."""
    before = token - window.start if window.start > 0 else n_tokens
    after = window.end - 1 - token if window.end < n_tokens else n_tokens
    return min(before, after)


def test_no_tokens_need_no_window() -> None:
    assert windows(0, max_tokens=8, overlap=2) == []


@pytest.mark.parametrize("n_tokens", [1, 7, 8])
def test_a_text_that_fits_is_one_window(n_tokens: int) -> None:
    assert windows(n_tokens, max_tokens=8, overlap=2) == [Window(0, n_tokens, 0, n_tokens)]


def test_the_last_window_is_shifted_back_until_it_is_full() -> None:
    assert [(window.start, window.end) for window in windows(15, max_tokens=8, overlap=2)] == [(0, 8), (6, 14), (7, 15)]


def test_the_border_halves_an_even_overlap() -> None:
    first, second = windows(12, max_tokens=8, overlap=4)
    assert (first.end, second.start) == (8, 4)
    assert (first.own_end, second.own_start) == (6, 6)


def test_a_tie_goes_to_the_earlier_window() -> None:
    first, second = windows(13, max_tokens=8, overlap=3)
    assert (first.end, second.start) == (8, 5)
    assert (first.own_end, second.own_start) == (7, 7)


def test_without_overlap_windows_lie_side_by_side() -> None:
    assert windows(6, max_tokens=3, overlap=0) == [Window(0, 3, 0, 3), Window(3, 6, 3, 6)]


def test_the_number_of_windows_grows_with_the_text() -> None:
    assert len(windows(1_000_000, max_tokens=512, overlap=128)) == 2604


@pytest.mark.parametrize(
    ("n_tokens", "max_tokens", "overlap"),
    [
        pytest.param(10, 4, 4, id="overlap as long as a window"),
        pytest.param(10, 4, 9, id="overlap longer than a window"),
        pytest.param(10, 4, -1, id="negative overlap"),
        pytest.param(10, -4, 0, id="negative window"),
        pytest.param(10, 0, 0, id="empty window"),
        pytest.param(-1, 4, 1, id="negative text"),
    ],
)
def test_impossible_lengths_are_refused(n_tokens: int, max_tokens: int, overlap: int) -> None:
    with pytest.raises(ValueError, match="expected"):
        windows(n_tokens, max_tokens=max_tokens, overlap=overlap)


@pytest.mark.parametrize("edges", [(0, 4, 2, 2), (2, 4, 1, 3), (0, 4, 0, 5), (-1, 4, 0, 4)])
def test_a_window_that_owns_nothing_or_what_it_does_not_read_is_refused(edges: tuple[int, int, int, int]) -> None:
    with pytest.raises(ValueError, match="expected at least one token"):
        Window(*edges)


@given(plans())
def test_every_token_is_owned_exactly_once(plan: tuple[int, int, int]) -> None:
    n_tokens, max_tokens, overlap = plan
    cut = windows(n_tokens, max_tokens=max_tokens, overlap=overlap)
    assert [token for w in cut for token in range(w.own_start, w.own_end)] == list(range(n_tokens))


@given(plans())
def test_the_owner_is_the_first_window_in_which_the_token_stands_farthest_from_an_edge(
    plan: tuple[int, int, int],
) -> None:
    n_tokens, max_tokens, overlap = plan
    cut = windows(n_tokens, max_tokens=max_tokens, overlap=overlap)
    for owner in cut:
        for token in range(owner.own_start, owner.own_end):
            readers = [window for window in cut if window.start <= token < window.end]
            assert owner == max(readers, key=lambda window: distance_to_an_edge(window, token, n_tokens))


@given(plans())
def test_neighbours_share_the_overlap_and_move_on(plan: tuple[int, int, int]) -> None:
    n_tokens, max_tokens, overlap = plan
    for earlier, later in pairwise(windows(n_tokens, max_tokens=max_tokens, overlap=overlap)):
        assert earlier.end - later.start >= overlap
        assert earlier.start < later.start


@given(plans())
def test_all_windows_are_full_and_the_last_ends_with_the_text(plan: tuple[int, int, int]) -> None:
    n_tokens, max_tokens, overlap = plan
    cut = windows(n_tokens, max_tokens=max_tokens, overlap=overlap)
    assert all(window.end - window.start == min(max_tokens, n_tokens) for window in cut)
    assert [window.end for window in cut[-1:]] == [n_tokens][: len(cut)]


def test_the_examples_in_the_docstrings_hold() -> None:
    assert doctest.testmod(import_module("tocsin.data.windows")).failed == 0
