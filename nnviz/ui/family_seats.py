"""A seat of a model's own page: one network, perhaps with its twin beside it, and what its reader asks of it."""

from dataclasses import dataclass, replace

from nnviz.catalog import MODELS, check_spec
from nnviz.catalog.family import Twin
from nnviz.catalog.task import Look
from nnviz.lane import Entrant
from nnviz.pool import Pool
from nnviz.records import Lane, Record, Snapshot
from nnviz.run import Run
from nnviz.sights import NOTHING, Question
from nnviz.spec import ExperimentSpec
from nnviz.training import Detail
from nnviz.training.sights.taking import asked, rebuilt
from nnviz.ui.seats import Seat


@dataclass(frozen=True, slots=True)
class Pairing:
    """What a model's page trains: a spec, and the name of the twin beside it ("": none)."""

    spec: ExperimentSpec
    beside: str = ""

    def __post_init__(self) -> None:
        twins = MODELS[self.spec.model.name].twins
        if self.beside and self.beside not in twins:
            raise ValueError(f"there is no twin {self.beside!r}; choose one of {', '.join(twins) or 'none'}")

    @property
    def twin(self) -> Twin | None:
        """The twin beside it."""
        return MODELS[self.spec.model.name].twins[self.beside] if self.beside else None

    def to_query(self) -> dict[str, str]:
        """Write it as the parameters of a link."""
        return {**self.spec.to_query(), "beside": self.beside}


class FamilySeat(Seat):
    """Holds the run of a model's page."""

    def __init__(self, plan: Pairing, owner: str, pool: Pool, pace: float = 0.0, patience: float = 60.0) -> None:
        self.kind = plan.spec.model.name
        self.plan = plan
        self._look: tuple[tuple[int, int], Look] | None = None
        super().__init__(check_spec(plan.spec), owner, pool, pace, patience)

    def _fresh_run(self, pace: float) -> Run:
        twin, label = self.plan.twin, MODELS[self.kind].label
        entrants = [Entrant(self.spec, twin.name(self.spec) if twin else label, 0, Detail.WHOLE)]
        if twin:
            other = check_spec(twin.edit(self.spec))
            entrants.append(Entrant(other, twin.name(other), 1))
        return Run(entrants, pace=pace, patience=self._patience, pool=self._pool)

    def lanes_of(self, racer: int | None) -> tuple[int, ...]:
        """Return the places of both lanes: a live change is made to the network and to its twin."""
        return tuple(range(2 if self.plan.beside else 1))

    def present_plan(self, snapshot: Snapshot) -> Pairing:
        """Return the settings on screen."""
        return Pairing(self.present_spec(snapshot), self.plan.beside)

    def restart(self, spec: ExperimentSpec, *, is_started: bool) -> None:
        """Replace the run by a fresh one with the same twin beside it."""
        with self._lock:
            self.plan = Pairing(spec, self.plan.beside)
            super().restart(spec, is_started=is_started)
            if self.plan.beside:
                self.ghosts = ()

    def take(self, plan: Pairing, *, is_started: bool) -> None:
        """Replace the run by one of another plan."""
        with self._lock:
            self.plan = plan
            self.restart(plan.spec, is_started=is_started)

    def pair(self, beside: str) -> None:
        """Train beside a twin, or alone: a fresh run that goes on if the old one did."""
        if beside == self.plan.beside:
            return
        snapshot = self.snapshot()
        self.take(Pairing(self.present_spec(snapshot), beside), is_started=self.is_going(snapshot))

    def answered(self, snapshot: Snapshot, question: Question) -> Snapshot:
        """Return the snapshot with the newest record's sights answering a reader's question."""
        lane = snapshot.lanes[0]
        record = lane.records[-1] if lane.records else None
        if question == NOTHING or record is None or record.values is None:
            return snapshot
        found = asked(lane.spec, self._rebuilt(lane, record), question)
        newest = replace(record, sights={**record.sights, **found})
        return replace(snapshot, lanes=(replace(lane, records=(*lane.records[:-1], newest)), *snapshot.lanes[1:]))

    def _rebuilt(self, lane: Lane, record: Record) -> Look:
        """Rebuild the network of a record once for all questions."""
        key = (self.generation, record.step)
        with self._lock:
            if self._look is None or self._look[0] != key:
                self._look = (key, rebuilt(lane.spec, record))
            return self._look[1]
