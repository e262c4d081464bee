"""What a run does in its slice of time: advance the lanes, measure, come to rest. Pool's thread only."""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from time import perf_counter

from nnviz.budget import Budget
from nnviz.catalog import MODELS
from nnviz.clock import Clock
from nnviz.crew import Crew
from nnviz.lane import Entrant, LaneAtWork
from nnviz.records import Lane, Scene, Status
from nnviz.spec import Change
from nnviz.training.scene import scene

SLICE = 0.01  # seconds of work before another run gets its turn
TICK = 0.005  # seconds between two slices of a paced run, at the least
HEAVY = 0.0004  # seconds of one update from which on lanes gain from threads of their own
HEAVY_SLICE = 0.025  # seconds; each hand-over to the other threads costs some time

Places = tuple[int, ...] | None  # of lanes; None: all


@dataclass(slots=True)
class Wishes:
    """What was asked of a run and is not yet done."""

    goal: Status = Status.READY  # READY, RUNNING, PAUSED or STOPPED
    steps: int = 0  # updates still to do before pausing
    is_epoch: bool = False  # the updates to do are those to the end of this epoch
    changes: list[tuple[Places, Change]] = field(default_factory=list)
    asked: int = 0  # counts requests
    order: int = 0  # counts goals: updates done for an earlier one are not taken off a later one

    def become(self, goal: "Wishes", adds: bool) -> None:
        """Take another goal, unless it was to stop; with `adds`, its updates come after those still to do."""
        if self.goal == Status.STOPPED:
            return
        ahead = self.steps if adds else 0
        self.order += not ahead
        self.goal, self.steps, self.is_epoch = goal.goal, ahead + goal.steps, goal.is_epoch


@dataclass(frozen=True, slots=True)
class Turn:
    """How a slice ended."""

    status: Status
    wait: float | None  # seconds until the next slice; None: at rest
    done: int = 0  # updates


