"""CIFAR-10's binary version as tensors, and the protocol's augmentation."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

Normalization = tuple[Sequence[float], Sequence[float]]
"""Mean and standard deviation of red, green and blue in [0, 1]."""

NORMALIZATIONS: dict[str, Normalization] = {
    "imagenet": ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)),
    "cifar10": ((0.4914, 0.4822, 0.4465), (0.247, 0.2435, 0.2616)),
}
"""The paper uses ImageNet's on CIFAR-10, too."""

RECORD_BYTES = 3073
PADDING = 4


@dataclass(frozen=True)
class Split:
    images: Tensor
    """uint8 `[count, 3, 32, 32]`"""
    labels: Tensor


def default_folder() -> Path:
    """Where the library keeps its verified copy."""
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(os.environ.get("BN_ONLY_DATA") or Path(cache) / "bn-only") / "cifar10"


def load_train(folder: Path, size: int = 50_000) -> Split:
    """The first `size` training images."""
    splits = [read_batch(folder / f"data_batch_{n}.bin") for n in range(1, 6)]
    images = torch.cat([split.images for split in splits])[:size]
    return Split(images, torch.cat([split.labels for split in splits])[:size])


def load_test(folder: Path, size: int = 10_000) -> Split:
    """The first `size` test images."""
    split = read_batch(folder / "test_batch.bin")
    return Split(split.images[:size], split.labels[:size])


def read_batch(path: Path) -> Split:
    """A file of records: one byte of label, then 1024 bytes each of red, green and blue."""
    data = np.fromfile(path, np.uint8)
    if data.size == 0 or data.size % RECORD_BYTES != 0:
        raise ValueError(
            f"{path}: expected records of {RECORD_BYTES} bytes, got {data.size} bytes."
        )
    records = torch.from_numpy(data).view(-1, RECORD_BYTES)
    return Split(records[:, 1:].reshape(-1, 3, 32, 32), records[:, 0].long())


def normalization_of(notes: dict[str, str]) -> Normalization:
    """What a model file says its images were normalised with: by name, or in numbers if measured."""
    name = notes.get("normalization", "imagenet")
    if name != "measured":
        return NORMALIZATIONS[name]
    mean, std = ([float(value) for value in notes[key].split(",")] for key in ("mean", "std"))
    return mean, std


def normalize(
    images: Tensor, normalization: Normalization = NORMALIZATIONS["imagenet"]
) -> Tensor:
    mean, std = (torch.tensor(values).view(3, 1, 1) for values in normalization)
    normalized = (images.float() / 255 - mean) / std
    return normalized.contiguous(memory_format=torch.channels_last)


def augment(images: Tensor, generator: torch.Generator) -> Tensor:
    """Flips half of the images, then crops each at random out of 4 black pixels of padding."""
    count, _, height, width = images.shape
    flip = torch.rand(count, generator=generator) < 0.5
    images = torch.where(flip.view(-1, 1, 1, 1), images.flip(3), images)
    padded = torch.nn.functional.pad(images, (PADDING,) * 4)
    top, left = torch.randint(2 * PADDING + 1, (2, count, 1), generator=generator)
    rows = (top + torch.arange(height)).view(count, 1, height, 1)
    columns = (left + torch.arange(width)).view(count, 1, 1, width)
    image, channel = torch.arange(count).view(-1, 1, 1, 1), torch.arange(3).view(1, -1, 1, 1)
    return padded[image, channel, rows, columns]
