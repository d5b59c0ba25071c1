"""Words a model has no subword for: told once, however many articles have some."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from tocsin.tables import counted


class UnreadWords:
    """Counts what `tocsin.model.prediction` says of single articles, in its place."""

    def __init__(self) -> None:
        self.n_words = 0
        self.n_articles = 0
        self._first = ""

    def __call__(self, record: logging.LogRecord) -> bool:
        """Whether a message is to be shown all the same."""
        n_words = getattr(record, "n_unread", 0)
        self.n_words += n_words
        self.n_articles += bool(n_words)
        self._first = self._first or getattr(record, "article", "")
        return not n_words

    def note(self) -> str:
        """How many words in how many articles; empty if there were none."""
        if not self.n_words:
            return ""
        place = self._first if self.n_articles == 1 else f"{self.n_articles} articles, first in {self._first},"
        has, was = ("has", "was") if self.n_words == 1 else ("have", "were")
        words = f"{counted(self.n_words, 'word')} in {place}"
        return f"{words} {has} no subword in this vocabulary and {was} guessed at"


@contextmanager
def unread_words() -> Iterator[UnreadWords]:
    """Collect them while something is predicted."""
    logger = logging.getLogger("tocsin.model.prediction")
    unread = UnreadWords()
    logger.addFilter(unread)
    try:
        yield unread
    finally:
        logger.removeFilter(unread)
