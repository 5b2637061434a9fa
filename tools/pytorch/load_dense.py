"""Rebuilds a pruned or folded network of bn-only in PyTorch from its file alone.

    from load_dense import load_dense
    network, metadata = load_dense("folded.safetensors")
    logits = network(images)  # [batch, channels, height, width], normalised as metadata say

`bn-only prune` and `bn-only fold` write all numbers, in PyTorch's layouts, and the layers as JSON in the field
`network` of the metadata: the names of bn-only's layer factories and their options.
"""

import json
import re
from pathlib import Path

import torch
from safetensors import safe_open
from torch import Tensor, nn

from load_bn_only import ModelFileError, checksum

Description = dict


class Residual(nn.Module):
    """`f(x) + shortcut(x)`; a BatchNorm at the end of f takes the addition before its activation."""

    def __init__(self, layers: dict[str, nn.Module], *, projects: bool) -> None:
        super().__init__()
        self.shortcut = layers.pop("shortcut") if projects else nn.Identity()
        last = next(reversed(layers.values()))
        self.activation: nn.Module = nn.Identity()
        if isinstance(last, Normalized):
            self.activation, last.activation = last.activation, nn.Identity()
        self.body = chain(layers)

    def forward(self, x: Tensor) -> Tensor:
        return self.activation(self.body(x) + self.shortcut(x))


class Concat(nn.Module):
    def __init__(self, layers: dict[str, nn.Module]) -> None:
        super().__init__()
        self.branches = nn.ModuleList(layers.values())

    def forward(self, x: Tensor) -> Tensor:
        return torch.cat([branch(x) for branch in self.branches], dim=1)


class Normalized(nn.Module):
    """A BatchNorm and the activation that it ends in, over images or over features."""

    def __init__(self, norm: nn.Module, activation: nn.Module) -> None:
        super().__init__()
        self.norm, self.activation = norm, activation

    def forward(self, x: Tensor) -> Tensor:
        y = self.norm(x) if x.ndim == 4 else self.norm(x[:, :, None, None])[:, :, 0, 0]
        return self.activation(y)


class ChannelsLast(nn.Module):
    """Flattens as bn-only does: channels are the fastest."""

    def forward(self, x: Tensor) -> Tensor:
        return x.permute(0, 2, 3, 1).flatten(1) if x.ndim == 4 else x


class Mean(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return x.mean(dim=(2, 3))


def chain(layers: dict[str, nn.Module]) -> nn.Module:
    return nn.Sequential(*layers.values())


def activation(kind: str | None) -> nn.Module:
    return {"relu": nn.ReLU, "relu6": nn.ReLU6, "sigmoid": nn.Sigmoid}.get(kind or "", nn.Identity)()


def pytorch_name(path: str) -> str:
    """`stage2/block1/shortcut/conv` is `layer2.0.downsample.0`, as `exportPyTorch` has it."""
    name = path.replace("/", ".")
    name = re.sub(r"^stem\.(conv|bn)$", r"\g<1>1", name)
    name = re.sub(r"^head$", "fc", name)
    name = re.sub(
        r"^stage(\d+)\.block(\d+)\.", lambda m: f"layer{m[1]}.{int(m[2]) - 1}.", name
    )
    name = re.sub(r"\.shortcut\.conv$", ".downsample.0", name)
    return re.sub(r"\.shortcut\.bn$", ".downsample.1", name)


class Builder:
    """Makes modules of descriptions; takes every tensor of the file exactly once."""

    def __init__(self, tensors: dict[str, Tensor]) -> None:
        self.tensors = dict(tensors)

    def take(self, path: str, leaf: str) -> nn.Parameter:
        name = f"{pytorch_name(path)}.{leaf}"
        if name not in self.tensors:
            raise ModelFileError(f"the file has no tensor {name!r}.")
        return nn.Parameter(self.tensors.pop(name), requires_grad=False)

    def build(self, description: Description, path: str = "") -> nn.Module:
        kind, options = description["kind"], description.get("options", {})
        layers = {
            name: self.build(child, f"{path}/{name}" if path else name)
            for name, child in description.get("children", {}).items()
        }
        match kind:
            case "sequential":
                return chain(layers)
            case "residual":
                return Residual(layers, projects=options["shortcut"])
            case "concat":
                return Concat(layers)
            case "conv2d":
                return self.convolution(options, path)
            case "dense":
                layer = nn.Linear(options["inputs"], options["outputs"], bias=options["bias"])
                return self.weighted(layer, path)
            case "batchNorm":
                return self.batch_norm(options, path)
            case "activation":
                return activation(options["kind"])
            case "maxPool":
                return nn.MaxPool2d(options["size"], options["stride"], options["padding"])
            case "averagePool":
                return nn.AvgPool2d(options["size"], options["stride"], options["padding"])
            case "globalAveragePool":
                return Mean()
            case "flatten":
                return ChannelsLast()
            case "identity":
                return nn.Identity()
        raise ModelFileError(f"{path!r} is a {kind!r}, which this loader does not know.")

    def convolution(self, options: dict, path: str) -> nn.Module:
        layer = nn.Conv2d(
            options["inputChannels"],
            options["outputChannels"],
            tuple(options["kernelSize"]),
            options["stride"],
            options["padding"],
            groups=options["groups"],
            bias=options["bias"],
        )
        return self.weighted(layer, path)

    def weighted(self, layer: nn.Conv2d | nn.Linear, path: str) -> nn.Module:
        shape = layer.weight.shape
        layer.weight = self.take(path, "weight")
        if layer.bias is not None:
            layer.bias = self.take(path, "bias")
        if layer.weight.shape != shape:
            raise ModelFileError(f"{path!r}: expected {tuple(shape)}, got {tuple(layer.weight.shape)}.")
        return layer

    def batch_norm(self, options: dict, path: str) -> nn.Module:
        norm = nn.BatchNorm2d(options["channels"], options["epsilon"], options["momentum"])
        affine = options["affine"]
        if affine in ("both", "gamma"):
            norm.weight = self.take(path, "weight")
        if affine in ("both", "beta"):
            norm.bias = self.take(path, "bias")
        norm.running_mean = self.take(path, "running_mean").data
        norm.running_var = self.take(path, "running_var").data
        return Normalized(norm, activation(options["activation"]))


def load_dense(path: str | Path) -> tuple[nn.Module, dict[str, str]]:
    """The network, in evaluation mode, and what the file says about it."""
    with safe_open(path, framework="pt") as file:
        metadata = file.metadata() or {}
        tensors = {name: file.get_tensor(name) for name in file.keys()}
    if metadata.get("format") != "bn-only-dense" or metadata.get("version") != "1":
        raise ModelFileError(f"{path}: expected bn-only-dense version 1, got {metadata}.")
    arrays = {name: tensor.numpy() for name, tensor in tensors.items()}
    if metadata.get("checksum") != checksum(metadata, arrays):
        raise ModelFileError(f"{path}: its contents are not those that were written.")
    builder = Builder(tensors)
    network = builder.build(json.loads(metadata["network"])["layer"])
    if builder.tensors:
        raise ModelFileError(f"{path}: no layer has the tensors {sorted(builder.tensors)}.")
    return network.eval(), metadata
