"""What is wrong with labels, fillers and templates, by hand."""

import pytest

from tocsin.data.schema import Schema
from tocsin.data.types import Article, Document, Filler, Span, Template, TextLabel
from tocsin.train.mistakes import COST, cost, kinds, mistakes

TEXT = "Gunmen left a car bomb at the bank. The bomb hurt guards. The gunmen fled to the mill."
ARTICLE = Article(TEXT, id="a1")
MANY = Schema(text_labels=("unrest", "raid"))
ONE = Schema(text_labels=("unrest", "raid"), one_text_label=True)
ROLES = ("Weapon", "Target", "Perp")
FILLERS = Schema(ROLES, fillers=ROLES, template_types=("bombing", "arson"))


def labelled(*names: str) -> Document:
    return Document(ARTICLE, labels=tuple(map(TextLabel, names)))


def filler(role: str, *surfaces: str) -> Filler:
    spans = tuple(Span(TEXT.index(one), TEXT.index(one) + len(one), role) for one in surfaces)
    return Filler(role, max(surfaces, key=len), spans)


BOMB, BANK, MILL = filler("Weapon", "car bomb", "The bomb"), filler("Target", "bank"), filler("Target", "mill")


def filled(*fillers: Filler, **templates: tuple[Filler, ...]) -> Document:
    return Document(ARTICLE, fillers=fillers, templates=tuple(Template(*each) for each in templates.items()))


def told(gold: Document, predicted: Document, schema: Schema) -> list[tuple[str, str, str, str, int]]:
    found = mistakes(gold, predicted, schema)
    return [(one.kind, one.label, one.gold, one.predicted, one.cost) for one in found]


def test_labels_of_one_side_are_a_mistake_each() -> None:
    assert told(labelled("unrest"), labelled("raid"), MANY) == [
        ("missed text label", "unrest", "unrest", "", 1),
        ("spurious text label", "raid", "", "raid", 1),
    ]


@pytest.mark.parametrize(
    ("predicted", "expected"),
    [(("unrest",), []), (("raid",), [("raid", 2)]), ((), [("", 1)])],
    ids=["right", "another", "none"],
)
def test_where_each_text_has_one_label_the_wrong_one_is_one_mistake(
    predicted: tuple[str, ...], expected: list[tuple[str, int]]
) -> None:
    found = [("wrong text label", "unrest", "unrest", other, n) for other, n in expected]
    assert told(labelled("unrest"), labelled(*predicted), ONE) == found


def test_labels_that_gold_does_not_annotate_are_no_mistake() -> None:
    assert told(Document(ARTICLE), labelled("raid"), MANY) == []


@pytest.mark.parametrize("text", [TEXT, ""], ids=["a text", "no text"])
def test_a_wrong_label_concerns_the_whole_text_and_shows_its_first_sentence(text: str) -> None:
    article = Article(text, id="a2")
    gold, predicted = (Document(article, labels=(TextLabel(name),)) for name in ("unrest", "raid"))
    (mistake,) = mistakes(gold, predicted, ONE)
    assert (mistake.start, mistake.end) == (0, len(text))
    assert mistake.sentence == text[:35]


def test_fillers_are_missed_spurious_or_mixed() -> None:
    mixed = filler("Weapon", "car bomb", "guards")
    assert told(filled(BOMB, BANK), filled(mixed, MILL), FILLERS) == [
        ("mixed filler", "Weapon", "car bomb | The bomb", "car bomb | guards", 2),
        ("missed filler", "Target", "bank", "", 1),
        ("spurious filler", "Target", "", "mill", 1),
    ]


def test_a_filler_with_some_of_gold_s_mentions_is_no_mistake() -> None:
    assert told(filled(BOMB), filled(filler("Weapon", "The bomb")), FILLERS) == []


def test_mentions_of_fillers_are_no_mistakes_as_entities() -> None:
    gold, predicted = filled(BOMB), filled(BOMB)
    tagged = Document(ARTICLE, BOMB.spans, fillers=predicted.fillers)
    assert told(gold, tagged, FILLERS) == []


def test_a_template_without_a_partner_costs_all_its_slots() -> None:
    both = (BOMB, BANK)
    assert told(filled(*both, bombing=both), filled(*both, arson=(BANK,)), FILLERS) == [
        ("missed template", "bombing", "bombing; Weapon: car bomb; Target: bank", "", 3),
        ("spurious template", "arson", "", "arson; Target: bank", 2),
    ]


def test_a_filler_in_the_wrong_template_is_told_of_the_template() -> None:
    fillers = (BOMB, BANK, MILL)
    found = mistakes(filled(*fillers, bombing=(BOMB, BANK)), filled(*fillers, bombing=(BOMB, MILL)), FILLERS)
    assert [(one.kind, one.gold or one.predicted, one.detail) for one in found] == [
        ("missed in template", "bank", "Target of bombing"),
        ("spurious in template", "mill", "Target of bombing"),
    ]


def test_a_template_without_fillers_concerns_the_whole_text() -> None:
    (mistake,) = mistakes(filled(arson=()), filled(), FILLERS)
    assert (mistake.kind, mistake.gold, mistake.cost, mistake.end) == ("missed template", "arson", 1, len(TEXT))


def test_of_many_mentions_the_first_few_are_named() -> None:
    many = filler("Perp", "Gunmen", "gunmen", "The gunmen", "guards", "fled")
    (mistake,) = mistakes(filled(many), filled(), FILLERS)
    assert mistake.gold == "Gunmen | gunmen | The gunmen | guards | 1 more"


@pytest.mark.parametrize(
    ("schema", "layers"),
    [
        (MANY, {"labels"}),
        (ONE, {"labels"}),
        (FILLERS, {"fillers", "templates"}),
        (Schema(ROLES, fillers=ROLES[:1]), {"entities", "fillers"}),
    ],
    ids=["labels", "one label", "fillers", "fillers beside entities"],
)
def test_kinds_and_costs_are_those_of_the_schema(schema: Schema, layers: set[str]) -> None:
    assert {kind["layer"] for kind in kinds([], schema)} == layers
    assert cost(schema).startswith(COST) == ("entities" in layers)
    assert ("Filler" in cost(schema)) == ("fillers" in layers)
