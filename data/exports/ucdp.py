"""UCDP GED's table: its columns, categories and rules, after its codebook.

- `type_of_violence` is 1 if one side is a state and the other a state or an organised group, 2 between groups, 3 where
  one of them attacks civilians alone; empty if it is not known what the sides are. A state is side a.
- Sides are states, by UCDP's name of their government, and armed groups and forces; where the gazetteers know none,
  who is told to be on that side and is no civilian. An attacker whom they do not know gives way to who claims it.
- Deaths are not told apart by side: `best` is `deaths_unknown` too. `low` and `high` are what the reports allow.
- `event_clarity` is 1 for an event on a known day, else 2.
- `priogrid_gid` is the cell of the PRIO-GRID: 0.5 degrees, counted eastwards from 180° W, row by row from the South
  Pole (Tollefsen, Strand and Buhaug 2012, Journal of Peace Research 49(2)).
"""

from collections.abc import Iterator, Sequence
from math import floor

from tocsin.data.coding.account import Days, Value
from tocsin.data.coding.merged import MergedIncident
from tocsin.data.exports import country_names
from tocsin.data.exports.actors import BY_CLAIM, Side, attackers, is_armed, is_by_claim, is_civilian, side, victims
from tocsin.data.exports.cells import SEPARATOR, Cell, Cells, Scalar, filled, joined, proofs, proven, texts
from tocsin.data.exports.codebook import Codebook
from tocsin.data.exports.country_names import country_name, country_of, number
from tocsin.data.exports.evidence import articles_of, outlet
from tocsin.data.exports.notes import conventions
from tocsin.data.exports.rows import Row, name_of
from tocsin.data.exports.tellers import denial, sources

COLUMNS = tuple(
    """
    id relid year active_year code_status type_of_violence conflict_dset_id conflict_new_id conflict_name dyad_dset_id
    dyad_new_id dyad_name side_a_dset_id side_a_new_id side_a side_b_dset_id side_b_new_id side_b number_of_sources
    source_article source_office source_date source_headline source_original where_prec where_coordinates
    where_description adm_1 adm_2 latitude longitude geom_wkt priogrid_gid country country_id region event_clarity
    date_prec date_start date_end deaths_a deaths_b deaths_civilians deaths_unknown best high low gwnoa gwnob
    """.split()
)
STATE_BASED, NON_STATE, ONE_SIDED = 1, 2, 3
CIVILIANS = "Civilians"

_CELL_DEGREES, _N_ROWS, _N_COLUMNS = 0.5, 360, 720
_OF_ONE_SIDE = ", "  # between the states of a coalition


def priogrid_gid(latitude: float, longitude: float) -> int:
    """The PRIO-GRID cell of a position in degrees.

    >>> priogrid_gid(-90.0, -180.0), priogrid_gid(0.1, 0.1), priogrid_gid(90.0, 180.0)
    (1, 129961, 259200)
    """
    row = min(floor((latitude + 90) / _CELL_DEGREES), _N_ROWS - 1)
    column = min(floor((longitude + 180) / _CELL_DEGREES), _N_COLUMNS - 1)
    return row * _N_COLUMNS + column + 1


def _cells(row: Row) -> Cells:
    return filled(
        {
            "id": Cell(row.id),
            **_who(row),
            **_sources(row.incident),
            **_where(row),
            **(_when(row.incident.days) if row.incident.days else {}),
            **_deaths(row),
        }
    )


def _who(row: Row) -> dict[str, Cell]:
    attacking, attacked = attackers(row.incident), victims(row)
    kind = _violence(_sides(attacking), _sides(attacked))
    is_turned = kind == STATE_BASED and "state" not in _sides(attacking)
    first, second = map(_fighting, (attacked, attacking) if is_turned else (attacking, attacked))
    return {
        "type_of_violence": Cell(kind, proofs((*attacking, *attacked))),
        "side_a": Cell(_named(first), proofs(first)),
        "side_b": Cell(CIVILIANS, proofs(attacked)) if kind == ONE_SIDED else Cell(_named(second), proofs(second)),
        "gwnoa": Cell(_state_numbers(first), proofs(first)),
        "gwnob": Cell(_state_numbers(second), proofs(second)),
    }


