"""VGG with BatchNorm for CIFAR, as in the code of the BatchNorm-only paper."""

from collections import OrderedDict
from collections.abc import Sequence

from torch import Tensor, nn

VGG_CONVOLUTIONS = {
    11: (1, 1, 2, 2, 2),
    13: (2, 2, 2, 2, 2),
    16: (2, 2, 3, 3, 3),
    19: (2, 2, 4, 4, 4),
}


class Vgg(nn.Module):
    """3x3 convolutions with a bias; a maximum after all stages but the last, then the mean."""

    def __init__(self, convolutions: Sequence[int], channels: int, classes: int) -> None:
        super().__init__()
        self.stages = len(convolutions)
        inputs = channels
        for stage, count in enumerate(convolutions, start=1):
            outputs = min(64 * 2 ** (stage - 1), 512)
            layers = OrderedDict[str, nn.Module]()
            for i in range(1, count + 1):
                layers[f"conv{i}"] = nn.Conv2d(inputs, outputs, 3, padding=1)
                layers[f"bn{i}"] = nn.BatchNorm2d(outputs)
                layers[f"relu{i}"] = nn.ReLU()
                inputs = outputs
            if stage < self.stages:
                layers["pool"] = nn.MaxPool2d(2)
            self.add_module(f"stage{stage}", nn.Sequential(layers))
        self.fc = nn.Linear(inputs, classes)

    def forward(self, x: Tensor) -> Tensor:
        for stage in range(1, self.stages + 1):
            x = getattr(self, f"stage{stage}")(x)
        return self.fc(x.mean(dim=(2, 3)))
