"""Incidents whose mentions were grouped otherwise: one split into several, or several merged into one.

Only mentions whose triggers match exactly are compared; what else an incident holds is no matter of grouping.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tocsin.data.incidents import is_countable
from tocsin.data.schema import Schema
from tocsin.data.types import Article, Document, Incident, Span
from tocsin.train.alignment import GUIDELINE_SLOTS, known_slots, slot_fillers, tell_incidents
from tocsin.train.pairing import SpanKey, span_key


@dataclass(frozen=True, slots=True)
class Regrouping:
    """An incident of one side whose mentions lie in several incidents of the other."""

    groups: tuple[tuple[Span, ...], ...]  # two or more; triggers in text order, groups by their first
    cost: int  # slot fillers of the several, without the largest; at least 1

    @property
    def triggers(self) -> list[Span]:
        """All of them, in text order."""
        return sorted((trigger for group in self.groups for trigger in group), key=span_key)

    @property
    def turn(self) -> Span:
        """The first trigger that is not in the incident of the very first: where the grouping goes wrong."""
        return self.groups[1][0]


def split(gold: Document, predicted: Document, schema: Schema) -> list[Regrouping]:
    """Gold incidents that are spread over several predicted ones; none where one side does not tell incidents."""
    if not tell_incidents(gold, predicted):
        return []
    return list(_regrouped(gold.incidents, predicted.incidents, gold.article, schema))


def merged(gold: Document, predicted: Document, schema: Schema) -> list[Regrouping]:
    """Predicted incidents that hold mentions of several gold ones: the other way round."""
    return split(predicted, gold, schema)


def _regrouped(
    wholes: Sequence[Incident], parts: Sequence[Incident], article: Article, schema: Schema
) -> Iterator[Regrouping]:
    slots = known_slots(GUIDELINE_SLOTS, schema)
    homes = {span_key(mention.trigger): index for index, part in enumerate(parts) for mention in part.mentions}
    for whole in wholes:
        groups = _by_home(whole, homes)
        if len(groups) > 1:
            sizes = [_n_fillers(parts[index], article, schema, slots) for index in groups]
            yield Regrouping(tuple(map(tuple, groups.values())), max(1, sum(sizes) - max(sizes)))


def _by_home(incident: Incident, homes: Mapping[SpanKey, int]) -> dict[int, list[Span]]:
    groups: dict[int, list[Span]] = {}
    for trigger in sorted((mention.trigger for mention in incident.mentions), key=span_key):
        if span_key(trigger) in homes:
            groups.setdefault(homes[span_key(trigger)], []).append(trigger)
    return groups


def _n_fillers(incident: Incident, article: Article, schema: Schema, slots: Sequence[str]) -> int:
    """What of the incident is scored: nothing unless it is countable."""
    if not is_countable(incident, schema):
        return 0
    return sum(len(fillers) for fillers in slot_fillers(incident, article, schema, slots).values())
