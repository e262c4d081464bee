"""The models' pages, in the order of the lecture."""

from collections.abc import Mapping

from nnviz.ui.families.family_page import FamilyPage
from nnviz.ui.families.models import alexnet, autoencoder, densenet, gan, googlenet, lstm, resnet

PAGES: Mapping[str, FamilyPage] = {
    "alexnet": alexnet.PAGE,
    "googlenet": googlenet.PAGE,
    "resnet": resnet.PAGE,
    "densenet": densenet.PAGE,
    "lstm": lstm.PAGE,
    "autoencoder": autoencoder.PAGE,
    "gan": gan.PAGE,
}
