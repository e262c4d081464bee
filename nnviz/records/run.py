"""What a run leaves behind: frozen numbers, no torch."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as defaults  # a record has a field of that name
from enum import StrEnum
from math import isnan
from typing import TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from nnviz.records.every_loss import RecentLosses
from nnviz.records.rate_curve import RateCurve
from nnviz.records.rate_grid import RateGrid
from nnviz.records.readings import Field, Fit, Gallery, Layer, Parameter, Reading
from nnviz.records.shapes import Floats, Ints
from nnviz.records.status import Status
from nnviz.records.tier import MeasuringCost, Tier
from nnviz.specs.branches import Leg
from nnviz.specs.experiment import Change, ExperimentSpec
from nnviz.words.language import Message

Doubles = NDArray[np.float64]
Timed = TypeVar("Timed", "Evaluation", "Record", "Evaluation | Record")


@dataclass(frozen=True, slots=True)
class Evaluation:
    """How well a network did after a number of updates that follows from spec and journal alone."""

    step: int  # updates done
    epoch: float
    seconds: float
    test_loss: float
    test_accuracy: float | None = None
    train_loss: float | None = None  # None: not asked for
    train_accuracy: float | None = None
    scores: Mapping[str, float] = defaults(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Record:
    """What was measured when there was time for it; losses may be nan, and a reading that is not there is None.

    readings: by the name of their instrument.  kept: those that every record keeps; the others only the newest has.
    """

    step: int  # updates done
    epoch: float  # examples seen / training examples
    seconds: float  # of training alone, for this lane; 0.0 where nobody kept time
    train_loss: float  # on up to 2,000 training examples (all of them where fewer)
    test_loss: float
    train_accuracy: float | None
    test_accuracy: float | None
    readings: Mapping[str, Reading] = defaults(default_factory=dict)
    kept: frozenset[str] = frozenset()
    scores: Mapping[str, float] = defaults(default_factory=dict)  # further figures of its task

    @property
    def layers(self) -> tuple[Layer, ...]:
        """The layers' distributions."""
        return cast(tuple[Layer, ...], self.readings.get("layers", ()))

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """The parameter check."""
        return cast(tuple[Parameter, ...], self.readings.get("parameters", ()))

    @property
    def field(self) -> Field | None:
        """The answer over the plane of two inputs."""
        return cast(Field | None, self.readings.get("field"))

    @property
    def fit(self) -> Fit | None:
        """The fitted curve of a regression of one input."""
        return cast(Fit | None, self.readings.get("fit"))

    @property
    def gallery(self) -> Gallery | None:
        """The worst of all test pictures, worst first."""
        return cast(Gallery | None, self.readings.get("gallery"))

    @property
    def sample(self) -> Gallery | None:
        """The same few test pictures in the same order, always."""
        return cast(Gallery | None, self.readings.get("sample"))

    @property
    def confusion(self) -> Ints | None:
        """Test examples by truth (rows) and prediction (columns)."""
        return cast(Ints | None, self.readings.get("confusion"))

    @property
    def filters(self) -> Floats | None:
        """First-layer weights as pictures: (units, rows, columns)."""
        return cast(Floats | None, self.readings.get("filters"))

    @property
    def weights(self) -> tuple[Floats, ...] | None:
        """(out, in) per layer, for small networks only."""
        return cast(tuple[Floats, ...] | None, self.readings.get("weights"))

    @property
    def values(self) -> tuple[Floats, ...] | None:
        """Every parameter in the order of `parameters`, where asked for."""
        return cast(tuple[Floats, ...] | None, self.readings.get("values"))

    @property
    def buffers(self) -> tuple[Floats, ...] | None:
        """With them, what else the network keeps: running statistics."""
        return cast(tuple[Floats, ...] | None, self.readings.get("buffers"))

    @property
    def evaluation(self) -> Evaluation:
        """How well it did, without anything to look at."""
        moment, test = (self.step, self.epoch, self.seconds), (self.test_loss, self.test_accuracy)
        return Evaluation(*moment, *test, self.train_loss, self.train_accuracy, self.scores)

    def with_readings(self, **readings: Reading) -> "Record":
        """Return the record with further readings, or others."""
        return replace(self, readings={**self.readings, **readings})

    def as_kept(self) -> "Record":
        """Return the record with those readings only that every record keeps."""
        return replace(self, readings={name: found for name, found in self.readings.items() if name in self.kept})

    def without_readings(self) -> "Record":
        """Return the record with its losses and scores only."""
        return replace(self, readings={}, kept=frozenset())


