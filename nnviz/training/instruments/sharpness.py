"""How sharply the training loss curves along its steepest direction, beside what the update rule can bear."""

import math

from torch.optim import SGD, Optimizer

from nnviz.catalog.task import ModelContext
from nnviz.records.readings import Sharpness
from nnviz.records.shapes import Question
from nnviz.records.stability import stable_below
from nnviz.training.curvature import Hessian, largest_eigenvalue


def sharpness(look: ModelContext, question: Question) -> Sharpness | None:
    """Return the largest eigenvalue of the training loss's Hessian; None where several players learn, or it is lost."""
    loss = look.state.loss
    if loss is None:
        return None
    hessian = Hessian(loss, list(look.model.parameters()))
    found = largest_eigenvalue(hessian, hessian.gradient)
    limit = limit_of(look.state.optimizers[0])
    return Sharpness(found, limit) if math.isfinite(found) else None


def limit_of(optimizer: Optimizer) -> float | None:
    """Return up to which curvature a rule is stable as its knobs stand; None: no number tells."""
    if not isinstance(optimizer, SGD):
        return None
    group = optimizer.param_groups[0]
    rate, momentum, decay = (float(group[name]) for name in ("lr", "momentum", "weight_decay"))
    return stable_below(rate, momentum, decay, is_nesterov=bool(group["nesterov"]))
