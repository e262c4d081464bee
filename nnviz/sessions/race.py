"""A session whose run is a race: several optimizers, perhaps several seeds, and the search for their learning rates."""

from collections.abc import Callable
from dataclasses import replace
from typing import cast

from nnviz.catalog import check_race
from nnviz.catalog.optimizers import labels
from nnviz.records.run import Lane, Snapshot
from nnviz.records.status import Status
from nnviz.runs.lr_search import LEAST, MOST, RATES, UPDATES, Search, grid, with_best
from nnviz.runs.pool import Pool
from nnviz.runs.run import Run
from nnviz.sessions.difference import Difference, race_differences
from nnviz.sessions.planned_branches import planned_branches
from nnviz.sessions.session import Session
from nnviz.sessions.stand import Stand
from nnviz.specs.experiment import Change, ExperimentSpec
from nnviz.specs.race import LaneChange, RaceSpec


class RaceSession(Session):
    """Holds a race; `spec` is what its lanes have in common."""

    kind = "race"

    def __init__(self, race: RaceSpec, owner: str, pool: Pool, pace: float = 0.0, patience: float = 60.0) -> None:
        self.search: Search | None = None
        self._searched = race  # what the search was for
        self._is_best_taken = False
        self.rates, self.per_decade, self.updates = RATES, 2, UPDATES  # of the next search
        super().__init__(check_race(race), owner, pool, pace, patience)

    @property
    def race(self) -> RaceSpec:
        """What it was started with."""
        found: RaceSpec = self._stand.plan
        return found

    @property
    def labels(self) -> tuple[str, ...]:
        """The racers' names."""
        return labels(self.race.lanes)

    def _fresh_run(self, plan: RaceSpec, pace: float) -> Run:
        return Run.of_race(plan, labels(plan.lanes), pace=pace, patience=self._patience, pool=self._pool)

    def lanes_of(self, racer: int | None) -> tuple[int, ...]:
        """Return the places of a racer's lanes, one for each seed, or of all."""
        is_own = racer is None or racer < len(self.race.lanes)
        return tuple(self.race.places(racer)) if is_own else self._branch(racer)

    def _branch(self, racer: int | None) -> tuple[int, ...]:
        return tuple(place for place, lane in enumerate(cast(Run, self.run).lanes) if lane.racer == racer)

    # ---- looking ----

    def _seen(self, snapshot: Snapshot) -> Snapshot:
        """Return the race and the search beside it."""
        snapshot = super()._seen(snapshot)
        return replace(snapshot, search=self.search.state()) if self.search else snapshot

    def is_searching(self, snapshot: Snapshot) -> bool:
        """Whether learning rates are being tried."""
        return snapshot.search is not None and not snapshot.search.status.is_over

    def is_changing(self, snapshot: Snapshot) -> bool:
        """Whether the next snapshot may differ from this one."""
        return self.is_searching(snapshot) or super().is_changing(snapshot)

    def present_race(self, snapshot: Snapshot) -> RaceSpec:
        """Return the settings on screen, with every live change written into its lane."""
        found: RaceSpec = self.present_plan(snapshot)
        return found

    def _with_turns(self, stand: Stand, snapshot: Snapshot) -> RaceSpec:
        race: RaceSpec = stand.plan
        if not stand.turns:
            return race
        lanes = tuple(stand.choice(snapshot, racer) for racer in range(len(race.lanes)))
        return race.with_lanes(lanes)

    def replay_of(self, stand: Stand, snapshot: Snapshot) -> RaceSpec:
        """Return a race as it went: what it started with, and each live change at the update at which it came."""
        race: RaceSpec = stand.plan
        lanes = [snapshot.lanes[race.places(racer)[0]] for racer in range(len(race.lanes))]
        done, step = _turns(lanes), max(lane.step for lane in lanes)
        planned = [turn for turn in race.journal if turn.change.step >= step and turn not in done]
        branches = planned_branches(race.branches, snapshot.lanes, stand.run)
        return replace(race, journal=(*done, *planned), branches=branches)

    # ---- steering ----

    def play(self) -> None:
        """Race on; a search under way ends, since its result would start the race anew."""
        if self.search is not None and not self.search.state().status.is_over:
            self.search.cancel()
        super().play()

    def restart(self, spec: ExperimentSpec, *, is_started: bool) -> None:
        """Replace the race by a fresh one that has something else in common."""
        with self._lock:
            self.restart_race(replace(self.present_race(self.run.peek()), base=spec), is_started=is_started)

    def restart_race(self, race: RaceSpec, *, is_started: bool) -> None:
        """Replace the race by a fresh one at the same pace."""
        with self._lock:
            if self.search is not None and not _is_like(self._searched, race):
                self.search.cancel()
                self.search = None
            self._renew(check_race(race), is_started=is_started)

    def edit_race(self, edit: Callable[[RaceSpec], RaceSpec]) -> None:
        """Start a fresh race with other settings, going on if the old one did; an edit without effect does nothing."""
        self._edit(self.present_race, edit, self.restart_race)

    def _differences(self, before: RaceSpec, after: RaceSpec) -> list[Difference]:
        return race_differences(before, after)

    def _ghosts_beside(self, snapshot: Snapshot, plan: RaceSpec) -> tuple[Lane, ...]:
        """Return nothing: eight lanes beside eight others say little."""
        return ()

    def undo(self, generation: int) -> None:
        """Bring the race before back, paused; a search under way ends, and one that is not about it is forgotten."""
        with self._lock:
            if self.search is not None and not self.search.state().status.is_over:
                self.search.cancel()
            super().undo(generation)
            if not _is_like(self._searched, self.race):
                self.search = None

    # ---- searching ----

    def find_rates(self, *, is_on: bool = False) -> None:
        """Pause, and search the learning rate that suits each racer; is_on: without what was tried before."""
        with self._lock:
            if self.search is not None:
                self.search.cancel()
            self.pause()
            race = self.present_race(self.run.peek())
            known = (
                self.search.state()
                if self.search and is_on and _but_rates(race) == _but_rates(self._searched)
                else None
            )
            self.search = Search(
                race, self.labels, rates=self.rates, updates=self.updates, pool=self._pool, known=known
            )
            self._searched, self._is_best_taken = race, False
            self.search.start()

    def search_on(self, column: int) -> None:
        """Search on beyond an end of the grid, 0 or -1, by a power of ten; what was found is kept where it still holds.

        Raises ValueError where the grid cannot be larger.
        """
        with self._lock:
            ends = [min(self.rates), max(self.rates)]
            ends[column] *= 10.0 if column else 0.1
            self.rates = grid(max(LEAST, ends[0]), min(MOST, ends[1]), self.per_decade)
            self.find_rates(is_on=True)

    def cancel_search(self) -> None:
        """Stop searching; what was found so far stays to be looked at."""
        if self.search is not None:
            self.search.cancel()

    def take_best(self) -> None:
        """Give each racer the learning rate that a finished search found for it, once."""
        with self._lock:
            found = self.search.state() if self.search else None
            if found is None or found.status != Status.DONE or self._is_best_taken:
                return
            self._is_best_taken = True
            self.restart_race(with_best(self.present_race(self.run.peek()), found), is_started=False)


def _turns(lanes: list[Lane]) -> tuple[LaneChange, ...]:
    """List the changes of all racers in order; one that all of them made is one turn."""
    made: dict[Change, list[int]] = {}
    for racer, lane in enumerate(lanes):
        for change in lane.journal:
            made.setdefault(change, []).append(racer)
    turns = [
        LaneChange(racer, change)
        for change, racers in made.items()
        for racer in ([None] if len(racers) == len(lanes) else racers)
    ]
    return tuple(sorted(turns, key=lambda turn: turn.change.step))


def _but_rates(race: RaceSpec) -> RaceSpec:
    """Return a race as it is whatever its learning rates and seeds: a search tries its own, on the first seed."""
    return replace(race, lanes=tuple(lane.with_knobs(lr=1) for lane in race.lanes), journal=(), branches=(), seeds=1)


def _is_like(searched: RaceSpec, race: RaceSpec) -> bool:
    """Tell whether what was found for one race says something about another: same experiment, same optimizers."""
    names = [[lane.name for lane in one.lanes] for one in (searched, race)]
    return searched.base == race.base and names[0] == names[1]
