"""The other data sets of a run: one encoder learns from all of them, with heads of its own for each.

Of another set's config hold its task, its `[data]` and its `[model]`, which are about that set and its heads; what else
it says is not used, and told. Its dev documents take no part.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal

from tocsin.data.containment import containments
from tocsin.data.errors import ConfigError, DataError, Problem
from tocsin.data.jsonl import document_to_record
from tocsin.data.listing import first_of
from tocsin.data.near_duplicates import near_duplicates
from tocsin.data.schema import Schema
from tocsin.data.types import Document
from tocsin.train.config import RunConfig, flat, read_config
from tocsin.train.documents import select

N_NAMED = 10
HOW_SHARED = "the same, hardly changed, or one within the other"
ONLY_OF_THE_RUN = ("attention_dropout", "bag_of_words", "label_threshold")  # `[model]` but what heads and windows need


@dataclass(frozen=True, slots=True)
class JointSet:
    """A data set that is learned from beside the run's own."""

    name: str  # its config, as the run's names it
    config: RunConfig
    schema: Schema
    documents: Sequence[Document]

    def settings(self) -> dict[str, Any]:
        """Of its config what holds, but for the files."""
        model = asdict(self.config.model)
        return {"task": self.config.task, "model": {key: model[key] for key in model if key not in ONLY_OF_THE_RUN}}

    def record(self) -> dict[str, Any]:
        """All that decides what is learned from it, fit for `json_text`; its name does not."""
        documents = map(document_to_record, self.documents)
        return {**self.settings(), "schema": self.schema.to_json(), "documents": documents}


def joint_configs(config: RunConfig) -> dict[str, RunConfig]:
    """The configs that `[joint]` names, by the names it gives them.

    Raises:
        ConfigError: one cannot be read, has a `[joint]` itself, or its set is there twice or is the run's own.
    """
    found: dict[str, RunConfig] = {}
    names = {_learned(config): "the run's own"}
    for name, path in zip(config.joint.configs, config.paths(config.joint.configs), strict=True):
        where = f"[joint] configs: {name}"
        if not path.is_file():
            raise ConfigError(f"{where}: no file {path}; expected the config of another set, from this one's folder")
        other = read_config(path, data=Path(config.data_base) if config.data_base else None)
        if (twin := names.setdefault(_learned(other), name)) != name or name in found:
            raise ConfigError(f"{where}: has the task, files and labels of {twin}; name each set once")
        if other.joint.configs:
            raise ConfigError(f"{where}: has [joint] itself; expected a config without, name its sets here")
        found[name] = other
    return found


def _learned(config: RunConfig) -> tuple[Any, ...]:
    """What tells one set from another, whatever is held out of it, and however it is learned."""
    data = config.data
    files = frozenset(path.resolve() for path in config.data_paths(data.train))
    schema = tuple(path.resolve() for path in config.data_paths((data.schema,) if data.schema else ()))
    columns = data.separator, data.tag_column, data.text_column, data.label_columns
    return config.task, files, schema, data.format, data.text_labels, columns


def idle_settings(name: str, other: RunConfig, config: RunConfig) -> Iterator[Problem]:
    """Settings of another set's config that have no effect, and are neither as by default nor as here.

    Args:
        name: the other config's.
        other: the config itself.
        config: the run's.
    """
    default, here = flat(RunConfig().to_json()), flat(config.to_json())
    said = {key: value for key, value in flat(other.to_json()).items() if key != "task" and not _is_used(key)}
    idle = [key for key, value in said.items() if value not in (default.get(key), here.get(key))]
    if idle:
        changes = "changes" if len(idle) == 1 else "change"
        fault = f"{changes} nothing; the run's own config says how all sets are trained"
        yield Problem(f"[joint] {name}: {', '.join(idle)}", fault)


def _is_used(key: str) -> bool:
    table, _, name = key.partition(".")
    return table == "data" or (table == "model" and name not in ONLY_OF_THE_RUN)


def without_copies(
    documents: Sequence[Document], held_out: Sequence[Document], shared: Literal["refuse", "drop", "keep"]
) -> tuple[Sequence[Document], int]:
    """The documents of another set to learn from, and how many share their text with one that is held out.

    Files of two sets seldom give a text in the same white space, and one may have the sentences of what the other has
    whole: unlike within a set, near-duplicates count too, and texts of which one stands within the other.

    Args:
        documents: the other set's.
        held_out: what the run is measured on.
        shared: what to do, as `[data] shared` of the run has it.

    Raises:
        DataError: there are some and `shared` refuses them, or none would be left.
    """
    if not held_out:
        return documents, 0
    groups = {"held out": partial(numbered_texts, held_out), "other": partial(numbered_texts, documents)}
    copies = {found.key for found in near_duplicates(groups)}
    copies |= {found.other for found in containments(numbered_texts(held_out), numbered_texts(documents))}
    if not copies or shared == "keep":
        return documents, len(copies)
    if shared == "refuse":
        ids = sorted(documents[number].article.id for number in copies)
        raise DataError(
            f"train articles that share their text with dev articles of this run ({HOW_SHARED}): "
            f"{first_of(ids, N_NAMED)}; "
            'take them out of one of the two, or write shared = "drop" under [data] of the run to leave them out of '
            "training"
        )
    if len(copies) == len(documents):
        raise DataError(f"every train text is shared with one that is held out ({HOW_SHARED}); expected others")
    return select(documents, [number for number in range(len(documents)) if number not in copies]), len(copies)


def numbered_texts(documents: Sequence[Document]) -> Iterator[tuple[int, str]]:
    """Texts as `near_duplicates` takes them, by their places."""
    return ((number, document.article.text) for number, document in enumerate(documents))
