"""Facts behind the curves: pure functions from records to arrays."""

import math
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnviz.records.run import Comparison, Curve, DataSummary, Doubles, Evaluation, Lane, Mark, Record, Snapshot
from nnviz.records.shapes import Floats
from nnviz.words import errors
from nnviz.words.charts import AXES
from nnviz.words.language import Message, message, say
from nnviz.words.messages import CHANGE

MOST_POINTS = 500  # of one trace
CLOSE = 0.03  # of an axis: two upright lines nearer than that are one to the eye
_BLOCK = 64  # values that are smoothed at once
Found = TypeVar("Found")
Measured = Evaluation | Record


class Clock(NamedTuple):
    """One way to count time along the x axis."""

    label: str  # of its axis
    of_curve: Callable[[Curve], Doubles]
    of_moment: Callable[[Measured | Mark | Lane], float]


CLOCKS = {
    "updates": Clock("updates", lambda curve: curve.steps, lambda moment: float(moment.step)),
    "epochs": Clock("epochs", lambda curve: curve.epochs, lambda moment: moment.epoch),
    "examples": Clock("examples", lambda curve: curve.epochs, lambda moment: moment.epoch),  # times their number
    "seconds": Clock("seconds", lambda curve: curve.seconds, lambda moment: moment.seconds),
}


class Series(NamedTuple):
    """One line: float32 arrays of equal length, all finite."""

    x: Floats
    y: Floats


def clock(name: str, snapshot: Snapshot) -> Clock:
    """Find a clock for a run; raises ValueError naming the choices.

    Examples are counted in epochs for as long as nobody knows how many there are.
    """
    if name not in CLOCKS:
        raise ValueError(message(errors.CHOICES["clock"], name=name, choices=errors.listed(CLOCKS)))
    if name == "examples":
        found = _times(CLOCKS[name], snapshot.scene.train_count) if snapshot.scene else CLOCKS["epochs"]
    else:
        found = CLOCKS[name]
    is_alone = name == "seconds" and is_compared(snapshot)
    return found._replace(label=AXES["seconds_alone" if is_alone else found.label])


def _times(clock: Clock, count: int) -> Clock:
    return Clock(
        clock.label, lambda curve: count * clock.of_curve(curve), lambda moment: count * clock.of_moment(moment)
    )


def is_compared(snapshot: Snapshot) -> bool:
    """Tell whether there is more than one network, seeds aside."""
    return snapshot.comparison != Comparison.SINGLE


def metric_of(snapshot: Snapshot) -> str:
    """Name what a record's losses measure: "loss", or something else."""
    return snapshot.scene.metric_name if snapshot.scene else "loss"


def class_names(scene: DataSummary | None) -> tuple[str, ...]:
    """Name the classes of a run's data for readers; () where there are none."""
    return tuple(map(say, scene.classes)) if scene else ()


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
    return (_running_mean(raw, past) / (1 - past ** np.arange(1, len(raw) + 1))).astype(np.float32)


def _running_mean(raw: Doubles, past: float) -> Doubles:
    """Return m_t = past * m_(t-1) + (1 - past) * raw_t, from zero, a block of values at a time."""
    ages = np.subtract.outer(np.arange(_BLOCK), np.arange(_BLOCK))
    weights = np.where(ages < 0, 0.0, (1 - past) * past ** np.maximum(ages, 0))
    means = np.pad(raw, (0, -len(raw) % _BLOCK)).reshape(-1, _BLOCK) @ weights.T
    fading = past ** np.arange(1, _BLOCK + 1)
    for before, block in pairwise(means):
        block += before[-1] * fading
    return means.ravel()[: len(raw)]


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


def train_loss(lane: Lane, clock: Clock, is_log: bool = False) -> Series:
    """Return the loss of every kept update on its own batch."""
    return series(clock.of_curve(lane.curve), lane.curve.losses, is_log)


def smoothed(line: Series, smoothing: float) -> Series:
    """Return the line with its debiased running mean."""
    return Series(line.x, debiased_mean(line.y, smoothing))


def recorded(lane: Lane, clock: Clock, value: Callable[[Record], float | None], is_log: bool = False) -> Series:
    """Return one number of every record; None and non-finite ones are left out."""
    pairs = [(clock.of_moment(record), found) for record in lane.records if (found := value(record)) is not None]
    return series([x for x, _ in pairs], [y for _, y in pairs], is_log)


