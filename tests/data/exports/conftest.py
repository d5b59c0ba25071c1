"""Incidents made of a sentence and the names in it, so that all evidence stands where it says."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

import pytest

from tocsin.data.coding.account import Account, ArticleRef, Days, Evidence, Telling, Toll, Unresolved, Value
from tocsin.data.coding.merged import Disagreement, Merge, MergedIncident, Reason
from tocsin.data.coding.where import locate
from tocsin.data.gazetteers.entry import Entry, Link
from tocsin.data.types import DateInterval

Named = tuple[str, Entry | None]

ENTRIES = {
    "army": Entry(
        "actor:norland-army", "Norland Army", "actor", kind="state forces", countries=("IQ",), code="IRQMIL",
        sector="MIL", inter="1",
    ),
    "brigade": Entry(
        "actor:red-brigade", "Red Brigade", "actor", kind="rebel group", countries=("IQ",), code="IRQREB",
        sector="REB", inter="2",
    ),
    "guard": Entry("actor:vale-guard", "Vale Guard", "actor", kind="political militia", sector="UAF", inter="3"),
    "farmers": Entry("actor:farmers", "Farmers' Union", "actor", kind="civilians", sector="CVL", inter="7"),
    "us": Entry(
        "actor:US-military", "Military Forces of United States", "actor", kind="state", countries=("US",),
        code="USAMIL", sector="MIL", inter="1",
    ),
    "vale": Entry(
        "base:camp-vale", "Camp Vale", "base", kind="air base", countries=("IQ",), latitude=36.5, longitude=44.25,
        where_prec=1, region="Erbil",
    ),
    "dane": Entry(
        "base:fort-dane", "Fort Dane", "base", kind="outpost", countries=("IQ",), latitude=33.3, longitude=44.2,
        where_prec=1, region="Anbar",
    ),
    "tessmar": Entry(
        "geonames:1234", "Tessmar", "place", kind="city", countries=("SV",), latitude=13.7, longitude=-89.2,
        where_prec=1, region="San Salvador",
    ),
    "yemen": Entry(
        "country:YE", "Yemen", "place", kind="country", countries=("YE",), latitude=15.6, longitude=47.6, where_prec=6
    ),
}  # fmt: skip


@pytest.fixture(scope="session")
def known() -> dict[str, Entry]:
    """Entries of an invented gazetteer, by a short name."""
    return ENTRIES


def _tell(
    text: str,
    *,
    own_id: str = "3fa9c01b77d2e410-1",
    article: str = "a1",
    title: str = "",
    source: str = "",
    url: str = "",
    published: date | None = date(2024, 5, 3),
    trigger: str = "",
    status: str = "reported",
    outcome: str = "unknown",
    attackers: Sequence[Named] = (),
    targets: Sequence[Named] = (),
    places: Sequence[Named] = (),
    claimants: Sequence[Named] = (),
    sources: Sequence[Named] = (),
    labels: Sequence[tuple[str, str]] = (),
    weapons: Sequence[tuple[str, str]] = (),
    tolls: Sequence[tuple[str, int, int | None, int | None, str]] = (),
    days: tuple[date, date, str] | None = None,
    unresolved: Sequence[tuple[str, str]] = (),
) -> MergedIncident:
    """One article's incident.

    Args:
        text: of the article, one sentence; every other text given stands in it.
        labels: of names that are neither linked nor an ACTOR.
        weapons: each with its class.
        tolls: harm, low, best, high and the phrase.
    """

    def proof(surface: str) -> Evidence:
        start = text.index(surface)
        return Evidence(article, start, start + len(surface), surface)

    def values(named: Sequence[Named]) -> tuple[Value, ...]:
        by_layer = {"actor": "ACTOR", "base": "BASE", "place": "LOCATION"}
        return tuple(
            Value(
                surface,
                by_layer[entry.layer] if entry else dict(labels).get(surface, "ACTOR"),
                0.9,
                (proof(surface),),
                Link(entry, 0.95) if entry else None,
            )
            for surface, entry in named
        )

    hit, around = values(targets), values(places)
    sentence = Evidence(article, 0, len(text), text)
    interval = DateInterval(*days[:2]) if days else None
    account = Account(
        own_id,
        ArticleRef(own_id.partition("-")[0], article, title, published, source, url),
        "ATTACK",
        status,
        outcome,
        0.8,
        values(attackers),
        hit,
        tuple(Value(name, "WEAPON", 0.9, (proof(name),), weapon_class=kind) for name, kind in weapons),
        around,
        values(claimants),
        values(sources),
        locate(hit, around),
        tuple(Toll(harm, low, best, high, (proof(phrase),)) for harm, low, best, high, phrase in tolls),
        Days(interval, "stated", (proof(days[2]),)) if days and interval else None,
        tuple(Unresolved(proof(phrase), reason) for phrase, reason in unresolved),
        (Telling(status, outcome, proof(trigger), sentence),) if trigger else (),
    )
    return _as_incident(account)


def _as_incident(account: Account) -> MergedIncident:
    return MergedIncident(
        account.id, (account,), account.type, account.status, account.outcome, account.score, account.attackers,
        account.targets, account.weapons, account.places, account.claimants, account.sources, account.locations,
        account.tolls, account.days, account.tellings,
    )  # fmt: skip


@pytest.fixture(scope="session")
def tell() -> Callable[..., MergedIncident]:
    return _tell


@pytest.fixture(scope="session")
def bare() -> MergedIncident:
    """An incident of which an article says nothing but that it was."""
    return _tell("They attacked.", published=None)


@pytest.fixture(scope="session")
def raid() -> MergedIncident:
    """Two bases hit with two kinds of weapons on a known day, told by two articles that disagree on the wounded."""
    first = _tell(
        "Red Brigade drones and rockets hit Camp Vale and Fort Dane of the Norland Army on Thursday, killing at least "
        "three soldiers and wounding five, the Vale Guard said; the Red Brigade took responsibility.",
        title='"Drones" over Vale',
        source="Norland Post",
        url="https://post.example/1",
        trigger="hit",
        outcome="hit",
        attackers=[("Red Brigade", ENTRIES["brigade"])],
        targets=[
            ("Camp Vale", ENTRIES["vale"]),
            ("Fort Dane", ENTRIES["dane"]),
            ("Norland Army", ENTRIES["army"]),
        ],
        claimants=[("Red Brigade", ENTRIES["brigade"])],
        sources=[("Vale Guard", ENTRIES["guard"])],
        weapons=[("rockets", "rocket"), ("drones", "drone")],
        tolls=[("killed", 3, 3, None, "at least three soldiers"), ("wounded", 5, 5, 5, "five")],
        days=(date(2024, 5, 2), date(2024, 5, 2), "Thursday"),
    )
    second = _tell(
        "Camp Vale was hit on 2 May; two men were hurt.",
        own_id="9911aa22bb33cc44-1",
        article="a2",
        title="Camp hit",
        source="Tessmar Times",
        published=date(2024, 5, 4),
        trigger="hit",
        outcome="hit",
        targets=[("Camp Vale", ENTRIES["vale"])],
        tolls=[("wounded", 2, 2, 2, "two men")],
        days=(date(2024, 5, 2), date(2024, 5, 2), "2 May"),
    )
    return replace(
        first,
        accounts=(*first.accounts, *second.accounts),
        tellings=(*first.tellings, *second.tellings),
        disagreements=(Disagreement("wounded", ((first.id, "5"), (second.id, "2"))),),
        merges=(Merge(first.id, second.id, 4.5, (Reason("date", "both on 2024-05-02", 4.5),)),),
    )


@pytest.fixture(scope="session")
def denied() -> MergedIncident:
    """A blast that the Vale Guard reports and the Norland Army, said to have claimed one, denies."""
    incident = _tell(
        "A blast hit Tessmar, the Vale Guard said; the Norland Army denied it.",
        trigger="hit",
        places=[("Tessmar", ENTRIES["tessmar"])],
        claimants=[("Norland Army", ENTRIES["army"])],
        sources=[("Vale Guard", ENTRIES["guard"]), ("Norland Army", ENTRIES["army"])],
    )
    (told,) = incident.tellings
    start = told.sentence.text.index("denied")
    denying = replace(
        told,
        status="denied",
        trigger=Evidence("a1", start, start + len("denied"), "denied"),
        claimants=incident.claimants,
        sources=incident.sources[1:],
    )
    tellings = (replace(told, sources=incident.sources[:1]), denying)
    accounts = (replace(incident.accounts[0], tellings=tellings),)
    return replace(incident, accounts=accounts, tellings=tellings)


@pytest.fixture(scope="session")
def copied(raid: MergedIncident) -> MergedIncident:
    """The raid, whose first article stood in a second outlet as well."""
    first, second = (account.article for account in raid.accounts)
    copy = replace(first, id="a1-copy", source="Dane Echo", url="https://echo.example/9", published=date(2024, 5, 4))
    return replace(raid, articles=(first, copy, second))
