"""One encoder and the heads a schema needs, and their joint loss.

Words, sentences and spans are counted through a batch: all passages' words stand one after the other.
"""

from collections.abc import Collection
from typing import Any, TypedDict

import torch
from torch import Tensor, nn
from torch.nn import functional

from tocsin.data.schema import Attribute, Schema, span_attributes
from tocsin.data.tags import tag_names
from tocsin.model.crf import BARRED, CRF
from tocsin.model.cues import N_CUES
from tocsin.model.features import LABEL_FEATURE, link_sizes, pair_sizes
from tocsin.model.fillers import merge_sizes
from tocsin.model.heads import (
    AttributeHead,
    FillerHead,
    LinkHead,
    PairHead,
    TextHead,
    group_means,
    span_means,
    window_means,
)
from tocsin.model.settings import ModelSettings
from tocsin.model.shapes import EDGE

N_WINDOWS = 32  # the encoder reads at once
IGNORE = -100  # the target of a choice that the annotation leaves open


class Inputs(TypedDict):
    """What is known of passages before anything is predicted; all int64."""

    input_ids: Tensor  # (windows, tokens), padded with 0
    attention_mask: Tensor  # (windows, tokens), 0 is padding
    word_window: Tensor  # (words,), the window that owns the word
    word_token: Tensor  # (words,), the place of its first subword therein
    shapes: Tensor  # (words, 3), of the word before, the word and the word after, see model/shapes.py
    sentences: Tensor  # (sentences, 2), word indices [start, end)
    window_passage: Tensor  # (windows,), the passage that the window is of


class Pairs(TypedDict):
    """Triggers with entities of their sentences; all int64."""

    left: Tensor  # (pairs, 2), the triggers' word indices [start, end)
    right: Tensor  # (pairs, 2), the entities'
    features: Tensor  # (pairs, features), see model/features.py


class Choices(TypedDict):
    """Spans an attribute is chosen for."""

    spans: Tensor  # int64 (spans, 3): word start, word end, sentence
    cues: Tensor  # float32 (spans, cues), 0 or 1, see model/cues.py


class Fillers(TypedDict):
    """Document-level fillers with the spans that mention them; all int64."""

    mentions: Tensor  # (mentions, 2), word indices [start, end)
    owner: Tensor  # (mentions,), the filler that is mentioned; in order, none without a mention
    passage: Tensor  # (fillers,), where the filler is from


class Targets(TypedDict):
    """What a batch should come out as; what stands between `labels` and `all_types` is of a text as a whole."""

    tags: Tensor  # int64 (words, layers of the schema)
    arguments: Pairs
    roles: Tensor  # float32 (pairs, roles), 0 or 1
    links: Tensor  # int64 (pairs, features) of two triggers each, see model/features.py
    same: Tensor  # float32 (pairs,), 1 where both mentions are of one incident
    choices: dict[str, Choices]  # by attribute name
    values: dict[str, Tensor]  # attribute name to int64 (spans,), IGNORE where not annotated
    labels: Tensor  # float32 (passages, text labels), 0 or 1; a row of IGNORE where not annotated
    merges: Pairs  # mentions of one role
    merged: Tensor  # float32 (pairs,), 1 where both mention one filler
    fillers: Fillers
    types: Tensor  # float32 (fillers, template types), 1 where a template of the type holds the filler
    all_types: Tensor  # float32 (passages, template types), 1 where the document has a template of the type


def head_name(attribute: str) -> str:
    """Of the head of one of `span_attributes`, among `Network.attribute_heads`."""
    return f"choice-{attribute}"


