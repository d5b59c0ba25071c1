"""Attributes without a value anywhere: a head that nothing taught says something all the same, so it is left out."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from tocsin.data.errors import Problem
from tocsin.data.schema import Attribute, Schema
from tocsin.data.types import AttributeValue, Document

EVENTS = ""  # the owner of an event's attributes; that of an entity's is its label


@dataclass(slots=True)
class _Uses:
    """How many owners of attributes there are, and how many of them have a value of each."""

    owners: Counter[str] = field(default_factory=Counter)
    values: Counter[tuple[str, str]] = field(default_factory=Counter)  # by owner and attribute
    n_in_incidents: int = 0  # events

    def add(self, owner: str, attributes: Iterable[tuple[str, AttributeValue]]) -> None:
        self.owners[owner] += 1
        self.values.update((owner, name) for name, value in attributes if value is not None)

    def is_untaught(self, owner: str, attribute: Attribute) -> bool:
        """Whether there are owners, and none has a value; numbers are read by rule."""
        return bool(self.owners[owner]) and not attribute.is_integer and not self.values[owner, attribute.name]


def taught(schema: Schema, documents: Iterable[Document]) -> tuple[Schema, tuple[Problem, ...]]:
    """The schema without the attributes that no event or entity has a value of, and what is to be said of those.

    Files of most tools have none: where a relation makes an event of a span, nothing says whether it is denied. Of
    incidents, which files of most tools have not either, it is said too what that teaches.

    Args:
        schema: as it is stated.
        documents: what is learned from.
    """
    uses = _uses(schema, documents)
    attributes = tuple(each for each in schema.attributes if not uses.is_untaught(EVENTS, each))
    kept = {attribute.name for attribute in attributes}
    learned = replace(
        schema,
        attributes=attributes,
        entity_attributes={
            label: tuple(each for each in of_label if not uses.is_untaught(label, each))
            for label, of_label in schema.entity_attributes.items()
        },
        countable={name: values for name, values in schema.countable.items() if name in kept},
    )
    return learned, tuple(_told(schema, uses))


def _uses(schema: Schema, documents: Iterable[Document]) -> _Uses:
    uses = _Uses()
    for document in documents:
        for event in document.events:
            uses.add(EVENTS, event.attributes.items())
            uses.n_in_incidents += bool(event.incident)
        for entity in document.entities:
            if entity.label in schema.entity_attributes:
                uses.add(entity.label, entity.attributes.items())
    return uses


def _told(schema: Schema, uses: _Uses) -> Iterator[Problem]:
    if uses.owners[EVENTS] and not uses.n_in_incidents:
        fault = f"no incident on any of {uses.owners[EVENTS]} events"
        yield Problem("train", f"{fault}; a model learns that each event is an incident of its own")
    for owner, attributes in {EVENTS: schema.attributes, **schema.entity_attributes}.items():
        n, owners = uses.owners[owner], f"{owner} entities" if owner else "events"
        untaught = [attribute.name for attribute in attributes if uses.is_untaught(owner, attribute)]
        if untaught:
            fault = f"no value of {', '.join(untaught)} on any of {n} {owners}"
            yield Problem("train", f"{fault}; a model cannot learn it, and this one will say nothing of it")
        for attribute in attributes:
            n_told = n if attribute.is_integer else uses.values[owner, attribute.name]
            if 0 < n_told < n:
                fault = f"no value of {attribute.name} on {n - n_told} of {n} {owners}"
                yield Problem("train", f"{fault}: it is learned from the others alone")
