"""What people see: colours that can be read, texts that cannot steer the terminal."""

from datetime import date

import pytest
from rich.console import Console

from tocsin.data.incidents import build_incidents
from tocsin.data.schema import DEFAULT_SCHEMA
from tocsin.data.types import Argument, Article, Document, Event, Span
from tocsin.palette import PALETTE, label_style
from tocsin.render import article_text, incident_table, left_out


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.1 defines it."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.parametrize("colour", PALETTE)
def test_every_colour_can_be_read_on_black_and_on_white(colour: str) -> None:
    own = luminance(colour)
    assert (own + 0.05) / 0.05 >= 3.0
    assert 1.05 / (own + 0.05) >= 3.0


def test_labels_of_the_default_schema_have_colours_of_their_own() -> None:
    colours = [label_style(label, DEFAULT_SCHEMA).color for label in DEFAULT_SCHEMA.span_labels]
    assert len({str(colour) for colour in colours}) == len(colours)


def document(text: str, scope: str = "single") -> Document:
    article = Article(text, id="a", published=date(2024, 5, 2))
    start = text.index("Vale")
    target = Span(start, start + 4, "BASE")
    trigger = Span(text.index("hit"), text.index("hit") + 3, "ATTACK")
    attributes = {"status": "reported", "scope": scope, "outcome": "hit"}
    events = (Event(trigger, (Argument("target", target),), attributes, "I1"),)
    return Document(article, (target,), events, build_incidents(article, events, DEFAULT_SCHEMA))


def shown(renderable: object, width: int) -> str:
    console = Console(width=width, color_system=None)
    with console.capture() as capture:
        console.print(renderable)
    return capture.get()


def test_an_article_cannot_steer_the_terminal_nor_be_read_as_markup() -> None:
    text = shown(article_text(document("\x1b[2J[bold]They hit Vale\r."), DEFAULT_SCHEMA, marked=True), 80)
    assert "\x1b" not in text
    assert "\r" not in text
    assert "[bold]They [ATTACK hit] [BASE Vale]" in text


def test_of_marks_that_open_at_one_place_the_longer_one_stands_outside() -> None:
    actor, base = Span(0, 2, "ACTOR"), Span(13, 22, "BASE")
    events = (Event(Span(0, 9, "ATTACK")), Event(Span(18, 22, "ATTACK")))
    marked = article_text(
        Document(Article("US attack on Camp Vale."), (actor, base), events), DEFAULT_SCHEMA, marked=True
    )
    assert marked.plain == "[ATTACK [ACTOR US] attack] on [BASE Camp [ATTACK Vale]]."


def test_of_marks_that_meet_the_one_before_is_closed_first() -> None:
    spans = (Span(0, 2, "ACTOR"), Span(2, 9, "WEAPON"))
    assert article_text(Document(Article("US drones."), spans), DEFAULT_SCHEMA, marked=True).plain == (
        "[ACTOR US][WEAPON  drones]."
    )


@pytest.mark.parametrize("width", [60, 80, 140, 200])
def test_the_table_fits_the_width_and_loses_no_word(width: int) -> None:
    documents = [document("They hit Vale.")]
    table = incident_table(documents, DEFAULT_SCHEMA, width=width, with_article=True, with_header=True)
    text = shown(table, width)
    assert max(map(len, text.splitlines())) <= width
    assert [word for word in ("Vale", "hit", "reported") if word not in text] == []


def test_a_series_is_no_row_but_is_counted() -> None:
    incidents = document("They hit Vale.", scope="series").incidents
    assert sum(left_out(incidents, DEFAULT_SCHEMA).values()) == 1
