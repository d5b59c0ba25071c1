"""How role fillers and templates compare, gold and predicted.

Fillers are scored by CEAF-REE (Du, Rush and Cardie, "GRIT: Generative role-filler transformers for document-level event
entity extraction", EACL 2021): role by role, predicted fillers are aligned one to one with gold ones, and an aligned
one is right if its mentions are a subset of gold's. Templates are scored after the same authors ("Template filling with
generative transformers", NAACL 2021, GTT), with an exact assignment (Kuhn 1955) in the place of a search through
all alignments. Mentions are compared as strings, wherever they stand: see `normalised`.
"""

import re
import string
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from tocsin.data.schema import Schema
from tocsin.data.types import Article, Document, Filler, Template
from tocsin.train.alignment import assign
from tocsin.train.counts import Counts, Tally
from tocsin.train.measures import plain_labels

TYPE = "type"  # the slot of a template's type, beside those of the roles
EITHER = " / "  # between types of which any will do: "bombing / attack", as MUC-4 has it where annotators differed

Mentions = frozenset[str]  # of one filler, normalised; never empty
_ARTICLE = re.compile(r"\b(a|an|the)\b")
_WITHOUT_PUNCTUATION = str.maketrans("", "", string.punctuation)


@dataclass(frozen=True, slots=True)
class Slots:
    """A template in a form that can be compared."""

    type: str
    fillers: Mapping[str, tuple[Mentions, ...]]  # by role

    @property
    def size(self) -> int:
        """How many slots are filled, that of the type included."""
        return 1 + sum(map(len, self.fillers.values()))


def normalised(mention: str) -> str:
    """What two mentions that are the same have in common.

    As GRIT's `normalize_string` does, which is that of SQuAD's scorer: lower case; ASCII punctuation taken out, with
    nothing in its place; a, an, the taken out; white space collapsed. A mention of nothing else is empty, and the same
    as any other such.

    >>> normalised('The "car-bomb"')
    'carbomb'
    """
    return " ".join(_ARTICLE.sub(" ", mention.lower().translate(_WITHOUT_PUNCTUATION)).split())


def mentions(filler: Filler, article: Article) -> Mentions:
    """The strings of a filler's mentions; its text, if it comes without spans."""
    return frozenset(normalised(span.text(article)) for span in filler.spans) or frozenset({normalised(filler.text)})


def count_fillers(gold: Document, predicted: Document, roles: Sequence[str]) -> Tally:
    """By role, how many predicted fillers are right, how many there are, and how many gold has.

    Of two predicted fillers with the mentions of one gold filler, one is right. One that mixes mentions of two gold
    fillers is wrong. Nothing predicted and nothing gold counts nothing, so that its F1 is nan, not 1.
    """
    sides = [_by_role(document.fillers, document.article, roles) for document in (gold, predicted)]
    return _count(*sides)


def count_templates(gold: Document, predicted: Document, schema: Schema) -> Tally:
    """By slot, `TYPE` and every role, what of the templates is right under the best alignment.

    Templates are aligned one to one, and only with those of their type, so that the most slots are right in all:
    the type, and the fillers as `count_fillers` counts them. Of a gold type that names several (`EITHER`) each will do.
    What stands in a template without a partner is wrong, or missed. Where several alignments are best, which slots are
    right may differ; how many are does not.
    """
    sides = [slots(document, schema) for document in (gold, predicted)]
    right = [_right(sides[0][row], sides[1][column]) for row, column in align(*sides)]
    n_right = sum(right, Counter[str]())
    n_predicted, n_gold = _sizes(sides[1]), _sizes(sides[0])
    return {slot: Counts(n_right[slot], n_predicted[slot], n_gold[slot]) for slot in (TYPE, *schema.fillers)}


def slots(document: Document, schema: Schema) -> list[Slots]:
    """The templates of a document, in their order."""
    return [_slots(template, document.article, schema) for template in document.templates]


def align(gold: Sequence[Slots], predicted: Sequence[Slots]) -> list[tuple[int, int]]:
    """Pairs of indices (gold, predicted) of templates of one type, by which the most slots are right."""
    n_right = [[_right(one, other).total() for other in predicted] for one in gold]
    return [(row, column) for row, column in assign(n_right) if n_right[row][column]]


def align_fillers(gold: Sequence[Mentions], predicted: Sequence[Mentions]) -> list[tuple[int, int]]:
    """Pairs of indices (gold, predicted) of fillers that are right, as many as can be."""
    is_right = [[int(other <= one) for other in predicted] for one in gold]
    return [(row, column) for row, column in assign(is_right) if is_right[row][column]]


def without_mentions(document: Document, schema: Schema) -> Document:
    """The document without the entities that are mentions of its fillers: they are scored with these only."""
    if not schema.fillers:
        return document
    kept = set(plain_labels(schema))
    return replace(document, entities=tuple(span for span in document.entities if span.label in kept))


def _by_role(fillers: Sequence[Filler], article: Article, roles: Sequence[str]) -> dict[str, tuple[Mentions, ...]]:
    return {role: tuple(mentions(filler, article) for filler in fillers if filler.role == role) for role in roles}


def _count(gold: Mapping[str, Sequence[Mentions]], predicted: Mapping[str, Sequence[Mentions]]) -> Tally:
    return {
        role: Counts(len(align_fillers(gold[role], predicted[role])), len(predicted[role]), len(gold[role]))
        for role in gold
    }


def _slots(template: Template, article: Article, schema: Schema) -> Slots:
    return Slots(template.type, _by_role(template.fillers, article, schema.fillers))


def _right(gold: Slots, predicted: Slots) -> Counter[str]:
    """By slot, what of two templates is right; nothing at all if they are of two types."""
    if predicted.type not in (gold.type, *gold.type.split(EITHER)):
        return Counter()
    fillers = {role: counts.n_matched for role, counts in _count(gold.fillers, predicted.fillers).items()}
    return Counter({TYPE: 1}) + Counter(fillers)


def _sizes(templates: Sequence[Slots]) -> Counter[str]:
    """How many there are of each slot."""
    sizes = Counter({TYPE: len(templates)})
    for template in templates:
        sizes.update({role: len(fillers) for role, fillers in template.fillers.items()})
    return sizes
