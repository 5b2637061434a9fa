"""Literal vectors of `init-v1`, as bit patterns, for the tests of other implementations."""

import hashlib
import sys
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "pytorch"))
from init_v1 import (
    GAMMA_INITIALIZERS,
    WEIGHT_INITIALIZERS,
    bias_uniform,
    standard_normal,
    unit_uniform,
    words,
)
from test_init_v1 import PHILOX_VECTORS

FIRST = 12

# seed, path, shape in the library's layout, inputs that one output sums over
TENSORS = [
    (0, "stem/conv/kernel", [3, 3, 3, 16], 27),
    (1, "stem/conv/kernel", [3, 3, 3, 16], 27),
    (2**40 + 5, "stage3/block1/conv2/kernel", [3, 3, 64, 64], 576),
    (2**53 - 1, "stage2/block1/shortcut/conv/kernel", [1, 1, 16, 32], 16),
    (12, "head/kernel", [64, 10], 64),
    (12, "head/bias", [10], 64),
    (0, "stem/bn/gamma", [16], 1),
    (2**32, "größe/γ", [5], 1),
]


def hexadecimal(array: np.ndarray) -> list[str]:
    """Bit patterns of float32, float64 or uint32 numbers, most significant digit first."""
    flat = np.ascontiguousarray(array).reshape(-1)
    digits = 2 * flat.itemsize
    return [f"{bits:0{digits}x}" for bits in flat.view(f"u{flat.itemsize}")]


def first_and_hash(values: np.ndarray) -> dict[str, Any]:
    """The first numbers, and SHA-256 over the little-endian bytes of all of them."""
    data = values.astype(values.dtype.newbyteorder("<")).tobytes()
    return {"first": hexadecimal(values[:FIRST]), "sha256": hashlib.sha256(data).hexdigest()}


def tensor_vectors(seed: int, path: str, shape: list[int], fan_in: int) -> dict[str, Any]:
    w = words(seed, path, int(np.prod(shape)))
    vectors: dict[str, Any] = {"seed": seed, "path": path, "shape": shape, "fanIn": fan_in}
    vectors["words"] = first_and_hash(w)
    vectors["normal"] = first_and_hash(standard_normal(w))
    vectors["uniform"] = first_and_hash(unit_uniform(w).astype(np.float32))
    vectors["positiveNegative"] = first_and_hash(GAMMA_INITIALIZERS["positiveNegative"](w))
    vectors["bias"] = first_and_hash(bias_uniform(w, fan_in))
    if w.size % fan_in == 0:  # a kernel
        for name, weights in WEIGHT_INITIALIZERS.items():
            vectors[name] = first_and_hash(weights(w, fan_in))
    return vectors


def later_words(seed: int, path: str, first_block: int) -> dict[str, Any]:
    """Words from `4 * first_block` on, where the block number needs its second counter word."""
    found = hexadecimal(words(seed, path, 8, first_block))
    return {"seed": seed, "path": path, "firstBlock": first_block, "words": found}


def init_vectors() -> dict[str, Any]:
    """The content of `init-v1.json`; README.md explains its fields."""
    philox = [
        {"counter": counter.split(), "key": key.split(), "words": expected.split()}
        for counter, key, expected in PHILOX_VECTORS
    ]
    return {
        "format": "init-v1",
        "philox": philox,
        "tensors": [tensor_vectors(*tensor) for tensor in TENSORS],
        "laterBlocks": [
            later_words(0, "stem/conv/kernel", 2**32 - 1),
            later_words(2**40 + 5, "head/kernel", 3 * 2**32 + 7),
        ],
    }
