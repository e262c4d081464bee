"""One network in training, advanced by whoever holds it."""

import copy
import math
from bisect import insort
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from time import perf_counter
from typing import Any

import torch
from torch import Generator, Tensor, nn
from torch.optim import Optimizer

from nnviz.catalog import ACTIVATIONS, DATASETS, INITIALIZERS, LOSSES, MODELS, OPTIMIZERS, check_spec
from nnviz.catalog.data import Data
from nnviz.catalog.models import MLP
from nnviz.catalog.optimizers import set_knob
from nnviz.records import Mark, Record
from nnviz.spec import Change, ExperimentSpec
from nnviz.training.batches import Batches, Place
from nnviz.training.curve import LossCurve
from nnviz.training.flat import Flat
from nnviz.training.gradients import gradients_of
from nnviz.training.measure import Probe, measure
from nnviz.training.threads import one_thread


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Everything an experiment needs to go on from one moment, copied."""

    step: int
    seconds: float
    place: Place
    batch_size: int
    parameters: Tensor
    gradients: Tensor
    before: Tensor
    buffers: dict[str, Tensor]
    optimizer: dict[str, Any]
    generator: Tensor
    curve: LossCurve
    journal: tuple[Change, ...]
    marks: tuple[Mark, ...]
    pending: tuple[Change, ...]
    diverged_at: int | None


class Experiment:
    """A spec made real: data, network, loss and optimizer, with one generator for every random draw.

    The generator, seeded with `spec.seed`, draws the data first, then the weights layer by layer, then one
    permutation of the training examples for each epoch.  Building one sets this process to one torch thread:
    kernels on several threads add in another order, so a loop written by hand would not round alike.
    """

    def __init__(self, spec: ExperimentSpec) -> None:
        torch.set_num_threads(1)
        self.spec = check_spec(spec)
        self.generator = torch.Generator().manual_seed(spec.seed)
        self.data = _data(self.spec, self.generator)
        self.loss = LOSSES[spec.loss.name].build()
        self.model = _model(self.spec, self.data, self.loss.outputs(self.data), self.generator)
        self.flat = Flat(self.model)
        self.optimizer = _optimizer(self.spec, self.flat.parameter)
        self.start = self.flat.parameter.detach().clone()
        self.before = self.start.clone()  # the weights before the last update
        self.targets = self.loss.target(self.data.train_y, self.data)
        self.batches = Batches(self.data.train_x, self.targets, spec.batch_size, self.generator)
        self.curve = LossCurve()
        self.step = 0
        self.seconds = 0.0  # spent in updates
        self.diverged_at: int | None = None
        self.journal: tuple[Change, ...] = ()
        self.marks: tuple[Mark, ...] = ()
        self._pending: list[Change] = []
        self._gradients = gradients_of(self.model, self.loss, self.flat)
        self._step_optimizer = plain_step(self.optimizer)
        self._probe = Probe(self)

    @property
    def epoch(self) -> float:
        """Training examples seen over training examples there are."""
        return self.batches.epoch

    @property
    def pending(self) -> tuple[Change, ...]:
        """The changes planned for later, in order."""
        return tuple(self._pending)

    @property
    def is_over(self) -> bool:
        """Whether all epochs are done or the loss stopped being finite."""
        is_done = 0 < self.spec.epochs <= self.epoch
        return is_done or self.diverged_at is not None

    @property
    def knobs(self) -> dict[str, float]:
        """The live targets and their present values."""
        entry = OPTIMIZERS[self.spec.optimizer.name]
        group = dict(self.optimizer.param_groups[0])
        if "betas" in group:
            group["beta1"], group["beta2"] = group["betas"]
        values = {f"optimizer.{knob.name}": float(group[knob.name]) for knob in entry.knobs if knob.live}
        return {**values, "batch_size": float(self.batches.batch_size)}

    def advance(self, updates: int) -> int:
        """Do up to that many updates, fewer when the experiment ends; return how many were done."""
        start, clock, seconds = self.step, perf_counter(), self.seconds
        goal = start + updates
        with one_thread():
            while self.step < goal and not self.is_over:
                self._apply_due()
                self._run_to(min(goal, self._next_stop()), clock - seconds)
        self.seconds = seconds + perf_counter() - clock
        return self.step - start

    def _next_stop(self) -> float:
        """Return the step of the next planned change or of the last update of all."""
        change = self._pending[0].step if self._pending else math.inf
        epochs = self.spec.epochs
        return min(change, self.step + self.batches.updates_to(epochs) if epochs else math.inf)

    def _run_to(self, until: float, zero: float) -> None:
        """Update until a step; `zero` is when this experiment's own clock stood at 0."""
        while self.step < until and self.diverged_at is None:
            if self.step == until - 1:
                self.before.copy_(self.flat.parameter)
            self._update(zero)
        if self.step < until:
            self.before.fill_(math.nan)  # it diverged on the way: the weights before that update are gone

    def _update(self, zero: float) -> None:
        x, target = self.batches.next()
        loss = self._gradients(x, target).item()
        self._step_optimizer()
        self.step += 1
        if self.step % self.curve.stride == 0:
            self.curve.add(self.step, self.batches.epoch, perf_counter() - zero, loss)
        if not math.isfinite(loss):
            self.diverged_at = self.step

    def apply(self, change: Change) -> None:
        """Take a change that holds before update `change.step`, now or later.

        Raises ValueError for an unknown target, a value out of range or a step that has passed.
        """
        if change.step < self.step:
            raise ValueError(f"a change before update {change.step} comes too late: {self.step} updates are done")
        insort(self._pending, checked_change(self.spec, change), key=lambda pending: pending.step)
        self._apply_due()

    def _apply_due(self) -> None:
        while self._pending and self._pending[0].step <= self.step:
            change = self._pending.pop(0)
            self.marks += (Mark(self.step, self.epoch, self.seconds, self._describe(change)),)
            if change.target == "batch_size":
                self.batches.batch_size = int(change.value)
            else:
                set_knob(self.optimizer, change.target.removeprefix("optimizer."), change.value)
            self.journal += (change,)

    def _describe(self, change: Change) -> str:
        knobs = {f"optimizer.{knob.name}": knob.label for knob in OPTIMIZERS[self.spec.optimizer.name].knobs}
        label = knobs.get(change.target, "Batch size")
        return f"{label} {self.knobs[change.target]:g} → {change.value:g}"

    def measure(self) -> Record:
        """Measure everything a reader may want to see; training is not disturbed."""
        return measure(self, self._probe)

    def checkpoint(self) -> Checkpoint:
        """Copy the whole state, to come back to with `restore`."""
        return Checkpoint(
            step=self.step,
            seconds=self.seconds,
            place=self.batches.place,
            batch_size=self.batches.batch_size,
            parameters=self.flat.parameter.detach().clone(),
            gradients=self.flat.gradient.clone(),
            before=self.before.clone(),
            buffers={name: buffer.clone() for name, buffer in self.model.named_buffers()},
            optimizer=copy.deepcopy(self.optimizer.state_dict()),
            generator=self.generator.get_state(),
            curve=self.curve.copy(),
            journal=self.journal,
            marks=self.marks,
            pending=self.pending,
            diverged_at=self.diverged_at,
        )

    def restore(self, checkpoint: Checkpoint) -> None:
        """Go back (or on) to a checkpoint of an equal spec; what follows is bit-equal."""
        self.step, self.seconds, self.diverged_at = checkpoint.step, checkpoint.seconds, checkpoint.diverged_at
        self.batches.place = checkpoint.place
        self.batches.batch_size = checkpoint.batch_size
        with torch.no_grad():
            self.flat.parameter.copy_(checkpoint.parameters)
            self.flat.gradient.copy_(checkpoint.gradients)
            self.before.copy_(checkpoint.before)
            for name, buffer in self.model.named_buffers():
                buffer.copy_(checkpoint.buffers[name])
        self.optimizer.load_state_dict(copy.deepcopy(checkpoint.optimizer))
        self.generator.set_state(checkpoint.generator)
        self.curve = checkpoint.curve.copy()
        self.journal, self.marks = checkpoint.journal, checkpoint.marks
        self._pending = list(checkpoint.pending)


