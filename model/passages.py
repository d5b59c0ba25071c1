"""What the network reads of a text: passages of whole sentences, cut into overlapping windows of subwords.

Training and prediction both read texts through `passages`; there is no other way in.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from tocsin.data.sentences import sentences
from tocsin.data.types import Sentences
from tocsin.data.windows import windows
from tocsin.data.words import words
from tocsin.model.settings import ModelSettings
from tocsin.model.shapes import shape

_BLANKS = re.compile(r"\s+")
_STRETCH = re.compile(r"\s+|\S+")


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
        # "[SEP]" or "<mask>" in an article is text like any other.
        self._backend.encode_special_tokens = True
        self._settings = settings
        self._prefix, self._suffix = self._special_tokens()
        self._bare_blanks = self._subwords_of_a_blank()

    def passages(self, text: str, given: Sentences = ()) -> Iterator[Passage]:
        """The text from its first to its last word, each word in exactly one passage.

        Args:
            given: the words of a text that comes cut; without them it is cut by rule.
        """
        for block in _blocks(text, given, self._settings.passage_words):
            yield self._passage(text, block)

    def _passage(self, text: str, block: Sequence[Sequence[tuple[int, int]]]) -> Passage:
        flat = tuple(word for sentence in block for word in sentence)
        begin, end = flat[0][0], flat[-1][1]
        plain, places = _with_single_blanks(text[begin:end])
        encoding = self._backend.encode(plain, add_special_tokens=False)
        offsets = [
            (start, start if token in self._bare_blanks else end)
            for token, (start, end) in zip(encoding.ids, encoding.offsets, strict=True)
        ]
        firsts = _first_subwords([(places[a - begin], places[b - begin]) for a, b in flat], offsets)
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

    def _subwords_of_a_blank(self) -> frozenset[int]:
        """The subword that is a blank before a word and nothing of the word, if the vocabulary has one.

        Some tokenizers say of it that it covers the word's first character.
        """
        after_a_blank = self._backend.encode("a a", add_special_tokens=False).tokens[1:]
        markers = {token[0] for token in after_a_blank} & {"Ġ", "▁"}  # of byte pairs, and of sentence pieces
        return frozenset(self._backend.token_to_id(marker) for marker in markers)


def _cut(text: str) -> Iterator[list[tuple[int, int]]]:
    """The words of each sentence."""
    for start, end in sentences(text):
        yield [(start + a, start + b) for a, b in words(text[start:end])]


def _blocks(text: str, given: Sentences, max_words: int) -> Iterator[list[Sequence[tuple[int, int]]]]:
    """Runs of whole sentences, each a list of word offsets, with at most max_words words unless one alone has more."""
    block: list[Sequence[tuple[int, int]]] = []
    n_words = 0
    for sentence in given or _cut(text):
        if block and n_words + len(sentence) > max_words:
            yield block
            block, n_words = [], 0
        block.append(sentence)
        n_words += len(sentence)
    if block:
        yield block


def _with_single_blanks(text: str) -> tuple[str, list[int]]:
    """A text with one blank before it and one for each stretch of white space, as encoders met their words.

    In byte-level and sentence-piece vocabularies a word after a blank is another subword than the same word without
    one; after a line break or a second blank the marker would stand alone and the word bare. The first word gets a
    blank too, as where such encoders are fine-tuned on text that comes cut into words (`add_prefix_space` in the
    examples of transformers): in pretraining, words without one were the rare first ones or pieces of words.

    Returns:
        the text, and for each character of the one given, and for its end, the place in it.

    >>> _with_single_blanks("two\\n\\n up")
    (' two up', [1, 2, 3, 4, 4, 4, 5, 6, 7])
    """
    spaced = " " + text
    places: list[int] = []
    at = 0
    for stretch in _STRETCH.finditer(spaced):
        length = stretch.end() - stretch.start()
        if stretch[0].isspace():
            places += [at] * length
            at += 1
        else:
            places += range(at, at + length)
            at += length
    return _BLANKS.sub(" ", spaced), [*places[1:], at]


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
