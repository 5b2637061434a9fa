"""Single operations with their gradients, in the library's layouts: NHWC, HWIO, [in, out]."""

import json
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

Arrays = dict[str, np.ndarray]

# name, [batch, height, width], inputs, outputs, kernel, stride, padding, groups
CONVOLUTIONS = [
    ("conv3x3", (2, 6, 8), 3, 5, 3, 1, 1, 1),
    ("conv3x3-odd", (2, 7, 5), 4, 4, 3, 1, 1, 1),
    ("conv3x3-unpadded", (2, 6, 5), 3, 4, 3, 1, 0, 1),
    ("conv3x3-stride2", (2, 8, 6), 4, 8, 3, 2, 1, 1),
    ("conv3x3-stride2-odd", (2, 7, 9), 4, 5, 3, 2, 1, 1),
    ("conv1x1", (2, 4, 5), 6, 3, 1, 1, 0, 1),
    ("conv1x1-stride2", (2, 8, 6), 4, 8, 1, 2, 0, 1),
    ("conv1x1-stride2-odd", (2, 7, 5), 4, 8, 1, 2, 0, 1),
    ("conv7x7-stride2", (2, 14, 12), 3, 4, 7, 2, 3, 1),
    ("conv7x7-odd", (1, 9, 7), 2, 3, 7, 1, 3, 1),
    ("conv3x3-groups", (2, 6, 6), 6, 4, 3, 1, 1, 2),
    ("conv3x3-groups-stride2", (2, 7, 6), 8, 8, 3, 2, 1, 4),
    ("depthwise3x3", (2, 6, 5), 5, 5, 3, 1, 1, 5),
    ("depthwise3x3-stride2", (2, 8, 7), 4, 4, 3, 2, 1, 4),
    ("depthwise3x3-multiplier2", (2, 6, 6), 3, 6, 3, 1, 1, 3),
]


class Recorder:
    """Collects tensors as `<case>/<tensor>` and describes each case."""

    def __init__(self, seed: int) -> None:
        self.generator = torch.Generator().manual_seed(seed)
        self.arrays: Arrays = {}
        self.cases: list[dict[str, Any]] = []

    def random(self, *shape: int, scale: float = 1, shift: float = 0) -> Tensor:
        """Normal numbers that float32 holds exactly, in float64, with gradients."""
        values = torch.randn(*shape, generator=self.generator) * scale + shift
        return values.float().double().requires_grad_()

    def add(self, name: str, op: str, attributes: dict[str, Any], **tensors: Tensor) -> None:
        self.cases.append({"name": name, "op": op, **attributes})
        for tensor_name, tensor in tensors.items():
            integer = not tensor.is_floating_point()
            array = tensor.detach().numpy().astype(np.int32 if integer else np.float32)
            self.arrays[f"{name}/{tensor_name}"] = np.ascontiguousarray(array)


def nchw(x: Tensor) -> Tensor:
    return x.permute(0, 3, 1, 2)


def nhwc(x: Tensor) -> Tensor:
    return x.permute(0, 2, 3, 1)


def gradients(output: Tensor, output_gradient: Tensor, *of: Tensor) -> tuple[Tensor, ...]:
    return torch.autograd.grad(output, of, output_gradient)


