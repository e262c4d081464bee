"""What was asked of a run and is not yet done, and how a slice of it ended."""

from collections.abc import Callable
from dataclasses import dataclass, field

from nnviz.records.status import Status
from nnviz.records.tier import Tier
from nnviz.runs.branch import Branch
from nnviz.runs.lane_spec import LaneSpec
from nnviz.specs.experiment import Change
from nnviz.training.copied import Copied

LaneChanges = tuple[tuple[str, ...], Change]  # the ids of lanes, and what is turned in all of them
CopyWish = tuple[str, float, Callable[[Copied | None], object]]  # a lane's id, updates done at the most, who wants it
RosterChange = LaneSpec | Branch | str  # a lane that joins, or the id of one that leaves


@dataclass(slots=True)
class PendingCommands:
    """What was asked of a run and is not yet done."""

    goal: Status = Status.READY  # READY, RUNNING, PAUSED or STOPPED
    steps: int = 0  # updates still to do before pausing
    is_epoch: bool = False  # the updates to do are those to the end of this epoch
    changes: list[LaneChanges] = field(default_factory=list)
    roster: list[RosterChange] = field(default_factory=list)
    tier: Tier | None = None  # up to which to measure from now on; None: as before
    copies: list[CopyWish] = field(default_factory=list)
    waiting: list[tuple[str, bool]] = field(default_factory=list)  # the ids of branches, and whether others wait
    asked: int = 0  # counts requests
    order: int = 0  # counts goals: updates done for an earlier one are not taken off a later one

    @property
    def sought(self) -> Status:
        """What it shall be meanwhile: one update is done at once, an epoch takes its time."""
        return Status.RUNNING if self.is_epoch else self.goal

    def become(self, goal: "PendingCommands", adds: bool) -> None:
        """Take another goal, unless it was to stop; with `adds`, its updates come after those still to do."""
        if self.goal == Status.STOPPED:
            return
        ahead = self.steps if adds else 0
        self.order += not ahead
        self.goal, self.steps, self.is_epoch = goal.goal, ahead + goal.steps, goal.is_epoch


@dataclass(frozen=True, slots=True)
class SliceResult:
    """How a slice ended."""

    status: Status
    wait: float | None  # seconds until the next slice; None: at rest
    done: int = 0  # updates
