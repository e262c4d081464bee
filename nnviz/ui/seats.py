"""A seat: one address (`run=` in a link) with the run that is shown there and who may steer it."""

import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from nnviz.catalog import OPTIMIZERS, optimizers_of
from nnviz.catalog.files import missing
from nnviz.pool import Pool
from nnviz.records import Lane, Snapshot, Status
from nnviz.run import Run
from nnviz.spec import Change, Choice, ExperimentSpec

_KEPT_DRAWINGS = 8
_KEPT_PARTS = 100
_BUILD_WITHIN_S = 0.5  # what takes longer to build shows as "starting" meanwhile


class Seat:
    """Holds the run of one link; every method may be called from any session's thread.

    Methods that depend on where the run stands take the caller's snapshot: a page asks once and stays consistent.
    """

    kind = "train"  # the page that it belongs to

    def __init__(self, spec: ExperimentSpec, owner: str, pool: Pool, pace: float = 0.0, patience: float = 60.0) -> None:
        self.id = secrets.token_urlsafe(9)
        self.owner = owner
        self.spec = spec
        self.generation = 0  # grows with every fresh run
        self.turns = 0  # live changes asked for
        self.seen_at = time.monotonic()
        self.ghosts: tuple[Lane, ...] = ()
        self.is_waiting_for_data = False
        self._is_begun = False  # whether the run was asked to train, though it may not have come to it
        self._pool, self._patience = pool, patience
        self._wanted: dict[int, dict[str, float]] = {}  # of each racer
        self._drawings: dict[Any, tuple[str, bytes]] = {}
        self._parts: dict[Any, tuple[Any, bytes]] = {}
        self._lock = threading.RLock()
        self._drawing = threading.Lock()
        self.run = self._fresh_run(pace)

    def _fresh_run(self, pace: float) -> Run:
        return Run((self.spec,), pace=pace, patience=self._patience, pool=self._pool)

    def is_steered_by(self, visitor: str) -> bool:
        """Whether this visitor may turn the knobs."""
        return self.owner == visitor

    # ---- looking ----

    def snapshot(self) -> Snapshot:
        """Look at the run, which keeps it awake."""
        self.seen_at = time.monotonic()
        snapshot = self.run.snapshot(_BUILD_WITHIN_S)
        return replace(snapshot, ghosts=self.ghosts) if self.ghosts else snapshot

    def is_going(self, snapshot: Snapshot) -> bool:
        """Whether updates come without anybody asking for each."""
        is_sought = snapshot.status == Status.READY and self._is_begun and not self.is_waiting_for_data
        return is_sought or snapshot.status.is_live or snapshot.status == Status.ASLEEP

    def is_changing(self, snapshot: Snapshot) -> bool:
        """Whether the next snapshot may differ from this one."""
        is_unbuilt = snapshot.scene is None and not snapshot.status.is_over and not self.is_waiting_for_data
        return is_unbuilt or self.is_going(snapshot)

    def lanes_of(self, racer: int | None) -> tuple[int, ...]:
        """Return the places of a racer's lanes, or of all."""
        return (0,)

    def knobs(self, snapshot: Snapshot, racer: int = 0) -> dict[str, float]:
        """Return the values last asked for, which a paused run may not have reached yet."""
        return {**snapshot.lanes[self.lanes_of(racer)[0]].knobs, **self._wanted.get(racer, {})}

    def knob(self, target: str, snapshot: Snapshot, racer: int = 0) -> float:
        """Return one of these values, or the spec's before anything is built."""
        found = self.knobs(snapshot, racer).get(target)
        return _from_spec(self.run.specs[self.lanes_of(racer)[0]], target) if found is None else found

    def present_choice(self, snapshot: Snapshot, racer: int = 0, field: str = "optimizer") -> Choice:
        """Return a racer's optimizer (that of the player whose field it is) with every live change written into it."""
        start = f"{field}."
        turned = {
            name.removeprefix(start): value
            for name, value in self.knobs(snapshot, racer).items()
            if name.startswith(start)
        }
        return _trim(self.run.specs[self.lanes_of(racer)[0]].optimizer_of(field).with_knobs(**turned))

    def present_spec(self, snapshot: Snapshot) -> ExperimentSpec:
        """Return the settings on screen: the spec with every live change written into it."""
        choices: dict[str, Choice | None] = {
            field: self.present_choice(snapshot, field=field) for field in optimizers_of(self.spec)
        }
        if self.spec.second_optimizer is None and choices.get("second_optimizer") == choices["optimizer"]:
            choices["second_optimizer"] = None  # it still follows the first
        return self.spec.with_(**choices, batch_size=int(self.knob("batch_size", snapshot)))

    def drawing(self, tag: Any, stamp: str, draw: Callable[[], bytes]) -> bytes:
        """Return the bytes drawn for a tag and stamp, drawing them once for all who look."""
        with self._drawing:
            kept = self._drawings.pop(tag, None)
            if kept is None or kept[0] != stamp:
                kept = (stamp, draw())
            self._drawings[tag] = kept  # last in the order: the first is the longest unused
            if len(self._drawings) > _KEPT_DRAWINGS:
                self._drawings.pop(next(iter(self._drawings)))
            return kept[1]

    def part(self, tag: Any, source: Any, draw: Callable[[], bytes]) -> bytes:
        """Return one chart's bytes, drawn again only when its source has changed; called while drawing."""
        kept = self._parts.pop(tag, None)
        if kept is None or kept[0] != source:
            kept = (source, draw())
        self._parts[tag] = kept
        if len(self._parts) > _KEPT_PARTS:
            self._parts.pop(next(iter(self._parts)))
        return kept[1]

    # ---- steering ----

    def begin(self, *, is_started: bool) -> None:
        """Start the run, or only make its data and network; neither while its data is not on this machine."""
        self.is_waiting_for_data = missing(self.spec.dataset.name) is not None
        self._is_begun = is_started
        if self.is_waiting_for_data:
            return
        if is_started:
            self.run.start()
        else:
            self.run.prepare()

    def play(self) -> None:
        """Train on; a run that is over starts again with the settings on screen."""
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

    def turn(self, target: str, value: float, racer: int = 0) -> None:
        """Change a live knob of the run; raises ValueError for a bad value."""
        with self._lock:
            if self.knob(target, self.run.peek(), racer) == value:
                return  # another tab that shows the same run only says what it was told
            self.run.apply(Change(0, target, value), self.lanes_of(racer))  # step 0: before the next update
            self._wanted.setdefault(racer, {})[target] = value
            self.turns += 1

    def restart(self, spec: ExperimentSpec, *, is_started: bool) -> None:
        """Replace the run by a fresh one at the same pace; the old curves stay as ghosts where they compare."""
        with self._lock:
            self.ghosts = _ghosts(self.run.peek(), spec) or _ghosts_still_fit(self.ghosts, spec)
            self.spec = spec
            self._replace_run(is_started)

    def _replace_run(self, is_started: bool) -> None:
        self.run.stop()
        self._wanted = {}
        self.run = self._fresh_run(self.run.pace)
        self.generation += 1
        self.begin(is_started=is_started)

    def restart_with(self, edit: Callable[[ExperimentSpec], ExperimentSpec], *, is_started: bool | None = None) -> None:
        """Restart with the settings on screen after an edit; by itself it goes on if it was going."""
        snapshot = self.snapshot()
        is_going = self.is_going(snapshot) if is_started is None else is_started
        self.restart(edit(self.present_spec(snapshot)), is_started=is_going)


