"""The folder in which a run keeps its checkpoints: whose it is, and where a killed run goes on."""

import json
import shutil
from pathlib import Path

from tocsin.data.errors import ConfigError
from tocsin.train.config import settled
from tocsin.train.preparation import Run


def last_checkpoint(work: Path) -> Path | None:
    """The newest checkpoint that was written to its end, which is the trainer's state."""
    found = sorted(work.glob("checkpoint-*"), key=lambda path: int(path.name.rpartition("-")[2]), reverse=True)
    return next(filter(_is_whole, found), None)


def _is_whole(checkpoint: Path) -> bool:
    try:
        json.loads((checkpoint / "trainer_state.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return True


def claim(work: Path, run: Run, *, resume: bool) -> None:
    """Empty the work folder, or on `resume` make sure that it belongs to this very run.

    Raises:
        ConfigError: it is another one's.
    """
    stamp = work / "run.json"
    identity = json.dumps({"config": run.config.to_json(), "documents": run.digest, "schema": run.schema.to_json()})
    if resume and stamp.is_file():
        if not _is_same_run(stamp.read_text(encoding="utf-8"), identity):
            raise ConfigError(
                f"{work}: was left by a run with another config or other documents; "
                "resume with the same ones, or start anew with --overwrite"
            )
        return
    if work.exists():
        shutil.rmtree(work)
    work.mkdir(parents=True)
    unfinished = work / "run.partial"
    unfinished.write_text(identity, encoding="utf-8")
    unfinished.replace(stamp)


def _is_same_run(left: str, identity: str) -> bool:
    """Whether a work folder is a run's own; it may have been left before a setting that is by default now was there."""
    try:
        there, here = json.loads(left), json.loads(identity)
        return bool({**there, "config": settled(there["config"])} == {**here, "config": settled(here["config"])})
    except (ValueError, KeyError, TypeError, AttributeError):
        return False  # altered by hand
