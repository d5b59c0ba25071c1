"""Trained models that teach a run: what they hold possible in its training documents, averaged and kept on disk.

A student learns the teachers' marginals of tags and their shares of text labels beside the annotation (posterior
distillation, Wang et al. 2020, "Structure-Level Knowledge Distillation for Multilingual Sequence Labeling"; of labels,
Hinton et al. 2015, "Distilling the Knowledge in a Neural Network", section 2, at a temperature of 1). Everything else -
roles, attributes, links, merges, templates - it learns from the annotation alone.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import torch
from torch import Tensor

from tocsin.data.errors import ArtifactError, ConfigError, Problem
from tocsin.data.schema import Schema
from tocsin.data.tags import tag_names
from tocsin.data.types import Document
from tocsin.model.artifact import load, record_of, schema_of, weights_hash
from tocsin.model.passages import Passage
from tocsin.model.posteriors import Posteriors, posteriors, tag_shape
from tocsin.train.config import RunConfig
from tocsin.train.on_disk import table_on_disk

TAGS, LABELS = "taught_tags", "taught_labels"  # columns of training rows, as `packed` makes them
COLUMNS = {TAGS: "binary", LABELS: "binary"}
PRECISION = np.dtype("<f2")  # 2 bytes a probability: of a share near 1 three digits, of one near 0 as many
_EXACT, _WHOLE = np.dtype("<f4"), np.dtype("<i4")
_LESSON = {"words": "binary", "tags": "binary", "labels": "binary"}


@dataclass(frozen=True, slots=True)
class Teacher:
    """A model that a run learns from."""

    name: str  # its folder, as the config names it
    folder: Path
    weights: str  # their SHA-256


@dataclass(frozen=True, slots=True)
class Lessons:
    """What the teachers said of each training document, the mean of their probabilities in the run's own order."""

    table: pa.Table  # on disk, as long as this is there
    schema: Schema  # the run's

    def __iter__(self) -> Iterator[Posteriors]:
        """A document's after the other, in the documents' order; one at a time is read."""
        for number in range(len(self.table)):
            yield _unpacked({name: self.table.column(name)[number].as_py() for name in _LESSON}, self.schema)


def teachers_of(config: RunConfig, schema: Schema) -> tuple[Teacher, ...]:
    """The models that `[distill]` names, each with the run's own labels; none are loaded.

    Raises:
        ConfigError: one is no model, or has other labels: the first that differ are named.
    """
    names = config.distill.teacher
    found = []
    for name, folder in zip(names, config.paths(names), strict=True):
        try:
            teacher, theirs = Teacher(name, folder, weights_hash(folder)), schema_of(folder)
        except ArtifactError as error:
            raise ConfigError(f"[distill] teacher: {error}") from error
        if difference := _difference(theirs, schema):
            raise ConfigError(
                f"[distill] teacher: {folder}: {difference}; expected a model of the very labels that are learned "
                "here: name its schema.json under [data] schema, or another teacher"
            )
        found.append(teacher)
    return tuple(found)


def seen_by_teachers(config: RunConfig, schema: Schema, dev: Sequence[Document]) -> Iterator[Problem]:
    """Dev documents that a teacher was trained on, as far as their ids tell.

    Raises:
        ConfigError: see `teachers_of`; or a teacher's files were altered.
    """
    here = {document.article.id for document in dev}
    for teacher in teachers_of(config, schema):
        try:
            seen = here.intersection(record_of(teacher.folder).run["train"]["ids"])
        except ArtifactError as error:
            raise ConfigError(f"[distill] teacher: {error}") from error
        if seen:
            fault = f"{len(seen)} of {len(here)} dev documents have ids of texts it was trained on, {min(seen)} for one"
            yield Problem(f"[distill] teacher {teacher.name}", f"{fault}: dev scores may be too good")


def ask(
    teachers: Sequence[Teacher], documents: Sequence[Document], schema: Schema, *, temperature: float = 1.0
) -> Lessons:
    """Ask the teachers about the documents, one teacher after the other, each about all of them.

    Random numbers are drawn where a model is made: call it before a run's seed is set.

    Args:
        teachers: from `teachers_of`, one at least.
        documents: what is learned from; each teacher reads all of them.
        schema: the run's.
        temperature: at which they are asked.

    Raises:
        ConfigError: a teacher's files do not fit together or were altered.
    """
    table: pa.Table | None = None
    for teacher in teachers:
        table = _summed(teacher, documents, schema, table, temperature=temperature, share=1.0 / len(teachers))
    return Lessons(table, schema)


