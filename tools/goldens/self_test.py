"""The losses that a backend's self-test must reach; see packages/backends/src/self-test.ts.

    python3 tools/goldens/self_test.py
"""

import numpy as np
import torch
from resnet import load_init_v1, named, set_condition
from torch import nn
from torch.nn.functional import cross_entropy

network = named(
    conv=nn.Conv2d(3, 8, 3, padding=1, bias=False),
    bn1=nn.BatchNorm2d(8),
    relu1=nn.ReLU(),
    down=nn.Conv2d(8, 8, 3, 2, padding=1, bias=False),
    bn2=nn.BatchNorm2d(8),
    relu2=nn.ReLU(),
    pool=nn.AdaptiveAvgPool2d(1),
    flatten=nn.Flatten(),
    head=nn.Linear(8, 3),
)
load_init_v1(network, 1)
network.double()
optimizer = torch.optim.SGD(set_condition(network, "bn"), 0.5, momentum=0.9, weight_decay=0.001)
pixels = (np.arange(4 * 8 * 8 * 3) * 37 % 101 / 50 - 1).astype(np.float32)
images = torch.from_numpy(pixels.reshape(4, 8, 8, 3)).permute(0, 3, 1, 2).double()
for _ in range(3):
    optimizer.zero_grad()
    loss = cross_entropy(network(images), torch.tensor([0, 1, 2, 0]))
    loss.backward()
    optimizer.step()
    print(f"{loss.item():.7f}")
