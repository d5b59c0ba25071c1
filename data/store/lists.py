"""Lists of values that are asked for: never longer than a database takes in one statement."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

N_AT_ONCE = 500  # SQLite takes 32,766 values, as built by some 999; PostgreSQL 65,535
_T = TypeVar("_T")


def parts(items: Iterable[_T], n: int = N_AT_ONCE) -> Iterator[list[_T]]:
    """The items in lists of at most `n`.

    >>> list(parts("abc", 2))
    [['a', 'b'], ['c']]
    """
    iterator = iter(items)
    while part := list(islice(iterator, n)):
        yield part
