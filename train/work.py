"""The folder in which a run keeps its checkpoints: whose it is, and where a killed run goes on."""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zipfile import is_zipfile

from safetensors import SafetensorError, safe_open

from tocsin.data.errors import ConfigError
from tocsin.train.config import differing_settings
from tocsin.train.preparation import Run
from tocsin.train.processes import n_processes

STAMP = "run.json"


def last_checkpoint(work: Path) -> Path | None:
    """The newest checkpoint that has all it takes to go on in the same steps; none if nobody knows whose they are."""
    if not (work / STAMP).is_file():
        return None
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
    n = n_processes()
    random_states = ["rng_state.pth"] if n == 1 else [f"rng_state_{process}.pth" for process in range(n)]
    return all(is_zipfile(checkpoint / name) for name in ("optimizer.pt", "scheduler.pt", *random_states))


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
    stamp = work / STAMP
    if resume and stamp.is_file():
        refuse_another(work, run, precision=precision)
        return
    if work.exists():
        shutil.rmtree(work)
    work.mkdir(parents=True)
    unfinished = work / "run.partial"
    unfinished.write_text(json.dumps(_identity(run, precision)), encoding="utf-8")
    unfinished.replace(stamp)


def refuse_another(work: Path, run: Run, *, precision: str) -> None:
    """Make sure that a work folder was left by this very run under the same conditions; nothing there is touched.

    It may have been left before a setting that is by default now was there, or before its conditions were kept; or
    so early that it does not say whose it is.

    Args:
        work: the folder.
        run: the run.
        precision: in what it computes.

    Raises:
        ConfigError: it is another one's, or was left by other processes than go on with it.
    """
    stamp = work / STAMP
    if not stamp.is_file():
        return
    here = json.loads(json.dumps(_identity(run, precision)))
    try:
        there = {"processes": 1, "precision": here["precision"], **json.loads(stamp.read_text(encoding="utf-8"))}
        differing = _differences(there, here)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ConfigError(f"{stamp}: tells of no run to go on with ({error!r}); start anew with --overwrite") from error
    if differing:
        raise ConfigError(
            f"{work}: was left by another run: {'; '.join(differing)}; resume with the same config, schema and "
            "documents, or start anew with --overwrite"
        )
    _refuse_other_conditions(work, there, here)


def _identity(run: Run, precision: str) -> dict[str, Any]:
    return {
        "config": run.config.to_json(),
        "learned_from": dict(run.digests),
        "schema": run.schema.to_json(),
        "processes": n_processes(),
        "precision": precision,
    }


def _differences(there: Mapping[str, Any], here: Mapping[str, Any]) -> list[str]:
    """What tells two runs apart, their conditions aside."""
    told = differing_settings(there["config"], here["config"])
    told += ["another schema"] if there["schema"] != here["schema"] else []
    # What documents come to in training depends on settings and schema too: of the documents that is no news then.
    return told or _other_sources(there.get("learned_from"), here["learned_from"])


def _other_sources(there: Mapping[str, str] | None, here: Mapping[str, str]) -> list[str]:
    if there is None:
        return ["an earlier version of tocsin, which did not keep what it learned from"]
    return [f"other {source}" for source in here if there.get(source) != here[source]]


def _refuse_other_conditions(work: Path, there: Mapping[str, Any], here: Mapping[str, Any]) -> None:
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
