"""A store: the accounts of many articles in a database, each in the incident it tells of.

An article is added in one transaction, once: its content, text and publication day, is its key. Adding it again
changes nothing, any order of adding comes to the same store, and a process killed at any moment leaves whole articles
only. The texts of the articles are kept, so that the sentences that prove an incident can be shown.
"""

import logging
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from sqlalchemy import Connection, Engine, distinct, func, insert, select, update

from tocsin.data.coding.account import Account, ArticleRef
from tocsin.data.coding.coder import article_key
from tocsin.data.coding.merged import MergedIncident
from tocsin.data.errors import DataError
from tocsin.data.store import tables
from tocsin.data.store.clusters import spanning
from tocsin.data.store.linking import Linking, Tally
from tocsin.data.store.merging import merge
from tocsin.data.store.opening import faults_told, open_engine, reading, writing
from tocsin.data.store.rows import MergeRow, account_of, merge_of, payload_of, with_article
from tocsin.data.types import Article

logger = logging.getLogger(__name__)
N_AT_ONCE = 200  # incidents read by one query


@dataclass(frozen=True, slots=True)
class Added:
    """What adding an article came to."""

    new: bool  # False: the content was there already, and nothing but where else it was met may have been noted
    n_accounts: int = 0
    n_incidents_new: int = 0  # accounts that tell of an incident no other article tells of
    n_merged: int = 0  # accounts that joined those of other articles
    n_vague: int = 0  # of the accounts, those that can be merged with none: no days, more than a week, or no place
    n_compared: int = 0  # pairs of accounts that were compared
    notes: tuple[str, ...] = ()  # what the user should know


@dataclass(frozen=True, slots=True)
class Counts:
    """What a store holds."""

    articles: int
    copies: int  # times that the same content was met under another id, source, address or title
    accounts: int
    vague: int  # accounts that can be merged with none: no days, more than a week, or no place
    incidents: int
    merged: int  # incidents that several articles tell of


class Store:
    """An open store; close it, or use it in a `with`."""

    def __init__(self, engine: Engine, name: str) -> None:
        """Of an engine whose tables are there; users call `open`."""
        self._engine = engine
        self._linking = Linking()
        self.name = name  # the path, or the URL without what may be secret

    @classmethod
    def open(cls, target: str | Path, *, create: bool = True) -> "Store":
        """Open a store, or make it.

        Args:
            target: the path of an SQLite file, or `postgresql://USER@HOST/DATABASE`.
            create: whether to make it if it is not there.

        Raises:
            DataError: it cannot be opened, or is no store of this version.
        """
        return cls(*open_engine(target, create=create))

    def __enter__(self) -> "Store":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def has(self, article: Article) -> bool:
        """Whether the article's content was added, so that it need not be read again."""
        key = article_key(article)
        with faults_told(self.name), reading(self._engine) as connection:
            return connection.scalar(select(tables.articles.c.key).where(tables.articles.c.key == key)) is not None

    def add(self, article: Article, accounts: Sequence[Account], *, model: str) -> Added:
        """Add an article with what was coded of it, in one transaction.

        Args:
            article: the text and where it is from.
            accounts: of this article, in its order; none if it tells of no incident, so that it counts as read.
            model: what read it, for instance the model's name and version.

        Raises:
            DataError: an account is of another article, or the database refuses.
        """
        key = article_key(article)
        if stray := [account.id for account in accounts if account.article.key != key]:
            raise DataError(f"article {article.id}: account {stray[0]} is of another article; add each with its own")
        try:
            with faults_told(self.name), writing(self._engine) as connection:
                return self._added(connection, article, key, accounts, model)
        except BaseException:
            self._linking.forget()
            raise

    def incidents(self, *, articles: Collection[str] | None = None) -> Iterator[MergedIncident]:
        """All incidents by first day, undated ones last, then id, as they are when the first is asked for.

        Args:
            articles: keys of contents; only incidents that one of them tells of, with all their accounts.
        """
        columns = tables.incidents.c
        asked = select(columns.id).order_by(columns.date_start.is_(None), columns.date_start, columns.id)
        if articles is not None:
            asked = asked.where(columns.id.in_(self._told_by(articles)))
        with faults_told(self.name), reading(self._engine) as connection:
            names = connection.execute(asked).scalars()
            for part in names.partitions(N_AT_ONCE):
                yield from _incidents(connection, part)

    def article_text(self, key: str) -> str:
        """The text of an article by the key of its content, in which the offsets of evidence count.

        Raises:
            DataError: there is no such article.
        """
        with faults_told(self.name), reading(self._engine) as connection:
            text = connection.scalar(select(tables.articles.c.text).where(tables.articles.c.key == key))
        if text is None:
            raise DataError(f"{self.name}: has no article with the key {key}; expected `Account.article.key`")
        return str(text)

    def copies(self, key: str) -> tuple[ArticleRef, ...]:
        """Every id, source, address and title under which an article's content was met; the first is the account's."""
        copies, articles = tables.copies.c, tables.articles.c
        asked = select(copies.id, copies.title, articles.published, copies.source, copies.url)
        asked = asked.join_from(tables.copies, tables.articles).where(copies.article == key)
        with faults_told(self.name), reading(self._engine) as connection:
            rows = connection.execute(asked.order_by(copies.id, copies.source, copies.url, copies.title))
            return tuple(ArticleRef(key, *row) for row in rows)

    def counts(self) -> Counts:
        """How much there is."""
        accounts, incidents = tables.accounts, tables.incidents
        with faults_told(self.name), reading(self._engine) as connection:

            def number(asked: object) -> int:
                return int(connection.scalar(asked) or 0)  # type: ignore[call-overload]  # any count

            n_articles = number(select(func.count()).select_from(tables.articles))
            return Counts(
                articles=n_articles,
                copies=number(select(func.count()).select_from(tables.copies)) - n_articles,
                accounts=number(select(func.count()).select_from(accounts)),
                vague=number(select(func.count()).select_from(accounts).where(accounts.c.n_blocks == 0)),
                incidents=number(select(func.count()).select_from(incidents)),
                merged=number(select(func.count()).select_from(incidents).where(incidents.c.n_articles > 1)),
            )

    def conflicts(self) -> tuple[str, ...]:
        """What does not fit together: ids that stand for several contents, and articles read by several models."""
        contents = func.count(distinct(tables.copies.c.article))
        twice = select(tables.copies.c.id, contents).group_by(tables.copies.c.id).having(contents > 1)
        models = select(tables.articles.c.model, func.count()).group_by(tables.articles.c.model)
        with faults_told(self.name), reading(self._engine) as connection:
            ids = [f"article {name}: {n} different contents" for name, n in connection.execute(twice.order_by("id"))]
            read = [f"{n} articles read by {model}" for model, n in connection.execute(models.order_by("model"))]
        return (*ids, *(read if len(read) > 1 else ()))

    def _told_by(self, articles: Collection[str]) -> list[str]:
        """Ids of the incidents that contents tell of."""
        accounts, keys = tables.accounts.c, sorted(set(articles))
        with faults_told(self.name), reading(self._engine) as connection:
            parts = (keys[start : start + N_AT_ONCE] for start in range(0, len(keys), N_AT_ONCE))
            asked = (select(accounts.incident).where(accounts.article.in_(part)) for part in parts)
            return sorted({name for query in asked for name in connection.execute(query).scalars()})

    def _added(
        self, connection: Connection, article: Article, key: str, accounts: Sequence[Account], model: str
    ) -> Added:
        articles = tables.articles
        known = connection.execute(select(articles.c.model).where(articles.c.key == key)).one_or_none()
        notes = [*_id_notes(connection, article, key), *(_model_notes(article, known.model, model) if known else ())]
        if known:
            _note_copy(connection, article, key)
            return Added(new=False, notes=tuple(notes))
        connection.execute(insert(articles), _article_row(article, key, model))
        _note_copy(connection, article, key)
        tally = self._linking.add(connection, accounts) if accounts else Tally()
        return Added(True, len(accounts), tally.n_alone, tally.n_merged, tally.n_vague, tally.n_compared, tuple(notes))


