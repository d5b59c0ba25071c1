"""How gold and predicted documents compare: the score of a set, agreement of annotators, and rows to print.

Entities and triggers match by exact span and label, arguments by trigger, role and exact span; incidents are
aligned first (`tocsin.train.alignment`). Scores hold counts (`tocsin.train.counts`), so scores of disjoint sets
add up to the score of their union. Macro averages run over the labels that occur in gold or prediction, as
seqeval's do.
"""

import math
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Container, Hashable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import takewhile
from typing import Any, Literal, TypeVar, get_args

from tocsin.data.errors import DataError, Problem
from tocsin.data.schema import Attribute, Schema
from tocsin.data.types import AttributeValue, Document, Event, Span
from tocsin.train.alignment import GUIDELINE_SLOTS, count_slots, known_slots
from tocsin.train.counts import Counts, Item, Tally, add_tallies, count_items, mean, spread

__all__ = ["LAYERS", "Counts", "Layer", "Row", "Scores", "Tally", "agreement", "rows", "score", "spread"]

Layer = Literal["entities", "triggers", "arguments", "attributes", "incidents"]
LAYERS: tuple[Layer, ...] = get_args(Layer)
N_NAMED = 5  # ids an error lists before it says "and 12 more"
N_SHOWN = 20  # characters an error shows of a text

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Scores:
    """The counts of a comparison, in schema order; a label that does not occur has zeros.

    An attribute's counts are correct values of matched triggers, so its precision, recall and F1 are all its
    accuracy. Attributes of entities stand among them as "LABEL.name"; no average includes those, since the
    guidelines score attributes on triggers.
    """

    entities: Tally = field(default_factory=dict)  # by label
    triggers: Tally = field(default_factory=dict)  # by event type
    arguments: Tally = field(default_factory=dict)  # by role
    attributes: Tally = field(default_factory=dict)  # by attribute name, or "LABEL.name"
    incidents: Tally = field(default_factory=dict)  # by slot

    def __add__(self, other: "Scores") -> "Scores":
        return Scores(**{layer: add_tallies(self.tally(layer), other.tally(layer)) for layer in LAYERS})

    def tally(self, layer: Layer) -> Tally:
        """The counts of one layer."""
        tally: Tally = getattr(self, layer)
        return tally

    def micro(self, layer: Layer) -> Counts:
        """All labels of a layer taken together."""
        return sum(self._averaged(layer), Counts())

    def macro_f1(self, layer: Layer) -> float:
        """The mean F1 of the labels that occur in gold or prediction; nan if none does."""
        return mean([counts.f1 for counts in self._averaged(layer) if counts.occurs])

    def macro_precision(self, layer: Layer) -> float:
        return mean([counts.precision for counts in self._averaged(layer) if counts.occurs])

    def macro_recall(self, layer: Layer) -> float:
        return mean([counts.recall for counts in self._averaged(layer) if counts.occurs])

    def headline(self) -> dict[str, float]:
        """The five micro-averaged numbers the guidelines name."""
        return {
            "entity_f1": self.micro("entities").f1,
            "trigger_f1": self.micro("triggers").f1,
            "argument_f1": self.micro("arguments").f1,
            "attribute_accuracy": self.micro("attributes").f1,
            "incident_f1": self.micro("incidents").f1,
        }

    def to_json(self) -> dict[str, Any]:
        """Counts by layer and label. The ratios beside them, null where undefined, are for people; never read back."""
        record: dict[str, Any] = {"headline": {name: _rounded(ratio) for name, ratio in self.headline().items()}}
        for layer in LAYERS:
            record[layer] = {label: _counts_to_json(counts) for label, counts in self.tally(layer).items()}
        return record

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> "Scores":
        """Read what `to_json` wrote.

        Raises:
            DataError: a part is missing, of the wrong shape, or impossible.
        """
        try:
            return cls(**{layer: _tally_from_json(record[layer]) for layer in LAYERS})
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            raise DataError(f"scores: cannot be read ({error!r}); expected what Scores.to_json writes") from error

    def _averaged(self, layer: Layer) -> list[Counts]:
        tally = self.tally(layer)
        if layer != "attributes":
            return list(tally.values())
        return [counts for name, counts in tally.items() if "." not in name]


