"""What an export comes to: how much is in it, and what its format has no room for."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Written:
    """How much was written, and where to."""

    n_incidents: int
    n_rows: int  # rows, lines, features or events, as the format has them
    not_shown: Mapping[str, int]  # what incidents lack, or have and the format does not, and how many they are
    files: tuple[Path, ...] = ()  # the one asked for first


@dataclass(slots=True)
class Tally:
    """Counts as incidents are written."""

    n_incidents: int = 0
    n_rows: int = 0
    not_shown: Counter[str] = field(default_factory=Counter)

    def add(self, n_rows: int, not_shown: Iterable[str]) -> None:
        """Count one incident; what it lacks counts once."""
        self.n_incidents += 1
        self.n_rows += n_rows
        self.not_shown.update(set(not_shown))

    def written(self, *files: Path) -> Written:
        return Written(self.n_incidents, self.n_rows, dict(sorted(self.not_shown.items())), files)
