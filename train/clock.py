"""How long a run has been trained, kept with each checkpoint, so that an interruption does not make it look short."""

import json
from pathlib import Path
from time import perf_counter
from typing import Any

from transformers import TrainerCallback
from transformers.trainer_callback import ExportableState

_STATE = "trainer_state.json"


class Clock(TrainerCallback, ExportableState):  # type: ignore[misc] # the base classes come without types
    """Runs from when it is made; what it shows is saved with the trainer's state."""

    def __init__(self, *, before: float) -> None:
        """One that shows this many seconds at first."""
        self._begun = perf_counter() - before

    def on_train_begin(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        # A checkpoint from before there was a clock has no place for it, which the trainer then looks for in vain.
        state.stateful_callbacks.setdefault(Clock.__name__, self.state())

    def state(self) -> dict[str, Any]:
        """What `transformers` writes into a checkpoint, under the name of this class."""
        return {"args": {}, "attributes": {"seconds": round(perf_counter() - self._begun, 1)}}


def seconds_until(checkpoint: Path | None) -> float:
    """For how long the run had been trained when a checkpoint was written; 0 for None, and where that was not kept."""
    if checkpoint is None:
        return 0.0
    state = json.loads((checkpoint / _STATE).read_text(encoding="utf-8"))
    clock = state.get("stateful_callbacks", {}).get(Clock.__name__, {"attributes": {"seconds": 0.0}})
    return float(clock["attributes"]["seconds"])
