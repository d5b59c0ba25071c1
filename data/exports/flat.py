"""The flat table: one row an incident, the same columns for CSV, Parquet and the properties of GeoJSON.

- `attackers`, `targets`, `claimed_by`, `denied_by` and `sources` are actors and bases as the gazetteer names them, else
  as the text does; who only denies it is no source. `places` and `weapons` are as told. `location` to `where_prec` are
  of the most exact location, the rest of which `other_locations` names.
- Tolls are low, best and high; `harmed` are those of whom it is not said how. Unknown bounds are empty.
- `evidence` has every slot with the article's id, the characters `[start, end)` and what stands there.
- `disagreements` and `merged_because` name articles by their ids; a merge has the sum of its weights, and each.
- Several values of a cell are joined by "; " in CSV and are a list in Parquet, where a "; " within a name is no end.
"""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Literal, TextIO

from tocsin.data.coding.account import Evidence
from tocsin.data.coding.merged import Disagreement, Merge, MergedIncident
from tocsin.data.exports.cells import SEPARATOR, Scalar, guarded, one_line
from tocsin.data.exports.country_names import country_name
from tocsin.data.exports.evidence import NOTHING_TOLD, articles_of, evidence, is_bare, main_telling
from tocsin.data.exports.rows import Row, name_of, rows
from tocsin.data.exports.tellers import claimants, deniers, is_denied_by_nobody_named, sources
from tocsin.data.exports.written import Tally, Written

Kind = Literal["string", "strings", "integer", "number", "day", "evidence"]
Item = str | int | float | date | tuple[str, ...] | tuple[tuple[str, Evidence], ...] | None
Record = dict[str, Item]

TOLLS: Mapping[str, str] = {  # columns by harm
    "killed": "killed",
    "wounded": "wounded",
    "captured": "captured",
    "missing": "missing",
    "any": "harmed",
}
BOUNDS = ("low", "best", "high")
COLUMNS: Mapping[str, Kind] = {
    "id": "string",
    "date_start": "day",
    "date_end": "day",
    "date_prec": "integer",
    "date_rule": "string",
    "unresolved_dates": "strings",
    "type": "string",
    "status": "string",
    "outcome": "string",
    "score": "number",
    "attackers": "strings",
    "targets": "strings",
    "weapons": "strings",
    "weapon_classes": "strings",
    "places": "strings",
    "location": "string",
    "country": "string",
    "country_code": "string",
    "admin1": "string",
    "latitude": "number",
    "longitude": "number",
    "where_prec": "integer",
    "other_locations": "strings",
    **{f"{name}_{bound}": "integer" for name in TOLLS.values() for bound in BOUNDS},
    "claimed_by": "strings",
    "denied_by": "strings",
    "sources": "strings",
    "sentence": "string",
    "n_articles": "integer",
    "article_ids": "strings",
    "outlets": "strings",
    "urls": "strings",
    "disagreements": "strings",
    "merged_because": "strings",
    "evidence": "evidence",
}

_LOCATED = ("location", "country", "country_code", "admin1", "latitude", "longitude", "where_prec")


def record(row: Row) -> Record:
    """An incident as its row has it: located there, and with its tolls on the first."""
    incident = row.incident
    telling = main_telling(incident)
    return {
        "id": incident.id,
        **_dated(incident),
        "type": incident.type,
        "status": incident.status,
        "outcome": incident.outcome,
        "score": incident.score,
        **_slots(row),
        **_located(row),
        **_harmed(row),
        "claimed_by": _unique(map(name_of, claimants(incident))),
        "denied_by": _unique(map(name_of, deniers(incident))),
        "sources": _unique(map(name_of, sources(incident))),
        "sentence": one_line(telling.sentence.text) if telling else None,
        **_published(incident),
        **_united(incident),
        "evidence": tuple(evidence(incident)),
    }


def not_shown(incident: MergedIncident) -> Iterator[str]:
    """What the table's columns cannot show of an incident."""
    if is_bare(incident):
        yield NOTHING_TOLD
    if is_denied_by_nobody_named(incident):
        yield "denied by somebody who is not named"
    if incident.days is None:
        yield "without a date"
    if not incident.locations:
        yield "without a position"
    yield from (f"with {toll.harm}, for whom there is no column" for toll in incident.tolls if toll.harm not in TOLLS)


