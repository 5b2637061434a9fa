"""Networks by name."""

import re

from torch import nn

from .densenet import DenseNet
from .mlp import Mlp
from .mobilenet import MobileNetV2
from .resnet import IMAGENET_BLOCKS, ResNet
from .vgg import VGG_CONVOLUTIONS, Vgg

Shape = tuple[int, int, int]


class UnknownArchitectureError(ValueError):
    """A name that is no network of bn-only."""


def create_network(name: str, shape: Shape = (32, 32, 3), classes: int = 10) -> nn.Module:
    """The network of a name, for images of `[height, width, channels]`, with PyTorch's weights."""
    channels = shape[2]
    if match := re.fullmatch(r"(cifar|imagenet)-resnet-([1-9]\d{0,3})(?:-([1-9]\d{0,3}))?", name):
        family, depth, width = match[1], int(match[2]), int(match[3] or 1)
        if family == "cifar" and depth >= 8 and depth % 6 == 2:
            return ResNet((depth // 6,) * 3, channels, classes, width=width)
        if family == "imagenet" and depth in IMAGENET_BLOCKS:
            bottleneck = depth >= 50
            blocks = IMAGENET_BLOCKS[depth]
            return ResNet(
                blocks, channels, classes, width=width, bottleneck=bottleneck, imagenet=True
            )
    if match := re.fullmatch(r"cifar-vgg-([1-9]\d)", name):
        if int(match[1]) in VGG_CONVOLUTIONS:
            return Vgg(VGG_CONVOLUTIONS[int(match[1])], channels, classes)
    if match := re.fullmatch(r"cifar-densenet-([1-9]\d{1,2})-([1-9]\d{0,2})", name):
        if int(match[1]) % 6 == 4 and int(match[1]) >= 10:
            return DenseNet(int(match[1]) // 6, int(match[2]), channels, classes)
    if match := re.fullmatch(r"mlp-([1-9]\d{0,2})-([1-9]\d{0,4})", name):
        if int(match[1]) >= 2:
            return Mlp(int(match[1]) - 1, int(match[2]), shape, classes)
    if name == "mobilenet-v2":
        return MobileNetV2(channels, classes)
    raise UnknownArchitectureError(
        f"{name!r} is no network of bn-only; build its modules yourself."
    )
