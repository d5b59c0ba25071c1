"""Near-duplicates: texts of one group that stand hardly changed in another, as wire reports and their reprints do.

Two texts are near-duplicates if they share most of their word runs: the sets of five words in a row, case and marks
aside, compared by their Jaccard index. Pairs are found by MinHash with banding (Broder 1997; Leskovec, Rajaraman and
Ullman, "Mining of Massive Datasets", chapter 3) and verified: a share that is told is that of the sets themselves, by
64-bit fingerprints of their runs. With 42 bands of 3 rows, a pair that shares half of its runs is overlooked in 4
cases of 1,000, one that shares 0.6 in 4 of 100,000, and one that shares hardly any is never looked at.

Texts that are equal but for case and white space are always found; they are all that is found among texts under five
words, and in scripts that put no space between words, where a sentence is one word.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from itertools import combinations
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

RUN_WORDS = 5
THRESHOLD = 0.5  # one word changed amid twenty leaves 0.52, amid a hundred 0.90
N_BANDS, N_ROWS = 42, 3
MAX_MATES = 16  # candidates that a text may have in one band: of many alike, one is enough
MAX_VERIFIED = 4  # candidates of a text that are compared in full, likeliest first
BLOCK = 2**11  # runs that are hashed at once
_SLACK = 0.18  # four standard deviations of an estimate from 126 hashes
_WORD = re.compile(r"[^\W_]+")

Key = TypeVar("Key")
Texts = Callable[[], Iterable[tuple[Key, str]]]  # called twice, so that no text need be held
Hashes = NDArray[np.uint64]
Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class NearDuplicate(Generic[Key]):
    """A text and the one of an earlier group that is most like it."""

    group: str
    key: Key
    other_group: str
    other_key: Key
    shared: float  # in [THRESHOLD, 1]: the Jaccard index of their word runs
    is_equal: bool  # but for case and white space


@dataclass(frozen=True, slots=True)
class _Group(Generic[Key]):
    """What is kept of a group's texts, about 700 bytes each."""

    keys: list[Key]
    digests: list[bytes]  # of each text, case and white space aside; empty if it is blank
    numbers: Numbers  # of the texts that have word runs
    signatures: NDArray[np.uint32]  # (those texts, hash functions)


@dataclass(frozen=True, slots=True)
class _Candidates:
    """What is to be compared between two groups, texts by their numbers."""

    equal: Mapping[int, int]  # of a text of the later group, the first of the earlier that is equal
    likely: Mapping[int, Sequence[int]]  # those of the earlier that may be near


def near_duplicates(groups: Mapping[str, Texts[Key]], *, threshold: float = THRESHOLD) -> Iterator[NearDuplicate[Key]]:
    """For each text of a group, its nearest near-duplicate in each group before it, by group and in the order of texts.

    Args:
        groups: by name, each a function that gives its texts, the same ones at each call, with what they are called.
        threshold: the smallest share of word runs, from 0.3 to 1; the bands are chosen for a half and more.
    """
    summaries = {name: _summary(texts()) for name, texts in groups.items()}
    candidates = {
        (earlier, later): _candidates(summaries[earlier], summaries[later], threshold)
        for earlier, later in combinations(groups, 2)
    }
    runs = {name: _runs_of(texts(), _wanted(name, candidates)) for name, texts in groups.items()}
    for later in groups:
        found = (
            (number, earlier, *nearest)
            for (earlier, name), each in candidates.items()
            if name == later
            for number, nearest in _nearest(each, runs[earlier], runs[later], threshold)
        )
        for number, earlier, other, shared, is_equal in sorted(found, key=lambda item: item[0]):
            keys = summaries[later].keys[number], summaries[earlier].keys[other]
            yield NearDuplicate(later, keys[0], earlier, keys[1], shared, is_equal)


