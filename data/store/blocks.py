"""Blocks: keys under which accounts lie in the store, so that a new one meets the few it may belong to, not all.

A key is an anchor, something that says where or on whom, and a day. Two accounts are compared only if they share an
anchor; `similarity` asks that of every merge, so no merge is missed. The days of a key are those of the interval and
one after it: of two intervals with no whole day between them, the earlier one's day after is the later one's first.
"""

from collections.abc import Iterator
from datetime import timedelta
from math import floor

from tocsin.data.coding.account import Account
from tocsin.data.store.profiles import Point, Profile, profile

MAX_DAYS = 7  # of an interval: a vaguer account would lie in every block of its place
BEGINNING = 4  # letters by which a word of an unlinked place is found, also where its end is spelled otherwise
# Degrees of latitude and longitude of a cell. Points within half a cell share one of four overlapping cells: 33 km
# north to south, and 33 km east to west as far as 60 degrees of latitude.
CELL = (0.6, 1.2)


def keys(account: Account) -> frozenset[str]:
    """The keys of an account's blocks; none if its days are unknown or more than a week."""
    return profile_keys(profile(account))


def profile_keys(compared: Profile) -> frozenset[str]:
    """`keys` of an account whose profile is known already."""
    days = tuple(_days(compared))
    return frozenset(f"{anchor} {day}" for anchor in anchors(compared) for day in days) if days else frozenset()


def anchors(compared: Profile) -> frozenset[str]:
    """What an account says of where or on whom it was, each in the form that another account shares."""
    return frozenset(
        [
            *(f"at:{entry}" for entry in compared.areas),
            *(f"in:{country}:{region}" for country, region in compared.units),
            *(cell for point in compared.points for cell in (f"at:{point.entry}", *_cells(point))),
            *(f"named:{name}" for name in compared.target_names),
            *(f"place:{word[:BEGINNING]}" for each in compared.localities for word in each.words),
            *(f"on:{country}:{what}" for country in compared.countries or {""} for what in _described(compared)),
        ]
    )


def _described(compared: Profile) -> frozenset[str]:
    """The targets that no name tells apart, by their words and kinds."""
    return compared.target_kinds.union(compared.target_texts)


def _days(compared: Profile) -> Iterator[str]:
    days = compared.days
    if days and days.n_days <= MAX_DAYS:
        for number in range(days.n_days + 1):
            yield str(days.start + timedelta(number))


def _cells(point: Point) -> Iterator[str]:
    """The cells of four grids, each moved by half a cell, in which a point lies."""
    height, width = CELL
    for row in (0.0, 0.5):
        for column in (0.0, 0.5):
            y, x = floor(point.latitude / height + row), floor((point.longitude % 360) / width + column)
            yield f"cell:{row:g},{column:g}:{y},{x % round(360 / width)}"
