"""What the lesson on depth finds."""

from collections.abc import Mapping
from dataclasses import dataclass

from nnviz.records.run import Doubles, Snapshot
from nnviz.records.shapes import Floats


@dataclass(frozen=True, slots=True)
class Collapse:
    """A stack of linear layers beside the one layer that gives the same outputs."""

    widths: tuple[int, ...]  # inputs, hidden ones, outputs
    layers: tuple[tuple[Doubles, Doubles], ...]  # weight (out, in) and bias (out,)
    product: tuple[Doubles, Doubles]  # the weights multiplied, the biases carried along
    one: tuple[Doubles, Doubles]  # read off from what the stack answers
    gap: float  # the largest difference between the two
    rank: int  # of the product
    singular: Doubles  # singular values of the product, largest first
    lines: Doubles  # (lines, 2 ends, 2): a grid of the inputs
    images: Doubles  # the same lines after the stack
    one_images: Doubles  # the same lines after the one layer
    points: Doubles  # (2, 2): the reader's points
    answers: Doubles  # (2, 2): what the stack makes of them

    @property
    def apart(self) -> float:
        """How far the reader's points lie apart."""
        return _distance(self.points)

    @property
    def apart_after(self) -> float:
        """How far the answers to them lie apart."""
        return _distance(self.answers)

    @property
    def counts(self) -> tuple[int, int]:
        """How many numbers the stack has, and the one layer."""
        return sum(weight.size + bias.size for weight, bias in self.layers), sum(part.size for part in self.one)


def _distance(pair: Doubles) -> float:
    return float(((pair[0] - pair[1]) ** 2).sum() ** 0.5)


@dataclass(frozen=True, slots=True)
class Fold:
    """One linear layer and a stack of three, trained on the same data, and what the stack does to the plane."""

    plain: Snapshot
    deep: Snapshot
    agreement: float  # share of the plane where both answer alike
    plain_line: Doubles  # (3,): w1, w2, b of w1 x1 + w2 x2 + b = 0
    deep_line: Doubles | None  # the same of the stack multiplied out; None with an activation between
    last_line: Doubles  # (3,): of the last layer, in the two units before it
    lines: Floats  # (2 * lines, places, 2): a grid of the inputs, first those along x2
    images: Floats  # the same places in the last two hidden units
    hidden: Floats  # (points, 2): the examples in these units


@dataclass(frozen=True, slots=True)
class Bend:
    """Activations and their slopes, and both at one place."""

    name: str  # of the chosen one
    places: Doubles
    values: Mapping[str, Doubles]
    slopes: Mapping[str, Doubles]
    x: float
    value: float
    slope: float


@dataclass(frozen=True, slots=True)
class Signal:
    """What becomes of a signal in one deep network; means over units and examples."""

    forward: Doubles  # (layers + 1,): mean square of the activations, the inputs first
    between: Doubles  # (layers + 1,): their variance from example to example
    backward: Doubles  # (layers + 1,): mean square of the gradient by the activations
    asleep: Doubles  # (layers,): share of saturated outputs or dead units

    @property
    def ratio(self) -> float:
        """The last layer's mean square over the first's."""
        return float(self.forward[-1] / self.forward[1]) if self.forward[1] else 0.0

    @property
    def back_ratio(self) -> float:
        """The first layer's gradient over the last's, squared."""
        return float(self.backward[1] / self.backward[-1])


@dataclass(frozen=True, slots=True)
class Depths:
    """The same signal under each initialiser."""

    bend: Bend
    signals: Mapping[str, Signal]
    chosen: str
    width: int
    depth: int
    variance: float  # of one weight, as the chosen initialiser promises
    factor: float  # of the mean square, by layer, as predicted
    paper: str  # who predicts: "glorot", "he" or "small", the slope at zero alone

    @property
    def signal(self) -> Signal:
        """The chosen initialiser's."""
        return self.signals[self.chosen]

    @property
    def measured(self) -> float:
        """The factor by layer that was measured: the geometric mean from the first layer to the last."""
        return float(self.signal.ratio ** (1 / max(self.depth - 1, 1)))

    @property
    def measured_back(self) -> float:
        """The same of the gradient's mean square, from the last layer to the first."""
        return float(self.signal.back_ratio ** (1 / max(self.depth - 1, 1)))
