"""What is measured by layer, in the groups of Cockpit (Schneider et al. 2021): step size, gradients, curvature."""

from nnviz.charts.chart import Chart
from nnviz.charts.groups.curvature import CURVATURE_CHARTS
from nnviz.charts.groups.gradients import GRADIENT_CHARTS
from nnviz.charts.groups.step_size import STEP_SIZE_CHARTS

# Those that say something of several networks, too, as soon as it is measured.
SEVERAL = (
    "alpha", "moved", "gradient_norms", "successive_gradients", "gradient_update", "noise_scale",
    "saturated_units", "twin_units", "sharpness", "hessian_trace", "lane_witnesses", "lane_rank", "lane_spectrum",
)  # fmt: skip
ALONE = ("spectrum", "effective_rank")  # those of one network
GROUPED_CHARTS: dict[str, Chart] = {**STEP_SIZE_CHARTS, **GRADIENT_CHARTS, **CURVATURE_CHARTS}
