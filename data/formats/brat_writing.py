"""Documents as brat's standoff: two files each, the text and its annotations. See `brat.py` for what stands in them."""

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from tocsin.data.files import written_whole
from tocsin.data.formats.conversion import Options, Tally
from tocsin.data.formats.fitting import REPLACEMENT, count, count_unheld, without_nul, words_of
from tocsin.data.formats.folders import file_stem, new_folder
from tocsin.data.formats.regions import Region, Relation, regions_and_relations
from tocsin.data.schema import Schema
from tocsin.data.types import Document

MARK = "\ufeff"
DIGITS = "0123456789"
INCIDENT = "incident"  # the attribute that holds `Event.incident`


def write(documents: Iterable[Document], path: Path, options: Options, lost: Tally) -> None:
    """A new folder, two files a document.

    Raises:
        DataError: something is there already, or the folder cannot be made there.
    """
    stems: set[str] = set()
    with new_folder(path) as folder:
        for document in documents:
            stem = file_stem(document.article.id, stems, lost)
            count_beside_spans(document, lost)
            lost.update(words_of(document))
            text = _readable(document.article.text, lost)
            with written_whole(folder / f"{stem}.txt") as stream:
                stream.write(text)
            with written_whole(folder / f"{stem}.ann") as stream:
                stream.writelines(f"{line}\n" for line in _lines(document, text, options.schema, lost))


def count_beside_spans(document: Document, lost: Tally) -> None:
    """Count what a file of spans, relations and attributes, and nothing else, has no place for."""
    # What its mentions share is all that is held of an incident.
    also = {"arguments of events", "attributes of events", "attributes of entities"}
    also |= set() if document.incidents else {"incidents"}
    count_unheld(document, ("entities", "triggers"), also, lost)
    values = [value for span in document.entities for value in span.attributes.values()]
    count(lost, "attributes that are null", values.count(None))


def _readable(text: str, lost: Tally) -> str:
    """A text as a file of its own gives it back, character for character."""
    if text.startswith(MARK):
        lost[f"byte order marks that texts begin with, written as {REPLACEMENT}"] += 1
        text = REPLACEMENT + text.removeprefix(MARK)
    return without_nul(text, lost)


def _lines(document: Document, text: str, schema: Schema | None, lost: Tally) -> Iterator[str]:
    """The lines of a document's .ann file: spans, events, attributes."""
    regions, relations = regions_and_relations(document, lost)
    triggers: dict[str, str] = {}
    roles: dict[str, list[Relation]] = {}
    for relation in relations:
        roles.setdefault(relation.source, []).append(relation)
    for number, region in enumerate(regions, start=1):
        if region.id.startswith("E"):
            triggers[region.id] = f"T{number}"
        fragments = _fragments(text, region.start, region.end)
        places = ";".join(f"{start} {end}" for start, end in fragments)
        surface = re.sub(r"\s", " ", " ".join(text[start:end] for start, end in fragments))
        yield f"T{number}\t{region.label} {places}\t{surface}"
    for region in regions:
        if region.id in triggers:
            own = _arguments(roles.get(region.id, []), schema, lost)
            arguments = "".join(f" {argument}" for argument in own)
            yield f"{region.id}\t{region.label}:{triggers[region.id]}{arguments}"
    numbers = itertools.count(1)
    for region in regions:
        for name, value in _attributes(region, lost):
            yield f"A{next(numbers)}\t{name} {region.id} {value}"


def _fragments(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """A span cut at line breaks, as brat cuts them; those at its edges stay, or the span would be another one."""
    found = [match.span() for match in re.compile(r"[^\r\n]+").finditer(text, start, end)] or [(start, end)]
    found[0] = (start, found[0][1])
    found[-1] = (found[-1][0], end)
    return found


def _arguments(relations: Sequence[Relation], schema: Schema | None, lost: Tally) -> Iterator[str]:
    given: Counter[str] = Counter()
    for relation in relations:
        role = relation.type
        given[role] += 1
        count(lost, "digits at the end of roles", schema is None and role[-1] in DIGITS)
        yield f"{role}{given[role] if given[role] > 1 else ''}:{relation.target}"


def _attributes(region: Region, lost: Tally) -> Iterator[tuple[str, str]]:
    incident = {INCIDENT: region.incident} if region.incident else {}
    for name, value in {**region.attributes, **incident}.items():
        written = without_nul(str(value), lost)
        if written and written == written.strip() and not re.search(r"[\t\r\n]", written):
            yield name, written
        else:
            lost["attributes that are empty, or have a tab, a line break or white space at an edge"] += 1
