"""Documents of several files under one id: annotation tools count from 1 in every project."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path

from tocsin.data.errors import Problem
from tocsin.data.formats.conversion import Tally
from tocsin.data.jsonl import duplicate_id
from tocsin.data.near_duplicates import text_digest
from tocsin.data.types import Document

RENAMED = "numbers as ids that a file before has too, told apart by their file's name"


@dataclass(slots=True)
class Ids:
    """The ids of the documents so far; it fills up document by document."""

    _first: dict[str, tuple[Path, bytes]] = field(default_factory=dict)  # where each stands, the digest of its text

    def apart(self, document: Document, path: Path, stem: str, lost: Tally) -> Document | Problem:
        """The document under an id of its own, or why it has none.

        A number that a file before has for another text is written behind the file's stem. Any other id that is taken
        is somebody's mistake, and so is a text that comes a second time with its number.

        Args:
            document: the next one.
            path: of its file.
            stem: what ids open with that are made for that file.
            lost: gets the count of ids that are no more as they stand there.
        """
        own_id, digest = document.article.id, text_digest(document.article.text)
        if own_id not in self._first:
            self._first[own_id] = path, digest
            return document
        where, its_digest = self._first[own_id]
        if where == path or digest == its_digest or not own_id.isdecimal():
            return Problem(str(path), duplicate_id(own_id, str(where)))
        lost[RENAMED] += 1
        new_id = next(name for name in _names(stem, own_id) if name not in self._first)
        self._first[new_id] = path, digest
        return replace(document, article=replace(document.article, id=new_id))


def _names(stem: str, own_id: str) -> Iterator[str]:
    yield f"{stem}-{own_id}"
    yield from (f"{stem}-{own_id}-{number}" for number in count(2))
