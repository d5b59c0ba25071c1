"""Rows of the tables: accounts, merges and incidents as they are stored, and back."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any, NamedTuple, TypeVar

from tocsin.data.coding.account import Account, ArticleRef, Evidence, Value
from tocsin.data.coding.account_json import account_from_json, account_to_json
from tocsin.data.coding.merged import Merge, MergedIncident, Reason

SEPARATOR = "; "  # between several fillers in one column
_MAX_INTEGER = 2**31 - 1  # of PostgreSQL's column type; accounts keep what is larger
Row = dict[str, Any]
_T = TypeVar("_T")


class MergeRow(NamedTuple):
    """A row of `merges`, whose reasons are not read yet."""

    first: str
    second: str
    score: float
    reasons: str


def payload_of(account: Account) -> str:
    return json.dumps(account_to_json(account), ensure_ascii=False, separators=(",", ":"))


def account_of(payload: str) -> Account:
    """Read what `payload_of` wrote.

    Raises:
        DataError: it is no account.
    """
    return account_from_json(json.loads(payload))


def account_row(account: Account, number: int, *, n_blocks: int, component: str) -> Row:
    days = account.days.interval if account.days else None
    return {
        "id": account.id,
        "article": account.article.key,
        "number": number,
        "component": component,
        "status": account.status,
        "incident": None,  # until it is known which one
        "date_start": days and days.start,
        "date_end": days and days.end,
        "n_blocks": n_blocks,
        "payload": payload_of(account),
    }


def merge_row(merge: Merge) -> Row:
    reasons = [(reason.slot, reason.what, reason.weight) for reason in merge.reasons]
    return {
        "first": merge.first,
        "second": merge.second,
        "score": merge.score,
        "reasons": json.dumps(reasons, ensure_ascii=False),
    }


def merge_of(row: MergeRow) -> Merge:
    return Merge(row.first, row.second, row.score, tuple(Reason(*reason) for reason in json.loads(row.reasons)))


def incident_row(incident: MergedIncident) -> Row:
    """The flat columns, for those who ask in SQL."""
    days = incident.days
    place = incident.locations[0] if incident.locations else None
    row = {
        "id": incident.id,
        "date_start": days and days.interval.start,
        "date_end": days and days.interval.end,
        "date_prec": days and days.precision,
        "type": incident.type,
        "status": incident.status,
        "outcome": incident.outcome,
        "attacker": _named(incident.attackers),
        "target": _named(incident.targets),
        "weapon": _joined(value.text for value in incident.weapons),
        "weapon_class": _joined(value.weapon_class for value in incident.weapons),
        "place": place.name if place else "",
        "country": place.country if place else "",
        "latitude": place and place.latitude,
        "longitude": place and place.longitude,
        "where_prec": place and place.where_prec,
        "n_articles": len({account.article.key for account in incident.accounts}),
        "n_accounts": len(incident.accounts),
        "score": incident.score,
    }
    tolls = {toll.harm: toll for toll in incident.tolls}
    for harm in ("killed", "wounded"):
        row |= {f"{harm}_{end}": _number(getattr(tolls.get(harm), end, None)) for end in ("low", "best", "high")}
    return row


def _number(value: int | None) -> int | None:
    return None if value is None else min(value, _MAX_INTEGER)


def with_article(account: Account, article: ArticleRef) -> Account:
    """The same account, as of another copy of its article: evidence names the article by the copy's id."""
    return replace(_moved(account, article.id), article=article)


def _moved(value: _T, article: str) -> _T:
    """A value in which all evidence is of the article of that id."""
    if isinstance(value, Evidence):
        return replace(value, article=article)
    if isinstance(value, tuple):
        return type(value)(_moved(item, article) for item in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{field.name: _moved(getattr(value, field.name), article) for field in fields(value)})
    return value


def _named(values: Sequence[Value]) -> str:
    """The names of linked entries, the words of others."""
    return _joined(value.link.entry.name if value.link else value.text for value in values)


def _joined(texts: Iterable[str]) -> str:
    return SEPARATOR.join(dict.fromkeys(text for text in texts if text))
