"""A document as it stands in a file, one JSON object, and what is wrong with it.

Offsets count characters of "text", `[start, end)`. Ids of entities and events are references inside one record.
Incidents follow from the events: all of them, or, where a record lists incidents with their "mentions", those listed.
Attributes are inline keys, as the schema names them; other keys are left alone. All faults of a record are
told at once, and what could be read is there all the same, so that a check can look further.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tocsin.data.document_level import read_fillers, read_label_scores, read_labels, read_sentences
from tocsin.data.errors import DataError
from tocsin.data.incidents import build_incidents
from tocsin.data.listings import Listing, listed_incidents, listing_faults
from tocsin.data.record_values import day, integer, items, kind, named, score_of, shorten, string, unknown
from tocsin.data.schema import Attribute, Schema
from tocsin.data.types import Argument, Article, AttributeValue, DateInterval, Document, Event, Incident, Span


@dataclass(frozen=True, slots=True)
class Reading:
    """What a record says."""

    document: Document | None  # as much of it as can be read; None without a text
    faults: tuple[str, ...]  # none: the document is all of it


@dataclass(frozen=True, slots=True)
class _Scope:
    """What every part of one record is read against, and the faults found so far."""

    text: str
    schema: Schema
    faults: list[str]


def parse_object(text: str) -> dict[str, Any]:
    """The JSON object a line holds.

    Raises:
        DataError: it is no JSON, no object, or has half a character in it.
    """
    value = parse_json(text)
    if not isinstance(value, dict):
        raise DataError(f"holds {kind(value)}; expected one JSON object a line")
    return value


def parse_json(text: str) -> Any:
    """Any JSON value.

    Raises:
        DataError: it is no JSON, or has half a character in it.
    """
    try:
        value = json.loads(text)
        if "\\u" in text:
            # An escaped half of a surrogate pair is legal JSON that no UTF-8 file can hold.
            json.dumps(value, ensure_ascii=False).encode()
    except json.JSONDecodeError as error:
        raise DataError(
            f"is no JSON: {error.msg} at line {error.lineno}, character {error.colno}; "
            "expected a whole object (on one line in a .jsonl file: jq -c . OLD > NEW)"
        ) from error
    except UnicodeEncodeError as error:
        raise DataError("holds half a character (a lone surrogate, \\ud800 to \\udfff); write the whole one") from error
    except (ValueError, RecursionError) as error:
        raise DataError(f"cannot be read as JSON ({error}); expected an object of plain values") from error
    return value


def read_record(record: Mapping[str, Any], schema: Schema) -> Reading:
    """A document with its incidents, which are built anew; their known days and listed scores are taken over."""
    article, faults = read_article(record)
    if article is None:
        return Reading(None, tuple(faults))
    scope = _Scope(article.text, schema, faults)
    entities = _entities(record, scope)
    events = _events(record, entities, scope)
    fillers, templates = read_fillers(record, article.text, schema, faults)
    document = Document(
        article,
        tuple(sorted((span for _, span in entities if span), key=span_order)),
        tuple(sorted((event for _, event in events if event), key=lambda event: span_order(event.trigger))),
        _incidents(record, article, events, scope),
        read_labels(record, schema, faults),
        read_label_scores(record, schema, faults),
        fillers,
        templates,
    )
    return Reading(document, tuple(faults))


def span_order(span: Span) -> tuple[int, int, str]:
    """Text order, the order of everything in a document."""
    return span.start, span.end, span.label


def read_article(record: Mapping[str, Any]) -> tuple[Article | None, list[str]]:
    """The article of a record, and what is wrong with it; no article without a text."""
    faults: list[str] = []
    text = record.get("text")
    if "text" not in record:
        found = ", ".join(sorted(record)) or "none"
        faults.append(f'has no "text"; expected the article under that key, found the keys: {shorten(found)}')
    elif not isinstance(text, str):
        faults.append(f'"text" is {kind(text)}; expected a string')
    elif not text.strip():
        faults.append('"text" is empty or only white space; expected the text of an article')
    number = record.get("id")
    named = {**record, "id": str(number)} if isinstance(number, int) and not isinstance(number, bool) else record
    values = {key: string(named, key, "", faults) for key in ("id", "title", "source", "url")}
    published = day(record, "published", "", faults)
    if not isinstance(text, str) or not text.strip():
        return None, faults
    sentences = read_sentences(record, text, faults)
    return Article(text, published=published, sentences=sentences, **values), faults


def _entities(record: Mapping[str, Any], scope: _Scope) -> list[tuple[str, Span | None]]:
    """Every entity's id, empty if it has none, with its span; None where that cannot be read."""
    entities: list[tuple[str, Span | None]] = []
    seen: set[str] = set()
    for name, item in items(record, "entities", "entity", scope.faults):
        own_id = string(item, "id", f"{name}: ", scope.faults)
        if own_id in seen:
            scope.faults.append(f"{name}: a second entity of that id; ids must differ within a document")
        seen |= {own_id} - {""}
        entities.append((own_id, _entity(item, name, scope)))
    return entities


