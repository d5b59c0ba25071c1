"""brat's standoff format: a folder of texts (.txt), each with a file of annotations beside it (.ann).

Offsets count characters, as everywhere here; line breaks are counted as they stand in the file, and a byte order mark
counts as a character, as brat reads it. A document's id is the path of its files in the folder, without the suffix.

- T lines are entities, or triggers where an E line says so; where no file has one, as `regions.py` tells them;
- E lines are events; of a role Target2 the digits only number it, unless the schema has a role of that name;
- R lines are arguments where they lead from a trigger to an entity;
- A and M lines are attributes of entities and events, one without a value "true"; the attribute "incident" names what
  real operation an event belongs to. Of the fragments of a span, the whole from first to last is taken.

A document with anything wrong in it is not read; all that is wrong is told. Standoff has no place for labels of texts.
"""

import re
from codecs import BOM_UTF8
from collections import Counter
from collections.abc import Collection, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path

from tocsin.data.errors import DataError, Problem
from tocsin.data.files import MAX_ARTICLE_BYTES, decode, os_fault, read_bounded, read_lines
from tocsin.data.formats.brat_writing import DIGITS, INCIDENT, write
from tocsin.data.formats.conversion import Format, Options, Tally
from tocsin.data.formats.fitting import count, name_fault, nearest
from tocsin.data.formats.folders import files_in, ids_of
from tocsin.data.formats.regions import Region, Relation, Scope, entities_and_events
from tocsin.data.formats.text_lines import text_lines, without_end
from tocsin.data.record_values import shorten
from tocsin.data.schema import Schema
from tocsin.data.types import Article, Document

NO_EVENT = "relations that lead from no event to an entity"  # as `regions.py` calls them
_ID = re.compile(r"[TERAM][\w.-]{1,40}")
_SPAN = re.compile(r"(\S+)[ ]+(\d{1,12}[ ]+\d{1,12}(?:;\d{1,12}[ ]+\d{1,12})*)")
_RELATION = re.compile(r"([^\s:]+)\s+[^\s:]+:(\S+)\s+[^\s:]+:(\S+)")
_LEFT_OUT = {"#": "notes", "N": "links to entries of knowledge bases", "*": "groups of equivalent entities"}


@dataclass(frozen=True, slots=True)
class _Event:
    """An E line."""

    line: int
    type: str
    trigger: str
    arguments: tuple[tuple[str, str], ...]  # role and id


@dataclass(slots=True)
class _Standoff:
    """What the lines of one file of annotations say; it fills up line by line."""

    text: str
    shift: int  # how many characters the offsets count that are not of the text
    schema: Schema | None
    ids: set[str] = field(default_factory=set)
    spans: dict[str, Region] = field(default_factory=dict)
    events: dict[str, _Event] = field(default_factory=dict)
    relations: list[tuple[int, Relation]] = field(default_factory=list)
    attributes: list[tuple[int, str, str, str]] = field(default_factory=list)  # line, name, id, value
    faults: list[tuple[int, str]] = field(default_factory=list)  # by line
    lost: Tally = field(default_factory=Counter)


def read(path: Path, options: Options, lost: Tally) -> Iterator[Document | Problem]:
    """The documents of a folder and the folders in it, or of one pair of files, given either of them."""
    try:
        annotations = _annotation_files(path, lost, texts_only=options.texts_only)
        has_events = options.schema is None and any(map(_has_events, annotations))
    except OSError as error:
        yield Problem(str(path), os_fault(error))
        return
    if not annotations:
        yield Problem(str(path), "holds no .ann file; expected texts (.txt), each with its .ann file beside it")
    for own_id, ann in zip(ids_of(path, annotations), annotations, strict=True):
        yield from _read_pair(ann, own_id, options, lost, has_events=has_events)


def _annotation_files(path: Path, lost: Tally, *, texts_only: bool) -> list[Path]:
    """The .ann files to read, whether there are texts to them or not; for texts alone also those of texts without."""
    if path.is_dir():
        annotations = files_in(path, ".ann")
        there = set(annotations)
        alone = {text.with_suffix(".ann") for text in files_in(path, ".txt")} - there
        if texts_only:
            return sorted(there | alone)
        count(lost, "texts without an .ann file, left out", len(alone))
        return annotations
    if path.suffix not in (".ann", ".txt") and path.exists():
        return []
    path.stat()  # raises what is to be told
    return [path.with_suffix(".ann")]


def _has_events(path: Path) -> bool:
    """Whether a file has E lines: where events are told apart, a relation alone makes none."""
    try:
        with path.open("rb") as stream:
            return any(line.content.startswith(b"E") for line in read_lines(stream, max_bytes=MAX_ARTICLE_BYTES))
    except OSError:
        return False  # told when it is read


