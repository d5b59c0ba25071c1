"""Windows: overlapping stretches of a long token sequence, so that every token is read in context.

Indices count tokens, `[start, end)`. A token may stand in several windows and is owned by one: the window in which
it stands farthest from an edge (the "maximum context" of Devlin et al. 2019, in their code for SQuAD). The start and
the end of the text are no edges: nothing is cut off there.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Window:
    """Tokens `[start, end)` are read together; what is predicted for `[own_start, own_end)` counts."""

    start: int
    end: int
    own_start: int
    own_end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.own_start < self.own_end <= self.end:
            raise ValueError(
                f"window [{self.start}, {self.end}) owns [{self.own_start}, {self.own_end}); "
                "expected at least one token, and only tokens inside the window"
            )


def windows(n_tokens: int, *, max_tokens: int, overlap: int) -> list[Window]:
    """Cut a sequence into windows of `max_tokens`, neighbours sharing `overlap` tokens or more.

    The last window is shifted back so that it is full; a sequence that fits is one window, however short.

    Raises:
        ValueError: not 0 <= overlap < max_tokens, or n_tokens is negative.

    >>> windows(10, max_tokens=6, overlap=2)
    [Window(start=0, end=6, own_start=0, own_end=5), Window(start=4, end=10, own_start=5, own_end=10)]
    """
    if not 0 <= overlap < max_tokens:
        raise ValueError(f"windows: overlap {overlap} with max_tokens {max_tokens}; expected 0 <= overlap < max_tokens")
    if n_tokens < 0:
        raise ValueError(f"windows: n_tokens {n_tokens} is negative; expected the length of a sequence")
    if n_tokens == 0:
        return []
    last = max(n_tokens - max_tokens, 0)
    starts = [*range(0, last, max_tokens - overlap), last]
    ends = [min(start + max_tokens, n_tokens) for start in starts]
    borders = [0, *_borders(starts, ends), n_tokens]
    return [Window(*edges) for edges in zip(starts, ends, borders, borders[1:], strict=False)]


def _borders(starts: Sequence[int], ends: Sequence[int]) -> list[int]:
    """First token the later of two neighbours owns.

    In windows of one length the farther edge belongs to the nearer centre, so the border halves the overlap, and no
    window but a neighbour can do better. An odd overlap's middle token is a tie and goes to the earlier window.
    """
    return [(end + start + 1) // 2 for end, start in zip(ends, starts[1:], strict=False)]
