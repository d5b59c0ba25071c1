"""How sure a measure is: percentile intervals over resampled articles, and two systems on the same resamples.

The percentile bootstrap (Efron 1979), one article the unit that is drawn: what stands in one article is not
independent. Two systems are compared on the same draws (Koehn 2004; Berg-Kirkpatrick et al. 2012). Every measure is
the mean of ratios of sums over articles (`tocsin.train.measures`), so a resample's is that of the sums of its articles,
as the measure itself is. A resample in which a measure has nothing to compare says nothing of that measure and is left
out of its percentiles and shares.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tocsin.train.counts import rounded
from tocsin.train.scores import Scores

N_RESAMPLES = 2000
LEVEL = 0.95
MAX_WEIGHTS = 2**22  # how many numbers of resamples are held at a time: 32 MiB


@dataclass(frozen=True, slots=True)
class Interval:
    """A measure and its bounds, all in [0, 1]; nan where undefined, the bounds so with a single article."""

    value: float
    low: float
    high: float

    def to_json(self) -> dict[str, float | None]:
        return {"value": rounded(self.value), "low": rounded(self.low), "high": rounded(self.high)}


@dataclass(frozen=True, slots=True)
class Difference:
    """By how much one system's measure exceeds another's, in [-1, 1], with bounds; nan where undefined."""

    difference: float
    low: float
    high: float
    share_won: float  # of the resamples, in [0, 1]; a tie is half a win

    def to_json(self) -> dict[str, float | None]:
        return {
            "difference": rounded(self.difference),
            "low": rounded(self.low),
            "high": rounded(self.high),
            "share_won": rounded(self.share_won),
        }


def intervals(
    parts: Sequence[Scores], *, n_resamples: int = N_RESAMPLES, seed: int = 0, level: float = LEVEL
) -> dict[str, Interval]:
    """The measures of the headline with their intervals.

    Args:
        parts: the scores of each article, as `score_each` gives them; the value is that of their sum.
        n_resamples: more of them make the bounds steadier, not narrower.
        seed: the same seed and parts give the same bounds.
        level: the share of the resamples between the bounds.
    """
    counts = measure_counts(parts)
    resampled = resampled_f1(counts, n_resamples=n_resamples, seed=seed)
    values, bounds = _values(counts.sum(axis=0)), _bounds(resampled, level)
    return {
        name: Interval(float(value), float(low), float(high))
        for name, value, (low, high) in zip(parts[0].measures(), values, bounds, strict=True)
    }


def paired(
    a: Sequence[Scores], b: Sequence[Scores], *, n_resamples: int = N_RESAMPLES, seed: int = 0, level: float = LEVEL
) -> dict[str, Difference]:
    """The measures of `a` minus those of `b`, drawn together.

    Args:
        a: the scores of each article by one system.
        b: the scores of the same articles, in the same order, by the other.
        n_resamples: as for `intervals`; so are the rest.
    """
    if len(a) != len(b):
        raise ValueError(f"{len(a)} and {len(b)} articles; expected the scores of the same articles from both systems")
    counts = np.concatenate([measure_counts(a), measure_counts(b)], axis=1)
    n_measures = counts.shape[1] // 2
    resampled = resampled_f1(counts, n_resamples=n_resamples, seed=seed)
    differences = resampled[:, :n_measures] - resampled[:, n_measures:]
    values = _values(counts.sum(axis=0))
    return {
        name: Difference(float(difference), float(low), float(high), float(share))
        for name, difference, (low, high), share in zip(
            a[0].measures(),
            values[:n_measures] - values[n_measures:],
            _bounds(differences, level),
            _shares_won(differences),
            strict=True,
        )
    }


def measure_counts(parts: Sequence[Scores]) -> NDArray[np.float64]:
    """(articles, measures, ratios, 2): part and whole of each ratio that a measure is the mean of, padded with zeros.

    Raises:
        ValueError: there are no parts.
    """
    if not parts:
        raise ValueError("no articles; expected the scores of at least one")
    measures = [list(part.measures().values()) for part in parts]
    n_ratios = max((len(ratios) for ratios in measures[0]), default=0)
    counts = np.zeros((len(parts), len(measures[0]), n_ratios, 2))
    for article, found in zip(counts, measures, strict=True):
        for measure, ratios in zip(article, found, strict=True):
            measure[: len(ratios)] = ratios
    return counts


def resampled_f1(counts: NDArray[np.float64], *, n_resamples: int, seed: int) -> NDArray[np.float64]:
    """Each measure, an F1 or the mean of some, in each resample.

    Args:
        counts: (articles, measures, ratios, 2), as `measure_counts` gives them.
        n_resamples: at least 1.
        seed: of the draws, which depend on it and the number of articles only.

    Returns:
        (resamples, measures), nan where a resample has nothing to compare; all nan for one article, of which every
        resample is the same.
    """
    n_articles, n_measures = counts.shape[:2]
    if n_resamples < 1:
        raise ValueError(f"{n_resamples} resamples; expected at least 1")
    if n_articles == 1:
        return np.full((n_resamples, n_measures), np.nan)
    flat = counts.reshape(n_articles, -1)
    sums = [weights @ flat for weights in _weights(n_articles, n_resamples, np.random.default_rng(seed))]
    return _values(np.concatenate(sums).reshape(n_resamples, *counts.shape[1:]))


def _weights(n_articles: int, n_resamples: int, generator: np.random.Generator) -> Iterator[NDArray[np.float64]]:
    """(some resamples, articles): how often each article was drawn, with so many resamples as memory bears."""
    n_at_once = max(1, MAX_WEIGHTS // n_articles)
    for start in range(0, n_resamples, n_at_once):
        weights = np.empty((min(n_at_once, n_resamples - start), n_articles))
        for row in weights:
            row[:] = np.bincount(generator.integers(n_articles, size=n_articles), minlength=n_articles)
        yield weights


def _values(sums: NDArray[np.float64]) -> NDArray[np.float64]:
    """Of sums (..., ratios, 2) the mean of the ratios that are defined; nan where none is, as a measure has it."""
    ratios = _ratios(sums[..., 0], sums[..., 1])
    return _ratios(np.nansum(ratios, axis=-1), np.sum(~np.isnan(ratios), axis=-1))


def _ratios(parts: NDArray[np.float64], wholes: NDArray[Any]) -> NDArray[np.float64]:
    """Parts by wholes; nan where the whole is 0."""
    ratios = np.full(parts.shape, np.nan)
    np.divide(parts, wholes, out=ratios, where=wholes > 0)
    return ratios


def _bounds(resampled: NDArray[np.float64], level: float) -> NDArray[np.float64]:
    """(measures, 2): the percentiles that leave half of what `level` leaves on either side."""
    if not 0 < level < 1:
        raise ValueError(f"level {level}; expected a share between 0 and 1, such as 0.95")
    outside = 100 * (1 - level) / 2
    bounds = np.full((resampled.shape[1], 2), np.nan)
    # Not nanpercentile, which warns of a measure that is nan throughout; what is nan is left out all the same.
    for measure, column in zip(bounds, resampled.T, strict=True):
        if len(defined := column[~np.isnan(column)]):
            measure[:] = np.percentile(defined, [outside, 100 - outside])
    return bounds


def _shares_won(differences: NDArray[np.float64]) -> NDArray[np.float64]:
    """(measures,): the mean of 1 for a win, half for a tie, 0 for a loss."""
    n_defined = np.sum(~np.isnan(differences), axis=0)
    return _ratios(np.nansum((np.sign(differences) + 1) / 2, axis=0), n_defined)
