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

    def to_json(self) -> list[dict[str, list[str]]]:
        """What `of` makes the same again."""
        return [{"texts": sorted(self.texts)}, {"ids": sorted(self.ids)}]

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


def seen_by_start(run: Mapping[str, Any]) -> Seen:
    """What the model that it started from had learned from or was chosen on, and what that one started from, and so on.

    A `run.json` from before this was kept tells of none.
    """
    return Seen.of((run.get("init") or {}).get("seen", ()))


def all_seen(run: Mapping[str, Any]) -> Seen:
    """All articles that had a part in the model, those of what it started from among them."""
    parts = (trained_on(run), chosen_on(run), seen_by_start(run))
    return Seen(
        frozenset(text for part in parts for text in part.texts), frozenset(each for part in parts for each in part.ids)
    )
