"""Networks of several sets over one encoder, as one module that is trained."""

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor, nn
from transformers import TrainerCallback

from tocsin.model.network import Inputs, Network, Targets
from tocsin.train.optimizer import ENCODER, head_parameters

FIRST = f"networks.0.{ENCODER}"  # under which name the state holds the encoder


class JointNetwork(nn.Module):
    """The networks of a run's sets; they share their encoder, and each batch goes through one of them."""

    def __init__(self, networks: Sequence[Network]) -> None:
        super().__init__()
        self.networks = nn.ModuleList(networks)
        self._heads = [[own for _, own in head_parameters(network) if own.requires_grad] for network in networks]
        # A state holds the encoder once: safetensors takes no tensor twice.
        self.register_state_dict_post_hook(_drop_copies)  # type: ignore[no-untyped-call] # torch has no types here
        self.register_load_state_dict_pre_hook(_put_copies)  # type: ignore[no-untyped-call] # as above

    def forward(self, inputs: Inputs, targets: Targets, number: int) -> dict[str, Tensor]:
        """The loss of the set with that number, under "loss", and its parts.

        Processes that share a run wait for the gradient of every weight, those of heads that are not asked included:
        they are in the loss as a zero.
        """
        parts: dict[str, Tensor] = self.networks[number](inputs, targets)
        others = [own.sum() for other, heads in enumerate(self._heads) if other != number for own in heads]
        return {**parts, "loss": parts["loss"] + 0.0 * torch.stack(others).sum()}

    def leave_out_idle_heads(self) -> None:
        """Take away the gradients of sets that a step has no batch of, which are zeros in every process.

        AdamW would go on moving their heads, by momentum and decay: the fewer of the batches are of a set, the further
        beyond the rate that the config says.
        """
        for heads in self._heads:
            if not any(own.grad is not None and bool(own.grad.any()) for own in heads):
                for own in heads:
                    own.grad = None


class IdleHeads(TrainerCallback):  # type: ignore[misc] # the base class comes without types
    """Leaves heads as they are in steps that have no batch of their set."""

    def __init__(self, network: JointNetwork) -> None:
        self._network = network

    def on_pre_optimizer_step(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        self._network.leave_out_idle_heads()


def _is_copy(name: str) -> bool:
    return name.startswith("networks.") and not name.startswith(FIRST) and name.split(".")[2] == ENCODER.rstrip(".")


def _drop_copies(module: nn.Module, state: dict[str, Tensor], prefix: str, metadata: Any) -> None:
    for name in [name for name in state if _is_copy(name.removeprefix(prefix))]:
        del state[name]


def _put_copies(module: nn.Module, state: dict[str, Tensor], prefix: str, *_: Any) -> None:
    assert isinstance(module, JointNetwork)
    encoder: Mapping[str, Tensor] = {
        name.removeprefix(f"{prefix}{FIRST}"): tensor
        for name, tensor in state.items()
        if name.startswith(f"{prefix}{FIRST}")
    }
    for number in range(1, len(module.networks)):
        state |= {f"{prefix}networks.{number}.{ENCODER}{name}": tensor for name, tensor in encoder.items()}