@dataclass(frozen=True, slots=True)
class Curve:
    """The loss of every `stride`-th update, each on that update's own batch (arrays of equal length).

    steps: updates done when it was known;  epochs, seconds: the same moment on the other two clocks.  lows, highs: of
    each player, the least and the greatest loss of all updates since the point before; () where that is not known.
    rates: of each player, the learning rate of each of these updates; () where it was the same for all.
    """

    steps: Doubles
    epochs: Doubles
    seconds: Doubles
    losses: Doubles
    stride: int = 1
    others: tuple[Doubles, ...] = ()  # the losses of further players, each as long as the rest
    lows: tuple[Doubles, ...] = ()
    highs: tuple[Doubles, ...] = ()
    rates: tuple[Doubles, ...] = ()

    @classmethod
    def empty(cls) -> "Curve":
        """Return a curve without points."""
        nothing = np.empty(0)
        return cls(nothing, nothing, nothing, nothing)


@dataclass(frozen=True, slots=True)
class Mark:
    """A live change as it happened: where on each clock, and a line for the log."""

    step: int
    epoch: float
    seconds: float
    text: Message


@dataclass(frozen=True, slots=True)
class DataSummary:
    """What the data looks like: fixed for a run and the same for its lanes.

    points: (n, inputs) for 1-D and 2-D inputs, up to 500 of each split, else None;  is_test marks the test points.
    targets: class index or the (first) regression target of each point.
    """

    dataset: str  # label
    is_classes: bool
    classes: tuple[str, ...]
    inputs: int
    outputs: int
    train_count: int
    test_count: int
    picture: tuple[int, int] | None  # rows, columns
    points: Floats | None = None
    targets: Floats | None = None
    is_test: NDArray[np.bool_] | None = None
    image: Floats | None = None  # for picture data before training: (pictures, rows, columns) from 0 to 1
    metric_name: str = "loss"  # what a record's losses measure
    players: tuple[str, ...] = ()  # names of those that learn, where there are several
    instruments: tuple[str, ...] = ()  # what records hold beyond every network's
    shares: tuple[float, ...] = ()  # of the training examples in each class
    input_mean: float = 0.0  # of the training examples that are measured
    input_std: float = 1.0
    chance: tuple[float, ...] = ()  # what guessing costs, for each that learns; () where it has no fixed price


