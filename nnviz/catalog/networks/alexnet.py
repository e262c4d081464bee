"""AlexNet: convolutions that learn their own filters, then dense layers with dropout."""

from collections.abc import Callable
from typing import cast

from torch import Tensor, nn


class AlexNet(nn.Module):
    """Convolution, activation, max-pooling, three times; then dense layers (Krizhevsky, Sutskever and Hinton 2012)."""

    def __init__(
        self,
        picture: tuple[int, int],
        classes: int,
        activation: Callable[[], nn.Module] = nn.ReLU,
        dropout: float = 0.0,
        channels: int = 16,
        units: int = 64,
    ) -> None:
        super().__init__()
        rows, columns = picture
        self.picture = picture
        self.features = nn.Sequential(
            nn.Conv2d(1, channels, kernel_size=5, padding=2),
            activation(),
            nn.MaxPool2d(kernel_size=2, ceil_mode=True),
            nn.Conv2d(channels, 2 * channels, kernel_size=3, padding=1),
            activation(),
            nn.MaxPool2d(kernel_size=2, ceil_mode=True),
            nn.Conv2d(2 * channels, 2 * channels, kernel_size=3, padding=1),
            activation(),
            nn.MaxPool2d(kernel_size=2, ceil_mode=True),
        )
        self.classifier = nn.Sequential(
            nn.Dropout(dropout),
            nn.Linear(2 * channels * -(-rows // 8) * -(-columns // 8), units),
            activation(),
            nn.Dropout(dropout),
            nn.Linear(units, classes),
        )

    @property
    def first(self) -> nn.Conv2d:
        """The convolution that looks at the picture itself."""
        return cast(nn.Conv2d, self.features[0])

    @property
    def activations(self) -> list[nn.Module]:
        """What follows each convolution."""
        return [self.features[place] for place in (1, 4, 7)]

    def forward(self, x: Tensor) -> Tensor:
        """Map pictures (examples, pixels) to scores (examples, classes)."""
        x = x.view(-1, 1, *self.picture)
        x = self.features(x)
        scores: Tensor = self.classifier(x.flatten(1))
        return scores
