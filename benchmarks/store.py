"""How adding to an event store slows down as it grows to 100,000 incidents, and how fast a large one is read.

python benchmarks/store.py        (about 9 minutes on two cores; writes benchmarks/results/store.json)

Accounts are invented: six theatres, each with bases, towns in provinces and two sides; some 150 incidents a day,
three times as many in bursts of a few days; most are told once, some by up to a dozen articles over the following
days, with less exact days or places, other weapons and growing tolls. They are added article by article, each in its
own transaction, as `tocsin incidents --store` does. Seconds depend on the machine; so those of each measured thousand
are also given as a multiple of the first thousand's.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from tocsin.data.coding.account import Account, Days, Evidence, Telling, Toll, Value
from tocsin.data.coding.coder import article_ref
from tocsin.data.coding.weapons import weapon_class
from tocsin.data.coding.where import locate
from tocsin.data.gazetteers.entry import Entry, Link
from tocsin.data.store.store import Added, Store
from tocsin.data.types import Article, DateInterval
from tocsin.train.provenance import provenance

MARKS = (0, 1_000, 10_000, 50_000, 100_000)  # incidents stored when a thousand articles are measured
N_MEASURED = 1_000
N_ONE = 300  # reports of one incident, of which each new one is grouped with all others
N_THEATRES, N_BASES, N_TOWNS, N_PROVINCES = 6, 12, 60, 8
N_A_DAY, BURST, BURST_SHARE = 150, 3, 0.1
TOLD_AGAIN, MAX_TOLD = 0.35, 12  # share of incidents that one more article tells of; most articles on one
N_PER_ARTICLE = (1, 1, 1, 2, 3)  # accounts of an article
SEPARATION_DEG = 12.0  # between theatres
WEAPONS = ("drones", "one-way attack drone", "rockets", "ballistic missile", "artillery", "airstrike", "mortar", "IED")
TARGETS = (
    "apartment building",
    "school",
    "power substation",
    "police station",
    "market",
    "army position",
    "bridge",
    "bus",
)
FIRST_DAY = date(2022, 1, 1)
TEXT = "Nothing is told here but the words that the values of the accounts stand on. " * 30


@dataclass(frozen=True, slots=True)
class Theatre:
    """Where the incidents of one conflict happen, and between whom."""

    bases: tuple[Entry, ...]
    towns: tuple[Entry, ...]
    provinces: tuple[Entry, ...]
    sides: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Incident:
    """What really happened."""

    day: date
    site: Entry
    province: Entry
    attacker: Entry
    weapon: str
    target: str
    killed: int


def main() -> None:
    source = provenance()
    with TemporaryDirectory(prefix="tocsin-") as folder:
        path = Path(folder) / "events.db"
        with Store.open(path) as store:
            record = grown(store, told(Random(0)))
            started = perf_counter()
            n_read = sum(1 for _ in store.incidents())
            record["reading_all"] = {"incidents": n_read, "seconds": round(perf_counter() - started, 2)}
        size = path.stat().st_size
        record["one_incident"] = one_incident(Path(folder) / "one.db", Random(0))
    n_incidents = record["holds"]["incidents"]
    record["kib_per_incident"] = round(size / 1024 / n_incidents, 2)
    out = Path(__file__).parent / "results" / "store.json"
    out.write_text(json.dumps({"provenance": source, **record}, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(record, indent=1))
    print(out)


def grown(store: Store, articles: Iterator[tuple[Article, list[Account]]]) -> dict[str, Any]:
    """Add articles until the last mark is reached, and measure a thousand at each."""
    measured: list[dict[str, Any]] = []
    for mark in MARKS:
        while store.counts().incidents < mark:
            for _ in range(N_MEASURED // 4):
                article, accounts = next(articles)
                store.add(article, accounts, model="invented")
        measured.append(_thousand(store, articles))
        print(measured[-1], flush=True)
    first = measured[0]["seconds"]
    counts = store.counts()
    return {
        "measured": [{**each, "times_first": round(each["seconds"] / first, 2)} for each in measured],
        "holds": {name: getattr(counts, name) for name in ("articles", "accounts", "incidents", "merged", "vague")},
    }


def _thousand(store: Store, articles: Iterator[tuple[Article, list[Account]]]) -> dict[str, Any]:
    """What adding the next thousand articles takes; making them is not counted."""
    batch = [next(articles) for _ in range(N_MEASURED)]
    n_before = store.counts().incidents
    started = perf_counter()
    added = [store.add(article, accounts, model="invented") for article, accounts in batch]
    seconds = perf_counter() - started
    return {"incidents_before": n_before, "seconds": round(seconds, 3), **_means(added)}


def _means(added: Sequence[Added]) -> dict[str, Any]:
    n_accounts = sum(each.n_accounts for each in added)
    return {
        "articles": len(added),
        "accounts": n_accounts,
        "pairs_compared_per_account": round(sum(each.n_compared for each in added) / n_accounts, 2),
        "merged_share": round(sum(each.n_merged for each in added) / n_accounts, 3),
    }


def one_incident(path: Path, generator: Random) -> dict[str, Any]:
    """What the last hundred of many reports of one incident take: the worst that can happen to a store."""
    theatre = _theatre(0, generator)
    incident = Incident(FIRST_DAY, theatre.bases[0], theatre.provinces[0], theatre.sides[0], WEAPONS[0], "", 3)
    articles = [_article(number, FIRST_DAY, [incident], generator) for number in range(N_ONE)]
    with Store.open(path) as store:
        for number, (article, accounts) in enumerate(articles):
            if number == N_ONE - 100:
                started = perf_counter()
            store.add(article, accounts, model="invented")
    return {"reports": N_ONE, "seconds_of_last_hundred": round(perf_counter() - started, 2)}


def told(generator: Random) -> Iterator[tuple[Article, list[Account]]]:
    """Articles without end, in the order of publication."""
    theatres = [_theatre(number, generator) for number in range(N_THEATRES)]
    waiting: list[tuple[date, Incident]] = []
    number, day = 0, FIRST_DAY
    while True:
        for incident in _incidents(day, theatres, generator):
            n_told = 1
            while n_told < MAX_TOLD and generator.random() < TOLD_AGAIN:
                n_told += 1
            waiting += [(day + timedelta(generator.choice((0, 0, 1, 1, 2, 3))), incident) for _ in range(n_told)]
        today = [incident for published, incident in waiting if published == day]
        waiting = [(published, incident) for published, incident in waiting if published > day]
        generator.shuffle(today)
        while today:
            number += 1
            n_accounts = generator.choice(N_PER_ARTICLE)
            chosen, today = list(dict.fromkeys(today[:n_accounts])), today[n_accounts:]
            yield _article(number, day, chosen, generator)
        day += timedelta(1)


def _incidents(day: date, theatres: Sequence[Theatre], generator: Random) -> Iterator[Incident]:
    factor = BURST if generator.random() < BURST_SHARE else 1
    for _ in range(generator.randint(N_A_DAY // 2, N_A_DAY * 3 // 2) * factor):
        theatre = generator.choice(theatres)
        at_base = generator.random() < 0.25
        place = generator.randrange(N_BASES if at_base else N_TOWNS)
        yield Incident(
            day,
            theatre.bases[place] if at_base else theatre.towns[place],
            theatre.provinces[place % N_PROVINCES],
            generator.choice(theatre.sides),
            generator.choice(WEAPONS),
            "" if at_base else generator.choice(TARGETS),
            generator.choice((0, 0, 0, 1, 2, 3, 5, 12)),
        )


def _theatre(number: int, generator: Random) -> Theatre:
    """Places scattered over some six degrees; every site lies in the province of its number."""
    country = f"X{chr(ord('A') + number)}"
    middle = (30.0, number * SEPARATION_DEG)

    def place(layer: str, kind: str, index: int, prec: int) -> Entry:
        name = f"{kind.title()} {country}{index}"
        return Entry(
            id=f"{kind}:{country}-{index}", name=name, layer="base" if layer == "base" else "place", kind=kind,
            countries=(country,), region=f"Province {country}{index % N_PROVINCES}", where_prec=prec,
            latitude=middle[0] + generator.uniform(-3, 3), longitude=middle[1] + generator.uniform(-3, 3),
        )  # fmt: skip

    return Theatre(
        tuple(place("base", "base", index, 1) for index in range(N_BASES)),
        tuple(place("place", "town", index, 1) for index in range(N_TOWNS)),
        tuple(place("place", "province", index, 4) for index in range(N_PROVINCES)),
        (
            Entry(f"actor:{country}-military", f"Army of {country}", "actor", countries=(country,), inter="1"),
            Entry(f"actor:{country}-front", f"Front of {country}", "actor", countries=(country,), inter="2"),
        ),
    )


def _article(
    number: int, published: date, incidents: Sequence[Incident], generator: Random
) -> tuple[Article, list[Account]]:
    article = Article(f"Article {number}. {TEXT}", id=f"n{number}", published=published)
    reference = article_ref(article)
    accounts = [_account(incident, reference.id, generator) for incident in incidents]
    return article, [
        replace(account, id=f"{reference.key}-{index}", article=reference)
        for index, account in enumerate(accounts, start=1)
    ]


def _account(incident: Incident, article: str, generator: Random) -> Account:
    """One telling: now and then without its attacker or weapon, or with only the province or the week."""
    proof = (Evidence(article, 0, 7, "Article"),)

    def value(text: str, label: str, entry: Entry | None = None, weapon: str = "") -> tuple[Value, ...]:
        return (Value(text, label, 0.9, proof, Link(entry, 1.0) if entry else None, weapon),)

    is_vague = generator.random() < 0.1
    site = incident.province if is_vague else incident.site
    located = value(site.name, "BASE" if site.layer == "base" else "LOCATION", site)
    targets = located if site.layer == "base" else (value(incident.target, "ASSET") if incident.target else ())
    weapon = generator.choice(WEAPONS) if generator.random() < 0.05 else incident.weapon
    start = incident.day - timedelta(generator.choice((0,) * 8 + (1, 3)))
    killed = incident.killed + generator.choice((0, 0, 0, 1))
    return Account(
        id="", article=article_ref(Article("unwritten")),
        type="ATTACK", status="reported", outcome="unknown", score=0.9,
        attackers=value(incident.attacker.name, "ACTOR", incident.attacker) if generator.random() < 0.7 else (),
        targets=targets,
        weapons=value(weapon, "WEAPON", weapon=weapon_class(weapon)) if generator.random() < 0.8 else (),
        places=() if site.layer == "base" else located,
        locations=locate(targets, () if site.layer == "base" else located),
        tolls=(Toll("killed", killed, killed, killed, proof),) if generator.random() < 0.6 else (),
        days=Days(DateInterval(start, incident.day), "stated", proof),
        tellings=(Telling("reported", "unknown", proof[0], proof[0]),),
    )  # fmt: skip


if __name__ == "__main__":
    main()
