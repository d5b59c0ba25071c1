"""What is annotated of a document as a whole is learned from each of its passages that shows it."""

from dataclasses import replace

import pytest
from transformers import AutoTokenizer

from tocsin.data.document_level import filler_of
from tocsin.data.schema import Schema
from tocsin.data.tags import tag_names
from tocsin.data.types import Article, Document, Span, Template, TextLabel
from tocsin.model.network import IGNORE
from tocsin.model.passages import Reader
from tocsin.model.settings import ModelSettings
from tocsin.train.examples import Example, examples_of
from tocsin.train.whole_targets import recurrences

TEXT = "two rockets hit camp vale . the rockets fired by the red brigade missed fort dane . the brigade denied it ."
SCHEMA = Schema(
    entity_labels=("Perp", "Target", "Weapon"),
    fillers=("Perp", "Target", "Weapon"),
    template_types=("attack", "raid"),
    text_labels=("war", "peace"),
)


def span(string: str) -> tuple[int, int]:
    start = TEXT.index(string)
    return start, start + len(string)


@pytest.fixture
def document() -> Document:
    perp = filler_of("Perp", [span("red brigade"), span("the brigade")], TEXT)
    weapon = filler_of("Weapon", [span("rockets")], TEXT)
    camp, fort = (filler_of("Target", [span(name)], TEXT) for name in ("camp vale", "fort dane"))
    fillers = (perp, camp, fort, weapon)
    return Document(
        Article(TEXT, id="one"),
        entities=tuple(mention for filler in fillers for mention in filler.spans),
        labels=(TextLabel("war"),),
        fillers=fillers,
        templates=(Template("attack", (perp, camp, weapon)), Template("raid", (fort,))),
    )


def examples(document: Document, tiny_encoder: object, **settings: int) -> list[Example]:
    reader = Reader(AutoTokenizer.from_pretrained(str(tiny_encoder)), ModelSettings(**settings))  # type: ignore[arg-type] # ints
    found, _ = examples_of(document, reader, SCHEMA)
    return found


def test_a_string_is_a_mention_wherever_it_stands_as_a_whole_word(document: Document) -> None:
    again = [[(TEXT[span.start : span.end], span.label) for span in spans] for spans in recurrences(document)]
    assert again == [[], [], [], [("rockets", "Weapon")]]


def test_part_of_a_word_is_no_mention() -> None:
    text = "a bomb and bombs"
    document = Document(Article(text), fillers=(filler_of("Weapon", [(2, 6)], text),))
    assert recurrences(document) == [[]]


def test_labels_and_types_are_those_of_the_document(document: Document, tiny_encoder: object) -> None:
    (example,) = examples(document, tiny_encoder)
    assert list(example.whole.labels) == [1.0, 0.0]
    assert list(example.whole.all_types) == [1.0, 1.0]
    assert [list(row) for row in example.whole.types] == [[1, 0], [1, 0], [0, 1], [1, 0]]


def test_a_text_without_labels_teaches_none(document: Document, tiny_encoder: object) -> None:
    reader = Reader(AutoTokenizer.from_pretrained(str(tiny_encoder)), ModelSettings())
    found, losses = examples_of(replace(document, labels=None), reader, SCHEMA)
    assert list(found[0].whole.labels) == [IGNORE, IGNORE]
    assert losses.unlabelled == ("one",)


def test_mentions_of_a_role_are_paired_with_whether_they_are_one_filler(
    document: Document, tiny_encoder: object
) -> None:
    (example,) = examples(document, tiny_encoder)
    words = [TEXT[a:b] for a, b in example.passage.words]
    pairs = {
        (words[left[0]], words[right[0]]): answers[0]
        for left, right, answers in zip(
            example.whole.merges.left, example.whole.merges.right, example.whole.merges.answers, strict=True
        )
    }
    assert pairs == {("red", "the"): 1.0, ("camp", "fort"): 0.0}


def test_a_filler_is_sorted_into_types_by_all_places_its_strings_stand_at(
    document: Document, tiny_encoder: object
) -> None:
    (example,) = examples(document, tiny_encoder)
    words = [TEXT[a:b] for a, b in example.passage.words]
    assert [[words[start:end] for start, end in mentions] for mentions in example.whole.mentions] == [
        [["red", "brigade"], ["the", "brigade"]],
        [["camp", "vale"]],
        [["fort", "dane"]],
        [["rockets"], ["rockets"]],
    ]


def test_either_of_two_types_is_right_where_annotators_differed(document: Document, tiny_encoder: object) -> None:
    torn = replace(document, templates=(Template("attack / raid", document.fillers),))
    (example,) = examples(torn, tiny_encoder)
    assert list(example.whole.all_types) == [1.0, 1.0]


def test_a_passage_holds_the_fillers_that_are_mentioned_in_it(document: Document, tiny_encoder: object) -> None:
    first, *rest = examples(document, tiny_encoder, passage_words=6)
    assert len(first.whole.mentions) == 2
    assert sum(len(example.whole.mentions) for example in rest) == 3  # one of them is mentioned in two passages
    assert all(list(example.whole.labels) == [1.0, 0.0] for example in rest)


def test_an_unannotated_span_stays_what_it_is() -> None:
    assert recurrences(Document(Article("two rockets"), (Span(4, 11, "Weapon"),))) == []


def test_a_filler_inside_one_of_another_role_is_learned_too(tiny_encoder: object) -> None:
    text = "men of the red brigade fired ."
    schema = Schema(entity_labels=("Org", "Person"), fillers=("Org", "Person"))
    fillers = (filler_of("Person", [(0, 22)], text), filler_of("Org", [(11, 22)], text))
    nested = Document(Article(text), tuple(span for filler in fillers for span in filler.spans), fillers=fillers)
    reader = Reader(AutoTokenizer.from_pretrained(str(tiny_encoder)), ModelSettings())
    [example], losses = examples_of(nested, reader, schema)
    assert not losses.uncovered
    assert [
        [tag_names(layer)[tag] for tag in tags] for layer, tags in zip(schema.layers, example.tags, strict=True)
    ] == [
        ["O", "O", "O", "B-Org", "I-Org", "O", "O"],
        ["B-Person", "I-Person", "I-Person", "I-Person", "I-Person", "O", "O"],
    ]
    assert example.whole.mentions == [[(0, 5)], [(3, 5)]]


def test_mentions_of_fillers_are_learned_whether_or_not_they_stand_among_the_entities(
    document: Document, tiny_encoder: object
) -> None:
    alone = replace(document, entities=())
    assert examples(alone, tiny_encoder)[0].tags == examples(document, tiny_encoder)[0].tags


def test_a_mention_that_cannot_be_learned_is_told_once_whoever_names_it(tiny_encoder: object) -> None:
    text = "camp vale . fort dane"
    across = filler_of("Target", [(5, 16)], text)
    cut = Article(text, sentences=(((0, 4), (5, 9), (10, 11)), ((12, 16), (17, 21))))
    reader = Reader(AutoTokenizer.from_pretrained(str(tiny_encoder)), ModelSettings())
    for entities in ((), across.spans):
        _, losses = examples_of(Document(cut, entities, fillers=(across,)), reader, SCHEMA)
        assert len(losses.uncovered) == 1
