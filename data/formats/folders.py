"""Folders of documents, one or two files each: what is read, how it is named, written whole or not at all."""

import os
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from tocsin.data.errors import DataError
from tocsin.data.formats.conversion import Tally

MAX_STEM_BYTES = 200  # of a file's name without its suffix; most systems take 255 bytes in all
_UNSAFE = re.compile(r"""[/\\:*?"<>|%\x00-\x1f\x7f]|^[. ]|[. ]$""")


def files_in(folder: Path, suffix: str) -> list[Path]:
    """The files of a folder and the folders in it, in order; hidden ones are left alone."""
    found = sorted(path for path in folder.rglob(f"*{suffix}") if path.is_file())
    return [path for path in found if not any(part.startswith(".") for part in path.relative_to(folder).parts)]


def ids_of(root: Path, files: Sequence[Path]) -> Iterator[str]:
    """The id of each file's document: what `file_stem` was given, else the path in the folder without the suffix."""
    folder = root if root.is_dir() else root.parent
    seen: set[str] = set()
    for path in files:
        stem = path.relative_to(folder).with_suffix("").as_posix()
        own_id = re.sub(r"%([0-7][0-9A-F])", lambda match: chr(int(match[1], 16)), stem)
        own_id = own_id if _escaped(own_id) == stem and own_id not in seen else stem
        seen.add(own_id)
        yield own_id


def file_stem(own_id: str, taken: set[str], lost: Tally) -> str:
    """A name that any system takes for a document's files, and no other document has; it is added to those taken."""
    stem = _escaped(own_id)
    if len(stem.encode()) > MAX_STEM_BYTES:
        lost["ids too long to name a file"] += 1
        stem = sha256(own_id.encode()).hexdigest()[:16]
    if stem in taken:
        lost["ids that two documents have"] += 1
        stem = next(name for number in range(2, len(taken) + 3) if (name := f"{stem}-{number}") not in taken)
    taken.add(stem)
    return stem


@contextmanager
def new_folder(path: Path) -> Iterator[Path]:
    """A folder that appears under its name only when all of it is written.

    Raises:
        DataError: something is there already that is no empty folder, or it cannot be made there.
    """
    target = path.resolve()
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        if target.exists() and not (target.is_dir() and not any(target.iterdir())):
            raise DataError(f"{path}: is there already; expected a new folder: choose another name, or remove it")
        part.mkdir()
    except OSError as error:
        fault = error.strerror or error
        raise DataError(f"{path}: cannot be made ({fault}); expected a new folder in one that exists") from error
    try:
        yield part
        part.replace(target)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _escaped(own_id: str) -> str:
    return _UNSAFE.sub(lambda match: f"%{ord(match[0]):02X}", own_id)
