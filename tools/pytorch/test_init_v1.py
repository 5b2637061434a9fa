"""Checks `init_v1` against published vectors and the standard library: `python3 -m unittest`."""

import hashlib
import json
import math
import re
import statistics
import unittest
from pathlib import Path

import numpy as np
from init_v1 import (
    GAMMA_INITIALIZERS,
    WEIGHT_INITIALIZERS,
    bias_uniform,
    initialize,
    inverse_normal,
    log,
    philox4x32,
    random_positions,
    words,
)

# Random123 1.14, tests/kat_vectors: counter, key, output of philox4x32-10.
PHILOX_VECTORS = [
    ("00000000 00000000 00000000 00000000", "00000000 00000000",
     "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
    ("ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff",
     "408f276d 41c83b0e a20bc7c6 6d5451fd"),
    ("243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0",
     "d16cfe09 94fdcceb 5001e420 24126ea1"),
]  # fmt: skip


class InitV1(unittest.TestCase):
    def test_philox_gives_the_published_words(self) -> None:
        for counter, key, expected in PHILOX_VECTORS:
            k0, k1 = (int(word, 16) for word in key.split())
            counters = tuple(np.array([int(word, 16)]) for word in counter.split())
            found = [f"{word:08x}" for word in philox4x32(counters, (k0, k1))[0]]
            self.assertEqual(" ".join(found), expected)

    def test_words_of_a_later_block_continue_the_stream(self) -> None:
        np.testing.assert_array_equal(
            words(7, "stem/conv/kernel", 10)[8:], words(7, "stem/conv/kernel", 2, first_block=2)
        )

    def test_log_is_within_two_units_in_the_last_place(self) -> None:
        x = np.concatenate(
            [np.random.default_rng(0).random(20_000), [2.0**-33, 0.5, 0.7071067811865476]]
        )
        for value, found in zip(x, log(x), strict=True):
            self.assertLessEqual(abs(found - math.log(value)), 2 * math.ulp(math.log(value)))

    def test_inverse_normal_is_that_of_the_standard_library(self) -> None:
        extremes = (np.array([0, 1, 2**31 - 1, 2**31, 2**32 - 1]) + 0.5) * 2.0**-32
        p = np.concatenate(
            [np.random.default_rng(1).random(20_000), extremes, [0.075, 0.925]]
        )
        expected = np.array([statistics.NormalDist().inv_cdf(value) for value in p])
        np.testing.assert_allclose(inverse_normal(p), expected, rtol=1e-15, atol=0)

    def test_moments_of_a_large_kernel(self) -> None:
        kernel = initialize(3, "a", "conv.kernel", (3, 3, 64, 256), 576).astype(np.float64)
        self.assertAlmostEqual(kernel.std() / math.sqrt(2 / 576), 1, delta=0.01)
        self.assertAlmostEqual(kernel.mean(), 0, delta=0.001)

    def test_orthogonal_filters_are_orthonormal(self) -> None:
        kernel = initialize(3, "a", "conv.kernel", (3, 3, 4, 8), 36, weight_init="orthogonal")
        filters = kernel.reshape(36, 8).astype(np.float64)
        np.testing.assert_allclose(filters.T @ filters, np.eye(8), atol=1e-6)

    def test_vectors_of_the_document(self) -> None:
        text = (Path(__file__).parents[2] / "docs/init-v1.md").read_text("utf8")
        blocks = re.findall(r"^```jsonl\n(.*?)^```", text, re.M | re.S)
        vectors = [json.loads(line) for block in blocks for line in block.splitlines()]
        tensors = [vector for vector in vectors if vector["of"] == "tensor"]
        self.assertGreater(len(tensors), 10)
        for vector in tensors:
            w = words(vector["seed"], vector["path"], vector["size"])
            init = vector["init"]
            if init in WEIGHT_INITIALIZERS:
                values = WEIGHT_INITIALIZERS[init](w, vector["fan"])
            elif init == "bias":
                values = bias_uniform(w, vector["fan"])
            else:
                values = GAMMA_INITIALIZERS[init](w)
            found = hashlib.sha256(values.astype("<f4").tobytes()).hexdigest()
            self.assertEqual(found, vector["expected"]["sha256"], vector)
        for vector in vectors:
            if vector["of"] == "random":
                shape = (vector["size"] // vector["outputs"], vector["outputs"])
                found = random_positions(vector["seed"], vector["path"], shape, vector["k"])
                self.assertEqual(found.tolist(), vector["expected"])

    def test_a_seed_out_of_range_is_refused(self) -> None:
        with self.assertRaisesRegex(ValueError, "seed: expected"):
            words(2**53, "a", 1)


if __name__ == "__main__":
    unittest.main()
