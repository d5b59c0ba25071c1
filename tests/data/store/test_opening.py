"""What can be opened as a store, and what is said of the rest."""

import builtins
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tocsin.data.errors import DataError
from tocsin.data.store.opening import is_store
from tocsin.data.store.store import Store


def made(path: Path, *statements: str) -> Path:
    with closing(sqlite3.connect(path)) as connection, connection:
        for statement in statements:
            connection.execute(statement)
    return path


def test_a_path_without_a_file_becomes_a_store(tmp_path: Path) -> None:
    path = tmp_path / "events.db"
    assert not is_store(path)
    Store.open(path).close()
    assert is_store(path)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert connection.execute("SELECT * FROM meta").fetchall() == [("schema_version", "2")]


def test_a_store_is_opened_again_as_it_is(tmp_path: Path) -> None:
    for _ in range(2):
        with Store.open(str(tmp_path / "events.db")) as store:
            assert store.counts().articles == 0
    with Store.open(tmp_path / "events.db", create=False) as store:
        assert store.name == str(tmp_path / "events.db")


def test_an_empty_file_becomes_a_store_only_if_one_may_be_made(tmp_path: Path) -> None:
    path = tmp_path / "events.db"
    path.touch()
    with pytest.raises(DataError, match="is empty"):
        Store.open(path, create=False)
    Store.open(path).close()
    assert is_store(path)


def test_a_missing_store_is_not_made_for_reading(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no such file; expected a store"):
        Store.open(tmp_path / "events.db", create=False)
    assert not (tmp_path / "events.db").exists()


def test_a_folder_a_text_and_a_missing_folder_are_told(tmp_path: Path) -> None:
    text = tmp_path / "notes.txt"
    text.write_text("The raid on Camp Vale, as three papers tell it.", encoding="utf-8")
    for path, fault in (
        (tmp_path, "is a folder"),
        (text, "is no SQLite database"),
        (tmp_path / "no" / "e.db", "there is no folder"),
    ):
        with pytest.raises(DataError, match=fault) as told:
            Store.open(path)
        assert str(told.value).startswith(str(path))
    assert text.read_text(encoding="utf-8").startswith("The raid")


def test_a_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    path = made(tmp_path / "songs.db", "CREATE TABLE songs (title TEXT)")
    before = path.read_bytes()
    with pytest.raises(DataError, match=r"of another program \(it has the tables songs\)"):
        Store.open(path)
    assert path.read_bytes() == before


def test_a_foreign_table_of_the_same_name_is_no_store(tmp_path: Path) -> None:
    path = made(tmp_path / "other.db", "CREATE TABLE meta (id INTEGER)")
    with pytest.raises(DataError, match="of another program"):
        Store.open(path)


def test_a_store_of_another_version_is_told(tmp_path: Path) -> None:
    path = tmp_path / "events.db"
    Store.open(path).close()
    made(path, "ALTER TABLE copies DROP COLUMN published", "UPDATE meta SET value = '1'")
    with pytest.raises(DataError, match="is a store of version 1; this tocsin reads version 2"):
        Store.open(path)


def test_a_damaged_store_is_told(tmp_path: Path) -> None:
    path = tmp_path / "events.db"
    Store.open(path).close()
    content = bytearray(path.read_bytes())
    content[100:] = b"\xff" * (len(content) - 100)
    path.write_bytes(content)
    with pytest.raises(DataError, match="the file is damaged"):
        Store.open(path)


@pytest.mark.parametrize(
    ("target", "fault"),
    [
        ("mysql://me:hush@host/events", "mysql: no database of that kind"),
        ("postgresql://me:hush@host:port/events", "cannot be read as a URL"),
        ("postgresql://me:hush@/events?host=/no/such/folder&password=hush", "the database refused"),
    ],
)
def test_an_address_is_told_without_its_password(target: str, fault: str) -> None:
    with pytest.raises(DataError, match=fault) as told:
        Store.open(target)
    assert "hush" not in str(told.value)


def test_without_its_driver_postgresql_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    imported = builtins.__import__

    def without_psycopg(name: str, *args: object, **kwargs: object) -> object:
        if name.partition(".")[0] == "psycopg":
            raise ImportError(name)
        return imported(name, *args, **kwargs)  # type: ignore[arg-type]  # passed on as they came

    for name in [name for name in sys.modules if name.partition(".")[0] == "psycopg"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(builtins, "__import__", without_psycopg)
    with pytest.raises(DataError, match=r"pip install 'tocsin\[postgres\]'"):
        Store.open("postgresql://me:hush@host/events")
