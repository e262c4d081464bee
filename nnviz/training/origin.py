"""Where an experiment begins: its data and first weights, drawn once and shared by those that begin alike."""

import hashlib
from dataclasses import dataclass, replace

import torch
from torch import Generator, Tensor

from nnviz.catalog import ACTIVATIONS, DATASETS, INITIALIZERS, LOSSES, MODELS
from nnviz.catalog.data import Data
from nnviz.catalog.losses import Loss
from nnviz.catalog.models import MLP
from nnviz.spec import Choice, ExperimentSpec

_FREE = {"optimizer": Choice("sgd"), "batch_size": 1, "epochs": 0}  # what the beginning does not depend on


@dataclass(frozen=True, slots=True)
class Origin:
    """Everything drawn before the first update; nobody writes to its tensors.

    draws: the generator's state after the data and the weights were drawn.
    """

    spec: ExperimentSpec
    data: Data
    loss: Loss
    targets: Tensor
    weights: tuple[Tensor, ...]
    draws: Tensor

    @classmethod
    def of(cls, spec: ExperimentSpec) -> "Origin":
        """Draw the data, then the weights layer by layer, from a generator seeded with `spec.seed`."""
        generator = torch.Generator().manual_seed(spec.seed)
        data = _data(spec, generator)
        loss = LOSSES[spec.loss.name].build()
        model = _module(spec, data, loss)
        _fill(spec, model, generator)
        weights = tuple(value.detach().to(spec.device) for value in model.parameters())
        targets = loss.target(data.train_y, data)
        return cls(spec.with_(**_FREE), data, loss, targets, weights, generator.get_state())

    def fits(self, spec: ExperimentSpec) -> bool:
        """Tell whether an experiment of that spec begins here."""
        return spec.with_(**_FREE) == self.spec

    def generator(self) -> Generator:
        """Return a generator that goes on where the weights ended."""
        generator = torch.Generator()
        generator.set_state(self.draws)
        return generator

    def model(self) -> MLP:
        """Build the network with its first weights."""
        model = _module(self.spec, self.data, self.loss).to(self.spec.device)
        with torch.no_grad():
            for value, first in zip(model.parameters(), self.weights, strict=True):
                value.copy_(first)
        return model

    def name(self) -> str:
        """Name the first weights in 12 characters: SHA-256 over shapes and bytes in order."""
        digest = hashlib.sha256()
        for value in self.weights:
            digest.update(f"{tuple(value.shape)}{value.dtype}".encode())
            digest.update(value.cpu().contiguous().numpy().tobytes())
        return digest.hexdigest()[:12]


def _data(spec: ExperimentSpec, generator: Generator) -> Data:
    entry = DATASETS[spec.dataset.name]
    data = entry.build(generator, **entry.values(spec.dataset))
    if spec.device == "cpu":
        return data
    names = ("train_x", "train_y", "test_x", "test_y")
    return replace(data, **{name: getattr(data, name).to(spec.device) for name in names})


def _module(spec: ExperimentSpec, data: Data, loss: Loss) -> MLP:
    """Build the network on the CPU, weights not yet set."""
    activation = ACTIVATIONS[spec.activation.name]
    entry = MODELS[spec.model.name]
    built = activation.build(**activation.values(spec.activation))
    return entry.build(data.inputs, loss.outputs(data), built, **entry.values(spec.model))


def _fill(spec: ExperimentSpec, model: MLP, generator: Generator) -> None:
    """Draw the weights on the CPU, so that a seed gives the same ones on every device."""
    initializer = INITIALIZERS[spec.initializer.name]
    fill = initializer.build(**initializer.values(spec.initializer))
    with torch.no_grad():
        for part in model.layers():
            fill(part.weight, part.bias, generator)
