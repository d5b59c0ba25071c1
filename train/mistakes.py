"""What a prediction gets wrong in an article, one by one, by kind, with the sentence and the cost.

Spans are paired as `tocsin.train.pairing` says: a pair that is not exact is one mistake, not a missed and a spurious
span. A wrong argument is a mistake of its own only where its trigger is right and its entity was found; else it is a
consequence and counts in the cost of the span. `COST` defines costs for people; the report shows it. What is wrong with
labels, fillers and templates is in `tocsin.train.document_mistakes`.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from tocsin.data.schema import Schema
from tocsin.data.types import Argument, AttributeValue, Document, Span
from tocsin.train.document_mistakes import document_cost, document_kinds, document_mistakes
from tocsin.train.excerpts import Excerpts
from tocsin.train.filler_scores import without_mentions
from tocsin.train.measures import plain_labels
from tocsin.train.mistake import Kind, Mistake, mistake_at
from tocsin.train.pairing import SpanKey, offsets, pair, pair_spans, span_key
from tocsin.train.regrouping import Regrouping, merged, split
from tocsin.train.scores import LAYERS, Layer

__all__ = ["COST", "Mistake", "cost", "costliest", "kinds", "mistakes"]

COST = (
    "The cost of a mistake is the number of items, gold and predicted, that count as wrong through it. "
    "Entity or trigger: 1 for each side that stands without its equal, and 1 for every wrong argument of either side "
    "that hangs on it; an argument whose trigger and entity are both wrong is in the cost of both. "
    "Argument: 1, or 2 for a wrong role, which is missed in one and spurious in the other. Attribute: 1. "
    "Incidents: the slot fillers of the countable incidents that were split or merged, without the largest of them, "
    "and at least 1. What a wrong span or attribute does to incidents is in no cost. "
    "Where several seeds are told together, costs are sums over them."
)

N_NAMED = 5  # mentions of an incident, and incidents, that a mistake names before it says "2 more"

# By layer: nothing predicted, nothing in gold, another label, other offsets, both.
_SPAN_KINDS: dict[Layer, tuple[str, str, str, str, str]] = {
    "entities": ("missed entity", "spurious entity", "wrong label", "wrong boundary", "wrong label and boundary"),
    "triggers": (
        "missed trigger",
        "spurious trigger",
        "wrong type",
        "wrong trigger boundary",
        "wrong type and boundary",
    ),
}


@dataclass(frozen=True, slots=True)
class _Played:
    """An argument, with the trigger of its event."""

    trigger: Span
    argument: Argument

    @property
    def place(self) -> tuple[SpanKey, tuple[int, int]]:
        return span_key(self.trigger), offsets(self.argument.span)

    @property
    def key(self) -> tuple[SpanKey, tuple[int, int], str]:
        """What an argument of the other side must share to be the same."""
        return *self.place, self.argument.role


@dataclass(frozen=True, slots=True)
class _Wrong:
    """The arguments of one side without an equal, by what is to blame."""

    on_entities: Counter[tuple[int, int]]  # by offsets of entities the other side lacks
    on_triggers: Counter[SpanKey]  # of triggers the other side lacks
    own: tuple[_Played, ...]  # nothing but themselves


def mistakes(gold: Document, predicted: Document, schema: Schema) -> list[Mistake]:
    """Everything wrong with a prediction, in the order of the text.

    Args:
        predicted: of the same article as gold.
    """
    excerpts = Excerpts(gold.article)
    of_document = document_mistakes(excerpts, gold, predicted, schema)
    gold, predicted = (without_mentions(document, schema) for document in (gold, predicted))
    arguments = pair(_arguments(gold), _arguments(predicted), lambda played: played.key)
    missed = _blamed(arguments.gold, gold, predicted)
    spurious = _blamed(arguments.predicted, predicted, gold)
    found = [
        *_entity_mistakes(excerpts, gold, predicted, missed, spurious),
        *_trigger_mistakes(excerpts, gold, predicted, missed, spurious),
        *_argument_mistakes(excerpts, missed, spurious),
        *_attribute_mistakes(excerpts, gold, predicted, schema),
        *(_incident_mistake(excerpts, "split incident", case) for case in split(gold, predicted, schema)),
        *(_incident_mistake(excerpts, "merged incidents", case) for case in merged(gold, predicted, schema)),
        *of_document,
    ]
    return sorted(found, key=_in_text)


def costliest(found: Iterable[Mistake], n: int = 20) -> list[Mistake]:
    """The `n` mistakes of highest cost, by cost descending, then by article and place."""
    return sorted(found, key=lambda mistake: (-mistake.cost, mistake.article, *_in_text(mistake)))[:n]


def kinds(found: Sequence[Mistake], schema: Schema) -> list[dict[str, Any]]:
    """For every kind the schema allows, how many there are and what they cost in all, zeros too."""
    n, cost = Counter[tuple[Layer, str]](), Counter[tuple[Layer, str]]()
    for mistake in found:
        n[mistake.layer, mistake.kind] += 1
        cost[mistake.layer, mistake.kind] += mistake.cost
    return [
        {
            "kind": kind.name,
            "layer": kind.layer,
            "what": kind.what,
            "n": n[kind.layer, kind.name],
            "cost": cost[kind.layer, kind.name],
        }
        for kind in [*_kinds(schema), *document_kinds(schema)]
    ]


def cost(schema: Schema) -> str:
    """What the cost of a mistake is, for what the schema has."""
    of_spans = bool(schema.event_types or plain_labels(schema))
    return " ".join([*([COST] if of_spans else []), *document_cost(schema)])


def _in_text(mistake: Mistake) -> tuple[int, int, int, str, str, str]:
    layer = LAYERS.index(mistake.layer)
    return mistake.start, mistake.end, layer, mistake.kind, mistake.label, mistake.detail


def _kinds(schema: Schema) -> Iterator[Kind]:
    if labels := plain_labels(schema):
        yield from _span_kinds("entities", "entity", "label", has_labels=len(labels) > 1)
    if schema.event_types:
        yield from _span_kinds("triggers", "trigger", "type", has_labels=len(schema.event_types) > 1)
    if schema.event_types and schema.roles:
        yield Kind("missed argument", "arguments", "trigger and entity are right, the argument is missing")
        yield Kind("spurious argument", "arguments", "trigger and entity are right, the entity plays no role there")
        yield Kind("wrong role", "arguments", "trigger and entity are right, the entity plays another role")
    names = [attribute.name for attribute in schema.attributes]
    names += [attribute.name for attributes in schema.entity_attributes.values() for attribute in attributes]
    for name in dict.fromkeys(names):
        yield Kind(f"wrong {name}", "attributes", f"the span is right, its {name} has another value")
    if schema.event_types:
        yield Kind("split incident", "incidents", "mentions of one incident are spread over several")
        yield Kind("merged incidents", "incidents", "mentions of several incidents are taken for one")


def _span_kinds(layer: Layer, noun: str, word: str, *, has_labels: bool) -> Iterator[Kind]:
    """Without labels to choose from, none can be wrong."""
    missed, spurious, label, boundary, both = _SPAN_KINDS[layer]
    yield Kind(missed, layer, f"annotated, not predicted: no predicted {noun} overlaps it that has no better partner")
    yield Kind(spurious, layer, f"predicted, not annotated: no gold {noun} overlaps it that has no better partner")
    if has_labels:
        yield Kind(label, layer, f"the very characters of gold, as another {word}")
    yield Kind(boundary, layer, f"overlaps gold's, of the same {word}, but begins or ends elsewhere")
    if has_labels:
        yield Kind(both, layer, f"overlaps gold's, but begins or ends elsewhere and is of another {word}")


def _arguments(document: Document) -> list[_Played]:
    return [_Played(event.trigger, argument) for event in document.events for argument in event.arguments]


def _blamed(unmatched: Sequence[_Played], own: Document, other: Document) -> _Wrong:
    lost_entities = {offsets(span) for span in own.entities} - {offsets(span) for span in other.entities}
    triggers = {span_key(event.trigger) for event in other.events}
    by_entity = [played for played in unmatched if offsets(played.argument.span) in lost_entities]
    by_trigger = [played for played in unmatched if span_key(played.trigger) not in triggers]
    return _Wrong(
        Counter(offsets(played.argument.span) for played in by_entity),
        Counter(span_key(played.trigger) for played in by_trigger),
        tuple(
            played
            for played in unmatched
            if offsets(played.argument.span) not in lost_entities and span_key(played.trigger) in triggers
        ),
    )


def _entity_mistakes(
    excerpts: Excerpts, gold: Document, predicted: Document, missed: _Wrong, spurious: _Wrong
) -> Iterator[Mistake]:
    for one, other in _unequal(gold.entities, predicted.entities):
        n_hanging = missed.on_entities[offsets(one)] if one else 0
        n_hanging += spurious.on_entities[offsets(other)] if other else 0
        yield _span_mistake(excerpts, "entities", one, other, n_hanging)


def _trigger_mistakes(
    excerpts: Excerpts, gold: Document, predicted: Document, missed: _Wrong, spurious: _Wrong
) -> Iterator[Mistake]:
    triggers = [[event.trigger for event in document.events] for document in (gold, predicted)]
    for one, other in _unequal(*triggers):
        n_hanging = missed.on_triggers[span_key(one)] if one else 0
        n_hanging += spurious.on_triggers[span_key(other)] if other else 0
        yield _span_mistake(excerpts, "triggers", one, other, n_hanging)


def _unequal(gold: Sequence[Span], predicted: Sequence[Span]) -> Iterator[tuple[Span | None, Span | None]]:
    """Pairs (gold, predicted) that differ, None for what has no partner."""
    pairing = pair_spans(gold, predicted)
    yield from ((one, other) for one, other in pairing.both if span_key(one) != span_key(other))
    yield from ((one, None) for one in pairing.gold)
    yield from ((None, other) for other in pairing.predicted)


def _span_mistake(excerpts: Excerpts, layer: Layer, one: Span | None, other: Span | None, n_hanging: int) -> Mistake:
    spans = [span for span in (one, other) if span]
    labels = [span.label for span in spans]
    detail = labels[0] if len(set(labels)) == 1 else "gold {}, predicted {}".format(*labels)
    return mistake_at(
        excerpts,
        spans,
        kind=_span_kind(layer, one, other),
        layer=layer,
        label=labels[0],
        gold=one.text(excerpts.article) if one else "",
        predicted=other.text(excerpts.article) if other else "",
        cost=len(spans) + n_hanging,
        detail=detail,
    )


def _span_kind(layer: Layer, one: Span | None, other: Span | None) -> str:
    missed, spurious, label, boundary, both = _SPAN_KINDS[layer]
    if one is None or other is None:
        return missed if one else spurious
    if offsets(one) == offsets(other):
        return label
    return boundary if one.label == other.label else both


def _argument_mistakes(excerpts: Excerpts, missed: _Wrong, spurious: _Wrong) -> Iterator[Mistake]:
    pairing = pair(missed.own, spurious.own, lambda played: played.place)
    for one, other in pairing.both:
        detail = f"gold {one.argument.role}, predicted {other.argument.role}"
        yield _argument_mistake(excerpts, "wrong role", one, detail, cost=2)
    for one in pairing.gold:
        yield _argument_mistake(excerpts, "missed argument", one, one.argument.role, cost=1)
    for other in pairing.predicted:
        yield _argument_mistake(excerpts, "spurious argument", other, other.argument.role, cost=1)


def _argument_mistake(excerpts: Excerpts, kind: str, played: _Played, detail: str, *, cost: int) -> Mistake:
    surface = played.argument.span.text(excerpts.article)
    return mistake_at(
        excerpts,
        [played.argument.span],
        kind=kind,
        layer="arguments",
        label=played.argument.role,
        gold="" if kind == "spurious argument" else surface,
        predicted="" if kind == "missed argument" else surface,
        cost=cost,
        detail=f"{detail} of {played.trigger.text(excerpts.article)!r}",
        beside=[played.trigger],
    )


def _attribute_mistakes(excerpts: Excerpts, gold: Document, predicted: Document, schema: Schema) -> Iterator[Mistake]:
    """Of triggers, then of entities, that match exactly; as in the scores, see `tocsin.train.scores`."""
    events = pair(gold.events, predicted.events, lambda event: span_key(event.trigger))
    for event, other_event in events.both:
        for attribute in schema.attributes:
            values = event.attributes.get(attribute.name), other_event.attributes.get(attribute.name)
            if values[0] is not None and values[0] != values[1]:
                yield _attribute_mistake(excerpts, attribute.name, attribute.name, event.trigger, values)
    for span, other in pair(gold.entities, predicted.entities, span_key).both:
        for attribute in schema.entity_attributes.get(span.label, ()):
            of_span = span.attributes.get(attribute.name), other.attributes.get(attribute.name)
            if of_span[0] != of_span[1] and (attribute.is_integer or of_span[0] is not None):
                yield _attribute_mistake(excerpts, attribute.name, f"{span.label}.{attribute.name}", span, of_span)


def _attribute_mistake(
    excerpts: Excerpts, name: str, label: str, span: Span, values: tuple[AttributeValue, AttributeValue]
) -> Mistake:
    gold, predicted = ("none" if value is None else str(value) for value in values)
    return mistake_at(
        excerpts,
        [span],
        kind=f"wrong {name}",
        layer="attributes",
        label=label,
        gold=gold,
        predicted=predicted,
        cost=1,
        detail=f"gold {gold}, predicted {predicted} of {span.text(excerpts.article)!r}",
    )


def _incident_mistake(excerpts: Excerpts, kind: str, case: Regrouping) -> Mistake:
    whole = ", ".join(_named(excerpts, case.triggers))
    parts = " | ".join(_abridged([", ".join(_named(excerpts, group)) for group in case.groups]))
    is_split = kind == "split incident"
    n_parts = f"{len(case.groups)} incidents"
    return mistake_at(
        excerpts,
        [case.turn],
        kind=kind,
        layer="incidents",
        label=case.turn.label,
        gold=whole if is_split else parts,
        predicted=parts if is_split else whole,
        cost=case.cost,
        detail=f"gold 1 incident, predicted {n_parts}" if is_split else f"gold {n_parts}, predicted 1 incident",
    )


def _named(excerpts: Excerpts, triggers: Sequence[Span]) -> list[str]:
    """Each trigger with the number of its sentence."""
    return _abridged([f"{span.text(excerpts.article)} (sentence {excerpts.number(span.start)})" for span in triggers])


def _abridged(names: list[str]) -> list[str]:
    rest = len(names) - N_NAMED
    return names if rest <= 0 else [*names[:N_NAMED], f"{rest} more"]
