"""Which modes of a density a generator reaches: the usual test for mode collapse."""

from typing import NamedTuple

import torch
from torch import Tensor

REACH = 3.0  # standard deviations from its centre that belong to a mode
LEAST = 0.1  # of a mode's fair share of the samples, to count as covered


class Coverage(NamedTuple):
    """What samples cover.

    covered: modes that get samples.  shares: of all samples, those close to each mode, (modes,).  quality: their sum.
    is_covered: whether each mode gets samples enough, (modes,).
    """

    covered: int
    shares: Tensor
    quality: float
    is_covered: Tensor


def modes_covered(samples: Tensor, centres: Tensor, spread: float) -> Coverage:
    """Count the modes that samples (n, 2) reach, of a density of equal clouds at centres (modes, 2).

    A sample is good within 3 standard deviations of the nearest centre (VEEGAN, Srivastava et al. 2017; PacGAN, Lin et
    al. 2018).  There one good sample covers a mode; here it takes a tenth of the mode's fair share, since a few samples
    on the way from one mode to another pass through a third.
    """
    distance, nearest = torch.cdist(samples, centres).min(1)
    is_good = distance <= REACH * spread  # never true of nan
    counts = torch.bincount(nearest[is_good], minlength=len(centres))
    least = max(1.0, LEAST * len(samples) / len(centres))
    shares = counts / max(1, len(samples))
    is_covered = counts >= least
    return Coverage(int(is_covered.sum()), shares, shares.sum().item(), is_covered)
