"""Settings that came after runs and results were kept: as they are by default, a run is the one it was without them."""

from collections.abc import Mapping
from typing import Any

from tocsin.model.settings import EVEN

LATER: dict[str, Any] = {
    "task": "events", "init": {"from": ""}, "search": {},
    "optim": {"accumulate": 1, "precision": "fp32", "layer_decay": 1.0, "averaging": 0.0, "crf_learning_rate": 0.0},
    "model": {"attention_dropout": True, "pooling": "mean", "label_threshold": EVEN, "bag_of_words": False},
}  # fmt: skip


def without_later(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Settings as they were told before `LATER`, unless one of these is set."""
    kept = {}
    for key, value in settings.items():
        if key in LATER and value == LATER[key]:
            continue
        later = LATER.get(key)
        if isinstance(value, dict) and isinstance(later, dict):
            value = {name: item for name, item in value.items() if name not in later or item != later[name]}
        kept[key] = value
    return kept
