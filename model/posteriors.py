"""What a trained model holds possible of a text: the probability of every tag at every word, and of every label."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor

from tocsin.data.schema import Schema
from tocsin.data.tags import tag_names
from tocsin.data.types import Article
from tocsin.model.batches import join, to_device
from tocsin.model.network import Inputs, Network
from tocsin.model.passages import Passage, Reader
from tocsin.model.prediction import Model
from tocsin.model.together import read_together
from tocsin.model.whole_text import label_shares


@dataclass(frozen=True, slots=True)
class Posteriors:
    """Probabilities of one text, as the network gives them, without calibration; all on the CPU.

    Words are those of the text and not of the tokenizer: models of any encoder and windows say something of the same.
    """

    words: Tensor  # int32 (words, 2), characters [start, end)
    tags: Tensor  # float32 (words, *tag_shape)
    labels: Tensor  # float32 (text labels,), of the text as a whole; zeros for a text without words


def tag_shape(schema: Schema) -> tuple[int, int]:
    """How many layers and tags the words of a schema have; 0 and 0 where nothing is tagged.

    >>> tag_shape(Schema(entity_labels=("BASE", "DATE"))), tag_shape(Schema(text_labels=("raid",)))
    ((1, 5), (0, 0))
    """
    return (len(schema.layers), len(tag_names(schema.layers[0]))) if schema.span_labels else (0, 0)


def posteriors(model: Model, articles: Iterable[Article], temperature: float = 1.0) -> Iterator[Posteriors]:
    """Ask a model about articles, in order; of these so many are held as share a batch.

    Tags have the marginals of the CRF (forward-backward), labels what `predict` gives them as scores.

    Args:
        model: who is asked.
        articles: about what.
        temperature: what the network's scores are divided by first: above 1, its second choices count for more.
    """
    model.network.eval()
    reader = Reader(model.tokenizer, model.settings)
    asked = partial(_read, model.network, temperature)
    for article, passages, read in read_together(articles, reader, asked):
        yield _of_article(model, article, passages, read, temperature)


@torch.inference_mode()
def _read(
    network: Network, temperature: float, passages: Sequence[Passage], _: Sequence[Article]
) -> list[tuple[Tensor, Tensor]]:
    """Of each passage the tags' probabilities, (words, layers, tags) on the CPU, and its windows' vectors."""
    inputs = to_device(join(passages), network.device)
    vectors, windows = network.read(inputs)
    tags_of = torch.split(
        _tag_shares(network, vectors, inputs, temperature), [len(passage.words) for passage in passages]
    )
    windows_of = torch.split(windows, [len(passage.windows) for passage in passages])
    return list(zip(tags_of, windows_of, strict=True))


@torch.inference_mode()
def _of_article(
    model: Model,
    article: Article,
    passages: Sequence[Passage],
    read: Sequence[tuple[Tensor, Tensor]],
    temperature: float,
) -> Posteriors:
    network, beside = model.network, model.bag.logits(article.text) if model.bag else None
    words = [word for passage in passages for word in passage.words]
    labels = torch.zeros(len(network.schema.text_labels))
    if network.text_head is not None and read:
        every = torch.cat([windows for _, windows in read])
        labels = label_shares(network, every, beside, temperature).float().cpu()
    tags = torch.cat([torch.zeros(0, *tag_shape(network.schema)), *(own for own, _ in read)])
    return Posteriors(torch.tensor(words, dtype=torch.int32).view(-1, 2), tags, labels)


def _tag_shares(network: Network, vectors: Tensor, inputs: Inputs, temperature: float) -> Tensor:
    n_layers, n_tags = tag_shape(network.schema)
    if network.crf is None:
        return torch.zeros(len(vectors), n_layers, n_tags)
    emissions, mask = network.emissions(vectors, inputs["sentences"])
    shares = network.crf.marginals(emissions, mask, temperature)[mask]  # a layer after the other, each with all words
    return shares.view(n_layers, len(vectors), n_tags).transpose(0, 1).cpu()
