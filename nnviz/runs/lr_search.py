"""The search for learning rates: short runs over a grid, in slices beside the runs that people watch."""

import logging
import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from time import perf_counter
from typing import NamedTuple

import numpy as np

from nnviz.catalog import check_spec
from nnviz.catalog.schedules import pinned
from nnviz.records.rate_grid import RateGrid
from nnviz.records.run import Doubles
from nnviz.records.status import Status
from nnviz.runs.errand import Errand
from nnviz.runs.job import failure
from nnviz.runs.pool import Pool
from nnviz.specs.experiment import ExperimentSpec
from nnviz.specs.race import RaceSpec
from nnviz.training import Detail, Experiment, Observer
from nnviz.words import errors, messages
from nnviz.words.language import Message, message

LOGGER = logging.getLogger("nnviz")

MOST_UPDATES = 10_000
_ROUND = {1: (1,), 2: (1, 3), 3: (1, 2, 5)}


def grid(low: float, high: float, per_decade: int) -> tuple[float, ...]:
    """Return the round values from low to high: 1, 10 for one per decade, 1, 3, 10 for two, 1, 2, 5, 10 for three.

    Raises ValueError for bounds that are not positive and in order, and where no round value lies between them.
    """
    if per_decade not in _ROUND:
        raise ValueError(message(errors.CHOICES["per_decade"], choices=errors.listed(_ROUND), value=per_decade))
    if not 0 < low <= high < math.inf:
        raise ValueError(message(errors.RUNS["grid"], low=low, high=high))
    decades = range(math.floor(math.log10(low)) - 1, math.ceil(math.log10(high)) + 1)
    values = [float(f"{first}e{decade}") for decade in decades for first in _ROUND[per_decade]]
    within = tuple(value for value in values if low * (1 - 1e-9) <= value <= high * (1 + 1e-9))
    if not within:
        raise ValueError(message(errors.RUNS["empty_grid"], low=low, high=high))
    return within


LEAST, MOST = 1e-6, 1e4  # rates that an optimizer takes
RATES = grid(1e-4, 10.0, 2)
UPDATES = 100


def with_best(race: RaceSpec, search: RateGrid) -> RaceSpec:
    """Return the race with the chosen learning rates; a lane for which none was chosen keeps its own.

    Raises ValueError for a search over other optimizers.
    """
    names = tuple(lane.name for lane in race.lanes)
    if names != search.optimizers:
        searched, raced = errors.listed(search.optimizers), errors.listed(names)
        raise ValueError(message(errors.RUNS["other_search"], searched=searched, raced=raced))
    lanes = tuple(
        lane if column is None else lane.with_knobs(lr=float(search.rates[column]))
        for lane, column in zip(race.lanes, search.chosen, strict=True)
    )
    return replace(race, lanes=lanes)


class _Try(NamedTuple):
    racer: int
    column: int  # of the learning rate
    spec: ExperimentSpec


