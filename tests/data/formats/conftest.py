"""What the tests of several formats start from."""

from collections import Counter

import pytest

from tocsin.data.formats.conversion import Tally


@pytest.fixture
def lost() -> Tally:
    return Counter()
