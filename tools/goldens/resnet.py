"""The CIFAR ResNets in PyTorch, with the library's names, layouts and initial weights.

`cifar-resnet-D[-W]` (He et al. 2015, section 4.2, projection shortcuts): D = 6n + 2 with n basic
blocks in each of three stages of 16W, 32W and 64W channels. Modules are named so that
`stage1.block1.bn1.weight` is `stage1/block1/bn1/gamma` in the library.
"""

import re
import sys
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

sys.path.insert(0, str(Path(__file__).parents[1] / "pytorch"))
from architectures import create_network, library_path
from init_v1 import initialize

CONDITIONS = {
    "bn": ("bn",),
    "all": ("bn", "conv", "shortcut", "head"),
    "head": ("head",),
    "bn+head": ("bn", "head"),
    "shortcut+head": ("shortcut", "head"),
    "bn+shortcut+head": ("bn", "shortcut", "head"),
    "none": (),
}
"""Groups of roles that train under each condition."""


class BasicBlock(nn.Module):
    """`relu(bn2(conv2(relu(bn1(conv1(x))))) + shortcut(x))`"""

    def __init__(self, inputs: int, outputs: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.relu1 = nn.ReLU()
        self.conv2 = nn.Conv2d(outputs, outputs, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.shortcut: nn.Module = nn.Identity()
        if stride != 1 or inputs != outputs:
            self.shortcut = named(
                conv=nn.Conv2d(inputs, outputs, 1, stride, bias=False),
                bn=nn.BatchNorm2d(outputs),
            )
        self.relu2 = nn.ReLU()

    def forward(self, x: Tensor) -> Tensor:
        y = self.relu1(self.bn1(self.conv1(x)))
        return self.relu2(self.bn2(self.conv2(y)) + self.shortcut(x))


def named(**modules: nn.Module) -> nn.Sequential:
    return nn.Sequential(OrderedDict(modules))


def add_stages(
    network: nn.Sequential,
    inputs: int,
    plan: list[tuple[int, int]],
    make_block: Callable[[int, int, int], nn.Module],
) -> int:
    """Adds `stage1/block1` and so on, (blocks, outputs) each; all stages but the first halve the
    image. Returns the channels of the last one."""
    for stage, (blocks, outputs) in enumerate(plan, start=1):
        layers = OrderedDict[str, nn.Module]()
        for block in range(1, blocks + 1):
            stride = 2 if stage > 1 and block == 1 else 1
            layers[f"block{block}"] = make_block(inputs, outputs, stride)
            inputs = outputs
        network.add_module(f"stage{stage}", nn.Sequential(layers))
    return inputs


def cifar_resnet(name: str, classes: int = 10) -> nn.Sequential:
    """The untrained network of a name, with PyTorch's weights; see `load_init_v1`."""
    match = re.fullmatch(r"cifar-resnet-(\d+)(?:-(\d+))?", name)
    if match is None or int(match[1]) < 8 or int(match[1]) % 6 != 2:
        raise ValueError(
            f"network: expected cifar-resnet-<depth>[-<width>] with depth = 6n + 2, got {name!r}."
        )
    blocks, width = int(match[1]) // 6, int(match[2] or 1)
    inputs = 16 * width
    network = named(
        stem=named(
            conv=nn.Conv2d(3, inputs, 3, padding=1, bias=False),
            bn=nn.BatchNorm2d(inputs),
            relu=nn.ReLU(),
        )
    )
    plan = [(blocks, 16 * width), (blocks, 32 * width), (blocks, 64 * width)]
    inputs = add_stages(network, inputs, plan, BasicBlock)
    network.add_module("pool", nn.AdaptiveAvgPool2d(1))
    network.add_module("flatten", nn.Flatten())
    network.add_module("head", nn.Linear(inputs, classes))
    return network


def network_of(name: str) -> nn.Module:
    """The same for any name: all but the CIFAR ResNets are those of `tools/pytorch`."""
    return cifar_resnet(name) if name.startswith("cifar-resnet-") else create_network(name)


@dataclass(frozen=True)
class State:
    """A parameter or running statistic of a network under the library's name and layout."""

    path: str
    role: str
    tensor: Tensor
    """PyTorch's own tensor, in PyTorch's layout."""

    def to_library(self, tensor: Tensor) -> np.ndarray:
        """A tensor of this layout, such as the gradient, in the library's: HWIO, or [in, out]."""
        array = tensor.detach().cpu().numpy()
        if array.ndim == 4:
            array = array.transpose(2, 3, 1, 0)
        elif array.ndim == 2:
            array = array.T
        return np.ascontiguousarray(array)

    def from_library(self, array: np.ndarray) -> Tensor:
        """The inverse of `to_library`, in the type and memory format of this tensor."""
        if array.ndim == 4:
            array = array.transpose(3, 2, 0, 1)
        elif array.ndim == 2:
            array = array.T
        return torch.from_numpy(np.ascontiguousarray(array)).to(self.tensor)


_WEIGHTS = {"weight": "kernel", "bias": "bias"}
_BATCH_NORM = {"weight": "gamma", "bias": "beta", "running_mean": "mean", "running_var": "variance"}
_NAMES = {
    nn.Conv2d: _WEIGHTS,
    nn.Linear: _WEIGHTS,
    nn.BatchNorm1d: _BATCH_NORM,
    nn.BatchNorm2d: _BATCH_NORM,
}


def states(network: nn.Module) -> Iterator[State]:
    """All parameters and running statistics, in the order in which the modules were defined."""
    for module_name, module in network.named_modules():
        names = _NAMES.get(type(module), {})
        path = library_path(network, module_name)
        group = "bn" if names is _BATCH_NORM else "head" if path == "head" else "conv"
        if group == "conv" and "/shortcut/" in path:
            group = "shortcut"
        for torch_name, name in names.items():
            tensor = getattr(module, torch_name)
            if tensor is not None:
                yield State(f"{path}/{name}", f"{group}.{name}", tensor)


def load_init_v1(
    network: nn.Module,
    seed: int,
    *,
    weight_init: str = "kaimingNormal",
    batch_norm_init: str = "uniform",
) -> None:
    """Sets every parameter and running statistic to what `(seed, path)` stands for."""
    fan_in = 1
    for state in states(network):
        if state.role.endswith(".kernel"):
            fan_in = state.tensor[0].numel()  # and that of the bias, which comes next
        shape = state.to_library(state.tensor).shape
        value = initialize(
            seed,
            state.path,
            state.role,
            shape,
            fan_in,
            weight_init=weight_init,
            batch_norm_init=batch_norm_init,
        )
        state.tensor.data.copy_(state.from_library(value))


def set_condition(network: nn.Module, condition: str) -> list[nn.Parameter]:
    """Freezes all but what trains under `condition`; returns the trainable parameters."""
    groups = CONDITIONS[condition]
    for state in states(network):
        if isinstance(state.tensor, nn.Parameter):
            state.tensor.requires_grad_(state.role.split(".")[0] in groups)
    return [parameter for parameter in network.parameters() if parameter.requires_grad]
