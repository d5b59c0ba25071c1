"""GTD's categories with their numbers, after its codebook: countries, regions, targets, weapons and attacks."""

import re
from collections.abc import Mapping

from tocsin.data.coding.account import Value
from tocsin.data.exports.actors import side
from tocsin.data.exports.civilians import civilians
from tocsin.data.exports.country_names import country_name

Code = tuple[int, str]

# number, ISO 3166-1 code, and GTD's name where it is another than the gazetteer's
_LISTED = """
    4 AF; 5 AL; 6 DZ; 7 AD; 8 AO; 10 AG; 11 AR; 12 AM; 14 AU; 15 AT; 16 AZ; 17 BS; 18 BH; 19 BD; 20 BB; 21 BE;
    22 BZ; 23 BJ; 25 BT; 26 BO; 28 BA Bosnia-Herzegovina; 29 BW; 30 BR; 31 BN; 32 BG; 33 BF; 34 BI; 35 BY; 36 KH;
    37 CM; 38 CA; 41 CF; 42 TD; 43 CL; 44 CN; 45 CO; 46 KM; 47 CG; 49 CR; 50 HR; 51 CU; 53 CY; 54 CZ; 55 DK;
    56 DJ; 57 DM; 58 DO; 59 EC; 60 EG; 61 SV; 62 GQ; 63 ER; 64 EE; 65 ET; 66 FK; 67 FJ; 68 FI; 69 FR; 70 GF;
    71 PF; 72 GA; 73 GM; 74 GE; 75 DE; 76 GH; 78 GR; 80 GD; 81 GP; 83 GT; 84 GN; 85 GW; 86 GY; 87 HT; 88 HN;
    89 HK; 90 HU; 91 IS; 92 IN; 93 ID; 94 IR; 95 IQ; 96 IE; 97 IL; 98 IT; 99 CI; 100 JM; 101 JP; 102 JO; 103 KZ;
    104 KE; 106 KW; 107 KG; 108 LA; 109 LV; 110 LB; 111 LS; 112 LR; 113 LY; 115 LT; 116 LU; 117 MO Macau; 118 MK;
    119 MG; 120 MW; 121 MY; 122 MV; 123 ML; 124 MT; 127 MQ; 128 MR; 129 MU; 130 MX; 132 MD; 136 MA; 137 MZ;
    138 MM; 139 NA; 141 NP; 142 NL; 143 NC; 144 NZ; 145 NI; 146 NE; 147 NG; 149 KP; 151 NO; 152 OM; 153 PK;
    155 PS West Bank and Gaza Strip; 156 PA; 157 PG; 158 PY; 159 PE; 160 PH; 161 PL; 162 PT; 163 PR; 164 QA;
    166 RO; 167 RU; 168 RW; 173 SA; 174 SN; 176 SC; 177 SL; 178 SG; 179 SK Slovak Republic; 180 SI; 181 SB;
    182 SO; 183 ZA; 184 KR; 185 ES; 186 LK; 195 SD; 196 SR; 197 SZ Swaziland; 198 SE; 199 CH; 200 SY; 201 TW;
    202 TJ; 203 TZ; 204 TG; 205 TH; 207 TT; 208 TN; 209 TR; 210 TM; 213 UG; 214 UA; 215 AE; 217 US; 218 UY;
    219 UZ; 220 VU; 221 VA; 222 VE; 223 VN; 226 WF; 228 YE; 229 CD; 230 ZM; 231 ZW; 347 TL; 349 EH; 603 GB;
    1001 RS; 1002 ME; 1003 XK; 1004 SS
"""
_COUNTRIES: Mapping[str, tuple[int, str]] = {
    iso2: (int(number), own_name)
    for number, iso2, own_name in ((*item.split(maxsplit=2), "")[:3] for item in _LISTED.split(";"))
}
REGIONS: Mapping[str, int] = {
    "North America": 1,
    "Central America & Caribbean": 2,
    "South America": 3,
    "East Asia": 4,
    "Southeast Asia": 5,
    "South Asia": 6,
    "Central Asia": 7,
    "Western Europe": 8,
    "Eastern Europe": 9,
    "Middle East & North Africa": 10,
    "Sub-Saharan Africa": 11,
    "Australasia & Oceania": 12,
}
ATTACKS: Mapping[int, str] = {
    1: "Assassination",
    2: "Armed Assault",
    3: "Bombing/Explosion",
    4: "Hijacking",
    5: "Hostage Taking (Barricade Incident)",
    6: "Hostage Taking (Kidnapping)",
    7: "Facility/Infrastructure Attack",
    8: "Unarmed Assault",
    9: "Unknown",
}
WEAPONS: Mapping[int, str] = {
    1: "Biological",
    2: "Chemical",
    3: "Radiological",
    4: "Nuclear",
    5: "Firearms",
    6: "Explosives",
    7: "Fake Weapons",
    8: "Incendiary",
    9: "Melee",
    10: "Vehicle (not to include vehicle-borne explosives, i.e., car or truck bombs)",
    11: "Sabotage Equipment",
    12: "Other",
    13: "Unknown",
}
TARGETS: Mapping[int, str] = {
    1: "Business",
    2: "Government (General)",
    3: "Police",
    4: "Military",
    5: "Abortion Related",
    6: "Airports & Aircraft",
    7: "Government (Diplomatic)",
    8: "Educational Institution",
    9: "Food or Water Supply",
    10: "Journalists & Media",
    11: "Maritime",
    12: "NGO",
    13: "Other",
    14: "Private Citizens & Property",
    15: "Religious Figures/Institutions",
    16: "Telecommunication",
    17: "Terrorists/Non-State Militia",
    18: "Tourists",
    19: "Transportation",
    20: "Unknown",
    21: "Utilities",
    22: "Violent Political Party",
}

