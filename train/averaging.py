"""A moving average of a run's weights, which is steadier than the weights of any one step.

Polyak averaging with an exponential window (Polyak and Juditsky 1992; as used by Tarvainen and Valpola 2017, section
2); the window opens slowly, so that the first steps do not weigh on what comes after them.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from transformers import TrainerCallback

AVERAGE = "average.safetensors"  # beside the weights of a checkpoint


class Averager(TrainerCallback):  # type: ignore[misc] # the base class comes without types
    """Keeps the average of the weights that are trained, and lends it to the network."""

    def __init__(self, network: nn.Module, decay: float) -> None:
        self._decay = decay
        self._trained = {name: p for name, p in network.named_parameters() if p.requires_grad}
        self._average: dict[str, Tensor] = {name: p.detach().clone() for name, p in self._trained.items()}

    def on_train_begin(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        # The trainer has put the network on its device since.
        self._average = {name: tensor.to(self._trained[name].device) for name, tensor in self._average.items()}
        if state.global_step:
            saved = load_file(Path(args.output_dir) / f"checkpoint-{state.global_step}" / AVERAGE)
            for name, tensor in self._average.items():
                tensor.copy_(saved[name])

    @torch.no_grad()
    def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        kept = min(self._decay, (1 + state.global_step) / (10 + state.global_step))
        for name, parameter in self._trained.items():
            self._average[name].lerp_(parameter.detach(), 1 - kept)

    def on_save(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        folder = Path(args.output_dir) / f"checkpoint-{state.global_step}"
        unfinished = folder / "average.partial"
        save_file({name: tensor.contiguous() for name, tensor in self._average.items()}, unfinished)
        unfinished.replace(folder / AVERAGE)

    @contextmanager
    def lent(self) -> Iterator[None]:
        """While this lasts, the network has the averaged weights."""
        own = {name: parameter.detach().clone() for name, parameter in self._trained.items()}
        self._put(self._average)
        try:
            yield
        finally:
            self._put(own)

    def settle(self) -> None:
        """Leave the network with the averaged weights for good."""
        self._put(self._average)

    @torch.no_grad()
    def _put(self, weights: dict[str, Tensor]) -> None:
        for name, parameter in self._trained.items():
            parameter.copy_(weights[name])
