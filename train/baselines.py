"""Baselines without a network: what memory and nearness alone give, learned from the same documents as a model.

Spans come from a lexicon of the surfaces that were annotated, arguments from the nearest fitting entity, attributes
are the commonest value, and every mention is an incident of its own.
"""

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from tocsin.data.incidents import build_incidents
from tocsin.data.quantities import bounds
from tocsin.data.schema import Attribute, Role, Schema
from tocsin.data.sentences import sentences
from tocsin.data.types import Argument, Article, AttributeValue, Document, Event, Span
from tocsin.data.words import words
from tocsin.train.pairing import offsets

LEXICON = (
    "Spans are the word sequences that the training articles annotate in at least half of their occurrences, arguments "
    "the nearest fitting entities of the sentence, attributes the commonest values, and every mention is an incident."
)
NEAREST = (
    "The model's own entities, triggers, attributes and incidents; each role that training fills in at least half of "
    "the sentences where it could be is played by the nearest fitting entity of the trigger's sentence."
)

Surface = tuple[str, ...]  # lower-cased words


@dataclass(frozen=True, slots=True)
class Entry:
    """What a surface is taken for."""

    label: str
    share: float  # of its occurrences in training, those annotated with the label


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Surfaces that training articles annotate more often than not."""

    entries: Mapping[Surface, Entry]
    n_words: Mapping[str, Sequence[int]]  # by first word, the lengths of the surfaces it opens, longest first

    @classmethod
    def from_documents(cls, documents: Sequence[Document], schema: Schema) -> "Lexicon":
        """Keep the surfaces annotated in at least half of their occurrences, with their most frequent label.

        An occurrence is any run of the words within one sentence, inside a longer annotated span too. Of labels equally
        frequent the first of the schema is taken.
        """
        read = [tuple(_sentences(document.article)) for document in documents]
        labels = _labels_by_surface(documents, read)
        n_words = _lengths(labels)
        n_occurrences = Counter(
            surface
            for sentence in chain.from_iterable(read)
            for surface, _, _ in sentence.surfaces(n_words)
            if surface in labels
        )
        entries = {}
        for surface, counts in labels.items():
            if 2 * counts.total() >= n_occurrences[surface]:
                label = _commonest(counts, schema.span_labels)
                entries[surface] = Entry(label, counts[label] / n_occurrences[surface])
        return cls(entries, _lengths(entries))

    def spans(self, article: Article) -> list[Span]:
        """The longest known surfaces, taken from left to right, none over another or over a sentence's end."""
        found: list[Span] = []
        for sentence in _sentences(article):
            end = sentence.start
            for surface, start, surface_end in sentence.surfaces(self.n_words):
                if start >= end and (entry := self.entries.get(surface)):
                    found.append(Span(start, surface_end, entry.label, entry.share))
                    end = surface_end
        return found


@dataclass(frozen=True, slots=True)
class NearestArguments:
    """The rule that a role is played by the nearest entity that can play it.

    Bare, the rule fills every role wherever a fitting entity stands in the sentence. This one is stronger: it learns
    which roles are worth filling, and lets no entity play two roles of one event.
    """

    roles: tuple[Role, ...]  # those it fills, in schema order
    shares: Mapping[str, float]  # by role: of the triggers with a fitting entity in their sentence, those that fill it

    @classmethod
    def from_documents(cls, documents: Sequence[Document], schema: Schema) -> "NearestArguments":
        """Use the roles that are filled in at least half of the events where a fitting entity is in the sentence."""
        n_possible, n_filled = Counter[str](), Counter[str]()
        for document in documents:
            for event, nearby in zip(document.events, _nearby(document), strict=True):
                present = {span.label for span in nearby}
                possible = [role.name for role in schema.roles if present.intersection(role.labels)]
                n_possible.update(possible)
                n_filled.update(name for name in possible if event.fillers(name))
        shares = {name: n_filled[name] / n for name, n in n_possible.items() if 2 * n_filled[name] >= n}
        return cls(tuple(role for role in schema.roles if role.name in shares), shares)

    def events(self, document: Document) -> tuple[Event, ...]:
        """The events of a document with their arguments replaced.

        In schema order each role takes the nearest entity that plays no other role of the event, counted in words; of
        two equally near, the earlier.
        """
        word_starts = [start for start, _ in words(document.article.text)]
        return tuple(
            replace(event, arguments=tuple(self._arguments(event.trigger, nearby, word_starts)))
            for event, nearby in zip(document.events, _nearby(document), strict=True)
        )

    def _arguments(self, trigger: Span, entities: Sequence[Span], word_starts: Sequence[int]) -> Iterator[Argument]:
        free = sorted(entities, key=lambda span: (_n_between(word_starts, trigger, span), span.start))
        for role in self.roles:
            index = next((index for index, span in enumerate(free) if span.label in role.labels), None)
            if index is not None:
                yield Argument(role.name, free.pop(index), self.shares[role.name])


@dataclass(frozen=True, slots=True)
class CommonestAttributes:
    """The commonest value of each attribute in training; of values equally common, the first of the schema."""

    of_events: Mapping[str, str]  # by attribute
    of_entities: Mapping[str, Mapping[str, str]]  # by entity label and attribute
    numbers: Mapping[str, tuple[str, ...]]  # by entity label, the attributes that are read from the phrase

    @classmethod
    def from_documents(cls, documents: Sequence[Document], schema: Schema) -> "CommonestAttributes":
        events = [event.attributes for document in documents for event in document.events]
        by_label: defaultdict[str, list[Mapping[str, AttributeValue]]] = defaultdict(list)
        for span in (span for document in documents for span in document.entities):
            by_label[span.label].append(span.attributes)
        return cls(
            _commonest_values(events, schema.attributes),
            {label: _commonest_values(by_label[label], own) for label, own in schema.entity_attributes.items()},
            {
                label: tuple(attribute.name for attribute in own if attribute.is_integer)
                for label, own in schema.entity_attributes.items()
            },
        )

    def described(self, span: Span, article: Article) -> Span:
        """An entity with its attributes; of integers, `min` and `max` are the bounds its phrase states."""
        stated = dict(zip(("min", "max"), bounds(span.text(article)), strict=True))
        numbers = {name: stated.get(name) for name in self.numbers.get(span.label, ())}
        return replace(span, attributes={**self.of_entities.get(span.label, {}), **numbers})


