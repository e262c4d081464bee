"""ResNet: shortcuts make deep networks learn."""

from nnviz.ui.families.page import family_page

family_page("resnet")
