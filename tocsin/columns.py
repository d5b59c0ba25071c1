"""Which columns files of annotations have: what a command is told of them, and what its model was trained with."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from tocsin.data.formats.conversion import AS_FOUND, COLUMNS, Options

OPTIONS = {  # fields of `Options`, and what they are called on the command line
    "separator": "--from-separator",
    "tag_column": "--tag-column",
    "text_column": "--text-column",
    "label_columns": "--label-column",
    "text_labels": "--text-label",
}


def given_columns(
    separator: str | None,
    tag_column: int | None,
    text_column: str,
    label_columns: Sequence[str] | None,
    text_labels: Sequence[str] | None,
) -> dict[str, Any]:
    r"""The fields of `Options` that the command line says.

    >>> given_columns("\\t", None, "", ["kind"], None)
    {'separator': '\t', 'label_columns': ('kind',)}
    """
    found = {
        "separator": typed(separator),
        "tag_column": tag_column,
        "text_column": text_column or None,
        "label_columns": tuple(label_columns or ()) or None,
        "text_labels": tuple(text_labels or ()) or None,
    }
    return {name: value for name, value in found.items() if value is not None}


def typed(separator: str | None) -> str | None:
    r"""A separator as it is typed: \t is a tab."""
    return separator.replace("\\t", "\t") if separator else None


def idle_columns(given: Mapping[str, Any], formats: Iterable[str]) -> list[str]:
    """What is to be said of options of columns that change nothing, as no file has such.

    Args:
        given: from `given_columns`.
        formats: of the files that are read; none where no annotations are.
    """
    found = sorted(set(formats))
    fault = f"changes nothing; the files are {', '.join(found)}" if found else "changes nothing without --from"
    return [f"{OPTIONS[name]} {fault}" for name in given if not set(found) & set(COLUMNS[name])]


def command_line(given: Mapping[str, Any]) -> list[str]:
    r"""The options as they would be typed.

    >>> command_line({"separator": "\t", "label_columns": ("a", "b")})
    ['--from-separator', '\\t', '--label-column', 'a', '--label-column', 'b']
    """
    words: list[str] = []
    for name, value in given.items():
        for each in value if isinstance(value, tuple) else (value,):
            words += [OPTIONS[name], str(each).replace("\t", "\\t")]
    return words


def trained_columns(model: Path, formats: Iterable[str]) -> dict[str, Any]:
    r"""The fields of `Options` that a model was trained with, as far as files are of the formats it was trained from.

    Args:
        model: a folder that `tocsin train` wrote; of anything else nothing is known, and who loads it tells of it.
        formats: of the files that are to be read.
    """
    wanted = set(formats)
    if not wanted:
        return {}
    from tocsin.data.formats.catalogue import with_suffix

    data = _data_of(model)
    by_name = {form for name in data.get("train", ()) for form in with_suffix(Path(name))}
    trained = {data["format"]} if data.get("format") else by_name
    found: dict[str, Any] = {}
    for name, used_by in COLUMNS.items():
        value = tuple(data[name]) if isinstance(data.get(name), list) else data.get(name)
        is_set = value is not None and value != "" and value != getattr(AS_FOUND, name)
        if is_set and trained & wanted & set(used_by):
            found[name] = value
    return found


def merged(given: Mapping[str, Any], trained: Mapping[str, Any]) -> tuple[Options, str]:
    """How files are read, and what to say of it if that fails; "" if nothing is the model's.

    Args:
        given: on the command line; it beats what the model was trained with.
        trained: from `trained_columns`.
    """
    options = replace(AS_FOUND, **{**trained, **given})
    kept = {name: value for name, value in trained.items() if name not in given}
    if not kept:
        return options, ""
    said = ", ".join(f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in kept.items())
    others = ", ".join(OPTIONS[name] for name in kept)
    return options, f"read with {said}, as the model was trained; other columns are named by {others}"


def _data_of(model: Path) -> Mapping[str, Any]:
    """The table `[data]` of a model's config."""
    try:
        run = json.loads((model / "run.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    config = run.get("config") if isinstance(run, dict) else None
    data = config.get("data") if isinstance(config, dict) else None
    return data if isinstance(data, dict) else {}
