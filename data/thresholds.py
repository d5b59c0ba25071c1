"""What of a document is sure enough: a threshold on the scores of each layer, and what stays from there on."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass, fields, replace

from tocsin.data.listings import rebuild_incident
from tocsin.data.records import span_order
from tocsin.data.schema import Schema
from tocsin.data.types import Article, Document, Event, Incident

_NOUNS = {
    "entities": ("entity", "entities"),
    "events": ("event", "events"),
    "arguments": ("argument", "arguments"),
    "incidents": ("incident", "incidents"),
}
_FOLLOWS = {"arguments": "gone with trigger or entity", "incidents": "gone with the last mention"}


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The lowest score that stays, by layer; infinite: nothing of the layer does."""

    entities: float = 0.0
    events: float = 0.0
    arguments: float = 0.0
    incidents: float = 0.0

    def __post_init__(self) -> None:
        for layer, threshold in _by_layer(self):
            if not 0.0 <= threshold <= 1.0 and threshold != math.inf:
                raise ValueError(f"threshold of {layer} is {threshold}; expected a number from 0 to 1, or infinity")

    @classmethod
    def everywhere(cls, threshold: float) -> "Thresholds":
        """The same for every layer."""
        return cls(threshold, threshold, threshold, threshold)

    def stricter(self, other: "Thresholds") -> "Thresholds":
        """The higher threshold of each layer."""
        return Thresholds(*map(max, astuple(self), astuple(other)))


@dataclass(frozen=True, slots=True)
class LeftOut:
    """How many of each layer did not stay."""

    entities: int = 0
    events: int = 0
    arguments: int = 0
    incidents: int = 0

    def __add__(self, other: "LeftOut") -> "LeftOut":
        return LeftOut(*map(sum, zip(astuple(self), astuple(other), strict=True)))

    def told(self, thresholds: Thresholds) -> str:
        """How many, and why, for every layer that has a threshold or lost something.

        >>> LeftOut(entities=2, arguments=1).told(Thresholds(entities=0.62))
        '2 entities below 0.62; 1 argument gone with trigger or entity'
        """
        parts = (
            _told(layer, n, threshold)
            for (layer, n), (_, threshold) in zip(_by_layer(self), _by_layer(thresholds), strict=True)
            if n or threshold
        )
        return "; ".join(parts) or "nothing"


def keep(document: Document, thresholds: Thresholds, schema: Schema) -> tuple[Document, LeftOut]:
    """What reaches the thresholds, in the order it had, and how much does not.

    An argument goes with its trigger or its entity. An incident keeps its id and its score, which rests on all
    that was found; the rest of it is told by the mentions and arguments that stay, and it goes with its last mention.
    The events of an incident that goes stay: they are sure enough themselves.

    Args:
        document: predicted; every argument's entity is in it.
        thresholds: a score that equals one stays.
        schema: of the document.
    """
    entities = tuple(span for span in document.entities if span.score >= thresholds.entities)
    sure = frozenset(map(span_order, entities))
    events = _kept_events(document.events, sure, thresholds)
    incidents = tuple(_kept_incidents(document, sure, thresholds, schema))
    left_out = LeftOut(
        entities=len(document.entities) - len(entities),
        events=len(document.events) - len(events),
        arguments=_n_arguments(document.events) - _n_arguments(events),
        incidents=len(document.incidents) - len(incidents),
    )
    return replace(document, entities=entities, events=events, incidents=incidents), left_out


def _kept_events(
    events: Sequence[Event], entities: frozenset[tuple[int, int, str]], thresholds: Thresholds
) -> tuple[Event, ...]:
    """The events that stay, with their arguments that do.

    Args:
        events: in any order.
        entities: the `span_order` of those that stay.
        thresholds: of events and arguments.
    """
    return tuple(
        replace(
            event,
            arguments=tuple(
                argument
                for argument in event.arguments
                if argument.score >= thresholds.arguments and span_order(argument.span) in entities
            ),
        )
        for event in events
        if event.score >= thresholds.events
    )


def _kept_incidents(
    document: Document, entities: frozenset[tuple[int, int, str]], thresholds: Thresholds, schema: Schema
) -> Iterator[Incident]:
    for incident in document.incidents:
        mentions = _kept_events(incident.mentions, entities, thresholds)
        if not mentions or incident.score < thresholds.incidents:
            continue
        yield incident if mentions == incident.mentions else _reduced(document.article, incident, mentions, schema)


def _reduced(article: Article, incident: Incident, mentions: tuple[Event, ...], schema: Schema) -> Incident:
    """The incident as fewer mentions or arguments tell it."""
    # Days may be known that no expression resolves to, so they stand for as long as all that speaks for them does.
    is_dated = _n_dates(mentions, schema) == _n_dates(incident.mentions, schema)
    return rebuild_incident(
        article, replace(incident, mentions=mentions, date=incident.date if is_dated else None), schema
    )


def _n_arguments(events: Sequence[Event]) -> int:
    return sum(len(event.arguments) for event in events)


def _n_dates(mentions: Sequence[Event], schema: Schema) -> int:
    arguments = (argument for mention in mentions for argument in mention.arguments)
    return sum(schema.role(argument.role).kind == "date" for argument in arguments)


def _by_layer(values: Thresholds | LeftOut) -> Iterator[tuple[str, float]]:
    return ((layer.name, getattr(values, layer.name)) for layer in fields(values))


def _told(layer: str, n: float, threshold: float) -> str:
    """Such as "3 events below 0.55"."""
    singular, plural = _NOUNS[layer]
    if threshold == math.inf:
        return f"all {plural} ({n})"
    reasons = [f"below {threshold:.4g}"] if threshold else []
    reasons += [_FOLLOWS[layer]] if layer in _FOLLOWS else []
    return f"{n or 'no'} {singular if n == 1 else plural} {' or '.join(reasons)}"
