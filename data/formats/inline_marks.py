"""The marks of the inline markup: what stands between brackets, and the entity or event that it says."""

import re
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tocsin.data.record_values import shorten, unknown
from tocsin.data.schema import Attribute, Schema

SUFFIX = ".inline"
Tell = Callable[[int, str], None]  # takes a line and what is wrong on it
_PIECE = re.compile(r"\\[\[\]|\\]|[\[\]|\\\n]|[^\[\]|\\\n]+")
_EXPECTED = "expected [characters|LABEL ...]; before a bracket, a bar or a backslash of the text put a backslash"


@dataclass(frozen=True, slots=True)
class Mark:
    """Marked characters `[start, end)` of the text that is left without marks."""

    line: int  # of the file, from 1
    start: int
    end: int
    label: str
    words: tuple[str, ...] = ()  # what stands behind the label, those with "=" left out
    pairs: tuple[tuple[str, str], ...] = ()  # name and value of those with "="

    @property
    def key(self) -> str:
        """Of an entity, its key; empty if it has none."""
        return self.words[0] if self.words else ""


def escaped(text: str) -> str:
    r"""Characters as the markup has them.

    >>> escaped("a [b] | c")
    'a \\[b\\] \\| c'
    """
    return re.sub(r"[\[\]|\\]", r"\\\g<0>", text)


def sentence_at(position: int, starts: Sequence[int]) -> int:
    """The number of the sentence a character is in, by where the sentences start."""
    return max(bisect_right(starts, position) - 1, 0)


def parse_marks(body: str, first_line: int, tell: Tell) -> tuple[str, list[Mark]]:
    """The text without its marks, and the marks in its order.

    Args:
        first_line: the line of the file on which the body begins.
        tell: is told of each mark that cannot be read; its characters are left in the text.
    """
    text, marks = "", []
    line, opened, bar = first_line, -1, -1  # where in the text a mark began, and where its label did
    for match in _PIECE.finditer(body):
        piece = match[0]
        if piece == "[" and opened < 0:
            opened = len(text)
        elif piece == "|" and opened >= 0 > bar:
            bar = len(text)
        elif piece == "]" and bar >= 0:
            mark = _mark(line, opened, bar, text[bar:], tell)
            marks += [mark] if mark else []
            text, opened, bar = text[:bar], -1, -1
        elif piece in "[]|\\":
            around = shorten(body[max(match.start() - 20, 0) : match.end() + 20])
            tell(line, f"a {piece} out of place in {around!r}; {_EXPECTED}")
        elif piece == "\n":
            if opened >= 0:
                tell(line, f"the mark of {shorten(text[opened:])!r} is not closed on its line; {_EXPECTED}")
            text, opened, bar, line = text + piece, -1, -1, line + 1
        else:
            text += piece[1:] if piece.startswith("\\") else piece
    if opened >= 0:
        tell(line, f"the mark of {shorten(text[opened:])!r} is not closed on its line; {_EXPECTED}")
    return text, marks


def _mark(line: int, start: int, end: int, content: str, tell: Tell) -> Mark | None:
    label, *words = content.split() or [""]
    if start == end or not label:
        tell(line, f"a mark without {'a label' if start < end else 'characters'}; {_EXPECTED}")
        return None
    pairs = [word.partition("=") for word in words if "=" in word]
    return Mark(
        line,
        start,
        end,
        label,
        tuple(word for word in words if "=" not in word),
        tuple((name, value) for name, _, value in pairs),
    )


def entity_of(mark: Mark, schema: Schema, tell: Tell) -> dict[str, Any]:
    """The entity a mark says, as a record; what is wrong with it is told."""
    if len(mark.words) > 1:
        tell(mark.line, f"{mark.label} has the keys {', '.join(mark.words)}; expected one at most")
    attributes = {attribute.name: attribute for attribute in schema.entity_attributes.get(mark.label, ())}
    record: dict[str, Any] = {"id": entity_id(mark), "label": mark.label, "start": mark.start, "end": mark.end}
    record |= {attribute.name: None for attribute in attributes.values() if attribute.is_integer}
    for name, value in mark.pairs:
        if name not in attributes:
            tell(mark.line, unknown(f"attribute of {mark.label}", name, attributes))
        else:
            record[name] = _value(attributes[name], value, mark, tell)
    for name in attributes.keys() - record.keys():
        tell(mark.line, f"{mark.label} has no {name}; expected {name}= one of: {', '.join(attributes[name].values)}")
    return record


def _value(attribute: Attribute, value: str, mark: Mark, tell: Tell) -> int | str:
    if attribute.is_integer and re.fullmatch(r"\d{1,12}", value):
        return int(value)
    if attribute.is_integer:
        tell(
            mark.line,
            f"{attribute.name} of {mark.label} is {shorten(value)!r}; expected an integer, or nothing for null",
        )
    elif value not in attribute.values:
        tell(mark.line, unknown(f"value of {attribute.name}", value, attribute.values))
    return value


def entity_id(mark: Mark) -> str:
    """What a record calls an entity."""
    return f"{mark.start}-{mark.end}"


def event_of(mark: Mark, keys: Mapping[str, Mark], sentence: str, schema: Schema, tell: Tell) -> dict[str, Any]:
    """The event a mark says, as a record; what is wrong with it is told.

    Args:
        keys: the entities of its sentence, by key.
        sentence: as it stands in the text, for messages.
    """
    record: dict[str, Any] = {"type": mark.label, "trigger": {"start": mark.start, "end": mark.end}, "arguments": []}
    roles = {role.name for role in schema.roles}
    attributes = {attribute.name: attribute for attribute in schema.attributes}
    for word in mark.words:
        _take_word(word, record, mark, schema, tell)
    for name, value in mark.pairs:
        if name in attributes:
            record[name] = _value(attributes[name], value, mark, tell)
        elif name not in roles:
            tell(mark.line, unknown("role", name, sorted(roles)))
        elif value not in keys:
            known = ", ".join(keys) or "none"
            tell(mark.line, f"{name}={value}: no entity of that key in {sentence!r}; its keys: {known}")
        else:
            record["arguments"].append({"role": name, "entity": entity_id(keys[value])})
    for name in attributes.keys() - record.keys():
        tell(mark.line, f"{mark.label} has no {name}; expected one of: {', '.join(attributes[name].values)}")
    return record


def _take_word(word: str, record: dict[str, Any], mark: Mark, schema: Schema, tell: Tell) -> None:
    """Put a bare word where it belongs: the value of an attribute, or the incident."""
    of = [attribute.name for attribute in schema.attributes if word in attribute.values]
    if len(of) > 1:
        tell(mark.line, f"{word!r} is a value of {' and '.join(of)}; expected {of[0]}={word} or {of[1]}={word}")
    elif of and of[0] in record:
        tell(mark.line, f"{of[0]} is {record[of[0]]!r} and {word!r}; expected one value")
    elif of:
        record[of[0]] = word
    elif "incident" in record:
        values = [value for attribute in schema.attributes for value in attribute.values]
        tell(mark.line, f"the incident is {record['incident']!r} already; {unknown('value', word, values)}")
    else:
        record["incident"] = word
