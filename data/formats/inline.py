r"""tocsin's inline markup: one text with its annotations in it, to write and to check by hand.

A file (.inline) is one document; a folder holds many. Lines `key: value`, a blank line, then the text with its marks:

    id: vale-1
    published: 2024-05-02
    labels: reports_attack
    days: I1=2024-04-30

    On [Tuesday|DATE d] [two dozen rockets|WEAPON w] were [fired|ATTACK I1 claimed single unknown weapon=w
    target=b date=d] at [Camp Vale|BASE b], and [three soldiers|CASUALTY harm=wounded min=3 max=3] were hurt.

Only that in a file a mark stands on one line, and so does a paragraph: the text is taken as it stands, line breaks
too, without the blank lines around it.

- `[characters|LABEL key name=value ...]` is an entity. A key is any word; entities of one sentence have different ones.
  Attributes that are numbers are null where they are not given; all others must be given.
- `[characters|TYPE incident value ... role=key ...]` is the trigger of an event. A word that only one attribute has
  among its values is that attribute's value (else: name=value); the word that is no such value is the incident's id.
  Each attribute must be given. `role=key` is an argument: the entity of that key in the sentence. A role may repeat.
- Marks do not nest. A bracket, a bar or a backslash that is of the text has a backslash before it.
- `labels:` are the labels of the text, divided by commas; with nothing behind it there are none, which is not the same
  as no such line. `days:` are days of incidents, `id=day` or `id=first..last`, divided by blanks.

Without a schema the label set is that of attacks. A document with anything wrong in it is not read; all is told.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tocsin.data.errors import Problem
from tocsin.data.files import os_fault
from tocsin.data.formats.conversion import Format, Options, Tally
from tocsin.data.formats.fitting import count
from tocsin.data.formats.folders import files_in
from tocsin.data.formats.inline_marks import SUFFIX, Mark, entity_of, event_of, parse_marks, sentence_at
from tocsin.data.formats.inline_writing import write
from tocsin.data.formats.text_lines import text_lines, without_end
from tocsin.data.jsonl import duplicate_id
from tocsin.data.listing import first_of
from tocsin.data.record_values import shorten, unknown
from tocsin.data.records import read_record
from tocsin.data.rules import document_flaws
from tocsin.data.schema import Schema, attacks
from tocsin.data.sentences import sentences
from tocsin.data.types import Document

KEYS = ("id", "title", "published", "source", "url", "labels", "days")
_HEADER = re.compile(r"([A-Za-z_]+):(?:[ \t]+(.*))?")
N_LINES = 5  # named of those with one unknown label
_DAYS = re.compile(r"([^\s=]+)=(\d{4}-\d\d-\d\d)(?:\.\.(\d{4}-\d\d-\d\d))?")


@dataclass(slots=True)
class _Source:
    """The lines of one file; faults are gathered with the line they are on."""

    path: Path
    header: dict[str, str] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)  # on which each key of the header stands
    body: str = ""
    n_header_lines: int = 0
    problems: list[Problem] = field(default_factory=list)

    def tell(self, line: int, fault: str) -> None:
        self.problems.append(Problem(f"{self.path}:{line}", fault))


def read(path: Path, options: Options, lost: Tally) -> Iterator[Document | Problem]:
    """The document of a file, or those of all such files in a folder and its folders, in the order of their names."""
    paths = files_in(path, SUFFIX) if path.is_dir() else [path]
    if not paths:
        yield Problem(str(path), f"holds no file whose name ends in {SUFFIX}; expected one a document")
    sources = [_source(each) for each in paths]
    schema = options.schema or _schema(sources)
    first: dict[str, str] = {}
    for source in sources:
        document = _document(source, schema, lost)
        if document and document.article.id in first:
            own_id = document.article.id
            source.problems.append(Problem(str(source.path), duplicate_id(own_id, first[own_id])))
        yield from source.problems
        if document and not source.problems:
            first[document.article.id] = str(source.path)
            yield document


def _source(path: Path) -> _Source:
    """Header and body of a file, as far as they can be read."""
    source = _Source(path)
    lines: list[str] = []
    try:
        for found in text_lines(path):
            if isinstance(found, Problem):
                source.problems.append(found)
            else:
                lines.append(without_end(found[1]))
    except OSError as error:
        source.problems.append(Problem(str(path), os_fault(error)))
    if source.problems:
        return source  # the lines that are left would be told with wrong numbers, and as faults what those lost explain
    if lines:
        lines[0] = lines[0].removeprefix("\ufeff")
    for number, line in enumerate(lines, start=1):
        source.n_header_lines = number
        if not line.strip():
            break
        _read_header(line, number, source)
    body = lines[source.n_header_lines :]
    while body and not body[0].strip():
        body.pop(0)
        source.n_header_lines += 1
    source.body = "\n".join(body).rstrip()
    return source


def _read_header(line: str, number: int, source: _Source) -> None:
    found = _HEADER.fullmatch(line)
    if not found or found[1] not in KEYS:
        fault = f"{shorten(line)!r} is no line of a header; expected one of {', '.join(KEYS)}, a colon and a value"
        source.tell(number, f"{fault}; a blank line ends the header")
    elif found[1] in source.header:
        source.tell(number, f"{found[1]!r} is given twice; expected it once")
    else:
        source.header[found[1]] = (found[2] or "").strip()
        source.lines[found[1]] = number


def _schema(sources: list[_Source]) -> Schema:
    """The label set of attacks, and the labels of texts that any file names."""
    names = {name for source in sources for name in _labels(source)}
    return attacks(tuple(sorted(names)))


def _labels(source: _Source) -> list[str]:
    return [name.strip() for name in source.header.get("labels", "").split(",") if name.strip()]


def _document(source: _Source, schema: Schema, lost: Tally) -> Document | None:
    """The document, and its problems in the source; None if there is no text."""
    text, marks = parse_marks(source.body, source.n_header_lines + 1, source.tell)
    if not text.strip():
        if not source.problems:
            source.problems.append(Problem(str(source.path), "has no text; expected a header, a blank line, a text"))
        return None
    record = _record(text, marks, source, schema)
    if source.problems:
        return None
    reading = read_record(record, schema)
    source.problems += [Problem(str(source.path), fault) for fault in reading.faults]
    document = reading.document
    flaws = document_flaws(document, schema) if document and not reading.faults else ()
    source.problems += [Problem(str(source.path), flaw.message) for flaw in flaws if flaw.is_error]
    if document and "labels" in source.header and not schema.text_labels:
        count(lost, "labels of texts the schema does not name", len(_labels(source)))
        return replace(document, labels=() if not _labels(source) else None)
    return document


def _record(text: str, marks: list[Mark], source: _Source, schema: Schema) -> dict[str, Any]:
    header = source.header
    record: dict[str, Any] = {key: header[key] for key in ("title", "published", "source", "url") if key in header}
    record |= {"id": header.get("id") or source.path.stem, "text": text}
    if "labels" in header:
        record["labels"] = _labels(source)
    bounds = sentences(text)
    starts = [start for start, _ in bounds]
    keys = _keys([mark for mark in marks if mark.label in schema.entity_labels], starts, source)
    record["entities"], record["events"] = [], []
    strange: dict[str, list[int]] = {}  # labels that the schema does not have, with their lines
    for mark in marks:
        if mark.label in schema.entity_labels:
            record["entities"].append(entity_of(mark, schema, source.tell))
        elif mark.label in schema.event_types:
            here = sentence_at(mark.start, starts)
            sentence = text[slice(*bounds[here])]
            record["events"].append(event_of(mark, keys[here], sentence, schema, source.tell))
        else:
            strange.setdefault(mark.label, []).append(mark.line)
    for label, lines in strange.items():
        source.tell(lines[0], _strange(label, lines, schema))
    record["incidents"] = list(_incidents(record["events"], source))
    return record


def _strange(label: str, lines: Sequence[int], schema: Schema) -> str:
    again = f"; so on line {first_of([str(line) for line in lines[1:]], N_LINES)}" if len(lines) > 1 else ""
    is_default = schema.span_labels == attacks().span_labels
    remedy = "a label set of one's own is named by --schema FILE, or schema in [data] of a config"
    return f"{unknown('label', label, schema.span_labels)}{again}{f'; {remedy}' if is_default else ''}"


def _keys(entities: list[Mark], starts: list[int], source: _Source) -> list[dict[str, Mark]]:
    """For each sentence the entities in it that have keys, by key."""
    found: list[dict[str, Mark]] = [{} for _ in starts]
    for mark in entities:
        keys = found[sentence_at(mark.start, starts)]
        if mark.key in keys:
            source.tell(mark.line, f"key {mark.key!r} is given twice in one sentence; expected different keys")
        if mark.key:
            keys.setdefault(mark.key, mark)
    return found


def _incidents(events: list[dict[str, Any]], source: _Source) -> Iterator[dict[str, str]]:
    """What the header says of the days of incidents."""
    known = {event["incident"] for event in events if "incident" in event}
    line = source.lines.get("days", 0)
    for word in source.header.get("days", "").split():
        found = _DAYS.fullmatch(word)
        if not found:
            source.tell(line, f'"days" has {shorten(word)!r}; expected I1=2024-05-02 or I1=2024-05-02..2024-05-04')
        elif found[1] not in known:
            source.tell(line, f'"days" names {unknown("incident", found[1], sorted(known))}')
        else:
            yield {"id": found[1], "date_start": found[2], "date_end": found[3] or found[2]}


FORMAT = Format("inline", "tocsin's inline markup, one text a file", (SUFFIX,), read, write)
