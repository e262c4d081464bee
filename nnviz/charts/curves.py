"""Loss and accuracy of one network against time."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from nnviz.charts import facts
from nnviz.charts.chance import guessing, prices, widened
from nnviz.charts.chart import PLAIN_VIEW, Figure, View
from nnviz.charts.facts import Clock, Series
from nnviz.charts.figure import Layout, Trace, axis, beside, clock_axis, floats, layout, line, note, waiting
from nnviz.charts.ghosts import Ghost, ghost_lines
from nnviz.charts.loss_axis import Scale, loss_axis, scale, scale_of_lost
from nnviz.charts.palette import BLUE, GREEN, GREY, ORANGE, TEST, TRAIN, Style
from nnviz.charts.races import race_accuracies, race_losses
from nnviz.charts.spread import Spread, area, spreads
from nnviz.records.run import Lane, Snapshot
from nnviz.records.status import Status
from nnviz.words.charts import PLOT, WORDS
from nnviz.words.messages import player
from nnviz.words.metrics import METRICS

_GHOSTS = 4
_PLAYERS = tuple(Style(colour, "solid") for colour in (ORANGE, BLUE, GREEN))


def loss_curves(snapshot: Snapshot, view: View = PLAIN_VIEW) -> Figure:
    """Draw the training loss of every update, raw and smoothed, the test loss, live changes and the run before.

    Where several players learn, each one's loss; no test loss where records measure something else.
    In a race, each racer's smoothed training loss.
    """
    if snapshot.scene and snapshot.scene.players:
        view = replace(view, log_loss=False)  # what players make small may lie below zero
    if facts.is_compared(snapshot):
        return race_losses(snapshot, view)
    clock = facts.clock(view.clock, snapshot)
    drawn = [_drawn(snapshot, lane, clock, view) for lane in snapshot.lanes]
    ghosts = [Ghost(lane, _ghost(snapshot, lane, clock, view)) for lane in snapshot.ghosts[:_GHOSTS] if view.earlier]
    chosen, frame = _loss_layout(snapshot, drawn, ghosts, clock, view)
    end = frame["xaxis"]["range"][1] if ghosts else 0.0
    traces = [*ghost_lines([_fitted(ghost, chosen) for ghost in ghosts], end), *_marks(snapshot, clock)]
    for part in drawn:
        traces += _losses(snapshot, part, chosen)
    if not any(len(trace["x"]) for trace in traces):
        return waiting(snapshot, frame)
    traces += [trace for lane in _lost(snapshot) for trace in _end_of(lane, clock)]
    traces += [_upright(clock.of_moment(ill), str(ill.text)) for ill in snapshot.ills]
    frame["annotations"] = [*_mark_labels(snapshot, clock), *_ill_labels(snapshot, clock), *_diverged(snapshot, clock)]
    frame["shapes"] = prices(snapshot, [line for part in drawn for line in part.lines], is_log=chosen.is_log)
    return {"data": traces, "layout": frame}


class _Drawn(NamedTuple):
    """One lane's lines: for each player the loss of each batch and its running mean; the test losses, if any.

    spreads: of each player whose losses are not all drawn.
    """

    every: list[Series]
    means: list[Series]
    tested: list[Series]
    spreads: list[Spread]

    @property
    def lines(self) -> list[Series]:
        """All of them; a batch whose loss has rounded to 0 is left out, for it decides no axis."""
        every = [Series(part.x[part.y != 0], part.y[part.y != 0]) for part in self.every]
        sides = [side for part in self.spreads for side in part.sides]
        return [*every, *sides, *self.means, *self.tested]


def _drawn(snapshot: Snapshot, lane: Lane, clock: Clock, view: View) -> _Drawn:
    every = [facts.series(clock.of_curve(lane.curve), losses) for losses in (lane.curve.losses, *lane.curve.others)]
    means = [facts.smoothed(part, view.smoothing) for part in every]
    test = [facts.measured(lane, clock, lambda part: part.test_loss)] if facts.metric_of(snapshot) == "loss" else []
    spread = spreads(clock.of_curve(lane.curve), lane.curve)
    return _Drawn(every, [Series(mean.x, mean.y) for mean in means], test, spread)


def _ghost(snapshot: Snapshot, lane: Lane, clock: Clock, view: View) -> list[Series]:
    found = _drawn(snapshot, lane, clock, view)
    return [*found.means, *found.tested]


def _fitted(ghost: Ghost, chosen: Scale) -> Ghost:
    return ghost._replace(lines=[facts.series(part.x, part.y, chosen.is_log) for part in ghost.lines])


def _loss_layout(
    snapshot: Snapshot, drawn: Sequence[_Drawn], ghosts: Sequence[Ghost], clock: Clock, view: View
) -> tuple[Scale, Layout]:
    """Lay the axes out for the present run; before its first update, for the one before."""
    is_begun = any(len(part.x) for each in drawn for part in each.every)
    lines = [line for each in drawn for line in each.lines]
    if ghosts and not is_begun:
        lines += [line for ghost in ghosts for line in ghost.lines]
    wild = drawn if _lost(snapshot) else []
    if not is_begun:
        wild = [_Drawn(list(ghost.lines[:1]), [], [], []) for ghost in ghosts if ghost.lane.status == Status.DIVERGED]
    batches = [each.every[0] for each in wild if each.every]
    top = facts.ceiling(batches)
    chosen = scale(view.log_loss, lines) if top is None else scale_of_lost(view.log_loss, lines, batches[0], top)
    low, high = facts.extent([facts.series(part.x, part.y, chosen.is_log) for part in lines], _top(top, chosen))
    low, high = widened(snapshot, low, high, is_log=chosen.is_log)
    ends = None if top is None and not ghosts else (low, high if top is None or chosen.is_log else top)
    across = clock_axis(clock.label, **({"range": [0, _until(lines)]} if ghosts else {}))
    over = {"overlaying": "y", "range": [0, 1], "visible": False, "fixedrange": True}
    revision = f"loss {view.clock} {chosen.name}"
    return chosen, layout(revision, across, loss_axis(METRICS["loss"], chosen, ends, (low, high)), yaxis2=over)


def _top(top: float | None, chosen: Scale) -> float | None:
    return None if chosen.word == WORDS["lost_log"] else top


def _until(lines: Sequence[Series]) -> float:
    return 1.02 * max((float(line.x[-1]) for line in lines if len(line.x)), default=0.0) or 1.0


def _losses(snapshot: Snapshot, drawn: _Drawn, chosen: Scale) -> list[Trace]:
    players = snapshot.scene.players if snapshot.scene else ()
    names = tuple(map(player, players)) or (PLOT["batches"],)
    looks = (TRAIN,) if len(names) == 1 else _PLAYERS
    found = zip(drawn.every, drawn.means, names, looks, strict=False)
    traces = [trace for every, mean, name, look in found for trace in _trained(every, mean, name, look, chosen)]
    under = zip(drawn.spreads, names, looks, strict=False)
    areas = [area(part, name, look, is_log=chosen.is_log) for part, name, look in under]
    return [*areas, *traces, *(_test_line(facts.series(part.x, part.y, chosen.is_log)) for part in drawn.tested)]


def _trained(every: Series, mean: Series, name: str, look: Style, chosen: Scale) -> list[Trace]:
    """Draw one player's losses: of each batch, and their running mean."""
    shown, calm = (facts.pick(facts.series(part.x, part.y, chosen.is_log)) for part in (every, mean))
    hover: Trace = {"legendgroup": name, "hovertemplate": f"{name} %{{y:.4g}}<extra></extra>"}
    return [_raw(shown, name, look), line(calm.x, calm.y, look, name, **hover)]


