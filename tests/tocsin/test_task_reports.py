"""Tables and reports of the tasks that have no events: labels of texts, tokens, role fillers."""

from collections.abc import Mapping
from typing import Any

import pytest
from rich.console import Console

from tocsin.data.schema import Schema
from tocsin.data.types import Article, Document, Filler, Span, Template, TextLabel
from tocsin.report import html
from tocsin.report_markdown import markdown
from tocsin.scoreboard import scoreboard
from tocsin.train.candidates import Candidate, evaluation_record

TEXT = "A bomb hit the mill. The bomb was large."
ARTICLES = [Article(TEXT, id=f"a{number}") for number in range(2)]
BOMB = Filler("Weapon", "bomb", (Span(2, 6, "Weapon"), Span(25, 29, "Weapon")))
MILL = Filler("Target", "mill", (Span(15, 19, "Target"),))
LABELS = Schema(text_labels=("unrest", "raid"), one_text_label=True)
TOKENS = Schema(entity_labels=("Weapon", "Target"))
FILLERS = Schema(("Weapon", "Target"), fillers=("Weapon", "Target"), template_types=("bombing",))


def labelled(*names: str) -> list[Document]:
    return [Document(article, labels=(TextLabel(name),)) for article, name in zip(ARTICLES, names, strict=True)]


def tagged(*spans: Span) -> list[Document]:
    return [Document(article, spans) for article in ARTICLES]


def filled(*fillers: Filler) -> list[Document]:
    return [Document(article, fillers=fillers, templates=(Template("bombing", fillers),)) for article in ARTICLES]


def recorded(schema: Schema, gold: list[Document], predicted: list[Document]) -> Mapping[str, Any]:
    candidate = Candidate("p.jsonl", schema, None, lambda documents, tell: predicted)
    return evaluation_record(gold, candidate, title="t", reproduce=["tocsin"], tell=lambda done, number: None)


RECORDS = {
    "labels": recorded(LABELS, labelled("unrest", "raid"), labelled("unrest", "unrest")),
    "tokens": recorded(TOKENS, tagged(*BOMB.spans), tagged(BOMB.spans[0])),
    "fillers": recorded(FILLERS, filled(BOMB, MILL), filled(BOMB)),
}
FOREIGN = ("trigger", "incident", "argument", "attribute")  # words of events


def printed(record: Mapping[str, Any]) -> str:
    console = Console(width=120, color_system=None)
    with console.capture() as captured:
        for part in scoreboard(record):
            console.print(part)
    return captured.get()


@pytest.mark.parametrize(
    ("task", "expected"),
    [
        ("labels", ["label macro F1   0.333", "label accuracy   0.500", "wrong text label"]),
        ("tokens", ["entity F1           0.667", "F1 overlap", "missed entity"]),
        ("fillers", ["filler F1     0.667", "template F1   0.800", "missed filler", "missed in template"]),
    ],
)
def test_the_terminal_shows_the_measures_of_the_task_and_no_others(task: str, expected: list[str]) -> None:
    shown = printed(RECORDS[task])
    assert [words for words in expected if words not in shown] == []
    assert [word for word in FOREIGN if word in shown] == []
    assert ("F1 overlap" in shown) == (task == "tokens")


@pytest.mark.parametrize("task", RECORDS)
def test_the_page_and_its_summary_can_be_made_and_speak_of_the_task_only(task: str) -> None:
    page, summary = html(RECORDS[task]), markdown(RECORDS[task])
    assert ("0 incidents" in page, "Spans, triggers" in page) == (False, task == "tokens")
    assert ("Exact spans" in summary, "overlap F1" in summary) == (task == "tokens", task == "tokens")


def test_the_page_shows_the_labels_of_both_sides_and_which_was_taken_for_which() -> None:
    page = html(RECORDS["labels"])
    assert "<h4>Labels, gold</h4>" in page
    assert '<span class="chip">unrest 1.000</span>' in page
    assert "Over 2 articles: accuracy 0.500" in page
    assert "labels: unrest 1, raid 1" in page
    assert "Confidence" not in page


def test_the_page_shows_fillers_templates_and_their_mentions() -> None:
    page = html(RECORDS["fillers"])
    assert "<h4>1 template, predicted</h4>" in page
    assert "<dt>Target</dt><dd>mill</dd>" in page
    assert page.count('data-label="Target\u00a0missed"') == 2  # one an article


def test_articles_without_labels_in_gold_are_told() -> None:
    gold = [labelled("unrest", "raid")[0], Document(ARTICLES[1])]
    record = recorded(LABELS, gold, labelled("unrest", "raid"))
    assert "Gold has no labels for 1 of these 2 articles: theirs are not scored." in record["notes"]
    assert "not annotated" in html(record)
