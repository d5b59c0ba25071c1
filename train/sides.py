"""The two sides of a comparison: whether gold and predicted documents can be compared, and which belong together."""

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from itertools import takewhile

from tocsin.data.errors import DataError, Problem
from tocsin.data.listing import first_of
from tocsin.data.schema import Schema
from tocsin.data.types import Document

N_NAMED = 5  # ids an error lists before it says "and 12 more"
N_SHOWN = 20  # characters an error shows of a text


def pair_documents(
    gold: Sequence[Document], predicted: Sequence[Document], schema: Schema, *, name: str = "predicted"
) -> list[tuple[Document, Document]]:
    """Gold and predicted documents of the same article, in the order of gold.

    Args:
        name: what messages call the predicted side.

    Raises:
        DataError: no gold; an id that is repeated or has no counterpart; two texts under one id; a name that the
            schema does not have.
    """
    problems = _mismatches(gold, predicted, name)
    problems += [*_unknown_names("gold", gold, schema), *_unknown_names(name, predicted, schema)]
    if problems:
        raise DataError.from_problems(problems)
    predicted_by_id = {document.article.id: document for document in predicted}
    return [(document, predicted_by_id[document.article.id]) for document in gold]


def _mismatches(gold: Sequence[Document], predicted: Sequence[Document], name: str) -> list[Problem]:
    if not gold:
        return [Problem("gold", "no documents; expected at least one to compare the predictions with")]
    texts = {document.article.id: document.article.text for document in gold}
    predicted_texts = {document.article.id: document.article.text for document in predicted}
    complaints = [
        ("gold", "more than one document with id {}; give each article once", _repeated(gold)),
        (name, "more than one document with id {}; give each article once", _repeated(predicted)),
        (name, "no document for {}; predict every article of gold", _left_out(texts, predicted_texts)),
        ("gold", "no document for {}; predict only articles of gold", _left_out(predicted_texts, texts)),
    ]
    absent = [Problem(side, complaint.format(first_of(ids, N_NAMED))) for side, complaint, ids in complaints if ids]
    return absent + _text_differences(texts, predicted_texts, name)


def _repeated(documents: Sequence[Document]) -> list[str]:
    return [article for article, n in Counter(document.article.id for document in documents).items() if n > 1]


def _left_out(expected: Iterable[str], found: Container[str]) -> list[str]:
    return [article for article in expected if article not in found]


def _text_differences(texts: Mapping[str, str], predicted_texts: Mapping[str, str], name: str) -> list[Problem]:
    differing = [article for article, text in texts.items() if predicted_texts.get(article, text) != text]
    if not differing:
        return []
    first, other = texts[differing[0]], predicted_texts[differing[0]]
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(first, other, strict=False)))
    message = (
        f"another text than gold's under {first_of(differing, N_NAMED)}; the first differ from character {same} on: "
        f"{other[same : same + N_SHOWN]!r}, expected {first[same : same + N_SHOWN]!r}; "
        "predict on the very text that was annotated"
    )
    return [Problem(name, message)]


def _unknown_names(side: str, documents: Sequence[Document], schema: Schema) -> Iterator[Problem]:
    """Names no table of the schema has a line for: counted or left out, they would make a score of something else."""
    known = {
        "entity label": schema.entity_labels,
        "event type": schema.event_types,
        "role": tuple(role.name for role in schema.roles),
        "text label": schema.text_labels,
        "filler": schema.fillers,
        "template type": schema.template_types,
    }
    first_in: dict[tuple[str, str], str] = {}
    for document in documents:
        for kind, name in _names(document):
            if name not in known[kind]:
                first_in.setdefault((kind, name), document.article.id)
    for (kind, name), article in first_in.items():
        yield Problem(
            side,
            f"{kind} {name!r} is not in the schema, first in document {article}; expected one of: "
            f"{', '.join(known[kind]) or '(the schema has none)'}; correct the name, or give the schema it is of",
        )


def _names(document: Document) -> Iterator[tuple[str, str]]:
    """What a document uses of a schema, by kind; its incidents' roles too, which may not come from its events."""
    for span in document.entities:
        yield "entity label", span.label
    for event in document.events:
        yield "event type", event.type
        for argument in event.arguments:
            yield "role", argument.role
    for incident in document.incidents:
        for filler in incident.fillers:
            yield "role", filler.role
    yield from (("text label", label.name) for label in document.labels or ())
    for filler in (*document.fillers, *(filler for template in document.templates for filler in template.fillers)):
        yield "filler", filler.role
    yield from (("template type", name) for template in document.templates for name in template.types)
