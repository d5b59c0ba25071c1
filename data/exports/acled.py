"""ACLED's table: its columns, categories and rules, after its codebook and the column change of 2023.

- Of several weapons, the sub-event that stands first in the codebook's list decides; small arms against civilians
  alone are "Attack". Explosives that were intercepted and harmed nobody are "Disrupted weapons use".
- A week or month is the day in its middle, with the precision that says so; a longer time has no day.
- A position is a named place (1), the area of a first- or second-level unit, or vaguer (3).
- "inter" are numbers. Who is no actor (a base, a town) is no `actor2`. `actor1` attacked.
- Fatalities are left empty where no number is told; ACLED itself writes 0. Vague words count as its codebook has them.
"""

from collections.abc import Iterator, Mapping
from datetime import timedelta

from tocsin.data.coding.account import Days, Value
from tocsin.data.coding.merged import MergedIncident
from tocsin.data.coding.weapons import CLASSES
from tocsin.data.exports import country_names
from tocsin.data.exports.actors import CIVILIANS, actors, inter
from tocsin.data.exports.cells import Cell, Cells, Scalar, filled, joined, one_line, proofs, proven
from tocsin.data.exports.codebook import Codebook
from tocsin.data.exports.country_names import country_name, country_of, number
from tocsin.data.exports.evidence import Proofs, articles_of, main_telling, outcome_proofs
from tocsin.data.exports.rows import Row, name_of

COLUMNS = tuple(
    """
    event_id_cnty event_date year time_precision disorder_type event_type sub_event_type actor1 assoc_actor_1 inter1
    actor2 assoc_actor_2 inter2 interaction civilian_targeting iso region country admin1 admin2 admin3 location
    latitude longitude geo_precision source source_scale notes fatalities tags timestamp
    """.split()
)
_BATTLES, _REMOTE, _CIVILIANS = "Battles", "Explosions/Remote violence", "Violence against civilians"
_STRATEGIC = "Strategic developments"
SUB_EVENTS: Mapping[str, tuple[str, ...]] = {  # in the codebook's order; what no weapon says is left out
    _BATTLES: ("Armed clash",),
    _REMOTE: (
        "Chemical weapon",
        "Air/drone strike",
        "Suicide bomb",
        "Shelling/artillery/missile attack",
        "Remote explosive/landmine/IED",
        "Grenade",
    ),
    _CIVILIANS: ("Attack",),
    _STRATEGIC: ("Disrupted weapons use", "Looting/property destruction"),
}
DISORDER_TYPES: Mapping[str, str] = {
    **dict.fromkeys((_BATTLES, _REMOTE, _CIVILIANS), "Political violence"),
    _STRATEGIC: _STRATEGIC,
}
TIME_PRECISIONS: Mapping[int, int] = {1: 1, 2: 2, 3: 2, 4: 3}  # by date_prec
GEO_PRECISIONS: Mapping[int, int] = {1: 1, 2: 2, 3: 3, 4: 3, 5: 3, 6: 3, 7: 3}  # by where_prec
CIVILIAN_TARGETING = "Civilian targeting"

_ORDER = tuple((kind, sub) for kind, subs in SUB_EVENTS.items() for sub in (*subs, ""))


def _cells(row: Row) -> Cells:
    incident = row.incident
    killed = row.toll("killed")
    return filled(
        {
            "event_id_cnty": Cell(row.id),
            **(_when(incident.days) if incident.days else {}),
            **_what(row),
            **_who(row),
            **_where(row),
            **_told(row),
            "fatalities": Cell(killed.best, killed.evidence) if killed else Cell(None),
        }
    )


