"""The one number by which epochs, rates and seeds are compared on dev documents."""

from collections.abc import Iterator, Sequence

from tocsin.data.schema import Schema
from tocsin.data.types import Document
from tocsin.train.measures import plain_labels
from tocsin.train.scores import Layer, Scores, score
from tocsin.train.text_scores import primary


def dev_metric(gold: Sequence[Document], predicted: Sequence[Document], schema: Schema) -> float:
    """How well a model does what the schema asks: the higher the better.

    Spans: the mean of the micro-F1 of every layer that gold annotates, of entities, triggers and arguments. Labels of
    a text: their primary measure (`tocsin.train.text_scores.primary`). Fillers: the mean of the micro-F1 of fillers
    and, where gold has some, of templates; their mentions are not scored as entities. Of a schema with several of
    these, the mean of what it has.

    Returns:
        In [0, 1]; 0 where gold annotates nothing.

    Raises:
        DataError: as `tocsin.train.scores.score_each`, also where there are no documents.
    """
    scores = score(gold, predicted, schema)
    found = list(_parts(scores, schema))
    return sum(found) / len(found) if found else 0.0


def _parts(scores: Scores, schema: Schema) -> Iterator[float]:
    if schema.event_types or plain_labels(schema):
        yield from _means(scores, ("entities", "triggers", "arguments"))
    if schema.fillers:
        yield from _means(scores, ("fillers", "templates"))
    if schema.text_labels and scores.examples.n:
        yield primary(scores, schema)[1]


def _means(scores: Scores, layers: Sequence[Layer]) -> Iterator[float]:
    """The mean micro-F1 of those layers that gold annotates, if it does any."""
    annotated = [scores.micro(layer) for layer in layers]
    values = [counts.f1 for counts in annotated if counts.n_gold]
    if values:
        yield sum(values) / len(values)
