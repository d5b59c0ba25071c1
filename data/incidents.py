"""Incidents: the real operations of an article, each the union of the mentions that share an incident id.

The record is schema-driven: roles give the order of the fillers, `Role.last_resort` the labels that yield to
better ones, `Role.kind` what is a date, `Attribute.values` the precedence of what mentions disagree on.
Nothing here judges which mentions belong together; that is said by `Event.incident`.
"""

import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import count

from tocsin.data.dates import resolve
from tocsin.data.schema import Attribute, Role, Schema
from tocsin.data.types import Article, AttributeValue, DateInterval, Event, Filler, Incident, Span, TextLabel

ARTICLES = frozenset({"a", "an", "the"})


def build_incidents(
    article: Article, events: Sequence[Event], schema: Schema, dates: Mapping[str, DateInterval] | None = None
) -> tuple[Incident, ...]:
    """Unite the mentions of each incident, in the order of the first triggers.

    Args:
        article: what the offsets of the events count in; its publication day anchors relative dates.
        events: in any order; an event without an incident id is an incident of its own.
        schema: every role the events use must be in it.
        dates: days known by incident id, as gold has them; they win over what the text resolves to.

    Raises:
        DataError: an argument's role is not in the schema.
    """
    known = dates or {}
    return tuple(
        _incident(article, incident, mentions, schema, known.get(incident))
        for incident, mentions in _groups(events).items()
    )


def is_countable(incident: Incident, schema: Schema) -> bool:
    """Whether the incident has the attribute values of a real one (`Schema.countable`), as far as they are told."""
    return has_countable(incident.attributes, schema)


def has_countable(attributes: Mapping[str, AttributeValue], schema: Schema) -> bool:
    """Whether no attribute has a value that keeps an incident from counting; what is not told keeps none."""
    return all(attributes[name] in allowed for name, allowed in schema.countable.items() if name in attributes)


def is_shut(labels: Collection[TextLabel] | None, schema: Schema) -> bool:
    """Whether a text lacks the label without which it has no incident (`Schema.gate`)."""
    return bool(schema.gate) and all(label.name != schema.gate for label in labels or ())


def normalise(text: str) -> str:
    """What two surfaces of one filler have in common: lower case, no punctuation, no a, an, the.

    >>> normalise("The U.S. airbase")
    'us airbase'
    """
    kept = "".join(character for character in text.lower() if not unicodedata.category(character).startswith("P"))
    return " ".join(word for word in kept.split() if word not in ARTICLES)


def combine(intervals: Sequence[DateInterval]) -> DateInterval | None:
    """One interval for several date expressions of an incident; None if there are none.

    The rule, "intersection, else the shortest": expressions that share days refine each other ("last week",
    "Tuesday"), so the shared days are kept; where no day is common to all, the most precise expression is
    trusted, the first given if several are.
    """
    if not intervals:
        return None
    start = max(interval.start for interval in intervals)
    end = min(interval.end for interval in intervals)
    if start <= end:
        return DateInterval(start, end)
    return min(intervals, key=lambda interval: interval.n_days)


def _groups(events: Sequence[Event]) -> dict[str, list[Event]]:
    """Mentions by incident id, both in text order; events without an id get a fresh one each."""
    fresh = _fresh_ids({event.incident for event in events})
    groups: dict[str, list[Event]] = {}
    for event in sorted(events, key=lambda event: (event.trigger.start, event.trigger.end)):
        groups.setdefault(event.incident or next(fresh), []).append(event)
    return groups


def _fresh_ids(used: set[str]) -> Iterator[str]:
    return (name for name in map("I{}".format, count(1)) if name not in used)


def _incident(
    article: Article, incident: str, mentions: Sequence[Event], schema: Schema, known: DateInterval | None
) -> Incident:
    spans = _spans_by_role(mentions, schema)
    return Incident(
        id=incident,
        mentions=tuple(mentions),
        fillers=tuple(filler for role in schema.roles for filler in _fillers(article, role, spans[role.name])),
        attributes=dict(_attributes(mentions, schema.attributes)),
        date=known or _date(article, schema, spans),
        score=max(mention.score for mention in mentions),  # it took place if what any of them tells did
    )


def _spans_by_role(mentions: Iterable[Event], schema: Schema) -> dict[str, list[Span]]:
    """The spans that fill each role, scored as arguments, in text order, no offsets twice in a role."""
    best: dict[str, dict[tuple[int, int], Span]] = {role.name: {} for role in schema.roles}
    for argument in (argument for mention in mentions for argument in mention.arguments):
        spans = best[schema.role(argument.role).name]
        offsets = (argument.span.start, argument.span.end)
        # Two mentions may share an entity: the surer of them speaks for it.
        if offsets not in spans or spans[offsets].score < argument.score:
            spans[offsets] = replace(argument.span, score=argument.score)
    return {name: [spans[offsets] for offsets in sorted(spans)] for name, spans in best.items()}


def _fillers(article: Article, role: Role, spans: Sequence[Span]) -> list[Filler]:
    """Fillers of one role in text order; spans that say the same are one."""
    groups: dict[str, list[Span]] = {}
    for span in _preferred(role, spans):
        surface = span.text(article)
        # A surface of nothing but punctuation and articles stays itself, or all such would be one filler.
        groups.setdefault(normalise(surface) or surface, []).append(span)
    return [
        Filler(role.name, max((span.text(article) for span in group), key=len), tuple(group))
        for group in groups.values()
    ]


def _preferred(role: Role, spans: Sequence[Span]) -> Sequence[Span]:
    """Without the labels of last resort, if anything else fills the role."""
    return [span for span in spans if span.label not in role.last_resort] or spans


def _attributes(mentions: Sequence[Event], attributes: Sequence[Attribute]) -> Iterator[tuple[str, str]]:
    """Each attribute with the first of its values, in the order of the schema, that any mention has."""
    for attribute in attributes:
        said = [mention.attributes[attribute.name] for mention in mentions if attribute.name in mention.attributes]
        value = next((value for value in attribute.values if value in said), None)
        if value is not None:
            yield attribute.name, value


def _date(article: Article, schema: Schema, spans: Mapping[str, Sequence[Span]]) -> DateInterval | None:
    """What the date expressions of the mentions come to; those that stay unresolved say nothing."""
    expressions = sorted(
        {(span.start, span.end) for role in schema.roles if role.kind == "date" for span in spans[role.name]}
    )
    resolutions = (resolve(article.text[start:end], article.published) for start, end in expressions)
    return combine([resolution.interval for resolution in resolutions if resolution.interval])
