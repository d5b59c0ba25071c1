"""Fillers of a document: mentions of one role merged where they mention one entity, and sorted into templates.

The merge head sees pairs of mentions whose strings differ; equal strings are one filler by rule, as in the role
filling of MUC-4 (Du, Rush and Cardie 2021). Pure but for the vectors that are passed through.
"""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tocsin.data.incidents import normalise
from tocsin.data.schema import Schema

_GAPS = (3, 10, 30, 100)  # words between two mentions are told apart up to these
_RELATIONS = ("apart", "a word in common", "same last word", "one within the other", "initials")


@dataclass(frozen=True, slots=True)
class RoleMention:
    """A string that fills a role, with where it stands."""

    role: str
    text: str
    start: int  # word index, in the passage or document that is looked at
    end: int

    @property
    def name(self) -> str:
        """What makes two mentions the same string."""
        return normalise(self.text) or self.text.lower()


def merge_sizes(schema: Schema) -> tuple[int, ...]:
    """How many values each feature of `merge_features` has."""
    return (len(schema.fillers), len(_RELATIONS), len(_GAPS) + 1, 3)


def merge_features(a: RoleMention, b: RoleMention, schema: Schema) -> tuple[int, ...]:
    """Compare two mentions of one role: do they mention one filler?"""
    gap = max(a.start, b.start) - min(a.end, b.end)
    return (
        schema.fillers.index(a.role),
        _RELATIONS.index(_relation(a.name, b.name)),
        bisect_right(_GAPS, gap),
        a.name.endswith("s") + b.name.endswith("s"),  # a group and one of it are seldom one filler
    )


def _relation(a: str, b: str) -> str:
    first, second = a.split(), b.split()
    if _are_initials(first, second) or _are_initials(second, first):
        return "initials"
    if set(first) <= set(second) or set(second) <= set(first):
        return "one within the other"
    if first[-1] == second[-1]:
        return "same last word"
    return "a word in common" if set(first) & set(second) else "apart"


def _are_initials(short: Sequence[str], long: Sequence[str]) -> bool:
    """Whether one word is made of the first letters of several, or of all but the small ones."""
    if len(short) != 1 or len(long) < 2:
        return False
    letters = "".join(word[0] for word in long)
    return short[0] in (letters, "".join(word[0] for word in long if len(word) > 3))


def candidate_pairs(mentions: Sequence[RoleMention]) -> list[tuple[int, int]]:
    """Every two mentions of one role whose strings differ, as indices, the earlier first."""
    return [
        (a, b)
        for b in range(len(mentions))
        for a in range(b)
        if mentions[a].role == mentions[b].role and mentions[a].name != mentions[b].name
    ]


def merge(
    mentions: Sequence[RoleMention], same: Callable[[Sequence[tuple[int, int]]], Sequence[float]]
) -> list[list[int]]:
    """Group mentions into fillers: a string joins the filler of its role it is linked to best on average.

    Args:
        mentions: in the order of the text.
        same: probabilities that pairs of mentions, given by index, mention one filler.

    Returns:
        The mentions of each filler by index, fillers in the order of their first mentions.
    """
    strings: dict[tuple[str, str], list[int]] = {}
    for index, mention in enumerate(mentions):
        strings.setdefault((mention.role, mention.name), []).append(index)
    firsts = [group[0] for group in strings.values()]
    wanted = [(a, b) for n, b in enumerate(firsts) for a in firsts[:n] if mentions[a].role == mentions[b].role]
    linked = dict(zip(wanted, same(wanted), strict=True)) if wanted else {}
    fillers: list[list[list[int]]] = []
    for group in strings.values():
        means = [sum(linked.get((member[0], group[0]), 0.0) for member in filler) / len(filler) for filler in fillers]
        best = max(range(len(fillers)), key=means.__getitem__, default=None)
        if best is not None and means[best] >= 0.5:
            fillers[best].append(group)
        else:
            fillers.append([group])
    return [sorted(index for group in filler for index in group) for filler in fillers]