def score(
    gold: Sequence[Document],
    predicted: Sequence[Document],
    schema: Schema,
    *,
    slots: Sequence[str] = GUIDELINE_SLOTS,
) -> Scores:
    """Compare predictions with gold, article by article.

    Args:
        slots: what of an incident is compared, roles and attributes of the schema; by default the guidelines'
            list, as far as the schema has it.

    Raises:
        DataError: no gold; an id that is repeated or has no counterpart; two texts under one id; an unknown slot.
    """
    slots = known_slots(slots, schema)
    compared = (_score_document(*pair, schema, slots) for pair in _pair_documents(gold, predicted))
    return sum(compared, _nothing(schema, slots))


def agreement(a: Sequence[Document], b: Sequence[Document], schema: Schema) -> Scores:
    """How far two annotators agree, `a` in the place of gold.

    Swapping them swaps precision and recall and leaves every F1 of entities, triggers and arguments as it is.
    """
    return score(a, b, schema)


def _pair_documents(gold: Sequence[Document], predicted: Sequence[Document]) -> list[tuple[Document, Document]]:
    problems = _mismatches(gold, predicted)
    if problems:
        raise DataError.from_problems(problems)
    predicted_by_id = {document.article.id: document for document in predicted}
    return [(document, predicted_by_id[document.article.id]) for document in gold]


def _mismatches(gold: Sequence[Document], predicted: Sequence[Document]) -> list[Problem]:
    if not gold:
        return [Problem("gold", "no documents; expected at least one to compare the predictions with")]
    texts = {document.article.id: document.article.text for document in gold}
    predicted_texts = {document.article.id: document.article.text for document in predicted}
    complaints = [
        ("gold", "more than one document with id {}; give each article once", _repeated(gold)),
        ("predicted", "more than one document with id {}; give each article once", _repeated(predicted)),
        ("predicted", "no document for {}; predict every article of gold", _left_out(texts, predicted_texts)),
        ("gold", "no document for {}; predict only articles of gold", _left_out(predicted_texts, texts)),
    ]
    absent = [Problem(side, complaint.format(_named(ids))) for side, complaint, ids in complaints if ids]
    return absent + _text_differences(texts, predicted_texts)


def _repeated(documents: Sequence[Document]) -> list[str]:
    return [article for article, n in Counter(document.article.id for document in documents).items() if n > 1]


def _left_out(expected: Iterable[str], found: Container[str]) -> list[str]:
    return [article for article in expected if article not in found]


def _text_differences(texts: Mapping[str, str], predicted_texts: Mapping[str, str]) -> list[Problem]:
    differing = [article for article, text in texts.items() if predicted_texts.get(article, text) != text]
    if not differing:
        return []
    first, other = texts[differing[0]], predicted_texts[differing[0]]
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(first, other, strict=False)))
    message = (
        f"another text than gold's under {_named(differing)}; the first differ from character {same} on: "
        f"{other[same : same + N_SHOWN]!r}, expected {first[same : same + N_SHOWN]!r}; "
        "predict on the very text that was annotated"
    )
    return [Problem("predicted", message)]


def _named(articles: Sequence[str]) -> str:
    rest = len(articles) - N_NAMED
    return ", ".join(articles[:N_NAMED]) + (f" and {rest} more" if rest > 0 else "")


def _nothing(schema: Schema, slots: Sequence[str]) -> Scores:
    """Zeros for all that can occur, so that every score lists the same labels in the same order."""
    on_entities = (
        _entity_attribute(label, attribute)
        for label, attributes in schema.entity_attributes.items()
        for attribute in attributes
    )
    return Scores(
        entities=dict.fromkeys(schema.entity_labels, Counts()),
        triggers=dict.fromkeys(schema.event_types, Counts()),
        arguments=dict.fromkeys((role.name for role in schema.roles), Counts()),
        attributes=dict.fromkeys([*(attribute.name for attribute in schema.attributes), *on_entities], Counts()),
        incidents=dict.fromkeys(slots, Counts()),
    )


