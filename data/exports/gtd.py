"""GTD's table: its 135 columns, categories and rules, after its codebook.

- What the text does not support is empty. Only an unknown perpetrator is "Unknown", and the month and day of a date
  that is known in part are 0, as the codebook has it; the expression itself stands in `approxdate`.
- `specificity` follows the position: a named place (1), an area within a first-level unit (3), that unit (4), vaguer
  (5); a position of specificity 5 is empty, as the codebook knows none.
- A perpetrator whom the gazetteers do not know gives way to who claims the attack, if they know them.
- An attack that hit is a success, one that was intercepted or failed is none.
- `eventid` is not GTD's number of a day but the row's own id. An attack on several places is `multiple`, its other
  rows are `related`, and its casualties stand on the first.
- Three targets, three groups, four weapons and three sources have columns; what is beyond is counted.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from tocsin.data.coding.account import ArticleRef, Value
from tocsin.data.coding.merged import MergedIncident
from tocsin.data.coding.weapons import CLASSES
from tocsin.data.exports.actors import BY_CLAIM, attackers, is_by_claim, side
from tocsin.data.exports.cells import Cell, Cells, Scalar, filled, joined, one_line, proofs, proven, texts, united
from tocsin.data.exports.codebook import Codebook
from tocsin.data.exports.country_names import country_of
from tocsin.data.exports.evidence import Proofs, articles_of, claim_proofs, main_telling, outcome_proofs, outlet
from tocsin.data.exports.gtd_codes import ATTACKS, REGIONS, WEAPONS, country_code, target_type
from tocsin.data.exports.notes import conventions, notes
from tocsin.data.exports.rows import Row, name_of, rows

COLUMNS = tuple(
    """
    eventid iyear imonth iday approxdate extended resolution country country_txt region region_txt provstate city
    latitude longitude specificity vicinity location summary crit1 crit2 crit3 doubtterr alternative alternative_txt
    multiple success suicide attacktype1 attacktype1_txt attacktype2 attacktype2_txt attacktype3 attacktype3_txt
    targtype1 targtype1_txt targsubtype1 targsubtype1_txt corp1 target1 natlty1 natlty1_txt
    targtype2 targtype2_txt targsubtype2 targsubtype2_txt corp2 target2 natlty2 natlty2_txt
    targtype3 targtype3_txt targsubtype3 targsubtype3_txt corp3 target3 natlty3 natlty3_txt
    gname gsubname gname2 gsubname2 gname3 gsubname3 motive guncertain1 guncertain2 guncertain3 individual nperps
    nperpcap claimed claimmode claimmode_txt claim2 claimmode2 claimmode2_txt claim3 claimmode3 claimmode3_txt compclaim
    weaptype1 weaptype1_txt weapsubtype1 weapsubtype1_txt weaptype2 weaptype2_txt weapsubtype2 weapsubtype2_txt
    weaptype3 weaptype3_txt weapsubtype3 weapsubtype3_txt weaptype4 weaptype4_txt weapsubtype4 weapsubtype4_txt
    weapdetail nkill nkillus nkillter nwound nwoundus nwoundte property propextent propextent_txt propvalue propcomment
    ishostkid nhostkid nhostkidus nhours ndays divert kidhijcountry ransom ransomamt ransomamtus ransompaid ransompaidus
    ransomnote hostkidoutcome hostkidoutcome_txt nreleased addnotes scite1 scite2 scite3 dbsource INT_LOG INT_IDEO
    INT_MISC INT_ANY related
    """.split()
)
UNKNOWN = "Unknown"
DATABASE = "tocsin"
N_TARGETS, N_GROUPS, N_SOURCES, N_WEAPONS, N_ATTACKS = 3, 3, 3, 4, 3
SPECIFICITIES = {1: 1, 2: 1, 3: 3, 4: 4, 5: 5, 6: 5, 7: 5}  # by where_prec
SUCCESSES = {"hit": 1, "intercepted": 0, "failed": 0}

_VICINITY, _VAGUEST = 2, 5  # a value of where_prec; of specificity
_HARMS = {"nkill": "killed", "nwound": "wounded"}
_SUICIDE = ("suicide bomb", "suicide vehicle bomb")


def _cells(row: Row) -> Cells:
    incident = row.incident
    telling = main_telling(incident)
    return filled(
        {
            "eventid": Cell(row.id),
            **_when(incident),
            **_where(row),
            "summary": Cell(one_line(telling.sentence.text), (telling.sentence,)) if telling else Cell(None),
            "multiple": Cell(1 if row.siblings else None),
            "success": Cell(SUCCESSES.get(incident.outcome), outcome_proofs(incident)),
            "claimed": Cell(1 if claim_proofs(incident) else None, claim_proofs(incident)),
            **_weapons(incident),
            **_targets(row.targets),
            **_groups(incident),
            **_casualties(row),
            **_citations(incident),
            "addnotes": Cell(*notes(row, harms=_HARMS.values())),
            "dbsource": Cell(DATABASE),
            "related": Cell(joined(row.siblings)),
        }
    )


def _when(incident: MergedIncident) -> dict[str, Cell]:
    if incident.days is None:
        unresolved = tuple(item.evidence for account in incident.accounts for item in account.unresolved)
        return {"approxdate": Cell(texts(unresolved), unresolved)}
    start, end = incident.days.interval.start, incident.days.interval.end
    known: dict[str, Scalar] = {"approxdate": f"{start} to {end}" if start != end else None}
    if start.year == end.year:
        month = start.month if start.month == end.month else 0
        known |= {"iyear": start.year, "imonth": month, "iday": start.day if start == end else 0}
    return proven(known, incident.days.evidence)


def _where(row: Row) -> dict[str, Cell]:
    location = row.location
    if location is None:
        return {}
    country = country_of(location.country)
    code, name = country_code(location.country)
    specificity = SPECIFICITIES.get(location.where_prec)
    is_base = row.entry is not None and row.entry.layer == "base"
    has_position = specificity != _VAGUEST
    known: dict[str, Scalar] = {
        "country": code,
        "country_txt": name,
        "region": REGIONS.get(country.region_gtd) if country else None,
        "region_txt": country.region_gtd if country else "",
        "provstate": location.region,
        "city": location.name if specificity == 1 and not is_base else "",
        "latitude": location.latitude if has_position else None,
        "longitude": location.longitude if has_position else None,
        "specificity": specificity,
        "vicinity": 1 if location.where_prec == _VICINITY else None,
        "location": location.name if is_base or specificity != 1 else "",
    }
    return proven(known, location.evidence)


def _weapons(incident: MergedIncident) -> dict[str, Cell]:
    classed = [weapon for weapon in incident.weapons if weapon.weapon_class in CLASSES]
    codes = [(CLASSES[weapon.weapon_class].codes, weapon.evidence) for weapon in classed]
    weapons = united((code.gtd_weapon[0], evidence) for code, evidence in codes if code.gtd_weapon)
    attacks = united((code.gtd_attack[0], evidence) for code, evidence in codes if code.gtd_attack)
    suicide = proofs(weapon for weapon in classed if weapon.weapon_class in _SUICIDE)
    return {
        **_numbered("weaptype", weapons, WEAPONS, N_WEAPONS),
        **_numbered("attacktype", attacks, ATTACKS, N_ATTACKS),
        "suicide": Cell(1 if suicide else None, suicide),
        "weapdetail": Cell(joined(weapon.text for weapon in incident.weapons), proofs(incident.weapons)),
    }


def _numbered(stem: str, codes: Mapping[int, Proofs], names: Mapping[int, str], n_columns: int) -> dict[str, Cell]:
    """Codes and their texts, in as many columns as there are."""
    cells: dict[str, Cell] = {}
    for number, (code, evidence) in enumerate(islice(codes.items(), n_columns), start=1):
        cells |= proven({f"{stem}{number}": code, f"{stem}{number}_txt": names[code]}, evidence)
    return cells


def _targets(targets: Sequence[Value]) -> dict[str, Cell]:
    cells: dict[str, Cell] = {}
    for number, target in enumerate(targets[:N_TARGETS], start=1):
        kind, kind_name = target_type(target) or (None, "")
        state = target.link.entry.country if target.link and side(target) == "state" else ""
        nation, nation_name = country_code(state)
        known: dict[str, Scalar] = {
            f"targtype{number}": kind,
            f"targtype{number}_txt": kind_name,
            f"target{number}": name_of(target),
            f"natlty{number}": nation,
            f"natlty{number}_txt": nation_name,
        }
        cells |= proven(known, target.evidence)
    return cells


def _groups(incident: MergedIncident) -> dict[str, Cell]:
    groups = attackers(incident)[:N_GROUPS]
    columns = ("gname", "gname2", "gname3")
    named = {column: Cell(name_of(group), group.evidence) for column, group in zip(columns, groups, strict=False)}
    return named or {"gname": Cell(UNKNOWN)}


def _casualties(row: Row) -> dict[str, Cell]:
    tolls = {column: row.toll(harm) for column, harm in _HARMS.items()}
    return {column: Cell(toll.best, toll.evidence) for column, toll in tolls.items() if toll}


def _citations(incident: MergedIncident) -> dict[str, Cell]:
    articles = articles_of(incident)[:N_SOURCES]
    return {
        f"scite{number}": Cell(_citation(article), articles=(article.id,))
        for number, article in enumerate(articles, start=1)
    }


def _citation(article: ArticleRef) -> str:
    """GTD cites as "title," source, day; what is not known is left out."""
    title = f'"{article.title},"' if article.title else ""
    day = article.published.isoformat() if article.published else ""
    return " ".join(filter(None, (title, ", ".join(filter(None, (outlet(article), day))))))


def _left_out(incident: MergedIncident) -> Iterator[str]:
    for toll in incident.tolls:
        if toll.harm not in _HARMS.values():
            yield f"with {toll.harm}, for whom there is no column"
        elif toll.best is None:
            yield f"with {toll.harm} of whom no number is told"
    yield from conventions(incident, harms=_HARMS.values())
    if is_by_claim(incident):
        yield BY_CLAIM
    if any(len(row.targets) > N_TARGETS for row in rows(incident)):
        yield f"with more than {N_TARGETS} targets"
    if len(attackers(incident)) > N_GROUPS:
        yield f"with more than {N_GROUPS} groups"
    if len(articles_of(incident)) > N_SOURCES:
        yield f"with more than {N_SOURCES} articles"


GTD = Codebook(
    COLUMNS,
    _cells,
    {
        "iyear": "without a year",
        "attacktype1": "without an attack type, which only a weapon decides",
        "latitude": "without a position as exact as a first-level unit",
    },
    _left_out,
    frozenset({"eventid", "multiple", "addnotes", "dbsource", "related"}),
)
