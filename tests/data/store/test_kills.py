"""A store under processes that are killed, and under several at once."""

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tocsin.data.coding.account_json import account_to_json
from tocsin.data.store.store import Store

Report = Any
N_ARTICLES = 120
N_KILLS = 2
PROGRAM = """
import json, os, signal, sys
from datetime import date
from sqlalchemy import Engine, event
from tocsin.data.coding.account_json import account_from_json
from tocsin.data.store.store import Store
from tocsin.data.types import Article

def read(line):
    record = json.loads(line)
    record["article"]["published"] = date.fromisoformat(record["article"]["published"])
    return Article(**record["article"]), [account_from_json(each) for each in record["accounts"]]

reports = [read(line) for line in open(sys.argv[2], encoding="utf-8")]
"""
ADD = """
with Store.open(sys.argv[1]) as store:
    for article, accounts in reports:
        store.add(article, accounts, model="m1")
        print("added", flush=True)
"""
# Process number n kills itself before its n-th statement, until one lives to the end.
ADD_KILLED_AT_EVERY_STATEMENT = """
n = 0
while True:
    n += 1
    if not (child := os.fork()):
        left = [n]
        @event.listens_for(Engine, "before_cursor_execute")
        def count(*_):
            left[0] -= 1
            if not left[0]:
                os.kill(os.getpid(), signal.SIGKILL)
        with Store.open(sys.argv[1]) as store:
            for article, accounts in reports:
                store.add(article, accounts, model="m1")
        os._exit(0)
    if os.waitpid(child, 0)[1] == 0:
        break
print(n)
"""


@pytest.fixture
def reports(report: Callable[..., Report]) -> list[Report]:
    """Articles of a week of raids, three to an incident."""
    generator = Random(7)
    targets = ["Camp Vale", "Fort Dane", "Harn", "Lisk"]
    return [
        report(
            f"n{number}",
            {"days": f"2024-05-0{1 + number % 7}", "targets": [generator.choice(targets)], "weapons": ["drones"]},
            {"days": f"2024-05-0{1 + number % 7}", "places": ["Uplands"], "weapons": ["mortar"]},
            published=date(2024, 5, 8),
        )
        for number in range(N_ARTICLES)
    ]


def write_lines(path: Path, reports: list[Report]) -> Path:
    with path.open("w", encoding="utf-8") as stream:
        for each in reports:
            article = asdict(each.article) | {"published": str(each.article.published)}
            accounts = [account_to_json(account) for account in each.accounts]
            stream.write(json.dumps({"article": article, "accounts": accounts}) + "\n")
    return path


def started(store: Path, lines: Path, add: str = ADD) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", PROGRAM + add, store, lines], stdout=subprocess.PIPE, text=True)


def kill_after(process: subprocess.Popen[str], n_added: int) -> bool:
    """Kill it, in whatever it does, once it has told of so many articles; whether it was still at work."""
    assert process.stdout is not None
    for _ in range(n_added):
        process.stdout.readline()
    process.send_signal(signal.SIGKILL)
    process.communicate()
    return process.returncode == -signal.SIGKILL


def test_a_process_killed_at_any_moment_loses_and_doubles_nothing(
    tmp_path: Path, reports: list[Report], dump: Callable[[Path], object]
) -> None:
    lines, generator = write_lines(tmp_path / "reports.jsonl", reports), Random(11)
    whole, killed = tmp_path / "whole.db", tmp_path / "killed.db"
    with Store.open(whole) as store:
        for each in reports:
            store.add(each.article, each.accounts, model="m1")
    assert [kill_after(started(killed, lines), generator.randrange(40)) for _ in range(N_KILLS)] == [True] * N_KILLS
    with Store.open(killed) as store:
        n_before = store.counts().articles
        for each in reports:
            store.add(each.article, each.accounts, model="m1")
    assert 0 < n_before < N_ARTICLES
    assert dump(killed) == dump(whole)


def test_a_process_killed_at_every_statement_loses_and_doubles_nothing(
    tmp_path: Path, war: Sequence[Report], report: Callable[..., Report], dump: Callable[[Path], object]
) -> None:
    text, told = war[1].article.text, {"days": "2024-05-03", "targets": ["Fort Dane"]}
    earlier = report("a0", told, text=text, published=date(2024, 5, 3), is_written=True)  # takes the place of a2
    reports = [*war[:3], earlier]
    whole, killed = tmp_path / "whole.db", tmp_path / "killed.db"
    with Store.open(whole) as store:
        assert [store.add(each.article, each.accounts, model="m1").replaced for each in reports][-1]
    process = started(killed, write_lines(tmp_path / "war.jsonl", reports), ADD_KILLED_AT_EVERY_STATEMENT)
    out, _ = process.communicate()
    assert int(out) > 30  # as many were killed, but the last
    assert dump(killed) == dump(whole)


def test_two_processes_may_add_at_once(tmp_path: Path, reports: list[Report], dump: Callable[[Path], object]) -> None:
    together, alone = tmp_path / "together.db", tmp_path / "alone.db"
    halves = [write_lines(tmp_path / f"{n}.jsonl", part) for n, part in enumerate((reports[:60], reports[40:100]))]
    processes = [started(together, lines) for lines in halves]
    assert [process.communicate() and process.returncode for process in processes] == [0, 0]
    with Store.open(alone) as store:
        for each in reports[:100]:
            store.add(each.article, each.accounts, model="m1")
    assert dump(together) == dump(alone)
