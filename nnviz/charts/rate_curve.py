"""What a range test of learning rates found."""

from typing import Any

import numpy as np

from nnviz.charts import facts
from nnviz.charts.chart import PLAIN_VIEW, Chart, Figure, View
from nnviz.charts.figure import Layout, Trace, axis, floats, layout, line, note, waiting
from nnviz.charts.palette import GREEN, GREY, TRAIN, rgba
from nnviz.records.rate_curve import RateCurve
from nnviz.records.run import Snapshot
from nnviz.words.charts import PLOT
from nnviz.words.numbers import number
from nnviz.words.rate_test import RATE_CURVE

HANDLE = "rate"  # what a hand may move
_USUAL = "constant"
_ABOVE = 0.6  # of the fall of the running mean, above where it began: what explodes is cut off there


def loss_over_rates(snapshot: Snapshot, view: View = PLAIN_VIEW) -> Figure:
    """Draw the loss of each batch and the running mean over the rate, with the suggestion and the present rate.

    The present rate is a handle; a press anywhere else brings it there.
    """
    found = snapshot.rate_curve
    if found is None or not np.isfinite(found.smoothed).any():
        frame = layout("rate_curve", _across(found), axis(RATE_CURVE["title"]))
        return waiting(snapshot, frame)
    kept = np.isfinite(found.losses)
    rates = floats(found.rates[kept])
    hover = f"{PLOT['rate']} %{{x:.3~g}}<br>%{{y:.4g}}<extra></extra>"
    each = line(rates, floats(found.losses[kept]), TRAIN, RATE_CURVE["batches"], 1, hovertemplate=hover, opacity=0.35)
    mean = line(rates, floats(found.smoothed[kept]), TRAIN, RATE_CURVE["mean"], 2.5, hovertemplate=hover)
    return {"data": [each, mean, *_dots(found)], "layout": _layout(found, _is_scheduled(snapshot), view)}


def has_rate_curve(snapshot: Snapshot) -> bool:
    """Tell whether rates are or were tried on a copy."""
    return snapshot.rate_curve is not None


def rate_curve_source(snapshot: Snapshot) -> tuple[object, ...]:
    """Tell what the chart is drawn from."""
    found = snapshot.rate_curve
    return (found.progress, found.status, found.present) if found else ()


def _dots(found: RateCurve) -> list[Trace]:
    """Draw dots on the running mean: at the suggestion, and at the present rate one to take hold of."""
    suggested = [_dot(found, found.suggested, GREEN, 12)] if found.suggested else []
    if not found.status.is_over or not found.present:
        return suggested
    held = {"name": HANDLE, "axis": "x", "late": True}
    return [*suggested, {**_dot(found, found.present, GREY, 14), "meta": {"handle": held}}]


def _dot(found: RateCurve, rate: float, colour: str, size: int) -> Trace:
    at = int(np.abs(np.log(found.rates / rate)).argmin())
    look = {"color": colour, "size": size, "line": {"color": "rgba(255,255,255,0.9)", "width": 1.5}}
    place = {"x": floats([rate]), "y": floats([found.smoothed[at]])}
    return {"type": "scatter", "mode": "markers", **place, "marker": look, "showlegend": False, "hoverinfo": "skip"}


def _is_scheduled(snapshot: Snapshot) -> bool:
    return bool(snapshot.lanes) and snapshot.lanes[0].spec.schedule.name != _USUAL


def _across(found: RateCurve | None) -> dict[str, Any]:
    rates = found.rates if found is not None and len(found.rates) else np.array([1e-4, 10.0])
    last = rates.max() if found is None or found.status.is_over else max(rates.max(), found.largest)
    ends = [float(np.log10(rates.min())) - 0.1, float(np.log10(last)) + 0.1]
    return axis(PLOT["rate"], type="log", range=ends, dtick=1, exponentformat="power")


def _layout(found: RateCurve, is_scheduled: bool, view: View) -> Layout:
    mean = found.smoothed[np.isfinite(found.smoothed)]
    low = float(min(mean.min(), np.nanmin(found.losses[np.isfinite(found.losses)])))
    start = float(mean[: max(1, len(mean) // 4)].max())
    high = start + _ABOVE * max(start - low, 0.05 * abs(start), 1e-6)
    is_log = view.log_loss and low > 0
    y = axis(RATE_CURVE["title"], range=list(facts.padded(low, high, is_log)))
    if is_log:
        y |= {"type": "log", **facts.log_ticks(low, high)}
    present = "base" if is_scheduled else "present"
    marks = [(found.suggested, "suggested", GREEN, 1.0), (found.present, present, GREY, 0.9)]
    known = [(rate, RATE_CURVE[words], colour, top) for rate, words, colour, top in marks if rate]
    return layout(
        f"rate_curve {'log' if is_log else 'linear'}", _across(found), y,
        shapes=[_upright(rate, colour) for rate, _, colour, _ in known],
        annotations=[_word(rate, words.format(rate=number(rate)), top) for rate, words, _, top in known],
        **({"meta": {"sets": HANDLE}} if found.status.is_over and found.present else {}),
    )  # fmt: skip


def _upright(rate: float, colour: str) -> dict[str, Any]:
    stroke = {"color": rgba(colour, 0.9), "dash": "dash", "width": 1.5}
    return {"type": "line", "yref": "paper", "y0": 0, "y1": 1, "x0": rate, "x1": rate, "line": stroke}


def _word(rate: float, text: str, top: float) -> dict[str, Any]:
    """Write beside an upright line; on a logarithmic axis a note stands at the logarithm."""
    place = {"xref": "x", "xanchor": "left", "yanchor": "top", "font": {"size": 11}}
    return note(text, float(np.log10(rate)), top, **place)


RANGE_TEST = {
    "rate_curve": Chart(
        "Range test of learning rates",
        loss_over_rates,
        "A copy of the network trained at a rate that grows with every update. Far left nothing moves; then the loss "
        "falls, and where steps are too large it explodes. A good rate lies well to the left of where it rises for "
        "good: the dot is at a tenth of that. Press anywhere to train at the rate there.",
        has_rate_curve,
        width=2,
        over_time=True,
        is_steering=True,
        source=rate_curve_source,
    ),
}
