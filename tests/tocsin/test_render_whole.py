"""Predictions that build no incidents, for people: labels, entities, fillers and templates."""

import io

import pytest
from rich.console import Console

from tocsin.data.schema import Schema
from tocsin.data.types import Article, Document, Filler, Span, Template, TextLabel
from tocsin.outputs import WRITERS, Format
from tocsin.render_whole import label_lines
from tocsin.terminal import page

LABELS = Schema(text_labels=("raid", "claim"))
TAGS = Schema(("BASE", "WEAPON"))
FILLERS = Schema(("Weapon", "Group"), fillers=("Weapon", "Group"), template_types=("raid",))
ARTICLE = Article("Drones hit Camp Vale.", id="a")
TAGGED = Document(ARTICLE, (Span(11, 20, "BASE", 0.71), Span(0, 6, "WEAPON", 0.9)))


def written(form: Format, schema: Schema, *documents: Document) -> str:
    stream = io.StringIO()
    WRITERS[form](documents, page(stream, width=80), schema)
    return stream.getvalue()


def cells(text: str) -> list[list[str]]:
    return [line.split() for line in text.splitlines() if line.strip(" ─")]


def labelled(*chosen: str, **scores: float) -> Document:
    labels = tuple(TextLabel(name, scores[name]) for name in chosen)
    return Document(ARTICLE, labels=labels, label_scores=scores)


def filled() -> Document:
    weapon = Filler("Weapon", "Drones", (Span(0, 6, "Weapon", 0.8),))
    return Document(ARTICLE, fillers=(weapon,), templates=(Template("raid", (weapon,), 0.6),))


def test_every_label_stands_under_the_text_with_its_score_the_chosen_first() -> None:
    text = written("text", LABELS, labelled("claim", raid=0.31, claim=0.97))
    assert cells(text)[-2:] == [["*", "claim", "0.97"], ["raid", "0.31"]]
    assert "Drones hit Camp Vale." in text
    assert "incident" not in text
    assert "publication" not in text


def test_of_many_labels_the_likeliest_are_shown_and_the_rest_counted() -> None:
    scores = {f"label{number:02}": number / 100 for number in range(15)}
    lines = label_lines(labelled("label14", **scores)).plain.splitlines()
    assert (lines[0], lines[-1]) == ("* label14  0.14", "  and 5 more labels")
    assert len(lines) == 11


def test_a_text_without_any_label_says_so() -> None:
    assert label_lines(labelled(raid=0.2, claim=0.1)).plain.splitlines()[0] == "no label"


def test_chosen_labels_are_bold_and_the_others_dim() -> None:
    console = Console(file=io.StringIO(), force_terminal=True, color_system="truecolor")
    with console.capture() as capture:
        console.print(label_lines(labelled("claim", raid=0.31, claim=0.97)))
    chosen, other = capture.get().splitlines()
    assert chosen.startswith("\x1b[1m* claim")
    assert other.startswith("\x1b[2m  raid")


def test_a_table_of_labels_has_a_row_an_article() -> None:
    both, none = labelled("claim", "raid", raid=0.61, claim=0.97), labelled(raid=0.2, claim=0.1)
    assert cells(written("table", LABELS, both, none)) == [
        ["article", "labels", "scores"],
        ["a", "claim", "0.97"],
        ["raid", "0.61"],
        ["1", "text", "with", "labels", "in", "2", "articles;", "1", "article", "without", "any"],
    ]


def test_a_table_of_entities_has_their_places_in_the_order_of_the_text() -> None:
    assert cells(written("table", TAGS, TAGGED)) == [
        ["article", "label", "text", "start", "end", "score"],
        ["a", "WEAPON", "Drones", "0", "6", "0.90"],
        ["a", "BASE", "Camp", "Vale", "11", "20", "0.71"],
        ["2", "entities", "in", "1", "article"],
    ]


def test_entities_stand_in_the_text_and_nothing_is_said_of_incidents() -> None:
    text = written("text", TAGS, TAGGED)
    assert "[WEAPON Drones] hit [BASE Camp Vale]." in text
    assert cells(text)[-1] == ["BASE", "WEAPON"]


def test_fillers_stand_in_the_text_in_a_table_and_in_their_templates() -> None:
    text = written("text", FILLERS, filled())
    assert "[Weapon Drones] hit Camp Vale." in text
    assert cells(text)[-4:] == [
        ["role", "filler", "mentions", "score"],
        ["Weapon", "Drones", "1", "0.80"],
        ["raid", "0.60"],
        ["Weapon", "Drones"],
    ]


def test_a_table_of_fillers_has_the_type_of_their_template() -> None:
    alone = Filler("Group", "Vale", (Span(16, 20, "Group"),))
    document = filled()
    more = Document(ARTICLE, fillers=(*document.fillers, alone), templates=document.templates)
    assert cells(written("table", FILLERS, more))[:3] == [
        ["article", "template", "role", "filler"],
        ["a", "raid", "Weapon", "Drones"],
        ["a", "Group", "Vale"],
    ]
    plain = Schema(("Weapon", "Group"), fillers=("Weapon", "Group"))
    assert cells(written("table", plain, more))[:2] == [["article", "role", "filler"], ["a", "Weapon", "Drones"]]


def test_a_table_of_fillers_counts_each_once_and_empty_templates_not_at_all() -> None:
    (weapon,) = filled().fillers
    empty = Document(ARTICLE, templates=(Template("raid"),))
    twice = Document(ARTICLE, fillers=(weapon,), templates=(Template("raid", (weapon,)), Template("raid", (weapon,))))
    assert cells(written("table", FILLERS, empty, empty))[1:] == [
        ["a", "raid"],
        ["a", "raid"],
        ["0", "fillers", "in", "2", "articles;", "2", "articles", "without", "any"],
    ]
    assert cells(written("table", FILLERS, empty, twice))[2:] == [
        ["a", "raid", "Weapon", "Drones"],
        ["a", "raid", "Weapon", "Drones"],
        ["1", "filler", "in", "2", "articles;", "1", "article", "without", "any"],
    ]


def test_a_text_without_fillers_says_so() -> None:
    assert "no filler of any role" in written("text", FILLERS, Document(ARTICLE))
    assert "no filler" in written("text", FILLERS, Document(ARTICLE, templates=(Template("raid"),)))


@pytest.mark.parametrize("form", ["table", "text"])
def test_a_model_with_events_that_labels_texts_too_shows_the_labels(form: Format) -> None:
    schema = Schema(event_types=("ATTACK",), text_labels=("raid", "claim"))
    text = written(form, schema, labelled("claim", raid=0.31, claim=0.97))
    assert "claim" in text
    assert "incident" in text


def test_what_could_steer_a_terminal_is_shown_as_a_blank() -> None:
    text = written("table", TAGS, Document(Article("\x1b[2J hit", id="\x1b[31m"), (Span(0, 4, "BASE"),)))
    assert "\x1b" not in text
