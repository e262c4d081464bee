"""Loss and accuracy of one network against time."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from nnviz.charts import facts
from nnviz.charts.chart import PLAIN_VIEW, Figure, View
from nnviz.charts.facts import Clock, Series
from nnviz.charts.figure import Layout, Trace, axis, clock_axis, floats, guessing, layout, line, note, top_note, waiting
from nnviz.charts.palette import BLUE, GHOST, GREEN, GREY, ORANGE, TEST, TRAIN, Style
from nnviz.charts.races import race_accuracies, race_losses
from nnviz.records import Lane, Record, Snapshot, Status

_GHOSTS = 4
_PLAYERS = tuple(Style(colour, "solid") for colour in (ORANGE, BLUE, GREEN))


def loss_curves(snapshot: Snapshot, view: View = PLAIN_VIEW) -> Figure:
    """Draw the training loss of every update, raw and smoothed, the test loss, live changes and ghosts.

    Where several players learn, each one's loss; no test loss where records measure something else.
    In a race, each racer's smoothed training loss.
    """
    if snapshot.scene and snapshot.scene.players:
        view = replace(view, log_loss=False)  # what players make small may lie below zero
    if len(snapshot.lanes) > 1:
        return race_losses(snapshot, view)
    clock = facts.clock(view.clock, snapshot)
    frame = _loss_layout(snapshot, clock, view)
    traces = [*_ghosts(snapshot, clock, view), *_marks(snapshot, clock)]
    for lane in snapshot.lanes:
        traces += _losses(snapshot, lane, clock, view)
    if not any(len(trace["x"]) for trace in traces):
        return waiting(snapshot, frame)
    frame["annotations"] = [*_mark_labels(snapshot, clock), *_diverged(snapshot)]
    return {"data": traces, "layout": frame}


def _loss_layout(snapshot: Snapshot, clock: Clock, view: View) -> Layout:
    over = {"overlaying": "y", "range": [0, 1], "visible": False, "fixedrange": True}
    revision = f"loss {view.clock} {'log' if view.log_loss else 'linear'}"
    return layout(revision, clock_axis(clock.label), axis("loss", **_loss_axis(snapshot, clock, view)), yaxis2=over)


def _loss_axis(snapshot: Snapshot, clock: Clock, view: View) -> dict[str, object]:
    """Choose the loss axis; where the run diverged, its early losses decide how far it reaches."""
    wild = [lane for lane in snapshot.lanes if lane.status == Status.DIVERGED]
    top = facts.ceiling([facts.train_loss(lane, clock, view.log_loss) for lane in wild])
    lines = [
        line
        for lane in snapshot.lanes
        for line in (*_trained_series(lane, clock, view), *_tested_series(snapshot, lane, clock, view))
    ]
    low, high = facts.extent(lines, top)
    shape = {} if top is None else {"range": facts.padded(low, high, view.log_loss)}
    if not view.log_loss:
        return dict(shape)
    return {**shape, "type": "log", **facts.log_ticks(low, high)}


def _trained_series(lane: Lane, clock: Clock, view: View) -> list[Series]:
    """Return each player's losses, of every kept update on its own batch."""
    return [
        facts.series(clock.of_curve(lane.curve), losses, view.log_loss)
        for losses in (lane.curve.losses, *lane.curve.others)
    ]


def _tested_series(snapshot: Snapshot, lane: Lane, clock: Clock, view: View) -> list[Series]:
    """Return the test losses, where records measure losses and nothing else."""
    if facts.figure(snapshot) != "loss":
        return []
    return [facts.recorded(lane, clock, lambda record: record.test_loss, view.log_loss)]


def _losses(snapshot: Snapshot, lane: Lane, clock: Clock, view: View) -> list[Trace]:
    names = (snapshot.scene.players if snapshot.scene else ()) or ("train",)
    looks = (TRAIN,) if len(names) == 1 else _PLAYERS
    found = zip(_trained_series(lane, clock, view), names, looks, strict=False)
    traces = [trace for every, name, look in found for trace in _trained(every, name, look, view)]
    return [*traces, *map(_test_line, _tested_series(snapshot, lane, clock, view))]


