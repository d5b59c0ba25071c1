"""GeoJSON and JSON lines, read back."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry import shape

from tocsin.data.coding.account_json import merged_from_json
from tocsin.data.coding.merged import MergedIncident
from tocsin.data.exports.formats import FORMATS
from tocsin.data.exports.geojson import write_geojson
from tocsin.data.gazetteers.entry import Entry

Tell = Callable[..., MergedIncident]


def collection(*incidents: MergedIncident) -> dict[str, Any]:
    stream = io.StringIO()
    write_geojson(incidents, stream)
    found: dict[str, Any] = json.loads(stream.getvalue())
    return found


def test_the_collection_is_one_that_shapely_reads(raid: MergedIncident, tmp_path: Path) -> None:
    FORMATS["geojson"].write([raid], tmp_path / "out.geojson")
    found = json.loads((tmp_path / "out.geojson").read_text(encoding="utf-8"))
    assert found.keys() == {"type", "features"}
    assert found["type"] == "FeatureCollection"
    for feature in found["features"]:
        assert feature.keys() == {"type", "id", "geometry", "properties"}
        assert shapely.is_valid(shape(feature["geometry"]))


def test_longitude_stands_before_latitude(tell: Tell, known: dict[str, Entry]) -> None:
    (feature,) = collection(tell("They hit Tessmar.", places=[("Tessmar", known["tessmar"])]))["features"]
    point = shape(feature["geometry"])
    assert (point.x, point.y) == (-89.2, 13.7)


def test_each_location_is_a_feature_and_casualties_are_on_the_first(raid: MergedIncident) -> None:
    first, second = (feature["properties"] for feature in collection(raid)["features"])
    assert (first["location"], second["location"]) == ("Camp Vale", "Fort Dane")
    assert (first["part"], second["part"]) == ("1 of 2", "2 of 2")
    assert (first["killed_best"], second["killed_best"]) == (3, None)
    assert first["id"] == second["id"] == raid.id


def test_an_incident_without_a_position_has_no_geometry_and_is_counted(bare: MergedIncident) -> None:
    stream = io.StringIO()
    report = write_geojson([bare], stream)
    (feature,) = json.loads(stream.getvalue())["features"]
    assert feature["geometry"] is None
    assert feature["properties"]["part"] is None
    assert report.not_shown == {"with nothing but a mention": 1, "without a date": 1, "without a position": 1}


def test_properties_have_the_evidence(raid: MergedIncident) -> None:
    feature = collection(raid)["features"][0]
    assert ["mention", "a1", 31, 34, "hit"] in feature["properties"]["evidence"]
    assert feature["properties"]["date_start"] == "2024-05-02"


def test_several_incidents_and_none_are_valid_json(raid: MergedIncident, bare: MergedIncident) -> None:
    assert len(collection(raid, bare, raid)["features"]) == 5
    assert collection()["features"] == []


def test_unicode_and_quotes_are_read_back(tell: Tell) -> None:
    name = 'Ḥarakat "al-Fajr"\n新軍'
    (feature,) = collection(tell(f"{name} attacked.", attackers=[(name, None)]))["features"]
    assert feature["properties"]["attackers"] == [name]


def test_json_lines_give_the_same_incidents_back(raid: MergedIncident, bare: MergedIncident, tmp_path: Path) -> None:
    report = FORMATS["jsonl"].write([raid, bare], tmp_path / "out.jsonl")
    lines = (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()
    assert [merged_from_json(json.loads(line)) for line in lines] == [raid, bare]
    assert (report.n_incidents, report.files) == (2, (tmp_path / "out.jsonl",))
    assert report.not_shown == {"with nothing but a mention": 1}
