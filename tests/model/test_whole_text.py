"""What a network says of a text as a whole is put together from what it says of its parts."""

import pytest
import torch
from transformers import AutoModel, AutoTokenizer

from tocsin.data.schema import Schema
from tocsin.data.types import Article, Span
from tocsin.model.decoding import Decoder, Reading
from tocsin.model.network import Network
from tocsin.model.passages import Reader
from tocsin.model.settings import ModelSettings
from tocsin.model.whole_text import WholeText

SCHEMA = Schema(entity_labels=("Org", "Person"), fillers=("Org", "Person"))
SETTINGS = ModelSettings(shape_width=0)
WIDTH = 32  # of the tiny encoder


@pytest.fixture
def network(tiny_encoder: object) -> Network:
    torch.manual_seed(0)
    return Network(AutoModel.from_pretrained(str(tiny_encoder)), SCHEMA, SETTINGS).eval()


def set_to(layer: torch.nn.Linear, biases: list[float]) -> None:
    """Make a layer give the same answers whatever it is asked."""
    with torch.no_grad():
        layer.weight.zero_()
        layer.bias.copy_(torch.tensor(biases))


def persons(article: Article, *mentions: tuple[str, float]) -> Reading:
    """Mentions as they stand in the text, each with its score."""
    spans, after = [], 0
    for string, score in mentions:
        start = article.text.index(string, after)
        after = start + len(string)
        spans.append(Span(start, after, "Person", score))
    words = tuple((index, index + 1) for index in range(len(spans)))
    return Reading(tuple(spans), (), torch.zeros(1, WIDTH), words, torch.zeros(len(spans), WIDTH), len(spans))


def test_a_filler_is_told_by_its_surest_string_wherever_that_stands(network: Network) -> None:
    assert network.merge_head is not None
    set_to(network.merge_head.output, [5.0])  # all mentions of a role are one filler
    article = Article("two men hid . armed men ran . two men fled .")
    whole = WholeText(network, SCHEMA, None)
    [filler], _ = whole.fillers(article, [persons(article, ("two men", 0.6), ("armed men", 0.9), ("two men", 0.7))])
    assert (filler.text, filler.score) == ("armed men", 0.9)
    [filler], _ = whole.fillers(article, [persons(article, ("two men", 0.6), ("armed men", 0.5), ("two men", 0.7))])
    assert [(span.start, span.score) for span in filler.spans] == [(0, 0.6), (30, 0.7)]


def test_fillers_of_two_roles_may_share_words(network: Network, tiny_encoder: object) -> None:
    assert network.tag_scores is not None
    set_to(network.tag_scores, [0.0, 0.0, 9.0, 0.0, 9.0, 0.0])  # of each role O, B, I: one long Org, a Person a word
    article = Article("drones hit camp")
    [passage] = Reader(AutoTokenizer.from_pretrained(str(tiny_encoder)), SETTINGS).passages(article.text)
    with torch.no_grad():
        [found] = Decoder(network, SCHEMA).read([passage], [article])
    assert [(span.label, span.text(article)) for span in found.entities] == [
        ("Person", "drones"),
        ("Org", "drones hit camp"),
        ("Person", "hit"),
        ("Person", "camp"),
    ]
