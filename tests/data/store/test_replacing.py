"""Replacing: articles read or coded anew, as if what was known of them had never been there."""

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tocsin.data.store.store import Store

Report = Any
Dump = Callable[[Path], dict[str, list[tuple[object, ...]]]]
RAID: dict[str, Any] = {"days": "2024-05-03", "targets": ["Camp Vale"], "weapons": ["drones"]}
TEXT = "A report of one raid, whichever it was."


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "events.db"


def tables(dump: Dump, path: Path) -> dict[str, list[tuple[object, ...]]]:
    """All but `meta`, which also counts how often accounts were replaced."""
    return {name: rows for name, rows in dump(path).items() if name != "meta"}


def add(store: Store, *reports: Report, model: str = "m1", replace: bool = False) -> list[Any]:
    return [store.add(each.article, each.accounts, model=model, replace=replace) for each in reports]


def other(report: Callable[..., Report], each: Report, *told: dict[str, object]) -> Report:
    """The same article, of which something else was coded."""
    article = each.article
    return report(article.id, *told, text=article.text, published=article.published, is_written=True)


@pytest.mark.parametrize("seed", range(4))
def test_what_replaces_comes_to_the_store_it_would_have_made_at_first(
    tmp_path: Path, war: Sequence[Report], report: Callable[..., Report], dump: Dump, seed: int
) -> None:
    generator = Random(seed)
    chosen = generator.sample(war, k=4)
    wrong = {each.article.id: other(report, each, *generator.choice(FORMS)) for each in chosen}
    with Store.open(tmp_path / "right.db") as store:
        add(store, *war)
    with Store.open(tmp_path / "mended.db") as store:
        add(store, *(wrong.get(each.article.id, each) for each in war))
        added = add(store, *generator.sample(chosen, k=4), replace=True)
    assert all(each.replaced or each.n_accounts == 0 for each in added)
    assert tables(dump, tmp_path / "mended.db") == tables(dump, tmp_path / "right.db")


FORMS: tuple[tuple[dict[str, object], ...], ...] = (
    (),
    (RAID,),
    ({"days": "2024-05-03", "targets": ["Camp Vale"]}, {"days": "2024-05-03", "targets": ["Fort Dane"]}),
    ({**RAID, "attackers": ["Black Hand"], "status": "denied"},),
)


def test_accounts_that_differ_are_told_and_stay_until_they_are_replaced(
    path: Path, report: Callable[..., Report], dump: Dump
) -> None:
    old, new = report("a", RAID, text=TEXT), report("a", {**RAID, "killed": 3}, text=TEXT)
    new = other(report, old, {**RAID, "targets": ["Fort Dane"]})
    with Store.open(path) as store:
        add(store, old)
        before = dump(path)
        assert [(each.new, each.differs, each.replaced) for each in add(store, old, new)] == [
            (False, False, False),
            (False, True, False),
        ]
        assert not store.add(new.article, None, model="m1").differs
        assert dump(path) == before
        (added,) = add(store, new, model="m2", replace=True)
        assert (added.replaced, added.differs, added.n_incidents_new) == (True, False, 1)
        (incident,) = store.incidents()
        assert incident.accounts == new.accounts
        after = dump(path)
        assert add(store, new, model="m2", replace=True)[0].replaced is False
        assert dump(path) == after
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT model FROM articles").fetchall() == [("m2",)]


def test_an_account_that_held_two_together_leaves_them_apart(path: Path, report: Callable[..., Report]) -> None:
    a, b = report("a", {**RAID, "targets": ["Camp Vale"]}), report("b", {"days": "2024-05-03", "places": ["Harn"]})
    link = report("c", {**RAID, "places": ["Harn"]}, {"days": "2024-05-03", "targets": ["Fort Dane"]})
    with Store.open(path) as store:
        add(store, a, b, link)
        together = [sorted(x.article.id for x in incident.accounts) for incident in store.incidents()]
        add(store, other(report, link), replace=True)
        apart = [sorted(x.article.id for x in incident.accounts) for incident in store.incidents()]
    assert sorted(together) != sorted(apart)
    assert sorted(apart) == [["a"], ["b"]]