def _read_pair(
    path: Path, own_id: str, options: Options, lost: Tally, *, has_events: bool
) -> Iterator[Document | Problem]:
    text_path = path.with_suffix(".txt")
    opened = text_path  # for the message
    try:
        content = read_bounded(text_path, max_bytes=MAX_ARTICLE_BYTES, remedy="split the text in two")
        found = _Standoff(decode(content), content.startswith(BOM_UTF8), options.schema)
        if not found.text.strip():
            raise DataError("is empty or only white space; expected the text of an article")
        opened = path
        problems = list(_parse_lines(path, found)) if path.exists() or not options.texts_only else []
    except OSError as error:
        yield Problem(str(opened), os_fault(error))
        return
    except DataError as error:
        yield Problem(str(opened), str(error))
        return
    regions, relations = _resolved(found, has_events=has_events)
    problems += [Problem(f"{path}:{line}", fault) for line, fault in sorted(found.faults)]
    scope = Scope(options, lost=found.lost)
    if problems:
        yield from problems
        return
    entities, events = entities_and_events(regions, relations, scope, triggers=found.events)
    yield from (Problem(str(path), fault) for fault in scope.faults)
    if not scope.faults:
        lost.update(+scope.lost)
        yield Document(Article(found.text, own_id), entities, events)


def _parse_lines(path: Path, found: _Standoff) -> Iterator[Problem]:
    """Read every line; yields those that are no text."""
    for entry in text_lines(path):
        if isinstance(entry, Problem):
            yield entry
            continue
        number, line = entry
        line = without_end(line)
        try:
            if line.strip():
                _parse_line(number, line, found)
        except DataError as error:
            found.faults.append((number, str(error)))


def _parse_line(number: int, line: str, found: _Standoff) -> None:
    own_id, _, rest = line.partition("\t")
    kind = own_id[:1]
    if kind in _LEFT_OUT:
        found.lost[_LEFT_OUT[kind]] += 1
        return
    if not _ID.fullmatch(own_id):
        raise DataError(
            f"begins with {shorten(own_id)!r}; expected an id and a tab, the id one of T, E, R, A, M, # or N with a "
            "number, or *"
        )
    if own_id in found.ids:
        raise DataError(f"{own_id}: a second line of that id; ids must differ within a file")
    found.ids.add(own_id)
    match kind:
        case "T":
            found.spans[own_id] = _span(own_id, rest, found)
        case "E":
            found.events[own_id] = _event(own_id, number, rest, found.schema)
        case "R":
            found.relations.append((number, _relation(own_id, rest)))
        case _:
            found.attributes.append((number, *_attribute(own_id, rest)))


def _span(own_id: str, rest: str, found: _Standoff) -> Region:
    head, tab, surface = rest.partition("\t")
    match = _SPAN.fullmatch(head.strip())
    if not match:
        example = r"such as T1\tACTOR 0 7\tMilitia"
        raise DataError(f"{own_id}: {shorten(head)!r} cannot be read; expected a label and offsets, {example}")
    pieces = (piece.split() for piece in match[2].split(";"))
    fragments = sorted((int(start) - found.shift, int(end) - found.shift) for start, end in pieces)
    for start, end in fragments:
        if not 0 <= start < end <= len(found.text):
            fault = f"[{start}, {end}) is empty, negative or ends past the text ({len(found.text)} characters)"
            raise DataError(f"{own_id}: {fault}; offsets count characters of the .txt file, end exclusive")
    start, end = fragments[0][0], max(end for _, end in fragments)
    if tab:
        _check_surface(own_id, surface, fragments, found.text)
    gaps = (found.text[end:start] for (_, end), (start, _) in pairwise(fragments))
    if any(gap.strip() for gap in gaps):  # brat itself cuts spans at line breaks
        found.lost["discontinuous spans, taken as one from first to last"] += 1
    fault = _unfit("label", match[1], found.schema, found.schema.span_labels if found.schema else ())
    if fault:
        raise DataError(f"{own_id}: {fault}")
    return Region(own_id, start, end, match[1])


def _unfit(noun: str, name: str, schema: Schema | None, known: Collection[str]) -> str:
    """Why a name cannot be taken; of a schema without spans none is asked, as all spans are left out."""
    if schema is None:
        return name_fault(noun, name, None)
    return name_fault(noun, name, known) if schema.span_labels else ""


def _check_surface(own_id: str, surface: str, fragments: Sequence[tuple[int, int]], text: str) -> None:
    """Compare what the line says stands there with what does; white space may differ, line breaks cannot be written."""
    start, end = fragments[0][0], fragments[-1][1]
    there = [" ".join(text[start:end] for start, end in fragments), text[start:end]]
    if surface.split() in [characters.split() for characters in there]:
        return
    place = nearest(surface, start, text)
    hint = "" if place is None else f"; the same characters stand at {place}: shifted by {place - start}?"
    raise DataError(
        f"{own_id}: the line has {shorten(surface)!r} but characters [{start}, {end}) of the text are "
        f"{shorten(there[0])!r}{hint}"
    )


