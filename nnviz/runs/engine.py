"""What a run does in its slice of time: advance the lanes, measure, come to rest. Pool's thread only."""

from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from math import inf
from time import perf_counter

from nnviz.catalog import MODELS
from nnviz.records.run import DataSummary, Lane, Snapshot
from nnviz.records.status import Status
from nnviz.records.tier import SHARES, MeasuringCost, Tier
from nnviz.runs.branching_lane import BranchingLane
from nnviz.runs.budget import Budget
from nnviz.runs.clock import Clock
from nnviz.runs.keeper import Keeper
from nnviz.runs.lane_spec import LaneSpec
from nnviz.runs.meter import Meter
from nnviz.runs.pending import LaneChanges, PendingCommands, RosterChange, SliceResult
from nnviz.runs.roster import Admit, Roster, nobody
from nnviz.runs.schedule import updates_to_evaluation
from nnviz.runs.threads import LaneThreads
from nnviz.specs.branches import PlannedBranch
from nnviz.training.scene import scene
from nnviz.words.language import Message

SLICE = 0.01  # seconds of work before another run gets its turn
TICK = 0.005  # seconds between two slices of a paced run, at the least
HEAVY = 0.0004  # seconds of one update from which on lanes gain from threads of their own
HEAVY_SLICE = 0.025  # seconds; each hand-over to the other threads costs some time


