"""Likeness: how alike two names are, in [0, 1].

| names                                                      | likeness            |
|------------------------------------------------------------|---------------------|
| equal but for case, accents, punctuation (`names.fold`)    | 1                   |
| equal but for articles (`names.key`)                       | 0.98                |
| equal but for transliteration (`names.rough`)              | 0.95                |
| equal but for head nouns, nationality, side (`names.core`) | 0.88 + 0.07 × ratio |
| misspelled                                                 | 0.92 × ratio        |

The ratio is rapidfuzz's: twice the letters in common by all letters. A misspelling keeps the first letter, all numbers
and all countries, and none of its words is quite another: "Army of Islam" is no misspelling of "Army of Conquest".
"""

from collections.abc import Collection, Iterator

from rapidfuzz import fuzz, process

from tocsin.data.gazetteers.countries import find_countries
from tocsin.data.gazetteers.names import fold, key, rough

SAME_ROUGH = 0.95
MIN_RATIO = 0.85  # of a misspelling
MIN_LETTERS = 5  # shorter names are too close to others: Hama, Hana
MIN_WORD_RATIO = 0.8  # of the words of a misspelling, one by one
MIN_VARIANT_RATIO = 0.75
MAX_MISSPELLED = 8  # names looked at for one misspelling, the closest


def same_name(first: str, second: str) -> float:
    """Likeness of two names with equal rough forms."""
    if fold(first) == fold(second):
        return 1.0
    return 0.98 if key(first) == key(second) else SAME_ROUGH


def same_core(first: str, second: str) -> float:
    """Likeness of two names with equal cores; the closer the rest, the higher."""
    return 0.88 + 0.07 * fuzz.ratio(key(first), key(second)) / 100


def are_variants(first: str, second: str) -> bool:
    """Whether two names may be one in two spellings, as Hodeidah and Al Ḩudaydah, unlike Belém and Bethlehem."""
    return fuzz.ratio(rough(first), rough(second)) >= 100 * MIN_VARIANT_RATIO


def misspellings(name: str, known: Collection[str]) -> Iterator[tuple[str, float]]:
    """The known rough forms that a name may be a misspelling of, with their likeness, the closest first.

    Args:
        name: as a text has it.
        known: not this name's own form, which would be no misspelling; it is passed over.
    """
    text = rough(name)
    if len(text) < MIN_LETTERS:
        return
    close = process.extract(text, known, scorer=fuzz.ratio, score_cutoff=100 * MIN_RATIO, limit=MAX_MISSPELLED)
    for form, ratio, _ in close:
        if form != text and text[0] == form[0] and _holds_the_same(text, form) and _words_are_alike(text, form):
            yield form, 0.92 * ratio / 100


def _holds_the_same(text: str, form: str) -> bool:
    """Whether numbers and countries are the same in both."""
    numbers, others = ({word for word in name.split() if any(map(str.isdigit, word))} for name in (text, form))
    return numbers == others and _countries(text) == _countries(form)


def _countries(text: str) -> set[tuple[str, ...]]:
    return {naming.countries for naming in find_countries(text)}


def _words_are_alike(text: str, form: str) -> bool:
    words, others = text.split(), form.split()
    return len(words) != len(others) or all(
        fuzz.ratio(word, other) >= 100 * MIN_WORD_RATIO for word, other in zip(words, others, strict=True)
    )
