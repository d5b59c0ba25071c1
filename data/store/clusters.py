"""Clusters: which accounts are of one incident, given what is found of each pair.

Pairs alone do not settle it: a vague account may go with two incidents that exclude each other. So the surest pairs
are joined first, and two groups become one only if no pair across them is ruled out and the mean over all pairs
across them is that of a merge. Accounts that may only join, denials, come last: each goes to the group it fits best,
and holds none together. The outcome depends on the accounts alone, not on the order in which they came.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
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
Judge = Callable[[str, str], Verdict]  # of any pair of accounts, the smaller id first
Group = tuple[str, ...]  # account ids, sorted
RULED_OUT = Verdict(-inf, is_merge=False)


def clusters(ids: Iterable[str], verdict: Judge) -> list[Group]:
    """Groups of accounts, in the order of their first ids."""
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


def joined(groups: Iterable[Group], joining: Iterable[str], verdict: Judge) -> list[Group]:
    """The groups with the accounts that may join one, in the order of their first ids; who fits none is left out.

    An account fits a group by the mean over those that formed it, under the conditions on which two groups are one.
    """
    groups = sorted(groups)
    rooms = [list(group) for group in groups]
    offers = [
        (-score, name, number)
        for name in joining
        for number, group in enumerate(groups)
        if (score := _fit(name, group, verdict)) >= THRESHOLD
    ]
    placed: set[str] = set()
    for _, name, number in sorted(offers):
        if name not in placed and _fit(name, rooms[number], verdict) > -inf:  # others that joined may rule it out
            placed.add(name)
            rooms[number].append(name)
    return sorted(tuple(sorted(room)) for room in rooms)


def _fit(name: str, group: Sequence[str], verdict: Judge) -> float:
    """The mean score of an account with those of a group; -inf if it merges with none, or one rules it out."""
    found = [verdict(*sorted((name, other))) for other in group]
    return sum(each.score for each in found) / len(found) if any(each.is_merge for each in found) else -inf


def spanning(edges: Iterable[_E], joining: Collection[str] = ()) -> Iterator[_E]:
    """Of all merges the surest that connect the accounts: one for each account but the first.

    Args:
        joining: accounts that may only join; of each comes its surest merge with one of the others.
    """
    ordered = sorted(edges, key=lambda edge: (-edge.score, edge.first, edge.second))
    yield from _tree(edge for edge in ordered if edge.first not in joining and edge.second not in joining)
    placed: set[str] = set()
    for edge in ordered:
        ends = [name for name in (edge.first, edge.second) if name in joining]
        if len(ends) == 1 and ends[0] not in placed:
            placed.add(ends[0])
            yield edge


def _tree(edges: Iterable[_E]) -> Iterator[_E]:
    """Those of the edges, the surest first, that connect what was not connected yet."""
    group_of: dict[str, set[str]] = {}
    for edge in edges:
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
