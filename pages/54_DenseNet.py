"""DenseNet: each layer reads what all layers before it have found."""

from nnviz.ui.families.page import family_page

family_page("densenet")
