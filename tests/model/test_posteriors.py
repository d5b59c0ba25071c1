"""What a model holds possible of a text is told word by word, whatever its windows and whatever is read beside it."""

from pathlib import Path

import pytest
import torch

from tocsin.data.schema import Schema
from tocsin.data.tags import tag_names, tags_to_spans
from tocsin.data.types import Article, Document
from tocsin.data.words import words
from tocsin.model.encoder import load_encoder
from tocsin.model.network import Network
from tocsin.model.posteriors import posteriors
from tocsin.model.prediction import Model
from tocsin.model.settings import ModelSettings

LONG = Article("Two drones hit Camp Vale in Norland. " * 20 + "The Red Brigade said it fired rockets at Fort Dane.")
ROLES = Schema(entity_labels=("BASE", "ACTOR"), fillers=("BASE", "ACTOR"), text_labels=("raid", "calm"))


def untrained(encoder: Path, schema: Schema, **settings: int) -> Model:
    chosen = ModelSettings(max_tokens=24, overlap=6, **settings)  # type: ignore[arg-type] # whole numbers
    torch.manual_seed(3)
    body, tokenizer = load_encoder(encoder)
    return Model(Network(body, schema, chosen), tokenizer, schema, chosen)


@pytest.mark.parametrize("passage_words", [2000, 30], ids=["one-passage", "many"])
def test_every_word_of_a_long_text_is_told_once_with_shares_that_add_up_to_one(
    tiny_encoder: Path, passage_words: int
) -> None:
    (said,) = posteriors(untrained(tiny_encoder, ROLES, passage_words=passage_words), [LONG])
    assert [tuple(word) for word in said.words.tolist()] == words(LONG.text)
    assert said.tags.shape == (len(said.words), 2, 3)  # O, B- and I- of each role
    assert torch.allclose(said.tags.sum(dim=-1), torch.ones(()), atol=1e-4)


def test_the_likeliest_tags_of_a_trained_model_are_what_it_predicts(
    tiny_model: Model, tiny_documents: tuple[Document, ...]
) -> None:
    article = tiny_documents[0].article
    (said,) = posteriors(tiny_model, [article])
    names = tag_names(tiny_model.schema.span_labels)
    spans = tags_to_spans([names[tag] for tag in said.tags[:, 0].argmax(dim=-1).tolist()])
    told = {(int(said.words[a.start, 0]), int(said.words[a.end - 1, 1]), a.label) for a in spans}
    predicted = tiny_model.predict_raw(article)
    expected = [*predicted.entities, *(event.trigger for event in predicted.events)]
    assert told == {(span.start, span.end, span.label) for span in expected}


def test_texts_that_are_read_together_are_told_as_if_they_were_alone(tiny_encoder: Path) -> None:
    model = untrained(tiny_encoder, ROLES, passage_words=30)
    articles = [Article("No one was hurt."), LONG, Article(" "), Article("Drones hit Camp Vale on Monday night.")]
    for article, together in zip(articles, posteriors(model, articles), strict=True):
        (alone,) = posteriors(model, [article])
        assert torch.equal(together.words, alone.words)
        assert torch.allclose(together.tags, alone.tags, atol=1e-5)
        assert torch.allclose(together.labels, alone.labels, atol=1e-5)


@pytest.mark.parametrize("one", [True, False], ids=["one-of-them", "any"])
def test_labels_have_the_shares_that_prediction_gives_them_as_scores(tiny_encoder: Path, *, one: bool) -> None:
    model = untrained(tiny_encoder, Schema(text_labels=("raid", "calm"), one_text_label=one), passage_words=30)
    (said,) = posteriors(model, [LONG])
    assert said.labels.tolist() == pytest.approx(list(model.predict_raw(LONG).label_scores.values()), abs=1e-5)
    assert said.tags.shape == (len(said.words), 0, 0)
