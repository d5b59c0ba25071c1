"""What can be annotated: labels, event types, roles and attributes. Travels with the data and the model.

`DEFAULT_SCHEMA` is the only place in the code that knows about attacks.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from tocsin.data.errors import DataError


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

    def __post_init__(self) -> None:
        labels = self.entity_labels + self.event_types
        repeated = sorted({label for label in labels if labels.count(label) > 1})
        if repeated:
            raise DataError(f"schema: {', '.join(repeated)} is given twice; entity labels and event types must differ")
        unknown = sorted({label for role in self.roles for label in role.labels} - set(self.entity_labels))
        if unknown:
            raise DataError(f"schema: a role names {', '.join(unknown)}, which is no entity label")

    @property
    def span_labels(self) -> tuple[str, ...]:
        """All that is tagged: entity labels, then event types."""
        return self.entity_labels + self.event_types

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
        return asdict(self)

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> "Schema":
        """Read what `to_json` wrote.

        Raises:
            DataError: a part is missing or of the wrong shape.
        """
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
            )
        except (KeyError, TypeError, AttributeError) as error:
            raise DataError(f"schema: cannot be read ({error!r}); expected what Schema.to_json writes") from error


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
