"""The autoencoder: give back what was put in, through a bottleneck that is too narrow to copy it."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Literal

from torch import Tensor, nn

Activation = Callable[[], nn.Module]


class Autoencoder(nn.Module):
    """An encoder to a few numbers and its mirror image, a decoder (Hinton and Salakhutdinov 2006).

    hidden: units of the encoder's dense layers, or channels of its convolutions, each of which halves the picture.
    """

    def __init__(
        self,
        inputs: int,
        picture: tuple[int, int] | None = None,
        kind: Literal["dense", "conv"] = "dense",
        hidden: Sequence[int] = (128,),
        bottleneck: int = 2,
        activation: Activation = nn.ReLU,
    ) -> None:
        super().__init__()
        if kind == "dense":
            widths = [inputs, *hidden, bottleneck]
            self.encoder = dense(widths, activation)
            self.decoder = dense(widths[::-1], activation)
        else:
            assert picture is not None
            self.encoder = conv_encoder(picture, hidden, bottleneck, activation)
            self.decoder = conv_decoder(picture, hidden, bottleneck, activation)

    def forward(self, x: Tensor) -> Tensor:
        """Map x (examples, inputs) to its reconstruction, of the same shape."""
        code = self.encoder(x)  # (examples, bottleneck)
        return self.decoder(code)


def dense(widths: Sequence[int], activation: Activation) -> nn.Sequential:
    """Line up linear layers of these widths with an activation between."""
    layers: list[nn.Module] = []
    for before, after in pairwise(widths):
        layers += [nn.Linear(before, after), activation()]
    return nn.Sequential(*layers[:-1])


def conv_encoder(
    picture: tuple[int, int], channels: Sequence[int], bottleneck: int, activation: Activation
) -> nn.Sequential:
    """Map flat pictures to codes (examples, bottleneck)."""
    rows, columns = picture
    layers: list[nn.Module] = [nn.Unflatten(1, (1, rows, columns))]
    for before, after in pairwise([1, *channels]):
        layers += [nn.Conv2d(before, after, kernel_size=4, stride=2, padding=1), activation()]
    layers += [nn.Flatten(), nn.Linear(channels[-1] * cells(picture, len(channels)), bottleneck)]
    return nn.Sequential(*layers)


def conv_decoder(
    picture: tuple[int, int], channels: Sequence[int], bottleneck: int, activation: Activation
) -> nn.Sequential:
    """Map codes (examples, bottleneck) to flat pictures."""
    halvings = 2 ** len(channels)
    rows, columns = picture[0] // halvings, picture[1] // halvings
    layers: list[nn.Module] = [
        nn.Linear(bottleneck, channels[-1] * cells(picture, len(channels))),
        nn.Unflatten(1, (channels[-1], rows, columns)),
    ]
    for before, after in pairwise([*reversed(channels), 1]):
        layers += [activation(), nn.ConvTranspose2d(before, after, kernel_size=4, stride=2, padding=1)]
    return nn.Sequential(*layers, nn.Flatten())


def cells(picture: tuple[int, int], halvings: int) -> int:
    """Count the pixels of a picture that was halved so often."""
    return (picture[0] // 2**halvings) * (picture[1] // 2**halvings)
