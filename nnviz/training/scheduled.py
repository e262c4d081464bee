"""The learning rates of an experiment's players while a schedule runs: base rates times its factors."""

from collections.abc import Iterable, Sequence
from typing import Any

from torch import Tensor

from nnviz.catalog.plateau import Plateau
from nnviz.catalog.schedules import Schedule, schedule_of
from nnviz.specs.experiment import Change, ExperimentSpec
from nnviz.training.curve import LossCurve
from nnviz.training.players import BASE, Player, Update

_HEARD = ("factor", "best", "bad", "total", "count")  # what one that hears losses remembers


class Scheduled:
    """Sets every player's learning rate before each update, and lets a schedule that hears know its loss after it.

    All players follow the same schedule; one that hears losses hears each player's own.  curve: where the rates of
    updates are kept.
    """

    def __init__(self, schedule: Schedule, players: Sequence[Player], update: Update, curve: LossCurve) -> None:
        self._groups: list[dict[str, Any]] = [player.optimizer.param_groups[0] for player in players]
        self._optimizers = [player.optimizer for player in players]
        self._update, self.curve = update, curve
        for group in self._groups:
            group[BASE] = group["lr"]
        self.step = 0  # updates done
        self.begin(schedule)

    def begin(self, schedule: Schedule) -> None:
        """Follow a schedule from the first update on."""
        self._schedule = schedule
        self._heard: list[Plateau] = [schedule.rule(**schedule.given) for _ in self._groups] if schedule.hears else []

    @property
    def rates(self) -> tuple[float, ...]:
        """The rates of the next update, player by player."""
        if self._heard:
            factors = [heard.factor for heard in self._heard]
        else:
            factors = [self._schedule.factor(self.step)] * len(self._groups)
        return tuple(group[BASE] * factor for group, factor in zip(self._groups, factors, strict=True))

    def learn(self, x: Tensor, target: Tensor) -> tuple[float, ...]:
        """Do one update at the rates of its moment."""
        rates = self.rates
        for optimizer, rate in zip(self._optimizers, rates, strict=True):
            for group in optimizer.param_groups:
                group["lr"] = rate
        losses = self._update(x, target)
        self.step += 1
        self.curve.note_rates(self.step, rates)
        for heard, loss in zip(self._heard, losses, strict=False):
            heard.hear(loss)
        return losses

    @property
    def state(self) -> tuple[tuple[float, ...], ...]:
        """What it has heard, to be kept; the base rates are in the optimizers."""
        return tuple(tuple(getattr(heard, name) for name in _HEARD) for heard in self._heard)

    def restore(self, step: int, curve: LossCurve, state: Sequence[Sequence[float]]) -> None:
        """Go on from a moment."""
        self.step, self.curve = step, curve
        self._groups = [optimizer.param_groups[0] for optimizer in self._optimizers]  # torch has put others there
        for heard, values in zip(self._heard, state, strict=True):
            for name, value in zip(_HEARD, values, strict=True):
                setattr(heard, name, value)


def schedule_from(spec: ExperimentSpec, journal: Iterable[Change], examples: int, batches_each: int) -> Schedule:
    """Return a spec's schedule, counted in updates of the batch size that its run begins with."""
    begun = [change.value for change in journal if change.target == "batch_size" and change.step == 0]
    size = batches_each * int(begun[-1] if begun else spec.batch_size)
    return schedule_of(spec, -(-examples // size))
