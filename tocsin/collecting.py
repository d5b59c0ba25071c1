"""Articles on their way into a store: read or taken as annotated, coded, added, with a tally of what that came to."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from tocsin.data.coding.coder import Linker, article_key, code
from tocsin.data.errors import Problem
from tocsin.data.jsonl import read_documents
from tocsin.data.schema import Schema
from tocsin.data.store.store import Added, Store
from tocsin.data.types import Article, Document
from tocsin.tables import counted

if TYPE_CHECKING:
    from tocsin.model.prediction import Model

N_NAMED = 10  # notes on single articles that are told one by one


@dataclass(slots=True)
class Tally:
    """What adding came to."""

    n_new: int = 0  # articles
    n_known: int = 0  # articles whose content was there, and stays as it was coded
    n_replaced: int = 0  # articles whose content was there, and is coded anew
    n_differ: int = 0  # known articles that are coded differently now
    n_accounts: int = 0
    n_alone: int = 0  # accounts no other article's was like
    n_merged: int = 0  # accounts that joined those of other articles
    n_denied: int = 0  # accounts that deny what no other article tells of
    n_vague: int = 0  # accounts that can join none
    n_unlinked: Counter[str] = field(default_factory=Counter)  # values no gazetteer knows, by slot
    n_values: Counter[str] = field(default_factory=Counter)  # values that could be linked, by slot
    left_out: Counter[str] = field(default_factory=Counter)  # incidents of a kind that is not coded
    notes: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)  # of the articles, new and known

    def lines(self) -> list[str]:
        """All of it in words."""
        known = f", {counted(self.n_known, 'article')} known already" if self.n_known else ""
        anew = f", {counted(self.n_replaced, 'article')} coded anew" if self.n_replaced else ""
        told = [f"{counted(self.n_new, 'new article')}{known}{anew}"]
        if self.n_accounts:
            told.append(
                f"{counted(self.n_accounts, 'account')} of incidents: {self.n_alone} of their own, "
                f"{self.n_merged} merged with other articles'"
            )
        if self.n_denied:
            told.append(f"of them {self.n_denied} only denied, and told by no other article: no incidents")
        if self.n_vague:
            told.append(f"{self.n_vague} of them can be merged with none: no day, more than a week, or no place")
        if unlinked := [f"{n} of {self.n_values[slot]} {slot}" for slot, n in self.n_unlinked.items()]:
            told.append(f"in no gazetteer: {', '.join(unlinked)}")
        if self.left_out:
            told.append(f"not coded: {', '.join(counted_kinds(self.left_out))}")
        return told

    def told_notes(self) -> list[str]:
        """What is odd about articles: of what is told of single ones the first."""
        differ = "is" if self.n_differ == 1 else "are"
        told = [f"{counted(self.n_differ, 'known article')} {differ} coded differently now; --again replaces that"]
        rest = len(self.notes) - N_NAMED
        more = [f"{counted(rest, 'more note')} like these"] if rest > 0 else []
        return [*(told if self.n_differ else []), *self.notes[:N_NAMED], *more]


def counted_kinds(kinds: Counter[str]) -> list[str]:
    """ "3 series", "1 threatened"."""
    return [f"{n} {kind}" for kind, n in kinds.items()]


def collect(
    articles: Iterable[Article], store: Store, linker: Linker, model: "Model", name: str, *, again: bool = False
) -> Tally:
    """Add articles to a store, each in a transaction of its own; those it has are not read again.

    Args:
        articles: a stream; one is held at a time.
        model: reads those that are new, or that state an earlier day than was known.
        name: the model's, for the store's record.
        again: read and code known articles anew, and let that take the place of what was known of them.
    """
    tally = Tally()
    for article in articles:
        if not again and store.has(article):
            _count(tally, article, store.add(article, None, model=name))
        else:
            add_document(model.predict(article), store, linker, model.schema, name, tally, again=again)
    return tally


def add_document(
    document: Document, store: Store, linker: Linker, schema: Schema, by: str, tally: Tally, *, again: bool = False
) -> None:
    """Code a document and add what it tells.

    Args:
        again: let it take the place of what was known of the article.
    """
    coding = code(document, schema, linker)
    added = store.add(document.article, coding.accounts, model=by, replace=again)
    _count(tally, document.article, added)
    if not (added.new or added.replaced):
        return
    tally.left_out.update(coding.left_out)
    for slot, value in (pair for account in coding.accounts for pair in account.values()):
        if slot != "weapons":
            tally.n_values[slot] += 1
            tally.n_unlinked[slot] += value.link is None


def name_of(folder: Path) -> str:
    """A model's name for the record: its folder's, and the first digits of its weights' hash."""
    from tocsin.model.artifact import weights_hash

    return f"{folder.resolve().name} {weights_hash(folder)[:12]}"


def documents_of(path: Path, schema: Schema, problems: list[Problem]) -> Iterator[Document]:
    """The documents of a file; lines that cannot be read are kept as problems."""
    for reading in read_documents(path, schema):
        if isinstance(reading, Problem):
            problems.append(reading)
        else:
            yield reading


def _count(tally: Tally, article: Article, added: Added) -> None:
    tally.keys.append(article_key(article))
    tally.n_new += added.new
    tally.n_known += not (added.new or added.replaced)
    tally.n_replaced += added.replaced
    tally.n_differ += added.differs
    tally.n_accounts += added.n_accounts
    tally.n_alone += added.n_incidents_new
    tally.n_merged += added.n_merged
    tally.n_denied += added.n_denied
    tally.n_vague += added.n_vague
    tally.notes += added.notes