def _event(own_id: str, number: int, rest: str, schema: Schema | None) -> _Event:
    pairs = [part.partition(":") for part in rest.split()]
    if not pairs or not all(name and target for name, _, target in pairs):
        example = r"such as E1\tATTACK:T1 target:T2"
        raise DataError(f"{own_id}: {shorten(rest)!r} cannot be read; expected a trigger and roles, {example}")
    (kind, _, trigger), *others = pairs
    arguments = tuple((_role(name, schema), target) for name, _, target in others)
    roles = [role.name for role in schema.roles] if schema else ()
    faults = [_unfit("event type", kind, schema, schema.event_types if schema else ())]
    faults += [_unfit("role", role, schema, roles) for role, _ in arguments]
    if any(faults):
        raise DataError(f"{own_id}: " + "; ".join(filter(None, faults)))
    return _Event(number, kind, trigger, arguments)


def _role(name: str, schema: Schema | None) -> str:
    """A role without the number that brat gives the second of its kind and those that follow."""
    known = {role.name for role in schema.roles} if schema else set()
    shorter = name
    while shorter not in known and shorter[-1:] in set(DIGITS):
        shorter = shorter[:-1]
    return shorter or name


def _relation(own_id: str, rest: str) -> Relation:
    match = _RELATION.fullmatch(rest.strip())
    if not match:
        example = r"such as R1\ttarget Arg1:T1 Arg2:T2"
        raise DataError(f"{own_id}: {shorten(rest)!r} cannot be read; expected a relation, {example}")
    return Relation(match[2], match[3], match[1])


def _attribute(own_id: str, rest: str) -> tuple[str, str, str]:
    """Name, id of what has it, value; the value is all that follows."""
    parts = rest.strip().split(" ", 2)
    if len(parts) < 2:
        example = r"such as A1\tstatus E1 claimed"
        raise DataError(f"{own_id}: {shorten(rest)!r} cannot be read; expected an attribute, {example}")
    return parts[0], parts[1], parts[2].strip() if len(parts) > 2 else "true"


def _resolved(found: _Standoff, *, has_events: bool) -> tuple[list[Region], list[Relation]]:
    """Entities, then events, with their attributes, and what is said of both; ids of nothing are noted as faults."""
    triggers: dict[str, str] = {}  # the event of each
    for own_id, event in found.events.items():
        span = found.spans.get(event.trigger)
        if span and span.label != event.type:
            fault = f"{own_id}: is a {shorten(event.type)}, but its trigger {event.trigger} is labelled {span.label}"
            found.faults.append((event.line, f"{fault}; expected the same"))
        if _is_known(event.trigger, found.spans, event.line, found):
            triggers.setdefault(event.trigger, own_id)
    attributes = _attributes_by_id(found, triggers)
    regions = [span for own_id, span in found.spans.items() if own_id not in triggers]
    regions += [
        replace(found.spans[event.trigger], id=own_id)
        for own_id, event in found.events.items()
        if event.trigger in found.spans
    ]
    regions = [_described(region, attributes.get(region.id, {})) for region in regions]
    return regions, list(_relations(found, triggers, has_events=has_events))


def _relations(found: _Standoff, triggers: Mapping[str, str], *, has_events: bool) -> Iterator[Relation]:
    there = found.spans.keys() | found.events.keys()
    for own_id, event in found.events.items():
        for role, target in event.arguments:
            if _is_known(target, there, event.line, found):
                yield Relation(own_id, triggers.get(target, target), role)
    for line, relation in found.relations:
        ends = (relation.source, relation.target)
        if not all([_is_known(end, there, line, found) for end in ends]):
            continue
        source, target = (triggers.get(end, end) for end in ends)
        if has_events and source not in found.events:
            found.lost[NO_EVENT] += 1
        else:
            yield Relation(source, target, relation.type)


def _attributes_by_id(found: _Standoff, triggers: Mapping[str, str]) -> dict[str, dict[str, str]]:
    attributes: dict[str, dict[str, str]] = {}
    there = found.spans.keys() | found.events.keys()
    for line, name, target, value in found.attributes:
        if target[:1] == "R":
            found.lost["attributes of relations"] += 1
        elif _is_known(target, there, line, found):
            given = attributes.setdefault(triggers.get(target, target), {})
            count(found.lost, "second values of an attribute", name in given)
            given.setdefault(name, value)
    return attributes


def _is_known(own_id: str, there: Container[str], line: int, found: _Standoff) -> bool:
    if own_id not in there and own_id not in found.ids:  # else its own line is at fault, or it is of another kind
        found.faults.append((line, f"{shorten(repr(own_id))} is the id of nothing in this file; expected one that is"))
    elif own_id not in there:
        found.faults.append((line, f"{shorten(repr(own_id))} cannot stand here, or its own line cannot be read"))
    return own_id in there


def _described(region: Region, attributes: Mapping[str, str]) -> Region:
    others = {name: value for name, value in attributes.items() if name != INCIDENT}
    return replace(region, attributes=others, incident=attributes.get(INCIDENT, ""))


FORMAT = Format(
    name="brat",
    described="brat standoff: a folder of .txt files with their .ann files",
    suffixes=(),
    read=read,
    write=write,
)
