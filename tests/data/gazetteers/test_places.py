"""Place phrases: the name inside, and how exact what is said of it is."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.data.gazetteers.entry import Entry
from tocsin.data.gazetteers.places import Reading, readings

CITY = Entry("geonames:1", "Vale", "place", kind="city", where_prec=1)
UNIT = Entry("region:vale", "Vale", "place", kind="first-level unit", where_prec=4)
COUNTRY = Entry("country:XX", "Vale", "place", kind="country", where_prec=6)


@pytest.mark.parametrize(
    ("phrase", "reading"),
    [
        ("Vale", Reading("vale")),
        ("city of Vale", Reading("vale", "city")),
        ("province of Vale", Reading("vale", "unit")),
        ("Vale Governorate", Reading("vale", "unit")),
        ("Vale district", Reading("vale", "district")),
        ("northeast of Vale Governorate", Reading("vale", "unit", is_part=True)),
        ("northern Vale", Reading("vale", is_part=True)),
        ("the southern outskirts of Vale", Reading("vale", is_part=True)),
        ("off the coast of Vale", Reading("vale", is_part=True)),
        ("near Vale", Reading("vale", is_part=True)),
        ("Vale border", Reading("vale", is_part=True)),
        ("Vale soil", Reading("vale")),
        ("the occupied Vale region", Reading("vale", "unit")),
        ("Vale, Iraq", Reading("vale", around="Iraq")),
        ("Iraq’s Vale", Reading("vale", around="iraq")),
        ("western Iraqi province of Vale", Reading("vale", "unit", around="western iraqi")),
        ("Syrian capital Vale", Reading("vale", "city", around="syrian")),
        ("Vale department", Reading("vale", "unit")),
        ("Vale refugee camp", Reading("vale", is_part=True)),
        ("Vale IDP camp", Reading("vale", is_part=True)),
        ("Vale camp", Reading("vale", is_part=True)),
        ("Vale airport", Reading("vale", is_part=True)),
        ("Vale International Airport", Reading("vale", is_part=True)),
        ("the port of Vale", Reading("vale", is_part=True)),
        ("Vale nuclear power plant", Reading("vale", is_part=True)),
        ("US consulate in Vale", Reading("vale", is_part=True)),
        ("town of Vale in the province of Dane", Reading("vale", "city", around="the province of dane")),
    ],
)
def test_the_last_reading_is_the_name_with_what_is_said_of_it(phrase: str, reading: Reading) -> None:
    assert list(readings(phrase))[-1] == reading


def test_the_whole_phrase_is_read_first() -> None:
    assert [reading.name for reading in readings("South Sudan")] == ["south sudan", "sudan"]


@pytest.mark.parametrize("phrase", ["airport", "power plant", "Port Vale", "camp"])
def test_a_facility_without_a_place_is_read_as_it_stands(phrase: str) -> None:
    assert not [reading for reading in readings(phrase) if reading.is_part]


@given(
    st.text(max_size=40)
    | st.lists(st.sampled_from("north of the near Iraq city in Vale , border".split())).map(" ".join)
)
def test_readings_grow_shorter_and_come_to_an_end(phrase: str) -> None:
    names = [reading.name for reading in readings(phrase)]
    assert all(len(after) < len(before) for before, after in pairwise(names))


@pytest.mark.parametrize(
    ("phrase", "entry", "where_prec"),
    [
        pytest.param("Vale", CITY, 1, id="city"),
        pytest.param("outskirts of Vale", CITY, 2, id="near a city"),
        pytest.param("Vale airport", CITY, 2, id="facility of a city"),
        pytest.param("Vale refugee camp", CITY, 2, id="camp by a city"),
        pytest.param("Vale district", CITY, 3, id="district called like its town"),
        pytest.param("Vale province", CITY, 4, id="unit known by its seat only"),
        pytest.param("Vale province", UNIT, 4, id="unit"),
        pytest.param("north of Vale province", UNIT, 4, id="part of a unit"),
        pytest.param("Vale", COUNTRY, 6, id="country"),
        pytest.param("northern Vale", COUNTRY, 5, id="part of a country"),
        pytest.param("Vale soil", COUNTRY, 6, id="all of a country"),
    ],
)
def test_a_part_is_less_exact_than_the_whole(phrase: str, entry: Entry, where_prec: int) -> None:
    *_, reading = readings(phrase)
    assert reading.place(entry).where_prec == where_prec
