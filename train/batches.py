"""Examples as rows of a `datasets.Dataset`, and rows joined into what one training step takes."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, TypedDict

import torch
from torch import Tensor

from tocsin.data.schema import Schema, span_attributes
from tocsin.model.batches import choice_tensors, join, pair_tensors, sentence_offsets, word_offsets
from tocsin.model.features import link_sizes, pair_sizes
from tocsin.model.fillers import merge_sizes
from tocsin.model.network import Choices, Fillers, Inputs, Pairs, Targets
from tocsin.model.passages import Passage
from tocsin.train.examples import Example
from tocsin.train.targets import LinkTargets, PairTargets, WholeTargets

Row = Mapping[str, Any]


LENGTH = "length"  # the column by which examples of like length are batched
FEATURES = {"example": "string", LENGTH: "int32"}


def to_row(example: Example) -> Row:
    """The example as JSON, which any schema's fits, and how many subwords are read for it."""
    return {"example": json.dumps(asdict(example)), LENGTH: sum(map(len, example.passage.windows))}


def from_row(row: Row) -> Example:
    """What `to_row` was given, tuples having become lists."""
    row = json.loads(row["example"])
    whole = row["whole"]
    return Example(
        passage=Passage(**row["passage"]),
        tags=row["tags"],
        arguments=PairTargets(**row["arguments"]),
        links=LinkTargets(**row["links"]),
        spans=row["spans"],
        cues=row["cues"],
        values=row["values"],
        whole=WholeTargets(**{**whole, "merges": PairTargets(**whole["merges"])}),
    )


class Collator:
    """Joins rows into one batch; indices of words and sentences are shifted to count through it."""

    def __init__(self, schema: Schema) -> None:
        """For rows of a schema."""
        self._schema = schema

    def __call__(self, rows: Sequence[Row]) -> dict[str, Inputs | Targets]:
        examples = [from_row(row) for row in rows]
        passages = [example.passage for example in examples]
        shifts = word_offsets(passages)
        arguments = [example.arguments for example in examples]
        targets = Targets(
            tags=torch.cat([torch.tensor(example.tags).t() for example in examples]),
            arguments=_pairs(arguments, shifts, len(pair_sizes(self._schema))),
            roles=_table([row for part in arguments for row in part.answers], len(self._schema.roles), torch.float32),
            links=_table(
                [row for example in examples for row in example.links.features],
                len(link_sizes(self._schema)),
                torch.int64,
            ),
            same=torch.tensor([a for example in examples for a in example.links.answers], dtype=torch.float32),
            choices={name: _choices(examples, name) for name in span_attributes(self._schema)},
            values={
                name: torch.tensor([value for example in examples for value in example.values[name]], dtype=torch.int64)
                for name in span_attributes(self._schema)
            },
            **_whole_targets(examples, self._schema),
        )
        return {"inputs": join(passages), "targets": targets}


class _OfWholes(TypedDict):
    """The part of `Targets` that is of texts as a whole."""

    labels: Tensor
    merges: Pairs
    merged: Tensor
    fillers: Fillers
    types: Tensor
    all_types: Tensor


def _whole_targets(examples: Sequence[Example], schema: Schema) -> _OfWholes:
    shifts = word_offsets([example.passage for example in examples])
    wholes = [example.whole for example in examples]
    merges = [whole.merges for whole in wholes]
    n_types = len(schema.template_types)
    return _OfWholes(
        labels=_table([whole.labels for whole in wholes], len(schema.text_labels), torch.float32),
        merges=_pairs(merges, shifts, len(merge_sizes(schema))),
        merged=torch.tensor([a for part in merges for (a,) in part.answers], dtype=torch.float32),
        fillers=_fillers(wholes, shifts),
        types=_table([row for whole in wholes for row in whole.types], n_types, torch.float32),
        all_types=_table([whole.all_types for whole in wholes], n_types, torch.float32),
    )


def _fillers(wholes: Sequence[WholeTargets], shifts: Sequence[int]) -> Fillers:
    groups = [(index, mentions) for index, whole in enumerate(wholes) for mentions in whole.mentions]
    spans = [(a + shifts[index], b + shifts[index]) for index, mentions in groups for a, b in mentions]
    owner = [number for number, (_, mentions) in enumerate(groups) for _ in mentions]
    return Fillers(
        mentions=_table(spans, 2, torch.int64),
        owner=torch.tensor(owner, dtype=torch.int64),
        passage=torch.tensor([index for index, _ in groups], dtype=torch.int64),
    )


def _pairs(parts: Sequence[PairTargets], shifts: Sequence[int], n_features: int) -> Pairs:
    return pair_tensors(
        [(a + shift, b + shift) for part, shift in zip(parts, shifts, strict=True) for a, b in part.left],
        [(a + shift, b + shift) for part, shift in zip(parts, shifts, strict=True) for a, b in part.right],
        [features for part in parts for features in part.features],
        n_features=n_features,
    )


def _table(rows: Sequence[Sequence[float]], width: int, kind: torch.dtype) -> Tensor:
    """Rows as a tensor of the right shape even where there are none."""
    return torch.tensor(rows, dtype=kind).reshape(len(rows), width)


def _choices(examples: Sequence[Example], name: str) -> Choices:
    passages = [example.passage for example in examples]
    rows = [
        (start + words, end + words, sentence + sentences)
        for example, words, sentences in zip(examples, word_offsets(passages), sentence_offsets(passages), strict=True)
        for start, end, sentence in example.spans[name]
    ]
    return choice_tensors(rows, [cues for example in examples for cues in example.cues[name]])
