"""The gazetteers that ship: enough of them, each row with a source, every position where its country is."""

import csv
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from shapely import Geometry, Point, Polygon, union_all

DATA = Path(__file__).parents[3] / "data"
FOLDER = DATA / "gazetteers"
SOURCE = re.compile(r"airportsdata [A-Z0-9]{4}|GeoNames \d+|Phoenix MNSA|public reporting")
KIND_WORDS = re.compile(r"[a-z][a-z -]+")
OUTSIDE_DEGREES = 0.35  # about 40 km: coasts and islands are drawn coarsely, some not at all
# Positions that the outlines give to another country, or leave in the sea, for a reason.
ELSEWHERE = {"UA": {"RU"}, "SO": {""}, "MA": {"EH"}}


def rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, strict=True))


@cache
def outlines() -> dict[str, Geometry]:
    """Every country's outline by its ISO code, from the map that the exported page draws."""
    world = json.loads((DATA / "exports" / "world.json").read_text(encoding="utf-8"))
    arcs = [_points(arc) for arc in world["arcs"]]
    found: dict[str, list[Geometry]] = {}
    for country in world["countries"]:
        found.setdefault(country["country"], []).extend(_polygons(country, arcs))
    return {code: union_all(polygons) for code, polygons in found.items()}


def _points(arc: list[int]) -> list[tuple[float, float]]:
    points, x, y = [], 0, 0
    for dx, dy in zip(arc[::2], arc[1::2], strict=True):
        x, y = x + dx, y + dy
        points.append((x / 100, y / 100))
    return points


def _polygons(country: dict[str, Any], arcs: list[list[tuple[float, float]]]) -> Iterator[Geometry]:
    for rings in country["polygons"]:
        outer = [point for n in rings[0] for point in (arcs[n] if n >= 0 else arcs[~n][::-1])]
        if len(outer) > 3:
            yield Polygon(outer).buffer(0)


def _misplaced(row: dict[str, str]) -> bool:
    point = Point(float(row["longitude"]), float(row["latitude"]))
    countries = set(row["country"].split("|"))
    countries |= {other for code in countries for other in ELSEWHERE.get(code, ())}
    return all(outlines()[code].distance(point) > OUTSIDE_DEGREES for code in countries if code in outlines())


def test_there_are_as_many_rows_as_users_were_promised() -> None:
    assert len(rows("bases")) >= 300
    assert len(rows("actors")) >= 400
    assert len(rows("countries")) >= 249
    assert len(rows("regions")) >= 1500


@pytest.mark.parametrize("name", ["bases", "actors", "regions"])
def test_every_row_has_an_id_of_its_own_a_name_a_kind_and_a_source_to_check_it(name: str) -> None:
    listed = rows(name)
    assert [row["id"] for row in listed] == sorted({row["id"] for row in listed})
    assert not [row["id"] for row in listed if not row["name"].strip()]
    assert not [row["id"] for row in listed if not KIND_WORDS.fullmatch(row["kind"])]
    assert not [row["id"] for row in listed if not SOURCE.fullmatch(row["source"])]


@pytest.mark.parametrize("name", ["bases", "actors", "regions"])
def test_every_country_is_one_of_the_countries(name: str) -> None:
    known = {row["iso2"] for row in rows("countries")}
    named = {(row["id"], code) for row in rows(name) for code in row["country"].split("|") if code}
    assert not [pair for pair in named if pair[1] not in known]


def test_the_parent_of_an_actor_is_another_actor_and_none_is_its_own_ancestor() -> None:
    parents = {row["id"]: row["parent"] for row in rows("actors")}
    assert not [own for own, parent in parents.items() if parent and parent not in parents]
    for own in parents:
        seen, at = {own}, parents[own]
        while at:
            assert at not in seen, f"{own} is its own ancestor by {at}"
            seen.add(at)
            at = parents[at]


@pytest.mark.parametrize("name", ["bases", "regions"])
def test_a_position_is_in_its_country_or_shortly_off_its_coast(name: str) -> None:
    placed = [row for row in rows(name) if row["latitude"] and row["country"] and row["where_prec"] in "1234"]
    misplaced = [row["id"] for row in placed if _misplaced(row)]
    assert len(placed) > 1000
    assert len(misplaced) <= len(placed) // 50, misplaced  # islands too small for the outlines


def test_a_base_says_how_exact_its_position_is() -> None:
    assert {row["where_prec"] for row in rows("bases")} == {"1", "2"}


@pytest.mark.parametrize(
    ("own_id", "where_prec"),
    [
        ("region:ru-kremlin", "1"),
        ("region:ua-snake-island", "1"),
        ("region:ps-netzarim-corridor", "2"),
        ("region:af-tora-bora", "2"),
        ("region:pk-kurram", "3"),
        ("region:id-nduga", "3"),
        ("region:ge-south-ossetia", "4"),
        ("region:xx-sahel", "5"),
    ],
)
def test_an_area_says_how_exact_its_position_is(own_id: str, where_prec: str) -> None:
    (row,) = (row for row in rows("regions") if row["id"] == own_id)
    assert row["where_prec"] == where_prec


def test_what_is_as_small_as_a_district_knows_the_unit_it_is_in() -> None:
    small = [row for row in rows("regions") if row["where_prec"] == "3"]
    assert len(small) > 100
    assert not [row["id"] for row in small if not row["admin1"]]


def test_the_unit_that_an_area_is_in_is_one_that_there_is() -> None:
    units: dict[str, set[str]] = {}
    for row in rows("regions"):
        if row["kind"] == "first-level unit" or row["where_prec"] == "4":
            units.setdefault(row["country"], set()).add(row["admin1"])
    inner = [row for row in rows("regions") if row["kind"] in ("area", "site") and row["admin1"]]
    homes = [(row["id"], row["country"].split("|")[0], row["admin1"]) for row in inner]
    assert not [home for home in homes if home[2] not in units.get(home[1], {home[2]})]


@pytest.mark.parametrize("alias", ["NBC", "NAS", "Akhmat", "Sputnik", "Kan", "Three Borders", "Tri-border area"])
def test_no_name_is_one_that_texts_use_for_others_as_well(alias: str) -> None:
    listed = (row for name in ("actors", "regions") for row in rows(name))
    assert not [row["id"] for row in listed if alias in (row["name"], *row["aliases"].split("|"))]


def test_no_alias_is_so_short_that_it_would_be_found_everywhere() -> None:
    for name in ("bases", "actors", "regions"):
        short = [(row["id"], alias) for row in rows(name) for alias in row["aliases"].split("|") if len(alias) == 1]
        assert not short


@pytest.mark.parametrize("name", ["bases", "actors", "countries", "regions"])
def test_the_readme_counts_the_rows_there_are(name: str) -> None:
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert f"| `{name}.csv` | {len(rows(name)):,} |" in text


@pytest.mark.parametrize(("name", "said"), [("bases", "{:,} of the bases"), ("actors", "{:,} of the actors")])
def test_the_readme_says_how_many_rows_no_program_could_check(name: str, said: str) -> None:
    text = " ".join((FOLDER / "README.md").read_text(encoding="utf-8").split())
    assert said.format(sum(row["source"] == "public reporting" for row in rows(name))) in text
