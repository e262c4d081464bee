"""The confusion matrix: which class is taken for which."""

import numpy as np
from numpy.typing import NDArray

from nnviz.charts import facts
from nnviz.charts.chart import PLAIN_VIEW, Figure, View
from nnviz.charts.figure import Layout, Trace, axis, heat, layout, waiting
from nnviz.charts.palette import diverging
from nnviz.records.run import Snapshot
from nnviz.records.shapes import Ints
from nnviz.words.charts import PLOT

_BRIEF = 11
_FLAT = 40  # letters that fit side by side below the matrix


def confusion_shades(counts: Ints) -> NDArray[np.int8]:
    """Return the root of each count's share of its row: +100 at most on the diagonal, -100 at least off it."""
    shade = np.round(100 * np.sqrt(facts.shares(counts)))
    return np.where(np.eye(len(counts), dtype=bool), shade, -shade).astype(np.int8)


def confusion_matrix(snapshot: Snapshot, view: View = PLAIN_VIEW) -> Figure:
    """Draw test counts by truth and prediction: right answers in blue, mistakes in orange, by share of the row."""
    found = facts.latest(snapshot, lambda record: record.confusion)
    if found is None:
        return waiting(snapshot, _layout(snapshot, 1))
    words = PLOT["mistaken"].format(truth="%{y}", prediction="%{x}", count="%{customdata:,}")
    hover = {"hoverinfo": "text", "hovertemplate": f"{words}<extra></extra>"}
    counts = {"customdata": found.astype(np.int32), "xgap": 1, "ygap": 1}
    cells = heat(confusion_shades(found), diverging(0.75), -100, 100, **counts, **hover)
    return {"data": [cells, _numbers(found)], "layout": _layout(snapshot, len(found))}


def _numbers(counts: Ints) -> Trace:
    """Write the counts in the page's own text colour, which a heat map's texts do not take."""
    truth, predicted = (places.ravel().astype(np.int32) for places in np.indices(counts.shape))
    text = {"text": [f"{count:,}" if count else " " for count in counts.ravel().tolist()], "textfont": {"size": 11}}
    place = {"x": predicted, "y": truth}
    return {"type": "scatter", "mode": "text", **place, **text, "hoverinfo": "skip"}


def _layout(snapshot: Snapshot, count: int) -> Layout:
    names = _names(facts.class_names(snapshot.scene), count)
    longest = max(map(len, names))
    is_flat = count * longest <= _FLAT
    ticks = {"tickvals": list(range(count)), "ticktext": names, "showgrid": False, "ticks": ""}
    x = axis(PLOT["prediction"], **ticks, range=[-0.5, count - 0.5], tickangle=0 if is_flat else -40)
    y = axis(PLOT["truth"], **ticks, range=[count - 0.5, -0.5])
    margin = {"l": 40 + 6 * longest, "r": 12, "t": 10, "b": 44 if is_flat else 40 + 5 * longest}
    return layout("confusion", x, y, margin=margin, showlegend=False)


def _names(classes: tuple[str, ...], count: int) -> list[str]:
    full = classes[:count] if len(classes) >= count else [str(index) for index in range(count)]
    return [name if len(name) <= _BRIEF else name[: _BRIEF - 1] + "…" for name in full]
