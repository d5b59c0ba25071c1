"""From the accounts of one incident to the incident: what they come to together.

Values are united, tolls span what is said, days are combined as those of an article are (`incidents.combine`), and
where values exclude each other the precedence of the schema decides: what any account reports is reported, what any
says was hit was hit. What an account says otherwise stays in it, and is told as a disagreement. An account that only
denies has a say in nothing but who says what: what it denies is not told by it.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import TypeVar, get_args

from tocsin.data.coding.account import SLOTS, Account, ArticleRef, DateRule, Days, Evidence, Location, Toll, Value
from tocsin.data.coding.merged import Merge, MergedIncident
from tocsin.data.coding.where import distance_km
from tocsin.data.incidents import combine, normalise
from tocsin.data.schema import DEFAULT_SCHEMA
from tocsin.data.store.clusters import spanning
from tocsin.data.store.disagreements import DENIED, disagreements
from tocsin.data.store.profiles import EXACT, SEA, UNIT
from tocsin.data.store.weights import NEAR_KM
from tocsin.data.types import Article

_PRECEDENCE = {attribute.name: attribute.values for attribute in DEFAULT_SCHEMA.attributes}
_LAST_RESORT = {f"{role.name}s": role.last_resort for role in DEFAULT_SCHEMA.roles}
_SOURCES = "sources"
_T = TypeVar("_T")


def merge(accounts: Iterable[Account], merges: Iterable[Merge], articles: Iterable[ArticleRef] = ()) -> MergedIncident:
    """The incident of accounts, at least one, in any order.

    Args:
        accounts: each of another article.
        merges: why they are one; of those between these accounts, the surest that connect them are kept.
        articles: every copy of the contents that tell of it; none: those that the accounts name.
    """
    ordered = tuple(sorted(accounts, key=_order))
    telling = [account for account in ordered if account.status != DENIED] or ordered
    ids = {account.id for account in ordered}
    inner = (each for each in merges if each.first in ids and each.second in ids)
    kept = spanning(inner, ids.difference(account.id for account in telling))
    copies = list(articles) or [account.article for account in ordered]
    return MergedIncident(
        id=telling[0].id,
        accounts=ordered,
        type=telling[0].type,
        status=_first_of("status", [account.status for account in telling]),
        outcome=_first_of("outcome", [account.outcome for account in telling]),
        score=max(account.score for account in telling),  # it took place if what any of them tells did
        **{slot: _slot(slot, ordered if slot == _SOURCES else telling) for slot in SLOTS},
        locations=_locations(telling),
        tolls=_tolls(telling),
        days=_days(telling),
        tellings=tuple(each for account in ordered for each in account.tellings),
        disagreements=disagreements(ordered),
        merges=tuple(sorted(kept, key=lambda each: (each.first, each.second))),
        articles=tuple(sorted(dict.fromkeys(copies), key=lambda each: (copy_order(each), each.key))),
    )


def single(account: Account) -> MergedIncident:
    """The incident of an account that is merged with no other."""
    return merge((account,), ())


def copy_order(article: Article | ArticleRef) -> tuple[object, ...]:
    """By day of publication, undated last, then what tells copies of one content apart."""
    day = article.published
    return day is None, day or date.max, article.id, article.source, article.url, article.title


def _order(account: Account) -> tuple[bool, date, str, str]:
    """By day of publication, undated last, then key."""
    published = account.article.published
    return published is None, published or date.max, account.article.key, account.id


def _first_of(attribute: str, said: Sequence[str]) -> str:
    """The first that any account has in the order of the schema; another schema's by the order of the accounts."""
    return next((value for value in _PRECEDENCE[attribute] if value in said), said[0])


def _slot(slot: str, accounts: Sequence[Account]) -> tuple[Value, ...]:
    return _values(_preferred(slot, [value for account in accounts for value in getattr(account, slot)]))


def _preferred(slot: str, values: Sequence[Value]) -> Sequence[Value]:
    """Without labels of last resort, as in an article: a town is a target where no account names anything in it."""
    return [value for value in values if value.label not in _LAST_RESORT.get(slot, ())] or values


