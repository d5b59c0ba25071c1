"""A trained model at work: articles in, documents out, whatever their length."""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import torch
from torch import Tensor

from tocsin.data.incidents import build_incidents
from tocsin.data.quantities import bounds
from tocsin.data.schema import Schema
from tocsin.data.tags import WordSpan, tag_names, tags_to_spans
from tocsin.data.types import Argument, Article, AttributeValue, Document, Event, Span
from tocsin.model.batches import choice_tensors, join, pair_tensors
from tocsin.model.cues import cues
from tocsin.model.features import link_features, link_sizes, mention, pair_sizes, pairs
from tocsin.model.linking import group
from tocsin.model.network import Choices, Inputs, Network, Pairs, span_attributes
from tocsin.model.passages import Passage, Reader
from tocsin.model.settings import ModelSettings

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Reading:
    """What one passage gave, with what linking its mentions to others takes."""

    entities: tuple[Span, ...]
    events: tuple[Event, ...]
    sentences: tuple[int, ...]  # of each event, counted from the passage's start
    vectors: Tensor  # float32 (events, width), of the triggers
    n_sentences: int


@dataclass(frozen=True, slots=True)
class _Found:
    """A tagged span in words and in characters."""

    place: WordSpan
    span: Span
    sentence: int


class Model:
    """Network, tokenizer and schema together; `tocsin.load` returns one."""

    def __init__(self, network: Network, tokenizer: Any, schema: Schema, settings: ModelSettings) -> None:
        self.network = network
        self.tokenizer = tokenizer
        self.schema = schema
        self.settings = settings
        self._reader = Reader(tokenizer, settings)
        self._tags = tag_names(schema.span_labels)

    def predict(self, article: Article) -> Document:
        """Read an article from its first to its last word."""
        self.network.eval()
        with torch.inference_mode():
            readings = [self._read(passage, article) for passage in self._passages(article)]
            events = self._link(readings, article)
        return Document(
            article=article,
            entities=tuple(entity for reading in readings for entity in reading.entities),
            events=events,
            incidents=build_incidents(article, events, self.schema),
        )

    def predict_many(self, articles: Iterable[Article]) -> Iterator[Document]:
        """One document an article, in order; holds one article at a time."""
        for article in articles:
            yield self.predict(article)

    def _passages(self, article: Article) -> Iterator[Passage]:
        n_unread = 0
        for passage in self._reader.passages(article.text):
            n_unread += passage.n_unread
            yield passage
        if n_unread:
            logger.warning("%s: %d words have no subword in this vocabulary and were guessed at", article.id, n_unread)

    def _read(self, passage: Passage, article: Article) -> _Reading:
        inputs = self._to_device(join([passage]))
        vectors = self.network.word_vectors(inputs)
        found = self._tagged(passage, vectors, inputs["sentences"])
        entities = [item for item in found if item.place.label in self.schema.entity_labels]
        triggers = [item for item in found if item.place.label in self.schema.event_types]
        words = passage.lower_words(article.text)
        choose = partial(self._attributes, passage, words, vectors, inputs["sentences"])
        entities = self._described(entities, article, choose)
        arguments = self._arguments(triggers, entities, passage, words, vectors)
        chosen = choose(triggers, None)
        return _Reading(
            entities=tuple(item.span for item in entities),
            events=tuple(
                Event(trigger.span, tuple(arguments[index]), chosen[index]) for index, trigger in enumerate(triggers)
            ),
            sentences=tuple(trigger.sentence for trigger in triggers),
            vectors=self._means(vectors, triggers),
            n_sentences=len(passage.sentences),
        )

    def _tagged(self, passage: Passage, vectors: Tensor, sentences: Tensor) -> list[_Found]:
        """Spans of the best legal tags; a span's score is the least probability of its words' tags."""
        emissions, mask = self.network.emissions(vectors, sentences)
        paths = self.network.crf.decode(emissions, mask)
        probabilities = self.network.crf.marginals(emissions, mask).cpu()
        found = []
        for index, (path, (first, _)) in enumerate(zip(paths, passage.sentences, strict=True)):
            for place in tags_to_spans([self._tags[tag] for tag in path]):
                words = range(place.start, place.end)
                score = min(float(probabilities[index, word, path[word]]) for word in words)
                whole = WordSpan(first + place.start, first + place.end, place.label)
                start, end = passage.words[whole.start][0], passage.words[whole.end - 1][1]
                found.append(_Found(whole, Span(start, end, place.label, min(score, 1.0)), index))
        return found

    def _arguments(
        self, triggers: Sequence[_Found], entities: Sequence[_Found], passage: Passage, words: Sequence[str], vectors: Tensor
    ) -> list[list[Argument]]:
        """For each trigger the entities whose role is more likely than not."""
        arguments: list[list[Argument]] = [[] for _ in triggers]
        places = [item.place for item in triggers], [item.place for item in entities]
        found = pairs(*places, passage.sentence_of_word, words, self.schema)
        if self.network.role_head is None or not found:
            return arguments
        tensors = pair_tensors(
            [(places[0][pair.trigger].start, places[0][pair.trigger].end) for pair in found],
            [(places[1][pair.entity].start, places[1][pair.entity].end) for pair in found],
            [pair.features for pair in found],
            n_features=len(pair_sizes(self.schema)),
        )
        scores = self.network.role_logits(vectors, self._pairs_to_device(tensors)).sigmoid().tolist()
        for pair, row in zip(found, scores, strict=True):
            for role, score in zip(self.schema.roles, row, strict=True):
                if score >= 0.5:
                    arguments[pair.trigger].append(Argument(role.name, entities[pair.entity].span, score))
        return arguments

    def _attributes(
        self,
        passage: Passage,
        words: Sequence[str],
        vectors: Tensor,
        sentences: Tensor,
        items: Sequence[_Found],
        label: str | None,
    ) -> list[dict[str, str]]:
        """The chosen value of each learned attribute; `label` None means events'."""
        chosen: list[dict[str, str]] = [{} for _ in items]
        if not items:
            return chosen
        choices = choice_tensors(
            [(item.place.start, item.place.end, item.sentence) for item in items],
            [cues(item.place, passage.sentences[item.sentence], words) for item in items],
        )
        choices = Choices(spans=choices["spans"].to(vectors.device), cues=choices["cues"].to(vectors.device))
        for name, (attribute, owner) in span_attributes(self.schema).items():
            if owner != label:
                continue
            logits = self.network.attribute_logits(name, vectors, sentences, choices)
            for values, best in zip(chosen, logits.argmax(dim=-1).tolist(), strict=True):
                values[attribute.name] = attribute.values[best]
        return chosen

    def _described(
        self,
        entities: Sequence[_Found],
        article: Article,
        choose: Callable[[Sequence[_Found], str], list[dict[str, str]]],
    ) -> list[_Found]:
        """The entities with the attributes of their label: choices are learned, counts read by rule."""
        described = list(entities)
        for label, attributes in self.schema.entity_attributes.items():
            indices = [index for index, item in enumerate(entities) if item.place.label == label]
            chosen = choose([entities[index] for index in indices], label)
            counted = {attribute.name for attribute in attributes if attribute.is_integer} & {"min", "max"}
            for index, values in zip(indices, chosen, strict=True):
                span = entities[index].span
                low, high = bounds(span.text(article))
                all_values: dict[str, AttributeValue] = {**values, **{k: v for k, v in (("min", low), ("max", high)) if k in counted}}
                described[index] = replace(entities[index], span=replace(span, attributes=all_values))
        return described

    def _means(self, vectors: Tensor, items: Sequence[_Found]) -> Tensor:
        rows = [vectors[item.place.start : item.place.end].mean(dim=0) for item in items]
        return torch.stack(rows) if rows else vectors.new_zeros(0, vectors.shape[1])

    def _link(self, readings: Sequence[_Reading], article: Article) -> tuple[Event, ...]:
        """Give mentions of one incident one id, numbered in the order of the text."""
        events = [event for reading in readings for event in reading.events]
        if not events or self.network.link_head is None:
            return tuple(events)
        vectors = torch.cat([reading.vectors for reading in readings])
        sentences = []
        n_before = 0
        for reading in readings:
            sentences += [n_before + sentence for sentence in reading.sentences]
            n_before += reading.n_sentences
        mentions = [mention(e, s, article, self.schema) for e, s in zip(events, sentences, strict=True)]

        def link(later: int, earlier: Sequence[int]) -> list[float]:
            features = [link_features(mentions[index], mentions[later], self.schema) for index in earlier]
            sides = vectors[list(earlier)], vectors[later].expand(len(earlier), -1)
            logits = self.network.link_logits(sides, torch.tensor(features, device=vectors.device))
            same_type = [events[index].type == events[later].type for index in earlier]
            return [p if same else 0.0 for p, same in zip(logits.sigmoid().tolist(), same_type, strict=True)]

        numbers = group(len(events), link)
        return tuple(replace(e, incident=f"I{number + 1}") for e, number in zip(events, numbers, strict=True))

    def _to_device(self, inputs: Inputs) -> Inputs:
        device = self.network.tag_scores.weight.device
        return Inputs(**{name: value.to(device) for name, value in inputs.items()})  # type: ignore[typeddict-item] # every key is copied

    def _pairs_to_device(self, tensors: Pairs) -> Pairs:
        device = self.network.tag_scores.weight.device
        return Pairs(**{name: value.to(device) for name, value in tensors.items()})  # type: ignore[typeddict-item] # every key is copied
