"""False incidents in articles that hold no event: what a reader of many quiet articles has to sort out by hand."""

from collections.abc import Mapping, Sequence
from typing import Any

from scipy.stats import chi2

from tocsin.data.incidents import is_countable
from tocsin.data.schema import Schema
from tocsin.data.types import Document
from tocsin.train.bootstrap import LEVEL

PER = 100  # articles


def quiet_record(
    gold: Sequence[Document], predicted: Mapping[int | None, Sequence[Document]], schema: Schema
) -> dict[str, Any] | None:
    """Countable incidents predicted in the articles that have no gold event, all seeds together.

    Args:
        gold: the annotated articles.
        predicted: by seed, in the order of gold.
        schema: of both.

    Returns:
        Counts, and incidents per 100 articles with an exact Poisson interval (Garwood 1936) of their mean over seeds:
        what several seeds find in one article is not independent. None where no article is without an event, or
        there are no events to find.
    """
    quiet = [index for index, document in enumerate(gold) if not document.events]
    if not quiet or not schema.event_types:
        return None
    found = [
        sum(is_countable(incident, schema) for incident in documents[index].incidents)
        for documents in predicted.values()
        for index in quiet
    ]
    mean = sum(found) / len(predicted)
    low, high = _poisson_interval(mean)
    return {
        "n_articles": len(quiet),
        "n_read": len(found),  # each article once a seed
        "n_incidents": sum(found),
        "n_with_incidents": sum(map(bool, found)),
        "level": LEVEL,
        **{name: round(PER * n / len(quiet), 4) for name, n in (("value", mean), ("low", low), ("high", high))},
    }


def _poisson_interval(n: float) -> tuple[float, float]:
    """Bounds of the mean of which n is one draw; of an n between whole numbers, between theirs.

    >>> tuple(round(bound, 2) for bound in _poisson_interval(0))
    (0.0, 3.69)
    """
    tail = (1.0 - LEVEL) / 2.0
    low = float(chi2.ppf(tail, 2 * n)) / 2.0 if n else 0.0
    return low, float(chi2.ppf(1.0 - tail, 2 * n + 2)) / 2.0
