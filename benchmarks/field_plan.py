"""What of the plan is still to be run, in which order, and how long that will take; no file is touched here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from field_sets import Entry

from tocsin.train.config import settled

Record = Mapping[str, Any]
Action = Literal["keep", "collect", "resume", "run", "rerun"]
N_NAMED = 4  # of the settings or files that changed


@dataclass(frozen=True, slots=True)
class Job:
    """One entry with one seed."""

    entry: Entry
    seed: int

    @property
    def name(self) -> str:
        return f"{self.entry.name}-seed{self.seed}"


@dataclass(frozen=True, slots=True)
class Decision:
    """What is to be done about a job, and why.

    keep: its record is there; collect: trained, but not recorded yet; resume: interrupted; run: nothing is there of
    it; rerun: there is something, but of other settings or data.
    """

    action: Action
    reason: str = ""


def in_order(entries: Sequence[Entry], seeds: Sequence[int]) -> list[Job]:
    """Every entry with every seed: all entries with the first seed, the cheap ones first, then with the next."""
    cheap_first = sorted(entries, key=lambda entry: entry.seconds)
    return [Job(entry, seed) for seed in seeds for entry in cheap_first]


def decide(
    identity: Record, *, record: Record | None, stamp: Record | None, has_checkpoints: bool, has_model: bool
) -> Decision:
    """What to do about a job.

    Args:
        identity: its settings as resolved under "config", the SHA-256 of its files under "data".
        record: its finished result, if there is one.
        stamp: the identity that what lies in its folder was started with, if anything does.
        has_checkpoints: whether an interrupted training lies there.
        has_model: whether a finished one does.
    """
    if record is not None and not changes(record, identity):
        return Decision("keep")
    if stamp is not None and not changes(stamp, identity):
        if has_checkpoints:
            return Decision("resume", "was interrupted")
        if has_model:
            return Decision("collect", "is trained, and not recorded yet")
    earlier = record or stamp
    if earlier is not None and (changed := changes(earlier, identity)):
        return Decision("rerun", told(changed))
    return Decision("run")


def changes(earlier: Record, identity: Record) -> list[str]:
    """The settings and files that differ; none if an earlier result still holds.

    A setting that came after a result, and is as it is by default, changes nothing.

    >>> changes({"config": {"optim": {"epochs": 3}}, "data": {}}, {"config": {"optim": {"epochs": 4}}, "data": {}})
    ['optim.epochs']
    """
    before, now = (
        {**settled(each.get("config") or {}), **_files(each.get("data") or {})} for each in (earlier, identity)
    )
    return [key for key in sorted({*before, *now}) if before.get(key) != now.get(key)]


def _files(hashes: Record) -> dict[str, Any]:
    return {f"the file {name}": sha256 for name, sha256 in hashes.items()}


def told(changed: Sequence[str]) -> str:
    """
    >>> told(["optim.epochs", "seed"])
    'optim.epochs, seed changed'
    """
    rest = len(changed) - N_NAMED
    return ", ".join(changed[:N_NAMED]) + (f" and {rest} more" if rest > 0 else "") + " changed"


def seconds_left(pending: Sequence[Job], finished: Sequence[tuple[Entry, float]]) -> float:
    """How long the pending jobs will take.

    Args:
        finished: entries with the seconds of a run of theirs. An entry without a finished run takes what was guessed
            for it, times what the others took of what was guessed for them.
    """
    seconds: dict[str, list[float]] = {}
    for entry, took in finished:
        seconds.setdefault(entry.name, []).append(took)
    means = {name: sum(each) / len(each) for name, each in seconds.items()}
    known = [(took, entry.seconds) for entry, took in finished]
    ratio = sum(took for took, _ in known) / sum(guess for _, guess in known) if known else 1.0
    return sum(means.get(job.entry.name, job.entry.seconds * ratio) for job in pending)


def duration(seconds: float) -> str:
    """A length of time in words.

    >>> duration(80), duration(200), duration(5000)
    ('80 s', '3 min', '1 h 23 min')
    """
    if seconds < 90:
        return f"{seconds:.0f} s"
    hours, rest = divmod(round(seconds / 60), 60)
    return f"{hours} h {rest:02d} min" if hours else f"{rest} min"