def _entity(item: Mapping[str, Any], name: str, scope: _Scope) -> Span | None:
    label = named(item, "label", f"{name}: ", scope.schema.entity_labels, scope.faults)
    offsets = _offsets(item, f"{name}: ", scope)
    score = score_of(item, f"{name}: ", scope.faults)
    expected = scope.schema.entity_attributes.get(label, ())
    attributes = {
        attribute.name: item[attribute.name]
        for attribute in expected
        if attribute.name in item and _is_legal(item[attribute.name], attribute, f"{name}: ", scope.faults)
    }
    return Span(*offsets, label, score, attributes) if offsets and label else None


def _events(
    record: Mapping[str, Any], entities: Sequence[tuple[str, Span | None]], scope: _Scope
) -> list[tuple[str, Event | None]]:
    """Every event's id, empty if it has none, with the event; None where that cannot be read."""
    by_id = {own_id: span for own_id, span in entities if own_id}
    events: list[tuple[str, Event | None]] = []
    for name, item in items(record, "events", "event", scope.faults):
        own_id = string(item, "id", f"{name}: ", scope.faults)
        trigger = _trigger(item, name, scope)
        arguments = tuple(_arguments(item, name, by_id, scope))
        attributes = dict(_event_attributes(item, name, scope))
        incident = string(item, "incident", f"{name}: ", scope.faults)
        events.append((own_id, Event(trigger, arguments, attributes, incident) if trigger else None))
    return events


def _trigger(item: Mapping[str, Any], name: str, scope: _Scope) -> Span | None:
    label = named(item, "type", f"{name}: ", scope.schema.event_types, scope.faults)
    score = score_of(item, f"{name}: ", scope.faults)
    trigger = item.get("trigger")
    if not isinstance(trigger, dict):
        found = f'"trigger" is {kind(trigger)}' if "trigger" in item else '"trigger" is missing'
        scope.faults.append(f'{name}: {found}; expected {{"start": ..., "end": ..., "text": ...}}')
        return None
    offsets = _offsets(trigger, f"{name}, trigger: ", scope)
    return Span(*offsets, label, score) if offsets and label else None


def _event_attributes(item: Mapping[str, Any], name: str, scope: _Scope) -> Iterator[tuple[str, str]]:
    for attribute in scope.schema.attributes:
        value = item.get(attribute.name)
        if attribute.name not in item or not _is_legal(value, attribute, f"{name}: ", scope.faults):
            continue
        if isinstance(value, str):
            yield attribute.name, value
        else:
            scope.faults.append(f'{name}: "{attribute.name}" is {kind(value)}; an event\'s attributes are strings')


def _arguments(
    item: Mapping[str, Any], name: str, entities: Mapping[str, Span | None], scope: _Scope
) -> Iterator[Argument]:
    roles = tuple(role.name for role in scope.schema.roles)
    for number, (_, argument) in enumerate(items(item, "arguments", f"{name}: argument", scope.faults), start=1):
        where = f"{name}, argument {number}: "
        role = named(argument, "role", where, roles, scope.faults)
        score = score_of(argument, where, scope.faults)
        reference = string(argument, "entity", where, scope.faults)
        if reference not in entities:
            known = shorten(", ".join(entities)) or "none, the document has no entities"
            found = f'"entity" is {reference!r}' if reference else '"entity" is missing'
            scope.faults.append(f"{where}{found}; expected the id of an entity of this document: {known}")
        span = entities.get(reference)
        if span and role in roles:
            yield Argument(role, span, score)


def _incidents(
    record: Mapping[str, Any], article: Article, events: Sequence[tuple[str, Event | None]], scope: _Scope
) -> tuple[Incident, ...]:
    """The incidents of a complete list, else all that the events make."""
    listings = list(_listings(record, scope))
    is_complete = record.get("incidents_complete", False)
    if not isinstance(is_complete, bool):
        scope.faults.append(f'"incidents_complete" is {kind(is_complete)}; expected true or false')
    if is_complete is True or any(listing.mentions is not None for listing in listings):
        scope.faults.extend(listing_faults(listings, events))
        return listed_incidents(article, listings, events, scope.schema)
    dates = {listing.id: listing.days for listing in listings if listing.days}
    return build_incidents(article, [event for _, event in events if event], scope.schema, dates)