def lexicon_baseline(train: Sequence[Document], schema: Schema) -> Callable[[Article], Document]:
    """Learn all rules from documents; what is returned predicts an article from its text alone."""
    lexicon = Lexicon.from_documents(train, schema)
    nearest = NearestArguments.from_documents(train, schema)
    commonest = CommonestAttributes.from_documents(train, schema)

    def predict(article: Article) -> Document:
        spans = lexicon.spans(article)
        entities = tuple(commonest.described(span, article) for span in spans if span.label in schema.entity_labels)
        triggers = [span for span in spans if span.label in schema.event_types]
        mentions = tuple(Event(trigger, attributes=commonest.of_events) for trigger in triggers)
        return _with_events(article, entities, nearest.events(Document(article, entities, mentions)), schema)

    return predict


def nearest_baseline(train: Sequence[Document], schema: Schema) -> Callable[[Document], Document]:
    """Learn the nearest rule from documents; what is returned replaces the arguments of a prediction.

    Entities, triggers, attributes and incident ids stay as they are, so that arguments alone are compared; incidents
    are united anew from them.
    """
    nearest = NearestArguments.from_documents(train, schema)

    def predict(predicted: Document) -> Document:
        return _with_events(predicted.article, predicted.entities, nearest.events(predicted), schema)

    return predict


def _with_events(article: Article, entities: tuple[Span, ...], events: tuple[Event, ...], schema: Schema) -> Document:
    return Document(article, entities, events, build_incidents(article, events, schema))


@dataclass(frozen=True, slots=True)
class _Sentence:
    """The words of a sentence, `offsets` in characters of the article."""

    start: int
    words: Surface
    offsets: Sequence[tuple[int, int]]

    def surfaces(self, n_words: Mapping[str, Sequence[int]]) -> Iterator[tuple[Surface, int, int]]:
        """Runs of words with their offsets `[start, end)`, from left to right, longer ones first.

        Args:
            n_words: how long the runs are that open with a word; none open with another.
        """
        for first, word in enumerate(self.words):
            for n in n_words.get(word, ()):
                if first + n <= len(self.words):
                    yield self.words[first : first + n], self.offsets[first][0], self.offsets[first + n - 1][1]


def _sentences(article: Article) -> Iterator[_Sentence]:
    for start, end in sentences(article.text):
        places = [(start + left, start + right) for left, right in words(article.text[start:end])]
        yield _Sentence(start, tuple(article.text[left:right].lower() for left, right in places), places)


def _labels_by_surface(
    documents: Sequence[Document], read: Sequence[Sequence[_Sentence]]
) -> dict[Surface, Counter[str]]:
    """How often each surface is annotated with each label; spans that cut a word or cross a sentence's end are none."""
    labels: defaultdict[Surface, Counter[str]] = defaultdict(Counter)
    for document, read_sentences in zip(documents, read, strict=True):
        by_start: defaultdict[int, list[Span]] = defaultdict(list)
        for span in (*document.entities, *(event.trigger for event in document.events)):
            by_start[span.start].append(span)
        for sentence in read_sentences:
            lasts = {end: index for index, (_, end) in enumerate(sentence.offsets)}
            for first, (start, _) in enumerate(sentence.offsets):
                for span in by_start.get(start, ()):
                    if span.end in lasts:
                        labels[sentence.words[first : lasts[span.end] + 1]][span.label] += 1
    return dict(labels)


def _lengths(surfaces: Iterable[Surface]) -> dict[str, list[int]]:
    """By first word, how many words the surfaces have that it opens, longest first."""
    n_words: defaultdict[str, set[int]] = defaultdict(set)
    for surface in surfaces:
        n_words[surface[0]].add(len(surface))
    return {word: sorted(lengths, reverse=True) for word, lengths in n_words.items()}


def _commonest(counts: Counter[str], order: Sequence[str]) -> str:
    return max(order, key=lambda name: counts[name])  # max keeps the first of equals


def _commonest_values(
    owners: Sequence[Mapping[str, AttributeValue]], attributes: Sequence[Attribute]
) -> dict[str, str]:
    """Without attributes that no training annotation gives a value to."""
    said = {
        attribute: Counter(str(owner[attribute.name]) for owner in owners if owner.get(attribute.name) is not None)
        for attribute in attributes
        if not attribute.is_integer
    }
    return {attribute.name: _commonest(counts, attribute.values) for attribute, counts in said.items() if counts}


def _nearby(document: Document) -> list[list[Span]]:
    """For each event the entities of its sentence; a span is in the sentence in which it begins."""
    ends = [end for _, end in sentences(document.article.text)]
    entities: defaultdict[int, list[Span]] = defaultdict(list)
    for span in document.entities:
        entities[bisect_right(ends, span.start)].append(span)
    return [entities.get(bisect_right(ends, event.trigger.start), []) for event in document.events]


def _n_between(word_starts: Sequence[int], one: Span, other: Span) -> int:
    """How many words stand between two spans."""
    left, right = sorted((one, other), key=offsets)
    return max(0, bisect_left(word_starts, right.start) - bisect_left(word_starts, left.end))
