"""A small gazetteer of invented places, and the linker over it."""

import pytest

from tocsin.data.gazetteers.entry import Entry
from tocsin.data.gazetteers.linker import Linker

BASES = (
    Entry("base:camp-vale", "Camp Vale", "base", countries=("IQ",), latitude=36.5, longitude=44.3, where_prec=1),
    Entry("base:fort-dane", "Fort Dane", "base", countries=("IQ",), latitude=33.3, longitude=44.2, where_prec=1),
)
ACTORS = (
    Entry("actor:red-brigade", "Red Brigade", "actor", ("Red Brigade of Norland",), countries=("IQ",)),
    Entry("actor:northern-army", "Northern Army", "actor", countries=("IQ",)),
)
PLACES = (
    Entry(
        "region:iq-varn",
        "Varn",
        "place",
        ("Varn province",),
        kind="first-level unit",
        countries=("IQ",),
        latitude=36.0,
        longitude=44.0,
        where_prec=4,
        admin1="01",
        region="Varn",
    ),
    Entry("geonames:1", "Tessmar", "place", (), "city", ("IQ",), 36.6, 44.4, 1, admin1="01", region="Varn"),
)


@pytest.fixture(scope="session")
def linker() -> Linker:
    return Linker((*BASES, *ACTORS, *PLACES))
