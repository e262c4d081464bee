"""The figures of the lesson on learning."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from nnviz.charts.chart import PLAIN_VIEW, Figure
from nnviz.charts.curves import loss_curves
from nnviz.charts.figure import beside
from nnviz.charts.lesson_figure import Picture, Words
from nnviz.charts.plane import output_field
from nnviz.charts.regression import fitted_curve
from nnviz.lessons.learning.results import Example

_ROOM = 1.3  # above the untrained loss: what rises further leaves the picture
_VIEW = replace(PLAIN_VIEW, show_test=False)


def boundary(example: Example, words: Words) -> Figure:
    """Draw the classifier's answer over the plane."""
    return output_field(example.snapshot, _VIEW)


def curve(example: Example, words: Words) -> Figure:
    """Draw the regression's curve through its points."""
    figure = fitted_curve(example.snapshot, _VIEW)
    figure["layout"]["yaxis"] |= {"range": [-2, 2]}
    return figure


def losses(example: Example, words: Words) -> Figure:
    """Draw the loss over the updates, on axes that stay where they are while it grows."""
    figure = loss_curves(example.snapshot)
    figure["layout"]["xaxis"] |= {"range": [0, example.most_updates]}
    if figure["layout"]["yaxis"].get("type") != "log":  # what has exploded needs all powers of ten
        figure["layout"]["yaxis"] |= {"range": [0, _ROOM * example.loss_before]}
    notes = [_with_room(each, example.most_updates) for each in figure["layout"].get("annotations", ())]
    figure["layout"]["annotations"] = notes
    return figure


def _with_room(note: dict[str, Any], end: float) -> dict[str, Any]:
    """Write a note beside a moment on the side where it has room."""
    if note["xref"] != "x":
        return note
    side = beside(note["x"], end)
    return {**note, **side, "align": side["xanchor"]}


PICTURES: Mapping[str, Picture] = {
    "boundary": Picture(boundary),
    "boundary_loss": Picture(losses),
    "curve": Picture(curve),
    "curve_loss": Picture(losses),
}
