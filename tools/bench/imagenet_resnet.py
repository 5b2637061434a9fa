"""The ImageNet ResNets in PyTorch, with the library's names: `imagenet-resnet-18` to `-200`."""

from resnet import BasicBlock, add_stages, named
from torch import Tensor, nn

BASIC_DEPTHS = {18: (2, 2, 2, 2), 34: (3, 4, 6, 3)}
BOTTLENECK_DEPTHS = {
    50: (3, 4, 6, 3),
    101: (3, 4, 23, 3),
    152: (3, 8, 36, 3),
    200: (3, 24, 36, 3),
}


class BottleneckBlock(nn.Module):
    """1x1, 3x3 with the stride, and 1x1 convolutions; the middle is a quarter as wide."""

    def __init__(self, inputs: int, outputs: int, stride: int) -> None:
        super().__init__()
        middle = outputs // 4
        self.body = named(
            conv1=nn.Conv2d(inputs, middle, 1, bias=False),
            bn1=nn.BatchNorm2d(middle),
            relu1=nn.ReLU(),
            conv2=nn.Conv2d(middle, middle, 3, stride, padding=1, bias=False),
            bn2=nn.BatchNorm2d(middle),
            relu2=nn.ReLU(),
            conv3=nn.Conv2d(middle, outputs, 1, bias=False),
            bn3=nn.BatchNorm2d(outputs),
        )
        self.shortcut: nn.Module = nn.Identity()
        if stride != 1 or inputs != outputs:
            self.shortcut = named(
                conv=nn.Conv2d(inputs, outputs, 1, stride, bias=False),
                bn=nn.BatchNorm2d(outputs),
            )
        self.relu = nn.ReLU()

    def forward(self, x: Tensor) -> Tensor:
        return self.relu(self.body(x) + self.shortcut(x))


def imagenet_resnet(name: str, classes: int = 1000) -> nn.Sequential:
    depth = int(name.removeprefix("imagenet-resnet-"))
    bottleneck = depth in BOTTLENECK_DEPTHS
    make_block = BottleneckBlock if bottleneck else BasicBlock
    network = named(
        stem=named(
            conv=nn.Conv2d(3, 64, 7, 2, padding=3, bias=False),
            bn=nn.BatchNorm2d(64),
            relu=nn.ReLU(),
            pool=nn.MaxPool2d(3, 2, padding=1),
        )
    )
    blocks = (BASIC_DEPTHS | BOTTLENECK_DEPTHS)[depth]
    outputs = [64 * 2**stage * (4 if bottleneck else 1) for stage in range(4)]
    inputs = add_stages(network, 64, list(zip(blocks, outputs, strict=True)), make_block)
    network.add_module("pool", nn.AdaptiveAvgPool2d(1))
    network.add_module("flatten", nn.Flatten())
    network.add_module("head", nn.Linear(inputs, classes))
    return network
