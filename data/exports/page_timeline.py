"""The timeline of the page: bars of a day, week, month or year, and what share of an incident falls into each.

An incident known only to several days (UCDP's `date_prec` over 1) is spread over the bars in proportion to its days
in each: no bar claims a day that no text states.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from tocsin.data.coding.merged import MergedIncident
from tocsin.data.types import DateInterval

_LONGEST = (("day", 92), ("week", 731), ("month", 3653))  # days that bars of a unit may cover; years beyond
_N_LABELS = 6


@dataclass(frozen=True, slots=True)
class Bar:
    """One unit of time and what falls into it."""

    interval: DateInterval
    n_exact: int  # incidents of a known day
    n_vague: float  # shares of incidents known to several days
    label: str  # under the bar; empty under most
    is_minor: bool  # whether a narrow screen has no room for the label


@dataclass(frozen=True, slots=True)
class Timeline:
    """All bars in order, without a gap."""

    unit: str  # day, week, month or year
    days: DateInterval | None  # from the first of any incident to the last
    bars: tuple[Bar, ...]
    shares: tuple[Mapping[int, float], ...]  # of each incident, by number of the bar; none without days
    n_vague: int
    n_undated: int

    @property
    def top(self) -> float:
        """The height of the highest bar."""
        return max((bar.n_exact + bar.n_vague for bar in self.bars), default=0.0)


def timeline(incidents: Sequence[MergedIncident]) -> Timeline:
    """The bars of incidents; none if none has days."""
    dated = [incident.days for incident in incidents if incident.days]
    if not dated:
        return Timeline("day", None, (), tuple({} for _ in incidents), 0, len(incidents))
    days = DateInterval(min(each.interval.start for each in dated), max(each.interval.end for each in dated))
    unit = _unit(days.n_days)
    intervals = _intervals(days, unit)
    shares = tuple(_shares(incident.days.interval, intervals) if incident.days else {} for incident in incidents)
    is_vague = [incident.days is not None and incident.days.precision > 1 for incident in incidents]
    return Timeline(
        unit=unit,
        days=days,
        bars=_bars(intervals, unit, list(zip(shares, is_vague, strict=True))),
        shares=shares,
        n_vague=sum(is_vague),
        n_undated=len(incidents) - len(dated),
    )


def _unit(n_days: int) -> str:
    return next((unit for unit, longest in _LONGEST if n_days <= longest), "year")


def _intervals(days: DateInterval, unit: str) -> list[DateInterval]:
    """Whole units from the one with the first day to the one with the last."""
    starts = [_OPENING[unit](days.start)]
    while starts[-1] <= days.end and starts[-1] < date.max:
        starts.append(_following(starts[-1], unit))
    return [DateInterval(start, end - timedelta(1)) for start, end in pairwise(starts)]


def _shares(days: DateInterval, intervals: Sequence[DateInterval]) -> dict[int, float]:
    """What part of some days each interval has."""
    common = {
        number: (min(days.end, interval.end) - max(days.start, interval.start)).days + 1
        for number, interval in enumerate(intervals)
        if days.start <= interval.end and interval.start <= days.end
    }
    return {number: round(n_days / days.n_days, 4) for number, n_days in common.items()}


def _bars(
    intervals: Sequence[DateInterval], unit: str, shared: Sequence[tuple[Mapping[int, float], bool]]
) -> tuple[Bar, ...]:
    exact, vague = [0] * len(intervals), [0.0] * len(intervals)
    for shares, is_vague in shared:
        for number, share in shares.items():
            if is_vague:
                vague[number] += share
            else:
                exact[number] += 1
    step = max(1, -(-len(intervals) // _N_LABELS))
    n_characters = {"day": 10, "week": 10, "month": 7, "year": 4}[unit]
    return tuple(
        Bar(
            interval=interval,
            n_exact=exact[i],
            n_vague=round(vague[i], 4),
            label=str(interval.start)[:n_characters] if i % step == 0 else "",
            is_minor=i // step % 2 == 1,
        )
        for i, interval in enumerate(intervals)
    )


def _following(start: date, unit: str) -> date:
    """The first day of the next unit; the calendar's last day if there is none."""
    try:
        return _FOLLOWING[unit](start)
    except (OverflowError, ValueError):
        return date.max


def _next_month(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


_OPENING: Mapping[str, Callable[[date], date]] = {
    "day": lambda day: day,
    "week": lambda day: day - timedelta(day.weekday()),
    "month": lambda day: day.replace(day=1),
    "year": lambda day: day.replace(month=1, day=1),
}
_FOLLOWING: Mapping[str, Callable[[date], date]] = {
    "day": lambda day: day + timedelta(1),
    "week": lambda day: day + timedelta(7),
    "month": _next_month,
    "year": lambda day: date(day.year + 1, 1, 1),
}
