"""One library by itself: what `npm run bench:peers` takes in turn.

    python3 tools/bench/peer.py --threads 2 --peer tensorflow

A training step and an evaluation of cifar-resnet-14, of which BatchNorm trains, and a 3x3 convolution of
16x16x32 to as many channels with its input gradient. Prints one line of JSON, the best milliseconds of each.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "goldens"))

WARM_UP = 3
SIDE, CHANNELS = 16, 32

Works = dict[str, Callable[[], object]]
"""Each ends when its result is there."""


def torch_works(batch: int, threads: int) -> tuple[str, Works]:
    import torch
    from resnet import cifar_resnet, load_init_v1, set_condition
    from torch.nn.functional import conv2d, cross_entropy
    from torch.nn.grad import conv2d_input

    torch.set_num_threads(threads)
    layout = {"memory_format": torch.channels_last}
    network = cifar_resnet("cifar-resnet-14")
    load_init_v1(network, seed=0)
    optimizer = torch.optim.SGD(set_condition(network, "bn"), 0.01, 0.9, weight_decay=1e-4)
    network = network.to(**layout)
    images = torch.randn(batch, 3, 32, 32).contiguous(**layout)
    labels = torch.arange(batch) % 10
    x = torch.randn(batch, CHANNELS, SIDE, SIDE).contiguous(**layout)
    kernel = torch.randn(CHANNELS, CHANNELS, 3, 3).contiguous(**layout)

    def train() -> float:
        network.train()
        optimizer.zero_grad()
        loss = cross_entropy(network(images), labels)
        loss.backward()
        optimizer.step()
        return loss.item()

    @torch.inference_mode()
    def evaluate() -> Any:
        return network.eval()(images).numpy()

    return f"PyTorch {torch.__version__}", {
        "training step": train,
        "evaluation": evaluate,
        "convolution": torch.inference_mode()(lambda: conv2d(x, kernel, padding=1)),
        "its input gradient": lambda: conv2d_input(x.shape, kernel, x, padding=1),
    }


def tensorflow_works(batch: int, threads: int) -> tuple[str, Works]:
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(threads)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    keras = tf.keras
    layers = keras.layers

    def normalized(x: Any, outputs: int, size: int, stride: int) -> Any:
        convolution = layers.Conv2D(outputs, size, stride, "same", use_bias=False, trainable=False)
        return layers.BatchNormalization(momentum=0.9, epsilon=1e-5)(convolution(x))

    def block(x: Any, outputs: int, stride: int) -> Any:
        y = layers.ReLU()(normalized(x, outputs, 3, stride))
        aside = x if x.shape[-1] == outputs else normalized(x, outputs, 1, stride)
        return layers.ReLU()(layers.Add()([normalized(y, outputs, 3, 1), aside]))

    inputs = x = keras.Input((32, 32, 3))
    x = layers.ReLU()(normalized(x, 16, 3, 1))
    for outputs, stride in [(16, 1), (16, 1), (32, 2), (32, 1), (64, 2), (64, 1)]:
        x = block(x, outputs, stride)
    logits = layers.Dense(10, trainable=False)(layers.GlobalAveragePooling2D()(x))
    network = keras.Model(inputs, logits)
    optimizer = keras.optimizers.SGD(0.01, momentum=0.9)
    loss_of = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    images = tf.random.normal([batch, 32, 32, 3])
    labels = tf.range(batch) % 10
    maps = tf.random.normal([batch, SIDE, SIDE, CHANNELS])
    kernel = tf.random.normal([3, 3, CHANNELS, CHANNELS])

    @tf.function
    def train() -> Any:
        with tf.GradientTape() as tape:
            loss = loss_of(labels, network(images, training=True))
        trainable = network.trainable_variables
        optimizer.apply_gradients(zip(tape.gradient(loss, trainable), trainable, strict=True))
        return loss

    evaluate = tf.function(lambda: network(images, training=False))
    convolve = tf.function(lambda: tf.nn.conv2d(maps, kernel, 1, "SAME"))
    gradient = tf.function(lambda: tf.nn.conv2d_transpose(maps, kernel, maps.shape, 1, "SAME"))
    return f"Keras {keras.__version__} on TensorFlow {tf.__version__}", {
        "training step": lambda: train().numpy(),
        "evaluation": lambda: evaluate().numpy(),
        "convolution": lambda: convolve().numpy(),
        "its input gradient": lambda: gradient().numpy(),
    }


def best(work: Callable[[], object], steps: int) -> float:
    times = []
    for _ in range(WARM_UP + steps):
        begin = time.perf_counter()
        work()
        times.append(1000 * (time.perf_counter() - begin))
    return min(times[WARM_UP:])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    peers = {"torch": torch_works, "tensorflow": tensorflow_works}
    parser.add_argument("--peer", choices=peers, default="torch")
    parser.add_argument("--batch-size", type=int, default=128)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--steps", type=int, default=10)
    arguments = parser.parse_args()
    description, works = peers[arguments.peer](arguments.batch_size, arguments.threads)
    milliseconds = {name: best(work, arguments.steps) for name, work in works.items()}
    print(json.dumps({"description": description, "milliseconds": milliseconds}))


if __name__ == "__main__":
    main()
