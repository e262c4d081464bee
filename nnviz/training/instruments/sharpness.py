"""How sharply the training loss curves along its steepest direction, beside what the update rule can bear."""

import math

from torch.optim import SGD, Optimizer

from nnviz.catalog.task import ModelContext
from nnviz.records.readings import Sharpness
from nnviz.records.shapes import Question
from nnviz.training.curvature import Hessian, largest_eigenvalue


def sharpness(look: ModelContext, question: Question) -> Sharpness | None:
    """Return the largest eigenvalue of the training loss's Hessian; None where several players learn, or it is lost."""
    loss = look.state.loss
    if loss is None:
        return None
    hessian = Hessian(loss, list(look.model.parameters()))
    found = largest_eigenvalue(hessian, hessian.gradient)
    limit = stable_below(look.state.optimizers[0])
    return Sharpness(found, limit) if math.isfinite(found) else None


def stable_below(optimizer: Optimizer) -> float | None:
    """Return the curvature of a parabola above which a rule overshoots further and further; None: no number tells.

    2 / lr for plain steps, 2 (1 + beta) / lr for a heavy ball, 2 (1 + beta) / (1 + 2 beta) / lr for Nesterov's (Cohen
    et al. 2021, equation 1); weight decay curves the loss itself, so it is taken off.
    """
    if not isinstance(optimizer, SGD):
        return None
    group = optimizer.param_groups[0]
    beta, rate = float(group["momentum"]), float(group["lr"])
    ahead = 1 + 2 * beta if group["nesterov"] else 1.0
    return 2 * (1 + beta) / ahead / rate - float(group["weight_decay"])
