"""A seat of the lab: one network, measured at the end of every epoch with all its parameters."""

from nnviz.findings.lab import Score, Split
from nnviz.lane import Entrant
from nnviz.lessons.lab_look import fresh, model_of, score, split
from nnviz.records import Snapshot
from nnviz.run import Run
from nnviz.spec import ExperimentSpec
from nnviz.training import Detail
from nnviz.ui.seats import Seat

_PACE = {"digits": 1 / 150}  # seconds per update: the small digits would be learnt before anybody has looked
_KEPT = 4


class LabSeat(Seat):
    """Holds the run of the lab, and what is slow to find out about it."""

    kind = "lab"
    _split: tuple[ExperimentSpec, Split] | None = None
    _scores: tuple[tuple[tuple[int, int], Score], ...] = ()

    def _fresh_run(self, pace: float) -> Run:
        entrant = Entrant(self.spec, self.spec.optimizer.name, 0, Detail.WHOLE, each_epoch=True)
        pace = _PACE.get(self.spec.dataset.name, 0.0)
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
        key = (self.generation, 0 if is_start else record.step)
        with self._lock:
            kept = dict(self._scores)
            if key not in kept:
                model = fresh(snapshot) if is_start else model_of(record)
                kept[key] = score(snapshot.lanes[0].spec, model, key[1])
                self._scores = tuple(kept.items())[-_KEPT:]
            return kept[key]
