"""DenseNet-BC for CIFAR (Huang et al. 2017)."""

from collections import OrderedDict

import torch
from torch import Tensor, nn


class DenseLayer(nn.Module):
    """Its input, and `growth` channels more by a bottleneck of four times as many."""

    def __init__(self, inputs: int, growth: int) -> None:
        super().__init__()
        self.new = nn.Sequential(
            OrderedDict[str, nn.Module](
                bn1=nn.BatchNorm2d(inputs),
                relu1=nn.ReLU(),
                conv1=nn.Conv2d(inputs, 4 * growth, 1, bias=False),
                bn2=nn.BatchNorm2d(4 * growth),
                relu2=nn.ReLU(),
                conv2=nn.Conv2d(4 * growth, growth, 3, padding=1, bias=False),
            )
        )

    def forward(self, x: Tensor) -> Tensor:
        return torch.cat([x, self.new(x)], dim=1)


class DenseNet(nn.Module):
    """Three dense blocks of so many layers; transitions halve channels and image."""

    def __init__(self, layers: int, growth: int, channels: int, classes: int) -> None:
        super().__init__()
        inputs = 2 * growth
        self.conv1 = nn.Conv2d(channels, inputs, 3, padding=1, bias=False)
        for block in range(1, 4):
            stage = OrderedDict[str, nn.Module]()
            for layer in range(1, layers + 1):
                stage[f"layer{layer}"] = DenseLayer(inputs, growth)
                inputs += growth
            if block < 3:
                stage["transition"] = nn.Sequential(
                    OrderedDict[str, nn.Module](
                        bn=nn.BatchNorm2d(inputs),
                        relu=nn.ReLU(),
                        conv=nn.Conv2d(inputs, inputs // 2, 1, bias=False),
                        pool=nn.AvgPool2d(2),
                    )
                )
                inputs //= 2
            self.add_module(f"stage{block}", nn.Sequential(stage))
        self.bn = nn.BatchNorm2d(inputs)
        self.relu = nn.ReLU()
        self.fc = nn.Linear(inputs, classes)

    def forward(self, x: Tensor) -> Tensor:
        x = self.stage3(self.stage2(self.stage1(self.conv1(x))))
        return self.fc(self.relu(self.bn(x)).mean(dim=(2, 3)))
