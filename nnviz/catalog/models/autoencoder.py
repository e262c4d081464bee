"""The autoencoder: a network that must give back what it was given, through a code of a few numbers."""

from typing import Literal

from nnviz.catalog.activations import Activation
from nnviz.catalog.data import Data
from nnviz.catalog.entry import Knob
from nnviz.catalog.family import PICTURES, Family, Paper, Twin
from nnviz.catalog.models.mlp import canonical_hidden, hidden_units
from nnviz.catalog.networks.autoencoder import Autoencoder
from nnviz.catalog.reconstruct import Reconstruct
from nnviz.specs.experiment import Choice, ExperimentSpec

_BENT = Choice("silu")
_STRAIGHT = Choice("identity")

_USUAL = ExperimentSpec(
    dataset=Choice("digits"),
    model=Choice("autoencoder"),
    activation=_BENT,
    initializer=Choice("he_normal"),
    loss=Choice("mse"),
    optimizer=Choice("adam"),
    batch_size=64,
    epochs=0,
)


def _autoencoder(
    data: Data,
    outputs: int,
    activation: Activation,
    bottleneck: int,
    noise: float,  # the task's
    kind: Literal["dense", "conv"],
    hidden: str,
    channels: int,
) -> Autoencoder:
    widths = hidden_units(hidden) if kind == "dense" else (channels, 2 * channels)
    return Autoencoder(data.inputs, data.picture, kind, widths, bottleneck, activation.module)


def _linear(spec: ExperimentSpec) -> ExperimentSpec:
    """Take the activation away, or bring the usual one where there is none."""
    return spec.with_(activation=_BENT if spec.activation == _STRAIGHT else _STRAIGHT)


def _name(spec: ExperimentSpec) -> str:
    return "no activation" if spec.activation == _STRAIGHT else "nonlinear"


FAMILY = Family(
    "Autoencoder",
    _autoencoder,
    (
        Knob(
            "bottleneck",
            "Bottleneck",
            2,
            choices=(1, 2, 3, 4, 8, 16, 32),
            help="Numbers in the code: all that the decoder hears of a picture. With 2 the code is a place on a map.",
        ),
        Knob(
            "noise",
            "Noise",
            0.0,
            0.0,
            3.0,
            help="Standard deviation of what is added to each pixel that goes in, while the clean picture is asked "
            "for; pixels themselves have one of 1 over the training set. 0 is a plain autoencoder.",
        ),
        Knob(
            "kind",
            "Kind",
            "dense",
            choices=("dense", "conv"),
            help="Dense layers, or convolutions that halve a picture.",
        ),
        Knob(
            "hidden",
            "Hidden layers",
            "128,64",
            check=canonical_hidden,
            help="Dense kind: units of the encoder's hidden layers, first to last; the decoder has them in reverse.",
        ),
        Knob(
            "channels",
            "Channels",
            16,
            4,
            64,
            whole=True,
            help="Convolutional kind: channels of the first of two convolutions; the second has twice as many.",
        ),
    ),
    note="An encoder writes a picture as a code of a few numbers, a decoder draws the picture from the code.",
    task=Reconstruct(),
    takes=PICTURES,
    usual=_USUAL,
    instruments=("latent", "decoded", "atlas", "reconstructions"),
    beside="linear",
    twins={"linear": Twin("no activation", _name, _linear)},
    watching=0.1,
    paper=Paper(
        "G. E. Hinton, R. R. Salakhutdinov",
        2006,
        "Reducing the dimensionality of data with neural networks",
        "Science 313",
        "https://doi.org/10.1126/science.1127647",
    ),
    networks=(Autoencoder,),
)
