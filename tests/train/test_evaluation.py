"""The record of an evaluation: all that a report reads, and the same numbers as the scores themselves."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest

from tocsin.data.schema import DEFAULT_SCHEMA, Schema
from tocsin.data.types import Article, Document, Filler, Span, Template, TextLabel
from tocsin.train.counts import rounded
from tocsin.train.evaluation import MAX_DOCUMENTS, System, measured
from tocsin.train.scores import Scores, rows, score, score_each

Check = Callable[[Mapping[str, Any]], None]
REST = {  # what `measured` leaves to those who know how the predictions came about
    "kind": "evaluation",
    "title": "t",
    "reproduce": [],
    "provenance": dict.fromkeys(("date", "commit", "machine", "python", "packages")),
    "seconds": {},
    "config": None,
    "calibration": None,
    "learning_curve": None,
    "notes": [],
}


def system(*documents: Document, name: str = "a") -> System:
    return System(name, {None: documents})


@pytest.fixture
def predicted(three_documents: tuple[Document, ...], misread: Callable[..., Document]) -> tuple[Document, ...]:
    return tuple(misread(document, number, score=0.9) for number, document in enumerate(three_documents))


@pytest.fixture
def record(three_documents: tuple[Document, ...], predicted: tuple[Document, ...]) -> dict[str, Any]:
    return measured(three_documents, system(*predicted), DEFAULT_SCHEMA)


def test_it_holds_all_that_a_report_reads(record: dict[str, Any], check_record: Check) -> None:
    check_record({**REST, **record})


def test_its_numbers_are_those_of_the_scores(
    record: dict[str, Any], three_documents: tuple[Document, ...], predicted: tuple[Document, ...]
) -> None:
    scores = score(three_documents, predicted, DEFAULT_SCHEMA)
    values = {name: figures["value"] for name, figures in record["headline"].items()}
    assert values == {name: rounded(value) for name, value in scores.headline().items()}
    assert record["rows"] == [row.to_json() for row in rows(scores)]
    micro = next(row for row in record["rows"] if row["layer"] == "entities" and row["label"] == "micro")
    assert (micro["n_matched"], micro["n_predicted"], micro["n_gold"]) == (10, 13, 13)
    assert 0 < values["argument_f1"] < 1


def test_each_article_has_its_own_numbers(
    record: dict[str, Any], three_documents: tuple[Document, ...], predicted: tuple[Document, ...]
) -> None:
    each = score_each(three_documents, predicted, DEFAULT_SCHEMA)
    assert [document["headline"] for document in record["documents"]] == [
        {name: rounded(value) for name, value in scores.headline().items()} for scores in each
    ]


def test_bounds_enclose_the_value(record: dict[str, Any]) -> None:
    for figures in record["headline"].values():
        assert figures["low"] <= figures["value"] <= figures["high"]


def test_both_sides_of_an_article_are_there_with_their_scores(record: dict[str, Any]) -> None:
    first, *_ = record["documents"]
    assert (first["id"], first["published"], first["seed"]) == ("first", "2024-05-02", None)
    text = first["text"]
    gold, read = first["gold"], first["predicted"]
    assert [text[span["start"] : span["end"]] for span in gold["spans"]][:3] == ["Tuesday", "drones", "hit"]
    assert [text[span["start"] : span["end"]] for span in read["spans"]][:3] == ["Tuesda", "drones", "hit"]
    assert [span["score"] for span in read["spans"]][:3] == [0.45, 0.9, 0.9]
    assert gold["incidents"] == [
        {
            "id": "I1",
            "date": "2024-04-30",
            "attributes": {"status": "reported", "scope": "single", "outcome": "hit"},
            "fillers": {
                "target": ["Camp Vale"],
                "weapon": ["drones"],
                "date": ["Tuesday"],
                "place": ["Norland"],
                "casualty": ["Three soldiers"],
            },
            "score": 1.0,
            "countable": True,
        }
    ]
    assert read["incidents"][0]["date"] is None


def test_what_does_not_count_is_said_not_to(record: dict[str, Any]) -> None:
    second = record["documents"][1]
    assert [incident["countable"] for incident in second["gold"]["incidents"]] == [True, False]


def test_mistakes_stand_with_their_article_and_in_the_totals(record: dict[str, Any]) -> None:
    short = [(m["article"], m["predicted"]) for m in record["mistakes"]["costliest"] if m["kind"] == "wrong boundary"]
    assert sorted(short) == [("first", "Tuesda"), ("second", "rocket"), ("third", "Red Brigad")]
    of_articles = [mistake for document in record["documents"] for mistake in document["mistakes"]]
    assert record["mistakes"]["n"] == len(of_articles) == sum(kind["n"] for kind in record["mistakes"]["kinds"])
    assert all(mistake["n_seeds"] is None for mistake in of_articles)


def copies(documents: tuple[Document, ...], n: int) -> list[Document]:
    """Each document often, under other ids."""
    return [
        replace(d, article=replace(d.article, id=f"{d.article.id}-{number:03}"))
        for number in range(n)
        for d in documents
    ]


def test_of_too_many_articles_those_with_the_costliest_mistakes_are_shown_in_the_order_of_gold(
    tiny_documents: tuple[Document, ...], misread: Callable[..., Document], check_record: Check
) -> None:
    gold = copies(tiny_documents, 55)
    wrong = {"second-007", "first-054"}
    found = [misread(d, 0, score=0.9) if d.article.id in wrong else d for d in gold]
    record = measured(gold, system(*found), DEFAULT_SCHEMA)
    check_record({**REST, **record})
    shown = [document["id"] for document in record["documents"]]
    assert (len(shown), record["n_documents_left_out"]) == (MAX_DOCUMENTS, 10)
    assert wrong <= set(shown)
    assert shown == [document.article.id for document in gold if document.article.id in shown]
    assert record["data"]["documents"] == 110
    assert record["headline"]["trigger_f1"]["value"] == 1.0


def test_nothing_annotated_and_nothing_predicted_is_a_record_without_numbers(check_record: Check) -> None:
    empty = Document(Article("Nobody was hurt.", id="a"))
    record = measured([empty], system(empty), DEFAULT_SCHEMA)
    check_record({**REST, **record})
    nothing = {"value": None, "low": None, "high": None}
    assert record["headline"] == dict.fromkeys(record["headline"], nothing)
    assert record["mistakes"]["n"] == 0


def test_a_schema_without_events_gives_a_record_too(check_record: Check, tiny_documents: tuple[Document, ...]) -> None:
    labels = tuple(DEFAULT_SCHEMA.entity_labels)
    schema = Schema(entity_labels=labels)
    gold = [Document(document.article, document.entities) for document in tiny_documents]
    record = measured(gold, system(*gold), schema)
    check_record({**REST, **record})
    assert record["headline"]["entity_f1"]["value"] == 1.0
    assert list(record["headline"]) == ["entity_f1", "entity_overlap_f1"]
    assert record["classification"] == {}


def test_a_schema_of_labels_gives_a_record_of_nothing_else(check_record: Check) -> None:
    schema = Schema(text_labels=("unrest", "raid"), one_text_label=True)
    articles = [Article(f"Report {number}. It was long.", id=f"a{number}") for number in range(3)]
    gold = [Document(article, labels=(TextLabel("unrest"),)) for article in articles[:2]] + [Document(articles[2])]
    wrong = [gold[0], Document(articles[1], labels=(TextLabel("raid", 0.75),)), Document(articles[2])]
    record = measured(gold, system(*wrong), schema)
    check_record({**REST, **record})
    assert record["headline"]["label_accuracy"]["value"] == 0.5
    assert record["data"]["labels"] == {"unrest": 2, "raid": 0}
    assert record["data"]["unlabelled"] == 1
    assert {row["layer"] for row in record["rows"]} == {"labels"}
    assert record["classification"]["text label"]["confusion"] == [[1, 1], [0, 0]]
    assert [kind["kind"] for kind in record["mistakes"]["kinds"] if kind["n"]] == ["wrong text label"]
    assert record["documents"][1]["predicted"]["labels"] == [{"name": "raid", "score": 0.75}]
    assert record["documents"][2]["gold"]["labels"] is None


def test_a_schema_of_fillers_gives_a_record_with_their_mentions(check_record: Check) -> None:
    schema = Schema(("Weapon", "Target"), fillers=("Weapon", "Target"), template_types=("bombing",))
    article = Article("A bomb hit the mill. The bomb was large.", id="a1")
    bomb = Filler("Weapon", "bomb", (Span(2, 6, "Weapon"), Span(25, 29, "Weapon")))
    mill = Filler("Target", "mill", (Span(15, 19, "Target"),))
    gold = Document(article, fillers=(bomb, mill), templates=(Template("bombing", (bomb, mill)),))
    predicted = Document(article, bomb.spans, fillers=(bomb,), templates=(Template("bombing", (bomb,)),))
    record = measured([gold], system(predicted), schema)
    check_record({**REST, **record})
    assert list(record["headline"]) == ["filler_f1", "template_f1"]
    assert record["data"]["templates"] == {"bombing": 1}
    assert record["confusion"]["counts"] == [[2, 0, 0], [0, 0, 1], [0, 0, 0]]
    assert [kind["kind"] for kind in record["mistakes"]["kinds"] if kind["n"]] == [
        "missed filler",
        "missed in template",
    ]
    (document,) = record["documents"]
    assert [span["label"] for span in document["gold"]["spans"]] == ["Weapon", "Target", "Weapon"]
    assert document["predicted"]["templates"] == [{"type": "bombing", "score": 1.0, "fillers": {"Weapon": ["bomb"]}}]


def test_another_system_is_compared_on_the_same_articles(
    three_documents: tuple[Document, ...], predicted: tuple[Document, ...], check_record: Check
) -> None:
    worse, better = system(*predicted, name="runs/worse"), system(*three_documents)
    record = measured(three_documents, better, DEFAULT_SCHEMA, baselines=[worse], against=worse)
    check_record({**REST, **record})
    against, (baseline,) = record["against"], record["baselines"]
    assert (against["name"], baseline["name"]) == ("runs/worse", "runs/worse")
    assert against["measures"] == baseline["against_model"]
    lost = record["headline"]["entity_f1"]["value"] - against["headline"]["entity_f1"]["value"]
    assert against["measures"]["entity_f1"]["difference"] == pytest.approx(lost, abs=1e-4)
    assert against["measures"]["entity_f1"]["share_won"] == 1.0
    assert against["measures"]["trigger_f1"] == {"difference": 0.0, "low": 0.0, "high": 0.0, "share_won": 0.5}


def test_seeds_are_added_up_and_what_both_get_wrong_alike_is_one_mistake(
    three_documents: tuple[Document, ...], misread: Callable[..., Document], check_record: Check
) -> None:
    one = [misread(document, 0, score=0.9) for document in three_documents]
    alone = [replace(document, events=(), incidents=()) for document in one]  # the same edges, with nothing on them
    record = measured(three_documents, System("a", {7: alone, 3: one}), DEFAULT_SCHEMA)
    check_record({**REST, **record})
    assert record["seeds"] == [7, 3]
    total = score(three_documents, one, DEFAULT_SCHEMA) + score(three_documents, alone, DEFAULT_SCHEMA)
    assert record["headline"]["trigger_f1"]["value"] == rounded(total.headline()["trigger_f1"])
    assert {document["seed"] for document in record["documents"]} == {7}
    short = [m for document in record["documents"] for m in document["mistakes"] if m["kind"] == "wrong boundary"]
    assert [m["n_seeds"] for m in short] == [2, 2, 2]
    missed = [m for m in record["mistakes"]["costliest"] if m["kind"] == "missed trigger"]
    assert missed
    assert {m["n_seeds"] for m in missed} == {1}
    both = costs_alone(three_documents, one), costs_alone(three_documents, alone)
    assert boundary_costs(record["mistakes"]["costliest"]) == {name: both[0][name] + both[1][name] for name in both[0]}
    assert boundary_costs(short) == costs_alone(three_documents, alone)  # those of the seed that is shown
    assert sum(kind["cost"] for kind in record["mistakes"]["kinds"]) == sum(
        kind["cost"]
        for side in (one, alone)
        for kind in measured(three_documents, system(*side), DEFAULT_SCHEMA)["mistakes"]["kinds"]
    )


def boundary_costs(mistakes: list[dict[str, Any]]) -> dict[str, int]:
    return {m["article"]: m["cost"] for m in mistakes if m["kind"] == "wrong boundary"}


def costs_alone(gold: tuple[Document, ...], predicted: list[Document]) -> dict[str, int]:
    return boundary_costs(measured(gold, system(*predicted), DEFAULT_SCHEMA)["mistakes"]["costliest"])


def test_a_mistake_that_many_seeds_make_goes_before_a_costlier_one_of_a_single_seed(
    three_documents: tuple[Document, ...], misread: Callable[..., Document]
) -> None:
    first = three_documents[0]
    often, once = misread(first, 0, score=0.9), misread(first, 0, score=0.9)
    once = replace(once, events=once.events[1:], incidents=())  # "hit" and what hangs on it
    found = {seed: [often] for seed in range(9)} | {9: [once]}
    costliest = measured([first], System("a", found), DEFAULT_SCHEMA)["mistakes"]["costliest"]
    assert [(m["kind"], m["n_seeds"]) for m in costliest[:2]] == [("wrong boundary", 10), ("missed trigger", 1)]
    costs = [m["cost"] for m in costliest]
    assert costs == sorted(costs, reverse=True)  # those of all seeds together


def test_what_one_system_predicts_twice_is_not_the_mistake_of_two_seeds(three_documents: tuple[Document, ...]) -> None:
    third = three_documents[2]
    extra = replace(third.entities[0], start=third.entities[0].end + 1, end=third.entities[0].end + 2)
    twice = replace(third, entities=(*third.entities, extra, extra))
    record = measured([third], system(twice), DEFAULT_SCHEMA)
    assert record["mistakes"]["n"] == 2
    assert [mistake["n_seeds"] for mistake in record["mistakes"]["costliest"]] == [None]
    both = measured([third], System("a", {1: [twice], 2: [third]}), DEFAULT_SCHEMA)
    assert [mistake["n_seeds"] for mistake in both["mistakes"]["costliest"]] == [1]


def test_the_same_documents_give_the_same_record(
    three_documents: tuple[Document, ...], predicted: tuple[Document, ...], record: dict[str, Any]
) -> None:
    again = measured(three_documents, system(*predicted), DEFAULT_SCHEMA)
    assert json.dumps(again) == json.dumps(record)


def test_parts_are_the_articles_of_all_seeds_together(
    three_documents: tuple[Document, ...], predicted: tuple[Document, ...]
) -> None:
    parts = System("a", {1: predicted, 2: three_documents}).parts(three_documents, DEFAULT_SCHEMA)
    both = [score_each(three_documents, side, DEFAULT_SCHEMA) for side in (predicted, three_documents)]
    assert parts == [sum(pair, Scores()) for pair in zip(*both, strict=True)]
