"""ACLED's table: its columns, categories and rules, after its codebook and the column change of 2023.

- Of several weapons, the sub-event that stands first in the codebook's list decides. Small arms and blades against
  armed forces or a base are "Armed clash", against civilians alone "Attack"; against others they decide nothing.
  Explosives that were intercepted and harmed nobody are "Disrupted weapons use".
- Civilians without a name are "Civilians" of the country where it happened, protesters "Protesters".
- A week or month is the day in its middle, with the precision that says so; a longer time has no day.
- A position is a named place (1), the area of a first- or second-level unit, or vaguer (3).
- "inter" are numbers. Who is no actor (a base, a town) is no `actor2`. `actor1` attacked; where the gazetteers know
  nobody who is said to have, it is who claims it. The others of a side are associated.
- Fatalities are left empty where no number is told; ACLED itself writes 0. Vague words count as its codebook has them.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

from tocsin.data.coding.account import Days, Value
from tocsin.data.coding.merged import MergedIncident
from tocsin.data.coding.weapons import CLASSES
from tocsin.data.exports import country_names
from tocsin.data.exports.actors import (
    BY_CLAIM,
    attackers,
    civilian_name,
    inter,
    is_armed,
    is_by_claim,
    is_civilian,
    victim_inter,
    victims,
)
from tocsin.data.exports.cells import Cell, Cells, Scalar, filled, joined, one_line, proofs, proven, united
from tocsin.data.exports.civilians import CIVILIANS
from tocsin.data.exports.codebook import Codebook
from tocsin.data.exports.country_names import country_name, country_of, number
from tocsin.data.exports.evidence import Proofs, articles_of, main_telling, outcome_proofs
from tocsin.data.exports.notes import notes
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
    """Event type and sub-event type, with what proves them; empty where nothing decides."""
    coded = list(_sub_events(row))
    if not coded:
        return "", "", ()
    (kind, sub), evidence = min(coded, key=lambda pair: _ORDER.index(pair[0]))
    if kind == _REMOTE and row.incident.outcome == "intercepted" and not _is_anyone_harmed(row.incident):
        return _STRATEGIC, "Disrupted weapons use", (*evidence, *outcome_proofs(row.incident))
    return kind, sub, evidence


def _sub_events(row: Row) -> Iterator[tuple[tuple[str, str], Proofs]]:
    """What each weapon comes to."""
    for weapon in row.incident.weapons:
        category = CLASSES[weapon.weapon_class].codes.acled if weapon.weapon_class in CLASSES else ("", "")
        if category[0] == _BATTLES:
            category, evidence = _clash(row)
            yield from ([(category, (*weapon.evidence, *evidence))] if category[0] else [])
        elif category[0]:
            yield category, weapon.evidence


def _clash(row: Row) -> tuple[tuple[str, str], Proofs]:
    """What small arms come to by who was attacked with them."""
    forces = [*filter(is_armed, victims(row)), *(target for target in row.targets if _is_base(target))]
    if forces:
        return (_BATTLES, "Armed clash"), proofs(forces)
    people = victims(row)
    if people and all(victim_inter(value, "") == CIVILIANS for value in people):
        return (_CIVILIANS, "Attack"), proofs(people)
    return ("", ""), ()


def _is_base(target: Value) -> bool:
    return target.link.entry.layer == "base" if target.link else target.label == "BASE"


def _is_anyone_harmed(incident: MergedIncident) -> bool:
    return any(toll.low or toll.best for toll in incident.tolls)


def _who(row: Row) -> dict[str, Cell]:
    country = row.location.country if row.location else ""
    attacking, attacked = attackers(row.incident), victims(row)
    sides = (
        [(name_of(value), inter(value, country), value.evidence) for value in attacking],
        [(_victim_name(value, country), victim_inter(value, country), value.evidence) for value in attacked],
    )
    cells = {
        column: cell for digit, side in zip("12", sides, strict=True) for column, cell in _side(digit, side).items()
    }
    known = sorted(kind for side in sides for _, kind, _ in side[:1] if kind is not None)
    if len(known) == len(sides):
        code = int("".join(map(str, known)))
        cells["interaction"] = Cell(code, (*cells["actor1"].evidence, *cells["actor2"].evidence))
    if attacked and all(map(is_civilian, attacked)) and not any(map(_is_base, row.targets)):
        cells["civilian_targeting"] = Cell(CIVILIAN_TARGETING, proofs(attacked))
    return cells


def _side(digit: str, actors: Sequence[tuple[str, int | None, Proofs]]) -> dict[str, Cell]:
    """The columns of one side: its first actor, and those associated with it."""
    named = united((name, evidence) for name, _, evidence in actors)
    first = next(iter(named), "")
    proving = named.pop(first, ())
    associated = tuple(dict.fromkeys(place for evidence in named.values() for place in evidence))
    return {
        f"actor{digit}": Cell(first, proving),
        f"assoc_actor_{digit}": Cell(joined(named), associated),
        f"inter{digit}": Cell(actors[0][1] if actors else None, proving),
    }


def _victim_name(value: Value, country: str) -> str:
    name = civilian_name(value)
    where = country_name(country, country_names.ACLED)
    return f"{name} ({where})" if name and where else name or name_of(value)


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
    said = (telling.sentence,) if telling else ()
    noted, proving = notes(row, harms=())
    return {
        "source": Cell(sources, articles=tuple(dict.fromkeys(article.id for article in named))),
        "notes": Cell(" ".join(filter(None, (sentence, noted))), (*said, *proving)),
    }


def _left_out(incident: MergedIncident) -> Iterator[str]:
    for toll in incident.tolls:
        if toll.harm != "killed":
            yield f"with {toll.harm}, for whom there is no column"
        elif toll.best is None:
            yield "with killed of whom no number is told"
    if is_by_claim(incident):
        yield BY_CLAIM


ACLED = Codebook(
    COLUMNS,
    _cells,
    {
        "event_date": "without a date of a month or less",
        "event_type": "without an event type, which weapons decide, and of small arms who was attacked",
        "latitude": "without a position",
    },
    _left_out,
    frozenset({"event_id_cnty"}),
)
