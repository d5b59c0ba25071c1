"""Words: where the tokens of a text begin and end, in characters.

A word is a run of letters and digits, or one other character that is no white space; this is how BERT's
pre-tokeniser cuts (Devlin et al. 2019), except that the underscore is a mark like any other.
"""

import re

_WORD = re.compile(r"[^\W_]+|\S")


def words(text: str) -> list[tuple[int, int]]:
    """Offsets `[start, end)` of every word, in order; together they cover all but white space.

    >>> words("Two U.S. drones")
    [(0, 3), (4, 5), (5, 6), (6, 7), (7, 8), (9, 15)]
    """
    return [match.span() for match in _WORD.finditer(text)]
