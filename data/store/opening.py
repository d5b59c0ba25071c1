"""Opening a store: an SQLite file by its path, a PostgreSQL database by its URL; what is no store is told apart.

A process killed at any moment leaves an SQLite store as it was after its last whole transaction. It is kept in WAL
mode with synchronous=NORMAL: after a power cut the last transactions may be missing, never halves of them.
"""

from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from sqlite3 import Connection as SQLiteConnection
from sqlite3 import OperationalError
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, insert, inspect, select, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError

from tocsin.data.errors import DataError
from tocsin.data.store.tables import SCHEMA_VERSION, VERSION_KEY, meta, metadata

BUSY_S = 60  # how long one process waits for another's transaction
POSTGRES = "postgresql"
_MAGIC = b"SQLite format 3\0"
_LOCK = 0x746F6373696E  # "tocsin": the advisory lock of all who write
_EXPECTED = "expected a path for an SQLite file, or postgresql://USER@HOST/DATABASE"
READING = "tocsin_reading"  # execution option: this transaction only reads


def is_store(path: Path) -> bool:
    """Whether a file is an SQLite database; of which program, opening it tells."""
    if not path.is_file():
        return False
    with path.open("rb") as stream:
        return stream.read(len(_MAGIC)) == _MAGIC


def is_url(target: str | Path) -> bool:
    """Whether a target is a database's URL and no path."""
    return "://" in str(target)


def open_engine(target: str | Path, *, create: bool) -> tuple[Engine, str]:
    """The engine of a store that has all its tables, and the name under which to speak of it, without passwords.

    Args:
        target: a path or a URL.
        create: whether to make the tables where there is no store yet.

    Raises:
        DataError: there is no store, it is of another version or program, or it cannot be reached.
    """
    engine, name = _postgres(str(target)) if is_url(target) else _sqlite(Path(target), create=create)
    try:
        with faults_told(name):
            _prepare(engine, name, create=create)
    except DataError:
        engine.dispose()
        raise
    return engine, name


@contextmanager
def faults_told(name: str) -> Iterator[None]:
    """What the database refuses, as a DataError; an error of our own stays what it is.

    Raises:
        DataError: it is locked, full, damaged, or cannot be reached.
    """
    try:
        yield
    except IntegrityError:
        raise
    except DBAPIError as error:
        fault = " ".join(str(error.orig).split())
        raise DataError(f"{name}: the database refused ({fault}); {_remedy(fault)}") from error


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that no other writer runs beside: all of it is kept, or nothing."""
    with engine.begin() as connection:
        if engine.dialect.name == POSTGRES:
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A transaction that sees the store as it is when it begins, whatever others write meanwhile."""
    options: dict[str, Any] = {READING: True}
    if engine.dialect.name == POSTGRES:
        options["isolation_level"] = "REPEATABLE READ"
    with engine.connect().execution_options(**options) as connection, connection.begin():
        yield connection


def _remedy(fault: str) -> str:
    if "locked" in fault:
        return "another program holds it; wait for that to end and run this again"
    if "not a database" in fault or "malformed" in fault:
        return "the file is damaged: take a copy of it, or a new path and add the articles again"
    return "check that it can be reached, read and written, then run this again"


def _postgres(target: str) -> tuple[Engine, str]:
    try:
        url = make_url(target)
    except (ArgumentError, ValueError) as error:
        raise DataError(f"the store's address cannot be read as a URL; {_EXPECTED}") from error
    if url.get_backend_name() not in (POSTGRES, "postgres"):
        raise DataError(f"{url.drivername}: no database of that kind can be a store; {_EXPECTED}")
    name = _shown(url)
    try:
        engine = create_engine(url.set(drivername=f"{POSTGRES}+psycopg"), connect_args={"connect_timeout": BUSY_S})
    except ImportError as error:
        raise DataError(f"{name}: needs the package psycopg; install it: pip install 'tocsin[postgres]'") from error
    return engine, name


def _shown(url: URL) -> str:
    """Without what may be secret: a password, and parameters, which may hold one."""
    port = f":{url.port}" if url.port else ""
    return f"{POSTGRES}://{url.host or ''}{port}/{url.database or ''}"


def _sqlite(path: Path, *, create: bool) -> tuple[Engine, str]:
    if fault := _path_fault(path, create=create):
        raise DataError(f"{path}: {fault}")
    engine = create_engine(URL.create("sqlite", database=str(path)), connect_args={"timeout": BUSY_S})
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)
    return engine, str(path)


def _path_fault(path: Path, *, create: bool) -> str:
    if path.is_dir():
        return f"is a folder; expected the file of a store, for instance {path / 'events.db'}"
    if not path.exists():
        if not create:
            return "no such file; expected a store that `tocsin incidents … --store FILE` has made"
        return "" if path.parent.is_dir() else f"there is no folder {path.parent}; make it, or choose another path"
    if path.is_file() and path.stat().st_size == 0:
        return "" if create else "is empty; expected a store that `tocsin incidents … --store FILE` has made"
    return "" if is_store(path) else "is no SQLite database; expected a store, or a path where there is no file yet"


def _on_connect(connection: SQLiteConnection, _: object) -> None:
    """Leave transactions to `_on_begin`: the driver's own begin too late to keep writers apart."""
    connection.isolation_level = None
    with closing(connection.cursor()) as cursor:
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute("PRAGMA synchronous=NORMAL")


def _on_begin(connection: Connection) -> None:
    reads_only = connection.get_execution_options().get(READING, False)
    connection.exec_driver_sql("BEGIN" if reads_only else "BEGIN IMMEDIATE")


def _prepare(engine: Engine, name: str, *, create: bool) -> None:
    """Make the tables if there are none yet; check that those there are ours."""
    with reading(engine) as connection:
        version = _version(connection, name)
    if version is None and not create:
        raise DataError(f"{name}: is an empty database; expected a store that `tocsin incidents … --store` has made")
    if version is None:
        if engine.dialect.name != POSTGRES:
            _switch_to_wal(engine)
        with writing(engine) as connection:
            version = _version(connection, name)  # another process may have been faster
            if version is None:
                metadata.create_all(connection)
                connection.execute(insert(meta).values(key=VERSION_KEY, value=str(SCHEMA_VERSION)))
                return
    if version != str(SCHEMA_VERSION):
        raise DataError(
            f"{name}: is a store of version {version}; this tocsin reads version {SCHEMA_VERSION}: "
            "use the tocsin that made it, or a new store and add the articles again"
        )


def _switch_to_wal(engine: Engine) -> None:
    """Let readers and the writer work at once; where it cannot be had, they wait for each other."""
    with closing(engine.raw_connection()) as connection, suppress(OperationalError):
        connection.cursor().execute("PRAGMA journal_mode=WAL")


def _version(connection: Connection, name: str) -> str | None:
    """The version of the store; None if the database is still empty.

    Raises:
        DataError: the tables are another program's.
    """
    there = set(inspect(connection).get_table_names())
    ours = metadata.tables.keys() & there
    if not ours and (not there or connection.dialect.name == POSTGRES):
        return None
    version = None
    if meta.name in ours and {column["name"] for column in inspect(connection).get_columns(meta.name)} == {
        "key",
        "value",
    }:
        version = connection.scalar(select(meta.c.value).where(meta.c.key == VERSION_KEY))
    if version is None:
        found = ", ".join(sorted(ours or there)[:5])
        raise DataError(
            f"{name}: is a database of another program (it has the tables {found}); expected a store, "
            "or a database of its own for one"
        )
    return str(version)
