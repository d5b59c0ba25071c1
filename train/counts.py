"""Counts of what was predicted, what was gold and what of both matched, with the ratios that follow from them.

Only counts are stored, so counts of disjoint sets add up to those of their union. A ratio is nan where there is
nothing to compare, and 0.0 where something was expected or predicted and nothing matched.
"""

import math
from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Counts:
    """How many of the predicted and of the gold matched.

    >>> Counts(n_matched=1, n_predicted=2, n_gold=1).precision
    0.5
    """

    n_matched: int = 0
    n_predicted: int = 0
    n_gold: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.n_matched <= min(self.n_predicted, self.n_gold):
            raise ValueError(
                f"{self.n_matched} matched of {self.n_predicted} predicted and {self.n_gold} gold; "
                "expected no more than either, and no less than 0"
            )

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            self.n_matched + other.n_matched, self.n_predicted + other.n_predicted, self.n_gold + other.n_gold
        )

    @property
    def occurs(self) -> bool:
        """Whether there is anything to compare; every ratio is nan if not."""
        return self.n_predicted + self.n_gold > 0

    @property
    def precision(self) -> float:
        return self._ratio(self.n_matched, self.n_predicted)

    @property
    def recall(self) -> float:
        return self._ratio(self.n_matched, self.n_gold)

    @property
    def f1(self) -> float:
        return self._ratio(2 * self.n_matched, self.n_predicted + self.n_gold)

    def _ratio(self, part: int, whole: int) -> float:
        if not self.occurs:
            return math.nan
        return part / whole if whole else 0.0


Tally = Mapping[str, Counts]  # by label, in an order fit for printing
Item = tuple[str, Hashable]  # the label it counts for, and what makes it the same as another


def count_items(gold: Sequence[Item], predicted: Sequence[Item]) -> Tally:
    """Compare as multisets: what is predicted twice and is gold once matches once."""
    matched = Counter(gold) & Counter(predicted)
    n_matched = Counter(label for label, _ in matched.elements())
    n_predicted = Counter(label for label, _ in predicted)
    n_gold = Counter(label for label, _ in gold)
    return {label: Counts(n_matched[label], n_predicted[label], n_gold[label]) for label in n_predicted | n_gold}


def add_tallies(left: Tally, right: Tally) -> Tally:
    """Sums by label; labels that only the right side has come last."""
    return {label: left.get(label, Counts()) + right.get(label, Counts()) for label in {**left, **right}}


def total(tally: Tally) -> Counts:
    """All labels taken together."""
    return sum(tally.values(), Counts())


def mean(values: Sequence[float]) -> float:
    """The mean; nan of nothing, and of anything with a nan in it."""
    return math.fsum(values) / len(values) if values else math.nan


def spread(values: Sequence[float]) -> tuple[float, float]:
    """Mean and sample standard deviation (n - 1); one value has no deviation (nan), and a nan makes both nan.

    >>> spread([0.25, 0.5, 0.75])
    (0.5, 0.25)
    """
    if not values:
        raise ValueError("no values; expected at least one to average")
    centre = mean(values)
    if len(values) == 1:
        return centre, math.nan
    return centre, math.sqrt(math.fsum((value - centre) ** 2 for value in values) / (len(values) - 1))


def rounded(ratio: float) -> float | None:
    """What a JSON file stores of a ratio: four digits, and null for nan, which JSON does not have."""
    return None if math.isnan(ratio) else round(ratio, 4)
