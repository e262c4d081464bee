"""A lane that others can go on from, and that may trail the one that it comes from and catch up with it."""

from __future__ import annotations

from dataclasses import replace

from nnviz.records.run import Lane
from nnviz.records.status import Status
from nnviz.runs.branch import Branch, departed
from nnviz.runs.lane import LaneTrainer
from nnviz.runs.lane_spec import LaneSpec


class BranchingLane(LaneTrainer):
    """A lane of an engine; one that is catching up trains alone while the others wait."""

    def branched(self, branch: Branch) -> LaneSpec:
        """Return a lane that goes on from the last moment that is kept from not after a step."""
        if self.experiment is None or not self._stored.steps:
            return branch.entrant
        return departed(branch, self.experiment, self._stored, (self._history, self._evaluations))

    @property
    def behind(self) -> int:
        """Updates until it is level with the lane that it comes from."""
        return max(0, self._joined) if self.entrant.parent and not self.is_over else 0

    @property
    def is_catching_up(self) -> bool:
        """Whether the others wait for it."""
        return self.entrant.is_catching_up and self.behind > 0

    def catch_up(self, updates: int, guide: BranchingLane | None) -> None:
        """Do updates that the others have done; where the one that guides it was judged, it has to be judged, too."""
        before = self.step
        self.advance(updates)
        self._joined -= self.step - before
        if guide is not None and guide.is_judged_at(self.step) and not self.is_over:
            self.owe(self.moment)
            self.measure(pictures=False)
        if not self.behind:
            self.wait_for(False)
            if guide is not None:
                self._evaluations.follow(guide._evaluations)

    def is_judged_at(self, step: int) -> bool:
        """Tell whether what it was judged by after so many updates is kept."""
        return self._evaluations.next_after(step - 1) == step

    def updates_to_judgement(self, step: int) -> float:
        """Return in how many updates after a step it was judged next, as far as that is kept."""
        return self._evaluations.next_after(step) - step

    def wait_for(self, is_waited_for: bool) -> None:
        """Let the others wait until it is level, or not."""
        self.entrant, self._frozen = replace(self.entrant, is_catching_up=is_waited_for), None

    def _freeze(self, status: Status) -> Lane:
        return replace(super()._freeze(status), behind=self.behind, is_catching_up=self.is_catching_up)
