"""What is said before a cross-validation: of what is learned as before a training, and what its folds do otherwise."""

from collections.abc import Iterator

from tocsin.data.errors import Problem
from tocsin.model.settings import EVEN
from tocsin.train.config import RunConfig
from tocsin.train.label_threshold import is_free
from tocsin.train.sets import Sets

OF_DEV_SCORES = "dev scores are too good"  # how warnings end that are of scores which no fold has


def crossval_notes(config: RunConfig, sets: Sets) -> Iterator[Problem]:
    """What is to be known of the settings and documents before folds are trained.

    Args:
        config: the run's.
        sets: from `load_sets`; their dev documents take no part.
    """
    n_dev, n_train = len(sets.dev), len(sets.train)
    if n_dev:
        key, more = ("dev_share", "; take the key out to have all") if config.data.dev_share else ("dev", "")
        fault = (
            f"documents that take no part: {n_dev}; the {n_train} that are learned from are held out in turn, and "
            f"every training keeps its last epoch{more}"
        )
        yield Problem(f"[data] {key}", fault)
    if n_dev and not config.model.label_threshold and is_free(sets.schema):
        fault = f"0 is a choice on dev documents, and none take part: every training takes {EVEN}"
        yield Problem("[model] label_threshold", fault)
    yield from (problem for problem in sets.warnings if not _is_of_dev(problem, config))


def _is_of_dev(problem: Problem, config: RunConfig) -> bool:
    """Whether something is said of dev documents or their scores alone, of the run's own set or one of `[joint]`."""
    dev_files = ", ".join(map(str, config.data_paths(config.data.dev)))
    is_there = problem.where in ("dev", dev_files) or problem.where.endswith(": dev")
    return is_there or problem.message.endswith(OF_DEV_SCORES)
