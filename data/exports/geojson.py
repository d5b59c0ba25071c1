"""Incidents as GeoJSON (RFC 7946): a feature for each location, longitude before latitude, WGS 84.

An incident without a position is a feature whose geometry is null. Properties are the columns of the flat table;
`part` says which location of how many it is, and tolls are on the first, so that sums count nobody twice.
"""

import json
from collections.abc import Iterable
from typing import Any, TextIO

from tocsin.data.coding.merged import MergedIncident
from tocsin.data.exports.flat import not_shown, plain, record
from tocsin.data.exports.rows import Row, rows
from tocsin.data.exports.written import Tally, Written

_AS_GEOMETRY = ("latitude", "longitude")


def write_geojson(incidents: Iterable[MergedIncident], stream: TextIO) -> Written:
    """Write one feature collection, feature by feature."""
    tally = Tally()
    stream.write('{"type": "FeatureCollection", "features": [')
    for incident in incidents:
        features = [json.dumps(feature(row), ensure_ascii=False) for row in rows(incident)]
        stream.write((",\n" if tally.n_rows else "\n") + ",\n".join(features))
        tally.add(len(features), not_shown(incident))
    stream.write("\n]}\n")
    return tally.written()


def feature(row: Row) -> dict[str, Any]:
    """The feature of one row."""
    location = row.location
    point = {"type": "Point", "coordinates": [location.longitude, location.latitude]} if location else None
    items = {column: plain(item) for column, item in record(row).items() if column not in _AS_GEOMETRY}
    part = f"{row.number} of {row.n_rows}" if row.n_rows > 1 else None
    return {"type": "Feature", "id": row.id, "geometry": point, "properties": {**items, "part": part}}
