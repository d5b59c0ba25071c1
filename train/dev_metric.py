"""The numbers a task is judged by: the primary one, and that by which epochs, rates and seeds are compared on dev."""

from collections.abc import Iterator, Sequence
from itertools import chain

from tocsin.data.schema import Schema
from tocsin.data.types import Document
from tocsin.train.counts import total
from tocsin.train.measures import MICRO, main_measures, text_measures
from tocsin.train.scores import Scores, score


def primary(scores: Scores, schema: Schema) -> tuple[str, float]:
    """The first measure by which a task is judged.

    Returns:
        The name that the headline has for it, and its value: in [0, 1], or nan where nothing is gold and nothing
        predicted.
    """
    headline = scores.headline()
    name = next(chain(*main_measures(schema), headline))
    return name, headline[name]


def dev_metric(gold: Sequence[Document], predicted: Sequence[Document], schema: Schema) -> float:
    """How well a model does what the schema asks: the higher the better.

    The mean over spans, labels of texts and fillers, whichever the schema has, of the mean of those of their
    measures (`tocsin.train.measures.main_measures`) that gold annotates something for.

    Returns:
        In [0, 1]; 0 where gold annotates nothing.

    Raises:
        DataError: as `tocsin.train.scores.score_each`, also where there are no documents.
    """
    scores = score(gold, predicted, schema)
    found = list(_parts(scores, schema))
    return sum(found) / len(found) if found else 0.0


def _parts(scores: Scores, schema: Schema) -> Iterator[float]:
    headline = scores.headline()
    for names in main_measures(schema):
        values = [headline[name] for name in names if _is_asked(name, scores, schema)]
        if values:
            yield sum(values) / len(values)


def _is_asked(measure: str, scores: Scores, schema: Schema) -> bool:
    """Whether gold annotates anything for a measure; of labels of texts, whether either side has one."""
    if measure in text_measures(schema):
        return scores.examples.n > 0
    return total(getattr(scores, MICRO[measure])).n_gold > 0
