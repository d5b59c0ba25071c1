"""The terminal: which stream gets what, and how a command ends.

A command's product goes to standard output, all talk to standard error. Exit codes: 0 done, 1 the user's data,
2 usage, and what a shell expects of a program that was stopped: 130 by Ctrl-C, 141 by a reader that went away, 143 by
another program (SIGTERM).
"""

import errno
import io
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from time import sleep
from typing import Any, NoReturn, TextIO

import typer
from rich.console import Console, RenderableType
from rich.text import Text

from tocsin.data.errors import TocsinError
from tocsin.data.files import written_whole
from tocsin.train.processes import is_first, n_processes

INTERRUPTED = 130
PIPE_CLOSED = 141
TERMINATED = 143
PATIENCE = 10.0  # seconds in which a launcher ends the other processes when the first has failed
STANDARD_OUTPUT = "standard output"
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}  # a disk, or what a user or a process may have of it
FILE_WIDTH = 140  # columns of tables that go to a file, where no terminal sets a limit


@dataclass(frozen=True, slots=True)
class Page:
    """A stream for a command's product, with the console that lays out what goes to it."""

    stream: TextIO
    console: Console

    def show(self, *renderables: RenderableType) -> None:
        """Write each on lines of its own, at once."""
        # Rich ends the program by itself where a pipe is closed; captured text is written by us.
        with naming_standard_output(), self.console.capture() as capture:
            for renderable in renderables:
                self.console.print(renderable)
        self.write(capture.get())

    def show_lines(self, *lines: Text) -> None:
        """Write each on one line, however long: breaking it is left to the terminal."""
        with naming_standard_output(), self.console.capture() as capture:
            for line in lines:
                self.console.print(line, soft_wrap=True)
        self.write(capture.get())

    def write(self, text: str) -> None:
        with naming_standard_output():
            self.stream.write(text)
            self.stream.flush()


def page(stream: TextIO | None = None, *, width: int | None = None) -> Page:
    """A page on a stream, standard output by default.

    Args:
        stream: where to write.
        width: in columns; the terminal's by default.
    """
    stream = stream or _standard_output()
    return Page(stream, Console(file=stream, width=width, markup=False, highlight=False, emoji=False))


@contextmanager
def page_for(output: Path | None) -> Iterator[Page]:
    """A page on a file that appears only when all is written, or on standard output.

    Raises:
        DataError: the file cannot be made there.
    """
    if output is None:
        out = page()
        yield out
        with naming_standard_output():
            out.stream.flush()
        return
    with written_whole(output) as stream:
        yield page(stream, width=FILE_WIDTH)


def talk_console() -> Console:
    """The console on standard error."""
    return Console(stderr=True, markup=False, highlight=False, emoji=False)


def say(talk: Console, message: str, *, kind: str = "", style: str = "") -> None:
    """Print a message.

    Args:
        talk: the console.
        message: may have several lines; one without a kind may hold a command to copy, and is never broken.
        kind: such as "error"; stands before the message, in the style.
        style: of the kind, or without one of the message.
    """
    text = Text.assemble((f"{kind}: ", style), message) if kind else Text(message, style)
    talk.print(text, soft_wrap=not (kind and talk.file.isatty()))


def busy(talk: Console, doing: str) -> AbstractContextManager[object]:
    """A spinner, on a terminal only."""
    return talk.status(doing) if talk.file.isatty() else nullcontext()


class Terminated(SystemExit):
    """Another program wants this one to end, such as what shares out a machine's hours."""


def mind_sigterm() -> None:
    """Let SIGTERM end the program as an error does, its temporary files taken away; else it would end at once.

    It does end at once where processes train together: a launcher terminates the others when one has failed, which
    would wait for that one before they minded. A second SIGTERM is ignored, so that the first has its way.
    """
    if n_processes() == 1:
        signal.signal(signal.SIGTERM, _terminate)


def _terminate(*_: Any) -> NoReturn:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise Terminated(TERMINATED)


@contextmanager
def ending() -> Iterator[None]:
    """Turn what may stop a command into a message and an exit code; decorates commands."""
    try:
        yield
    except TocsinError as error:
        _say_error(str(error))
        raise typer.Exit(1) from error
    except BrokenPipeError as error:
        _close_quietly()
        raise typer.Exit(PIPE_CLOSED) from error
    except OSError as error:
        if error.filename is None and error.errno not in FULL:
            raise
        if error.filename == STANDARD_OUTPUT:
            _close_quietly()
        _say_error(_refusal(error))
        raise typer.Exit(1) from error


def _refusal(error: OSError) -> str:
    if error.filename is None:
        fault = f"a file cannot be written to its end ({error.strerror})"
        return f"{fault}; check the space on the disk, also where temporary files go (TMPDIR)"
    return f"{error.filename}: {error.strerror}; check the path, its permissions and the space on the disk"


def _say_error(message: str) -> None:
    """Say what stops a command, and of processes that train together, what stops all of them, once.

    The first one speaks at once, and its end is that of the others. One that is still there after a while has an error
    of its own.
    """
    if not is_first():
        sleep(PATIENCE)
    say(talk_console(), message, kind="error", style="bold red")


@contextmanager
def interruptible(talk: Console, how_to_go_on: str) -> Iterator[None]:
    """On Ctrl-C or SIGTERM say in one line how to go on, and exit; of processes that share a run the first says it."""
    try:
        yield
    except (KeyboardInterrupt, Terminated) as error:
        if is_first():
            say(talk, f"interrupted; {how_to_go_on}")
        raise typer.Exit(TERMINATED if isinstance(error, Terminated) else INTERRUPTED) from error


def _standard_output() -> TextIO:
    """Standard output as UTF-8 whatever the locale: what is written there are JSON lines and news of any language."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")
    return sys.stdout


@contextmanager
def naming_standard_output() -> Iterator[None]:
    """Let errors that name no file name standard output; those of a file that is written name it themselves."""
    try:
        yield
    except OSError as error:
        error.filename = error.filename or STANDARD_OUTPUT
        raise


def _close_quietly() -> None:
    """Let the flush at the interpreter's end go nowhere (Python's note on SIGPIPE)."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
