"""A training run of one small batch: first-step gradients, five steps of SGD, an evaluation."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from resnet import State, cifar_resnet, load_init_v1, set_condition, states
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

STEPS = 5
HYPERPARAMETERS = {"lr": 0.1, "momentum": 0.9, "weight_decay": 1e-4}
FIRST_VALUES = 64

Arrays = dict[str, np.ndarray]


@dataclass(frozen=True)
class Case:
    """What a fixture is about."""

    network: str
    condition: str
    seed: int
    """Of the initial weights, under init-v1."""
    batch: int

    @property
    def file_name(self) -> str:
        return f"{self.network}-{self.condition.replace('+', '-')}.safetensors"


@dataclass(frozen=True)
class Batch:
    images: Tensor
    """`[batch, 3, 32, 32]`, float32"""
    labels: Tensor


def create_network(case: Case, dtype: torch.dtype) -> nn.Module:
    network = cifar_resnet(case.network)
    load_init_v1(network, case.seed)
    set_condition(network, case.condition)
    return network.to(dtype)


def training_steps(network: nn.Module, images: Tensor, labels: Tensor) -> Iterator[Tensor]:
    """Trains on the same batch again and again; yields the logits between gradient and update."""
    trainable = [parameter for parameter in network.parameters() if parameter.requires_grad]
    optimizer = torch.optim.SGD(trainable, **HYPERPARAMETERS)
    for _ in range(STEPS):
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
    for logits in training_steps(network, images, batch.labels):
        losses.append(cross_entropy(logits.detach(), batch.labels))
        if len(losses) == 1:
            out["logits"], out["loss"] = logits.detach().numpy(), losses[0].numpy()
            for state in states(network):
                if state.tensor.requires_grad:
                    gradient = state.to_library(state.tensor.grad)
                    out[f"gradient/{state.path}"] = gradient.copy()
    out["losses"] = torch.stack(losses).numpy()

    for state in states(network):
        if state.tensor.requires_grad or state.role.startswith("bn."):
            out |= after(state)
    network.eval()
    with torch.no_grad():
        logits = network(images)
    out["evaluate/logits"] = logits.numpy()
    out["evaluate/loss"] = cross_entropy(logits, batch.labels).numpy()
    return out


def kernel(state: State) -> bool:
    return state.role.endswith(".kernel")


def after(state: State) -> Arrays:
    """The value after training: whole, or norm and first values of a convolution's kernel."""
    value = state.to_library(state.tensor)
    if state.tensor.ndim < 4:
        return {f"after/{state.path}": value}
    first = value.reshape(-1)[:FIRST_VALUES]
    return {f"norm/{state.path}": np.asarray(np.linalg.norm(value)), f"first/{state.path}": first}


def checksum(state: State) -> np.ndarray:
    """Sum, sum of squares and the first eight values of an initial kernel, `[10]`."""
    value = state.to_library(state.tensor).astype(np.float64).reshape(-1)
    return np.concatenate([[value.sum(), (value * value).sum()], value[:8]])


def disturb_convolutions(network: nn.Module, size: float, seed: int) -> None:
    generator = torch.Generator().manual_seed(seed)

    def disturb(_module: nn.Module, _inputs: tuple[Tensor, ...], output: Tensor) -> Tensor:
        noise = torch.randn(output.shape, generator=generator, dtype=output.dtype)
        return output + noise * (size * output.detach().std())

    for module in network.modules():
        if isinstance(module, nn.Conv2d):
            module.register_forward_hook(disturb)


def relative_errors(expected: Arrays, actual: Arrays) -> dict[str, float]:
    """`|actual - expected| / |expected|` in the Euclidean norm, of each tensor."""
    return {
        name: float(np.linalg.norm(actual[name] - value) / np.linalg.norm(value))
        for name, value in expected.items()
    }