_SECTORS: Mapping[str, int] = {  # PLOVER's, of a state or of nobody armed
    "COP": 3,
    "MIL": 4,
    **dict.fromkeys(("GOV", "JUD", "LEG", "SPY"), 2),
    "BUS": 1,
    "CVL": 14,
    "EDU": 8,
    "JRN": 10,
    "REL": 15,
}
# What a named thing says it is, whoever holds it; the first that fits. Hospitals, hotels and oil are not told from
# other businesses by their words, so they are left open.
_WORDS = tuple(
    (re.compile(rf"\b(?:{words})s?\b", re.IGNORECASE), number)
    for words, number in (
        ("embassy|embassies|consulate|diplomatic mission", 7),
        ("police (?:station|post|headquarters|checkpoint|academy)", 3),
        ("military|army|armed forces|air ?base|naval base|missile base|barracks|garrison", 4),
        ("airport|airliner", 6),
        ("school|university|universities|college", 8),
        ("mosque|church|churches|temple|synagogue|shrine|monastery|seminary", 15),
        ("ship|tanker|vessel|frigate|destroyer|corvette|ferry|ferries|seaport|harbou?r", 11),
        ("power (?:plant|station|line|grid)|substation|electricity \\w+", 21),
        ("telecommunications?|cell(?:phone)? tower|telephone exchange", 16),
        ("bus|buses|train|railway|bridge|highway", 19),
        ("television|radio station|newspaper", 10),
    )
)


def country_code(iso2: str) -> tuple[int | None, str]:
    """Number and name of a country; no number for those, mostly small islands, that the table here lacks."""
    code, own_name = _COUNTRIES.get(iso2, (None, ""))
    return code, own_name or country_name(iso2, {})


def target_type(target: Value) -> Code | None:
    """What kind of target something is; None if neither the gazetteer nor its words say so."""
    entry = target.link.entry if target.link else None
    if entry and entry.layer == "actor":
        number = 17 if side(target) == "group" else _SECTORS.get(entry.sector)
    elif target.label in ("BASE", "ASSET"):
        words = f"{target.text} {entry.kind if entry else ''}"
        number = next((number for pattern, number in _WORDS if pattern.search(words)), None)
    else:
        people = civilians(target)
        number = people.target_type if people else None
    return (number, TARGETS[number]) if number else None