class Network(nn.Module):
    """Tags words, assigns roles, chooses attributes and links mentions, over one encoder."""

    role_allowed: Tensor

    def __init__(
        self, encoder: Any, schema: Schema, settings: ModelSettings, *, untaught: Collection[str] = ()
    ) -> None:
        """Make the heads of a schema.

        Args:
            encoder: of the transformers library.
            schema: what there is to say.
            settings: of the model.
            untaught: names of `span_attributes` that get no head, as a head that nothing teaches speaks all the same.
        """
        super().__init__()
        self.encoder = encoder
        self.schema = schema
        # What a task does not ask for is not there: processes that share a run wait for the gradient of every weight.
        shape_width = settings.shape_width if schema.span_labels else 0
        self.shape_table = nn.Embedding(EDGE + 1, shape_width) if shape_width else None
        self.dropout = nn.Dropout(settings.dropout)
        width = encoder.config.hidden_size + 3 * shape_width
        tags = tag_names(schema.layers[0])  # every layer has as many labels, so that one CRF serves them all
        self.tag_scores = nn.Linear(width, len(schema.layers) * len(tags)) if schema.span_labels else None
        self.crf = CRF(tags) if schema.span_labels else None
        hidden, dropout = settings.pair_width, settings.dropout
        self.role_head = (
            PairHead(width, pair_sizes(schema), hidden, len(schema.roles), dropout) if schema.roles else None
        )
        allowed = [[label in role.labels for role in schema.roles] for label in schema.entity_labels]
        self.register_buffer("role_allowed", torch.tensor(allowed, dtype=torch.bool), persistent=False)
        self.link_head = LinkHead(link_sizes(schema), hidden, dropout) if schema.event_types else None
        self.attribute_heads = nn.ModuleDict(
            {
                head_name(name): AttributeHead(width, N_CUES, hidden, len(attribute.values), dropout)
                for name, (attribute, _) in span_attributes(schema).items()
                if name not in untaught
            }
        )
        read, n_types = encoder.config.hidden_size, len(schema.template_types)
        self.text_head = TextHead(read, schema.text_labels, settings) if schema.text_labels else None
        self.merge_head = PairHead(width, merge_sizes(schema), hidden, 1, dropout) if schema.fillers else None
        self.type_head = FillerHead(width, read, hidden, n_types, dropout) if n_types else None
        self.document_head = TextHead(read, schema.template_types, settings) if n_types else None

    @property
    def learned_attributes(self) -> dict[str, tuple[Attribute, str | None]]:
        """Those of `span_attributes` that have a head."""
        heads = self.attribute_heads
        return {name: what for name, what in span_attributes(self.schema).items() if head_name(name) in heads}

    @property
    def device(self) -> torch.device:
        return next(self.encoder.parameters()).device  # type: ignore[no-any-return] # transformers has no types

    def forward(self, inputs: Inputs, targets: Targets) -> dict[str, Tensor]:
        """The joint loss, a float32 scalar under "loss", and its parts."""
        vectors, windows = self.read(inputs)
        parts: dict[str, Tensor] = {}
        if self.tag_scores is not None:
            parts["tags"] = self._tag_loss(vectors, inputs["sentences"], targets)
        if self.role_head is not None:
            roles = self.role_logits(vectors, targets["arguments"])
            parts["roles"] = _mean_loss(roles, targets["roles"])
        if self.link_head is not None:
            links = self.link_logits(targets["links"])
            parts["links"] = _mean_loss(links, targets["same"])
        for name in self.learned_attributes:
            logits = self.attribute_logits(name, vectors, inputs["sentences"], targets["choices"][name])
            parts[f"choice-{name}"] = _choice_loss(logits, targets["values"][name])
        if self.text_head is not None:
            logits = self.text_head(windows, inputs["window_passage"])
            parts["text"] = label_loss(logits, targets["labels"], exclusive=self.schema.one_text_label)
        if self.merge_head is not None:
            merges = self.merge_logits(vectors, targets["merges"])
            parts["merges"] = _mean_loss(merges, targets["merged"])
        if self.type_head is not None and self.document_head is not None:
            all_types = self.document_head(windows, inputs["window_passage"])
            parts["all_types"] = label_loss(all_types, targets["all_types"], exclusive=False)
            types = self.type_logits(vectors, windows, inputs["window_passage"], targets["fillers"])
            parts["types"] = _mean_loss(types, targets["types"])
        return {"loss": torch.stack(list(parts.values())).sum(), **parts}

    def read(self, inputs: Inputs) -> tuple[Tensor, Tensor]:
        """Read the windows; each word takes the vector of its first subword in the window that owns it.

        Returns:
            float32 (words, width); and of each window the mean of its subwords, (windows, the encoder's width).
        """
        hidden = self._hidden(inputs)
        vectors = hidden[inputs["word_window"], inputs["word_token"]]
        if self.shape_table is not None:
            vectors = torch.cat([vectors, self.shape_table(inputs["shapes"]).flatten(start_dim=1)], dim=-1)
        return self.dropout(vectors), window_means(hidden, inputs["attention_mask"])

    def _hidden(self, inputs: Inputs) -> Tensor:
        """float32 (windows, tokens, width), a bounded number of windows at a time: a passage may have thousands."""
        parts = zip(
            torch.split(inputs["input_ids"], N_WINDOWS), torch.split(inputs["attention_mask"], N_WINDOWS), strict=True
        )
        return torch.cat([self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state for ids, mask in parts])

    def emissions(self, vectors: Tensor, sentences: Tensor) -> tuple[Tensor, Tensor]:
        """Tag scores by sentence, as the CRF takes them: all sentences of the first layer, then those of the next.

        Returns:
            float32 (layers x sentences, words, tags), and bool (layers x sentences, words), False is padding.
        """
        lengths = sentences[:, 1] - sentences[:, 0]
        place = torch.arange(int(lengths.max()), device=vectors.device)
        mask = place < lengths[:, None]
        index = (sentences[:, :1] + place).clamp(max=len(vectors) - 1)
        assert self.tag_scores is not None
        n_layers = len(self.schema.layers)
        scores = self.tag_scores(vectors).float().unflatten(1, (n_layers, -1))[index]
        return scores.permute(2, 0, 1, 3).flatten(0, 1), mask.repeat(n_layers, 1)

    def role_logits(self, vectors: Tensor, pairs: Pairs) -> Tensor:
        """float32 (pairs, roles): does the entity on the right play the role for the trigger on the left?

        Roles the schema does not let an entity of that label fill are barred.
        """
        assert self.role_head is not None
        left, right = span_means(vectors, pairs["left"]), span_means(vectors, pairs["right"])
        logits: Tensor = self.role_head(left, right, pairs["features"])
        return logits.masked_fill(~self.role_allowed[pairs["features"][:, LABEL_FEATURE]], BARRED)

    def link_logits(self, links: Tensor) -> Tensor:
        """float32 (pairs,) from int64 (pairs, features): are both triggers mentions of one incident?"""
        assert self.link_head is not None
        return self.link_head(links)  # type: ignore[no-any-return] # nn.Module calls are Any

    def attribute_logits(self, name: str, vectors: Tensor, sentences: Tensor, choices: Choices) -> Tensor:
        """float32 (spans, values): which value has the attribute of that name?"""
        spans = choices["spans"]
        around = span_means(vectors, sentences[spans[:, 2]])
        return self.attribute_heads[head_name(name)](span_means(vectors, spans[:, :2]), around, choices["cues"])  # type: ignore[no-any-return] # nn.Module calls are Any

    def merge_logits(self, vectors: Tensor, pairs: Pairs) -> Tensor:
        """float32 (pairs,): do two mentions of one role mention one filler?"""
        assert self.merge_head is not None
        left, right = span_means(vectors, pairs["left"]), span_means(vectors, pairs["right"])
        return self.merge_head(left, right, pairs["features"]).squeeze(-1)  # type: ignore[no-any-return] # as above

    def type_logits(self, vectors: Tensor, windows: Tensor, window_passage: Tensor, fillers: Fillers) -> Tensor:
        """float32 (fillers, template types): do templates of the type hold the filler?

        Args:
            vectors, windows: what `read` returned.
            window_passage: int64 (windows,).
        """
        assert self.type_head is not None
        means = group_means(span_means(vectors, fillers["mentions"]), fillers["owner"], len(fillers["passage"]))
        texts = group_means(windows, window_passage, int(window_passage.max()) + 1)
        return self.type_head(means, texts[fillers["passage"]])  # type: ignore[no-any-return] # as above

    def _tag_loss(self, vectors: Tensor, sentences: Tensor, targets: Targets) -> Tensor:
        emissions, mask = self.emissions(vectors, sentences)
        tags = targets["tags"]
        padded = tags.new_zeros(mask.shape)
        padded[mask] = tags.t().flatten()
        assert self.crf is not None
        return self.crf.loss(emissions, padded, mask).mean() * tags.shape[1]


def label_loss(logits: Tensor, targets: Tensor, *, exclusive: bool) -> Tensor:
    """Cross-entropy of texts' labels, mean over the annotated texts; 0 without any.

    Args:
        logits, targets: float32 (texts, labels); a row of IGNORE is not annotated.
        exclusive: whether each text has exactly one label.
    """
    known = targets[:, 0] != IGNORE
    if not bool(known.any()):
        return logits.sum() * 0.0
    logits, targets = logits[known].float(), targets[known]
    if exclusive:
        return functional.cross_entropy(logits, targets.argmax(dim=-1))
    return _mean_loss(logits, targets)


def _mean_loss(logits: Tensor, targets: Tensor) -> Tensor:
    """Binary cross-entropy summed over outputs, mean over pairs; 0 without pairs."""
    if not len(logits):
        return logits.sum()
    return functional.binary_cross_entropy_with_logits(logits, targets, reduction="sum") / len(logits)


def _choice_loss(logits: Tensor, values: Tensor) -> Tensor:
    """Cross-entropy over the annotated choices; 0 without any."""
    if not bool((values != IGNORE).any()):
        return logits.sum() * 0.0
    return functional.cross_entropy(logits, values, ignore_index=IGNORE)
