"""An account: what one article tells of one incident, coded. Every value carries the characters that prove it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from tocsin.data.gazetteers.entry import Link
from tocsin.data.types import DateInterval

DateRule = Literal["stated", "anaphora", "given"]  # the surest first


@dataclass(frozen=True, slots=True)
class Evidence:
    """Characters `[start, end)` of an article's text, and what stands there."""

    article: str  # the article's id
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Value:
    """One filler of a slot, linked where a gazetteer knows it."""

    text: str  # the surface of the longest mention
    label: str  # entity label, or the event type where the trigger itself says it
    score: float  # in [0, 1]
    evidence: tuple[Evidence, ...]  # at least one
    link: Link | None = None
    weapon_class: str = ""  # of a weapon; a key of `weapons.CLASSES`


@dataclass(frozen=True, slots=True)
class Toll:
    """How many people a phrase, or several, say were harmed."""

    harm: str  # killed, wounded, captured, missing or any
    low: int
    best: int | None  # None: the phrase names no number and has no convention
    high: int | None  # None: no upper bound is said
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Days:
    """When it happened, and how that is known."""

    interval: DateInterval
    # "anaphora": an expression relative to another event, whose days it takes; "given": the document lists the days, no
    # expression of its text says them.
    rule: DateRule
    evidence: tuple[Evidence, ...]

    @property
    def precision(self) -> int:
        return self.interval.precision


@dataclass(frozen=True, slots=True)
class Unresolved:
    """A date expression that names no days, and why."""

    evidence: Evidence
    reason: str


@dataclass(frozen=True, slots=True)
class Location:
    """One place where it happened: a position, how exact it is, and the value it comes from."""

    name: str
    country: str  # ISO 3166-1 alpha-2; empty at sea
    region: str  # name of the first-level unit; empty if not known
    latitude: float
    longitude: float
    where_prec: int  # UCDP GED, 1 to 7
    entry: str  # id of the gazetteer's entry
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Telling:
    """One mention of the incident: who is named as saying so, and in which sentence."""

    status: str  # reported, claimed or denied
    outcome: str
    trigger: Evidence
    sentence: Evidence
    claimants: tuple[Value, ...] = ()
    sources: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class ArticleRef:
    """The article an account is from; its text stays where it is."""

    key: str  # of the content: its words in their order
    id: str
    title: str = ""
    published: date | None = None
    source: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Account:
    """One incident as one article tells it."""

    id: str  # article key and number: "3fa9c01b77d2e410-2"
    article: ArticleRef
    type: str  # event type
    status: str  # reported or claimed; denied if nothing else is told of it
    outcome: str
    score: float  # in [0, 1]
    attackers: tuple[Value, ...] = ()
    targets: tuple[Value, ...] = ()
    weapons: tuple[Value, ...] = ()
    places: tuple[Value, ...] = ()
    claimants: tuple[Value, ...] = ()
    sources: tuple[Value, ...] = ()
    locations: tuple[Location, ...] = ()  # the most exact first
    tolls: tuple[Toll, ...] = ()  # one a harm
    days: Days | None = None
    unresolved: tuple[Unresolved, ...] = ()
    tellings: tuple[Telling, ...] = ()  # in the order of the text

    def values(self) -> Iterator[tuple[str, Value]]:
        """Every value with the name of its slot."""
        for slot in SLOTS:
            for value in getattr(self, slot):
                yield slot, value


SLOTS = ("attackers", "targets", "weapons", "places", "claimants", "sources")
