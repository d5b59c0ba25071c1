"""UCDP GED's rules: types of violence, sides, deaths, PRIO-GRID cells."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from tocsin.data.coding.merged import MergedIncident
from tocsin.data.exports.rows import rows
from tocsin.data.exports.ucdp import UCDP, priogrid_gid
from tocsin.data.gazetteers.entry import Entry

Tell = Callable[..., MergedIncident]


def coded(incident: MergedIncident, row: int = 0) -> dict[str, object]:
    return {column: cell.value for column, cell in UCDP.cells(rows(incident)[row]).items()}


SIDES: dict[str, tuple[str, tuple[str, ...], tuple[object, ...]]] = {
    "group against state": ("brigade", ("army",), (1, "Government of Iraq", "Red Brigade", "645", None)),
    "state against group": ("army", ("brigade",), (1, "Government of Iraq", "Red Brigade", "645", None)),
    "state against state": (
        "us",
        ("army",),
        (1, "Government of United States of America", "Government of Iraq", "2", "645"),
    ),
    "state against civilians": (
        "us",
        ("farmers",),
        (3, "Government of United States of America", "Civilians", "2", None),
    ),
    "group against villagers": ("brigade", ("villagers",), (3, "Red Brigade", "Civilians", None, None)),
    "group against protesters": ("brigade", ("protesters",), (3, "Red Brigade", "Civilians", None, None)),
    "group against villagers and guards": (
        "brigade",
        ("villagers", "guards"),
        (None, "Red Brigade", "guards", None, None),
    ),
    "group against villagers and state": (
        "brigade",
        ("villagers", "army"),
        (1, "Government of Iraq", "Red Brigade", "645", None),
    ),
    "villagers against group": ("villagers", ("brigade",), (None, None, "Red Brigade", None, None)),
    "group against group": ("brigade", ("guard",), (2, "Red Brigade", "Vale Guard", None, None)),
    "group against civilians": ("brigade", ("farmers",), (3, "Red Brigade", "Civilians", None, None)),
    "group against state and civilians": (
        "brigade",
        ("army", "farmers"),
        (1, "Government of Iraq", "Red Brigade", "645", None),
    ),
    "group against nobody known": ("brigade", (), (None, "Red Brigade", None, None, None)),
    "civilians against state": ("farmers", ("army",), (None, None, "Government of Iraq", None, "645")),
}


@pytest.mark.parametrize(("attacker", "victims", "expected"), SIDES.values(), ids=SIDES)
def test_the_sides_decide_the_type_of_violence(
    attacker: str, victims: tuple[str, ...], expected: tuple[object, ...], tell: Tell, known: dict[str, Entry]
) -> None:
    names = {short: known[short].name if short in known else short for short in (attacker, *victims)}
    incident = tell(
        f"{' and '.join(names.values())} fought.",
        attackers=[(names[attacker], known.get(attacker))],
        targets=[(names[short], known.get(short)) for short in victims],
    )
    cells = coded(incident)
    columns = ("type_of_violence", "side_a", "side_b", "gwnoa", "gwnob")
    assert tuple(cells.get(column) for column in columns) == expected


def test_unlinked_sides_have_names_and_no_type(tell: Tell) -> None:
    cells = coded(tell("Gunmen shot at guards.", attackers=[("Gunmen", None)], targets=[("guards", None)]))
    assert (cells["side_a"], cells["side_b"], cells.get("type_of_violence")) == ("Gunmen", "guards", None)


def test_a_state_that_ucdp_has_no_number_for_keeps_its_own_name(tell: Tell) -> None:
    police = Entry("actor:PS-police", "Police Forces of Palestine", "actor", kind="state", countries=("PS",), inter="1")
    assert coded(tell("They hit the police.", targets=[("police", police)]))["side_b"] == "Police Forces of Palestine"


def test_a_side_rests_on_those_it_names(tell: Tell, known: dict[str, Entry]) -> None:
    incident = tell(
        "The Red Brigade shot at villagers and the Norland Army.",
        attackers=[("Red Brigade", known["brigade"])],
        targets=[("villagers", None), ("Norland Army", known["army"])],
    )
    assert [place.text for place in UCDP.cells(rows(incident)[0])["side_a"].evidence] == ["Norland Army"]


def test_a_known_claimant_is_a_side(tell: Tell, known: dict[str, Entry]) -> None:
    incident = tell(
        "Gunmen shot at villagers; the Red Brigade claimed it.",
        attackers=[("Gunmen", None)],
        claimants=[("Red Brigade", known["brigade"])],
        targets=[("villagers", None)],
    )
    assert (coded(incident)["type_of_violence"], coded(incident)["side_a"]) == (3, "Red Brigade")


def test_a_denial_is_no_source_and_is_counted(denied: MergedIncident) -> None:
    assert coded(denied)["source_original"] == "Vale Guard"
    assert "with a denial, for which there is no column" in list(UCDP.left_out(denied))


def test_copies_of_an_article_are_sources(copied: MergedIncident) -> None:
    cells = coded(copied)
    assert cells["number_of_sources"] == 3
    assert cells["source_office"] == "Norland Post; Dane Echo; Tessmar Times"


def test_vague_words_are_counted(tell: Tell) -> None:
    vague = tell("Dozens were killed.", tolls=[("killed", 12, 12, None, "Dozens")])
    stated = tell("Twelve were killed.", tolls=[("killed", 12, 12, 12, "Twelve")])
    assert coded(vague)["best"] == 12
    assert list(UCDP.left_out(vague)) == ["with numbers by convention (several, dozens ...)"]
    assert list(UCDP.left_out(stated)) == []


def test_an_open_toll_has_no_high(raid: MergedIncident) -> None:
    cells = coded(raid)
    assert (cells["low"], cells["best"], cells["deaths_unknown"], cells.get("high")) == (3, 3, 3, None)


def test_a_vague_toll_has_a_low_and_no_best(tell: Tell) -> None:
    cells = coded(tell("Soldiers were killed.", tolls=[("killed", 1, None, None, "Soldiers")]))
    assert cells["low"] == 1
    assert "best" not in cells


def test_the_point_is_valid_and_longitude_first(raid: MergedIncident) -> None:
    point = shapely.from_wkt(str(coded(raid)["geom_wkt"]))
    assert (point.x, point.y) == (44.25, 36.5)


def test_a_country_has_ucdps_name_and_number(tell: Tell, known: dict[str, Entry]) -> None:
    cells = coded(tell("Yemen was hit.", places=[("Yemen", known["yemen"])]))
    assert (cells["country"], cells["country_id"], cells["region"]) == ("Yemen (North Yemen)", 678, "Middle East")
    assert cells["where_prec"] == 6


def test_each_row_of_a_split_has_its_own_place(raid: MergedIncident) -> None:
    first, second = coded(raid, 0), coded(raid, 1)
    assert (first["where_coordinates"], second["where_coordinates"]) == ("Camp Vale", "Fort Dane")
    assert str(second["where_description"]).startswith("Fort Dane; Location 2 of 2")
    assert first["side_a"] == second["side_a"] == "Government of Iraq"


def test_days_are_kept_with_their_precision(tell: Tell) -> None:
    cells = coded(tell("They attacked then.", days=(date(2023, 12, 30), date(2024, 1, 2), "then")))
    columns = ("date_start", "date_end", "date_prec", "event_clarity", "year")
    assert tuple(cells.get(column) for column in columns) == ("2023-12-30", "2024-01-02", 2, 2, None)


def test_sources_are_the_articles_and_who_they_quote(raid: MergedIncident) -> None:
    cells = coded(raid)
    assert cells["number_of_sources"] == 2
    assert cells["source_article"] == ('Norland Post,2024-05-03,"Drones" over Vale; Tessmar Times,2024-05-04,Camp hit')
    assert cells["source_original"] == "Vale Guard"


def test_weapons_and_wounded_have_no_column_and_are_counted(raid: MergedIncident) -> None:
    assert list(UCDP.left_out(raid)) == [
        "with wounded, for whom there is no column",
        "with weapons, for which there is no column",
    ]


@given(st.integers(-90_000, 89_999), st.integers(-180_000, 179_999))
def test_a_cell_of_the_grid_holds_its_position(latitude: int, longitude: int) -> None:
    row, column = divmod(priogrid_gid(latitude / 1000, longitude / 1000) - 1, 720)
    assert row * 500 <= latitude + 90_000 < (row + 1) * 500
    assert column * 500 <= longitude + 180_000 < (column + 1) * 500


def test_the_grid_ends_at_the_pole_and_the_date_line() -> None:
    assert priogrid_gid(90.0, 180.0) == 360 * 720


def test_a_position_at_sea_has_a_cell_and_no_country(raid: MergedIncident) -> None:
    at_sea = replace(raid, locations=(replace(raid.locations[0], country="", region="", where_prec=7),))
    cells = coded(at_sea)
    assert cells["where_prec"] == 7
    assert "priogrid_gid" in cells
    assert not {"country", "country_id", "region"} & cells.keys()
