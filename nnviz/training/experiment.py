"""One network in training, advanced by whoever holds it."""

import copy
import math
from bisect import insort
from time import perf_counter, thread_time

import torch
from torch import Tensor
from torch.optim import Optimizer

from nnviz.catalog import MODELS, check_change, check_spec, label_of, weight_place
from nnviz.catalog.averages import averaging_of
from nnviz.catalog.choices import knob_of
from nnviz.catalog.clipping import clipping_of
from nnviz.catalog.noise import draw_from
from nnviz.catalog.orders import ORDERS
from nnviz.catalog.parts import parts_of
from nnviz.catalog.schedules import Schedule, is_constant
from nnviz.catalog.task import ModelContext
from nnviz.records.run import Mark
from nnviz.specs.experiment import Change, ExperimentSpec
from nnviz.training.averages import Averages
from nnviz.training.batches import Batches
from nnviz.training.checkpoint import Checkpoint
from nnviz.training.curve import LossCurve
from nnviz.training.flat import Flat
from nnviz.training.loss_log import LossLog
from nnviz.training.origin import Origin
from nnviz.training.players import BASE, players_of, update_of
from nnviz.training.scheduled import Scheduled, schedule_from
from nnviz.training.threads import one_thread
from nnviz.words import errors, messages
from nnviz.words.language import Message, message


