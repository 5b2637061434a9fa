"""Small batches of synthetic images on which float32 and float64 agree.

Where the input of a ReLU is within rounding of zero, two correct implementations may disagree about
its gradient, and training amplifies that. Such batches make useless goldens: here the images are
moved, by about 1e-5, until no ReLU is that close to its kink.
"""

import torch
from network_goldens import (
    Arrays,
    Batch,
    Case,
    create_network,
    relative_errors,
    run_case,
    training_steps,
)
from torch import Tensor, nn

MARGIN = 3e-5
"""Wanted distance from zero of the inputs of ReLU, in standard deviations of their channel."""
ITERATIONS = 20
RATE = 0.3

DISTURBANCES = [(size, seed) for size in (1e-6, 2e-6, 3e-6) for seed in (0, 1)]
AS_DRAWN = [(3e-7, seed) for seed in (0, 1)]
ROBUST = 5e-5
"""Largest relative error of any tensor, in float32 and under every disturbance."""


def synthetic_batch(size: int, side: int, seed: int) -> Batch:
    """Smooth random images with mean 0 and variance 1, and random labels."""
    generator = torch.Generator().manual_seed(seed)
    coarse = torch.randn(size, 3, 8, 8, generator=generator)
    smooth = nn.functional.interpolate(coarse, size=(side, side), mode="bilinear")
    images = smooth + 0.3 * torch.randn(size, 3, side, side, generator=generator)
    images = (images - images.mean()) / images.std()
    return Batch(images, torch.randint(10, (size,), generator=generator))


def move_off_kinks(case: Case, batch: Batch) -> Batch:
    """Gradient descent on how far the inputs of ReLU are inside the margin, over all steps."""
    images = batch.images
    for _ in range(ITERATIONS):
        network = create_network(case, torch.float64)
        inputs = record_relu_inputs(network)
        x = images.double().requires_grad_()
        descent = torch.zeros_like(x)
        for _ in training_steps(network, x, batch.labels, case.steps):
            penalty = torch.stack([lack_of_margin(tensor) for tensor in inputs]).sum()
            descent += torch.autograd.grad(penalty, x)[0]
            inputs.clear()
        images = (images.double() - RATE * descent).float()
    return Batch(images, batch.labels)


def record_relu_inputs(network: nn.Module) -> list[Tensor]:
    """A list that every forward pass of `network` extends by the inputs of its ReLUs."""
    inputs: list[Tensor] = []
    for module in network.modules():
        if isinstance(module, nn.ReLU | nn.ReLU6):
            module.register_forward_pre_hook(lambda _, args: inputs.append(args[0]))
        if isinstance(module, nn.ReLU6):
            module.register_forward_pre_hook(lambda _, args: inputs.append(args[0] - 6))
    return inputs


def lack_of_margin(x: Tensor) -> Tensor:
    dimensions = [dimension for dimension in range(x.ndim) if dimension != 1]
    distance = x.abs() / x.detach().std(dimensions, keepdim=True)
    return (MARGIN - distance).relu().square().sum() / 2


def largest_error(case: Case, batch: Batch, expected: Arrays, limit: float) -> float:
    """Largest relative error of float32 and of the disturbed runs; stops once above the limit."""
    largest = 0.0
    for run in (None, *(AS_DRAWN if case.as_drawn else DISTURBANCES)):
        dtype = torch.float32 if run is None else torch.float64
        errors = relative_errors(expected, run_case(case, batch, dtype, run))
        largest = max(largest, *errors.values())
        if largest > limit:
            break
    return largest


def robust_batch(case: Case, attempts: int = 100) -> tuple[Batch, int]:
    """The first batch that is robust, and the seed that it was drawn with."""
    for seed in range(attempts):
        batch = synthetic_batch(case.batch, case.side, seed)
        if not case.as_drawn:
            batch = move_off_kinks(case, batch)
        error = largest_error(case, batch, run_case(case, batch), ROBUST)
        print(f"{case.file_name}: images of seed {seed}: largest relative error {error:.1e}")
        if error <= ROBUST:
            return batch, seed
    raise RuntimeError(
        f"{case.file_name}: none of {attempts} batches is robust. Use a smaller one."
    )
