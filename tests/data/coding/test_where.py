"""Where incidents happened: which linked values are locations, and which only hold one."""

import pytest

from tocsin.data.coding.account import Evidence, Value
from tocsin.data.coding.where import distance_km, locate
from tocsin.data.gazetteers.entry import Entry, Layer, Link


def entry(
    own_id: str,
    position: tuple[float, float] | None,
    where_prec: int | None,
    *,
    layer: Layer = "place",
    countries: tuple[str, ...] = ("IQ",),
    admin1: str = "",
    region: str = "",
) -> Entry:
    latitude, longitude = position or (None, None)
    return Entry(
        own_id,
        own_id.title(),
        layer,
        countries=countries,
        latitude=latitude,
        longitude=longitude,
        where_prec=where_prec,
        admin1=admin1,
        region=region,
    )


def value(linked: Entry | None, *, start: int = 0, text: str = "somewhere") -> Value:
    evidence = Evidence("a1", start, start + len(text), text)
    return Value(text, "LOCATION", 1.0, (evidence,), Link(linked, 1.0) if linked else None)


CAMP = entry("camp", (36.5, 44.3), 1, layer="base")
FORT = entry("fort", (33.0, 42.0), 1, layer="base")
TOWN = entry("town", (36.6, 44.4), 1, admin1="01", region="Varn")  # 14 km from the camp
CITY = entry("city", (33.3, 44.4), 1, admin1="02", region="Osk")
VARN = entry("varn", (36.0, 44.0), 4, admin1="01", region="Varn")
OSK = entry("osk", (33.5, 44.0), 4, admin1="02", region="Osk")
NORTH = entry("north", (35.5, 43.5), 5)
COUNTRY = entry("country", (33.0, 43.0), 6)
NEIGHBOUR = entry("neighbour", (35.0, 38.0), 6, countries=("SY",))
SEA = entry("sea", (30.0, 45.0), 7, countries=())


def located(targets: list[Entry], places: list[Entry]) -> list[str]:
    values = [value(linked, start=10 * index) for index, linked in enumerate((*targets, *places))]
    return [location.entry for location in locate(values[: len(targets)], values[len(targets) :])]


CASES: dict[str, tuple[list[Entry], list[Entry], list[str]]] = {
    "a base": ([CAMP], [], ["camp"]),
    "two bases": ([CAMP, FORT], [], ["camp", "fort"]),
    "a base in its country": ([CAMP], [COUNTRY], ["camp"]),
    "a base in a unit, being in none": ([CAMP], [VARN], ["camp"]),
    "a base and the city beside it": ([CAMP], [TOWN], ["camp"]),
    "a base and a city far away": ([CAMP], [CITY], ["camp", "city"]),
    "a base in the north": ([CAMP], [NORTH], ["camp"]),
    "a city": ([], [CITY], ["city"]),
    "a city as a target": ([CITY], [], ["city"]),
    "two cities": ([], [TOWN, CITY], ["town", "city"]),
    "a city in its unit and country": ([], [COUNTRY, OSK, CITY], ["city"]),
    "a city and another unit": ([], [OSK, TOWN], ["town", "osk"]),
    "two units of a country": ([], [VARN, OSK, COUNTRY], ["varn", "osk"]),
    "a unit in the north": ([], [NORTH, VARN], ["varn"]),
    "an area of a country": ([], [COUNTRY, NORTH], ["north"]),
    "a country": ([], [COUNTRY], ["country"]),
    "two countries": ([], [COUNTRY, NEIGHBOUR], ["country", "neighbour"]),
    "a base and another country": ([CAMP], [NEIGHBOUR], ["camp", "neighbour"]),
    "a sea": ([], [SEA], ["sea"]),
    "a city at a sea": ([], [SEA, CITY], ["city"]),
    "a sea off a country": ([], [COUNTRY, SEA], ["sea"]),
    "nothing": ([], [], []),
}


@pytest.mark.parametrize(("targets", "places", "expected"), CASES.values(), ids=CASES)
def test_what_holds_a_more_exact_location_is_no_second_one(
    targets: list[Entry], places: list[Entry], expected: list[str]
) -> None:
    assert located(targets, places) == expected


def test_locations_come_the_most_exact_first_whatever_their_order_in_the_text() -> None:
    assert located([], [NEIGHBOUR, OSK, TOWN]) == ["town", "osk", "neighbour"]


def test_what_is_not_linked_or_has_no_position_is_nowhere() -> None:
    actor = entry("actor", (1.0, 1.0), 1, layer="actor")
    assert locate([value(None), value(entry("post", None, None)), value(actor)], []) == ()


def test_names_of_one_entry_are_one_location_as_exact_as_the_best_of_them() -> None:
    near = entry("town", (36.6, 44.4), 2, admin1="01", region="Varn")
    (location,) = locate([], [value(near, start=0), value(TOWN, start=40)])
    assert location.where_prec == 1
    assert [place.start for place in location.evidence] == [0, 40]


def test_a_location_has_its_position_unit_and_country() -> None:
    (location,) = locate([], [value(TOWN)])
    assert (location.name, location.country, location.region) == ("Town", "IQ", "Varn")
    assert (location.latitude, location.longitude, location.where_prec) == (36.6, 44.4, 1)


def test_a_base_is_in_the_unit_of_what_holds_it_if_that_is_one() -> None:
    assert locate([value(CAMP)], [value(VARN)])[0].region == "Varn"
    assert locate([value(CAMP)], [value(TOWN)])[0].region == "Varn"
    assert locate([value(CAMP)], [value(VARN), value(OSK)])[0].region == ""
    assert locate([value(CAMP)], [value(CITY)])[0].region == ""
    assert locate([value(CAMP)], [])[0].region == ""


def test_a_unit_that_another_name_tells_rests_on_that_name_too() -> None:
    (location,) = locate([value(CAMP, start=0)], [value(VARN, start=40), value(COUNTRY, start=80)])
    assert [place.start for place in location.evidence] == [0, 40]


def test_a_position_of_unknown_precision_is_taken_at_its_word() -> None:
    assert locate([value(entry("post", (36.0, 44.0), None))], [])[0].where_prec == 1


def test_distances_are_those_of_the_globe() -> None:
    assert distance_km((52.0, 13.0), (52.0, 13.0)) == 0.0
    assert distance_km((0.0, 0.0), (1.0, 0.0)) == pytest.approx(111.2, abs=0.1)
    assert distance_km((0.0, 179.5), (0.0, -179.5)) == pytest.approx(111.2, abs=0.1)


def test_a_location_at_sea_is_in_no_country_though_the_sea_has_coasts() -> None:
    gulf = entry("gulf", (26.0, 52.0), 7, countries=("IR", "SA", "AE"))
    (location,) = locate([], [value(gulf)])
    assert (location.country, location.where_prec) == ("", 7)


def test_an_area_of_several_countries_is_in_none_of_them() -> None:
    highlands = entry("highlands", (35.0, 40.0), 5, countries=("IQ", "SY"))
    (location,) = locate([], [value(highlands)])
    assert (location.country, location.where_prec) == ("", 5)


def test_a_base_on_disputed_ground_is_in_its_main_country() -> None:
    post = entry("post", (33.0, 36.0), 1, layer="base", countries=("IL", "SY"))
    assert locate([value(post)], [])[0].country == "IL"
