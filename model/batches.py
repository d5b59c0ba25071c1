"""Passages joined into the tensors one call of the network takes."""

from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import TypeVar, cast

import torch
from torch import Tensor

from tocsin.model.cues import N_CUES
from tocsin.model.network import Choices, Inputs, Pairs
from tocsin.model.passages import Passage
from tocsin.model.shapes import EDGE

TensorsT = TypeVar("TensorsT", Inputs, Pairs, Choices)


def word_offsets(passages: Sequence[Passage]) -> list[int]:
    """For each passage the number of words before it in the batch."""
    return [0, *accumulate(len(passage.words) for passage in passages)][: len(passages)]


def sentence_offsets(passages: Sequence[Passage]) -> list[int]:
    """For each passage the number of sentences before it in the batch."""
    return [0, *accumulate(len(passage.sentences) for passage in passages)][: len(passages)]


def join(passages: Sequence[Passage]) -> Inputs:
    """One batch of passages, which must have a word each."""
    rows = [torch.tensor(window) for passage in passages for window in passage.windows]
    n_windows = [0, *accumulate(len(passage.windows) for passage in passages)]
    sentences = [
        (offset + start, offset + end)
        for offset, passage in zip(word_offsets(passages), passages, strict=True)
        for start, end in passage.sentences
    ]
    return Inputs(
        input_ids=_pad(rows),
        attention_mask=_pad([torch.ones_like(row) for row in rows]),
        word_window=torch.tensor(
            [before + window for before, p in zip(n_windows, passages, strict=False) for window in p.word_window]
        ),
        word_token=torch.tensor([token for passage in passages for token in passage.word_token]),
        shapes=torch.tensor([row for passage in passages for row in _with_neighbours(passage.shapes)]),
        sentences=torch.tensor(sentences),
        window_passage=torch.tensor([index for index, p in enumerate(passages) for _ in p.windows]),
    )


def _with_neighbours(shapes: Sequence[int]) -> Iterator[tuple[int, int, int]]:
    """Each shape between the one before and the one after it, never those of another passage."""
    return zip((EDGE, *shapes[:-1]), shapes, (*shapes[1:], EDGE), strict=True)


def pair_tensors(
    left: Sequence[tuple[int, int]],
    right: Sequence[tuple[int, int]],
    features: Sequence[Sequence[int]],
    *,
    n_features: int,
) -> Pairs:
    """Pairs as tensors of the right shape even where there are none."""
    return Pairs(
        left=torch.tensor(left, dtype=torch.int64).view(-1, 2),
        right=torch.tensor(right, dtype=torch.int64).view(-1, 2),
        features=torch.tensor(features, dtype=torch.int64).view(-1, n_features),
    )


def choice_tensors(spans: Sequence[tuple[int, int, int]], cues: Sequence[Sequence[float]]) -> Choices:
    """Spans to choose for as tensors of the right shape even where there are none."""
    return Choices(
        spans=torch.tensor(spans, dtype=torch.int64).view(-1, 3),
        cues=torch.tensor(cues, dtype=torch.float32).view(-1, N_CUES),
    )


def to_device(tensors: TensorsT, device: torch.device) -> TensorsT:
    """The same tensors, on a device."""
    moved = {name: tensor.to(device) for name, tensor in tensors.items()}  # type: ignore[attr-defined] # all are tensors
    return cast(TensorsT, moved)


def _pad(rows: Sequence[Tensor]) -> Tensor:
    return torch.nn.utils.rnn.pad_sequence(list(rows), batch_first=True)
