"""What is wrong with a file of documents, all of it at once, and what there is in it."""

import hashlib
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tocsin.data.errors import Problem
from tocsin.data.incidents import is_countable
from tocsin.data.jsonl import Record, duplicate_id, read_records
from tocsin.data.record_values import items
from tocsin.data.records import read_record
from tocsin.data.rules import document_flaws, record_flaws
from tocsin.data.schema import Schema
from tocsin.data.types import Document

LABELS, TYPES, ROLES, INCIDENTS = "entity labels", "event types", "roles", "incidents"
TEXT_LABELS, FILLERS, TEMPLATES = "text labels", "fillers", "template types"
NOUNS = {  # of which a model needs examples
    LABELS: "entity label",
    TYPES: "event type",
    ROLES: "role",
    TEXT_LABELS: "text label",
    FILLERS: "filler",
    TEMPLATES: "template type",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong, or doubtful, in one place."""

    where: str  # "gold.jsonl:17"
    message: str
    is_error: bool

    def __str__(self) -> str:
        return f"{self.where}: {'error' if self.is_error else 'warning'}: {self.message}"


@dataclass(frozen=True, slots=True)
class Report:
    """The findings in a file, errors first and then by line, and how often each name of the schema occurs."""

    findings: tuple[Finding, ...]
    n_documents: int
    counts: Mapping[str, Mapping[str, int]]  # by kind: the keys of `NOUNS`, each attribute, "incidents"

    @property
    def n_errors(self) -> int:
        return sum(finding.is_error for finding in self.findings)

    @property
    def n_warnings(self) -> int:
        return len(self.findings) - self.n_errors


@dataclass(slots=True)
class _Tally:
    """What is known of the documents seen so far; texts are kept as digests, so that a file of any size fits."""

    n_documents: int = 0
    n_unlabelled: int = 0  # of texts that labels are asked of
    first_unlabelled: str = ""  # where it stands
    occurrences: Counter[tuple[str, str]] = field(default_factory=Counter)
    ids: dict[str, str] = field(default_factory=dict)  # to where they were first seen
    texts: dict[bytes, str] = field(default_factory=dict)
    owners: Counter[str] = field(default_factory=Counter)  # of attributes: events "", entities by their label
    lacking: dict[str, list[Finding]] = field(default_factory=dict)  # of an attribute, for each that lacks it


def check_documents(path: Path, schema: Schema) -> Report:
    """Everything wrong with a file; a line that cannot be read in full is checked as far as it can be.

    Args:
        path: of the file.
        schema: what may be annotated.
    """
    tally = _Tally()
    findings: list[Finding] = []
    for record in read_records(path):
        if isinstance(record, Problem):
            findings.append(Finding(record.where, record.message, is_error=True))
        else:
            findings += _record_findings(record, schema, tally)
    counts = counted_names(tally.occurrences, schema)
    findings = _with_lacking_once(findings, tally, str(path))
    if tally.n_documents:
        findings += without_examples(counts, str(path))
        findings += _label_findings(tally, counts, schema, str(path))
    elif not findings:
        findings.append(Finding(str(path), "no document found; expected one JSON object a line", is_error=True))
    return Report(tuple(sorted(findings, key=lambda finding: not finding.is_error)), tally.n_documents, counts)


def _record_findings(record: Record, schema: Schema, tally: _Tally) -> Iterator[Finding]:
    reading = read_record(record.content, schema)
    for fault in reading.faults:
        yield Finding(record.where, fault, is_error=True)
    if reading.document is None:
        return
    for flaw in record_flaws(record.content, reading.document, schema):
        finding = Finding(record.where, flaw.message, flaw.is_error)
        if flaw.lacks:
            tally.lacking.setdefault(flaw.lacks, []).append(finding)
        yield finding
    tally.owners[""] += sum(1 for _ in items(record.content, "events", "event", []))
    tally.owners.update(str(item.get("label")) for _, item in items(record.content, "entities", "entity", []))
    for flaw in document_flaws(reading.document, schema):
        yield Finding(record.where, flaw.message, flaw.is_error)
    yield from _repetitions(reading.document, record.where, tally)
    tally.n_documents += 1
    if schema.text_labels and reading.document.labels is None:
        tally.n_unlabelled += 1
        tally.first_unlabelled = tally.first_unlabelled or record.where
    tally.occurrences.update(occurrences(reading.document, schema.fillers))
    tally.occurrences.update(_described(reading.document, schema))


def _with_lacking_once(findings: Sequence[Finding], tally: _Tally, where: str) -> list[Finding]:
    """An attribute is missing by mistake where others have it; what none has was not annotated, which is said once."""
    told, by_mention = [], set()
    for attribute, lacking in tally.lacking.items():
        label = attribute.rpartition(".")[0]
        n_owners = tally.owners[label]
        if len(lacking) == n_owners:
            by_mention |= set(map(id, lacking))
            owners = f"{label} entities" if label else "events"
            message = f"no value of {attribute} on any of {n_owners} {owners}: it was not annotated here"
            told.append(Finding(where, message, is_error=False))
    return [*(finding for finding in findings if id(finding) not in by_mention), *told]


def _repetitions(document: Document, where: str, tally: _Tally) -> Iterator[Finding]:
    article = document.article
    first = tally.ids.setdefault(article.id, where)
    if first != where:
        yield Finding(where, duplicate_id(article.id, first), is_error=True)
    first = tally.texts.setdefault(hashlib.sha256(article.text.encode()).digest(), where)
    if first != where:
        yield Finding(
            where, f"the same text as {first}; a copy on both sides of a split inflates scores", is_error=False
        )


def occurrences(document: Document, roles: Collection[str]) -> Iterator[tuple[str, str]]:
    """The kinds and names a document uses, once for each use.

    Args:
        document: whatever is annotated in it.
        roles: of fillers; their mentions are not counted as entities.
    """
    yield from ((LABELS, entity.label) for entity in document.entities if entity.label not in roles)
    for event in document.events:
        yield TYPES, event.type
        yield from ((ROLES, argument.role) for argument in event.arguments)
    yield from ((TEXT_LABELS, label.name) for label in document.labels or ())
    yield from ((FILLERS, filler.role) for filler in document.fillers)
    yield from ((TEMPLATES, name) for template in document.templates for name in template.types)


def _described(document: Document, schema: Schema) -> Iterator[tuple[str, str]]:
    """The values of attributes a document uses, and the kinds of its incidents."""
    for entity in document.entities:
        for attribute in schema.entity_attributes.get(entity.label, ()):
            if not attribute.is_integer and attribute.name in entity.attributes:
                yield attribute.name, str(entity.attributes[attribute.name])
    for event in document.events:
        yield from event.attributes.items()
    for incident in document.incidents:
        yield INCIDENTS, "countable" if is_countable(incident, schema) else "not countable"


def counted_names(occurrences: Counter[tuple[str, str]], schema: Schema) -> dict[str, dict[str, int]]:
    """A table by kind of name, in the order of the schema, zeros included; names not in the schema come last."""
    counts = {kind: dict.fromkeys(names, 0) for kind, names in _names(schema) if names}
    for (kind, name), n_uses in occurrences.items():
        counts.setdefault(kind, {})[name] = n_uses
    return counts


def _names(schema: Schema) -> Iterator[tuple[str, Sequence[str]]]:
    yield LABELS, [label for label in schema.entity_labels if label not in schema.fillers]
    yield TYPES, schema.event_types
    yield ROLES, [role.name for role in schema.roles]
    yield from ((TEXT_LABELS, schema.text_labels), (FILLERS, schema.fillers), (TEMPLATES, schema.template_types))
    entity_attributes = (attribute for attributes in schema.entity_attributes.values() for attribute in attributes)
    for attribute in (*schema.attributes, *entity_attributes):
        if not attribute.is_integer:
            yield attribute.name, attribute.values
    if schema.event_types:
        yield INCIDENTS, ("countable", "not countable")


def without_examples(counts: Mapping[str, Mapping[str, int]], where: str) -> Iterator[Finding]:
    """Names that occur nowhere, each a warning."""
    for noun, name in absent_names(counts):
        yield Finding(where, f"label without examples: {noun} {name}; a model cannot learn it", is_error=False)


def absent_names(counts: Mapping[str, Mapping[str, int]]) -> Iterator[tuple[str, str]]:
    """The names that occur nowhere, each after its noun: ("entity label", "BASE")."""
    for kind, noun in NOUNS.items():
        yield from ((noun, name) for name, n_uses in counts.get(kind, {}).items() if not n_uses)


def alike_names(counts: Mapping[str, Mapping[str, int]]) -> Iterator[str]:
    """What is to be said of names of one kind that differ in case alone: somebody may have meant one."""
    for kind in NOUNS:
        alike: dict[str, list[str]] = {}
        for name, n_uses in counts.get(kind, {}).items():
            if n_uses:
                alike.setdefault(name.casefold(), []).append(f"{name} ({n_uses:,})")
        for names in alike.values():
            if len(names) > 1:
                yield f"{kind} that differ in case alone: {', '.join(names)}; if they are one, write it in one way"


def unlabelled(n: int, n_documents: int, where: str, first: str) -> Iterator[Finding]:
    """Say that labels were not annotated in some documents, but were in others."""
    if 0 < n < n_documents:
        message = f"{n} of {n_documents} documents have no labels, the first is {first}; nothing is learned from these"
        yield Finding(where, message, is_error=False)


def _label_findings(
    tally: _Tally, counts: Mapping[str, Mapping[str, int]], schema: Schema, where: str
) -> Iterator[Finding]:
    """What is odd about the labels of texts as a whole."""
    if not schema.text_labels:
        return
    if tally.n_unlabelled == tally.n_documents:
        yield Finding(where, 'no document has "labels"; expected a list in each, empty for none', is_error=False)
    yield from unlabelled(tally.n_unlabelled, tally.n_documents, where, tally.first_unlabelled)
    n_labelled = tally.n_documents - tally.n_unlabelled
    for name, n in counts[TEXT_LABELS].items():
        if n == n_labelled > 1:
            message = f"one class only: every text is labelled {name}; a model cannot learn what is not"
            yield Finding(where, message, is_error=False)