def _ghosts(snapshot: Snapshot, spec: ExperimentSpec) -> tuple[Lane, ...]:
    """Keep the curves of lanes that can be compared with a spec, without their heavy parts."""
    lanes = _ghosts_still_fit(tuple(lane for lane in snapshot.lanes if lane.step), spec)
    return tuple(
        replace(lane, records=tuple(replace(r.without_views(), layers=(), parameters=()) for r in lane.records))
        for lane in lanes
    )


def _ghosts_still_fit(lanes: tuple[Lane, ...], spec: ExperimentSpec) -> tuple[Lane, ...]:
    return tuple(lane for lane in lanes if (lane.spec.dataset, lane.spec.loss) == (spec.dataset, spec.loss))


def _from_spec(spec: ExperimentSpec, target: str) -> float:
    if target == "batch_size":
        return spec.batch_size
    field, _, knob = target.partition(".")
    choice = spec.optimizer_of(field)
    return float(OPTIMIZERS[choice.name].values(choice)[knob])


def _trim(choice: Choice) -> Choice:
    """Leave out the knobs at their defaults, so that links stay short."""
    usual = {knob.name: knob.default for knob in OPTIMIZERS[choice.name].knobs}
    return Choice(choice.name, {name: value for name, value in choice.knobs.items() if value != usual[name]})
