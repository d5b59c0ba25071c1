"""A run in several processes, as `accelerate launch` starts them: each trains on its share of every step.

Only the first one talks, scores and writes; the others compute.
"""

import os


def n_processes() -> int:
    """How many processes train together; 1 where none were launched."""
    return int(os.environ.get("WORLD_SIZE", "1"))


def is_first() -> bool:
    """Whether this process is the one that talks, scores and writes."""
    return int(os.environ.get("RANK", "0")) == 0


def wait_for_all() -> None:
    """Go on when every process has come this far."""
    if n_processes() > 1:
        from accelerate import PartialState

        PartialState().wait_for_everyone()
