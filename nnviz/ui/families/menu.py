"""The models' pages, in the order of the lecture."""

from collections.abc import Mapping
from dataclasses import dataclass

from nnviz.ui.family_texts import FamilyTexts
from nnviz.ui.family_texts.alexnet import TEXTS as ALEXNET
from nnviz.ui.family_texts.autoencoder import TEXTS as AUTOENCODER
from nnviz.ui.family_texts.densenet import TEXTS as DENSENET
from nnviz.ui.family_texts.gan import TEXTS as GAN
from nnviz.ui.family_texts.googlenet import TEXTS as GOOGLENET
from nnviz.ui.family_texts.lstm import TEXTS as LSTM
from nnviz.ui.family_texts.resnet import TEXTS as RESNET


@dataclass(frozen=True, slots=True)
class FamilyPage:
    """One model's page: where it is, its icon, its words, and what its boards show.

    own: charts of its own view, on a board with dials.  more: the charts below.  beside: the twin it opens with.
    """

    path: str
    icon: str
    texts: FamilyTexts
    own: tuple[str, ...]
    more: tuple[str, ...] = ("loss", "accuracy", "sample", "confusion")
    beside: str = ""


PAGES: Mapping[str, FamilyPage] = {
    "alexnet": FamilyPage(
        "pages/51_AlexNet.py",
        ":material/filter_b_and_w:",
        ALEXNET,
        ("loss", "first_filters", "feature_maps", "accuracy"),
        ("sample", "confusion"),
        "tanh",
    ),
    "googlenet": FamilyPage(
        "pages/52_GoogLeNet.py",
        ":material/account_tree:",
        GOOGLENET,
        ("loss", "branch_shares", "branch_costs", "accuracy"),
        ("sample", "confusion"),
    ),
    "resnet": FamilyPage(
        "pages/53_ResNet.py",
        ":material/alt_route:",
        RESNET,
        ("loss", "gradient_depth"),
        ("accuracy", "sample", "confusion"),
        "plain",
    ),
    "densenet": FamilyPage(
        "pages/54_DenseNet.py",
        ":material/hub:",
        DENSENET,
        ("loss", "accuracy", "listening"),
        ("sample", "confusion"),
    ),
    "lstm": FamilyPage(
        "pages/55_LSTM.py",
        ":material/memory:",
        LSTM,
        ("loss", "gradient_flow", "sums", "forecast", "generated", "reading", "gates"),
        ("test_loss", "accuracy", "sample"),
        "rnn",
    ),
    "autoencoder": FamilyPage(
        "pages/56_Autoencoder.py",
        ":material/compress:",
        AUTOENCODER,
        ("latent", "decoded", "atlas", "reconstructions"),
        ("test_error", "loss"),
        "linear",
    ),
    "gan": FamilyPage(
        "pages/57_GAN.py",
        ":material/swords:",
        GAN,
        ("density", "samples", "modes", "verdicts"),
        ("players", "distance"),
    ),
}
