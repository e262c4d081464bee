"""AlexNet: convolutions that learn their filters from pictures, trained with ReLU and dropout."""

from nnviz.catalog.activations import ACTIVATIONS, Activation
from nnviz.catalog.data import Data
from nnviz.catalog.entry import Knob, switch
from nnviz.catalog.family import PICTURES, Family, Paper, Twin, on_large
from nnviz.catalog.made import made
from nnviz.catalog.networks.alexnet import AlexNet
from nnviz.catalog.task import Task
from nnviz.specs.experiment import Choice, ExperimentSpec

_DROPPED = 0.5  # as in the paper, section 4.2

_USUAL = ExperimentSpec(
    dataset=Choice("digits"),
    model=Choice("alexnet"),
    initializer=Choice("normal"),  # small enough for first filters to grow, and one spread for all as in the paper
    optimizer=Choice.of("momentum", lr=0.01),
    batch_size=64,
    epochs=0,
)


def _alexnet(data: Data, outputs: int, activation: Activation, channels: int, units: int, dropout: str) -> AlexNet:
    assert data.picture is not None
    share = _DROPPED if dropout == "on" else 0.0
    return made(AlexNet, data.picture, outputs, activation.module, share, channels, units)


def _tanh(spec: ExperimentSpec) -> ExperimentSpec:
    """Exchange ReLU for tanh, or bring ReLU back."""
    return spec.with_(activation=Choice("relu" if spec.activation.name == "tanh" else "tanh"))


FAMILY = Family(
    "AlexNet",
    _alexnet,
    (
        Knob(
            "channels",
            "Filters",
            16,
            4,
            64,
            log=True,
            whole=True,
            help="Filters of the first convolution; the other two have twice as many.",
        ),
        Knob("units", "Units", 64, 8, 512, log=True, whole=True, help="Units of the dense layer before the answer."),
        switch(
            "dropout",
            "Dropout",
            "off",
            help="Drop each number with probability 0.5 before both dense layers, while training only.",
        ),
    ),
    note="Convolution, activation and max-pooling three times, then two dense layers.",
    task=Task(chunk=256),
    takes=PICTURES,
    usual=_USUAL,
    usual_for=on_large(_USUAL),
    instruments=("first_filters", "feature_maps"),
    beside="tanh",
    twins={"tanh": Twin("Tanh", lambda spec: ACTIVATIONS[spec.activation.name].label, _tanh)},
    measured=256,
    watching=0.25,
    paper=Paper(
        "A. Krizhevsky, I. Sutskever, G. E. Hinton",
        2012,
        "ImageNet classification with deep convolutional neural networks",
        "NeurIPS",
        "https://papers.nips.cc/paper/4824-imagenet-classification-with-deep-convolutional-neural-networks",
    ),
    networks=(AlexNet,),
)
