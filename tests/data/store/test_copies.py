"""Copies: one text however often it is met, of which the copy with the earliest day speaks."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from itertools import permutations
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.data.coding.account import Account, ArticleRef
from tocsin.data.coding.coder import article_key
from tocsin.data.errors import DataError
from tocsin.data.store.store import Store

Report = Any
Dump = Callable[[Path], dict[str, list[tuple[object, ...]]]]
RAID: dict[str, Any] = {"targets": ["Camp Vale"], "weapons": ["drones"]}
WORDS = "Camp Vale was hit by drones on the day before."


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "events.db"


@pytest.fixture(scope="session")
def copy(report: Callable[..., Report]) -> Callable[..., Report]:
    """A copy of one wire report, coded of its own day and white space, as a model would."""

    def made(name: str, day: int | None = None, indent: int = 0, source: str = "") -> Report:
        published = date(2024, 5, day) if day else None
        told = {**RAID, "days": f"2024-05-{day - 1:02}"} if day else RAID
        return report(name, told, text=" " * indent + WORDS, published=published, source=source, is_written=True)

    return made


def put(store: Store, *copies: Report) -> None:
    """Add copies as who reads only what is to be read."""
    for each in copies:
        store.add(each.article, None if store.has(each.article) else each.accounts, model="m1")


def test_the_same_content_elsewhere_is_a_copy(path: Path, copy: Callable[..., Report]) -> None:
    first, second = copy("w2", 4, source="Daily Norland"), copy("w1", 4, source="Grey Coast Post")
    with Store.open(path) as store:
        added = [store.add(each.article, each.accounts, model="m1") for each in (first, second, second)]
        (incident,) = store.incidents()
        counts = store.counts()
    assert [each.new for each in added] == [True, False, False]
    assert [(each.id, each.source) for each in incident.articles] == [
        ("w1", "Grey Coast Post"),
        ("w2", "Daily Norland"),
    ]
    assert (counts.articles, counts.copies, counts.incidents) == (1, 1, 1)
    assert incident.accounts == second.accounts  # of one day the first in the order of ids speaks, whichever came first


def test_an_article_added_without_its_day_and_then_with_it_is_one(path: Path, copy: Callable[..., Report]) -> None:
    undated, dated = copy("w1"), copy("w1", 4)
    with Store.open(path) as store:
        put(store, undated)
        assert not store.has(dated.article)
        added = store.add(dated.article, dated.accounts, model="m2")
        assert (added.new, added.replaced, added.n_accounts) == (False, True, 1)
        assert store.has(dated.article)
        assert store.has(undated.article)
        (incident,) = store.incidents()
        assert store.counts().copies == 0
    assert incident.accounts == dated.accounts
    assert incident.articles == (dated.accounts[0].article,)


def test_white_space_and_unicode_forms_make_no_other_content(path: Path, copy: Callable[..., Report]) -> None:
    plain, indented = copy("b", 4), copy("a", 4, indent=5)
    with Store.open(path) as store:
        put(store, plain, indented)
        (incident,) = store.incidents()
        text = store.article_text(incident.accounts[0].article.key)
    assert text == indented.article.text  # the offsets of evidence count in the text of the copy that speaks
    assert all(text[each.start : each.end] == each.text for _, value in told(incident.accounts) for each in value)
    composed, decomposed = (replace(plain.article, text=f"Caf{end} raided.") for end in ("\u00e9", "e\u0301"))
    assert article_key(composed) == article_key(decomposed)


def told(accounts: tuple[Account, ...]) -> list[tuple[str, Any]]:
    return [(slot, value.evidence) for account in accounts for slot, value in account.values()]


def test_a_later_copy_need_not_be_read_and_its_day_is_kept_with_it(path: Path, copy: Callable[..., Report]) -> None:
    with Store.open(path) as store:
        put(store, copy("w1", 4), copy("w0", 6), copy("w2"))
        (incident,) = store.incidents()
    assert [(each.id, each.published and each.published.day) for each in incident.articles] == [
        ("w1", 4),
        ("w0", 6),
        ("w2", None),
    ]
    assert str(incident.days and incident.days.interval) == "2024-05-03"


def test_what_is_to_be_read_cannot_be_added_unread(path: Path, copy: Callable[..., Report], dump: Dump) -> None:
    with Store.open(path) as store:
        with pytest.raises(DataError, match="article w1: is not known as it is here; expected accounts"):
            store.add(copy("w1", 4).article, None, model="m1")
        put(store, copy("w1", 4))
        before = dump(path)
        with pytest.raises(DataError, match="is not known as it is here"):
            store.add(copy("w1", 3).article, None, model="m1")
        assert dump(path) == before


COPIES = st.tuples(st.sampled_from(["u", "v", "w"]), st.sampled_from([None, 3, 4, 5]), st.sampled_from([0, 2]))


@given(drawn=st.lists(COPIES, min_size=2, max_size=4), seed=st.randoms(use_true_random=False))
@settings(max_examples=15)
def test_copies_and_other_articles_in_any_order_come_to_the_same_store(
    copy: Callable[..., Report], report: Callable[..., Report], dump: Dump, drawn: list[Any], seed: Any
) -> None:
    others = [report("x", {**RAID, "days": "2024-05-02"}), report("y", {**RAID, "days": "2024-05-03"})]
    reports = [*(copy(*each) for each in drawn), *others]
    shuffled = seed.sample(reports, k=len(reports))
    assert kept(reports, dump) == kept(shuffled, dump)


def kept(reports: list[Report], dump: Dump) -> dict[str, list[tuple[object, ...]]]:
    """The tables after adding; `meta` also counts how often accounts were replaced."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "events.db"
        with Store.open(path) as store:
            put(store, *reports)
        tables = dump(path)
    return {name: rows for name, rows in tables.items() if name != "meta"}


