"""DenseNet: each layer reads the outputs of all layers before it, so that each need only add a few maps of its own."""

from nnviz.catalog.activations import Activation
from nnviz.catalog.data import Data
from nnviz.catalog.entry import Knob
from nnviz.catalog.family import PICTURES, Family, Paper, on_large
from nnviz.catalog.made import made
from nnviz.catalog.networks.densenet import DenseNet
from nnviz.catalog.task import Task
from nnviz.specs.experiment import Choice, ExperimentSpec

_USUAL = ExperimentSpec(
    dataset=Choice("digits"),
    model=Choice("densenet"),
    initializer=Choice("he_normal"),
    optimizer=Choice.of("adam", lr=0.005),
    batch_size=64,
    epochs=0,
)


def _densenet(data: Data, outputs: int, activation: Activation, growth_rate: int, layers: int, blocks: int) -> DenseNet:
    assert data.picture is not None
    return made(DenseNet, data.picture, outputs, growth_rate, layers, blocks)


FAMILY = Family(
    "DenseNet",
    _densenet,
    (
        Knob("growth_rate", "Growth rate", 8, 2, 32, whole=True, help="Maps that each layer adds to what is known."),
        Knob("layers", "Layers per block", 4, 2, 12, whole=True, help="Layers of each dense block."),
        Knob(
            "blocks",
            "Dense blocks",
            3,
            1,
            3,
            whole=True,
            help="Between two of them a transition halves the number of maps and the picture.",
        ),
    ),
    note="Blocks in which each layer reads all maps made before it and adds a few of its own.",
    task=Task(chunk=256),
    takes=PICTURES,
    usual=_USUAL,
    usual_for=on_large(_USUAL),
    instruments=("layer_reads",),
    bends=False,
    measured=256,
    watching=0.25,
    paper=Paper(
        "G. Huang, Z. Liu, L. van der Maaten, K. Q. Weinberger",
        2017,
        "Densely connected convolutional networks",
        "CVPR",
        "https://arxiv.org/abs/1608.06993",
    ),
    networks=(DenseNet,),
)
