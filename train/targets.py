"""What the heads of the network should answer for a passage, as plain numbers."""

from collections.abc import Sequence
from dataclasses import dataclass

Bounds = tuple[int, int]


@dataclass(frozen=True, slots=True)
class LinkTargets:
    """Pairs of mentions with the answers."""

    features: Sequence[Sequence[int]]
    answers: Sequence[float]  # 1 where both are of one incident


@dataclass(frozen=True, slots=True)
class PairTargets:
    """Triggers and entities of one passage with the answers; word indices count from the passage's start."""

    left: Sequence[Bounds]
    right: Sequence[Bounds]
    features: Sequence[Sequence[int]]
    answers: Sequence[Sequence[float]]  # one number a role


@dataclass(frozen=True, slots=True)
class WholeTargets:
    """What the text that a passage is of should come out as; word indices count from the passage's start."""

    labels: Sequence[float]  # one number a text label; IGNORE where not annotated
    merges: PairTargets  # mentions of one role, one answer each
    mentions: Sequence[Sequence[Bounds]]  # of each filler
    types: Sequence[Sequence[float]]  # of each filler, one number a template type
    all_types: Sequence[float]  # of the text
