"""Which predicted item is which gold item, one to one: by a key, and spans also by the characters they share."""

from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from tocsin.data.types import Span

T = TypeVar("T")
SpanKey = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class Pairing(Generic[T]):
    """Every item of both sides, once."""

    both: tuple[tuple[T, T], ...]  # (gold, predicted)
    gold: tuple[T, ...]  # without a partner
    predicted: tuple[T, ...]  # without a partner


def span_key(span: Span) -> SpanKey:
    """What two spans share if they match in full."""
    return span.start, span.end, span.label


def offsets(span: Span) -> tuple[int, int]:
    return span.start, span.end


def pair(gold: Sequence[T], predicted: Sequence[T], key: Callable[[T], Hashable]) -> Pairing[T]:
    """Pair what has equal keys; where a key is repeated, first with first."""
    waiting: defaultdict[Hashable, deque[T]] = defaultdict(deque)
    for item in predicted:
        waiting[key(item)].append(item)
    both, rest = [], []
    for item in gold:
        if partners := waiting.get(key(item)):
            both.append((item, partners.popleft()))
        else:
            rest.append(item)
    return Pairing(tuple(both), tuple(rest), tuple(item for partners in waiting.values() for item in partners))


def pair_spans(gold: Sequence[Span], predicted: Sequence[Span]) -> Pairing[Span]:
    """Pair equal spans, then equal offsets, then what shares the most characters.

    Of pairs that share equally many, those of one label go first, then the earlier.
    """
    full = pair(gold, predicted, span_key)
    exact = pair(full.gold, full.predicted, offsets)
    near = _pair_overlapping(exact.gold, exact.predicted)
    return Pairing(full.both + exact.both + near.both, near.gold, near.predicted)


def _pair_overlapping(gold: Sequence[Span], predicted: Sequence[Span]) -> Pairing[Span]:
    """Greedy, the longest overlap of all first: a span with two partners keeps the better one."""

    def rank(place: tuple[int, int]) -> tuple[int, bool, int, int]:
        one, other = gold[place[0]], predicted[place[1]]
        n_shared = min(one.end, other.end) - max(one.start, other.start)
        return -n_shared, one.label != other.label, one.start, other.start

    partners: dict[int, int] = {}
    taken: set[int] = set()
    for left, right in sorted(_overlaps(gold, predicted), key=rank):
        if left not in partners and right not in taken:
            partners[left] = right
            taken.add(right)
    return Pairing(
        tuple((gold[left], predicted[right]) for left, right in partners.items()),
        tuple(span for index, span in enumerate(gold) if index not in partners),
        tuple(span for index, span in enumerate(predicted) if index not in taken),
    )


def _overlaps(gold: Sequence[Span], predicted: Sequence[Span]) -> Iterator[tuple[int, int]]:
    """Indices of gold and predicted spans that share a character, found in one pass over the text."""
    entries = [(span.start, span.end, True, index) for index, span in enumerate(gold)]
    entries += [(span.start, span.end, False, index) for index, span in enumerate(predicted)]
    open_entries: list[tuple[int, bool, int]] = []  # end, whether it is gold, index
    for start, end, is_gold, index in sorted(entries):
        open_entries = [entry for entry in open_entries if entry[0] > start]
        for _, other_is_gold, other in open_entries:
            if other_is_gold != is_gold:
                yield (index, other) if is_gold else (other, index)
        open_entries.append((end, is_gold, index))
