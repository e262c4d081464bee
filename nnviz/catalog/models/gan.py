"""GAN: a generator and a discriminator that learn against each other."""

from collections.abc import Mapping
from typing import Any

from torch import nn

from nnviz.catalog.activations import Activation
from nnviz.catalog.data import Data
from nnviz.catalog.entry import Knob
from nnviz.catalog.family import Family, Paper, Piece, Twin
from nnviz.catalog.generate import Generate
from nnviz.catalog.networks.gan import GAN
from nnviz.specs.experiment import Choice, ExperimentSpec
from nnviz.words import errors
from nnviz.words.language import Text

_USUAL = ExperimentSpec(
    dataset=Choice("ring"),
    model=Choice("gan"),
    initializer=Choice("he_normal"),
    loss=Choice("non_saturating"),
    optimizer=Choice.of("adam", lr=0.001, beta1=0.5),
    second_optimizer=Choice.of("adam", lr=0.001, beta1=0.5),
    batch_size=128,
    epochs=0,
)


def _gan(data: Data, outputs: int, activation: Activation, kind: str, latent: int, width: int, d_steps: int) -> GAN:
    limits = (data.train_x.min().item(), data.train_x.max().item()) if data.picture else None
    if kind == "conv":
        return GAN(outputs, data.picture, "conv", latent, (width // 2, width), limits)
    return GAN(outputs, data.picture, "dense", latent, (width, width), limits)


def _refusal(values: Mapping[str, Any], kind: str) -> Text:
    is_flat = kind != "picture" and values["kind"] == "conv"
    return errors.DATA["flat"] if is_flat else ""


def _other_loss(spec: ExperimentSpec) -> ExperimentSpec:
    """Exchange one loss for the other."""
    other = "non_saturating" if spec.loss.name == "wasserstein_gp" else "wasserstein_gp"
    return spec.with_(loss=Choice(other))


def _name(spec: ExperimentSpec) -> str:
    return "Wasserstein" if spec.loss.name == "wasserstein_gp" else "non-saturating"


def _players(model: nn.Module, inputs: int) -> list[Piece]:
    """Draw the two networks separately: one from noise, the other from examples."""
    assert isinstance(model, GAN)
    return [
        Piece("Generator", model.generator, model.latent),
        Piece("Discriminator", model.discriminator, inputs),
    ]


FAMILY = Family(
    "GAN",
    _gan,
    (
        Knob(
            "kind",
            "Layers",
            "dense",
            choices=("dense", "conv"),
            help="Two dense hidden layers in each network, or convolutions after DCGAN, for pictures only.",
        ),
        Knob(
            "latent",
            "Noise numbers",
            2,
            1,
            128,
            log=True,
            whole=True,
            help="How many random numbers the generator makes each example from.",
        ),
        Knob(
            "width",
            "Width",
            64,
            16,
            512,
            log=True,
            whole=True,
            help="Units of each hidden layer; with convolutions, channels of the small map, and half of them beyond.",
        ),
        Knob(
            "d_steps",
            "Discriminator's steps",
            1,
            1,
            5,
            whole=True,
            help="How many steps the discriminator does, each on a fresh batch, before each step of the generator.",
        ),
    ),
    note="A generator makes examples from noise; a discriminator learns to tell them from real ones and so teaches it.",
    task=Generate(),
    takes=frozenset({"points", "picture"}),
    refuses=_refusal,
    usual=_USUAL,
    instruments=("density", "samples", "verdicts"),
    bends=False,
    measured=500,
    watching=0.2,
    twins={"wasserstein": Twin("Wasserstein", _name, _other_loss)},
    paper=Paper(
        "I. Goodfellow, J. Pouget-Abadie, M. Mirza, B. Xu, D. Warde-Farley, S. Ozair, A. Courville, Y. Bengio",
        2014,
        "Generative adversarial nets",
        "NeurIPS",
        "https://arxiv.org/abs/1406.2661",
    ),
    networks=(GAN,),
    pieces=_players,
)
