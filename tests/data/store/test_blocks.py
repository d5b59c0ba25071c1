"""Under which keys accounts lie."""

from collections.abc import Callable
from math import cos, radians

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.data.coding.account import Account
from tocsin.data.store.blocks import _cells, keys
from tocsin.data.store.profiles import Point

Tell = Callable[..., Account]


def test_a_key_is_an_anchor_and_a_day_or_the_day_after(tell: Tell) -> None:
    found = keys(tell("a", days="2024-05-03", places=["Uplands"]))
    assert found == {
        f"{anchor} {day}" for anchor in ("at:region:uplands", "in:XN:uplands") for day in ("2024-05-03", "2024-05-04")
    }


def test_an_unlinked_place_is_a_block_without_any_linked_one(tell: Tell) -> None:
    one, other = (keys(tell("a", days="2024-05-03", places=[name])) for name in ("Dorrel Vey", "Dorell-Vey village"))
    assert one & other
    assert not one & keys(tell("a", days="2024-05-03", places=["Karsk"]))


@pytest.mark.parametrize("days", ["2024-05-01/2024-05-08", None])
def test_an_account_without_days_or_of_more_than_a_week_has_no_block(tell: Tell, days: str | None) -> None:
    assert keys(tell("a", targets=["Camp Vale"], **({"days": days} if days else {}))) == frozenset()


@given(
    latitude=st.floats(-60, 60),
    longitude=st.floats(-180, 180),
    north_km=st.floats(-20, 20),
    east_km=st.floats(-20, 20),
)
def test_points_within_thirty_kilometres_share_a_cell(
    latitude: float, longitude: float, north_km: float, east_km: float
) -> None:
    there = latitude + north_km / 111.3
    east = longitude + east_km / (111.3 * cos(radians(max(abs(latitude), abs(there)))))
    a, b = Point("a", "a", latitude, longitude, False), Point("b", "b", there, east, False)
    assert set(_cells(a)) & set(_cells(b))
