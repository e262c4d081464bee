"""Who learns: each player's parameters with the optimizer that moves them, and the steps of one update."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from torch import Tensor, nn
from torch.optim import Optimizer

from nnviz.catalog import OPTIMIZERS
from nnviz.catalog.clipping import Clipping
from nnviz.catalog.decays import DECAYS, groups_of
from nnviz.catalog.models import MLP
from nnviz.catalog.optimizers import set_knob
from nnviz.catalog.task import ModelContext, Task, UpdateStep
from nnviz.specs.experiment import Choice, ExperimentSpec
from nnviz.training.flat import Flat
from nnviz.training.gradients import Gradients, accumulated, by_autograd, gradients_of

BASE = "initial_lr"  # where torch's own schedulers, too, keep in an optimizer what its rate is made from


@dataclass(frozen=True, slots=True)
class Player:
    """Some parameters and the optimizer that moves them, all within one flat buffer."""

    field: str  # of the spec, and of the targets of its changes
    child: str  # the module whose parameters these are; "": the whole network
    choice: Choice
    optimizer: Optimizer
    parameters: list[Tensor]
    gradient: Tensor  # flat
    clipping: Clipping | None = None

    def turn(self, knob: str, value: float) -> None:
        """Turn a live knob; what is spared from decay stays so."""
        set_knob(self.optimizer, knob, value)
        for group in self.optimizer.param_groups[1:]:
            group["weight_decay"] = 0.0

    @property
    def knobs(self) -> dict[str, float]:
        """Its live targets and their present values."""
        group = dict(self.optimizer.param_groups[0])
        group["lr"] = group.get(BASE, group["lr"])
        if "betas" in group:
            group["beta1"], group["beta2"] = group["betas"]
        entry = OPTIMIZERS[self.choice.name]
        return {f"{self.field}.{knob.name}": float(group[knob.name]) for knob in entry.knobs if knob.live}


def players_of(
    spec: ExperimentSpec, task: Task, model: nn.Module, flat: Flat, clipping: Clipping | None
) -> tuple[Player, ...]:
    """Give each player of a task its part of the flat buffer and its optimizer."""
    return tuple(
        replace(_player(spec, field, child, model, flat), clipping=clipping) for field, child in task.players.items()
    )


def _player(spec: ExperimentSpec, field: str, child: str, model: nn.Module, flat: Flat) -> Player:
    choice, own = spec.optimizer_of(field), model.get_submodule(child) if child else model
    span = flat.span(child)
    gradient, parameter = flat.gradient, flat.parameter
    if child:
        gradient = flat.gradient[span]
        parameter = nn.Parameter(flat.parameter.data[span])
        parameter.grad = gradient
    entry = OPTIMIZERS[choice.name]
    is_parted = DECAYS[spec.decay.name].build()
    optimizer = entry.build(groups_of(own) if is_parted else [parameter], **entry.values(choice))
    return Player(field, child, choice, optimizer, list(own.parameters()), gradient)


Update = Callable[[Tensor, Tensor], tuple[float, ...]]  # one update on (x, target): each player's last loss


def update_of(
    look: ModelContext, task: Task, players: Sequence[Player], flat: Flat, size: Callable[[], int] | None = None
) -> Update:
    """Return what one update does; for a plain MLP in closed form.

    size: the examples in a batch at present, where the gradients of several are added up.
    """
    turns = task.turns(look)
    if len(turns) == 1 and isinstance(look.model, MLP) and look.model.is_plain and size is None:
        return partial(_single, gradients_of(look.model, look.loss, flat), step_of(players[0]))
    by_child = {player.child: place for place, player in enumerate(players)}
    steps = [
        (by_child[turn.player], *_step_of(turn, players[by_child[turn.player]], size), turn.takes) for turn in turns
    ]
    if len(steps) == 1:
        return partial(_single, steps[0][1], steps[0][2])
    return partial(_round, steps, sum(turn.takes for turn in turns), len(players))


def _step_of(
    turn: UpdateStep, player: Player, size: Callable[[], int] | None
) -> tuple[Gradients, Callable[[], object]]:
    if size is not None:
        return accumulated(turn.loss, player.parameters, player.gradient, size), step_of(player)
    return by_autograd(turn.loss, player.parameters, player.gradient), step_of(player)


def _single(gradients: Gradients, step: Callable[[], object], x: Tensor, target: Tensor) -> tuple[float, ...]:
    loss = gradients(x, target).item()
    step()
    return (loss,)


def _round(
    steps: Sequence[tuple[int, Gradients, Callable[[], object], bool]],
    parts: int,
    players: int,
    x: Tensor,
    target: Tensor,
) -> tuple[float, ...]:
    """Take the turns in order; those that use the batch up get equal parts of it, the others its first part.

    An epoch's last batch may be too small for all parts: turns without examples are left out.
    """
    batches = [pair for pair in zip(x.tensor_split(parts), target.tensor_split(parts), strict=True) if len(pair[0])]
    left, losses = iter(batches), [0.0] * players
    for place, gradients, step, takes in steps:
        batch = next(left, None) if takes else batches[0]
        if batch is not None:
            losses[place] = gradients(*batch).item()
            step()
    return tuple(losses)


def step_of(player: Player) -> Callable[[], object]:
    """Return what comes after a player's gradients: its optimizer's step, behind their bound where there is one."""
    step = plain_step(player.optimizer)
    return step if player.clipping is None else partial(_clipped, player.clipping, player.parameters, step)


def _clipped(clipping: Clipping, parameters: Sequence[Tensor], step: Callable[[], object]) -> None:
    clipping(parameters)
    step()


def plain_step(optimizer: Optimizer) -> Callable[[], object]:
    """Return the optimizer's own `step` without the profiling and grad-mode wrappers around it.

    The wrappers cost more than the update of a small network; call the result under `torch.no_grad`.
    """
    step: Any = type(optimizer).step
    while hasattr(step, "__wrapped__"):
        step = step.__wrapped__
    return partial(step, optimizer)
