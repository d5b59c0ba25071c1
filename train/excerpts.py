"""The sentences around what is shown of an article."""

from bisect import bisect_left, bisect_right
from functools import cached_property

from tocsin.data.sentences import sentences
from tocsin.data.types import Article


class Excerpts:
    """An article that is split into sentences when it is first asked for one: most need never be."""

    def __init__(self, article: Article) -> None:
        self.article = article

    def around(self, start: int, end: int) -> tuple[int, int]:
        """Offsets `[start, end)` of all sentences that characters `[start, end)` touch, and at least of those."""
        first = bisect_right(self._ends, start)
        last = bisect_left(self._starts, end) - 1
        if first > last:  # white space between two sentences
            return start, end
        return min(start, self._starts[first]), max(end, self._ends[last])

    def number(self, position: int) -> int:
        """Which sentence of the article a character is in, counted from 1."""
        return bisect_right(self._ends, position) + 1

    @property
    def first_end(self) -> int:
        """Where the first sentence ends; the end of a text that has none."""
        return self._ends[0] if self._ends else len(self.article.text)

    @cached_property
    def _offsets(self) -> list[tuple[int, int]]:
        return sentences(self.article.text)

    @cached_property
    def _starts(self) -> list[int]:
        return [start for start, _ in self._offsets]

    @cached_property
    def _ends(self) -> list[int]:
        return [end for _, end in self._offsets]
