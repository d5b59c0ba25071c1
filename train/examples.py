"""Annotated documents as what the network should answer for each passage.

Whatever an annotation holds that cannot be learned from is listed in `Losses`, never dropped quietly.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, product

from tocsin.data.document_level import with_mentions
from tocsin.data.records import span_order
from tocsin.data.schema import Attribute, Schema, span_attributes
from tocsin.data.tags import WordSpan, spans_to_tags, tag_names
from tocsin.data.types import Document, Event, Span
from tocsin.model.cues import cues
from tocsin.model.features import link_features, mention, pairs
from tocsin.model.linking import LOOK_BACK
from tocsin.model.network import IGNORE
from tocsin.model.passages import Passage, Reader
from tocsin.train.targets import LinkTargets, PairTargets, WholeTargets
from tocsin.train.whole_targets import Place, bounds_of, recurrences, whole_targets


@dataclass(frozen=True, slots=True)
class Example:
    """One passage with the right answers."""

    passage: Passage
    tags: Sequence[Sequence[int]]  # for each layer of the schema one tag a word
    arguments: PairTargets
    links: LinkTargets
    spans: Mapping[str, Sequence[tuple[int, int, int]]]  # attribute name to word start, word end, sentence
    cues: Mapping[str, Sequence[Sequence[float]]]  # attribute name to a row a span, see model/cues.py
    values: Mapping[str, Sequence[int]]  # attribute name to the index of the value, or IGNORE
    whole: WholeTargets


@dataclass(frozen=True, slots=True)
class Losses:
    """Annotations that training cannot take as they stand, as texts to show."""

    widened: tuple[str, ...] = ()  # spans with an edge inside a word: learned as whole words
    uncovered: tuple[str, ...] = ()  # spans that no words of one sentence cover: not learned
    arguments: tuple[str, ...] = ()  # arguments whose ends were not learned or stand in two sentences
    unlabelled: tuple[str, ...] = ()  # texts without labels, where labels are to be learned

    def __add__(self, other: "Losses") -> "Losses":
        return Losses(*(getattr(self, name) + getattr(other, name) for name in self.__slots__))


@dataclass(frozen=True, slots=True)
class _Placed:
    """A passage with the words its spans take, by where the spans are."""

    passage: Passage
    tags: list[list[str]]  # for each layer of the schema one tag a word
    places: dict[Place, WordSpan]
    widened: list[Span]


def examples_of(document: Document, reader: Reader, schema: Schema) -> tuple[list[Example], Losses]:
    """The document's passages with the right answers, and what cannot be learned from."""
    spans = [*with_mentions(document).entities, *(event.trigger for event in document.events)]
    again = recurrences(document)
    tagged = [*spans, *chain.from_iterable(again)]
    passages = reader.passages(document.article.text, document.article.sentences)
    placed = [_place(passage, tagged, schema) for passage in passages]
    covered = {place for passage in placed for place in passage.places}
    lost = Losses(
        widened=tuple(_show(document, span) for passage in placed for span in passage.widened if span in spans),
        uncovered=tuple(_show(document, span) for span in spans if span_order(span) not in covered),
        arguments=tuple(
            f"{_show(document, event.trigger)}: {argument.role} {argument.span.text(document.article)!r}"
            for event in document.events
            for argument in event.arguments
            if not any(_same_sentence(passage, event.trigger, argument.span) for passage in placed)
        ),
        unlabelled=(document.article.id,) if schema.text_labels and document.labels is None else (),
    )
    return [_example(document, passage, again, schema) for passage in placed], lost


def _place(passage: Passage, spans: Sequence[Span], schema: Schema) -> _Placed:
    """Tag a passage layer by layer and sentence by sentence: a tag sequence never runs over a sentence's end."""
    tags: list[list[str]] = [[] for _ in schema.layers]
    places: dict[Place, WordSpan] = {}
    widened: list[Span] = []
    for (first, last), (layer, own) in product(passage.sentences, zip(schema.layers, tags, strict=True)):
        sentence = passage.words[first:last]
        inside = [
            span
            for span in spans
            if span.label in layer and sentence[0][0] <= span.start and span.end <= sentence[-1][1]
        ]
        tagging = spans_to_tags(inside, sentence)
        own += tagging.tags
        widened += tagging.widened
        for span, place in zip(inside, tagging.word_spans, strict=True):
            if place is not None:
                places[span_order(span)] = WordSpan(first + place.start, first + place.end, place.label)
    return _Placed(passage, tags, places, widened)


