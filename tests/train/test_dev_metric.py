"""The number that chooses the best epoch, task by task."""

from dataclasses import replace

import pytest

from tocsin.data.errors import DataError
from tocsin.data.schema import DEFAULT_SCHEMA, Schema
from tocsin.data.types import Article, Document, Filler, Span, Template, TextLabel
from tocsin.train.dev_metric import dev_metric, primary
from tocsin.train.scores import score

ARTICLE = Article("Raiders burned the mill at Osk.", id="a1")
RAIDERS, MILL, OSK = Span(0, 7, "Perp"), Span(15, 23, "Target"), Span(27, 30, "City")
TOKENS = Schema(entity_labels=("Perp", "Target", "City"))
FILLERS = Schema(entity_labels=("Perp", "Target"), fillers=("Perp", "Target"))
WITH_TEMPLATES = replace(FILLERS, template_types=("arson", "raid"))
MANY = Schema(text_labels=("arson", "raid"))


def fillers_of(*spans: Span) -> tuple[Filler, ...]:
    return tuple(Filler(span.label, span.text(ARTICLE), (span,)) for span in spans)


def labelled(*names: str) -> Document:
    return Document(ARTICLE, labels=tuple(map(TextLabel, names)))


def test_events_are_the_mean_of_the_layers_gold_annotates(tiny_documents: tuple[Document, ...]) -> None:
    predicted = [replace(document, entities=document.entities[1:]) for document in tiny_documents]
    scores = score(tiny_documents, predicted, DEFAULT_SCHEMA)
    f1 = [scores.micro(layer).f1 for layer in ("entities", "triggers", "arguments")]
    assert dev_metric(tiny_documents, predicted, DEFAULT_SCHEMA) == sum(f1) / 3 < 1.0


def test_a_layer_gold_does_not_annotate_is_left_out(tiny_documents: tuple[Document, ...]) -> None:
    gold = [replace(document, events=(), incidents=()) for document in tiny_documents]
    assert dev_metric(gold, tiny_documents, DEFAULT_SCHEMA) == 1.0


def test_tokens_are_the_micro_f1_of_entities() -> None:
    gold, predicted = Document(ARTICLE, (RAIDERS, MILL)), Document(ARTICLE, (RAIDERS, OSK, MILL))
    assert dev_metric([gold], [predicted], TOKENS) == 0.8


@pytest.mark.parametrize(
    ("schema", "expected"),
    [(MANY, 2 / 3), (Schema(text_labels=("arson", "raid"), one_text_label=True), 1 / 2)],
    ids=["the example F1", "the macro F1"],
)
def test_text_is_its_primary_measure(schema: Schema, expected: float) -> None:
    assert dev_metric([labelled("arson")], [labelled("arson", "raid")], schema) == pytest.approx(expected)


def test_fillers_are_scored_as_such_and_not_as_entities() -> None:
    gold = Document(ARTICLE, fillers=fillers_of(RAIDERS, MILL))
    predicted = Document(ARTICLE, (RAIDERS, MILL, replace(OSK, label="Perp")), fillers=fillers_of(RAIDERS))
    assert dev_metric([gold], [predicted], FILLERS) == pytest.approx(2 / 3)


def test_with_template_types_it_is_the_mean_of_fillers_and_templates() -> None:
    found = fillers_of(RAIDERS, MILL)
    gold = Document(ARTICLE, fillers=found, templates=(Template("arson", found),))
    predicted = Document(ARTICLE, fillers=found, templates=(Template("raid", found),))
    assert dev_metric([gold], [predicted], WITH_TEMPLATES) == 0.5
    assert dev_metric([gold], [gold], WITH_TEMPLATES) == 1.0


def test_templates_that_gold_never_has_are_left_out() -> None:
    found = fillers_of(RAIDERS)
    assert dev_metric([Document(ARTICLE, fillers=found)], [Document(ARTICLE, fillers=found)], WITH_TEMPLATES) == 1.0


@pytest.mark.parametrize("schema", [TOKENS, FILLERS, WITH_TEMPLATES, MANY, DEFAULT_SCHEMA, Schema()])
def test_nothing_annotated_is_zero_and_not_one(schema: Schema) -> None:
    assert dev_metric([Document(ARTICLE)], [Document(ARTICLE)], schema) == 0.0


def test_texts_without_any_label_on_either_side_tell_nothing() -> None:
    assert dev_metric([labelled()], [labelled()], MANY) == 0.0
    assert dev_metric([labelled()], [labelled("raid")], MANY) == 0.0


@pytest.mark.parametrize(
    ("schema", "name"),
    [
        (TOKENS, "entity_f1"),
        (replace(TOKENS, text_labels=("arson",)), "entity_f1"),
        (MANY, "example_f1"),
        (FILLERS, "filler_f1"),
        (WITH_TEMPLATES, "filler_f1"),
        (DEFAULT_SCHEMA, "entity_f1"),
        (Schema(), "entity_f1"),
    ],
)
def test_the_primary_measure_is_the_first_of_the_headline(schema: Schema, name: str) -> None:
    scores = score([Document(ARTICLE)], [Document(ARTICLE)], schema)
    assert primary(scores, schema)[0] == next(iter(scores.headline())) == name


def test_no_documents_are_refused() -> None:
    with pytest.raises(DataError, match="gold: no documents"):
        dev_metric([], [], TOKENS)
