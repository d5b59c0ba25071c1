"""The page: merged incidents as one HTML file with a map, a timeline, a table and the sentences that prove each.

Nothing is fetched: coastlines, styles and script are in the file, and its content security policy forbids the rest.
All of it can be read without the script, which filters, sorts, zooms and folds; but of more than `N_IN_TABLE`
incidents the proofs lie in a block that only the script reads: no browser is quick with so many sentences laid out.
"""

import base64
import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, TextIO

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from tocsin.data.coding.account import Evidence
from tocsin.data.coding.merged import MergedIncident
from tocsin.data.exports.evidence import NOTHING_TOLD, articles_of, is_bare
from tocsin.data.exports.page_facts import facets, facts
from tocsin.data.exports.page_map import opening_view, sites, world
from tocsin.data.exports.page_proof import numbers, proofs
from tocsin.data.exports.page_timeline import timeline
from tocsin.data.exports.page_words import (
    WHERE,
    called,
    days_words,
    interval_words,
    position_words,
    toll_words,
    weapon_classes,
    where_words,
)
from tocsin.data.exports.tellers import claimants, deniers, sources
from tocsin.data.exports.written import Tally, Written

TITLE = "Incidents"
N_IN_TABLE = 1000

_FOLDER = Path(__file__).parent
_EARLY_SCRIPT = 'document.documentElement.className = "js"'  # before the table: what it folds never shows open
_SCRIPTS = ("page_map.js", "page_timeline.js", "page.js")
_LINK = re.compile(r"https?://[^\s\x00-\x20]+", re.IGNORECASE)


def write_page_text(incidents: Iterable[MergedIncident], stream: TextIO, *, title: str = TITLE) -> Written:
    """Write the page to a stream, incidents by day, undated last. Unlike the other formats it holds all at once."""
    shown = sorted(incidents, key=_first_day)
    stream.writelines(_html(shown, title))
    tally = Tally()
    for incident in shown:
        tally.add(1, lacks(incident))
    return tally.written()


def _first_day(incident: MergedIncident) -> date:
    return incident.days.interval.start if incident.days else date.max


def lacks(incident: MergedIncident) -> Iterator[str]:
    """Why an incident is not on the map or not in the timeline; it is in the table all the same."""
    if is_bare(incident):
        yield NOTHING_TOLD
    if not incident.locations:
        yield "without a position"
    if not incident.days:
        yield "without a date"


def link_of(url: str) -> str:
    """An address that is safe to link to; empty if it is none.

    >>> link_of("https://example.org/a"), link_of("javascript:alert(1)"), link_of("archive/12.txt")
    ('https://example.org/a', '', '')
    """
    return url if _LINK.fullmatch(url) else ""


def _html(incidents: Sequence[MergedIncident], title: str) -> Iterator[str]:
    found, times, properties = sites(incidents), timeline(incidents), facets(incidents)
    script = "".join(_read(name) for name in _SCRIPTS)
    return (
        _environment()
        .get_template("page.html")
        .generate(
            title=title,
            incidents=incidents,
            n_articles=len({article for incident in incidents for article in articles_of(incident)}),
            n_in_table=N_IN_TABLE,
            world=world(),
            sites=found,
            view=opening_view(found),
            times=times,
            facets=properties,
            n_unplaced=sum(not incident.locations for incident in incidents),
            facts=facts(incidents, properties, found, times),
            style=Markup(_read("page.css")),
            early_script=Markup(_EARLY_SCRIPT),
            script=Markup(script),
            script_hashes=[_hash(_EARLY_SCRIPT), _hash(script)],
        )
    )


def _hash(script: str) -> str:
    """As a content security policy names a script that may run."""
    return "sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


def _json(record: Any) -> Markup:
    """JSON for a script element, which nothing in it can end."""
    text = json.dumps(record, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    # Only "</" ends a script element and only "<!" changes how it ends; written so, they mean the same as JSON.
    return Markup(text.replace("</", "<\\/").replace("<!", "\\u003c!"))


def _evidence_words(evidence: Sequence[Evidence], of_articles: Mapping[str, int]) -> str:
    """Where it stands: the number of the article and the characters."""
    places = (f"[{of_articles.get(each.article, each.article)}] {each.start}–{each.end}" for each in evidence)
    return ", ".join(dict.fromkeys(places))


def _counted(n: int, noun: str) -> str:
    return f"{n:,} {noun}{'' if n == 1 else 's'}"


@cache
def _read(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "called": called,
        "where": where_words,
        "position": position_words,
        "interval": interval_words,
        "days": days_words,
        "toll": toll_words,
        "link": link_of,
        "counted": _counted,
        "at": _evidence_words,
        "json": _json,
    }
    environment.globals |= {
        "where_prec": WHERE,
        "articles_of": articles_of,
        "claimants": claimants,
        "deniers": deniers,
        "sources": sources,
        "proofs": proofs,
        "numbers": numbers,
        "weapon_classes": weapon_classes,
    }
    return environment