class Engine:
    """The lanes of a run at work, in lockstep."""

    def __init__(self, entrants: Sequence[Entrant], crew: Crew) -> None:
        self.lanes = [LaneAtWork(entrant) for entrant in entrants]
        self.scene: Scene | None = None
        self.is_built = False
        self._crew = crew
        self._clock = Clock()
        watching = max(MODELS[entrant.spec.model.name].watching for entrant in entrants)
        self._budget = Budget(len(self.lanes) > 1, watching)
        self._to_measure: deque[LaneAtWork] = deque()  # lanes of a round of measuring that is under way
        self._measuring = 0.0  # seconds it has cost
        self._trained = 0.0  # seconds of all lanes at once
        self._foremost = 0  # the lane that went first in the last slice
        self._cost = 0.0  # seconds of one update of all lanes, smoothed
        self._is_by_epoch = any(entrant.each_epoch for entrant in entrants)
        self._is_heavy: deque[bool] = deque([False] * 4, 4)  # whether updates were long in the last slices

    @property
    def rate(self) -> float:
        """Updates per second over the last second or so, all lanes."""
        return len(self.lanes) * self._clock.rate()

    @property
    def message(self) -> str:
        """The sentence of the first lane that has one."""
        return next((lane.message for lane in self.lanes if lane.message), "")

    def build(self) -> None:
        """Make data and networks and measure them untrained."""
        for lane in self.lanes:
            alike = (other.experiment for other in self.lanes if other.experiment is not None)
            lane.build(next((other for other in alike if other.origin.fits(lane.spec)), None))
        if len(self.lanes) > 1:
            for lane in self.lanes:
                lane.warm_up()
        first = self.lanes[0].experiment
        self.scene = scene(first) if first is not None else None
        self.is_built = True

    def freeze(self, status: Status) -> tuple[Lane, ...]:
        """Return frozen copies of the lanes of a run with that status."""
        return tuple(lane.freeze(status) for lane in self.lanes)

    def updates_left_in_epoch(self) -> int:
        """Count the updates to the end of the epoch of the first lane that goes on."""
        return next((lane.updates_left_in_epoch() for lane in self.lanes if not lane.is_over), 0)

    def turn(self, wishes: Wishes, pace: float, is_watched: bool, enter: Callable[[], bool]) -> Turn:
        """Do one slice of what is wished; `enter` asks for a place among the live runs."""
        if wishes.goal == Status.STOPPED or self._all_over():
            return self._rest(self._outcome())
        if wishes.steps:
            return self._train(pace, wishes.steps)
        if wishes.goal != Status.RUNNING:
            return self._rest(wishes.goal)
        if not is_watched:
            return self._rest(Status.ASLEEP)
        return self._train(pace, None) if enter() else self._rest(Status.WAITING)

    def apply(self, changes: list[tuple[Places, Change]]) -> None:
        """Turn the live knobs of some lanes, all before the same update."""
        for places, change in changes:
            for place in range(len(self.lanes)) if places is None else places:
                self.lanes[place].apply(change)

    def _train(self, pace: float, steps: int | None) -> Turn:
        """Advance for a slice, at most `steps` updates, and come to rest where they or the lanes end."""
        if self._to_measure and (steps is None or self._is_by_epoch):
            self._measure_on()
            return Turn(Status.RUNNING, 0.0)
        updates = self._updates_due(pace, steps)
        self._advance(updates)
        if self._all_over():
            return self._rest(self._outcome(), updates)
        if steps == updates:
            return self._rest(Status.PAUSED, updates)
        if self._budget.allows(self._trained) or any(lane.is_due for lane in self.lanes):
            self._to_measure, self._measuring = deque(lane for lane in self.lanes if lane.is_stale), 0.0
            self._measure_on()
        return Turn(Status.RUNNING, self._wait(pace), updates)

    def _measure_on(self) -> None:
        """Go on with a round of measuring for about a slice: nobody trains, or shows it, until all are measured."""
        start = perf_counter()
        while self._to_measure and perf_counter() - start < SLICE:
            batch = [self._to_measure.popleft() for _ in range(min(len(self._to_measure), 1 + self._crew.helpers))]
            self._do([lane.measure for lane in batch])
        self._measuring += perf_counter() - start
        if not self._to_measure:
            self._budget.spend(self._measuring)
            self._show()

    def _updates_due(self, pace: float, steps: int | None) -> int:
        """Count the updates for this slice: what fits into it, what the pace allows, what was asked for."""
        slice_ = HEAVY_SLICE if self._is_shared else SLICE
        fitting = max(1, int(slice_ / self._cost)) if self._cost else 1
        due = min(fitting, steps) if steps is not None else fitting
        if self._is_by_epoch:
            due = int(min(due, *(lane.updates_to_record for lane in self.lanes)))
        return min(due, self._clock.owed(pace)) if pace else due

    def _advance(self, updates: int) -> None:
        if not updates:
            return
        start, before = perf_counter(), sum(lane.seconds for lane in self.lanes)
        # Each time another lane goes first: the first one pays for waking the processor up.
        self._foremost = (self._foremost + 1) % len(self.lanes)
        order = self.lanes[self._foremost :] + self.lanes[: self._foremost]
        jobs = [partial(lane.advance, updates) for lane in order if not lane.is_over]
        self._do(jobs)
        took = perf_counter() - start
        self._trained += took
        each = took / updates
        self._cost = each if not self._cost else 0.7 * self._cost + 0.3 * each
        self._clock.count(updates)
        mine = (sum(lane.seconds for lane in self.lanes) - before) / (updates * len(jobs))
        self._is_heavy.append(mine > HEAVY)

    @property
    def _is_shared(self) -> bool:
        """Whether lanes have been long enough lately to be worth several threads."""
        return len(self.lanes) > 1 and sum(self._is_heavy) > len(self._is_heavy) // 2

    def _do(self, jobs: Sequence[Callable[[], object]]) -> None:
        """Do one job for each lane, on more threads where updates have been long lately."""
        if len(jobs) > 1 and self._is_shared:
            self._crew.work_off(jobs)
        else:
            for job in jobs:
                job()

    def _wait(self, pace: float) -> float:
        if not pace:
            return 0.0
        if self._to_measure:
            return 0.0
        wait = max(TICK, self._clock.next_in(pace))
        self._budget.rest(wait)
        return wait

    def _rest(self, status: Status, done: int = 0) -> Turn:
        """Measure where the lanes stand: a run at rest shows its last update."""
        self._clock = Clock()
        self._to_measure.clear()
        self._do([lane.measure for lane in self.lanes if lane.is_stale])
        self._show()
        return Turn(status, None, done)

    def _show(self) -> None:
        for lane in self.lanes:
            lane.show()

    def _all_over(self) -> bool:
        return all(lane.is_over for lane in self.lanes)

    def _outcome(self) -> Status:
        """Name the end of the run: stopped while lanes could go on, done if any lane got there."""
        ends = [lane.status for lane in self.lanes]
        if not self._all_over():
            return Status.STOPPED
        return Status.DONE if Status.DONE in ends else ends[0]
