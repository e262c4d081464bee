"""A run: one or more lanes in training, with pace, pause, step and stop, steered and watched from any thread."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import replace
from time import monotonic, perf_counter

from nnviz.catalog import check_change
from nnviz.records.run import Snapshot
from nnviz.records.status import Status
from nnviz.runs.clock import checked_pace, seconds_until
from nnviz.runs.engine import Engine, LaneChanges, PendingCommands
from nnviz.runs.job import Job
from nnviz.runs.keeper import Keeper
from nnviz.runs.lane_spec import LaneSpec, checked_lane, line_up, named_apart, places_of, race_lanes, without
from nnviz.runs.pool import Pool
from nnviz.runs.source import Command
from nnviz.specs.experiment import Change, ExperimentSpec
from nnviz.specs.race import RaceSpec
from nnviz.words import errors, messages
from nnviz.words.language import message

LOGGER = logging.getLogger("nnviz")

PUBLISH_GAP = 0.15  # seconds between two snapshots of a running run
FIRST_GAP = 0.05  # after an answer: whoever has pressed or turned something waits for what comes of it
ANSWER_WITHIN = 0.4  # seconds after a wish in which readers wait for it to be carried out


class Run(Job):
    """Lanes that train in lockstep, as a job of a pool.

    `pace` is seconds per update, 0 for as fast as it can.  Raises ValueError for a spec that cannot be built.
    """

    can = frozenset(Command)

    def __init__(
        self,
        specs: Sequence[ExperimentSpec | LaneSpec],
        *,
        pace: float = 0.0,
        patience: float = 60.0,
        pool: Pool | None = None,
    ) -> None:
        if not specs:
            raise ValueError(message(errors.LANES["none"]))
        super().__init__(pool, patience)
        self.lanes = tuple(map(checked_lane, line_up(specs)))
        self._pace = checked_pace(pace)
        self._wishes = PendingCommands()
        self._answered, self._is_answer = 0, False  # requests carried out; whether the newest snapshot answers one
        self._asked_at = monotonic()
        self._engine = Engine(self.lanes, self._pool.crew)
        self.keeper: Keeper | None = None  # who is handed the run, to save it
        self._built_at = 0.0
        self._published_at = 0.0
        self._snapshot = self._frozen(Status.READY, 0)

    @classmethod
    def of_race(
        cls,
        race: RaceSpec,
        labels: Sequence[str],
        *,
        pace: float = 0.0,
        patience: float = 60.0,
        pool: Pool | None = None,
    ) -> "Run":
        """Line up a race, its journal planned ahead; `labels` names the racers."""
        return cls(race_lanes(race, labels), pace=pace, patience=patience, pool=pool)

    # ---- asked from any thread ----

    def prepare(self) -> None:
        """Build data and networks and measure them untrained, without starting."""
        self._ask()

    def start(self) -> None:
        """Train; the same as `resume`."""
        self._ask(PendingCommands(Status.RUNNING))

    def resume(self) -> None:
        """Go on training."""
        self.start()

    def pause(self) -> None:
        """Stop after the present update and keep everything."""
        self._ask(PendingCommands(Status.PAUSED))

    def step(self, n: int = 1) -> None:
        """Do exactly `n` updates, then pause."""
        if not isinstance(n, int) or n < 1:
            raise ValueError(message(errors.NUMBERS["updates"], value=n))
        self._ask(PendingCommands(Status.PAUSED, steps=n), adds=True)

    def epoch(self) -> None:
        """Train to the end of this epoch, then pause."""
        self._ask(PendingCommands(Status.PAUSED, is_epoch=True))

    def stop(self) -> None:
        """End the run for good; its last snapshot stays."""
        self._ask(PendingCommands(Status.STOPPED))

    def apply(self, change: Change, lane: int | Iterable[int] | None = None) -> None:
        """Turn a live knob of one lane, of several or of all, before the same update.

        That is the next one or, if later, the one after `change.step`.  Raises ValueError for a target or a value that
        a lane cannot take.
        """
        lanes = self.lanes
        places = places_of(lane, len(lanes))
        checked = [check_change(lanes[place].spec, change) for place in places]
        if checked:
            self._ask(change=(tuple(lanes[place].id for place in places), checked[0]))

    def add(self, lane: ExperimentSpec | LaneSpec) -> None:
        """Let a lane join, whatever the others do; it need not stand at the same update.

        Raises ValueError for a spec that cannot be built, an id that is taken, or a run that is over.
        """
        with self._lock:
            if self._snapshot.status.is_over:
                raise ValueError(message(errors.LANES["over"]))
            joined = checked_lane(named_apart(lane, self.lanes))
            self.lanes += (joined,)
            self._ask(roster=joined)

    def remove(self, lane_id: str) -> None:
        """Let a lane go; the others train on as if nothing had happened. Raises ValueError for the last one."""
        with self._lock:
            self.lanes = without(self.lanes, lane_id)
            self._ask(roster=lane_id)

    @property
    def specs(self) -> tuple[ExperimentSpec, ...]:
        """What its lanes train."""
        return tuple(lane.spec for lane in self.lanes)

    @property
    def pace(self) -> float:
        """Seconds per update; 0 is as fast as it can."""
        return self._pace

    @pace.setter
    def pace(self, seconds: float) -> None:
        self._pace = checked_pace(seconds)
        self._ask()

    def snapshot(self, build_within: float = 5.0) -> Snapshot:
        """Return a frozen copy of the present state; this counts as watching and wakes a sleeper.

        What was asked for just before is waited for: up to 0.4 seconds, or `build_within` for data and networks.
        """
        self._watch()
        return self.peek(build_within)

    def peek(self, build_within: float = 5.0) -> Snapshot:
        """Return a frozen copy without counting as watching."""
        with self._lock:
            asked, built_by = self._wishes.asked, self._asked_at + build_within
            self._lock.wait_for(lambda: self._is_built or self._answered >= asked, seconds_until(built_by))
            answered_by = max(self._asked_at, self._built_at) + ANSWER_WITHIN
            self._lock.wait_for(lambda: self._answered >= asked or not self._is_built, seconds_until(answered_by))
            return self._present()

    def latest(self) -> Snapshot:
        """Return a frozen copy at once, without waiting for what was asked for; this counts as watching."""
        self._watch()
        with self._lock:
            return self._present()

    def _present(self) -> Snapshot:
        is_behind = self._answered < self._wishes.asked and not self._snapshot.status.is_over
        return replace(self._snapshot, asked=self._wishes.sought) if is_behind else self._snapshot

    def newer(self, version: int, timeout: float) -> bool:
        """Wait until there is a snapshot newer than a version, at most `timeout` seconds; return whether there is."""
        with self._lock:
            return self._lock.wait_for(lambda: self._snapshot.version > version, timeout)

    @property
    def _status(self) -> Status:
        return self._snapshot.status

    def _wake(self) -> None:
        self._ask()

    @property
    def _is_built(self) -> bool:
        return self._built_at > 0 or self._wishes.asked == 0

    def _ask(
        self,
        goal: PendingCommands | None = None,
        *,
        adds: bool = False,
        change: LaneChanges | None = None,
        roster: LaneSpec | str | None = None,
    ) -> None:
        with self._lock:
            if goal is not None:
                self._wishes.become(goal, adds)
            if change is not None:
                self._wishes.changes.append(change)
            if roster is not None:
                self._wishes.roster.append(roster)
            self._wishes.asked += 1
            self._watched_at = self._asked_at = monotonic()
        self._pool.wake(self)

    # ---- done by the pool's thread ----

    def slice(self) -> float | None:
        """Carry out what was asked and train for about 10 ms; return seconds until the next slice, if any."""
        try:
            return self._slice()
        except Exception as error:  # a fault of nnviz itself: this run ends with a sentence, the others go on
            LOGGER.exception("a run failed outside its training")
            version, told = self._snapshot.version + 1, message(messages.RUN["fault"], kind=type(error).__name__)
            failed = replace(self._snapshot, version=version, status=Status.FAILED, message=told)
            self._show(failed, self._wishes.asked)
            self._pool.leave(self)
            return None

    def _slice(self) -> float | None:
        if self._snapshot.status.is_over:
            self._show(self._snapshot, self._wishes.asked)
            return None
        if not self._engine.is_built:
            self._publish(Status.STARTING)
            self._engine.build()
            self._built_at = monotonic()
        wishes = self._take_wishes()
        turn = self._engine.turn(wishes, self._pace, self._is_watched, lambda: self._pool.enter(self))
        is_left = self._count_down(wishes, turn.done) and not turn.status.is_over
        if turn.wait is None or self._is_news(turn.status):
            self._publish(turn.status, 0 if is_left else wishes.asked, is_resting=turn.wait is None)
        if turn.wait is None and turn.status != Status.WAITING:
            self._pool.leave(self)
        return turn.wait

    def _take_wishes(self) -> PendingCommands:
        """Take what was asked for, all of it at one moment, and carry out what needs no time of training."""
        with self._lock:
            taken = replace(self._wishes)
            self._wishes.roster, self._wishes.changes = [], []
        self._engine.change_lanes(taken.roster)  # outside the lock: a network takes its time to build
        self._engine.apply(taken.changes)
        with self._lock:
            wishes = self._wishes
            if wishes.order == taken.order:
                if wishes.is_epoch and (taken.changes or not wishes.steps):
                    wishes.steps = self._engine.updates_left_in_epoch()
                taken.steps = wishes.steps
        return taken

    def _count_down(self, taken: PendingCommands, done: int) -> bool:
        """Take what was done off the updates asked for by number; return whether some are left."""
        with self._lock:
            wishes = self._wishes
            if taken.steps and wishes.order == taken.order:
                wishes.steps -= min(done, wishes.steps)
                wishes.is_epoch = wishes.is_epoch and wishes.steps > 0
            return wishes.steps > 0

    def _is_news(self, status: Status) -> bool:
        is_asked = self._wishes.asked > self._answered and not self._wishes.steps
        gap = FIRST_GAP if self._is_answer else PUBLISH_GAP
        return is_asked or status != self._snapshot.status or perf_counter() - self._published_at >= gap

    def _publish(self, status: Status, answered: int = 0, *, is_resting: bool = False) -> None:
        self._published_at = perf_counter()
        snapshot = self._frozen(status, self._snapshot.version + 1)
        if self.keeper is not None:
            self._engine.keep(self.keeper, snapshot, is_resting=is_resting)
        self._show(snapshot, answered)

    def _show(self, snapshot: Snapshot, answered: int) -> None:
        with self._lock:
            is_answer = answered > self._answered or snapshot.status != self._snapshot.status
            self._snapshot, self._is_answer = snapshot, is_answer
            self._answered = max(self._answered, answered)
            self._lock.notify_all()
        self._tell(is_answer)

    def _frozen(self, status: Status, version: int) -> Snapshot:
        return Snapshot(
            version=version,
            status=status,
            message=self._pool.message if status == Status.WAITING else self._engine.message,
            lanes=self._engine.freeze(status),
            scene=self._engine.scene,
            updates_per_second=self._engine.rate if status == Status.RUNNING else 0.0,
            pace=self._pace,
        )
