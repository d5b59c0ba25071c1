"""A store of accounts: each article once, in any order, with every source and every reason."""

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tocsin.data.errors import DataError
from tocsin.data.store.store import Added, Counts, Store

Report = Any
Dump = Callable[[Path], dict[str, list[tuple[object, ...]]]]
RAID: dict[str, Any] = {"days": "2024-05-03", "targets": ["Camp Vale"], "weapons": ["drones"]}


def add(store: Store, *reports: Report, model: str = "m1") -> list[Added]:
    return [store.add(each.article, each.accounts, model=model) for each in reports]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "events.db"


def test_reports_of_one_incident_are_one_with_both_sources(path: Path, report: Callable[..., Report]) -> None:
    with Store.open(path) as store:
        first, second = add(store, report("a", {**RAID, "wounded": 3}), report("b", {**RAID, "wounded": 0}))
        (incident,) = store.incidents()
    assert (first.n_incidents_new, first.n_merged, second.n_incidents_new, second.n_merged) == (1, 0, 0, 1)
    assert {account.article.id for account in incident.accounts} == {"a", "b"}
    assert [merge.score >= 5 for merge in incident.merges] == [True]
    assert [each.slot for each in incident.disagreements] == ["wounded"]


def test_what_is_read_back_is_what_was_added(path: Path, war: Sequence[Report]) -> None:
    with Store.open(path) as store:
        add(store, *war)
        found = {account.id: account for incident in store.incidents() for account in incident.accounts}
    assert found == {account.id: account for each in war for account in each.accounts}


def test_the_incidents_of_a_war_are_told_apart(path: Path, war: Sequence[Report]) -> None:
    with Store.open(path) as store:
        add(store, *war)
        groups = sorted(sorted(a.article.id for a in incident.accounts) for incident in store.incidents())
        counts = store.counts()
    assert groups == [["a1", "a10", "a2", "a3"], ["a2", "a4"], ["a4", "a5"], ["a6"], ["a7"], ["a8"], ["a8"]]
    assert counts == Counts(articles=10, copies=0, accounts=12, vague=2, incidents=7, merged=3)


def test_adding_articles_twice_changes_nothing(path: Path, war: Sequence[Report], dump: Dump) -> None:
    with Store.open(path) as store:
        add(store, *war)
        before = dump(path)
        again = add(store, *war)
    assert dump(path) == before
    assert {each.new for each in again} == {False}
    with Store.open(path) as store:
        add(store, *war)
    assert dump(path) == before


@pytest.mark.parametrize("seed", range(6))
def test_articles_in_any_order_come_to_the_same_store(
    tmp_path: Path, war: Sequence[Report], dump: Dump, seed: int
) -> None:
    dumps = []
    for number, order in enumerate([list(war), Random(seed).sample(war, k=len(war))]):
        path = tmp_path / f"{number}.db"
        with Store.open(path) as store:
            add(store, *order)
        dumps.append(dump(path))
    assert dumps[0] == dumps[1]


def test_a_late_report_may_part_what_was_one(path: Path, report: Callable[..., Report]) -> None:
    vague = report("vague", {"days": "2024-05-01/2024-05-03", "targets": ["Camp Vale"], "attackers": ["Red Brigade"]})
    first = report("first", {**RAID, "days": "2024-05-01", "attackers": ["Red Brigade"]})
    last = report("last", {**RAID, "days": "2024-05-03", "attackers": ["Red Brigade"], "weapons": ["drone", "mortar"]})
    surer = report("surer", {**RAID, "days": "2024-05-03", "attackers": ["Red Brigade"]})
    with Store.open(path) as store:
        add(store, first, vague)
        assert len(list(store.incidents())) == 1
        add(store, last, surer)
        groups = sorted(sorted(a.article.id for a in incident.accounts) for incident in store.incidents())
    assert len(groups) == 2
    assert not [group for group in groups if {"first", "last"} <= set(group)]


def test_incidents_come_by_day_and_undated_ones_last(path: Path, war: Sequence[Report]) -> None:
    with Store.open(path) as store:
        add(store, *war)
        starts = [incident.days and incident.days.interval.start for incident in store.incidents()]
    assert starts[-1] is None
    dated = [start for start in starts[:-1] if start]
    assert len(dated) == len(starts) - 1
    assert dated == sorted(dated)


def test_the_same_content_elsewhere_is_a_copy(path: Path, report: Callable[..., Report]) -> None:
    text = "A wire report that two outlets print."
    first = report("w2", RAID, text=text, source="Daily Norland")
    copy = report("w1", RAID, text=text, source="Grey Coast Post")
    with Store.open(path) as store:
        added = add(store, first, copy, copy)
        (incident,) = store.incidents()
        copies = store.copies(incident.accounts[0].article.key)
        counts = store.counts()
    assert [each.new for each in added] == [True, False, False]
    assert [(each.id, each.source) for each in copies] == [("w1", "Grey Coast Post"), ("w2", "Daily Norland")]
    assert (counts.articles, counts.copies, counts.incidents) == (1, 1, 1)
    assert incident.accounts == copy.accounts  # the first copy in the order of ids speaks, whichever came first


