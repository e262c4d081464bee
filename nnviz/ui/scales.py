"""Where the sliders of numbers stop."""

import math

from nnviz.catalog import Knob


def log_scale(low: float, high: float, *also: float) -> list[float]:
    """List 1, 3, 10, 30 ... from low to high (0 too where low is 0), with the values in `also` among them."""
    ends = (math.floor(math.log10(low or 1e-5)), math.ceil(math.log10(high)))
    marks = [float(f"{digit}e{power}") for power in range(ends[0], ends[1] + 1) for digit in (1, 3)]
    inside = {mark for mark in marks if low <= mark <= high} | ({0.0} if low == 0 else set())
    return sorted(inside | {float(value) for value in also})


def step_size(low: float, high: float, default: float) -> float:
    """Return a round step with about a hundred stops, fine enough that the default is one of them."""
    step: float = 10.0 ** math.floor(math.log10((high - low) / 50))
    while not math.isclose(round(default / step) * step, default, abs_tol=step * 1e-6):
        step /= 10
    return step


def log_stops(knob: Knob) -> list[float]:
    """List the values at which a slider of a knob stops that spans powers of ten, the present one not among them."""
    low, high = knob.shown or (knob.low or 0.0, knob.high or 1.0)
    also = [float(knob.default)] + ([low, high] if knob.whole else []) + ([0.0] if knob.low == 0 else [])
    return log_scale(low, high, *also)