def judged(lane: Lane, clock: Clock, value: Callable[[Measured], float | None], is_log: bool = False) -> Series:
    """Return one number of what lanes are compared by, which is the same in equal runs."""
    return _numbers(lane.judged, clock, value, is_log)


def measured(lane: Lane, clock: Clock, value: Callable[[Measured], float | None], is_log: bool = False) -> Series:
    """Return one number of all that is known of a lane's losses."""
    return _numbers(lane.measured, clock, value, is_log)


def _numbers(
    moments: Sequence[Measured], clock: Clock, value: Callable[[Measured], float | None], is_log: bool
) -> Series:
    pairs = [(clock.of_moment(part), found) for part in moments if (found := value(part)) is not None]
    return series([x for x, _ in pairs], [y for _, y in pairs], is_log)


def joined(marks: Sequence[Mark], end: int) -> list[Mark]:
    """Join turns of one knob that nobody can tell apart on an axis of `end` updates: a drag is one change.

    There and back are two: together they would say that nothing has changed. Nothing has where no update lies between.
    """
    found: list[Mark] = []
    since = -1  # the update before which the newest one began
    for mark in marks:
        last = found[-1] if found else None
        is_one = last and mark.step - last.step <= CLOSE * end and _are_of_one_knob(last.text, mark.text)
        if not last or not is_one or (_comes_back(last, mark) and since != mark.step):
            found.append(mark)
            since = mark.step
        elif _comes_back(last, mark):
            found.pop()
            since = -1
        else:
            text = message(CHANGE["from_to"], **{**mark.text.values, "before": last.text.values["before"]})
            found[-1] = Mark(mark.step, mark.epoch, mark.seconds, text)
    return found


def _are_of_one_knob(last: Message, change: Message) -> bool:
    are_turns = last.text == CHANGE["from_to"] == change.text
    return are_turns and bool(last.values["knob"] == change.values["knob"])


def _comes_back(last: Mark, mark: Mark) -> bool:
    return bool(last.text.values["before"] == mark.text.values["after"])


def marks(lanes: Iterable[Lane], most: int = 40) -> tuple[Mark, ...]:
    """Return the last live changes of all lanes, each once, oldest first."""
    once = {(mark.step, mark.text): mark for lane in lanes for mark in joined(lane.marks, lane.step)}
    return tuple(sorted(once.values(), key=lambda mark: mark.step)[-most:])


def ceiling(wild: Sequence[Series]) -> float | None:
    """Return where the loss axis of a run that diverged ends: at five times its first loss; None without any."""
    return max((5 * abs(float(line.y[0])) for line in wild if len(line.y)), default=None)


def extent(lines: Iterable[Series], top: float | None = None) -> tuple[float, float]:
    """Return the smallest and largest value of some lines, none above `top`; 1 and 1 where there are none."""
    values = np.concatenate([np.ones(0, np.float32), *(line.y for line in lines)])
    kept = values if top is None else values[values <= top]
    return (float(kept.min()), float(kept.max())) if len(kept) else (1.0, 1.0)


def padded(low: float, high: float, is_log: bool = False) -> list[float]:
    """Return an axis range with a twentieth of room or more at both ends; on a log axis in powers of ten."""
    if is_log:
        low, high = math.log10(low), math.log10(high)
    room = 0.05 * ((high - low) or max(1.0, abs(high)))
    return stepped(low - room, high + room)


def stepped(low: float, high: float) -> list[float]:
    """Widen a range to steps of a twelfth of it or more: an axis that is another with every refresh cannot be read."""
    step = 2.0 ** math.floor(math.log2((high - low) / 6))
    return [math.floor(low / step) * step, math.ceil(high / step) * step]


def log_ticks(low: float, high: float) -> dict[str, int | str]:
    """Describe a log axis's labels: 1, 2, 5 within two decades, else every so many powers of ten.

    Where there would be hardly one of them, even steps.
    """
    powers = math.log10(high / low)
    if powers <= 0.7:
        start, end = (10**power for power in padded(low, high, is_log=True))
        return {"dtick": f"L{_even((end - start) / 4):.1g}", "tickformat": "~g"}
    if powers <= 2:
        return {"dtick": "D2", "tickformat": "~g"}
    return {"dtick": math.ceil(powers / 7), "exponentformat": "power"}


def _even(step: float) -> float:
    """Return the next larger 1, 2 or 5 times a power of ten."""
    power: float = 10 ** math.floor(math.log10(step))
    return next((times * power for times in (1, 2, 5) if step <= times * power), 10 * power)


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
