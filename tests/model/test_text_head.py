"""A text is labelled from all its windows, however they are pooled and whatever text lies beside it."""

from typing import Literal

import pytest
import torch

from tocsin.model.heads import TextHead, group_means, window_means
from tocsin.model.settings import ModelSettings

POOLINGS: tuple[Literal["mean", "max", "learned"], ...] = ("mean", "max", "learned")


def head(pooling: Literal["mean", "max", "learned"]) -> TextHead:
    torch.manual_seed(0)
    return TextHead(4, ("a", "b"), ModelSettings(pooling=pooling)).eval()


@pytest.mark.parametrize("pooling", POOLINGS)
def test_a_text_is_labelled_the_same_beside_a_longer_one(pooling: Literal["mean", "max", "learned"]) -> None:
    own, windows = head(pooling), torch.randn(5, 4)
    alone = own(windows[:2], torch.tensor([0, 0]))
    beside = own(windows, torch.tensor([0, 0, 1, 1, 1]))
    assert torch.allclose(alone[0], beside[0], atol=1e-6)


def test_max_pooling_takes_the_window_that_says_most_for_each_label() -> None:
    own, windows = head("max"), torch.randn(3, 4)
    each = torch.cat([own(windows[i : i + 1], torch.tensor([0])) for i in range(3)])
    assert torch.allclose(own(windows, torch.tensor([0, 0, 0]))[0], each.amax(dim=0), atol=1e-6)


def test_mean_pooling_takes_the_mean_of_what_the_windows_say() -> None:
    own, windows = head("mean"), torch.randn(3, 4)
    each = torch.cat([own(windows[i : i + 1], torch.tensor([0])) for i in range(3)])
    assert torch.allclose(own(windows, torch.tensor([0, 0, 0]))[0], each.mean(dim=0), atol=1e-6)


def test_learned_pooling_of_one_window_is_that_window() -> None:
    own, window = head("learned"), torch.randn(1, 4)
    same = window.repeat(3, 1)
    assert torch.allclose(own(window, torch.tensor([0])), own(same, torch.tensor([0, 0, 0])), atol=1e-6)


def test_padding_is_no_part_of_a_window() -> None:
    hidden = torch.tensor([[[1.0], [3.0], [100.0]]])
    assert window_means(hidden, torch.tensor([[1, 1, 0]])).tolist() == [[2.0]]


def test_a_group_of_one_row_is_that_row() -> None:
    rows = torch.tensor([[1.0], [2.0], [4.0]])
    assert group_means(rows, torch.tensor([0, 1, 1]), 2).tolist() == [[1.0], [3.0]]
