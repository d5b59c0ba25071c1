"""Contents: each text once, however often it is met, and which of its copies speaks for it.

Copies of one content have the same words; white space, and how Unicode composes a character, may differ. The copy that
speaks is of those that state the earliest day the first in the order of characters. What a store holds was coded of
that copy: of its day, which anchors "Tuesday", and of its text, in which the offsets of evidence count. Which one
speaks depends on the copies alone, so that they may come in any order; one that comes late and speaks is to be read.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Connection, and_, distinct, func, insert, select, update

from tocsin.data.coding.account import ArticleRef
from tocsin.data.store.lists import parts
from tocsin.data.store.merging import copy_order
from tocsin.data.store.tables import articles, copies
from tocsin.data.types import Article

N_SHOWN_DIGITS = 8
_COPY = ("id", "source", "url", "title")  # what tells copies apart


@dataclass(frozen=True, slots=True)
class Content:
    """A content in the store."""

    key: str
    speaker: Article  # the copy of which it was coded
    model: str  # what read that copy

    def reads_like(self, article: Article) -> bool:
        """Whether reading a copy comes to the same accounts, but for the names of the copy."""
        return (article.text, article.published) == (self.speaker.text, self.speaker.published)

    def is_behind(self, article: Article) -> bool:
        """Whether a copy is to speak, and is to be read before that."""
        return rank(article) < rank(self.speaker) and not self.reads_like(article)


def rank(article: Article) -> tuple[object, ...]:
    """Of the copies of a content the one with the smallest rank speaks."""
    return *copy_order(article), article.text


def content_of(connection: Connection, key: str) -> Content | None:
    """The content of that key; None if it is not in the store."""
    columns = [articles.c[name] for name in ("text", "id", "title", "published", "source", "url")]
    row = connection.execute(select(articles.c.model, *columns).where(articles.c.key == key)).one_or_none()
    return None if row is None else Content(key, Article(*row[1:]), row.model)


def put(connection: Connection, key: str, article: Article, model: str) -> None:
    """Store a content that was not there yet; this copy of it speaks."""
    connection.execute(insert(articles), {"key": key, **_row(article), "model": model})
    connection.execute(insert(copies), _copy_row(key, article))


def let_speak(connection: Connection, key: str, article: Article, model: str) -> None:
    """Let another copy, or the same as it was read anew, speak for a content."""
    connection.execute(update(articles).where(articles.c.key == key).values(**_row(article), model=model))


def note_copy(connection: Connection, key: str, article: Article, *, is_correction: bool = False) -> None:
    """Keep where else a content was met.

    Args:
        is_correction: the copy's day is the one it states now; else the earliest that it ever stated.
    """
    own = _is_copy(key, article)
    known = connection.execute(select(copies.c.published).where(own)).one_or_none()
    if known is None:
        connection.execute(insert(copies), _copy_row(key, article))
    elif is_correction or _is_earlier(article.published, known.published):
        connection.execute(update(copies).where(own).values(published=article.published))


def is_correction(connection: Connection, content: Content, article: Article) -> bool:
    """Whether an article is the copy that speaks, put otherwise, and with that still speaks before all others.

    A copy that states no day does not correct one that did: it has nothing to say of it.
    """
    speaker = content.speaker
    if _named(article) != _named(speaker) or (speaker.published and not article.published):
        return False
    (known,) = copies_of(connection, [content.key]).values()
    others = [copy for copy in known if _named(copy) != _named(article)]
    return all(copy_order(article) < copy_order(copy) for copy in others)


def copies_of(connection: Connection, keys: Iterable[str]) -> dict[str, list[ArticleRef]]:
    """Every copy of each content."""
    found: dict[str, list[ArticleRef]] = {}
    columns = [copies.c[name] for name in ("article", "id", "title", "published", "source", "url")]
    for part in parts(keys):
        for row in connection.execute(select(*columns).where(copies.c.article.in_(part))):
            found.setdefault(row.article, []).append(ArticleRef(*row))
    return found


def shared_ids(connection: Connection, ids: Iterable[str]) -> set[str]:
    """Those of the ids under which several contents were met."""
    found: set[str] = set()
    for part in parts(ids):
        asked = select(copies.c.id).where(copies.c.id.in_(part)).group_by(copies.c.id)
        found.update(connection.scalars(asked.having(func.count(distinct(copies.c.article)) > 1)))
    return found


def apart(article: ArticleRef) -> str:
    """What an article is called whose id is that of other contents too."""
    return f"{article.id}#{article.key[:N_SHOWN_DIGITS]}"


def _row(article: Article) -> dict[str, object]:
    return {name: getattr(article, name) for name in (*_COPY, "published", "text")}


def _copy_row(key: str, article: Article) -> dict[str, object]:
    return {"article": key, **{name: getattr(article, name) for name in (*_COPY, "published")}}


def _named(article: Article | ArticleRef) -> tuple[str, ...]:
    return tuple(getattr(article, name) for name in _COPY)


def _is_copy(key: str, article: Article) -> ColumnElement[bool]:
    return and_(copies.c.article == key, *(copies.c[name] == getattr(article, name) for name in _COPY))


def _is_earlier(day: date | None, than: date | None) -> bool:
    return day is not None and (than is None or day < than)
