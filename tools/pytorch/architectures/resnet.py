"""Residual networks for CIFAR and ImageNet, with the names of torchvision's."""

from collections.abc import Sequence

from torch import Tensor, nn

IMAGENET_BLOCKS = {
    18: (2, 2, 2, 2),
    34: (3, 4, 6, 3),
    50: (3, 4, 6, 3),
    101: (3, 4, 23, 3),
    152: (3, 8, 36, 3),
    200: (3, 24, 36, 3),
}


class Block(nn.Module):
    """A basic block of two 3x3 convolutions, or a bottleneck of 1x1, 3x3 and 1x1."""

    def __init__(self, inputs: int, outputs: int, stride: int, *, bottleneck: bool) -> None:
        super().__init__()
        middle = outputs // 4 if bottleneck else outputs
        plan = [(inputs, middle, 1, 1), (middle, middle, 3, stride), (middle, outputs, 1, 1)]
        if not bottleneck:
            plan = [(inputs, outputs, 3, stride), (outputs, outputs, 3, 1)]
        self.depth = len(plan)
        for i, (before, after, size, step) in enumerate(plan, start=1):
            conv = nn.Conv2d(before, after, size, step, padding=size // 2, bias=False)
            self.add_module(f"conv{i}", conv)
            self.add_module(f"bn{i}", nn.BatchNorm2d(after))
        self.relu = nn.ReLU()
        self.downsample: nn.Module | None = None
        if stride != 1 or inputs != outputs:
            self.downsample = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs)
            )

    def forward(self, x: Tensor) -> Tensor:
        shortcut = x if self.downsample is None else self.downsample(x)
        for i in range(1, self.depth + 1):
            x = getattr(self, f"bn{i}")(getattr(self, f"conv{i}")(x))
            x = self.relu(x if i < self.depth else x + shortcut)
        return x


class ResNet(nn.Module):
    """So many blocks in each stage; the first stage is 16 times as wide as `width`, on ImageNet 64 times."""

    def __init__(
        self,
        blocks: Sequence[int],
        channels: int,
        classes: int,
        *,
        width: int = 1,
        bottleneck: bool = False,
        imagenet: bool = False,
    ) -> None:
        super().__init__()
        first = (64 if imagenet else 16) * width
        size, stride = (7, 2) if imagenet else (3, 1)
        self.conv1 = nn.Conv2d(channels, first, size, stride, padding=size // 2, bias=False)
        self.bn1 = nn.BatchNorm2d(first)
        self.relu = nn.ReLU()
        self.maxpool = nn.MaxPool2d(3, 2, 1) if imagenet else nn.Identity()
        inputs, self.stages = first, len(blocks)
        for stage, count in enumerate(blocks):
            outputs = first * 2**stage * (4 if bottleneck else 1)
            layers = []
            for block in range(count):
                stride = 2 if stage > 0 and block == 0 else 1
                layers.append(Block(inputs, outputs, stride, bottleneck=bottleneck))
                inputs = outputs
            self.add_module(f"layer{stage + 1}", nn.Sequential(*layers))
        self.fc = nn.Linear(inputs, classes)

    def forward(self, x: Tensor) -> Tensor:
        x = self.maxpool(self.relu(self.bn1(self.conv1(x))))
        for stage in range(1, self.stages + 1):
            x = getattr(self, f"layer{stage}")(x)
        return self.fc(x.mean(dim=(2, 3)))
