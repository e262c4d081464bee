"""The learning rate of every update: what the slider said times what the schedule made of it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from nnviz.charts import facts
from nnviz.charts.bands import own
from nnviz.charts.chart import PLAIN_VIEW, Chart, Figure, View
from nnviz.charts.facts import Clock, Series
from nnviz.charts.figure import Trace, axis, clock_axis, layout, line, waiting
from nnviz.charts.palette import BLUE, GREEN, ORANGE, TRAIN, Style
from nnviz.charts.racers import racers
from nnviz.records.run import Doubles, Lane, Snapshot
from nnviz.words.charts import PLOT
from nnviz.words.messages import player

_FAR = 20.0  # times another lane's rate: what a linear axis would draw as zero
_PLAYERS = tuple(Style(colour, "solid") for colour in (ORANGE, BLUE, GREEN))
_USUAL = "constant"


class _Rate(NamedTuple):
    """One line: whose it is, how it looks and what it shows."""

    name: str
    style: Style
    series: Series


def learning_rates(snapshot: Snapshot, view: View = PLAIN_VIEW) -> Figure:
    """Draw the rate of each update, player by player; in a race lane by lane, of several players the first one's."""
    clock = facts.clock(view.clock, snapshot)
    found = list(_compared(snapshot, clock) if facts.is_compared(snapshot) else _alone(snapshot, clock))
    is_log = _is_log(view, [rate.series for rate in found])
    y = axis(PLOT["rate"], **({"type": "log", "exponentformat": "power"} if is_log else {"rangemode": "tozero"}))
    revision = f"learning rate {view.clock} {is_log}"
    is_named = len(found) > 1 and not facts.is_compared(snapshot)  # the other charts of a race name its lanes
    frame = layout(revision, clock_axis(clock.label), y, showlegend=is_named)
    if not any(len(rate.series.x) for rate in found):
        return waiting(snapshot, frame)
    return {"data": [_line(rate, is_log) for rate in found], "layout": frame}


def has_rates(snapshot: Snapshot) -> bool:
    """Tell whether a rate follows a schedule; a turn alone is marked on the loss, and no chart comes in between."""
    return any(lane.spec.schedule.name != _USUAL for lane in snapshot.lanes)


def _alone(snapshot: Snapshot, clock: Clock) -> Iterator[_Rate]:
    players = snapshot.scene.players if snapshot.scene else ()
    looks = list(zip(map(player, players), _PLAYERS, strict=False)) or [(PLOT["rate"], TRAIN)]
    for lane in snapshot.lanes:
        for place, (name, style) in enumerate(looks):
            yield _Rate(name, style, _series(lane, clock, _rates(lane)[place : place + 1]))


def _compared(snapshot: Snapshot, clock: Clock) -> Iterator[_Rate]:
    for racer in racers(snapshot):
        lane = racer.shown[0]
        yield _Rate(racer.label, racer.style, own(lane, clock, _series(lane, clock, _rates(lane)[:1])))


def _rates(lane: Lane) -> tuple[Doubles, ...]:
    """Return the rates of each player; of a lane in which none was turned the one that it has."""
    present = [value for target, value in lane.knobs.items() if target.endswith(".lr")]
    return lane.curve.rates or tuple(np.full(len(lane.curve.steps), value) for value in present)


def _series(lane: Lane, clock: Clock, rates: Sequence[Doubles]) -> Series:
    return facts.pick(facts.series(clock.of_curve(lane.curve), rates[0])) if rates else facts.series([], [])


def _is_log(view: View, lines: Sequence[Series]) -> bool:
    """Count powers where the reader does so for the loss, and where lanes have very different rates."""
    drawn = [each.y for each in lines if len(each.y)]
    if not drawn or min(float(each.min()) for each in drawn) <= 0:
        return False
    tops = [float(each.max()) for each in drawn]
    return view.log_loss or max(tops) > _FAR * min(tops)


def _line(rate: _Rate, is_log: bool) -> Trace:
    shown = facts.series(rate.series.x, rate.series.y, is_log)
    whose: Trace = {"meta": {"lane": rate.name}, "legendgroup": rate.name}
    hover = f"{rate.name} %{{y:.4g}}<extra></extra>"
    drawn = line(shown.x, shown.y, rate.style, rate.name, hovertemplate=hover, **whose)
    return {**drawn, "line": {**drawn["line"], "shape": "vh"}}  # a point holds for all updates since the one before


RATE_CHARTS: Mapping[str, Chart] = {
    "learning_rate": Chart(
        "Learning rate",
        learning_rates,
        "The rate that each update was done with, over time: what the slider said, times the schedule's factor. Shown "
        "where a schedule runs; logarithmic with the loss, and where lanes are far apart.",
        has_rates,
        follows_updates=True,
        over_time=True,
    ),
}
