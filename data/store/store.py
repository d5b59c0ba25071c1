"""A store: the accounts of many articles in a database, each in the incident it tells of.

An article is added in one transaction, once: its words are its key, and other copies of them are kept as copies. Adding
it again changes nothing, any order of adding comes to the same store, and a process killed at any moment leaves whole
articles only. The texts of the articles are kept, so that the sentences that prove an incident can be shown.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from dataclasses import replace as evolve
from pathlib import Path
from types import TracebackType

from sqlalchemy import Connection, Engine, func, select, update

from tocsin.data.coding.account import Account, ArticleRef
from tocsin.data.coding.coder import article_key, article_ref
from tocsin.data.coding.merged import MergedIncident
from tocsin.data.errors import DataError
from tocsin.data.store import contents, tables
from tocsin.data.store.assembly import assembled
from tocsin.data.store.contents import Content
from tocsin.data.store.linking import Linking, Tally
from tocsin.data.store.opening import faults_told, open_engine, reading, writing
from tocsin.data.store.rows import account_of, payload_of, with_article
from tocsin.data.types import Article


@dataclass(frozen=True, slots=True)
class Added:
    """What adding an article came to."""

    new: bool  # False: the content was there already; only where else it was met may have been noted
    replaced: bool = False  # the content was there, and these accounts took the place of those it had
    differs: bool = False  # … and has other accounts than these; they stay, unless they are to be replaced
    n_accounts: int = 0
    n_incidents_new: int = 0  # accounts that tell of an incident no other article tells of
    n_merged: int = 0  # accounts that joined those of other articles
    n_denied: int = 0  # accounts that deny what no other article tells of: of no incident
    n_vague: int = 0  # of the accounts, those that can be merged with none: no days, more than a week, or no place
    n_compared: int = 0  # pairs of accounts that were compared
    notes: tuple[str, ...] = ()  # what the user should know


@dataclass(frozen=True, slots=True)
class Counts:
    """What a store holds."""

    articles: int
    copies: int  # times that the same content was met under another id, source, address or title
    accounts: int
    denied_only: int  # accounts that deny what no other article tells of: of no incident
    vague: int  # accounts that can be merged with none: no days, more than a week, or no place
    incidents: int
    merged: int  # incidents that several articles tell of


@dataclass(frozen=True, slots=True)
class _Reading:
    """An article, and what was coded of it."""

    key: str
    article: Article
    accounts: Sequence[Account] | None  # None: it was not read
    model: str

    def coded(self) -> list[Account]:
        """The accounts, which name this article.

        Raises:
            DataError: it was not read.
        """
        if self.accounts is None:
            raise DataError(f"article {self.article.id}: is not known as it is here; expected accounts coded of it")
        own = article_ref(self.article)
        return [account if account.article == own else with_article(account, own) for account in self.accounts]


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
        """Whether the article need not be read: its content was, of this copy or of one that speaks before it."""
        with faults_told(self.name), reading(self._engine) as connection:
            content = contents.content_of(connection, article_key(article))
        return content is not None and not content.is_behind(article)

    def add(self, article: Article, accounts: Sequence[Account] | None, *, model: str, replace: bool = False) -> Added:
        """Add an article with what was coded of it, in one transaction.

        What is coded of a copy that is to speak for a known content (`contents`) takes the place of what was coded of
        another copy.

        Args:
            article: the text and where it is from.
            accounts: of this article, in its order; empty if it tells of no incident, so that it counts as read; None
                if the store `has` it, so that it was not read.
            model: what read it, for instance the model's name and version.
            replace: whether accounts of a known content that differ from these give way to them.

        Raises:
            DataError: an account is of another article, there are none where the article is to be read, or the
                database refuses.
        """
        key = article_key(article)
        if stray := [account.id for account in accounts or () if account.article.key != key]:
            raise DataError(f"article {article.id}: account {stray[0]} is of another article; add each with its own")
        try:
            with faults_told(self.name), writing(self._engine) as connection:
                self._linking.refresh(connection)
                return self._added(connection, _Reading(key, article, accounts, model), replace=replace)
        except BaseException:
            self._linking.forget()
            raise

    def incidents(self, *, articles: Collection[str] | None = None) -> Iterator[MergedIncident]:
        """All incidents by first day, undated ones last, then id, as they are when the first is asked for.

        An id that stands for several contents is written with the first digits of the content's key, "wire-7#3fa9c01b",
        in `ArticleRef.id` and in all evidence.

        Args:
            articles: keys of contents; only incidents that one of them tells of, with all their accounts.
        """
        with faults_told(self.name), reading(self._engine) as connection:
            yield from assembled(connection, articles)

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
                denied_only=number(select(func.count()).select_from(accounts).where(accounts.c.incident.is_(None))),
                vague=number(select(func.count()).select_from(accounts).where(accounts.c.n_blocks == 0)),
                incidents=number(select(func.count()).select_from(incidents)),
                merged=number(select(func.count()).select_from(incidents).where(incidents.c.n_articles > 1)),
            )

    def _added(self, connection: Connection, read: _Reading, *, replace: bool) -> Added:
        content = contents.content_of(connection, read.key)
        notes = tuple(_id_notes(connection, read))
        if content is None:
            contents.put(connection, read.key, read.article, read.model)
            return _told(self._linking.add(connection, read.coded()), Added(new=True, notes=notes))
        corrects = replace and contents.is_correction(connection, content, read.article)
        contents.note_copy(connection, read.key, read.article, is_correction=corrects)
        if content.reads_like(read.article):
            return self._known(connection, content, read, Added(new=False, notes=notes), replace=replace)
        if corrects or content.is_behind(read.article):
            return self._replaced(connection, read, Added(new=False, notes=notes))
        return Added(new=False, notes=(*notes, *(_later_notes(content, read) if replace else ())))

    def _known(self, connection: Connection, content: Content, read: _Reading, added: Added, *, replace: bool) -> Added:
        """A copy of the same day, whose accounts are those of the copy that speaks if nothing was read otherwise."""
        speaker = min(content.speaker, read.article, key=contents.rank)
        if speaker != content.speaker:
            contents.let_speak(connection, read.key, speaker, content.model)
            _rename(connection, article_ref(speaker))
        if read.accounts is None:
            return _with_notes(added, _model_notes(content, read))
        own = evolve(read, article=speaker)
        if replace and content.model != read.model:
            contents.let_speak(connection, read.key, speaker, read.model)
        if _payloads(connection, read.key) == [payload_of(account) for account in own.coded()]:
            return added if replace else _with_notes(added, _model_notes(content, read))
        return self._replaced(connection, own, added) if replace else evolve(added, differs=True)

    def _replaced(self, connection: Connection, read: _Reading, added: Added) -> Added:
        contents.let_speak(connection, read.key, read.article, read.model)
        tally = self._linking.replace(connection, read.key, read.coded())
        return _told(tally, evolve(added, replaced=True))


def _told(tally: Tally, added: Added) -> Added:
    return evolve(
        added,
        n_accounts=tally.n_alone + tally.n_merged + tally.n_denied,
        n_incidents_new=tally.n_alone,
        n_merged=tally.n_merged,
        n_denied=tally.n_denied,
        n_vague=tally.n_vague,
        n_compared=tally.n_compared,
    )


def _with_notes(added: Added, notes: Iterable[str]) -> Added:
    return evolve(added, notes=(*added.notes, *notes))


def _payloads(connection: Connection, key: str) -> list[str]:
    """The accounts of a content as they are stored."""
    columns = tables.accounts.c
    return list(connection.scalars(select(columns.payload).where(columns.article == key).order_by(columns.number)))


def _rename(connection: Connection, article: ArticleRef) -> None:
    """Let the accounts of a content name another copy of it."""
    for payload in _payloads(connection, article.key):
        account = account_of(payload)
        renamed = update(tables.accounts).where(tables.accounts.c.id == account.id)
        connection.execute(renamed.values(payload=payload_of(with_article(account, article))))


def _id_notes(connection: Connection, read: _Reading) -> Iterator[str]:
    article, copies = read.article, tables.copies.c
    other = select(copies.article).where(copies.id == article.id, copies.article != read.key).limit(1)
    if connection.scalar(other) is not None:
        yield (
            f"article {article.id}: was added before with another text; both are kept, this one as "
            f"{contents.apart(article_ref(article))}: give each article its own id, or none"
        )


def _model_notes(content: Content, read: _Reading) -> Iterator[str]:
    if content.model != read.model:
        yield (
            f"article {read.article.id}: was read by {content.model} before, and what that found stays; "
            f"--again has it read by {read.model}"
        )


def _later_notes(content: Content, read: _Reading) -> Iterator[str]:
    """Why this copy replaces nothing."""
    speaker = content.speaker
    yield (
        f"article {read.article.id} ({read.article.published or 'no day'}): is a copy of {speaker.id} "
        f"({speaker.published or 'no day'}), of which the content is coded, and replaces nothing; put that one in again"
    )
