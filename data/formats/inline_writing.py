"""Documents as inline markup. See `inline.py` for what stands in a file."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import count as numbers
from operator import ne
from pathlib import Path
from string import ascii_lowercase

from tocsin.data.errors import DataError
from tocsin.data.files import written_whole
from tocsin.data.formats.conversion import Options, Tally
from tocsin.data.formats.fitting import count, count_unheld, without_nul, words_of
from tocsin.data.formats.folders import file_stem, new_folder
from tocsin.data.formats.inline_marks import SUFFIX, escaped, sentence_at
from tocsin.data.records import span_order
from tocsin.data.schema import DEFAULT_SCHEMA, Schema
from tocsin.data.sentences import sentences
from tocsin.data.types import Argument, Document, Event, Incident, Span

UNFIT = "names and values that are no single word"
UNSAID = "attributes that are not given, without which a mark is not read"
STRANGE = "spans of labels that are not those of attacks, read again with --schema FILE only"
STRANGE_ROLES = "arguments in roles that are not those of attacks, read again with --schema FILE only"
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
    document = _trimmed(document, lost)
    whole = without_nul(document.article.text, lost)
    count(lost, "line breaks that are no newline", len(re.findall(r"\r(?=\n|\Z)", whole)))
    kept = {span_order(span): span for span in _markable(document, lost)}
    events = {place: event for event in document.events if (place := span_order(event.trigger)) in kept}
    text, done = "", 0
    for (start, end, _), mark in sorted(_marks(kept, events, whole, schema, lost).items()):
        text += escaped(whole[done:start]) + f"[{escaped(whole[start:end])}|{mark}]"
        done = end
    text += escaped(whole[done:])
    count(lost, "blank space around texts", text != text.strip())
    named = {event.incident for event in events.values() if _names_incident(event, schema)}
    return without_nul("\n".join(_header(document, named, lost)) + f"\n\n{text.strip()}\n", lost)


def _header(document: Document, named: Collection[str], lost: Tally) -> Iterator[str]:
    """The lines above the text; only days of incidents that a mark names, as no others could be read."""
    article = document.article
    values = {"id": article.id, "title": article.title, "source": article.source, "url": article.url}
    values["published"] = article.published.isoformat() if article.published else ""
    for key in ("id", "title", "published", "source", "url"):
        if values[key]:
            value = re.sub(r"\s*\n\s*", " ", values[key]).strip()
            count(lost, "line breaks in headers, and blank space around what stands there", value != values[key])
            yield f"{key}: {value}".rstrip()
    if document.labels is not None:
        names = [label.name for label in document.labels if re.fullmatch(r"[^\s,](?:[^,\n]*[^\s,])?", label.name)]
        count(lost, UNFIT, len(document.labels) - len(names))
        yield f"labels: {', '.join(names)}".rstrip()
    dated = [incident for incident in document.incidents if incident.date]
    written = [f"{incident.id}={_days(incident)}" for incident in dated if incident.id in named]
    count(lost, "days of incidents that no mark names", len(dated) - len(written))
    if written:
        yield " ".join(["days:", *written])


def _days(incident: Incident) -> str:
    return str(incident.date).replace("/", "..")


def _marks(
    kept: Mapping[_Place, Span], events: Mapping[_Place, Event], text: str, schema: Schema, lost: Tally
) -> dict[_Place, str]:
    """What stands behind the bar of each mark, by where the mark is."""
    starts = [start for start, _ in sentences(text)]
    arguments = {place: _arguments(event, kept, starts, lost) for place, event in events.items()}
    keys = _keys(arguments, starts)
    marks: dict[_Place, str] = {}
    count(lost, STRANGE, sum(span.label not in schema.span_labels for span in kept.values()))
    roles = {role.name for role in schema.roles}
    played = (argument.role for of_event in arguments.values() for argument in of_event)
    count(lost, STRANGE_ROLES, sum(role not in roles for role in played))
    for place, span in kept.items():
        if place in events:
            words = [*_event_words(events[place], schema, lost)]
            words += [f"{argument.role}={keys[span_order(argument.span)]}" for argument in arguments[place]]
        else:
            words = [*_entity_words(span, keys, schema, lost)]
        marks[place] = " ".join([span.label, *words])
    return marks


def _trimmed(document: Document, lost: Tally) -> Document:
    """A document whose spans have no white space at an edge, which no mark may have."""
    text = document.article.text
    entities = tuple(_bare(span, text) for span in document.entities)
    events = tuple(
        replace(
            event,
            trigger=_bare(event.trigger, text),
            arguments=tuple(replace(argument, span=_bare(argument.span, text)) for argument in event.arguments),
        )
        for event in document.events
    )
    n_trimmed = sum(map(ne, document.entities, entities))
    n_trimmed += sum(given.trigger != event.trigger for given, event in zip(document.events, events, strict=True))
    count(lost, "spans with white space at an edge, written without it", n_trimmed)
    return replace(document, entities=entities, events=events)


def _bare(span: Span, text: str) -> Span:
    """A span without the white space at its edges; one of nothing else as it is."""
    surface = text[span.start : span.end]
    start = span.end - len(surface.lstrip())
    return replace(span, start=start, end=start + len(surface.strip())) if surface.strip() else span


def _markable(document: Document, lost: Tally) -> Iterator[Span]:
    """The spans that can be marked; of two that overlap the one that begins first, the longer of two that do."""
    done = 0
    spans = [*document.entities, *(event.trigger for event in document.events)]
    for span in sorted(spans, key=lambda span: (span.start, -span.end, span.label)):
        surface = span.text(document.article)
        if span.start < done:
            lost["spans that overlap another"] += 1
        elif not surface.strip():
            lost["spans of white space alone"] += 1
        elif "\n" in surface:
            lost["spans over several lines"] += 1
        else:
            yield span
            done = span.end


def _arguments(event: Event, kept: Mapping[_Place, Span], starts: Sequence[int], lost: Tally) -> list[Argument]:
    """The arguments of an event that its mark can say."""
    here = sentence_at(event.trigger.start, starts)
    found = []
    for argument in event.arguments:
        if span_order(argument.span) not in kept:
            lost["arguments that are not marked"] += 1
        elif sentence_at(argument.span.start, starts) != here:
            lost["arguments outside the sentence of their trigger"] += 1
        else:
            found.append(argument)
    return found


def _keys(arguments: Mapping[_Place, Sequence[Argument]], starts: Sequence[int]) -> Mapping[_Place, str]:
    """The key of each entity that an event of its sentence refers to."""
    found: dict[_Place, str] = {}
    free = [_names() for _ in starts]
    for event in sorted(arguments):
        for place in sorted(span_order(argument.span) for argument in arguments[event]):
            if place not in found:
                found[place] = next(free[sentence_at(place[0], starts)])
    return found


def _names() -> Iterator[str]:
    yield from ascii_lowercase
    yield from (f"a{number}" for number in numbers(1))


def _entity_words(span: Span, keys: Mapping[_Place, str], schema: Schema, lost: Tally) -> Iterator[str]:
    if span_order(span) in keys:
        yield keys[span_order(span)]
    for name, value in span.attributes.items():
        if value is not None and _is_word(str(value)):
            yield f"{name}={value}"
        else:
            count(lost, UNFIT, value is not None)
    of_label = schema.attributes if span.label in schema.event_types else schema.entity_attributes.get(span.label, ())
    needed = [attribute.name for attribute in of_label if not attribute.is_integer]
    count(lost, UNSAID, sum(name not in span.attributes for name in needed))


def _event_words(event: Event, schema: Schema, lost: Tally) -> Iterator[str]:
    if _names_incident(event, schema):
        yield event.incident
    else:
        count(lost, UNFIT, bool(event.incident))
    for name, value in event.attributes.items():
        if _is_word(value):
            having = [attribute.name for attribute in schema.attributes if value in attribute.values]
            yield value if having == [name] else f"{name}={value}"
        else:
            lost[UNFIT] += 1
    if event.type in schema.event_types:
        count(lost, UNSAID, sum(attribute.name not in event.attributes for attribute in schema.attributes))


def _names_incident(event: Event, schema: Schema) -> bool:
    """Whether the mark of an event can say its incident: a word that is no value of an attribute."""
    return _is_word(event.incident) and all(event.incident not in attribute.values for attribute in schema.attributes)


def _is_word(text: str) -> bool:
    return bool(re.fullmatch(r"[^\s=\[\]|\\]+", text))
