"""The formats that incidents are exported to, by name.

Incidents are taken as they come and written one by one (Parquet: by the thousand), so that any number of them fits
into memory. A file appears when it is whole. No incident is left out; what a format cannot show of one is counted.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TextIO

from tocsin.data.coding.merged import MergedIncident
from tocsin.data.exports.acled import ACLED
from tocsin.data.exports.codebook import Codebook, write_codebook, write_codebook_text
from tocsin.data.exports.flat import write_csv
from tocsin.data.exports.geojson import write_geojson
from tocsin.data.exports.gtd import GTD
from tocsin.data.exports.lines import write_lines
from tocsin.data.exports.page import write_page_text
from tocsin.data.exports.parquet import write_parquet
from tocsin.data.exports.plover import write_plover
from tocsin.data.exports.ucdp import UCDP
from tocsin.data.exports.written import Written
from tocsin.data.files import written_whole

Incidents = Iterable[MergedIncident]


@dataclass(frozen=True, slots=True)
class Writer:
    """How incidents are written in one format."""

    suffix: str  # of its files
    write: Callable[[Incidents, Path], Written]
    write_text: Callable[[Incidents, TextIO], Written] | None  # None: the format is no text


def _text(suffix: str, write_text: Callable[[Incidents, TextIO], Written]) -> Writer:
    def write(incidents: Incidents, path: Path) -> Written:
        with written_whole(path) as stream:
            written = write_text(incidents, stream)
        return replace(written, files=(path,))

    return Writer(suffix, write, write_text)


def _table(codebook: Codebook) -> Writer:
    return Writer(".csv", partial(write_codebook, codebook), partial(write_codebook_text, codebook))


FORMATS: Mapping[str, Writer] = {
    "jsonl": _text(".jsonl", write_lines),
    "csv": _text(".csv", write_csv),
    "parquet": Writer(".parquet", write_parquet, None),
    "geojson": _text(".geojson", write_geojson),
    "acled": _table(ACLED),
    "ucdp": _table(UCDP),
    "plover": _text(".jsonl", write_plover),
    "gtd": _table(GTD),
    "html": _text(".html", write_page_text),
}
