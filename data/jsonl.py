"""Documents as JSON lines: one object a line, UTF-8, in the format of the annotation guidelines.

Written are, beside what the guidelines name, "url", a "score" wherever it is not 1, and all of every incident:
its days, attributes, mentions and fillers. Read back, the incidents listed are built anew from their mentions. That
a document has events but no incident is written as "incidents_complete": true, since an empty list could be gold's,
where only incidents of known days are listed.
"""

import json
from codecs import BOM_UTF8
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TextIO, TypeVar

from tocsin.data.document_level import document_level_record, sentences_record
from tocsin.data.errors import DataError, Problem
from tocsin.data.files import (
    MAX_ARTICLE_BYTES,
    Line,
    binary_fault,
    decode,
    os_fault,
    read_lines,
    size_fault,
    written_whole,
)
from tocsin.data.records import parse_object, read_record, span_order
from tocsin.data.schema import Schema
from tocsin.data.types import Article, Document, Event, Filler, Incident, Span

MAX_LINE_BYTES = 16 * MAX_ARTICLE_BYTES  # of a document: an article, and annotations many times its size
SCORE_DIGITS = 4
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Record:
    """One JSON object of a file, with where it stands."""

    where: str  # "gold.jsonl:17"
    content: dict[str, Any]


def read_documents(path: Path, schema: Schema) -> Iterator[Document | Problem]:
    """The documents of a file, one at a time; a line that cannot be read yields its problems instead, all of them."""
    return (reading for _, reading in _read_documents(path, schema))


def load_documents(paths: Iterable[Path], schema: Schema) -> list[Document]:
    """All documents of several files, in order.

    Raises:
        DataError: as `each_document`.
    """
    return list(each_document(paths, schema))


def each_document(paths: Iterable[Path], schema: Schema) -> Iterator[Document]:
    """The documents of several files, in order, one at a time.

    Raises:
        DataError: after the last one, if anything in any file cannot be read, two documents share an id, or there is no
            document; all problems of all files in one error.
    """
    n_documents = 0
    problems: list[Problem] = []
    first: dict[str, str] = {}
    paths = list(paths)
    for where, reading in (entry for path in paths for entry in _read_documents(path, schema)):
        if isinstance(reading, Problem):
            problems.append(reading)
            continue
        own_id = reading.article.id
        if own_id in first:
            problems.append(Problem(where, duplicate_id(own_id, first[own_id])))
        first.setdefault(own_id, where)
        n_documents += 1
        yield reading
    if not n_documents and not problems:
        names = ", ".join(map(str, paths)) or "no file given"
        problems.append(Problem(names, "no document found; expected one JSON object a line"))
    if problems:
        raise DataError.from_problems(problems)


def duplicate_id(own_id: str, first: str) -> str:
    """Say that an id was given before."""
    return f"document id {own_id!r} is taken by {first}; ids must differ: rename one, or drop it if it is a copy"


def write_documents(target: Path | TextIO, documents: Iterable[Document]) -> None:
    """Write a line for each document as it comes.

    Args:
        target: a path appears only when all documents are written; an open stream gets them one by one.

    Raises:
        DataError: the file cannot be made there.
    """
    if isinstance(target, Path):
        with written_whole(target) as stream:
            write_documents(stream, documents)
        return
    for document in documents:
        target.write(json.dumps(document_to_record(document), ensure_ascii=False) + "\n")


def read_records(path: Path) -> Iterator[Record | Problem]:
    """The objects of a file of documents, whatever is in them."""
    try:
        with path.open("rb") as stream:
            yield from parse_records(read_lines(stream, max_bytes=MAX_LINE_BYTES), str(path), max_bytes=MAX_LINE_BYTES)
    except OSError as error:
        yield Problem(str(path), os_fault(error))


def parse_records(lines: Iterable[Line], name: str, *, max_bytes: int) -> Iterator[Record | Problem]:
    """The object of each line that is not blank.

    Args:
        name: of the file or stream.
        max_bytes: the limit the lines were read under.
    """
    for line in lines:
        where = f"{name}:{line.number}"
        fault = binary_fault(line.content) if line.number == 1 else ""
        if fault:
            yield Problem(name, fault)  # of the whole file: its other lines would all fail alike
            return
        if line.n_bytes > max_bytes:
            yield Problem(where, size_fault(line.n_bytes, max_bytes, remedy="split the article in two"))
        elif line.content.removeprefix(BOM_UTF8).strip():
            try:
                yield Record(where, parse_object(decode(line.content)))
            except DataError as error:
                yield Problem(where, str(error))


def document_from_record(record: Mapping[str, Any], schema: Schema) -> Document:
    """Read what `document_to_record` wrote, or an annotator did.

    Raises:
        DataError: any part of it cannot be read; all of its faults, a line each.
    """
    reading = read_record(record, schema)
    if reading.document is None or reading.faults:
        raise DataError("\n".join(reading.faults))
    return reading.document


