"""A session: one address (`run=` in a link) with the run that is shown there and who may steer it."""

import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

from nnviz.catalog.files import missing
from nnviz.records.moments import focused
from nnviz.records.run import Lane, Snapshot
from nnviz.records.shapes import Question
from nnviz.records.status import Status
from nnviz.records.tier import Tier
from nnviz.runs.lane_spec import line_up
from nnviz.runs.pool import Pool
from nnviz.runs.run import Run
from nnviz.runs.source import Command, Source
from nnviz.sessions.difference import Difference, differences
from nnviz.sessions.drawings import Drawings
from nnviz.sessions.formers import Former, Formers
from nnviz.sessions.ghosts import ghosts_of, ghosts_that_fit
from nnviz.sessions.look import Look
from nnviz.sessions.rights import ANYONE, Rights
from nnviz.sessions.stand import Stand
from nnviz.specs.experiment import Change, ExperimentSpec
from nnviz.specs.planned import Planned
from nnviz.words.past import PAST

Settings = TypeVar("Settings")
_BUILD_WITHIN_S = 0.5  # what takes longer to build shows as "starting" meanwhile


class Session(Look):
    """Holds the run of one link; every method may be called from any session's thread.

    Methods that depend on where the run stands take the caller's snapshot: a page asks once and stays consistent.
    """

    kind = "train"  # the page that it belongs to

    def __init__(self, plan: Any, owner: str, pool: Pool, pace: float = 0.0, patience: float = 60.0) -> None:
        self.drawings = Drawings()  # of its run, for all who look
        self.id = secrets.token_urlsafe(9)
        self.owner = owner
        self.seen_at = time.monotonic()
        self.ghosts: tuple[Lane, ...] = ()
        self._is_pinned = False  # whether the ghosts stay over further fresh runs
        self.formers = Formers(self._differences)
        self.is_waiting_for_data = False
        self.tier = Tier.ECONOMY  # up to which its runs are measured
        self._is_begun = False  # whether the run was asked to train, though it may not have come to it
        self._pool, self._patience = pool, patience
        self._lock = threading.RLock()  # held by whoever changes what it holds; lookers take `_stand` once
        plan = Planned(plan) if isinstance(plan, ExperimentSpec) else plan
        self.on_run: Callable[[Stand], None] = lambda stand: None  # told of every run that is to be shown
        self._stand = Stand.of(plan, self._fresh_run(plan, pace), self._new_name())

    def _new_name(self) -> str:
        """Name a run like no other one, also of those that are saved; it begins like the session that it began in."""
        return f"{self.id.partition('.')[0]}.{time.time_ns() // 1_000_000}"

    def _put(self, stand: Stand) -> None:
        if Command.MEASURE in stand.run.can and stand.run.tier != self.tier:
            stand.run.look_closer(self.tier)
        self._stand.end_trials()
        self._stand = replace(stand, generation=self.generation + 1, name=stand.name or self._new_name())
        self.on_run(self._stand)

    def reopen(self, session_id: str, name: str, run: Source) -> None:
        """Take the place of a session that was forgotten, with a run of that name, paused if its data is there."""
        self.id = session_id
        self.tier = run.tier
        self._put(Stand.of(self._stand.plan, run, name))
        self.is_waiting_for_data = missing(self.spec.dataset.name) is not None
        if not self.is_waiting_for_data:
            run.pause()

    def _fresh_run(self, plan: Any, pace: float) -> Source:
        label = PAST.english["run"]
        lanes = [replace(lane, label=label, journal=plan.journal, is_stored=True) for lane in line_up((plan.spec,))]
        return Run(lanes, pace=pace, patience=self._patience, pool=self._pool, ahead=plan.branches)

    def rights_of(self, visitor: str) -> Rights:
        """What this visitor may do."""
        return Rights(may_steer=self.owner in (visitor, ANYONE) and Command.RESTART in self.run.can)

    @property
    def is_anyones(self) -> bool:
        """Whether its owner could not be told from others."""
        return self.owner == ANYONE

    def snapshot(self) -> Snapshot:
        """Look at the run, which keeps it awake."""
        stand = self._stand
        return self._seen(replace(stand.run.snapshot(_BUILD_WITHIN_S), generation=stand.generation))

    def glance(self) -> Snapshot:
        """Look at the run as `snapshot` does, without waiting for what was asked for."""
        stand = self._stand
        return self._seen(replace(stand.run.latest(), generation=stand.generation))

    def _seen(self, snapshot: Snapshot) -> Snapshot:
        self.seen_at = time.monotonic()
        self.formers.look(self.is_going(snapshot))
        stand = self._stand
        snapshot = focused(snapshot, stand.focus)
        if stand.rate_test is not None:
            snapshot = replace(snapshot, rate_curve=stand.rate_curve(snapshot))
        return replace(snapshot, ghosts=self.ghosts) if self.ghosts else snapshot

    def answered(self, snapshot: Snapshot, question: Question) -> Snapshot:
        """Return the snapshot with the newest record answering a reader's question, where its kind takes any."""
        return snapshot

    def is_going(self, snapshot: Snapshot) -> bool:
        """Whether updates come, or are about to, without anybody asking for each."""
        if snapshot.asked is not None and not self.is_waiting_for_data:
            return snapshot.asked == Status.RUNNING
        is_sought = snapshot.status == Status.READY and self._is_begun and not self.is_waiting_for_data
        return is_sought or snapshot.status.is_live or snapshot.status == Status.ASLEEP

    def is_changing(self, snapshot: Snapshot) -> bool:
        """Whether the next snapshot may differ from this one."""
        is_unbuilt = snapshot.scene is None and not snapshot.status.is_over and not self.is_waiting_for_data
        return is_unbuilt or snapshot.asked is not None or self.is_going(snapshot)

    @property
    def changed(self) -> list[Difference] | None:
        """What tells the present run from the one before, while that is kept; None where there is none."""
        return self.formers.changed(self._stand.plan)

    def turned(self, snapshot: Snapshot) -> list[Difference]:
        """What was turned live since the run was started, in words."""
        return self._differences(self._stand.plan, self.present_plan(snapshot))

    def lanes_of(self, racer: int | None) -> tuple[int, ...]:
        """Return the places of a racer's lanes; by itself those of the one in focus."""
        return self._stand.places(self._stand.focus if racer is None else racer)

    # ---- steering ----

    def begin(self, *, is_started: bool) -> None:
        """Start the run, or only make its data and network; neither while its data is not on this machine."""
        self.is_waiting_for_data = missing(self.spec.dataset.name) is not None
        self._is_begun = is_started
        if not self.is_waiting_for_data:
            (self.run.start if is_started else self.run.prepare)()

    def play(self) -> None:
        """Train on; a run that is over starts again with the settings on screen."""
        with self._lock:
            snapshot = self.snapshot()
            if snapshot.status.is_over:
                self.restart(self.present_spec(snapshot), is_started=True)
            elif not self.is_going(snapshot):
                self.begin(is_started=True)

    def pause(self) -> None:
        """Hold still; a run that has just ended stays as it is."""
        self._is_begun = False
        self.run.pause()

    def step(self) -> None:
        """Do exactly one update, then pause."""
        if not self.is_waiting_for_data:
            self._is_begun = False
            self.run.step(1)

    def epoch(self) -> None:
        """Train to the end of the epoch, then pause."""
        if not self.is_waiting_for_data:
            self.run.epoch()

    def turn(self, target: str, value: float, racer: int | None = None, rule: str = "") -> None:
        """Change a live knob of the run, by itself of the lane in focus; raises ValueError for a bad value.

        A knob of a `rule` that the racer no longer follows does nothing.
        """
        with self._lock:
            racer = self._stand.focus if racer is None else racer
            lanes = self.lanes_of(racer)
            if not lanes or (rule and self._stand.rule(target, lanes) != rule):
                return
            if self.knob(target, snapshot := self.run.peek(), racer) == value:
                return  # another tab that shows the same run only says what it was told
            self.run.apply(Change(0, target, value), lanes)  # step 0: before the next update
            self._stand = self._stand.turned(target, value, racer, snapshot)

    def look_closer(self, tier: str) -> None:
        """Measure more in this run and those to come, or less again: all that costs up to a tier."""
        with self._lock:
            self.run.look_closer(tier)
            self.tier = self.run.tier

    @property
    def lock(self) -> threading.RLock:
        """Held by whoever changes what it holds."""
        return self._lock

    def focus_on(self, racer: int) -> None:
        """Steer and look at another of its lanes."""
        self._stand = replace(self._stand, focus=racer)

    def hold(self, **parts: Any) -> None:
        """Hold something else: what is tried beside the run, or what is planned for it and asked of it."""
        self._stand = replace(self._stand, **parts)

    def edit(self, edit: Callable[[ExperimentSpec], ExperimentSpec]) -> None:
        """Start a fresh run with other settings, going on if the old one did; an edit without effect does nothing."""
        self._edit(self.present_spec, edit, self.restart)

    def _edit(
        self,
        present: Callable[[Snapshot], Settings],
        edit: Callable[[Settings], Settings],
        restart: Callable[..., None],
    ) -> None:
        with self._lock:
            snapshot = self.snapshot()
            before = present(snapshot)
            after = edit(before)
            if after != before:
                restart(after, is_started=self.is_going(snapshot))

    def restart(self, spec: ExperimentSpec, *, is_started: bool) -> None:
        """Replace the run by a fresh one at the same pace; the old curves stay as ghosts where they compare."""
        with self._lock:
            self._renew(self.present_plan(self.run.peek()).with_spec(spec), is_started=is_started)

    def _renew(self, plan: Any, *, is_started: bool) -> None:
        """Replace the run by a fresh one of a plan, and keep the old one to go back to; ValueError: nothing changed."""
        with self._lock:
            snapshot, old = self.run.peek(), self.run
            former = self._former(snapshot)
            self._put(Stand.of(plan, self._fresh_run(plan, old.pace)))
            if not self.formers.keep(former, plan) or former.stand is None:
                old.stop()
            self.ghosts = self._ghosts_beside(snapshot, plan)
            self.begin(is_started=is_started)

    # What a session plans, which kinds of sessions spell differently.

    def _differences(self, before: Any, after: Any) -> list[Difference]:
        return differences(before.spec, after.spec)

    def _ghosts_beside(self, snapshot: Snapshot, plan: Any) -> tuple[Lane, ...]:
        """Return the old curves that compare with a plan."""
        kept = ghosts_that_fit(self.ghosts, plan.spec)
        self._is_pinned = self._is_pinned and bool(kept)
        return kept if self._is_pinned else ghosts_of(snapshot, plan.spec) or kept

    @property
    def is_pinned(self) -> bool:
        """Whether the earlier run that is drawn stays over further fresh runs."""
        return self._is_pinned and bool(self.ghosts)

    def pin(self, is_pinned: bool) -> None:
        """Keep the earlier run that is drawn over further fresh runs, or let the next one take its place."""
        with self._lock:
            self._is_pinned = is_pinned and bool(self.ghosts)

    # ---- going back ----

    def _former(self, snapshot: Snapshot) -> Former:
        """Describe the present run as one to go back to; what has not been trained need not be kept itself."""
        stand = self._stand
        # What was turned after the end never had an effect.
        shown = self._with_turns(replace(stand, wanted={}) if snapshot.status.is_over else stand, snapshot)
        if any(lane.step for lane in snapshot.lanes):
            return Former(stand.plan, shown, stand, self.ghosts)
        return Former(shown, shown, None, self.ghosts)

    def undo(self, generation: int) -> None:
        """Bring the run before back, paused, in place of the run of a generation; nothing where that is gone."""
        with self._lock:
            if generation != self.generation or not self.formers:
                return
            former = self.formers.take()
            self.run.stop()
            self._put(former.stand or Stand.of(former.plan, self._fresh_run(former.plan, self.run.pace)))
            self.ghosts = former.ghosts
            self._is_begun = self.is_waiting_for_data = False
            if former.stand is None:
                self.begin(is_started=False)

    def close(self) -> None:
        """End the run and those before it, and what is tried."""
        self._stand.end_trials()
        self.run.stop()
        self.formers.clear()

    def restart_with(self, edit: Callable[[ExperimentSpec], ExperimentSpec], *, is_started: bool | None = None) -> None:
        """Restart with the settings on screen after an edit; by itself it goes on if it was going."""
        with self._lock:
            snapshot = self.snapshot()
            is_going = self.is_going(snapshot) if is_started is None else is_started
            self.restart(edit(self.present_spec(snapshot)), is_started=is_going)
