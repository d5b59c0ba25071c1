"""What of an annotation can be learned from, and what is listed because it cannot."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from transformers import AutoTokenizer

from tocsin.data.schema import DEFAULT_SCHEMA
from tocsin.data.tags import tag_names
from tocsin.data.types import Argument, Article, Document, Event, Span
from tocsin.model.passages import Reader
from tocsin.model.settings import ModelSettings
from tocsin.train.examples import examples_of

TAGS = tag_names(DEFAULT_SCHEMA.span_labels)
ATTRIBUTES = {"status": "reported", "scope": "single", "outcome": "hit"}


@pytest.fixture
def reader(tiny_encoder: Path) -> Reader:
    tokenizer: Any = AutoTokenizer.from_pretrained(tiny_encoder)
    return Reader(tokenizer, ModelSettings(max_tokens=24, overlap=6))


def test_tags_stand_at_the_words_of_their_spans(reader: Reader, annotate: Callable[..., Document]) -> None:
    document = annotate(Article("Drones hit Camp Vale."), {"Camp Vale": "BASE", "Drones": "WEAPON"}, [])
    (example,), losses = examples_of(document, reader, DEFAULT_SCHEMA)
    assert [TAGS[tag] for tag in example.tags[0]] == ["B-WEAPON", "O", "B-BASE", "I-BASE", "O"]
    assert (losses.widened, losses.uncovered, losses.arguments) == ((), (), ())


def test_a_span_with_an_edge_inside_a_word_is_widened_and_listed(reader: Reader) -> None:
    document = Document(Article("Near Valein the north.", id="a"), (Span(5, 9, "LOCATION"),))
    (example,), losses = examples_of(document, reader, DEFAULT_SCHEMA)
    assert [TAGS[tag] for tag in example.tags[0]][:2] == ["O", "B-LOCATION"]
    assert losses.widened == ("a [5, 9) LOCATION 'Vale'",)


def test_a_span_across_two_sentences_is_listed_and_not_learned(reader: Reader) -> None:
    document = Document(Article("They hit Vale. Dane fell.", id="a"), (Span(9, 19, "LOCATION"),))
    (example,), losses = examples_of(document, reader, DEFAULT_SCHEMA)
    assert {TAGS[tag] for tag in example.tags[0]} == {"O"}
    assert losses.uncovered == ("a [9, 19) LOCATION 'Vale. Dane'",)


def test_an_argument_in_another_sentence_is_listed_and_not_learned(reader: Reader) -> None:
    text = "Drones came. They struck Vale."
    weapon, trigger = Span(0, 6, "WEAPON"), Span(18, 24, "ATTACK")
    document = Document(
        Article(text, id="a"), (weapon,), (Event(trigger, (Argument("weapon", weapon),), ATTRIBUTES, "I1"),)
    )
    (example,), losses = examples_of(document, reader, DEFAULT_SCHEMA)
    assert example.arguments.answers == []
    assert losses.arguments == ("a [18, 24) ATTACK 'struck': weapon 'Drones'",)


def test_every_entity_of_a_triggers_sentence_is_asked_about_with_the_right_answer(
    reader: Reader, annotate: Callable[..., Document]
) -> None:
    document = annotate(
        Article("Drones hit Vale on Monday. Nobody saw Dane."),
        {"Drones": "WEAPON", "Vale": "LOCATION", "Monday": "DATE", "Dane": "LOCATION"},
        [("hit", {"Drones": "weapon", "Monday": "date"}, ATTRIBUTES, "I1")],
    )
    (example,), _ = examples_of(document, reader, DEFAULT_SCHEMA)
    roles = [role.name for role in DEFAULT_SCHEMA.roles]
    played = [[role for role, answer in zip(roles, row, strict=True) if answer] for row in example.arguments.answers]
    assert played == [["weapon"], [], ["date"]]


def test_mentions_of_one_incident_are_linked_and_others_are_not(
    reader: Reader, annotate: Callable[..., Document]
) -> None:
    document = annotate(
        Article("They hit Vale. The raid failed. A strike is feared."),
        {},
        [("hit", {}, ATTRIBUTES, "I1"), ("raid", {}, ATTRIBUTES, "I1"), ("strike", {}, ATTRIBUTES, "I2")],
    )
    (example,), _ = examples_of(document, reader, DEFAULT_SCHEMA)
    assert example.links.answers == [1.0, 0.0, 0.0]
