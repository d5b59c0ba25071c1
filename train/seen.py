"""Which articles a model has seen: `run.json` keeps a hash of the text of each, and its id.

Ids alone would not do: those made of a file's name are alike in any two files called train.tsv.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tocsin.data.near_duplicates import text_digest
from tocsin.data.types import Article


@dataclass(frozen=True, slots=True)
class Seen:
    """Articles that can be asked for."""

    texts: frozenset[str] = frozenset()  # hashes, from `text_hash`
    ids: frozenset[str] = frozenset()  # of sets of which no hashes are known

    @classmethod
    def of(cls, counted: Iterable[Mapping[str, Any]]) -> "Seen":
        """The articles of some sets, each as `tocsin.train.sets.counts` has it; the first versions kept ids alone."""
        sets = list(counted)
        texts = frozenset(text for each in sets for text in each.get("texts", ()))
        return cls(texts, frozenset(own_id for each in sets if "texts" not in each for own_id in each["ids"]))

    def __contains__(self, article: Article) -> bool:
        return article.id in self.ids or text_hash(article.text) in self.texts

    @property
    def proviso(self) -> str:
        """Under what condition an article that is in here has been seen, to be put behind a statement."""
        return ", if equal ids are equal texts" if self.ids else ""


def text_hash(text: str) -> str:
    """What `run.json` keeps of a text, see `text_digest`."""
    return text_digest(text).hex()


def trained_on(run: Mapping[str, Any]) -> Seen:
    """What the model that a `run.json` is of has learned from; one from before `[joint]` names its own set alone."""
    joint = run.get("joint") or {"sets": []}
    return Seen.of([run["train"], *(each["train"] for each in joint["sets"])])


def chosen_on(run: Mapping[str, Any]) -> Seen:
    """On what that model's best epoch was chosen."""
    return Seen.of([run["dev"]])


def either(a: Seen, b: Seen) -> Seen:
    """The articles of both."""
    return Seen(a.texts | b.texts, a.ids | b.ids)
