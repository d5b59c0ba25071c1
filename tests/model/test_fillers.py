"""Mentions are merged into fillers by their strings and by what the merge head says of strings that differ."""

import pytest

from tocsin.data.schema import Schema
from tocsin.model.fillers import RoleMention, candidate_pairs, merge, merge_features, merge_sizes

SCHEMA = Schema(entity_labels=("Perp", "Target"), fillers=("Perp", "Target"))


def mention(text: str, start: int = 0, role: str = "Perp") -> RoleMention:
    return RoleMention(role, text, start, start + len(text.split()))


def never(pairs: object) -> list[float]:
    return [0.0] * len(pairs)  # type: ignore[arg-type] # a sequence of pairs


def test_equal_strings_are_one_filler_whatever_the_head_says() -> None:
    mentions = [mention("the Grey Front", 0), mention("bridge", 5, "Target"), mention("Grey Front", 9)]
    assert merge(mentions, never) == [[0, 2], [1]]


def test_strings_are_only_merged_within_a_role() -> None:
    asked: list[tuple[int, int]] = []

    def always(pairs: object) -> list[float]:
        asked.extend(pairs)  # type: ignore[arg-type] # a sequence of pairs
        return [1.0] * len(asked)

    mentions = [mention("guards", 0), mention("guards", 4, "Target"), mention("gunmen", 8)]
    assert merge(mentions, always) == [[0, 2], [1]]
    assert asked == [(0, 2)]


def test_a_string_joins_the_filler_it_is_linked_to_best_on_average() -> None:
    mentions = [mention("rebels", 0), mention("column", 4), mention("fighters", 8), mention("squad", 12)]
    said = {(0, 1): 0.9, (0, 2): 0.1, (1, 2): 0.2, (0, 3): 0.9, (1, 3): 0.2, (2, 3): 0.6}
    assert merge(mentions, lambda pairs: [said[pair] for pair in pairs]) == [[0, 1], [2, 3]]


def test_nothing_is_merged_where_nothing_is_mentioned() -> None:
    assert merge([], never) == []


@pytest.mark.parametrize(
    ("a", "b", "relation"),
    [
        ("gff", "Grey Forest Front", 4),
        ("GFF", "Grey Front of the Forest", 4),
        ("the bridge", "stone bridge", 3),
        ("iron bridge", "stone bridge", 2),
        ("bridge guard", "guard post", 1),
        ("rebels", "army", 0),
    ],
)
def test_how_two_strings_are_related_is_told(a: str, b: str, relation: int) -> None:
    assert merge_features(mention(a), mention(b, 9), SCHEMA)[1] == relation


def test_every_feature_is_one_of_the_values_it_is_said_to_have() -> None:
    mentions = [
        mention("guards", 0),
        mention("a guard", 500),
        mention("cars", 7, "Target"),
        mention("car", 9, "Target"),
    ]
    for a, b in candidate_pairs(mentions):
        features = merge_features(mentions[a], mentions[b], SCHEMA)
        assert all(0 <= value < size for value, size in zip(features, merge_sizes(SCHEMA), strict=True))


def test_pairs_are_of_one_role_and_of_different_strings() -> None:
    mentions = [mention("guards", 0), mention("Guards", 3), mention("gunmen", 5), mention("guards", 7, "Target")]
    assert candidate_pairs(mentions) == [(0, 2), (1, 2)]
