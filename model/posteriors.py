"""What a trained model holds possible of a text: the probability of every tag at every word, and of every label."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

import torch
from torch import Tensor

from tocsin.data.schema import Schema
from tocsin.data.tags import tag_names
from tocsin.data.types import Article
from tocsin.model.batches import join, to_device
from tocsin.model.network import Inputs, Network
from tocsin.model.passages import Passage, Reader
from tocsin.model.prediction import Model
from tocsin.model.whole_text import label_shares

N_WORDS = 4000  # gathered, and read together, where short articles share a batch


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


def posteriors(model: Model, articles: Iterable[Article]) -> Iterator[Posteriors]:
    """Ask a model about articles, in order; of these so many are held as share a batch.

    Tags have the marginals of the CRF (forward-backward), labels what `predict` gives them as scores.
    """
    reader = Reader(model.tokenizer, model.settings)
    model.network.eval()
    batch: list[tuple[Article, Sequence[Passage]]] = []
    n_words = 0
    for article in articles:
        passages = list(reader.passages(article.text, article.sentences))
        batch.append((article, passages))
        n_words += sum(len(passage.words) for passage in passages)
        if n_words >= N_WORDS:
            yield from _of_articles(model, batch)
            batch, n_words = [], 0
    yield from _of_articles(model, batch)


@torch.inference_mode()
def _of_articles(model: Model, batch: Sequence[tuple[Article, Sequence[Passage]]]) -> list[Posteriors]:
    """Those of each article, from its passages."""
    passages = [passage for _, own in batch for passage in own]
    read: dict[int, tuple[Tensor, Tensor]] = {}
    for part in _parts(passages):
        read |= dict(zip(part, _read(model.network, [passages[index] for index in part]), strict=True))
    ends = accumulate(len(own) for _, own in batch)
    return [
        _of_article(model, article, own, [read[index] for index in range(end - len(own), end)])
        for (article, own), end in zip(batch, ends, strict=True)
    ]


def _of_article(
    model: Model, article: Article, passages: Sequence[Passage], read: Sequence[tuple[Tensor, Tensor]]
) -> Posteriors:
    network, beside = model.network, model.bag.logits(article.text) if model.bag else None
    words = [word for passage in passages for word in passage.words]
    labels = torch.zeros(len(network.schema.text_labels))
    if network.text_head is not None and read:
        labels = label_shares(network, torch.cat([windows for _, windows in read]), beside).float().cpu()
    tags = torch.cat([torch.zeros(0, *tag_shape(network.schema)), *(own for own, _ in read)])
    return Posteriors(torch.tensor(words, dtype=torch.int32).view(-1, 2), tags, labels)


def _parts(passages: Sequence[Passage]) -> Iterator[list[int]]:
    """Which passages are read together: such of like length, so that little is padded."""
    part: list[int] = []
    n_words = 0
    for index in sorted(range(len(passages)), key=lambda index: sum(map(len, passages[index].windows))):
        own = len(passages[index].words)
        if part and n_words + own > N_WORDS:
            yield part
            part, n_words = [], 0
        part.append(index)
        n_words += own
    if part:
        yield part


def _read(network: Network, passages: Sequence[Passage]) -> list[tuple[Tensor, Tensor]]:
    """Of each passage the tags' probabilities, (words, layers, tags) on the CPU, and its windows' vectors."""
    inputs = to_device(join(passages), network.device)
    vectors, windows = network.read(inputs)
    tags_of = torch.split(_tag_shares(network, vectors, inputs), [len(passage.words) for passage in passages])
    windows_of = torch.split(windows, [len(passage.windows) for passage in passages])
    return list(zip(tags_of, windows_of, strict=True))


def _tag_shares(network: Network, vectors: Tensor, inputs: Inputs) -> Tensor:
    n_layers, n_tags = tag_shape(network.schema)
    if network.crf is None:
        return torch.zeros(len(vectors), n_layers, n_tags)
    emissions, mask = network.emissions(vectors, inputs["sentences"])
    shares = network.crf.marginals(emissions, mask)[mask]  # a layer after the other, each with all words
    return shares.view(n_layers, len(vectors), n_tags).transpose(0, 1).cpu()
