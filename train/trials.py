"""What a search trains, and what came of it: trials, their outcomes, and the settings that these are of.

A trial is one training. A setting is all that the search gave to a trial but the seed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from tocsin.train.config import RunConfig
from tocsin.train.counts import rounded, spread


@dataclass(frozen=True, slots=True)
class Trial:
    """One training of a search."""

    number: int  # from 1
    settings: Mapping[str, Any]  # values by name, without the seed
    config: RunConfig

    @property
    def name(self) -> str:
        return f"trial-{self.number}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a trial came to."""

    number: int  # the trial's
    settings: Mapping[str, Any]
    seed: int
    dev_score: float  # of the best epoch; 0 if the training ran away
    best_epoch: int  # 0 if the training ran away
    seconds: float  # of training; of what an interruption undid, none
    label_threshold: float | None = None  # that the score was reached with, if it was chosen on dev

    @property
    def ran_away(self) -> bool:
        """Whether its loss was no number in the end: it has no weights."""
        return not self.best_epoch

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> "Outcome":
        """The inverse of `to_json`.

        Raises:
            KeyError, TypeError, ValueError: the record is none.
        """
        counts = [int(record[key]) for key in ("number", "seed", "best_epoch")]
        score, seconds = float(record["dev_score"]), float(record["seconds"])
        threshold = record.get("label_threshold")  # there was none when the first searches were left
        threshold = None if threshold is None else float(threshold)
        return cls(counts[0], dict(record["settings"]), counts[1], score, counts[2], seconds, threshold)

    def to_json(self) -> dict[str, Any]:
        return {key: value for key, value in asdict(self).items() if value is not None}


@dataclass(frozen=True, slots=True)
class Setting:
    """The outcomes of one setting, one a seed."""

    outcomes: tuple[Outcome, ...]

    @property
    def mean(self) -> float:
        return spread([outcome.dev_score for outcome in self.outcomes])[0]

    @property
    def best(self) -> Outcome:
        """That with the best dev score, the earliest of equals; none that ran away if there is another."""
        return max(self.outcomes, key=lambda outcome: (outcome.dev_score, not outcome.ran_away))

    @property
    def worth(self) -> tuple[float, int]:
        """The mean, and how many did not run away: settings that learn nothing are told apart by that."""
        return self.mean, sum(not outcome.ran_away for outcome in self.outcomes)

    def to_json(self) -> dict[str, Any]:
        return {
            "settings": dict(self.outcomes[0].settings),
            "seeds": [outcome.seed for outcome in self.outcomes],
            "mean_dev_score": rounded(self.mean),
            "sd_over_seeds": rounded(spread([outcome.dev_score for outcome in self.outcomes])[1]),
            "best_epochs": [outcome.best_epoch for outcome in self.outcomes],
            "seconds": seconds_of(self.outcomes),
        }


def seconds_of(outcomes: Iterable[Outcome]) -> float:
    """How long they took together."""
    return round(sum(outcome.seconds for outcome in outcomes), 1)
