"""What can be annotated: labels, event types, roles and attributes. Travels with the data and the model.

`DEFAULT_SCHEMA` is the only place in the code that knows about attacks.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from tocsin.data.errors import DataError

_NAME = re.compile(r"[^\W\d_][\w-]*")
_EVENT_KEYS = {"id", "type", "trigger", "arguments", "incident", "score"}  # of the JSON format
_OF_SOME_TASKS = {"text_labels", "one_text_label", "fillers", "template_types", "gate"}
_REQUIRED = ("entity_labels", "event_types", "roles", "attributes", "entity_attributes", "countable")
_OBJECTS = ("entity_attributes", "countable")  # the other parts are lists
_WHERE_FROM = "start from the schema.json of a model, or from the schema that CONTRIBUTING.md shows how to print"
_ENTITY_KEYS = {"id", "label", "start", "end", "text", "score"}


@dataclass(frozen=True, slots=True)
class Role:
    """A part an entity can play in an event."""

    name: str
    labels: tuple[str, ...]  # of the entities that may fill it
    last_resort: tuple[str, ...] = ()  # labels an incident keeps only if nothing else fills the role
    kind: Literal["text", "date"] = "text"  # a date is resolved to days
    identifies: bool = True  # whether its fillers tell one operation from another
    excludes: tuple[str, ...] = ()  # roles the same entity cannot play for the same event beside this one


@dataclass(frozen=True, slots=True)
class Attribute:
    """A property of an event or entity."""

    name: str
    values: tuple[str, ...] = ()  # the first that any mention has is the incident's; none: an integer or null

    @property
    def is_integer(self) -> bool:
        return not self.values


@dataclass(frozen=True, slots=True)
class Schema:
    """The label set of a task. Empty parts switch the heads off that would learn them."""

    entity_labels: tuple[str, ...] = ()
    event_types: tuple[str, ...] = ()
    roles: tuple[Role, ...] = ()
    attributes: tuple[Attribute, ...] = ()
    entity_attributes: Mapping[str, tuple[Attribute, ...]] = field(default_factory=dict)  # by entity label
    countable: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # attribute values of real incidents
    text_labels: tuple[str, ...] = ()  # of a text as a whole
    one_text_label: bool = False  # whether each text has exactly one of them
    gate: str = ""  # the text label without which a text is taken to hold no incident; "": any text may
    fillers: tuple[str, ...] = ()  # entity labels that are roles in the document: mentions are merged into fillers
    template_types: tuple[str, ...] = ()  # of the templates that fillers are sorted into

    def __post_init__(self) -> None:
        flaws = [*_repetitions(self), *_unknown_names(self), *_unusable_names(self)]
        if flaws:
            raise DataError("\n".join(f"schema: {flaw}" for flaw in flaws))

    @property
    def span_labels(self) -> tuple[str, ...]:
        """All that is tagged: entity labels, then event types."""
        return self.entity_labels + self.event_types

    @property
    def is_multi_label(self) -> bool:
        """Whether a text as a whole may have any number of labels."""
        return bool(self.text_labels) and not self.one_text_label

    @property
    def layers(self) -> tuple[tuple[str, ...], ...]:
        """The span labels by what is tagged together: spans of one layer do not overlap.

        Fillers of documents do ("members of the column" and "the column"), so that each role is a layer of its own.
        """
        return tuple((label,) for label in self.span_labels) if self.fillers else (self.span_labels,)

    def role(self, name: str) -> Role:
        """Look a role up.

        Raises:
            DataError: there is none of that name.
        """
        for role in self.roles:
            if role.name == name:
                return role
        expected = ", ".join(role.name for role in self.roles)
        raise DataError(f"schema: no role {name!r}; expected one of: {expected}")

    def to_json(self) -> dict[str, Any]:
        """Parts that only some tasks have are left out where they are empty."""
        record = asdict(self)
        return {key: value for key, value in record.items() if value or key not in _OF_SOME_TASKS}

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> "Schema":
        """Read what `to_json` wrote.

        Raises:
            DataError: a part is missing or of the wrong shape.
        """
        if not isinstance(record, Mapping):
            raise DataError(f"schema: is {record!r:.60}; expected an object with {', '.join(_REQUIRED)}")
        if lacking := [part for part in _REQUIRED if part not in record]:
            raise DataError(f"schema: lacks {', '.join(lacking)}; expected them, each empty if there is nothing of it")
        if wrong := list(_of_wrong_kind(record)):
            raise DataError(f"schema: {', and '.join(wrong)}")
        try:
            return cls(
                entity_labels=tuple(record["entity_labels"]),
                event_types=tuple(record["event_types"]),
                roles=tuple(
                    Role(
                        role["name"],
                        tuple(role["labels"]),
                        tuple(role["last_resort"]),
                        role["kind"],
                        role["identifies"],
                        tuple(role["excludes"]),
                    )
                    for role in record["roles"]
                ),
                attributes=_attributes(record["attributes"]),
                entity_attributes={
                    label: _attributes(attributes) for label, attributes in record["entity_attributes"].items()
                },
                countable={name: tuple(values) for name, values in record["countable"].items()},
                text_labels=tuple(record.get("text_labels", ())),
                one_text_label=record.get("one_text_label", False) is True,
                gate=record.get("gate", ""),
                fillers=tuple(record.get("fillers", ())),
                template_types=tuple(record.get("template_types", ())),
            )
        except KeyError as error:
            raise DataError(f"schema: a role or an attribute lacks {error.args[0]}") from error
        except (TypeError, AttributeError) as error:
            raise DataError(f"schema: a part is of the wrong kind ({error})") from error


def span_attributes(schema: Schema) -> dict[str, tuple[Attribute, str | None]]:
    """The attributes that are learned, by a name of their own, with the entity label they belong to (None: events)."""
    learned: dict[str, tuple[Attribute, str | None]] = {a.name: (a, None) for a in schema.attributes}
    for label, attributes in schema.entity_attributes.items():
        learned |= {f"{label}-{a.name}": (a, label) for a in attributes if not a.is_integer}
    return learned


def read_schema(path: Path) -> Schema:
    """Read a schema from a JSON file.

    Raises:
        DataError: the file is missing, no JSON, or no schema.
    """
    try:
        return Schema.from_json(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, DataError) as error:
        fault = str(error).removeprefix("schema: ").replace("\nschema: ", f"\n{path}: ")
        raise DataError(f"{path}: {fault}; {_WHERE_FROM}") from error


def _of_wrong_kind(record: Mapping[str, Any]) -> Iterator[str]:
    """The parts that are no list, or no object where one is expected: a string is never taken for a list."""
    for part in (*_REQUIRED, "text_labels", "fillers", "template_types"):
        value = record.get(part, ())
        if part in _OBJECTS and not isinstance(value, Mapping):
            yield f"{part} is {value!r:.40}, expected an object"
        elif part not in _OBJECTS and not isinstance(value, list | tuple):
            yield f"{part} is {value!r:.40}, expected a list"


def _repetitions(schema: Schema) -> Iterator[str]:
    by_kind = {
        "label": schema.span_labels,
        "role": tuple(role.name for role in schema.roles),
        "attribute": tuple(attribute.name for attribute in schema.attributes),
        "text label": schema.text_labels,
        "filler": schema.fillers,
        "template type": schema.template_types,
    }
    for kind, names in by_kind.items():
        repeated = sorted({name for name in names if names.count(name) > 1})
        if repeated:
            yield f"{kind} {', '.join(repeated)} is given twice; expected each once, event types beside entity labels"


def _unknown_names(schema: Schema) -> Iterator[str]:
    roles = {role.name for role in schema.roles}
    values = {attribute.name: set(attribute.values) for attribute in schema.attributes}
    named = {
        "a role": (
            {label for role in schema.roles for label in role.labels},
            set(schema.entity_labels),
            "entity label",
        ),
        "excludes": ({name for role in schema.roles for name in role.excludes}, roles, "role"),
        "entity_attributes": (set(schema.entity_attributes), set(schema.entity_labels), "entity label"),
        "fillers": (set(schema.fillers), set(schema.entity_labels), "entity label"),
        "countable": (set(schema.countable), set(values), "attribute"),
        "gate": ({schema.gate} - {""}, set(schema.text_labels), "text label"),
    }
    for where, (names, known, kind) in named.items():
        if names - known:
            yield f"{where} names {', '.join(sorted(names - known))}, which is no {kind}"
    for name, allowed in schema.countable.items():
        if not set(allowed) <= values.get(name, set(allowed)):
            yield f"countable gives {name} values it does not have; expected some of {', '.join(sorted(values[name]))}"
    if unknown := sorted({role.kind for role in schema.roles} - {"text", "date"}):
        yield f"a role is of kind {', '.join(unknown)}; expected text or date"


def _unusable_names(schema: Schema) -> Iterator[str]:
    names = [*schema.span_labels, *(role.name for role in schema.roles), *(a.name for a in schema.attributes)]
    names += [attribute.name for attributes in schema.entity_attributes.values() for attribute in attributes]
    odd = sorted({repr(name) for name in names if not _NAME.fullmatch(name)})
    if odd:
        yield f"{', '.join(odd)} cannot be a name; expected letters, digits, _ and -, a letter first"
    taken = sorted({a.name for a in schema.attributes} & _EVENT_KEYS)
    taken += sorted({a.name for attributes in schema.entity_attributes.values() for a in attributes} & _ENTITY_KEYS)
    if taken:
        yield f"{', '.join(taken)} cannot name an attribute: the format has a key of that name"
    open_ended = [attribute.name for attribute in schema.attributes if attribute.is_integer]
    if open_ended:
        yield f"attribute {', '.join(open_ended)} of events has no values; only attributes of entities may be numbers"


def _attributes(records: list[Mapping[str, Any]]) -> tuple[Attribute, ...]:
    return tuple(Attribute(record["name"], tuple(record["values"])) for record in records)


DEFAULT_SCHEMA = Schema(
    entity_labels=("ACTOR", "BASE", "WEAPON", "ASSET", "DATE", "LOCATION", "CASUALTY"),
    event_types=("ATTACK",),
    roles=(
        Role("attacker", ("ACTOR",)),
        Role("target", ("BASE", "ASSET", "ACTOR", "LOCATION"), last_resort=("LOCATION",)),
        Role("weapon", ("WEAPON",)),
        Role("date", ("DATE",), kind="date"),
        Role("place", ("LOCATION",), excludes=("target",)),
        Role("casualty", ("CASUALTY",), identifies=False),
        Role("claimant", ("ACTOR",), identifies=False),
        Role("source", ("ACTOR",), identifies=False),
    ),
    attributes=(
        Attribute("status", ("reported", "claimed", "denied", "threatened")),
        Attribute("scope", ("single", "series")),
        Attribute("outcome", ("hit", "intercepted", "failed", "unknown")),
    ),
    entity_attributes={
        "CASUALTY": (
            Attribute("harm", ("killed", "wounded", "captured", "missing", "any")),
            Attribute("min"),
            Attribute("max"),
        )
    },
    countable={"scope": ("single",), "status": ("reported", "claimed")},
)

RELEVANCE = "reports_attack"  # of a text that reports an attack, claimed, denied or threatened ones among them


def attacks(text_labels: tuple[str, ...] = ()) -> Schema:
    """The default schema with labels of texts; a text that lacks `RELEVANCE`, if that is one, has no incident."""
    gate = RELEVANCE if RELEVANCE in text_labels else ""
    return replace(DEFAULT_SCHEMA, text_labels=text_labels, gate=gate)
