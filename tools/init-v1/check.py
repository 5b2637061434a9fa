"""Holds `init_v1.py` to the vectors of docs/init-v1.md and of init-v1.json: `python3 tools/init-v1/check.py`.

Needs the standard library alone. Prints how many vectors hold, and ends with 1 where one does not.
"""

import hashlib
import json
import math
import re
import struct
import sys
from collections.abc import Iterator
from pathlib import Path

import init_v1

ROOT = Path(__file__).parents[2]
FIXTURE = ROOT / "packages/frozen-layers/test/fixtures/goldens/init-v1.json"


def hexadecimal(values: list[float] | list[int], form: str) -> list[str]:
    return [struct.pack(f">{form}", value).hex() for value in values]


def digest(values: list[float] | list[int], form: str) -> str:
    return hashlib.sha256(struct.pack(f"<{len(values)}{form}", *values)).hexdigest()


def parts(text: str) -> list[int]:
    return [int(word, 16) for word in text.split()]


def found(vector: dict) -> object:
    """What this implementation gives for the inputs of a vector, in the form of its `expected`."""
    seed, path = vector.get("seed", 0), vector.get("path", "")
    match vector["of"]:
        case "philox":
            block = init_v1.philox(tuple(parts(vector["counter"])), tuple(parts(vector["key"])))
            return " ".join(hexadecimal(list(block), "I"))
        case "stream":
            source = init_v1.stream(seed, path, vector["block"])
            return " ".join(hexadecimal([next(source) for _ in range(4)], "I"))
        case "uniform":
            return hexadecimal([init_v1.uniform(int(vector["word"], 16))], "d")[0]
        case "normal":
            return hexadecimal([init_v1.normal(int(vector["word"], 16))], "d")[0]
        case "tensor":
            values = init_v1.tensor(seed, path, vector["size"], vector["init"], vector["fan"])
            first = " ".join(hexadecimal(values[:4], "f"))
            return {"first": first, "sha256": digest(values, "f")}
        case "fingerprint":
            parameters = []
            for path, shape, init, fan in vector["parameters"]:
                values = init_v1.tensor(seed, path, math.prod(shape), init, fan)
                parameters.append((path, shape, struct.pack(f"<{len(values)}f", *values)))
            return init_v1.fingerprint(parameters)
        case "random":
            size, outputs, k = vector["size"], vector["outputs"], vector["k"]
            return init_v1.random_positions(seed, path, size, outputs, k)
        case "order":
            return init_v1.epoch_order(seed, vector["epoch"], vector["n"])
        case "augmentation":
            drawn = init_v1.augmentation_words(seed, vector["epoch"], vector["index"], 6)
            return " ".join(hexadecimal(drawn, "I"))
        case "resizedCrop":
            drawn = init_v1.augmentation_words(seed, vector["epoch"], vector["index"], 40)
            height, width = vector["image"]
            window = init_v1.resized_crop(
                drawn, height, width, tuple(vector["scale"]), tuple(vector["ratio"])
            )
            return list(window)
    raise ValueError(f"a vector of docs/init-v1.md is of {vector['of']!r}, which nobody knows.")


def document_vectors() -> list[dict]:
    text = (ROOT / "docs/init-v1.md").read_text("utf8")
    blocks = re.findall(r"^```jsonl\n(.*?)^```", text, re.M | re.S)
    return [json.loads(line) for block in blocks for line in block.splitlines()]


def fixture_checks() -> Iterator[tuple[str, object, object]]:
    """The longer vectors; orthogonal ones of thousands of numbers are left to faster languages."""
    for vector in json.loads(FIXTURE.read_text("utf8"))["tensors"]:
        seed, path, fan = vector["seed"], vector["path"], vector["fanIn"]
        size = math.prod(vector["shape"])
        w = init_v1.words(seed, path, size)
        yield f"{path}, words", digest(w, "I"), vector["words"]["sha256"]
        normal = [init_v1.normal(word) for word in w]
        yield f"{path}, normal", digest(normal, "d"), vector["normal"]["sha256"]
        for init in ("uniform", "positiveNegative", "bias", "kaimingNormal", "kaimingUniform",
                     "binary", "orthogonal"):  # fmt: skip
            if init not in vector or (init == "orthogonal" and size > 5000):
                continue
            values = init_v1.tensor(seed, path, size, init, fan)
            yield f"{path}, {init}", digest(values, "f"), vector[init]["sha256"]


def main() -> int:
    checks = [(json.dumps(v), found(v), v["expected"]) for v in document_vectors()]
    if len(checks) < 30:
        print(f"docs/init-v1.md: expected its vectors, found {len(checks)}.")
        return 1
    checks += fixture_checks()
    wrong = [check for check in checks if check[1] != check[2]]
    for name, actual, expected in wrong:
        print(f"{name}: expected {expected}, got {actual}")
    print(f"{len(checks) - len(wrong)} of {len(checks)} vectors hold")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
