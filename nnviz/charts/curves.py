"""Loss and accuracy against time."""

from collections.abc import Callable, Sequence

import numpy as np

from nnviz.charts import facts
from nnviz.charts.chart import PLAIN_VIEW, Figure, View
from nnviz.charts.facts import Series
from nnviz.charts.figure import Layout, Trace, axis, clock_axis, floats, layout, line, note, top_note, waiting
from nnviz.charts.palette import GHOST, GREY, TEST, TEST_DASH, TRAIN, Style, lane_styles, rgba
from nnviz.records import Lane, Record, Snapshot, Status

_MOST_RAW = 3  # lanes whose unsmoothed losses are drawn: more of them are one grey noise
_GHOSTS = 4


def loss_curves(snapshot: Snapshot, view: View = PLAIN_VIEW) -> Figure:
    """Draw the training loss of every update, raw and smoothed, the test loss, live changes and ghosts."""
    frame = _loss_layout(snapshot, view)
    traces = [*_ghosts(snapshot, view), *_marks(snapshot, view)]
    single = len(snapshot.lanes) == 1
    for lane, style in zip(snapshot.lanes, lane_styles(snapshot.lanes), strict=True):
        traces += _lane_losses(lane, view, None if single else style, raw=len(snapshot.lanes) <= _MOST_RAW)
    if not any(len(trace["x"]) for trace in traces):
        return waiting(snapshot, frame)
    frame["annotations"] = [*_mark_labels(snapshot, view), *_diverged(snapshot)]
    return {"data": traces, "layout": frame}


def _loss_layout(snapshot: Snapshot, view: View) -> Layout:
    label = facts.clock(view.clock).label
    over = {"overlaying": "y", "range": [0, 1], "visible": False, "fixedrange": True}
    revision = f"loss {view.clock} {'log' if view.log_loss else 'linear'}"
    return layout(revision, clock_axis(label), axis("loss", **_loss_axis(snapshot, view)), yaxis2=over)


def _loss_axis(snapshot: Snapshot, view: View) -> dict[str, object]:
    """Choose the loss axis; where a lane diverged, the others decide how far it reaches."""
    top = _top(snapshot, view)
    lines = [line for lane in snapshot.lanes for line in _both_losses(lane, view)]
    low, high = facts.extent(lines, top)
    shape = {} if top is None else {"range": facts.padded(low, high, view.log_loss)}
    if not view.log_loss:
        return dict(shape)
    return {**shape, "type": "log", **facts.log_ticks(low, high)}


def _top(snapshot: Snapshot, view: View) -> float | None:
    wild = [lane for lane in snapshot.lanes if lane.status == Status.DIVERGED]
    calm = [lane for lane in snapshot.lanes if lane.status != Status.DIVERGED]
    lines = ([facts.train_loss(lane, view.clock, view.log_loss) for lane in lanes] for lanes in (calm, wild))
    return facts.ceiling(*lines) if wild else None


def _both_losses(lane: Lane, view: View) -> tuple[Series, Series]:
    test = facts.recorded(lane, view.clock, lambda record: record.test_loss, view.log_loss)
    return facts.train_loss(lane, view.clock, view.log_loss), test


def _lane_losses(lane: Lane, view: View, style: Style | None, raw: bool) -> list[Trace]:
    every, test = _both_losses(lane, view)
    mean = facts.pick(facts.smoothed(every, view.smoothing))
    if view.log_loss:
        mean = facts.series(mean.x, mean.y, is_log=True)
    name = lane.label if style else "train"
    look = style or TRAIN
    traces = [_raw(facts.pick(every), look, name)] if raw else []
    traces.append(line(mean.x, mean.y, look, name, legendgroup=name, hovertemplate=f"{name} %{{y:.4g}}<extra></extra>"))
    return [*traces, _test_line(test, style, name)]


def _raw(every: Series, style: Style, name: str) -> Trace:
    quiet = {"hoverinfo": "skip", "showlegend": False, "legendgroup": name, "opacity": 0.4}
    return line(every.x, every.y, Style(style.colour, "solid"), name, width=1, **quiet)


def _test_line(test: Series, style: Style | None, name: str, unit: str = "") -> Trace:
    if style is None:
        return line(test.x, test.y, TEST, "test", hovertemplate=f"test %{{y:.4g}}{unit}<extra></extra>")
    hover = f"{name}, test %{{y:.4g}}{unit}<extra></extra>"
    thin = Style(style.colour, TEST_DASH)
    more: Trace = {"width": 1.5, "showlegend": False, "legendgroup": name, "hovertemplate": hover}
    return line(test.x, test.y, thin, f"{name}, test", **more)