def _raw(every: Series, name: str, look: Style) -> Trace:
    quiet = {"hoverinfo": "skip", "showlegend": False, "legendgroup": name, "opacity": 0.4, "meta": {"thinned": True}}
    return line(every.x, every.y, look, name, width=1, **quiet)


def _test_line(test: Series, unit: str = "") -> Trace:
    return line(test.x, test.y, TEST, PLOT["test"], hovertemplate=f"{PLOT['test']} %{{y:.4g}}{unit}<extra></extra>")


def _marks(snapshot: Snapshot, clock: Clock) -> list[Trace]:
    found = facts.marks(snapshot.lanes)
    if not found:
        return []
    at = [clock.of_moment(mark) for mark in found]
    x = floats([[x, x, np.nan] for x in at]).ravel()
    y = floats([[0, 1, np.nan]] * len(at)).ravel()
    texts = [text for mark in found for text in (str(mark.text), str(mark.text), "")]
    hover = {"text": texts, "hovertemplate": "%{text}<extra></extra>", "showlegend": False, "yaxis": "y2"}
    return [line(x, y, Style(GREY, "dot"), PLOT["changes"], width=1, **hover)]


def _mark_labels(snapshot: Snapshot, clock: Clock) -> list[dict[str, object]]:
    """Name the last change on the plot; the earlier ones speak when pointed at."""
    found = facts.marks(snapshot.lanes)[-1:]
    place: Layout = {"xref": "x", "yanchor": "top", "font": {"size": 10}}
    end = _last_moment(snapshot.lanes[0], clock)
    return [
        note(str(mark.text), at, 1.0, **place, **beside(at, end)) for mark in found for at in [clock.of_moment(mark)]
    ]


