"""Reports of an invented war: articles with the accounts that coding would give, every value with its characters."""

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest

from tocsin.data.coding.account import Account, Days, Evidence, Telling, Toll, Value
from tocsin.data.coding.coder import article_ref
from tocsin.data.coding.weapons import weapon_class
from tocsin.data.coding.where import locate
from tocsin.data.gazetteers.entry import Entry, Link
from tocsin.data.types import Article, DateInterval

NORLAND, SOUTHMARK = ("XN",), ("XS",)
ENTRIES = {
    entry.name: entry
    for entry in (
        Entry("base:camp-vale", "Camp Vale", "base", countries=NORLAND, latitude=50.0, longitude=20.0, where_prec=1),
        Entry("base:fort-dane", "Fort Dane", "base", countries=NORLAND, latitude=51.5, longitude=20.0, where_prec=1),
        Entry(
            "city:harn", "Harn", "place", countries=NORLAND, region="Uplands",
            latitude=50.1, longitude=20.0, where_prec=1,
        ),
        Entry(
            "city:lisk", "Lisk", "place", countries=NORLAND, region="Uplands",
            latitude=50.2, longitude=20.2, where_prec=1,
        ),
        Entry(
            "region:uplands", "Uplands", "place", kind="first-level unit", countries=NORLAND, region="Uplands",
            latitude=50.5, longitude=20.0, where_prec=4,
        ),
        Entry(
            "region:fens", "Fens", "place", kind="first-level unit", countries=NORLAND, region="Fens",
            latitude=52.5, longitude=20.0, where_prec=4,
        ),
        Entry(
            "country:XN", "Norland", "place", kind="country", countries=NORLAND,
            latitude=51.0, longitude=20.0, where_prec=6,
        ),
        Entry(
            "country:XS", "Southmark", "place", kind="country", countries=SOUTHMARK,
            latitude=45.0, longitude=20.0, where_prec=6,
        ),
        Entry("sea:grey", "Grey Sea", "place", kind="sea", latitude=48.0, longitude=10.0, where_prec=7),
        Entry("actor:front", "Free Front", "actor", countries=NORLAND, inter="2", sector="REB"),
        Entry("actor:brigade", "Red Brigade", "actor", countries=NORLAND, inter="2", parent="actor:front"),
        Entry("actor:hand", "Black Hand", "actor", countries=NORLAND, inter="2", sector="REB"),
        Entry("actor:pact", "Grey Pact", "actor", countries=(*NORLAND, *SOUTHMARK), inter="8", sector="MIL"),
        Entry("actor:XN-military", "Norland army", "actor", countries=NORLAND, inter="1", sector="MIL"),
        Entry("actor:XS-military", "Southmark army", "actor", countries=SOUTHMARK, inter="1", sector="MIL"),
        Entry("actor:XS-government", "Southmark government", "actor", countries=SOUTHMARK, inter="1", sector="GOV"),
    )
}  # fmt: skip
LABELS = {"base": "BASE", "actor": "ACTOR", "place": "LOCATION"}
BY_SLOT = {"attackers": "ACTOR", "targets": "ASSET", "weapons": "WEAPON", "places": "LOCATION", "claimants": "ACTOR"}


@dataclass(frozen=True, slots=True)
class Report:
    """An article and what it tells."""

    article: Article
    accounts: tuple[Account, ...]


@dataclass(slots=True)
class _Writer:
    """A text that grows by the words of its values, unless it is written already."""

    article: str
    text: str
    is_written: bool

    def write(self, words: str) -> tuple[Evidence, ...]:
        if self.is_written:
            (word,) = [words] if words in self.text else self.text.split()[:1]
            start = self.text.index(word)
            return (Evidence(self.article, start, start + len(word), word),)
        start = len(self.text) + 1
        self.text += f" {words}"
        return (Evidence(self.article, start, len(self.text), words),)


def report(
    name: str,
    *told: dict[str, object],
    published: date | None = date(2024, 5, 6),
    source: str = "",
    text: str = "",
    is_written: bool = False,
) -> Report:
    """An article of that id in which each incident is told by its slots.

    Args:
        name: the article's id, which also opens its text, unless a text is given.
        is_written: whether the text given is whole; what is told is proved by its words in it, else by its first word.
        told: slots as lists of surfaces ("Vale base=Camp Vale" is a surface and an entry's name), `days`, `said`,
            `killed` and `wounded` (a number, or low, best and high), `status`, `outcome`, `denied`, `denied_by`.
    """
    writer = _Writer(name, text or f"Report {name}:", is_written)
    bare = [_account(slots, writer) for slots in told]
    article = Article(writer.text, id=name, published=published, source=source)
    reference = article_ref(article)
    return Report(
        article,
        tuple(
            replace(account, id=f"{reference.key}-{number}", article=reference)
            for number, account in enumerate(bare, start=1)
        ),
    )


def tell(name: str, **slots: object) -> Account:
    """The account of an article that tells of one incident."""
    published = slots.pop("published", date(2024, 5, 6))
    assert published is None or isinstance(published, date)
    (account,) = report(name, slots, published=published).accounts
    return account


