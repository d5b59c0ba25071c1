"""Rows of several sets as one table, and rows of one of them joined into what a training step takes."""

from collections.abc import Sequence
from typing import Any

import datasets

from tocsin.data.schema import Schema
from tocsin.train.batches import LENGTH, Collator, Row
from tocsin.train.shares import BLANK, JointSampler, Shares

SET = "number"  # of a batch: the set it is of


class JointRows:
    """All sets' rows, each with the number of its set; in the place of BLANK there is none."""

    def __init__(self, tables: Sequence[datasets.Dataset], shares: Shares) -> None:
        self._tables = tables
        self._shares = shares

    def __len__(self) -> int:
        return sum(map(len, self._tables))

    def __getitem__(self, place: int) -> tuple[int, Row] | None:
        if place == BLANK:
            return None
        for number, table in enumerate(self._tables):
            if place < len(table):
                return number, table[place]
            place -= len(table)
        raise IndexError

    def sampler(self, *, seed: int) -> JointSampler:
        """The order in which they are trained on."""
        return JointSampler([table[LENGTH][:] for table in self._tables], self._shares, seed=seed)


class JointCollator:
    """Joins rows of one set into a batch that says of which one."""

    def __init__(self, schemas: Sequence[Schema]) -> None:
        """For rows of sets with these schemas, the run's own first."""
        self._collators = [Collator(schema) for schema in schemas]

    def __call__(self, places: Sequence[tuple[int, Row] | None]) -> dict[str, Any]:
        rows = [found for found in places if found is not None]
        numbers = {number for number, _ in rows}
        assert len(numbers) == 1, "a batch is of one set"
        (number,) = numbers
        return {**self._collators[number]([row for _, row in rows]), SET: number}
