"""What a task measures beside its losses, over time: modes covered, distances."""

from collections.abc import Callable

from nnviz.charts import facts
from nnviz.charts.chart import PLAIN_VIEW, Figure, View
from nnviz.charts.facts import Clock, Measured, Series
from nnviz.charts.figure import Trace, axis, clock_axis, layout, line, note, waiting
from nnviz.charts.loss_axis import loss_axis, scale
from nnviz.charts.palette import GREY, TEST, TRAIN, rgba
from nnviz.charts.racers import Racer, racers
from nnviz.records.run import Snapshot
from nnviz.words.charts import PLOT
from nnviz.words.metrics import METRICS

_STEPS = {"shape": "hv"}  # whole numbers do not pass through what lies between them


def modes_covered(snapshot: Snapshot, view: View = PLAIN_VIEW) -> Figure:
    """Draw how many of a density's modes each network covers, below the number that there are."""
    count = len(snapshot.scene.classes) if snapshot.scene else 1
    y = axis(PLOT["modes"], range=[-0.04 * count, 1.08 * count], nticks=10)
    figure = _scores(snapshot, view, "modes", y)
    for trace in figure["data"]:
        trace["line"] |= _STEPS
    rule = {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": count, "y1": count}
    word = note(PLOT["all"], 1.0, count, yref="y", xanchor="right", yanchor="bottom", font={"size": 10})
    if figure["data"]:
        figure["layout"]["shapes"] = [{**rule, "line": {"color": rgba(GREY, 0.8), "dash": "dot", "width": 1}}]
        figure["layout"]["annotations"] = [word]
    return figure


def good_samples(snapshot: Snapshot, view: View = PLAIN_VIEW) -> Figure:
    """Draw the share of made examples that lie within a mode, in per cent."""
    return _scores(snapshot, view, "good", axis(PLOT["within_a_mode"], range=[-2, 102]), 100)


def has_score(name: str) -> Callable[[Snapshot], bool]:
    """Return whether a run measures something under this name."""
    return lambda snapshot: facts.latest(snapshot, lambda record: record.scores.get(name)) is not None


def _scores(snapshot: Snapshot, view: View, name: str, y: dict[str, object], scale: float = 1.0) -> Figure:
    clock = facts.clock(view.clock, snapshot)
    found = racers(snapshot)
    frame = layout(f"{name} {view.clock}", clock_axis(clock.label), y, showlegend=len(found) > 1)
    traces = [
        _line(racer, clock, lambda record: _scaled(record.scores.get(name), scale), len(found) > 1) for racer in found
    ]
    if not any(len(trace["x"]) for trace in traces):
        return waiting(snapshot, frame)
    return {"data": traces, "layout": frame}


def _scaled(value: float | None, scale: float) -> float | None:
    return None if value is None else scale * value


def _line(racer: Racer, clock: Clock, value: Callable[[Measured], float | None], is_one_of_several: bool) -> Trace:
    found = facts.measured(racer.lanes[0], clock, value)
    style = racer.style if is_one_of_several else TRAIN
    return line(found.x, found.y, style, racer.label, hovertemplate=f"{racer.label}: %{{y:.4g}}<extra></extra>")


def figure_curves(snapshot: Snapshot, view: View = PLAIN_VIEW) -> Figure:
    """Draw what a run's records measure instead of a loss, of training and test examples; of a pair, of test ones."""
    clock = facts.clock(view.clock, snapshot)
    found = racers(snapshot)
    traces = [trace for racer in found for trace in _measured(racer, clock, len(found) > 1)]
    lines = [Series(trace["x"], trace["y"]) for trace in traces]
    chosen = scale(view.log_loss, lines)
    y = loss_axis(METRICS[facts.metric_of(snapshot)], chosen, None, facts.extent(lines))
    y |= {} if chosen.is_log else {"rangemode": "tozero"}
    frame = layout(f"figure {view.clock} {chosen.name}", clock_axis(clock.label), y)
    if not any(len(line.x) for line in lines):
        return waiting(snapshot, frame)
    return {"data": traces, "layout": frame}


def _measured(racer: Racer, clock: Clock, is_one_of_several: bool) -> list[Trace]:
    lane = racer.lanes[0]
    test = facts.measured(lane, clock, lambda record: record.test_loss)
    if is_one_of_several:
        hover = f"{racer.label}: %{{y:.4g}}<extra></extra>"
        return [line(test.x, test.y, racer.style, racer.label, hovertemplate=hover)]
    train = facts.measured(lane, clock, lambda record: record.train_loss)
    return [
        line(part.x, part.y, style, PLOT[name], hovertemplate=f"{PLOT[name]}: %{{y:.4g}}<extra></extra>")
        for part, style, name in ((train, TRAIN, "to_training"), (test, TEST, "to_test"))
    ]


def has_distance(snapshot: Snapshot) -> bool:
    """Tell whether a run's records hold a distance."""
    return snapshot.scene is not None and snapshot.scene.metric_name == "energy_distance"