def write_csv(incidents: Iterable[MergedIncident], stream: TextIO) -> Written:
    """Write the table as CSV with a header."""
    tally = Tally()
    lines = csv.writer(stream, lineterminator="\n")
    lines.writerow(COLUMNS)
    for incident in incidents:
        items = record(rows(incident)[0])
        lines.writerow([guarded(_csv_cell(items[column], kind)) for column, kind in COLUMNS.items()])
        tally.add(1, not_shown(incident))
    return tally.written()


def _csv_cell(item: Item, kind: Kind) -> Scalar:
    if isinstance(item, date):
        return item.isoformat()
    if isinstance(item, tuple):
        if kind == "evidence":
            return json.dumps(plain(item), ensure_ascii=False)
        return SEPARATOR.join(map(str, item))
    return item


def plain(item: Item) -> object:
    """An item as JSON has it; a piece of evidence is [slot, article id, start, end, text]."""
    if isinstance(item, date):
        return item.isoformat()
    if isinstance(item, tuple):
        return [
            each if isinstance(each, str) else [each[0], each[1].article, each[1].start, each[1].end, each[1].text]
            for each in item
        ]
    return item


def _dated(incident: MergedIncident) -> Record:
    days = incident.days
    unresolved = (item for account in incident.accounts for item in account.unresolved)
    return {
        "date_start": days.interval.start if days else None,
        "date_end": days.interval.end if days else None,
        "date_prec": days.precision if days else None,
        "date_rule": days.rule if days else None,
        "unresolved_dates": _unique(f"{item.evidence.text}: {item.reason}" for item in unresolved),
    }


def _slots(row: Row) -> Record:
    weapons = row.incident.weapons
    return {
        "attackers": _unique(map(name_of, row.incident.attackers)),
        "targets": _unique(map(name_of, row.incident.targets)),
        "weapons": _unique(weapon.text for weapon in weapons),
        "weapon_classes": _unique(weapon.weapon_class for weapon in weapons),
        "places": _unique(map(name_of, row.incident.places)),
    }


def _located(row: Row) -> Record:
    own = row.location
    if own is None:
        return {**dict.fromkeys(_LOCATED), "other_locations": ()}
    position = (own.latitude, own.longitude, own.where_prec)
    items = (own.name, country_name(own.country, {}) or None, own.country or None, own.region or None, *position)
    others = tuple(location.name for location in row.incident.locations if location is not own)
    return {**dict(zip(_LOCATED, items, strict=True)), "other_locations": others}


def _harmed(row: Row) -> Record:
    tolls = {name: row.toll(harm) for harm, name in TOLLS.items()}
    return {
        f"{name}_{bound}": getattr(toll, bound) if toll else None for name, toll in tolls.items() for bound in BOUNDS
    }


def _published(incident: MergedIncident) -> Record:
    articles = articles_of(incident)
    return {
        "n_articles": len(articles),
        "article_ids": _unique(article.id for article in articles),
        "outlets": _unique(article.source for article in articles),
        "urls": _unique(article.url for article in articles),
    }


def _united(incident: MergedIncident) -> Record:
    articles = {account.id: account.article.id for account in incident.accounts}
    return {
        "disagreements": tuple(_said(disagreement, articles) for disagreement in incident.disagreements),
        "merged_because": tuple(_because(merge, articles) for merge in incident.merges),
    }


def _said(disagreement: Disagreement, articles: Mapping[str, str]) -> str:
    said = " | ".join(f"{articles.get(account, account)}: {what}" for account, what in disagreement.said)
    return f"{disagreement.slot}: {said}"


def _because(merge: Merge, articles: Mapping[str, str]) -> str:
    pair = " + ".join(articles.get(account, account) for account in (merge.first, merge.second))
    weightiest = sorted(merge.reasons, key=lambda reason: -abs(reason.weight))
    reasons = ", ".join(f"{reason.slot}: {reason.what} ({reason.weight:+g})" for reason in weightiest)
    return f"{pair} ({merge.score:+g}): {reasons}"


def _unique(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in names if name))
