"""The JSON of records too large to hold, for the hashes that tell one run from another."""

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any


def json_text(value: Any, *, sort_keys: bool = False) -> Iterator[str]:
    """The text that `json.dumps` gives, in pieces.

    Args:
        value: instead of a list it may hold an iterator, of whose items one is held at a time.

    >>> "".join(json_text({"n": 2, "documents": iter([{"id": "a"}, {"id": "b"}])}, sort_keys=True))
    '{"documents": [{"id": "a"}, {"id": "b"}], "n": 2}'
    """
    if isinstance(value, Mapping):
        names = sorted(value) if sort_keys else value
        parts = (chain([f"{json.dumps(name)}: "], json_text(value[name], sort_keys=sort_keys)) for name in names)
        yield from _enclosed("{", parts, "}")
    elif isinstance(value, list | tuple):
        yield from _enclosed("[", (json_text(item, sort_keys=sort_keys) for item in value), "]")
    elif isinstance(value, Iterator):
        yield from _enclosed("[", ([json.dumps(item, sort_keys=sort_keys)] for item in value), "]")
    else:
        yield json.dumps(value, sort_keys=sort_keys)


def _enclosed(opening: str, parts: Iterable[Iterable[str]], closing: str) -> Iterator[str]:
    yield opening
    for number, part in enumerate(parts):
        yield ", " if number else ""
        yield from part
    yield closing
