"""What the heads that look at a text as a whole should answer for one of its passages."""

import re
from collections.abc import Iterator, Mapping, Sequence

from tocsin.data.schema import Schema
from tocsin.data.tags import WordSpan
from tocsin.data.types import Document, Filler, Span
from tocsin.model.fillers import RoleMention, candidate_pairs, merge_features
from tocsin.model.network import IGNORE
from tocsin.model.passages import Passage
from tocsin.train.targets import Bounds, PairTargets, WholeTargets

Placed = tuple[Filler, list[tuple[WordSpan, Bounds]]]  # a filler with its mentions in words and in characters


def all_mentions(document: Document) -> Iterator[Span]:
    """Every place where the string of a filler's mention stands again.

    Role filling annotates strings, each at its first place only; a tagger that is told that the others are nothing
    learns to count occurrences.
    """
    text = document.article.text
    known = {(span.start, span.end) for filler in document.fillers for span in filler.spans}
    for filler in document.fillers:
        for string in sorted({text[span.start : span.end] for span in filler.spans}):
            for match in re.finditer(rf"(?<!\w){re.escape(string)}(?!\w)", text):
                if match.span() not in known:
                    known.add(match.span())
                    yield Span(*match.span(), filler.role)


def whole_targets(
    document: Document, passage: Passage, places: Mapping[Bounds, WordSpan], schema: Schema
) -> WholeTargets:
    """The document's labels, and as much of its fillers as was placed in this passage.

    Args:
        places: the words of each placed span, by its characters.
    """
    placed = [
        (filler, [(places[bounds], bounds) for bounds in _bounds(filler) if bounds in places])
        for filler in document.fillers
    ]
    found = [(filler, mentions) for filler, mentions in placed if mentions]
    has_type = {template.type for template in document.templates}
    return WholeTargets(
        labels=_labels(document, schema),
        merges=_merges(document, found, schema),
        mentions=[[(place.start, place.end) for place, _ in mentions] for _, mentions in found],
        types=[[float(name in _types(document, filler)) for name in schema.template_types] for filler, _ in found],
        all_types=[float(name in has_type) for name in schema.template_types],
    )


def _labels(document: Document, schema: Schema) -> list[float]:
    if document.labels is None:
        return [float(IGNORE)] * len(schema.text_labels)
    chosen = {label.name for label in document.labels}
    return [float(name in chosen) for name in schema.text_labels]


def _merges(document: Document, fillers: Sequence[Placed], schema: Schema) -> PairTargets:
    """Mentions of one role whose strings differ, each pair with whether one filler has both."""
    owned = sorted(
        (
            (RoleMention(filler.role, document.article.text[slice(*bounds)], place.start, place.end), number)
            for number, (filler, mentions) in enumerate(fillers)
            for place, bounds in mentions
        ),
        key=lambda entry: (entry[0].start, entry[0].end, entry[1]),
    )
    mentions = [mention for mention, _ in owned]
    pairs = candidate_pairs(mentions)
    return PairTargets(
        left=[(mentions[a].start, mentions[a].end) for a, _ in pairs],
        right=[(mentions[b].start, mentions[b].end) for _, b in pairs],
        features=[merge_features(mentions[a], mentions[b], schema) for a, b in pairs],
        answers=[[float(owned[a][1] == owned[b][1])] for a, b in pairs],
    )


def _types(document: Document, filler: Filler) -> set[str]:
    return {template.type for template in document.templates if filler in template.fillers}


def _bounds(filler: Filler) -> list[Bounds]:
    return [(span.start, span.end) for span in filler.spans]
