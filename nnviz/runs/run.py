"""A run: one or more lanes in training, with pace, pause, step and stop, steered and watched from any thread."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from time import monotonic, perf_counter

from nnviz.records.run import Snapshot
from nnviz.records.status import Status
from nnviz.runs.engine import Engine
from nnviz.runs.following import Follower, Following
from nnviz.runs.keeper import Keeper
from nnviz.runs.lane_spec import LaneSpec, race_lanes
from nnviz.runs.pending import PendingCommands
from nnviz.runs.pool import Pool
from nnviz.runs.source import Command
from nnviz.runs.steered import Steered
from nnviz.specs.branches import PlannedBranch
from nnviz.specs.experiment import ExperimentSpec
from nnviz.specs.race import RaceSpec
from nnviz.words import messages
from nnviz.words.language import message

LOGGER = logging.getLogger("nnviz")

PUBLISH_GAP = 0.15  # seconds between two snapshots of a running run
FIRST_GAP = 0.05  # after an answer: whoever has pressed or turned something waits for what comes of it


class Run(Steered):
    """Lanes that train in lockstep, as a job of a pool.

    `pace` is seconds per update, 0 for as fast as it can; branches that are `ahead` begin when the lanes that they come
    from are there.  Raises ValueError for a spec that cannot be built.
    """

    can = frozenset(Command)

    def __init__(
        self,
        specs: Sequence[ExperimentSpec | LaneSpec],
        *,
        pace: float = 0.0,
        patience: float = 60.0,
        pool: Pool | None = None,
        ahead: Sequence[PlannedBranch] = (),
    ) -> None:
        super().__init__(specs, ahead, pace, patience, pool)
        self._is_answer = False  # whether the newest snapshot answers a request
        self._engine = Engine(self.lanes, self._pool.crew, self.ahead, self._admit)
        self.keeper: Keeper | None = None  # who is handed the run, to save it
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
        return cls(race_lanes(race, labels), pace=pace, patience=patience, pool=pool, ahead=race.branches)

    def follow(self, follower: Follower, every: int = 0) -> None:
        """Have every evaluation told as it is made, from the pool's threads; to be asked for before anything else.

        every: also the loss of each update that is a multiple of it, 0 for none.
        """
        for lane in self._engine.lanes:
            lane.following = Following(lane.entrant.id, follower, every)

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
            self._hand_out_copies()
            self._show(self._snapshot, self._wishes.asked)
            return None
        if not self._engine.is_built:
            self._publish(Status.STARTING)
            self._engine.build()
            self._built_at = monotonic()
        wishes = self._take_wishes()
        if self._is_turned_only(wishes):
            self._publish(Status.RUNNING, wishes.asked)  # before the slice: a hand waits to see what it has turned
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
            self._wishes.roster, self._wishes.changes, self._wishes.tier, self._wishes.waiting = [], [], None, []
        self._engine.change_lanes(taken.roster)  # outside the lock: a network takes its time to build
        for waiting in taken.waiting:
            self._engine.wait_for(*waiting)
        self._engine.apply(taken.changes)
        if taken.tier is not None:
            self._engine.look_closer(taken.tier)
        self._hand_out_copies()
        with self._lock:
            wishes = self._wishes
            if wishes.order == taken.order:
                if wishes.is_epoch and (taken.changes or not wishes.steps):
                    wishes.steps = self._engine.updates_left_in_epoch()
                taken.steps = wishes.steps
        return taken

    def _hand_out_copies(self) -> None:
        with self._lock:
            wishes, self._wishes.copies = self._wishes.copies, []
        for lane_id, before, then in wishes:
            then(self._engine.copied(lane_id, before))

    def _count_down(self, taken: PendingCommands, done: int) -> bool:
        """Take what was done off the updates asked for by number; return whether some are left."""
        with self._lock:
            wishes = self._wishes
            if taken.steps and wishes.order == taken.order:
                wishes.steps -= min(done, wishes.steps)
                wishes.is_epoch = wishes.is_epoch and wishes.steps > 0
            return wishes.steps > 0

    def _is_turned_only(self, wishes: PendingCommands) -> bool:
        """Whether it goes on as before but for what was turned; all else is answered when it is done."""
        is_going_on = self._snapshot.status == Status.RUNNING == wishes.goal
        return is_going_on and bool(wishes.changes) and not wishes.steps and wishes.tier is None

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
            tier=self._engine.tier,
            cost=self._engine.cost,
        )
