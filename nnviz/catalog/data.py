"""A data set held in memory: what every entry of DATASETS builds."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from inspect import signature
from typing import Any

from torch import Tensor

Split = tuple[Tensor, Tensor, Tensor, Tensor]  # training examples and their targets, then those for testing


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


def drawn(**about: Any) -> Callable[[Callable[..., Split]], Callable[..., Data]]:
    """Turn a function that draws examples into one that builds a `Data`; its own body is what a script shows.

    about: the other fields of `Data`; one that depends on the knobs is a function of them by name.
    """

    def built(draw: Callable[..., Split]) -> Callable[..., Data]:
        @wraps(draw)
        def build(*given: Any, **named: Any) -> Data:
            knobs = signature(draw).bind(*given, **named).arguments
            return Data(*draw(**knobs), **{name: _told(value, knobs) for name, value in about.items()})

        return build

    return built


def _told(value: Any, knobs: dict[str, Any]) -> Any:
    return value(**{name: knobs[name] for name in signature(value).parameters}) if callable(value) else value
