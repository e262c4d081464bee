"""DenseNet: each layer listens to all layers before it in its block."""

from itertools import pairwise

import torch
from torch import Tensor, nn
from torchvision.models.densenet import _DenseBlock, _Transition

BOTTLENECK = 4  # the 1x1 convolution before each 3x3 one has 4 growth_rate channels, as in the paper


class DenseNet(nn.Module):
    """Dense blocks with a transition between, which halves channels and picture (Huang et al. 2017, DenseNet-BC)."""

    def __init__(
        self, picture: tuple[int, int], classes: int, growth_rate: int = 8, layers: int = 4, blocks: int = 3
    ) -> None:
        super().__init__()
        channels = 2 * growth_rate
        self.picture = picture
        stride = 2 if min(picture) > 16 else 1  # larger pictures are halved at once, as in the ImageNet nets
        self.stem = nn.Conv2d(1, channels, kernel_size=3, stride=stride, padding=1, bias=False)
        self.features = nn.Sequential()
        for number in range(1, blocks + 1):
            block = _DenseBlock(layers, channels, BOTTLENECK, growth_rate, drop_rate=0.0)
            self.features.add_module(f"denseblock{number}", block)
            channels += layers * growth_rate
            if number < blocks:
                transition = _Transition(channels, channels // 2)
                self.features.add_module(f"transition{number}", transition)
                channels //= 2
        self.norm = nn.BatchNorm2d(channels)
        self.relu = nn.ReLU()
        self.average = nn.AdaptiveAvgPool2d(1)
        self.classifier = nn.Linear(channels, classes)

    def forward(self, x: Tensor) -> Tensor:
        """Map pictures (examples, pixels) to scores (examples, classes)."""
        x = self.stem(x.view(-1, 1, *self.picture))
        x = self.relu(self.norm(self.features(x)))
        scores: Tensor = self.classifier(self.average(x).flatten(1))
        return scores


def layer_reads(model: nn.Module) -> list[Tensor]:
    """Return for each dense block (layers, sources): the mean |weight| that a layer gives to an earlier source.

    Source 0 is the block's input, source s its layer s; nan where a layer cannot hear (Huang et al. 2017, figure 5).
    """
    return [_heard(block) for block in model.modules() if isinstance(block, _DenseBlock)]


def _heard(block: _DenseBlock) -> Tensor:
    weights = [layer.conv1.weight.detach().abs() for layer in block.values()]  # the 1x1 convolutions
    starts = [0, *(weight.shape[1] for weight in weights)]  # source s is channels starts[s] to starts[s + 1]
    heard = torch.full((len(weights), len(weights)), torch.nan)
    for row, weight in enumerate(weights):
        for source, (start, stop) in enumerate(pairwise(starts[: row + 2])):
            heard[row, source] = weight[:, start:stop].mean()
    return heard
