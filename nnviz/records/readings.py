"""What is measured of every network, and what a reading can be: frozen numbers, no torch."""

from dataclasses import dataclass

from nnviz.records.shapes import Drawable, Floats, Ints, LayerNumbers, Shares


@dataclass(frozen=True, slots=True)
class Histogram:
    """Counts in equal bins from `low` to `high` (both included)."""

    low: float
    high: float
    counts: Ints


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer's distributions: weights, their last gradient, and outputs on a fixed probe batch.

    `activation` is taken after the activation function (logits for the last layer).
    """

    name: str
    weight: Histogram
    gradient: Histogram | None  # None before the first update
    activation: Histogram
    update: Histogram | None = None  # of the weights by the last update; None before the first


@dataclass(frozen=True, slots=True)
class Parameter:
    """One row of the parameter check."""

    name: str
    shape: tuple[int, ...]
    count: int
    first: tuple[float, ...]  # up to 4 values
    mean: float
    std: float
    norm: float  # L2
    moved: float  # L2 distance from the start
    update_ratio: float | None  # L2 of the last update / L2 of the values before it
    gradient: float | None = None  # L2 of the last gradient


@dataclass(frozen=True, slots=True)
class Field:
    """The network's answer over a plane of 2-D inputs, rows bottom to top.

    values: (outputs, rows, columns), class probabilities or raw outputs; one row of probabilities is P(class 1).
    hidden: one array (units, rows, columns) per hidden layer, at most 16 units each.
    """

    x: tuple[float, float]  # range of the columns
    y: tuple[float, float]  # range of the rows
    values: Floats
    hidden: tuple[Floats, ...]


@dataclass(frozen=True, slots=True)
class Fit:
    """The fitted curve of a 1-D regression; `sigma` where the loss models the noise."""

    x: Floats
    mean: Floats
    sigma: Floats | None


@dataclass(frozen=True, slots=True)
class Sharpness:
    """The largest eigenvalue of the loss's Hessian, and up to which one the update rule is stable (None: unknown)."""

    value: float
    limit: float | None


@dataclass(frozen=True, slots=True)
class Gallery:
    """Test pictures with the network's answers.

    images: (pictures, rows, columns) from 0 to 1.  confidence: probability given to the prediction.
    """

    images: Floats
    truth: Ints
    predicted: Ints
    confidence: Floats


_Table = tuple[Layer, ...] | tuple[Parameter, ...] | tuple[Floats, ...]
_Found = Field | Fit | Gallery | Shares | LayerNumbers | Sharpness
Reading = _Table | Floats | Ints | _Found | Drawable  # what an instrument found
