"""Takes one training step of a CIFAR ResNet for every line on standard input, for timings in turn.

    echo | python3 tools/reference/step_pytorch.py cifar-resnet-14 --condition bn

Answers each line with `{"ms": ..., "loss": ..., "rssBytes": ..., "peakBytes": ...}`. Images are random
and stay in memory, channels last; the weights are the library's for seed 0.
"""

import argparse
import json
import resource
import sys
import time
from pathlib import Path

import torch
from torch.nn.functional import cross_entropy

sys.path.insert(0, str(Path(__file__).parents[1] / "goldens"))
from resnet import CONDITIONS, cifar_resnet, load_init_v1, set_condition


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("network")
    parser.add_argument("--condition", choices=CONDITIONS, default="bn")
    parser.add_argument("--batch-size", type=int, default=128)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)

    network = cifar_resnet(arguments.network)
    load_init_v1(network, 0)
    network = network.to(memory_format=torch.channels_last).train()
    trainable = set_condition(network, arguments.condition)
    optimizer = torch.optim.SGD(trainable, 0.1, momentum=0.9, weight_decay=1e-4)
    images = torch.rand(arguments.batch_size, 3, 32, 32) * 2 - 1
    images = images.contiguous(memory_format=torch.channels_last)
    labels = torch.arange(arguments.batch_size) % 10

    print(json.dumps({"torch": torch.__version__, "threads": torch.get_num_threads()}), flush=True)
    for _ in sys.stdin:
        begin = time.perf_counter()
        optimizer.zero_grad()
        loss = cross_entropy(network(images), labels)
        loss.backward()
        optimizer.step()
        value = loss.item()
        milliseconds = (time.perf_counter() - begin) * 1000
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        memory = {"rssBytes": pages * resource.getpagesize(), "peakBytes": peak}
        print(json.dumps({"ms": milliseconds, "loss": value, **memory}), flush=True)


if __name__ == "__main__":
    main()
