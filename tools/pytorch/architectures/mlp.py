"""Multilayer perceptrons with BatchNorm."""

from collections import OrderedDict

from torch import Tensor, nn


class Mlp(nn.Module):
    """So many hidden layers of a width. Pixels come row by row, the channels of each together, as in the library."""

    def __init__(self, hidden: int, width: int, shape: tuple[int, int, int], classes: int) -> None:
        super().__init__()
        inputs, self.hidden = shape[0] * shape[1] * shape[2], hidden
        for i in range(1, hidden + 1):
            layer = OrderedDict[str, nn.Module](
                dense=nn.Linear(inputs, width, bias=False),
                bn=nn.BatchNorm1d(width),
                relu=nn.ReLU(),
            )
            self.add_module(f"layer{i}", nn.Sequential(layer))
            inputs = width
        self.fc = nn.Linear(inputs, classes)

    def forward(self, x: Tensor) -> Tensor:
        x = x.permute(0, 2, 3, 1).flatten(1)
        for i in range(1, self.hidden + 1):
            x = getattr(self, f"layer{i}")(x)
        return self.fc(x)
