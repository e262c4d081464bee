"""How much worse a network does on examples that it never trains on."""

from nnviz.charts import facts
from nnviz.charts.chart import PLAIN_VIEW, Figure, View
from nnviz.charts.facts import Measured
from nnviz.charts.figure import axis, clock_axis, layout, line, waiting
from nnviz.charts.fits import has_one_player
from nnviz.charts.palette import FAINT, TEST
from nnviz.records.run import Snapshot
from nnviz.words.charts import PLOT

_MOST = 24  # points


def train_test_gap(snapshot: Snapshot, view: View = PLAIN_VIEW) -> Figure:
    """Draw the test loss less the loss on training examples, both of the network in evaluation, over time."""
    clock = facts.clock(view.clock, snapshot)
    frame = layout(f"gap {view.clock}", clock_axis(clock.label), axis(PLOT["gap"]), showlegend=False)
    found = facts.pick(facts.measured(snapshot.lanes[0], clock, _gap), _MOST) if snapshot.lanes else None
    if found is None or not len(found.x):
        return waiting(snapshot, frame)
    zero = {"color": FAINT, "dash": "dot", "width": 2}
    rule = {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": 0, "y1": 0, "line": zero}
    trace = line(found.x, found.y, TEST, PLOT["gap"], hovertemplate="%{y:.4g}<extra></extra>")
    return {"data": [trace], "layout": {**frame, "shapes": [rule]}}


def _gap(part: Measured) -> float | None:
    return None if part.train_loss is None else part.test_loss - part.train_loss


def has_gap(snapshot: Snapshot) -> bool:
    """Tell whether one network is judged on training and test examples alike."""
    return not facts.is_compared(snapshot) and has_one_player(snapshot)
