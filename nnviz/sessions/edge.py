"""A session of the lesson on the edge of stability: one network whose sharpness is measured as it goes."""

from typing import Any

from nnviz.runs.lane_spec import LaneSpec
from nnviz.runs.pool import Pool
from nnviz.runs.run import Run
from nnviz.sessions.session import Session
from nnviz.specs.planned import Planned
from nnviz.training import Detail

_WATCHING = 0.5  # of training time: the sharpness is what this lesson is about
_PACE = 1 / 300  # seconds per update: the edge is reached within seconds, and a hand can follow


class EdgeSession(Session):
    """Holds the run of the lesson."""

    kind = "edge"

    def __init__(self, plan: Any, owner: str, pool: Pool, pace: float = _PACE, patience: float = 60.0) -> None:
        super().__init__(plan, owner, pool, pace or _PACE, patience)

    def _fresh_run(self, plan: Planned, pace: float) -> Run:
        lane = LaneSpec(plan.spec, plan.spec.optimizer.name, 0, Detail.SCORES | {"sharpness"}, watching=_WATCHING)
        return Run((lane,), pace=pace, patience=self._patience, pool=self._pool)
