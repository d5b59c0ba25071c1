"""What every part passes around refuses what it cannot be, where it is made."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from tocsin.data.types import Article


def test_of_a_moment_of_publication_the_day_is_kept() -> None:
    assert Article("Two drones.", published=datetime(2024, 5, 1, 23, 59, tzinfo=UTC)).published == date(2024, 5, 1)
    assert type(Article("Two drones.", published=datetime(2024, 5, 1)).published) is date
    assert Article("Two drones.", published=date(2024, 5, 1)).published == date(2024, 5, 1)


@pytest.mark.parametrize("published", ["2024-05-01", 20240501, ""])
def test_a_day_of_publication_is_no_text_and_no_number(published: Any) -> None:
    with pytest.raises(TypeError, match=r"published=.* was given a (str|int) \(.*expected a datetime\.date, or None"):
        Article("Two drones.", published=published)


@pytest.mark.parametrize("text", [None, 3, b"Two drones."])
def test_a_text_is_a_str(text: Any) -> None:
    with pytest.raises(TypeError, match=r"text=.* was given a (NoneType|int|bytes); expected a str"):
        Article(text)


def test_half_a_character_is_told_with_its_place() -> None:
    with pytest.raises(ValueError, match=r"lone surrogate, '\\ud800'\) at 4; read the text"):
        Article("Two \ud800 drones.")
