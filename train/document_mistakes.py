"""What a prediction gets wrong of a document as a whole: labels of the text, role fillers, templates.

A label stands in no place of the text, so the text is the place of its mistake. A filler is where its mentions are.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from tocsin.data.schema import Schema
from tocsin.data.types import Document, Filler, Span
from tocsin.train.alignment import assign
from tocsin.train.excerpts import Excerpts
from tocsin.train.filler_scores import Mentions, align, align_fillers, mentions, slots
from tocsin.train.mistake import Kind, Mistake, mistake_at
from tocsin.train.scores import Layer

N_NAMED = 4  # mentions or fillers that a mistake names before it says "2 more"

_Known = tuple[Filler, Mentions]


def document_cost(schema: Schema) -> list[str]:
    """What the costs of these mistakes are, for people."""
    texts = {
        "Label of a text: 1 for each side that has one the other lacks.": bool(schema.text_labels),
        "Filler: 1 for each side that stands without its equal.": bool(schema.fillers),
        "Template without a partner of its type: 1, and 1 for each of its fillers; "
        "in a template that has one: 1 for each filler that is missed or spurious.": bool(schema.template_types),
    }
    return [text for text, applies in texts.items() if applies]


def document_kinds(schema: Schema) -> Iterator[Kind]:
    """Every kind that the schema allows."""
    if schema.one_text_label and schema.text_labels:
        yield Kind("wrong text label", "labels", "the text has another label, or none was predicted")
    elif schema.text_labels:
        yield Kind("missed text label", "labels", "gold has the label, it was not predicted")
        yield Kind("spurious text label", "labels", "the label was predicted, gold lacks it")
    if schema.fillers:
        yield Kind(
            "missed filler", "fillers", "annotated; no predicted filler of its role that is left shares a mention"
        )
        yield Kind("spurious filler", "fillers", "predicted; no gold filler of its role that is left shares a mention")
        yield Kind("mixed filler", "fillers", "has a mention of gold's filler and another that gold's lacks")
    if schema.template_types:
        yield Kind("missed template", "templates", "no predicted template of its type is left to pair it with")
        yield Kind("spurious template", "templates", "no gold template of its type is left to pair it with")
        yield Kind("missed in template", "templates", "the template was found, one of its fillers was not put into it")
        yield Kind("spurious in template", "templates", "the template was found, gold's lacks one of its fillers")


def document_mistakes(excerpts: Excerpts, gold: Document, predicted: Document, schema: Schema) -> Iterator[Mistake]:
    """Everything wrong with labels, fillers and templates; nothing of labels that are not annotated in gold."""
    if gold.labels is not None:
        yield from _label_mistakes(excerpts, gold, predicted, schema)
    for role in schema.fillers:
        yield from _filler_mistakes(excerpts, _known(gold, role), _known(predicted, role))
    if schema.template_types:
        yield from _template_mistakes(excerpts, gold, predicted, schema)


def _label_mistakes(excerpts: Excerpts, gold: Document, predicted: Document, schema: Schema) -> Iterator[Mistake]:
    expected, found = ({label.name for label in document.labels or ()} for document in (gold, predicted))
    if schema.one_text_label:
        if expected != found:
            one, other = (", ".join(sorted(side)) for side in (expected, found))
            detail = f"gold {one or 'none'}, predicted {other or 'none'}"
            yield _label_mistake(excerpts, "wrong text label", one, other, detail, cost=bool(one) + bool(other))
        return
    for name in schema.text_labels:
        if name in expected - found:
            yield _label_mistake(excerpts, "missed text label", name, "", name, cost=1)
        elif name in found - expected:
            yield _label_mistake(excerpts, "spurious text label", "", name, name, cost=1)


def _label_mistake(excerpts: Excerpts, kind: str, gold: str, predicted: str, detail: str, *, cost: int) -> Mistake:
    return mistake_at(
        excerpts,
        [],
        kind=kind,
        layer="labels",
        label=gold or predicted,
        gold=gold,
        predicted=predicted,
        cost=cost,
        detail=detail,
    )


def _filler_mistakes(excerpts: Excerpts, gold: Sequence[_Known], predicted: Sequence[_Known]) -> Iterator[Mistake]:
    """Of one role: what is right is put aside, then what shares a mention is paired, the most mentions first."""
    missed, spurious = _unaligned(gold, predicted)
    shared = [[len(one[1] & other[1]) for other in spurious] for one in missed]
    mixed = [(row, column) for row, column in assign(shared) if shared[row][column]]
    for row, column in mixed:
        one, other = missed[row][0], spurious[column][0]
        yield _filler_mistake(excerpts, "mixed filler", "fillers", one, other)
    rows, columns = ({pair[side] for pair in mixed} for side in (0, 1))
    for number, (filler, _) in enumerate(missed):
        if number not in rows:
            yield _filler_mistake(excerpts, "missed filler", "fillers", filler, None)
    for number, (filler, _) in enumerate(spurious):
        if number not in columns:
            yield _filler_mistake(excerpts, "spurious filler", "fillers", None, filler)


def _template_mistakes(excerpts: Excerpts, gold: Document, predicted: Document, schema: Schema) -> Iterator[Mistake]:
    pairs = align(slots(gold, schema), slots(predicted, schema))
    for side, document, other in ((0, gold, predicted), (1, predicted, gold)):
        paired = {pair[side]: pair[1 - side] for pair in pairs}
        for number, template in enumerate(document.templates):
            if number not in paired:
                yield _lone_template(excerpts, template.type, template.fillers, is_gold=side == 0)
                continue
            partner = other.templates[paired[number]]
            for role in schema.fillers:
                own, others = _of(template.fillers, document, role), _of(partner.fillers, other, role)
                lone = _unaligned(own, others)[0] if side == 0 else _unaligned(others, own)[1]
                for filler, _ in lone:
                    sides = (filler, None) if side == 0 else (None, filler)
                    kind = "missed in template" if side == 0 else "spurious in template"
                    yield _filler_mistake(excerpts, kind, "templates", *sides, of=template.type)


def _lone_template(excerpts: Excerpts, type_: str, fillers: Sequence[Filler], *, is_gold: bool) -> Mistake:
    told = "; ".join([type_, *_abridged([f"{filler.role}: {filler.text}" for filler in fillers])])
    return mistake_at(
        excerpts,
        [span for filler in fillers for span in filler.spans[:1]],
        kind="missed template" if is_gold else "spurious template",
        layer="templates",
        label=type_,
        gold=told if is_gold else "",
        predicted="" if is_gold else told,
        cost=1 + len(fillers),
        detail=type_,
    )


def _filler_mistake(
    excerpts: Excerpts, kind: str, layer: Layer, one: Filler | None, other: Filler | None, *, of: str = ""
) -> Mistake:
    """Shown where the first mention of each is: those of a whole article would be a sentence too long."""
    fillers = [filler for filler in (one, other) if filler]
    role = fillers[0].role
    first: list[Span] = [span for filler in fillers[:1] for span in filler.spans[:1]]
    return mistake_at(
        excerpts,
        first,
        kind=kind,
        layer=layer,
        label=role,
        gold=_told(one, excerpts),
        predicted=_told(other, excerpts),
        cost=len(fillers),
        detail=f"{role} of {of}" if of else role,
    )


def _told(filler: Filler | None, excerpts: Excerpts) -> str:
    """Its mentions, each surface once, the most frequent first."""
    if filler is None:
        return ""
    surfaces = Counter(span.text(excerpts.article) for span in filler.spans)
    return " | ".join(_abridged([surface for surface, _ in surfaces.most_common()] or [filler.text]))


def _abridged(names: list[str]) -> list[str]:
    rest = len(names) - N_NAMED
    return names if rest <= 0 else [*names[:N_NAMED], f"{rest} more"]


def _known(document: Document, role: str) -> list[_Known]:
    return _of(document.fillers, document, role)


def _of(fillers: Sequence[Filler], document: Document, role: str) -> list[_Known]:
    return [(filler, mentions(filler, document.article)) for filler in fillers if filler.role == role]


def _unaligned(gold: Sequence[_Known], predicted: Sequence[_Known]) -> tuple[list[_Known], list[_Known]]:
    """What is left on either side when those that are right are put aside."""
    pairs = align_fillers([known[1] for known in gold], [known[1] for known in predicted])
    rows, columns = ({pair[side] for pair in pairs} for side in (0, 1))
    return (
        [known for number, known in enumerate(gold) if number not in rows],
        [known for number, known in enumerate(predicted) if number not in columns],
    )
