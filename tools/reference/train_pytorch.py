"""Trains a CIFAR ResNet in PyTorch as `bn-only train` does, or evaluates a model that it wrote.

    python3 tools/reference/train_pytorch.py cifar-resnet-14 --epochs 3 --train-size 10000
    python3 tools/reference/train_pytorch.py --load model.safetensors

Weights are the library's (`init-v1`); the order of the images and their augmentation are PyTorch's,
so accuracies agree in distribution, not in digits. Prints one line of JSON.
"""

import argparse
import json
import platform
import sys
import time
from pathlib import Path
from typing import Any

import torch
from cifar10 import (
    NORMALIZATIONS,
    Normalization,
    Split,
    augment,
    default_folder,
    load_test,
    load_train,
    normalization_of,
    normalize,
)
from torch import nn
from torch.nn.functional import cross_entropy

for folder in ("goldens", "pytorch"):
    sys.path.insert(0, str(Path(__file__).parents[1] / folder))
from load_bn_only import load
from resnet import CONDITIONS, cifar_resnet, load_init_v1, set_condition, states

LEARNING_RATE = 0.1
MILESTONES = (0.5, 0.75)
"""Fractions of all steps after which the learning rate falls to a tenth."""


def train(network: nn.Module, data: Split, arguments: argparse.Namespace) -> None:
    """SGD with momentum 0.9 and weight decay 1e-4 on all that trains; the last batch is partial.

    Running statistics follow the images even where nothing trains.
    """
    trainable = set_condition(network, arguments.condition) or [nn.Parameter(torch.empty(0))]
    optimizer = torch.optim.SGD(trainable, LEARNING_RATE, momentum=0.9, weight_decay=1e-4)
    count, size = len(data.labels), arguments.batch_size
    steps = arguments.epochs * -(-count // size)
    milestones = [round(fraction * steps) for fraction in MILESTONES]
    schedule = torch.optim.lr_scheduler.MultiStepLR(optimizer, milestones)
    generator = torch.Generator().manual_seed(arguments.seed)
    network.train()
    for epoch in range(arguments.epochs):
        total = torch.zeros(())
        for batch in torch.randperm(count, generator=generator).split(size):
            images = normalize(augment(data.images[batch], generator))
            optimizer.zero_grad()
            loss = cross_entropy(network(images), data.labels[batch])
            if loss.requires_grad:
                loss.backward()
            optimizer.step()
            schedule.step()
            total += loss.detach() * len(batch)
        print(f"epoch {epoch + 1}: training loss {total.item() / count:.4f}", file=sys.stderr)


@torch.no_grad()
def evaluate(
    network: nn.Module, data: Split, normalization: Normalization = NORMALIZATIONS["imagenet"]
) -> dict[str, float]:
    """Mean cross-entropy and accuracy with running statistics."""
    network.eval()
    loss = correct = 0.0
    for images, labels in zip(data.images.split(500), data.labels.split(500), strict=True):
        logits = network(normalize(images, normalization))
        loss += cross_entropy(logits, labels, reduction="sum").item()
        correct += (logits.argmax(1) == labels).sum().item()
    return {"testAccuracy": correct / len(data.labels), "testLoss": loss / len(data.labels)}


def small_gamma_share(network: nn.Module) -> float:
    """Share of `|gamma| < 0.01` over all BatchNorm layers."""
    gammas = torch.cat([state.tensor for state in states(network) if state.role == "bn.gamma"])
    return (gammas.abs() < 0.01).double().mean().item()


def train_and_test(arguments: argparse.Namespace) -> dict[str, Any]:
    network = cifar_resnet(arguments.network)
    load_init_v1(network, arguments.seed)
    network = network.to(memory_format=torch.channels_last)
    data = load_train(arguments.data, arguments.train_size)
    begin = time.perf_counter()
    train(network, data, arguments)
    seconds = time.perf_counter() - begin
    options = {name: getattr(arguments, name) for name in ("network", "condition", "seed")}
    return {
        **options,
        "epochs": arguments.epochs,
        "trainSize": arguments.train_size,
        "testSize": arguments.test_size,
        "batchSize": arguments.batch_size,
        **evaluate(network, load_test(arguments.data, arguments.test_size)),
        "smallGammaShare": small_gamma_share(network),
        "seconds": round(seconds, 1),
    }


def load_and_test(arguments: argparse.Namespace) -> dict[str, Any]:
    network, metadata = load(arguments.load)
    network = network.to(memory_format=torch.channels_last)
    return {
        "network": metadata["architecture"],
        "seed": int(metadata["seed"]),
        "fingerprint": metadata["fingerprint"],
        **evaluate(
            network, load_test(arguments.data, arguments.test_size), normalization_of(metadata)
        ),
        "smallGammaShare": small_gamma_share(network),
        "metadata": metadata,
    }


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("network", nargs="?", default="cifar-resnet-14")
    parser.add_argument("--condition", choices=CONDITIONS, default="bn")
    parser.add_argument("--epochs", type=int, default=160)
    parser.add_argument("--batch-size", type=int, default=128)
    parser.add_argument("--train-size", type=int, default=50_000, help="first N images")
    parser.add_argument("--test-size", type=int, default=10_000, help="first N test images")
    parser.add_argument("--seed", type=int, default=0, help="of the weights and the data order")
    parser.add_argument("--data", type=Path, default=default_folder(), help="folder of *.bin files")
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--load", type=Path, help="evaluate this model file instead of training")
    return parser.parse_args()


def main() -> None:
    arguments = parse_arguments()
    torch.set_num_threads(arguments.threads)
    result = load_and_test(arguments) if arguments.load else train_and_test(arguments)
    versions = {"python": platform.python_version(), "torch": torch.__version__}
    print(json.dumps({**result, "threads": arguments.threads, "versions": versions}))


if __name__ == "__main__":
    main()