def _score_document(gold: Document, predicted: Document, schema: Schema, slots: Sequence[str]) -> Scores:
    return Scores(
        entities=count_items(_span_items(gold.entities), _span_items(predicted.entities)),
        triggers=count_items(_span_items(_triggers(gold)), _span_items(_triggers(predicted))),
        arguments=count_items(_argument_items(gold), _argument_items(predicted)),
        attributes={**_event_attributes(gold, predicted, schema), **_entity_attributes(gold, predicted, schema)},
        incidents=count_slots(gold, predicted, schema, slots),
    )


def _triggers(document: Document) -> tuple[Span, ...]:
    return tuple(event.trigger for event in document.events)


def _span_key(span: Span) -> tuple[int, int, str]:
    return span.start, span.end, span.label


def _event_key(event: Event) -> tuple[int, int, str]:
    return _span_key(event.trigger)


def _span_items(spans: Iterable[Span]) -> list[Item]:
    return [(span.label, _span_key(span)) for span in spans]


def _argument_items(document: Document) -> list[Item]:
    """The trigger is part of what makes two arguments the same, so none matches without it."""
    return [
        (argument.role, (_event_key(event), argument.role, argument.span.start, argument.span.end))
        for event in document.events
        for argument in event.arguments
    ]


def _pair(gold: Iterable[T], predicted: Iterable[T], key: Callable[[T], Hashable]) -> list[tuple[T, T]]:
    """Those with equal keys, one to one; where a key is repeated, first with first."""
    waiting: defaultdict[Hashable, deque[T]] = defaultdict(deque)
    for item in gold:
        waiting[key(item)].append(item)
    return [(waiting[key(item)].popleft(), item) for item in predicted if waiting[key(item)]]


def _event_attributes(gold: Document, predicted: Document, schema: Schema) -> Tally:
    pairs = _pair(gold.events, predicted.events, _event_key)
    values = [(one.attributes, other.attributes) for one, other in pairs]
    return {attribute.name: _accuracy(values, attribute.name) for attribute in schema.attributes}


def _entity_attributes(gold: Document, predicted: Document, schema: Schema) -> Tally:
    pairs = _pair(gold.entities, predicted.entities, _span_key)
    tally: dict[str, Counts] = {}
    for label, attributes in schema.entity_attributes.items():
        values = [(one.attributes, other.attributes) for one, other in pairs if one.label == label]
        tally |= {_entity_attribute(label, attribute): _accuracy(values, attribute.name) for attribute in attributes}
    return tally


def _entity_attribute(label: str, attribute: Attribute) -> str:
    return f"{label}.{attribute.name}"


def _accuracy(pairs: Iterable[tuple[Mapping[str, AttributeValue], Mapping[str, AttributeValue]]], name: str) -> Counts:
    """Null and absent are one value; where neither side has the attribute, there is nothing to get right."""
    correct = [one.get(name) == other.get(name) for one, other in pairs if name in one or name in other]
    return Counts(sum(correct), len(correct), len(correct))


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table of scores; the label "micro" or "macro" is an average over the layer's labels."""

    layer: Layer
    label: str
    precision: float  # in [0, 1], or nan; so are the other two
    recall: float
    f1: float
    support: int  # gold items


def rows(scores: Scores) -> list[Row]:
    """Every label of every layer the schema has, each layer followed by its micro and macro average."""
    return [row for layer in LAYERS if scores.tally(layer) for row in _layer_rows(scores, layer)]


def _layer_rows(scores: Scores, layer: Layer) -> list[Row]:
    micro = scores.micro(layer)
    macro = scores.macro_precision(layer), scores.macro_recall(layer), scores.macro_f1(layer)
    named = [*scores.tally(layer).items(), ("micro", micro)]
    return [
        *(Row(layer, label, counts.precision, counts.recall, counts.f1, counts.n_gold) for label, counts in named),
        Row(layer, "macro", *macro, micro.n_gold),
    ]


def _counts_to_json(counts: Counts) -> dict[str, int | float | None]:
    ratios = {"precision": counts.precision, "recall": counts.recall, "f1": counts.f1}
    return {**asdict(counts), **{name: _rounded(ratio) for name, ratio in ratios.items()}}


def _rounded(ratio: float) -> float | None:
    return None if math.isnan(ratio) else round(ratio, 4)


def _tally_from_json(records: Mapping[str, Any]) -> Tally:
    return {
        label: Counts(record["n_matched"], record["n_predicted"], record["n_gold"]) for label, record in records.items()
    }
