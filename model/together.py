"""Articles read together: passages of like length share a batch, and each article is given back what is its own."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate
from typing import TypeVar

from tocsin.data.types import Article
from tocsin.model.passages import Passage, Reader

N_WORDS = 4000  # of the articles that are gathered, and of the passages that are read at once
N_PASSAGES = 32  # read at once

ReadT = TypeVar("ReadT")
Read = Callable[[Sequence[Passage], Sequence[Article]], Sequence[ReadT]]
Gathered = Sequence[tuple[Article, Sequence[Passage]]]


def read_together(
    articles: Iterable[Article], reader: Reader, read: Read[ReadT]
) -> Iterator[tuple[Article, Sequence[Passage], list[ReadT]]]:
    """Each article in order, with its passages and what was read in them; so many are held as are gathered.

    Args:
        articles: of any length, also without a word.
        reader: cuts them into passages.
        read: is given passages and the article of each, and returns what it finds, one for each.
    """
    batch: list[tuple[Article, Sequence[Passage]]] = []
    n_words = 0
    for article in articles:
        passages = list(reader.passages(article.text, article.sentences))
        batch.append((article, passages))
        n_words += sum(len(passage.words) for passage in passages)
        if n_words >= N_WORDS:
            yield from _read(batch, read)
            batch, n_words = [], 0
    yield from _read(batch, read)


def _read(batch: Gathered, read: Read[ReadT]) -> Iterator[tuple[Article, Sequence[Passage], list[ReadT]]]:
    owned = [(passage, article) for article, passages in batch for passage in passages]
    found: dict[int, ReadT] = {}
    for part in _parts([passage for passage, _ in owned]):
        found |= dict(zip(part, read([owned[i][0] for i in part], [owned[i][1] for i in part]), strict=True))
    ends = accumulate(len(passages) for _, passages in batch)
    for (article, passages), end in zip(batch, ends, strict=True):
        yield article, passages, [found[index] for index in range(end - len(passages), end)]


def _parts(passages: Sequence[Passage]) -> Iterator[list[int]]:
    """Which passages are read at once: such of like length, so that little is padded."""
    part: list[int] = []
    n_words = 0
    for index in sorted(range(len(passages)), key=lambda index: sum(map(len, passages[index].windows))):
        own = len(passages[index].words)
        if part and (n_words + own > N_WORDS or len(part) == N_PASSAGES):
            yield part
            part, n_words = [], 0
        part.append(index)
        n_words += own
    if part:
        yield part
