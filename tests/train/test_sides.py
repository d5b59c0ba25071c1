"""What cannot be compared is refused, and the error says which side has it and what to do."""

import pytest

from tocsin.data.errors import DataError
from tocsin.data.schema import Role, Schema
from tocsin.data.types import Argument, Article, Document, Event, Filler, Incident, Span
from tocsin.train.sides import pair_documents

SCHEMA = Schema(("BASE", "WEAPON"), ("RAID",), (Role("target", ("BASE",)), Role("means", ("WEAPON",))))
ARTICLE = Article("A raid by night left Camp Vale in ruins.", id="a1")
WHOLE = Document(ARTICLE, (Span(21, 30, "BASE"),), (Event(Span(2, 6, "RAID")),))


def refused(gold: list[Document], predicted: list[Document]) -> list[str]:
    with pytest.raises(DataError) as raised:
        pair_documents(gold, predicted, SCHEMA)
    return str(raised.value).splitlines()


def test_documents_are_paired_by_id_in_the_order_of_gold() -> None:
    other = Document(Article("Nothing happened.", id="a2"))
    assert pair_documents([WHOLE, other], [other, WHOLE], SCHEMA) == [(WHOLE, WHOLE), (other, other)]


def test_no_gold_is_refused() -> None:
    assert refused([], [WHOLE]) == [
        "gold: no documents; expected at least one to compare the predictions with",
    ]


def test_articles_that_only_one_side_has_are_named() -> None:
    gold = [Document(Article("One.", id=f"a{n}")) for n in range(8)]
    assert refused(gold, [Document(Article("One.", id="b1"))]) == [
        "predicted: no document for a0, a1, a2, a3, a4 and 3 more; predict every article of gold",
        "gold: no document for b1; predict only articles of gold",
    ]


def test_an_article_given_twice_is_refused() -> None:
    assert refused([WHOLE], [WHOLE, WHOLE]) == [
        "predicted: more than one document with id a1; give each article once",
    ]


def test_another_text_under_the_same_id_is_refused_and_shown() -> None:
    gold, predicted = Document(Article("Rockets fell.", id="a1")), Document(Article("Rockets  fell.", id="a1"))
    (line,) = refused([gold], [predicted])
    assert "under a1; the first differ from character 8 on: ' fell.', expected 'fell.'" in line


def with_role(role: str) -> Document:
    return Document(ARTICLE, events=(Event(Span(2, 6, "RAID"), (Argument(role, Span(21, 30, "BASE")),)),))


def with_filler(role: str) -> Document:
    filler = Filler(role, "Camp Vale", (Span(21, 30, "BASE"),))
    return Document(ARTICLE, incidents=(Incident("I1", (), (filler,)),))


@pytest.mark.parametrize(
    ("odd", "expected"),
    [
        (Document(ARTICLE, (Span(21, 30, "CAMP"),)), "entity label 'CAMP' {}; expected one of: BASE, WEAPON; {}"),
        (Document(ARTICLE, events=(Event(Span(2, 6, "FEAST")),)), "event type 'FEAST' {}; expected one of: RAID; {}"),
        (with_role("aim"), "role 'aim' {}; expected one of: target, means; {}"),
        (with_filler("aim"), "role 'aim' {}; expected one of: target, means; {}"),
    ],
    ids=["entity label", "event type", "role of an event", "role of an incident"],
)
@pytest.mark.parametrize("side", ["gold", "predicted"])
def test_a_name_that_the_schema_does_not_have_is_refused(side: str, odd: Document, expected: str) -> None:
    gold, predicted = (odd, WHOLE) if side == "gold" else (WHOLE, odd)
    where, what = "is not in the schema, first in document a1", "correct the name, or give the schema it is of"
    assert refused([gold], [predicted]) == [f"{side}: {expected.format(where, what)}"]


def test_an_unknown_name_is_told_once_with_the_first_document_that_has_it() -> None:
    odd = [Document(Article("Camp Vale", id=f"a{n}"), (Span(0, 9, "CAMP"),) if n else ()) for n in range(4)]
    (line,) = refused([Document(document.article) for document in odd], odd)
    assert "first in document a1;" in line
