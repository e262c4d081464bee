"""A data set held in memory: what every entry of DATASETS builds."""

from dataclasses import dataclass

from torch import Tensor


@dataclass(frozen=True, slots=True)
class Data:
    """Training and test examples as tensors.

    x: (examples, inputs) float32, pictures flattened row by row.
    y: (examples,) int64 class indices, or (examples, targets) float32 for a regression.
    """

    train_x: Tensor
    train_y: Tensor
    test_x: Tensor
    test_y: Tensor
    classes: tuple[str, ...] = ()  # empty: a regression
    picture: tuple[int, int] | None = None  # rows, columns
    offset: float = 0.0  # a picture's brightness from 0 to 1 is x * scale + offset
    scale: float = 1.0
    sequence: tuple[int, int] | None = None  # steps, features: each example is that many numbers, step by step
    modes: Tensor | None = None  # centres of a density's clouds, (modes, inputs)
    spread: float = 0.0  # standard deviation of each of these clouds on each axis

    @property
    def inputs(self) -> int:
        """Numbers in one example."""
        return int(self.train_x.shape[1])

    @property
    def targets(self) -> int:
        """Numbers to predict in a regression, classes otherwise."""
        return len(self.classes) or int(self.train_y.shape[1])
