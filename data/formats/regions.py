"""Labelled regions of a text and relations between them: how annotation tools put entities and events.

A region is the trigger of an event if its label is one of the schema's event types; without a schema, if the format
calls it one, or if a relation leads from it, which is counted, as it may be an entity; where entities are to be
learned, it is taken for one. A relation from a trigger to an entity is an argument, its type the role. Whatever else
there is, is counted as lost. Offsets are those of tocsin: characters, `[start, end)`.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from tocsin.data.errors import DataError, Problem
from tocsin.data.formats.conversion import Options, Tally
from tocsin.data.formats.fitting import METADATA, count, count_unheld, name_fault, taken_name, words_of
from tocsin.data.jsonl import Record, duplicate_id
from tocsin.data.record_values import day, shorten, unknown
from tocsin.data.records import span_order
from tocsin.data.schema import Attribute, Schema
from tocsin.data.types import Argument, Article, AttributeValue, Document, Event, Span, TextLabel

READ_AS_TRIGGERS = "entities read as triggers, as a relation leads from them"
ARTICLE_KEYS = ("title", "published", "source", "url")  # under which tools that keep any metadata keep these


@dataclass(frozen=True, slots=True)
class Region:
    """A labelled stretch of text."""

    id: str  # what relations call it; several regions may share one
    start: int
    end: int
    label: str
    attributes: Mapping[str, str | int] = field(default_factory=dict)
    incident: str = ""


@dataclass(frozen=True, slots=True)
class Relation:
    """A labelled link from one region to another, by their ids."""

    source: str
    target: str
    type: str
    is_mutual: bool = False  # it leads both ways


@dataclass(frozen=True, slots=True)
class Scope:
    """What one record is read against, and what was found wrong with it or was lost so far."""

    options: Options
    faults: list[str] = field(default_factory=list)
    lost: Tally = field(default_factory=Counter)

    @property
    def schema(self) -> Schema | None:
        return self.options.schema

    @property
    def span_labels(self) -> Sequence[str] | None:
        """Those of the schema; None if there is no schema."""
        return self.schema.span_labels if self.schema else None


@dataclass(frozen=True, slots=True)
class _Placed:
    """A region as what it becomes."""

    region: Region
    span: Span
    is_trigger: bool
    arguments: list[Argument] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Ends:
    """What relations can join, by id; of those that share one the first."""

    triggers: dict[str, _Placed] = field(default_factory=dict)
    entities: dict[str, _Placed] = field(default_factory=dict)

    @classmethod
    def of(cls, placed: Iterable[_Placed]) -> "_Ends":
        ends = cls()
        for item in placed:
            (ends.triggers if item.is_trigger else ends.entities).setdefault(item.region.id, item)
        return ends

    def __contains__(self, own_id: str) -> bool:
        return own_id in self.triggers or own_id in self.entities


def read_each(
    records: Iterable[Record | Problem],
    stem: str,
    options: Options,
    lost: Tally,
    read_one: Callable[[dict[str, Any], str, Scope], Document | None],
) -> Iterator[Document | Problem]:
    """A document a record, or all the problems of one; what is lost counts only for records that can be read.

    Args:
        stem: of the file, for the ids of documents without one, unless the options have another.
        read_one: reads a record; takes the id to use where it has none.
    """
    first: dict[str, str] = {}
    stem = options.stem or stem
    for number, record in enumerate(records, start=1):
        if isinstance(record, Problem):
            yield record
            continue
        scope = Scope(options)
        try:
            document = read_one(record.content, f"{stem}-{number}", scope)
        except RecursionError:
            yield Problem(record.where, "values are nested too deep to be read; expected annotations of a text")
            continue
        if document and document.article.id in first:
            scope.faults.append(duplicate_id(document.article.id, first[document.article.id]))
        yield from (Problem(record.where, fault) for fault in scope.faults)
        if scope.faults:
            continue
        lost.update(scope.lost)
        if document:
            first[document.article.id] = record.where
            yield document


def article_of(text: str, own_id: str, metadata: Mapping[str, Any], lost: Tally) -> Article:
    """An article with what is known of it; metadata that an article has no place for is counted by its key."""
    kept = {
        key: value for key, value in metadata.items() if key in ("title", "source", "url") and isinstance(value, str)
    }
    published = day(metadata, "published", "", [])
    used = {*kept, *(["published"] if published else [])}
    for key, value in metadata.items():
        if key not in used and value not in (None, "", [], {}):
            lost[f'values of "{shorten(key)}"'] += 1
    title, source, url = (kept.get(key, "") for key in ("title", "source", "url"))
    return Article(text, own_id, title, published, source, url)


def metadata_of(article: Article) -> dict[str, str]:
    """What `article_of` reads back, without the id."""
    published = article.published.isoformat() if article.published else ""
    values = {"title": article.title, "published": published, "source": article.source, "url": article.url}
    return {key: value for key, value in values.items() if value}


def text_labels(names: Sequence[str], scope: Scope) -> tuple[TextLabel, ...] | None:
    """Labels of a text as a whole, each once; None if the schema has no such labels."""
    schema = scope.schema
    if schema and not schema.text_labels:
        count(scope.lost, "labels of whole texts, of which the schema has none", len(names))
        return None
    if not all(map(str.strip, names)):
        scope.faults.append("a label of the text is empty; expected the name of one")
    distinct = list(dict.fromkeys(names))
    count(scope.lost, "labels given to a text twice", len(names) - len(distinct))
    for name in distinct:
        if schema and name not in schema.text_labels:
            scope.faults.append(unknown("label of a text", name, schema.text_labels))
    if schema and schema.one_text_label and len(distinct) != 1:
        scope.faults.append(f"the text has {len(distinct)} labels; this schema gives each text exactly one")
    return tuple(TextLabel(name) for name in distinct)


def entities_and_events(
    regions: Sequence[Region],
    relations: Sequence[Relation],
    scope: Scope,
    *,
    left_out: Collection[str] = (),
    triggers: Collection[str] = (),
) -> tuple[tuple[Span, ...], tuple[Event, ...]]:
    """What regions and relations say, both in text order.

    Args:
        left_out: ids of regions that were lost before; their relations are lost with them.
        triggers: ids of regions that the format itself says are triggers; a schema overrules it.
    """
    if scope.schema and not scope.schema.span_labels:
        count(scope.lost, "spans, of which the schema has no labels", len(regions))
        count(scope.lost, "relations of regions that are left out", len(relations))
        return (), ()
    sources = {relation.source for relation in relations}
    placed = [_placed(region, triggers, sources, scope) for region in regions if _is_sound(region, scope)]
    ends = _Ends.of(placed)
    gone = {*left_out, *(region.id for region in regions)} - {item.region.id for item in placed}
    for relation in relations:
        if gone & {relation.source, relation.target}:
            scope.lost["relations of regions that are left out"] += 1
        else:
            _join(relation, ends, scope)
    entities = _in_order((item.span for item in placed if not item.is_trigger), scope.lost)
    events = (
        Event(item.span, tuple(item.arguments), dict(_event_attributes(item.region, scope)), item.region.incident)
        for item in placed
        if item.is_trigger
    )
    return entities, tuple(sorted(events, key=lambda event: span_order(event.trigger)))


def regions_and_relations(document: Document, lost: Tally) -> tuple[list[Region], list[Relation]]:
    """The other way round: entities are T1.., events E1.., both in text order."""
    spans = sorted(document.entities, key=span_order)
    regions = []
    alike: dict[tuple[int, int, str], list[tuple[int, Span]]] = {}
    for number, span in enumerate(spans, start=1):
        alike.setdefault(span_order(span), []).append((number, span))
        attributes = {name: value for name, value in span.attributes.items() if value is not None}
        regions.append(Region(f"T{number}", span.start, span.end, span.label, attributes))
    relations = []
    for number, event in enumerate(sorted(document.events, key=lambda event: span_order(event.trigger)), start=1):
        trigger = event.trigger
        regions.append(
            Region(f"E{number}", trigger.start, trigger.end, trigger.label, event.attributes, event.incident)
        )
        for argument in event.arguments:
            target = _number_of(argument.span, alike.get(span_order(argument.span), []))
            if target:
                relations.append(Relation(f"E{number}", f"T{target}", argument.role))
            else:
                lost["arguments that are no entity of their document"] += 1
    return regions, relations


def count_beside_regions(document: Document, lost: Tally, *, has_attributes: bool) -> None:
    """Count what a format of regions, relations, labels of texts and metadata has no place for.

    Args:
        has_attributes: whether regions can have attributes, the name of an incident among them.
    """
    held = {*METADATA, "arguments of events"}
    if has_attributes:
        held |= {"attributes of events", "attributes of entities"}
        held |= set() if document.incidents else {"incidents"}  # what mentions share is all there is of them
        values = [value for span in document.entities for value in span.attributes.values()]
        count(lost, "attributes that are null", values.count(None))
    count_unheld(document, ("entities", "triggers", "labels"), held, lost)
    lost.update(words_of(document))


def count_bare_triggers(
    regions: Iterable[Region], relations: Iterable[Relation], schema: Schema | None, lost: Tally
) -> None:
    """Count the triggers that whoever reads them without a schema takes for entities, as no relation leads from them.

    Args:
        regions: those of `regions_and_relations` that are written.
        relations: likewise.
        schema: that the documents are written with; there is nothing to count if there is one.
        lost: gets the count.
    """
    if schema is None:
        sources = {relation.source for relation in relations}
        bare = sum(region.id.startswith("E") and region.id not in sources for region in regions)
        count(lost, "events without arguments, which only a schema can tell from entities", bare)


def count_triggers(n: int, schema: Schema | None, lost: Tally) -> None:
    """Count triggers in a format that even with arguments does not tell them from entities, unless a schema does."""
    count(lost, "events, which only a schema can tell from entities", n if schema is None else 0)


@lru_cache(maxsize=1024)
def _can_be_attribute(name: str) -> bool:
    try:
        Schema(attributes=(Attribute(name, ("any",)),))
    except DataError:
        return False
    return True


def _unfit(noun: str, name: str, known: Sequence[str] | None) -> str:
    """Why a name cannot be taken, given those of the schema, if there is one; empty if it can."""
    return name_fault(noun, name, known, remedy=": rename it in the tool")


def _in_order(spans: Iterable[Span], lost: Tally) -> tuple[Span, ...]:
    """Entities in text order; of those with equal offsets and label the first."""
    by_place: dict[tuple[int, int, str], Span] = {}
    for span in spans:
        count(lost, "entities given twice", span_order(span) in by_place)
        by_place.setdefault(span_order(span), span)
    return tuple(by_place[place] for place in sorted(by_place))


def _is_sound(region: Region, scope: Scope) -> bool:
    fault = _unfit("label", region.label, scope.span_labels)
    if fault and fault not in scope.faults:  # one label may stand on hundreds of spans
        scope.faults.append(fault)
    return not fault


def _placed(region: Region, triggers: Collection[str], sources: Collection[str], scope: Scope) -> _Placed:
    region = replace(region, label=taken_name("label", region.label, scope.span_labels, scope.lost))
    if _is_trigger(region, triggers, sources, scope):
        return _Placed(region, Span(region.start, region.end, region.label), is_trigger=True)
    if region.incident:
        scope.lost["incidents named on what is no event"] += 1
    attributes = dict(_entity_attributes(region, scope))
    return _Placed(region, Span(region.start, region.end, region.label, attributes=attributes), is_trigger=False)


def _is_trigger(region: Region, triggers: Collection[str], sources: Collection[str], scope: Scope) -> bool:
    """Whether a schema or the format says so; else whether a relation leads from it, if that is asked, and counted."""
    if scope.schema:
        return region.label in scope.schema.event_types
    if region.id in triggers:
        return True
    is_guessed = scope.options.relations_make_events and region.id in sources
    count(scope.lost, READ_AS_TRIGGERS, is_guessed)
    return is_guessed


def _join(relation: Relation, ends: _Ends, scope: Scope) -> None:
    """Make an argument of a relation, if it is one."""
    source, target = relation.source, relation.target
    for own_id in sorted({source, target}):
        if own_id not in ends:
            scope.faults.append(f"relation {shorten(relation.type)}: {shorten(repr(own_id))} is the id of no span here")
            return
    if relation.is_mutual:
        scope.lost["second directions of relations that lead both ways"] += 1
        if source not in ends.triggers:
            source, target = target, source
    event, entity = ends.triggers.get(source), ends.entities.get(target)
    if event is None or entity is None:
        scope.lost["relations that lead from no event to an entity"] += 1
        return
    roles = [role.name for role in scope.schema.roles] if scope.schema else None
    fault = _unfit("role", relation.type, roles)
    if fault:
        scope.faults.append(fault)
    else:
        event.arguments.append(Argument(taken_name("role", relation.type, roles, scope.lost), entity.span))


def _event_attributes(region: Region, scope: Scope) -> Iterator[tuple[str, str]]:
    if scope.schema:
        for name, value in _schema_attributes(region, scope.schema.attributes, scope):
            yield name, str(value)
        return
    for name, value in region.attributes.items():
        if _can_be_attribute(name):
            count(scope.lost, "numbers as attributes of events, read as strings", isinstance(value, int))
            yield name, str(value)
        else:
            scope.lost["attributes of events whose name cannot be one"] += 1


def _entity_attributes(region: Region, scope: Scope) -> Iterator[tuple[str, AttributeValue]]:
    if scope.schema:
        return _schema_attributes(region, scope.schema.entity_attributes.get(region.label, ()), scope)
    if region.attributes:
        scope.lost["attributes of entities, which no schema names"] += len(region.attributes)
    return iter(())


def _schema_attributes(
    region: Region, attributes: Sequence[Attribute], scope: Scope
) -> Iterator[tuple[str, AttributeValue]]:
    by_name = {attribute.name: attribute for attribute in attributes}
    for name, value in region.attributes.items():
        attribute = by_name.get(name)
        if attribute is None:
            scope.lost["attributes that the schema does not name"] += 1
        elif attribute.is_integer and _integer(value) is not None:
            yield name, _integer(value)
        elif attribute.is_integer:
            scope.faults.append(f'{region.label}: "{name}" is {shorten(repr(value))}; expected an integer')
        elif str(value) in attribute.values:
            yield name, str(value)
        else:
            scope.faults.append(f"{region.label}: " + unknown(f'value of "{name}"', str(value), attribute.values))


def _integer(value: str | int) -> int | None:
    try:
        return int(value)
    except ValueError:
        return None


def _number_of(span: Span, alike: Sequence[tuple[int, Span]]) -> int:
    """The number of an equal one among those with its offsets and label, else of the first; 0 if there is none."""
    return next((number for number, other in alike if other == span), alike[0][0] if alike else 0)
