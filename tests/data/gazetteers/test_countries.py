"""Countries: where a text names one, and which state actor a phrase means."""

import pytest

from tocsin.data.gazetteers.countries import (
    countries,
    country_entries,
    find_countries,
    is_capital,
    neighbours,
    state_actors,
)
from tocsin.data.gazetteers.entry import Entry
from tocsin.data.gazetteers.states import state_ids, without_ties


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Iraqi and Syrian territories", [("IQ",), ("SY",)]),
        ("South Korean and North Korean troops", [("KR",), ("KP",)]),
        ("the U.S. army", [("US",)]),
        ("Congolese soldiers", [("CD", "CG")]),
        ("South American forces", []),
        ("Tehran", []),
        ("Guinea-Bissau", [("GW",)]),
        ("South Sudan", [("SS",)]),
        ("", []),
    ],
)
def test_names_and_demonyms_are_found_the_longest_first(text: str, codes: list[tuple[str, ...]]) -> None:
    assert [naming.countries for naming in find_countries(text)] == codes


def test_a_capital_stands_for_its_country_only_where_it_may() -> None:
    assert find_countries("Tehran said") == []
    (naming,) = find_countries("Tehran said", acting=True)
    assert (naming.start, naming.end, naming.countries) == (0, 1, ("IR",))


def test_a_seat_of_government_stands_for_its_country_only_where_it_acts() -> None:
    assert find_countries("the Kremlin") == []
    (naming,) = find_countries("the Kremlin", acting=True)
    assert naming.countries == ("RU",)


def test_neighbours_share_a_border_and_islands_have_none() -> None:
    assert {"SY", "IL"} == neighbours("LB")
    assert neighbours("MT") == neighbours("??") == frozenset()


def test_a_capital_is_known_by_name_and_country() -> None:
    places = [Entry("geonames:1", name, "place", countries=(code,)) for name, code in (("Doha", "QA"), ("Doha", "EG"))]
    assert [is_capital(place) for place in places] == [True, False]


def test_a_seat_of_a_government_is_no_place() -> None:
    entries = {entry.id: entry for entry in country_entries()}
    assert "Kremlin" in countries()["RU"].aliases
    assert "Kremlin" not in entries["country:RU"].aliases


def test_every_country_has_three_organs_with_codes() -> None:
    actors = {entry.id: entry for entry in state_actors()}
    assert len(actors) == 3 * len(countries())
    military = actors["actor:IQ-military"]
    assert (military.name, military.code, military.sector, military.inter) == (
        "Military Forces of Iraq",
        "IRQMIL",
        "MIL",
        "1",
    )


@pytest.mark.parametrize(
    ("phrase", "own_id"),
    [
        ("US", "US-government"),
        ("Washington", "US-government"),
        ("the Kremlin", "RU-government"),
        ("Iranian Foreign Ministry", "IR-government"),
        ("Iraq’s political leaders", "IQ-government"),
        ("officials of Iran", "IR-government"),
        ("Iraqi Prime Minister", "IQ-government"),
        ("US soldiers", "US-military"),
        ("American occupation forces", "US-military"),
        ("Russian Ministry of Defence", "RU-military"),
        ("United States forces", "US-military"),
        ("Israeli air force", "IL-military"),
        ("army of Iraq", "IQ-military"),
        ("U.S.-backed Iraqi forces", "IQ-military"),
        ("Turkish police", "TR-police"),
    ],
)
def test_an_organ_of_a_state_is_recognised(phrase: str, own_id: str) -> None:
    assert state_ids(phrase) == (f"actor:{own_id}",)


@pytest.mark.parametrize(
    "phrase",
    [
        "Iran-backed militias",
        "pro-Iranian group",
        "pro-Iranian forces",
        "groups linked to Iran",
        "forces loyal to Iran",
        "US-led coalition",
        "Saudi-led forces",
        "Iranian proxy forces",
        "Iraqi militias",
        "US employees",
        "Iraqis",
        "Iranian journalists",
        "US and Israeli forces",
        "authorities of Iraqi Kurdistan",
        "government",
        "soldiers",
        "Naser Kanani",
        "",
    ],
)
def test_who_is_no_organ_of_a_state_is_none(phrase: str) -> None:
    assert state_ids(phrase) == ()


def test_a_name_that_countries_share_gives_the_organs_of_all() -> None:
    assert state_ids("Congolese army") == ("actor:CD-military", "actor:CG-military")


def test_ties_are_taken_away_and_nothing_else() -> None:
    assert without_ties("pro-Iranian Hashed al-Shaabi network") == "Hashed al-Shaabi network"
    assert without_ties("Iran-allied Hamas") == "Hamas"
    assert without_ties("Popular Front") == "Popular Front"
