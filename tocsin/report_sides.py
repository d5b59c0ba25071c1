"""Texts of a report cut into pieces: an article with the spans of one side, a sentence with what a mistake is about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

Side = Literal["gold", "predicted"]

# Joined by a space that does not break: a tag stays on one line.
_NOTES = {"": "", "right": "", "partly": "\u00a0≈", "missed": "\u00a0missed", "spurious": "\u00a0spurious"}


@dataclass(frozen=True, slots=True)
class Piece:
    """Characters of a text that are shown alike; all pieces of a text, one after the other, are the text."""

    text: str
    label: str = ""  # empty outside of spans
    state: str = ""  # of a span: right, partly (another span overlaps it on the other side), missed or spurious
    score: float = 1.0

    @property
    def tag(self) -> str:
        """What is written beside a span: its label, and a word if the other side differs."""
        return self.label + _NOTES[self.state]


@dataclass(frozen=True, slots=True)
class Marked:
    """Characters of a sentence, and the sides of a mistake that take them; `is_meant` if neither can be told."""

    text: str
    sides: tuple[Side, ...] = ()
    is_meant: bool = False


def label_order(record: Mapping[str, Any]) -> list[str]:
    """Every label that can be shown: those of the schema, then others in the order of the articles."""
    schema = record["schema"]
    found = [*schema["entity_labels"], *schema["event_types"]]
    for document in record["documents"]:
        for side in ("gold", "predicted"):
            found += [span["label"] for span in document[side]["spans"]]
    return list(dict.fromkeys(found))


def pieces(document: Mapping[str, Any], side: Side) -> list[Piece]:
    """The article's text with the spans of one side, each told from what the other side has there."""
    text, spans = document["text"], document[side]["spans"]
    others = document["predicted" if side == "gold" else "gold"]["spans"]
    exact = {(span["start"], span["end"], span["label"]) for span in others}
    found, cursor = [], 0
    for span in spans:
        if (span["start"], span["end"], span["label"]) in exact:
            state = "right"
        elif any(_overlap(span, other) for other in others):
            state = "partly"
        else:
            state = "missed" if side == "gold" else "spurious"
        # Spans of a side do not overlap; if they should, each character is shown once all the same.
        start = max(cursor, span["start"])
        found += [Piece(text[cursor:start]), Piece(text[start : span["end"]], span["label"], state, span["score"])]
        cursor = max(cursor, span["end"])
    return [piece for piece in (*found, Piece(text[cursor:])) if piece.text]


def mistake_pieces(mistake: Mapping[str, Any]) -> list[Marked]:
    """The sentence of a mistake, with what gold has and what was predicted where it goes wrong."""
    sentence = mistake["sentence"]
    meant = tuple(max(0, mistake[edge] - mistake["sentence_start"]) for edge in ("start", "end"))
    found = {side: _within(sentence, mistake[side], *meant) for side in ("gold", "predicted")}
    known = {side: range_ for side, range_ in found.items() if range_}
    ranges = [*known.values(), meant]
    edges = sorted({0, len(sentence), *(min(edge, len(sentence)) for range_ in ranges for edge in range_)})
    return [
        Marked(
            sentence[start:end],
            tuple(side for side in ("gold", "predicted") if side in known and _holds(known[side], start)),
            not known and _holds(meant, start),
        )
        for start, end in pairwise(edges)
    ]


def _within(sentence: str, surface: str, start: int, end: int) -> tuple[int, int] | None:
    """Where a surface stands within `[start, end)` of a sentence; None if it does not."""
    at = sentence.find(surface, start, end) if surface else -1
    return None if at < 0 else (at, at + len(surface))


def _holds(range_: Sequence[int], position: int) -> bool:
    return range_[0] <= position < range_[1]


def _overlap(span: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return bool(span["start"] < other["end"] and other["start"] < span["end"])
