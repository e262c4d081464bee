"""The charts of what families show: one entry a sight, whichever family shows it."""

from nnviz.charts.chart import Chart
from nnviz.charts.sights import has_sight, sight

SIGHT_CHARTS: dict[str, Chart] = {}
