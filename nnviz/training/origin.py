"""Where an experiment begins: its data and first weights, drawn once and shared by those that begin alike."""

import hashlib
from dataclasses import dataclass, replace

import torch
from torch import Generator, Tensor, nn

from nnviz.catalog import ACTIVATIONS, DATASETS, INITIALIZERS, MODELS
from nnviz.catalog.data import Data
from nnviz.catalog.faults import fault_of, loss_of, spoilt
from nnviz.catalog.losses import Loss
from nnviz.catalog.models import MLP
from nnviz.catalog.noise import Noise
from nnviz.catalog.parts import parts_of
from nnviz.specs.experiment import Choice, ExperimentSpec
from nnviz.training.pooling import pool_quickly

_FREE = {
    "optimizer": Choice("sgd"),
    "second_optimizer": None,
    "clipping": Choice("none"),
    "order": Choice("shuffled"),
    "accumulate": 1,
    "decay": Choice("all"),
    "averaging": Choice("none"),
    "batch_size": 1,
    "epochs": 0,
    "schedule": Choice("constant"),
}  # what the beginning does not depend on


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
        loss = loss_of(spec)
        model = _module(spec, data, loss)
        _fill(spec, model, generator)
        weights = tuple(value.detach().to(spec.device) for value in model.parameters())
        targets = MODELS[spec.model.name].task.target(data.train_x, data.train_y, data, loss)
        return cls(spec.with_(**_FREE), data, loss, targets, weights, generator.get_state())

    def fits(self, spec: ExperimentSpec) -> bool:
        """Tell whether an experiment of that spec begins here."""
        return spec.with_(**_FREE) == self.spec

    def generator(self) -> Generator:
        """Return a generator that goes on where the weights ended."""
        generator = torch.Generator()
        generator.set_state(self.draws)
        return generator

    def noise(self) -> Noise:
        """Return what the network draws from while it learns."""
        return Noise(seed_of(self.spec, "noise"))

    def model(self) -> nn.Module:
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
    data = spoilt(spec, entry.build(generator, **entry.values(spec.dataset)))
    if spec.device == "cpu":
        return data
    names = ("train_x", "train_y", "test_x", "test_y")
    return replace(data, **{name: getattr(data, name).to(spec.device) for name in names})


def outline(spec: ExperimentSpec) -> tuple[nn.Module, Data]:
    """Return a spec's network without memory for its numbers, and its data."""
    data = _data(spec, torch.Generator().manual_seed(spec.seed))
    return _outline(spec, data, loss_of(spec)), data


def _outline(spec: ExperimentSpec, data: Data, loss: Loss) -> nn.Module:
    activation = ACTIVATIONS[spec.activation.name]
    entry = MODELS[spec.model.name]
    built = activation.build(**activation.values(spec.activation))
    with torch.device("meta"):
        return entry.build(data, entry.task.outputs(data, loss), built, **entry.values(spec.model))


def _module(spec: ExperimentSpec, data: Data, loss: Loss) -> nn.Module:
    """Build the network on the CPU, weights not yet set and nothing drawn; norm layers begin as torch begins them."""
    model = _outline(spec, data, loss)
    model.to_empty(device="cpu")
    for module in model.modules():
        if not parts_of_itself(module) and hasattr(module, "reset_parameters"):
            module.reset_parameters()  # type: ignore[operator]
    pool_quickly(model)
    return model


def parts_of_itself(module: nn.Module) -> bool:
    """Tell whether a module has a weight that an initialiser fills; the others' start draws nothing."""
    return any(value.dim() >= 2 for value in module.parameters(recurse=False))


def seed_of(spec: ExperimentSpec, name: str) -> int:
    """Derive a seed of its own from the spec's and a name."""
    return int.from_bytes(hashlib.sha256(f"{spec.seed} {name}".encode()).digest()[:7])


def _fill(spec: ExperimentSpec, model: nn.Module, generator: Generator) -> None:
    """Draw the weights on the CPU, so that a seed gives the same ones on every device.

    An MLP's are drawn one after the other.  Other weights are each drawn from a seed of their own, made from their
    name: networks that differ in a part have the same weights in all other parts, and see the same batches.
    """
    initializer = INITIALIZERS[spec.initializer.name]
    fill = initializer.build(**initializer.values(spec.initializer))
    with torch.no_grad():
        for part in parts_of(model):
            is_chain = isinstance(model, MLP)
            own = generator if is_chain else Generator().manual_seed(seed_of(spec, part.name))
            fill(part.weight, part.bias, own)
    fault = fault_of(spec)
    if fault is not None and fault.start is not None:
        fault.start(model)
