"""Times training steps in PyTorch on random images: the same work as `bn-only bench`.

    python3 tools/bench/pytorch_step.py --threads 2 --json

Same networks and conditions, channels_last, SGD with momentum 0.9 and weight decay 1e-4, the loss
read back after every step. Prints one line.
"""

import argparse
import json
import resource
import statistics
import sys
import time
from pathlib import Path
from typing import Any

import torch
from torch.nn.functional import cross_entropy

sys.path.insert(0, str(Path(__file__).parents[1] / "goldens"))
from imagenet_resnet import imagenet_resnet
from resnet import CONDITIONS, cifar_resnet, load_init_v1, set_condition

WARM_UP_STEPS = 3


def time_steps(arguments: argparse.Namespace) -> list[float]:
    """Milliseconds of each step after the warm-up."""
    imagenet = arguments.network.startswith("imagenet-resnet-")
    network = (imagenet_resnet if imagenet else cifar_resnet)(arguments.network)
    side, classes = (224, 1000) if imagenet else (32, 10)
    if not imagenet:
        load_init_v1(network, seed=0)
    trainable = set_condition(network, arguments.condition)
    network = network.to(memory_format=torch.channels_last).train(not arguments.evaluation)
    optimizer = torch.optim.SGD(trainable, lr=0.01, momentum=0.9, weight_decay=1e-4)
    size = arguments.batch_size
    images = torch.randn(size, 3, side, side).contiguous(memory_format=torch.channels_last)
    labels = torch.arange(size) % classes

    def train() -> None:
        optimizer.zero_grad()
        loss = cross_entropy(network(images), labels)
        loss.backward()
        optimizer.step()
        loss.item()

    @torch.inference_mode()
    def evaluate() -> None:
        network(images).numpy()

    step = evaluate if arguments.evaluation else train
    times = []
    for _ in range(WARM_UP_STEPS + arguments.steps):
        begin = time.perf_counter()
        step()
        times.append(1000 * (time.perf_counter() - begin))
    return times[WARM_UP_STEPS:]


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--network", default="cifar-resnet-14")
    choices = [name for name in CONDITIONS if name != "none"]
    parser.add_argument("--condition", choices=choices, default="bn")
    parser.add_argument("--evaluation", action="store_true", help="forward passes only")
    parser.add_argument("--batch-size", type=int, default=128)
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--json", action="store_true", help="one object")
    return parser.parse_args()


def main() -> None:
    arguments = parse_arguments()
    torch.set_num_threads(arguments.threads)
    times = time_steps(arguments)
    median = statistics.median(times)
    result: dict[str, Any] = {
        "event": "result",
        "network": arguments.network,
        "condition": arguments.condition,
        "evaluation": arguments.evaluation,
        "batchSize": arguments.batch_size,
        "steps": arguments.steps,
        "msPerStep": {"min": min(times), "median": median},
        "imagesPerSecond": 1000 * arguments.batch_size / median,
        # Of the whole process, PyTorch itself included.
        "peakResidentBytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
        "threads": arguments.threads,
        "backend": f"torch {torch.__version__}",
    }
    if arguments.json:
        print(json.dumps(result))
        return
    print(
        f"{arguments.network}, condition {arguments.condition}, batch {arguments.batch_size}, "
        f"{result['backend']}, {arguments.threads} threads: {min(times):.1f} ms a step at best, "
        f"{median:.1f} ms in the median of {arguments.steps}"
    )


if __name__ == "__main__":
    main()