def _account(slots: dict[str, object], writer: _Writer) -> Account:
    values = {slot: _values(slots.get(slot, ()), slot, writer) for slot in BY_SLOT}
    status, outcome = str(slots.get("status", "reported")), str(slots.get("outcome", "unknown"))
    return Account(
        id="",
        article=article_ref(Article("unwritten")),
        type=str(slots.get("type", "ATTACK")),
        status=status,
        outcome=outcome,
        score=float(str(slots.get("score", 0.9))),
        **values,
        locations=locate(values["targets"], values["places"]),
        tolls=tuple(_toll(harm, slots[harm], writer) for harm in ("killed", "wounded") if harm in slots),
        days=_days(slots, writer),
        tellings=_tellings(status, outcome, slots, writer),
    )


def _values(surfaces: object, slot: str, writer: _Writer) -> tuple[Value, ...]:
    assert isinstance(surfaces, list | tuple)
    return tuple(_value(surface, slot, writer) for surface in surfaces)


def _value(surface: str, slot: str, writer: _Writer) -> Value:
    text, _, name = surface.partition("=")
    entry = ENTRIES.get(name or text)
    return Value(
        text,
        LABELS[entry.layer] if entry else BY_SLOT[slot],
        0.9,
        writer.write(text),
        link=Link(entry, 1.0) if entry else None,
        weapon_class=weapon_class(text) if slot == "weapons" else "",
    )


def _toll(harm: str, said: object, writer: _Writer) -> Toll:
    low, best, high = said if isinstance(said, tuple) else (said, said, said)
    return Toll(harm, low, best, high, writer.write(f"{low} {harm}"))


def _days(slots: dict[str, object], writer: _Writer) -> Days | None:
    if "days" not in slots:
        return None
    start, _, end = str(slots["days"]).partition("/")
    interval = DateInterval(date.fromisoformat(start), date.fromisoformat(end or start))
    return Days(interval, "stated", writer.write(str(slots.get("said", interval))))


def _tellings(status: str, outcome: str, slots: dict[str, object], writer: _Writer) -> tuple[Telling, ...]:
    told = writer.write("attack")[0]
    claimants = _values(slots.get("claimants", ()), "claimants", writer)
    first = Telling(status, outcome, told, told, claimants)
    if "denied" not in slots and "denied_by" not in slots:
        return (first,)
    denied = writer.write("attack")[0]
    deniers = _values(slots.get("denied_by", ()), "claimants", writer)
    return first, Telling("denied", outcome, denied, denied, sources=deniers)


@pytest.fixture(scope="session", name="report")
def report_fixture() -> Callable[..., Report]:
    """`report`, for the tests, which cannot import it from here."""
    return report


@pytest.fixture(scope="session", name="tell")
def tell_fixture() -> Callable[..., Account]:
    """`tell`, for the tests."""
    return tell


@pytest.fixture(scope="session")
def war() -> Sequence[Report]:
    """Ten articles: two reports and a late one of a raid, its answer, two attacks of a city, a series' vague month."""
    raid = {"days": "2024-05-03", "targets": ["Camp Vale"], "weapons": ["drones"]}
    answer = {
        "days": "2024-05-03",
        "attackers": ["Norland army"],
        "targets": ["Red Brigade"],
        "places": ["Uplands"],
        "weapons": ["airstrikes"],
    }
    bus = {"days": "2024-05-03", "places": ["Harn"], "targets": ["bus"], "weapons": ["roadside bomb"], "killed": 4}
    return (
        report("a1", {**raid, "attackers": ["Red Brigade"], "status": "claimed"}, published=date(2024, 5, 3)),
        report("a2", {**raid, "wounded": 3}, answer, published=date(2024, 5, 4)),
        report("a3", {**raid, "wounded": 0, "outcome": "intercepted", "denied": True}, published=date(2024, 5, 5)),
        report("a4", answer, bus),
        report("a5", {**bus, "targets": ["a passenger bus"], "killed": (5, 5, None)}),
        report("a6", {"days": "2024-05-03", "places": ["Harn"], "targets": ["school"], "weapons": ["mortar"]}),
        report("a7", {"days": "2024-04-01/2024-04-30", "targets": ["Camp Vale"], "weapons": ["drones"]}),
        report("a8", {"targets": ["Fort Dane"]}, {"days": "2024-05-03", "targets": ["Fort Dane"]}),
        report("a9"),
        report("a10", {**raid, "days": "2024-05-04", "said": "early Saturday", "attackers": ["Red Brigade"]}),
    )


def dump_tables(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table of an SQLite store, sorted."""
    with closing(sqlite3.connect(path)) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: sorted(connection.execute(f"SELECT * FROM {name}"), key=repr) for name in sorted(names)}


@pytest.fixture(scope="session")
def dump() -> Callable[[Path], dict[str, list[tuple[object, ...]]]]:
    """`dump_tables`, for the tests."""
    return dump_tables
