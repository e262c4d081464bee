"""The check of gradients: what training goes by, against differences of the loss in double precision."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from time import perf_counter

import torch
from torch import Tensor

from nnviz.catalog.models import MLP
from nnviz.catalog.noise import Noise
from nnviz.records.checked import Checked
from nnviz.training.checks.training import Step
from nnviz.training.copied import Copied
from nnviz.training.experiment import Experiment
from nnviz.training.gradients import by_autograd, gradients_of
from nnviz.training.threads import one_thread

EXAMPLES = 8
WRONG = 1e-2  # relative error from which a gradient is taken for wrong (CS231n); float32 reaches 1e-4 or less
MOST_S = 6.0
_WIDTH = 1e-6  # of a difference, times the weight where that is above 1
_BENT = 1e-2  # relative gap between the slopes of both sides: there is a kink in between
_SMALL = 1e-2  # of the largest gradient of its layer: errors are told relative to no less
_FEW, _MOST = 4, 160  # weights of one parameter, and of all


def gradients(copied: Copied) -> Iterator[Step]:
    """Compare gradients with central differences, at the first weights, for a few weights of every parameter."""
    with one_thread():
        spec = copied.spec.with_(epochs=0)
        experiment = Experiment(spec, copied.origin)
        count = max(EXAMPLES, experiment.batches_each)
        x, target = experiment.data.train_x[:count], experiment.targets[:count]
        found = _by_training(experiment, x, target)
        double = Experiment(spec, experiment.origin)
        loss = _in_double(double, x, target)
    names, parameters = experiment.flat.names, list(double.model.parameters())
    worst, where, kinks, compared, start = 0.0, "", 0, 0, perf_counter()
    for place, (name, gradient, parameter) in enumerate(zip(names, found, parameters, strict=True)):
        with one_thread():
            error, bent, count = _compare(loss, gradient, parameter, max(1, min(_FEW, _MOST // len(names))))
        kinks, compared = kinks + bent, compared + count
        if error > worst or not where:
            worst, where = max(error, worst), name
        if perf_counter() - start > MOST_S:
            break
        yield (place + 1) / len(names)
    values: dict[str, float | str] = {"error": worst, "where": where, "kinks": float(kinks), "count": float(compared)}
    told = "gradients_good" if worst < WRONG else "gradients_wrong"
    yield Checked("gradients", worst < WRONG, told + ("_kinks" if kinks else ""), values)


def _by_training(experiment: Experiment, x: Tensor, target: Tensor) -> list[Tensor]:
    """Return the gradients that training would go by, dropout aside."""
    look = replace(experiment.look, noise=Noise.fixed())
    (turn,) = experiment.task.turns(look)
    experiment.model.eval()
    if isinstance(look.model, MLP):
        gradient = gradients_of(look.model, look.loss, experiment.flat)
    else:
        (player,) = experiment.players
        gradient = by_autograd(turn.loss, player.parameters, player.gradient)
    gradient(x, target)
    return [each.clone() for each in experiment.flat.views(experiment.flat.gradient)]


def _in_double(experiment: Experiment, x: Tensor, target: Tensor) -> Callable[[], float]:
    """Return what gives the loss of an experiment's model, which is turned to double precision."""
    experiment.model.double().eval()
    x = x.double()
    wanted = target.double() if target.is_floating_point() else target

    def loss() -> float:
        (turn,) = experiment.task.turns(replace(experiment.look, noise=Noise.fixed()))
        return float(turn.loss(x, wanted))

    return loss


def _compare(loss: Callable[[], float], gradient: Tensor, parameter: Tensor, few: int) -> tuple[float, int, int]:
    """Return the worst relative error over a few weights, how many were left out at kinks, and how many compared.

    Half of the weights are those with the largest gradients, the others are spread evenly.
    """
    flat, values = gradient.flatten(), parameter.data.view(-1)
    spread = torch.linspace(0, len(flat) - 1, few - few // 2).long()
    largest = flat.abs().topk(min(max(1, few // 2), len(flat))).indices
    places = sorted({*largest.tolist(), *spread.tolist()})
    slopes = {place: _slopes(loss, values, place) for place in places}
    scale = max([float(flat.abs().max()), *(abs(sum(each)) / 2 for each in slopes.values())])
    errors, kinks = [0.0], 0
    for place, (left, right) in slopes.items():
        slope = (left + right) / 2
        if abs(left - right) > _BENT * max(abs(left), abs(right), _SMALL * scale):
            kinks += 1
        else:
            size = max(abs(slope), abs(float(flat[place])), _SMALL * scale)
            errors.append(abs(slope - float(flat[place])) / size if size else 0.0)
    return max(errors), kinks, len(errors) - 1


def _slopes(loss: Callable[[], float], values: Tensor, place: int) -> tuple[float, float]:
    """Return the slopes of the loss to the left and to the right of a weight, which is put back."""
    before, middle = float(values[place]), loss()
    width = _WIDTH * max(1.0, abs(before))
    values[place] = before - width
    left = loss()
    values[place] = before + width
    right = loss()
    values[place] = before
    return (middle - left) / width, (right - middle) / width
