"""ResNet: each block adds to what it was given, so that gradients reach the first layers of deep networks."""

from nnviz.catalog.activations import Activation
from nnviz.catalog.data import Data
from nnviz.catalog.entry import Knob, switch
from nnviz.catalog.family import PICTURES, Family, Paper, Twin, on_large
from nnviz.catalog.made import made
from nnviz.catalog.networks.resnet import ResNet
from nnviz.catalog.task import Task
from nnviz.specs.experiment import Choice, ExperimentSpec

_USUAL = ExperimentSpec(
    dataset=Choice("digits"),
    model=Choice("resnet"),
    initializer=Choice("he_normal"),
    optimizer=Choice.of("momentum", lr=0.05),
    batch_size=64,
    epochs=0,
)


def _resnet(data: Data, outputs: int, activation: Activation, depth: int, width: int, plain: str) -> ResNet:
    assert data.picture is not None
    return made(ResNet, data.picture, outputs, depth, width, plain == "on")


FAMILY = Family(
    "ResNet",
    _resnet,
    (
        Knob(
            "depth",
            "Depth",
            32,
            choices=(8, 14, 20, 32, 44, 56),
            help="Layers with weights: 6 n + 2, three stages of n blocks with two convolutions each.",
        ),
        Knob(
            "width",
            "Width",
            8,
            4,
            32,
            whole=True,
            help="Channels of the first stage; each further stage has twice as many.",
        ),
        switch("plain", "Plain", "off", help="Remove the shortcuts: the same layers, one after the other."),
    ),
    note="Blocks of two convolutions, each with a shortcut around it: the block learns what to add.",
    task=Task(chunk=256),
    takes=PICTURES,
    usual=_USUAL,
    usual_for=on_large(_USUAL),
    beside="plain",
    twins={"plain": Twin.of_knob("plain net", "ResNet", "plain")},
    bends=False,
    measured=256,
    watching=0.25,
    paper=Paper(
        "K. He, X. Zhang, S. Ren, J. Sun",
        2016,
        "Deep residual learning for image recognition",
        "CVPR",
        "https://arxiv.org/abs/1512.03385",
    ),
    networks=(ResNet,),
)
