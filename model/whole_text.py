"""What a network says of a text as a whole: its labels, and the fillers and templates its passages add up to."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import accumulate

import torch
from torch import Tensor

from tocsin.data.document_level import filler_of
from tocsin.data.schema import Schema
from tocsin.data.types import Article, Filler, Span, Template, TextLabel
from tocsin.model.bag_of_words import BagOfWords
from tocsin.model.batches import pair_tensors, to_device
from tocsin.model.decoding import Reading
from tocsin.model.fillers import RoleMention, merge, merge_features, merge_sizes
from tocsin.model.heads import group_means
from tocsin.model.network import Network

N_PAIRS = 8192  # of mentions scored at once; there are as many as the square of a text's strings


def label_shares(network: Network, windows: Tensor, beside: Tensor | None = None, temperature: float = 1.0) -> Tensor:
    """The probability of each label of one text, float32 (text labels,).

    Args:
        network: one that labels texts.
        windows: float32 (windows, the encoder's width), of all passages of the text, one at least.
        beside: float32 (text labels,), log-odds that count as much as the network's.
        temperature: what the log-odds are divided by.
    """
    assert network.text_head is not None
    logits = _pooled(network.text_head, windows)
    if beside is not None:
        logits = (logits + beside.to(logits.device)) / 2
    logits = logits / temperature
    return logits.softmax(dim=-1) if network.schema.one_text_label else logits.sigmoid()


class WholeText:
    """Asks the heads that look past single passages; call it in evaluation mode and without gradients."""

    def __init__(self, network: Network, schema: Schema, bag: BagOfWords | None) -> None:
        self._network = network
        self._schema = schema
        self._bag = bag

    def labels(
        self, article: Article, readings: Sequence[Reading], threshold: float
    ) -> tuple[tuple[TextLabel, ...] | None, dict[str, float]]:
        """The labels of a text, and the score of every label; None if the network labels no texts.

        A text without words has no label, or the first where it must have one.

        Args:
            article: the text.
            readings: of all its passages.
            threshold: the score from which on a text has a label, unless each has exactly one.
        """
        if self._network.text_head is None:
            return None, {}
        names = self._schema.text_labels
        if not readings:
            scores = dict.fromkeys(names, 1.0 / len(names) if self._schema.one_text_label else 0.0)
        else:
            said = self._bag.logits(article.text) if self._bag else None
            shares = label_shares(self._network, torch.cat([reading.windows for reading in readings]), said)
            scores = dict(zip(names, shares.tolist(), strict=True))
        return labels_from(scores, threshold, exclusive=self._schema.one_text_label), scores

    def fillers(self, article: Article, readings: Sequence[Reading]) -> tuple[tuple[Filler, ...], tuple[Template, ...]]:
        """The fillers that the passages' mentions add up to, and the templates they are sorted into."""
        if self._network.merge_head is None or not readings:
            return (), ()
        mentions, vectors = self._mentions(article, readings)
        groups = merge(mentions, lambda pairs: self._all_same(mentions, vectors, pairs)) if mentions else []
        entities = [entity for reading in readings for entity in reading.entities]
        fillers = tuple(_filler([entities[index] for index in group], article) for group in groups)
        return fillers, tuple(self._templates(fillers, groups, vectors, readings))

    def _mentions(self, article: Article, readings: Sequence[Reading]) -> tuple[list[RoleMention], Tensor]:
        """All mentions of roles with their vectors, (mentions, width); words are counted through the text."""
        before = [0, *accumulate(reading.n_words for reading in readings)]
        mentions = [
            RoleMention(entity.label, entity.text(article), start + shift, end + shift)
            for reading, shift in zip(readings, before, strict=False)
            for entity, (start, end) in zip(reading.entities, reading.words, strict=True)
        ]
        return mentions, torch.cat([reading.vectors for reading in readings])

    def _all_same(
        self, mentions: Sequence[RoleMention], vectors: Tensor, pairs: Sequence[tuple[int, int]]
    ) -> list[float]:
        parts = (pairs[start : start + N_PAIRS] for start in range(0, len(pairs), N_PAIRS))
        return [score for part in parts for score in self._same(mentions, vectors, part)]

    def _same(self, mentions: Sequence[RoleMention], vectors: Tensor, pairs: Sequence[tuple[int, int]]) -> list[float]:
        places = pair_tensors(
            [(a, a + 1) for a, _ in pairs],  # each mention's vector stands for one word
            [(b, b + 1) for _, b in pairs],
            [merge_features(mentions[a], mentions[b], self._schema) for a, b in pairs],
            n_features=len(merge_sizes(self._schema)),
        )
        return self._network.merge_logits(vectors, to_device(places, vectors.device)).sigmoid().tolist()

    def _templates(
        self, fillers: Sequence[Filler], groups: Sequence[Sequence[int]], vectors: Tensor, readings: Sequence[Reading]
    ) -> list[Template]:
        """One template for each type the text has, and for each that a filler belongs to.

        A filler that belongs to none by itself goes to the likeliest type of the text.
        """
        if self._network.type_head is None or self._network.document_head is None:
            return []
        names = self._schema.template_types
        windows = torch.cat([reading.windows for reading in readings])
        whole = _pooled(self._network.document_head, windows).sigmoid().tolist()
        held: dict[str, list[Filler]] = {name: [] for name, score in zip(names, whole, strict=True) if score >= 0.5}
        likeliest = max(held or names, key=lambda name: whole[names.index(name)])
        for filler, row in zip(fillers, self._types(groups, vectors, readings), strict=True):
            for name in [name for name, score in zip(names, row, strict=True) if score >= 0.5] or [likeliest]:
                held.setdefault(name, []).append(filler)
        return [
            Template(name, tuple(held[name]), score) for name, score in zip(names, whole, strict=True) if name in held
        ]

    def _types(
        self, groups: Sequence[Sequence[int]], vectors: Tensor, readings: Sequence[Reading]
    ) -> list[list[float]]:
        if not groups or self._network.type_head is None:
            return []
        windows = torch.cat([reading.windows for reading in readings])
        order = torch.tensor([index for group in groups for index in group], device=vectors.device)
        owner = torch.tensor([n for n, group in enumerate(groups) for _ in group], device=vectors.device)
        means = group_means(vectors[order], owner, len(groups))
        text = windows.mean(dim=0).expand(len(groups), -1)
        return self._network.type_head(means, text).sigmoid().tolist()  # type: ignore[no-any-return] # torch says Any


def labels_from(scores: Mapping[str, float], threshold: float, *, exclusive: bool) -> tuple[TextLabel, ...]:
    """The labels that a text has by its scores, in their order: those from the threshold on, or exactly the best one.

    >>> [label.name for label in labels_from({"crime": 0.3, "unrest": 0.2}, 0.25, exclusive=False)]
    ['crime']
    """
    best = max(scores, key=scores.__getitem__)
    chosen = [best] if exclusive else [name for name, score in scores.items() if score >= threshold]
    return tuple(TextLabel(name, scores[name]) for name in chosen)


def _pooled(head: torch.nn.Module, windows: Tensor) -> Tensor:
    """The logits that a head gives the text whose windows these are."""
    logits: Tensor = head(windows, torch.zeros(len(windows), dtype=torch.int64, device=windows.device))
    return logits[0]


def _filler(mentions: Sequence[Span], article: Article) -> Filler:
    """The surest of a filler's strings wherever it stands; the others are left out.

    A filler counts as right if all of its strings are (Du, Rush and Cardie 2021), so each doubtful one puts it at risk.
    """
    surest = _string(max(mentions, key=lambda span: span.score), article)
    kept = tuple(span for span in mentions if _string(span, article) == surest)
    bounds = [(span.start, span.end) for span in kept]
    return replace(filler_of(kept[0].label, bounds, article.text), spans=kept)


def _string(span: Span, article: Article) -> str:
    return RoleMention(span.label, span.text(article), 0, 0).name
