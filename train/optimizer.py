"""What moves the weights of a run, how fast, and what does not move at all."""

from collections.abc import Sequence
from typing import Any

import torch
from torch.optim import AdamW
from torch.optim.lr_scheduler import LambdaLR

from tocsin.data.errors import ConfigError
from tocsin.model.network import Network
from tocsin.train.config import OptimSettings

ENCODER = "encoder."  # what the names of a network's weights begin with that are its encoder's


def freeze(encoder: Any, n_layers: int) -> None:
    """Leave the embeddings and the lowest layers as they are; 0 trains all.

    Raises:
        ConfigError: the encoder has fewer layers.
    """
    if not n_layers:
        return
    n_found = encoder.config.num_hidden_layers
    stacks = [m for m in encoder.modules() if isinstance(m, torch.nn.ModuleList) and len(m) == n_found]
    if not 0 < n_layers <= n_found or not stacks:
        raise ConfigError(f"[optim] frozen_layers = {n_layers}: the encoder has {n_found} layers that can be frozen")
    trained = {id(parameter) for layer in stacks[0][n_layers:] for parameter in layer.parameters()}
    for parameter in encoder.parameters():  # in the order of the layers, embeddings of every kind first
        if id(parameter) in trained:
            break
        parameter.requires_grad_(False)


def optimizer_of(networks: Sequence[Network], optim: OptimSettings) -> AdamW:
    """AdamW with rates of their own for encoder, heads and link tables; biases, norms and the CRF do not decay.

    Args:
        networks: all over one encoder.
    """
    groups: dict[tuple[float, float], list[torch.nn.Parameter]] = {}
    heads = [item for other in networks[1:] for item in head_parameters(other)]
    for name, parameter in [*networks[0].named_parameters(), *heads]:
        if not parameter.requires_grad:
            continue
        rate = _rate(name, optim)
        decay = optim.weight_decay if parameter.ndim > 1 and not name.startswith("crf.") else 0.0
        groups.setdefault((rate, decay), []).append(parameter)
    members = [{"params": own, "lr": rate, "weight_decay": decay} for (rate, decay), own in groups.items()]
    return AdamW(members, fused=True)  # one pass over the weights instead of several


def head_parameters(network: Network) -> list[tuple[str, torch.nn.Parameter]]:
    """All weights of a network by name, but the encoder's."""
    return [(name, own) for name, own in network.named_parameters() if not name.startswith(ENCODER)]


def _rate(name: str, optim: OptimSettings) -> float:
    if name.startswith(ENCODER):
        return optim.learning_rate
    # Each entry is met in few pairs: at the heads' rate the tables would hardly leave zero.
    return optim.link_learning_rate if name.startswith("link_head.features.") else optim.head_learning_rate


def schedule(optimizer: AdamW, *, n_steps: int, warmup: float) -> LambdaLR:
    """Linear warm-up over a share of the steps, then linear decay to zero."""
    n_warm = int(warmup * n_steps)

    def factor(step: int) -> float:
        if step < n_warm:
            return (step + 1) / (n_warm + 1)
        return max(0.0, (n_steps - step) / max(1, n_steps - n_warm))

    return LambdaLR(optimizer, factor)
