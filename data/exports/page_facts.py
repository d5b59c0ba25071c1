"""What the page's script knows of the incidents: days, sites, and the properties to filter by."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tocsin.data.coding.account import Location
from tocsin.data.coding.merged import MergedIncident
from tocsin.data.coding.tolls import HARMS
from tocsin.data.exports.evidence import articles_of
from tocsin.data.exports.page_map import Site
from tocsin.data.exports.page_timeline import Timeline
from tocsin.data.exports.page_words import called, country_name, weapon_classes

NONE = "not stated"
AT_SEA, SEVERAL = "at sea", "area of several countries"
SEA = 7  # a value of where_prec


@dataclass(frozen=True, slots=True)
class Facet:
    """A property to filter by: its values, and which of them each incident has."""

    name: str
    options: tuple[tuple[str, int], ...]  # each with its number of incidents, the most frequent first
    of_incidents: tuple[tuple[int, ...], ...]  # numbers of options


def facets(incidents: Sequence[MergedIncident]) -> tuple[Facet, ...]:
    """What the table can be filtered by."""
    return (
        _facet("attacker", [[called(value) for value in incident.attackers] for incident in incidents]),
        _facet("weapon", [weapon_classes(incident) for incident in incidents]),
        _facet("country", [[_country(at) for at in incident.locations] for incident in incidents]),
        _facet("status", [list(filter(None, [incident.status])) for incident in incidents]),
    )


def facts(
    incidents: Sequence[MergedIncident], properties: Sequence[Facet], sites: Sequence[Site], times: Timeline
) -> dict[str, Any]:
    """All of it as a JSON object."""
    located: list[list[int]] = [[] for _ in incidents]
    for number, site in enumerate(sites):
        for index in site.incidents:
            located[index].append(number)
    records = [
        {
            "days": [str(incident.days.interval.start), str(incident.days.interval.end)] if incident.days else None,
            "vague": incident.days is not None and incident.days.precision > 1,
            "bars": list(times.shares[i].items()),
            "sites": located[i],
            "facets": [facet.of_incidents[i] for facet in properties],
            "tolls": _tolls(incident),
            "articles": len(articles_of(incident)),
        }
        for i, incident in enumerate(incidents)
    ]
    bars = [[str(bar.interval.start), str(bar.interval.end)] for bar in times.bars]
    return {"incidents": records, "bars": bars}


def _tolls(incident: MergedIncident) -> list[int | None]:
    """How many, by harm, the killed first: the best figure, the lowest where there is none."""
    known = {toll.harm: toll.low if toll.best is None else toll.best for toll in incident.tolls}
    return [known.get(harm) for harm in HARMS]


def _country(at: Location) -> str:
    return country_name(at.country) or (AT_SEA if at.where_prec == SEA else SEVERAL)


def _facet(name: str, values: Sequence[Sequence[str]]) -> Facet:
    """One facet from the values that each incident has; one without any has `NONE`."""
    given = [tuple(dict.fromkeys(each)) or (NONE,) for each in values]
    counted = Counter(value for each in given for value in each)
    options = sorted(counted.items(), key=lambda option: (-option[1], option[0]))
    number = {value: i for i, (value, _) in enumerate(options)}
    return Facet(name, tuple(options), tuple(tuple(number[value] for value in each) for each in given))
