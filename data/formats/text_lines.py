"""Files of lines as text: each line with its number, or why it cannot be read."""

from codecs import BOM_UTF8
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from tocsin.data.errors import DataError, Problem
from tocsin.data.files import MAX_ARTICLE_BYTES, binary_fault, decode, read_lines, size_fault

OLD_ENDS = (
    "has a carriage return inside, as files with the line ends of old Macs have; expected newlines, which this makes "
    "of them: tr '\\r' '\\n' < FILE"
)


def text_lines(path: Path) -> Iterator[tuple[int, str] | Problem]:
    """The lines of a file with their numbers from 1, their ends as they stand there; split at newline characters only.

    Raises:
        OSError: it cannot be opened or read.
    """
    with path.open("rb") as stream:
        for line in read_lines(stream, max_bytes=MAX_ARTICLE_BYTES):
            where = f"{path}:{line.number}"
            if line.number == 1 and (fault := binary_fault(line.content)):
                yield Problem(str(path), fault)  # its other lines would fail alike
                return
            if line.n_bytes > MAX_ARTICLE_BYTES:
                yield Problem(where, size_fault(line.n_bytes, MAX_ARTICLE_BYTES, remedy="break the line in two"))
                continue
            # only a file can open with a byte order mark: before any other line it is a character of the text
            mark = "\ufeff" if line.number > 1 and line.content.startswith(BOM_UTF8) else ""
            try:
                yield line.number, mark + decode(line.content)
            except DataError as error:
                yield Problem(where, str(error))


def without_end(line: str) -> str:
    r"""A line without its newline.

    >>> without_end("two\r\n"), without_end("two\r")
    ('two', 'two')
    """
    return line.removesuffix("\n").removesuffix("\r")


def has_old_ends(path: Path) -> bool:
    """Whether a file is one line without a newline, and with carriage returns inside.

    Raises:
        OSError: it cannot be opened or read.
    """
    first = [entry[1] for entry in islice(text_lines(path), 2) if not isinstance(entry, Problem)]
    return len(first) == 1 and "\n" not in first[0] and "\r" in without_end(first[0])
