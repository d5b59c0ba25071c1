"""Tags: spans of characters as one BIO tag a word, and back.

BIO is IOB2: B- opens a span, I- continues it, O is outside (Ramshaw and Marcus 1995; Tjong Kim Sang and Veenstra
1999). Word indices are `[start, end)`. Spans do not overlap in tags; what cannot be tagged is returned, never dropped.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from tocsin.data.types import Span


@dataclass(frozen=True, slots=True)
class WordSpan:
    """Words `[start, end)` with their label."""

    start: int
    end: int
    label: str

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"word span [{self.start}, {self.end}) is empty or negative; expected 0 <= start < end")


@dataclass(frozen=True, slots=True)
class Tagging:
    """The tags of a text, and what became of each span."""

    tags: tuple[str, ...]  # one a word
    word_spans: tuple[WordSpan | None, ...]  # one an input span, in its order; None: it got no words
    widened: tuple[Span, ...]  # tagged, but an edge fell inside a word and the whole word was taken
    uncovered: tuple[Span, ...]  # not tagged: there is no word in them, or another span has one of their words


def tag_names(labels: Sequence[str]) -> tuple[str, ...]:
    """Every tag of a label set; the order is the order of a tag head's outputs.

    >>> tag_names(["BASE", "DATE"])
    ('O', 'B-BASE', 'I-BASE', 'B-DATE', 'I-DATE')
    """
    return ("O", *(f"{prefix}-{label}" for label in labels for prefix in "BI"))


def spans_to_tags(spans: Sequence[Span], words: Sequence[tuple[int, int]]) -> Tagging:
    """Tag words with the spans they lie in.

    Where spans want the same word, the one of more characters gets it, of equals the one that starts earlier.

    Args:
        spans: in any order.
        words: character offsets in order, disjoint, as `tocsin.data.words.words` gives them.

    >>> spans_to_tags([Span(4, 13, "BASE")], [(0, 3), (4, 8), (9, 13)]).tags
    ('O', 'B-BASE', 'I-BASE')
    """
    tags = ["O"] * len(words)
    word_spans: list[WordSpan | None] = [None] * len(spans)
    wanted = _word_ranges(spans, words)
    for index in sorted(range(len(spans)), key=lambda index: _precedence(spans[index])):
        start, end = wanted[index]
        if start < end and all(tag == "O" for tag in tags[start:end]):
            label = spans[index].label
            tags[start:end] = [f"B-{label}"] + [f"I-{label}"] * (end - start - 1)
            word_spans[index] = WordSpan(start, end, label)
    placed = list(zip(spans, word_spans, strict=True))
    return Tagging(
        tags=tuple(tags),
        word_spans=tuple(word_spans),
        widened=tuple(span for span, place in placed if place is not None and _is_widened(span, place, words)),
        uncovered=tuple(span for span, place in placed if place is None),
    )


def tags_to_spans(tags: Sequence[str]) -> list[WordSpan]:
    """Read spans off tags, in order; any sequence of B-, I- and O can be read.

    Raises:
        ValueError: a tag is none of O, B-label, I-label.

    >>> tags_to_spans(["O", "B-BASE", "I-BASE", "I-DATE"])
    [WordSpan(start=1, end=3, label='BASE'), WordSpan(start=3, end=4, label='DATE')]
    """
    spans: list[WordSpan] = []
    start, label = 0, ""  # of the open span; no label: none is open
    for index, tag in enumerate([*tags, "O"]):
        prefix, tag_label = _split(tag)
        if prefix == "I" and tag_label == label:
            continue
        if label:
            spans.append(WordSpan(start, index, label))
        # I- with no span to continue opens one: dropping it would reward ill-formed output (CoNLL's scorer)
        start, label = index, tag_label
    return spans


def allowed(previous: str | None, tag: str) -> bool:
    """Whether a tag may follow another; None is the start of a sentence.

    >>> allowed("B-BASE", "I-BASE"), allowed("B-DATE", "I-BASE"), allowed(None, "I-BASE")
    (True, False, False)
    """
    prefix, label = _split(tag)
    return prefix != "I" or previous in (f"B-{label}", f"I-{label}")


def _split(tag: str) -> tuple[str, str]:
    """Prefix and label; the label of O is empty, a label may hold hyphens."""
    prefix, _, label = tag.partition("-")
    if tag != "O" and (prefix not in ("B", "I") or not label):
        raise ValueError(f"tag {tag!r} cannot be read; expected O, B-label or I-label")
    return prefix, label


def _precedence(span: Span) -> tuple[int, int]:
    return span.start - span.end, span.start


def _word_ranges(spans: Sequence[Span], words: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Words `[start, end)` that share a character with each span; start >= end if none does."""
    starts = [start for start, _ in words]
    ends = [end for _, end in words]
    return [(bisect_right(ends, span.start), bisect_left(starts, span.end)) for span in spans]


def _is_widened(span: Span, place: WordSpan, words: Sequence[tuple[int, int]]) -> bool:
    return words[place.start][0] < span.start or span.end < words[place.end - 1][1]
