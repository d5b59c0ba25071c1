"""What the codebooks call a country, where it is not the name of the gazetteer."""

from collections.abc import Mapping

from tocsin.data.gazetteers.countries import Country, countries

ACLED: Mapping[str, str] = {
    "CD": "Democratic Republic of Congo",
    "CG": "Republic of Congo",
    "SZ": "eSwatini",
}
UCDP: Mapping[str, str] = {  # current and former name, as UCDP GED writes them
    "BA": "Bosnia-Herzegovina",
    "CD": "DR Congo (Zaire)",
    "CG": "Congo",
    "KH": "Cambodia (Kampuchea)",
    "MG": "Madagascar (Malagasy)",
    "MM": "Myanmar (Burma)",
    "RS": "Serbia (Yugoslavia)",
    "RU": "Russia (Soviet Union)",
    "SZ": "Kingdom of eSwatini (Swaziland)",
    "US": "United States of America",
    "VN": "Vietnam (North Vietnam)",
    "YE": "Yemen (North Yemen)",
    "ZW": "Zimbabwe (Rhodesia)",
}


def country_of(code: str) -> Country | None:
    """A country by its ISO 3166-1 alpha-2 code; None for one that is not known, and at sea."""
    return countries().get(code)


def country_name(code: str, names: Mapping[str, str]) -> str:
    """What a codebook calls a country; empty if it is not known.

    Args:
        names: the codebook's own.
    """
    country = country_of(code)
    return names.get(code, country.name if country else "")


def number(digits: str) -> int | None:
    """A country's number as a table has it."""
    return int(digits) if digits else None
