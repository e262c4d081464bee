"""A session of a model's own page: one network, perhaps with its twin beside it, and what its reader asks of it."""

from dataclasses import replace

from nnviz.catalog import MODELS, check_spec
from nnviz.catalog.check import check_pairing, twin_of
from nnviz.catalog.task import ModelContext
from nnviz.records.run import Lane, Record, Snapshot
from nnviz.records.shapes import NOTHING, Question
from nnviz.runs.lane_spec import LaneSpec
from nnviz.runs.pool import Pool
from nnviz.runs.run import Run
from nnviz.sessions.difference import Difference, differences, from_to
from nnviz.sessions.session import Session
from nnviz.specs.pairing import Pairing
from nnviz.training import Detail
from nnviz.training.instruments.taking import asked, rebuilt
from nnviz.words.fresh import FRESH
from nnviz.words.language import say
from nnviz.words.models import page as words


class ModelSession(Session):
    """Holds the run of a model's page."""

    def __init__(self, plan: Pairing, owner: str, pool: Pool, pace: float = 0.0, patience: float = 60.0) -> None:
        self.kind = plan.spec.model.name
        self._look: tuple[tuple[int, int], ModelContext] | None = None
        super().__init__(plan, owner, pool, pace, patience)

    @property
    def plan(self) -> Pairing:
        """What it was started with."""
        found: Pairing = self._stand.plan
        return found

    def _fresh_run(self, plan: Pairing, pace: float) -> Run:
        plan = check_pairing(plan)
        twin, spec = twin_of(plan), plan.spec
        label, journal = twin.name(spec) if twin else MODELS[self.kind].label, plan.journal
        entrants = [LaneSpec(spec, label, 0, Detail.WHOLE, journal=journal, is_stored=True)]
        if twin:
            other = check_spec(twin.edit(spec))
            entrants.append(LaneSpec(other, twin.name(other), 1, journal=journal, is_stored=True))
        return Run(entrants, pace=pace, patience=self._patience, pool=self._pool, ahead=plan.branches)

    def lanes_of(self, racer: int | None) -> tuple[int, ...]:
        """Return the places of both lanes: a live change is made to the network and to its twin, not to branches."""
        found = super().lanes_of(racer)
        return (0, 1) if self.plan.beside and found[0] in (0, 1) else found

    def take(self, plan: Pairing, *, is_started: bool) -> None:
        """Replace the run by one of another plan."""
        self._renew(plan, is_started=is_started)

    def _differences(self, before: Pairing, after: Pairing) -> list[Difference]:
        twins = MODELS[self.kind].twins
        names = [say(twins[plan.beside].label) if plan.beside else words.FAMILY["alone"] for plan in (before, after)]
        found = differences(before.spec, after.spec)
        return found + from_to("beside", FRESH["beside"], *names)

    def _ghosts_beside(self, snapshot: Snapshot, plan: Pairing) -> tuple[Lane, ...]:
        """Return the old curves that compare, where no twin's stand there."""
        return () if plan.beside else super()._ghosts_beside(snapshot, plan)

    def pair(self, beside: str) -> None:
        """Train beside a twin, or alone: a fresh run that goes on if the old one did."""
        self._edit(self.present_plan, lambda plan: replace(plan, beside=beside), self.take)

    def answered(self, snapshot: Snapshot, question: Question) -> Snapshot:
        """Return the snapshot with the newest record answering a reader's question."""
        lane = snapshot.lanes[0]
        record = lane.records[-1] if lane.records else None  # of the moment that is looked at
        if question == NOTHING or record is None or record.values is None:
            return snapshot
        found = asked(lane.spec, self._rebuilt(snapshot.generation, lane, record), question)
        newest = record.with_readings(**found)
        return replace(snapshot, lanes=(replace(lane, records=(*lane.records[:-1], newest)), *snapshot.lanes[1:]))

    def _rebuilt(self, generation: int, lane: Lane, record: Record) -> ModelContext:
        """Rebuild the network of a record once for all questions."""
        key = (generation, record.step)
        with self._lock:
            if self._look is None or self._look[0] != key:
                self._look = (key, rebuilt(lane.spec, record))
            return self._look[1]
