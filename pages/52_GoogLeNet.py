"""GoogLeNet: filters of several sizes side by side."""

from nnviz.ui.families.page import family_page

family_page("googlenet")
