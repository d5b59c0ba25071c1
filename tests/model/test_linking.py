"""Grouping mentions into incidents from pairwise probabilities, and the rule for those that point back."""

from collections.abc import Sequence
from dataclasses import replace

from tocsin.model.features import Mention
from tocsin.model.linking import LOOK_BACK, group

PLAIN = Mention(
    type="ATTACK", sentence=0, word="raid", attributes=(), fillers=(), countable=True, identifying=(), anaphoric=False
)


def same_letter(letters: str) -> list[int]:
    def link(later: int, earlier: Sequence[int]) -> list[float]:
        return [0.9 if letters[index] == letters[later] else 0.1 for index in earlier]

    return group([PLAIN] * len(letters), link)


def never(later: int, earlier: Sequence[int]) -> list[float]:
    return [0.0] * len(earlier)


def test_mentions_linked_to_each_other_are_one_group_also_across_others() -> None:
    assert same_letter("abacb") == [0, 1, 0, 2, 1]


def test_no_mentions_give_no_groups() -> None:
    assert same_letter("") == []


def test_one_strong_link_does_not_outvote_the_other_mentions_of_a_group() -> None:
    probabilities = {1: [0.9], 2: [0.9, 0.9], 3: [0.9, 0.1, 0.1]}
    assert group([PLAIN] * 4, lambda later, earlier: probabilities[later]) == [0, 0, 0, 1]


def test_a_mention_is_compared_with_a_bounded_number_before_it() -> None:
    asked: list[int] = []

    def link(later: int, earlier: Sequence[int]) -> list[float]:
        asked.append(len(earlier))
        return never(later, earlier)

    assert group([PLAIN] * (3 * LOOK_BACK), link) == list(range(3 * LOOK_BACK))
    assert max(asked) == LOOK_BACK


def test_a_mention_that_only_points_back_joins_the_nearest_of_its_kind() -> None:
    series, pointing = replace(PLAIN, countable=False), replace(PLAIN, anaphoric=True)
    assert group([PLAIN, PLAIN, series, pointing], never) == [0, 1, 2, 1]


def test_a_mention_that_points_back_to_nothing_of_its_kind_opens_an_incident() -> None:
    assert group([replace(PLAIN, countable=False), replace(PLAIN, anaphoric=True)], never) == [0, 1]


def test_a_mention_that_points_back_passes_over_what_it_contradicts() -> None:
    here, there = (frozenset({"vale"}),), (frozenset({"dane"}),)
    pointing = replace(PLAIN, anaphoric=True, identifying=here)
    mentions = [replace(PLAIN, identifying=here), replace(PLAIN, identifying=there), pointing]
    assert group(mentions, never) == [0, 1, 0]


def test_a_mention_that_points_back_passes_over_events_of_another_type() -> None:
    pointing = replace(PLAIN, anaphoric=True)
    assert group([PLAIN, replace(PLAIN, type="PROTEST"), pointing], never) == [0, 1, 0]


def test_what_is_learned_goes_before_the_rule() -> None:
    pointing = replace(PLAIN, anaphoric=True)
    learned = {1: [0.0], 2: [0.9, 0.0]}
    assert group([PLAIN, PLAIN, pointing], lambda later, earlier: learned[later]) == [0, 1, 0]
