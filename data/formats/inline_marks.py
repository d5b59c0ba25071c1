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
    parts: list[str] = []  # of the text, then of the mark that is open: joined once, since a text may be long
    marks: list[Mark] = []
    n_chars, line, opened, bar = 0, first_line, -1, -1  # which part a mark begins with, and which its label
    for match in _PIECE.finditer(body):
        piece = match[0]
        if piece == "[" and opened < 0:
            opened = len(parts)
        elif piece == "|" and opened >= 0 > bar:
            bar = len(parts)
        elif piece == "]" and bar >= 0:
            surface, content = "".join(parts[opened:bar]), "".join(parts[bar:])
            n_chars -= len(content)
            mark = _mark(line, n_chars - len(surface), n_chars, content, tell)
            marks += [mark] if mark else []
            del parts[bar:]
            opened, bar = -1, -1
        elif piece in "[]|\\":
            around = shorten(body[max(match.start() - 20, 0) : match.end() + 20])
            tell(line, f"a {piece} out of place in {around!r}; {_EXPECTED}")
        else:
            if piece == "\n":
                _tell_open(parts, opened, line, tell)
                opened, bar, line = -1, -1, line + 1
            parts.append(piece[1:] if piece.startswith("\\") else piece)
            n_chars += len(parts[-1])
    _tell_open(parts, opened, line, tell)
    return "".join(parts), marks


def _tell_open(parts: Sequence[str], opened: int, line: int, tell: Tell) -> None:
    if opened >= 0:
        surface = shorten("".join(parts[opened:]))
        tell(line, f"the mark of {surface!r} is not closed on its line; {_EXPECTED}")


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
            _take_value(attributes[name], value, record, mark, tell)
    for name in [name for name in attributes if name not in record]:
        tell(mark.line, f"{mark.label} has no {name}; expected {name}= one of: {', '.join(attributes[name].values)}")
    return record


def _take_value(attribute: Attribute, value: str, record: dict[str, Any], mark: Mark, tell: Tell) -> None:
    """Put a value where it belongs; a second one is told."""
    known = record.get(attribute.name)
    if known is not None:
        tell(mark.line, f"{attribute.name} is {str(known)!r} and {value!r}; expected one value")
    else:
        record[attribute.name] = _value(attribute, value, mark, tell)


def _value(attribute: Attribute, value: str, mark: Mark, tell: Tell) -> int | str:
    if attribute.is_integer and re.fullmatch(r"-?\d{1,12}", value):
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
            _take_value(attributes[name], value, record, mark, tell)
        elif name not in roles:
            tell(mark.line, unknown("role", name, sorted(roles)))
        elif value not in keys:
            known = ", ".join(keys) or "none"
            tell(mark.line, f"{name}={value}: no entity of that key in {sentence!r}; its keys: {known}")
        else:
            record["arguments"].append({"role": name, "entity": entity_id(keys[value])})
    for name in [name for name in attributes if name not in record]:
        tell(mark.line, f"{mark.label} has no {name}; expected one of: {', '.join(attributes[name].values)}")
    return record


def _take_word(word: str, record: dict[str, Any], mark: Mark, schema: Schema, tell: Tell) -> None:
    """Put a bare word where it belongs: the value of an attribute, or the incident."""
    having = [attribute for attribute in schema.attributes if word in attribute.values]
    of = [attribute.name for attribute in having]
    if len(of) > 1:
        tell(mark.line, f"{word!r} is a value of {' and '.join(of)}; expected {of[0]}={word} or {of[1]}={word}")
    elif having:
        _take_value(having[0], word, record, mark, tell)
    elif "incident" in record:
        values = [value for attribute in schema.attributes for value in attribute.values]
        tell(mark.line, f"the incident is {record['incident']!r} already; {unknown('value', word, values)}")
    else:
        record["incident"] = word
