"""Cue words: where a sentence says whether a thing was claimed, denied, threatened, counted, hit or foiled.

A closed list of stems of English news, seen by the attribute heads beside the vectors. The list only says which
words are looked at; what they mean is learned.
"""

from collections.abc import Sequence
from functools import cache

from tocsin.data.tags import WordSpan

STEMS = tuple(
    """
    said say says told tell claim announc declar statement communique press responsib accord report confirm source
    official spokes denied denies deny denial no not never none without
    will would could may might if threat warn vow plan prepar further future more next possible
    over than hundred dozen several series wave campaign such these since daily repeat increas spik number continu
    intercept shot down downed foil fail miss crash repel thwart air defen
    destroy damag injur wound kill dead death died casualt hit struck victim
    we our us its their they it he by were was been have has had
    """.split()
)
NEAR = 6  # words on each side of the trigger that count as near
N_CUES = 3 * (len(STEMS) + 1)  # before, after, anywhere in the sentence; the last of each is any number


@cache
def cue(word: str) -> int | None:
    """The index of the stem a lower-case word begins with, len(STEMS) for a number, None for any other word.

    Stems of up to three letters match whole words only.
    """
    if word[0].isdigit():
        return len(STEMS)
    return next((i for i, stem in enumerate(STEMS) if word == stem or (len(stem) > 3 and word.startswith(stem))), None)


def cues(span: WordSpan, sentence: tuple[int, int], words: Sequence[str]) -> list[float]:
    """One number a cue and region, 1 where it occurs.

    Args:
        span: whose surroundings are looked at; word indices count from the passage's start.
        sentence: its sentence's first word and the word after its last.
        words: the passage's words, lower-case.

    Returns:
        N_CUES numbers: near before the span, near after it, anywhere in the sentence.
    """
    start, end = sentence
    regions = (
        range(max(start, span.start - NEAR), span.start),
        range(span.end, min(end, span.end + NEAR)),
        range(start, end),
    )
    found = [0.0] * N_CUES
    for region, indices in enumerate(regions):
        for index in indices:
            number = cue(words[index])
            if number is not None:
                found[region * (len(STEMS) + 1) + number] = 1.0
    return found
