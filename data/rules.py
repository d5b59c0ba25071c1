"""What a document must keep to beyond its format: the annotation guidelines as rules, each a function.

Format and the schema's names are `records`' matter. A rule yields flaws and judges nothing but its own point;
a flaw is an error where the annotation cannot be meant or cannot be learned, else a warning.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from tocsin.data.record_values import items, shorten
from tocsin.data.schema import Attribute, Schema
from tocsin.data.sentences import sentences
from tocsin.data.types import Article, Document, Event, Incident, Span

ANNOTATION_KEYS = ("entities", "events", "incidents")
ARTICLE_KEYS = ("id", "title", "published", "source", "url", "text", *ANNOTATION_KEYS)
ENTITY_KEYS = ("id", "label", "start", "end", "text", "score")
EVENT_KEYS = ("id", "type", "trigger", "incident", "arguments", "score")
TRIGGER_KEYS = ("start", "end", "text")
ARGUMENT_KEYS = ("role", "entity", "score")
INCIDENT_KEYS = ("id", "date_start", "date_end", "date_prec", "score", "mentions", "fillers")  # beside attributes

_NUMBERS = frozenset({"start", "end", "score"})
_QUOTES = "\"'`´“”„‟‘’‚‛«»‹›"
_SHORT_FORMS = frozenset({"inc.", "ltd.", "co.", "corp.", "bros.", "jr.", "sr.", "st.", "no.", "etc.", "al.", "dr."})
_SHORT_MONTHS = frozenset({"jan.", "feb.", "mar.", "apr.", "aug.", "sep.", "sept.", "oct.", "nov.", "dec."})
_LETTERS_AND_STOPS = re.compile(r"(?:[^\W\d_]\.)+")  # "U.S.", "J."


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing in a document that the guidelines do not allow, or advise against."""

    message: str
    is_error: bool = True
    lacks: str = ""  # the attribute that is missing, if that is the flaw: "status", "CASUALTY.harm"


def record_flaws(record: Mapping[str, Any], document: Document, schema: Schema) -> Iterator[Flaw]:
    """What only the record shows: keys left out, misspelt, or pointing nowhere; `document` is what was read from it."""
    yield from _misspelt_keys(record)
    for name, item in items(record, "entities", "entity", []):
        label = item.get("label")
        attributes = schema.entity_attributes.get(label, ()) if isinstance(label, str) else ()
        yield from _attribute_keys(item, name, ENTITY_KEYS, attributes, str(label))
    for name, item in items(record, "events", "event", []):
        yield from _attribute_keys(item, name, EVENT_KEYS, schema.attributes)
        for number, (_, argument) in enumerate(items(item, "arguments", "argument", []), start=1):
            yield from _unread_keys(argument, f"{name}, argument {number}", ARGUMENT_KEYS)
    for name, item in items(record, "incidents", "incident", []):
        yield from _unread_keys(item, name, [*INCIDENT_KEYS, *(attribute.name for attribute in schema.attributes)])
    yield from _unknown_incidents(record, document)
    # Mentions of fillers need not be annotated as entities.
    if set(schema.entity_labels) - set(schema.fillers) and not record.get("entities"):
        yield Flaw("has no entity at all; is it annotated?", is_error=False)


def document_flaws(document: Document, schema: Schema) -> Iterator[Flaw]:
    """What the guidelines do not allow in what was read."""
    article = document.article
    yield from _collisions(document)
    for span in (*document.entities, *(event.trigger for event in document.events)):
        yield from _edges(span, article)
    for entity in document.entities:
        yield from _bounds(entity, article, schema)
    sentence_spans = sentences(article.text) if document.events else []
    for event in document.events:
        yield from _roles(event, article, schema)
        yield from _distant_arguments(event, article, sentence_spans)
    for incident in document.incidents:
        yield from _mixed_mentions(incident, article, schema)


def named(span: Span, article: Article) -> str:
    """What to call a span: BASE [26, 35) 'Camp Vale'."""
    return f"{span.label} [{span.start}, {span.end}) {shorten(span.text(article))!r}"