@dataclass(frozen=True, slots=True)
class Lane:
    """One network in training: its state, its history and its latest full record."""

    label: str
    spec: ExperimentSpec
    status: Status
    message: Message | None  # when diverged or failed
    step: int
    epoch: float
    seconds: float  # spent training
    curve: Curve
    records: tuple[Record, ...]  # thinned; the last one carries all views, and others while there is room
    marks: tuple[Mark, ...] = ()
    journal: tuple[Change, ...] = ()
    knobs: dict[str, float] = defaults(default_factory=dict)  # live targets and their present values
    racer: int = 0  # lanes of one racer differ in their seed only
    id: str = ""  # unlike every other lane's of its run
    parent: str = ""  # the lane that it comes from, if any
    start_hash: str = ""  # names the first weights: equal for equal bits
    order_hash: str = ""  # names the examples of every batch so far, in order
    evaluations: tuple[Evaluation, ...] = ()  # thinned by their steps alone, so that equal runs keep the same
    stored: tuple[int, ...] = ()  # updates done at the moments that others can go on from
    since: int = 0  # updates done where it left its parent
    rates: tuple[float, ...] = ()  # of each player, the learning rate of the next update; () where no schedule runs
    earlier: tuple[Leg, ...] = ()  # the optimizers that it had before its present one
    pending: tuple[Change, ...] = ()  # changes that are planned for later
    behind: int = 0  # of a branch: updates until it is level with the lane that it comes from
    is_catching_up: bool = False  # whether it does them ahead of the others, which wait
    recent: RecentLosses = defaults(default_factory=RecentLosses)
    look: tuple[str, str] | None = None  # a colour and a dash of its own, where it keeps one
    _measured: "tuple[Evaluation | Record, ...] | None" = defaults(default=None, init=False, repr=False, compare=False)

    @property
    def judged(self) -> "tuple[Evaluation | Record, ...]":
        """What lanes are compared by: what equal runs evaluate alike; records where nobody kept evaluations."""
        return self.own(self.evaluations or self.records)

    def own(self, parts: "tuple[Timed, ...]") -> "tuple[Timed, ...]":
        """Leave out what a branch has from its parent."""
        return tuple(part for part in parts if part.step >= self.since) if self.since else parts

    @property
    def measured(self) -> "tuple[Evaluation | Record, ...]":
        """All that is known of its losses, in order: what was evaluated, and what was measured when there was time."""
        if self._measured is None:  # charts and rules ask for it fifty times for one drawing
            object.__setattr__(self, "_measured", self._in_order())
        return self._measured or ()

    def _in_order(self) -> "tuple[Evaluation | Record, ...]":
        if not self.evaluations:
            return self.records
        known = {record.step: record for record in self.records if not isnan(record.test_loss)}
        by_step: dict[int, Evaluation | Record] = {**{part.step: part for part in self.evaluations}, **known}
        return tuple(by_step[step] for step in sorted(by_step))


class Comparison(StrEnum):
    """What the lanes of a run are to each other; compares equal to its plain text."""

    SINGLE = "single"  # one network, perhaps with several seeds
    RACE = "race"  # several optimizers, or several of the same kind
    TWIN = "twin"  # a network and one that differs in something else than its optimizer
    BRANCH = "branch"  # a network and those that went on from where it was


def comparison_of(lanes: Sequence[Lane]) -> Comparison:
    """Say what lanes are to each other; beside several that come from no other one, branches change nothing."""
    if len({(lane.racer, lane.label) for lane in lanes}) < 2:
        return Comparison.SINGLE
    racers = {(lane.racer, lane.label): lane.spec for lane in lanes if not lane.parent}
    if len(racers) < 2:
        return Comparison.BRANCH
    first, other, *more = racers.values()
    is_race = more or first.with_(optimizer=other.optimizer, seed=other.seed) == other
    return Comparison.RACE if is_race else Comparison.TWIN


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A frozen copy of a run at one moment."""

    version: int  # grows whenever anything below changed
    status: Status
    message: Message | None  # when waiting, diverged or failed
    lanes: tuple[Lane, ...]
    scene: DataSummary | None = None
    updates_per_second: float = 0.0  # of each lane, over the last second or so
    pace: float = 0.0  # seconds per update asked for; 0: as fast as it can
    ghosts: tuple[Lane, ...] = ()  # an earlier run's lanes, drawn pale
    search: RateGrid | None = None  # of learning rates, beside the run
    rate_curve: RateCurve | None = None  # of a range test of learning rates, beside the run
    asked: Status | None = None  # what it was told to become, while it has not come to that
    generation: int = 0  # which of its session's runs it is of
    ills: tuple[Mark, ...] = ()  # what is wrong with the first lane, and since when
    tier: Tier = Tier.ECONOMY  # up to which it is measured
    cost: MeasuringCost | None = None  # of what is measured; None before anything has been trained

    @property
    def comparison(self) -> Comparison:
        """What its lanes are to each other."""
        return comparison_of(self.lanes)
