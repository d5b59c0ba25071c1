"""Which column numbers the words of a sentence, so that the word stands behind it and not in the first one.

CoNLL-U and GermEval number words in the first column, CoNLL-2012 in the third, behind a document's name and part.
CoNLL-U has lines beside those of the words as well: "1-2" gives two words as the text has them, written as one, and
"8.1" a word that the text leaves out. Tags are of the words 1 and 2.

Numbers rise within a sentence, with gaps or without; the next sentence starts anew, at 0 or 1, or goes on from there.
Words that are numbers may rise as well, but then their parts of speech stand behind them. So at least half of the cells
behind must look like words: they have characters beside ASCII ones in upper case, or differ from those of the line
before, as "CD" below "CD" does not.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

BESIDE: Mapping[str, str] = {  # what lines beside those of the words are, by the sign in their number
    "-": "words given once more as a whole (such as 1-2), read part by part",
    ".": "words that are not in the text (such as 8.1)",
}
_NUMBER = re.compile(r"([0-9]{1,9})(?:([-.])[0-9]{1,9})?")
_COLUMNS = (0, 2)


def number_of(cell: str) -> tuple[int, str] | None:
    """The number of a line and its sign, which is empty if the line is a word's; None if there is no number.

    >>> number_of("8"), number_of("8.1"), number_of("1-2"), number_of("word")
    ((8, ''), (8, '.'), (1, '-'), None)
    """
    match = _NUMBER.fullmatch(cell.strip())
    return (int(match[1]), match[2] or "") if match else None


def word_column(first: int, n_cells: int, tag_column: int) -> int:
    """The first column, from a given one on, that is not the tag's."""
    return first + (n_cells > first + 1 and tag_column in (first, first - n_cells))


@dataclass(slots=True)
class Numbering:
    """What the lines of a whole file say of it; it fills up line by line."""

    tag_column: int
    _n_words: int = 0
    _n_in_order: Counter[tuple[int, bool]] = field(default_factory=Counter)  # by column, and whether a tag may be there
    _n_like_words: Counter[int] = field(default_factory=Counter)  # behind a column
    _first: list[str] = field(default_factory=list)  # cells of the sentence
    _numbered: set[int] = field(default_factory=set)  # columns with a number in the sentence
    _last: dict[int, int] = field(default_factory=dict)  # number in the file, by column
    _above: dict[int, str] = field(default_factory=dict)  # cell behind a column, in the line before

    def add(self, cells: list[str]) -> None:
        """Take in the cells of a line; those of a comment, whatever they look like, say nothing."""
        if cells[0].startswith("#"):
            return
        self._first = self._first or cells
        self._n_words += 1
        for column in _COLUMNS:
            n_behind = len(cells) - column - 1
            if n_behind > 0 and cells[:column] == self._first[:column] and self._goes_on(column, cells):
                self._n_in_order[column, n_behind > 1] += 1
                self._n_like_words[column] += self._is_like_word(column, cells)

    def end_sentence(self) -> None:
        """The next line opens another sentence."""
        self._first, self._numbered = [], set()

    def _goes_on(self, column: int, cells: Sequence[str]) -> bool:
        found = number_of(cells[column])
        if not found:
            return False
        number, sign = found
        last = self._last.get(column, -1)
        is_anew = column not in self._numbered and number <= 1
        if not sign:
            self._last[column] = number
            self._numbered.add(column)
        return is_anew or number > last or (sign == "." and number == last)

    def _is_like_word(self, column: int, cells: Sequence[str]) -> bool:
        cell = cells[word_column(column + 1, len(cells), self.tag_column)].strip()
        above, self._above[column] = self._above.get(column, cell), cell
        return cell != above or not cell.isascii() or cell != cell.upper()

    def column(self, *, has_tags: bool) -> int | None:
        """That of the numbers, if there is one with the words behind it, and their tags; a tenth may be faulty."""
        for column in _COLUMNS:
            n_in_order = self._n_in_order[column, True] + (0 if has_tags else self._n_in_order[column, False])
            has_words = 2 * self._n_like_words[column] >= self._n_words
            if 0 < 9 * self._n_words <= 10 * n_in_order and has_words:
                return column
        return None
