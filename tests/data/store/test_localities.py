"""Names of places that no gazetteer knows."""

import pytest

from tocsin.data.store.localities import Locality, are_alike, locality

NOTHING: frozenset[str] = frozenset()


def named(text: str) -> Locality:
    found = locality(text, NOTHING, NOTHING)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("text", "others", "expected"),
    [
        ("village of Dorrel Vey", NOTHING, "dorel vai"),
        ("Harn's Ostval quarter", frozenset({"harn"}), "ostval"),
        ("northern Harn", frozenset({"harn"}), None),
        ("outskirts of the town", NOTHING, None),
    ],
)
def test_a_name_is_without_what_is_around_it(text: str, others: frozenset[str], expected: str | None) -> None:
    found = locality(text, others, NOTHING)
    assert (found.name if found else None) == expected


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("Dorrel Vey", "the village of Dorel-Vey", True),
        ("Dorrel Vey", "Dorrel Vey Sabo", True),
        ("al-Zaitoun", "Zaytoun", True),
        ("Kolmara", "Kolmarra", True),
        ("Umm Varn", "Umm Dask", False),
        ("Block 10 of Karsk", "Block 11 of Karsk", False),
        ("Ostval", "Merrin", False),
    ],
)
def test_spellings_and_short_forms_are_alike(a: str, b: str, expected: bool) -> None:
    assert are_alike(named(a), named(b)) is are_alike(named(b), named(a)) is expected


def test_a_district_may_hold_others() -> None:
    assert [named(text).is_area for text in ("Karsk district", "Karsk", "Karsk village")] == [True, False, False]
