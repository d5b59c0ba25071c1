"""A store of accounts: each article once, in any order, with every source and every reason."""

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tocsin.data.coding.coder import article_key
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
    assert counts == Counts(articles=10, copies=0, accounts=12, denied_only=0, vague=2, incidents=7, merged=3)


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


def test_an_article_without_incidents_counts_as_read(path: Path, report: Callable[..., Report]) -> None:
    empty = report("empty")
    with Store.open(path) as store:
        assert not store.has(empty.article)
        assert add(store, empty)[0] == Added(new=True)
        assert store.has(empty.article)
        assert not store.has(replace(empty.article, text="Another text."))


def test_an_article_another_model_read_is_told_and_stays(path: Path, report: Callable[..., Report], dump: Dump) -> None:
    with Store.open(path) as store:
        add(store, report("a", RAID))
        before = dump(path)
        (again,) = add(store, report("a", RAID), model="m2")
        assert "was read by m1 before" in again.notes[0]
        assert store.add(report("a", RAID).article, None, model="m2").notes == again.notes
        assert dump(path) == before


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


def test_incidents_of_some_articles_come_whole_and_in_the_same_order(path: Path, war: Sequence[Report]) -> None:
    keys = [each.article for each in war if each.article.id in ("a1", "a6", "a8")]
    with Store.open(path) as store:
        add(store, *war)
        everything = list(store.incidents())
        some = list(store.incidents(articles=[article_key(article) for article in keys]))
    told = {article.id for article in keys}
    assert some == [each for each in everything if told & {account.article.id for account in each.accounts}]
    assert len(some) == 4


def test_incidents_may_be_asked_for_by_more_articles_than_a_statement_takes(path: Path, war: Sequence[Report]) -> None:
    keys = [f"{number:016x}" for number in range(40_000)]
    with Store.open(path) as store:
        add(store, *war)
        assert list(store.incidents(articles=keys)) == []
        assert len(list(store.incidents(articles=[*keys, article_key(war[0].article)]))) == 1
