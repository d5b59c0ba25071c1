"""Rows of a codebook's table: one for each location of an incident, so that an attack on two bases is two.

What cannot be told apart by place stands on every row; tolls stand on the first alone, so that sums count nobody
twice. A row's id is that of the incident; if there are several, with its number: "3fa9c01b77d2e410-2.1".
"""

from dataclasses import dataclass

from tocsin.data.coding.account import Account, Location, Toll, Value
from tocsin.data.coding.merged import MergedIncident
from tocsin.data.gazetteers.entry import Entry


@dataclass(frozen=True, slots=True)
class Row:
    """An incident at one of its locations."""

    incident: MergedIncident
    location: Location | None  # None: of none is the position known
    number: int = 1
    n_rows: int = 1

    @property
    def id(self) -> str:
        return self._id(self.number)

    @property
    def siblings(self) -> tuple[str, ...]:
        """Ids of the incident's other rows."""
        return tuple(self._id(number) for number in range(1, self.n_rows + 1) if number != self.number)

    @property
    def note(self) -> str:
        """What a reader of one row must know of the others; empty if there are none."""
        if self.n_rows == 1:
            return ""
        return f"Location {self.number} of {self.n_rows} of incident {self.incident.id}; casualties are on the first."

    @property
    def targets(self) -> tuple[Value, ...]:
        """What was attacked: what is this row's location first, what is another's not at all."""
        own = self.location.entry if self.location else ""
        elsewhere = {location.entry for location in self.incident.locations} - {own}
        entries = [(value.link.entry.id if value.link else "", value) for value in self.incident.targets]
        here = [(entry, value) for entry, value in entries if entry not in elsewhere]
        return tuple(value for _, value in sorted(here, key=lambda pair: pair[0] != own))

    @property
    def entry(self) -> Entry | None:
        """The gazetteer's entry that the location is."""
        own = self.location.entry if self.location else ""
        tellers: tuple[MergedIncident | Account, ...] = (self.incident, *self.incident.accounts)
        values = (value for teller in tellers for value in (*teller.targets, *teller.places))
        return next((value.link.entry for value in values if value.link and value.link.entry.id == own), None)

    def toll(self, harm: str) -> Toll | None:
        """How many were harmed so; on the first row only."""
        tolls = self.incident.tolls if self.number == 1 else ()
        return next((toll for toll in tolls if toll.harm == harm), None)

    def _id(self, number: int) -> str:
        return self.incident.id if self.n_rows == 1 else f"{self.incident.id}.{number}"


def rows(incident: MergedIncident) -> tuple[Row, ...]:
    """The rows of an incident, at least one."""
    locations = incident.locations or (None,)
    return tuple(Row(incident, location, number, len(locations)) for number, location in enumerate(locations, start=1))


def name_of(value: Value) -> str:
    """What a value is called: actors and bases as the gazetteer has them, the rest as the text has it.

    A place stays as told, since "north of Varn" is linked to Varn.
    """
    return value.link.entry.name if value.link and value.link.entry.layer != "place" else value.text
