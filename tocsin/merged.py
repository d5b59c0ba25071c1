"""Merged incidents for people: a table of them, and in words why accounts were taken for one."""

from collections.abc import Iterable, Mapping, Sequence

from rich import box
from rich.table import Table
from rich.text import Text

from tocsin.data.coding.account import Location, Toll, Value
from tocsin.data.coding.merged import MergedIncident
from tocsin.render import inline

N_WIDE = 150  # columns from which each fact has a column of its own
Layout = Sequence[tuple[tuple[str, ...], int]]  # facts that stand below each other, and their share of the width
_WIDE: Layout = (
    (("date",), 3),
    (("attackers",), 5),
    (("targets",), 6),
    (("weapons",), 3),
    (("where",), 5),
    (("outcome",), 3),
    (("harmed",), 3),
    (("told by",), 4),
    (("score",), 2),
)
_NARROW: Layout = (
    (("date", "outcome", "score"), 3),
    (("attackers", "weapons"), 5),
    (("targets", "harmed"), 6),
    (("where", "told by"), 5),
)


def merged_table(incidents: Iterable[MergedIncident], *, width: int) -> Table:
    """A row for each incident.

    Args:
        incidents: in the order to show them in.
        width: in columns; below `N_WIDE` facts are stacked.
    """
    table = Table(box=box.HORIZONTALS, padding=(0, 1, 0, 0), pad_edge=False, show_edge=False, show_lines=True)
    table.width = width
    layout = _WIDE if width >= N_WIDE else _NARROW
    height = max(len(facts) for facts, _ in layout)
    for facts, share in layout:
        # Rich aligns headings at the bottom, and cells at the top.
        table.add_column("\n".join(facts) + "\n" * (height - len(facts)), ratio=share, overflow="fold")
    for incident in incidents:
        told = _facts(incident)
        table.add_row(*(Text(_stacked([told[fact] for fact in facts])) for facts, _ in layout))
    return table


def _stacked(told: Sequence[str]) -> str:
    """Facts below each other; a dash keeps the place of one that is not known, so that the next is not taken for it.

    >>> _stacked(["", "rocket"])
    '–\\nrocket'
    """
    n_told = max((place for place, fact in enumerate(told, start=1) if fact), default=0)
    return "\n".join(fact or "–" for fact in told[:n_told])


def merge_lines(incident: MergedIncident) -> list[str]:
    """For each merge the two articles and the reasons, the weightiest first."""
    articles = {account.id: account.article.id for account in incident.accounts}
    lines = []
    for merge in incident.merges:
        reasons = sorted(merge.reasons, key=lambda reason: -abs(reason.weight))
        said = "; ".join(f"{reason.slot}: {reason.what} ({reason.weight:+g})" for reason in reasons)
        pair = f"{articles[merge.first]} and {articles[merge.second]}"
        lines.append(inline(f"{pair} tell of one incident ({merge.score:+g}): {said}"))
    return lines


def _facts(incident: MergedIncident) -> Mapping[str, str]:
    articles = incident.articles or [account.article for account in incident.accounts]
    outlets = (inline(article.source or article.id) for article in articles)
    return {
        "date": "" if incident.days is None else str(incident.days.interval).replace("/", "\n– "),
        "attackers": _names(incident.attackers),
        "targets": _names(incident.targets),
        "weapons": _names(incident.weapons),
        "where": "\n".join(map(_place, incident.locations)) or _names(incident.places),
        "outcome": f"{incident.status}\n{incident.outcome}".strip(),
        "harmed": "\n".join(map(_toll, incident.tolls)),
        "told by": ",\n".join(dict.fromkeys(outlets)),
        "score": f"{incident.score:.2f}",
    }


def _names(values: Iterable[Value]) -> str:
    """The entries' names where there are any, else the words of the text in quotes."""
    names = (value.link.entry.name if value.link else f"“{inline(value.text)}”" for value in values)
    return ",\n".join(dict.fromkeys(names))


def _place(location: Location) -> str:
    """A name, its country, and how exact the position is, as UCDP counts it."""
    country = f", {location.country}" if location.country and location.where_prec < 6 else ""
    return f"{inline(location.name)}{country} [{location.where_prec}]"


def _toll(toll: Toll) -> str:
    """ "killed 3 to 5", "wounded 3 or more": the bounds, or the one number."""
    if toll.high is None:
        return f"{toll.harm} {toll.low} or more"
    return f"{toll.harm} {toll.low}" if toll.low == toll.high else f"{toll.harm} {toll.low} to {toll.high}"
