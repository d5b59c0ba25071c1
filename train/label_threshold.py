"""The score from which on a text is given a label, chosen on dev.

The F1 of examples wants a lower threshold than 0.5 where most scores of right labels are low: of a text whose labels
are all doubtful, the likeliest is worth more than none (Lipton, Elkan and Naryanaswamy 2014, who show that the best
threshold is half the best F1).
"""

from collections.abc import Sequence
from dataclasses import replace

from tocsin.data.schema import Schema
from tocsin.data.types import Document
from tocsin.model.settings import EVEN
from tocsin.model.whole_text import labels_from
from tocsin.train.text_scores import Examples, count_examples

STEPS = tuple(step / 20 for step in range(1, 20))  # coarse: a finer choice would be that of single texts


def is_free(schema: Schema) -> bool:
    """Whether a threshold can be chosen: texts may have any number of labels, and nothing else hangs on them."""
    return schema.is_multi_label and not schema.span_labels


def relabelled(document: Document, threshold: float) -> Document:
    """A predicted document with the labels that another threshold gives; one without words is as it was."""
    if not document.label_scores:
        return document
    return replace(document, labels=labels_from(document.label_scores, threshold, exclusive=False))


def best_threshold(gold: Sequence[Document], predicted: Sequence[Document]) -> float:
    """The threshold with the highest example-based F1; of equals the one nearest 0.5, the lower of two such.

    Args:
        gold: dev documents.
        predicted: the same in the same order, with the score of every label.
    """

    def worth(threshold: float) -> tuple[float, float]:
        pairs = zip(gold, predicted, strict=True)
        found = sum((count_examples(g, relabelled(p, threshold)) for g, p in pairs), Examples())
        return (found.mean if found.n else 0.0, -abs(threshold - EVEN))

    return max(STEPS, key=worth)
