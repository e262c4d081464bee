"""GoogLeNet: modules that look with filters of several sizes at once, and cost a fraction of one large filter."""

from torch import Tensor

from nnviz.catalog.activations import Activation
from nnviz.catalog.data import Data
from nnviz.catalog.entry import Knob, switch
from nnviz.catalog.family import PICTURES, Family, Paper, Twin, on_large
from nnviz.catalog.made import made
from nnviz.catalog.networks.googlenet import GoogLeNet
from nnviz.catalog.task import ModelContext, Task
from nnviz.specs.experiment import Choice, ExperimentSpec

_USUAL = ExperimentSpec(
    dataset=Choice("digits"),
    model=Choice("googlenet"),
    initializer=Choice("he_normal"),
    optimizer=Choice.of("momentum", lr=0.05),
    batch_size=64,
    epochs=0,
)


class _Recognise(Task):
    """Predict; what only training uses is shown its examples as well."""

    def send(self, look: ModelContext, x: Tensor) -> None:
        """Send examples through the network and through the auxiliary classifier, which only training asks."""
        assert isinstance(look.model, GoogLeNet)
        look.model(x)
        if look.model.auxiliary is not None:
            look.model.auxiliary(look.model.middle(x))


def _googlenet(
    data: Data, outputs: int, activation: Activation, width: int, blocks: int, auxiliary: str, plain: str
) -> GoogLeNet:
    assert data.picture is not None
    return made(GoogLeNet, data.picture, outputs, width, blocks, auxiliary == "on", plain == "on")


FAMILY = Family(
    "GoogLeNet",
    _googlenet,
    (
        Knob(
            "width",
            "Width",
            32,
            choices=(16, 32, 48, 64),
            help="Channels that go into each module and come out of it; the branches share them out.",
        ),
        Knob(
            "blocks",
            "Modules",
            4,
            2,
            9,
            whole=True,
            help="Inception modules; the picture is halved after half of them.",
        ),
        switch(
            "auxiliary",
            "Auxiliary classifier",
            "off",
            help="A second classifier in the middle, in training only: 0.3 of its loss is added to the network's.",
        ),
        switch("plain", "Plain", "off", help="One 5×5 convolution of equal width in place of each module."),
    ),
    note="Modules of four branches side by side: 1×1, 3×3 and larger filters and a pooling, joined into one stack.",
    task=_Recognise(chunk=256),
    takes=PICTURES,
    usual=_USUAL,
    usual_for=on_large(_USUAL.with_(optimizer=Choice.of("adam", lr=0.01))),
    instruments=("branch_shares", "branch_costs"),
    twins={
        "plain": Twin.of_knob("plain 5×5", "GoogLeNet", "plain"),
        "auxiliary": Twin.of_knob("with auxiliary", "without", "auxiliary"),
    },
    bends=False,
    measured=256,
    watching=0.25,
    paper=Paper(
        "C. Szegedy, W. Liu, Y. Jia, P. Sermanet, S. Reed, D. Anguelov, D. Erhan, V. Vanhoucke, A. Rabinovich",
        2015,
        "Going deeper with convolutions",
        "CVPR",
        "https://arxiv.org/abs/1409.4842",
    ),
    networks=(GoogLeNet,),
)