def _article_row(article: Article, key: str, model: str) -> dict[str, object]:
    return {
        "key": key, "id": article.id, "title": article.title, "published": article.published,
        "source": article.source, "url": article.url, "text": article.text, "model": model,
    }  # fmt: skip


def _note_copy(connection: Connection, article: Article, key: str) -> None:
    """Keep where a content was met; the first copy, in the order of characters, is the one its accounts name."""
    copies, articles = tables.copies, tables.articles
    columns = (copies.c.id, copies.c.source, copies.c.url, copies.c.title)
    seen = sorted(tuple(row) for row in connection.execute(select(*columns).where(copies.c.article == key)))
    copy = (article.id, article.source, article.url, article.title)
    if copy in seen:
        return
    named = dict(zip(("id", "source", "url", "title"), copy, strict=True))
    connection.execute(insert(copies), {"article": key, **named})
    if seen and copy < seen[0]:
        connection.execute(update(articles).where(articles.c.key == key).values(named))
        _rename(connection, ArticleRef(key, published=article.published, **named))


def _rename(connection: Connection, article: ArticleRef) -> None:
    """Let the accounts of a content name another copy of it."""
    accounts = tables.accounts.c
    rows = connection.execute(select(accounts.id, accounts.payload).where(accounts.article == article.key)).all()
    for name, payload in rows:
        renamed = payload_of(with_article(account_of(payload), article))
        connection.execute(update(tables.accounts).where(accounts.id == name).values(payload=renamed))


def _id_notes(connection: Connection, article: Article, key: str) -> Iterator[str]:
    copies = tables.copies.c
    other = select(copies.article).where(copies.id == article.id, copies.article != key).limit(1)
    if connection.scalar(other) is not None:
        yield (
            f"article {article.id}: was added before with another text or publication day; both are kept, as articles "
            "of their own: give each article its own id, or none"
        )


def _model_notes(article: Article, before: str, model: str) -> Iterator[str]:
    if before != model:
        yield (
            f"article {article.id}: was read by {before} before, and what that found stays; "
            f"to have it read by {model}, use a new store"
        )


def _incidents(connection: Connection, names: Sequence[str]) -> Iterator[MergedIncident]:
    """Whole incidents in the order of their ids as given."""
    columns = tables.accounts.c
    rows = connection.execute(select(columns.incident, columns.payload).where(columns.incident.in_(names)))
    members: dict[str, list[Account]] = {name: [] for name in names}
    for name, payload in rows:
        members[name].append(account_of(payload))
    edges = _edges(connection, {account.id: name for name, group in members.items() for account in group})
    for name, group in members.items():
        yield merge(group, map(merge_of, spanning(edges.get(name, ()))))


def _edges(connection: Connection, incident_of: Mapping[str, str]) -> Mapping[str, list[MergeRow]]:
    """The merges inside each incident; what they say is left unread, as of a large incident only few are kept."""
    found: dict[str, list[MergeRow]] = {}
    ids = sorted(incident_of)
    for start in range(0, len(ids), N_AT_ONCE):
        asked = select(tables.merges).where(tables.merges.c.first.in_(ids[start : start + N_AT_ONCE]))
        for row in map(MergeRow._make, connection.execute(asked)):
            name = incident_of[row.first]
            if incident_of.get(row.second) == name:
                found.setdefault(name, []).append(row)
    return found
