"""How the labels of whole texts compare, gold and predicted.

By label they are counted as everything else is. Beside that each document has an F1 of its own, 2·|g∩p| / (|g| + |p|),
whose mean over the documents with at least one gold or predicted label is the example-based F1 (Tsoumakas and Katakis
2007); a document without any on either side is right, and in no mean. Where each text has exactly one label, that mean
is the accuracy. A document whose gold labels are None was not annotated, and is not scored at all.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from tocsin.data.types import Document
from tocsin.train.counts import Tally, count_items
from tocsin.train.measures import Ratio, value

TEXT_LABEL = "text label"  # under which it is counted which label was taken for which; no attribute has a blank


@dataclass(frozen=True, slots=True)
class Examples:
    """The F1 of documents, summed up.

    >>> (Examples(1, 0.5) + Examples(1, 1.0)).mean
    0.75
    """

    n: int = 0  # documents with at least one gold or predicted label
    total: float = 0.0  # of their F1, from 0 to n

    def __post_init__(self) -> None:
        # A sum of many quotients may end a little above what it should.
        if not 0 <= self.total <= self.n * (1 + 1e-9):
            raise ValueError(f"an F1 of {self.total} in {self.n} documents; expected 0 to 1 in each")

    def __add__(self, other: "Examples") -> "Examples":
        return Examples(self.n + other.n, self.total + other.total)

    @property
    def ratio(self) -> Ratio:
        return self.total, float(self.n)

    @property
    def mean(self) -> float:
        """The example-based F1; nan without documents."""
        return value((self.ratio,))

    def to_json(self) -> dict[str, int | float]:
        return {"n": self.n, "sum": self.total}

    @classmethod
    def from_json(cls, record: dict[str, Any]) -> "Examples":
        """Read what `to_json` wrote; raises KeyError, TypeError or ValueError if it cannot be."""
        return cls(record["n"], record["sum"])


def count_labels(gold: Document, predicted: Document) -> Tally:
    """Counts by label; empty if the gold document is not annotated. A prediction without labels has predicted none."""
    if gold.labels is None:
        return {}
    return count_items(*([(name, name) for name in sorted(_names(side))] for side in (gold, predicted)))


def count_examples(gold: Document, predicted: Document) -> Examples:
    """The F1 of one document; nothing if gold is not annotated or neither side has a label."""
    expected, found = _names(gold), _names(predicted)
    if gold.labels is None or not expected | found:
        return Examples()
    return Examples(1, 2 * len(expected & found) / (len(expected) + len(found)))


def count_taken(gold: Document, predicted: Document) -> dict[tuple[str, str], int]:
    """Which label was taken for which, where each text has exactly one; "" is none, as in `Scores.choices`."""
    if gold.labels is None:
        return {}
    sides = (sorted(_names(document)) or [""] for document in (gold, predicted))
    expected, found = (names[0] for names in sides)
    return dict(Counter([(expected, found)]))


def _names(document: Document) -> set[str]:
    return {label.name for label in document.labels or ()}
