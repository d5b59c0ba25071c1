"""Near-duplicates: what counts as one, against a comparison of all pairs, and that nothing depends on chance."""

import random
from collections.abc import Callable, Iterator, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.data.near_duplicates import NearDuplicate, near_duplicates, word_runs

WORDS = [first + second for first in "ba ke li mo nu ra so ti".split() for second in "dan fer gol hin".split()]
REPORT = (
    "Two armed drones struck the fuel depot of Camp Vale on Tuesday night, an army spokesman said, "
    "and three soldiers who slept beside the runway were wounded."
)


def texts(*given: str) -> Callable[[], Iterator[tuple[int, str]]]:
    return lambda: iter(enumerate(given))


def found(train: Sequence[str], dev: Sequence[str]) -> list[NearDuplicate[int]]:
    return list(near_duplicates({"train": texts(*train), "dev": texts(*dev)}))


def test_a_text_with_a_word_changed_is_found_with_the_share_of_runs_it_keeps() -> None:
    changed = REPORT.replace("Tuesday", "Monday")
    n_runs = len(REPORT.split()) - 4
    (only,) = found(["Nothing happened in Port Sund.", REPORT], [changed])
    # The changed word stands in five runs of each text.
    assert only == NearDuplicate("dev", 0, "train", 1, (n_runs - 5) / (n_runs + 5), is_equal=False)


def test_case_marks_and_white_space_do_not_make_texts_differ() -> None:
    (spaced,) = found([REPORT], ["\n" + REPORT.upper().replace(" ", "\r\n ")])
    assert (spaced.shared, spaced.is_equal) == (1.0, True)
    (marked,) = found([REPORT], [REPORT.replace(",", " --")])
    assert (marked.shared, marked.is_equal) == (1.0, False)


def test_texts_of_fewer_words_than_a_run_are_compared_as_they_are() -> None:
    (short,) = found(["Camp Vale burns.", ""], ["camp  vale burns.", "Camp Vale burned.", "", " "])
    assert (short.key, short.other_key, short.is_equal) == (0, 0, True)


def test_texts_within_one_group_are_not_compared() -> None:
    assert found([REPORT, REPORT], ["Nothing happened in Port Sund."]) == []


def test_of_several_near_duplicates_the_nearest_is_told() -> None:
    nearer = REPORT.replace("Two", "Three")
    (only,) = found([REPORT.replace("Tuesday", "Monday"), nearer, REPORT.replace("army", "navy")], [REPORT])
    assert only.other_key == 1


def test_each_text_is_compared_with_every_group_before_its_own() -> None:
    groups = {"train": texts("Other.", REPORT), "dev": texts(REPORT), "test": texts("Another.", REPORT + " It burned.")}
    pairs = [(found.group, found.key, found.other_group, found.other_key) for found in near_duplicates(groups)]
    assert pairs == [("dev", 0, "train", 1), ("test", 1, "train", 1), ("test", 1, "dev", 0)]


def test_a_lower_share_than_the_threshold_is_not_told() -> None:
    half = " ".join(REPORT.split()[:14])
    assert found([REPORT], [half]) == []
    groups = {"train": texts(REPORT), "dev": texts(half)}
    (only,) = near_duplicates(groups, threshold=0.4)
    assert only.shared == 10 / (len(REPORT.split()) - 4)


@pytest.mark.parametrize("texts_given", [([], []), (["", " \n"], [""]), ([REPORT], [])], ids=["none", "blank", "one"])
def test_nothing_is_found_where_nothing_is(texts_given: tuple[list[str], list[str]]) -> None:
    assert found(*texts_given) == []
    assert list(near_duplicates({"only": texts(REPORT)})) == []


def test_a_text_of_a_hundred_thousand_characters_without_a_space_is_one_word() -> None:
    long = "x" * 100_000
    assert len(word_runs(long)) == 0
    assert len(found([long], [long])) == 1


def test_a_long_text_is_hashed_in_blocks_that_do_not_show() -> None:
    drawn = random.Random(4)
    long = " ".join(drawn.choices(WORDS, k=9000))
    (only,) = found([long], [long + " and then nothing more was said"])
    assert only.shared > 0.99


def brute_force(train: Sequence[str], dev: Sequence[str]) -> dict[int, float]:
    """The best share of each dev text, by sets of strings."""

    def runs(text: str) -> set[tuple[str, ...]]:
        cut = text.split()
        return {tuple(cut[at : at + 5]) for at in range(len(cut) - 4)}

    shares: dict[int, float] = {}
    for number, text in enumerate(dev):
        own = runs(text)
        best = max(len(own & other) / len(own | other) for other in map(runs, train))
        if best >= 0.5:
            shares[number] = best
    return shares


def test_what_is_found_is_what_a_comparison_of_all_pairs_finds() -> None:
    drawn = random.Random(7)
    train = [" ".join(drawn.choices(WORDS, k=drawn.randint(10, 60))) for _ in range(150)]
    dev = []
    for text in train:
        cut = text.split()
        for _ in range(drawn.randint(0, 6)):
            cut[drawn.randrange(len(cut))] = drawn.choice(WORDS)
        dev.append(" ".join(cut))
    expected = brute_force(train, dev)
    assert 30 < len(expected) < 150
    assert {each.key: each.shared for each in found(train, dev)} == pytest.approx(expected)


@given(st.lists(st.text(alphabet="ab c\u00df\U0001f680\u0301\n", max_size=60), max_size=4))
def test_every_text_that_is_not_blank_is_found_in_a_copy_of_its_group(given_texts: list[str]) -> None:
    named = [each.key for each in found(given_texts, given_texts)]
    assert named == [number for number, text in enumerate(given_texts) if text.strip()]


def test_two_runs_find_the_same_in_the_same_order() -> None:
    train = [REPORT.replace("three", word) for word in WORDS]
    dev = [REPORT.replace("Two", word) for word in WORDS]
    assert found(train, dev) == found(train, dev)
    assert len(found(train, dev)) == len(WORDS)
