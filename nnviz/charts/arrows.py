"""What one optimizer holds at each step of a descent, as arrows and a box at its point."""

import numpy as np
from numpy.typing import NDArray

from nnviz.charts.figure import Trace, floats
from nnviz.charts.palette import GREY, NEGATIVE, POSITIVE
from nnviz.records.descent import Terrain, Trail
from nnviz.records.run import Doubles
from nnviz.words.charts import PLOT

GRADIENT, VELOCITY, UPDATE, SCALE = POSITIVE, "#B04FC4", NEGATIVE, GREY
LENGTH = 0.25  # of the longest arrow over a run, as a share of the plane's width
SHORTEST = 0.2  # share of the longest below which none is drawn
DECADES = 6  # powers of ten between the longest and nothing
HEAD = 0.03  # likewise of an arrow's head, where the arrow is long enough
_POINTS = 5  # of an arrow and of a box
_FAR = 1000  # plane widths; places beyond are drawn there, so that they fit into 32 bits


def arrows(trail: Trail, terrain: Terrain) -> list[Trace]:
    """Draw an optimizer's gradient, velocity and update as arrows, and its scale as a box.

    Gradient and velocity point uphill as torch keeps them; they are drawn reversed, the way the point is pushed.
    Directions are exact, lengths on a log scale: near a minimum everything shrinks by orders of magnitude, and would
    vanish.  The last step's are kept at the end.
    """
    if not len(trail.updates):
        return []
    drawn = [_arrow(trail, -trail.gradients, PLOT["minus_gradient"], GRADIENT, terrain)]
    if trail.velocities is not None:
        # Wider, because the update of momentum lies on top of it.
        drawn.append(_arrow(trail, -trail.velocities, PLOT["minus_velocity"], VELOCITY, terrain, stroke=7))
    drawn.append(_arrow(trail, trail.updates, PLOT["update"], UPDATE, terrain))
    if trail.scales is not None:
        drawn.append(_box(trail, trail.scales, terrain))
    return drawn


def shown_share(lengths: Doubles, longest: float) -> Doubles:
    """Return how long lengths are drawn, as shares of the longest: 1 for it, a sixth less for each tenth part.

    Never below SHORTEST, so that a direction can be seen; 0 for no length at all.
    """
    ratio = np.clip(lengths / (longest or 1.0), 1e-300, 1.0)
    share: Doubles = np.maximum(1 + np.log10(ratio) / DECADES, SHORTEST)
    return np.where(lengths > 0, share, 0.0)


def _shrunk(trail: Trail, vectors: Doubles, sizes: Doubles, terrain: Terrain, most: float) -> Doubles:
    """Return vectors whose size is at most `most` plane widths, the longest within the plane exactly that."""
    finite = np.nan_to_num(sizes, posinf=0.0)
    near = finite[_is_near(trail, terrain)]
    share = shown_share(finite, float(near.max(initial=0.0)))
    width = terrain.x[1] - terrain.x[0]
    unit = np.nan_to_num(vectors / np.where(finite > 0, finite, 1.0)[:, None], posinf=0.0, neginf=0.0)
    return most * width * share[:, None] * unit


def _arrow(trail: Trail, directions: Doubles, name: str, colour: str, terrain: Terrain, stroke: float = 3) -> Trace:
    along = _shrunk(trail, directions, np.hypot(*directions.T), terrain, LENGTH)
    foot, along = _rows(trail, along, terrain)
    head = HEAD * (terrain.x[1] - terrain.x[0])
    return _frames(_with_head(foot, along, head), PLOT["arrow"].format(name=name), colour, stroke)


def _box(trail: Trail, scales: Doubles, terrain: Terrain) -> Trace:
    """Draw the scales around the point: the longer a side, the more its coordinate is divided; their ratio is exact."""
    half = _shrunk(trail, scales, scales.max(axis=1, initial=0.0), terrain, LENGTH / 2)
    centre, half = _rows(trail, half, terrain)
    corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1], [-1, -1]])
    return _frames(centre[:, None] + half[:, None] * corners, PLOT["scale"], SCALE, 1.5)


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


def _rows(trail: Trail, vectors: Doubles, terrain: Terrain) -> tuple[Doubles, Doubles]:
    """Return where each shown step's drawing stands and its vector, both (steps + 1, 2)."""
    rows = np.minimum(np.arange(len(trail.points)), len(vectors) - 1)
    return within(trail.points[rows], terrain), vectors[rows]


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
    playback = {"playback": {"kind": "frame", "size": _POINTS}}
    stroke = {"color": colour, "width": width}
    place = {"x": flat[:, 0], "y": flat[:, 1], "mode": "lines", "line": stroke}
    return {"type": "scatter", "name": name, **place, "hoverinfo": "skip", "meta": playback}
