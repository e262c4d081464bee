"""One lane at work: its experiment and its records. One thread at a time."""

import logging
import math
from dataclasses import replace

from nnviz.records.run import Curve, Evaluation, Lane, Record
from nnviz.records.status import Status
from nnviz.records.tier import Tier
from nnviz.runs.checkpoints import MOST_BYTES, Checkpoints
from nnviz.runs.following import Following
from nnviz.runs.frozen import trained
from nnviz.runs.history import Evaluations, History, is_whole
from nnviz.runs.job import failure
from nnviz.runs.lane_spec import LaneSpec
from nnviz.runs.past import Past
from nnviz.runs.schedule import Load
from nnviz.specs.experiment import Change
from nnviz.training import Experiment, Observer
from nnviz.training.loop import updates_left_in_epoch
from nnviz.training.measure import LOSSES, at_tier
from nnviz.words import messages
from nnviz.words.language import Message, message

LOGGER = logging.getLogger("nnviz")


class LaneTrainer:
    """Trains, evaluates and measures one spec; an exception ends this lane alone.

    `is_alone`: it is evaluated on training examples, too, which several lanes do not show.  `room`: bytes for moments.
    """

    def __init__(self, entrant: LaneSpec, *, is_alone: bool = True, joined: int = 0, room: int = MOST_BYTES) -> None:
        self.spec, self.label, self.entrant = entrant.spec, entrant.label, entrant
        self.observer: Observer | None = None
        past = entrant.past
        self.status = past.status if past else Status.READY
        self.message: Message | None = past.message if past else None
        self.is_owed = False  # whether this moment must be evaluated and has not been
        self._is_alone = is_alone
        begun = joined - (entrant.start.step if entrant.start else 0)
        # The run's updates before its own first.
        self._joined = past.joined if past and past.joined is not None else begun
        self._history, self._evaluations = History(entrant.each_epoch, past), Evaluations(past)
        self._stored = Checkpoints(room, past.stored if past else ())
        self.following = Following(entrant.id)
        self._hands = 0  # weights set by hand until the last record
        self._tier = entrant.tier  # of the last record
        self._seen = past.seen if past else 0  # examples trained on until the last evaluation
        self._shown: tuple[Record, ...] = ()
        self._judged: tuple[Evaluation, ...] = ()
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
    def moment(self) -> int:
        """Updates of the run when it stood where it stands."""
        return self.step + self._joined

    @property
    def seconds(self) -> float:
        """Seconds spent in updates."""
        return self.experiment.seconds if self.experiment else 0.0

    @property
    def experiment(self) -> Experiment | None:
        """The network in training, once it is built."""
        return self.observer.experiment if self.observer else None

    def build(self, like: Observer | None = None) -> None:
        """Make data and network, or share those that another observes and that begin alike; measure them untrained."""
        try:
            twin = like if like is not None and like.experiment.origin.fits(self.spec) else None
            experiment = Experiment(self.spec, twin.experiment if twin else None)
            if self.entrant.start is not None:
                experiment.restore(self.entrant.start)
            experiment.keep_former(self._is_close)
            for change in self.entrant.journal:
                experiment.apply(change)
            self.observer = Observer(experiment, twin)
            self._start_name = experiment.origin.name()
            if self.entrant.past is None:  # else this moment was judged when it was reached
                self.owe(self.moment)
                self._take(self.observer, pictures=True)
            else:
                self._store(experiment)
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
            self.following.tell_update(self.experiment)
            if self.experiment.is_over:
                self._finish(self.experiment)
        except Exception as error:
            self._fail(error)
        self._frozen = None

    def _finish(self, experiment: Experiment) -> None:
        self.owe(self.moment)
        self.measure(pictures=True)
        self.show()
        if self.is_over:  # it could not be measured
            return
        if experiment.diverged_at is None:
            self.status = Status.DONE
        else:
            self.status = Status.DIVERGED
            self.message = message(messages.RUN["diverged"], step=experiment.diverged_at)

    def _fail(self, error: Exception) -> None:
        self.status, self._frozen = Status.FAILED, None
        self.message = failure(messages.RUN["ended"], f"lane {self.label}", error)

    def apply(self, change: Change) -> None:
        """Turn a live knob before the next update, or later where the change says so."""
        if self.experiment is not None and not self.is_over:
            if self.is_owed:  # this moment is judged as it was reached, whatever a hand sets afterwards
                self.measure(pictures=False)
            step = max(change.step, self.experiment.step)
            self.experiment.apply(Change(step, change.target, change.value))
            self._history.mark_change()
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
        """Whether there is no record of this moment yet, and should be one."""
        records = self._history.records
        experiment = self.experiment
        is_behind = experiment is not None and (
            not records
            or (records[-1].step, self._hands, self._tier) != (experiment.step, experiment.hands, self.entrant.tier)
        )
        return is_behind and not self.is_over and self.entrant.detail is not None

    def load(self, step: int) -> Load:
        """Return what the next evaluation is weighed by; a lane that is over counts as if it went on."""
        if self.observer is None:
            return Load(0, 0, 0)
        evaluated = self.observer.examples_to_evaluate(with_train=self._is_alone)
        return Load(self._seen_by(step) - self._seen, self.observer.experiment.batches.batch_size, evaluated)

    def _seen_by(self, step: int) -> int:
        batches = self.experiment.batches if self.experiment else None
        return batches.seen + (step - self.moment) * batches.batch_size if batches else 0

    @property
    def updates_to_stop(self) -> float:
        """Updates to the next change that is planned, or to the next loss that is told."""
        if self.experiment is None or self.is_over:
            return math.inf
        to_change = (change.step - self.step for change in self.experiment.pending[:1])
        return min(math.inf, self.following.updates_left(self.step), *to_change)

    def look_closer(self, tier: str) -> None:
        """Measure from now on what costs up to a tier, or less again."""
        self.entrant = replace(self.entrant, tier=tier)
        if self.experiment is not None:
            self.experiment.keep_former(self._is_close)

    @property
    def _is_close(self) -> bool:
        return self.entrant.tier != Tier.ECONOMY and self.entrant.detail is not None

    def settle(self) -> None:
        """Take the changes planned for before the next update."""
        if self.experiment is not None:
            self.experiment.settle()

    def owe(self, step: int) -> None:
        """Note that lanes must be evaluated after so many updates of the run; one that is over has been."""
        self.is_owed, self._seen = not self.is_over, self._seen_by(step)

    def measure(self, *, pictures: bool) -> None:
        """Evaluate this moment if that is owed and, where wanted, add a record of it; `show` lets others see."""
        if self.observer is None or self.is_over:
            return
        try:
            self._take(self.observer, pictures=pictures and self.is_stale)
        except Exception as error:
            self._fail(error)

    def _take(self, observer: Observer, *, pictures: bool) -> None:
        detail = self.entrant.detail
        if pictures and detail is not None:
            self._history.add(observer.measure(at_tier(detail, Tier(self.entrant.tier))))
            self._hands, self._tier = observer.experiment.hands, self.entrant.tier
            self._store(observer.experiment)
        if self.is_owed:
            evaluation = self._evaluation(observer)
            self._evaluations.add(evaluation, is_kept=self.entrant.is_catching_up)
            self.is_owed = False
            self.following.tell(evaluation)

    def _store(self, experiment: Experiment) -> None:
        """Keep what others need to go on from here, as long as there is something finite to go on with."""
        if self.entrant.is_stored and experiment.diverged_at is None:
            history = self._history
            steps = [record.step for record in history.records]
            self._stored.add(experiment.checkpoint(with_curve=False), steps, history.fixed)

    def _evaluation(self, observer: Observer) -> Evaluation:
        """Judge this moment, unless a record of it has done so."""
        found = self._history.records[-1:]
        if found and found[0].step == self.step and LOSSES in (self.entrant.detail or ()):
            known = found[0].evaluation
            return known if self._is_alone else replace(known, train_loss=None, train_accuracy=None)
        return observer.evaluate(with_train=self._is_alone)

    def show(self) -> None:
        """Let frozen copies have what was measured so far."""
        self._shown, self._judged, self._frozen = self._history.records, self._evaluations.all, None

    def kept(self, evaluated: int) -> LaneSpec:
        """Return it as a value from which it goes on; `evaluated`: updates of its run when lanes were last judged."""
        history, judged = self._history, self._evaluations
        past = Past(
            history.records, history.distance, tuple(judged.kept), judged.stride, judged.count, judged.best,
            judged.latest, self._seen, evaluated, self._joined, self.status, self.message,
            self._stored.all,
        )  # fmt: skip
        start = self.experiment.checkpoint() if self.experiment else self.entrant.start
        return replace(self.entrant, journal=(), start=start, past=past)

    def freeze(self, status: Status) -> Lane:
        """Return a frozen copy; `status` is the run's, for a lane that is not over."""
        status = self.status if self.is_over else status
        if self._frozen is None or self._frozen.status != status:
            self._frozen = self._freeze(status)
        return self._frozen

    def _freeze(self, status: Status) -> Lane:
        entrant = self.entrant
        lane = Lane(
            self.label, self.spec, status, self.message, 0, 0.0, 0.0, Curve.empty(), self._shown, racer=entrant.racer,
            id=entrant.id, parent=entrant.parent, start_hash=self._start_name, evaluations=self._judged,
            stored=self._stored.steps, since=entrant.since, earlier=entrant.earlier,
        )  # fmt: skip
        return lane if self.experiment is None else trained(lane, self.experiment)
