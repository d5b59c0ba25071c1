"""Texts that a model takes to report nothing: how many there were, and what was left out of them for it."""

from collections.abc import Iterable, Iterator

from tocsin.data.incidents import is_shut
from tocsin.data.schema import Schema
from tocsin.data.types import Document
from tocsin.tables import counted


class QuietTexts:
    """Lets documents pass, and counts those whose gate is shut: they have no incident, whatever mentions they have."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self.n_quiet = 0
        self.n_with_mentions = 0
        self.n_mentions = 0

    def __call__(self, documents: Iterable[Document]) -> Iterator[Document]:
        """The same documents."""
        for document in documents:
            if is_shut(document.labels, self._schema):
                self.n_quiet += 1
                self.n_with_mentions += bool(document.events)
                self.n_mentions += len(document.events)
            yield document

    def note(self) -> str:
        """What was left out; empty if nothing was."""
        if not self.n_mentions:
            return ""
        one = self.n_quiet == 1
        texts = f"{counted(self.n_quiet, 'article')} {'is' if one else 'are'} taken not to be {self._schema.gate}"
        mentions = f"{counted(self.n_mentions, 'mention')} in {self.n_with_mentions} of them"
        return f"{texts}: the {mentions} {'makes' if self.n_mentions == 1 else 'make'} no incident"
