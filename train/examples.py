"""Annotated documents as what the network should answer for each passage.

Whatever an annotation holds that cannot be learned from is listed in `Losses`, never dropped quietly.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from tocsin.data.schema import Attribute, Schema
from tocsin.data.tags import WordSpan, spans_to_tags, tag_names
from tocsin.data.types import Document, Event, Span
from tocsin.model.cues import cues
from tocsin.model.features import link_features, mention, pairs
from tocsin.model.linking import LOOK_BACK
from tocsin.model.network import IGNORE, span_attributes
from tocsin.model.passages import Passage, Reader
from tocsin.train.targets import Bounds, LinkTargets, PairTargets, WholeTargets
from tocsin.train.whole_targets import recurrences, whole_targets


@dataclass(frozen=True, slots=True)
class Example:
    """One passage with the right answers."""

    passage: Passage
    tags: Sequence[int]
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
    """A passage with the words its spans take, by the spans' characters."""

    passage: Passage
    tags: list[str]
    places: dict[Bounds, WordSpan]
    widened: list[Span]


def examples_of(document: Document, reader: Reader, schema: Schema) -> tuple[list[Example], Losses]:
    """The document's passages with the right answers, and what cannot be learned from."""
    spans = [*document.entities, *(event.trigger for event in document.events)]
    again = recurrences(document)
    tagged = [*spans, *chain.from_iterable(again)]
    placed = [_place(passage, tagged) for passage in reader.passages(document.article.text, document.article.sentences)]
    covered = {(*bounds, place.label) for passage in placed for bounds, place in passage.places.items()}
    lost = Losses(
        widened=tuple(_show(document, span) for passage in placed for span in passage.widened if span in spans),
        uncovered=tuple(_show(document, span) for span in spans if (*_bounds(span), span.label) not in covered),
        arguments=tuple(
            f"{_show(document, event.trigger)}: {argument.role} {argument.span.text(document.article)!r}"
            for event in document.events
            for argument in event.arguments
            if not any(_same_sentence(passage, event.trigger, argument.span) for passage in placed)
        ),
        unlabelled=(document.article.id,) if schema.text_labels and document.labels is None else (),
    )
    return [_example(document, passage, again, schema) for passage in placed], lost


def _place(passage: Passage, spans: Sequence[Span]) -> _Placed:
    """Tag a passage sentence by sentence: a tag sequence never runs over a sentence's end."""
    tags: list[str] = []
    places: dict[Bounds, WordSpan] = {}
    widened: list[Span] = []
    for first, last in passage.sentences:
        sentence = passage.words[first:last]
        inside = [span for span in spans if sentence[0][0] <= span.start and span.end <= sentence[-1][1]]
        tagging = spans_to_tags(inside, sentence)
        tags += tagging.tags
        widened += tagging.widened
        for span, place in zip(inside, tagging.word_spans, strict=True):
            if place is not None:
                places[_bounds(span)] = WordSpan(first + place.start, first + place.end, place.label)
    return _Placed(passage, tags, places, widened)


def _example(document: Document, placed: _Placed, again: Sequence[Sequence[Span]], schema: Schema) -> Example:
    events = [event for event in document.events if _bounds(event.trigger) in placed.places]
    entities = [entity for entity in document.entities if _bounds(entity) in placed.places]
    names = tag_names(schema.span_labels)
    sentence_of_word = placed.passage.sentence_of_word
    spans: dict[str, list[tuple[int, int, int]]] = {}
    marks: dict[str, list[list[float]]] = {}
    values: dict[str, list[int]] = {}
    words = placed.passage.lower_words(document.article.text)
    for name, (attribute, label) in span_attributes(schema).items():
        owners = events if label is None else [entity for entity in entities if entity.label == label]
        places = [placed.places[_bounds(owner.trigger if isinstance(owner, Event) else owner)] for owner in owners]
        spans[name] = [(place.start, place.end, sentence_of_word[place.start]) for place in places]
        marks[name] = [
            cues(p, placed.passage.sentences[s], words) for p, (_, _, s) in zip(places, spans[name], strict=True)
        ]
        values[name] = [_value(attribute, owner) for owner in owners]
    return Example(
        passage=placed.passage,
        tags=[names.index(tag) for tag in placed.tags],
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
    triggers = [placed.places[_bounds(event.trigger)] for event in events]
    places = [placed.places[_bounds(entity)] for entity in entities]
    words = placed.passage.lower_words(document.article.text)
    found = pairs(triggers, places, placed.passage.sentence_of_word, words, schema)
    played = [{(argument.role, _bounds(argument.span)) for argument in event.arguments} for event in events]
    return PairTargets(
        left=[(triggers[pair.trigger].start, triggers[pair.trigger].end) for pair in found],
        right=[(places[pair.entity].start, places[pair.entity].end) for pair in found],
        features=[pair.features for pair in found],
        answers=[
            [float((role.name, _bounds(entities[pair.entity])) in played[pair.trigger]) for role in schema.roles]
            for pair in found
        ],
    )


def _link_targets(document: Document, placed: _Placed, events: Sequence[Event], schema: Schema) -> LinkTargets:
    """Every mention with the mentions of its type that prediction will compare it with."""
    places = [placed.places[_bounds(event.trigger)] for event in events]
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
    ends = placed.places.get(_bounds(a)), placed.places.get(_bounds(b))
    if ends[0] is None or ends[1] is None:
        return False
    sentence_of_word = placed.passage.sentence_of_word
    return sentence_of_word[ends[0].start] == sentence_of_word[ends[1].start]


def _bounds(span: Span) -> Bounds:
    return span.start, span.end


def _show(document: Document, span: Span) -> str:
    return f"{document.article.id} [{span.start}, {span.end}) {span.label} {span.text(document.article)!r}"
