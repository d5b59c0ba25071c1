"""Prediction: the same path as training, any length of text, proof for every value."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Any

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from torch import Tensor

from tocsin.data.jsonl import document_from_record, document_to_record
from tocsin.data.schema import DEFAULT_SCHEMA, RELEVANCE, attacks
from tocsin.data.types import Article, DateInterval, Document
from tocsin.model.batches import join
from tocsin.model.network import N_WINDOWS, Network
from tocsin.model.passages import Reader
from tocsin.model.prediction import Model
from tocsin.train.batches import Collator, to_row
from tocsin.train.examples import examples_of

SENTENCES = (
    "On Tuesday two drones hit Camp Vale in Norland.",
    "Nobody was hurt.",
    "The Red Brigade fired rockets at Fort Dane.",
)


def test_training_and_prediction_read_a_text_the_same_way(
    tiny_model: Model, tiny_documents: tuple[Document, ...]
) -> None:
    reader = Reader(tiny_model.tokenizer, tiny_model.settings)
    for document in tiny_documents:
        examples, _ = examples_of(document, reader, DEFAULT_SCHEMA)
        trained = Collator(DEFAULT_SCHEMA)([to_row(example) for example in examples])["inputs"]
        read = join(list(reader.passages(document.article.text)))
        assert trained.keys() == read.keys()
        assert all((trained[name] == read[name]).all() for name in read)  # type: ignore[literal-required] # its own keys


@pytest.mark.parametrize(
    ("given", "told"),
    [("two drones", "str: 'two drones'"), (Document(Article("Two drones."), (), (), ()), "Document;"), (None, "None")],
    ids=["str", "document", "none"],
)
def test_what_is_no_article_is_refused(tiny_model: Model, given: Any, told: str) -> None:
    with pytest.raises(TypeError, match=rf"expected a tocsin\.Article, found a {told}"):
        tiny_model.predict(given)
    with pytest.raises(TypeError, match=r"expected a tocsin\.Article"):
        list(tiny_model.predict_many([given]))


def test_an_incident_carries_days_fillers_and_the_characters_that_prove_them(
    tiny_model: Model, tiny_documents: tuple[Document, ...]
) -> None:
    article = tiny_documents[0].article
    (incident,) = tiny_model.predict(article).incidents
    assert incident.date == DateInterval(date(2024, 4, 30), date(2024, 4, 30))
    assert (incident.targets, incident.weapons, incident.places) == (("Camp Vale",), ("drones",), ("Norland",))
    assert "Camp Vale" in [span.text(article) for span in incident.evidence]
    assert len(incident.mentions) == 2


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.one_of(st.text(max_size=200), st.lists(st.sampled_from(SENTENCES), max_size=6).map("\n".join)))
def test_any_text_gives_a_well_formed_document(tiny_model: Model, text: str) -> None:
    document = tiny_model.predict(Article(text=text, published=date(2024, 5, 2)))
    spans = [*document.entities, *(event.trigger for event in document.events)]
    assert all(span.end <= len(text) and 0.0 <= span.score <= 1.0 for span in spans)
    assert all(span.text(document.article) == span.text(document.article).strip() for span in spans)
    ordered = sorted(spans, key=lambda span: span.start)
    assert all(a.end <= b.start for a, b in pairwise(ordered))
    assert all(argument.span in document.entities for event in document.events for argument in event.arguments)
    assert sum(len(incident.mentions) for incident in document.incidents) == len(document.events)


@pytest.mark.parametrize(("logit", "share"), [(60.0, 1.0), (0.0, 0.5)], ids=["certain", "even"])
def test_an_argument_is_no_surer_than_its_trigger_and_its_entity(
    tiny_model: Model, tiny_documents: tuple[Document, ...], logit: float, share: float
) -> None:
    head = tiny_model.network.role_head
    assert head is not None
    hook = head.register_forward_hook(lambda _, __, output: torch.full_like(output, logit))
    try:
        documents = [tiny_model.predict_raw(document.article) for document in tiny_documents]
    finally:
        hook.remove()
    arguments = [(event, argument) for d in documents for event in d.events for argument in event.arguments]
    assert len(arguments) > 5
    for event, argument in arguments:
        assert 0.0 < event.score * argument.span.score < 1.0
        assert argument.score == pytest.approx(share * event.score * argument.span.score)


def test_a_text_of_many_passages_is_read_to_its_last_sentence(tiny_model: Model) -> None:
    text = "\n".join([*["Nobody was hurt in the north last night."] * 1000, SENTENCES[0]])
    document = tiny_model.predict(Article(text=text, published=date(2024, 5, 2)))
    assert document.entities[-1].text(document.article) == "Norland"
    assert any(incident.targets == ("Camp Vale",) for incident in document.incidents)


def test_the_encoder_reads_a_bounded_number_of_windows_at_a_time(tiny_model: Model) -> None:
    sizes: list[int] = []

    def note(_: object, __: object, inputs: dict[str, Tensor]) -> None:
        sizes.append(len(inputs["input_ids"]))

    hook = tiny_model.network.encoder.register_forward_pre_hook(note, with_kwargs=True)
    tiny_model.predict(Article(text=" ".join(["zqxjkvbpygfwmucl"] * 200)))  # spelled out, a letter a subword
    hook.remove()
    assert sum(sizes) > 2 * N_WINDOWS
    assert max(sizes) == N_WINDOWS


def test_mentions_in_different_passages_can_be_one_incident(
    tiny_model: Model, tiny_documents: tuple[Document, ...]
) -> None:
    article = tiny_documents[0].article
    split = Model(
        tiny_model.network,
        tiny_model.tokenizer,
        tiny_model.schema,
        type(tiny_model.settings)(max_tokens=24, overlap=6, pair_width=32, passage_words=10),
    )
    assert [len(incident.mentions) for incident in split.predict(article).incidents] == [2]


def test_mentions_without_ids_are_grouped_as_in_a_prediction(
    tiny_model: Model, tiny_documents: tuple[Document, ...]
) -> None:
    predicted = tiny_model.predict(tiny_documents[0].article)
    loose = replace(predicted, events=tuple(replace(event, incident="") for event in predicted.events), incidents=())
    regrouped = tiny_model.regroup(loose)
    assert regrouped.events == predicted.events
    assert [len(incident.mentions) for incident in regrouped.incidents] == [2]


def test_many_articles_are_a_stream_that_reads_no_further_than_asked(tiny_model: Model) -> None:
    read: list[str] = []

    def articles() -> Iterator[Article]:
        for number in range(3):
            read.append(str(number))
            yield Article(text=SENTENCES[0], id=str(number))

    stream = tiny_model.predict_many(articles())
    assert next(stream).article.id == "0"
    assert read == ["0"]


def test_an_empty_article_gives_an_empty_document(tiny_model: Model) -> None:
    document = tiny_model.predict(Article(text=""))
    assert (document.entities, document.events, document.incidents) == ((), (), ())


def test_words_the_vocabulary_drops_are_warned_of(tiny_model: Model, caplog: pytest.LogCaptureFixture) -> None:
    tiny_model.predict(Article(text="drones \u200b hit", id="odd"))
    assert caplog.messages == ["odd: 1 word has no subword in this vocabulary and was guessed at"]


def test_a_text_that_reports_no_attack_yields_no_incident_and_says_so_with_its_score(
    tiny_model: Model, tiny_documents: tuple[Document, ...]
) -> None:
    article = next(document.article for document in tiny_documents if document.incidents)
    schema = attacks((RELEVANCE,))
    torch.manual_seed(0)
    network = Network(tiny_model.network.encoder, schema, tiny_model.settings)
    missing, unexpected = network.load_state_dict(tiny_model.network.state_dict(), strict=False)
    assert not unexpected
    assert all(name.startswith("text_head.") for name in missing)
    model = Model(network, tiny_model.tokenizer, schema, tiny_model.settings)
    assert network.text_head is not None
    for bias, labels, is_open in ((9.0, [RELEVANCE], True), (-9.0, [], False)):
        torch.nn.init.zeros_(network.text_head.output.weight)
        torch.nn.init.constant_(network.text_head.output.bias, bias)
        document = model.predict(article)
        assert [label.name for label in document.labels or ()] == labels
        assert document.label_scores[RELEVANCE] == pytest.approx(float(is_open), abs=0.01)
        assert document.events == tiny_model.predict(article).events
        assert bool(document.incidents) is is_open
        back = document_from_record(document_to_record(document), schema)
        assert [incident.id for incident in back.incidents] == [incident.id for incident in document.incidents]
