"""The error on test examples over time, beside what it can be compared with."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from nnviz.charts import facts
from nnviz.charts.chart import PLAIN_VIEW, Figure, View
from nnviz.charts.facts import Clock, Measured
from nnviz.charts.figure import Trace, axis, clock_axis, layout, line, waiting
from nnviz.charts.palette import GREY, TEST, Style
from nnviz.charts.racers import Racer, racers
from nnviz.records.run import Record, Snapshot
from nnviz.words.charts import PLOT
from nnviz.words.metrics import of_metric

# Scores of records that the data alone decides.
_GIVEN = {"pca": Style(GREY, "dash"), "noisy": Style(GREY, "dot")}


def errors(snapshot: Snapshot, view: View = PLAIN_VIEW) -> Figure:
    """Draw each network's error on test examples, and the errors that need no network."""
    clock = facts.clock(view.clock, snapshot)
    found = racers(snapshot)
    y = axis(
        of_metric(PLOT["test_metric"], facts.metric_of(snapshot)),
        range=[0, _top(snapshot.lanes[0].records if snapshot.lanes else ())],
    )
    frame = layout(f"errors {view.clock}", clock_axis(clock.label), y)
    traces = [_own(racer, clock, len(found) > 1) for racer in found]
    if not any(len(trace["x"]) for trace in traces):
        return waiting(snapshot, frame)
    return {"data": [*traces, *_given(found[0], clock)], "layout": frame}


def has_baseline(snapshot: Snapshot) -> bool:
    """Tell whether errors were measured beside something that they can be compared with."""
    return facts.latest(snapshot, lambda record: record.scores.get("pca")) is not None


def _top(records: Sequence[Record]) -> float:
    """Return where the axis ends: a network's first errors may be ten times those that are to be compared."""
    given = [(record.scores.get("pca", 0.0), record.scores.get("noisy", 0.0)) for record in records]
    return max((max(3 * pca, 1.1 * noisy) for pca, noisy in given), default=0.0) or 1.0


def _own(racer: Racer, clock: Clock, is_one_of_several: bool) -> Trace:
    style, name = (racer.style, racer.label) if is_one_of_several else (TEST._replace(dash="solid"), PLOT["network"])
    return _line(racer, clock, lambda record: record.test_loss, style, name)


def _given(racer: Racer, clock: Clock) -> Iterator[Trace]:
    for name, style in _GIVEN.items():
        if any(name in record.scores for record in racer.lanes[0].records):
            yield _line(racer, clock, partial(_score, name), style, PLOT[name])


def _score(name: str, record: Measured) -> float | None:
    return record.scores.get(name)


def _line(racer: Racer, clock: Clock, value: Callable[[Measured], float | None], style: Style, name: str) -> Trace:
    found = facts.measured(racer.lanes[0], clock, value)
    return line(found.x, found.y, style, name, hovertemplate=f"{name}: %{{y:.4g}}<extra></extra>")