def _misspelt_keys(record: Mapping[str, Any]) -> Iterator[Flaw]:
    """Keys a file has of its own are left alone, unless one looks like a key that is missing."""
    for key in record:
        close = get_close_matches(key.casefold(), ARTICLE_KEYS, n=1, cutoff=0.8)
        if key not in ARTICLE_KEYS and close and close[0] not in record:
            is_error = close[0] in ANNOTATION_KEYS
            yield Flaw(f'unknown key "{shorten(key)}" is not read; did you mean "{close[0]}"?', is_error)


def _attribute_keys(
    item: Mapping[str, Any], name: str, keys: Sequence[str], attributes: Sequence[Attribute], owner: str = ""
) -> Iterator[Flaw]:
    expected = [attribute.name for attribute in attributes]
    for attribute in attributes:
        if attribute.name not in item:
            values = ", ".join(attribute.values) or "an integer or null"
            lacks = f"{owner}.{attribute.name}" if owner else attribute.name
            yield Flaw(f'{name}: attribute "{attribute.name}" is missing; expected: {values}', lacks=lacks)
    for key in item:
        if key not in keys and key not in expected:
            close = get_close_matches(key.casefold(), [*expected, *_like(item[key], keys)], n=1)
            hint = f'did you mean "{close[0]}"?' if close else f"expected one of: {', '.join(expected) or 'none'}"
            yield Flaw(f'{name}: unknown attribute "{shorten(key)}" is not read; {hint}', is_error=bool(close))


def _like(value: object, keys: Sequence[str]) -> list[str]:
    """The keys whose values are of a kind with this one: "scope": "single" is no misspelt score."""
    return [key for key in keys if not (isinstance(value, str) and key in _NUMBERS)]


def _unread_keys(item: Mapping[str, Any], name: str, keys: Sequence[str]) -> Iterator[Flaw]:
    for key in item:
        if key not in keys:
            expected = ", ".join(keys)
            yield Flaw(
                f'{name}: unknown key "{shorten(key)}" is not read; expected some of: {expected}', is_error=False
            )


def _unknown_incidents(record: Mapping[str, Any], document: Document) -> Iterator[Flaw]:
    # Mentions that cannot be read are reported by themselves: their incidents count as known here.
    mentioned = {str(item.get("incident")) for _, item in items(record, "events", "event", [])}
    known = {incident.id for incident in document.incidents} | mentioned
    for _, item in items(record, "incidents", "incident", []):
        own_id = item.get("id")
        if isinstance(own_id, str) and own_id and own_id not in known:
            yield Flaw(f"incident {own_id!r} is listed, but no event mentions it; give an event that id, or drop it")


def _collisions(document: Document) -> Iterator[Flaw]:
    """Spans that share characters: entities and triggers are one flat layer."""
    spans = [(span, "entity") for span in document.entities]
    spans += [(event.trigger, "trigger") for event in document.events]
    spans.sort(key=lambda entry: (entry[0].start, entry[0].end))
    for (span, layer), (other, other_layer) in _overlapping(spans):
        yield Flaw(_collision(named(span, document.article), named(other, document.article), {layer, other_layer}))


def _overlapping(spans: Sequence[tuple[Span, str]]) -> Iterator[tuple[tuple[Span, str], tuple[Span, str]]]:
    """All pairs that share a character, of spans in text order."""
    open_spans: list[tuple[Span, str]] = []
    for entry in spans:
        open_spans = [earlier for earlier in open_spans if earlier[0].overlaps(entry[0])]
        yield from ((earlier, entry) for earlier in open_spans)
        open_spans.append(entry)


def _collision(first: str, second: str, layers: set[str]) -> str:
    if first == second:
        return f"{first} is annotated twice; drop one"
    if len(layers) == 2:
        return f"{first} and {second} overlap; a trigger may not overlap an entity"
    what = "entities" if layers == {"entity"} else "triggers"
    return f"{first} and {second} overlap; {what} never overlap each other"


