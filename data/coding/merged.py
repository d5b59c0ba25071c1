"""A merged incident: every account of it, what they come to together, and where they disagree."""

from dataclasses import dataclass

from tocsin.data.coding.account import Account, ArticleRef, Days, Location, Telling, Toll, Value


@dataclass(frozen=True, slots=True)
class Reason:
    """One slot's say in a merge."""

    slot: str  # date, place, target, weapon, attacker, casualties …
    what: str  # in words: "both on 2024-02-03"
    weight: float  # positive speaks for one incident, negative against


@dataclass(frozen=True, slots=True)
class Merge:
    """Two accounts taken for one incident, and why."""

    first: str  # account ids, the smaller first
    second: str
    score: float  # sum of the weights
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A slot that accounts fill differently."""

    slot: str
    said: tuple[tuple[str, str], ...]  # account id and what it says, in the order of the accounts


@dataclass(frozen=True, slots=True)
class MergedIncident:
    """One real operation, as all its accounts tell it. Evidence names the article of each value."""

    id: str  # that of its first account that does more than deny it
    accounts: tuple[Account, ...]  # by day of publication, then key
    type: str
    status: str
    outcome: str
    score: float
    attackers: tuple[Value, ...] = ()
    targets: tuple[Value, ...] = ()
    weapons: tuple[Value, ...] = ()
    places: tuple[Value, ...] = ()
    claimants: tuple[Value, ...] = ()
    sources: tuple[Value, ...] = ()
    locations: tuple[Location, ...] = ()  # the most exact first
    tolls: tuple[Toll, ...] = ()
    days: Days | None = None
    tellings: tuple[Telling, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()
    merges: tuple[Merge, ...] = ()
    # Every id, source, address and title under which a content that tells of it was met, by day, then id.
    articles: tuple[ArticleRef, ...] = ()
