"""Numbers as they stand in formulas."""

import math
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import ArrayLike


def tex(value: float, digits: int = 4) -> str:
    r"""Write a number for a formula: 0.1235, 12.35, 1.2\cdot10^{-5}."""
    if not math.isfinite(value):
        return r"\infty" if value > 0 else r"-\infty" if value < 0 else r"\text{–}"
    if value == 0 or 1e-3 <= abs(value) < 1e5:
        text = f"{value:.{digits}g}"
        return text if "e" not in text else f"{value:.0f}"
    mantissa, _, power = f"{value:.2e}".partition("e")
    return rf"{float(mantissa):g}\cdot10^{{{int(power)}}}"


def signed(value: float, digits: int = 4) -> str:
    """Write a number that follows another one in a sum: `+ 2` or `- 2`."""
    return f"- {tex(-value, digits)}" if value < 0 else f"+ {tex(value, digits)}"


def in_brackets(value: float, digits: int = 4) -> str:
    """Write a factor: a negative one stands in brackets."""
    return f"({tex(value, digits)})" if value < 0 else tex(value, digits)


def matrix(values: ArrayLike, digits: int = 3, most: int = 6) -> str:
    r"""Write a matrix or a column, with dots where it has more than `most` rows or columns."""
    table = np.asarray(values, dtype=float)
    table = table[:, None] if table.ndim == 1 else table
    rows = [_row([tex(float(entry), digits) for entry in row], most) for row in _cut(list(table), most)]
    if len(table) > most:
        rows.insert(-1, r"\vdots" + r" & " * 0)
    return r"\begin{bmatrix}" + r" \\ ".join(rows) + r"\end{bmatrix}"


def _cut(rows: Sequence[Iterable[float]], most: int) -> list[Iterable[float]]:
    return list(rows) if len(rows) <= most else [*rows[: most - 1], rows[-1]]


def _row(entries: list[str], most: int) -> str:
    kept = entries if len(entries) <= most else [*entries[: most - 1], r"\cdots", entries[-1]]
    return " & ".join(kept)