def test_an_id_of_two_contents_is_told_apart_in_all_evidence(path: Path, report: Callable[..., Report]) -> None:
    raid = {**RAID, "days": "2024-05-03"}
    first, second = report("a", raid), report("a", raid, text="A revised report.")
    with Store.open(path) as store:
        for each in (report("b", raid), first, second):
            added = store.add(each.article, each.accounts, model="m1")
        (incident,) = store.incidents()
    names = {f"a#{article_key(each.article)[:8]}" for each in (first, second)}
    assert {account.article.id for account in incident.accounts} == {"b", *names}
    assert {each.id for each in incident.articles} == {"b", *names}
    evidence = {(item.article, account.article.id) for account in incident.accounts for item in account.days.evidence}
    assert evidence == {(name, name) for name in ("b", *names)}
    assert {item.article for target in incident.targets for item in target.evidence} == {"b", *names}
    assert "article a: was added before with another text" in added.notes[0]
    assert f"this one as a#{article_key(second.article)[:8]}" in added.notes[0]


def test_an_id_is_told_apart_even_if_only_a_copy_of_another_content_has_it(
    path: Path, copy: Callable[..., Report], report: Callable[..., Report]
) -> None:
    other = report("w9", {"days": "2024-05-03", "targets": ["Fort Dane"]})
    with Store.open(path) as store:
        put(store, copy("w1", 4), copy("w9", 4), other)
        ids = sorted(each.id for incident in store.incidents() for each in incident.articles)
    assert ids == sorted(["w1", *(f"w9#{article_key(each)[:8]}" for each in (copy("w9").article, other.article))])


def test_the_articles_of_an_incident_are_by_day_then_id_in_any_order_of_adding(
    tmp_path: Path, copy: Callable[..., Report], report: Callable[..., Report]
) -> None:
    other = report("v", {**RAID, "days": "2024-05-03"}, published=date(2024, 5, 5))
    reports = [copy("w2", 4), copy("w1", 5), other]
    for number, order in enumerate(permutations(reports)):
        with Store.open(tmp_path / f"{number}.db") as store:
            put(store, *order)
            (incident,) = store.incidents()
        assert [each.id for each in incident.articles] == ["w2", "v", "w1"]
        assert all(isinstance(each, ArticleRef) for each in incident.articles)
