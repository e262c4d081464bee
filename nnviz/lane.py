"""One lane at work: its experiment and its records. One thread at a time."""

import logging
import math
from dataclasses import dataclass

from nnviz.history import History, is_whole
from nnviz.records import Curve, Lane, Record, Status
from nnviz.spec import Change, ExperimentSpec
from nnviz.training import Detail, Experiment
from nnviz.training.loop import updates_left_in_epoch

LOGGER = logging.getLogger("nnviz")


@dataclass(frozen=True, slots=True)
class Entrant:
    """Who takes part in a run: what it trains, under which name, and how closely it is measured."""

    spec: ExperimentSpec
    label: str
    racer: int  # entrants that differ in their seed only share it
    detail: Detail = Detail.FULL
    each_epoch: bool = False  # whether it is measured at the end of every epoch, whatever else the budget allows


class LaneAtWork:
    """Trains and measures one spec; an exception ends this lane alone."""

    def __init__(self, entrant: Entrant) -> None:
        self.spec, self.label, self.entrant = entrant.spec, entrant.label, entrant
        self.experiment: Experiment | None = None
        self.status = Status.READY
        self.message = ""
        self._history = History(entrant.each_epoch)
        self._shown: tuple[Record, ...] = ()
        self._frozen: Lane | None = None
        self._start_name = ""

    @property
    def is_over(self) -> bool:
        """Whether no further update can come."""
        return self.status.is_over

    @property
    def step(self) -> int:
        """Updates done."""
        return self.experiment.step if self.experiment else 0

    @property
    def seconds(self) -> float:
        """Seconds spent in updates."""
        return self.experiment.seconds if self.experiment else 0.0

    def build(self, like: Experiment | None = None) -> None:
        """Make data and network, or share them with an experiment that begins alike, and measure them untrained."""
        try:
            twin = like if like is not None and like.origin.fits(self.spec) else None
            self.experiment = Experiment(self.spec, twin)
            self._start_name = self.experiment.origin.name()
            self._history.add(self.experiment.measure(self.entrant.detail))
            self.show()
        except Exception as error:
            self._fail(error)

    def warm_up(self) -> None:
        """Do an update and take it back, so that no lane's clock counts what only a first time costs."""
        if self.experiment is None or self.is_over:
            return
        try:
            start = self.experiment.checkpoint()
            self.experiment.advance(1)
            self.experiment.restore(start)
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
        self.show()
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

    @property
    def updates_to_record(self) -> float:
        """Updates to the next moment that must be measured."""
        is_asked = self.entrant.each_epoch and self.experiment is not None and not self.is_over
        return self.updates_left_in_epoch() if is_asked else math.inf

    @property
    def is_due(self) -> bool:
        """Whether it stands at a moment that must be measured and has not been."""
        is_asked = self.entrant.each_epoch and self.is_stale
        return is_asked and self.experiment is not None and is_whole(self.experiment.epoch)

    @property
    def is_stale(self) -> bool:
        """Whether there is no record of this moment yet."""
        records = self._history.records
        is_behind = self.experiment is not None and (not records or records[-1].step != self.experiment.step)
        return is_behind and not self.is_over

    def measure(self) -> None:
        """Add a record of this moment, if there is none yet; `show` puts it into frozen copies."""
        if self.experiment is None or not self.is_stale:
            return
        try:
            self._history.add(self.experiment.measure(self.entrant.detail))
        except Exception as error:
            self._fail(error)

    def show(self) -> None:
        """Let frozen copies have what was measured so far."""
        self._shown, self._frozen = self._history.records, None

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
            records=self._shown,
            marks=experiment.marks if experiment else (),
            journal=experiment.journal if experiment else (),
            knobs=experiment.knobs if experiment else {},
            racer=self.entrant.racer,
            start_hash=self._start_name,
            order_hash=experiment.batches.name() if experiment else "",
        )
