"""Measuring several things in turn, so that a busy moment of the machine meets all of them."""

from collections.abc import Callable, Mapping, Sequence
from threading import Event

import numpy as np

Rates = dict[str, list[float]]
_NEVER = Event()  # waiting on it is a sleep that a timeout ends


def rest(seconds: float) -> None:
    """Wait."""
    _NEVER.wait(seconds)


def interleaved(contenders: Mapping[str, Callable[[], float]], rounds: int) -> Rates:
    """Measure every contender once a round; every second round goes backwards, so that drift cancels."""
    found: Rates = {name: [] for name in contenders}
    for number in range(rounds):
        names = list(contenders)
        for name in names if number % 2 == 0 else names[::-1]:
            found[name].append(contenders[name]())
    return found


def ratios(above: Sequence[float], below: Sequence[float]) -> list[float]:
    """Divide round by round."""
    return [a / b for a, b in zip(above, below, strict=True)]


def slope(moments: Sequence[float], counts: Sequence[float]) -> float:
    """Fit counts against time (s) and return counts per second: single late looks hardly matter."""
    if len(moments) < 3:
        raise RuntimeError(f"only {len(moments)} looks at the counter: it does not move")
    x = np.asarray(moments) - np.mean(moments)
    return float(x @ np.asarray(counts) / (x @ x))