class Engine(Roster):
    """The lanes of a run at work, in lockstep."""

    def __init__(
        self,
        entrants: Sequence[LaneSpec],
        crew: LaneThreads,
        ahead: Sequence[PlannedBranch] = (),
        admit: Admit = nobody,
    ) -> None:
        super().__init__(entrants, ahead, admit)
        self.scene: DataSummary | None = None
        self._crew = crew
        self._clock = Clock()
        watching = max(max(MODELS[entrant.spec.model.name].watching, entrant.watching) for entrant in entrants)
        self._budget = Budget(watching)
        pasts = [entrant.past for entrant in entrants if entrant.past]
        self._budget.widen(SHARES[self.tier])
        self._meter = Meter()
        self._evaluated = max((past.evaluated for past in pasts), default=0)  # updates after which all lanes were
        self._to_evaluation = 0  # updates until then, before this slice
        self._to_measure: deque[BranchingLane] = deque()  # lanes of a round of measuring that is under way
        self._with_pictures = False  # whether it is for more than to evaluate
        self._measuring = 0.0  # seconds it has cost
        self._trained = 0.0  # seconds of all lanes at once
        self._foremost = 0  # the lane that went first in the last slice
        self._cost = 0.0  # seconds of one update of all lanes, smoothed
        self._own_cost = 0.0  # of those that catch up
        self._is_heavy: deque[bool] = deque([False] * 4, 4)  # whether updates were long in the last slices

    @property
    def rate(self) -> float:
        """Updates per second of each lane, over the last second or so."""
        return self._clock.rate()

    @property
    def message(self) -> Message | None:
        """What the first lane tells that has something to tell."""
        return next((lane.message for lane in self.lanes if lane.message), None)

    @property
    def cost(self) -> MeasuringCost | None:
        """What is spent on pictures."""
        return self._meter.cost(self._trained)

    def look_closer(self, tier: Tier) -> None:
        """Measure in all lanes what costs up to a tier, and spend as much on it as that allows."""
        self.tier = tier
        self._budget.widen(SHARES[tier])
        self._meter.begin(self._trained)
        for lane in self.lanes:
            lane.look_closer(str(tier))

    def build(self) -> None:
        """Make data and networks and measure them untrained."""
        for lane in self.lanes:
            self._build(lane)
        if len(self.lanes) > 1:
            for lane in self.lanes:
                lane.warm_up()
        first = self.lanes[0].experiment
        self.scene = scene(first) if first is not None else None
        self.is_built = True
        self._let_join()

    def change_lanes(self, roster: Sequence[RosterChange]) -> None:
        """Let lanes join, and those leave whose ids are given, in order."""
        super().change_lanes(roster)
        self._to_measure = deque(lane for lane in self._to_measure if lane in self.lanes)

    def keep(self, keeper: Keeper, snapshot: Snapshot, *, is_resting: bool) -> None:
        """Hand the lanes over where that is due and nothing is owed to them."""
        is_settled = self.is_built and not self._to_measure and not any(lane.is_owed for lane in self.lanes)
        at = (
            sum(lane.step for lane in self.lanes),
            sum(len(lane.experiment.journal) for lane in self.lanes if lane.experiment),
        )
        if is_settled and keeper.is_due(at, is_resting=is_resting):
            keeper.take(tuple(lane.kept(self._evaluated) for lane in self.lanes), snapshot, at)

    def freeze(self, status: Status) -> tuple[Lane, ...]:
        """Return frozen copies of the lanes of a run with that status."""
        return tuple(lane.freeze(status) for lane in self.lanes)

    def updates_left_in_epoch(self) -> int:
        """Count the updates to the end of the epoch of the first lane that goes on."""
        return next((lane.updates_left_in_epoch() for lane in self.lanes if not lane.is_over), 0)

    def turn(self, wishes: PendingCommands, pace: float, is_watched: bool, enter: Callable[[], bool]) -> SliceResult:
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

    def apply(self, changes: list[LaneChanges]) -> None:
        """Turn the live knobs of some lanes, all before the same update; those that have left are passed over."""
        for ids, change in changes:
            for lane in self.lanes:
                if lane.entrant.id in ids:
                    lane.apply(change)
        if any(change.target == "batch_size" for _, change in changes):
            self._cost = 0.0  # what an update of the old size cost would make the next slice far too long or short

    def _train(self, pace: float, steps: int | None) -> SliceResult:
        """Advance for a slice, at most `steps` updates, and come to rest where they or the lanes end."""
        if self._to_measure and (steps is None or self._is_by_epoch or any(lane.is_owed for lane in self.lanes)):
            self._measure_on()
            return SliceResult(Status.RUNNING, 0.0)
        if steps is None and (catching := self._catching()):
            return self._catch_up(catching)
        updates = self._updates_due(pace, steps)
        self._advance(updates)
        self._let_join()
        if self._all_over():
            return self._rest(self._outcome(), updates)
        is_owed = updates > 0 and self._owes(updates)
        if steps == updates:
            return self._rest(Status.PAUSED, updates)
        if self._budget.allows(self._trained) or any(lane.is_due for lane in self.lanes):
            self._begin_round(pictures=True)
        elif is_owed:
            self._begin_round(pictures=False)
        return SliceResult(Status.RUNNING, self._wait(pace), updates)

    def _catch_up(self, lanes: list[BranchingLane]) -> SliceResult:
        """Advance some lanes for a slice at full speed, as far as the others have come and no further."""
        self._clock.owed(0.0)  # what is done meanwhile is not taken for paid in advance
        guides = [self._guide(lane) for lane in lanes]
        start, updates = perf_counter(), max(1, int(SLICE / self._own_cost)) if self._own_cost else 1
        for lane, guide in zip(lanes, guides, strict=True):
            lane.settle()
            judged = guide.updates_to_judgement(lane.step) if guide else inf
            updates = int(min(updates, lane.behind, lane.updates_to_stop, judged, self._updates_to_branch(lane)))
        for lane, guide in zip(lanes, guides, strict=True):
            lane.catch_up(updates, guide)
        took = perf_counter() - start
        self._trained += took
        self._own_cost = took / updates if not self._own_cost else 0.7 * self._own_cost + 0.3 * took / updates
        self._clock.count(updates)
        self._let_join()
        if self._all_over():
            return self._rest(self._outcome(), updates)
        if self._budget.allows(self._trained):
            self._begin_round(pictures=True)
        return SliceResult(Status.RUNNING, 0.0, updates)

    @property
    def _is_by_epoch(self) -> bool:
        return any(lane.entrant.each_epoch for lane in self.lanes)

    def _updates_to_evaluation(self) -> int:
        step = self._step
        return updates_to_evaluation(step, self._evaluated, [lane.load(step) for lane in self.lanes])

    def _owes(self, updates: int) -> bool:
        """Tell whether the lanes must be evaluated where these updates have brought them; note it if so."""
        if self._to_evaluation > updates or self._updates_to_evaluation() > 0:
            return False
        self._evaluated = self._step
        for lane in self.lanes:
            lane.owe(self._evaluated)
        return True

    def _begin_round(self, *, pictures: bool) -> None:
        self._to_measure = deque(lane for lane in self.lanes if lane.is_owed or (pictures and lane.is_stale))
        self._with_pictures, self._measuring = pictures, 0.0
        self._measure_on()

    def _measure_on(self) -> None:
        """Go on with a round of measuring for about a slice: nobody trains, or shows it, until all are measured."""
        start = perf_counter()
        while self._to_measure and perf_counter() - start < SLICE:
            batch = [self._to_measure.popleft() for _ in range(min(len(self._to_measure), 1 + self._crew.helpers))]
            self._do([partial(lane.measure, pictures=self._with_pictures) for lane in batch])
        self._measuring += perf_counter() - start
        if not self._to_measure:
            if self._with_pictures:
                self._budget.spend(self._measuring)
                self._meter.add(self._measuring)
            self._show()

    def _updates_due(self, pace: float, steps: int | None) -> int:
        """Count the updates for this slice: what fits into it, what the pace allows, what was asked for."""
        for lane in self.lanes:
            lane.settle()
        slice_ = HEAVY_SLICE if self._is_shared else SLICE
        fitting = max(1, int(slice_ / self._cost)) if self._cost else 1
        due = min(fitting, steps) if steps is not None else fitting
        self._to_evaluation = self._updates_to_evaluation()
        ends = [max(1, self._to_evaluation), *(lane.updates_to_stop for lane in self.lanes)]
        ends += [self._updates_to_branch(lane) for lane in self.lanes if not lane.is_over]
        due = int(min(due, *ends))
        if self._is_by_epoch:
            due = int(min(due, *(lane.updates_to_record for lane in self.lanes)))
        return min(due, self._clock.owed(pace))

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

    def _rest(self, status: Status, done: int = 0) -> SliceResult:
        """Measure where the lanes stand: a run at rest shows its last update."""
        self._clock = Clock()
        self._to_measure.clear()
        start, stale = perf_counter(), [lane for lane in self.lanes if lane.is_stale or lane.is_owed]
        self._do([partial(lane.measure, pictures=True) for lane in stale])
        if stale:
            self._meter.add(perf_counter() - start)
        self._show()
        return SliceResult(status, None, done)

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
