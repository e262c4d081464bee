"""Autoencoder: a code of two numbers, learnt without labels."""

from nnviz.ui.families.page import family_page

family_page("autoencoder")
