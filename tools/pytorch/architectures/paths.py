"""Names of PyTorch's modules and paths of the library's layers."""

import re
from itertools import accumulate

from torch import nn

from .mobilenet import STAGES, MobileNetV2


def library_path(network: nn.Module, module: str) -> str:
    """`layer2.0.downsample.0` of a ResNet is `stage2/block1/shortcut/conv`."""
    path = _of_mobilenet(module) if isinstance(network, MobileNetV2) else _of_resnet(module)
    return path.replace(".", "/")


def _of_resnet(module: str) -> str:
    """What other networks have instead keeps its name."""
    module = re.sub(r"^(conv|bn)1$", r"stem.\1", module)
    module = re.sub(r"^fc$", "head", module)
    module = re.sub(
        r"^layer(\d+)\.(\d+)\.", lambda m: f"stage{m[1]}.block{int(m[2]) + 1}.", module
    )
    module = re.sub(r"\.downsample\.0$", ".shortcut.conv", module)
    return re.sub(r"\.downsample\.1$", ".shortcut.bn", module)


_LAST = 1 + sum(blocks for _, _, blocks, _ in STAGES)
_FIRSTS = [*accumulate((blocks for _, _, blocks, _ in STAGES), initial=1)]
_LAYERS = {
    "0.0": "expand",
    "0.1": "bn1",
    "1.0": "depthwise",
    "1.1": "bn2",
    "2": "project",
    "3": "bn3",
}
_LAYERS_WITHOUT_EXPANSION = {"0.0": "depthwise", "0.1": "bn2", "1": "project", "2": "bn3"}


def _of_mobilenet(module: str) -> str:
    if module == "classifier.1":
        return "head"
    match = re.fullmatch(r"features\.(\d+)\.(.*)", module)
    if match is None:
        return module
    index, rest = int(match[1]), match[2]
    if index in (0, _LAST):
        return f"{'last' if index else 'stem'}.{'bn' if rest == '1' else 'conv'}"
    stage = max(i for i, first in enumerate(_FIRSTS) if first <= index)
    layers = _LAYERS if STAGES[stage][0] > 1 else _LAYERS_WITHOUT_EXPANSION
    layer = layers.get(rest.removeprefix("conv."), rest)
    return f"stage{stage + 1}.block{index - _FIRSTS[stage] + 1}.{layer}"
