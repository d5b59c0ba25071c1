"""How often each of several sets is drawn, and in what order: batches of one set each, the same in every process.

An epoch is one pass over the run's own set, of m batches. Beside it, another set gives m (n / n0) ** temperature
batches, rounded, at least one: n are its rows, n0 the own set's. So batches of a set are drawn in proportion to
n ** temperature (Devlin's sampling of languages, https://github.com/google-research/bert/blob/master/multilingual.md).
All of an epoch's batches are shuffled. Each set is gone through in the order of `LengthSampler`, pass after pass: none
of its rows comes again before all have come, and where an epoch ends within a pass, the next one goes on there.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count

from torch.utils.data import Sampler

from tocsin.train.bucketing import LengthSampler

BLANK = -1  # stands for a row that a batch lacks: the trainer cuts rows into batches of one size


@dataclass(frozen=True, slots=True)
class Shares:
    """How much of each set an epoch takes; the run's own set comes first."""

    n_rows: tuple[int, ...]
    batch_size: int
    temperature: float = 1.0
    n_processes: int = 1  # each takes one batch of as many in a row

    @property
    def batches_a_pass(self) -> tuple[int, ...]:
        return tuple(-(-n // self.batch_size) for n in self.n_rows)

    @property
    def batches_an_epoch(self) -> tuple[int, ...]:
        """Of each set. Beside other sets, the processes get equally many: what lacks is of the sets rounded down most.

        >>> Shares((100, 400, 9), batch_size=1, temperature=0.5).batches_an_epoch
        (100, 200, 30)
        """
        own, *_ = self.batches_a_pass
        exact = [own * (n / self.n_rows[0]) ** self.temperature for n in self.n_rows[1:]]
        others = [max(1, round(n_batches)) for n_batches in exact]
        while others and (own + sum(others)) % self.n_processes:
            lacking = [wanted - given for wanted, given in zip(exact, others, strict=True)]
            others[lacking.index(max(lacking))] += 1
        return own, *others

    def rows_drawn(self, n_epochs: int) -> tuple[int, ...]:
        """How many rows of each set so many epochs take, one that comes again counted again."""
        drawn = []
        for n_rows, a_pass, an_epoch in zip(self.n_rows, self.batches_a_pass, self.batches_an_epoch, strict=True):
            passes, rest = divmod(n_epochs * an_epoch, a_pass)
            drawn.append(passes * n_rows + rest * self.batch_size)
        return tuple(drawn)


class JointSampler(Sampler[int]):
    """Row numbers batch by batch, counted through all sets; a batch with too few rows is filled up with BLANK."""

    def __init__(self, lengths: Sequence[Sequence[int]], shares: Shares, *, seed: int) -> None:
        self._shares = shares
        self._samplers = [LengthSampler(each, shares.batch_size, seed=seed) for each in lengths]
        self._seed = seed
        self._epoch = 0

    def __len__(self) -> int:
        return sum(self._shares.batches_an_epoch) * self._shares.batch_size

    def __iter__(self) -> Iterator[int]:
        order = [number for number, n in enumerate(self._shares.batches_an_epoch) for _ in range(n)]
        random.Random(f"{self._seed} {self._epoch}").shuffle(order)
        batches = [self._batches(number) for number in range(len(self._samplers))]
        for number in order:
            yield from next(batches[number])

    def set_epoch(self, epoch: int) -> None:
        """Whose order is given next; the trainer says it."""
        self._epoch = epoch

    def _batches(self, number: int) -> Iterator[list[int]]:
        """A set's batches without end, from where the epochs before left off."""
        size, shift = self._shares.batch_size, sum(self._shares.n_rows[:number])
        a_pass = self._shares.batches_a_pass[number]
        passes, first = divmod(self._epoch * self._shares.batches_an_epoch[number], a_pass)
        for number_of_pass in count(passes):
            self._samplers[number].set_epoch(number_of_pass)
            rows = [shift + row for row in self._samplers[number]]
            for start in range(first * size, len(rows), size):
                batch = rows[start : start + size]
                yield batch + [BLANK] * (size - len(batch))
            first = 0
