"""Linking in the store: new accounts meet those of their blocks, and what that touches is grouped anew.

Only accounts that chains of merges connect with a new one, its component, can change their incident, so only they are
looked at. What was read and compared is remembered, in bounds: reports of one incident come in bursts.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import TypeVar

from sqlalchemy import Connection, delete, insert, select, update

from tocsin.data.coding.account import Account
from tocsin.data.coding.merged import Merge
from tocsin.data.store.blocks import profile_keys
from tocsin.data.store.clusters import RULED_OUT, Verdict, clusters
from tocsin.data.store.findings import Judgement
from tocsin.data.store.merging import merge
from tocsin.data.store.profiles import Profile, profile
from tocsin.data.store.rows import account_of, account_row, incident_row, merge_row
from tocsin.data.store.similarity import judge
from tocsin.data.store.tables import accounts, blocks, incidents, merges

MAX_REMEMBERED = 4096  # accounts
MAX_VERDICTS = 1_000_000  # pairs
_PER_QUERY = 500  # values of one IN list: far below what either database allows
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Known:
    """An account and what of it is compared."""

    account: Account
    profile: Profile


@dataclass(slots=True)
class Tally:
    """What adding accounts came to."""

    n_alone: int = 0  # accounts in incidents of their article only
    n_merged: int = 0  # accounts that joined those of other articles
    n_vague: int = 0  # accounts that can be merged with none: no days, more than a week, or no place
    n_compared: int = 0  # pairs that shared a block


@dataclass(slots=True)
class Component:
    """Accounts that chains of merges connect."""

    new: set[str]
    roots: set[str] = field(default_factory=set)  # the components in the store that are now one

    @property
    def root(self) -> str:
        """The smallest id, by which the store knows the component in whichever order it grew."""
        return min(self.new | self.roots)

    def meets(self, other: "Component") -> bool:
        return not self.roots.isdisjoint(other.roots)


class Linking:
    """Which accounts of a store are of one incident; all its methods run inside the caller's transaction."""

    def __init__(self) -> None:
        self._known: dict[str, Known] = {}
        self._verdicts: dict[tuple[str, str], Verdict] = {}

    def forget(self) -> None:
        """Drop what is remembered: a transaction that failed may have put into it what was never stored."""
        self._known.clear()
        self._verdicts.clear()

    def add(self, connection: Connection, new: Sequence[Account]) -> Tally:
        """Store accounts of one article and put each into an incident."""
        tally = Tally()
        edges = {account.id: self._edges(connection, account, tally) for account in new}
        components = _components(connection, edges)
        self._insert(connection, new, components, tally)
        if found := [merge_row(edge) for own in edges.values() for edge in own]:
            connection.execute(insert(merges), found)
        for component in components:
            self._group(connection, component, tally)
        return tally

    def _edges(self, connection: Connection, account: Account, tally: Tally) -> list[Merge]:
        """The merges of a new account with those stored."""
        own = self._remember(account).profile
        candidates = _sharing_a_block(connection, profile_keys(own))
        tally.n_compared += len(candidates)
        found = []
        for other in self._read(connection, candidates):
            judgement = judge(own, other.profile)
            first, second = sorted((own.id, other.profile.id))
            self._remember_verdict((first, second), judgement)
            if judgement.is_merge:
                found.append(Merge(first, second, judgement.score, judgement.reasons))
        return found

    def _insert(
        self, connection: Connection, new: Sequence[Account], components: Iterable[Component], tally: Tally
    ) -> None:
        """The accounts with their blocks and components."""
        root_of = {name: component.root for component in components for name in component.new}
        keys = {account.id: sorted(profile_keys(self._remember(account).profile)) for account in new}
        rows = [
            account_row(account, number, n_blocks=len(keys[account.id]), component=root_of[account.id])
            for number, account in enumerate(new, start=1)
        ]
        connection.execute(insert(accounts), rows)
        if lying := [{"key": key, "account": name} for name, own in keys.items() for key in own]:
            connection.execute(insert(blocks), lying)
        tally.n_vague += sum(not own for own in keys.values())

    def _group(self, connection: Connection, component: Component, tally: Tally) -> None:
        """Group a component anew, and write the incidents whose accounts are others than before."""
        before = _incidents_of(connection, component.root)
        groups = clusters(before, lambda first, second: self._verdict(connection, first, second))
        kept = {tuple(sorted(group)) for group in _inverted(before).values() if component.new.isdisjoint(group)}
        changed = [group for group in groups if group not in kept]
        stale = {before[name] for group in changed for name in group} - component.new
        for part in _parts(sorted(stale)):
            connection.execute(delete(incidents).where(incidents.c.id.in_(part)))
        merged = [merge([known.account for known in self._read(connection, group)], ()) for group in changed]
        connection.execute(insert(incidents), [incident_row(incident) for incident in merged])
        for incident in merged:
            moved = [account.id for account in incident.accounts if before[account.id] != incident.id]
            for part in _parts(moved):
                connection.execute(update(accounts).where(accounts.c.id.in_(part)).values(incident=incident.id))
            _count(tally, {account.id for account in incident.accounts}, component.new)

    def _verdict(self, connection: Connection, first: str, second: str) -> Verdict:
        """Of any two accounts of a component, whether they share a block or not."""
        found = self._verdicts.get((first, second))
        if found is None:
            a, b = self._read(connection, [first, second])
            found = self._remember_verdict((first, second), judge(a.profile, b.profile))
        return found

    def _read(self, connection: Connection, ids: Sequence[str]) -> list[Known]:
        """Accounts in the order of their ids as given."""
        missing = [name for name in ids if name not in self._known]
        fresh: dict[str, Known] = {}
        for part in _parts(missing):
            rows = connection.execute(select(accounts.c.id, accounts.c.payload).where(accounts.c.id.in_(part)))
            fresh |= {name: _known(account_of(payload)) for name, payload in rows}
        found = [fresh.get(name) or self._known[name] for name in ids]
        for known in fresh.values():
            self._keep(known)
        return found

    def _remember(self, account: Account) -> Known:
        known = self._known.get(account.id) or _known(account)
        self._keep(known)
        return known

    def _keep(self, known: Known) -> None:
        """Remember it as the latest; the first in go first."""
        if len(self._known) >= MAX_REMEMBERED:
            del self._known[next(iter(self._known))]
        self._known[known.account.id] = known

    def _remember_verdict(self, pair: tuple[str, str], judgement: Judgement) -> Verdict:
        if len(self._verdicts) >= MAX_VERDICTS:
            self._verdicts.clear()
        verdict = RULED_OUT if judgement.veto else Verdict(judgement.score, judgement.is_merge)
        self._verdicts[pair] = verdict
        return verdict


