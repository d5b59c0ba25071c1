"""Which accounts form one group, whatever the order."""

from collections.abc import Callable
from itertools import combinations
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from tocsin.data.coding.merged import Merge
from tocsin.data.store.clusters import RULED_OUT, Verdict, clusters, joined, spanning
from tocsin.data.store.weights import THRESHOLD

Scores = dict[str, float | None]


def verdicts(scores: Scores) -> Callable[[str, str], Verdict]:
    """Of accounts named by single letters, from the scores of pairs ("ab"); those left out score 0."""

    def verdict(a: str, b: str) -> Verdict:
        score = scores.get(a + b, 0.0)
        return RULED_OUT if score is None else Verdict(score, score >= THRESHOLD)

    return verdict


def grouped(scores: Scores, ids: list[str] | None = None) -> list[tuple[str, ...]]:
    return clusters(ids or sorted({name for pair in scores for name in pair}), verdicts(scores))


def test_pairs_that_merge_are_one_group() -> None:
    assert grouped({"ab": 6.0, "bc": 6.0, "ac": 6.0, "de": 5.0}) == [("a", "b", "c"), ("d", "e")]


def test_accounts_that_exclude_each_other_are_not_joined_by_a_third() -> None:
    assert grouped({"ab": 6.0, "bc": 7.0, "ac": None}) == [("a",), ("b", "c")]


def test_a_chain_is_one_group_only_if_its_mean_is_that_of_a_merge() -> None:
    assert grouped({"ab": 6.0, "bc": 8.0, "ac": 4.0}) == [("a", "b", "c")]
    assert grouped({"ab": 6.0, "bc": 8.0, "ac": 3.75}) == [("a",), ("b", "c")]


def test_of_equal_scores_the_smaller_ids_are_joined_first() -> None:
    assert grouped({"ab": 6.0, "bc": 6.0, "ac": None}) == [("a", "b"), ("c",)]


def test_an_account_that_may_only_join_goes_to_the_group_it_fits_best() -> None:
    scores: Scores = {"ax": 6.0, "bx": 5.0, "cx": 5.75}
    assert joined([("a", "b"), ("c",)], "x", verdicts(scores)) == [("a", "b"), ("c", "x")]
    assert joined([("a", "b"), ("c",)], "x", verdicts({**scores, "bx": 5.5})) == [("a", "b", "x"), ("c",)]  # a tie
    assert joined([("a", "b"), ("c",)], "x", verdicts({**scores, "bx": 6.0})) == [("a", "b", "x"), ("c",)]
    assert joined([("a", "b"), ("c",)], "x", verdicts({**scores, "bx": 8.0, "cx": 0.0, "ax": None})) == [
        ("a", "b"),
        ("c",),
    ]


def test_of_accounts_that_may_only_join_and_exclude_each_other_the_better_fit_joins() -> None:
    scores: Scores = {"ax": 5.0, "ay": 6.0, "xy": None}
    assert joined([("a",)], "xy", verdicts(scores)) == [("a", "y")]
    assert joined([("a",)], "yx", verdicts({**scores, "xy": 0.0})) == [("a", "x", "y")]
    assert joined([("a",), ("b",)], "xy", verdicts({**scores, "bx": 5.0})) == [("a", "y"), ("b", "x")]


PAIRS = ["".join(pair) for pair in combinations("abcdef", 2)]
SCORES = st.dictionaries(st.sampled_from(PAIRS), st.none() | st.sampled_from([2.0, 4.75, 5.0, 6.25, 8.0]))


@given(scores=SCORES, seed=st.integers(0, 99))
def test_the_order_of_accounts_makes_no_difference(scores: Scores, seed: int) -> None:
    assert grouped(scores, list("abcdef")) == grouped(scores, Random(seed).sample("abcdef", k=6))


@given(scores=SCORES, seed=st.integers(0, 99))
def test_who_may_only_join_changes_no_group_and_comes_in_any_order(scores: Scores, seed: int) -> None:
    formed = clusters("abcd", verdicts(scores))
    found = joined(formed, "ef", verdicts(scores))
    assert sorted(tuple(name for name in group if name not in "ef") for group in found) == formed
    shuffled = Random(seed).sample(formed, k=len(formed))
    assert joined(shuffled, "fe", verdicts(scores)) == found


@given(scores=SCORES)
def test_no_group_holds_accounts_that_exclude_each_other(scores: Scores) -> None:
    groups = grouped(scores, list("abcdef"))
    assert sorted(name for group in groups for name in group) == list("abcdef")
    assert not [pair for group in groups for pair in combinations(group, 2) if scores.get("".join(pair), 0.0) is None]


def test_the_surest_merges_that_connect_accounts_are_kept() -> None:
    merges = [Merge(*pair, score, ()) for pair, score in (("ab", 5.0), ("bc", 7.0), ("ac", 6.0), ("de", 5.0))]
    assert [(merge.first, merge.second) for merge in spanning(merges)] == [("b", "c"), ("a", "c"), ("d", "e")]


def test_no_accounts_are_connected_by_one_that_may_only_join() -> None:
    merges = [
        Merge(*pair, score, ()) for pair, score in (("ab", 5.0), ("ax", 7.0), ("bx", 6.0), ("xy", 9.0), ("by", 6.0))
    ]
    assert [(merge.first, merge.second) for merge in spanning(merges, "xy")] == [("a", "b"), ("a", "x"), ("b", "y")]
