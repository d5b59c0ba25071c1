"""GTD's rules: dates known in part, specificity, kinds of targets and weapons, claims and citations."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from tocsin.data.coding.merged import MergedIncident
from tocsin.data.coding.weapons import CLASSES
from tocsin.data.exports.gtd import GTD
from tocsin.data.exports.gtd_codes import ATTACKS, REGIONS, TARGETS, WEAPONS, country_code
from tocsin.data.exports.rows import rows
from tocsin.data.gazetteers.countries import countries
from tocsin.data.gazetteers.entry import Entry

Tell = Callable[..., MergedIncident]


def coded(incident: MergedIncident, row: int = 0) -> dict[str, object]:
    return {column: cell.value for column, cell in GTD.cells(rows(incident)[row]).items()}


TIMES: dict[str, tuple[date, date, tuple[object, ...]]] = {
    "day": (date(2024, 5, 2), date(2024, 5, 2), (2024, 5, 2, None)),
    "week": (date(2024, 5, 6), date(2024, 5, 12), (2024, 5, 0, "2024-05-06 to 2024-05-12")),
    "two months": (date(2024, 5, 1), date(2024, 6, 30), (2024, 0, 0, "2024-05-01 to 2024-06-30")),
    "two years": (date(2023, 12, 1), date(2024, 1, 5), (None, None, None, "2023-12-01 to 2024-01-05")),
}


@pytest.mark.parametrize(("start", "end", "expected"), TIMES.values(), ids=TIMES)
def test_what_is_not_known_of_a_date_is_0(start: date, end: date, expected: tuple[object, ...], tell: Tell) -> None:
    cells = coded(tell("They attacked then.", days=(start, end, "then")))
    assert tuple(cells.get(column) for column in ("iyear", "imonth", "iday", "approxdate")) == expected


def test_an_expression_that_names_no_days_is_the_approximate_date(tell: Tell) -> None:
    cells = coded(tell("They attacked in recent weeks.", unresolved=[("recent weeks", "no number")]))
    assert cells["approxdate"] == "recent weeks"
    assert not {"iyear", "imonth", "iday"} & cells.keys()


SPECIFICITIES = [(1, 1, True), (2, 1, True), (3, 3, True), (4, 4, True), (5, 5, False), (6, 5, False), (7, 5, False)]


@pytest.mark.parametrize(("where_prec", "expected", "has_position"), SPECIFICITIES)
def test_specificity_follows_the_position(
    where_prec: int, expected: int, has_position: bool, raid: MergedIncident
) -> None:
    cells = coded(replace(raid, locations=(replace(raid.locations[0], where_prec=where_prec),)))
    assert cells["specificity"] == expected
    assert ("latitude" in cells) == ("longitude" in cells) == has_position
    assert cells.get("vicinity") == (1 if where_prec == 2 else None)


def test_a_base_is_a_location_and_a_town_a_city(tell: Tell, known: dict[str, Entry], raid: MergedIncident) -> None:
    base = coded(raid)
    assert (base["location"], base.get("city"), base["provstate"]) == ("Camp Vale", None, "Erbil")
    town = coded(tell("They hit Tessmar.", places=[("Tessmar", known["tessmar"])]))
    assert (town.get("location"), town["city"]) == (None, "Tessmar")


def test_countries_and_regions_have_gtds_numbers(raid: MergedIncident) -> None:
    cells = coded(raid)
    assert (cells["country"], cells["country_txt"]) == (95, "Iraq")
    assert (cells["region"], cells["region_txt"]) == (10, "Middle East & North Africa")


def test_every_region_of_the_gazetteer_has_a_number() -> None:
    assert {country.region_gtd for country in countries().values()} - {""} == set(REGIONS)


def test_no_two_countries_share_a_number() -> None:
    codes = [code for code, _ in map(country_code, countries()) if code]
    assert len(set(codes)) == len(codes) > 180
    assert country_code("PS") == (155, "West Bank and Gaza Strip")
    assert country_code("AX") == (None, "Aland Islands")


@pytest.mark.parametrize("name", CLASSES)
def test_every_weapon_class_comes_to_categories_of_the_codebook(name: str, tell: Tell) -> None:
    cells = coded(tell("They used a thing.", weapons=[("thing", name)]))
    assert WEAPONS.get(int(str(cells.get("weaptype1", 0)))) == cells.get("weaptype1_txt")
    assert ATTACKS.get(int(str(cells.get("attacktype1", 0)))) == cells.get("attacktype1_txt")
    assert cells["weapdetail"] == "thing"
    assert cells.get("suicide") == (1 if "suicide" in name else None)


def test_weapons_of_one_type_are_one_and_prove_it_together(raid: MergedIncident) -> None:
    cells = GTD.cells(rows(raid)[0])
    assert (cells["weaptype1"].value, cells["attacktype1"].value) == (6, 3)
    assert [place.text for place in cells["weaptype1"].evidence] == ["rockets", "drones"]
    assert "weaptype2" not in cells


TARGET_TYPES: dict[str, tuple[str, str, int | None]] = {
    "air base": ("Norland Air Base", "BASE", 4),
    "somebody's position": ("positions", "BASE", None),
    "embassy": ("Norland embassy", "ASSET", 7),
    "police station": ("police station", "ASSET", 3),
    "tanker": ("tanker", "ASSET", 11),
    "power plant": ("power plant", "ASSET", 21),
    "schools": ("two schools", "ASSET", 8),
    "hotel": ("Hotel Vale", "ASSET", None),
    "town": ("Vale", "LOCATION", None),
    "people": ("army", "ACTOR", None),
    "villagers": ("villagers", "ACTOR", 14),
    "journalists": ("two journalists", "ACTOR", 10),
    "aid workers": ("aid workers", "ACTOR", 12),
    "teachers": ("teachers", "ACTOR", 8),
    "clerics": ("a cleric", "ACTOR", 15),
    "refugees": ("refugees", "ACTOR", 13),
    "passengers": ("passengers", "ACTOR", None),
}


@pytest.mark.parametrize(("text", "label", "expected"), TARGET_TYPES.values(), ids=TARGET_TYPES)
def test_a_target_is_typed_by_what_it_is_called(text: str, label: str, expected: int | None, tell: Tell) -> None:
    cells = coded(tell(f"They hit {text}.", targets=[(text, None)], labels=[(text, label)]))
    assert cells.get("targtype1") == expected
    assert cells.get("targtype1_txt") == (TARGETS[expected] if expected else None)
    assert cells["target1"] == text


def test_a_known_actor_is_a_target_of_its_sector(tell: Tell, known: dict[str, Entry]) -> None:
    names = ("army", "brigade", "farmers")
    text = f"They hit {', '.join(known[name].name for name in names)}."
    cells = coded(tell(text, targets=[(known[name].name, known[name]) for name in names]))
    assert [cells[f"targtype{number}"] for number in (1, 2, 3)] == [4, 17, 14]
    assert [cells.get(f"natlty{number}_txt") for number in (1, 2, 3)] == ["Iraq", None, None]


def test_a_linked_base_is_military_where_its_kind_says_so(raid: MergedIncident) -> None:
    assert coded(raid, 0)["targtype1_txt"] == "Military"  # an air base
    assert coded(raid, 1)["target1"] == "Fort Dane"
    assert "targtype1" not in coded(raid, 1)  # an outpost, whose is not known


def test_a_row_names_its_own_base_first(tell: Tell, known: dict[str, Entry]) -> None:
    targets = [("Camp A", None), ("Camp B", None), ("Fort Dane", known["dane"]), ("Camp Vale", known["vale"])]
    incident = tell(f"They hit {', '.join(name for name, _ in targets)}.", targets=targets)
    for number, own in enumerate(("Fort Dane", "Camp Vale")):
        assert [coded(incident, number)[f"target{n}"] for n in (1, 2, 3)] == [own, "Camp A", "Camp B"]
    assert not list(GTD.left_out(incident))


def test_a_fourth_target_is_counted(tell: Tell) -> None:
    names = ["Camp A", "Camp B", "Camp C", "Camp D"]
    incident = tell(f"They hit {', '.join(names)}.", targets=[(name, None) for name in names])
    assert "with more than 3 targets" in list(GTD.left_out(incident))


@pytest.mark.parametrize(("outcome", "expected"), [("hit", 1), ("intercepted", 0), ("failed", 0), ("unknown", None)])
def test_success_is_the_outcome(outcome: str, expected: int | None, tell: Tell) -> None:
    assert coded(tell("They attacked.", trigger="attacked", outcome=outcome)).get("success") == expected


def test_a_claim_is_a_claimant_or_the_attackers_own_word(tell: Tell, raid: MergedIncident) -> None:
    assert coded(raid)["claimed"] == 1
    assert coded(tell("We attacked.", trigger="attacked", status="claimed"))["claimed"] == 1
    assert "claimed" not in coded(tell("They attacked.", trigger="attacked"))


def test_a_claimant_who_only_denies_it_claims_nothing(denied: MergedIncident) -> None:
    cells = GTD.cells(rows(denied)[0])
    assert "claimed" not in cells
    assert cells["gname"].value == "Unknown"
    assert cells["addnotes"].value == "Denied by Norland Army."
    assert [place.text for place in cells["addnotes"].evidence] == ["denied", "Norland Army"]


def test_a_known_claimant_is_the_group(tell: Tell, known: dict[str, Entry]) -> None:
    text = "Gunmen on motorcycles struck; the Red Brigade claimed it."
    incident = tell(text, attackers=[("Gunmen on motorcycles", None)], claimants=[("Red Brigade", known["brigade"])])
    assert coded(incident)["gname"] == "Red Brigade"
    assert "gname2" not in coded(incident)


def test_vague_words_are_counted_and_noted(tell: Tell) -> None:
    text = "They killed dozens of guards and wounded several."
    tolls = [("killed", 12, 12, None, "dozens of guards"), ("wounded", 2, 3, None, "several")]
    incident = tell(text, tolls=tolls)
    cells = GTD.cells(rows(incident)[0])
    assert cells["addnotes"].value == 'By convention "dozens" is 12 killed. By convention "several" is 3 wounded.'
    assert [place.text for place in cells["addnotes"].evidence] == ["dozens of guards", "several"]
    assert "with numbers by convention (several, dozens ...)" in list(GTD.left_out(incident))


def test_casualties_stand_in_their_columns(raid: MergedIncident) -> None:
    assert (coded(raid)["nkill"], coded(raid)["nwound"]) == (3, 5)
    assert not {"nkill", "nwound"} & coded(raid, 1).keys()


def test_captured_have_no_column_and_are_counted(tell: Tell) -> None:
    incident = tell("They took two men.", tolls=[("captured", 2, 2, 2, "two men")])
    assert list(GTD.left_out(incident)) == ["with captured, for whom there is no column"]


def test_rows_of_one_attack_are_related(raid: MergedIncident) -> None:
    assert coded(raid)["multiple"] == 1
    assert coded(raid)["related"] == f"{raid.id}.2"


def test_an_article_of_which_nothing_is_known_is_cited_by_its_id(tell: Tell) -> None:
    assert coded(tell("They attacked."))["scite1"] == "a1, 2024-05-03"


def test_articles_are_cited(raid: MergedIncident) -> None:
    cells = coded(raid)
    assert cells["scite1"] == '""Drones" over Vale," Norland Post, 2024-05-03'
    assert cells["scite2"] == '"Camp hit," Tessmar Times, 2024-05-04'
