"""Reads the `.safetensors` model files of `@bn-only/trainer`.

A file holds gamma, beta, running statistics and whatever else was trained, by path. All other
tensors are rebuilt from the seed in its metadata and compared with its fingerprint.
"""

import hashlib
import json
import sys
from pathlib import Path

import numpy as np
import torch
from safetensors import safe_open
from torch import nn

sys.path.insert(0, str(Path(__file__).parents[1] / "goldens"))
from resnet import cifar_resnet, load_init_v1, states


def load_model(path: Path) -> tuple[nn.Module, dict[str, str]]:
    """The network with the model's values, and the file's metadata."""
    with safe_open(path, framework="numpy") as file:
        metadata = file.metadata() or {}
        tensors = {name: file.get_tensor(name) for name in file.keys()}
    if metadata.get("format") != "bn-only" or metadata.get("init") != "init-v1":
        raise ValueError(f"{path}: expected a bn-only model with init-v1, got metadata {metadata}.")

    network = cifar_resnet(metadata["architecture"], class_count(metadata["classes"]))
    load_init_v1(
        network,
        int(metadata["seed"]),
        weight_init=metadata["weightInit"],
        batch_norm_init=metadata["batchNormInit"],
    )
    derived = {}
    for state in states(network):
        stored = tensors.pop(state.path, None)
        if stored is not None:
            state.tensor.data.copy_(state.from_library(stored))
        elif state.role.startswith("bn."):
            raise ValueError(f"{path}: tensor {state.path} is missing. Copy or train it again.")
        else:
            derived[state.path] = state.to_library(state.tensor)
    if tensors:
        raise ValueError(
            f"{path}: {next(iter(tensors))} is no tensor of {metadata['architecture']}."
        )
    if fingerprint(derived) != metadata["fingerprint"]:
        raise ValueError(
            f"{path}: the weights rebuilt from seed {metadata['seed']} are not its own."
        )
    return network.to(memory_format=torch.channels_last), metadata


def class_count(classes: str) -> int:
    """Metadata names the classes or counts them."""
    value = json.loads(classes)
    return len(value) if isinstance(value, list) else int(value)


def fingerprint(tensors: dict[str, np.ndarray]) -> str:
    """SHA-256 over, in path order, `path [shape]`, a line feed and the SHA-256 of the values."""
    whole = hashlib.sha256()
    for path in sorted(tensors):
        shape = ",".join(str(length) for length in tensors[path].shape)
        whole.update(f"{path} [{shape}]\n".encode())
        whole.update(hashlib.sha256(tensors[path].astype("<f4").tobytes()).digest())
    return whole.hexdigest()
