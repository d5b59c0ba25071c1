"""Mentions grouped into incidents: a learned score for each pair, then one pass in the order of the text.

A mention joins the incident whose latest mentions it is linked to best on average, if that average reaches
one half; otherwise it opens an incident (average-link clustering, done in reading order).
"""

from collections.abc import Callable, Sequence

LOOK_BACK = 64  # rule: a mention is compared with this many before it, so that work grows linearly


def group(n_mentions: int, link: Callable[[int, Sequence[int]], Sequence[float]]) -> list[int]:
    """The group number of each mention, numbered in the order of their first mentions.

    Args:
        n_mentions: how many there are, in the order of the text.
        link: probabilities that a mention is of one incident with each of some earlier ones.
    """
    groups: list[int] = []
    for mention in range(n_mentions):
        earlier = range(max(0, mention - LOOK_BACK), mention)
        best = _best_group(link(mention, earlier), [groups[index] for index in earlier]) if earlier else None
        groups.append(max(groups, default=-1) + 1 if best is None else best)
    return groups


def _best_group(probabilities: Sequence[float], groups: Sequence[int]) -> int | None:
    by_group: dict[int, list[float]] = {}
    for probability, number in zip(probabilities, groups, strict=True):
        by_group.setdefault(number, []).append(probability)
    means = {number: sum(values) / len(values) for number, values in by_group.items()}
    best = max(means, key=lambda number: (means[number], number))
    return best if means[best] >= 0.5 else None
