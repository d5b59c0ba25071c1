"""Incidents as a record lists them, each with its mentions, instead of what all events make together.

A list that gives "mentions" is complete: the document has those incidents and no others, whatever events there
are beside them. Then every entry gives them, and what events say of incidents themselves may not contradict it.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from tocsin.data.incidents import build_incidents
from tocsin.data.schema import Schema
from tocsin.data.types import Article, DateInterval, Event, Incident


@dataclass(frozen=True, slots=True)
class Listing:
    """What a record says of an incident itself; the rest follows from its mentions."""

    id: str
    days: DateInterval | None = None
    score: float = 1.0
    mentions: tuple[str, ...] | None = None  # ids of events; None: it does not say


def rebuild_incident(article: Article, incident: Incident, schema: Schema) -> Incident:
    """An incident as its mentions tell it now; its id, its score and its days, if it has any, are taken over."""
    mentions = sorted(incident.mentions, key=lambda mention: (mention.trigger.start, mention.trigger.end))
    named = [replace(mention, incident=incident.id) for mention in mentions]
    days = {incident.id: incident.date} if incident.date else {}
    (rebuilt,) = build_incidents(article, named, schema, days)
    return replace(rebuilt, mentions=tuple(mentions), score=incident.score)


def listed_incidents(
    article: Article, listings: Sequence[Listing], events: Sequence[tuple[str, Event | None]], schema: Schema
) -> tuple[Incident, ...]:
    """The incidents of a complete list, in its order, as far as their mentions could be read.

    Args:
        article: what the events stand in.
        listings: all entries of the list.
        events: each with its id, None where it could not be read.
        schema: of the events.
    """
    by_id = {own_id: event for own_id, event in events if own_id and event}
    found = ((listing, [by_id[own_id] for own_id in listing.mentions or () if own_id in by_id]) for listing in listings)
    return tuple(
        rebuild_incident(article, Incident(listing.id, tuple(mentions), date=listing.days, score=listing.score), schema)
        for listing, mentions in found
        if listing.id and mentions
    )


def listing_faults(listings: Sequence[Listing], events: Sequence[tuple[str, Event | None]]) -> Iterator[str]:
    """What is wrong with the mentions of a complete list."""
    n_events = Counter(own_id for own_id, _ in events if own_id)
    incident_of = {own_id: event.incident for own_id, event in events if event}
    for listing in listings:
        where = f"incident {listing.id}: "
        if listing.mentions is None:
            yield f'{where}"mentions" is missing; expected the ids of its events, since the list is complete'
        elif not listing.mentions:
            yield f'{where}"mentions" is empty; expected the ids of its events, or no such incident'
        for own_id in listing.mentions or ():
            if fault := _mention_fault(own_id, listing.id, n_events, incident_of):
                yield f"{where}{fault}"
    n_listed = Counter(own_id for listing in listings for own_id in listing.mentions or ())
    for own_id, n in n_listed.items():
        if n > 1 and own_id in n_events:
            yield f'event {own_id}: is listed {n} times among the "mentions" of incidents; expected once'
    yield from _unlisted({listing.id for listing in listings}, n_listed, events)


def _mention_fault(own_id: str, incident: str, n_events: Mapping[str, int], incident_of: Mapping[str, str]) -> str:
    n_named, other = n_events.get(own_id, 0), incident_of.get(own_id, "")
    if not n_named:
        known = ", ".join(n_events) or "none has an id"
        return f"mention {own_id!r} is no event of this document; expected some of: {known}"
    if n_named > 1:
        return f"mention {own_id!r} is the id of {n_named} events; ids must differ within a document"
    if other and other != incident:
        return f"mention {own_id!r} says itself that it is of incident {other!r}; expected the same in both places"
    return ""


def _unlisted(incidents: set[str], listed: Iterable[str], events: Sequence[tuple[str, Event | None]]) -> Iterator[str]:
    """Events that say they are of a listed incident, which does not say so."""
    known = set(listed)
    for number, (own_id, event) in enumerate(events, start=1):
        if event and event.incident in incidents and own_id not in known:
            yield (
                f'event {own_id or number}: is of incident {event.incident!r}, whose "mentions" lack it; add it there, '
                'or drop all "mentions" to have incidents built from the events'
            )
