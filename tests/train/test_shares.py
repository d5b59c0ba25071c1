"""Sets are drawn in the shares that the temperature gives them, and each is gone through before a row comes again."""

from collections import Counter
from collections.abc import Sequence
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.train.bucketing import LengthSampler
from tocsin.train.shares import BLANK, JointSampler, Shares

SIZES = st.lists(st.integers(1, 60), min_size=2, max_size=4).map(tuple)
BATCH_SIZES = st.integers(1, 7)
TEMPERATURES = st.floats(0, 1)


def lengths_of(n_rows: int) -> list[int]:
    return [1 + row * 7 % 23 for row in range(n_rows)]


def sampler_of(shares: Shares) -> JointSampler:
    return JointSampler([lengths_of(n) for n in shares.n_rows], shares, seed=3)


def batches_of(sampler: JointSampler, size: int, *, epoch: int) -> list[list[int]]:
    sampler.set_epoch(epoch)
    rows = list(sampler)
    assert len(rows) == len(sampler)
    return [rows[start : start + size] for start in range(0, len(rows), size)]


def set_of(row: int, n_rows: Sequence[int]) -> int:
    return next(number for number in range(len(n_rows)) if row < sum(n_rows[: number + 1]))


def drawn(shares: Shares, n_epochs: int) -> list[list[int]]:
    """Of each set the rows that so many epochs take, in their order."""
    sampler, found = sampler_of(shares), [list[int]() for _ in shares.n_rows]
    for epoch in range(n_epochs):
        for batch in batches_of(sampler, shares.batch_size, epoch=epoch):
            for row in batch:
                if row != BLANK:
                    found[set_of(row, shares.n_rows)].append(row)
    return found


@pytest.mark.parametrize(
    ("temperature", "expected"),
    [(1.0, (50, 200, 12)), (0.5, (50, 100, 25)), (0.0, (50, 50, 50))],
    ids=["as-large-as-they-are", "by-their-roots", "all-alike"],
)
def test_the_temperature_says_how_much_the_size_of_a_set_counts(temperature: float, expected: tuple[int, ...]) -> None:
    assert Shares((100, 400, 25), batch_size=2, temperature=temperature).batches_an_epoch == expected


@given(SIZES, BATCH_SIZES, TEMPERATURES)
def test_batches_are_in_proportion_to_weights_but_for_rounding(
    n_rows: tuple[int, ...], batch_size: int, temperature: float
) -> None:
    shares = Shares(n_rows, batch_size, temperature)
    own, *others = shares.batches_an_epoch
    weights = [n**temperature for n in n_rows]
    assert own == shares.batches_a_pass[0] == -(-n_rows[0] // batch_size)
    for n_batches, weight in zip(others, weights[1:], strict=True):
        assert n_batches == 1 or abs(n_batches - own * weight / weights[0]) <= 0.5 + 1e-9


@given(SIZES, BATCH_SIZES, TEMPERATURES, st.integers(2, 4))
def test_every_process_gets_as_many_batches_and_no_set_fewer_than_in_one_process(
    n_rows: tuple[int, ...], batch_size: int, temperature: float, n_processes: int
) -> None:
    alone = Shares(n_rows, batch_size, temperature).batches_an_epoch
    shared = Shares(n_rows, batch_size, temperature, n_processes).batches_an_epoch
    assert sum(shared) % n_processes == 0
    assert sum(shared) - sum(alone) < n_processes
    assert shared[0] == alone[0]
    assert all(more >= less for more, less in zip(shared, alone, strict=True))


@given(SIZES, BATCH_SIZES, TEMPERATURES, st.integers(0, 3))
def test_a_batch_is_of_one_set_and_only_ends_short(
    n_rows: tuple[int, ...], batch_size: int, temperature: float, epoch: int
) -> None:
    shares = Shares(n_rows, batch_size, temperature)
    found = []
    for batch in batches_of(sampler_of(shares), batch_size, epoch=epoch):
        rows = [row for row in batch if row != BLANK]
        assert batch == rows + [BLANK] * (batch_size - len(rows))
        (number,) = {set_of(row, n_rows) for row in rows}
        found.append(number)
    assert tuple(Counter(found)[number] for number in range(len(n_rows))) == shares.batches_an_epoch


@given(SIZES, BATCH_SIZES, TEMPERATURES, st.integers(1, 4))
def test_no_row_comes_again_before_all_rows_of_its_set_have_come(
    n_rows: tuple[int, ...], batch_size: int, temperature: float, n_epochs: int
) -> None:
    shares = Shares(n_rows, batch_size, temperature)
    found = drawn(shares, n_epochs)
    assert shares.rows_drawn(n_epochs) == tuple(map(len, found))
    for rows, n in zip(found, n_rows, strict=True):
        passes = [rows[start : start + n] for start in range(0, len(rows), n)]
        assert all(len(set(each)) == len(each) for each in passes)


def test_an_epoch_is_one_pass_over_the_own_set() -> None:
    own, _ = drawn(Shares((17, 40), batch_size=4, temperature=0.5), n_epochs=1)
    assert sorted(own) == list(range(17))


def test_rows_of_a_set_stand_beside_rows_of_their_length() -> None:
    shares = Shares((12, 18), batch_size=4, temperature=1.0)
    alone = LengthSampler(lengths_of(18), 4, seed=3)
    (_, other), first = drawn(shares, n_epochs=1), list(alone)
    assert [row - 12 for row in other] == first[: len(other)]


def test_sets_are_mixed_through_an_epoch() -> None:
    shares = Shares((50, 50), batch_size=1, temperature=0.5)
    numbers = [set_of(row, (50, 50)) for (row,) in batches_of(sampler_of(shares), 1, epoch=0)]
    assert 15 < sum(numbers[:50]) < 35


def test_every_process_sees_the_same_order_and_one_that_resumes_goes_on_in_it() -> None:
    shares = Shares((9, 31, 4), batch_size=2, temperature=0.5)
    whole, other = sampler_of(shares), sampler_of(shares)
    epochs = [batches_of(whole, 2, epoch=epoch) for epoch in range(4)]
    assert batches_of(other, 2, epoch=2) == epochs[2]  # without the two before
    assert len({str(epoch) for epoch in epochs}) == 4
    assert list(islice(whole, 4)) == list(islice(whole, 4))
