"""A record of a network in training: how well it does, and what the instruments find, taken without disturbing it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from functools import partial

from torch import Tensor, nn

from nnviz.catalog.noise import Noise
from nnviz.catalog.task import ModelContext, Verdict
from nnviz.catalog.training_state import Objective, TrainingState
from nnviz.records.run import Evaluation, Record
from nnviz.records.tier import Tier
from nnviz.training.experiment import Experiment
from nnviz.training.instruments import INSTRUMENTS, INSTRUMENTS_OF_ALL
from nnviz.training.instruments.taking import taken
from nnviz.training.rivals import rivals_of
from nnviz.training.threads import one_thread

LOSSES = "losses"  # what needs no instrument
PROBED = 256  # test examples whose activations are shown
EXAMPLES = 256  # training examples whose gradients are looked at
DIFFERENTIATED = 512  # those whose loss is differentiated twice
_NOTHING = Verdict(math.nan)


class Detail:
    """Sets of what a record holds, to be taken together: names of instruments, and "losses"."""

    SCORES = frozenset({LOSSES})  # losses and accuracies
    LAYERS = frozenset({"layers"})  # the layers' histograms alone; losses are nan
    FULL = SCORES | {name for name, each in INSTRUMENTS.items() if each.tier == Tier.ECONOMY and not each.is_copy}
    WHOLE = FULL | {name for name, each in INSTRUMENTS.items() if each.is_copy}  # and a copy of every parameter


def at_tier(detail: frozenset[str], tier: Tier) -> frozenset[str]:
    """Return what a record holds that costs up to a tier: what it holds anyway, and what is measured layer by layer."""
    tiers = list(Tier)
    added = tiers[1 : tiers.index(tier) + 1]
    also = {"parameters", "dead_units"} if added else set()
    return detail | also | {name for name, each in INSTRUMENTS.items() if each.tier in added}


class Observer:
    """Measures one experiment again and again, which it does not disturb: fixed examples and targets.

    `like` is an observer of an experiment with the same data, whose targets are shared.
    """

    def __init__(self, experiment: Experiment, like: Observer | None = None) -> None:
        data, loss, task = experiment.data, experiment.loss, experiment.task
        count = experiment.family.measured
        self.experiment = experiment
        self._train = data.train_x[:count], data.train_y[:count], experiment.targets[:count]
        target: Tensor = like._test[2] if like else task.target(data.test_x, data.test_y, data, loss)
        self._test: tuple[Tensor, Tensor, Tensor] = data.test_x, data.test_y, target
        self._examples = self._test[0].shape[0], self._train[0].shape[0]  # len() of a tensor is a slow call
        self._offered = (*INSTRUMENTS_OF_ALL, *experiment.family.instruments)

    def measure(self, detail: frozenset[str] = Detail.FULL) -> Record:
        """Measure what a reader may want to see: by default losses and what every instrument finds."""
        experiment = self.experiment
        with one_thread(), _evaluating(experiment.model):
            is_judged = LOSSES in detail
            train = self._judge(self._train) if is_judged else _NOTHING
            test = self._judge(self._test) if is_judged else _NOTHING
            names = [name for name in self._offered if name in detail]
            readings = taken(names, in_training(experiment, test.answers, self._ask)) if names else {}
            return Record(
                step=experiment.step,
                epoch=experiment.epoch,
                seconds=experiment.seconds,
                train_loss=train.loss,
                test_loss=test.loss,
                train_accuracy=train.accuracy,
                test_accuracy=test.accuracy,
                readings=readings,
                kept=frozenset(name for name in readings if INSTRUMENTS[name].is_kept),
                scores=test.scores,
            )

    def evaluate(self, *, with_train: bool) -> Evaluation:
        """Judge it on the test examples, or on both kinds; there is nothing to look at."""
        with one_thread(), _evaluating(self.experiment.model):
            test = self._judge(self._test)
            train = self._judge(self._train) if with_train else None
            return Evaluation(
                step=self.experiment.step,
                epoch=self.experiment.epoch,
                seconds=self.experiment.seconds,
                test_loss=test.loss,
                test_accuracy=test.accuracy,
                train_loss=train.loss if train else None,
                train_accuracy=train.accuracy if train else None,
                scores=test.scores,
            )

    def examples_to_evaluate(self, *, with_train: bool) -> int:
        """Count the examples that `evaluate` looks at."""
        test, train = self._examples
        return test + (train if with_train else 0)

    def _ask(self, count: int) -> Tensor | None:
        """Return the answers to the first test examples."""
        x, y, target = (part[:count] for part in self._test)
        return self._judge((x, y, target)).answers if self.experiment.task.is_scored else None

    def _judge(self, examples: tuple[Tensor, Tensor, Tensor]) -> Verdict:
        averages = self.experiment.averages
        with averages.in_place() if averages else nullcontext():
            return self.experiment.task.evaluate(_look(self.experiment), *examples)


def _look(experiment: Experiment) -> ModelContext:
    """Return the network with draws that are the same for every question and at every moment."""
    return replace(experiment.look, noise=Noise.fixed())


@contextmanager
def _evaluating(model: nn.Module) -> Iterator[None]:
    model.eval()
    try:
        yield
    finally:
        model.train()


def in_training(
    experiment: Experiment,
    answers: Tensor | None = None,
    ask: Callable[[int], Tensor | None] = lambda count: None,
) -> ModelContext:
    """Return an experiment's network with what its last update left; `answers` are those to all test examples.

    ask: gives those to the first few.
    """
    flat, look = experiment.flat, _look(experiment)
    state = TrainingState(
        step=experiment.step,
        names=flat.names,
        now=flat.views(flat.parameter.detach()),
        start=flat.views(experiment.start),
        before=flat.views(experiment.before),
        gradient=flat.views(flat.gradient),
        optimizers=[player.optimizer for player in experiment.players],
        layers=experiment.layers,
        send=partial(experiment.task.send, look),
        probe=experiment.data.test_x[:PROBED],
        answers=answers,
        former=None if experiment.former is None else flat.views(experiment.former),
        objective=_objective(experiment),
        rivals=rivals_of(experiment, partial(_look, experiment), _gradient_examples(experiment)),
        loss=_loss(experiment),
        ask=ask,
    )
    return replace(look, training=state)


def _objective(experiment: Experiment) -> Objective | None:
    """Return what an update makes small; None where it takes several steps, each with a loss of its own."""
    task = experiment.task
    if len(task.turns(_look(experiment))) != 1:
        return None

    def loss(x: Tensor, target: Tensor) -> Tensor:
        return task.turns(_look(experiment))[0].loss(x, target)

    return Objective(loss, experiment.batches.last(), _gradient_examples(experiment))


def _gradient_examples(experiment: Experiment) -> tuple[Tensor, Tensor]:
    return experiment.data.train_x[:EXAMPLES], experiment.targets[:EXAMPLES]


def _loss(experiment: Experiment) -> Callable[[], Tensor] | None:
    """Return what gives the loss of the first training examples with its graph, where one player learns."""
    steps = experiment.task.turns(_look(experiment))
    x, target = experiment.data.train_x[:DIFFERENTIATED], experiment.targets[:DIFFERENTIATED]
    return partial(steps[0].loss, x, target) if len(steps) == 1 else None
