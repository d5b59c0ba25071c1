"""Whether every trial of a search can start: what it asks of its encoder is looked at before the first is trained."""

from collections.abc import Iterator, Sequence
from functools import partial

from tocsin.data.errors import ConfigError, TocsinError
from tocsin.train.config import RunConfig
from tocsin.train.joint import JointSet
from tocsin.train.optimizer import freeze
from tocsin.train.preparation import encoder_of, refuse_longer_windows


def refuse_unstartable(trials: Sequence[RunConfig], beside: Sequence[JointSet]) -> None:
    """Load each encoder, and each model that is started from, once, and see whether it is what trials ask for.

    Args:
        trials: their configs, in order.
        beside: the sets that `[joint]` names.

    Raises:
        ConfigError: an encoder is not to be had, reads shorter windows, or has fewer layers than are to be frozen:
            each such fault is named, with the first trial that has it.
    """
    by_start: dict[tuple[str, str], list[int]] = {}
    for number, config in enumerate(trials):
        by_start.setdefault((config.encoder, config.init.from_), []).append(number)
    first: dict[str, int] = {}
    for numbers in by_start.values():
        for number, fault in _faults(trials, numbers, beside):
            first.setdefault(fault, number)
    if first:
        told = sorted((number, fault) for fault, number in first.items())
        lines = [f"[search] trial {number + 1} of {len(trials)}: {fault}" for number, fault in told]
        raise ConfigError("\n".join(lines))


def _faults(
    trials: Sequence[RunConfig], numbers: Sequence[int], beside: Sequence[JointSet]
) -> Iterator[tuple[int, str]]:
    """What keeps trials from starting that start from one encoder, each fault with the trial's number."""
    try:
        encoder, _ = encoder_of(trials[numbers[0]])
    except TocsinError as error:
        yield numbers[0], str(error)
        return
    for number in numbers:
        config = trials[number]
        checks = [
            ("", partial(refuse_longer_windows, encoder, config.model)),
            ("", partial(freeze, encoder, config.optim.frozen_layers)),
            *(
                (f"[joint] {each.name}: ", partial(refuse_longer_windows, encoder, each.config.model))
                for each in beside
            ),
        ]
        for where, check in checks:
            try:
                check()
            except ConfigError as error:
                yield number, f"{where}{error}"
