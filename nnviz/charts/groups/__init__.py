"""What is measured by layer, in the groups of Cockpit (Schneider et al. 2021): step size, gradients, curvature."""

from nnviz.charts.chart import Chart
from nnviz.charts.groups.curvature import CURVATURE_CHARTS
from nnviz.charts.groups.gradients import GRADIENT_CHARTS
from nnviz.charts.groups.step_size import STEP_SIZE_CHARTS

GROUPED_CHARTS: dict[str, Chart] = {**STEP_SIZE_CHARTS, **GRADIENT_CHARTS, **CURVATURE_CHARTS}
