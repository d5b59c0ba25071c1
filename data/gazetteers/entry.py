"""What a gazetteer knows of one base, actor or place, and a name's link to it."""

from dataclasses import dataclass
from typing import Literal

Layer = Literal["base", "actor", "place"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of a gazetteer, whichever file it comes from; empty where the file has no such column."""

    id: str  # "base:ain-al-asad-air-base", "actor:hezbollah", "region:iq-anbar", "country:IQ", "geonames:95446"
    name: str
    layer: Layer
    aliases: tuple[str, ...] = ()
    kind: str = ""  # "air base", "rebel group", "city", "first-level unit", "second-level unit", "country", "sea" …
    countries: tuple[str, ...] = ()  # ISO 3166-1 alpha-2, the main one first
    latitude: float | None = None  # degrees, WGS 84
    longitude: float | None = None
    where_prec: int | None = None  # UCDP: 1 exact, 2 near, 3 ADM2, 4 ADM1, 5 larger, 6 country, 7 sea or air
    admin1: str = ""  # GeoNames' code of the first-level unit, unique within the country
    region: str = ""  # that unit's name
    operator: str = ""  # of a base
    code: str = ""  # of an actor, CAMEO's: "IRQREB"
    sector: str = ""  # of an actor, PLOVER's: "REB"
    inter: str = ""  # of an actor, ACLED's: "1" to "8"
    parent: str = ""  # id of the actor it is part of
    population: int = 0
    source: str = ""  # where the facts can be checked

    @property
    def country(self) -> str:
        """The main country; empty if there is none."""
        return self.countries[0] if self.countries else ""

    @property
    def is_unit(self) -> bool:
        """Whether it is a province or the like, of the first or the second level."""
        return self.kind in ("first-level unit", "second-level unit")


@dataclass(frozen=True, slots=True)
class Link:
    """A name of a text and the entry it means."""

    entry: Entry
    score: float  # in [0, 1]: how alike the names are, less what speaks against