def test_a_day_that_was_wrong_is_corrected_by_the_same_copy(path: Path, report: Callable[..., Report]) -> None:
    wrong = report("a", RAID, text=TEXT, published=date(2014, 5, 4))
    right = other_day(report, wrong, date(2024, 5, 4))
    with Store.open(path) as store:
        add(store, wrong)
        assert store.has(right.article)
        assert not add(store, right)[0].replaced
        assert add(store, right, replace=True)[0].replaced
        (incident,) = store.incidents()
    assert [each.published for each in incident.articles] == [date(2024, 5, 4)]
    assert incident.accounts[0].article.published == date(2024, 5, 4)


def other_day(report: Callable[..., Report], each: Report, day: date | None, name: str = "") -> Report:
    article = each.article
    return report(name or article.id, RAID, text=article.text, published=day, is_written=True)


def test_a_copy_that_does_not_speak_replaces_nothing_and_says_so(
    path: Path, report: Callable[..., Report], dump: Dump
) -> None:
    first = report("a", RAID, text=TEXT, published=date(2024, 5, 4))
    later = other_day(report, first, date(2024, 5, 6), "b")
    undated = other_day(report, first, None)
    with Store.open(path) as store:
        add(store, first, later)
        before = dump(path)
        for each in (later, undated, other_day(report, first, date(2024, 5, 7))):
            (added,) = add(store, each, replace=True)
            assert not added.replaced
            assert "is a copy of a (2024-05-04)" in added.notes[-1]
        assert dump(path) == before


def test_another_copy_of_the_same_day_is_coded_alike_and_may_replace(
    path: Path, report: Callable[..., Report], dump: Dump
) -> None:
    speaker = report("a", RAID, text=TEXT, published=date(2024, 5, 4))
    copy = other_day(report, speaker, date(2024, 5, 4), "b")
    alike = other_day(report, copy, date(2024, 5, 4), "a")
    with Store.open(path) as store:
        add(store, alike, copy)
        before = dump(path)
        assert [(each.differs, each.replaced) for each in add(store, copy)] == [(False, False)]
        assert [(each.differs, each.replaced) for each in add(store, copy, replace=True)] == [(False, False)]
        assert dump(path) == before
        told = {**RAID, "targets": ["Fort Dane"]}
        assert add(
            store, report("b", told, text=alike.article.text, published=date(2024, 5, 4), is_written=True), replace=True
        )[0].replaced
        (incident,) = store.incidents()
    assert [value.link and value.link.entry.name for value in incident.targets] == ["Fort Dane"]
    assert incident.accounts[0].article == alike.accounts[0].article
    assert {each.article for each in incident.targets[0].evidence} == {"a"}


def test_a_copy_that_no_longer_states_its_day_replaces_nothing(path: Path, report: Callable[..., Report]) -> None:
    dated = report("a", RAID, text=TEXT, published=date(2024, 5, 4))
    with Store.open(path) as store:
        add(store, dated)
        assert not add(store, other_day(report, dated, None), replace=True)[0].replaced
        assert [incident.accounts for incident in store.incidents()] == [dated.accounts]


def test_a_model_that_finds_the_same_is_noted_when_it_is_to_replace(path: Path, report: Callable[..., Report]) -> None:
    with Store.open(path) as store:
        add(store, report("a", RAID))
        (added,) = add(store, report("a", RAID), model="m2", replace=True)
        assert (added.replaced, added.notes) == (False, ())
        assert add(store, report("a", RAID), model="m2")[0].notes == ()


def test_another_process_sees_what_was_replaced(path: Path, report: Callable[..., Report], dump: Dump) -> None:
    old = report("a", RAID, text=TEXT)
    new, late = other(report, old, {**RAID, "targets": ["Fort Dane"]}), report("b", RAID)
    with Store.open(path) as one, Store.open(path) as another:
        add(one, old)
        add(another, new, replace=True)
        assert add(one, late)[0].n_merged == 0
    alone = path.with_name("alone.db")
    with Store.open(alone) as store:
        add(store, new, late)
    assert tables(dump, path) == tables(dump, alone)


def test_a_replacement_that_fails_changes_nothing(path: Path, report: Callable[..., Report], dump: Dump) -> None:
    old = report("a", RAID, text=TEXT)
    new = other(report, old, {**RAID, "targets": ["Fort Dane"]})
    with Store.open(path) as store:
        add(store, old, report("b", RAID))
        before = dump(path)
        with pytest.raises(Exception, match="UNIQUE"):
            store.add(new.article, (*new.accounts, *new.accounts), model="m1", replace=True)
        assert dump(path) == before
        assert add(store, report("c", RAID))[0].n_merged == 1
        assert len(list(store.incidents())) == 1
