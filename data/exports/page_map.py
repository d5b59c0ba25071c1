"""The map of the page: coastlines and borders as SVG paths, incidents as sites, the part of the world shown first.

Positions are Mercator's, in hundredths of a degree of longitude: x grows eastward, y southward. Shapes keep their
angles at any zoom, which equal degrees would not.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from math import asinh, degrees, radians, tan
from pathlib import Path
from typing import Any

from tocsin.data.coding.account import Location
from tocsin.data.coding.merged import MergedIncident
from tocsin.data.exports.evidence import articles_of

SCREEN_PX = 1000  # width of the map that labels are laid out for until a script has measured it

_MAX_LATITUDE = 84.0  # Mercator runs to infinity at the poles
_SOUTHMOST = -60.0  # Antarctica is left out
_WORLD = 36000  # once around
_MARGIN = 0.15  # of the width of what is shown, on each side
_MIN_WIDTH = 900.0  # nine degrees: a single incident is shown with its surroundings
_ASPECT = 2.0  # width by height
_CHARACTER_PX = 8.0  # of a country's name
_N_ROWS = 12  # heights at which room for a label is looked for

Ring = Sequence[tuple[int, int]]
Position = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Country:
    """Land of one country."""

    name: str
    path: str  # SVG path data


@dataclass(frozen=True, slots=True)
class Label:
    """A country's name where the country is widest."""

    name: str
    x: float
    y: float
    fits: float  # units a pixel below which the name fits into the country


@dataclass(frozen=True, slots=True)
class World:
    """What is drawn under the incidents."""

    countries: tuple[Country, ...]
    borders: str  # SVG path data of the lines that two countries share
    labels: tuple[Label, ...]
    source: str


@dataclass(frozen=True, slots=True)
class Site:
    """A position with the incidents located there, all as exactly."""

    name: str
    country: str  # ISO 3166-1 alpha-2; empty at sea
    where_prec: int
    x: float
    y: float
    incidents: tuple[int, ...]  # by their place in what is shown
    n_articles: int


@dataclass(frozen=True, slots=True)
class View:
    """The part of the world that is shown."""

    x: float
    y: float
    width: float
    height: float

    @property
    def unit(self) -> float:
        """Units a pixel on a map of the usual width."""
        return self.width / SCREEN_PX

    def __str__(self) -> str:
        """As the `viewBox` of an SVG."""
        return f"{self.x:.0f} {self.y:.0f} {self.width:.0f} {self.height:.0f}"


def project(latitude: float, longitude: float) -> Position:
    """Degrees to the map's units; beyond the map's end, to its end.

    >>> project(0.0, 45.0), [round(number) for number in project(60.0, -30.0)]
    ((4500.0, -0.0), [-3000, -7546])
    """
    bounded = max(-_MAX_LATITUDE, min(_MAX_LATITUDE, latitude))
    return longitude * 100, -degrees(asinh(tan(radians(bounded)))) * 100


def sites(incidents: Sequence[MergedIncident]) -> tuple[Site, ...]:
    """Where the incidents took place, the vaguest first and then the largest, so that none is drawn under another."""
    located: dict[tuple[float, float, int], dict[int, Location]] = defaultdict(dict)
    for index, incident in enumerate(incidents):
        for location in incident.locations:
            position = (round(location.latitude, 3), round(location.longitude, 3), location.where_prec)
            located[position].setdefault(index, location)
    found = (_site(at, incidents) for at in located.values())
    return tuple(sorted(found, key=lambda site: (-site.where_prec, -site.n_articles, site.x, site.y)))


def opening_view(found: Iterable[Site]) -> View:
    """All sites with a margin; the world if there are none."""
    positions = [(site.x, site.y) for site in found]
    if not positions:
        positions = [project(70.0, -170.0), project(-50.0, 180.0)]
    left, right = min(x for x, _ in positions), max(x for x, _ in positions)
    top, bottom = min(y for _, y in positions), max(y for _, y in positions)
    around = 1 + 2 * _MARGIN
    width = max(min((right - left) * around, _WORLD), (bottom - top) * around * _ASPECT, _MIN_WIDTH)
    height = width / _ASPECT
    middle = (left + right) / 2
    if width < _WORLD:  # nothing lies beyond the 180th meridian
        middle = max((width - _WORLD) / 2, min((_WORLD - width) / 2, middle))
    return View(middle - width / 2, (top + bottom - height) / 2, width, height)


