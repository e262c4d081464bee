"""A session of the lab: one network, measured at the end of every epoch with all its parameters."""

from typing import Any

from cachetools import LRUCache

from nnviz.lessons.lab.results import Score, Split
from nnviz.lessons.lab.study_look import fresh, model_of, score, split
from nnviz.records.run import Snapshot
from nnviz.runs.lane_spec import LaneSpec
from nnviz.runs.pool import Pool
from nnviz.runs.run import Run
from nnviz.sessions.session import Session
from nnviz.specs.experiment import ExperimentSpec
from nnviz.specs.planned import Planned
from nnviz.training import Detail

_PACE = {"digits": 1 / 150}  # seconds per update: the small digits would be learnt before anybody has looked
_KEPT = 12  # moments that a reader goes back and forth between


class LabSession(Session):
    """Holds the run of the lab, and what is slow to find out about it."""

    kind = "lab"

    def __init__(self, plan: Any, owner: str, pool: Pool, pace: float = 0.0, patience: float = 60.0) -> None:
        self._split: tuple[ExperimentSpec, Split] | None = None
        self._scores: LRUCache[tuple[int, int], Score] = LRUCache(_KEPT)
        super().__init__(plan, owner, pool, pace, patience)

    def _fresh_run(self, plan: Planned, pace: float) -> Run:
        entrant = LaneSpec(plan.spec, plan.spec.optimizer.name, 0, Detail.WHOLE, each_epoch=True)
        pace = _PACE.get(plan.spec.dataset.name, 0.0)
        return Run((entrant,), pace=pace, patience=self._patience, pool=self._pool)

    def begin(self, *, is_started: bool) -> None:
        """Start the run, or make it ready; data that has just arrived is looked at before it is learnt."""
        super().begin(is_started=is_started and not self.is_waiting_for_data)

    def split(self) -> Split:
        """Look at the data of the run."""
        with self._lock:
            if self._split is None or self._split[0] != self.spec:
                self._split = (self.spec, split(self.spec))
            return self._split[1]

    def score(self, snapshot: Snapshot, *, is_start: bool) -> Score:
        """Evaluate the first network or the present one on the whole test set, once for all who look."""
        record = snapshot.lanes[0].records[-1]
        key = (snapshot.generation, 0 if is_start else record.step)
        with self._lock:
            if key not in self._scores:
                model = fresh(snapshot) if is_start else model_of(record)
                self._scores[key] = score(snapshot.lanes[0].spec, model, key[1])
            return self._scores[key]