def taught(lesson: Posteriors, passages: Sequence[Passage]) -> Iterator[dict[str, bytes]]:
    """The columns of a document's rows, one a passage; each has the labels of the whole text, as the annotation has."""
    known = lesson.words.tolist()
    start = 0
    for passage in passages:
        end = start + len(passage.words)
        assert [tuple(word) for word in known[start:end]] == [tuple(word) for word in passage.words], "other words"
        yield {TAGS: packed(lesson.tags[start:end], PRECISION), LABELS: packed(lesson.labels, PRECISION)}
        start = end
    assert start == len(known), "words are in no passage"


def packed(values: Tensor, kind: np.dtype[Any]) -> bytes:
    """The numbers of a tensor one after the other, whatever its shape."""
    return values.numpy().astype(kind).tobytes()


def unpacked(column: bytes, kind: np.dtype[Any]) -> Tensor:
    """What `packed` was given, flat: float32, or int32 of whole numbers."""
    return torch.from_numpy(np.frombuffer(column, kind).astype(_WHOLE if kind == _WHOLE else _EXACT))


def _summed(
    teacher: Teacher,
    documents: Sequence[Document],
    schema: Schema,
    before: pa.Table | None,
    *,
    temperature: float,
    share: float,
) -> pa.Table:
    """What the teachers before said, and this one's share of the mean added to it."""
    try:
        model = load(teacher.folder, device=_device())
    except ArtifactError as error:
        raise ConfigError(f"[distill] teacher: {error}") from error
    ordered = _ordering(model.schema, schema)
    earlier = repeat(None) if before is None else iter(Lessons(before, schema))
    said = map(ordered, posteriors(model, (document.article for document in documents), temperature))
    rows = (_row(_added(own, other, share)) for own, other in zip(said, earlier, strict=before is not None))
    return table_on_disk(rows, _LESSON, _mapped)


def _added(own: Posteriors, before: Posteriors | None, share: float) -> Posteriors:
    if before is None:
        return Posteriors(own.words, own.tags * share, own.labels * share)
    assert torch.equal(own.words, before.words), "words come from the text, whoever reads it"
    return Posteriors(own.words, before.tags + own.tags * share, before.labels + own.labels * share)


def _ordering(theirs: Schema, ours: Schema) -> Callable[[Posteriors], Posteriors]:
    """What puts a teacher's layers, tags and labels into the run's order."""
    same = {frozenset(layer): number for number, layer in enumerate(theirs.layers)}
    layers_here = ours.layers if ours.span_labels else ()
    places = [same[frozenset(layer)] for layer in layers_here]
    tags = [
        [tag_names(theirs.layers[place]).index(tag) for tag in tag_names(layer)]
        for place, layer in zip(places, layers_here, strict=True)
    ]
    labels = [theirs.text_labels.index(label) for label in ours.text_labels]

    def ordered(said: Posteriors) -> Posteriors:
        layers = [said.tags[:, place, own] for place, own in zip(places, tags, strict=True)]
        return Posteriors(said.words, torch.stack(layers, dim=1) if layers else said.tags, said.labels[labels])

    return ordered


def _difference(theirs: Schema, ours: Schema) -> str:
    """The first of what is distilled that one schema has and the other lacks; "" if they are alike but for order."""
    kinds = {
        "entity label": (theirs.entity_labels, ours.entity_labels),
        "event type": (theirs.event_types, ours.event_types),
        "filler": (theirs.fillers, ours.fillers),
        "text label": (theirs.text_labels, ours.text_labels),
    }
    for noun, (there, here) in kinds.items():
        for name in here:
            if name not in there:
                return f"has no {noun} {name}, which this run learns"
        for name in there:
            if name not in here:
                return f"has {noun} {name}, which this run does not learn"
    if theirs.one_text_label != ours.one_text_label:
        one, other = "exactly one of its labels", "any number of its labels"
        return f"gives each text {one if theirs.one_text_label else other}, and this run does not"
    return ""


def _device() -> str:
    """Where teachers are asked: a GPU of this process's own, if there is one."""
    return f"cuda:{os.environ.get('LOCAL_RANK', '0')}" if torch.cuda.is_available() else "cpu"


def _row(said: Posteriors) -> dict[str, bytes]:
    return {
        "words": packed(said.words, _WHOLE),
        "tags": packed(said.tags, _EXACT),
        "labels": packed(said.labels, _EXACT),
    }


def _unpacked(row: dict[str, bytes], schema: Schema) -> Posteriors:
    words = unpacked(row["words"], _WHOLE).view(-1, 2)
    tags = unpacked(row["tags"], _EXACT).view(len(words), *tag_shape(schema))
    return Posteriors(words, tags, unpacked(row["labels"], _EXACT))


def _mapped(path: str) -> pa.Table:
    return pa.ipc.open_stream(pa.memory_map(path)).read_all()