def _example(document: Document, placed: _Placed, again: Sequence[Sequence[Span]], schema: Schema) -> Example:
    events = [event for event in document.events if span_order(event.trigger) in placed.places]
    entities = [entity for entity in document.entities if span_order(entity) in placed.places]
    sentence_of_word = placed.passage.sentence_of_word
    spans: dict[str, list[tuple[int, int, int]]] = {}
    marks: dict[str, list[list[float]]] = {}
    values: dict[str, list[int]] = {}
    words = placed.passage.lower_words(document.article.text)
    for name, (attribute, label) in span_attributes(schema).items():
        owners = events if label is None else [entity for entity in entities if entity.label == label]
        places = [placed.places[span_order(owner.trigger if isinstance(owner, Event) else owner)] for owner in owners]
        spans[name] = [(place.start, place.end, sentence_of_word[place.start]) for place in places]
        marks[name] = [
            cues(p, placed.passage.sentences[s], words) for p, (_, _, s) in zip(places, spans[name], strict=True)
        ]
        values[name] = [_value(attribute, owner) for owner in owners]
    return Example(
        passage=placed.passage,
        tags=[
            [tag_names(layer).index(tag) for tag in own] for layer, own in zip(schema.layers, placed.tags, strict=True)
        ],
        arguments=_argument_targets(document, placed, events, entities, schema),
        links=_link_targets(document, placed, events, schema),
        spans=spans,
        cues=marks,
        values=values,
        whole=whole_targets(document, again, placed.places, schema),
    )


def _argument_targets(
    document: Document, placed: _Placed, events: Sequence[Event], entities: Sequence[Span], schema: Schema
) -> PairTargets:
    triggers = [placed.places[span_order(event.trigger)] for event in events]
    places = [placed.places[span_order(entity)] for entity in entities]
    words = placed.passage.lower_words(document.article.text)
    found = pairs(triggers, places, placed.passage.sentence_of_word, words, schema)
    played = [{(argument.role, bounds_of(argument.span)) for argument in event.arguments} for event in events]
    return PairTargets(
        left=[(triggers[pair.trigger].start, triggers[pair.trigger].end) for pair in found],
        right=[(places[pair.entity].start, places[pair.entity].end) for pair in found],
        features=[pair.features for pair in found],
        answers=[
            [float((role.name, bounds_of(entities[pair.entity])) in played[pair.trigger]) for role in schema.roles]
            for pair in found
        ],
    )


def _link_targets(document: Document, placed: _Placed, events: Sequence[Event], schema: Schema) -> LinkTargets:
    """Every mention with the mentions of its type that prediction will compare it with."""
    places = [placed.places[span_order(event.trigger)] for event in events]
    sentence_of_word = placed.passage.sentence_of_word
    mentions = [
        mention(event, sentence_of_word[place.start], document.article, schema)
        for event, place in zip(events, places, strict=True)
    ]
    found = [
        (earlier, later)
        for later in range(len(events))
        for earlier in range(max(0, later - LOOK_BACK), later)
        if events[earlier].type == events[later].type
    ]
    return LinkTargets(
        features=[link_features(mentions[a], mentions[b], schema) for a, b in found],
        answers=[float(events[a].incident == events[b].incident != "") for a, b in found],
    )


def _value(attribute: Attribute, owner: Event | Span) -> int:
    value = owner.attributes.get(attribute.name)
    return attribute.values.index(value) if isinstance(value, str) and value in attribute.values else IGNORE


def _same_sentence(placed: _Placed, a: Span, b: Span) -> bool:
    ends = placed.places.get(span_order(a)), placed.places.get(span_order(b))
    if ends[0] is None or ends[1] is None:
        return False
    sentence_of_word = placed.passage.sentence_of_word
    return sentence_of_word[ends[0].start] == sentence_of_word[ends[1].start]


def _show(document: Document, span: Span) -> str:
    return f"{document.article.id} [{span.start}, {span.end}) {span.label} {span.text(document.article)!r}"
