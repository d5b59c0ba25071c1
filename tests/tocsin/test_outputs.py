"""The three forms of a prediction: JSON lines, a table, the text in colour."""

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from rich.console import Console

from tocsin.data.incidents import build_incidents
from tocsin.data.schema import DEFAULT_SCHEMA, Attribute, Role, Schema
from tocsin.data.types import Argument, Article, DateInterval, Document, Event, Incident, Span
from tocsin.outputs import WRITERS, Format
from tocsin.render import all_facts, facts
from tocsin.terminal import Page, page


def written(form: Format, documents: tuple[Document, ...], width: int) -> str:
    stream = io.StringIO()
    WRITERS[form](documents, page(stream, width=width), DEFAULT_SCHEMA)
    return stream.getvalue()


def incident(**attributes: str) -> Incident:
    return Incident("I1", (Event(Span(0, 3, "ATTACK")),), attributes=attributes)


@pytest.mark.parametrize("form", ["jsonl", "table", "text"])
def test_each_document_is_written_before_the_next_is_predicted(
    form: Format, tiny_documents: tuple[Document, ...]
) -> None:
    stream = io.StringIO()
    seen = []

    def predicted() -> Iterator[Document]:
        for document in tiny_documents:
            yield document
            seen.append(document.article.id in stream.getvalue())

    WRITERS[form](predicted(), page(stream, width=140), DEFAULT_SCHEMA)
    assert seen == [True, True]


def test_json_lines_hold_a_document_each(tiny_documents: tuple[Document, ...]) -> None:
    lines = written("jsonl", tiny_documents, 80).splitlines()
    assert [json.loads(line)["id"] for line in lines] == ["first", "second"]


@pytest.mark.parametrize("width", [80, 140])
def test_a_table_has_one_heading_and_columns_that_line_up(width: int, tiny_documents: tuple[Document, ...]) -> None:
    lines = written("table", tiny_documents, width).splitlines()
    assert sum("attackers" in line for line in lines) == 1
    column = next(line for line in lines if "targets" in line).index("targets")
    assert next(line for line in lines if "Camp Vale" in line).index("Camp Vale") == column
    assert next(line for line in lines if "Fort Dane" in line).index("Fort Dane") == column
    assert lines[-1].rstrip() == "2 incidents in 2 articles; 1 denied, left out of the table"


def test_an_article_without_incidents_is_counted_below_the_table(tiny_documents: tuple[Document, ...]) -> None:
    nothing = Document(Article("The weather was fine.", id="fine"))
    text = written("table", (*tiny_documents, nothing), 140)
    assert "2 incidents in 3 articles; 1 article without any; 1 denied, left out of the table" in text
    assert written("table", (nothing,), 140).strip() == "0 incidents in 1 article; 1 article without any"


def test_without_colour_the_labels_stand_in_the_text(tiny_documents: tuple[Document, ...]) -> None:
    text = written("text", tiny_documents[:1], 140)
    assert text.startswith("first · 2024-05-02 ──")
    assert "On [DATE Tuesday] two [WEAPON drones] [ATTACK hit] [BASE Camp Vale] in [LOCATION Norland]." in text
    assert "ACTOR  BASE  WEAPON" in text


def test_with_colour_the_text_is_left_as_it_stands(tiny_documents: tuple[Document, ...]) -> None:
    stream = io.StringIO()
    console = Console(file=stream, width=140, force_terminal=True, color_system="truecolor", no_color=False)
    WRITERS["text"](tiny_documents[:1], Page(stream, console), DEFAULT_SCHEMA)
    assert "[DATE" not in stream.getvalue()
    assert "\x1b[1;4;" in stream.getvalue()  # the trigger, bold and underlined


def test_an_article_with_nothing_for_the_table_says_so() -> None:
    denied = Document(
        Article("Hit? No.", id="a"), incidents=(incident(status="denied", scope="single", outcome="unknown"),)
    )
    text = written("text", (denied,), 80)
    assert "no incident for the table" in text
    assert "1 denied, left out of the table" in text


def test_who_says_so_is_told_with_claimants_and_sources() -> None:
    article = Article("Blue hit Vale, Red said.", id="a")
    blue, red = Span(0, 4, "ACTOR"), Span(15, 18, "ACTOR")
    event = Event(Span(5, 8, "ATTACK"), (Argument("claimant", blue), Argument("source", red)))
    (built,) = build_incidents(article, (event,), DEFAULT_SCHEMA)
    assert facts(article, built, DEFAULT_SCHEMA)["who says so"] == "claimant: Blue\nsource: Red"


def test_days_are_told_as_one_or_as_two() -> None:
    one = DateInterval(date(2024, 5, 2), date(2024, 5, 2))
    two = DateInterval(date(2024, 5, 2), date(2024, 5, 4))
    told = [facts(Article("x"), replace(incident(), date=days), DEFAULT_SCHEMA)["date"] for days in (None, one, two)]
    assert told == ["", "2024-05-02", "2024-05-02\n– 2024-05-04"]


def test_a_schema_of_its_own_gets_columns_of_its_own() -> None:
    schema = Schema(
        entity_labels=("CROWD", "PLACE", "DATE"),
        event_types=("PROTEST",),
        roles=(Role("crowd", ("CROWD",)), Role("place", ("PLACE",)), Role("date", ("DATE",), kind="date")),
        attributes=(Attribute("mood", ("calm", "angry")), Attribute("scope", ("single", "series"))),
        countable={"scope": ("single",)},
    )
    assert [fact.heading for fact in all_facts(schema)] == ["place", "crowd", "mood"]