def word_runs(text: str) -> Hashes:
    """Fingerprints of a text's runs of five words, case and marks aside, each once, in ascending order.

    >>> len(word_runs("Two drones hit Camp Vale on Tuesday.")), len(word_runs("Two drones hit"))
    (3, 0)
    """
    return np.unique(_hashed_runs(text))


def _summary(texts: Iterable[tuple[Key, str]]) -> _Group[Key]:
    keys: list[Key] = []
    digests: list[bytes] = []
    numbers: list[int] = []
    signatures: list[NDArray[np.uint32]] = []
    for number, (key, text) in enumerate(texts):
        keys.append(key)
        digests.append(text_digest(text))
        runs = _hashed_runs(text)
        if len(runs):
            numbers.append(number)
            signatures.append(_signature(runs))
    stacked = np.array(signatures, np.uint32).reshape(-1, N_BANDS * N_ROWS)
    return _Group(keys, digests, np.array(numbers, np.int64), stacked)


def text_digest(text: str) -> bytes:
    """16 bytes that texts have in common if they differ in no more than case and white space; none of a blank one."""
    plain = " ".join(text.split()).casefold()
    return blake2b(_encoded(plain), digest_size=16).digest() if plain else b""


def _hashed_runs(text: str) -> Hashes:
    """A hash for each run of words, in the order of the text."""
    words = _WORD.findall(text.casefold())
    n_runs = max(len(words) - RUN_WORDS + 1, 0)
    hashes = np.fromiter(map(_word_hash, words), np.uint64, len(words))
    total = np.zeros(n_runs, np.uint64)
    for place, factor in enumerate(_PLACES):  # a word counts differently at each place
        total += hashes[place : place + n_runs] * factor
    return _mixed(total)


@lru_cache(maxsize=2**18)
def _word_hash(word: str) -> int:
    return int.from_bytes(blake2b(_encoded(word), digest_size=8).digest(), "little")


def _encoded(text: str) -> bytes:
    return text.encode(errors="surrogatepass")