class Experiment:
    """A spec made real: data, network, loss and optimizer, with one generator for every random draw.

    The generator, seeded with `spec.seed`, draws the data first, then the weights layer by layer, then one
    permutation of the training examples for each epoch; what a network draws while it learns (dropout, samples) comes
    from `noise`, seeded alike, so that it changes no batch.  Building one sets this process to one torch thread:
    kernels on several threads add in another order, so a loop written by hand would not round alike.

    `like` is an experiment that begins with the same data and weights (one that differs in optimizer, batch size or
    epochs only), or that beginning itself: they are shared rather than made again.  Raises ValueError where it begins
    elsewhere.
    """

    def __init__(self, spec: ExperimentSpec, like: "Experiment | Origin | None" = None) -> None:
        torch.set_num_threads(1)
        self.spec = check_spec(spec)
        self.origin = _origin(self.spec, like)
        self.generator = self.origin.generator()
        self.data, self.loss, self.targets = self.origin.data, self.origin.loss, self.origin.targets
        self.model = self.origin.model()
        self.noise = self.origin.noise()
        draw_from(self.model, self.noise)
        self.family, self.task = MODELS[self.spec.model.name], MODELS[self.spec.model.name].task
        self.flat = Flat(self.model)
        self.layers = parts_of(self.model)
        self.look = ModelContext(self.model, self.data, self.loss, self.family.values(self.spec.model), self.noise)
        self.clipping = clipping_of(self.spec)
        self.players = players_of(self.spec, self.task, self.model, self.flat, self.clipping)
        self.start = self.flat.parameter.detach().clone()
        self.before = self.start.clone()  # the weights before the last update
        self.former: Tensor | None = None  # the gradient before the last one, where somebody asks for it
        self.batches_each = spec.accumulate * self.task.batches(self.look.knobs)  # of one update
        size = self.batches_each * spec.batch_size
        self.batches = Batches(self.data.train_x, self.targets, size, self.generator, self._order())
        self.curve, self.losses = LossCurve(len(self.players)), LossLog(len(self.players))
        self.step = 0
        self.seconds = 0.0  # spent in updates
        self.diverged_at: int | None = None
        self.hands = 0  # weights set by hand so far: what was measured of this step before is out of date
        self.journal: tuple[Change, ...] = ()
        self.marks: tuple[Mark, ...] = ()
        self._pending: list[Change] = []
        learn = update_of(self.look, self.task, self.players, self.flat, self._size if spec.accumulate > 1 else None)
        averaging = averaging_of(self.spec)
        self.averages = None if averaging is None else Averages(averaging, self.flat.parameter)
        self._learn = learn if self.averages is None else self.averages.after(learn)
        self.scheduled: Scheduled | None = None  # rates are what the sliders say
        if not is_constant(spec):
            self.scheduled = Scheduled(self._schedule, self.players, self._learn, self.curve)
            self._learn = self.scheduled.learn
        # The processor's time of this thread leaves out what others do meanwhile; a device keeps its own time.
        self._clock = thread_time if spec.device == "cpu" else perf_counter

    def _order(self) -> Tensor | None:
        """Return the order of the examples where it is not drawn."""
        order = ORDERS[self.spec.order.name].build()
        return None if order is None else order(self.data.train_y)

    @property
    def _schedule(self) -> Schedule:
        return schedule_from(self.spec, self.journal, self.batches.examples, self.batches_each)

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
        values = {target: value for player in self.players for target, value in player.knobs.items()}
        if self.clipping is not None:
            values["clipping.max"] = self.clipping.max
        return {**values, "batch_size": float(self._size())}

    def _size(self) -> int:
        return self.batches.batch_size // self.batches_each

    @property
    def optimizer(self) -> Optimizer:
        """The optimizer of the first player, in most networks the only one."""
        return self.players[0].optimizer

    def advance(self, updates: int) -> int:
        """Do up to that many updates, fewer when the experiment ends; return how many were done."""
        start, clock, seconds = self.step, self._clock(), self.seconds
        goal = start + updates
        with one_thread():
            while self.step < goal and not self.is_over:
                self._apply_due()
                self._run_to(min(goal, self._next_stop()), clock - seconds)
        self.seconds = seconds + self._clock() - clock
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
                if self.former is not None:
                    self.former.copy_(self.flat.gradient)
            self._update(zero)
        if self.step < until:
            self.before.fill_(math.nan)  # it diverged on the way: the weights before that update are gone
            if self.former is not None:
                self.former.fill_(math.nan)

    def keep_former(self, is_kept: bool) -> None:
        """Keep from now on the gradient before the last one, too, or let go of it: it costs a copy a measuring."""
        if is_kept and self.former is None:
            self.former = torch.full_like(self.flat.gradient, math.nan)
        elif not is_kept:
            self.former = None

    def _update(self, zero: float) -> None:
        x, target = self.batches.next()
        losses = self._learn(x, target)
        self.step += 1
        if self.step % self.curve.stride == 0:
            self.curve.add(self.step, self.batches.epoch, self._clock() - zero, *losses)
        else:
            self.curve.skip(losses)
        self.losses.add(losses)
        if not all(map(math.isfinite, losses)):
            self.diverged_at = self.step

    def apply(self, change: Change) -> None:
        """Take a change that holds before update `change.step`, now or later.

        Raises ValueError for an unknown target, a value out of range or a step that has passed.
        """
        if change.step < self.step:
            raise ValueError(message(errors.RUNS["late"], step=change.step, done=self.step))
        insort(self._pending, check_change(self.spec, change), key=lambda pending: pending.step)
        self._apply_due()

    def _apply_due(self) -> None:
        while self._pending and self._pending[0].step <= self.step:
            change = self._pending.pop(0)
            self.marks += (Mark(self.step, self.epoch, self.seconds, self._describe(change)),)
            self.journal += (change,)
            self._set(change)

    def _set(self, change: Change) -> None:
        if change.target == "batch_size":
            self.batches.batch_size = self.batches_each * int(change.value)
            if self.scheduled and not self.step:  # an epoch has so many updates from the first one on
                self.scheduled.begin(self._schedule)
        elif weight_place(change.target) is not None:
            self._weight(self.flat.parameter.data, change.target).fill_(change.value)
            self._weight(self.before, change.target).fill_(change.value)  # no update has done this
            self.hands += 1
        elif change.target == "clipping.max" and self.clipping is not None:
            self.clipping.max = change.value
        else:
            field, _, knob = change.target.partition(".")
            knob = BASE if knob == "lr" and self.scheduled else knob
            next(each for each in self.players if each.field == field).turn(knob, change.value)

    def _weight(self, buffer: Tensor, target: str) -> Tensor:
        """Return one weight's place in a buffer of parameters, as a view."""
        layer, row, column = weight_place(target) or (0, 0, 0)
        place = self.flat.names.index(f"lin_{layer}.weight")
        return self.flat.views(buffer)[place][row, column]

    def _describe(self, change: Change) -> Message:
        label, target = label_of(self.spec, change.target), change.target
        before = self.knobs.get(target)
        if before is None:
            before = float(self._weight(self.flat.parameter.data, target))
        return message(messages.CHANGE["from_to"], knob=label, before=before, after=change.value)

    def settle(self) -> None:
        """Take the changes planned for before the next update now."""
        if not self.is_over:
            self._apply_due()

    def checkpoint(self, *, with_curve: bool = True) -> Checkpoint:
        """Copy the whole state, to come back to with `restore`; the curve is far larger than a small network."""
        return Checkpoint(
            step=self.step,
            seconds=self.seconds,
            place=self.batches.place,
            batch_size=self.batches.batch_size,
            parameters=self.flat.parameter.detach().clone(),
            gradients=self.flat.gradient.clone(),
            before=self.before.clone(),
            buffers={name: buffer.clone() for name, buffer in self.model.named_buffers()},
            optimizers=tuple(copy.deepcopy(player.optimizer.state_dict()) for player in self.players),
            generator=self.generator.get_state(),
            noise=self.noise.state,
            curve=self.curve.copy() if with_curve else None,
            journal=self.journal,
            marks=self.marks,
            pending=self.pending,
            diverged_at=self.diverged_at,
            schedule=self.scheduled.state if self.scheduled else (),
            former=None if self.former is None else self.former.clone(),
            averages=None if self.averages is None else self.averages.values.clone(),
        )

    def restore(self, checkpoint: Checkpoint) -> None:
        """Go back (or on) to a checkpoint of an equal spec; what follows is bit-equal.

        The spec may have another optimizer where the checkpoint has no memory of one.
        """
        self.step, self.seconds, self.diverged_at = checkpoint.step, checkpoint.seconds, checkpoint.diverged_at
        self.losses.go_to(checkpoint.step)
        self.batches.batch_size = checkpoint.batch_size
        self.batches.place = checkpoint.place
        with torch.no_grad():
            self.flat.parameter.copy_(checkpoint.parameters)
            self.flat.gradient.copy_(checkpoint.gradients)
            self.before.copy_(checkpoint.before)
            self.keep_former(self.former is not None or checkpoint.former is not None)
            if self.former is not None:
                self.former.fill_(math.nan) if checkpoint.former is None else self.former.copy_(checkpoint.former)
            if self.averages is not None:
                self.averages.go_to(checkpoint.step, checkpoint.averages)
            for name, buffer in self.model.named_buffers():
                buffer.copy_(checkpoint.buffers[name])
        states = zip(self.players, checkpoint.optimizers, strict=True)
        for player, state in ((player, state) for player, state in states if state):
            player.optimizer.load_state_dict(copy.deepcopy(state))
        self.generator.set_state(checkpoint.generator)
        self.noise.state = checkpoint.noise
        if checkpoint.curve is not None:
            self.curve = checkpoint.curve.copy()
        self.journal, self.marks = checkpoint.journal, checkpoint.marks
        if self.clipping is not None:
            bounds = [change.value for change in self.journal if change.target == "clipping.max"]
            self.clipping.max = bounds[-1] if bounds else knob_of(self.spec, "clipping.max")
        self._pending = list(checkpoint.pending)
        if self.scheduled:
            self.scheduled.begin(self._schedule)
            self.scheduled.restore(self.step, self.curve, checkpoint.schedule)


def _origin(spec: ExperimentSpec, like: Experiment | Origin | None) -> Origin:
    if like is None:
        return Origin.of(spec)
    origin = like if isinstance(like, Origin) else like.origin
    if not origin.fits(spec):
        raise ValueError(message(errors.RUNS["elsewhere"], spec=spec, like=like.spec))
    return origin
