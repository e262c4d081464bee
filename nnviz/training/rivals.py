"""What each of several networks that learn against each other makes small, for whoever measures them."""

from collections.abc import Callable
from functools import partial

from torch import Tensor

from nnviz.catalog.task import ModelContext
from nnviz.catalog.training_state import Loss, Objective, Rival
from nnviz.training.experiment import Experiment

Pair = tuple[Tensor, Tensor]


def rivals_of(experiment: Experiment, look: Callable[[], ModelContext], examples: Pair) -> tuple[Rival, ...]:
    """List the players of an update in the order of their steps; none where one network learns alone.

    look: gives the network with draws from their beginning.
    """
    if len(experiment.players) < 2:
        return ()
    turns = [turn.player for turn in experiment.task.turns(look())]
    order = list(dict.fromkeys(turns))
    own = {player: _places(experiment, player) for player in order}
    return tuple(
        Rival(
            name=player,
            own=own[player],
            later=frozenset().union(*(own[each] for each in order[at + 1 :])),
            steps=turns.count(player),
            begin=partial(_begin, experiment, look, turns.index(player)),
            objective=Objective(
                partial(_afresh, experiment, look, turns.index(player)), _first_part(experiment, look()), examples
            ),
        )
        for at, player in enumerate(order)
    )


def _places(experiment: Experiment, player: str) -> frozenset[int]:
    """Return where a player's parameters stand among all."""
    return frozenset(at for at, name in enumerate(experiment.flat.names) if name.startswith(f"{player}."))


def _begin(experiment: Experiment, look: Callable[[], ModelContext], place: int) -> Loss:
    return experiment.task.turns(look())[place].loss


def _afresh(experiment: Experiment, look: Callable[[], ModelContext], place: int, x: Tensor, target: Tensor) -> Tensor:
    """Return a loss with the same draws each time."""
    return _begin(experiment, look, place)(x, target)


def _first_part(experiment: Experiment, look: ModelContext) -> Pair | None:
    """Return that part of the last batch from which the first step of an update learnt."""
    last = experiment.batches.last()
    if last is None:
        return None
    parts = sum(turn.takes for turn in experiment.task.turns(look))
    x, target = (part.tensor_split(parts)[0] for part in last)
    return (x, target) if len(x) else None
