"""Attributes as classifications: per-value ratios, accuracy and the confusion matrix, computed by scikit-learn.

What is classified are the matched triggers and entities that have the attribute on either side, and the texts of a
schema that gives each exactly one label; which value was taken for which is counted in `Scores.choices`. Where
scikit-learn would put 0 for a value that occurs on neither side, its ratios are nan, as those of
`tocsin.train.counts` are.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tocsin.data.schema import Schema
from tocsin.train.counts import rounded
from tocsin.train.scores import Choices, Scores, entity_attribute
from tocsin.train.text_scores import TEXT_LABEL

NO_VALUE = "(none)"  # how the value "" is shown


@dataclass(frozen=True, slots=True)
class ValueRow:
    """How well one value of an attribute is told from the others; ratios in [0, 1], or nan."""

    value: str
    precision: float
    recall: float
    f1: float
    support: int  # gold items

    def to_json(self) -> dict[str, Any]:
        return {
            "value": self.value or NO_VALUE,
            "precision": rounded(self.precision),
            "recall": rounded(self.recall),
            "f1": rounded(self.f1),
            "support": self.support,
        }


@dataclass(frozen=True, slots=True)
class Classification:
    """How one attribute's values were told apart."""

    rows: tuple[ValueRow, ...]  # in schema order, then values the schema does not have, none ("") last
    confusion: tuple[tuple[int, ...], ...]  # gold by predicted, both in the order of the rows
    accuracy: float  # nan if nothing was classified
    macro_f1: float  # of the values that occur on either side; nan if none does

    @property
    def commonest(self) -> ValueRow:
        """The value that gold has most often; always saying it is right in `support` of `n` cases."""
        return max(self.rows, key=lambda row: row.support)

    @property
    def n(self) -> int:
        """How many were classified."""
        return sum(map(sum, self.confusion))

    def to_json(self) -> dict[str, Any]:
        return {
            "values": [row.value or NO_VALUE for row in self.rows],
            "confusion": [list(row) for row in self.confusion],
            "rows": [row.to_json() for row in self.rows],
            "accuracy": rounded(self.accuracy),
            "macro_f1": rounded(self.macro_f1),
            "n": self.n,
            "commonest": self.commonest.value or NO_VALUE,
            "accuracy_of_commonest": rounded(self.commonest.support / self.n) if self.n else None,
        }


def classifications(scores: Scores, schema: Schema) -> dict[str, Classification]:
    """Every attribute that has values, by name or "LABEL.name": those of events first, in schema order.

    After them `TEXT_LABEL`, if each text has exactly one label.
    """
    values = {attribute.name: attribute.values for attribute in schema.attributes}
    for label, attributes in schema.entity_attributes.items():
        values |= {entity_attribute(label, a): a.values for a in attributes if not a.is_integer}
    values |= {TEXT_LABEL: schema.text_labels} if schema.one_text_label and schema.text_labels else {}
    return {name: classify(scores.choices.get(name, {}), named) for name, named in values.items()}


def classify(choices: Choices, values: Sequence[str]) -> Classification:
    """Compute what scikit-learn computes of labels, from how often each pair of them occurs.

    Args:
        choices: the count of each pair (gold value, predicted value).
        values: what the schema knows; values that occur beside them are added.
    """
    found = {value for pair in choices for value in pair}
    values = [*values, *sorted(found - set(values), key=lambda value: (value == "", value))]
    if not choices:
        nothing = tuple(ValueRow(value, math.nan, math.nan, math.nan, 0) for value in values)
        return Classification(nothing, ((0,) * len(values),) * len(values), math.nan, math.nan)
    return _by_sklearn(choices, values, [value for value in values if value in found])


def _by_sklearn(choices: Choices, values: Sequence[str], occurring: Sequence[str]) -> Classification:
    from sklearn.metrics import accuracy_score, confusion_matrix, precision_recall_fscore_support

    gold, predicted = zip(*choices, strict=True)
    weights = list(choices.values())
    by_value = precision_recall_fscore_support(
        gold, predicted, labels=occurring, sample_weight=weights, zero_division=0.0
    )
    *_, macro_f1, _ = precision_recall_fscore_support(
        gold, predicted, labels=occurring, sample_weight=weights, zero_division=0.0, average="macro"
    )
    ratios = dict(zip(occurring, zip(*(column.tolist() for column in by_value), strict=True), strict=True))
    confusion = confusion_matrix(gold, predicted, labels=values, sample_weight=weights)
    return Classification(
        rows=tuple(_row(value, ratios) for value in values),
        confusion=tuple(tuple(int(n) for n in row) for row in confusion),
        accuracy=float(accuracy_score(gold, predicted, sample_weight=weights)),
        macro_f1=float(macro_f1),
    )


def _row(value: str, ratios: Mapping[str, tuple[float, float, float, float]]) -> ValueRow:
    precision, recall, f1, support = ratios.get(value, (math.nan, math.nan, math.nan, 0))
    return ValueRow(value, precision, recall, f1, int(support))
