"""LSTM: a memory that lasts."""

from nnviz.ui.families.page import family_page

family_page("lstm")
