"""A run: one or more lanes in training, with pace, pause, step and stop, steered and watched from any thread."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from time import monotonic, perf_counter

from nnviz.clock import Clock
from nnviz.lane import LaneAtWork
from nnviz.pool import Pool
from nnviz.records import Scene, Snapshot, Status
from nnviz.spec import Change, ExperimentSpec
from nnviz.training.experiment import checked_change
from nnviz.training.scene import scene

SLICE = 0.01  # seconds of work before another run gets its turn
TICK = 0.005  # seconds between two slices of a paced run, at the least
PUBLISH_GAP = 0.04  # seconds between two snapshots of a running run
SLOWEST = 60.0  # seconds per update
ANSWER_WITHIN = 0.4  # seconds after a wish in which readers wait for it to be carried out


@dataclass(slots=True)
class _Wishes:
    """What was asked of a run; guarded by the run's lock, carried out by the pool's thread."""

    goal: Status = Status.READY  # READY, RUNNING, PAUSED or STOPPED
    steps: int = 0  # updates still to do before pausing
    epochs: int = 0  # ends of epochs still to reach before pausing
    changes: list[tuple[int | None, Change]] = field(default_factory=list)
    asked: int = 0
    answered: int = 0


class Run:
    """Lanes that train in lockstep on a pool's thread (its own if none is given).

    `pace` is seconds per update, 0 for as fast as it can.  A run that nobody looks at for `patience` seconds falls
    asleep, and wakes when looked at.  Raises ValueError for a spec that cannot be built.
    """

    def __init__(
        self, specs: Sequence[ExperimentSpec], *, pace: float = 0.0, patience: float = 60.0, pool: Pool | None = None
    ) -> None:
        if not specs:
            raise ValueError("a run needs at least one spec")
        self.specs = tuple(specs)
        self.patience = patience
        self._pace = _checked_pace(pace)
        self._pool = pool or Pool()
        self._lock = threading.Condition()
        self._wishes = _Wishes()
        self._watched_at = self._asked_at = monotonic()
        self._lanes = [LaneAtWork(spec, label) for spec, label in zip(self.specs, _labels(self.specs), strict=True)]
        self._scene: Scene | None = None
        self._is_built = False
        self._status, self._message = Status.READY, ""
        self._clock = Clock()
        self._cost = 0.0  # seconds of one update of all lanes, smoothed
        self._published_at = 0.0
        self._snapshot = self._frozen(0)

    # ---- asked from any thread ----

    def prepare(self) -> None:
        """Build data and networks and measure them untrained, without starting."""
        self._ask()

    def start(self) -> None:
        """Train; the same as `resume`."""
        self._ask(goal=Status.RUNNING, steps=0, epochs=0)

    def resume(self) -> None:
        """Go on training."""
        self.start()

    def pause(self) -> None:
        """Stop after the present update and keep everything."""
        self._ask(goal=Status.PAUSED, steps=0, epochs=0)

    def step(self, n: int = 1) -> None:
        """Do exactly `n` updates, then pause."""
        if n < 1:
            raise ValueError(f"the number of updates must be 1 or more, not {n!r}")
        with self._lock:
            ahead = self._wishes.steps
        self._ask(goal=Status.PAUSED, steps=ahead + n, epochs=0)

    def epoch(self) -> None:
        """Train to the end of this epoch, then pause."""
        self._ask(goal=Status.PAUSED, steps=0, epochs=1)

    def stop(self) -> None:
        """End the run for good; its last snapshot stays."""
        self._ask(goal=Status.STOPPED, steps=0, epochs=0)

    def apply(self, change: Change, lane: int | None = None) -> None:
        """Turn a live knob of one lane or of all, before the next update or, if later, before update `change.step`.

        Raises ValueError for a target or a value that the lane cannot take.
        """
        specs = self.specs if lane is None else (self.specs[lane],)
        checked = [checked_change(spec, change) for spec in specs]
        with self._lock:
            self._wishes.changes.append((lane, checked[0]))
        self._ask()

    @property
    def pace(self) -> float:
        """Seconds per update; 0 is as fast as it can."""
        return self._pace

    @pace.setter
    def pace(self, seconds: float) -> None:
        self._pace = _checked_pace(seconds)
        self._ask()

    def snapshot(self) -> Snapshot:
        """Return a frozen copy of the present state; this counts as watching and wakes a sleeper."""
        self._watch()
        return self.peek()

    def peek(self) -> Snapshot:
        """Return a frozen copy without counting as watching."""
        with self._lock:
            asked = self._wishes.asked
            patience = self._asked_at + ANSWER_WITHIN - monotonic()
            self._lock.wait_for(lambda: self._is_answered(asked), max(0.0, patience))
            return self._snapshot

    def join(self, timeout: float | None = None) -> bool:
        """Wait, watching, until no further update can come; return whether that is so."""
        end = monotonic() + timeout if timeout is not None else float("inf")
        while True:
            self._watch()
            with self._lock:
                if self._lock.wait_for(lambda: self._snapshot.status.is_over, max(0.0, min(1.0, end - monotonic()))):
                    return True
            if monotonic() >= end:
                return False

    @property
    def watched_at(self) -> float:
        """When somebody last looked, on the monotonic clock."""
        return self._watched_at

    def _is_answered(self, asked: int) -> bool:
        return self._wishes.answered >= asked or self._snapshot.status.is_over

    def _watch(self) -> None:
        self._watched_at = monotonic()
        if self._snapshot.status == Status.ASLEEP:
            self._ask()

    def _ask(self, **wishes: object) -> None:
        with self._lock:
            for name, value in wishes.items():
                setattr(self._wishes, name, value)
            self._wishes.asked += 1
            self._watched_at = self._asked_at = monotonic()
        self._pool.wake(self)

    # ---- done by the pool's thread ----

    def slice(self) -> float | None:
        """Carry out what was asked and train for about 10 ms; return seconds until the next slice, if any."""
        with self._lock:
            wishes = replace(self._wishes)
            self._wishes.changes = []
        if self._status.is_over:
            return self._settle(self._status, wishes.asked)
        if not self._is_built:
            self._build()
        self._turn(wishes.changes)
        if wishes.goal == Status.STOPPED or self._all_over():
            return self._settle(self._outcome(), wishes.asked)
        if steps := wishes.steps or self._steps_of(wishes.epochs):
            return self._walk(steps, wishes.asked)
        if wishes.goal == Status.RUNNING:
            return self._train(wishes.asked)
        return self._settle(wishes.goal, wishes.asked)

    def _turn(self, changes: list[tuple[int | None, Change]]) -> None:
        for lane, change in changes:
            for taker in self._lanes if lane is None else [self._lanes[lane]]:
                taker.apply(change)

    def _build(self) -> None:
        self._publish(Status.STARTING)
        for lane in self._lanes:
            lane.build()
        first = self._lanes[0].experiment
        self._scene = scene(first) if first is not None else None
        with self._lock:
            self._is_built = True

    def _steps_of(self, epochs: int) -> int:
        """Turn the wish for an epoch's end into a number of updates."""
        steps = self._lanes[0].updates_left_in_epoch() if epochs else 0
        with self._lock:
            self._wishes.epochs, self._wishes.steps = 0, steps or self._wishes.steps
        return steps

    def _walk(self, steps: int, asked: int) -> float | None:
        """Do a part of the updates asked for by number, at the pace that is set."""
        due = self._updates_due(steps)
        self._advance(due)
        with self._lock:
            self._wishes.steps = max(0, self._wishes.steps - due)
            left = self._wishes.steps
        if self._all_over() or not left:
            return self._settle(self._outcome() if self._all_over() else Status.PAUSED, asked)
        self._measure_if_due()
        self._publish_if_due(Status.RUNNING)
        return self._wait()

    def _train(self, asked: int) -> float | None:
        if monotonic() - self._watched_at > self.patience:
            return self._settle(Status.ASLEEP, asked)
        if not self._pool.enter(self):
            return self._settle(Status.WAITING, asked, leave=False)
        self._advance(self._updates_due(None))
        if self._all_over():
            return self._settle(self._outcome(), asked)
        self._measure_if_due()
        self._publish_if_due(Status.RUNNING, asked)
        return self._wait()

    def _updates_due(self, steps: int | None) -> int:
        """Count the updates for this slice: what fits into it, what the pace allows, what was asked for."""
        fitting = max(1, int(SLICE / self._cost)) if self._cost else 1
        due = min(fitting, steps) if steps is not None else fitting
        return min(due, self._clock.owed(self._pace)) if self._pace else due

    def _advance(self, updates: int) -> None:
        if not updates:
            return
        start, before = perf_counter(), self._lanes[0].step
        for lane in self._lanes:
            lane.advance(updates)
        took = perf_counter() - start
        each = took / max(1, max(lane.step for lane in self._lanes) - before)
        self._cost = each if not self._cost else 0.7 * self._cost + 0.3 * each
        self._clock.count(updates)

    def _wait(self) -> float:
        if not self._pace:
            return 0.0
        wait = max(TICK, self._clock.next_in(self._pace))
        for lane in self._lanes:
            lane.rest(wait)
        return wait

    def _measure_if_due(self) -> None:
        for lane in self._lanes:
            if lane.is_measure_due():
                lane.measure()

    def _all_over(self) -> bool:
        return all(lane.is_over for lane in self._lanes)

    def _outcome(self) -> Status:
        """Name the end of the run: stopped while lanes could go on, done if any lane got there."""
        ends = [lane.status for lane in self._lanes]
        if not self._all_over():
            return Status.STOPPED
        return Status.DONE if Status.DONE in ends else ends[0]

    def _settle(self, status: Status, asked: int, leave: bool = True) -> float | None:
        """Come to rest, with no next slice: measure where the lanes stand, publish, give up the place."""
        self._clock = Clock()
        for lane in self._lanes:
            lane.measure()
        self._publish(status, asked)
        if leave:
            self._pool.leave(self)
        return None

    def _publish_if_due(self, status: Status, asked: int = 0) -> None:
        is_news = status != self._status or asked > self._wishes.answered
        if is_news or perf_counter() - self._published_at >= PUBLISH_GAP:
            self._publish(status, asked)

    def _publish(self, status: Status, asked: int = 0) -> None:
        self._status, self._message = status, self._sentence(status)
        self._published_at = perf_counter()
        snapshot = self._frozen(self._snapshot.version + 1)
        with self._lock:
            self._snapshot = snapshot
            self._wishes.answered = max(self._wishes.answered, asked)
            self._lock.notify_all()

    def _sentence(self, status: Status) -> str:
        if status == Status.WAITING:
            return f"{self._pool.max_live} runs are live already; this one starts when one of them pauses or ends."
        return next((lane.message for lane in self._lanes if status.is_over and lane.message), "")

    def _frozen(self, version: int) -> Snapshot:
        return Snapshot(
            version=version,
            status=self._status,
            message=self._message,
            lanes=tuple(lane.freeze(self._status) for lane in self._lanes),
            scene=self._scene,
            updates_per_second=len(self._lanes) * self._clock.rate() if self._status == Status.RUNNING else 0.0,
            pace=self._pace,
        )


def _checked_pace(seconds: float) -> float:
    if not 0 <= seconds <= SLOWEST:
        raise ValueError(f"pace is seconds per update from 0 (as fast as it can) to {SLOWEST:g}, not {seconds!r}")
    return float(seconds)


def _labels(specs: Sequence[ExperimentSpec]) -> list[str]:
    """Name lanes by their optimizer, numbered where one comes twice."""
    names = [spec.optimizer.name for spec in specs]
    return [
        name if names.count(name) == 1 else f"{name} {names[:place].count(name) + 1}"
        for place, name in enumerate(names)
    ]
