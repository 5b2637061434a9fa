"""Writes what PyTorch's optimisers and schedules do in 50 steps, in float64, for the trainer's tests.

    python3 tools/goldens/optimizer_goldens.py > packages/bn-only-trainer/test/fixtures/goldens/optimizers.json

The loss is a fixed quadratic, p' A p / 2 - b' p, whose gradient A p - b the test computes as well.
"""

import json

import torch
from torch.optim import SGD, Adam, AdamW
from torch.optim.lr_scheduler import (
    ConstantLR,
    CosineAnnealingLR,
    LinearLR,
    MultiStepLR,
    SequentialLR,
)

SIZE = 9
STEPS = 50
RATE = 0.1
LOOK_AT = [1, 2, 10, 50]

torch.set_default_dtype(torch.float64)
rows = torch.arange(SIZE).unsqueeze(1)
columns = torch.arange(SIZE).unsqueeze(0)
A = torch.where(rows == columns, 0.5 + 0.2 * rows, 0.05 / (1 + (rows - columns).abs()))
b = torch.arange(SIZE) * 0.3 - 1.0
start = torch.sin(torch.arange(SIZE) + 1.0)

optimizers = {
    "sgd": lambda p: SGD(p, lr=RATE, momentum=0.9, weight_decay=1e-4),
    "sgd without momentum": lambda p: SGD(p, lr=RATE, momentum=0, weight_decay=0.01),
    "sgd with Nesterov": lambda p: SGD(p, lr=RATE, momentum=0.9, weight_decay=0.01, nesterov=True),
    "adam": lambda p: Adam(p, lr=RATE),
    "adam with decay": lambda p: Adam(p, lr=RATE, betas=(0.8, 0.99), eps=1e-6, weight_decay=0.05),
    "adamw": lambda p: AdamW(p, lr=RATE),
    "adamw with decay": lambda p: AdamW(p, lr=RATE, betas=(0.8, 0.99), weight_decay=0.2),
}

schedules = {
    "constant": lambda o: ConstantLR(o, factor=1),
    "milestones": lambda o: MultiStepLR(o, milestones=[25, 38], gamma=0.1),
    "cosine": lambda o: CosineAnnealingLR(o, T_max=STEPS, eta_min=0.001),
    "warmup, then cosine": lambda o: SequentialLR(
        o,
        [LinearLR(o, start_factor=0.2, total_iters=4), CosineAnnealingLR(o, T_max=STEPS - 5)],
        milestones=[5],
    ),
}


def run(make_optimizer, make_schedule):
    p = torch.nn.Parameter(start.clone())
    optimizer = make_optimizer([p])
    schedule = make_schedule(optimizer)
    rates, looked = [], {}
    for step in range(1, STEPS + 1):
        rates.append(optimizer.param_groups[0]["lr"])
        p.grad = A @ p.detach() - b
        optimizer.step()
        schedule.step()
        if step in LOOK_AT:
            looked[step] = p.detach().tolist()
    return rates, looked


print(
    json.dumps(
        {
            "torch": torch.__version__,
            "start": start.tolist(),
            "A": A.tolist(),
            "b": b.tolist(),
            "parameters": {
                name: run(make, schedules["milestones"])[1] for name, make in optimizers.items()
            },
            "learningRates": {
                name: run(optimizers["sgd"], make)[0] for name, make in schedules.items()
            },
        }
    )
)
