"""The families of networks: one entry each."""

from collections.abc import Mapping

from nnviz.catalog.family import Family
from nnviz.catalog.models import alexnet, autoencoder, densenet, gan, googlenet, lstm, mlp, resnet
from nnviz.catalog.models.mlp import MLP, MOST_LAYERS, MOST_UNITS, hidden_units
from nnviz.catalog.parts import Part

MODELS: Mapping[str, Family] = {
    "mlp": mlp.FAMILY,
    "alexnet": alexnet.FAMILY,
    "googlenet": googlenet.FAMILY,
    "resnet": resnet.FAMILY,
    "densenet": densenet.FAMILY,
    "lstm": lstm.FAMILY,
    "autoencoder": autoencoder.FAMILY,
    "gan": gan.FAMILY,
}

__all__ = ["MLP", "MODELS", "MOST_LAYERS", "MOST_UNITS", "Family", "Part", "hidden_units"]