class Search(Errand[RateGrid]):
    """Trains every racer with every learning rate for a few updates, on the race's first seed.

    Rate by rate, from small to large, so that all curves grow together.  A try is judged by the loss on training
    examples: to choose by the test set would make its numbers no test.  It counts as a live run of the pool, and
    falls asleep when nobody looked for `patience` seconds.  Raises ValueError for what cannot be tried.

    known: what an equal search has found at other rates, or at some of these, which are not tried again.
    """

    def __init__(
        self,
        race: RaceSpec,
        labels: Sequence[str],
        *,
        rates: Sequence[float] = RATES,
        updates: int = UPDATES,
        pool: Pool | None = None,
        patience: float = 60.0,
        known: RateGrid | None = None,
    ) -> None:
        if len(labels) != len(race.lanes):
            raise ValueError(message(errors.LANES["labels"], lanes=len(race.lanes), count=len(labels)))
        self.updates = _checked_updates(updates)
        ordered = sorted(set(rates))
        super().__init__(_with_known(_untried(race, labels, ordered, updates), known), pool, patience)
        untried = np.isnan(self._state.losses)
        self._tries = tuple(each for each in _tries(race, ordered) if untried[each.racer, each.column])
        # From here on the pool's thread only.
        self._losses = self._state.losses.copy()
        self._done = 0  # tries
        self._cost = 0.0  # seconds of one update, of the last few
        self._first: Observer | None = None  # the others share its data and first weights
        self._experiment: Experiment | None = None

    # ---- asked from any thread ----

    def start(self) -> None:
        """Begin; a second call changes nothing."""
        self._watch()
        with self._lock:
            if self._state.status != Status.READY:
                return
            self._state = replace(self._state, status=Status.STARTING)
        self._pool.wake(self)

    # ---- done by the pool's thread ----

    def _put_away(self) -> None:
        self._first = self._experiment = None

    def _told(self, error: Exception) -> Message:
        return failure(messages.RUN["search_ended"], "a search", error)

    def _work(self, end: float) -> None:
        while self._done < len(self._tries) and not self._state.status.is_over:
            experiment = self._present()
            if experiment.step < self.updates and experiment.diverged_at is None:
                self._advance(experiment, end)
            else:
                self._score(experiment)
            if perf_counter() >= end:
                break
        status = Status.DONE if self._done == len(self._tries) else Status.RUNNING
        self._show(status=status, message=None, progress=self._progress())

    def _present(self) -> Experiment:
        """Return the try at work; the first begins by drawing the data, the others share it."""
        if self._experiment is None:
            spec = self._tries[self._done].spec
            self._experiment = Experiment(spec, like=self._first.experiment if self._first else None)
            self._first = self._first or Observer(self._experiment)
        return self._experiment

    def _advance(self, experiment: Experiment, end: float) -> None:
        """Do the updates that fit into the rest of the slice, one at the least."""
        start = perf_counter()
        fitting = int((end - start) / self._cost) if self._cost else 1
        done = experiment.advance(max(1, min(fitting, self.updates - experiment.step)))
        self._cost = (perf_counter() - start) / done

    def _score(self, experiment: Experiment) -> None:
        """Note how the present try ended and turn to the next."""
        is_finite = experiment.diverged_at is None
        loss = Observer(experiment, like=self._first).measure(Detail.SCORES).train_loss if is_finite else math.inf
        present = self._tries[self._done]
        self._losses[present.racer, present.column] = loss if math.isfinite(loss) else math.inf
        self._experiment = None
        self._done += 1
        self._show(losses=_fixed(self._losses), chosen=_chosen(self._losses))

    def _progress(self) -> float:
        part = self._experiment.step / self.updates if self._experiment else 0.0
        return (self._done + part) / max(1, len(self._tries))


def _checked_updates(updates: int) -> int:
    if isinstance(updates, bool) or not isinstance(updates, int) or not 1 <= updates <= MOST_UPDATES:
        raise ValueError(message(errors.NUMBERS["search_updates"], most=MOST_UPDATES, value=updates))
    return updates


def _tries(race: RaceSpec, rates: Sequence[float]) -> tuple[_Try, ...]:
    """List the short runs, rate by rate; without epochs, so that a small data set ends none of them early.

    A schedule is the race's own: each try is what the race would be in its first updates.
    """
    if not rates:
        raise ValueError(message(errors.RUNS["no_rates"]))
    lanes = [pinned(race.base).with_(optimizer=lane, epochs=0) for lane in race.lanes]
    return tuple(
        _Try(racer, column, check_spec(spec.with_(optimizer=spec.optimizer.with_knobs(lr=rate))))
        for (column, rate), (racer, spec) in product(enumerate(rates), enumerate(lanes))
    )


def _untried(race: RaceSpec, labels: Sequence[str], rates: Sequence[float], updates: int) -> RateGrid:
    return RateGrid(
        labels=tuple(labels),
        optimizers=tuple(lane.name for lane in race.lanes),
        rates=_fixed(np.array(rates, dtype=np.float64)),
        losses=_fixed(np.full((len(race.lanes), len(rates)), np.nan)),
        chosen=(None,) * len(race.lanes),
        updates=updates,
        status=Status.READY,
        progress=0.0,
    )


def _with_known(nothing: RateGrid, known: RateGrid | None) -> RateGrid:
    """Fill in what is known of the same racers after as many updates."""
    if known is None or (known.optimizers, known.updates) != (nothing.optimizers, nothing.updates):
        return nothing
    losses, columns = nothing.losses.copy(), {rate: column for column, rate in enumerate(known.rates)}
    for column, rate in enumerate(nothing.rates):
        if rate in columns:
            losses[:, column] = known.losses[:, columns[rate]]
    return replace(nothing, losses=_fixed(losses), chosen=_chosen(losses))


def _chosen(losses: Doubles) -> tuple[int | None, ...]:
    """Find each row's lowest finite loss; of equal ones the first, which has the smaller rate."""
    return tuple(int(np.nanargmin(row)) if np.isfinite(row).any() else None for row in losses)


def _fixed(values: Doubles) -> Doubles:
    """Return a copy that nobody can write to."""
    fixed = values.copy()
    fixed.flags.writeable = False
    return fixed
