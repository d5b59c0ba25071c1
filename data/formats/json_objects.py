"""The JSON objects of a file that an annotation tool wrote: one list of them, a single one, or one a line.

A list is parsed object by object, so that what is held at once is the file and one object of it. Where an object stands
is told by the line it begins on, and in a list of one line by its number.
"""

import json
import re
from codecs import BOM_UTF8
from collections.abc import Iterator
from io import BufferedReader
from pathlib import Path

from tocsin.data.errors import DataError, Problem
from tocsin.data.files import CHUNK_BYTES, decode, os_fault, read_lines, size_fault
from tocsin.data.jsonl import MAX_LINE_BYTES, Record, parse_records
from tocsin.data.record_values import kind
from tocsin.data.records import parse_json

MAX_LIST_BYTES = 2**30
_GAP = re.compile(r"[\s,]*")
_DECODER = json.JSONDecoder()


def read_objects(path: Path) -> Iterator[Record | Problem]:
    """The objects of a file in order; a line, or an item of the list, that is none yields a problem instead."""
    n_read = 0
    try:
        with path.open("rb") as stream:
            for reading in _objects(stream, str(path)):
                n_read += 1
                yield reading
    except OSError as error:
        yield Problem(str(path), os_fault(error))
    except DataError as error:
        yield Problem(str(path), str(error))
    else:
        if not n_read:
            yield Problem(str(path), "holds nothing; expected a list of JSON objects, or one object a line")


def _objects(stream: BufferedReader, name: str) -> Iterator[Record | Problem]:
    head = stream.peek(CHUNK_BYTES).removeprefix(BOM_UTF8).lstrip()
    # An object that goes on after its first brace fills many lines; one a line has more on its first.
    if not head.startswith(b"[") and head.partition(b"\n")[0].strip() != b"{":
        return parse_records(read_lines(stream, max_bytes=MAX_LINE_BYTES), name, max_bytes=MAX_LINE_BYTES)
    content = stream.read(MAX_LIST_BYTES + 1)
    if len(content) > MAX_LIST_BYTES:
        raise DataError(
            size_fault(len(content), MAX_LIST_BYTES, remedy="write one object a line: jq -c '.[]' OLD > NEW")
        )
    return parse_values(decode(content), name)


def parse_values(text: str, name: str) -> Iterator[Record | Problem]:
    """The values of a list, or those that simply follow each other; nothing can be found behind one that is no JSON."""
    is_list = text.lstrip().startswith("[")
    last, line, n_items = 0, 1, 0
    is_one_line = is_list and "\n" not in text.strip()
    position = text.index("[") + 1 if is_list else 0
    while True:
        match = _GAP.match(text, position)
        position = match.end() if match else position
        line, last = line + text.count("\n", last, position), position
        where = f"{name}:{line}"
        if position == len(text) or (is_list and text[position] == "]"):
            fault = _end_fault(text[position:], is_list=is_list)
            if fault:
                yield Problem(where, fault)
            return
        n_items += 1
        where += f", item {n_items}" if is_one_line else ""
        try:
            value, end = _DECODER.raw_decode(text, position)
        except json.JSONDecodeError as error:
            fault = f"is no JSON: {error.msg} at line {error.lineno}, character {error.colno}"
            yield Problem(where, f"{fault}; nothing from there on can be read; export the file again")
            return
        except (ValueError, RecursionError) as error:
            yield Problem(where, f"cannot be read as JSON ({error}); nothing from there on is read")
            return
        yield _record(value, text, (position, end), where)
        position = end


def _record(value: object, text: str, place: tuple[int, int], where: str) -> Record | Problem:
    if not isinstance(value, dict):
        return Problem(where, f"holds {kind(value)}; expected an object")
    try:
        if text.find("\\u", *place) >= 0:  # it may stand for half a character
            parse_json(text[slice(*place)])
    except DataError as error:
        return Problem(where, str(error))
    return Record(where, value)


def _end_fault(rest: str, *, is_list: bool) -> str:
    """What is wrong with the end of a file, given what is left of it behind its last value."""
    if is_list and not rest:
        return "the list is not closed by ]; the file seems cut off: export it again"
    if rest[1:].strip():
        return "more follows the end of the list; it is not read: make it one list, or write one object a line"
    return ""
