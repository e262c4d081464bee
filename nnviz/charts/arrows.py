"""What one optimizer holds at each step of a descent, as arrows and a box at its point."""

import numpy as np
from numpy.typing import NDArray

from nnviz.charts.figure import Trace, floats
from nnviz.charts.palette import GREY, NEGATIVE, POSITIVE
from nnviz.charts.relief import round_number
from nnviz.records import Doubles
from nnviz.trails import Terrain, Trail

GRADIENT, VELOCITY, UPDATE, SCALE = POSITIVE, "#B04FC4", NEGATIVE, GREY
LENGTH = 0.25  # of the longest arrow over a run, as a share of the plane's width
HEAD = 0.03  # likewise of an arrow's head, where the arrow is long enough
_POINTS = 5  # of an arrow and of a box
_FAR = 1000  # plane widths; places beyond are drawn there, so that they fit into 32 bits


def arrows(trail: Trail, terrain: Terrain) -> list[Trace]:
    """Draw an optimizer's gradient, velocity and update as arrows, and its scale as a box.

    Gradient and velocity point uphill as torch keeps them; they are drawn reversed, the way the point is pushed.
    Each is stretched by one factor over the whole run, which its name tells.  The last step's are kept at the end.
    """
    if not len(trail.updates):
        return []
    drawn = [_arrow(trail, -trail.gradients, "− gradient", GRADIENT, terrain)]
    if trail.velocities is not None:
        drawn.append(_arrow(trail, -trail.velocities, "− velocity", VELOCITY, terrain))
    drawn.append(_arrow(trail, trail.updates, "update", UPDATE, terrain))
    if trail.scales is not None:
        drawn.append(_box(trail, trail.scales, terrain))
    return drawn


def factor(lengths: Doubles, most: float) -> float:
    """Return the largest 1, 2 or 5 times a power of ten that keeps the longest at `most` at the most."""
    finite = lengths[np.isfinite(lengths)]
    longest = float(finite.max()) if len(finite) else 0.0
    if not 1e-200 < longest < 1e200:
        return 1.0
    return round_number(most / longest)


def _arrow(trail: Trail, directions: Doubles, name: str, colour: str, terrain: Terrain) -> Trace:
    width = terrain.x[1] - terrain.x[0]
    by = factor(np.hypot(*directions[_is_near(trail, terrain)].T), LENGTH * width)
    foot, along = _rows(trail, directions, by, terrain)
    return _frames(_with_head(foot, along, HEAD * width), f"{name} × {by:g}", colour, 3)


def _box(trail: Trail, scales: Doubles, terrain: Terrain) -> Trace:
    """Draw the scales around the point: the longer a side, the more its coordinate is divided."""
    width = terrain.x[1] - terrain.x[0]
    by = factor(scales[_is_near(trail, terrain)].max(axis=1, initial=0.0), LENGTH / 2 * width)
    centre, half = _rows(trail, scales, by, terrain)
    corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1], [-1, -1]])
    return _frames(centre[:, None] + half[:, None] * corners, f"scale × {by:g}", SCALE, 1.5)


def within(points: Doubles, terrain: Terrain) -> Doubles:
    """Pull places that are farther than any screen to where 32 bits still hold them."""
    far = _FAR * (terrain.x[1] - terrain.x[0])
    pulled: Doubles = np.clip(points, -far, far)
    return pulled


def _is_near(trail: Trail, terrain: Terrain) -> NDArray[np.bool_]:
    """Tell which steps begin in the plane that is shown: far away everything may be huge."""
    x, y = trail.points[:-1].T
    inside: NDArray[np.bool_] = (x >= terrain.x[0]) & (x <= terrain.x[1]) & (y >= terrain.y[0]) & (y <= terrain.y[1])
    return inside


def _rows(trail: Trail, vectors: Doubles, by: float, terrain: Terrain) -> tuple[Doubles, Doubles]:
    """Return where each shown step's drawing stands and its stretched vector, both (steps + 1, 2)."""
    width = terrain.x[1] - terrain.x[0]
    rows = np.minimum(np.arange(len(trail.points)), len(vectors) - 1)
    stretched = np.nan_to_num(vectors[rows] * by)
    return within(trail.points[rows], terrain), np.clip(stretched, -width, width)


def _with_head(foot: Doubles, along: Doubles, head: float) -> Doubles:
    """Return each arrow as one line: foot, tip, one barb, the other, tip; (steps, 5, 2)."""
    length = np.hypot(*along.T)[:, None]
    way = along / np.maximum(length, 1e-300)
    back = way * np.minimum(head, 0.4 * length)
    side = back[:, ::-1] * np.array([-0.5, 0.5])
    tip = foot + along
    return np.stack([foot, tip, tip - back + side, tip - back - side, tip], axis=1)


def _frames(places: Doubles, name: str, colour: str, width: float) -> Trace:
    flat = floats(places.reshape(-1, 2))
    film = {"film": {"kind": "frame", "size": _POINTS}}
    stroke = {"color": colour, "width": width}
    place = {"x": flat[:, 0], "y": flat[:, 1], "mode": "lines", "line": stroke}
    return {"type": "scatter", "name": name, **place, "hoverinfo": "skip", "meta": film}
