"""Mentions grouped into incidents: a learned score for each pair, then one pass in the order of the text.

A mention joins the incident whose latest mentions it is linked to best on average, if that average reaches
one half (average-link clustering, done in reading order). Otherwise it opens an incident, but for one rule: a
mention that points back ("the attack") joins the nearest mention before it of its kind that it does not contradict.
"""

from collections.abc import Callable, Sequence

from tocsin.model.features import Mention

LOOK_BACK = 64  # rule: a mention is compared with this many before it, so that work grows linearly


def group(mentions: Sequence[Mention], link: Callable[[int, Sequence[int]], Sequence[float]]) -> list[int]:
    """The group number of each mention, numbered in the order of their first mentions.

    Args:
        mentions: in the order of the text.
        link: probabilities that a mention is of one incident with each of some earlier ones, by their indices.
    """
    groups: list[int] = []
    for index in range(len(mentions)):
        earlier = range(max(0, index - LOOK_BACK), index)
        known = _best_group(link(index, earlier), [groups[other] for other in earlier]) if earlier else None
        if known is None:
            antecedent = _antecedent(mentions, index, earlier)
            known = max(groups, default=-1) + 1 if antecedent is None else groups[antecedent]
        groups.append(known)
    return groups


def _best_group(probabilities: Sequence[float], groups: Sequence[int]) -> int | None:
    by_group: dict[int, list[float]] = {}
    for probability, number in zip(probabilities, groups, strict=True):
        by_group.setdefault(number, []).append(probability)
    means = {number: sum(values) / len(values) for number, values in by_group.items()}
    best = max(means, key=lambda number: (means[number], number))
    return best if means[best] >= 0.5 else None


def _antecedent(mentions: Sequence[Mention], index: int, earlier: Sequence[int]) -> int | None:
    """The rule of the mention that points back: a real attack to a real one, a series or threat to another such."""
    if not mentions[index].anaphoric:
        return None
    own = mentions[index]
    return next((other for other in reversed(earlier) if _are_alike(mentions[other], own)), None)


def _are_alike(earlier: Mention, own: Mention) -> bool:
    same_kind = (earlier.type, earlier.countable) == (own.type, own.countable)
    return same_kind and not earlier.contradicts(own)