def _edges(span: Span, article: Article) -> Iterator[Flaw]:
    """White space, quote marks and full stops at the edges of a span; the stops of abbreviations belong to it."""
    surface = span.text(article)
    bare = surface.strip()
    if not bare:
        yield Flaw(f"{named(span, article)} is only white space; drop it")
    elif bare != surface:
        start = span.start + surface.index(bare)
        yield Flaw(f"{named(span, article)} has white space at its edge; expected [{start}, {start + len(bare)})")
    inner = _without_marks(bare)
    if inner != bare:
        where = f"; without it: {shorten(inner)!r}" if inner else ""
        yield Flaw(f"{named(span, article)} has a quote mark or full stop at its edge{where}", is_error=False)


def _without_marks(surface: str) -> str:
    """The surface without quote marks and full stops at its edges."""
    while surface:
        if surface[0] in _QUOTES or (surface[0] == "." and not surface[1:2].isdigit()):  # ".50-calibre"
            surface = surface[1:].lstrip()
        elif surface[-1] in _QUOTES or (surface[-1] == "." and not _ends_in_abbreviation(surface)):
            surface = surface[:-1].rstrip()
        else:
            break
    return surface


def _ends_in_abbreviation(surface: str) -> bool:
    last = surface.split()[-1].lstrip("([" + _QUOTES)
    return bool(_LETTERS_AND_STOPS.fullmatch(last)) or last.lower() in _SHORT_FORMS | _SHORT_MONTHS


def _bounds(entity: Span, article: Article, schema: Schema) -> Iterator[Flaw]:
    """Integers that count nothing, or that contradict each other as "min" and "max"."""
    numbers = {
        attribute.name: value
        for attribute in schema.entity_attributes.get(entity.label, ())
        if attribute.is_integer and isinstance(value := entity.attributes.get(attribute.name), int)
    }
    for name, number in numbers.items():
        if number < 0:
            yield Flaw(f'{named(entity, article)}: "{name}" is {number}; expected 0 or more, or null')
    low, high = numbers.get("min"), numbers.get("max")
    if low is not None and high is not None and high < low:
        yield Flaw(f'{named(entity, article)}: "min" {low} is above "max" {high}; expected min <= max')


def _roles(event: Event, article: Article, schema: Schema) -> Iterator[Flaw]:
    seen = set()
    for argument in event.arguments:
        allowed = schema.role(argument.role).labels
        filler, trigger = named(argument.span, article), named(event.trigger, article)
        if argument.span.label not in allowed:
            yield Flaw(
                f"{trigger}: {argument.role} is {filler}; the role is filled by: {', '.join(allowed) or 'nothing'}"
            )
        if (argument.role, filler) in seen:
            yield Flaw(f"{trigger}: {argument.role} is {filler} twice; drop one", is_error=False)
        seen.add((argument.role, filler))


def _distant_arguments(event: Event, article: Article, sentence_spans: Sequence[tuple[int, int]]) -> Iterator[Flaw]:
    """Arguments outside the trigger's sentence; a warning, as sentences are found by rule and may be wrong."""
    trigger = event.trigger
    first = bisect_right(sentence_spans, trigger.start, key=lambda span: span[1])
    last = bisect_left(sentence_spans, trigger.end, key=lambda span: span[0])  # exclusive
    if first == last:
        return  # the trigger is nothing but white space, which is a flaw of its own
    start, end = sentence_spans[first][0], sentence_spans[last - 1][1]
    for argument in event.arguments:
        if argument.span.start < start or end < argument.span.end:
            yield Flaw(
                f"{named(trigger, article)}: {argument.role} is {named(argument.span, article)}, outside the "
                f"trigger's sentence [{start}, {end}); expected an entity of the same sentence",
                is_error=False,
            )


def _mixed_mentions(incident: Incident, article: Article, schema: Schema) -> Iterator[Flaw]:
    """Mentions of which some are of a real incident and some are not, as one id joins a single strike and a series."""
    for name, allowed in schema.countable.items():
        first = {
            str(mention.attributes[name]): mention
            for mention in reversed(incident.mentions)
            if name in mention.attributes
        }
        if any(value in allowed for value in first) and any(value not in allowed for value in first):
            shown = " and ".join(f"{value!r} ({named(first[value].trigger, article)})" for value in sorted(first))
            yield Flaw(
                f"incident {incident.id!r} mixes {name} {shown}; expected mentions of one operation under an id",
                is_error=False,
            )