def _values(values: Sequence[Value]) -> tuple[Value, ...]:
    """Fillers of a slot: those of one gazetteer entry, or of the same words, are one."""
    entries: dict[str, set[str]] = {}
    for value in values:
        if value.link:
            entries.setdefault(_form(value), set()).add(value.link.entry.id)

    def meant(value: Value) -> tuple[str, ...]:
        """What is linked in one account and not in another is linked, unless the words have two links."""
        linked = {value.link.entry.id} if value.link else entries.get(_form(value), set())
        return ("entry", *linked) if len(linked) == 1 else ("words", _form(value))

    return tuple(_one_value(group) for group in _grouped(values, meant))


def _one_value(group: Sequence[Value]) -> Value:
    """The longest text, the best score and link, all evidence."""
    longest = max(group, key=lambda value: (len(value.text), value.text))
    surest = max(group, key=lambda value: (value.score, value.label))
    links = [value.link for value in group if value.link]
    return Value(
        text=longest.text,
        label=surest.label,
        score=surest.score,
        evidence=_evidence(group),
        link=max(links, key=lambda link: link.score, default=None),
        weapon_class=longest.weapon_class or max(value.weapon_class for value in group),
    )


def _form(value: Value) -> str:
    return normalise(value.text) or value.text


def _grouped(items: Iterable[_T], key: Callable[[_T], object]) -> list[list[_T]]:
    """Items with equal keys together, in the order in which keys first occur."""
    groups: dict[object, list[_T]] = {}
    for item in items:
        groups.setdefault(key(item), []).append(item)
    return list(groups.values())


def _evidence(items: Iterable[Value | Location | Toll | Days]) -> tuple[Evidence, ...]:
    """All of it, each once, in the order of the items."""
    return tuple(dict.fromkeys(evidence for item in items for evidence in item.evidence))


def _locations(accounts: Sequence[Account]) -> tuple[Location, ...]:
    """Each place once, the most exact first, without those that only enclose another or stand for it."""
    said = [location for account in accounts for location in account.locations]
    united = [
        replace(min(group, key=lambda each: each.where_prec), evidence=_evidence(group))
        for group in _grouped(said, lambda each: each.entry)
    ]
    values = [value for account in accounts for value in (*account.targets, *account.places)]
    bases = {value.link.entry.id for value in values if value.link and value.link.entry.layer == "base"}
    ordered = sorted(united, key=lambda each: (each.where_prec, each.entry not in bases))
    return tuple(
        place
        for place in ordered
        if not any(
            _encloses(place, other) or _stands_for(place, other, bases) for other in ordered if other is not place
        )
    )


def _encloses(outer: Location, inner: Location) -> bool:
    """Whether one is the region or country of the other."""
    if not EXACT < outer.where_prec < SEA or inner.where_prec >= outer.where_prec or outer.country != inner.country:
        return False
    return outer.where_prec > UNIT or (outer.region or outer.name) == inner.region


def _stands_for(place: Location, base: Location, bases: set[str]) -> bool:
    """Whether one account names the town for a base that another account names."""
    if place.entry in bases or base.entry not in bases or place.where_prec > EXACT:
        return False
    return distance_km((place.latitude, place.longitude), (base.latitude, base.longitude)) <= NEAR_KM


def _tolls(accounts: Sequence[Account]) -> tuple[Toll, ...]:
    """Of each harm the least and the most that any account says; the best is the latest account's that has one."""
    said = [toll for account in accounts for toll in account.tolls]
    return tuple(_one_toll(group) for group in _grouped(said, lambda toll: toll.harm))


def _one_toll(group: Sequence[Toll]) -> Toll:
    highs = [toll.high for toll in group]
    return Toll(
        harm=group[0].harm,
        low=min(toll.low for toll in group),
        best=next((toll.best for toll in reversed(group) if toll.best is not None), None),
        high=None if None in highs else max(high for high in highs if high is not None),
        evidence=_evidence(group),
    )


def _days(accounts: Sequence[Account]) -> Days | None:
    """The days of all accounts combined; the evidence is of those that allow what they come to."""
    said = [account.days for account in accounts if account.days]
    interval = combine([days.interval for days in said])
    if interval is None:
        return None
    used = [days for days in said if days.interval.start <= interval.start and interval.end <= days.interval.end]
    rule = min((days.rule for days in used), key=get_args(DateRule).index)
    return Days(interval, rule, _evidence(used))
