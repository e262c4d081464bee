"""Principal component analysis: what the best linear map through so few numbers gives back."""

from functools import lru_cache
from typing import NamedTuple

import torch
from torch import Tensor

from nnviz.catalog.data import Data

_CHUNK = 4096  # examples at once


class Components(NamedTuple):
    """The mean (inputs,) of the training examples and their main directions, rows of length 1 (components, inputs)."""

    mean: Tensor
    axes: Tensor

    def given_back(self, x: Tensor) -> Tensor:
        """Project x (examples, inputs) on the plane of the directions."""
        return (x - self.mean) @ self.axes.t() @ self.axes + self.mean


@lru_cache(maxsize=4)
def principal_components(data: Data, count: int) -> Components:
    """Fit to all training examples, once for each `Data` object; as many directions as inputs at most."""
    mean = data.train_x.mean(0)
    products = [(part - mean).t() @ (part - mean) for part in torch.split(data.train_x, _CHUNK)]
    scatter = sum((part.cpu().double() for part in products), torch.zeros(1, dtype=torch.float64))
    directions = torch.linalg.eigh(scatter).eigenvectors  # columns, the largest eigenvalue last
    return Components(mean, directions.flip(1).t()[:count].float().to(mean.device))
