"""Writes all fixtures of the TypeScript tests: `python3 make_goldens.py`, or those of the networks that are named; see README.md."""

import json
import sys
from pathlib import Path

import numpy as np
import torch
from batches import robust_batch
from init_vectors import init_vectors
from network_goldens import HYPERPARAMETERS, Arrays, Case, relative_errors, run_case
from op_goldens import op_goldens
from safetensors.numpy import save

PACKAGES = Path(__file__).parents[2] / "packages"
LAYERS = PACKAGES / "frozen-layers/test/fixtures/goldens"
TRAINER = PACKAGES / "bn-only-trainer/test/fixtures/goldens"

CASES = [
    Case("cifar-resnet-14", "bn", seed=0, batch=7),
    Case("cifar-resnet-14", "bn+head", seed=1, batch=5),
    Case("cifar-resnet-14", "all", seed=2**40 + 5, batch=3),
    Case("cifar-resnet-8-2", "bn", seed=3, batch=5),
    Case("cifar-resnet-8-2", "bn+head", seed=4, batch=7),
    Case("cifar-resnet-8-2", "all", seed=5, batch=3),
    Case("cifar-vgg-11", "bn+head", seed=7, batch=2, steps=1, brief=True, as_drawn=True),
    Case("cifar-densenet-16-6", "all", seed=8, batch=3, brief=True),
    Case("imagenet-resnet-50", "bn+head", seed=11, batch=6, steps=1, brief=True, batch_norm_init="oneOne", side=64, as_drawn=True),
    Case("mobilenet-v2", "bn+head", seed=12, batch=6, steps=1, brief=True, batch_norm_init="oneOne", side=64, as_drawn=True),
    Case("mlp-3-32", "all", seed=10, batch=7, brief=True),
]

TOLERANCES = {"gradient": 1e-4, "loss": 1e-5, "losses": 1e-5, "logits": 1e-5}
"""Relative, by the part of the name before the slash; 1e-4 for all else."""


def write(path: Path, arrays: Arrays, metadata: dict[str, str]) -> None:
    """Integers as int32, all else rounded to float32."""
    stored = {}
    for name in sorted(arrays):
        array = np.asarray(arrays[name])
        dtype = np.int32 if array.dtype.kind == "i" else np.float32
        stored[name] = np.ascontiguousarray(array, dtype=dtype)
    path.write_bytes(with_sorted_metadata(save(stored, metadata)))
    print(f"{path.name}: {len(stored)} tensors, {path.stat().st_size} bytes")


def with_sorted_metadata(file: bytes) -> bytes:
    """The same safetensors file, its metadata in an order that does not change between runs."""
    length = int.from_bytes(file[:8], "little")
    header = json.loads(file[8 : 8 + length])
    header["__metadata__"] = dict(sorted(header["__metadata__"].items()))
    text = json.dumps(header, separators=(",", ":")).encode().ljust(length)
    return len(text).to_bytes(8, "little") + text + file[8 + length :]


def write_network(case: Case) -> None:
    batch, image_seed = robust_batch(case)
    arrays = run_case(case, batch)
    report_float32(arrays, run_case(case, batch, torch.float32))
    arrays["images"] = batch.images.permute(0, 2, 3, 1).numpy()
    arrays["labels"] = batch.labels.numpy()
    metadata = {
        "network": case.network,
        "condition": case.condition,
        "seed": str(case.seed),
        "imageSeed": str(image_seed),
        "steps": str(case.steps),
        "batchNormInit": case.batch_norm_init,
        "hyperparameters": json.dumps(HYPERPARAMETERS),
        "computed": "float64",
        "torch": torch.__version__,
    }
    write(TRAINER / case.file_name, arrays, metadata)


def report_float32(expected: Arrays, actual: Arrays) -> None:
    """Checks that PyTorch in float32 is within the tolerances of PyTorch in float64."""
    largest: dict[str, float] = {}
    for name, error in relative_errors(expected, actual).items():
        kind = name.split("/")[0]
        largest[kind] = max(error, largest.get(kind, 0))
    for kind, error in largest.items():
        limit = TOLERANCES.get(kind, 1e-4)
        if error > limit:
            raise RuntimeError(f"{kind}: float32 differs by {error:.1e}, allowed is {limit:.0e}.")
    print("  float32:", ", ".join(f"{kind} {error:.1e}" for kind, error in largest.items()))


def main() -> None:
    torch.use_deterministic_algorithms(True)
    networks = sys.argv[1:]
    if not networks:
        vectors = json.dumps(init_vectors(), indent=1, ensure_ascii=False)
        (LAYERS / "init-v1.json").write_text(vectors + "\n")
        write(LAYERS / "ops.safetensors", *op_goldens(seed=1))
    for case in CASES:
        if not networks or case.network in networks:
            write_network(case)


if __name__ == "__main__":
    main()
