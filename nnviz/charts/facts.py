"""Facts behind the curves: pure functions from records to arrays."""

import math
from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnviz.records import Curve, Doubles, Floats, Lane, Mark, Record, Snapshot

MOST_POINTS = 500  # of one trace
Found = TypeVar("Found")


class Clock(NamedTuple):
    """One way to count time along the x axis."""

    label: str
    of_curve: Callable[[Curve], Doubles]
    of_moment: Callable[[Record | Mark], float]


CLOCKS = {
    "updates": Clock("updates", lambda curve: curve.steps, lambda moment: float(moment.step)),
    "epochs": Clock("epochs", lambda curve: curve.epochs, lambda moment: moment.epoch),
    "seconds": Clock("seconds of training", lambda curve: curve.seconds, lambda moment: moment.seconds),
}


class Series(NamedTuple):
    """One line: float32 arrays of equal length, all finite."""

    x: Floats
    y: Floats


def clock(name: str) -> Clock:
    """Find a clock; raises ValueError naming the choices."""
    if name not in CLOCKS:
        raise ValueError(f"there is no clock {name!r}; choose one of {', '.join(CLOCKS)}")
    return CLOCKS[name]


def thinned(count: int, most: int = MOST_POINTS) -> NDArray[np.intp]:
    """Choose at most `most` of `count` indices: every 1st, 2nd, 4th, 8th ... and always the last.

    Powers of two keep the chosen points in place while a curve grows.
    """
    stride = 1
    while count > stride * (most - 1):
        stride *= 2
    chosen = np.arange(0, count, stride)
    return chosen if not count or chosen[-1] == count - 1 else np.append(chosen, count - 1)


def debiased_mean(values: ArrayLike, smoothing: float) -> Floats:
    """Smooth with a running mean whose start is corrected as in Adam: m_t / (1 - smoothing ** t).

    Counts the points it is given, so that a curve looks equally smooth however long the run is.
    """
    past = float(np.clip(smoothing, 0.0, 0.9999))
    raw = np.asarray(values, dtype=np.float64)
    running = np.fromiter(
        accumulate(raw.tolist(), lambda mean, value: past * mean + (1 - past) * value, initial=0.0), np.float64
    )[1:]
    return (running / (1 - past ** np.arange(1, len(raw) + 1))).astype(np.float32)


def series(x: ArrayLike, y: ArrayLike, is_log: bool = False) -> Series:
    """Pair up two arrays and leave out what cannot be drawn: non-finite points, and on a log axis those <= 0."""
    across, up = np.asarray(x, dtype=np.float32), np.asarray(y, dtype=np.float32)
    good = np.isfinite(across) & np.isfinite(up)
    if is_log:
        good &= up > 0
    return Series(across[good], up[good])


def pick(line: Series, most: int = MOST_POINTS) -> Series:
    """Thin a line to at most `most` points."""
    chosen = thinned(len(line.x), most)
    return Series(line.x[chosen], line.y[chosen])


def train_loss(lane: Lane, clock_name: str, is_log: bool = False) -> Series:
    """Return the loss of every kept update on its own batch."""
    return series(clock(clock_name).of_curve(lane.curve), lane.curve.losses, is_log)


def smoothed(line: Series, smoothing: float) -> Series:
    """Return the line with its debiased running mean."""
    return Series(line.x, debiased_mean(line.y, smoothing))


def recorded(lane: Lane, clock_name: str, value: Callable[[Record], float | None], is_log: bool = False) -> Series:
    """Return one number of every record; None and non-finite ones are left out."""
    now = clock(clock_name).of_moment
    pairs = [(now(record), found) for record in lane.records if (found := value(record)) is not None]
    return series([x for x, _ in pairs], [y for _, y in pairs], is_log)


def marks(lanes: Iterable[Lane], most: int = 40) -> tuple[Mark, ...]:
    """Return the last live changes of all lanes, each once, oldest first."""
    once = {(mark.step, mark.text): mark for lane in lanes for mark in lane.marks}
    return tuple(sorted(once.values(), key=lambda mark: mark.step)[-most:])


def ceiling(calm: Sequence[Series], wild: Sequence[Series]) -> float | None:
    """Return where a linear loss axis ends although lanes diverged; None where nothing is known.

    The calm lanes decide; where all diverged, five times their first loss.
    """
    tops = [float(line.y.max()) for line in calm if len(line.y)]
    return max(tops or [5 * abs(float(line.y[0])) for line in wild if len(line.y)], default=None)


def extent(lines: Iterable[Series], top: float | None = None) -> tuple[float, float]:
    """Return the smallest and largest value of some lines, none above `top`; 1 and 1 where there are none."""
    values = np.concatenate([np.ones(0, np.float32), *(line.y for line in lines)])
    kept = values if top is None else values[values <= top]
    return (float(kept.min()), float(kept.max())) if len(kept) else (1.0, 1.0)


def padded(low: float, high: float, is_log: bool = False) -> list[float]:
    """Return an axis range with a twentieth of room at both ends; on a log axis in powers of ten."""
    if is_log:
        low, high = math.log10(low), math.log10(high)
    room = 0.05 * ((high - low) or 1.0)
    return [low - room, high + room]


def log_ticks(low: float, high: float) -> dict[str, int | str]:
    """Describe a log axis's labels: 1, 2, 5 within a decade or so, else every so many powers of ten."""
    powers = math.log10(high / low)
    if powers <= 1.3:
        return {"dtick": "D2", "tickformat": "~g"}
    return {"dtick": math.ceil(powers / 7), "exponentformat": "power"}


def latest(snapshot: Snapshot, view: Callable[[Record], Found | None]) -> Found | None:
    """Find the newest view of a kind in the first lane's records."""
    records = snapshot.lanes[0].records if snapshot.lanes else ()
    return next((found for record in reversed(records) if (found := view(record)) is not None), None)


def number(value: float | None) -> str:
    """Write a number for a table in at most four digits: 0.1234, 12.3, 1.2e-3."""
    if value is None or value != value:
        return "–"
    if value == 0 or 0.01 <= abs(value) < 10_000:
        return f"{value:.3g}" if abs(value) < 1000 else f"{value:.0f}"
    return power(value)


def power(value: float | None) -> str:
    """Write a number with its power of ten: 1.2e-3."""
    if value is None or not np.isfinite(value):
        return "–"
    digits, _, exponent = f"{value:.1e}".partition("e")
    return f"{digits}e{int(exponent)}"


def shares(counts: NDArray[Any]) -> Doubles:
    """Divide each row of a table of counts by its sum; an empty row stays zero."""
    table = np.asarray(counts, dtype=np.float64)
    divided: Doubles = table / np.maximum(table.sum(axis=1, keepdims=True), 1)
    return divided