def _lost(snapshot: Snapshot) -> list[Lane]:
    return [lane for lane in snapshot.lanes if lane.status == Status.DIVERGED]


def _end_of(lane: Lane, clock: Clock) -> list[Trace]:
    """Draw the moment at which a lane diverged as an upright line over the height of the plot."""
    return [_upright(_last_moment(lane, clock), PLOT["diverged"])]


def _upright(at: float, name: str) -> Trace:
    quiet = {"hoverinfo": "skip", "showlegend": False, "yaxis": "y2"}
    return line(floats([at, at]), floats([0, 1]), Style(ORANGE, "dash"), name, width=1.5, **quiet)


def _ill_labels(snapshot: Snapshot, clock: Clock) -> list[dict[str, object]]:
    """Name what is wrong where it began, one below the other."""
    place: Layout = {"xref": "x", "yanchor": "top", "font": {"size": 11}}
    found = [(str(ill.text), clock.of_moment(ill)) for ill in snapshot.ills]
    end = _last_moment(snapshot.lanes[0], clock)
    return [note(text, at, 0.92 - 0.09 * row, **place, **beside(at, end)) for row, (text, at) in enumerate(found)]


def _last_moment(lane: Lane, clock: Clock) -> float:
    return clock.of_moment(lane)


def _diverged(snapshot: Snapshot, clock: Clock) -> list[dict[str, object]]:
    """Say beside its line when a lane diverged: half way up, where neither a calm curve nor an explosion ends."""
    place: Layout = {"xref": "x", "xanchor": "right", "xshift": -4, "align": "right", "font": {"size": 11}}
    return [note("<br>".join(_lost_words(lane)), _last_moment(lane, clock), **place) for lane in _lost(snapshot)]


def _lost_words(lane: Lane) -> list[str]:
    finite = lane.curve.losses[np.isfinite(lane.curve.losses)]
    last = [WORDS["last_finite"].format(loss=facts.number(float(finite[-1])))] if len(finite) else []
    return [WORDS["lost"].format(step=f"{lane.step:,}"), *last]


def accuracy_curves(snapshot: Snapshot, view: View = PLAIN_VIEW) -> Figure:
    """Draw the share of right answers on training and test examples, in per cent, with the level of guessing.

    In a race, each racer's share on test examples.
    """
    if facts.is_compared(snapshot):
        return race_accuracies(snapshot, view)
    clock = facts.clock(view.clock, snapshot)
    y = axis(PLOT["accuracy"], range=[-2, 102], dtick=20)
    frame = layout(f"accuracy {view.clock}", clock_axis(clock.label), y)
    traces = [trace for lane in snapshot.lanes for trace in _accuracies(lane, clock)]
    if not any(len(trace["x"]) for trace in traces):
        return waiting(snapshot, frame)
    frame |= guessing(snapshot)
    return {"data": traces, "layout": frame}


def _percent(value: Callable[[facts.Measured], float | None]) -> Callable[[facts.Measured], float | None]:
    return lambda record: None if value(record) is None else 100 * float(value(record) or 0)


def _accuracies(lane: Lane, clock: Clock) -> list[Trace]:
    train = facts.measured(lane, clock, _percent(lambda record: record.train_accuracy))
    test = facts.measured(lane, clock, _percent(lambda record: record.test_accuracy))
    hover: Trace = {"legendgroup": "train", "hovertemplate": PLOT["train"] + " %{y:.4g} %<extra></extra>"}
    return [line(train.x, train.y, TRAIN, PLOT["train"], **hover), _test_line(test, " %")]
