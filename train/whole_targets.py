"""What the heads that look at a text as a whole should answer for one of its passages."""

import re
from collections.abc import Iterable, Mapping, Sequence

from tocsin.data.schema import Schema
from tocsin.data.tags import WordSpan
from tocsin.data.types import Document, Filler, Span
from tocsin.model.fillers import RoleMention, candidate_pairs, merge_features
from tocsin.model.network import IGNORE
from tocsin.train.targets import Bounds, PairTargets, WholeTargets

Place = tuple[int, int, str]  # start, end and label of a span
Placed = tuple[Filler, list[tuple[WordSpan, Bounds]]]  # a filler with its mentions in words and in characters


def recurrences(document: Document) -> list[list[Span]]:
    """For each filler, every place where the string of one of its mentions stands again.

    Role filling annotates strings, each at its first place only; a tagger that is told that the others are nothing
    learns to count occurrences. A place that several fillers of a role could have is the first one's.
    """
    text = document.article.text
    known = {(*bounds, filler.role) for filler in document.fillers for bounds in _bounds(filler)}
    found: list[list[Span]] = []
    for filler in document.fillers:
        again = []
        for string in sorted({text[slice(*bounds)] for bounds in _bounds(filler)}):
            found_at = re.finditer(rf"(?<!\w){re.escape(string)}(?!\w)", text)
            places = [(*match.span(), filler.role) for match in found_at]
            again += [Span(*place) for place in places if place not in known]
            known.update(places)
        found.append(again)
    return found


def whole_targets(
    document: Document, again: Sequence[Sequence[Span]], places: Mapping[Place, WordSpan], schema: Schema
) -> WholeTargets:
    """The document's labels, and as much of its fillers as was placed in this passage.

    Args:
        again: the document's `recurrences`.
        places: the words of each placed span.
    """
    placed = [
        (filler, _placed(filler.role, _bounds(filler), places), _placed(filler.role, map(bounds_of, spans), places))
        for filler, spans in zip(document.fillers, again, strict=True)
    ]
    found = [(filler, mentions) for filler, mentions, _ in placed if mentions]
    has_type = {name for template in document.templates for name in template.types}
    return WholeTargets(
        labels=_labels(document, schema),
        merges=_merges(document, found, schema),
        mentions=[[(place.start, place.end) for place, _ in (*own, *rest)] for _, own, rest in placed if own],
        types=[[float(name in _types(document, filler)) for name in schema.template_types] for filler, _ in found],
        all_types=[float(name in has_type) for name in schema.template_types],
    )


def _placed(role: str, spans: Iterable[Bounds], places: Mapping[Place, WordSpan]) -> list[tuple[WordSpan, Bounds]]:
    return [(places[*bounds, role], bounds) for bounds in spans if (*bounds, role) in places]


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
    return {name for template in document.templates if filler in template.fillers for name in template.types}


def _bounds(filler: Filler) -> list[Bounds]:
    return [bounds_of(span) for span in filler.spans]


def bounds_of(span: Span) -> Bounds:
    """Its characters."""
    return span.start, span.end
