"""The same store over PostgreSQL, in a throw-away cluster; skipped where there is none to start."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tocsin.data.coding.merged import MergedIncident
from tocsin.data.errors import DataError
from tocsin.data.store.store import Store

Report = Any
USER = "postgres"


def command(name: str) -> str | None:
    """A program of PostgreSQL, on the path or where Debian keeps it."""
    places = [str(path) for path in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)]
    return shutil.which(name) or shutil.which(name, path=os.pathsep.join(places))


def as_user() -> list[str]:
    """What to put before a command: PostgreSQL refuses to run as root."""
    if os.getuid() != 0:
        return []
    try:
        pwd.getpwnam(USER)
    except KeyError:
        pytest.skip(f"PostgreSQL does not run as root, and there is no user {USER}")
    runuser = shutil.which("runuser")
    return [runuser, "-u", USER, "--"] if runuser else pytest.skip("PostgreSQL does not run as root; no runuser")


@pytest.fixture(scope="module")
def cluster() -> Iterator[Path]:
    """The folder of a running server's socket."""
    pytest.importorskip("psycopg")
    initdb, pg_ctl = command("initdb"), command("pg_ctl")
    if not (initdb and pg_ctl):
        pytest.skip("no initdb and pg_ctl on the path or under /usr/lib/postgresql")
    prefix = as_user()
    with tempfile.TemporaryDirectory(prefix="tocsin-pg-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        if prefix:
            shutil.chown(folder, USER)
        options = f"-k {folder} -c listen_addresses='' -c fsync=off -c shared_buffers=16MB"
        run = {"check": True, "capture_output": True, "timeout": 60, "cwd": folder}
        subprocess.run([*prefix, initdb, "-D", folder / "data", "-A", "trust", "-U", USER, "--no-sync"], **run)
        start = [*prefix, pg_ctl, "-D", folder / "data", "-o", options, "-l", folder / "log", "-w", "start"]
        subprocess.run(start, **run | {"capture_output": False, "stdout": subprocess.DEVNULL})
        try:
            yield folder
        finally:
            subprocess.run([*prefix, pg_ctl, "-D", folder / "data", "-m", "immediate", "stop"], **run)


@pytest.fixture
def url(cluster: Path) -> str:
    """The address of a new, empty database."""
    import psycopg

    with psycopg.connect(host=str(cluster), user=USER, dbname=USER, autocommit=True) as connection:
        (number,) = connection.execute("SELECT count(*) FROM pg_database").fetchone() or (0,)
        connection.execute(f"CREATE DATABASE events_{number} TEMPLATE template0")
    return f"postgresql://{USER}@/events_{number}?host={cluster}"


def filled(store: Store, reports: Sequence[Report]) -> list[MergedIncident]:
    with store:
        for each in reports:
            store.add(each.article, each.accounts, model="m1")
        return list(store.incidents())


def test_postgresql_holds_the_same_incidents_as_sqlite(url: str, tmp_path: Path, war: Sequence[Report]) -> None:
    shuffled = Random(3).sample(war, k=len(war))
    assert filled(Store.open(url), war) == filled(Store.open(tmp_path / "events.db"), shuffled)


def test_adding_twice_changes_nothing_in_postgresql(url: str, war: Sequence[Report]) -> None:
    once = filled(Store.open(url), war)
    with Store.open(url) as store:
        counts = store.counts()
        assert {store.add(each.article, each.accounts, model="m1").new for each in war} == {False}
        assert store.counts() == counts
        assert list(store.incidents()) == once
        assert store.name.startswith("postgresql:///events_")


def test_copies_denials_and_replacements_come_to_the_same_in_postgresql(
    url: str, tmp_path: Path, war: Sequence[Report], report: Callable[..., Report]
) -> None:
    denial = {"days": "2024-05-03", "targets": ["Camp Vale"], "weapons": ["drones"], "status": "denied"}
    text, told = war[1].article.text, {"days": "2024-05-03", "targets": ["Fort Dane"]}
    reports = [
        *war,
        report("d1", denial),
        report("d2", {**denial, "targets": ["Harn bridge"]}),
        report("a0", told, text=f" {text}", published=None, is_written=True),
        report("a0", told, text=f" {text}", published=date(2024, 5, 3), is_written=True),
        report("a1", denial, text="An article of the same id."),
    ]
    assert filled(Store.open(url), reports) == filled(Store.open(tmp_path / "events.db"), reports)
    empty = report("a4", text=war[3].article.text, is_written=True)
    with Store.open(url) as one, Store.open(tmp_path / "events.db") as other:
        added = [store.add(empty.article, (), model="m2", replace=True) for store in (one, other)]
        assert [each.replaced for each in added] == [True, True]
        assert list(one.incidents()) == list(other.incidents())
        assert one.counts() == other.counts()
        assert one.counts().denied_only == 1


def test_a_store_in_postgresql_is_only_made_if_it_may_be(url: str) -> None:
    with pytest.raises(DataError, match="is an empty database"):
        Store.open(url, create=False)


def test_two_stores_add_to_postgresql_at_once(url: str, war: Sequence[Report], report: Callable[..., Report]) -> None:
    with Store.open(url) as one, Store.open(url) as other:
        for number, each in enumerate(war):
            (one if number % 2 else other).add(each.article, each.accounts, model="m1")
        assert [incident.id for incident in one.incidents()] == [incident.id for incident in other.incidents()]
        assert one.counts().merged == 3