def _known(account: Account) -> Known:
    return Known(account, profile(account))


def _count(tally: Tally, group: set[str], new: set[str]) -> None:
    """Of a group the accounts that are new: by themselves, or with accounts of other articles."""
    n_new = len(group & new)
    if n_new == len(group):
        tally.n_alone += n_new
    else:
        tally.n_merged += n_new


def _components(connection: Connection, edges: Mapping[str, Sequence[Merge]]) -> list[Component]:
    """The components of new accounts, which join those of the accounts they merge with; all of one have one root."""
    others = {name: {end for edge in own for end in (edge.first, edge.second)} - {name} for name, own in edges.items()}
    root_of = _roots_of(connection, {other for found in others.values() for other in found})
    found: list[Component] = []
    for name, met in others.items():
        component = Component({name}, {root_of[other] for other in met})
        for meeting in [each for each in found if each.meets(component)]:
            found.remove(meeting)
            component = Component(component.new | meeting.new, component.roots | meeting.roots)
        found.append(component)
    for component in found:
        for part in _parts(sorted(component.roots - {component.root})):
            moved = update(accounts).where(accounts.c.component.in_(part))
            connection.execute(moved.values(component=component.root))
    return found


def _roots_of(connection: Connection, ids: Iterable[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for part in _parts(sorted(ids)):
        rows = connection.execute(select(accounts.c.id, accounts.c.component).where(accounts.c.id.in_(part)))
        found |= {name: root for name, root in rows}
    return found


def _sharing_a_block(connection: Connection, keys: Iterable[str]) -> list[str]:
    found: set[str] = set()
    for part in _parts(sorted(keys)):
        found.update(connection.scalars(select(blocks.c.account).where(blocks.c.key.in_(part)).distinct()))
    return sorted(found)


def _incidents_of(connection: Connection, root: str) -> dict[str, str]:
    """The incident of every account of a component; a new account's own id is no incident yet."""
    rows = connection.execute(select(accounts.c.id, accounts.c.incident).where(accounts.c.component == root))
    return {name: incident for name, incident in rows}


def _inverted(incident_of: Mapping[str, str]) -> dict[str, set[str]]:
    members: dict[str, set[str]] = {}
    for name, incident in incident_of.items():
        members.setdefault(incident, set()).add(name)
    return members


def _parts(items: Iterable[_T]) -> Iterator[list[_T]]:
    """Lists short enough for one query."""
    iterator = iter(items)
    while part := list(islice(iterator, _PER_QUERY)):
        yield part
