"""Who takes part in a run: lanes that join and leave, and branches that are planned ahead."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from nnviz.records.tier import Tier
from nnviz.runs.branch import Branch
from nnviz.runs.branching_lane import BranchingLane
from nnviz.runs.checkpoints import MOST_BYTES
from nnviz.runs.lane_spec import LaneSpec
from nnviz.runs.pending import RosterChange
from nnviz.specs.branches import PlannedBranch
from nnviz.training.copied import Copied

Admit = Callable[[PlannedBranch, bool], Branch | None]  # names a lane for it; whether the one it comes from is done


def nobody(branch: PlannedBranch, is_at_end: bool) -> None:
    """Admit no branch."""


class Roster:
    """The lanes of a run; `admit` is asked for the lane of a planned branch when that begins."""

    def __init__(self, entrants: Sequence[LaneSpec], ahead: Sequence[PlannedBranch], admit: Admit) -> None:
        roots = sum(entrant.is_stored and not entrant.parent for entrant in entrants)
        self._room = MOST_BYTES // max(1, roots)  # of each lane, for moments
        is_alone = len(entrants) == 1
        self.lanes = [BranchingLane(entrant, is_alone=is_alone, room=self._room) for entrant in entrants]
        self.tier = Tier(entrants[0].tier)  # up to which all lanes are measured
        self.is_built = False
        self._ahead, self._admit = list(ahead), admit

    @property
    def _step(self) -> int:
        return max(lane.moment for lane in self.lanes)

    def _build(self, lane: BranchingLane) -> None:
        others = (other.observer for other in self.lanes if other.observer is not None)
        lane.build(next((other for other in others if other.experiment.origin.fits(lane.spec)), None))

    def change_lanes(self, roster: Sequence[RosterChange]) -> None:
        """Let lanes join, and those leave whose ids are given, in order."""
        for change in roster:
            if isinstance(change, LaneSpec):
                self._add(change)
            elif isinstance(change, Branch):
                self._branch(change)
            else:
                self.lanes = [lane for lane in self.lanes if lane.entrant.id != change]

    def _branch(self, branch: Branch) -> None:
        parent = self._lane(branch.entrant.parent)
        if parent is not None:  # else it has left meanwhile
            self._add(parent.branched(branch) if parent.experiment else branch.entrant)

    def _lane(self, lane_id: str) -> BranchingLane | None:
        return next((lane for lane in self.lanes if lane.entrant.id == lane_id), None)

    def _add(self, entrant: LaneSpec) -> None:
        """Take in a lane; where the others are built, it is built now, like one of them if it begins alike."""
        lane = BranchingLane(replace(entrant, tier=str(self.tier)), is_alone=False, joined=self._step, room=self._room)
        lane.following = replace(self.lanes[0].following, lane=lane.entrant.id)
        if self.is_built:
            self._build(lane)
        self.lanes.append(lane)

    def copied(self, lane_id: str, before: float) -> Copied | None:
        """Copy a lane as it stands, or as it was at the last moment kept that is not after an update."""
        lane = self._lane(lane_id)
        experiment = lane.experiment if lane else None
        if lane is None or experiment is None:
            return None
        if before >= experiment.step and experiment.diverged_at is None:
            return Copied.of(experiment)
        start = lane.branched(Branch(lane.entrant, int(min(before, experiment.step)))).start
        return Copied(experiment.spec, experiment.origin, start)

    # ---- branches that are planned ----

    def _parent(self, branch: PlannedBranch) -> BranchingLane | None:
        return next((lane for lane in self.lanes if lane.entrant.racer == branch.parent), None)

    def _updates_to_branch(self, lane: BranchingLane) -> float:
        """Return in how many updates of a lane the next planned branch leaves it."""
        steps = [branch.step - lane.step for branch in self._ahead if self._parent(branch) is lane]
        return min((each for each in steps if each > 0), default=float("inf"))

    def _let_join(self) -> None:
        """Let planned branches begin whose parents have come to where they leave them, one from the other."""
        while due := next(filter(self._is_due, self._ahead), None):
            self._ahead.remove(due)
            parent = self._parent(due)
            branch = self._admit(due, parent is not None and parent.is_over)
            if branch is not None:
                self._branch(branch)

    def _is_due(self, branch: PlannedBranch) -> bool:
        parent = self._parent(branch)
        return parent is not None and parent.experiment is not None and parent.step >= branch.step

    # ---- lanes that catch up ----

    def wait_for(self, lane_id: str, is_waited_for: bool) -> None:
        """Let the others wait for a branch until it is level with them, or not."""
        lane = self._lane(lane_id)
        if lane is not None:
            lane.wait_for(is_waited_for)

    def _catching(self) -> list[BranchingLane]:
        """List the lanes for which the others wait, the one that is furthest behind alone where they differ."""
        found = [lane for lane in self.lanes if lane.is_catching_up]
        most = max((lane.behind for lane in found), default=0)
        return [lane for lane in found if lane.behind == most]

    def _guide(self, lane: BranchingLane) -> BranchingLane | None:
        """Return the lane by which one that catches up is judged: its parent, or another one that is not behind."""
        level = [each for each in self.lanes if not each.behind and each.experiment is not None]
        return next((each for each in level if each.entrant.id == lane.entrant.parent), next(iter(level), None))
