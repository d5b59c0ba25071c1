"""The page's map: shapes that close, labels on land, sites where incidents are."""

import re
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import Point, Polygon

from tocsin.data.coding.account import Location
from tocsin.data.coding.merged import MergedIncident
from tocsin.data.exports.page_map import opening_view, project, sites, world

AROUND = 36000  # of the map's units
INCIDENT = MergedIncident("x-1", (), "ATTACK", "reported", "unknown", 0.5)


def rings(path: str) -> list[list[tuple[int, int]]]:
    """The points of each ring of SVG path data."""
    found = []
    for part in path.split("M")[1:]:
        numbers = [int(number) for number in re.findall(r"-?\d+", part)]
        points = [(numbers[0], numbers[1])]
        for dx, dy in zip(numbers[2::2], numbers[3::2], strict=True):
            points.append((points[-1][0] + dx, points[-1][1] + dy))
        found.append(points)
    return found


def at(incident: MergedIncident, *places: tuple[float, float, int]) -> MergedIncident:
    """The incident at latitudes and longitudes, each as exactly as it says."""
    locations = [
        Location(f"Karr {i}", "IQ", "", lat, lon, prec, f"x:{i}", ()) for i, (lat, lon, prec) in enumerate(places)
    ]
    return replace(incident, locations=tuple(locations))


def test_countries_are_drawn_where_they_are() -> None:
    countries = {country.name: Polygon(max(rings(country.path), key=len)) for country in world().countries}
    assert len(countries) > 200
    for name, (latitude, longitude) in {"Iraq": (33.3, 44.4), "Sudan": (15.6, 32.5), "Brazil": (-15.8, -47.9)}.items():
        assert countries[name].contains(Point(project(latitude, longitude)))
        assert not countries[name].contains(Point(project(-latitude, longitude)))


def test_no_ring_leaps_across_the_map() -> None:
    for country in world().countries:
        for points in rings(country.path):
            xs = [x for x, _ in points]
            assert max(abs(b - a) for a, b in pairwise(xs)) < AROUND / 2, country.name


def test_land_across_the_180th_meridian_is_drawn_at_both_ends() -> None:
    (russia,) = (country for country in world().countries if country.name == "Russia")
    xs = [x for points in rings(russia.path) for x, _ in points]
    assert min(xs) < -17500 < 17500 < max(xs)


def test_borders_lie_on_land_that_two_countries_share() -> None:
    points = {point for ring in rings(world().borders) for point in ring}
    syria, iraq = (
        {point for ring in rings(country.path) for point in ring}
        for country in world().countries
        if country.name in ("Syria", "Iraq")
    )
    assert syria & iraq <= points
    assert len(syria & iraq) > 5


def test_a_label_stands_in_its_country() -> None:
    shapes = {country.name: rings(country.path) for country in world().countries}
    outside = [
        label.name
        for label in world().labels
        if label.fits > 0
        and not any(
            Polygon(ring).buffer(1).contains(Point(label.x, label.y)) for ring in shapes[label.name] if len(ring) > 3
        )
    ]
    assert outside == []


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_every_position_is_on_the_map(latitude: float, longitude: float) -> None:
    x, y = project(latitude, longitude)
    assert abs(x) <= AROUND / 2
    assert abs(y) <= AROUND / 2
    assert (y < 0) == (latitude > 0) or abs(latitude) < 1e-9


def test_incidents_at_one_position_are_one_site_as_large_as_their_articles(
    raid: MergedIncident, bare: MergedIncident
) -> None:
    first, second = at(raid, (33.0, 44.0, 1)), at(bare, (33.0, 44.0, 1), (10.0, 20.0, 1))
    found = {site.x: site for site in sites([first, second])}
    assert (found[4400.0].incidents, found[4400.0].n_articles) == ((0, 1), 3)
    assert (found[2000.0].incidents, found[2000.0].n_articles) == ((1,), 1)


def test_a_vague_site_is_no_exact_one_and_is_drawn_under_it(raid: MergedIncident) -> None:
    found = sites([at(raid, (33.0, 44.0, 1)), at(raid, (33.0, 44.0, 6))])
    assert [site.where_prec for site in found] == [6, 1]


def test_an_incident_that_names_a_position_twice_counts_once(raid: MergedIncident) -> None:
    (site,) = sites([at(raid, (33.0, 44.0, 1), (33.0, 44.0, 1))])
    assert (site.incidents, site.n_articles) == ((0,), 2)


@given(st.lists(st.tuples(st.floats(-80, 80), st.floats(-180, 180), st.just(1)), min_size=1, max_size=5))
def test_the_map_opens_with_every_site_in_view(places: list[tuple[float, float, int]]) -> None:
    view = opening_view(sites([at(INCIDENT, *places)]))
    for latitude, longitude, _ in places:
        x, y = project(latitude, longitude)
        assert view.x - 1 <= x <= view.x + view.width + 1
        assert view.y - 1 <= y <= view.y + view.height + 1


@pytest.mark.parametrize("places", [[], [(33.0, 44.0, 1)]], ids=["nothing", "one place"])
def test_the_map_opens_with_some_surroundings(raid: MergedIncident, places: list[tuple[float, float, int]]) -> None:
    view = opening_view(sites([at(raid, *places)]))
    assert view.width >= 900
    assert view.width == view.height * 2