def _mixed(values: Hashes) -> Hashes:
    """Each value hashed (the finaliser of SplitMix64, Steele, Lea and Flood 2014)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


_CONSTANTS = _mixed(np.arange(1, 2 * N_BANDS * N_ROWS + RUN_WORDS + N_ROWS + 1, dtype=np.uint64) << np.uint64(17))
_FACTORS, _SHIFTS, _REST = np.split(_CONSTANTS, [N_BANDS * N_ROWS, 2 * N_BANDS * N_ROWS])
_FACTORS = _FACTORS | np.uint64(1)
_PLACES, _ROWS = np.split(_REST | np.uint64(1), [RUN_WORDS])


def _signature(runs: Hashes) -> NDArray[np.uint32]:
    """For each of the hash functions its smallest value over the runs."""
    smallest = np.full(N_BANDS * N_ROWS, np.iinfo(np.uint64).max, np.uint64)
    for first in range(0, len(runs), BLOCK):
        hashes = runs[None, first : first + BLOCK] * _FACTORS[:, None] + _SHIFTS[:, None]
        smallest = np.minimum(smallest, hashes.min(axis=1))
    return (smallest >> np.uint64(32)).astype(np.uint32)


def _candidates(earlier: _Group[Key], later: _Group[Key], threshold: float) -> _Candidates:
    first: dict[bytes, int] = {}
    for number, digest in enumerate(earlier.digests):
        first.setdefault(digest, number)
    equal = {number: first[digest] for number, digest in enumerate(later.digests) if digest and digest in first}
    likely: dict[int, list[int]] = defaultdict(list)
    for row, mate in _likely(earlier.signatures, later.signatures, threshold - _SLACK):
        number = int(later.numbers[row])
        if number not in equal and len(likely[number]) < MAX_VERIFIED:
            likely[number].append(int(earlier.numbers[mate]))
    return _Candidates(equal, dict(likely))


def _likely(earlier: NDArray[np.uint32], later: NDArray[np.uint32], least: float) -> Iterator[tuple[int, int]]:
    """Rows of `later` with rows of `earlier` that share a band, likeliest first, if their estimate is high enough."""
    if not len(earlier) or not len(later):
        return
    found, estimates = np.empty(0, np.int64), np.empty(0)
    for band in range(N_BANDS):
        columns = slice(band * N_ROWS, (band + 1) * N_ROWS)
        rows, mates = _same(_band_hashes(earlier[:, columns]), _band_hashes(later[:, columns]))
        estimated = _estimated(earlier, later, rows, mates)
        is_likely = estimated >= least
        places = np.concatenate([found, (rows * len(earlier) + mates)[is_likely]])
        found, chosen = np.unique(places, return_index=True)
        estimates = np.concatenate([estimates, estimated[is_likely]])[chosen]
    rows, mates = np.divmod(found, len(earlier))
    for place in np.lexsort((mates, -estimates, rows)).tolist():
        yield int(rows[place]), int(mates[place])


def _band_hashes(signatures: NDArray[np.uint32]) -> Hashes:
    hashes: Hashes = _mixed((signatures.astype(np.uint64) * _ROWS).sum(axis=1, dtype=np.uint64))
    return hashes


def _same(earlier: Hashes, later: Hashes) -> tuple[Numbers, Numbers]:
    """Places in `later` and in `earlier` that have the same value; of each in `later`, some of its mates."""
    order = np.argsort(earlier, kind="stable")
    ascending = earlier[order]
    first, last = np.searchsorted(ascending, later, "left"), np.searchsorted(ascending, later, "right")
    n_mates = np.minimum(last - first, MAX_MATES)
    within = np.arange(n_mates.sum()) - np.repeat(np.cumsum(n_mates) - n_mates, n_mates)
    return np.repeat(np.arange(len(later)), n_mates), order[np.repeat(first, n_mates) + within]


def _estimated(
    earlier: NDArray[np.uint32], later: NDArray[np.uint32], rows: Numbers, mates: Numbers
) -> NDArray[np.float64]:
    """The share of hash functions on which two texts agree: an estimate of the share of runs."""
    shares = [
        (later[rows[first : first + BLOCK]] == earlier[mates[first : first + BLOCK]]).mean(axis=1)
        for first in range(0, len(rows), BLOCK)
    ]
    return np.concatenate([np.empty(0), *shares])


def _wanted(name: str, candidates: Mapping[tuple[str, str], _Candidates]) -> set[int]:
    """The texts of a group that are to be compared in full."""
    wanted: set[int] = set()
    for (earlier, later), each in candidates.items():
        if name == later:
            wanted.update(each.likely)
        if name == earlier:
            wanted.update(mate for mates in each.likely.values() for mate in mates)
    return wanted


def _runs_of(texts: Iterable[tuple[Key, str]], wanted: set[int]) -> dict[int, Hashes]:
    """The word runs of some texts; none are read if none is wanted."""
    if not wanted:
        return {}
    return {number: word_runs(text) for number, (_, text) in enumerate(texts) if number in wanted}


def _nearest(
    candidates: _Candidates, earlier: Mapping[int, Hashes], later: Mapping[int, Hashes], threshold: float
) -> Iterator[tuple[int, tuple[int, float, bool]]]:
    """For each text its nearest, what they share, and whether they are equal."""
    for number, other in candidates.equal.items():
        yield number, (other, 1.0, True)
    for number, mates in candidates.likely.items():
        shares = {mate: _jaccard(earlier[mate], later[number]) for mate in mates}
        nearest = min(mates, key=lambda mate: (-shares[mate], mate))
        if shares[nearest] >= threshold:
            yield number, (nearest, shares[nearest], False)


def _jaccard(left: Hashes, right: Hashes) -> float:
    n_shared = len(np.intersect1d(left, right, assume_unique=True))
    return n_shared / (len(left) + len(right) - n_shared)
