"""Does another article help, and where: the scores by the number of articles that were trained on."""

from collections.abc import Mapping, Sequence
from typing import Any

from tocsin.train.bootstrap import intervals, paired
from tocsin.train.counts import rounded
from tocsin.train.scores import EVENT_LAYERS, LAYERS, Scores


def learning_curve(by_size: Mapping[int, Sequence[Scores]], *, seed: int) -> dict[str, Any]:
    """The curve in the form of a report.

    Args:
        by_size: for each number of training articles the scores of each article, in the same order everywhere.
        seed: of the bootstrap.

    Returns:
        Measures with intervals and the F1 of each label, a value a size; and what the last step of the curve
        gained, paired over articles (None with a single size).
    """
    sizes = sorted(by_size)
    found = [intervals(by_size[size], seed=seed) for size in sizes]
    totals = [sum(by_size[size], Scores()) for size in sizes]
    return {
        "sizes": sizes,
        "measures": {
            measure: [
                {
                    "mean": rounded(point[measure].value),
                    "low": rounded(point[measure].low),
                    "high": rounded(point[measure].high),
                }
                for point in found
            ]
            for measure in found[0]
        },
        "labels": {
            layer: {
                label: [rounded(total.tally(layer)[label].f1) for total in totals] for label in totals[0].tally(layer)
            }
            for layer in LAYERS
            if layer in EVENT_LAYERS or totals[0].tally(layer)
        },
        "gain": _gain(by_size[sizes[-2]], by_size[sizes[-1]], seed=seed) if len(sizes) > 1 else None,
    }


def _gain(fewer: Sequence[Scores], more: Sequence[Scores], *, seed: int) -> dict[str, Any]:
    return {measure: difference.to_json() for measure, difference in paired(more, fewer, seed=seed).items()}