def _trained(every: Series, name: str, look: Style, view: View) -> list[Trace]:
    """Draw one player's losses: of each batch, and their running mean."""
    mean = facts.pick(facts.smoothed(every, view.smoothing))
    if view.log_loss:
        mean = facts.series(mean.x, mean.y, is_log=True)
    hover: Trace = {"legendgroup": name, "hovertemplate": f"{name} %{{y:.4g}}<extra></extra>"}
    return [_raw(facts.pick(every), name, look), line(mean.x, mean.y, look, name, **hover)]


def _raw(every: Series, name: str, look: Style) -> Trace:
    quiet = {"hoverinfo": "skip", "showlegend": False, "legendgroup": name, "opacity": 0.4}
    return line(every.x, every.y, look, name, width=1, **quiet)


def _test_line(test: Series, unit: str = "") -> Trace:
    return line(test.x, test.y, TEST, "test", hovertemplate=f"test %{{y:.4g}}{unit}<extra></extra>")


def _ghosts(snapshot: Snapshot, clock: Clock, view: View) -> list[Trace]:
    traces = []
    for at, lane in enumerate(snapshot.ghosts[:_GHOSTS]):
        means = [facts.pick(facts.smoothed(each, view.smoothing), 250) for each in _trained_series(lane, clock, view)]
        for place, values in enumerate([*means, *_tested_series(snapshot, lane, clock, view)]):
            look = Style(GHOST, "dash" if place else "solid")
            group = {"legendgroup": "ghost", "showlegend": not at and not place, "hoverinfo": "skip"}
            traces.append(line(values.x, values.y, look, "before", width=1.5, **group))
    return traces


def _marks(snapshot: Snapshot, clock: Clock) -> list[Trace]:
    found = facts.marks(snapshot.lanes)
    if not found:
        return []
    at = [clock.of_moment(mark) for mark in found]
    x = floats([[x, x, np.nan] for x in at]).ravel()
    y = floats([[0, 1, np.nan]] * len(at)).ravel()
    texts = [text for mark in found for text in (mark.text, mark.text, "")]
    hover = {"text": texts, "hovertemplate": "%{text}<extra></extra>", "showlegend": False, "yaxis": "y2"}
    return [line(x, y, Style(GREY, "dot"), "changes", width=1, **hover)]


def _mark_labels(snapshot: Snapshot, clock: Clock) -> list[dict[str, object]]:
    """Name the last change on the plot; the earlier ones speak when pointed at."""
    found = facts.marks(snapshot.lanes)[-1:]
    place = {"xref": "x", "yanchor": "top", "xanchor": "auto", "font": {"size": 10}}
    return [note(mark.text, clock.of_moment(mark), 1.0, **place) for mark in found]


def _diverged(snapshot: Snapshot) -> list[dict[str, object]]:
    lost = [lane for lane in snapshot.lanes if lane.status == Status.DIVERGED]
    return [top_note(f"diverged at update {lane.step:,}") for lane in lost]


def accuracy_curves(snapshot: Snapshot, view: View = PLAIN_VIEW) -> Figure:
    """Draw the share of right answers on training and test examples, in per cent, with the level of guessing.

    In a race, each racer's share on test examples.
    """
    if len(snapshot.lanes) > 1:
        return race_accuracies(snapshot, view)
    clock = facts.clock(view.clock, snapshot)
    y = axis("accuracy (%)", range=[-2, 102], dtick=20)
    frame = layout(f"accuracy {view.clock}", clock_axis(clock.label), y)
    traces = [trace for lane in snapshot.lanes for trace in _accuracies(lane, clock)]
    if not any(len(trace["x"]) for trace in traces):
        return waiting(snapshot, frame)
    frame |= guessing(snapshot)
    return {"data": traces, "layout": frame}


def _percent(value: Callable[[Record], float | None]) -> Callable[[Record], float | None]:
    return lambda record: None if value(record) is None else 100 * float(value(record) or 0)


def _accuracies(lane: Lane, clock: Clock) -> list[Trace]:
    train = facts.recorded(lane, clock, _percent(lambda record: record.train_accuracy))
    test = facts.recorded(lane, clock, _percent(lambda record: record.test_accuracy))
    hover: Trace = {"legendgroup": "train", "hovertemplate": "train %{y:.4g} %<extra></extra>"}
    return [line(train.x, train.y, TRAIN, "train", **hover), _test_line(test, " %")]
