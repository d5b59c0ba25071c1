"""Incidents that a shut gate leaves out are told."""

from tocsin.data.schema import DEFAULT_SCHEMA, RELEVANCE, attacks
from tocsin.data.types import Article, Document, Event, Span, TextLabel
from tocsin.quiet_texts import QuietTexts

MENTION = Event(Span(0, 4, "ATTACK"))


def test_texts_taken_for_quiet_are_counted_with_their_mentions() -> None:
    quiet = QuietTexts(attacks((RELEVANCE,)))
    documents = [
        Document(Article("Raid one."), events=(MENTION,), labels=(TextLabel(RELEVANCE),)),
        Document(Article("Raid two."), events=(MENTION, MENTION), labels=()),
        Document(Article("Nothing."), labels=()),
    ]
    assert list(quiet(documents)) == documents
    assert quiet.note() == "2 articles are taken not to be reports_attack: the 2 mentions in 1 of them make no incident"


def test_nothing_is_said_where_nothing_is_left_out() -> None:
    for schema, labels in ((attacks((RELEVANCE,)), ()), (DEFAULT_SCHEMA, None)):
        quiet = QuietTexts(schema)
        list(quiet([Document(Article("Nothing."), labels=labels)]))
        assert quiet.note() == ""
    quiet = QuietTexts(DEFAULT_SCHEMA)
    list(quiet([Document(Article("Raid."), events=(MENTION,))]))
    assert quiet.note() == ""
