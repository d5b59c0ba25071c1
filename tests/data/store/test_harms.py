"""What two tolls say."""

from collections.abc import Callable
from datetime import date

import pytest

from tocsin.data.coding.account import Account
from tocsin.data.store.harms import tolls
from tocsin.data.store.profiles import profile
from tocsin.data.store.weights import GROWN_TOLL, LARGE_TOLL, LIKE_TOLL, OTHER_TOLL

Tell = Callable[..., Account]
FIRST, LATER = date(2024, 5, 4), date(2024, 5, 6)


@pytest.mark.parametrize(
    ("less", "more", "less_on", "more_on", "expected"),
    [
        pytest.param(12, 12, FIRST, FIRST, LARGE_TOLL, id="equal"),
        pytest.param((3, None, None), 9, FIRST, FIRST, LIKE_TOLL, id="at least three may be nine"),
        pytest.param(7, 15, FIRST, LATER, GROWN_TOLL, id="grown in two days"),
        pytest.param(7, 15, FIRST, FIRST, OTHER_TOLL, id="doubled in a day"),
        pytest.param(7, 15, LATER, FIRST, OTHER_TOLL, id="the later report says less"),
        pytest.param(7, 9, LATER, FIRST, GROWN_TOLL, id="the later report says a little less"),
        pytest.param(7, 15, FIRST, None, GROWN_TOLL, id="no publication day"),
        pytest.param(0, 3, FIRST, LATER, GROWN_TOLL, id="nobody, then three"),
        pytest.param(0, 4, FIRST, LATER, OTHER_TOLL, id="nobody, then four"),
    ],
)
def test_tolls_grow_from_day_to_day(
    tell: Tell, less: object, more: object, less_on: date | None, more_on: date | None, expected: float
) -> None:
    one, other = (
        profile(tell(name, days="2024-05-03", killed=said, published=day))
        for name, said, day in (("a", less, less_on), ("b", more, more_on))
    )
    assert [found and found.weight for found in (tolls(one, other), tolls(other, one))] == [expected, expected]
