"""Articles from the outside world: text, web pages, JSON and JSON lines, as a stream that never stops at a bad one.

What cannot be read is a `Problem` in the stream; what was left out on purpose is a `Skipped`. A text stays as it
stands in its file, newlines too; only a leading date line is not text.
"""

import codecs
import re
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from tocsin.data.errors import DataError, Problem
from tocsin.data.files import MAX_ARTICLE_BYTES, Line, decode, os_fault, read_bounded, read_lines, size_fault
from tocsin.data.html import read_page
from tocsin.data.jsonl import parse_records
from tocsin.data.record_values import kind
from tocsin.data.records import parse_json, read_article
from tocsin.data.types import Article

STANDARD_INPUT = "standard input"
SPLIT = "split it into one file an article, or write one article a line as .jsonl"
_STATED = re.compile(r"\s*date:?[ \t]+(\d{4}-\d{2}-\d{2})(?!\S)\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Skipped:
    """What was left out of a folder on purpose; worth saying, no error."""

    where: str
    message: str

    def __str__(self) -> str:
        return f"{self.where}: {self.message}"


def read_articles(path: Path, *, published: date | None = None) -> Iterator[Article | Problem]:
    """The articles of one file; its suffix says how it is read.

    Args:
        published: for articles that state no day of publication; one that an article states wins.
    """
    try:
        for article in _reader(path)(path):
            yield _dated(article, published)
    except OSError as error:
        yield Problem(str(path), os_fault(error))
    except DataError as error:
        yield Problem(str(path), str(error))


def read_stream(stream: BinaryIO, *, published: date | None = None) -> Iterator[Article | Problem]:
    """The articles on standard input: JSON lines if the first character is `{`, else one plain text.

    Args:
        published: for articles that state no day of publication; one that an article states wins.
    """
    try:
        for article in _streamed(read_lines(stream, max_bytes=MAX_ARTICLE_BYTES)):
            yield _dated(article, published)
    except OSError as error:
        yield Problem(STANDARD_INPUT, os_fault(error))
    except DataError as error:
        yield Problem(STANDARD_INPUT, str(error))


def _streamed(lines: Iterator[Line]) -> Iterator[Article | Problem]:
    head = []  # up to the first line that is not blank
    for line in lines:
        head.append(line)
        if _first_character(line):
            break
    all_lines = chain(head, lines)
    if head and _first_character(head[-1]) == b"{":
        yield from _articles(all_lines, STANDARD_INPUT)
    else:
        yield _plain(_joined(all_lines), own_id="")


def find_files(paths: Sequence[Path]) -> Iterator[Path | Problem | Skipped]:
    """The files to read: those named, and in the folders named those of known kinds, sorted, without hidden ones."""
    for path in paths:
        try:
            is_folder = stat.S_ISDIR(path.stat().st_mode)
        except OSError as error:
            yield Problem(str(path), os_fault(error))
            continue
        if is_folder:
            yield from _folder_files(path)
        else:
            yield path


def _folder_files(folder: Path) -> Iterator[Path | Problem | Skipped]:
    n_files, left_out = 0, []
    for entry in _walk(folder, set()):
        if isinstance(entry, Problem):
            yield entry
        elif entry.suffix.lower() not in READERS or (entry.exists() and not entry.is_file()):  # the latter: a pipe, say
            left_out.append(entry)
        else:
            n_files += 1
            yield from find_files([entry])  # a link may lead nowhere
    if left_out:
        files = "1 file" if len(left_out) == 1 else f"{len(left_out)} files"
        example = left_out[0].relative_to(folder)
        yield Skipped(str(folder), f"{files} of unknown kind left out, e.g. {example}; known: {_known_kinds()}")
    if not n_files:
        yield Problem(str(folder), f"has no file to read; expected some of a known kind: {_known_kinds()}")


def _walk(folder: Path, seen: set[Path]) -> Iterator[Path | Problem]:
    """Everything in a folder that is no folder itself; links are followed, but no folder is entered twice."""
    seen.add(folder.resolve())
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        yield Problem(str(folder), os_fault(error))
        return
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if not entry.is_dir():
            yield entry
        elif entry.resolve() not in seen:
            yield from _walk(entry, seen)


def _reader(path: Path) -> "Reader":
    """How a file is read.

    Raises:
        DataError: its kind is unknown.
        OSError: it is not there, or a folder.
    """
    reader = READERS.get(path.suffix.lower())
    if reader:
        return reader
    if stat.S_ISDIR(path.stat().st_mode):
        raise IsADirectoryError
    expected = f"expected one of: {_known_kinds()}; annotated documents are read with --from FORMAT"
    raise DataError(f"is of an unknown kind, {path.suffix!r}; {expected}")


def _known_kinds() -> str:
    return ", ".join(suffix or "no suffix" for suffix in READERS)


def _dated(article: Article | Problem, published: date | None) -> Article | Problem:
    """The article, published on the given day if it states none."""
    if isinstance(article, Problem) or article.published:
        return article
    return replace(article, published=published)


def _first_character(line: Line) -> bytes:
    """The first byte of a line that is no white space."""
    return line.content.removeprefix(codecs.BOM_UTF8).lstrip()[:1]


def _joined(lines: Iterable[Line]) -> bytes:
    """All lines as one text.

    Raises:
        DataError: together they are too large to be one article.
    """
    content = bytearray()
    for line in lines:
        n_bytes = len(content) + line.n_bytes
        if n_bytes > MAX_ARTICLE_BYTES:
            raise DataError(size_fault(n_bytes, MAX_ARTICLE_BYTES, remedy=SPLIT))
        content += line.content
    return bytes(content)


def _plain(content: bytes, *, own_id: str) -> Article:
    """A plain text; a date it opens with, "date 2024-02-03", is not part of it.

    Raises:
        DataError: the bytes are no UTF-8 text, there is no text, or the date is no day.
    """
    text = decode(content)
    stated = _STATED.match(text)
    body = text[stated.end() :] if stated else text
    if not body.strip():
        found = "has nothing but a date" if stated else "is empty or only white space"
        raise DataError(f"{found}; expected the text of an article")
    return Article(body, id=own_id, published=_day(stated[1]) if stated else None)


def _day(stated: str) -> date:
    try:
        return date.fromisoformat(stated)
    except ValueError as error:
        raise DataError(f"opens with the date {stated}, which is no day; expected one such as 2024-02-03") from error


def _read_text(path: Path) -> Iterator[Article]:
    yield _plain(read_bounded(path, max_bytes=MAX_ARTICLE_BYTES, remedy=SPLIT), own_id=path.stem)


def _read_html(path: Path) -> Iterator[Article]:
    content = read_bounded(path, max_bytes=MAX_ARTICLE_BYTES, remedy="save the text of the article alone as .txt")
    yield read_page(content, own_id=path.stem)


def _read_json(path: Path) -> Iterator[Article | Problem]:
    content = read_bounded(
        path, max_bytes=MAX_ARTICLE_BYTES, remedy="write JSON lines: jq -c '.[]' OLD.json > NEW.jsonl"
    )
    value = parse_json(decode(content))
    records = value if isinstance(value, list) else [value]
    if not records:
        raise DataError("holds an empty list; expected an article or a list of them")
    for number, record in enumerate(records, start=1):
        yield from _article(record, f"{path}: article {number}" if isinstance(value, list) else str(path))


def _read_jsonl(path: Path) -> Iterator[Article | Problem]:
    with path.open("rb") as stream:
        yield from _articles(read_lines(stream, max_bytes=MAX_ARTICLE_BYTES), str(path))


def _articles(lines: Iterable[Line], name: str) -> Iterator[Article | Problem]:
    """The article of each line of JSON."""
    is_empty = True
    for record in parse_records(lines, name, max_bytes=MAX_ARTICLE_BYTES):
        is_empty = False
        if isinstance(record, Problem):
            yield record
        else:
            yield from _article(record.content, record.where)
    if is_empty:
        yield Problem(name, "is empty or only white space; expected an article a line, as JSON")


def _article(record: object, where: str) -> Iterator[Article | Problem]:
    """The article of a JSON value, or all that is wrong with it."""
    if not isinstance(record, dict):
        yield Problem(where, f'holds {kind(record)}; expected an article: {{"text": ..., "published": ...}}')
        return
    article, faults = read_article(record)
    if article and not faults:
        yield article
    for fault in faults:
        yield Problem(where, fault)


Reader = Callable[[Path], Iterator[Article | Problem]]
READERS: dict[str, Reader] = {
    **dict.fromkeys(("", ".txt", ".text", ".md"), _read_text),
    **dict.fromkeys((".html", ".htm"), _read_html),
    **dict.fromkeys((".jsonl", ".ndjson"), _read_jsonl),
    ".json": _read_json,
}
