"""The order in which rows are trained on: rows of like length share a batch, so that little of it is padding."""

import random
from collections.abc import Iterator, Sequence

from torch.utils.data import Sampler


class LengthSampler(Sampler[int]):
    """Row numbers in an order of their own for each epoch, the same in every process and after a resume.

    Rows are sorted by length, those of one length shuffled, and cut into batches; the batches are shuffled, but for a
    smaller one that is left over, which comes last.
    """

    def __init__(self, lengths: Sequence[int], batch_size: int, *, seed: int) -> None:
        self._lengths = lengths
        self._batch_size = batch_size
        self._seed = seed
        self._epoch = 0

    def __len__(self) -> int:
        return len(self._lengths)

    def __iter__(self) -> Iterator[int]:
        drawn = random.Random(f"{self._seed} {self._epoch}")
        order = list(range(len(self._lengths)))
        drawn.shuffle(order)
        order.sort(key=self._lengths.__getitem__)
        n_whole = len(order) // self._batch_size * self._batch_size
        # Else the longest would always be the ones left over.
        n_rest = len(order) - n_whole
        first = drawn.randint(0, n_whole) if n_rest else 0
        rest, order = order[first : first + n_rest], order[:first] + order[first + n_rest :]
        batches = [order[start : start + self._batch_size] for start in range(0, n_whole, self._batch_size)]
        drawn.shuffle(batches)
        return iter([row for batch in [*batches, rest] for row in batch])

    def set_epoch(self, epoch: int) -> None:
        """Whose order is given next; the trainer says it."""
        self._epoch = epoch
