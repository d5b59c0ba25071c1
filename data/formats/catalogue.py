"""All formats by name, which of them a file is in, and reading a file in one of them."""

import json
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from tocsin.data.errors import DataError, Problem
from tocsin.data.files import is_stream
from tocsin.data.formats import brat, conll, docbin, doccano, inline, jsonl, label_studio, muc4, re3d, table, webanno
from tocsin.data.formats.conversion import Converted, Format, Options
from tocsin.data.formats.folders import files_in
from tocsin.data.formats.json_objects import parse_values
from tocsin.data.formats.label_studio_content import is_minimal
from tocsin.data.jsonl import Record
from tocsin.data.types import Document

FORMATS: Mapping[str, Format] = {
    form.name: form
    for form in (
        conll.FORMAT,
        table.FORMAT,
        jsonl.FORMAT,
        inline.FORMAT,
        brat.FORMAT,
        label_studio.FORMAT,
        doccano.FORMAT,
        webanno.FORMAT,
        docbin.FORMAT,
        muc4.FORMAT,
        re3d.FORMAT,
    )
}
BINARY = ("docbin",)  # formats that are no text
N_FIRST_BYTES = 2**20  # of a file that is looked into
N_FIRST_LINES = 1000  # of JSON, till one tells: a text without annotations is alike in several formats
_WRITTEN_AS = {  # where several formats have a suffix, the one that a new file of that name is in
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".tsv": "table",
    ".csv": "table",
    ".json": "label-studio",
}


def format_of(path: Path, name: str = "") -> Format:
    """The format of a file or folder that is there.

    Args:
        path: is looked into where its suffix does not tell.
        name: of the format, if it is known.

    Raises:
        DataError: there is no format of that name, or neither suffix nor content tell one.
    """
    if name:
        return _named(name)
    if path.is_dir():
        found = _format_of_folder(path)
    else:
        named = with_suffix(path)
        found = named[0] if len(named) == 1 else _by_content(path) if named else ""
    if not found:
        fault = "neither name nor content tell its format"
        if path.is_dir():
            fault = "is a folder without files of a format of folders"
        raise DataError(f"{path}: {fault}; {_say('--from, or [data] format in a config')}")
    return FORMATS[found]


def format_for(path: Path, name: str = "") -> Format:
    """The format of a file that is to be written.

    Args:
        path: its suffix tells, unless the format is named.
        name: of the format, if it is known.

    Raises:
        DataError: there is no format of that name or it can only be read, or the suffix does not tell one.
    """
    named = with_suffix(path)
    found = name or _WRITTEN_AS.get(path.suffix.lower(), "") or (named[0] if named else "")
    if not found:
        raise DataError(f"{path}: its name does not tell in which format to write it; {_say('--to')}")
    form = _named(found)
    if form.write is None:
        others = ", ".join(other for other, candidate in FORMATS.items() if candidate.write)
        raise DataError(f"format {found} can only be read; expected one of: {others}")
    return form


def is_folder(form: Format, path: Path) -> bool:
    """Whether a format is written as a folder under a name; some are, unless the name is that of one file."""
    return not form.suffixes or (form.name in ("webanno", "inline") and path.suffix.lower() not in form.suffixes)


def read(path: Path, name: str, options: Options, converted: Converted) -> Iterator[Document | Problem]:
    """The documents of a file, one at a time, and what of it cannot be read.

    Args:
        path: a file or folder.
        name: of its format; "" if it is to be found out.
        options: for reading it.
        converted: gets the counts and the problems.
    """
    try:
        form = format_of(path, name)
    except (DataError, OSError) as error:
        problem = Problem(str(path), str(error).removeprefix(f"{path}: "))
        converted.problems.append(problem)
        yield problem
        return
    for found in form.read(path, options, converted.lost_reading):
        if isinstance(found, Problem):
            converted.problems.append(found)
        else:
            converted.n_documents += 1
        yield found


def _named(name: str) -> Format:
    if name not in FORMATS:
        raise DataError(f"no format {name!r}; expected one of: {', '.join(FORMATS)}")
    return FORMATS[name]


def _say(option: str) -> str:
    listed = "\n".join(f"  {name}: {form.described}" for name, form in FORMATS.items())
    return f"name one by {option}:\n{listed}"


def with_suffix(path: Path) -> list[str]:
    """The formats whose files may have such a name."""
    if path.suffix.lower() == ".ann":  # of one pair of files; a folder of them has no suffix
        return ["brat"]
    return [name for name, form in FORMATS.items() if path.suffix.lower() in form.suffixes]


def _format_of_folder(path: Path) -> str:
    if files_in(path, ".ann"):
        return "brat"
    if (path / re3d.DOCUMENTS).exists() or next(path.glob(f"*/{re3d.DOCUMENTS}"), None):
        return "re3d"
    if files_in(path, *inline.FORMAT.suffixes):
        return "inline"
    return "webanno" if any(map(_is_webanno, files_in(path, ".tsv")[:1])) else ""


def _by_content(path: Path) -> str:
    if path.suffix.lower() in (".tsv", ".csv"):
        return "webanno" if _is_webanno(path) else "table"
    if path.suffix.lower() == ".json":
        return next(filter(None, map(_format_in_list, _first_objects(path))), "label-studio")
    told = map(_format_of_object, islice(_first_lines(path), N_FIRST_LINES))
    return next(filter(None, told), "jsonl")


def _first_objects(path: Path) -> Iterator[Mapping[str, Any]]:
    """The objects that are whole as far as a file is looked into."""
    for value in islice(parse_values(_head(path), str(path)), N_FIRST_LINES):
        if isinstance(value, Record):
            yield value.content


def _head(path: Path) -> str:
    """As much as a file is looked into; nothing of one that can be read only once, or not at all."""
    try:
        if is_stream(path):
            return ""
        with path.open("rb") as stream:
            return stream.read(N_FIRST_BYTES).decode("utf-8-sig", "replace")
    except OSError:
        return ""  # whoever reads it tells why


def _first_lines(path: Path) -> Iterator[str]:
    """The lines that are not blank, as far as a file is looked into."""
    return (line for line in _head(path).split("\n") if line.strip())


def _is_webanno(path: Path) -> bool:
    return next(_first_lines(path), "").startswith("#FORMAT=WebAnno TSV")


def _format_of_object(line: str) -> str:
    """Which format of JSON lines a line is in; "" where it could be of several, or is no object."""
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        return ""
    if not isinstance(record, dict):
        return ""
    if "doctext" in record:
        return "muc4"
    first = {key: _first(record.get(key)) for key in ("entities", "label", "labels")}
    is_doccano = (
        {"label", "relations", "cats"} & record.keys()
        or any(isinstance(value, list) for value in first.values())
        or (isinstance(first["entities"], dict) and "start_offset" in first["entities"])
    )
    if is_doccano:
        return "doccano"
    return "jsonl" if any(first.values()) or record.get("events") else ""


def _format_in_list(record: Mapping[str, Any]) -> str:
    """Likewise of an object in a .json file, where Label Studio's flat records may have any key."""
    if "doctext" in record and record.keys() & {"docid", "extracts", "templates"} and "annotation_id" not in record:
        return "muc4"
    if doccano.is_annotated(record):
        return "doccano"
    entity = _first(record.get("entities"))
    if isinstance(entity, dict) and {"label", "start", "end"} <= entity.keys():
        return "jsonl"
    return "" if is_minimal(record) else "label-studio"


def _first(value: object) -> object:
    return value[0] if isinstance(value, list) and value else None
