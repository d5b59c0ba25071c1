"""Files at the door: bytes to text with clear faults, lines in bounded memory, writing whole or not at all.

Text is UTF-8 (a byte order mark is dropped) and newlines are never translated: offsets count the characters
that stand in the file. Faults are told without the file's name; who opened it knows where they are.
"""

import codecs
import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, TextIO

from tocsin.data.errors import DataError

MAX_ARTICLE_BYTES = 16 * 2**20  # of one article as it stands in its file
CHUNK_BYTES = 2**16

_FOREIGN_MARKS = (  # UTF-32's little-endian mark opens with UTF-16's, so it is tried first
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a file, its newline included."""

    number: int  # from 1
    content: bytes  # only the first of them if the line is over the limit it was read under
    n_bytes: int


def read_lines(stream: BinaryIO, *, max_bytes: int) -> Iterator[Line]:
    """Lines as bytes, split at newline characters only; holds hardly more than `max_bytes` at once."""
    number = 0
    while content := stream.readline(max_bytes + 1):
        number += 1
        n_bytes = len(content)
        if n_bytes > max_bytes:
            n_bytes += 0 if content.endswith(b"\n") else _skip_line(stream)
            content = content[:CHUNK_BYTES]
        yield Line(number, content, n_bytes)


def _skip_line(stream: BinaryIO) -> int:
    """Read past the next newline; how many bytes that were."""
    n_bytes = 0
    while chunk := stream.readline(CHUNK_BYTES):
        n_bytes += len(chunk)
        if chunk.endswith(b"\n"):
            break
    return n_bytes


def read_bounded(path: Path, *, max_bytes: int, remedy: str) -> bytes:
    """A whole file, unless it is too large to be one article; then not a byte of it.

    Args:
        remedy: what to do about a file over the limit.

    Raises:
        DataError: the file is over the limit, empty or nothing but white space.
        OSError: it cannot be opened or read; `os_fault` puts that into words.
    """
    with path.open("rb") as stream:
        n_bytes = os.fstat(stream.fileno()).st_size
        content = b"" if n_bytes > max_bytes else stream.read(max_bytes + 1)
    if n_bytes > max_bytes or len(content) > max_bytes:  # a pipe has no size to ask for
        raise DataError(size_fault(max(n_bytes, len(content)), max_bytes, remedy=remedy))
    if not content.strip():
        raise DataError("is empty or only white space; expected the text of an article")
    return content


def size_fault(n_bytes: int, max_bytes: int, *, remedy: str) -> str:
    """Say that something is too large to be one article, and what to do."""
    return f"is {n_bytes / 2**20:.1f} MiB or more; the limit is {max_bytes / 2**20:.0f} MiB; {remedy}"


def decode(content: bytes) -> str:
    """UTF-8 to text, without the byte order mark.

    Raises:
        DataError: the bytes are of another encoding, or no text at all.
    """
    fault = binary_fault(content)
    if fault:
        raise DataError(fault)
    try:
        return content.removeprefix(codecs.BOM_UTF8).decode()
    except UnicodeDecodeError as error:
        position = error.start + len(content) - len(error.object)
        line = content.count(b"\n", 0, position) + 1
        raise DataError(
            f"byte 0x{content[position]:02x} at position {position} (line {line}) is not UTF-8; if the text is "
            "of an older Windows program, convert it: iconv -f WINDOWS-1252 -t UTF-8 OLD > NEW"
        ) from error


def binary_fault(content: bytes) -> str:
    """Why the bytes are not text of any one-byte-a-letter encoding; empty if they may be."""
    for mark, name in _FOREIGN_MARKS:
        if content.startswith(mark):
            return f"is {name} (it opens with that byte order mark); expected UTF-8: iconv -f {name} -t UTF-8 OLD > NEW"
    position = content.find(b"\0")
    if position >= 0:
        return f"has a NUL byte at position {position}: a binary file, or UTF-16 without a mark; expected UTF-8 text"
    return ""


def os_fault(error: OSError) -> str:
    """What the operating system refused, and what to do about it."""
    match error:
        case FileNotFoundError():
            return "no such file or folder; check the path"
        case PermissionError():
            return "no permission to read it; allow it (chmod u+r) or copy the file"
        case IsADirectoryError():
            return "is a folder; expected a file"
        case _:
            return f"cannot be read ({error.strerror or error}); expected a readable file"


def is_stream(path: Path) -> bool:
    """Whether something is there that is written to as it is: a pipe, a terminal, a device.

    A path is asked as it is: /dev/stdout resolves to a name like "pipe:[17]", which nothing has.
    """
    return path.exists() and not path.is_file() and not path.is_dir()


class _NamedFile(io.FileIO):
    """A file whose errors of writing name it, as those of opening it do: the system does not say which is full."""

    def __init__(self, path: Path, shown: Path) -> None:
        super().__init__(path, "w")
        self.shown = shown

    def write(self, content: Any) -> int:
        try:
            return super().write(content)
        except OSError as error:
            error.filename = str(self.shown)
            raise


@contextmanager
def written_whole(path: Path) -> Iterator[TextIO]:
    """A UTF-8 text file that appears under its name only when all of it is written.

    What is no regular file (a pipe, /dev/null) is written to as it is: replacing it would destroy it.

    Raises:
        DataError: the file cannot be made there.
        OSError: it cannot be written to its end; names the path.
    """
    is_special = is_stream(path)
    target = path if is_special else path.resolve()  # a link keeps pointing where it did
    try:
        if target.is_dir():
            raise IsADirectoryError(21, "it is a folder")
        part = target if is_special else target.with_name(f".{target.name}.{os.getpid()}.part")
        stream = io.TextIOWrapper(io.BufferedWriter(_NamedFile(part, path)), encoding="utf-8", newline="")
    except OSError as error:
        raise DataError(
            f"{path}: cannot be written ({error.strerror}); expected a file in a folder that exists"
        ) from error
    try:
        with stream:
            yield stream
        if not is_special:
            part.replace(target)
    finally:
        if not is_special:
            part.unlink(missing_ok=True)
