"""What a document has beside the parts a format can hold, counted for the tally of a conversion."""

from collections.abc import Collection, Iterator
from typing import Literal

from tocsin.data.formats.conversion import Tally
from tocsin.data.types import Article, Document

Part = Literal["entities", "triggers", "labels"]


def count_left_out(document: Document, held: Collection[Part], lost: Tally) -> None:
    """Count all that a document has and a format without a place for anything else drops.

    Args:
        document: what is written.
        held: the parts that the format holds.
        lost: gets the counts.
    """
    for what, n in (*_of_article(document.article), *_of_spans(document, held), *_of_whole(document, held)):
        if n:
            lost[what] += n


def _of_article(article: Article) -> Iterator[tuple[str, int]]:
    yield "titles", bool(article.title)
    yield "days of publication", article.published is not None
    yield "sources", bool(article.source)
    yield "addresses (url)", bool(article.url)


def _of_spans(document: Document, held: Collection[Part]) -> Iterator[tuple[str, int]]:
    events = document.events
    triggers = [event.trigger for event in events]
    spans = [*document.entities, *triggers]
    if "entities" not in held:
        yield "entities", len(document.entities)
    if "triggers" not in held:
        yield "events", len(events)
    yield "arguments of events", sum(len(event.arguments) for event in events)
    yield "attributes of events", sum(len(event.attributes) for event in events)
    yield "attributes of entities", sum(len(span.attributes) for span in document.entities)
    yield "incidents", len(document.incidents) or len({event.incident for event in events} - {""})
    yield "scores", sum(span.score != 1.0 for span in spans)


def _of_whole(document: Document, held: Collection[Part]) -> Iterator[tuple[str, int]]:
    labels = document.labels or ()
    if "labels" not in held:
        yield "labels of texts", len(labels)
        yield "texts labelled with none of the labels", document.labels == ()
    yield "scores", sum(label.score != 1.0 for label in labels) + len(document.label_scores)
    yield "fillers", len(document.fillers)
    yield "templates", len(document.templates)
