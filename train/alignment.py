"""Which predicted span or incident is which gold one of an article, and what of them matches.

Spans that need not be exact are paired by overlap, as many as can be. A slot of an incident is a role or an
attribute of the schema. A role of text holds any number of fillers, a date or an attribute at most one. Incidents
are paired one to one so that the most slot fillers match, as MUC-4 aligned its templates (Chinchor 1992), here by
exact assignment (Kuhn 1955). Where several pairings match equally many fillers, which slots they match may differ;
how many they match does not.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from scipy.optimize import linear_sum_assignment

from tocsin.data.errors import DataError
from tocsin.data.incidents import is_countable, normalise
from tocsin.data.schema import Schema
from tocsin.data.types import Article, Document, Filler, Incident, Span
from tocsin.train.counts import Counts, Tally

GUIDELINE_SLOTS = ("attacker", "target", "weapon", "place", "date", "status")


@dataclass(frozen=True, slots=True)
class SlotFiller:
    """What fills a slot, in a form that can be compared."""

    text: str  # normalised
    surfaces: frozenset[str]  # normalised; of every mention, and `text`

    @classmethod
    def from_filler(cls, filler: Filler, article: Article) -> "SlotFiller":
        text = _comparable(filler.text)
        return cls(text, frozenset({text, *(_comparable(span.text(article)) for span in filler.spans)}))

    @classmethod
    def from_value(cls, value: object) -> "SlotFiller":
        """A date or an attribute value, which matches its equal only."""
        return cls(str(value), frozenset({str(value)}))

    def matches(self, other: "SlotFiller") -> bool:
        """Whether one's text is a mention of the other."""
        return self.text in other.surfaces or other.text in self.surfaces


SlotFillers = Mapping[str, tuple[SlotFiller, ...]]  # by slot


def known_slots(slots: Sequence[str], schema: Schema) -> tuple[str, ...]:
    """The slots the schema has, in the order given.

    A schema may lack some of the guidelines' own; there is nothing to fill then.

    Raises:
        DataError: a slot is neither a role nor an attribute of the schema, nor one of the guidelines'.
    """
    known = [role.name for role in schema.roles] + [attribute.name for attribute in schema.attributes]
    unknown = [slot for slot in slots if slot not in known and slot not in GUIDELINE_SLOTS]
    if unknown:
        raise DataError(
            f"slots: no role or attribute of the schema is called {', '.join(unknown)}; "
            f"name some of: {', '.join(known) or '(the schema has none)'}"
        )
    return tuple(slot for slot in slots if slot in known)


def count_overlaps(gold: Sequence[Span], predicted: Sequence[Span]) -> Tally:
    """By label, how many spans can be matched one to one at most if sharing a character is enough."""
    gold_by_label, predicted_by_label = _by_label(gold), _by_label(predicted)
    return {
        label: Counts(
            n_overlapping(gold_by_label[label], predicted_by_label[label]),
            len(predicted_by_label[label]),
            len(gold_by_label[label]),
        )
        for label in {**predicted_by_label, **gold_by_label}
    }


def n_overlapping(gold: Iterable[Span], predicted: Iterable[Span]) -> int:
    """The size of a maximum matching of two lists of spans, whatever their labels, by their overlaps.

    Greedy: of all spans left, the one that ends first takes, of those of the other side that overlap it, the one
    that ends first, or none. All that overlap it reach over its end, and so does every later span of its own side;
    hence whatever could pair with the one it takes could as well pair with any other it might have taken, and no
    choice costs a pair.
    """
    n_matched = 0
    one, other = (sorted(spans, key=lambda span: span.end) for spans in (gold, predicted))
    while one and other:
        if other[0].end < one[0].end:
            one, other = other, one
        first = one.pop(0)
        partner = next((index for index, span in enumerate(other) if span.start < first.end), None)
        if partner is not None:
            del other[partner]
            n_matched += 1
    return n_matched