def test_copies_in_any_order_come_to_the_same_store(tmp_path: Path, report: Callable[..., Report], dump: Dump) -> None:
    text = "A wire report that three outlets print."
    copies = [report(name, RAID, text=text) for name in ("w2", "w1", "w3")]
    for name, order in (("a", copies), ("b", copies[::-1])):
        with Store.open(tmp_path / f"{name}.db") as store:
            add(store, *order)
    assert dump(tmp_path / "a.db") == dump(tmp_path / "b.db")


def test_an_article_without_incidents_counts_as_read(path: Path, report: Callable[..., Report]) -> None:
    empty = report("empty")
    with Store.open(path) as store:
        assert not store.has(empty.article)
        assert add(store, empty)[0] == Added(new=True)
        assert store.has(empty.article)
        assert not store.has(replace(empty.article, published=date(2024, 5, 7)))


def test_an_id_of_two_contents_is_told(path: Path, report: Callable[..., Report]) -> None:
    with Store.open(path) as store:
        _, second = add(store, report("a", RAID), report("a", RAID, text="A revised report."))
        assert len(second.notes) == 1
        assert "article a: was added before with another text" in second.notes[0]
        assert store.conflicts() == ("article a: 2 different contents",)


def test_an_article_another_model_read_is_told_and_stays(path: Path, report: Callable[..., Report], dump: Dump) -> None:
    with Store.open(path) as store:
        add(store, report("a", RAID))
        before = dump(path)
        (again,) = add(store, report("a", RAID), model="m2")
        assert "was read by m1 before" in again.notes[0]
        assert dump(path) == before
        add(store, report("b"), model="m2")
        assert store.conflicts() == ("1 articles read by m1", "1 articles read by m2")


def test_the_sentences_of_evidence_can_be_shown(path: Path, war: Sequence[Report]) -> None:
    with Store.open(path) as store:
        add(store, *war)
        for account in [account for incident in store.incidents() for account in incident.accounts]:
            text = store.article_text(account.article.key)
            evidence = [each for _, value in account.values() for each in value.evidence]
            assert [text[each.start : each.end] for each in evidence] == [each.text for each in evidence]
        with pytest.raises(DataError, match="no article with the key"):
            store.article_text("0000")


def test_an_account_of_another_article_is_refused(path: Path, report: Callable[..., Report]) -> None:
    with Store.open(path) as store, pytest.raises(DataError, match="is of another article"):
        store.add(report("a").article, report("b", RAID).accounts, model="m1")


def test_a_transaction_that_fails_leaves_nothing(path: Path, report: Callable[..., Report], dump: Dump) -> None:
    good, other = report("a", RAID), report("b", RAID, {**RAID, "targets": ["Fort Dane"]})
    with Store.open(path) as store:
        add(store, good)
        before = dump(path)
        with pytest.raises(Exception, match="UNIQUE"):
            store.add(other.article, (*other.accounts, other.accounts[0]), model="m1")
        assert dump(path) == before
        assert add(store, other)[0].n_merged == 1


def test_the_flat_columns_say_what_the_incident_says(path: Path, report: Callable[..., Report]) -> None:
    told = {**RAID, "attackers": ["Red Brigade", "gunmen"], "killed": (2, 2, None), "outcome": "hit"}
    with Store.open(path) as store:
        add(store, report("a", told))
    with sqlite3.connect(path) as connection:
        connection.row_factory = sqlite3.Row
        (row,) = connection.execute("SELECT * FROM incidents")
    connection.close()
    expected = {
        "date_start": "2024-05-03", "date_prec": 1, "attacker": "Red Brigade; gunmen", "target": "Camp Vale",
        "weapon_class": "drone", "place": "Camp Vale", "country": "XN", "latitude": 50.0, "where_prec": 1,
        "killed_low": 2, "killed_high": None, "wounded_best": None, "outcome": "hit", "n_accounts": 1,
    }  # fmt: skip
    assert {name: row[name] for name in expected} == expected


def test_a_reader_sees_the_store_as_it_was_when_it_began(path: Path, war: Sequence[Report]) -> None:
    with Store.open(path) as reader, Store.open(path) as writer:
        add(writer, *war[:1])
        incidents = reader.incidents()
        first = next(incidents)
        add(writer, *war[1:])
        assert [*incidents] == []
        assert len(first.accounts) == 1
        assert len(list(reader.incidents())) == 7