def convolutions(record: Recorder) -> None:
    for name, size, inputs, outputs, kernel, stride, padding, groups in CONVOLUTIONS:
        x = record.random(*size, inputs)
        w = record.random(kernel, kernel, inputs // groups, outputs)
        y = nhwc(F.conv2d(nchw(x), w.permute(3, 2, 0, 1), None, stride, padding, 1, groups))
        dy = record.random(*y.shape)
        dx, dw = gradients(y, dy, x, w)
        attributes = {"stride": stride, "padding": padding, "groups": groups}
        record.add(
            name, "conv2d", attributes,
            input=x, filter=w, output=y, outputGradient=dy, inputGradient=dx, filterGradient=dw,
        )  # fmt: skip


def batch_norms(record: Recorder) -> None:
    batch_norm(record, "batch-norm")
    batch_norm(record, "batch-norm-relu", relu=True)
    batch_norm(record, "batch-norm-residual-relu", relu=True, residual=True)
    batch_norm(record, "batch-norm-far-mean", shift=100)


def batch_norm(
    record: Recorder,
    name: str,
    *,
    relu: bool = False,
    residual: bool = False,
    shift: float = 0.3,
) -> None:
    x = record.random(3, 5, 4, 6, scale=1, shift=shift)
    gamma, beta = record.random(6), record.random(6)
    added = record.random(*x.shape)
    mean = record.random(6, shift=shift).detach()
    variance = record.random(6).detach().abs()

    def apply(training: bool) -> tuple[Tensor, Tensor, Tensor]:
        updated = mean.clone(), variance.clone()  # training changes them in place
        y = nhwc(F.batch_norm(nchw(x), *updated, gamma, beta, training, 0.1, 1e-5))
        y = y + added if residual else y
        return y.relu() if relu else y, *updated

    inference, _, _ = apply(training=False)
    y, updated_mean, updated_variance = apply(training=True)
    dy = record.random(*x.shape)
    names = {"inputGradient": x, "gammaGradient": gamma, "betaGradient": beta}
    if residual:
        names["residualGradient"] = added
    found = dict(zip(names, gradients(y, dy, *names.values()), strict=True))
    constant = gradients(inference, dy, x, gamma)
    if residual:
        found["residual"] = added
    attributes = {"epsilon": 1e-5, "momentum": 0.1, "relu": relu, "residual": residual}
    record.add(
        name, "batchNorm", attributes,
        input=x, gamma=gamma, beta=beta, runningMean=mean, runningVariance=variance, output=y,
        batchMean=x.mean((0, 1, 2)), batchVariance=x.var((0, 1, 2), correction=0),
        updatedMean=updated_mean, updatedVariance=updated_variance,
        outputGradient=dy, **found,
        inferenceOutput=inference,
        inferenceInputGradient=constant[0], inferenceGammaGradient=constant[1],
    )  # fmt: skip


def pools(record: Recorder) -> None:
    for name, op, size, window, stride, padding in [
        ("max-pool", "maxPool", (2, 8, 6), 3, 2, 1),
        ("max-pool-odd", "maxPool", (2, 7, 9), 3, 2, 1),
        ("max-pool-2x2", "maxPool", (2, 6, 4), 2, 2, 0),
        ("average-pool", "averagePool", (2, 6, 8), 2, 2, 0),
        ("global-average-pool", "globalAveragePool", (3, 5, 4), 0, 0, 0),
    ]:
        x = record.random(*size, 3)
        if op == "maxPool":
            y = nhwc(F.max_pool2d(nchw(x), window, stride, padding))
        elif op == "averagePool":
            y = nhwc(F.avg_pool2d(nchw(x), window, stride, padding))
        else:
            y = x.mean((1, 2))
        dy = record.random(*y.shape)
        attributes = {"window": window, "stride": stride, "padding": padding} if window else {}
        (dx,) = gradients(y, dy, x)
        record.add(name, op, attributes, input=x, output=y, outputGradient=dy, inputGradient=dx)


def head_and_loss(record: Recorder) -> None:
    x, w, b = record.random(5, 8), record.random(8, 10), record.random(10)
    y, dy = x @ w + b, record.random(5, 10)
    dx, dw, db = gradients(y, dy, x, w, b)
    record.add(
        "dense", "dense", {},
        input=x, kernel=w, bias=b, output=y, outputGradient=dy,
        inputGradient=dx, kernelGradient=dw, biasGradient=db,
    )  # fmt: skip
    for name, scale in [("cross-entropy", 2.0), ("cross-entropy-large", 300.0)]:
        logits = record.random(7, 10, scale=scale)
        labels = torch.randint(10, (7,), generator=record.generator)
        loss = F.cross_entropy(logits, labels)
        (gradient,) = torch.autograd.grad(loss, logits)
        correct = (logits.argmax(1) == labels).sum()
        record.add(
            name, "softmaxCrossEntropy", {},
            logits=logits, labels=labels, loss=loss, correct=correct, gradient=gradient,
        )  # fmt: skip


def sgd(record: Recorder) -> None:
    options = {"lr": 0.1, "momentum": 0.9, "weight_decay": 1e-4}
    parameters = torch.nn.Parameter(record.random(9).detach())
    start, steps = parameters.detach().clone(), []
    optimizer = torch.optim.SGD([parameters], **options)
    for _ in range(3):
        parameters.grad = record.random(9).detach()
        steps.append(parameters.grad)
        optimizer.step()
    velocity = optimizer.state[parameters]["momentum_buffer"]
    attributes = {"learningRate": 0.1, "momentum": 0.9, "weightDecay": 1e-4}
    record.add(
        "sgd", "sgd", attributes,
        parameters=start, gradients=torch.stack(steps), updated=parameters, velocity=velocity,
    )  # fmt: skip


def op_goldens(seed: int) -> tuple[Arrays, dict[str, str]]:
    """Tensors and metadata of `ops.safetensors`."""
    record = Recorder(seed)
    for define in (convolutions, batch_norms, pools, head_and_loss, sgd):
        define(record)
    metadata = {
        "seed": str(seed),
        "torch": torch.__version__,
        "computed": "float64",
        "cases": json.dumps(record.cases),
    }
    return record.arrays, metadata
