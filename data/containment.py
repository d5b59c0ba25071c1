"""Texts that stand within others: sentences within their article, a short text within one that quotes all of it.

Near-duplicates are alike as wholes, and no sentence is like its article. Here a text stands within another if nearly
all of its runs of five words (`tocsin.data.near_duplicates`) are there too. Texts of less than twelve words are too
short to tell: what they say may be said elsewhere by chance.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from tocsin.data.near_duplicates import Hashes, word_runs

MIN_RUNS = 8  # of a text that can be told: twelve words, if none of its runs comes twice
SHARE = 0.9  # of its runs: a word changed amid a hundred leaves 0.95

Key = TypeVar("Key")
Other = TypeVar("Other")


@dataclass(frozen=True, slots=True)
class Containment(Generic[Other, Key]):
    """Two texts of which one stands within the other."""

    other: Other
    key: Key
    is_part: bool  # whether it is the other that stands within


@dataclass(frozen=True, slots=True)
class _Index(Generic[Key]):
    """Which texts have a run of words."""

    keys: list[Key]
    n_runs: NDArray[np.int64]  # of each text
    runs: Hashes  # of all texts, ascending
    owners: NDArray[np.int64]  # the number of the text that each is of


def containments(
    texts: Iterable[tuple[Key, str]], others: Iterable[tuple[Other, str]]
) -> Iterator[Containment[Other, Key]]:
    """For each of the others all texts that it stands within, or that stand within it, both in their order.

    Args:
        texts: with what they are called; 16 bytes a word are held.
        others: likewise; one is held at a time.
    """
    index = _index(texts)
    for other, text in others:
        runs = word_runs(text)
        numbers, n_shared = _mates(index, runs)
        is_part = (n_shared >= SHARE * len(runs)) & (len(runs) >= MIN_RUNS)
        is_whole = (n_shared >= SHARE * index.n_runs[numbers]) & (index.n_runs[numbers] >= MIN_RUNS)
        for place in np.flatnonzero(is_part | is_whole).tolist():
            yield Containment(other, index.keys[numbers[place]], bool(is_part[place]))


def _index(texts: Iterable[tuple[Key, str]]) -> _Index[Key]:
    keys: list[Key] = []
    found: list[Hashes] = []
    for key, text in texts:
        keys.append(key)
        found.append(word_runs(text))
    n_runs = np.array([len(runs) for runs in found], np.int64)
    runs = np.concatenate([np.empty(0, np.uint64), *found])
    order = np.argsort(runs, kind="stable")
    return _Index(keys, n_runs, runs[order], np.repeat(np.arange(len(keys)), n_runs)[order])


def _mates(index: _Index[Key], runs: Hashes) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The texts that share a run with these, by number, ascending, and how many runs each shares."""
    first, last = np.searchsorted(index.runs, runs, "left"), np.searchsorted(index.runs, runs, "right")
    places = [np.arange(start, end) for start, end in zip(first, last, strict=True) if start < end]
    owners = index.owners[np.concatenate([np.empty(0, np.int64), *places])]
    numbers, n_shared = np.unique(owners, return_counts=True)
    return numbers, n_shared
