"""One lane at work: its experiment, its records and the budget for measuring. Worker thread only."""

import logging
from time import perf_counter

from nnviz.history import History
from nnviz.records import Curve, Lane, Record, Status
from nnviz.spec import Change, ExperimentSpec
from nnviz.training import Experiment
from nnviz.training.loop import updates_left_in_epoch

LOGGER = logging.getLogger("nnviz")

CREDIT = 0.5  # seconds of measuring that a lane may spend before it has earned them
SHARE = 0.02  # of training time
IDLE_SHARE = 0.3  # of the time that a paced lane waits
LEAST_GAP = 0.1  # seconds between two records


class LaneAtWork:
    """Trains and measures one spec; an exception ends this lane alone."""

    def __init__(self, spec: ExperimentSpec, label: str) -> None:
        self.spec, self.label = spec, label
        self.experiment: Experiment | None = None
        self.status = Status.READY
        self.message = ""
        self._history = History()
        self._spent = 0.0  # seconds of measuring
        self._last_cost = 0.0
        self._last_at = 0.0
        self._idle = 0.0  # seconds given by pacing
        self._frozen: Lane | None = None

    @property
    def is_over(self) -> bool:
        """Whether no further update can come."""
        return self.status.is_over

    @property
    def step(self) -> int:
        """Updates done."""
        return self.experiment.step if self.experiment else 0

    def build(self) -> None:
        """Make data and network and measure them untrained."""
        try:
            self.experiment = Experiment(self.spec)
            self._add(self.experiment.measure())
        except Exception as error:
            self._fail(error)

    def advance(self, updates: int) -> None:
        """Train on, and note how it ended if it did."""
        if self.experiment is None or self.is_over:
            return
        try:
            self.experiment.advance(updates)
            if self.experiment.is_over:
                self._finish(self.experiment)
        except Exception as error:
            self._fail(error)
        self._frozen = None

    def _finish(self, experiment: Experiment) -> None:
        self.measure()
        if self.is_over:  # it could not be measured
            return
        if experiment.diverged_at is None:
            self.status = Status.DONE
        else:
            self.status = Status.DIVERGED
            self.message = (
                f"The loss stopped being a finite number at update {experiment.diverged_at:,}: "
                "a smaller learning rate usually helps."
            )

    def _fail(self, error: Exception) -> None:
        self.status, self._frozen = Status.FAILED, None
        if isinstance(error, ValueError):
            self.message = str(error)
        else:
            LOGGER.error("lane %s failed", self.label, exc_info=error)
            first = str(error).partition("\n")[0]
            self.message = f"Training stopped with {type(error).__name__}: {first}"

    def apply(self, change: Change) -> None:
        """Turn a live knob before the next update, or later where the change says so."""
        if self.experiment is not None and not self.is_over:
            step = max(change.step, self.experiment.step)
            self.experiment.apply(Change(step, change.target, change.value))
            self._frozen = None

    def updates_left_in_epoch(self) -> int:
        """Count the updates to the end of this epoch."""
        return updates_left_in_epoch(self.experiment) if self.experiment else 0

    def rest(self, seconds: float) -> None:
        """Note that pacing gave this lane time in which measuring costs nothing."""
        self._idle += seconds

    def is_measure_due(self) -> bool:
        """Tell whether a record is affordable now: a share of training time, more of idle time."""
        if self.experiment is None or self.is_over or not self._is_stale():
            return False
        earned = CREDIT + SHARE * self.experiment.seconds + IDLE_SHARE * self._idle
        return self._spent + self._last_cost <= earned and perf_counter() - self._last_at >= LEAST_GAP

    def _is_stale(self) -> bool:
        records = self._history.records
        return self.experiment is not None and (not records or records[-1].step != self.experiment.step)

    def measure(self) -> None:
        """Add a record of this moment, if there is none yet."""
        if self.experiment is None or self.is_over or not self._is_stale():
            return
        try:
            start = perf_counter()
            self._add(self.experiment.measure())
            self._last_at = perf_counter()
            self._last_cost = self._last_at - start
            self._spent += self._last_cost
        except Exception as error:
            self._fail(error)

    def _add(self, record: Record) -> None:
        self._history.add(record)
        self._frozen = None

    def freeze(self, status: Status) -> Lane:
        """Return a frozen copy; `status` is the run's, for a lane that is not over."""
        status = self.status if self.is_over else status
        if self._frozen is None or self._frozen.status != status:
            self._frozen = self._freeze(status)
        return self._frozen

    def _freeze(self, status: Status) -> Lane:
        experiment = self.experiment
        return Lane(
            label=self.label,
            spec=self.spec,
            status=status,
            message=self.message,
            step=experiment.step if experiment else 0,
            epoch=experiment.epoch if experiment else 0.0,
            seconds=experiment.seconds if experiment else 0.0,
            curve=experiment.curve.freeze() if experiment else Curve.empty(),
            records=self._history.records,
            marks=experiment.marks if experiment else (),
            journal=experiment.journal if experiment else (),
            knobs=experiment.knobs if experiment else {},
        )
