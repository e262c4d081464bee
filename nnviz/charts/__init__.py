"""The charts that a page can show: one entry of CHARTS is one chart."""

from typing import TYPE_CHECKING

from nnviz.charts.chart import PLAIN_VIEW, Chart, Figure, View
from nnviz.charts.confusion import confusion_matrix
from nnviz.charts.curves import accuracy_curves, loss_curves
from nnviz.charts.distributions import activation_histograms, gradient_histograms, weight_histograms
from nnviz.charts.fits import has_classes, has_line, has_pictures, has_plane, has_plane_and_hidden, is_small_network
from nnviz.charts.network import network_drawing
from nnviz.charts.parameters import parameter_check, update_ratios
from nnviz.charts.pictures import first_layer_filters, sample_pictures, worst_pictures
from nnviz.charts.plane import output_field
from nnviz.charts.regression import fitted_curve
from nnviz.charts.units import hidden_unit_maps
from nnviz.records import Snapshot

if TYPE_CHECKING:
    import plotly.graph_objects as go

CHARTS: dict[str, Chart] = {
    "field": Chart(
        "Decision boundary",
        output_field,
        "What the network answers at every place of the plane: colour is its answer, strength its confidence. "
        "Filled circles are training points, hollow diamonds test points; look for points on ground of another colour.",
        has_plane,
    ),
    "fit": Chart(
        "Fitted curve",
        fitted_curve,
        "The data's points and the curve that the network draws through them, with a band of two standard deviations "
        "either way where it also learns the noise. Look for bends that follow single points: that is overfitting.",
        has_line,
        width=2,
    ),
    "sample": Chart(
        "Test pictures",
        sample_pictures,
        "The same 25 test pictures all the time, with the network's answer: a tick and a green frame where it is "
        "right, a cross and a red frame with the truth where it is wrong. Watch them turn green.",
        has_pictures,
    ),
    "loss": Chart(
        "Loss",
        loss_curves,
        "How wrong the network is, over time: faint, the loss of single batches (in long runs of every second, fourth "
        "... one); bold, their running mean; dashed, "
        "examples it never trains on. Look for a gap that opens between train and test: the network learns by heart.",
        width=2,
        follows_updates=True,
    ),
    "accuracy": Chart(
        "Accuracy",
        accuracy_curves,
        "The share of examples that the network gets right, for those it trains on and for those it never sees. "
        "The dotted line is what pure guessing would reach.",
        has_classes,
    ),
    "hidden_units": Chart(
        "Hidden units",
        hidden_unit_maps,
        "What each hidden unit alone makes of the plane: blue above zero, orange below, blank near zero. The first "
        "layer draws straight edges, later ones combine them; a blank picture is a dead unit.",
        has_plane_and_hidden,
    ),
    "gallery": Chart(
        "Worst mistakes",
        worst_pictures,
        "The test pictures that the network finds hardest, worst first: a cross and a red frame with the truth where "
        "it is wrong, a tick and a green frame where it is right after all. Would you have known?",
        has_pictures,
    ),
    "confusion": Chart(
        "Confusion matrix",
        confusion_matrix,
        "Each row is a true class, each column what the network took it for. Right answers are the blue diagonal; "
        "orange cells are mistakes: look for the pair that is mixed up most.",
        has_classes,
    ),
    "network": Chart(
        "Network",
        network_drawing,
        "The whole network: each line is a weight, blue if positive and orange if negative, thicker if larger. "
        "Look for units whose lines all fade, and for the few lines that carry the answer.",
        is_small_network,
    ),
    "filters": Chart(
        "First-layer weights",
        first_layer_filters,
        "The weights of first-layer units, as pictures: blue where ink speaks for the unit, orange where it speaks "
        "against. They start as noise; look for strokes and blobs that appear as it learns.",
        has_pictures,
    ),
    "weights": Chart(
        "Weights",
        weight_histograms,
        "How the weights of one layer are spread, over time: the darker, the more weights have that value. "
        "A band that widens means that the layer is learning; one that never moves is stuck.",
    ),
    "gradients": Chart(
        "Gradients",
        gradient_histograms,
        "How the gradients of one layer's weights are spread, over time. A band that shrinks to a thin line at zero "
        "means vanishing gradients; one that grows without end comes before divergence.",
    ),
    "activations": Chart(
        "Activations",
        activation_histograms,
        "How the outputs of one layer's units are spread on the same test inputs, over time. Look for everything piled "
        "up at zero (dead ReLUs) or at the two ends (saturated sigmoid or tanh).",
    ),
    "updates": Chart(
        "Update ratios",
        update_ratios,
        "How large each update is beside the parameter it changes. Around 1e-3, the dotted line, is healthy; far "
        "above, the learning rate is likely too high, far below, too low. Biases are drawn as dots.",
        width=2,
    ),
    "parameters": Chart(
        "Parameter check",
        parameter_check,
        "Every parameter of the network in numbers, and how far it has moved from its start. Look for one that does "
        "not move, or whose norm runs away.",
        width=3,
    ),
}


def figure(chart_id: str, snapshot: Snapshot, view: View = PLAIN_VIEW) -> "go.Figure":
    """Draw a chart as a `plotly` figure for export; raises ValueError naming the choices for an unknown id."""
    if chart_id not in CHARTS:
        raise ValueError(f"there is no chart {chart_id!r}; choose one of {', '.join(CHARTS)}")
    import plotly.graph_objects as go  # only an export pays for it

    return go.Figure(CHARTS[chart_id].draw(snapshot, view))


__all__ = ["CHARTS", "PLAIN_VIEW", "Chart", "Figure", "View", "figure"]
