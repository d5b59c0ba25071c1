"""Attributes without a value anywhere: a head that nothing teaches speaks all the same, so a model has none of it."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from tocsin.data.errors import Problem
from tocsin.data.schema import Schema, span_attributes
from tocsin.data.types import AttributeValue, Document

EVENTS = ""  # the owner of an event's attributes; that of an entity's is its label


@dataclass(slots=True)
class _Uses:
    """How many owners of attributes there are, and how many of them have a value of each."""

    owners: Counter[str] = field(default_factory=Counter)
    values: Counter[tuple[str, str]] = field(default_factory=Counter)  # by owner and attribute
    n_in_incidents: int = 0  # events

    @classmethod
    def of(cls, documents: Iterable[Document], schema: Schema) -> "_Uses":
        uses = cls()
        for document in documents:
            for event in document.events:
                uses._add(EVENTS, event.attributes.items())
                uses.n_in_incidents += bool(event.incident)
            for entity in document.entities:
                if entity.label in schema.entity_attributes:
                    uses._add(entity.label, entity.attributes.items())
        return uses

    def _add(self, owner: str, attributes: Iterable[tuple[str, AttributeValue]]) -> None:
        self.owners[owner] += 1
        self.values.update((owner, name) for name, value in attributes if value is not None)

    def untaught(self, schema: Schema) -> dict[str, tuple[str, str]]:
        """Attributes that no owner has a value of, though there are some: owner and name, by the names of heads."""
        learned = {name: (label or EVENTS, what.name) for name, (what, label) in span_attributes(schema).items()}
        return {name: of for name, of in learned.items() if self.owners[of[0]] and not self.values[of]}


def untaught(schema: Schema, documents: Iterable[Document]) -> frozenset[str]:
    """The attributes, as `span_attributes` names them, that no event or entity has a value of.

    Files of most tools have none: where a relation makes an event of a span, nothing says whether it is denied.

    Args:
        schema: says which attributes there are; those of labels that do not occur are left as they are.
        documents: what is learned from.
    """
    return frozenset(_Uses.of(documents, schema).untaught(schema))


def told_of_attributes(documents: Iterable[Document], schema: Schema) -> Iterator[Problem]:
    """What is to be said of attributes that all or some lack, and of events that are of no incident."""
    uses = _Uses.of(documents, schema)
    if uses.owners[EVENTS] and not uses.n_in_incidents:
        fault = f"no incident on any of {uses.owners[EVENTS]} events"
        yield Problem("train", f"{fault}; a model learns that each event is an incident of its own")
    absent: dict[str, list[str]] = {}
    for owner, name in uses.untaught(schema).values():
        absent.setdefault(owner, []).append(name)
    for owner, names in absent.items():
        fault = f"no value of {', '.join(names)} on any of {uses.owners[owner]} {_called(owner)}"
        yield Problem("train", f"{fault}; a model cannot learn it, and this one will say nothing of it")
    for what, label in span_attributes(schema).values():
        owner = label or EVENTS
        n, n_told = uses.owners[owner], uses.values[owner, what.name]
        if 0 < n_told < n:
            fault = f"no value of {what.name} on {n - n_told} of {n} {_called(owner)}"
            yield Problem("train", f"{fault}: it is learned from the others alone")


def _called(owner: str) -> str:
    return f"{owner} entities" if owner else "events"
