"""A training run of one small batch: first-step gradients, five steps of SGD, an evaluation."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from resnet import State, load_init_v1, network_of, set_condition, states
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

HYPERPARAMETERS = {"lr": 0.1, "momentum": 0.9, "weight_decay": 1e-4}
FIRST_VALUES = 64
LARGE = 256
"""Longer tensors of `brief` fixtures are stored as their norm and some values."""
ZERO = 1e-10
"""Norm below which a tensor is zero but for rounding, as the gradient of a beta whose constant the next BatchNorm takes away."""

Arrays = dict[str, np.ndarray]


@dataclass(frozen=True)
class Case:
    """What a fixture is about."""

    network: str
    condition: str
    seed: int
    """Of the initial weights, under init-v1."""
    batch: int
    steps: int = 5
    brief: bool = False
    """For networks whose gradients would fill megabytes."""
    batch_norm_init: str = "uniform"
    side: int = 32
    """Of an image, in pixels."""
    as_drawn: bool = False
    """For large networks, whose images are not moved but tried with less noise."""

    @property
    def file_name(self) -> str:
        return f"{self.network}-{self.condition.replace('+', '-')}.safetensors"


@dataclass(frozen=True)
class Batch:
    images: Tensor
    """`[batch, 3, side, side]`, float32"""
    labels: Tensor


def create_network(case: Case, dtype: torch.dtype) -> nn.Module:
    network = network_of(case.network)
    load_init_v1(network, case.seed, batch_norm_init=case.batch_norm_init)
    set_condition(network, case.condition)
    return network.to(dtype)


def training_steps(
    network: nn.Module, images: Tensor, labels: Tensor, steps: int
) -> Iterator[Tensor]:
    """Trains on the same batch again and again; yields the logits between gradient and update."""
    trainable = [parameter for parameter in network.parameters() if parameter.requires_grad]
    optimizer = torch.optim.SGD(trainable, **HYPERPARAMETERS)
    for _ in range(steps):
        optimizer.zero_grad()
        logits = network(images)
        cross_entropy(logits, labels).backward(retain_graph=images.requires_grad)
        yield logits
        optimizer.step()


def run_case(
    case: Case,
    batch: Batch,
    dtype: torch.dtype = torch.float64,
    disturbance: tuple[float, int] | None = None,
) -> Arrays:
    """All tensors of a fixture but the batch itself, by name; README.md lists them.

    `disturbance` (size, seed) adds noise to the output of every convolution, of so much of its
    standard deviation: it stands for another order of summation or another algorithm.
    """
    network = create_network(case, dtype)
    out = {f"checksum/{state.path}": checksum(state) for state in states(network) if kernel(state)}
    if disturbance is not None:
        disturb_convolutions(network, *disturbance)
    images = batch.images.to(dtype)

    losses: list[Tensor] = []
    for logits in training_steps(network, images, batch.labels, case.steps):
        losses.append(cross_entropy(logits.detach(), batch.labels))
        if len(losses) == 1:
            out["logits"], out["loss"] = logits.detach().numpy(), losses[0].numpy()
            for state in states(network):
                if state.tensor.requires_grad:
                    gradient = state.to_library(state.tensor.grad).copy()
                    if case.brief and gradient.size > LARGE:
                        out |= sample(state.path, gradient)
                    else:
                        out[f"gradient/{state.path}"] = gradient
    out["losses"] = torch.stack(losses).numpy()

    for state in states(network):
        if state.tensor.requires_grad or state.role.startswith("bn."):
            out |= after(state, case.brief)
    network.eval()
    with torch.no_grad():
        logits = network(images)
    out["evaluate/logits"] = logits.numpy()
    out["evaluate/loss"] = cross_entropy(logits, batch.labels).numpy()
    return out


def kernel(state: State) -> bool:
    return state.role.endswith(".kernel")


def after(state: State, brief: bool) -> Arrays:
    """The value after training: whole, or a summary of a convolution's kernel."""
    value = state.to_library(state.tensor)
    if state.tensor.ndim == 4 or (brief and value.size > LARGE):
        first = value.reshape(-1)[:FIRST_VALUES]
        norm = np.asarray(np.linalg.norm(value))
        return {f"norm/{state.path}": norm, f"first/{state.path}": first}
    return {f"after/{state.path}": value}


def sample(path: str, gradient: np.ndarray) -> Arrays:
    """Norm and values from everywhere: the first ones of a depthwise kernel may see nothing but padding."""
    positions = np.arange(FIRST_VALUES) * gradient.size // FIRST_VALUES
    norm = np.asarray(np.linalg.norm(gradient))
    return {
        f"gradient-norm/{path}": norm,
        f"gradient-sample/{path}": gradient.reshape(-1)[positions],
    }


def checksum(state: State) -> np.ndarray:
    """Sum, sum of squares and the first eight values of an initial kernel, `[10]`."""
    value = state.to_library(state.tensor).astype(np.float64).reshape(-1)
    return np.concatenate([[value.sum(), (value * value).sum()], value[:8]])


def disturb_convolutions(network: nn.Module, size: float, seed: int) -> None:
    generator = torch.Generator().manual_seed(seed)

    def disturb(module: nn.Module, _inputs: tuple[Tensor, ...], output: Tensor) -> Tensor:
        noise = torch.randn(output.shape, generator=generator, dtype=output.dtype)
        # Channels of a depthwise convolution differ in size as those of its input do.
        depthwise = getattr(module, "groups", 1) > 1
        deviation = output.detach().std((0, 2, 3), keepdim=True) if depthwise else output.detach().std()
        return output + noise * (size * deviation)

    for module in network.modules():
        hidden = isinstance(module, nn.Linear) and module.bias is None
        if hidden or isinstance(module, nn.Conv2d):
            module.register_forward_hook(disturb)


def relative_errors(expected: Arrays, actual: Arrays) -> dict[str, float]:
    """`|actual - expected| / |expected|` in the Euclidean norm, of each tensor; not divided where that is zero."""
    norms = {name: np.linalg.norm(value) for name, value in expected.items()}
    return {
        name: float(np.linalg.norm(actual[name] - value) / (norms[name] if norms[name] > ZERO else 1))
        for name, value in expected.items()
    }
