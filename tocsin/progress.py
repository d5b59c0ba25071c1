"""Progress on standard error: a bar on a terminal, now and then a line where there is none."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

from tocsin.terminal import say

if TYPE_CHECKING:
    from tocsin.train.training import Progress

N_LINES = 10  # of a training, where there is no terminal


def standing(progress: "Progress", *, has_dev: bool) -> str:
    """Epoch, loss and dev score in a few words."""
    loss = "-" if progress.loss is None else f"{progress.loss:.3f}"
    dev = "-" if progress.dev_score is None else f"{progress.dev_score:.3f}"
    return f"epoch {progress.epoch}  loss {loss}  {f'dev {dev}' if has_dev else 'no dev set'}"


@contextmanager
def training_bar(talk: Console, *, has_dev: bool) -> Iterator[Callable[["Progress"], None]]:
    """What to call after each step of a training."""
    if not talk.file.isatty():
        yield _lines(talk, has_dev=has_dev)
        return
    with _bar(talk, MofNCompleteColumn(), TextColumn("{task.fields[standing]}")) as bar:
        task = bar.add_task("", total=None, standing="starting")

        def watch(progress: "Progress") -> None:
            if bar.tasks[0].total is None:
                # A resumed run starts in the middle; without a reset the bar would think it got there at once.
                bar.reset(task, total=progress.n_steps, completed=progress.step)
            bar.update(task, completed=progress.step, standing=standing(progress, has_dev=has_dev))

        yield watch


class FoldWatch:
    """What to call while training after training goes on; counts those that were trained.

    Args:
        talk: the console.
        bar: None where there is no terminal.
        noun: what a training is, "fold" of a cross-validation or "trial" of a search.
    """

    def __init__(self, talk: Console, bar: Bar | None, noun: str) -> None:
        self._talk = talk
        self._bar = bar
        self._noun = noun
        self._task = bar.add_task("", total=None, standing="starting") if bar else None
        self._trained: set[int] = set()
        self.n_folds = 0

    def __call__(self, number: int, n_folds: int, progress: "Progress | None") -> None:
        self.n_folds = n_folds
        if progress is None:
            return
        is_new = number not in self._trained
        self._trained.add(number)
        title = f"{self._noun} {number + 1}/{n_folds}"
        if self._bar is None or self._task is None:
            if is_new:
                say(self._talk, f"{title} begins")
            return
        if len(self._trained) == 1 and is_new:
            # Folds that were there already took no time; the remaining time must not be guessed from them.
            self._bar.reset(self._task, total=n_folds, completed=number)
        dev = "" if progress.dev_score is None else f"  dev {progress.dev_score:.3f}"
        told = f"{title}  step {progress.step}/{progress.n_steps}{dev}"
        self._bar.update(self._task, completed=number + progress.step / progress.n_steps, standing=told)

    @property
    def n_earlier(self) -> int:
        """How many folds were taken from an earlier run."""
        return self.n_folds - len(self._trained)


@contextmanager
def folds_bar(talk: Console, *, noun: str = "fold") -> Iterator[FoldWatch]:
    """A watch over the folds of a cross-validation, or over trainings that are called otherwise."""
    if not talk.file.isatty():
        yield FoldWatch(talk, None, noun)
        return
    with _bar(talk, TextColumn("{task.fields[standing]}"), transient=True) as bar:
        yield FoldWatch(talk, bar, noun)


@contextmanager
def reading_bar(talk: Console, *, visible: bool, n_inputs: int) -> Iterator[Callable[[int, int], None]]:
    """What to call with the number of inputs done and of articles read.

    Args:
        talk: the console.
        visible: False where a bar would stand between what goes to standard output.
        n_inputs: files to read, or articles where they are known one by one.
    """
    if not visible or not talk.file.isatty():
        yield lambda n_done, n_articles: None
        return
    with _bar(talk, MofNCompleteColumn(), TextColumn("{task.fields[standing]}"), transient=True) as bar:
        task = bar.add_task("", total=n_inputs, standing="")

        def watch(n_done: int, n_articles: int) -> None:
            bar.update(task, completed=n_done, standing=f"article {n_articles}")

        yield watch


def _bar(talk: Console, *columns: MofNCompleteColumn | TextColumn, transient: bool = False) -> Bar:
    # Standard output is never redirected: Rich would send documents to standard error.
    times = TimeElapsedColumn(), TimeRemainingColumn(), TextColumn("left")
    shape = BarColumn(bar_width=None)
    return Bar(shape, *columns, *times, console=talk, redirect_stdout=False, expand=True, transient=transient)


def _lines(talk: Console, *, has_dev: bool) -> Callable[["Progress"], None]:
    told = 0

    def watch(progress: "Progress") -> None:
        nonlocal told
        share = N_LINES * progress.step // progress.n_steps
        if share > told:
            told = share
            say(talk, f"step {progress.step}/{progress.n_steps}  {standing(progress, has_dev=has_dev)}")

    return watch
