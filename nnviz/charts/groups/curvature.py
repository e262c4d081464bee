"""What tells how the loss bends: its steepest curve, and how much each layer stretches which directions."""

from dataclasses import replace

from nnviz.charts.by_layer import Quantity, by_layer, is_read
from nnviz.charts.chart import Chart
from nnviz.charts.layer_readings import reading
from nnviz.charts.sharpness import SHARPNESS
from nnviz.charts.spectrum import singular_values
from nnviz.words.charts import GROUPS

GROUP = GROUPS.english["curvature"]
_RANK = Quantity("effective_rank", reading("effective_rank"))

CURVATURE_CHARTS: dict[str, Chart] = {
    "sharpness": replace(SHARPNESS, group=GROUP),
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
        by_layer(_RANK),
        "How many directions each layer uses, between 1 and the smaller of its numbers of inputs and units: the "
        "exponential of the entropy of its singular values (Roy and Vetterli 2007). Healthy: well above 1 where a "
        "layer has many units; a fall towards 1 is a collapse.",
        is_read("effective_rank"),
        over_time=True,
        group=GROUP,
    ),
}
