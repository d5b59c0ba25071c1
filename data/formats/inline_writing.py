"""Documents as inline markup. See `inline.py` for what stands in a file."""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import count as numbers
from pathlib import Path
from string import ascii_lowercase

from tocsin.data.errors import DataError
from tocsin.data.files import written_whole
from tocsin.data.formats.conversion import Options, Tally
from tocsin.data.formats.fitting import count, count_unheld, words_of
from tocsin.data.formats.folders import file_stem, new_folder
from tocsin.data.formats.inline_marks import SUFFIX, escaped, sentence_at
from tocsin.data.records import span_order
from tocsin.data.schema import DEFAULT_SCHEMA, Schema
from tocsin.data.sentences import sentences
from tocsin.data.types import Document, Event, Incident, Span

UNFIT = "names and values that are no single word"
_HELD = {"titles", "days of publication", "sources", "addresses (url)", "arguments of events"}
_HELD |= {"attributes of events", "attributes of entities", "incidents"}
_Place = tuple[int, int, str]


def write(documents: Iterable[Document], path: Path, options: Options, lost: Tally) -> None:
    """One file if the path has the format's suffix, else a new folder with a file for each document.

    Raises:
        DataError: several documents would go into one file, something is there already, or it cannot be made there.
    """
    schema = options.schema or DEFAULT_SCHEMA
    if path.suffix.lower() == SUFFIX:
        listed = list(documents)
        if len(listed) != 1:
            fault = f"{path}: {len(listed)} documents for one file of inline markup"
            raise DataError(f"{fault}; expected one document, or a folder as the output (a name without a suffix)")
        with written_whole(path) as stream:
            stream.write(_marked(listed[0], schema, lost))
        return
    stems: set[str] = set()
    with new_folder(path) as folder:
        for document in documents:
            with written_whole(folder / f"{file_stem(document.article.id, stems, lost)}{SUFFIX}") as stream:
                stream.write(_marked(document, schema, lost))


def _marked(document: Document, schema: Schema, lost: Tally) -> str:
    count_unheld(document, ("entities", "triggers", "labels"), _HELD, lost)
    lost.update(words_of(document))
    whole = document.article.text
    count(lost, "line breaks that are no newline", len(re.findall(r"\r(?=\n|\Z)", whole)))
    text, done = "", 0
    for (start, end, _), mark in sorted(_marks(document, schema, lost).items()):
        text += escaped(whole[done:start]) + f"[{escaped(whole[start:end])}|{mark}]"
        done = end
    text += escaped(whole[done:])
    count(lost, "blank space around texts", text != text.strip())
    return "\n".join(_header(document, lost)) + f"\n\n{text.strip()}\n"


def _header(document: Document, lost: Tally) -> Iterator[str]:
    article = document.article
    values = {"id": article.id, "title": article.title, "source": article.source, "url": article.url}
    values["published"] = article.published.isoformat() if article.published else ""
    for key in ("id", "title", "published", "source", "url"):
        if values[key]:
            yield f"{key}: {' '.join(values[key].split())}"
    if document.labels is not None:
        names = [label.name for label in document.labels if "," not in label.name]
        count(lost, UNFIT, len(document.labels) - len(names))
        yield f"labels: {', '.join(names)}".rstrip()
    dated = [incident for incident in document.incidents if incident.date and _is_word(incident.id)]
    if dated:
        yield " ".join(["days:", *(f"{incident.id}={_days(incident)}" for incident in dated)])


def _days(incident: Incident) -> str:
    return str(incident.date).replace("/", "..")


def _marks(document: Document, schema: Schema, lost: Tally) -> dict[_Place, str]:
    """What stands behind the bar of each mark, by where the mark is."""
    kept = {span_order(span): span for span in _markable(document, lost)}
    events = {span_order(event.trigger): event for event in document.events}
    keys = _keys([event for place, event in events.items() if place in kept], document.article.text, kept, lost)
    marks: dict[_Place, str] = {}
    for place, span in kept.items():
        found = events.get(place)
        words = _event_words(found, keys, schema, lost) if found else _entity_words(span, keys, lost)
        marks[place] = " ".join([span.label, *words])
    return marks


def _markable(document: Document, lost: Tally) -> Iterator[Span]:
    """The spans that can be marked; of two that overlap the one that begins first, the longer of two that do."""
    done = 0
    spans = [*document.entities, *(event.trigger for event in document.events)]
    for span in sorted(spans, key=lambda span: (span.start, -span.end, span.label)):
        if span.start < done:
            lost["spans that overlap another"] += 1
        elif "\n" in span.text(document.article):
            lost["spans over several lines"] += 1
        else:
            yield span
            done = span.end


def _keys(events: Iterable[Event], text: str, kept: Mapping[_Place, Span], lost: Tally) -> Mapping[_Place, str]:
    """The key of each entity that an event of its sentence refers to."""
    found: dict[_Place, str] = {}
    starts = [start for start, _ in sentences(text)]
    free = [_names() for _ in starts]
    for event in sorted(events, key=lambda event: span_order(event.trigger)):
        here = sentence_at(event.trigger.start, starts)
        for argument in sorted(event.arguments, key=lambda argument: span_order(argument.span)):
            place = span_order(argument.span)
            if place not in kept:
                lost["arguments that are not marked"] += 1
            elif sentence_at(argument.span.start, starts) != here:
                lost["arguments outside the sentence of their trigger"] += 1
            elif place not in found:
                found[place] = next(free[here])
    return found


def _names() -> Iterator[str]:
    yield from ascii_lowercase
    yield from (f"a{number}" for number in numbers(1))


def _entity_words(span: Span, keys: Mapping[_Place, str], lost: Tally) -> Iterator[str]:
    if span_order(span) in keys:
        yield keys[span_order(span)]
    for name, value in span.attributes.items():
        if value is not None and _is_word(str(value)):
            yield f"{name}={value}"
        else:
            count(lost, UNFIT, value is not None)


def _event_words(event: Event, keys: Mapping[_Place, str], schema: Schema, lost: Tally) -> Iterator[str]:
    of_value = [value for attribute in schema.attributes for value in attribute.values]
    if _is_word(event.incident) and event.incident not in of_value:
        yield event.incident
    else:
        count(lost, UNFIT, bool(event.incident))
    for name, value in event.attributes.items():
        if _is_word(value):
            yield value if of_value.count(value) == 1 else f"{name}={value}"
        else:
            lost[UNFIT] += 1
    for argument in event.arguments:
        if span_order(argument.span) in keys:
            yield f"{argument.role}={keys[span_order(argument.span)]}"


def _is_word(text: str) -> bool:
    return bool(re.fullmatch(r"[^\s=\[\]|\\]+", text))