@cache
def world() -> World:
    """The land of the earth but Antarctica."""
    record = json.loads(Path(__file__).with_name("world.json").read_text(encoding="utf-8"))
    arcs = [_projected(arc) for arc in record["arcs"]]
    drawn = [(country["name"], list(_rings(country["polygons"], arcs))) for country in record["countries"]]
    drawn = [(name, rings) for name, rings in drawn if rings]
    return World(
        countries=tuple(Country(name, "".join(f"{_path(ring)}z" for ring in rings)) for name, rings in drawn),
        borders="".join(_path(arcs[number]) for number in _shared(record["countries"])),
        labels=tuple(_label(name, rings) for name, rings in drawn),
        source=record["source"],
    )


def _site(at: Mapping[int, Location], incidents: Sequence[MergedIncident]) -> Site:
    """One position; its name is the one most incidents have for it."""
    first = next(iter(at.values()))
    x, y = project(first.latitude, first.longitude)
    ((name, _),) = Counter(location.name for location in at.values()).most_common(1)
    n_articles = sum(len(articles_of(incidents[index])) for index in at)
    return Site(name, first.country, first.where_prec, round(x, 2), round(y, 2), tuple(at), n_articles)


def _projected(arc: Sequence[int]) -> Ring:
    """An arc of the file, hundredths of degrees as differences, as points of the map."""
    points, longitude, latitude = [], 0, 0
    for east, north in zip(arc[::2], arc[1::2], strict=True):
        longitude, latitude = longitude + east, latitude + north
        points.append((longitude, round(project(latitude / 100, 0.0)[1])))
    return points


def _rings(polygons: Any, arcs: Sequence[Ring]) -> Iterator[Ring]:
    """The rings of a country's polygons, holes included."""
    south = project(_SOUTHMOST, 0.0)[1]
    for polygon in polygons:
        for numbers in polygon:
            ring = [point for number in numbers for point in (arcs[number] if number >= 0 else arcs[~number][::-1])]
            if min(y for _, y in ring) < south:
                yield from _on_map(ring)


def _on_map(ring: Ring) -> Iterator[Ring]:
    """A ring without leaps over the 180th meridian: what lies across it is drawn at both ends of the map."""
    whole, turn = [ring[0]], 0
    for (before, _), (x, y) in pairwise(ring):
        if abs(x - before) > _WORLD // 2:
            turn += _WORLD if x < before else -_WORLD
        whole.append((x + turn, y))
    yield whole
    for shift in (-_WORLD, _WORLD):
        if any(abs(x) > _WORLD // 2 and abs(x + shift) <= _WORLD // 2 for x, _ in whole):
            yield [(x + shift, y) for x, y in whole]


def _shared(countries: Any) -> list[int]:
    """The arcs that two rings have."""
    uses = Counter(
        max(number, ~number)
        for country in countries
        for polygon in country["polygons"]
        for ring in polygon
        for number in ring
    )
    return sorted(number for number, n in uses.items() if n > 1)


def _path(points: Ring) -> str:
    """Points as an open SVG path, the first absolute and the others as differences."""
    (x, y), steps = points[0], []
    for next_x, next_y in points[1:]:
        if (next_x, next_y) != (x, y):
            steps.append(f"{next_x - x} {next_y - y}")
        x, y = next_x, next_y
    return f"M{points[0][0]} {points[0][1]}l{' '.join(steps) or '0 0'}".replace(" -", "-")


def _label(name: str, rings: Sequence[Ring]) -> Label:
    """A name in the middle of the longest row across the country's largest land."""
    largest = max(rings, key=_extent)
    top, bottom = min(y for _, y in largest), max(y for _, y in largest)
    rows = [top + (bottom - top) * (i + 0.5) / _N_ROWS for i in range(_N_ROWS)]
    chords = [(right - left, left, y) for y in rows for left, right in _chords(largest, y)]
    length, left, y = max(chords, default=(0.0, float(largest[0][0]), float(top)))
    return Label(name, round(left + length / 2), round(y), round(length / (len(name) * _CHARACTER_PX), 3))


def _extent(ring: Ring) -> int:
    xs, ys = [x for x, _ in ring], [y for _, y in ring]
    return (max(xs) - min(xs)) * (max(ys) - min(ys))


def _chords(ring: Ring, y: float) -> list[tuple[float, float]]:
    """Where a row runs inside a ring, from west to east."""
    crossings = sorted(
        x + (y - above) / (below - above) * (next_x - x)
        for (x, above), (next_x, below) in zip(ring, [*ring[1:], ring[0]], strict=True)
        if (above <= y) != (below <= y)
    )
    return list(zip(crossings[::2], crossings[1::2], strict=True))
