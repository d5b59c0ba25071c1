"""The flat table as CSV and as Parquet."""

import datetime
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tocsin.data.coding.merged import MergedIncident
from tocsin.data.errors import DataError
from tocsin.data.exports import parquet
from tocsin.data.exports.flat import COLUMNS, write_csv
from tocsin.data.exports.formats import FORMATS
from tocsin.data.gazetteers.entry import Entry

Tell = Callable[..., MergedIncident]


def as_csv(incidents: list[MergedIncident], folder: Path) -> pd.DataFrame:
    FORMATS["csv"].write(incidents, folder / "out.csv")
    return pd.read_csv(folder / "out.csv")


def as_parquet(incidents: list[MergedIncident], folder: Path) -> pa.Table:
    FORMATS["parquet"].write(incidents, folder / "out.parquet")
    return pq.read_table(folder / "out.parquet")


def test_an_incident_is_one_row_with_its_numbers(raid: MergedIncident, tmp_path: Path) -> None:
    table = as_csv([raid], tmp_path)
    assert list(table.columns) == list(COLUMNS)
    (row,) = table.to_dict("records")
    assert (row["killed_low"], row["killed_best"], row["wounded_high"], row["date_prec"]) == (3, 3, 5, 1)
    assert pd.isna(row["killed_high"])
    assert (row["location"], row["latitude"], row["other_locations"]) == ("Camp Vale", 36.5, "Fort Dane")
    assert (row["date_start"], row["date_rule"], row["country"]) == ("2024-05-02", "stated", "Iraq")


def test_several_values_are_joined(raid: MergedIncident, tmp_path: Path) -> None:
    (row,) = as_csv([raid], tmp_path).to_dict("records")
    assert row["targets"] == "Camp Vale; Fort Dane; Norland Army"
    assert row["weapon_classes"] == "rocket; drone"
    assert (row["claimed_by"], row["sources"], row["outlets"]) == (
        "Red Brigade",
        "Vale Guard",
        "Norland Post; Tessmar Times",
    )
    assert (row["n_articles"], row["article_ids"], row["urls"]) == (2, "a1; a2", "https://post.example/1")


def test_what_articles_disagree_on_and_why_they_are_one_is_told(raid: MergedIncident, tmp_path: Path) -> None:
    (row,) = as_csv([raid], tmp_path).to_dict("records")
    assert row["disagreements"] == "wounded: a1: 5 | a2: 2"
    assert row["merged_because"] == "a1 + a2 (+4.5): date: both on 2024-05-02 (+4.5)"


def test_who_denies_it_is_no_source_and_claims_nothing(denied: MergedIncident, tmp_path: Path) -> None:
    (row,) = as_parquet([denied], tmp_path).to_pylist()
    assert (row["denied_by"], row["sources"], row["claimed_by"]) == (["Norland Army"], ["Vale Guard"], [])
    pieces = {(piece["slot"], piece["text"]) for piece in row["evidence"]}
    assert ("deniers", "Norland Army") in pieces
    assert not {("sources", "Norland Army"), ("claimants", "Norland Army")} & pieces


def test_who_denies_and_reports_it_is_both(denied: MergedIncident, tmp_path: Path) -> None:
    told, denying = denied.tellings
    both = replace(denied, tellings=(replace(told, sources=denied.sources), denying))
    (row,) = as_parquet([both], tmp_path).to_pylist()
    assert (row["denied_by"], row["sources"]) == (["Norland Army"], ["Vale Guard", "Norland Army"])


def test_a_denial_by_nobody_named_is_counted(denied: MergedIncident) -> None:
    told, denying = denied.tellings
    by_nobody = replace(denied, tellings=(told, replace(denying, claimants=(), sources=())))
    assert write_csv([by_nobody], io.StringIO()).not_shown["denied by somebody who is not named"] == 1


def test_copies_of_an_article_are_outlets_and_addresses(copied: MergedIncident, tmp_path: Path) -> None:
    (row,) = as_parquet([copied], tmp_path).to_pylist()
    assert (row["n_articles"], row["article_ids"]) == (3, ["a1", "a1-copy", "a2"])
    assert row["outlets"] == ["Norland Post", "Dane Echo", "Tessmar Times"]
    assert row["urls"] == ["https://post.example/1", "https://echo.example/9"]


def test_a_number_that_parquet_cannot_hold_is_null_and_counted(tell: Tell, tmp_path: Path) -> None:
    incident = tell("They killed many.", tolls=[("killed", 2, 2**63, 2**70, "many")])
    report = FORMATS["parquet"].write([incident], tmp_path / "out.parquet")
    (row,) = pq.read_table(tmp_path / "out.parquet").to_pylist()
    assert (row["killed_low"], row["killed_best"], row["killed_high"]) == (2, None, None)
    assert report.not_shown["with a number too large for its column"] == 1


def test_parquet_needs_a_file() -> None:
    with pytest.raises(DataError, match=r"/dev/null: cannot be written \(Parquet needs a file\)"):
        FORMATS["parquet"].write([], Path("/dev/null"))


def test_evidence_is_json_with_offsets_into_the_article(raid: MergedIncident, tmp_path: Path) -> None:
    (row,) = as_csv([raid], tmp_path).to_dict("records")
    texts = {telling.sentence.article: telling.sentence.text for telling in raid.tellings}
    pieces = json.loads(row["evidence"])
    assert {slot for slot, *_ in pieces} == {
        "mention", "sentence", "attackers", "targets", "weapons", "claimants", "sources", "date", "location", "killed",
        "wounded",
    }  # fmt: skip
    assert all(texts[article][start:end] == text for _, article, start, end, text in pieces)


