"""Where figures come from: commit, machine, versions, day."""

import os
import platform
import subprocess
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

_PACKAGES = ("tocsin", "torch", "transformers", "tokenizers", "numpy", "scipy", "scikit-learn")


def provenance() -> dict[str, Any]:
    """What a result file says of the run that wrote it."""
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "commit": _commit(),
        "machine": _machine(),
        "python": platform.python_version(),
        "packages": {name: _version(name) for name in _PACKAGES},
    }


def _machine() -> str:
    """System, cores, and how many threads calculate if that was set: seconds are of so many."""
    cores, threads = os.cpu_count(), os.environ.get("OMP_NUM_THREADS")
    limited = [f"OMP_NUM_THREADS={threads}"] if threads and threads != str(cores) else []
    return ", ".join([f"{platform.system()} {platform.machine()}", f"{cores} cores", *limited])


def _commit() -> str | None:
    """The checkout's commit, "-dirty" if files differ from it; None for an installed package."""
    try:
        described = subprocess.run(
            ["git", "describe", "--always", "--dirty", "--abbrev=12", "--exclude=*"],
            cwd=Path(__file__).parent, capture_output=True, text=True, check=True, timeout=10,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return None
    return described.stdout.strip() or None


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
