"""The diabetes data that come with scikit-learn: 442 patients, nine inputs, two outputs."""

from dataclasses import dataclass
from functools import lru_cache

import sklearn.datasets
import torch
from torch import Tensor

INPUTS = ("age", "sex", "bmi", "s1", "s2", "s3", "s4", "s5", "s6")
OUTPUTS = ("progression", "bp")  # disease progression after a year, mean blood pressure


@dataclass(frozen=True, slots=True)
class Diabetes:
    """Two tables of float64 numbers, a row for each patient."""

    x: Tensor  # (N, D) as measured
    y: Tensor  # (N, K) as measured

    @property
    def standardised(self) -> Tensor:
        """Inputs with mean 0 and standard deviation 1."""
        return (self.x - self.x.mean(0)) / self.x.std(0, correction=0)

    @property
    def units(self) -> Tensor:
        """The standard deviation of each output, (K,)."""
        return self.y.std(0, correction=0)


@lru_cache(maxsize=1)
def diabetes() -> Diabetes:
    """Read the patients; blood pressure, an input in scikit-learn, is an output here."""
    bunch = sklearn.datasets.load_diabetes(scaled=False)
    columns = dict(zip(bunch.feature_names, torch.as_tensor(bunch.data, dtype=torch.float64).unbind(1), strict=True))
    columns["progression"] = torch.as_tensor(bunch.target, dtype=torch.float64)
    x, y = (torch.stack([columns[name] for name in names], 1) for names in (INPUTS, OUTPUTS))
    return Diabetes(x, y)
