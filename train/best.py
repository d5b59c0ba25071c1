"""The best epoch of a run so far, kept in its work folder: weights, score, and the threshold chosen with them."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from safetensors.torch import load_file

from tocsin.model.artifact import weights_of, write_tensors
from tocsin.model.prediction import Model

_WEIGHTS, _NOTE = "best.safetensors", "best.json"


def keep_best(model: Model, work: Path, *, score: float, epoch: int, label_threshold: float | None) -> None:
    """Keep a model that does better on dev than the best one so far; of equals the one that was trained longer.

    The weights go first: a kill between the two leaves a lower score, and the epoch is scored again.

    Args:
        model: as it is after that epoch.
        work: the run's folder of checkpoints.
        score: on dev.
        epoch: counted from 1.
        label_threshold: what that score was reached with, if it was chosen on dev.
    """
    if score < _noted(work).get("score", -1.0):
        return
    unfinished = work / "best.partial"
    write_tensors(weights_of(model.network), unfinished)
    unfinished.replace(work / _WEIGHTS)
    chosen = {} if label_threshold is None else {"label_threshold": label_threshold}
    unfinished.write_text(json.dumps({"score": score, "epoch": epoch, **chosen}), encoding="utf-8")
    unfinished.replace(work / _NOTE)


def take_best(model: Model, work: Path) -> None:
    """Give a model the weights and the threshold of the best epoch; without dev documents it stays as it is."""
    if not (work / _WEIGHTS).is_file():
        return
    model.network.load_state_dict(load_file(work / _WEIGHTS))
    chosen = _noted(work).get("label_threshold")
    if chosen is not None:
        model.settings = replace(model.settings, label_threshold=chosen)


def best_epoch(work: Path) -> int | None:
    """The epoch whose weights `train` returned, counted from 1; None without dev documents."""
    noted = _noted(work).get("epoch")
    return None if noted is None else int(noted)


def _noted(work: Path) -> dict[str, Any]:
    note = work / _NOTE
    return dict(json.loads(note.read_text(encoding="utf-8"))) if note.is_file() else {}
