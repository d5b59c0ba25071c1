"""The confusion table: what gold spans of each label were predicted as, spans that nobody expected included."""

from collections.abc import Sequence
from typing import Any

from tocsin.data.errors import DataError
from tocsin.data.schema import Schema
from tocsin.data.types import Document, Span
from tocsin.train.pairing import pair_spans


def confusion(gold: Sequence[Document], predicted: Sequence[Document], schema: Schema) -> dict[str, Any]:
    """Count gold labels against predicted labels, entities and triggers in one table.

    Spans are paired as `tocsin.train.pairing` says, entities with triggers too: an entity that was taken for a
    trigger is a confusion here, though it is a missed entity and a spurious trigger to every score.

    Args:
        predicted: one for each of gold, in the same order; an article may come more than once, as with several seeds.

    Returns:
        `labels` of the schema, and `counts`, a row for each gold label and a column for each predicted one; the last
        row holds what is nothing in gold, the last column what was not found. A row sums to the label's gold spans.

    Raises:
        DataError: the articles differ, or a label is not in the schema.
    """
    labels = schema.span_labels
    places = {label: index for index, label in enumerate(labels)}
    nothing = len(labels)
    counts = [[0] * (nothing + 1) for _ in range(nothing + 1)]
    _check_articles(gold, predicted)
    for one, other in zip(gold, predicted, strict=True):
        pairing = pair_spans(_spans(one, places), _spans(other, places))
        for left, right in pairing.both:
            counts[places[left.label]][places[right.label]] += 1
        for span in pairing.gold:
            counts[places[span.label]][nothing] += 1
        for span in pairing.predicted:
            counts[nothing][places[span.label]] += 1
    return {"labels": list(labels), "counts": counts}


def _spans(document: Document, places: dict[str, int]) -> list[Span]:
    spans = [*document.entities, *(event.trigger for event in document.events)]
    unknown = sorted({span.label for span in spans} - places.keys())
    if unknown:
        raise DataError(
            f"{document.article.id}: label {', '.join(unknown)} is not in the schema; "
            f"expected one of: {', '.join(places)}; compare documents of one schema"
        )
    return spans


def _check_articles(gold: Sequence[Document], predicted: Sequence[Document]) -> None:
    expected = [document.article.id for document in gold]
    found = [document.article.id for document in predicted]
    if expected != found:
        differing = next((pair for pair in zip(expected, found, strict=False) if pair[0] != pair[1]), None)
        what = f"{differing[1]} stands where gold has {differing[0]}" if differing else "one side has more"
        raise DataError(
            f"predicted: {len(found)} documents for {len(expected)} of gold, and {what}; "
            "give one prediction for each gold document, in the order of gold"
        )
