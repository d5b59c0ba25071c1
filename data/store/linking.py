"""Linking in the store: new accounts meet those of their blocks, and what that touches is grouped anew.

Only accounts that chains of merges connect with a new one, its component, can change their incident, so only they are
looked at. What was read and compared is remembered, in bounds: reports of one incident come in bursts. An account that
only denies joins an incident that others tell of; by itself it is in none.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlalchemy import Connection, delete, insert, or_, select, update

from tocsin.data.coding.account import Account
from tocsin.data.coding.merged import Merge
from tocsin.data.store.blocks import profile_keys
from tocsin.data.store.clusters import RULED_OUT, Group, Verdict, clusters, joined
from tocsin.data.store.disagreements import DENIED
from tocsin.data.store.findings import Judgement
from tocsin.data.store.lists import parts
from tocsin.data.store.merging import merge
from tocsin.data.store.profiles import Profile, profile
from tocsin.data.store.rows import account_of, account_row, incident_row, merge_row
from tocsin.data.store.similarity import judge
from tocsin.data.store.tables import REPLACEMENTS_KEY, accounts, blocks, incidents, merges, meta

MAX_REMEMBERED = 4096  # accounts
MAX_VERDICTS = 1_000_000  # pairs


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
    n_denied: int = 0  # accounts that deny what no other article tells of
    n_vague: int = 0  # accounts that can be merged with none: no days, more than a week, or no place
    n_compared: int = 0  # pairs that shared a block


class Member(NamedTuple):
    """An account of a component, as the store has it."""

    id: str
    incident: str | None
    status: str


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
        self._verdicts: dict[str, dict[str, Verdict]] = {}  # by the smaller id, then the larger
        self._n_verdicts = 0
        self._n_replacements: int | None = None  # in the store when what is remembered was read

    def forget(self) -> None:
        """Drop what is remembered: a transaction that failed may have put into it what was never stored."""
        self._known.clear()
        self._verdicts.clear()
        self._n_verdicts = 0
        self._n_replacements = None

    def refresh(self, connection: Connection) -> None:
        """Drop what is remembered if any process has replaced accounts since; call it first in a transaction."""
        n_replacements = _n_replacements(connection)
        if n_replacements != self._n_replacements:
            self.forget()
            self._n_replacements = n_replacements

    def replace(self, connection: Connection, article: str, new: Sequence[Account]) -> Tally:
        """Store accounts in the place of those an article has, as if those had never been there.

        Args:
            article: its key.
        """
        self._n_replacements = _n_replacements(connection) + 1
        connection.execute(delete(meta).where(meta.c.key == REPLACEMENTS_KEY))
        connection.execute(insert(meta), {"key": REPLACEMENTS_KEY, "value": str(self._n_replacements)})
        self._remove(connection, article)
        return self.add(connection, new)

    def add(self, connection: Connection, new: Sequence[Account]) -> Tally:
        """Store accounts of one article and put each into an incident."""
        tally = Tally()
        if not new:
            return tally
        edges = {account.id: self._edges(connection, account, tally) for account in new}
        components = _components(connection, edges)
        self._insert(connection, new, components, tally)
        if found := [merge_row(edge) for own in edges.values() for edge in own]:
            connection.execute(insert(merges), found)
        for component in components:
            for group in self._group(connection, component.root):
                _count(tally, group, component.new)
        tally.n_denied = len(new) - tally.n_alone - tally.n_merged
        return tally

    def _remove(self, connection: Connection, article: str) -> None:
        """Take an article's accounts out, and group anew what remains of their components."""
        own = accounts.c.article == article
        rows = connection.execute(select(accounts.c.id, accounts.c.incident, accounts.c.component).where(own)).all()
        gone, roots = {row.id for row in rows}, {row.component for row in rows}
        self._forget_accounts(gone)
        remaining = {member.id for root in roots for member in _members(connection, root)} - gone
        connection.execute(delete(merges).where(or_(merges.c.first.in_(gone), merges.c.second.in_(gone))))
        connection.execute(delete(blocks).where(blocks.c.account.in_(gone)))
        connection.execute(delete(accounts).where(own))
        for part in parts(sorted({row.incident for row in rows if row.incident is not None})):
            connection.execute(update(accounts).where(accounts.c.incident.in_(part)).values(incident=None))
            connection.execute(delete(incidents).where(incidents.c.id.in_(part)))
        components = _connected(connection, remaining)
        for component in components:
            for part in parts(sorted(component)):
                connection.execute(update(accounts).where(accounts.c.id.in_(part)).values(component=min(component)))
        for component in components:
            self._group(connection, min(component))

    def _edges(self, connection: Connection, account: Account, tally: Tally) -> list[Merge]:
        """The merges of a new account with those stored."""
        own = self._remember(account).profile
        candidates = _sharing_a_block(connection, profile_keys(own))
        tally.n_compared += len(candidates)
        found = []
        for other in self._read(connection, candidates):
            judgement = judge(own, other.profile)
            first, second = sorted((own.id, other.profile.id))
            self._remember_verdict(first, second, judgement)
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

    def _group(self, connection: Connection, root: str) -> list[Group]:
        """Group a component anew, and write the incidents whose accounts are others than before; these are returned."""
        members = _members(connection, root)
        before = _by_incident(members)
        groups = set(self._groups(connection, members))
        stays = {name for name, group in before.items() if group in groups}
        changed = sorted(groups.difference(before.values()))
        merged = [merge([known.account for known in self._read(connection, group)], ()) for group in changed]
        for part in parts(sorted(before.keys() - stays)):
            connection.execute(delete(incidents).where(incidents.c.id.in_(part)))
        if merged:
            connection.execute(insert(incidents), [incident_row(incident) for incident in merged])
        now = {account.id: incident.id for incident in merged for account in incident.accounts}
        _move(connection, [member for member in members if member.incident not in stays], now)
        return changed

    def _groups(self, connection: Connection, members: Sequence[Member]) -> list[Group]:
        def verdict(first: str, second: str) -> Verdict:
            return self._verdict(connection, first, second)

        formed = clusters((member.id for member in members if member.status != DENIED), verdict)
        return joined(formed, (member.id for member in members if member.status == DENIED), verdict)

    def _verdict(self, connection: Connection, first: str, second: str) -> Verdict:
        """Of any two accounts of a component, whether they share a block or not."""
        remembered = self._verdicts.get(first)
        if remembered and (found := remembered.get(second)):
            return found
        a, b = self._read(connection, [first, second])
        return self._remember_verdict(first, second, judge(a.profile, b.profile))

    def _read(self, connection: Connection, ids: Sequence[str]) -> list[Known]:
        """Accounts in the order of their ids as given."""
        missing = [name for name in ids if name not in self._known]
        fresh: dict[str, Known] = {}
        for part in parts(missing):
            rows = connection.execute(select(accounts.c.id, accounts.c.payload).where(accounts.c.id.in_(part)))
            fresh |= {name: _known(account_of(payload)) for name, payload in rows}
        found = [fresh.get(name) or self._known[name] for name in ids]
        for known in fresh.values():
            self._keep(known)
        return found

    def _forget_accounts(self, ids: set[str]) -> None:
        for name in ids:
            self._known.pop(name, None)
            self._verdicts.pop(name, None)
        for found in self._verdicts.values():
            for name in ids & found.keys():
                del found[name]

    def _remember(self, account: Account) -> Known:
        known = self._known.get(account.id) or _known(account)
        self._keep(known)
        return known

    def _keep(self, known: Known) -> None:
        """Remember it as the latest; the first in go first."""
        if len(self._known) >= MAX_REMEMBERED:
            del self._known[next(iter(self._known))]
        self._known[known.account.id] = known

    def _remember_verdict(self, first: str, second: str, judgement: Judgement) -> Verdict:
        if self._n_verdicts >= MAX_VERDICTS:
            self._verdicts.clear()
            self._n_verdicts = 0
        verdict = RULED_OUT if judgement.veto else Verdict(judgement.score, judgement.is_merge)
        self._verdicts.setdefault(first, {})[second] = verdict
        self._n_verdicts += 1
        return verdict


