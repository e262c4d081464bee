"""What suits the part of an experiment that is named, for the rest of it."""

from collections.abc import Mapping
from typing import Any

from nnviz.catalog.check import datasets_for, losses_for
from nnviz.catalog.datasets import DATASETS
from nnviz.catalog.models import MODELS
from nnviz.specs.experiment import Choice, ExperimentSpec

_ANYWHERE = ("seed", "epochs", "device", "schedule")  # they suit every network and all data


def suited(given: Mapping[str, Any], first: ExperimentSpec) -> ExperimentSpec:
    """Fill up the fields that are given from `first`, or with what suits the network and the data that are named.

    What is given stays as it is, and is not checked.
    """
    plain = first.with_(**given)
    if plain.model.name not in MODELS or plain.dataset.name not in DATASETS:
        return plain
    model = plain.model if "model" in given else _model_for(plain.dataset, first.model)
    is_named = "dataset" in given or model.name == first.model.name
    dataset = plain.dataset if is_named else MODELS[model.name].usual.dataset
    follower = {"second_optimizer": None} if "optimizer" in given else {}  # the second player's follows the first's
    spec = _usual(model, dataset, first).with_(**{**follower, **given})
    offered = losses_for(spec.dataset, spec.model)
    if "loss" in given or spec.loss.name in offered or not offered:
        return spec
    return spec.with_(loss=Choice(offered[0]))


def _takes(model: Choice, dataset: Choice) -> bool:
    return dataset.name in datasets_for(model)


def _model_for(dataset: Choice, first: Choice) -> Choice:
    """Keep the network where it can learn from the data, else take the first family that can."""
    if _takes(first, dataset):
        return first
    return next((family.usual.model for family in MODELS.values() if _takes(family.usual.model, dataset)), first)


def _usual(model: Choice, dataset: Choice, first: ExperimentSpec) -> ExperimentSpec:
    """Return the settings that suit a network on some data: the first ones where they are the same family's."""
    family = MODELS[model.name]
    usual = family.usual_for.get(dataset.name, family.usual)
    if model.name == first.model.name and usual.dataset.name != dataset.name:
        usual = first
    kept = {name: getattr(first, name) for name in _ANYWHERE}
    return usual.with_(**kept, model=model, dataset=usual.dataset if usual.dataset.name == dataset.name else dataset)
