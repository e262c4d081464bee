"""What the lab finds: its data, its network before and during training, and the answers of this moment."""

from dataclasses import dataclass

import numpy as np

from nnviz.records.readings import Histogram
from nnviz.records.run import Snapshot
from nnviz.records.shapes import Floats, Ints


@dataclass(frozen=True, slots=True)
class Split:
    """The data set and its two parts; counts are pictures of each class."""

    label: str
    train_count: int
    test_count: int
    train_classes: Ints
    test_classes: Ints
    picture: tuple[int, int]  # rows, columns
    top: int  # of the raw pixels, which begin at 0
    shift: float  # of the raw pixels: input = (pixel - shift) / spread
    spread: float
    low: float  # of the inputs of the training pictures
    high: float


@dataclass(frozen=True, slots=True)
class Examples:
    """Some pictures in a row; images: (pictures, rows, columns) from 0 to 1."""

    first: int  # the place of the first one in its part of the data
    images: Floats
    truth: Ints
    counts: Ints  # of the inputs' values, in equal bins
    edges: Floats  # of these bins


@dataclass(frozen=True, slots=True)
class Start:
    """The network as the code on the page builds it, beside the first weights of the run."""

    hidden: int
    spreads: tuple[float, float]  # He's standard deviation for each layer
    measured: tuple[float, float]
    weights: tuple[Histogram, Histogram]  # of the run's own layers
    code_hash: str  # names the weights that the code draws
    run_hash: str  # names the run's


@dataclass(frozen=True, slots=True)
class Passage:
    """One test picture on its way through the network; `stages` in order from x to softmax."""

    index: int
    truth: int
    image: Floats
    stages: dict[str, Floats]
    device: str

    @property
    def predicted(self) -> int:
        """The class with the largest logit."""
        return int(self.stages["logits"].argmax())

    @property
    def loss(self) -> float:
        """The cross-entropy of this picture, in double precision."""
        logits = self.stages["logits"].astype(np.float64)
        top = float(logits.max())
        return top + float(np.log(np.exp(logits - top).sum())) - float(logits[self.truth])


@dataclass(frozen=True, slots=True)
class Answer:
    """One test picture with what the network says."""

    index: int
    image: Floats
    truth: int
    predicted: int
    probabilities: Floats
    is_chosen: bool  # by a reader; else it is the first of its page

    @property
    def is_right(self) -> bool:
        """Whether the network says what it is."""
        return self.predicted == self.truth


@dataclass(frozen=True, slots=True)
class Answers:
    """A row of test pictures with what the network says, and the one to look closer at."""

    first: int
    images: Floats
    truth: Ints
    predicted: Ints
    confidence: Floats
    closer: Answer


@dataclass(frozen=True, slots=True)
class Score:
    """What the evaluation on the page gives on the whole test set."""

    step: int
    right: int
    count: int
    loss: float

    @property
    def accuracy(self) -> float:
        """Right answers over all."""
        return self.right / self.count


@dataclass(frozen=True, slots=True)
class Progress:
    """What the tasks look at."""

    data: str
    parameters: int
    epochs: float  # trained so far
    accuracy: float  # on the test set, at the newest record
    best: float  # of all records
    is_chosen_wrong: bool  # the test picture that a reader has chosen


@dataclass(frozen=True, slots=True)
class Live:
    """The run as it stands."""

    snapshot: Snapshot
    updates_in_epoch: int
