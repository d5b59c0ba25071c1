"""Documents as spaCy's, packed into a DocBin.

A text without words of its own is cut by `tocsin.data.words`. White space beyond the one blank behind a word becomes a
token, as spaCy has it, so that doc.text is the text. Spans are widened to whole tokens; of those that overlap the
outermost are doc.ents, the others the group "sc" of doc.spans, which is the one spaCy's span categoriser reads.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from typing import Any

from tocsin.data.formats.conversion import Tally
from tocsin.data.formats.fitting import METADATA, REPEATED, count, count_unheld
from tocsin.data.formats.regions import count_triggers, metadata_of
from tocsin.data.schema import Schema
from tocsin.data.types import Article, Document, Span
from tocsin.data.words import words

GROUP = "sc"
_Tokens = Sequence[tuple[int, int]]  # characters [start, end) of each
_Place = tuple[int, int, str]  # tokens [first, end) and a label


def packed(documents: Iterable[Document], schema: Schema | None, lost: Tally) -> bytes:
    """A DocBin of all documents, as bytes."""
    import spacy
    from spacy.tokens import DocBin

    vocabulary = spacy.blank("xx").vocab
    docbin = DocBin(store_user_data=True)
    for document in documents:
        count_unheld(document, ("entities", "triggers", "labels"), METADATA, lost)
        docbin.add(_doc(document, vocabulary, schema, lost))
    content: bytes = docbin.to_bytes()
    return content


def _doc(document: Document, vocabulary: Any, schema: Schema | None, lost: Tally) -> Any:
    from spacy.tokens import Doc
    from spacy.tokens import Span as DocSpan

    article = document.article
    tokens, spaces = _tokens(article)
    surfaces = [article.text[start:end] for start, end in tokens]
    doc = Doc(vocabulary, words=surfaces, spaces=spaces, sent_starts=_sentence_starts(article, tokens))
    entities = _placed(document.entities, tokens, lost)
    triggers = _placed((event.trigger for event in document.events), tokens, lost)
    spans = {*entities, *triggers}
    count(lost, REPEATED, len(entities) + len(triggers) - len(spans))
    count_triggers(len(spans) - len({*entities}), schema, lost)
    apart, overlapping = _sorted_out(spans)
    count(lost, f'spans that overlap others: in doc.spans["{GROUP}"], not in doc.ents', len(overlapping))
    if document.entities or document.events or schema is None or schema.span_labels:
        doc.ents = [DocSpan(doc, first, end, label=label) for first, end, label in apart]
    if overlapping:
        doc.spans[GROUP] = [DocSpan(doc, first, end, label=label) for first, end, label in overlapping]
    doc.cats = _cats(document, schema, lost)
    doc.user_data.update({"id": article.id} | metadata_of(article))
    return doc


def _tokens(article: Article) -> tuple[list[tuple[int, int]], list[bool]]:
    """Tokens that together with one blank behind some of them are the whole text, and which those are."""
    text = article.text
    given = [place for sentence in article.sentences for place in sentence] or words(text)
    tokens: list[tuple[int, int]] = []
    spaces: list[bool] = []
    position = 0
    for start, end in (*given, (len(text), len(text))):
        if tokens and text[position:start].startswith(" "):
            spaces[-1] = True
            position += 1
        for piece in ((position, start), (start, end)):
            if piece[0] < piece[1]:
                tokens.append(piece)
                spaces.append(False)
        position = end
    return tokens, spaces


def _sentence_starts(article: Article, tokens: _Tokens) -> list[bool] | None:
    """Whether each token starts a sentence; None if the text does not come cut."""
    starts = {sentence[0][0] for sentence in article.sentences if sentence}
    return [start in starts for start, _ in tokens] if starts else None


def _placed(spans: Iterable[Span], tokens: _Tokens, lost: Tally) -> list[_Place]:
    """Spans as tokens [first, end), widened to whole ones; those that hold none are left out."""
    starts, ends = [start for start, _ in tokens], [end for _, end in tokens]
    placed: list[_Place] = []
    for span in spans:
        first, end = bisect_right(ends, span.start), bisect_left(starts, span.end)
        if first >= end:
            count(lost, "spans of nothing but a blank, which is no token")
            continue
        count(
            lost,
            "spans with an edge inside a token, moved to its edge",
            (span.start, span.end) != (starts[first], ends[end - 1]),
        )
        placed.append((first, end, span.label))
    return placed


def _sorted_out(
    placed: Iterable[_Place],
) -> tuple[list[_Place], list[_Place]]:
    """Spans of which none overlaps another, and the rest."""
    apart: list[_Place] = []
    overlapping: list[_Place] = []
    for span in sorted(placed, key=lambda span: (span[0], -span[1], span[2])):
        (overlapping if apart and span[0] < apart[-1][1] else apart).append(span)
    return apart, overlapping


def _cats(document: Document, schema: Schema | None, lost: Tally) -> dict[str, float]:
    """1 for each label of the text, 0 for the schema's others: spaCy learns from both."""
    if document.labels is None:
        return {}
    cats = dict.fromkeys(schema.text_labels if schema else (), 0.0) | {label.name: 1.0 for label in document.labels}
    count(lost, "texts labelled with none of the labels: without a schema, the same as not labelled", not cats)
    return cats
