"""Words without a subword: told once for all articles."""

import logging

import pytest

from tocsin.unread import unread_words

LOGGER = logging.getLogger("tocsin.model.prediction")


def warn(article: str, n_unread: int) -> None:
    LOGGER.warning("%s: %d words", article, n_unread, extra={"article": article, "n_unread": n_unread})


def test_the_words_of_all_articles_are_counted_and_none_is_told_alone(caplog: pytest.LogCaptureFixture) -> None:
    with unread_words() as unread:
        warn("a", 2)
        warn("b", 1)
    assert unread.note() == (
        "3 words in 2 articles, first in a, have no subword in this vocabulary and were guessed at"
    )
    assert caplog.records == []


def test_one_word_of_one_article_is_told_in_the_singular() -> None:
    with unread_words() as unread:
        warn("a", 1)
    assert unread.note() == "1 word in a has no subword in this vocabulary and was guessed at"


def test_other_messages_are_shown_and_afterwards_all_are(caplog: pytest.LogCaptureFixture) -> None:
    with unread_words() as unread:
        LOGGER.warning("something else")
    warn("a", 1)
    assert [record.getMessage() for record in caplog.records] == ["something else", "a: 1 words"]
    assert unread.note() == ""
