"""The loader against the corpus of model files, whose logits were computed in JavaScript."""

import json
import subprocess
import tempfile
import unittest
from pathlib import Path

import numpy as np
import torch
from load_bn_only import ModelFileError, load, read
from safetensors import SafetensorError, deserialize
from safetensors.numpy import save_file
from safetensors.torch import load_file

ROOT = Path(__file__).parents[2]
VECTORS = ROOT / "packages/bn-only-trainer/test/model/vectors"
BN_ONLY = "packages/cli/dist/bin.js"
FAMILIES = [
    "imagenet-resnet-18",
    "imagenet-resnet-50",
    "cifar-vgg-11",
    "cifar-densenet-16-6",
    "mobilenet-v2",
    "mlp-3-32",
]
INDEX = json.loads((VECTORS / "index.json").read_text())["vectors"]


def images() -> torch.Tensor:
    """Two images; number i of both together is (37 i mod 256) / 128 - 1, channels last."""
    numbers = np.arange(2 * 8 * 8 * 3) * 37 % 256 / 128 - 1
    array = numbers.astype(np.float32).reshape(2, 8, 8, 3)
    return torch.from_numpy(array.transpose(0, 3, 1, 2).copy())


def run(*arguments: str) -> None:
    subprocess.run(["node", *arguments], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


class Load(unittest.TestCase):
    def test_logits(self) -> None:
        vectors = [vector for vector in INDEX if "logits" in vector]
        self.assertGreaterEqual(len(vectors), 6)
        for vector in vectors:
            with self.subTest(vector["file"]), torch.no_grad():
                network, _ = load(VECTORS / vector["file"])
                np.testing.assert_allclose(network(images()), vector["logits"], rtol=1e-4, atol=1e-4)

    def test_refused_models(self) -> None:
        refused = [vector for vector in INDEX if vector["stage"] != "file" and "refused" in vector]
        self.assertGreater(len(refused), 30)
        for vector in refused:
            with self.subTest(vector["file"]), self.assertRaises(ModelFileError):
                load(VECTORS / vector["file"])

    def test_safetensors_reads_what_the_index_says(self) -> None:
        for vector in INDEX:
            with self.subTest(vector["file"]):
                contents = (VECTORS / vector["file"]).read_bytes()
                if vector["safetensors"]:
                    deserialize(contents)
                else:
                    self.assertRaises(SafetensorError, deserialize, contents)

    def test_export_is_the_same_state(self) -> None:
        """What `bn-only export` writes of a model is what the loader makes of it, to the bit."""
        for name in ("model-bn-head", "model-sparse", "model-binary"):
            file = VECTORS / f"valid/{name}.safetensors"
            with self.subTest(name), tempfile.TemporaryDirectory() as folder:
                out = f"{folder}/dense.safetensors"
                run(BN_ONLY, "export", str(file), "--out", out)
                network, _ = load(file)
                exported = load_file(out)
                for key, tensor in network.state_dict().items():
                    if not key.endswith("num_batches_tracked"):
                        self.assertTrue(torch.equal(tensor, exported.pop(key)), key)
                self.assertEqual(exported, {})
                # Strict, though num_batches_tracked is not in the file.
                network.load_state_dict(load_file(out))

    def test_every_family(self) -> None:
        """One network of each kind of block, trained in JavaScript: logits, and the bits of its export."""
        for name in FAMILIES:
            with self.subTest(name), tempfile.TemporaryDirectory() as folder, torch.no_grad():
                run("tools/pytorch/make_model.js", name, folder)
                network, _ = load(f"{folder}/model.safetensors")
                logits = json.loads(Path(folder, "logits.json").read_text())
                images = torch.linspace(-1, 1, 2 * 32 * 32 * 3).reshape(2, 32, 32, 3)
                found = network(images.permute(0, 3, 1, 2))
                np.testing.assert_allclose(found, logits, rtol=1e-4, atol=1e-4)
                out = f"{folder}/dense.safetensors"
                run(BN_ONLY, "export", f"{folder}/model.safetensors", "--out", out)
                exported = load_file(out)
                for key, tensor in network.state_dict().items():
                    if not key.endswith("num_batches_tracked"):
                        self.assertTrue(torch.equal(tensor, exported.pop(key)), key)
                self.assertEqual(exported, {})

    def test_altered_number(self) -> None:
        metadata, tensors = read(VECTORS / "valid/model-bn.safetensors")
        tensors["stem/bn/gamma"] = tensors["stem/bn/gamma"] + 1
        with tempfile.TemporaryDirectory() as folder:
            save_file(tensors, f"{folder}/altered.safetensors", metadata)
            with self.assertRaisesRegex(ModelFileError, "not those that were written"):
                load(f"{folder}/altered.safetensors")


if __name__ == "__main__":
    unittest.main()
