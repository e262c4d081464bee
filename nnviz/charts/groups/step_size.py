"""What tells whether steps are too small or too large."""

from nnviz.charts.by_layer import Quantity, by_layer, is_read
from nnviz.charts.chart import Chart
from nnviz.charts.distributions import has_updates, update_histograms, weight_histograms
from nnviz.charts.facts import is_compared
from nnviz.charts.layer_readings import distances, has_parameters, reading
from nnviz.charts.panels import lane_updates, lane_weights
from nnviz.charts.parameters import parameter_check, update_ratios
from nnviz.words.charts import GROUPS

GROUP = GROUPS.english["step_size"]
_ALPHA = Quantity("alpha", reading("alpha"), (-1.0, 1.0), (-2.1, 2.1))
_DISTANCE = Quantity("moved", distances, most=24)  # a smooth line

STEP_SIZE_CHARTS: dict[str, Chart] = {
    "updates": Chart(
        "Update ratios",
        update_ratios,
        "How large each update is beside the parameter it changes. The dotted line, 1e-3, is a rule of "
        "thumb; small networks often learn best when they begin at ten times that. Far below, learning crawls; far "
        "above, the learning rate may be too high. Biases are drawn as dots; in deep networks blue is the "
        "first layer and orange the last.",
        width=2,
        over_time=True,
        group=GROUP,
    ),
    "alpha": Chart(
        "Step quality",
        by_layer(_ALPHA),
        "Where the last update ended along its own direction, on its own batch: -1 is where it began, 0 the minimum, "
        "1 as far beyond it (Cockpit's alpha, from losses and slopes at both ends). Updates that led uphill from the "
        "first are left out. Of two networks against each other, of each by itself beside the other one as it was; "
        "one that does several steps in an update has no line. Healthy: between -1 and 1, where the step has made this "
        "loss smaller.",
        is_read("alpha"),
        over_time=True,
        group=GROUP,
    ),
    "moved": Chart(
        "Distance from the start",
        by_layer(_DISTANCE),
        "How far the weights of each layer, and bold all parameters together, are from their first values. Healthy: "
        "every line leaves zero and bends; a line at zero is a layer that stands still, a straight one that runs on "
        "has not arrived.",
        has_parameters,
        over_time=True,
        group=GROUP,
    ),
    "update_histograms": Chart(
        "Update sizes",
        update_histograms,
        "How what each update adds to the weights of one layer is spread, over time, with the mean in red and lines "
        "below which 5, 50 and 95 % lie. Healthy: a band that narrows as the loss levels off. Look for one that widens "
        "without end, and for a thin line at zero from the start: a layer that stands still.",
        has_updates,
        over_time=True,
        group=GROUP,
    ),
    "weights": Chart(
        "Weights",
        weight_histograms,
        "How the weights of one layer are spread, over time: the bluer, the more weights have that value. "
        "A band that widens means that the layer is learning; one that never moves is stuck, or so wide "
        "that tiny steps are enough.",
        over_time=True,
        group=GROUP,
    ),
    "lane_weights": Chart(
        "Weights of each lane",
        lane_weights,
        "How the weights of one layer are spread in each lane, beside the grey outline of the start, which all share. "
        "Look for lanes that hardly leave the outline, and for those that spread far beyond it.",
        is_compared,
        width=3,
        group=GROUP,
    ),
    "lane_updates": Chart(
        "Last update of each lane",
        lane_updates,
        "How far the last update moved each weight of one layer, lane by lane on one scale. A needle at zero is a "
        "lane that barely moves; two humps are a rule that moves every weight by about the same.",
        is_compared,
        width=3,
        group=GROUP,
    ),
    "parameters": Chart(
        "Parameter check",
        parameter_check,
        "Every parameter of the network in numbers, and how far it has moved from its start. Look for one that does "
        "not move, or whose norm runs away.",
        width=3,
        group=GROUP,
    ),
}
