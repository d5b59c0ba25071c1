"""What of a document is sure enough: a threshold on the scores of each layer, and what stays from there on."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass, fields, replace

from tocsin.data.listings import rebuild_incident
from tocsin.data.records import span_order
from tocsin.data.schema import Schema
from tocsin.data.types import Article, Document, Event, Filler, Incident

_NOUNS = {
    "entities": ("entity", "entities"),
    "events": ("event", "events"),
    "arguments": ("argument", "arguments"),
    "incidents": ("incident", "incidents"),
    "fillers": ("filler", "fillers"),
}
_FOLLOWS = {"arguments": "gone with trigger or entity", "incidents": "gone with the last mention"}


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The lowest score that stays, by layer; infinite: nothing of the layer does."""

    entities: float = 0.0  # and of fillers, whose mentions are entities
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

    def within(self, schema: Schema) -> "Thresholds":
        """Those of the layers that a schema has anything of; the others have none."""
        known = layers_of(schema)
        return Thresholds(**{layer: value if layer in known else 0.0 for layer, value in _by_layer(self)})


@dataclass(frozen=True, slots=True)
class LeftOut:
    """How many of each layer did not stay."""

    entities: int = 0
    events: int = 0
    arguments: int = 0
    incidents: int = 0
    fillers: int = 0

    def __add__(self, other: "LeftOut") -> "LeftOut":
        return LeftOut(*map(sum, zip(astuple(self), astuple(other), strict=True)))

    def told(self, thresholds: Thresholds) -> str:
        """How many, and why, for every layer that has a threshold or lost something.

        >>> LeftOut(entities=2, arguments=1).told(Thresholds(entities=0.62))
        '2 entities below 0.62; 1 argument gone with trigger or entity'
        """
        of_layer = dict(_by_layer(thresholds))
        parts = [
            _told(layer, n, of_layer.get(layer, thresholds.entities))
            for layer, n in _by_layer(self)
            if n or of_layer.get(layer)
        ]
        return "; ".join(parts) or "nothing"


def keep(document: Document, thresholds: Thresholds, schema: Schema) -> tuple[Document, LeftOut]:
    """What reaches the thresholds, in the order it had, and how much does not.

    An argument goes with its trigger or its entity. An incident keeps its id and its score, which rests on all
    that was found; the rest of it is told by the mentions and arguments that stay, and it goes with its last mention.
    The events of an incident that goes stay: they are sure enough themselves. A filler, whose score is that of its best
    mention, stays or goes with all its mentions, and a template loses the fillers that go. Labels of the text stay,
    and so do templates: no threshold is of them.

    Args:
        document: predicted; every argument's entity is in it.
        thresholds: a score that equals one stays.
        schema: of the document.
    """
    fillers = _kept_fillers(document.fillers, thresholds)
    held = {span_order(span) for filler in fillers for span in filler.spans}
    entities = tuple(
        span for span in document.entities if span.score >= thresholds.entities or span_order(span) in held
    )
    sure = frozenset(map(span_order, entities))
    events = _kept_events(document.events, sure, thresholds)
    incidents = tuple(_kept_incidents(document, sure, thresholds, schema))
    left_out = LeftOut(
        entities=len(document.entities) - len(entities),
        events=len(document.events) - len(events),
        arguments=_n_arguments(document.events) - _n_arguments(events),
        incidents=len(document.incidents) - len(incidents),
        fillers=len(document.fillers) - len(fillers),
    )
    templates = tuple(replace(t, fillers=_kept_fillers(t.fillers, thresholds)) for t in document.templates)
    kept = replace(
        document, entities=entities, events=events, incidents=incidents, fillers=fillers, templates=templates
    )
    return kept, left_out


def layers_of(schema: Schema) -> tuple[str, ...]:
    """The layers that thresholds are of, as far as a schema has anything of them.

    >>> layers_of(Schema(entity_labels=("SHIP",))), layers_of(Schema(text_labels=("unrest",)))
    (('entities',), ())
    """
    of_entities = ("entities",) if schema.entity_labels else ()
    return (*of_entities, *(("events", "arguments", "incidents") if schema.event_types else ()))


def _kept_fillers(fillers: Sequence[Filler], thresholds: Thresholds) -> tuple[Filler, ...]:
    return tuple(filler for filler in fillers if filler.score >= thresholds.entities)


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
