"""A run: one or more lanes in training, with pace, pause, step and stop, steered and watched from any thread."""

import logging
import threading
from collections.abc import Iterable, Sequence
from dataclasses import replace
from time import monotonic, perf_counter

from nnviz.catalog import check_change, check_spec
from nnviz.engine import Engine, Places, Wishes
from nnviz.lane import Entrant
from nnviz.pool import Pool
from nnviz.race import RaceSpec
from nnviz.records import Snapshot, Status
from nnviz.spec import Change, ExperimentSpec
from nnviz.training import Detail

LOGGER = logging.getLogger("nnviz")

PUBLISH_GAP = 0.15  # seconds between two snapshots of a running run
SLOWEST = 60.0  # seconds per update
ANSWER_WITHIN = 0.4  # seconds after a wish in which readers wait for it to be carried out


class Run:
    """Lanes that train in lockstep on a pool's thread (its own if none is given).

    `pace` is seconds per update, 0 for as fast as it can.  A run that nobody looks at for `patience` seconds falls
    asleep, and wakes when looked at.  Raises ValueError for a spec that cannot be built.
    """

    def __init__(
        self,
        specs: Sequence[ExperimentSpec | Entrant],
        *,
        pace: float = 0.0,
        patience: float = 60.0,
        pool: Pool | None = None,
    ) -> None:
        if not specs:
            raise ValueError("a run needs at least one spec")
        entrants = _entrants(specs)
        self.specs = tuple(check_spec(entrant.spec) for entrant in entrants)
        self.patience = patience
        self._pace = _checked_pace(pace)
        self._pool = pool or Pool()
        self._lock = threading.Condition()
        self._wishes = Wishes()
        self._answered = 0  # requests carried out
        self._watched_at = self._asked_at = monotonic()
        self._engine = Engine(entrants, self._pool.crew)
        self._built_at = 0.0
        self._published_at = 0.0
        self._snapshot = self._frozen(Status.READY, 0)

    @classmethod
    def of_race(
        cls,
        race: RaceSpec,
        labels: Sequence[str],
        *,
        pace: float = 0.0,
        patience: float = 60.0,
        pool: Pool | None = None,
    ) -> "Run":
        """Line up a race, its journal planned ahead; `labels` names the racers.

        Only the first seed's lanes keep histograms, and none keeps the views of a single network.
        """
        entrants = [
            Entrant(spec, labels[racer], racer, Detail.LAYERS if spec.seed == race.base.seed else Detail.SCORES)
            for spec, racer in zip(race.specs, race.racers, strict=True)
        ]
        run = cls(entrants, pace=pace, patience=patience, pool=pool)
        for turn in race.journal:
            run.apply(turn.change, race.places(turn.racer))
        return run

    # ---- asked from any thread ----

    def prepare(self) -> None:
        """Build data and networks and measure them untrained, without starting."""
        self._ask()

    def start(self) -> None:
        """Train; the same as `resume`."""
        self._ask(Wishes(Status.RUNNING))

    def resume(self) -> None:
        """Go on training."""
        self.start()

    def pause(self) -> None:
        """Stop after the present update and keep everything."""
        self._ask(Wishes(Status.PAUSED))

    def step(self, n: int = 1) -> None:
        """Do exactly `n` updates, then pause."""
        if not isinstance(n, int) or n < 1:
            raise ValueError(f"the number of updates must be 1 or more, not {n!r}")
        self._ask(Wishes(Status.PAUSED, steps=n), adds=True)

    def epoch(self) -> None:
        """Train to the end of this epoch, then pause."""
        self._ask(Wishes(Status.PAUSED, is_epoch=True))

    def stop(self) -> None:
        """End the run for good; its last snapshot stays."""
        self._ask(Wishes(Status.STOPPED))

    def apply(self, change: Change, lane: int | Iterable[int] | None = None) -> None:
        """Turn a live knob of one lane, of several or of all, before the same update.

        That is the next one or, if later, the one after `change.step`.  Raises ValueError for a target or a value that
        a lane cannot take.
        """
        places = None if lane is None else (lane,) if isinstance(lane, int) else tuple(lane)
        for place in places or ():
            if not 0 <= place < len(self.specs):
                raise ValueError(f"there is no lane {place!r}; choose one from 0 to {len(self.specs) - 1}")
        specs = self.specs if places is None else [self.specs[place] for place in places]
        checked = [check_change(spec, change) for spec in specs]
        if checked:
            self._ask(change=(places, checked[0]))

    @property
    def pace(self) -> float:
        """Seconds per update; 0 is as fast as it can."""
        return self._pace

    @pace.setter
    def pace(self, seconds: float) -> None:
        self._pace = _checked_pace(seconds)
        self._ask()

    def snapshot(self, build_within: float = 5.0) -> Snapshot:
        """Return a frozen copy of the present state; this counts as watching and wakes a sleeper.

        What was asked for just before is waited for: up to 0.4 seconds, or `build_within` for data and networks.
        """
        self._watch()
        return self.peek(build_within)

    def peek(self, build_within: float = 5.0) -> Snapshot:
        """Return a frozen copy without counting as watching."""
        with self._lock:
            asked, built_by = self._wishes.asked, self._asked_at + build_within
            self._lock.wait_for(lambda: self._is_built or self._answered >= asked, _until(built_by))
            answered_by = max(self._asked_at, self._built_at) + ANSWER_WITHIN
            self._lock.wait_for(lambda: self._answered >= asked or not self._is_built, _until(answered_by))
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

    @property
    def _is_built(self) -> bool:
        return self._built_at > 0 or self._wishes.asked == 0

    def _watch(self) -> None:
        self._watched_at = monotonic()
        if self._snapshot.status == Status.ASLEEP:
            self._ask()

    def _ask(
        self, goal: Wishes | None = None, *, adds: bool = False, change: tuple[Places, Change] | None = None
    ) -> None:
        with self._lock:
            if goal is not None:
                self._wishes.become(goal, adds)
            if change is not None:
                self._wishes.changes.append(change)
            self._wishes.asked += 1
            self._watched_at = self._asked_at = monotonic()
        self._pool.wake(self)

    # ---- done by the pool's thread ----

    def slice(self) -> float | None:
        """Carry out what was asked and train for about 10 ms; return seconds until the next slice, if any."""
        try:
            return self._slice()
        except Exception as error:  # a fault of nnviz itself: this run ends with a sentence, the others go on
            LOGGER.exception("a run failed outside its training")
            sentence = f"This run stopped with {type(error).__name__}; details are in the server's log."
            failed = replace(self._snapshot, version=self._snapshot.version + 1, status=Status.FAILED, message=sentence)
            self._show(failed, self._wishes.asked)
            self._pool.leave(self)
            return None

    def _slice(self) -> float | None:
        if self._snapshot.status.is_over:
            self._show(self._snapshot, self._wishes.asked)
            return None
        if not self._engine.is_built:
            self._publish(Status.STARTING)
            self._engine.build()
            self._built_at = monotonic()
        wishes = self._take_wishes()
        is_watched = monotonic() - self._watched_at <= self.patience
        turn = self._engine.turn(wishes, self._pace, is_watched, lambda: self._pool.enter(self))
        is_left = self._count_down(wishes, turn.done) and not turn.status.is_over
        if turn.wait is None or self._is_news(turn.status):
            self._publish(turn.status, 0 if is_left else wishes.asked)
        if turn.wait is None and turn.status != Status.WAITING:
            self._pool.leave(self)
        return turn.wait

    def _take_wishes(self) -> Wishes:
        with self._lock:
            wishes = self._wishes
            self._engine.apply(wishes.changes)
            if wishes.is_epoch and (wishes.changes or not wishes.steps):
                wishes.steps = self._engine.updates_left_in_epoch()
            wishes.changes = []
            return replace(wishes)

    def _count_down(self, taken: Wishes, done: int) -> bool:
        """Take what was done off the updates asked for by number; return whether some are left."""
        with self._lock:
            wishes = self._wishes
            if taken.steps and wishes.order == taken.order:
                wishes.steps -= min(done, wishes.steps)
                wishes.is_epoch = wishes.is_epoch and wishes.steps > 0
            return wishes.steps > 0

    def _is_news(self, status: Status) -> bool:
        is_asked = self._wishes.asked > self._answered and not self._wishes.steps
        return is_asked or status != self._snapshot.status or perf_counter() - self._published_at >= PUBLISH_GAP

    def _publish(self, status: Status, answered: int = 0) -> None:
        self._published_at = perf_counter()
        self._show(self._frozen(status, self._snapshot.version + 1), answered)

    def _show(self, snapshot: Snapshot, answered: int) -> None:
        with self._lock:
            self._snapshot = snapshot
            self._answered = max(self._answered, answered)
            self._lock.notify_all()

    def _frozen(self, status: Status, version: int) -> Snapshot:
        return Snapshot(
            version=version,
            status=status,
            message=self._pool.sentence if status == Status.WAITING else self._engine.message,
            lanes=self._engine.freeze(status),
            scene=self._engine.scene,
            updates_per_second=self._engine.rate if status == Status.RUNNING else 0.0,
            pace=self._pace,
        )


def _entrants(specs: Sequence[ExperimentSpec | Entrant]) -> list[Entrant]:
    """Name lanes by their optimizer, numbered where one comes twice."""
    named = [part.optimizer.name for part in specs if isinstance(part, ExperimentSpec)]
    found: list[Entrant] = []
    for place, part in enumerate(specs):
        if isinstance(part, Entrant):
            found.append(part)
            continue
        name = part.optimizer.name
        before = sum(other.spec.optimizer.name == name for other in found)
        found.append(Entrant(part, name if named.count(name) == 1 else f"{name} {before + 1}", place))
    return found


def _until(moment: float) -> float:
    return max(0.0, moment - monotonic())


def _checked_pace(seconds: float) -> float:
    if not 0 <= seconds <= SLOWEST:
        raise ValueError(f"pace is seconds per update from 0 (as fast as it can) to {SLOWEST:g}, not {seconds!r}")
    return float(seconds)
