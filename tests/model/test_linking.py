"""Grouping mentions into incidents from pairwise probabilities."""

from collections.abc import Sequence

from tocsin.model.linking import LOOK_BACK, group


def same_letter(letters: str) -> list[int]:
    def link(later: int, earlier: Sequence[int]) -> list[float]:
        return [0.9 if letters[index] == letters[later] else 0.1 for index in earlier]

    return group(len(letters), link)


def test_mentions_linked_to_each_other_are_one_group_also_across_others() -> None:
    assert same_letter("abacb") == [0, 1, 0, 2, 1]


def test_no_mentions_give_no_groups() -> None:
    assert same_letter("") == []


def test_one_strong_link_does_not_outvote_the_other_mentions_of_a_group() -> None:
    probabilities = {1: [0.9], 2: [0.9, 0.9], 3: [0.9, 0.1, 0.1]}
    assert group(4, lambda later, earlier: probabilities[later]) == [0, 0, 0, 1]


def test_a_mention_is_compared_with_a_bounded_number_before_it() -> None:
    asked: list[int] = []

    def link(later: int, earlier: Sequence[int]) -> list[float]:
        asked.append(len(earlier))
        return [0.0] * len(earlier)

    assert group(3 * LOOK_BACK, link) == list(range(3 * LOOK_BACK))
    assert max(asked) == LOOK_BACK
