"""Rebuilds a network of bn-only in PyTorch from its model file alone.

    from load_bn_only import load
    network, metadata = load("model.safetensors")
    logits = network(images)  # [batch, channels, height, width], normalised as metadata say

The file holds BatchNorm, what else was trained, and a seed; all other weights are drawn from the seed by
`init_v1.py`, a generator in numpy. Nothing of JavaScript is needed. Modules, in `architectures`, have torchvision's names
where torchvision has the network, so `network.state_dict()` fits `torchvision.models.resnet50` or `mobilenet_v2`.

As a program it prints the metadata, or writes the state dict:

    python3 load_bn_only.py model.safetensors [--state-dict weights.pt]
"""

import argparse
import hashlib
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from safetensors import safe_open
from torch import Tensor, nn

from architectures import UnknownArchitectureError, create_network, library_path
from init_v1 import WEIGHT_INITIALIZERS, initialize

Arrays = dict[str, np.ndarray]

class ModelFileError(ValueError):
    """A file that is no model of bn-only, or not as it was written."""


_WEIGHTS = {"weight": "kernel", "bias": "bias"}
_BATCH_NORM = {
    "weight": "gamma",
    "bias": "beta",
    "running_mean": "mean",
    "running_var": "variance",
}
_LEAVES = {
    nn.Conv2d: _WEIGHTS,
    nn.Linear: _WEIGHTS,
    nn.BatchNorm1d: _BATCH_NORM,
    nn.BatchNorm2d: _BATCH_NORM,
}


def library_shape(tensor: Tensor) -> tuple[int, ...]:
    """In the library's layout: `[height, width, in, out]`, `[in, out]`."""
    shape = tuple(tensor.shape)
    return (*shape[2:], shape[1], shape[0]) if len(shape) > 1 else shape


def outputs_first(array: np.ndarray) -> Tensor:
    """An array of the library's layout in PyTorch's: `[out, in, height, width]`, `[out, in]`."""
    if array.ndim > 1:
        array = array.transpose(array.ndim - 1, array.ndim - 2, *range(array.ndim - 2))
    return torch.from_numpy(np.ascontiguousarray(array))


def checksum(metadata: dict[str, str], tensors: Arrays) -> str:
    """SHA-256 over all metadata but itself and all tensors; see `checksum.ts` of the trainer."""
    fields = {key: value for key, value in metadata.items() if key != "checksum"}
    whole = hashlib.sha256(f"{len(fields)} {len(tensors)}\n".encode())
    for key, value in sorted(fields.items(), key=lambda field: field[0].encode()):
        name, text = key.encode(), value.encode()
        whole.update(b"%d %d\n%b%b" % (len(name), len(text), name, text))
    for key, array in sorted(tensors.items(), key=lambda item: item[0].encode()):
        name, kind = key.encode(), {"f": "F32", "i": "I32"}[array.dtype.kind]
        shape = ",".join(str(length) for length in array.shape)
        whole.update(f"{len(name)} {kind} [{shape}]\n".encode() + name)
        whole.update(hashlib.sha256(array.tobytes()).digest())
    return whole.hexdigest()


def fingerprint(tensors: Arrays) -> str:
    """SHA-256 over, in path order, `path [shape]`, a line feed and the SHA-256 of the values."""
    whole = hashlib.sha256()
    for path in sorted(tensors):
        shape = ",".join(str(length) for length in tensors[path].shape)
        whole.update(f"{path} [{shape}]\n".encode())
        whole.update(hashlib.sha256(tensors[path].tobytes()).digest())
    return whole.hexdigest()


def read(path: str | Path) -> tuple[dict[str, str], Arrays]:
    """Metadata and stored tensors of a model file, whole as they were written."""
    with safe_open(path, framework="numpy") as file:
        metadata = file.metadata() or {}
        tensors = {name: file.get_tensor(name) for name in file.keys()}
    if metadata.get("format") != "bn-only" or metadata.get("init") != "init-v1":
        raise ModelFileError(f"{path}: expected a bn-only model with init-v1, got {metadata}.")
    version = metadata.get("version")
    if version == "1":
        print(f"{path}: version 1 has no checksum; alterations cannot be told", file=sys.stderr)
    elif version != "2":
        raise ModelFileError(f"{path}: expected version 1 or 2, got {version!r}.")
    elif metadata.get("checksum") != checksum(metadata, tensors):
        raise ModelFileError(f"{path}: its contents are not those that were written.")
    return metadata, tensors


