"""A bag of words says what its words say, and counts as much as the network."""

from dataclasses import replace
from math import log, sqrt
from pathlib import Path

import pytest
import torch
from transformers import AutoModel

from tocsin.data.schema import Schema
from tocsin.data.types import Article
from tocsin.model.artifact import Record, load, save, weights_hash
from tocsin.model.bag_of_words import BagOfWords
from tocsin.model.encoder import load_encoder
from tocsin.model.network import Network
from tocsin.model.prediction import Model
from tocsin.model.settings import ModelSettings
from tocsin.model.whole_text import label_shares

LABELS = Schema(text_labels=("raid", "calm"))
BAG = BagOfWords(
    ("drones", "quiet"), torch.tensor([2.0, 1.0]), torch.tensor([[3.0, -1.0], [-2.0, 4.0]]), torch.tensor([0.5, -0.5])
)


@pytest.fixture
def model(tiny_encoder: Path) -> Model:
    torch.manual_seed(1)
    body, tokenizer = load_encoder(tiny_encoder)
    settings = ModelSettings(bag_of_words=True)
    return Model(Network(body, LABELS, settings), tokenizer, LABELS, settings, bag=BAG)


def test_a_word_counts_by_how_often_it_stands_there_and_how_rare_it_is() -> None:
    drones, quiet = (1 + log(2)) * 2.0, 1.0
    length = sqrt(drones**2 + quiet**2)
    expected = [(3 * drones - 2 * quiet) / length + 0.5, (4 * quiet - drones) / length - 0.5]
    assert BAG.logits("Drones, DRONES ... and then quiet.").tolist() == pytest.approx(expected, rel=1e-5)


def test_a_text_without_known_words_is_told_by_how_frequent_labels_are() -> None:
    assert BAG.logits("Nothing of note").tolist() == BAG.logits("").tolist() == [0.5, -0.5]


def test_weights_that_do_not_fit_the_words_are_refused() -> None:
    with pytest.raises(ValueError, match=r"a bag of 1 words has \(2,\) idf and \(2, 2\) weights; expected \(1,\) and"):
        BagOfWords(("drones",), BAG.idf, BAG.weights, BAG.bias)


@pytest.mark.parametrize("exclusive", [False, True])
def test_the_log_odds_of_both_are_averaged(tiny_encoder: Path, exclusive: bool) -> None:
    schema = Schema(text_labels=("raid", "calm"), one_text_label=exclusive)
    torch.manual_seed(1)
    network = Network(AutoModel.from_pretrained(str(tiny_encoder)), schema, ModelSettings()).eval()
    windows = torch.randn(3, network.encoder.config.hidden_size)
    with torch.inference_mode():
        alone, both = label_shares(network, windows), label_shares(network, windows, BAG.logits("drones"))
    joined = (torch.logit(alone) + (BAG.logits("drones"))) / 2
    if exclusive:
        joined = (alone.log() + BAG.logits("drones")) / 2
    assert torch.allclose(both, joined.softmax(0) if exclusive else joined.sigmoid(), atol=1e-6)


def test_a_model_with_a_bag_scores_as_it_says_it_does(model: Model) -> None:
    quiet, drones = Article("All quiet at the camp."), Article("Drones hit the camp.")
    alone = Model(model.network, model.tokenizer, LABELS, model.settings)
    for article in (quiet, drones):
        before, after = (torch.tensor([*own.predict(article).label_scores.values()]) for own in (alone, model))
        expected = ((torch.logit(before) + BAG.logits(article.text)) / 2).sigmoid()
        assert torch.allclose(after, expected, atol=1e-5)


def test_it_is_kept_with_the_model(model: Model, tmp_path: Path) -> None:
    save(tmp_path / "model", model, Record({}, {}, ""))
    article = Article("Drones hit the quiet camp.")
    loaded = load(tmp_path / "model")
    assert loaded.bag is not None
    assert loaded.bag.terms == BAG.terms
    assert loaded.predict(article) == model.predict(article)


def test_models_that_differ_in_their_bag_alone_are_two_models(model: Model, tmp_path: Path) -> None:
    alone = Model(model.network, model.tokenizer, LABELS, ModelSettings())
    other = Model(model.network, model.tokenizer, LABELS, model.settings, bag=replace(BAG, bias=BAG.bias + 1))
    for name, each in (("a", model), ("b", alone), ("c", other)):
        save(tmp_path / name, each, Record({}, {}, ""))
    assert len({weights_hash(tmp_path / name) for name in "abc"}) == 3