def _when(days: Days) -> dict[str, Cell]:
    interval = days.interval
    precision = TIME_PRECISIONS.get(days.precision)
    if precision is None:
        year = interval.start.year if interval.start.year == interval.end.year else None
        return {"year": Cell(year, days.evidence)}
    day = interval.start + timedelta((interval.n_days - 1) // 2)
    return proven({"event_date": day.isoformat(), "year": day.year, "time_precision": precision}, days.evidence)


def _what(row: Row) -> dict[str, Cell]:
    kind, sub, evidence = _sub_event(row)
    return proven({"disorder_type": DISORDER_TYPES.get(kind), "event_type": kind, "sub_event_type": sub}, evidence)


def _sub_event(row: Row) -> tuple[str, str, Proofs]:
    """Event type and sub-event type, with what proves them; empty where no weapon decides."""
    coded = [
        (CLASSES[weapon.weapon_class].codes.acled, weapon)
        for weapon in row.incident.weapons
        if weapon.weapon_class in CLASSES and CLASSES[weapon.weapon_class].codes.acled[0]
    ]
    if not coded:
        return "", "", ()
    (kind, sub), weapon = min(coded, key=lambda pair: _ORDER.index(pair[0]))
    if kind == _REMOTE and row.incident.outcome == "intercepted" and not _is_anyone_harmed(row.incident):
        return _STRATEGIC, "Disrupted weapons use", (*weapon.evidence, *outcome_proofs(row.incident))
    victims = actors(row.targets)
    if kind == _BATTLES and victims and len(_civilians(row)) == len(victims):
        return _CIVILIANS, "Attack", (*weapon.evidence, *proofs(victims))
    return kind, sub, weapon.evidence


def _is_anyone_harmed(incident: MergedIncident) -> bool:
    return any(toll.low or toll.best for toll in incident.tolls)


def _civilians(row: Row) -> tuple[Value, ...]:
    return tuple(value for value in actors(row.targets) if inter(value, "") == CIVILIANS)


def _who(row: Row) -> dict[str, Cell]:
    country = row.location.country if row.location else ""
    sides = (actors(row.incident.attackers), actors(row.targets))
    types = [inter(side[0], country) if side else None for side in sides]
    cells = {}
    for digit, side, kind in zip("12", sides, types, strict=True):
        cells[f"actor{digit}"] = Cell(joined(map(name_of, side[:1])), proofs(side[:1]))
        cells[f"assoc_actor_{digit}"] = Cell(joined(map(name_of, side[1:])), proofs(side[1:]))
        cells[f"inter{digit}"] = Cell(kind, proofs(side[:1]))
    known = sorted(kind for kind in types if kind is not None)
    if len(known) == len(sides):
        code = int("".join(map(str, known)))
        cells["interaction"] = Cell(code, proofs((*sides[0][:1], *sides[1][:1])))
    if civilians := _civilians(row):
        cells["civilian_targeting"] = Cell(CIVILIAN_TARGETING, proofs(civilians))
    return cells


def _where(row: Row) -> dict[str, Cell]:
    location = row.location
    if location is None:
        return {}
    country = country_of(location.country)
    known: dict[str, Scalar] = {
        "iso": number(country.isonumeric) if country else None,
        "region": country.region_acled if country else "",
        "country": country_name(location.country, country_names.ACLED),
        "admin1": location.region,
        "location": location.name,
        "latitude": location.latitude,
        "longitude": location.longitude,
        "geo_precision": GEO_PRECISIONS.get(location.where_prec),
    }
    return proven(known, location.evidence)


def _told(row: Row) -> dict[str, Cell]:
    named = [article for article in articles_of(row.incident) if article.source]
    sources = joined(article.source for article in named)
    telling = main_telling(row.incident)
    sentence = one_line(telling.sentence.text) if telling else ""
    return {
        "source": Cell(sources, articles=tuple(dict.fromkeys(article.id for article in named))),
        "notes": Cell(" ".join(filter(None, (sentence, row.note))), (telling.sentence,) if telling else ()),
    }


def _left_out(incident: MergedIncident) -> Iterator[str]:
    for toll in incident.tolls:
        if toll.harm != "killed":
            yield f"with {toll.harm}, for whom there is no column"
        elif toll.best is None:
            yield "with killed of whom no number is told"


ACLED = Codebook(
    COLUMNS,
    _cells,
    {
        "event_date": "without a date of a month or less",
        "event_type": "without an event type, which only a weapon decides",
        "latitude": "without a position",
    },
    _left_out,
    frozenset({"event_id_cnty"}),
)
