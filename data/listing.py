"""Many names in a line: the first of them, and how many more there are."""

from collections.abc import Sequence


def first_of(names: Sequence[str], n: int) -> str:
    """The first names with commas, and the number of the others.

    >>> first_of(["a1", "a2", "a3", "a4"], 2), first_of(["a1"], 2)
    ('a1, a2 and 2 more', 'a1')
    """
    rest = len(names) - n
    return ", ".join(names[:n]) + (f" and {rest} more" if rest > 0 else "")
