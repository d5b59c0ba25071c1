"""What the network reads of a text: passages of whole sentences, cut into overlapping windows of subwords.

Training and prediction both read texts through `passages`; there is no other way in.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from tocsin.data.sentences import sentences
from tocsin.data.windows import windows
from tocsin.data.words import words
from tocsin.model.settings import ModelSettings
from tocsin.model.shapes import shape


@dataclass(frozen=True, slots=True)
class Passage:
    """Some whole sentences of a text, ready to be batched. Word indices count from the passage's start."""

    words: tuple[tuple[int, int], ...]  # character offsets in the whole text
    sentences: tuple[tuple[int, int], ...]  # word indices [start, end)
    windows: tuple[tuple[int, ...], ...]  # subword ids, special tokens included
    word_window: tuple[int, ...]  # for each word the window that owns its first subword
    word_token: tuple[int, ...]  # and the position therein
    shapes: tuple[int, ...]  # for each word, see model/shapes.py
    n_unread: int  # words for which the tokenizer has no subword at all

    def lower_words(self, text: str) -> list[str]:
        """The words themselves, lower-case; `text` is the whole text."""
        return [text[start:end].lower() for start, end in self.words]

    @property
    def sentence_of_word(self) -> list[int]:
        """For each word the index of its sentence."""
        return [index for index, (start, end) in enumerate(self.sentences) for _ in range(start, end)]


class Reader:
    """Turns text into passages with an encoder's tokenizer."""

    def __init__(self, tokenizer: Any, settings: ModelSettings) -> None:
        self._backend = tokenizer.backend_tokenizer
        # Published tokenizers often carry a truncation of their own: every token must be read.
        self._backend.no_truncation()
        self._backend.no_padding()
        self._settings = settings
        self._prefix, self._suffix = self._special_tokens()

    def passages(self, text: str) -> Iterator[Passage]:
        """The text from its first to its last word, each word in exactly one passage."""
        for block in _blocks(text, self._settings.passage_words):
            yield self._passage(text, block)

    def _passage(self, text: str, block: Sequence[Sequence[tuple[int, int]]]) -> Passage:
        flat = tuple(word for sentence in block for word in sentence)
        begin, end = flat[0][0], flat[-1][1]
        # The white space before belongs to the first subword of byte-level vocabularies.
        begin = max(0, begin - 1)
        encoding = self._backend.encode(text[begin:end], add_special_tokens=False)
        offsets = [(begin + start, begin + stop) for start, stop in encoding.offsets]
        firsts = _first_subwords(flat, offsets)
        room = self._settings.max_tokens - len(self._prefix) - len(self._suffix)
        plan = windows(len(encoding.ids), max_tokens=room, overlap=self._settings.overlap)
        own_ends = [window.own_end for window in plan]
        owners = [bisect_right(own_ends, max(first, 0)) for first in firsts]
        return Passage(
            words=flat,
            sentences=_ranges([len(sentence) for sentence in block]),
            windows=tuple((*self._prefix, *encoding.ids[w.start : w.end], *self._suffix) for w in plan)
            or ((*self._prefix, *self._suffix),),
            word_window=tuple(owners),
            word_token=tuple(
                max(first, 0) - plan[owner].start + len(self._prefix) if plan else 0
                for first, owner in zip(firsts, owners, strict=True)
            ),
            shapes=tuple(shape(text[start:stop]) for start, stop in flat),
            n_unread=sum(first < 0 for first in firsts),
        )

    def _special_tokens(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """What the tokenizer puts before and after a text."""
        plain = self._backend.encode("a", add_special_tokens=False).ids
        full = self._backend.encode("a", add_special_tokens=True).ids
        at = next(i for i in range(len(full)) if full[i : i + len(plain)] == plain)
        return tuple(full[:at]), tuple(full[at + len(plain) :])


def _blocks(text: str, max_words: int) -> Iterator[list[list[tuple[int, int]]]]:
    """Runs of whole sentences, each a list of word offsets, with at most max_words words unless one alone has more."""
    block: list[list[tuple[int, int]]] = []
    n_words = 0
    for start, end in sentences(text):
        sentence = [(start + a, start + b) for a, b in words(text[start:end])]
        if block and n_words + len(sentence) > max_words:
            yield block
            block, n_words = [], 0
        block.append(sentence)
        n_words += len(sentence)
    if block:
        yield block


def _first_subwords(words: Sequence[tuple[int, int]], offsets: Sequence[tuple[int, int]]) -> list[int]:
    """For each word the first subword that shares a character with it, or -1 - that is, unread - if none does.

    A subword may cover several words (byte-level merges such as "..."), and then is the first of each.
    """
    firsts = []
    token = 0
    for start, end in words:
        while token < len(offsets) and offsets[token][1] <= start:
            token += 1
        firsts.append(token if token < len(offsets) and offsets[token][0] < end else -1)
    return firsts


def _ranges(lengths: Sequence[int]) -> tuple[tuple[int, int], ...]:
    ranges, start = [], 0
    for length in lengths:
        ranges.append((start, start + length))
        start += length
    return tuple(ranges)