def _listings(record: Mapping[str, Any], scope: _Scope) -> Iterator[Listing]:
    """What the record says of incidents; everything else about them follows from their events."""
    seen: set[str] = set()
    for name, item in items(record, "incidents", "incident", scope.faults):
        own_id = string(item, "id", f"{name}: ", scope.faults)
        if own_id in seen or not item.get("id"):
            scope.faults.append(f"{name}: " + ("is listed twice" if own_id else '"id" is missing; expected a string'))
        seen |= {own_id} - {""}
        days, mentions = _days(item, name, scope), _mentions(item, name, scope)
        score = 1.0 if mentions is None else score_of(item, f"{name}: ", scope.faults)
        yield Listing(own_id, days, score, mentions)


def _days(item: Mapping[str, Any], name: str, scope: _Scope) -> DateInterval | None:
    start = day(item, "date_start", f"{name}: ", scope.faults)
    end = day(item, "date_end", f"{name}: ", scope.faults)
    if start and end and start <= end:
        return DateInterval(start, end)
    if start and end:
        scope.faults.append(f'{name}: "date_end" {end} is before "date_start" {start}; expected start <= end')
    elif bool(item.get("date_start")) != bool(item.get("date_end")):
        scope.faults.append(f'{name}: only one of "date_start" and "date_end" is given; expected both or neither')
    return None


def _mentions(item: Mapping[str, Any], name: str, scope: _Scope) -> tuple[str, ...] | None:
    """The ids an incident lists; None if it lists none, or no ids."""
    listed = item.get("mentions")
    if listed is None:
        return None
    if isinstance(listed, list) and all(isinstance(own_id, str) for own_id in listed):
        return tuple(listed)
    found = "a list of other things" if isinstance(listed, list) else kind(listed)
    scope.faults.append(f'{name}: "mentions" is {found}; expected a list of the ids of events')
    return None


def _offsets(item: Mapping[str, Any], where: str, scope: _Scope) -> tuple[int, int] | None:
    """The offsets of an item, if they are in the text and the item's own surface stands there."""
    start, end = integer(item, "start", where, scope.faults), integer(item, "end", where, scope.faults)
    surface = string(item, "text", where, scope.faults)
    if start is None or end is None:
        return None
    if not 0 <= start < end:
        fault = f"span [{start}, {end}) is empty or negative; expected 0 <= start < end"
    elif end > len(scope.text):
        fault = (
            f"span [{start}, {end}) ends past the text ({len(scope.text)} characters); "
            'offsets count characters of "text", end exclusive'
        )
    elif surface and surface != scope.text[start:end]:
        found = shorten(scope.text[start:end])
        fault = f'"text" is {shorten(surface)!r} but characters [{start}, {end}) are {found!r}'
    else:
        return start, end
    scope.faults.append(f"{where}{fault}{_shift(surface, start, scope.text)}")
    return None


def _shift(surface: str, start: int, text: str) -> str:
    """Where the surface stands instead, nearest to where it was said to be."""
    if not surface:
        return ""
    places = {text.rfind(surface, 0, max(start, 0) + len(surface)), text.find(surface, max(start, 0))} - {-1}
    if not places:
        return f"; {shorten(surface)!r} stands nowhere in the text"
    found = min(places, key=lambda place: abs(place - start))
    if found == start:
        return f"; the same characters stand at [{found}, {found + len(surface)})"
    return f"; the same characters stand at [{found}, {found + len(surface)}): shifted by {found - start}?"


def _is_legal(value: AttributeValue, attribute: Attribute, where: str, faults: list[str]) -> bool:
    """Whether an attribute may have a value; a fault is noted if not."""
    if attribute.is_integer:
        is_legal = value is None or (isinstance(value, int) and not isinstance(value, bool))
        expected = "an integer or null"
    else:
        is_legal = value in attribute.values
        expected = f"one of: {', '.join(attribute.values)}"
    if not is_legal and isinstance(value, str) and attribute.values:
        faults.append(where + unknown(f'value of "{attribute.name}"', value, attribute.values))
    elif not is_legal:
        found = repr(value) if isinstance(value, int | float | str) else kind(value)
        faults.append(f'{where}"{attribute.name}" is {found}; expected {expected}')
    return is_legal
