"""Pruned and folded networks of JavaScript in PyTorch, against the networks that they were made of."""

import json
import tempfile
import unittest
from pathlib import Path

import numpy as np
import torch
from load_bn_only import ModelFileError, load
from load_dense import load_dense
from safetensors import safe_open
from safetensors.torch import save_file
from test_load_bn_only import BN_ONLY, FAMILIES, run
from torch import nn

THRESHOLD = 0.2


def images() -> torch.Tensor:
    return torch.linspace(-1, 1, 2 * 32 * 32 * 3).reshape(2, 32, 32, 3).permute(0, 3, 1, 2)


def zero_gammas(network: nn.Module) -> int:
    """Sets gammas below the threshold to zero, as PyTorch holds them; tells how many."""
    count = 0
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d | nn.BatchNorm1d):
            small = module.weight.abs() < np.float32(THRESHOLD)
            module.weight.masked_fill_(small, 0)
            count += int(small.sum())
    return count


class LoadDense(unittest.TestCase):
    def test_every_family(self) -> None:
        for name in FAMILIES:
            with self.subTest(name), tempfile.TemporaryDirectory() as folder, torch.no_grad():
                run("tools/pytorch/make_model.js", name, folder)
                model, out = f"{folder}/model.safetensors", f"{folder}/dense.safetensors"
                common = ("--no-evaluate", "--overwrite", "--backend", "wasm", "--out", out)
                network, _ = load(model)
                logits = json.loads(Path(folder, "logits.json").read_text())

                run(BN_ONLY, "fold", model, *common)
                folded, _ = load_dense(out)
                np.testing.assert_allclose(folded(images()), logits, rtol=1e-4, atol=1e-4)

                self.assertGreater(zero_gammas(network), 10)
                run(BN_ONLY, "prune", model, "--threshold", str(THRESHOLD), *common)
                pruned, metadata = load_dense(out)
                self.assertEqual(metadata["form"], "pruned")
                size = sum(tensor.numel() for tensor in pruned.state_dict().values())
                self.assertLess(size, sum(t.numel() for t in network.state_dict().values()))
                np.testing.assert_allclose(pruned(images()), network(images()), rtol=1e-4, atol=1e-4)

    def test_altered_number(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            run("tools/pytorch/make_model.js", "mlp-3-32", folder)
            out = f"{folder}/dense.safetensors"
            run(BN_ONLY, "fold", f"{folder}/model.safetensors", "--no-evaluate", "--out", out)
            with safe_open(out, framework="pt") as file:
                metadata = file.metadata()
                tensors = {name: file.get_tensor(name) for name in file.keys()}
            tensors["fc.bias"] = tensors["fc.bias"] + 1
            save_file(tensors, out, metadata)
            with self.assertRaisesRegex(ModelFileError, "not those that were written"):
                load_dense(out)


if __name__ == "__main__":
    unittest.main()
