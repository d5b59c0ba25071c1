"""Articles on their way into a store: what is read, what is not read again, and what is said of it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tocsin.collecting import Tally, add_document, collect
from tocsin.data.gazetteers.linker import Linker
from tocsin.data.schema import DEFAULT_SCHEMA, Schema
from tocsin.data.store.store import Store
from tocsin.data.types import Article, Document

REPORTED = {"status": "reported", "scope": "single", "outcome": "hit"}
DENIED = {"status": "denied", "scope": "single", "outcome": "unknown"}
ARTICLE = Article("On Tuesday drones hit Camp Vale.", id="a", published=date(2024, 5, 2))
LINKER = Linker(())
Annotate = Callable[..., Document]


class Reader:
    """Reads every article as one raid, and counts."""

    schema: Schema = DEFAULT_SCHEMA

    def __init__(self, annotate: Annotate, attributes: dict[str, str] = REPORTED) -> None:
        self._annotate = annotate
        self._attributes = attributes
        self.n_read = 0

    def predict(self, article: Article) -> Document:
        self.n_read += 1
        roles = {"Tuesday": "date", "drones": "weapon", "Camp Vale": "target"}
        labels = {"Tuesday": "DATE", "drones": "WEAPON", "Camp Vale": "BASE"}
        return self._annotate(article, labels, [("hit", roles, self._attributes, "I1")])


@pytest.fixture
def reader(annotate: Annotate) -> Reader:
    return Reader(annotate)


def collected(path: Path, reader: Reader, *articles: Article, again: bool = False) -> Tally:
    with Store.open(path / "events.db") as store:
        return collect(articles, store, LINKER, reader, "m1", again=again)  # type: ignore[arg-type]  # predicts as a Model


def test_known_articles_are_not_read_again(tmp_path: Path, reader: Reader) -> None:
    collected(tmp_path, reader, ARTICLE)
    copies = [
        ARTICLE,
        replace(ARTICLE, id="b"),
        replace(ARTICLE, published=None),
        replace(ARTICLE, text=ARTICLE.text + " "),
    ]
    tally = collected(tmp_path, reader, *copies)
    assert (reader.n_read, tally.n_known, tally.n_replaced) == (1, 4, 0)
    assert tally.lines() == ["0 new articles, 4 articles known already"]


def test_an_article_with_an_earlier_day_is_read_and_takes_the_place(tmp_path: Path, reader: Reader) -> None:
    collected(tmp_path, reader, replace(ARTICLE, published=None))
    tally = collected(tmp_path, reader, ARTICLE)
    assert (reader.n_read, tally.n_known, tally.n_replaced, tally.n_accounts) == (2, 0, 1, 1)
    assert tally.lines()[0] == "0 new articles, 1 article coded anew"
    with Store.open(tmp_path / "events.db") as store:
        (incident,) = store.incidents()
    assert str(incident.days and incident.days.interval) == "2024-04-30"


def test_again_reads_what_is_known_and_replaces_what_differs(
    tmp_path: Path, annotate: Annotate, reader: Reader
) -> None:
    collected(tmp_path, reader, ARTICLE)
    assert collected(tmp_path, reader, ARTICLE, again=True).n_replaced == 0
    other = Reader(annotate, {**REPORTED, "outcome": "failed"})
    assert collected(tmp_path, other, ARTICLE, again=True).n_replaced == 1
    assert (reader.n_read, other.n_read) == (2, 1)
    with Store.open(tmp_path / "events.db") as store:
        assert [incident.outcome for incident in store.incidents()] == ["failed"]


def test_documents_coded_differently_are_told_and_replaced_only_if_asked(tmp_path: Path, reader: Reader) -> None:
    document = reader.predict(ARTICLE)
    other = replace(document, incidents=())
    with Store.open(tmp_path / "events.db") as store:
        tallies = [Tally(), Tally(), Tally()]
        for tally, each, again in zip(tallies, (document, other, other), (False, False, True), strict=True):
            add_document(each, store, LINKER, DEFAULT_SCHEMA, "m1", tally, again=again)
        assert list(store.incidents()) == []
    assert [tally.n_differ for tally in tallies] == [0, 1, 0]
    assert tallies[1].told_notes() == ["1 known article is coded differently now; --again replaces that"]
    assert tallies[2].n_replaced == 1


def test_attacks_that_are_only_denied_are_told(tmp_path: Path, annotate: Annotate) -> None:
    tally = collected(tmp_path, Reader(annotate, DENIED), ARTICLE)
    assert tally.lines()[:3] == [
        "1 new article",
        "1 account of incidents: 0 of their own, 0 merged with other articles'",
        "of them 1 only denied, and told by no other article: no incidents",
    ]
