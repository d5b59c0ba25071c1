"""Every row is trained on once an epoch, beside rows of its length, in an order that only seed and epoch decide."""

import random

from hypothesis import given
from hypothesis import strategies as st

from tocsin.train.bucketing import LengthSampler

LENGTHS = st.lists(st.integers(1, 300), min_size=1, max_size=200)


def padded_share(lengths: list[int], order: list[int], batch_size: int) -> float:
    """The share of a pass over rows, in that order, that is padding."""
    ordered = [lengths[row] for row in order]
    batches = [ordered[start : start + batch_size] for start in range(0, len(order), batch_size)]
    return 1 - sum(lengths) / sum(max(batch) * len(batch) for batch in batches)


@given(LENGTHS, st.integers(1, 32), st.integers(0, 5))
def test_every_row_comes_once_an_epoch(lengths: list[int], batch_size: int, epoch: int) -> None:
    sampler = LengthSampler(lengths, batch_size, seed=3)
    sampler.set_epoch(epoch)
    assert sorted(sampler) == list(range(len(lengths)))


def test_two_processes_see_the_same_order_and_two_epochs_do_not() -> None:
    lengths = [random.Random(1).randint(1, 60) for _ in range(100)]
    first, second = (LengthSampler(lengths, 8, seed=1) for _ in range(2))
    random.random()  # what else draws at random in a process does not matter
    assert list(first) == list(second)
    before = list(first)
    first.set_epoch(1)
    assert list(first) != before
    first.set_epoch(0)
    assert list(first) == before


def test_sentences_of_all_lengths_are_padded_by_less_than_a_tenth() -> None:
    drawn = random.Random(7)
    lengths = [max(3, round(drawn.lognormvariate(3.3, 0.6))) for _ in range(600)]
    for epoch in range(3):
        sampler = LengthSampler(lengths, 16, seed=1)
        sampler.set_epoch(epoch)
        assert padded_share(lengths, list(sampler), 16) < 0.1


def test_the_longest_rows_are_not_always_the_ones_left_over() -> None:
    lengths = list(range(1, 36))
    sampler = LengthSampler(lengths, 16, seed=1)
    lasts = set()
    for epoch in range(8):
        sampler.set_epoch(epoch)
        lasts.add(list(sampler)[-1])
    assert len(lasts) > 2
