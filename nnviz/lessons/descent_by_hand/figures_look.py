"""Colours and sizes that mean the same in all figures of gradient descent by hand."""

from nnviz.charts.palette import BLUE, GREY, VERMILLION, Style

HEIGHT = 310  # pixels of a figure
CHOSEN = VERMILLION  # the chosen sample, its error and its terms
BEST = GREY  # what least squares finds
LINE = BLUE  # the line as it is now
PATH = Style("#B04FC4", "solid")
NOW = {"size": 11, "color": PATH.colour, "line": {"color": "white", "width": 1.5}}
STAR = {"symbol": "star", "size": 17, "color": "#F2B701", "line": {"color": "#5A4500", "width": 1}}
QUIET = {"hoverinfo": "skip"}
UNNAMED = {"showlegend": False}
