"""What the network says of one passage, turned into spans, arguments and attributes of the text."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from tocsin.data.quantities import bounds
from tocsin.data.schema import Attribute, Schema
from tocsin.data.tags import WordSpan, tag_names, tags_to_spans
from tocsin.data.types import Argument, Article, AttributeValue, Event, Span
from tocsin.model.batches import choice_tensors, join, pair_tensors, to_device
from tocsin.model.cues import cues
from tocsin.model.features import pair_sizes, pairs
from tocsin.model.heads import span_means
from tocsin.model.network import Network
from tocsin.model.passages import Passage


@dataclass(frozen=True, slots=True)
class Reading:
    """What one passage gave."""

    entities: tuple[Span, ...]
    events: tuple[Event, ...]  # without incident ids
    windows: Tensor  # float32 (windows, the encoder's width), for the heads that look at a text as a whole
    words: tuple[tuple[int, int], ...]  # of each entity: word indices of the passage, [start, end)
    vectors: Tensor  # float32 (entities, width); empty where nothing is asked of entities beyond their passage
    n_words: int


@dataclass(frozen=True, slots=True)
class _Found:
    """A tagged span in words of the passage and in characters of the text."""

    place: WordSpan
    span: Span
    sentence: int


@dataclass(frozen=True, slots=True)
class _Page:
    """A passage as the network read it."""

    passage: Passage
    words: Sequence[str]  # lower-case
    vectors: Tensor  # float32 (words, width)
    windows: Tensor  # float32 (windows, the encoder's width)
    sentences: Tensor  # int64 (sentences, 2), word indices [start, end)


class Decoder:
    """Asks the heads of a network about a passage, one after the other."""

    def __init__(self, network: Network, schema: Schema) -> None:
        self._network = network
        self._schema = schema
        self._tags = [tag_names(layer) for layer in schema.layers]

    def read(self, passages: Sequence[Passage], articles: Sequence[Article]) -> list[Reading]:
        """All but what is of a text as a whole; call it in evaluation mode and without gradients.

        Args:
            passages: are read in one batch.
            articles: which each is of.
        """
        inputs = to_device(join(passages), self._network.device)
        vectors, windows = self._network.read(inputs)
        words_of = torch.split(vectors, [len(passage.words) for passage in passages])
        windows_of = torch.split(windows, [len(passage.windows) for passage in passages])
        readings = []
        for passage, article, own, seen in zip(passages, articles, words_of, windows_of, strict=True):
            sentences = torch.tensor(passage.sentences, device=vectors.device)
            page = _Page(passage, passage.lower_words(article.text), own, seen, sentences)
            readings.append(self._reading(page, article))
        return readings

    def _reading(self, page: _Page, article: Article) -> Reading:
        found = self._tagged(page) if self._network.tag_scores is not None else []
        entities = [item for item in found if item.place.label in self._schema.entity_labels]
        triggers = [item for item in found if item.place.label in self._schema.event_types]
        entities = self._described(page, entities, article)
        arguments = self._arguments(page, triggers, entities)
        attributes = self._attributes(page, triggers, None)
        return Reading(
            entities=tuple(item.span for item in entities),
            events=tuple(
                Event(item.span, tuple(played), chosen)
                for item, played, chosen in zip(triggers, arguments, attributes, strict=True)
            ),
            windows=page.windows,
            words=tuple((item.place.start, item.place.end) for item in entities),
            vectors=self._vectors(page, entities),
            n_words=len(page.passage.words),
        )

    def _vectors(self, page: _Page, entities: Sequence[_Found]) -> Tensor:
        """The entities' vectors, where anything is asked of them beyond their passage; else none."""
        if not entities or not self._schema.fillers:
            return page.vectors[:0]
        places = [(item.place.start, item.place.end) for item in entities]
        return span_means(page.vectors, torch.tensor(places, device=page.vectors.device))

    def _tagged(self, page: _Page) -> list[_Found]:
        """Spans of the best legal tags; a span's score is the least probability of its words' tags."""
        emissions, mask = self._network.emissions(page.vectors, page.sentences)
        assert self._network.crf is not None
        paths = self._network.crf.decode(emissions, mask)
        probabilities = self._network.crf.marginals(emissions, mask).cpu()
        found = []
        for row, path in enumerate(paths):
            layer, sentence = divmod(row, len(page.passage.sentences))
            first, _ = page.passage.sentences[sentence]
            for local in tags_to_spans([self._tags[layer][tag] for tag in path]):
                score = min(float(probabilities[row, word, path[word]]) for word in range(local.start, local.end))
                place = WordSpan(first + local.start, first + local.end, local.label)
                start, end = page.passage.words[place.start][0], page.passage.words[place.end - 1][1]
                found.append(_Found(place, Span(start, end, place.label, min(score, 1.0)), sentence))
        return sorted(found, key=lambda item: (item.place.start, item.place.end))

    def _arguments(self, page: _Page, triggers: Sequence[_Found], entities: Sequence[_Found]) -> list[list[Argument]]:
        """For each trigger the entities of its sentence that are more likely than not to play a role.

        An argument is right only where its trigger and its entity are: its score is the product of all three.
        """
        arguments: list[list[Argument]] = [[] for _ in triggers]
        left, right = [item.place for item in triggers], [item.place for item in entities]
        found = pairs(left, right, page.passage.sentence_of_word, page.words, self._schema)
        if self._network.role_head is None or not found:
            return arguments
        tensors = pair_tensors(
            [(left[pair.trigger].start, left[pair.trigger].end) for pair in found],
            [(right[pair.entity].start, right[pair.entity].end) for pair in found],
            [pair.features for pair in found],
            n_features=len(pair_sizes(self._schema)),
        )
        logits = self._network.role_logits(page.vectors, to_device(tensors, page.vectors.device))
        for pair, row in zip(found, logits.sigmoid().tolist(), strict=True):
            entity = entities[pair.entity].span
            ends = triggers[pair.trigger].span.score * entity.score
            arguments[pair.trigger] += [
                Argument(role, entity, score * ends) for role, score in self._played(row).items()
            ]
        return arguments

    def _played(self, scores: Sequence[float]) -> dict[str, float]:
        """The roles an entity plays for a trigger: by rule, of two that exclude each other the likelier one."""
        likely = {role.name: score for role, score in zip(self._schema.roles, scores, strict=True) if score >= 0.5}
        barred = {
            min(role.name, other, key=likely.__getitem__)
            for role in self._schema.roles
            for other in role.excludes
            if role.name in likely and other in likely
        }
        return {name: score for name, score in likely.items() if name not in barred}

    def _attributes(self, page: _Page, items: Sequence[_Found], label: str | None) -> list[dict[str, str]]:
        """The best value of each learned attribute of events (label None) or of entities of a label."""
        chosen: list[dict[str, str]] = [{} for _ in items]
        if not items:
            return chosen
        choices = choice_tensors(
            [(item.place.start, item.place.end, item.sentence) for item in items],
            [cues(item.place, page.passage.sentences[item.sentence], page.words) for item in items],
        )
        choices = to_device(choices, page.vectors.device)
        for name, (attribute, owner) in self._network.learned_attributes.items():
            if owner != label:
                continue
            logits = self._network.attribute_logits(name, page.vectors, page.sentences, choices)
            for values, best in zip(chosen, logits.argmax(dim=-1).tolist(), strict=True):
                values[attribute.name] = attribute.values[best]
        return chosen

    def _described(self, page: _Page, entities: Sequence[_Found], article: Article) -> list[_Found]:
        """The entities with the attributes of their labels: choices are learned, counts read by rule."""
        described = list(entities)
        for label, attributes in self._schema.entity_attributes.items():
            indices = [index for index, item in enumerate(entities) if item.place.label == label]
            chosen = self._attributes(page, [entities[index] for index in indices], label)
            for index, learned in zip(indices, chosen, strict=True):
                span = entities[index].span
                values = {**learned, **_counted(span.text(article), attributes)}
                described[index] = replace(entities[index], span=replace(span, attributes=values))
        return described


def _counted(phrase: str, attributes: Sequence[Attribute]) -> dict[str, AttributeValue]:
    """The rule for integer attributes: `min` and `max` are the bounds the phrase states; others stay open."""
    stated = dict(zip(("min", "max"), bounds(phrase), strict=True))
    return {attribute.name: stated.get(attribute.name) for attribute in attributes if attribute.is_integer}
