"""How gold and predicted documents compare: the score of a set, agreement of annotators, and rows to print.

Entities and triggers match by exact span and label, arguments by trigger, role and exact span; incidents are
aligned first (`tocsin.train.alignment`), and so are fillers and templates (`tocsin.train.filler_scores`); labels of
whole texts are compared as `tocsin.train.text_scores` says. Beside that, entities and triggers are counted as matched
where they share a character and the label, and the values of attributes are counted by which was taken for which.
Scores hold sums over documents (`tocsin.train.counts`), so scores of disjoint sets add up to the score of their union.
Macro averages run over the labels that occur in gold or prediction, as seqeval's do.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, get_args

from tocsin.data.errors import DataError
from tocsin.data.schema import Attribute, Schema
from tocsin.data.types import AttributeValue, Document, Span
from tocsin.train.alignment import GUIDELINE_SLOTS, count_overlaps, count_slots, known_slots
from tocsin.train.counts import Counts, Item, Tally, add_tallies, count_items, mean, rounded, spread, total
from tocsin.train.filler_scores import TYPE, count_fillers, count_templates, without_mentions
from tocsin.train.measures import EVENT_MEASURES, MEASURES, MICRO, Ratios, f1_ratio, measures_of, plain_labels, value
from tocsin.train.pairing import SpanKey, offsets, pair, span_key
from tocsin.train.sides import pair_documents
from tocsin.train.text_scores import TEXT_LABEL, Examples, count_examples, count_labels, count_taken

__all__ = [
    "EVENT_LAYERS", "LAYERS", "Choices", "Counts", "Layer", "Row", "Scores", "Tally",
    "agreement", "argument_keys", "entity_attribute", "rows", "score", "score_each", "spread",
]  # fmt: skip

EventLayer = Literal["entities", "triggers", "arguments", "attributes", "incidents"]
DocumentLayer = Literal["labels", "fillers", "templates"]
Layer = EventLayer | DocumentLayer
EVENT_LAYERS: tuple[EventLayer, ...] = get_args(EventLayer)
DOCUMENT_LAYERS: tuple[DocumentLayer, ...] = get_args(DocumentLayer)  # of a document as a whole; written if there
LAYERS: tuple[Layer, ...] = (*EVENT_LAYERS, *DOCUMENT_LAYERS)
TALLIES = (*EVENT_LAYERS, "entity_attributes", "entity_overlap", "trigger_overlap")  # always written
OVERLAPS: Mapping[Layer, str] = {"entities": "entity_overlap", "triggers": "trigger_overlap"}

Choices = Mapping[tuple[str, str], int]  # how often, by (gold value, predicted value); "" is no value
Values = tuple[AttributeValue, AttributeValue]  # gold, predicted
ArgumentKey = tuple[SpanKey, str, int, int]  # trigger, role, span


@dataclass(frozen=True, slots=True)
class Scores:
    """The counts of a comparison, in schema order; a label that does not occur has zeros.

    An attribute's counts are correct values of matched triggers or entities, so its precision, recall and F1 are all
    its accuracy. Attributes of entities are in no average, since the guidelines score attributes on triggers.
    """

    entities: Tally = field(default_factory=dict)  # by label
    triggers: Tally = field(default_factory=dict)  # by event type
    arguments: Tally = field(default_factory=dict)  # by role
    attributes: Tally = field(default_factory=dict)  # by name, of events
    incidents: Tally = field(default_factory=dict)  # by slot
    entity_attributes: Tally = field(default_factory=dict)  # by "LABEL.name"
    entity_overlap: Tally = field(default_factory=dict)  # by label
    trigger_overlap: Tally = field(default_factory=dict)  # by event type
    choices: Mapping[str, Choices] = field(default_factory=dict)  # by name or "LABEL.name"; attributes with values
    labels: Tally = field(default_factory=dict)  # by label of a text
    fillers: Tally = field(default_factory=dict)  # by role
    templates: Tally = field(default_factory=dict)  # by slot
    examples: Examples = field(default_factory=Examples)  # the F1 of each document's labels
    measured: tuple[str, ...] = ()  # the headline's measures, in the order of MEASURES; () is EVENT_MEASURES

    def __add__(self, other: "Scores") -> "Scores":
        tallies = {
            name: add_tallies(getattr(self, name), getattr(other, name)) for name in (*TALLIES, *DOCUMENT_LAYERS)
        }
        names = {**self.choices, **other.choices}
        choices = {name: Counter(self.choices.get(name)) + Counter(other.choices.get(name)) for name in names}
        return Scores(
            **tallies,
            choices={name: dict(counter) for name, counter in choices.items()},
            examples=self.examples + other.examples,
            measured=tuple(name for name in MEASURES if name in {*self.measured, *other.measured}),
        )

    def tally(self, layer: Layer) -> Tally:
        """The counts of one layer."""
        tally: Tally = getattr(self, layer)
        return tally

    def overlap(self, layer: Layer) -> Tally:
        """The counts of one layer where sharing a character is enough; empty where that is not asked."""
        tally: Tally = getattr(self, OVERLAPS[layer]) if layer in OVERLAPS else {}
        return tally

    def micro(self, layer: Layer) -> Counts:
        """All labels of a layer taken together."""
        return total(self.tally(layer))

    def macro_f1(self, layer: Layer) -> float:
        """The mean F1 of the labels that occur in gold or prediction; nan if none does."""
        return mean([counts.f1 for counts in _occurring(self.tally(layer))])

    def macro_precision(self, layer: Layer) -> float:
        return mean([counts.precision for counts in _occurring(self.tally(layer))])

    def macro_recall(self, layer: Layer) -> float:
        return mean([counts.recall for counts in _occurring(self.tally(layer))])

    def measures(self) -> dict[str, Ratios]:
        """What each number of the headline is the mean of, by its name."""
        return {name: self._ratios(name) for name in self.measured or EVENT_MEASURES}

    def headline(self) -> dict[str, float]:
        """For events the five micro-averaged numbers the guidelines name, and that of entities that need not be exact.

        For other tasks those that `tocsin.train.measures.measures_of` names.
        """
        return {name: value(ratios) for name, ratios in self.measures().items()}

    def _ratios(self, measure: str) -> Ratios:
        if measure in MICRO:
            return (f1_ratio(total(getattr(self, MICRO[measure]))),)
        if measure == "label_macro_f1":
            return tuple(f1_ratio(counts) for counts in self.labels.values())
        return (self.examples.ratio,)  # with one label to each text, the accuracy too

    def to_json(self) -> dict[str, Any]:
        """Counts by layer and label. The ratios beside them, null where undefined, are for people; never read back."""
        record: dict[str, Any] = {"headline": {name: rounded(ratio) for name, ratio in self.headline().items()}}
        for name in TALLIES:
            record[name] = {label: _counts_to_json(counts) for label, counts in getattr(self, name).items()}
        record["choices"] = {name: _choices_to_json(choices) for name, choices in self.choices.items()}
        for name in DOCUMENT_LAYERS:
            if tally := getattr(self, name):
                record[name] = {label: _counts_to_json(counts) for label, counts in tally.items()}
        record |= {"examples": self.examples.to_json()} if self.labels else {}
        record |= {"measured": list(self.measured)} if self.measured else {}
        return record

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> "Scores":
        """Read what `to_json` wrote; what only some tasks have may be absent.

        Raises:
            DataError: a part is missing, of the wrong shape, or impossible.
        """
        try:
            tallies = {name: _tally_from_json(record[name]) for name in TALLIES}
            tallies |= {name: _tally_from_json(record.get(name, {})) for name in DOCUMENT_LAYERS}
            choices = {name: _choices_from_json(record) for name, record in record["choices"].items()}
            examples = Examples.from_json(record.get("examples", Examples().to_json()))
            return cls(**tallies, choices=choices, examples=examples, measured=_measured_from_json(record))
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            raise DataError(f"scores: cannot be read ({error!r}); expected what Scores.to_json writes") from error


def score(
    gold: Sequence[Document],
    predicted: Sequence[Document],
    schema: Schema,
    *,
    slots: Sequence[str] = GUIDELINE_SLOTS,
) -> Scores:
    """Compare predictions with gold, article by article; the sum of `score_each`.

    Raises:
        DataError: as `score_each`.
    """
    return sum(score_each(gold, predicted, schema, slots=slots), Scores())


def score_each(
    gold: Sequence[Document],
    predicted: Sequence[Document],
    schema: Schema,
    *,
    slots: Sequence[str] = GUIDELINE_SLOTS,
    name: str = "predicted",
) -> list[Scores]:
    """Compare predictions with gold: the scores of each article, in the order of gold.

    Args:
        slots: what of an incident is compared, roles and attributes of the schema; by default the guidelines'
            list, as far as the schema has it.
        name: what messages call the predictions.

    Raises:
        DataError: no gold; an id that is repeated or has no counterpart; two texts under one id; a label, event
            type or role that the schema does not have; an unknown slot.
    """
    slots = known_slots(slots, schema)
    nothing = _nothing(schema, slots)
    # Where no event of the whole set is of an incident, documents without events do not say either what is none.
    events = [event for document in gold for event in document.events]
    grouped = not events or any(event.incident for event in events)
    return [
        nothing + _score_document(*pair, schema, slots if grouped else ())
        for pair in pair_documents(gold, predicted, schema, name=name)
    ]


def agreement(a: Sequence[Document], b: Sequence[Document], schema: Schema) -> Scores:
    """How far two annotators agree, `a` in the place of gold.

    Swapping them swaps precision and recall and leaves every F1 of entities, triggers and arguments as it is.
    """
    return score(a, b, schema)


def entity_attribute(label: str, attribute: Attribute) -> str:
    """The name an attribute of entities has among those of events, whose names have no dot."""
    return f"{label}.{attribute.name}"


def _nothing(schema: Schema, slots: Sequence[str]) -> Scores:
    """Zeros for all that can occur, so that every score lists the same labels in the same order."""
    return Scores(
        entities=dict.fromkeys(plain_labels(schema), Counts()),
        triggers=dict.fromkeys(schema.event_types, Counts()),
        arguments=dict.fromkeys((role.name for role in schema.roles), Counts()),
        incidents=dict.fromkeys(slots, Counts()),
        entity_overlap=dict.fromkeys(plain_labels(schema), Counts()),
        trigger_overlap=dict.fromkeys(schema.event_types, Counts()),
        labels=dict.fromkeys(schema.text_labels, Counts()),
        fillers=dict.fromkeys(schema.fillers, Counts()),
        templates=dict.fromkeys((TYPE, *schema.fillers) if schema.template_types else (), Counts()),
        measured=() if (measured := measures_of(schema)) == EVENT_MEASURES else measured,
    )


def _score_document(gold: Document, predicted: Document, schema: Schema, slots: Sequence[str]) -> Scores:
    gold, predicted = (without_mentions(document, schema) for document in (gold, predicted))
    triggers = _triggers(gold), _triggers(predicted)
    on_events, on_entities = _event_values(gold, predicted, schema), _entity_values(gold, predicted, schema)
    return Scores(
        entities=count_items(_span_items(gold.entities), _span_items(predicted.entities)),
        triggers=count_items(*map(_span_items, triggers)),
        arguments=count_items(_argument_items(gold), _argument_items(predicted)),
        attributes={attribute.name: _accuracy(values) for attribute, values in on_events},
        incidents=count_slots(gold, predicted, schema, slots),
        entity_attributes={entity_attribute(label, a): _accuracy(values) for label, a, values in on_entities},
        entity_overlap=count_overlaps(gold.entities, predicted.entities),
        trigger_overlap=count_overlaps(*triggers),
        choices={
            **{attribute.name: _choices(values) for attribute, values in on_events},
            **{entity_attribute(label, a): _choices(values) for label, a, values in on_entities if not a.is_integer},
            **({TEXT_LABEL: count_taken(gold, predicted)} if schema.one_text_label else {}),
        },
        labels=count_labels(gold, predicted),
        fillers=count_fillers(gold, predicted, schema.fillers),
        templates=count_templates(gold, predicted, schema) if schema.template_types else {},
        examples=count_examples(gold, predicted),
    )


def _triggers(document: Document) -> tuple[Span, ...]:
    return tuple(event.trigger for event in document.events)


def _span_items(spans: Iterable[Span]) -> list[Item]:
    return [(span.label, span_key(span)) for span in spans]


def _argument_items(document: Document) -> list[Item]:
    return [(key[1], key) for key in argument_keys(document)]


def argument_keys(document: Document) -> list[ArgumentKey]:
    """What makes two arguments the same; the trigger is part of it, so none matches without its trigger."""
    return [
        (span_key(event.trigger), argument.role, *offsets(argument.span))
        for event in document.events
        for argument in event.arguments
    ]


def _event_values(gold: Document, predicted: Document, schema: Schema) -> list[tuple[Attribute, list[Values]]]:
    pairs = pair(gold.events, predicted.events, lambda event: span_key(event.trigger)).both
    attributes = [(one.attributes, other.attributes) for one, other in pairs]
    return [(attribute, _values(attributes, attribute)) for attribute in schema.attributes]


def _entity_values(gold: Document, predicted: Document, schema: Schema) -> list[tuple[str, Attribute, list[Values]]]:
    pairs = pair(gold.entities, predicted.entities, span_key).both
    attributes = {
        label: [(one.attributes, other.attributes) for one, other in pairs if one.label == label]
        for label in schema.entity_attributes
    }
    return [
        (label, attribute, _values(attributes[label], attribute))
        for label, on_label in schema.entity_attributes.items()
        for attribute in on_label
    ]


def _values(
    pairs: Iterable[tuple[Mapping[str, AttributeValue], Mapping[str, AttributeValue]]], attribute: Attribute
) -> list[Values]:
    """What gold and prediction say.

    A number that gold lacks is one that the text does not state, null or not; of a choice that gold lacks, as files of
    most tools do, nobody knows what would be right. What neither side has is nothing to get right.
    """
    name = attribute.name
    return [
        (gold.get(name), predicted.get(name))
        for gold, predicted in pairs
        if name in gold or (attribute.is_integer and name in predicted)
    ]


def _accuracy(values: Sequence[Values]) -> Counts:
    return Counts(sum(one == other for one, other in values), len(values), len(values))


def _choices(values: Iterable[Values]) -> Choices:
    return dict(Counter((str(one or ""), str(other or "")) for one, other in values))


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table of scores; the label "micro" or "macro" is an average over the layer's labels."""

    layer: Layer
    label: str
    precision: float  # in [0, 1], or nan; so are the other ratios
    recall: float
    f1: float
    support: int  # gold items
    overlap_f1: float = math.nan  # where sharing a character is enough; nan in layers that do not ask it
    counts: Counts | None = None  # what the ratios follow from; None for a macro average

    def to_json(self) -> dict[str, Any]:
        """As a report has it: null for what is not defined, the counts beside the ratios."""
        ratios = {name: rounded(getattr(self, name)) for name in ("precision", "recall", "f1", "overlap_f1")}
        tally = asdict(self.counts) if self.counts else dict.fromkeys(("n_matched", "n_predicted", "n_gold"))
        return {"layer": self.layer, "label": self.label, **ratios, "support": self.support, **tally}


