"""Labels that few texts have count more, the more so the rarer they are; nothing else changes."""

from dataclasses import replace

import pytest
import torch

from tocsin.data.schema import Schema
from tocsin.data.types import Article, Document, TextLabel
from tocsin.model.network import label_loss
from tocsin.train.config import OptimSettings, RunConfig
from tocsin.train.label_weights import label_weights
from tocsin.train.preparation import prepare

LABELS = Schema(text_labels=("raid", "siege", "never"))


def labelled(*names: str) -> Document:
    return Document(Article("Rain fell."), labels=tuple(map(TextLabel, names)))


def test_a_label_counts_as_the_root_of_how_many_texts_lack_it_to_one_that_has_it() -> None:
    documents = [labelled("raid", "siege"), *[labelled("raid")] * 6, *[labelled()] * 3]
    assert torch.allclose(label_weights(documents, LABELS), torch.tensor([1.0, 3.0, 3.0]))


def test_texts_that_nobody_labelled_are_not_counted() -> None:
    documents = [labelled("raid"), *[labelled()] * 4]
    unlabelled = [replace(labelled(), labels=None)] * 9
    assert torch.equal(label_weights([*documents, *unlabelled], LABELS), label_weights(documents, LABELS))


def test_the_loss_of_a_text_that_has_the_label_is_that_many_times_as_large() -> None:
    logits = torch.tensor([[0.3, -1.2], [2.0, 0.1]])
    targets, weights = torch.tensor([[1.0, 0.0], [0.0, 1.0]]), torch.tensor([1.0, 5.0])
    plain, weighted = (label_loss(logits, targets, exclusive=False, weights=w) for w in (None, weights))
    of_the_rare = -torch.log(torch.sigmoid(logits[1, 1]))
    assert (weighted - plain).item() == pytest.approx(4 * of_the_rare.item() / len(logits))


@pytest.mark.parametrize(("is_asked", "is_one_of"), [(True, False), (True, True), (False, False)])
def test_they_are_taken_where_they_are_asked_for_and_texts_have_any_number_of_labels(
    is_asked: bool, is_one_of: bool, tiny_config: RunConfig
) -> None:
    schema = replace(LABELS, one_text_label=is_one_of)
    documents = [labelled("raid"), *[labelled("siege")] * 9]
    config = replace(tiny_config, task="text", optim=OptimSettings(class_weights=is_asked))
    network = prepare(config, schema, documents, ()).model.network
    assert (network.label_weights is not None) == (is_asked and not is_one_of)
    assert "label_weights" not in network.state_dict()
