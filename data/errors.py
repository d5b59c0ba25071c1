"""The errors tocsin raises on purpose, and the problems it collects instead of raising.

TocsinError
├── DataError       a file or an annotation of the user's cannot be used
├── ConfigError     a run's TOML file cannot be used
└── ArtifactError   a trained model on disk is missing, altered, or of another format

Every text says where, what was found, what was expected and what to do.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in one place; readers yield it instead of stopping."""

    where: str  # "gold.jsonl:17", "news/a.html", "standard input"
    message: str

    def __str__(self) -> str:
        return f"{self.where}: {self.message}"


def refuse(flaws: Iterable[str]) -> None:
    """Raise a ValueError that tells all flaws of a value, a line each, if there are any."""
    if told := "\n".join(flaws):
        raise ValueError(told)


class TocsinError(Exception):
    """An error whose text is meant for the user; no traceback is needed."""

    @classmethod
    def from_problems(cls, problems: Sequence[Problem]) -> "TocsinError":
        """One error that lists every problem, a line each."""
        return cls("\n".join(str(problem) for problem in problems))


class DataError(TocsinError):
    """A file or an annotation of the user's cannot be used."""


class ConfigError(TocsinError):
    """A run's TOML file cannot be used."""


class TrainingError(TocsinError):
    """A training came to nothing."""


class ArtifactError(TocsinError):
    """A trained model on disk is missing, altered, or of another format."""