def rows(scores: Scores) -> list[Row]:
    """Every label of every layer the schema has, each layer followed by its micro and macro average."""
    return [row for layer in LAYERS if _lines(scores, layer) for row in _layer_rows(scores, layer)]


def _lines(scores: Scores, layer: Layer) -> Tally:
    """What has a line of its own: attributes of entities stand below those of events, though in no average."""
    return {**scores.tally(layer), **(scores.entity_attributes if layer == "attributes" else {})}


def _layer_rows(scores: Scores, layer: Layer) -> list[Row]:
    overlap, micro = scores.overlap(layer), scores.micro(layer)
    macro = scores.macro_precision(layer), scores.macro_recall(layer), scores.macro_f1(layer)
    macro_overlap = mean([counts.f1 for counts in _occurring(overlap)])
    return [
        *(_row(layer, label, counts, overlap.get(label)) for label, counts in _lines(scores, layer).items()),
        _row(layer, "micro", micro, total(overlap)),
        Row(layer, "macro", *macro, micro.n_gold, macro_overlap),
    ]


def _row(layer: Layer, label: str, counts: Counts, overlap: Counts | None) -> Row:
    overlap_f1 = overlap.f1 if overlap else math.nan
    return Row(layer, label, counts.precision, counts.recall, counts.f1, counts.n_gold, overlap_f1, counts)