def _known(account: Account) -> Known:
    return Known(account, profile(account))


def _n_replacements(connection: Connection) -> int:
    return int(connection.scalar(select(meta.c.value).where(meta.c.key == REPLACEMENTS_KEY)) or 0)


def _count(tally: Tally, group: Group, new: set[str]) -> None:
    """Of a group the accounts that are new: by themselves, or with accounts of other articles."""
    n_new = len(new.intersection(group))
    if n_new == len(group):
        tally.n_alone += n_new
    else:
        tally.n_merged += n_new


def _move(connection: Connection, members: Iterable[Member], now: Mapping[str, str]) -> None:
    """Put accounts into the incidents they are in now, or into none."""
    moves: dict[str | None, list[str]] = {}
    for member in members:
        if now.get(member.id) != member.incident:
            moves.setdefault(now.get(member.id), []).append(member.id)
    for incident, ids in moves.items():
        for part in parts(ids):
            connection.execute(update(accounts).where(accounts.c.id.in_(part)).values(incident=incident))


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
        for part in parts(sorted(component.roots - {component.root})):
            moved = update(accounts).where(accounts.c.component.in_(part))
            connection.execute(moved.values(component=component.root))
    return found


def _roots_of(connection: Connection, ids: Iterable[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for part in parts(sorted(ids)):
        rows = connection.execute(select(accounts.c.id, accounts.c.component).where(accounts.c.id.in_(part)))
        found |= {name: root for name, root in rows}
    return found


def _sharing_a_block(connection: Connection, keys: Iterable[str]) -> list[str]:
    found: set[str] = set()
    for part in parts(sorted(keys)):
        found.update(connection.scalars(select(blocks.c.account).where(blocks.c.key.in_(part)).distinct()))
    return sorted(found)


def _members(connection: Connection, root: str) -> list[Member]:
    """The accounts of a component, in the order of their ids; a new one is in no incident yet."""
    columns = accounts.c
    asked = select(columns.id, columns.incident, columns.status).where(columns.component == root)
    return sorted(Member(*row) for row in connection.execute(asked))


def _by_incident(members: Iterable[Member]) -> dict[str, Group]:
    found: dict[str, list[str]] = {}
    for member in members:
        if member.incident is not None:
            found.setdefault(member.incident, []).append(member.id)
    return {name: tuple(sorted(group)) for name, group in found.items()}


def _connected(connection: Connection, ids: set[str]) -> list[set[str]]:
    """The components that accounts form by the merges between them."""
    group_of = {name: {name} for name in ids}
    for part in parts(sorted(ids)):
        edges = connection.execute(select(merges.c.first, merges.c.second).where(merges.c.first.in_(part)))
        for first, second in edges:
            a, b = group_of[first], group_of[second]
            if a is not b:
                a |= b
                group_of.update(dict.fromkeys(b, a))
    return [group for name, group in sorted(group_of.items()) if name == min(group)]
