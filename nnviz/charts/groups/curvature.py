"""What tells how the loss bends: its steepest curve, and how much each layer stretches which directions."""

from dataclasses import replace

from nnviz.charts.by_layer import Quantity, are_read, by_layer, is_read
from nnviz.charts.chart import Chart
from nnviz.charts.layer_readings import reading
from nnviz.charts.sharpness import SHARPNESS
from nnviz.charts.spectrum import RANK, lane_ranks, lane_spectra, singular_values
from nnviz.words.charts import GROUPS

GROUP = GROUPS.english["curvature"]
_TRACE = Quantity("hessian_trace", reading("hessian_trace"))

CURVATURE_CHARTS: dict[str, Chart] = {
    "sharpness": replace(SHARPNESS, group=GROUP),
    "hessian_trace": Chart(
        "Hessian trace",
        by_layer(_TRACE),
        "How sharply the training loss curves in all directions together: the sum of the eigenvalues of its Hessian, "
        "bold of all parameters, and of each layer's weights by themselves, estimated from 30 random directions (6 in "
        "networks of 50,000 parameters and more; Hutchinson 1990) on up to 512 training examples. Beside the sharpness "
        "it tells whether one direction is steep or many are. Healthy: lines that level off.",
        is_read("hessian_trace"),
        over_time=True,
        group=GROUP,
    ),
    "spectrum": Chart(
        "Singular values",
        singular_values,
        "How much each layer's weights stretch the directions of their inputs, most first. Along those that are "
        "hardly stretched an input makes no difference, and the loss is flat. Healthy: lines that fall gently. Below "
        "a cliff no direction gets through, and a first value far above the rest drowns them.",
        is_read("spectrum"),
        group=GROUP,
    ),
    "effective_rank": Chart(
        "Effective rank",
        by_layer(RANK),
        "How many directions each layer uses, between 1 and the smaller of its numbers of inputs and units: the "
        "exponential of the entropy of its singular values (Roy and Vetterli 2007). Healthy: well above 1 where a "
        "layer has many units; a fall towards 1 is a collapse.",
        is_read("effective_rank"),
        over_time=True,
        group=GROUP,
    ),
    "lane_spectrum": Chart(
        "Singular values of each lane",
        lane_spectra,
        "How much the weights of one layer stretch the directions of their inputs, most first, lane by lane. All begin "
        "alike; look for a lane that has grown a few directions far above the rest.",
        are_read("spectrum"),
        group=GROUP,
    ),
    "lane_rank": Chart(
        "Effective rank of each lane",
        lane_ranks,
        "How many directions one layer uses, lane by lane, between 1 and the smaller of its numbers of inputs and "
        "units. Look for a lane that falls towards 1 while the others stay.",
        are_read("effective_rank"),
        over_time=True,
        group=GROUP,
    ),
}
