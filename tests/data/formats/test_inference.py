"""The label set that documents use: what is found, and what is told where there is too little."""

import pytest

from tocsin.data.errors import DataError
from tocsin.data.formats.inference import Task, schema_of
from tocsin.data.schema import Attribute, Role, Schema
from tocsin.data.types import Argument, Article, Document, Event, Filler, Span, Template, TextLabel

ARTICLE = Article("Rockets hit Fort Orle on Friday.")
WEAPON, BASE = Span(0, 7, "WEAPON"), Span(12, 21, "BASE", attributes={"size": 3, "kind": "fort"})
RAID = Event(Span(8, 11, "RAID"), (Argument("tool", WEAPON), Argument("aim", BASE)), {"status": "claimed"})


def labelled(*names: str) -> Document:
    return Document(ARTICLE, labels=tuple(map(TextLabel, names)))


def test_labels_of_entities_are_found_in_sorted_order() -> None:
    assert schema_of([Document(ARTICLE, (WEAPON, BASE))], "tokens") == Schema(entity_labels=("BASE", "WEAPON"))


def test_of_events_roles_are_found_with_what_fills_them_and_attributes_with_their_values() -> None:
    denied = Event(Span(8, 11, "RAID"), (Argument("aim", WEAPON),), {"status": "denied"})
    assert schema_of([Document(ARTICLE, (WEAPON, BASE), (RAID, denied))], "events") == Schema(
        entity_labels=("BASE", "WEAPON"),
        event_types=("RAID",),
        roles=(Role("aim", ("BASE", "WEAPON")), Role("tool", ("WEAPON",))),
        attributes=(Attribute("status", ("claimed", "denied")),),
        entity_attributes={"BASE": (Attribute("kind", ("fort",)), Attribute("size"))},
    )


def test_fillers_are_labels_of_entities_and_templates_have_types() -> None:
    filler = Filler("Weapon", "Rockets", (Span(0, 7, "Weapon"),))
    document = Document(ARTICLE, fillers=(filler,), templates=(Template("bombing / attack", (filler,)),))
    assert schema_of([document], "fillers") == Schema(
        entity_labels=("Weapon",), fillers=("Weapon",), template_types=("attack", "bombing")
    )


@pytest.mark.parametrize(
    ("texts", "names", "is_one"),
    [
        ([("unrest",), ("weather",)], ("unrest", "weather"), True),
        ([("unrest",), ()], ("unrest",), False),
        ([("unrest",), ("unrest", "weather")], ("unrest", "weather"), False),
        ([("unrest",), ("weather",), ()], ("unrest", "weather"), False),
    ],
)
def test_each_text_has_one_label_only_if_there_are_several_to_choose_from(
    texts: list[tuple[str, ...]], names: tuple[str, ...], is_one: bool
) -> None:
    documents = [Document(ARTICLE), *(labelled(*text) for text in texts)]
    assert schema_of(documents, "text") == Schema(text_labels=names, one_text_label=is_one)


def test_one_class_only_is_told() -> None:
    with pytest.raises(DataError, match="one class only: every text is labelled unrest"):
        schema_of([labelled("unrest"), labelled("unrest")], "text")


@pytest.mark.parametrize("task", ["tokens", "text", "events", "fillers"])
def test_what_is_missing_for_a_task_is_told(task: Task) -> None:
    with pytest.raises(DataError, match=f"for task {task} is not in any of 2 documents; found nothing annotated"):
        schema_of([Document(ARTICLE), labelled()], task)
    with pytest.raises(DataError, match="no document"):
        schema_of([], task)


def test_what_is_there_instead_is_told() -> None:
    with pytest.raises(DataError, match=r"is not in the document; found entities \(tokens\), events \(events\);"):
        schema_of([Document(ARTICLE, (WEAPON, BASE), (RAID,))], "text")


def test_a_label_of_entities_and_of_events_is_told() -> None:
    with pytest.raises(DataError, match="RAID: labels of entities in some places, types of events in others"):
        schema_of([Document(ARTICLE, (Span(8, 11, "RAID"),), (RAID,))], "events")


def test_an_attribute_that_is_a_number_and_a_name_is_told() -> None:
    spans = (Span(0, 7, "X", attributes={"size": 3}), Span(8, 11, "X", attributes={"size": "big"}))
    with pytest.raises(DataError, match="attribute size is 'big' in one place and 3 in another"):
        schema_of([Document(ARTICLE, spans, (Event(Span(12, 16, "RAID")),))], "events")
