"""AlexNet: convolutions, ReLU and dropout."""

from nnviz.ui.families.page import family_page

family_page("alexnet")