def test_a_place_stays_as_it_is_told(tell: Tell, known: dict[str, Entry], tmp_path: Path) -> None:
    incident = tell("They struck the coast of Yemen.", places=[("coast of Yemen", known["yemen"])])
    (row,) = as_csv([incident], tmp_path).to_dict("records")
    assert (row["places"], row["location"]) == ("coast of Yemen", "Yemen")


def test_a_date_that_names_no_days_is_told_with_its_reason(tell: Tell, tmp_path: Path) -> None:
    incident = tell("They struck in recent weeks.", unresolved=[("recent weeks", "it names no number of weeks")])
    (row,) = as_csv([incident], tmp_path).to_dict("records")
    assert row["unresolved_dates"] == "recent weeks: it names no number of weeks"


def test_formulas_are_text_and_negative_numbers_are_numbers(
    tell: Tell, known: dict[str, Entry], tmp_path: Path
) -> None:
    incident = tell(
        "-2+3 hit Tessmar.", attackers=[("-2+3", None)], places=[("Tessmar", known["tessmar"])], trigger="hit"
    )
    (row,) = as_csv([incident], tmp_path).to_dict("records")
    assert (row["attackers"], row["sentence"]) == ("'-2+3", "'-2+3 hit Tessmar.")
    assert row["longitude"] == -89.2


def test_names_with_quotes_newlines_and_accents_are_read_back(tell: Tell, tmp_path: Path) -> None:
    name = 'Ḥarakat "al-Fajr",\nwing; 新軍'
    incident = tell(f"{name} attacked.", attackers=[(name, None)])
    assert list(as_csv([incident], tmp_path)["attackers"]) == [name]
    assert as_parquet([incident], tmp_path)["attackers"].to_pylist() == [[name]]


def test_of_a_bare_incident_only_its_article_is_known(bare: MergedIncident, tmp_path: Path) -> None:
    (row,) = as_parquet([bare], tmp_path).to_pylist()
    known_of_it = {column: value for column, value in row.items() if value not in (None, [])}
    assert known_of_it == {
        "id": bare.id, "type": "ATTACK", "status": "reported", "outcome": "unknown", "score": 0.8, "n_articles": 1,
        "article_ids": ["a1"],
    }  # fmt: skip


def test_what_is_lacking_is_counted(bare: MergedIncident, raid: MergedIncident) -> None:
    report = write_csv([bare, raid, bare], io.StringIO())
    assert (report.n_incidents, report.n_rows) == (3, 3)
    assert report.not_shown == {"with nothing but a mention": 2, "without a date": 2, "without a position": 2}


def test_parquet_is_typed(raid: MergedIncident, bare: MergedIncident, tmp_path: Path) -> None:
    table = as_parquet([raid, bare], tmp_path)
    types = {name: table.schema.field(name).type for name in ("date_start", "killed_low", "latitude", "targets")}
    assert types == {
        "date_start": pa.date32(),
        "killed_low": pa.int64(),
        "latitude": pa.float64(),
        "targets": pa.list_(pa.string()),
    }
    assert table["date_start"].to_pylist() == [datetime.date(2024, 5, 2), None]
    assert table["killed_low"].to_pylist() == [3, None]
    assert table["targets"].to_pylist() == [["Camp Vale", "Fort Dane", "Norland Army"], []]
    assert table["evidence"].to_pylist()[0][0] == {
        "slot": "mention", "article": "a1", "start": 31, "end": 34, "text": "hit"
    }  # fmt: skip


def test_pandas_reads_the_parquet_file(raid: MergedIncident, tmp_path: Path) -> None:
    FORMATS["parquet"].write([raid], tmp_path / "out.parquet")
    assert list(pd.read_parquet(tmp_path / "out.parquet")["killed_best"]) == [3]


def test_parquet_takes_incidents_group_by_group(
    bare: MergedIncident, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet, "N_IN_MEMORY", 4)
    FORMATS["parquet"].write(iter([bare] * 10), tmp_path / "out.parquet")
    metadata = pq.ParquetFile(tmp_path / "out.parquet").metadata
    assert (metadata.num_row_groups, metadata.num_rows) == (3, 10)


def test_no_incidents_are_an_empty_table(tmp_path: Path) -> None:
    assert as_csv([], tmp_path).empty
    assert as_parquet([], tmp_path).num_rows == 0


@pytest.mark.parametrize("name", ["csv", "parquet", "jsonl", "geojson", "plover"])
def test_an_export_that_fails_leaves_no_file(name: str, raid: MergedIncident, tmp_path: Path) -> None:
    def failing() -> Iterator[MergedIncident]:
        yield raid
        raise DataError("the store is gone")

    with pytest.raises(DataError, match="the store is gone"):
        FORMATS[name].write(failing(), tmp_path / "out")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["csv", "parquet", "jsonl", "geojson", "plover"])
def test_a_folder_is_no_file_to_write(name: str, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"cannot be written \(it is a folder\); expected a file"):
        FORMATS[name].write([], tmp_path)


def test_parquet_in_a_folder_that_does_not_exist_is_told(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"cannot be written .*; expected a file in a folder that exists"):
        FORMATS["parquet"].write([], tmp_path / "none" / "out.parquet")


def test_a_link_to_a_file_stays_a_link(raid: MergedIncident, tmp_path: Path) -> None:
    (tmp_path / "out.parquet").symlink_to(tmp_path / "real.parquet")
    FORMATS["parquet"].write([raid], tmp_path / "out.parquet")
    assert (tmp_path / "out.parquet").is_symlink()
    assert pq.read_table(tmp_path / "real.parquet").num_rows == 1
