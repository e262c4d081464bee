"""Gradient descent by hand: a line through points, its loss, its gradients term by term, and its way down."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from nnviz.lessons.descent_by_hand.results import Fit, Found, Step
from nnviz.lessons.descent_by_hand.study_data import EDGE, MOST, made
from nnviz.lessons.descent_by_hand.study_walk import Walk, batches, walk
from nnviz.records.descent import Terrain
from nnviz.specs.lesson import LessonState, Pairs, choice, number, pairs, whole
from nnviz.training.threads import one_thread

MOST_STEPS = 200
REACH = 4.0  # w and b are shown from minus to plus this
GRID = 61  # columns and rows of the bowl
BATCHES: Mapping[str, int] = {"full": MOST, "mini": 4, "one": 1}
_SETTLED = 20  # steps that the task on jitter looks at


@dataclass(frozen=True)
class State(LessonState):
    """The samples, where the descent begins, how it steps and how far it has come."""

    points: tuple[tuple[float, float], ...] = pairs((), -EDGE, EDGE, least=0, most=MOST)  # moved by hand; none: as made
    slope: float = number(0.8, -1.5, 1.5, step=0.05)
    noise: float = number(0.8, 0, 2, step=0.05)
    count: int = whole(14, 2, 40)
    outliers: int = whole(0, 0, 5)
    seed: int = whole(4, 0, 999)
    w: float = number(-2.5, -REACH, REACH)
    b: float = number(3, -REACH, REACH)
    lr: float = number(0.06, 0.001, 2, is_log=True)
    batch: str = choice("full", list(BATCHES))
    step: int = whole(20, 0, MOST_STEPS)
    chosen: int = whole(2, 0, MOST - 1)


def study(state: State) -> Found:
    """Walk as far as the state says, and look at the next step."""
    with one_thread():
        return _found(state)


def _found(state: State) -> Found:
    fresh = _made(state)
    points = torch.tensor(state.points, dtype=torch.float64) if state.points else fresh
    x, y = points.unbind(1)
    order = batches(len(x), BATCHES[state.batch], state.seed)
    walked = walk(x, y, (state.w, state.b), state.lr, order, state.step)
    w, b = walked.path.unbind(1)
    fit = _fit(x, y)
    return Found(
        x=x.numpy(),
        y=y.numpy(),
        chosen=min(state.chosen, len(x) - 1),
        fit=fit,
        made_slope=_line(*fresh.unbind(1))[0],
        moved=_moved(points, fresh),
        path=walked.path.numpy(),
        losses=_losses(x, y, w, b).numpy(),
        batch_losses=walked.batch_losses.numpy(),
        is_whole=BATCHES[state.batch] >= len(x),
        lost_at=walked.lost_at,
        step=_step(x, y, walked),
    )


def samples(state: State) -> Pairs:
    """Return the samples in use as the state would hold them, so that a hand can change one of them."""
    return state.points or tuple((x, y) for x, y in _made(state).tolist())


def _made(state: State) -> Tensor:
    return made(state.slope, state.noise, state.count, state.outliers, state.seed)


def _moved(points: Tensor, fresh: Tensor) -> int:
    if points.shape != fresh.shape:
        return max(len(points), len(fresh))
    return int((points != fresh).any(1).sum())


def _losses(x: Tensor, y: Tensor, w: Tensor, b: Tensor) -> Tensor:
    """Return the mean squared error over all samples at places of any shape."""
    return (y - w[..., None] * x - b[..., None]).square().mean(-1)


def _step(x: Tensor, y: Tensor, walked: Walk) -> Step:
    """Derive the next step's gradient by hand: minus two over N times the sum of error times x, or times 1."""
    w, b = walked.path[-1]
    predictions = w * x + b
    errors = y - predictions
    batch = walked.batch
    counted = torch.zeros_like(x)
    counted[batch] = -2 / len(batch)
    terms = torch.stack([counted * errors * x, counted * errors], 1)
    by_hand, by_torch, after = (tuple(part.tolist()) for part in (terms.sum(0), walked.gradient, walked.after))
    return Step(
        float(w), float(b), batch.numpy(), predictions.numpy(), errors.numpy(), terms.numpy(),
        float(errors[batch].square().mean()), by_hand, by_torch, after,
    )  # fmt: skip


def _fit(x: Tensor, y: Tensor) -> Fit:
    w, b = _line(x, y)
    least = float((y - w * x - b).square().mean())
    total = x.sum()
    hessian = 2 / len(x) * torch.stack([x.square().sum(), total, total, torch.tensor(float(len(x)))]).reshape(2, 2)
    curvature = float(torch.linalg.eigvalsh(hessian)[-1])
    return Fit(w, b, least, hessian.numpy(), curvature, _terrain(x, y, (w, b), least))


def _line(x: Tensor, y: Tensor) -> tuple[float, float]:
    """Solve least squares in closed form; among samples of equal x, where any slope would do, the level line."""
    across = x - x.mean()
    spread = float(across.square().sum())
    w = float((across * (y - y.mean())).sum()) / spread if spread > 1e-12 else 0.0
    return w, float(y.mean()) - w * float(x.mean())


def _terrain(x: Tensor, y: Tensor, best: tuple[float, float], least: float) -> Terrain:
    across = torch.linspace(-REACH, REACH, GRID, dtype=torch.float64)
    rows, columns = torch.meshgrid(across, across, indexing="ij")
    heights = _losses(x, y, columns, rows).float().numpy()
    ends = (-REACH, REACH)
    return Terrain("loss", "", "", ends, ends, heights, np.array([best]), least)


def _is_jitter(state: State, found: Found) -> bool:
    """Tell whether single samples hold the path near the lowest point without letting it arrive."""
    late = found.distances[-_SETTLED:]
    return state.batch == "one" and state.step >= 2 * _SETTLED and 0.02 < late.mean() < 1 and bool(late.max() < 1.5)


def _is_tipped(state: State, found: Found) -> bool:
    before, now = found.made_slope, found.fit.w
    return found.moved == 1 and (before * now < 0 or abs(now - before) >= 0.5 * abs(before))


TASKS: Mapping[str, Callable[[State, Found], bool]] = {
    "arrive": lambda state, found: (
        0 < state.step <= 30
        and bool(found.losses[0] >= 2 * found.fit.loss)
        and bool(found.losses[-1] <= 1.01 * found.fit.loss + 1e-9)
    ),
    "diverge": lambda state, found: (
        found.is_whole and state.step >= 5 and found.fit.stable < state.lr <= 1.05 * found.fit.stable
    ),
    "tip": _is_tipped,
    "jitter": _is_jitter,
}
