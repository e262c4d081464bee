"""Several optimizers on one surface: real torch.optim rules on a parameter of two numbers each."""

from typing import Any, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from nnviz.catalog import OPTIMIZERS, SURFACES, check_descent
from nnviz.catalog.optimizers import labels
from nnviz.catalog.surfaces import Surface, surface_of
from nnviz.records.descent import Descent, Terrain, Trail
from nnviz.records.run import Doubles
from nnviz.specs.descent import MOST_STEPS, DescentSpec
from nnviz.specs.experiment import Choice
from nnviz.specs.race import MOST_LANES
from nnviz.training.players import plain_step
from nnviz.training.threads import one_thread

Array = TypeVar("Array", bound=NDArray[np.floating[Any]])
GRID = 91  # columns and rows of a terrain: odd, so that the middle is on it

# Where torch's optimizers keep what carries past gradients on, and what divides each coordinate.
_VELOCITIES = ("momentum_buffer", "exp_avg")
_ROOTS = {"square_avg": True, "exp_avg_sq": True, "sum": True, "exp_inf": False}  # whether a root is taken of it


class _Slopes:
    """Gradients of one surface at the places of all lanes in one autograd call.

    The width is always `MOST_LANES`: a kernel may round differently at another width, and a lane alone must
    round as it does beside others.
    """

    def __init__(self, surface: Surface, points: Tensor) -> None:
        self._value, self._points = surface.value, points
        self._places = torch.zeros(2, MOST_LANES, dtype=torch.float64)
        self._x, self._y = (self._places[part].detach().requires_grad_() for part in (0, 1))
        self._ones = torch.ones(MOST_LANES, dtype=torch.float64)

    def into(self, gradients: Tensor) -> None:
        """Write the gradients (lanes, 2); a lane that left the finite numbers is looked at in zero."""
        torch.nan_to_num(self._points.t(), 0.0, 0.0, 0.0, out=self._places)
        with torch.enable_grad():
            heights = self._value(self._x, self._y)
        parts = torch.autograd.grad(heights, (self._x, self._y), self._ones)
        torch.stack(parts, 1, out=gradients)


class _Lane:
    """One optimizer on its own two numbers, a row of `points`, fed by a row of `gradients`."""

    def __init__(self, choice: Choice, point: Tensor, gradient: Tensor, steps: int) -> None:
        entry = OPTIMIZERS[choice.name]
        self.choice = choice
        self.parameter = nn.Parameter(point)
        self.parameter.grad = gradient
        self.optimizer = entry.build([self.parameter], **entry.values(choice))
        self.step = plain_step(self.optimizer)
        self._kept: dict[str, tuple[Tensor, ...]] = {}
        self._steps = steps

    def keep(self, step: int) -> None:
        """Copy what the optimizer holds after a step."""
        state = self.optimizer.state[self.parameter]
        if step == 0:
            held = [name for name in (*_VELOCITIES, *_ROOTS) if isinstance(state.get(name), Tensor)]
            self._kept = {name: torch.zeros(self._steps, 2, dtype=torch.float64).unbind() for name in held}
        for name, rows in self._kept.items():
            rows[step].copy_(state[name])

    def velocities(self) -> Doubles | None:
        """Return the momentum or running mean after each step, (steps, 2)."""
        return next((_doubles(torch.stack(self._kept[name])) for name in _VELOCITIES if name in self._kept), None)

    def scales(self) -> Doubles | None:
        """Return what the rule divides by after each step, (steps, 2), without corrections and epsilon."""
        for name, is_square in _ROOTS.items():
            if name in self._kept:
                kept = torch.stack(self._kept[name])
                return _doubles(kept.sqrt() if is_square else kept)
        return None


def descend(spec: DescentSpec) -> Descent:
    """Run every lane from the same start; equal specs give equal bits, whatever lanes there are beside.

    The noise comes from one generator seeded with `spec.seed` and is the same for every lane.
    """
    surface = surface_of(check_descent(spec).surface)
    with one_thread():
        lanes, path, gradients = _walk(spec, surface)
        values = _heights(surface, path)
        terrain = _terrain(spec, surface)
    names = labels(spec.lanes)
    trails = (
        _trail(name, lane, path[:, row], gradients[:, row], values[:, row], terrain)
        for row, (name, lane) in enumerate(zip(names, lanes, strict=True))
    )
    return Descent(spec, terrain, tuple(trails))


