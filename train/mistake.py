"""One thing that a prediction gets wrong, with its place, its cost and the sentences around it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from tocsin.data.types import Span
from tocsin.train.excerpts import Excerpts
from tocsin.train.scores import Layer


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing that is wrong in one article."""

    article: str  # its id
    kind: str  # "wrong boundary"; `tocsin.train.mistakes.kinds` lists them
    layer: Layer
    label: str  # gold's, or the predicted one: entity label, event type, role, attribute, text label, template type
    gold: str  # what gold has; "" if nothing
    predicted: str
    start: int  # characters of the article it concerns
    end: int
    cost: int  # see `tocsin.train.mistakes.cost`
    detail: str
    sentence: str  # all sentences it touches
    sentence_start: int

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Kind:
    """A way to be wrong."""

    name: str
    layer: Layer
    what: str  # one line


def mistake_at(
    excerpts: Excerpts,
    spans: Sequence[Span],
    *,
    beside: Sequence[Span] = (),
    kind: str,
    layer: Layer,
    label: str,
    gold: str,
    predicted: str,
    cost: int,
    detail: str,
) -> Mistake:
    """A mistake that concerns some spans, in the sentences of these and of what is beside them.

    Without any spans it concerns the whole text, of which the first sentence is shown.
    """
    start, end = _hull(spans) if spans else (0, len(excerpts.article.text))
    sentence_start, sentence_end = excerpts.around(*_hull([*spans, *beside])) if spans else (0, excerpts.first_end)
    return Mistake(
        article=excerpts.article.id,
        kind=kind,
        layer=layer,
        label=label,
        gold=gold,
        predicted=predicted,
        start=start,
        end=end,
        cost=cost,
        detail=detail,
        sentence=excerpts.article.text[sentence_start:sentence_end],
        sentence_start=sentence_start,
    )


def _hull(spans: Sequence[Span]) -> tuple[int, int]:
    return min(span.start for span in spans), max(span.end for span in spans)
