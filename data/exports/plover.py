"""PLOVER events as JSON, one a line, after its manual of 2024-02.

An event is an incident at one of its locations; `link` names the others, and `size` stands on the first. The keys the
manual requires (`id`, `date`, `actor`, `event`) are always there: null, or no actors, where nothing is known; what
else is not known is left out. `actor` and `recipient` are arrays of entities, since several may act together. The
`code` of an actor of one country is the country's, of others the gazetteer's own.

`text` has the sentences that tell it, with the number of their article in `cite_info`, from 1; `text_info` has the
evidence of every other key, by article and characters `[start, end)`. No more is copied of an article's text.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TextIO

from tocsin.data.coding.account import Location, Toll, Value
from tocsin.data.coding.merged import MergedIncident
from tocsin.data.coding.weapons import CLASSES
from tocsin.data.exports.actors import BY_CLAIM, actors, attackers, is_by_claim
from tocsin.data.exports.cells import proofs, texts
from tocsin.data.exports.civilians import civilians
from tocsin.data.exports.country_names import country_name, country_of
from tocsin.data.exports.evidence import NOTHING_TOLD, Proofs, articles_of, is_bare, mentions
from tocsin.data.exports.notes import conventions, notes
from tocsin.data.exports.rows import Row, rows
from tocsin.data.exports.tellers import ONLY_DENIED, is_only_denied
from tocsin.data.exports.written import Tally, Written

ATTACK, ASSAULT = "ATTACK", "ASSAULT"  # an event type of the schema, and PLOVER's
MILITARY = "military"  # the context
CODER = "tocsin"
RESOLUTIONS: Mapping[int, int] = {1: 4, 2: 4, 3: 3, 4: 2, 5: 1, 6: 1}  # by where_prec; a base is more exact than a city

_SUB_CITY = 5
_REQUIRED = ("id", "date", "actor", "event")
_SIZES = {"dead": "killed", "injured": "wounded"}
_GEONAMES = "geonames:"  # opens the ids of entries that are GeoNames'


def write_plover(incidents: Iterable[MergedIncident], stream: TextIO) -> Written:
    """Write one event a line."""
    tally = Tally()
    for incident in incidents:
        events = [plover_event(row) for row in rows(incident)]
        for event in events:
            stream.write(json.dumps(event, ensure_ascii=False) + "\n")
        tally.add(len(events), _not_shown(incident))
    return tally.written()


def plover_event(row: Row) -> dict[str, Any]:
    """The event of one row."""
    incident = row.incident
    event = {
        "id": row.id,
        **_days(incident),
        "actor": [_entity(value) for value in attackers(incident)],
        "recipient": [_entity(value) for value in actors(row.targets)],
        "event": ASSAULT if incident.type == ATTACK else None,
        "event_loc": _place(row, row.location) if row.location else None,
        "event_text": texts(mentions(incident)),
        "mode": _mode(incident)[0],
        "context": [MILITARY] if _military(row) else [],
        "size": {name: toll.best for name, toll in _tolls(row).items() if toll.best is not None},
        "link": list(row.siblings),
        "text": _sentences(incident),
        "text_info": _evidence(row),
        "cite_info": _citations(incident),
        "coder": CODER,
        "comment": notes(row, harms=_SIZES.values())[0],
    }
    return {key: value for key, value in event.items() if key in _REQUIRED or value}


def _days(incident: MergedIncident) -> dict[str, str | None]:
    if incident.days is None:
        return {"date": None}
    start, end = incident.days.interval.start.isoformat(), incident.days.interval.end.isoformat()
    return {"date": start} if start == end else {"date": start, "enddate": end}


def _entity(value: Value) -> dict[str, Any]:
    entry = value.link.entry if value.link else None
    if entry is None:
        people = civilians(value)
        return {"sector": [people.sector], "entity_text": value.text} if people else {"entity_text": value.text}
    country = country_of(entry.country) if len(entry.countries) == 1 else None
    entity = {
        "code": country.iso3 if country else entry.code,
        "sector": [entry.sector] if entry.sector else [],
        "entity_text": value.text,
        "identifier_id": entry.id,
        "identifier_text": entry.name,
    }
    return {key: item for key, item in entity.items() if item}


def _place(row: Row, location: Location) -> dict[str, Any]:
    entry, country = row.entry, country_of(location.country)
    is_base = entry is not None and entry.layer == "base"
    is_city = entry is not None and entry.kind == "city"
    place = {
        "extracted_place": texts(location.evidence),
        "resolved_place": location.name,
        "geonameid": location.entry.removeprefix(_GEONAMES) if location.entry.startswith(_GEONAMES) else "",
        "city": location.name if is_city else "",
        "province": location.region,
        "country": country_name(location.country, {}),
        "country_code": country.iso3 if country else "",
        "resolution": _SUB_CITY if is_base and location.where_prec == 1 else RESOLUTIONS.get(location.where_prec),
    }
    position = {"lat": location.latitude, "lon": location.longitude}
    return position | {key: item for key, item in place.items() if item}


def _mode(incident: MergedIncident) -> tuple[str, Proofs]:
    """The mode that the first weapon with one comes to."""
    for weapon in incident.weapons:
        if weapon.weapon_class in CLASSES and (mode := CLASSES[weapon.weapon_class].codes.plover):
            return mode, weapon.evidence
    return "", ()


def _military(row: Row) -> Proofs:
    """What says that the context is military: a base, or armed forces on either side."""
    sides = (*row.incident.attackers, *row.targets)
    return proofs(value for value in sides if value.label == "BASE" or _sector(value) == "MIL")


def _sector(value: Value) -> str:
    return value.link.entry.sector if value.link else ""


def _tolls(row: Row) -> dict[str, Toll]:
    return {name: toll for name, harm in _SIZES.items() if (toll := row.toll(harm))}


def _sentences(incident: MergedIncident) -> list[dict[str, Any]]:
    """The sentences with the numbers of their articles. Two articles may share an id, so the key is asked as well."""
    articles = articles_of(incident)
    numbers = {(each.key, each.id): number for number, each in reversed([*enumerate(articles, start=1)])}
    told = dict.fromkeys(
        (numbers.get((account.article.key, account.article.id)), telling.sentence)
        for account in incident.accounts
        for telling in account.tellings
    )
    return [
        {"sequence": number, "start": place.start, "end": place.end, "text_story": place.text} for number, place in told
    ]


def _evidence(row: Row) -> list[dict[str, Any]]:
    """Every piece of evidence with the key that it proves."""
    incident = row.incident
    proven = {
        "date": incident.days.evidence if incident.days else (),
        **{f"actor[{n}]": value.evidence for n, value in enumerate(attackers(incident))},
        **{f"recipient[{n}]": value.evidence for n, value in enumerate(actors(row.targets))},
        "event": mentions(incident),
        "event_loc": row.location.evidence if row.location else (),
        "mode": _mode(incident)[1],
        "context": _military(row),
        "comment": notes(row, harms=_SIZES.values())[1],
        **{f"size.{name}": toll.evidence for name, toll in _tolls(row).items() if toll.best is not None},
    }
    return [
        {"key": key, "article": place.article, "start": place.start, "end": place.end, "text": place.text}
        for key, places in proven.items()
        for place in places
    ]


def _citations(incident: MergedIncident) -> list[dict[str, str]]:
    cited = (
        {"citation": article.id, "url": article.url, "title": article.title, "publication": article.source}
        for article in articles_of(incident)
    )
    return [{key: item for key, item in each.items() if item} for each in cited]


def _not_shown(incident: MergedIncident) -> Iterator[str]:
    if incident.type != ATTACK:
        yield f"of another type than {ATTACK}, for which PLOVER has no event here"
    if is_bare(incident):
        yield NOTHING_TOLD
    if is_only_denied(incident):
        yield ONLY_DENIED
    if is_by_claim(incident):
        yield BY_CLAIM
    yield from conventions(incident, harms=_SIZES.values())
    if incident.days is None:
        yield "without a date"
    if not incident.locations:
        yield "without a position"
    for toll in incident.tolls:
        if toll.harm not in _SIZES.values():
            yield f"with {toll.harm}, for whom there is no key"
        elif toll.best is None:
            yield f"with {toll.harm} of whom no number is told"
