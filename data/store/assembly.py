"""Assembly: incidents put together from their rows, with every copy of the articles that tell of them."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import replace
from datetime import date

from sqlalchemy import Connection, select

from tocsin.data.coding.account import Account, ArticleRef
from tocsin.data.coding.merged import MergedIncident
from tocsin.data.store.clusters import spanning
from tocsin.data.store.contents import apart, copies_of, shared_ids
from tocsin.data.store.disagreements import DENIED
from tocsin.data.store.lists import parts
from tocsin.data.store.merging import merge
from tocsin.data.store.rows import MergeRow, account_of, merge_of, with_article
from tocsin.data.store.tables import accounts, incidents, merges

N_INCIDENTS = 200  # put together at once


def assembled(connection: Connection, articles: Collection[str] | None) -> Iterator[MergedIncident]:
    """Whole incidents by first day, undated ones last, then id.

    Args:
        articles: keys of contents; only incidents that one of them tells of.
    """
    ids = _all_ids(connection) if articles is None else _told_by(connection, articles)
    for part in parts(ids, N_INCIDENTS):
        yield from _incidents(connection, part)


def _all_ids(connection: Connection) -> Iterable[str]:
    columns = incidents.c
    return connection.scalars(select(columns.id).order_by(columns.date_start.is_(None), columns.date_start, columns.id))


def _told_by(connection: Connection, articles: Collection[str]) -> list[str]:
    """The keys are too many for one statement, so what they come to is sorted here."""
    found: set[tuple[bool, date, str]] = set()
    asked = select(incidents.c.id, incidents.c.date_start).join_from(accounts, incidents)
    for part in parts(sorted(set(articles))):
        for name, day in connection.execute(asked.where(accounts.c.article.in_(part))):
            found.add((day is None, day or date.max, name))
    return [name for *_, name in sorted(found)]


def _incidents(connection: Connection, names: Sequence[str]) -> Iterator[MergedIncident]:
    """Incidents in the order of their ids as given."""
    columns = accounts.c
    rows = connection.execute(select(columns.incident, columns.payload).where(columns.incident.in_(names)))
    members: dict[str, list[Account]] = {name: [] for name in names}
    for name, payload in rows:
        members[name].append(account_of(payload))
    copies = copies_of(connection, {account.article.key for group in members.values() for account in group})
    shared = shared_ids(connection, {copy.id for group in copies.values() for copy in group})
    edges = _edges(connection, {account.id: name for name, group in members.items() for account in group})
    for name, group in members.items():
        denials = {account.id for account in group if account.status == DENIED}
        kept = map(merge_of, spanning(edges.get(name, ()), denials))
        keys = dict.fromkeys(account.article.key for account in group)
        articles = [_told_apart(copy, shared) for key in keys for copy in copies[key]]
        yield merge([_account_told_apart(account, shared) for account in group], kept, articles)


def _told_apart(article: ArticleRef, shared: Set[str]) -> ArticleRef:
    return replace(article, id=apart(article)) if article.id in shared else article


def _account_told_apart(account: Account, shared: Set[str]) -> Account:
    """The account with evidence that names its article alone."""
    article = account.article
    return with_article(account, _told_apart(article, shared)) if article.id in shared else account


def _edges(connection: Connection, incident_of: Mapping[str, str]) -> Mapping[str, list[MergeRow]]:
    """The merges inside each incident; what they say is left unread, as of a large incident only few are kept."""
    found: dict[str, list[MergeRow]] = {}
    for part in parts(sorted(incident_of)):
        for row in map(MergeRow._make, connection.execute(select(merges).where(merges.c.first.in_(part)))):
            name = incident_of[row.first]
            if incident_of.get(row.second) == name:
                found.setdefault(name, []).append(row)
    return found