def checked_change(spec: ExperimentSpec, change: Change) -> Change:
    """Return a change in its canonical form, or raise ValueError naming what can change."""
    live = {f"optimizer.{knob.name}": knob for knob in OPTIMIZERS[spec.optimizer.name].knobs if knob.live}
    if change.target == "batch_size":
        return replace(change, value=spec.with_(batch_size=_whole(change.value)).batch_size)
    if change.target not in live:
        raise ValueError(f"{change.target!r} cannot change live; choose one of {', '.join([*live, 'batch_size'])}")
    live[change.target].validate(change.value)
    return replace(change, value=float(change.value))


def _whole(value: float) -> Any:
    return int(value) if math.isfinite(value) and value == int(value) else value


def _data(spec: ExperimentSpec, generator: Generator) -> Data:
    entry = DATASETS[spec.dataset.name]
    data = entry.build(generator, **entry.values(spec.dataset))
    if spec.device == "cpu":
        return data
    names = ("train_x", "train_y", "test_x", "test_y")
    return replace(data, **{name: getattr(data, name).to(spec.device) for name in names})


def _model(spec: ExperimentSpec, data: Data, outputs: int, generator: Generator) -> MLP:
    """Build the network on the CPU, so that a seed gives the same weights on every device, and move it."""
    activation = ACTIVATIONS[spec.activation.name]
    entry = MODELS[spec.model.name]
    built = activation.build(**activation.values(spec.activation))
    model = entry.build(data.inputs, outputs, built, **entry.values(spec.model))
    initializer = INITIALIZERS[spec.initializer.name]
    fill = initializer.build(**initializer.values(spec.initializer))
    with torch.no_grad():
        for part in model.layers():
            fill(part.weight, part.bias, generator)
    return model.to(spec.device)


def _optimizer(spec: ExperimentSpec, parameter: nn.Parameter) -> Optimizer:
    entry = OPTIMIZERS[spec.optimizer.name]
    return entry.build([parameter], **entry.values(spec.optimizer))


def plain_step(optimizer: Optimizer) -> Callable[[], object]:
    """Return the optimizer's own `step` without the profiling and grad-mode wrappers around it.

    The wrappers cost more than the update of a small network; call the result under `torch.no_grad`.
    """
    step: Any = type(optimizer).step
    while hasattr(step, "__wrapped__"):
        step = step.__wrapped__
    return partial(step, optimizer)
