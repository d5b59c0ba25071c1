"""What is annotated in files of any format, and what is wrong with it, file by file and between them."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path

from tocsin.data.check import (
    FILLERS,
    LABELS,
    NOUNS,
    ROLES,
    TEMPLATES,
    TEXT_LABELS,
    TYPES,
    Finding,
    Report,
    alike_names,
    occurrences,
    unlabelled,
    without_examples,
)
from tocsin.data.errors import DataError, Problem
from tocsin.data.formats.catalogue import read
from tocsin.data.formats.conversion import AS_FOUND, Converted, Options
from tocsin.data.formats.inference import Seen, Task
from tocsin.data.jsonl import duplicate_id
from tocsin.data.rules import named
from tocsin.data.schema import DEFAULT_SCHEMA, Schema
from tocsin.data.sentences import sentences
from tocsin.data.types import Article, Document, Span
from tocsin.data.words import words

CUT = "sentences and words"
OTHER_EVENTS = (  # how a run that learns events gets labels of its own
    "`tocsin convert FILE all.jsonl --task events --write-schema labels.json` writes those that files hold, "
    'schema = "labels.json" under [data] of a config takes them'
)
KINDS: Mapping[Task, tuple[str, ...]] = {
    "tokens": (LABELS,),
    "text": (TEXT_LABELS,),
    "events": (LABELS, TYPES, ROLES),
    "fillers": (FILLERS, TEMPLATES),
}


@dataclass(slots=True)
class _Some:
    """How many of something there are, with the first of them."""

    n: int = 0
    first: str = ""

    def add(self, what: str) -> None:
        self.n += 1
        self.first = self.first or what


@dataclass(slots=True)
class _File:
    """What is known of a file; it fills up document by document."""

    path: Path
    n_documents: int = 0
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)  # by kind and name
    findings: list[Finding] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    texts: dict[bytes, str] = field(default_factory=dict)  # ids of articles, by the digest of their text
    copies: _Some = field(default_factory=_Some)
    overlaps: _Some = field(default_factory=_Some)
    bare: _Some = field(default_factory=_Some)  # documents without labels

    def warn(self, message: str) -> None:
        self.findings.append(Finding(str(self.path), message, is_error=False))

    def names(self, kind: str) -> set[str]:
        return {name for other, name in self.counts if other == kind}


def check_files(
    files: Mapping[Path, str], *, task: Task | None, schema: Schema | None, columns: Options = AS_FOUND
) -> Report:
    """Everything wrong with some files, and how often each name occurs in all of them together.

    Args:
        files: each with the name of its format.
        task: what is to be learned; None for what they are annotated for.
        schema: what may be annotated; None for whatever there is.
        columns: how files that have such are to be read.
    """
    seen, options = Seen(), replace(columns, schema=schema, relations_make_events=task != "tokens")
    found = [_survey(path, name, options, seen) for path, name in files.items()]
    task = task or likeliest_task(seen)
    kinds = tuple(NOUNS) if schema else KINDS[task]
    between = [*_missing(found, kinds), *_unlearnable(found, task, schema, seen)]
    total: Counter[tuple[str, str]] = sum((file.counts for file in found), Counter())
    counts = _tables(total, kinds, schema)
    everywhere = ", ".join(map(str, files))
    if schema and seen.n_documents:
        between += without_examples(counts, everywhere)
    if not schema and task == "events":
        between += [Finding(everywhere, message, is_error=False) for message in _beside_attacks(seen)]
    between += [Finding(everywhere, message, is_error=False) for message in alike_names(counts)]
    findings = [*(finding for file in found for finding in file.findings), *between]
    return Report(
        tuple(sorted(findings, key=lambda finding: not finding.is_error)),
        sum(file.n_documents for file in found),
        counts,
    )


def likeliest_task(seen: Seen) -> Task:
    """What documents are annotated for; of several things the one that is built of the others."""
    if seen.fillers:
        return "fillers"
    if seen.event_types:
        return "events"
    return "tokens" if seen.entity_labels or not seen.text_labels else "text"


def _survey(path: Path, name: str, options: Options, seen: Seen) -> _File:
    file, converted = _File(path), Converted()
    for reading in read(path, name, options, converted):
        if isinstance(reading, Problem):
            file.findings.append(Finding(reading.where, reading.message, is_error=True))
        else:
            seen.add(reading)
            _add(file, reading)
    if not file.n_documents and not file.findings:
        file.findings.append(Finding(str(path), "no document found; expected annotated documents", is_error=True))
    for what, n in converted.lost_reading.items():
        file.warn(f"{n} {what}: lost or changed when the file was read")
    if file.copies.n:
        file.warn(f"texts that stand there before: {file.copies.n}, the first is {file.copies.first}")
    if file.overlaps.n:
        file.warn(f"entities that overlap one before, and are not learned: {file.overlaps.n}, {file.overlaps.first}")
    if TEXT_LABELS in {kind for kind, _ in file.counts}:
        file.findings += unlabelled(file.bare.n, file.n_documents, str(path), file.bare.first)
    return file


def _add(file: _File, document: Document) -> None:
    article = document.article
    file.n_documents += 1
    if article.id in file.ids:
        file.findings.append(Finding(str(file.path), duplicate_id(article.id, "another document"), is_error=True))
    file.ids.add(article.id)
    first = file.texts.setdefault(hashlib.sha256(article.text.encode()).digest(), article.id)
    if first != article.id:
        file.copies.add(f"{article.id}, as {first}")
    for one, other in _overlapping(document.entities if not document.fillers else ()):
        file.overlaps.add(f"the first {named(other, article)} with {named(one, article)} in {article.id}")
    if document.labels is None:
        file.bare.add(article.id)
    file.counts.update(occurrences(document, {filler.role for filler in document.fillers}))
    file.counts.update(_cut(article))


def _cut(article: Article) -> Counter[tuple[str, str]]:
    """How many sentences and words a text has, as it comes cut or by rule."""
    cut = article.sentences or [words(article.text[start:end]) for start, end in sentences(article.text)]
    return Counter({(CUT, "sentences"): len(cut), (CUT, "words"): sum(map(len, cut))})


def _overlapping(spans: Sequence[Span]) -> Iterator[tuple[Span, Span]]:
    """Neighbours in text order that share characters."""
    ordered = sorted(spans, key=lambda span: (span.start, span.end))
    return ((one, other) for one, other in pairwise(ordered) if one.overlaps(other))


def _missing(found: Sequence[_File], kinds: Sequence[str]) -> Iterator[Finding]:
    """Names that one of several files has no example of, and another has."""
    for kind in kinds:
        known = set[str]().union(*(file.names(kind) for file in found))
        for file in found:
            absent = sorted(known - file.names(kind))
            if absent and file.n_documents:
                message = f"no example of {NOUNS[kind]} {', '.join(absent)} here, but in another of the files"
                yield Finding(str(file.path), message, is_error=False)


def _unlearnable(found: Sequence[_File], task: Task, schema: Schema | None, seen: Seen) -> Iterator[Finding]:
    """Why nothing can be learned of all files together."""
    if not seen.n_documents:
        return
    try:
        if schema is None or task == "text":
            seen.schema(task)
    except DataError as error:
        yield Finding(", ".join(str(file.path) for file in found), str(error), is_error=True)


def _beside_attacks(seen: Seen) -> Iterator[str]:
    """What is to be said of labels that are not those of attacks."""
    known = {*DEFAULT_SCHEMA.span_labels, *(role.name for role in DEFAULT_SCHEMA.roles)}
    if others := sorted((seen.entity_labels | seen.event_types | seen.roles.keys()) - known):
        yield f"not among the labels of attacks, which events are without a schema: {', '.join(others)}; {OTHER_EVENTS}"


def _tables(counts: Counter[tuple[str, str]], kinds: Sequence[str], schema: Schema | None) -> dict[str, dict[str, int]]:
    """A table by kind: names in the order of the schema, zeros included, or without one by name."""
    known = {
        LABELS: [label for label in schema.entity_labels if label not in schema.fillers],
        TYPES: schema.event_types,
        ROLES: [role.name for role in schema.roles],
        TEXT_LABELS: schema.text_labels,
        FILLERS: schema.fillers,
        TEMPLATES: schema.template_types,
    } if schema else {}  # fmt: skip
    tables: dict[str, dict[str, int]] = {}
    for kind in (*kinds, CUT):
        names = [*known.get(kind, ()), *sorted(name for other, name in counts if other == kind)]
        if names:
            tables[kind] = {name: counts[kind, name] for name in names}
    return tables
