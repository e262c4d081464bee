"""Losses: squared error, cross-entropy and the likelihoods behind them."""

from nnviz.ui.lessons.frame import frame
from nnviz.ui.lessons.losses import losses
from nnviz.ui.lessons.losses_desk import DESK

frame(DESK)
losses()