def _walk(spec: DescentSpec, surface: Surface) -> tuple[list[_Lane], Tensor, Tensor]:
    """Step all lanes; return them with their points (steps + 1, MOST_LANES, 2) and gradients (steps, MOST_LANES, 2)."""
    points = torch.tensor(spec.start or surface.start, dtype=torch.float64).repeat(MOST_LANES, 1)
    now = torch.zeros_like(points)
    lanes = [_Lane(choice, points[row], now[row], spec.steps) for row, choice in enumerate(spec.lanes)]
    path = points.new_zeros(spec.steps + 1, *points.shape)
    gradients = points.new_zeros(spec.steps, *points.shape)
    slopes, noise = _Slopes(surface, points), _noise(spec)
    path[0] = points
    for step, (point, gradient) in enumerate(zip(path[1:].unbind(), gradients.unbind(), strict=True)):
        slopes.into(now)
        if noise is not None:
            now += noise[step]
        gradient.copy_(now)
        for lane in lanes:
            lane.step()
            lane.keep(step)
        point.copy_(points)
    return lanes, path, gradients


def _noise(spec: DescentSpec) -> Tensor | None:
    """Draw the noise of each step, (steps, 2); a longer descent begins with that of a shorter one."""
    if not spec.noise:
        return None
    generator = torch.Generator().manual_seed(spec.seed)
    drawn = torch.randn(MOST_STEPS, 2, dtype=torch.float64, generator=generator)
    return spec.noise * drawn[: spec.steps]


def _heights(surface: Surface, path: Tensor) -> Tensor:
    """Return the values along a path (steps + 1, lanes, 2)."""
    x, y = path.permute(2, 0, 1).contiguous()
    return surface.value(x, y)


def _terrain(spec: DescentSpec, surface: Surface) -> Terrain:
    entry = SURFACES[spec.surface.name]
    x, y = (torch.linspace(*ends, GRID, dtype=torch.float64) for ends in (surface.x, surface.y))
    rows, columns = torch.meshgrid(y, x, indexing="ij")
    heights = surface.value(columns.contiguous(), rows.contiguous())
    return Terrain(
        label=entry.label,
        formula=surface.formula,
        note=entry.note,
        x=surface.x,
        y=surface.y,
        heights=_fixed(heights.float().numpy()),
        minima=_fixed(np.array(surface.minima, dtype=np.float64).reshape(-1, 2)),
        lowest=float(heights.min()) if surface.lowest is None else surface.lowest,
        lambda_max=surface.lambda_max,
    )


def _trail(name: str, lane: _Lane, path: Tensor, slopes: Tensor, heights: Tensor, terrain: Terrain) -> Trail:
    """Put one lane's numbers together, up to where it leaves the finite ones."""
    points, gradients, values = _doubles(path), _doubles(slopes), _doubles(heights)
    is_there = np.isfinite(points).all(axis=1) & np.isfinite(values)
    end = len(points) if is_there.all() else int(is_there.argmin())
    velocities, scales = lane.velocities(), lane.scales()
    return Trail(
        label=name,
        choice=lane.choice,
        points=points[:end],
        values=values[:end],
        distances=_fixed(_distances(points[:end], terrain.minima)),
        gradients=gradients[: end - 1],
        updates=_fixed(np.diff(points[:end], axis=0)),
        velocities=None if velocities is None else velocities[: end - 1],
        scales=None if scales is None else scales[: end - 1],
        diverged_at=None if end == len(points) else end,
    )


def _distances(points: Doubles, minima: Doubles) -> Doubles:
    """Return how far each point is from the nearest minimum; nan where there is none."""
    if not len(minima):
        return np.full(len(points), np.nan)
    apart = points[:, None, :] - minima[None, :, :]
    nearest: Doubles = np.hypot(apart[..., 0], apart[..., 1]).min(axis=1)
    return nearest


def _doubles(tensor: Tensor) -> Doubles:
    return _fixed(tensor.detach().numpy().copy())


def _fixed(array: Array) -> Array:
    """Make an array read-only: all viewers of a descent share it."""
    array.flags.writeable = False
    return array
