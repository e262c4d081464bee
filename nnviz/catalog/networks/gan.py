"""Generative adversarial networks: a generator makes examples, a discriminator tells them from real ones."""

from collections.abc import Callable, Sequence
from functools import partial
from itertools import pairwise
from typing import Literal

from torch import Tensor, nn

SLOPE = 0.2  # of the discriminator's leaky ReLUs, as in DCGAN


class GAN(nn.Module):
    """Two networks that learn against each other (Goodfellow et al. 2014).

    kind: dense layers of `hidden` units, or convolutions of `hidden` channels, each of which halves the picture (after
    DCGAN, Radford et al. 2016).  limits: the darkest and the brightest value of a pixel; None: any number.
    """

    def __init__(
        self,
        inputs: int,
        picture: tuple[int, int] | None = None,
        kind: Literal["dense", "conv"] = "dense",
        latent: int = 16,
        hidden: Sequence[int] = (128, 128),
        limits: tuple[float, float] | None = None,
    ) -> None:
        super().__init__()
        self.latent = latent
        if kind == "dense":
            self.generator = dense([latent, *hidden, inputs], nn.ReLU)
            self.discriminator = dense([inputs, *reversed(hidden), 1], partial(nn.LeakyReLU, SLOPE))
        else:
            assert picture is not None
            self.generator = conv_generator(picture, latent, hidden)
            self.discriminator = conv_discriminator(picture, hidden)
        if limits is not None:
            self.generator.append(Between(*limits))

    def forward(self, z: Tensor) -> Tensor:
        """Make examples (examples, inputs) from noise z (examples, latent)."""
        return self.generator(z)


class Between(nn.Module):
    """Bend every number into the range from low to high."""

    def __init__(self, low: float, high: float) -> None:
        super().__init__()
        self.low, self.high = low, high

    def forward(self, x: Tensor) -> Tensor:
        """Map any shape to itself."""
        return self.low + (self.high - self.low) * x.sigmoid()


def dense(widths: Sequence[int], activation: Callable[[], nn.Module]) -> nn.Sequential:
    """Line up linear layers of these widths with an activation between."""
    layers: list[nn.Module] = []
    for before, after in pairwise(widths):
        layers += [nn.Linear(before, after), activation()]
    return nn.Sequential(*layers[:-1])


def conv_generator(picture: tuple[int, int], latent: int, channels: Sequence[int]) -> nn.Sequential:
    """Map noise (examples, latent) to flat pictures: transposed convolutions double a small map until it is one."""
    rows, columns = (side // 2 ** len(channels) for side in picture)
    layers: list[nn.Module] = [
        nn.Linear(latent, channels[-1] * rows * columns),
        nn.Unflatten(1, (channels[-1], rows, columns)),
    ]
    for before, after in pairwise([*reversed(channels), 1]):
        layers += [nn.BatchNorm2d(before), nn.ReLU(), nn.ConvTranspose2d(before, after, 4, stride=2, padding=1)]
    return nn.Sequential(*layers, nn.Flatten())


def conv_discriminator(picture: tuple[int, int], channels: Sequence[int]) -> nn.Sequential:
    """Map flat pictures to scores (examples, 1): convolutions halve the picture, and nothing is normalised.

    The gradient penalty asks for the slope of each example's own score; batch normalisation would mix the examples.
    """
    rows, columns = (side // 2 ** len(channels) for side in picture)
    layers: list[nn.Module] = [nn.Unflatten(1, (1, *picture))]
    for before, after in pairwise([1, *channels]):
        layers += [nn.Conv2d(before, after, 4, stride=2, padding=1), nn.LeakyReLU(SLOPE)]
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(channels[-1] * rows * columns, 1))
