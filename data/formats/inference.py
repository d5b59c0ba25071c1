"""The label set that documents use: a schema for data that come without one.

Names are sorted, so that the same documents give the same schema in whatever order they come.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from tocsin.data.errors import DataError
from tocsin.data.schema import Attribute, Role, Schema
from tocsin.data.types import AttributeValue, Document, Event, Span

Task = Literal["tokens", "text", "events", "fillers"]
_Values = dict[str, set[AttributeValue]]  # of attributes, by name


def schema_of(documents: Iterable[Document], task: Task) -> Schema:
    """The schema that holds all labels of a task that occur in documents.

    Raises:
        DataError: nothing occurs that the task could learn, or a name cannot be one of a schema's.
    """
    return seen_in(documents).schema(task)


def seen_in(documents: Iterable[Document]) -> "Seen":
    """Every label in documents."""
    seen = Seen()
    for document in documents:
        seen.add(document)
    return seen


@dataclass(slots=True)
class Seen:
    """Every label seen so far; it fills up document by document."""

    n_documents: int = 0
    entity_labels: set[str] = field(default_factory=set)
    event_types: set[str] = field(default_factory=set)
    roles: dict[str, set[str]] = field(default_factory=dict)  # with the labels of what fills them
    attributes: _Values = field(default_factory=dict)
    entity_attributes: dict[str, _Values] = field(default_factory=dict)  # by entity label
    text_labels: set[str] = field(default_factory=set)
    label_sets: set[frozenset[str]] = field(default_factory=set)  # of texts; at most three different ones are kept
    each_has_one: bool = True  # text label, of those that are annotated
    fillers: set[str] = field(default_factory=set)
    template_types: set[str] = field(default_factory=set)

    def add(self, document: Document) -> None:
        """Take in a document."""
        self.n_documents += 1
        for span in document.entities:
            self._add_entity(span)
        for event in document.events:
            self._add_event(event)
        if document.labels is not None:
            names = frozenset(label.name for label in document.labels)
            self.text_labels |= names
            self.each_has_one = self.each_has_one and len(names) == 1
            if len(self.label_sets) < 3:
                self.label_sets.add(names)
        templates = document.templates
        self.fillers.update(filler.role for filler in document.fillers)
        self.fillers.update(filler.role for template in templates for filler in template.fillers)
        self.template_types.update(name for template in templates for name in template.types)

    def _add_entity(self, span: Span) -> None:
        self.entity_labels.add(span.label)
        for name, value in span.attributes.items():
            self.entity_attributes.setdefault(span.label, {}).setdefault(name, set()).add(value)

    def _add_event(self, event: Event) -> None:
        self.event_types.add(event.type)
        for argument in event.arguments:
            self.roles.setdefault(argument.role, set()).add(argument.span.label)
            self.entity_labels.add(argument.span.label)
        for name, value in event.attributes.items():
            self.attributes.setdefault(name, set()).add(value)

    @property
    def torn(self) -> str:
        """What is wrong with labels that are both of entities and of events; empty if none is."""
        names = sorted(self.entity_labels & self.event_types)
        if not names:
            return ""
        fault = f"{', '.join(names)}: labels of entities in some places, types of events in others"
        remedy = "a schema says which (--schema, or [data] schema in a config), task tokens takes them for entities"
        return f"{fault}; expected one of the two: {remedy}"

    def is_held_by(self, schema: Schema) -> bool:
        """Whether a schema has a place for all labels that were seen; it says itself which are of entities."""
        pairs = (
            (self.entity_labels | self.event_types, schema.span_labels),
            (self.roles.keys(), [role.name for role in schema.roles]),
            (self.text_labels, schema.text_labels),
            (self.fillers, schema.fillers),
            (self.template_types, schema.template_types),
        )
        return all(found <= set(known) for found, known in pairs)

    def schema(self, task: Task) -> Schema:
        """The schema of a task.

        Raises:
            DataError: nothing was seen that the task could learn, or a name cannot be one of a schema's.
        """
        if not self.n_documents:
            raise DataError(f"no document to find the labels of task {task} in; expected at least one")
        match task:
            case "tokens":
                self._require(self.entity_labels, task, "an entity")
                return Schema(entity_labels=tuple(sorted(self.entity_labels)))
            case "text":
                return self._text_schema()
            case "events":
                self._require(self.event_types, task, "an event")
                return self._events_schema()
            case "fillers":
                self._require(self.fillers, task, "a filler")
                roles = tuple(sorted(self.fillers))
                return Schema(entity_labels=roles, fillers=roles, template_types=tuple(sorted(self.template_types)))

    def everything(self) -> Schema:
        """A schema that holds all that was seen, of whatever task; no text needs to have exactly one label.

        Raises:
            DataError: a name cannot be one of a schema's.
        """
        return replace(
            self._events_schema(),
            entity_labels=tuple(sorted(self.entity_labels | self.fillers)),
            text_labels=tuple(sorted(self.text_labels)),
            fillers=tuple(sorted(self.fillers)),
            template_types=tuple(sorted(self.template_types)),
        )

    def _require(self, found: set[str], task: Task, what: str) -> None:
        if found:
            return
        has = {
            "entities (tokens)": self.entity_labels,
            "events (events)": self.event_types,
            "labels of texts (text)": self.text_labels,
            "fillers (fillers)": self.fillers,
        }
        there = ", ".join(kind for kind, names in has.items() if names) or "nothing annotated"
        n = "the document" if self.n_documents == 1 else f"any of {self.n_documents} documents"
        raise DataError(f"{what} for task {task} is not in {n}; found {there}; choose another task or other documents")

    def _text_schema(self) -> Schema:
        self._require(self.text_labels, "text", "a label of a text")
        if len(self.label_sets) == 1:
            (only,) = self.label_sets
            raise DataError(
                f"one class only: every text is labelled {', '.join(sorted(only))}; expected texts of two classes or "
                "more, or some without the label: nothing can be told apart here"
            )
        names = tuple(sorted(self.text_labels))
        return Schema(text_labels=names, one_text_label=self.each_has_one and len(names) > 1)

    def _events_schema(self) -> Schema:
        if self.torn:
            raise DataError(self.torn)
        return Schema(
            entity_labels=tuple(sorted(self.entity_labels)),
            event_types=tuple(sorted(self.event_types)),
            roles=tuple(Role(name, tuple(sorted(labels))) for name, labels in sorted(self.roles.items())),
            attributes=attributes_of(self.attributes),
            entity_attributes={
                label: attributes_of(values) for label, values in sorted(self.entity_attributes.items()) if values
            },
        )


def attributes_of(seen: Mapping[str, set[AttributeValue]]) -> tuple[Attribute, ...]:
    """Attributes with the values they have; those that are numbers or null have none listed.

    Raises:
        DataError: one has numbers and strings.
    """
    found = []
    for name, values in sorted(seen.items()):
        strings = sorted(value for value in values if isinstance(value, str))
        if strings and len(strings) < len(values):
            other = next(value for value in values if not isinstance(value, str))
            raise DataError(
                f"attribute {name} is {strings[0]!r} in one place and {other!r} in another; "
                "expected strings everywhere, or whole numbers and null"
            )
        found.append(Attribute(name, tuple(strings)))
    return tuple(found)
