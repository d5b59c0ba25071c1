"""How the page says what is coded as a number or a word of ours."""

from collections.abc import Mapping

from tocsin.data.coding.account import Days, Location, Toll, Value
from tocsin.data.coding.merged import MergedIncident
from tocsin.data.gazetteers.countries import countries
from tocsin.data.types import DateInterval

WHERE: Mapping[int, str] = {  # UCDP GED's where_prec
    1: "exact place",
    2: "near this place",
    3: "somewhere in a second-level unit",
    4: "somewhere in a first-level unit",
    5: "a large or vague area",
    6: "somewhere in the country",
    7: "at sea or in the air",
}
WHEN: Mapping[int, str] = {  # UCDP GED's date_prec
    1: "a day",
    2: "two to six days",
    3: "a week",
    4: "up to a month",
    5: "more than a month",
}
RULES: Mapping[str, str] = {
    "stated": "stated in the text",
    "anaphora": "taken from the event it is relative to",
    "given": "listed with the document, not said in the text",
}


def called(value: Value) -> str:
    """What a value is called: by its entry if it is linked, else in quotes as the text has it."""
    return value.link.entry.name if value.link else f"“{value.text}”"


def country_name(code: str) -> str:
    """A country by its ISO 3166-1 alpha-2 code; the code itself if it is none."""
    country = countries().get(code)
    return country.name if country else code


def where_words(location: Location) -> str:
    """A location with what it lies in.

    >>> where_words(Location("Camp Vale", "IQ", "Anbar", 33.4, 43.3, 1, "base:camp-vale", ()))
    'Camp Vale, Anbar, Iraq'
    """
    parts = (location.name, location.region, country_name(location.country))
    return ", ".join(dict.fromkeys(part for part in parts if part))


def position_words(location: Location) -> str:
    """Degrees for people.

    >>> position_words(Location("Camp Vale", "IQ", "Anbar", 33.4, -43.3, 1, "base:camp-vale", ()))
    '33.400° N, 43.300° W'
    """
    north, east = location.latitude, location.longitude
    return f"{abs(north):.3f}° {'N' if north >= 0 else 'S'}, {abs(east):.3f}° {'E' if east >= 0 else 'W'}"


def interval_words(interval: DateInterval) -> str:
    """Days for people: "2024-02-03", "2024-02-03 to 2024-02-05"."""
    start, end = interval.start, interval.end
    return str(start) if start == end else f"{start} to {end}"


def days_words(days: Days) -> str:
    """How exact days are, and how they are known."""
    return f"{WHEN[days.precision]}, {RULES[days.rule]}"


def toll_words(toll: Toll) -> str:
    """A toll in as few characters as say its bounds.

    >>> [toll_words(Toll("killed", low, best, high, ())) for low, best, high in ((3, 3, None), (0, 0, 0), (2, 4, 6))]
    ['killed 3+', 'killed 0', 'killed 4 (2–6)']
    >>> toll_words(Toll("wounded", 1, None, None, ()))
    'wounded 1+'
    """
    best = toll.low if toll.best is None else toll.best
    if toll.high is None:
        bounds = "+" if best == toll.low else f" ({toll.low}+)"
    else:
        bounds = "" if toll.low == toll.high else f" ({toll.low}–{toll.high})"
    harm = "harmed" if toll.harm == "any" else toll.harm
    return f"{harm} {best}{bounds}"


def weapon_classes(incident: MergedIncident) -> tuple[str, ...]:
    """The classes of an incident's weapons, each once."""
    return tuple(dict.fromkeys(value.weapon_class for value in incident.weapons if value.weapon_class))