def whole_number(metadata: dict[str, str], key: str, least: int, most: int) -> int:
    text = metadata.get(key, "")
    if re.fullmatch(r"0|[1-9]\d{0,15}", text) and least <= int(text) <= most:
        return int(text)
    raise ModelFileError(f"{key} must be a whole number from {least} to {most}, got {text!r}.")


def outline(metadata: dict[str, str]) -> nn.Module:
    """The network that the metadata name, on no device: its shapes cost no memory."""
    match = re.fullmatch(r"([1-9]\d{0,3})x([1-9]\d{0,3})x([13])", metadata.get("inputShape", ""))
    shape = (int(match[1]), int(match[2]), int(match[3])) if match else (32, 32, 3)
    classes = whole_number(metadata, "classes", 1, 100_000)
    try:
        with torch.device("meta"):
            return create_network(metadata.get("architecture", ""), shape, classes)
    except UnknownArchitectureError as error:
        raise ModelFileError(str(error)) from None


def states(network: nn.Module) -> Iterator[tuple[str, str, nn.Module, Tensor]]:
    """Path and last name in the library, module and tensor of every parameter and running statistic."""
    for module_name, module in network.named_modules():
        for leaf, name in _LEAVES.get(type(module), {}).items():
            tensor = getattr(module, leaf)
            if tensor is not None:
                path = library_path(network, module_name)
                yield f"{path}/{name}", name, module, tensor


def check(network: nn.Module, stored: Arrays) -> None:
    """Raises ModelFileError unless the stored tensors are those of this network, of finite numbers."""
    rest = dict(stored)
    for path, name, module, tensor in states(network):
        positions, value = rest.pop(f"{path}#indices", None), rest.pop(path, None)
        if value is None:
            if _LEAVES[type(module)] is _BATCH_NORM or positions is not None:
                raise ModelFileError(f"tensor {path} is missing. Copy or train the model again.")
            continue
        shape, size = library_shape(tensor), tensor.numel()
        if positions is not None:
            ascending = (np.diff(positions, prepend=-1) > 0).all() and (positions < size).all()
            shape = positions.shape if ascending and positions.dtype == np.int32 else ()
        if value.shape != shape or value.dtype != np.float32:
            raise ModelFileError(f"tensor {path} {value.shape} does not fit, expected {shape}.")
        if not np.isfinite(value).all() or (name == "variance" and (value < 0).any()):
            raise ModelFileError(f"tensor {path} holds a value that it cannot have.")
    if rest:
        raise ModelFileError(f"{next(iter(rest))!r} is no tensor of this network.")


def load(path: str | Path) -> tuple[nn.Module, dict[str, str]]:
    """The network of a model file, in evaluation mode, and the file's metadata.

    Raises ModelFileError where the file was altered, or the weights drawn here are not those it was made with.
    """
    metadata, stored = read(path)
    network = outline(metadata)
    check(network, stored)
    network = network.to_empty(device="cpu")
    derived: Arrays = {}
    with torch.no_grad():
        for key, name, module, tensor in states(network):
            value, positions = stored.get(key), stored.get(f"{key}#indices")
            if value is None or positions is not None:
                drawn = draw(metadata, key, name, module, library_shape(tensor))
                derived[key] = drawn.copy()
                if positions is not None:
                    derived[key].reshape(-1)[positions] = 0
                    drawn.reshape(-1)[positions] = value
                value = drawn
            tensor.copy_(outputs_first(value))
    if fingerprint(derived) != metadata.get("fingerprint"):
        raise ModelFileError(f"{path}: the weights drawn from its seed are not its own.")
    return network.eval(), metadata


def draw(
    metadata: dict[str, str], path: str, leaf: str, module: nn.Module, shape: tuple[int, ...]
) -> np.ndarray:
    """What the file's seed gives for a parameter."""
    role = "conv" if isinstance(module, nn.Conv2d) else "head"
    if metadata.get("weightInit") not in WEIGHT_INITIALIZERS:
        raise ModelFileError(f"there are no weights {metadata.get('weightInit')!r}.")
    return initialize(
        whole_number(metadata, "seed", 0, 2**53 - 1),
        path,
        f"{role}.{leaf}",
        shape,
        int(np.prod(module.weight.shape[1:])),
        weight_init=metadata["weightInit"],
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("model", type=Path)
    parser.add_argument("--state-dict", type=Path, help="write the network's state dict there")
    arguments = parser.parse_args()
    network, metadata = load(arguments.model)
    if arguments.state_dict:
        torch.save(network.state_dict(), arguments.state_dict)
    print(json.dumps(metadata))


if __name__ == "__main__":
    main()
