"""Bars on a terminal, lines in a log, and what they say."""

import io
from collections.abc import Callable, Iterator

import pytest
from rich.console import Console

from tocsin.progress import folds_bar, reading_bar, standing, training_bar
from tocsin.train.training import Progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def log() -> tuple[io.StringIO, Console]:
    stream = io.StringIO()
    return stream, Console(file=stream, width=100)


def terminal() -> tuple[io.StringIO, Console]:
    stream = Terminal()
    return stream, Console(file=stream, width=100, force_terminal=True, color_system=None)


def steps(n_steps: int, first: int = 1) -> Iterator[Progress]:
    return (Progress(step, n_steps, step // 10, 0.5, None) for step in range(first, n_steps + 1))


def test_a_run_without_dev_documents_says_so_instead_of_a_score() -> None:
    assert standing(Progress(1, 9, 0, None, None), has_dev=False) == "epoch 0  loss -  no dev set"
    assert standing(Progress(9, 9, 3, 0.25, 0.5), has_dev=True) == "epoch 3  loss 0.250  dev 0.500"
    assert standing(Progress(1, 9, 0, None, None), has_dev=True) == "epoch 0  loss -  dev -"


def test_a_log_gets_ten_lines_of_a_training_however_long_it_is() -> None:
    stream, talk = log()
    with training_bar(talk, has_dev=False) as watch:
        for progress in steps(1000):
            watch(progress)
    lines = stream.getvalue().splitlines()
    assert len(lines) == 10
    assert lines[-1] == "step 1000/1000  epoch 100  loss 0.500  no dev set"


def test_a_terminal_gets_a_bar_with_step_epoch_and_loss() -> None:
    stream, talk = terminal()
    with training_bar(talk, has_dev=False) as watch:
        for progress in steps(40):
            watch(progress)
    assert "40/40 epoch 4  loss 0.500  no dev set" in stream.getvalue()


def test_a_resumed_run_starts_its_bar_in_the_middle() -> None:
    stream, talk = terminal()
    with training_bar(talk, has_dev=False) as watch:
        for progress in steps(40, first=31):
            watch(progress)
    assert "40/40" in stream.getvalue()


@pytest.mark.parametrize("make", [log, terminal], ids=["log", "terminal"])
def test_folds_that_were_not_trained_are_counted_as_taken_from_earlier(
    make: Callable[[], tuple[io.StringIO, Console]],
) -> None:
    stream, talk = make()
    with folds_bar(talk) as watch:
        for number in range(4):
            watch(number, 4, None)
        for progress in steps(2):
            watch(3, 4, progress)
    assert (watch.n_earlier, watch.n_folds) == (3, 4)
    assert "fold 4/4" in stream.getvalue()


def test_a_bar_leaves_standard_output_alone(capsys: pytest.CaptureFixture[str]) -> None:
    stream, talk = terminal()
    with reading_bar(talk, visible=True, n_inputs=2) as tell:
        tell(1, 5)
        print('{"id": "a"}')
    assert capsys.readouterr().out == '{"id": "a"}\n'
    assert "1/2 article 5" in stream.getvalue()


def test_there_is_no_bar_in_a_log_nor_between_documents() -> None:
    for (stream, talk), visible in ((log(), True), (terminal(), False)):
        with reading_bar(talk, visible=visible, n_inputs=2) as tell:
            tell(1, 1)
        assert stream.getvalue() == ""