def _ghosts(snapshot: Snapshot, view: View) -> list[Trace]:
    traces = []
    for at, lane in enumerate(snapshot.ghosts[:_GHOSTS]):
        every, test = _both_losses(lane, view)
        mean = facts.pick(facts.smoothed(every, view.smoothing), 250)
        for values, dash in ((mean, "solid"), (test, "dash")):
            look = Style(GHOST, dash)
            group = {"legendgroup": "ghost", "showlegend": not at and dash == "solid", "hoverinfo": "skip"}
            traces.append(line(values.x, values.y, look, "before", width=1.5, **group))
    return traces


def _marks(snapshot: Snapshot, view: View) -> list[Trace]:
    found = facts.marks(snapshot.lanes)
    if not found:
        return []
    at = [facts.clock(view.clock).of_moment(mark) for mark in found]
    x = floats([[x, x, np.nan] for x in at]).ravel()
    y = floats([[0, 1, np.nan]] * len(at)).ravel()
    texts = [text for mark in found for text in (mark.text, mark.text, "")]
    hover = {"text": texts, "hovertemplate": "%{text}<extra></extra>", "showlegend": False, "yaxis": "y2"}
    return [line(x, y, Style(GREY, "dot"), "changes", width=1, **hover)]


def _mark_labels(snapshot: Snapshot, view: View) -> list[dict[str, object]]:
    """Name the last change on the plot; the earlier ones speak when pointed at."""
    found = facts.marks(snapshot.lanes)[-1:]
    now = facts.clock(view.clock).of_moment
    place = {"xref": "x", "yanchor": "top", "xanchor": "auto", "font": {"size": 10}}
    return [note(mark.text, now(mark), 1.0, **place) for mark in found]


def _diverged(snapshot: Snapshot) -> list[dict[str, object]]:
    lost = [lane for lane in snapshot.lanes if lane.status == Status.DIVERGED]
    names = [f"{lane.label} " if len(snapshot.lanes) > 1 else "" for lane in lost]
    lines = [f"{name}diverged at update {lane.step:,}" for name, lane in zip(names, lost, strict=True)]
    return [top_note("<br>".join(lines))] if lines else []


def accuracy_curves(snapshot: Snapshot, view: View = PLAIN_VIEW) -> Figure:
    """Draw the share of right answers on training and test examples, in per cent, with the level of guessing."""
    y = axis("accuracy (%)", range=[-2, 102], dtick=20)
    frame = layout(f"accuracy {view.clock}", clock_axis(facts.clock(view.clock).label), y)
    single = len(snapshot.lanes) == 1
    traces = []
    for lane, style in zip(snapshot.lanes, lane_styles(snapshot.lanes), strict=True):
        traces += _lane_accuracies(lane, view, None if single else style)
    if not any(len(trace["x"]) for trace in traces):
        return waiting(snapshot, frame)
    frame |= _guessing(snapshot)
    return {"data": traces, "layout": frame}


def _percent(value: Callable[[Record], float | None]) -> Callable[[Record], float | None]:
    return lambda record: None if value(record) is None else 100 * float(value(record) or 0)


def _lane_accuracies(lane: Lane, view: View, style: Style | None) -> list[Trace]:
    train = facts.recorded(lane, view.clock, _percent(lambda record: record.train_accuracy))
    test = facts.recorded(lane, view.clock, _percent(lambda record: record.test_accuracy))
    name = lane.label if style else "train"
    hover = f"{name} %{{y:.4g}} %<extra></extra>"
    first = line(train.x, train.y, style or TRAIN, name, legendgroup=name, hovertemplate=hover)
    return [first, _test_line(test, style, name, " %")]


def _guessing(snapshot: Snapshot) -> Layout:
    classes: Sequence[str] = snapshot.scene.classes if snapshot.scene else ()
    if len(classes) < 2:
        return {}
    level = 100 / len(classes)
    stroke = {"color": rgba(GREY, 0.8), "dash": "dot", "width": 1}
    rule = {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": level, "y1": level, "line": stroke}
    word = note("guessing", 1.0, level, yref="y", xanchor="right", yanchor="bottom", font={"size": 10})
    return {"shapes": [rule], "annotations": [word]}
