"""False incidents are counted in the articles that hold no event."""

import pytest

from tocsin.data.incidents import build_incidents
from tocsin.data.schema import DEFAULT_SCHEMA, Schema
from tocsin.data.types import Article, Document, Event, Span
from tocsin.train.quiet import quiet_record

TEXT = "Talks were held at Camp Vale."


def read_as(*statuses: str) -> Document:
    """The quiet article with a false incident of each status."""
    article = Article(TEXT)
    events = tuple(
        Event(Span(n, n + 1, "ATTACK"), (), {"status": status, "scope": "single", "outcome": "hit"}, f"I{n}")
        for n, status in enumerate(statuses)
    )
    return Document(article, (), events, build_incidents(article, events, DEFAULT_SCHEMA))


QUIET = Document(Article(TEXT))


def test_incidents_of_quiet_articles_are_counted_all_seeds_together() -> None:
    found = quiet_record(
        [QUIET, QUIET], {1: [read_as("reported", "claimed"), QUIET], 2: [QUIET, read_as("reported")]}, DEFAULT_SCHEMA
    )
    assert found is not None
    assert (found["n_articles"], found["n_read"], found["n_incidents"], found["n_with_incidents"]) == (2, 4, 3, 2)
    assert found["value"] == 75.0
    assert found["low"] < 15.47 < 219.18 < found["high"]  # the bounds if the two seeds were four articles


def test_none_found_still_leaves_a_doubt() -> None:
    found = quiet_record([QUIET] * 100, {None: [QUIET] * 100}, DEFAULT_SCHEMA)
    assert found is not None
    assert (found["value"], found["low"], found["high"]) == (0.0, 0.0, pytest.approx(3.69, abs=0.01))


def test_what_is_threatened_or_denied_is_no_false_incident() -> None:
    found = quiet_record([QUIET], {None: [read_as("threatened", "denied")]}, DEFAULT_SCHEMA)
    assert found is not None
    assert found["n_incidents"] == 0


def test_articles_with_events_do_not_count(tiny_documents: tuple[Document, ...]) -> None:
    loud = [document for document in tiny_documents if document.events]
    assert quiet_record(loud, {None: loud}, DEFAULT_SCHEMA) is None
    found = quiet_record([*loud, QUIET], {None: [*loud, read_as("reported")]}, DEFAULT_SCHEMA)
    assert found is not None
    assert (found["n_articles"], found["value"]) == (1, 100.0)


def test_a_schema_without_events_has_no_quiet_articles() -> None:
    assert quiet_record([QUIET], {None: [QUIET]}, Schema(entity_labels=("BASE",))) is None
