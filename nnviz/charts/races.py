"""Loss and accuracy of a race against time: one line for each racer, or a median in a band of its seeds."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from nnviz.charts import facts
from nnviz.charts.bands import Band, ceiling, recorded, trained
from nnviz.charts.chance import guessing, prices, widened
from nnviz.charts.changes import lost_marks, notes, turn_lines, turns
from nnviz.charts.chart import PLAIN_VIEW, Figure, View
from nnviz.charts.facts import Clock, Measured, Series
from nnviz.charts.figure import Layout, Trace, axis, clock_axis, layout, line, waiting
from nnviz.charts.loss_axis import loss_axis, scale
from nnviz.charts.palette import GREY, rgba
from nnviz.charts.racers import Racer, racers
from nnviz.records.run import Snapshot
from nnviz.words.charts import PLOT, WORDS
from nnviz.words.messages import player
from nnviz.words.metrics import of_metric

_LOW = 0.5  # height of notes where the curves are at the top
_SWATCH = 36  # pixels: a long dash and a gap

Found = list[tuple[Racer, Band]]


def race_losses(snapshot: Snapshot, view: View = PLAIN_VIEW) -> Figure:
    """Draw each racer's smoothed training loss; of several players, the first one's."""
    clock = facts.clock(view.clock, snapshot)
    found = [(racer, trained(racer, clock, view.smoothing)) for racer in racers(snapshot)]
    players = snapshot.scene.players if snapshot.scene else ()
    title = PLOT["player_loss"].format(player=player(players[0])) if players else PLOT["training_loss"]
    frame = _loss_layout(snapshot, title, found, clock, view)
    frame["shapes"] = _prices(snapshot, found, frame)
    return _finished(snapshot, found, clock, frame)


def race_test_losses(snapshot: Snapshot, view: View = PLAIN_VIEW) -> Figure:
    """Draw each racer's test loss, and the target that a reader has set."""
    clock = facts.clock(view.clock, snapshot)
    found = [(racer, recorded(racer, clock, _test_loss)) for racer in racers(snapshot)]
    targets = [view.target] if view.target is not None and np.isfinite(view.target) else []
    title = of_metric(PLOT["test_metric"], facts.metric_of(snapshot))
    frame = _loss_layout(snapshot, title, found, clock, view, targets)
    frame["shapes"] = [*_prices(snapshot, found, frame), *(_target_line(target) for target in targets)]
    return _finished(snapshot, found, clock, frame)


def race_accuracies(snapshot: Snapshot, view: View = PLAIN_VIEW) -> Figure:
    """Draw each racer's share of right answers on test examples, in per cent, with the level of guessing."""
    clock = facts.clock(view.clock, snapshot)
    found = [(racer, recorded(racer, clock, _test_percent)) for racer in racers(snapshot)]
    y = axis(PLOT["test_accuracy"], range=[-2, 102], dtick=20)
    # The other charts of a race name the lines; here the names would leave them no room.
    frame = layout(f"accuracy {view.clock}", clock_axis(clock.label), y, yaxis2=_over(), showlegend=False)
    return _finished(snapshot, found, clock, frame | guessing(snapshot), " %", _LOW)


def _prices(snapshot: Snapshot, found: Found, frame: Layout) -> list[dict[str, Any]]:
    """Draw what guessing costs, but for players: the other lanes may count another loss."""
    if not _has_prices(snapshot):
        return []
    lines = [Series(shown.x, shown.middle) for _, shown in found]
    return prices(snapshot, lines, is_log=frame["yaxis"].get("type") == "log")


def _has_prices(snapshot: Snapshot) -> bool:
    return snapshot.scene is not None and not snapshot.scene.players


def _test_loss(record: Measured) -> float | None:
    return record.test_loss


def _test_percent(record: Measured) -> float | None:
    return None if record.test_accuracy is None else 100 * record.test_accuracy


def _over() -> dict[str, Any]:
    return {"overlaying": "y", "range": [0, 1], "visible": False, "fixedrange": True}


