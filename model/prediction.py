"""A trained model at work: articles in, documents out, whatever their length."""

import logging
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import torch

from tocsin.data.incidents import build_incidents, is_shut
from tocsin.data.schema import Schema
from tocsin.data.sentences import sentences
from tocsin.data.types import Article, Document, Event
from tocsin.model.bag_of_words import BagOfWords
from tocsin.model.calibration import Calibration
from tocsin.model.decoding import Decoder, Reading
from tocsin.model.features import link_features, mention
from tocsin.model.linking import group
from tocsin.model.network import Network
from tocsin.model.passages import Passage, Reader
from tocsin.model.settings import ModelSettings
from tocsin.model.together import read_together
from tocsin.model.whole_text import WholeText

logger = logging.getLogger(__name__)


class Model:
    """Network, tokenizer and schema together; `tocsin.load` returns one."""

    def __init__(
        self,
        network: Network,
        tokenizer: Any,
        schema: Schema,
        settings: ModelSettings,
        calibration: Calibration | None = None,
        bag: BagOfWords | None = None,
    ) -> None:
        self.network = network
        self.tokenizer = tokenizer
        self.schema = schema
        self.settings = settings
        self.calibration = calibration  # None: scores are what the network says of itself
        self.bag = bag  # None: the network alone labels texts
        self._reader = Reader(tokenizer, settings)
        self._decoder = Decoder(network, schema)
        self._whole = WholeText(network, schema, bag)

    def predict(self, article: Article) -> Document:
        """Read an article from its first to its last word; calibrated scores are probabilities of being right.

        Raises:
            TypeError: it is no `Article`.
        """
        document = self.predict_raw(article)
        return self.calibration.apply(document) if self.calibration else document

    def predict_raw(self, article: Article) -> Document:
        """The same with the scores the network gives, which a calibration is fitted on."""
        _refuse_others(article)
        self.network.eval()
        return self._document(article, [self._read([passage], [article])[0] for passage in self._passages(article)])

    def predict_raw_many(self, articles: Iterable[Article]) -> Iterator[Document]:
        """The same of many articles, short ones read together; scores may differ from `predict_raw` in late digits."""
        self.network.eval()
        for article, _, readings in read_together(articles, self._reader, self._read):
            yield self._document(article, readings)

    @torch.inference_mode()
    def _read(self, passages: Sequence[Passage], articles: Sequence[Article]) -> list[Reading]:
        return self._decoder.read(passages, articles)

    @torch.inference_mode()
    def _document(self, article: Article, readings: Sequence[Reading]) -> Document:
        events = self._linked([event for reading in readings for event in reading.events], article)
        entities = tuple(entity for reading in readings for entity in reading.entities)
        labels, label_scores = self._whole.labels(article, readings, self.settings.label_threshold)
        fillers, templates = self._whole.fillers(article, readings)
        return Document(
            article=article,
            entities=entities,
            events=events,
            incidents=() if is_shut(labels, self.schema) else build_incidents(article, events, self.schema),
            labels=labels,
            label_scores=label_scores,
            fillers=fillers,
            templates=templates,
        )

    def regroup(self, document: Document) -> Document:
        """The same mentions, grouped into incidents anew, whoever marked them: a person's that have no ids yet."""
        self.network.eval()
        events = self._linked(document.events, document.article)
        return replace(document, events=events, incidents=build_incidents(document.article, events, self.schema))

    def predict_many(self, articles: Iterable[Article]) -> Iterator[Document]:
        """One document an article, in order; holds one article at a time."""
        for article in articles:
            yield self.predict(article)

    def _passages(self, article: Article) -> Iterator[Passage]:
        n_unread = 0
        for passage in self._reader.passages(article.text, article.sentences):
            n_unread += passage.n_unread
            yield passage
        if n_unread:
            words = "1 word has" if n_unread == 1 else f"{n_unread:,} words have"
            guess = "was" if n_unread == 1 else "were"
            facts = {"article": article.id, "n_unread": n_unread}  # for who tells all articles together
            message = "%s: %s no subword in this vocabulary and %s guessed at"
            logger.warning(message, article.id, words, guess, extra=facts)

    def _linked(self, events: Sequence[Event], article: Article) -> tuple[Event, ...]:
        """The events, with one id for all mentions of one incident, numbered in the order of the text."""
        if not events or self.network.link_head is None:
            return tuple(events)
        starts = [sentence[0][0] for sentence in article.sentences] or [start for start, _ in sentences(article.text)]
        places = [(event, bisect_right(starts, event.trigger.start)) for event in events]
        mentions = [mention(event, sentence, article, self.schema) for event, sentence in places]

        @torch.inference_mode()
        def link(later: int, earlier: Sequence[int]) -> list[float]:
            features = [link_features(mentions[index], mentions[later], self.schema) for index in earlier]
            logits = self.network.link_logits(torch.tensor(features, device=self.network.device))
            same_type = [events[index].type == events[later].type for index in earlier]
            return [p if same else 0.0 for p, same in zip(logits.sigmoid().tolist(), same_type, strict=True)]

        numbers = group(mentions, link)
        return tuple(replace(e, incident=f"I{number + 1}") for e, number in zip(events, numbers, strict=True))


def _refuse_others(article: object) -> None:
    if isinstance(article, Article):
        return
    shown = f": {article[:40]!r}" if isinstance(article, str) else ""
    found = f"{type(article).__name__}{shown}"
    raise TypeError(f"expected a tocsin.Article, found a {found}; give model.predict(tocsin.Article(text=...))")
