"""What is said of a document as a whole, as it stands in a file: its words, labels, fillers and templates.

"sentences": [[[0, 3], [4, 9]], ...]          of a text that comes cut into words: their offsets by sentence
"labels": ["unrest"]                          or objects {"label": "unrest", "score": 0.9}
"label_scores": {"unrest": 0.9, "crime": 0.1}
"fillers": [{"id": "F1", "role": "Weapon", "text": "car bomb", "spans": [[10, 18], [40, 44]]}]
"templates": [{"type": "bombing", "fillers": ["F1"]}]
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from tocsin.data.record_values import items, kind, named, number_between, score_of, shorten, string, unknown
from tocsin.data.schema import Schema
from tocsin.data.types import Article, Document, Filler, Sentences, Span, Template, TextLabel

Spans = tuple[tuple[int, int], ...]


def read_sentences(record: Mapping[str, Any], text: str, faults: list[str]) -> Sentences:
    """The words of a text that comes cut; none if the record has none, or has them wrong."""
    listed = record.get("sentences")
    if listed is None:
        return ()
    try:
        found = tuple(tuple((start, end) for start, end in sentence) for sentence in listed if sentence)
        flat = [edge for sentence in found for word in sentence for edge in word]
        is_whole = all(type(edge) is int for edge in flat)
    except (TypeError, ValueError):
        is_whole, flat = False, []
    if not is_whole:
        faults.append('"sentences" cannot be read; expected for each sentence a list of its words\' [start, end]')
        return ()
    words = [word for sentence in found for word in sentence]
    for (_, before), (start, end) in zip([(0, 0), *words], words, strict=False):
        if not before <= start < end <= len(text):
            fault = "is empty, overlaps the word before it, or ends past the text"
            faults.append(f'"sentences": the word [{start}, {end}) {fault}; expected words in order, end exclusive')
            return ()
    return found


def read_labels(record: Mapping[str, Any], schema: Schema, faults: list[str]) -> tuple[TextLabel, ...] | None:
    """The labels of the text; None where none were annotated."""
    listed = record.get("labels")
    if isinstance(listed, list) and any(map(_is_span, listed)):
        remedy = 'read it as that: --from doccano, or format = "doccano" in [data] of a config'
        faults.append(f'"labels" holds spans, as doccano\'s JSON lines do; {remedy}')
        return None
    if listed is None or not schema.text_labels:
        return None
    if not isinstance(listed, list):
        faults.append(f'"labels" is {kind(listed)}; expected a list of labels')
        return None
    objects = {"labels": [{"label": item} if isinstance(item, str) else item for item in listed]}
    labels = [
        TextLabel(named(item, "label", f"{name}: ", schema.text_labels, faults), score_of(item, f"{name}: ", faults))
        for name, item in items(objects, "labels", "label", faults)
    ]
    names = [label.name for label in labels]
    if repeated := sorted({name for name in names if names.count(name) > 1}):
        faults.append(f'"labels" names {", ".join(repeated)} twice; expected each label once')
    if schema.one_text_label and len(labels) != 1:
        faults.append(f'"labels" holds {len(labels)}; this schema gives each text exactly one')
    return tuple(label for label in labels if label.name in schema.text_labels)


def _is_span(item: object) -> bool:
    return isinstance(item, list) and list(map(type, item)) == [int, int, str]


def read_label_scores(record: Mapping[str, Any], schema: Schema, faults: list[str]) -> dict[str, float]:
    """The score of each label, as predictions have them."""
    listed = record.get("label_scores")
    if listed is None or not schema.text_labels:
        return {}
    if not isinstance(listed, dict):
        faults.append(f'"label_scores" is {kind(listed)}; expected an object, a number for each label')
        return {}
    return {
        name: number_between(value, f'"label_scores" {name}', faults)
        for name, value in listed.items()
        if name in schema.text_labels
    }


def read_fillers(
    record: Mapping[str, Any], text: str, schema: Schema, faults: list[str]
) -> tuple[tuple[Filler, ...], tuple[Template, ...]]:
    """The fillers of the document and the templates they are sorted into."""
    if not schema.fillers:
        return (), ()
    by_id: dict[str, Filler] = {}
    fillers: list[Filler] = []
    for name, item in items(record, "fillers", "filler", faults):
        own_id = string(item, "id", f"{name}: ", faults)
        filler = _filler(item, name, text, schema, faults)
        if own_id in by_id:
            faults.append(f"{name}: a second filler of that id; ids must differ within a document")
        if filler:
            fillers.append(filler)
            by_id[own_id] = filler
    return tuple(fillers), tuple(_templates(record, by_id, schema, faults))


def _filler(item: Mapping[str, Any], name: str, text: str, schema: Schema, faults: list[str]) -> Filler | None:
    role = named(item, "role", f"{name}: ", schema.fillers, faults)
    own_score = score_of(item, f"{name}: ", faults)
    spans = _bounds(item.get("spans"), text)
    if not spans:
        fault = f'"spans" is {shorten(repr(item.get("spans")))}'
        faults.append(f"{name}: {fault}; expected a list of [start, end) in the text, one a mention")
    return filler_of(role, spans, text, own_score) if spans and role else None


def filler_of(role: str, spans: Sequence[tuple[int, int]], text: str, own_score: float = 1.0) -> Filler:
    """A filler from the characters of its mentions; its text is that of the longest, of equals the first.

    >>> filler_of("Weapon", [(2, 10), (20, 24)], "a car bomb, another, bomb").text
    'car bomb'
    """
    mentions = tuple(Span(start, end, role, own_score) for start, end in sorted(set(spans)))
    longest = max(mentions, key=lambda span: (span.end - span.start, -span.start))
    return Filler(role, text[longest.start : longest.end], mentions)


def with_mentions(document: Document) -> Document:
    """The document with every mention of its fillers among its entities, each once: gold need not name them twice."""
    if not document.fillers:
        return document
    spans = [*(span for filler in document.fillers for span in filler.spans), *document.entities]
    once = {(span.start, span.end, span.label): span for span in spans}
    return replace(document, entities=tuple(once[place] for place in sorted(once)))


def _bounds(listed: Any, text: str) -> Spans:
    try:
        spans = tuple((start, end) for start, end in listed)
        is_whole = all(type(a) is type(b) is int and 0 <= a < b <= len(text) for a, b in spans)
    except (TypeError, ValueError):
        return ()
    return spans if is_whole else ()


def _templates(
    record: Mapping[str, Any], fillers: Mapping[str, Filler], schema: Schema, faults: list[str]
) -> Iterator[Template]:
    for name, item in items(record, "templates", "template", faults):
        kind_of = string(item, "type", f"{name}: ", faults)
        if not kind_of or not set(Template(kind_of).types) <= set(schema.template_types):
            faults.append(f"{name}: {unknown('type', kind_of, schema.template_types)}")
            continue
        own_score = score_of(item, f"{name}: ", faults)
        ids = item.get("fillers") or []
        if not isinstance(ids, list) or any(not isinstance(own_id, str) or own_id not in fillers for own_id in ids):
            faults.append(f'{name}: "fillers" is {shorten(repr(ids))}; expected a list of the ids of fillers')
        else:
            yield Template(kind_of, tuple(fillers[own_id] for own_id in ids), own_score)


def sentences_record(article: Article) -> dict[str, Any]:
    """The key under which the words of a text stand, if it comes cut into words."""
    if not article.sentences:
        return {}
    return {"sentences": [[[start, end] for start, end in sentence] for sentence in article.sentences]}


def document_level_record(document: Document) -> dict[str, Any]:
    """The keys for labels, fillers and templates, those that there are.

    Raises:
        ValueError: a template is filled by what is no filler of the document.
    """
    record: dict[str, Any] = {}
    if document.labels is not None:
        record["labels"] = [
            label.name if label.score == 1.0 else {"label": label.name, "score": label.score}
            for label in document.labels
        ]
    if document.label_scores:
        record["label_scores"] = dict(document.label_scores)
    if document.fillers:
        record["fillers"] = [
            {
                "id": f"F{number}",
                "role": filler.role,
                "text": filler.text,
                "spans": [[span.start, span.end] for span in filler.spans],
                "score": filler.score,
            }
            for number, filler in enumerate(document.fillers, start=1)
        ]
    if document.templates:
        record["templates"] = [
            {
                "type": template.type,
                "fillers": [f"F{document.fillers.index(filler) + 1}" for filler in template.fillers],
                "score": template.score,
            }
            for template in document.templates
        ]
    return record