def count_slots(gold: Document, predicted: Document, schema: Schema, slots: Sequence[str]) -> Tally:
    """Matching fillers of the countable incidents, by slot; what an incident without a partner has is not matched.

    Nothing is counted where one side does not say what belongs together (`tell_incidents`), and of attributes that no
    gold incident has.
    """
    if not tell_incidents(gold, predicted):
        return dict.fromkeys(slots, Counts())
    told = [slot for slot in slots if _is_told(slot, gold, schema)]
    gold_incidents = _countable(gold, schema, told)
    predicted_incidents = _countable(predicted, schema, told)
    n_matched: Counter[str] = Counter()
    for row, column in align(gold_incidents, predicted_incidents):
        n_matched.update(n_matching(gold_incidents[row], predicted_incidents[column]))
    return {
        slot: Counts(n_matched[slot], _n_fillers(predicted_incidents, slot), _n_fillers(gold_incidents, slot))
        for slot in slots
    }


def tell_incidents(*documents: Document) -> bool:
    """Whether each says which of its events are one: in files of most tools no event is of an incident."""
    return all(not each.events or any(event.incident for event in each.events) for each in documents)


def _is_told(slot: str, gold: Document, schema: Schema) -> bool:
    is_attribute = any(slot == attribute.name for attribute in schema.attributes)
    return not (is_attribute and gold.incidents) or any(slot in incident.attributes for incident in gold.incidents)


def slot_fillers(incident: Incident, article: Article, schema: Schema, slots: Sequence[str]) -> SlotFillers:
    """What fills each slot of an incident, in a form that can be compared."""
    kinds = {role.name: role.kind for role in schema.roles}
    return {slot: _fillers(incident, article, slot, kinds.get(slot)) for slot in slots}


def align(gold: Sequence[SlotFillers], predicted: Sequence[SlotFillers]) -> list[tuple[int, int]]:
    """Pairs of indices (gold, predicted) that have the most matching fillers in all; the longer side keeps a rest."""
    return assign([[sum(n_matching(one, other).values()) for other in predicted] for one in gold])


def n_matching(gold: SlotFillers, predicted: SlotFillers) -> dict[str, int]:
    """By slot, how many fillers at most can be matched one to one."""
    return {slot: _n_matching_fillers(gold[slot], predicted[slot]) for slot in gold}


def assign(weights: Sequence[Sequence[int]]) -> list[tuple[int, int]]:
    """One-to-one pairs (row, column), as many as the shorter side has, whose weights sum to the most.

    >>> assign([[3, 2], [2, 0]])
    [(0, 1), (1, 0)]
    """
    if not weights or not weights[0]:
        return []
    rows, columns = linear_sum_assignment(weights, maximize=True)
    return list(zip(rows.tolist(), columns.tolist(), strict=True))


def _by_label(spans: Iterable[Span]) -> defaultdict[str, list[Span]]:
    grouped: defaultdict[str, list[Span]] = defaultdict(list)
    for span in spans:
        grouped[span.label].append(span)
    return grouped


def _n_matching_fillers(gold: Sequence[SlotFiller], predicted: Sequence[SlotFiller]) -> int:
    matches = [[int(one.matches(other)) for other in predicted] for one in gold]
    return sum(matches[row][column] for row, column in assign(matches))


def _n_fillers(incidents: Sequence[SlotFillers], slot: str) -> int:
    return sum(len(incident.get(slot, ())) for incident in incidents)


def _countable(document: Document, schema: Schema, slots: Sequence[str]) -> list[SlotFillers]:
    return [
        slot_fillers(incident, document.article, schema, slots)
        for incident in document.incidents
        if is_countable(incident, schema)
    ]


def _fillers(incident: Incident, article: Article, slot: str, kind: str | None) -> tuple[SlotFiller, ...]:
    """Kind is the role's, None for an attribute; a date that was not resolved fills nothing."""
    if kind == "text":
        return tuple(SlotFiller.from_filler(filler, article) for filler in incident.fillers if filler.role == slot)
    value = incident.date if kind == "date" else incident.attributes.get(slot)
    return () if value is None else (SlotFiller.from_value(value),)


def _comparable(surface: str) -> str:
    # A surface of nothing but punctuation and articles stays itself, or all such would match.
    return normalise(surface) or surface
