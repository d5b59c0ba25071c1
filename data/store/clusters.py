"""Clusters: which accounts are of one incident, given what is found of each pair.

Pairs alone do not settle it: a vague account may go with two incidents that exclude each other. So the surest pairs
are joined first, and two groups become one only if no pair across them is ruled out and the mean over all pairs
across them is that of a merge. The outcome depends on the accounts alone, not on the order in which they came.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import combinations
from math import inf
from typing import NamedTuple, Protocol, TypeVar

from tocsin.data.store.weights import THRESHOLD


class Verdict(NamedTuple):
    """What is found of a pair, in short."""

    score: float  # -inf: the pair is ruled out
    is_merge: bool  # by itself it is one incident


class Edge(Protocol):
    """A pair of accounts taken for one incident."""

    @property
    def first(self) -> str: ...
    @property
    def second(self) -> str: ...
    @property
    def score(self) -> float: ...


_E = TypeVar("_E", bound=Edge)
RULED_OUT = Verdict(-inf, is_merge=False)


def clusters(ids: Iterable[str], verdict: Callable[[str, str], Verdict]) -> list[tuple[str, ...]]:
    """Groups of account ids, each sorted, in the order of their first ids.

    Args:
        ids: of the accounts.
        verdict: of any pair of them, the smaller id first.
    """
    names = sorted(ids)
    verdicts = {(a, b): verdict(names[a], names[b]) for a, b in combinations(range(len(names)), 2)}
    totals = _totals(len(names), verdicts)
    groups = {number: [number] for number in range(len(names))}
    group_of = list(range(len(names)))
    merges = [pair for pair, found in verdicts.items() if found.is_merge]
    for one, other in sorted(merges, key=lambda pair: -verdicts[pair].score):  # stable: ties stay in the order of ids
        a, b = sorted((group_of[one], group_of[other]))
        if a != b and totals[a][b] >= THRESHOLD * len(groups[a]) * len(groups[b]):
            for number in groups[b]:
                group_of[number] = a
            groups[a] += groups.pop(b)
            _unite(totals, a, b, groups)
    return sorted(tuple(names[number] for number in sorted(group)) for group in groups.values())


def spanning(edges: Iterable[_E]) -> Iterator[_E]:
    """Of all merges the surest that connect the accounts: one for each account but the first."""
    group_of: dict[str, set[str]] = {}
    for edge in sorted(edges, key=lambda edge: (-edge.score, edge.first, edge.second)):
        a, b = (group_of.setdefault(name, {name}) for name in (edge.first, edge.second))
        if a is not b:
            yield edge
            a |= b
            group_of.update(dict.fromkeys(b, a))


def _totals(n: int, verdicts: dict[tuple[int, int], Verdict]) -> list[list[float]]:
    """The sums of the scores between groups, at first of one account each; -inf if any pair across is ruled out."""
    totals = [[0.0] * n for _ in range(n)]
    for (a, b), found in verdicts.items():
        totals[a][b] = totals[b][a] = found.score
    return totals


def _unite(totals: list[list[float]], a: int, b: int, groups: Iterable[int]) -> None:
    """Let group `a` take the sums of group `b` to all others."""
    for other in groups:
        totals[a][other] += totals[b][other]
        totals[other][a] = totals[a][other]
