"""What a run is told and asked from any thread; its own thread does it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import count
from math import inf
from time import monotonic

from nnviz.catalog import check_change
from nnviz.records.run import Snapshot
from nnviz.records.status import Status
from nnviz.records.tier import Tier
from nnviz.runs.branch import MOST_LANES, Branch, branch_of, is_full
from nnviz.runs.clock import checked_pace, seconds_until
from nnviz.runs.job import Job
from nnviz.runs.lane_spec import LaneSpec, checked_lane, line_up, named_apart, places_of, without
from nnviz.runs.pending import CopyWish, LaneChanges, PendingCommands, RosterChange
from nnviz.runs.pool import Pool
from nnviz.specs.branches import PlannedBranch
from nnviz.specs.experiment import Change, Choice, ExperimentSpec
from nnviz.training.copied import Copied
from nnviz.words import errors
from nnviz.words.language import message

ANSWER_WITHIN = 0.4  # seconds after a wish in which readers wait for it to be carried out


class Steered(Job):
    """A run as others see it: what was asked of it, and its newest snapshot."""

    _snapshot: Snapshot

    def __init__(
        self, specs: Sequence[ExperimentSpec | LaneSpec], ahead: Sequence[PlannedBranch], pace: float, patience: float,
        pool: Pool | None,
    ) -> None:  # fmt: skip
        if not specs:
            raise ValueError(message(errors.LANES["none"]))
        super().__init__(pool, patience)
        self.lanes = tuple(map(checked_lane, line_up(specs)))
        self._former: set[str] = set()  # ids of lanes that have left: nobody gets them again
        self.ahead = tuple(ahead)  # branches that begin when the lanes that they come from are there
        self._pace = checked_pace(pace)
        self.tier = Tier(self.lanes[0].tier)  # up to which it is measured, as was asked last
        self._wishes = PendingCommands()
        self._answered = 0  # requests carried out
        self._asked_at = monotonic()
        self._built_at = 0.0

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
            joined = checked_lane(named_apart(lane, self.lanes, self._former))
            self.lanes += (joined,)
            self._ask(roster=joined)

    def fork(
        self, lane_id: str, step: int, changes: Sequence[Change] = (), optimizer: Choice | None = None, label: str = "",
        *, is_catching_up: bool = False,
    ) -> LaneSpec:  # fmt: skip
        """Let a lane join that goes on from where another one was, at the last moment kept that is not after a step.

        changes: live ones, made there.  optimizer: another one, whose memory begins fresh.  is_catching_up: whether the
        others wait until it is level with them.  The other lane goes on as it was.  Raises ValueError for a lane that
        is not there or keeps no moments, for what cannot be changed, and where there are as many lanes as a run has.
        """
        with self._lock:
            ends = [lane.step for lane in self._snapshot.lanes if lane.id == lane_id and lane.status == Status.DONE]
            is_at_end = bool(ends) and step >= ends[0]
            entrant = replace(self._named(lane_id, optimizer, label, is_at_end), is_catching_up=is_catching_up)
            for change in changes:
                check_change(entrant.spec, change)
            self.lanes += (entrant,)
            if self._snapshot.status in (Status.DONE, Status.DIVERGED):  # there is something to go on with again
                self._snapshot = replace(self._snapshot, status=Status.PAUSED)
            self._ask(roster=Branch(entrant, step, tuple(changes)))
        return entrant

    def _named(self, lane_id: str, optimizer: Choice | None, label: str, is_at_end: bool) -> LaneSpec:
        """Return a branch under a number that neither a lane has nor a planned branch is to have."""
        if is_full(self.lanes, self.ahead):
            raise ValueError(message(errors.LANES["many"], most=MOST_LANES))
        taken = {lane.racer for lane in self.lanes} | {branch.racer for branch in self.ahead}
        racer = next(number for number in count(1) if number not in taken)
        return branch_of(
            self.lanes, lane_id, optimizer, label, racer=racer, is_at_end=is_at_end, taken=self._former
        )  # fmt: skip

    def _admit(self, planned: PlannedBranch, is_at_end: bool) -> Branch | None:
        """Take a planned branch in, whose time has come; None where it cannot be any more."""
        with self._lock:
            ahead, self.ahead = self.ahead, tuple(each for each in self.ahead if each.racer != planned.racer)
            parent = next((lane for lane in self.lanes if lane.racer == planned.parent), None)
            if parent is None or planned not in ahead or self._has(planned.racer) or is_full(self.lanes):
                return None
            entrant = branch_of(
                self.lanes, parent.id, planned.optimizer, racer=planned.racer, is_at_end=is_at_end, taken=self._former
            )
            entrant = replace(entrant, is_catching_up=True)  # where its parent is behind, it is, too
            self.lanes += (entrant,)
        return Branch(entrant, planned.step, planned.changes, is_planned=True)

    def catch_up(self, lane_id: str, *, is_waited_for: bool = True) -> None:
        """Let the others wait until a branch is level with them, which then trains alone at full speed; or go on."""
        self._ask(waiting=(lane_id, is_waited_for))

    def _has(self, racer: int) -> bool:
        return any(lane.racer == racer for lane in self.lanes)

    def hand_out(self, lane_id: str, then: Callable[[Copied | None], object], before: float = inf) -> None:
        """Have a copy of a lane handed over from the pool's thread, as it stands or as it was not after an update.

        None where there is no such lane, or nothing of it.  The run goes on, or rests, as it did.
        """
        self._ask(copy=(lane_id, before, then))

    def remove(self, lane_id: str) -> None:
        """Let a lane go; the others train on as if nothing had happened. Raises ValueError for the last one."""
        with self._lock:
            racer = next((lane.racer for lane in self.lanes if lane.id == lane_id), 0)
            self.lanes = without(self.lanes, lane_id)
            self._former.add(lane_id)
            self.ahead = tuple(each for each in self.ahead if each.parent != racer or self._has(racer))
            self._ask(roster=lane_id)

    def look_closer(self, tier: str) -> None:
        """Measure more, or less again, from now on: all that costs up to a tier. ValueError for one that is none."""
        if tier not in list(Tier):
            raise ValueError(message(errors.CHOICES["tier"], name=tier, choices=errors.listed(Tier)))
        with self._lock:
            self._wishes.tier = self.tier = Tier(tier)
            if self._wishes.asked and not self._snapshot.status.is_over:  # else it is heard when it is built
                self._ask()

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
        roster: RosterChange | None = None,
        copy: CopyWish | None = None,
        waiting: tuple[str, bool] | None = None,
    ) -> None:
        with self._lock:
            if goal is not None:
                self._wishes.become(goal, adds)
            if change is not None:
                self._wishes.changes.append(change)
            if roster is not None:
                self._wishes.roster.append(roster)
            if copy is not None:
                self._wishes.copies.append(copy)
            if waiting is not None:
                self._wishes.waiting.append(waiting)
            self._wishes.asked += 1
            self._watched_at = self._asked_at = monotonic()
        self._pool.wake(self)
