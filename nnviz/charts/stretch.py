"""A stretch of a loss curve in full: every update, where a chart of the whole run leaves most of them out."""

from collections.abc import Callable, Iterator

import numpy as np

from nnviz.charts import facts
from nnviz.charts.chart import PLAIN_VIEW, View
from nnviz.charts.facts import Clock
from nnviz.charts.figure import Trace, line
from nnviz.charts.palette import BLUE, GREEN, ORANGE, TRAIN, Style
from nnviz.charts.racers import racers
from nnviz.records.every_loss import EveryLoss
from nnviz.records.run import Doubles, Lane, Snapshot
from nnviz.words.charts import PLOT
from nnviz.words.language import say
from nnviz.words.messages import player

MOST = 4000  # updates that are drawn; of more, the least and the greatest of every so many
MOST_LANES = 8
_DOTS = 150  # updates among which each is a dot, too
_PLAYERS = tuple(Style(colour, "solid") for colour in (ORANGE, BLUE, GREEN))

Losses = Callable[[Lane, float, float], EveryLoss]


def stretch(snapshot: Snapshot, losses: Losses, low: float, high: float, view: View = PLAIN_VIEW) -> list[Trace]:
    """Draw the loss of every update from one place of the view's clock to another.

    losses: finds those of a lane from one update to another.  Of several seeds it is the first one's.
    """
    clock = facts.clock(view.clock, snapshot)
    return [
        trace for lane, looks in _looks(snapshot) for trace in _lines(snapshot, lane, looks, clock, losses, low, high)
    ]


def _looks(snapshot: Snapshot) -> Iterator[tuple[Lane, tuple[Style, ...]]]:
    """Go through the lanes, each with the style of every player that is drawn."""
    if facts.is_compared(snapshot):
        yield from ((racer.shown[0], (Style(racer.style.colour, "solid"),)) for racer in racers(snapshot)[:MOST_LANES])
        return
    several = snapshot.scene is not None and len(snapshot.scene.players) > 1
    yield from ((lane, _PLAYERS if several else (TRAIN,)) for lane in snapshot.lanes[:MOST_LANES])


def _lines(
    snapshot: Snapshot, lane: Lane, looks: tuple[Style, ...], clock: Clock, losses: Losses, low: float, high: float
) -> Iterator[Trace]:  # fmt: skip
    steps, times = _knots(lane, clock)
    first, last = np.interp([low, high], times, steps)
    found = losses(lane, max(np.floor(first), lane.since + 1), np.ceil(last))
    size = -(-2 * len(found) // MOST) if len(found) > MOST else 1
    shown = found.telling(size)
    for place, look in enumerate(looks[: shown.losses.shape[1]] if len(shown) else ()):
        drawn = _line(np.interp(shown.steps, steps, times), shown, place, look, _name(snapshot, lane, place), size)
        yield {**drawn, "meta": {"lane": drawn["legendgroup"]}} if facts.is_compared(snapshot) else drawn


def _knots(lane: Lane, clock: Clock) -> tuple[Doubles, Doubles]:
    """Return updates and their times, from the first to the last, between which time is taken to go evenly."""
    steps = np.concatenate([[0.0], lane.curve.steps, [float(lane.step)]])
    times = np.concatenate([[0.0], clock.of_curve(lane.curve), [clock.of_moment(lane)]])
    is_later = np.append(True, np.diff(np.maximum.accumulate(times)) > 0)
    return steps[is_later], times[is_later]


def _name(snapshot: Snapshot, lane: Lane, place: int) -> str:
    """Name what a line belongs to."""
    if facts.is_compared(snapshot):
        return say(lane.label)
    players = snapshot.scene.players if snapshot.scene else ()
    return player(players[place]) if players else PLOT["batches"]


def _line(x: Doubles, shown: EveryLoss, place: int, look: Style, name: str, size: int) -> Trace:
    word = PLOT["every_update"] if size == 1 else PLOT["extremes"].format(count=f"{size:,}")
    hover = f"{name}, {PLOT['update']} %{{customdata:,}}<br>%{{y:.6g}}<extra></extra>"
    drawn = line(
        x, shown.losses[:, place], look, word, width=1, customdata=shown.steps.astype(np.int32), hovertemplate=hover,
        legendgroup=name, showlegend=place == 0,
    )  # fmt: skip
    dots = {"mode": "lines+markers", "marker": {"color": look.colour, "size": 4}} if len(x) <= _DOTS else {}
    return {**drawn, **dots}
