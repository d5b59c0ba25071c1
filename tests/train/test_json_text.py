"""Pieces of JSON come to what `json.dumps` gives, so that hashes stay what they were."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.train.json_text import json_text

scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=12,
)


@pytest.mark.parametrize("sort_keys", [False, True])
@given(value=values, listed=st.lists(values, max_size=3))
def test_the_pieces_are_those_of_the_text(value: Any, listed: list[Any], sort_keys: bool) -> None:
    pieces = json_text({"b": value, "a": iter(listed), "c": [map(dict, ())]}, sort_keys=sort_keys)
    assert "".join(pieces) == json.dumps({"b": value, "a": listed, "c": [[]]}, sort_keys=sort_keys)
