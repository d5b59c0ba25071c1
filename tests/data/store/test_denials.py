"""What an article only denies: joined to what others tell, and by itself no incident."""

from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tocsin.data.store.store import Store

Report = Any
Dump = Callable[[Path], dict[str, list[tuple[object, ...]]]]
RAID: dict[str, Any] = {"days": "2024-05-03", "targets": ["Camp Vale"], "weapons": ["drones"]}
DENIED: dict[str, Any] = {**RAID, "status": "denied", "attackers": ["Red Brigade"]}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "events.db"


def groups(store: Store) -> list[list[str]]:
    return sorted(sorted(account.article.id for account in incident.accounts) for incident in store.incidents())


def add(store: Store, *reports: Report) -> list[Any]:
    return [store.add(each.article, each.accounts, model="m1") for each in reports]


def test_denials_alone_are_no_incident_but_are_counted(path: Path, report: Callable[..., Report]) -> None:
    with Store.open(path) as store:
        added = add(store, report("a", DENIED), report("b", DENIED))
        assert [(each.new, each.n_accounts, each.n_denied) for each in added] == [(True, 1, 1), (True, 1, 1)]
        assert (groups(store), store.counts().incidents, store.counts().denied_only) == ([], 0, 2)
        assert store.has(report("a", DENIED).article)


@pytest.mark.parametrize("order", ["abc", "cab", "bca"])
def test_denials_join_what_another_article_tells(path: Path, report: Callable[..., Report], order: str) -> None:
    reports = {"a": report("a", DENIED), "b": report("b", DENIED), "c": report("c", RAID)}
    with Store.open(path) as store:
        add(store, *(reports[name] for name in order))
        (incident,) = store.incidents()
        counts = store.counts()
    assert {account.article.id for account in incident.accounts} == {"a", "b", "c"}
    assert (incident.id, incident.status, incident.attackers) == (reports["c"].accounts[0].id, "reported", ())
    assert {each.slot for each in incident.disagreements} == {"status"}
    assert (counts.denied_only, counts.merged) == (0, 1)
    assert {merge.first for merge in incident.merges} | {merge.second for merge in incident.merges} == {
        account.id for account in incident.accounts
    }
    assert all(incident.id in (merge.first, merge.second) for merge in incident.merges)


def test_a_denial_holds_no_two_incidents_together(path: Path, report: Callable[..., Report]) -> None:
    first = report("first", {**RAID, "days": "2024-05-01"})
    last = report("last", {**RAID, "days": "2024-05-03"})
    denial = report("denial", {**DENIED, "days": "2024-05-01/2024-05-03"})
    with Store.open(path) as store:
        add(store, first, denial, last)
        found = groups(store)
    assert len(found) == 2
    assert sum("denial" in group for group in found) == 1


@pytest.mark.parametrize("seed", range(6))
def test_reports_and_denials_in_any_order_come_to_the_same_store(
    tmp_path: Path, report: Callable[..., Report], dump: Dump, seed: int
) -> None:
    reports = [
        *(report(f"r{day}", {**RAID, "days": f"2024-05-0{day}"}) for day in (1, 2, 3)),
        report("two", DENIED, {**DENIED, "days": "2024-05-01/2024-05-02"}),
        *(report(f"d{day}", {**DENIED, "days": f"2024-05-0{day}/2024-05-0{day + 1}"}) for day in (1, 2)),
        report("far", {**DENIED, "targets": ["Fort Dane"]}),
    ]
    dumps = []
    for number, order in enumerate([reports, Random(seed).sample(reports, k=len(reports))]):
        path = tmp_path / f"{number}.db"
        with Store.open(path) as store:
            add(store, *order)
            assert store.counts().denied_only == 1
        dumps.append(dump(path))
    assert dumps[0] == dumps[1]


def test_a_denial_is_alone_again_when_the_report_is_taken_back(path: Path, report: Callable[..., Report]) -> None:
    told = report("a", RAID)
    empty = report("a", text=told.article.text, is_written=True)
    with Store.open(path) as store:
        add(store, told, report("b", DENIED))
        assert groups(store) == [["a", "b"]]
        store.add(empty.article, empty.accounts, model="m1", replace=True)
        assert (groups(store), store.counts().denied_only) == ([], 1)
