"""GoogLeNet: Inception modules look at each place with filters of several sizes at once."""

from torch import Tensor, nn
from torchvision.models.googlenet import BasicConv2d, Inception


def inception(width: int) -> Inception:
    """Map (examples, width, rows, columns) to the same shape, channels shared out as in the paper's module 3a."""
    return Inception(
        width,
        ch1x1=width // 4,
        ch3x3red=3 * width // 8,
        ch3x3=width // 2,
        ch5x5red=width // 16,
        ch5x5=width // 8,  # torchvision's filters are 3x3 here too, an old slip kept for its trained weights
        pool_proj=width // 8,
    )


def plain_5x5(width: int) -> BasicConv2d:
    """Map (examples, width, rows, columns) to the same shape by one 5x5 convolution, batch norm and ReLU."""
    return BasicConv2d(width, width, kernel_size=5, padding=2)


class Auxiliary(nn.Sequential):
    """Scores (examples, classes) from the maps (examples, width, rows, columns) in the middle of the network."""

    # torchvision's InceptionAux has 2048 x 1024 weights in one layer: far more than this network
    def __init__(self, width: int, classes: int) -> None:
        super().__init__(
            nn.AdaptiveAvgPool2d(2),
            BasicConv2d(width, width, kernel_size=1),
            nn.Flatten(),
            nn.Linear(4 * width, 4 * width),
            nn.ReLU(),
            nn.Dropout(0.7),
            nn.Linear(4 * width, classes),
        )


class GoogLeNet(nn.Module):
    """A stem, Inception modules, global average pooling, one dense layer (Szegedy et al. 2015)."""

    def __init__(
        self,
        picture: tuple[int, int],
        classes: int,
        width: int = 32,
        blocks: int = 4,
        auxiliary: bool = False,
        plain: bool = False,
    ) -> None:
        super().__init__()
        block = plain_5x5 if plain else inception
        early = blocks // 2
        self.picture = picture
        stride = 2 if min(picture) > 16 else 1  # larger pictures are halved at once, as in the paper
        self.stem = BasicConv2d(1, width, kernel_size=3, stride=stride, padding=1)
        self.early = nn.Sequential(*[block(width) for _ in range(early)])
        self.pool = nn.MaxPool2d(kernel_size=3, stride=2, padding=1)
        self.late = nn.Sequential(*[block(width) for _ in range(blocks - early)])
        self.average = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(width, classes)
        self.auxiliary = Auxiliary(width, classes) if auxiliary else None

    def middle(self, x: Tensor) -> Tensor:
        """Map pictures (examples, pixels) to the maps that the auxiliary classifier reads."""
        maps: Tensor = self.early(self.stem(x.view(-1, 1, *self.picture)))
        return maps

    def forward(self, x: Tensor) -> Tensor | tuple[Tensor, Tensor]:
        """Map pictures (examples, pixels) to scores (examples, classes), in training also to the auxiliary's."""
        middle = self.middle(x)
        x = self.late(self.pool(middle))
        scores: Tensor = self.fc(self.average(x).flatten(1))
        if self.auxiliary is not None and self.training:
            return scores, self.auxiliary(middle)
        return scores


def modules_of(model: nn.Module) -> list[nn.Module]:
    """List a network's Inception modules in order; a plain one has none."""
    return [module for module in model.modules() if isinstance(module, Inception)]
