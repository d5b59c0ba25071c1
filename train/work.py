"""The folder in which a run keeps its checkpoints: whose it is, and where a killed run goes on."""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from safetensors import SafetensorError, safe_open

from tocsin.data.errors import ConfigError
from tocsin.train.config import settled
from tocsin.train.preparation import Run
from tocsin.train.processes import n_processes


def last_checkpoint(work: Path) -> Path | None:
    """The newest checkpoint that has all it takes to go on in the same steps."""
    found = sorted(work.glob("checkpoint-*"), key=lambda path: int(path.name.rpartition("-")[2]), reverse=True)
    return next(filter(_is_whole, found), None)


def _is_whole(checkpoint: Path) -> bool:
    """Whether it was written to its end, which is the trainer's state, and no part was lost or cut since."""
    try:
        json.loads((checkpoint / "trainer_state.json").read_text(encoding="utf-8"))
        with safe_open(checkpoint / "model.safetensors", framework="pt"):
            pass
    except (OSError, ValueError, SafetensorError):
        return False
    # Without one of these the trainer goes on all the same, to other weights than those of an uninterrupted run.
    return all(any(checkpoint.glob(name)) for name in ("optimizer.pt", "scheduler.pt", "rng_state*.pth"))


def claim(work: Path, run: Run, *, precision: str, resume: bool) -> None:
    """Empty the work folder, or on `resume` make sure that it belongs to this very run.

    Args:
        work: the folder.
        run: the run.
        precision: in what it computes; a config may leave that to the machine.
        resume: go on with what is there.

    Raises:
        ConfigError: it is another one's, or was left by other processes than go on with it.
    """
    stamp = work / "run.json"
    identity = {
        "config": run.config.to_json(),
        "documents": run.digest,
        "schema": run.schema.to_json(),
        "processes": n_processes(),
        "precision": precision,
    }
    if resume and stamp.is_file():
        _refuse_another(work, stamp.read_text(encoding="utf-8"), json.loads(json.dumps(identity)))
        return
    if work.exists():
        shutil.rmtree(work)
    work.mkdir(parents=True)
    unfinished = work / "run.partial"
    unfinished.write_text(json.dumps(identity), encoding="utf-8")
    unfinished.replace(stamp)


def _refuse_another(work: Path, left: str, here: Mapping[str, Any]) -> None:
    """Raise a ConfigError if a work folder was left by another run, or by this one under other conditions.

    It may have been left before a setting that is by default now was there, or before its conditions were kept.
    """
    try:
        there = {"processes": 1, "precision": here["precision"], **json.loads(left)}
        conditions = {name: there[name] for name in ("processes", "precision")}
        expected = {**here, "config": settled(here["config"]), **conditions}
        is_same = {**there, "config": settled(there["config"])} == expected
    except (ValueError, KeyError, TypeError, AttributeError):
        is_same = False  # altered by hand
    if not is_same:
        raise ConfigError(
            f"{work}: was left by a run with another config or other documents; "
            "resume with the same ones, or start anew with --overwrite"
        )
    n_before, n_now = there["processes"], here["processes"]
    if n_before != n_now:
        raise ConfigError(
            f"{work}: was left by a run in {n_before} {'process' if n_before == 1 else 'processes'}, and this one is "
            f"in {n_now}; its steps are others, so start {n_before} to resume it, or start anew with --overwrite"
        )
    if there["precision"] != here["precision"]:
        raise ConfigError(
            f"{work}: was left by a run that computed in {there['precision']}, and this one would in "
            f"{here['precision']}; resume it on a machine like the one before, or start anew with --overwrite"
        )
