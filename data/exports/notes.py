"""What the notes of a row say beside the sentence: its other places, who denies it, which numbers are conventions."""

from collections.abc import Iterable, Iterator

from tocsin.data.coding.account import Toll
from tocsin.data.coding.merged import MergedIncident
from tocsin.data.coding.tolls import vague_words
from tocsin.data.exports.evidence import Proofs
from tocsin.data.exports.rows import Row
from tocsin.data.exports.tellers import denial

BY_CONVENTION = "with numbers by convention (several, dozens ...)"


def notes(row: Row, *, harms: Iterable[str]) -> tuple[str, Proofs]:
    """The notes of one row with what proves them.

    Args:
        harms: those of which the row has a number.
    """
    denied, proofs = denial(row.incident)
    vague = [toll for harm in harms if (toll := row.toll(harm)) and vague_words(toll)]
    text = " ".join(filter(None, (row.note, denied, *map(_convention, vague))))
    return text, tuple(dict.fromkeys((*proofs, *(place for toll in vague for place in toll.evidence))))


def conventions(incident: MergedIncident, *, harms: Iterable[str]) -> Iterator[str]:
    """What to count an incident by that has a number which no text says."""
    if any(toll.harm in harms and vague_words(toll) for toll in incident.tolls):
        yield BY_CONVENTION


def _convention(toll: Toll) -> str:
    words = ", ".join(f'"{word}"' for word in vague_words(toll))
    return f"By convention {words} is {toll.best} {toll.harm}."
