"""Checks that train a little: ten examples by heart, and with and without the inputs."""

from collections.abc import Iterator
from dataclasses import replace
from time import perf_counter

import torch
from torch import Tensor

from nnviz.catalog.data import Data
from nnviz.records.checked import Checked
from nnviz.training.checks.chance import answers, chance, guesses, loss_on, share, surety
from nnviz.training.copied import Copied
from nnviz.training.experiment import Experiment
from nnviz.training.origin import Origin

TEN = 10  # examples to learn by heart
KNOWN = 0.05  # part of a guess's cost below which they are
STUCK = 0.9  # part of it, or of what there was at first, above which nothing was learnt
BETTER = 0.8  # part of it, or of what a network without inputs reaches, below which the inputs are of use
MOST_UPDATES, MOST_S = 4000, 8.0  # of one check; whichever comes first
LITTLE = 0.9  # the same, where time is up; above that, labels that fit by accident can do as well
SURE, SURE_EARLY = 3.0, 4.0  # standard errors: at the end, and where one has looked many times
IN_A_ROW, LAST = 4, 8  # looks that must all be clear, and looks averaged at the end: what one update did sways one look
_LOOK = 1 / 40  # of the time that a check may take, between two looks
_EVERY = 25  # updates between two looks, fewer where they take long
_PATIENT_S = 0.02  # of one piece of work
_LOOKED_AT = 2000  # test examples
Step = Checked | float  # what was found, or how far it is


def by_heart(copied: Copied) -> Iterator[Step]:
    """Learn ten examples by heart, with the network, loss, optimizer and rate of a spec."""
    origin = copied.origin or Origin.of(copied.spec)
    ten = torch.linspace(0, len(origin.targets) - 1, min(TEN, len(origin.targets))).long().to(origin.targets.device)
    data = replace(origin.data, train_x=origin.data.train_x[ten], train_y=origin.data.train_y[ten])
    own = replace(origin, data=data, targets=origin.targets[ten])
    size = min(copied.spec.batch_size, len(ten))
    experiment = Experiment(copied.spec.with_(batch_size=size, epochs=0), own)
    guessed = chance(own.loss, own.targets, experiment.task.outputs(data, own.loss))
    left = first = share(own.loss, loss_on(experiment, data.train_x, own.targets), guessed)
    for done in _bouts(experiment):
        left = share(own.loss, loss_on(experiment, data.train_x, own.targets), guessed)
        if left < KNOWN or experiment.diverged_at is not None:
            break
        yield done
    yield _heart_verdict(experiment, left, first)


def _heart_verdict(experiment: Experiment, left: float, first: float) -> Checked:
    values = {"left": 100 * left, "updates": float(experiment.step)}
    if experiment.diverged_at is not None:
        return Checked("by_heart", False, "heart_diverged", values)
    told = "heart_good" if left < KNOWN else "heart_stuck" if left > STUCK * min(1.0, first) else "heart_slow"
    return Checked("by_heart", left < KNOWN, told, values)


def inputs(copied: Copied) -> Iterator[Step]:
    """Train with the inputs and, from the same weights, with the same blank input for all: that must be clearly worse.

    Judged on test examples, since a network that learns by heart needs no sense in its inputs.
    """
    pair = _Pair(copied)
    for done in _bouts(pair.seeing, pair.blind):
        if pair.is_due(done) and (pair.is_clear() or pair.seeing.diverged_at is not None):
            break
        yield done
    yield pair.verdict()


class _Pair:
    """A network that sees its inputs, and one that begins alike and does not."""

    def __init__(self, copied: Copied) -> None:
        origin = copied.origin or Origin.of(copied.spec)
        spec, blank = copied.spec.with_(epochs=0), blanked(origin.data)
        self.seeing, self.blind = Experiment(spec, origin), Experiment(spec, replace(origin, data=blank))
        count = min(_LOOKED_AT, self.seeing.family.measured)
        self._x, self._blank = origin.data.test_x[:count], blank.test_x[:count]
        self._target = self.seeing.task.target(self._x, origin.data.test_y[:count], origin.data, origin.loss)
        self._guesses = guesses(origin.loss, self._target, self.seeing.task.outputs(origin.data, origin.loss))
        self._loss, self._looked_at = origin.loss, 0.0
        self._looks: list[tuple[float, float]] = []
        self._clear = 0  # looks in a row

    def is_due(self, done: float) -> bool:
        """Look now and then: that costs as much as many updates."""
        if done - self._looked_at < _LOOK:
            return False
        self._looked_at = done
        return True

    def is_clear(self) -> bool:
        """Look, and tell whether nobody need look further."""
        seen, blind = self.look()
        is_clear = seen < BETTER * min(1.0, blind) and self._surety() > SURE_EARLY
        self._clear = self._clear + 1 if is_clear else 0
        return self._clear >= IN_A_ROW

    def look(self) -> tuple[float, float]:
        """Tell what part of a guess's cost is left to each."""
        guessed = self._loss.value(self._guesses, self._target).item()
        losses = loss_on(self.seeing, self._x, self._target), loss_on(self.blind, self._blank, self._target)
        seen, blind = (share(self._loss, loss, guessed) for loss in losses)
        self._looks.append((seen, blind))
        return seen, blind

    def _left(self) -> tuple[float, float]:
        """Return what is left to each over the last looks."""
        looks = self._looks[-IN_A_ROW if self._clear >= IN_A_ROW else -LAST :]
        seen, blind = (sum(each) / len(looks) for each in zip(*looks, strict=True))
        return seen, blind

    def _surety(self) -> float:
        return surety(self._loss, answers(self.seeing, self._x), self._guesses, self._target)

    def verdict(self) -> Checked:
        """Judge both by their last looks."""
        self.look()
        seen, blind = self._left()
        values = {"seen": 100 * seen, "blind": 100 * blind, "updates": float(self.seeing.step)}
        if self.seeing.diverged_at is not None:
            return Checked("inputs", False, "inputs_diverged", values)
        if blind < BETTER:
            return Checked("inputs", False, "inputs_leak", values)
        if seen < BETTER * min(1.0, blind) and self._surety() > SURE:
            return Checked("inputs", True, "inputs_good", values)
        is_good = seen < LITTLE * min(1.0, blind) and self._surety() > SURE
        return Checked("inputs", is_good, "inputs_little" if is_good else "inputs_useless", values)


def blanked(data: Data) -> Data:
    """Put the mean of the training inputs in the place of every input; of characters, the nearest one."""
    row = data.train_x.mean(0, keepdim=True)
    if data.sequence and data.classes:
        row = row.round()
    return replace(data, train_x=_all(row, data.train_x), test_x=_all(row, data.test_x))


def _all(row: Tensor, like: Tensor) -> Tensor:
    return row.expand_as(like).contiguous()


def _bouts(*experiments: Experiment) -> Iterator[float]:
    """Train for as long as a check may take, a few updates at a time; yield how far it is."""
    size, done, start = 1, 0, perf_counter()
    while done < MOST_UPDATES and (spent := perf_counter() - start) < MOST_S:
        began = perf_counter()
        for experiment in experiments:
            experiment.advance(size)
        done += size
        size = min(_EVERY, 2 * size) if perf_counter() - began < _PATIENT_S else max(1, size // 2)
        yield max(done / MOST_UPDATES, spent / MOST_S)