def _fighting(values: Sequence[Value]) -> tuple[Value, ...]:
    """Those of a side that a codebook of organised violence names."""
    armed = tuple(filter(is_armed, values))
    return armed or tuple(value for value in values if not value.link and not is_civilian(value))


def _sides(values: Sequence[Value]) -> set[Side]:
    return {side(value) for value in values}


def _violence(attackers: set[Side], victims: set[Side]) -> int | None:
    armed: set[Side] = {"state", "group"}
    if attackers & armed and victims & armed:
        return STATE_BASED if "state" in attackers | victims else NON_STATE
    return ONE_SIDED if attackers & armed and victims == {"civilians"} else None


def _named(values: Sequence[Value]) -> str:
    return _OF_ONE_SIDE.join(dict.fromkeys(map(_side_name, values)))


def _side_name(value: Value) -> str:
    country = country_of(value.link.entry.country) if value.link and side(value) == "state" else None
    return (
        f"Government of {country_name(country.iso2, country_names.UCDP)}"
        if country and country.gwno
        else name_of(value)
    )


def _state_numbers(values: Sequence[Value]) -> str:
    """Gleditsch and Ward's numbers of the states among actors."""
    states = (value.link.entry.country for value in values if value.link and side(value) == "state")
    known = (country.gwno for country in map(country_of, states) if country and country.gwno)
    return _OF_ONE_SIDE.join(dict.fromkeys(known))


def _sources(incident: MergedIncident) -> dict[str, Cell]:
    articles = articles_of(incident)
    days = [article.published.isoformat() if article.published else "" for article in articles]
    known: dict[str, Scalar] = {
        "number_of_sources": len(articles),
        "source_article": joined(
            ",".join(filter(None, (outlet(article), day, article.title)))
            for article, day in zip(articles, days, strict=True)
        ),
        "source_office": joined(article.source for article in articles),
        "source_date": joined(days),
        "source_headline": joined(article.title for article in articles),
    }
    ids = tuple(dict.fromkeys(article.id for article in articles))
    original = Cell(joined(map(name_of, sources(incident))), proofs(sources(incident)))
    return {column: Cell(value, articles=ids) for column, value in known.items()} | {"source_original": original}


def _where(row: Row) -> dict[str, Cell]:
    location = row.location
    if location is None:
        return {}
    country = country_of(location.country)
    known: dict[str, Scalar] = {
        "where_prec": location.where_prec,
        "where_coordinates": location.name,
        "where_description": SEPARATOR.join(filter(None, (texts(location.evidence), row.note))),
        "adm_1": location.region,
        "latitude": location.latitude,
        "longitude": location.longitude,
        "geom_wkt": f"POINT ({location.longitude} {location.latitude})",
        "priogrid_gid": priogrid_gid(location.latitude, location.longitude),
        "country": country_name(location.country, country_names.UCDP),
        "country_id": number(country.gwno) if country else None,
        "region": country.region_ucdp if country else "",
    }
    return proven(known, location.evidence)


def _when(days: Days) -> dict[str, Cell]:
    start, end = days.interval.start, days.interval.end
    known: dict[str, Scalar] = {
        "year": start.year if start.year == end.year else None,
        "event_clarity": 1 if days.precision == 1 else 2,
        "date_prec": days.precision,
        "date_start": start.isoformat(),
        "date_end": end.isoformat(),
    }
    return proven(known, days.evidence)


def _deaths(row: Row) -> dict[str, Cell]:
    killed = row.toll("killed")
    if killed is None:
        return {}
    bounds = {"best": killed.best, "high": killed.high, "low": killed.low}
    return proven({"deaths_unknown": killed.best, **bounds}, killed.evidence)


def _left_out(incident: MergedIncident) -> Iterator[str]:
    yield from (f"with {toll.harm}, for whom there is no column" for toll in incident.tolls if toll.harm != "killed")
    yield from conventions(incident, harms=("killed",))
    if is_by_claim(incident):
        yield BY_CLAIM
    if denial(incident)[0]:
        yield "with a denial, for which there is no column"
    if incident.weapons:
        yield "with weapons, for which there is no column"


UCDP = Codebook(
    COLUMNS,
    _cells,
    {
        "date_start": "without a date",
        "type_of_violence": "without a type of violence, which known sides decide",
        "latitude": "without a position",
    },
    _left_out,
    frozenset({"id"}),
)