def document_to_record(document: Document, *, score_digits: int = SCORE_DIGITS) -> dict[str, Any]:
    """A document as a JSON object, entities and events in text order as T1.. and E1..

    Args:
        score_digits: to which scores are rounded; one that comes to 1 is left out.

    Raises:
        ValueError: an argument's entity or an incident's mention is not in the document.
    """
    entities = sorted(document.entities, key=span_order)
    events = sorted(document.events, key=lambda event: span_order(event.trigger))
    entity_ids = _LocalIds("T", entities, lambda span: span)
    event_ids = _LocalIds("E", events, lambda event: event.trigger)
    record = _article_record(document.article)
    record["entities"] = [
        _entity_record(f"T{number}", span, document.article) for number, span in enumerate(entities, start=1)
    ]
    record["events"] = [
        _event_record(f"E{number}", event, document.article, entity_ids) for number, event in enumerate(events, start=1)
    ]
    if document.incidents:
        record["incidents"] = [_incident_record(incident, event_ids) for incident in document.incidents]
    elif events:
        record |= {"incidents": [], "incidents_complete": True}
    record |= document_level_record(document)
    rounded = {key: _rounded(value, score_digits) for key, value in record.items()}
    if document.label_scores:  # by names of labels, of which "score" may be one
        rounded["label_scores"] = {name: round(score, score_digits) for name, score in document.label_scores.items()}
    return rounded


class _LocalIds(Generic[T]):
    """The ids that entities or events have inside one record.

    Equal offsets and label are enough to find one, as scores may differ; of several such, an equal one is meant.
    """

    def __init__(self, prefix: str, items: Sequence[T], span_of: Callable[[T], Span]) -> None:
        self._span_of = span_of
        self._taken: set[str] = set()
        self._candidates: dict[tuple[int, int, str], list[tuple[str, T]]] = {}
        for number, item in enumerate(items, start=1):
            self._candidates.setdefault(span_order(span_of(item)), []).append((f"{prefix}{number}", item))

    def __getitem__(self, item: T) -> str:
        span = self._span_of(item)
        candidates = self._candidates.get(span_order(span), [])
        if not candidates:
            raise ValueError(f"{span.label} [{span.start}, {span.end}) is referred to but is not in the document")
        return next((own_id for own_id, candidate in candidates if candidate == item), candidates[0][0])

    def take(self, item: T) -> str:
        """An id that no call gave before, as long as equal items are left."""
        candidates = self._candidates.get(span_order(self._span_of(item)), [])
        free = (own_id for own_id, candidate in candidates if candidate == item and own_id not in self._taken)
        taken = next(free, "") or self[item]
        self._taken.add(taken)
        return taken


def _article_record(article: Article) -> dict[str, Any]:
    return {
        "id": article.id,
        "title": article.title,
        "published": article.published.isoformat() if article.published else "",
        "source": article.source,
        **({"url": article.url} if article.url else {}),
        "text": article.text,
        **sentences_record(article),
    }


def _entity_record(own_id: str, span: Span, article: Article) -> dict[str, Any]:
    return {"id": own_id, "label": span.label, **_surface(span, article), **span.attributes, "score": span.score}


def _event_record(own_id: str, event: Event, article: Article, entity_ids: _LocalIds[Span]) -> dict[str, Any]:
    return {
        "id": own_id,
        "type": event.type,
        "trigger": _surface(event.trigger, article),
        **event.attributes,
        **({"incident": event.incident} if event.incident else {}),
        "arguments": [
            {"role": argument.role, "entity": entity_ids[argument.span], "score": argument.score}
            for argument in event.arguments
        ],
        "score": event.score,
    }


def _incident_record(incident: Incident, event_ids: _LocalIds[Event]) -> dict[str, Any]:
    fillers: dict[str, list[dict[str, Any]]] = {}
    for filler in incident.fillers:
        fillers.setdefault(filler.role, []).append(_filler_record(filler))
    days = incident.date
    dates = {"date_start": str(days.start), "date_end": str(days.end), "date_prec": days.precision} if days else {}
    return {
        "id": incident.id,
        **dates,
        **incident.attributes,
        "score": incident.score,
        "mentions": [event_ids.take(mention) for mention in incident.mentions],
        "fillers": fillers,
    }


def _filler_record(filler: Filler) -> dict[str, Any]:
    spans = [[span.start, span.end] for span in filler.spans]
    return {"text": filler.text, "spans": spans, "score": filler.score}


def _surface(span: Span, article: Article) -> dict[str, Any]:
    return {"start": span.start, "end": span.end, "text": span.text(article)}


def _rounded(value: Any, digits: int) -> Any:
    """A part of a record with its scores rounded; those of 1, as all of gold are, go without saying."""
    if isinstance(value, list):
        return [_rounded(item, digits) for item in value]
    if not isinstance(value, dict):
        return value
    rounded = {
        key: round(item, digits) if isinstance(item, float) else _rounded(item, digits) for key, item in value.items()
    }
    return {key: item for key, item in rounded.items() if key != "score" or item != 1.0}


def _read_documents(path: Path, schema: Schema) -> Iterator[tuple[str, Document | Problem]]:
    for record in read_records(path):
        if isinstance(record, Problem):
            yield record.where, record
            continue
        reading = read_record(record.content, schema)
        if reading.document and not reading.faults:
            yield record.where, reading.document
        for fault in reading.faults:
            yield record.where, Problem(record.where, fault)