def _occurring(tally: Tally) -> list[Counts]:
    return [counts for counts in tally.values() if counts.occurs]


def _counts_to_json(counts: Counts) -> dict[str, int | float | None]:
    ratios = {"precision": counts.precision, "recall": counts.recall, "f1": counts.f1}
    return {**asdict(counts), **{name: rounded(ratio) for name, ratio in ratios.items()}}


def _tally_from_json(records: Mapping[str, Any]) -> Tally:
    return {
        label: Counts(record["n_matched"], record["n_predicted"], record["n_gold"]) for label, record in records.items()
    }


def _measured_from_json(record: Mapping[str, Any]) -> tuple[str, ...]:
    measured = tuple(record.get("measured", ()))
    if unknown := [name for name in measured if name not in MEASURES]:
        raise ValueError(f"measured names {unknown}; expected some of {', '.join(MEASURES)}")
    return measured


def _choices_to_json(choices: Choices) -> dict[str, dict[str, int]]:
    """By gold value, then by predicted value."""
    record: dict[str, dict[str, int]] = {}
    for (gold, predicted), n in choices.items():
        record.setdefault(gold, {})[predicted] = n
    return record


def _choices_from_json(record: Mapping[str, Mapping[str, int]]) -> Choices:
    choices = {(gold, predicted): n for gold, by_predicted in record.items() for predicted, n in by_predicted.items()}
    if any(n < 1 for n in choices.values()):
        raise ValueError(f"choices {record} are not counted from 1 up")
    return choices