def _finished(
    snapshot: Snapshot, found: Found, clock: Clock, frame: Layout, unit: str = "", height: float = 1.0
) -> Figure:
    """Put lines over bands over marks, with notes from a height downwards; without lines there are no shapes either."""
    frame["legend"]["itemwidth"] = _SWATCH
    if not any(len(shown.x) for _, shown in found):
        return waiting(snapshot, {**frame, "shapes": []})
    taking_part = [racer for racer, _ in found]
    changed = turns(taking_part)
    bands = [_area(racer, shown) for racer, shown in found if len(racer.shown) > 1 and len(shown.x) > 1]
    lines = [_line(racer, shown, unit) for racer, shown in found]
    marks = [*turn_lines(changed, clock), *lost_marks(taking_part, clock)]
    end = max(float(shown.x[-1]) for _, shown in found if len(shown.x))
    written = notes(taking_part, changed, clock, end, height)
    return {"data": [*marks, *bands, *lines], "layout": {**frame, "annotations": [*frame["annotations"], *written]}}


def _line(racer: Racer, shown: Band, unit: str) -> Trace:
    own: Trace = {"meta": {"lane": racer.label}, "legendgroup": racer.label}
    if len(racer.shown) == 1:
        hover: Trace = {"hovertemplate": f"{racer.label} %{{y:.4g}}{unit}<extra></extra>"}
    else:
        words = WORDS["median"].format(seeds=len(racer.shown))
        ends = f"%{{customdata[0]:.4g}} – %{{customdata[1]:.4g}}{unit}"
        hover = {"hovertemplate": f"{racer.label} %{{y:.4g}}{unit}<br>{words} {ends}<extra></extra>"}
        hover["customdata"] = np.column_stack([shown.low, shown.high])
    return line(shown.x, shown.middle, racer.style, racer.label, **own, **hover)


def _area(racer: Racer, shown: Band) -> Trace:
    """Draw from the smallest to the largest seed; width 0 so that the band has no edge."""
    x, y = np.concatenate([shown.x, shown.x[::-1]]), np.concatenate([shown.high, shown.low[::-1]])
    fill = {"fill": "toself", "fillcolor": rgba(racer.style.colour, 0.16), "line": {"width": 0}}
    own = {"meta": {"lane": racer.label}, "legendgroup": racer.label, "showlegend": False, "hoverinfo": "skip"}
    return {"type": "scatter", "mode": "lines", "x": x, "y": y, "name": racer.label, **fill, **own}


def _loss_layout(
    snapshot: Snapshot, title: str, found: Found, clock: Clock, view: View, also: Sequence[float] = ()
) -> Layout:
    """Choose the loss axis from the racers that are sound; the others leave the plot at its top."""
    chosen = scale(view.log_loss, [*(Series(part.x, part.low) for _, part in found), _points(also)])
    calm = [shown for racer, shown in found if not racer.is_lost]
    top = ceiling(calm, [shown for racer, shown in found if racer.is_lost])
    ends = [*_extent([shown for _, shown in found], top), *also]
    reach = min(ends), max(ends)
    if _has_prices(snapshot):
        reach = widened(snapshot, *reach, is_log=chosen.is_log)
    revision = f"{title} {view.clock} {chosen.name}"
    return layout(revision, clock_axis(clock.label), loss_axis(title, chosen, reach, reach), yaxis2=_over())


def _points(values: Sequence[float]) -> Series:
    return Series(np.zeros(len(values), np.float32), np.asarray(values, np.float32))


def _extent(shown: Sequence[Band], top: float | None) -> tuple[float, float]:
    values = [Series(part.x, side) for part in shown for side in (part.low, part.high)]
    low, high = facts.extent(values, top)
    return low, (high if top is None else top)


def _target_line(target: float) -> dict[str, Any]:
    """Draw the target over the whole width; the board lets a reader drag what is named so."""
    stroke = {"color": GREY, "dash": "dash", "width": 1.5}
    words = {
        "text": WORDS["target"].format(loss=facts.number(target)),
        "textposition": "end",
        "yanchor": "bottom",
        "padding": 12,
    }
    place = {"xref": "paper", "x0": 0, "x1": 1, "y0": target, "y1": target}
    label = {**words, "font": {"size": 10, "color": GREY}}
    return {"type": "line", "name": "target", "editable": True, "line": stroke, "label": label, **place}
