import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from nnviz.records.rate_grid import RateGrid
from nnviz.records.run import Record
from nnviz.records.status import Status
from nnviz.runs.lr_search import RATES, Search, grid, with_best
from nnviz.runs.pool import Pool
from nnviz.runs.run import Run
from nnviz.specs.experiment import Choice, ExperimentSpec
from nnviz.specs.race import RaceSpec
from nnviz.training import Experiment
from nnviz.training.measure import Observer
from tests.runs import PATIENT, SMALL, WILD, arrays, threads, wait_for

LANES = (Choice.of("sgd", weight_decay=0.01), Choice.of("adam", lr=0.5, beta1=0.8))
POINTS = RaceSpec(SMALL.with_(epochs=1), LANES)  # 5 updates an epoch
DIGITS = RaceSpec(ExperimentSpec(seed=3), LANES, seeds=2)
FEW = (0.01, 0.1, 1.0)
Make = Callable[..., Search]


class ByHand(Pool):
    """Notes who was woken; the test calls the slices."""

    def __init__(self, max_live: int = 40) -> None:
        super().__init__(max_live)
        self.woken: list[object] = []

    def wake(self, run: object) -> None:
        self.woken.append(run)


@pytest.fixture
def make() -> Iterator[Make]:
    """Make searches that are cancelled when the test ends; none may leave its thread behind."""
    made: list[Search] = []

    def search(race: RaceSpec = POINTS, **settings: object) -> Search:
        labels = [lane.name.title() for lane in race.lanes]
        made.append(Search(race, labels, **{"rates": FEW, "updates": 12, **settings}))  # type: ignore[arg-type]
        return made[-1]

    yield search
    for one in made:
        one.cancel()
    assert wait_for(lambda: not threads())


def finished(search: Search) -> RateGrid:
    search.start()
    assert search.join(PATIENT)
    return search.state()


def loss_alone(race: RaceSpec, racer: int, rate: float, updates: int) -> float:
    spec = race.base.with_(optimizer=race.lanes[racer].with_knobs(lr=rate), epochs=0)
    experiment = Experiment(spec)
    experiment.advance(updates)
    return Observer(experiment).measure().train_loss


def measured(monkeypatch: pytest.MonkeyPatch, **changes: float) -> None:
    """Let every experiment measure some values of the test's own."""
    original = Observer.measure

    def measure(observer: Observer, *arguments: object) -> Record:
        return replace(original(observer, *arguments), **changes)  # type: ignore[arg-type]

    monkeypatch.setattr(Observer, "measure", measure)


# ---- the grid


@pytest.mark.parametrize(
    ("bounds", "values"),
    [
        ((0.1, 10, 1), (0.1, 1.0, 10.0)),
        ((0.1, 10, 2), (0.1, 0.3, 1.0, 3.0, 10.0)),
        ((0.1, 10, 3), (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)),
        ((0.02, 0.4, 2), (0.03, 0.1, 0.3)),
        ((3, 3, 2), (3.0,)),
        ((10**-0.5 * 10**-0.5, 1.0, 1), (0.1, 1.0)),  # the lower bound a hair above 0.1
    ],
)
def test_a_grid_has_the_round_values_within_its_bounds(
    bounds: tuple[float, float, int], values: tuple[float, ...]
) -> None:
    assert grid(*bounds) == values


def test_the_default_grid_goes_from_a_ten_thousandth_to_ten() -> None:
    assert RATES == (1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 0.1, 0.3, 1.0, 3.0, 10.0)


@pytest.mark.parametrize(
    ("bounds", "sentence"),
    [
        ((0.1, 10, 4), "values per decade must be one of 1, 2, 3, not 4"),
        ((0.0, 10, 2), "not from 0.0 to 10"),
        ((10, 0.1, 2), "not from 10 to 0.1"),
        ((1, float("inf"), 2), "not from 1 to inf"),
        ((float("nan"), 1, 2), "not from nan to 1"),
        ((0.2, 0.4, 1), "no round value lies from 0.2 to 0.4"),
    ],
)
def test_a_grid_that_cannot_be_is_refused_with_its_bounds(bounds: tuple[float, float, int], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        grid(*bounds)


# ---- what is found


@pytest.mark.parametrize("race", [POINTS, DIGITS], ids=["points", "digits"])
def test_each_try_is_an_experiment_alone_judged_by_its_training_loss(race: RaceSpec, make: Make) -> None:
    state = finished(make(race))
    assert (state.status, state.progress, state.message) == (Status.DONE, 1.0, None)
    assert (state.labels, state.optimizers, state.updates) == (("Sgd", "Adam"), ("sgd", "adam"), 12)
    assert state.rates.tolist() == list(FEW)
    assert state.losses.tolist() == [[loss_alone(race, racer, rate, 12) for rate in FEW] for racer in range(2)]
    assert state.chosen == tuple(int(row.argmin()) for row in state.losses)


def test_the_losses_on_test_examples_do_not_matter(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    before = finished(make())
    measured(monkeypatch, test_loss=0.0)
    after = finished(make())
    assert_array_equal(after.losses, before.losses)
    measured(monkeypatch, train_loss=2.0)
    assert_array_equal(finished(make()).losses, np.full((2, 3), 2.0))


def test_of_equally_good_rates_the_smallest_is_chosen(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    measured(monkeypatch, train_loss=2.0)
    assert finished(make(rates=(1.0, 0.1, 0.01))).chosen == (0, 0)


def test_rates_are_tried_in_order_and_once(make: Make) -> None:
    assert finished(make(rates=(0.1, 0.01, 0.1))).rates.tolist() == [0.01, 0.1]


def test_searching_twice_gives_the_same_arrays_whatever_else_trains(make: Make) -> None:
    alone = finished(make(DIGITS))
    pool = Pool()
    runs = [Run([SMALL.with_(seed=seed)], pool=pool) for seed in (1, 2)]
    for run in runs:
        run.start()
    beside = finished(make(DIGITS, pool=pool))
    assert all(run.peek().lanes[0].step > 0 for run in runs)
    for run in runs:
        run.stop()
    assert_array_equal(beside.losses, alone.losses)
    assert beside.chosen == alone.chosen
    assert len(np.unique(alone.losses)) == alone.losses.size


def test_data_and_first_weights_are_drawn_once_for_all_tries(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    original = Experiment.advance
    seen: dict[int, Experiment] = {}

    def advance(experiment: Experiment, updates: int) -> int:
        seen[id(experiment)] = experiment
        return original(experiment, updates)

    monkeypatch.setattr(Experiment, "advance", advance)
    finished(make())
    assert len(seen) == 6
    assert len({experiment.data.train_x.data_ptr() for experiment in seen.values()}) == 1


# ---- divergence


def test_a_try_that_diverges_ends_at_once_and_counts_as_infinite(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    original, done = Experiment.advance, []

    def advance(experiment: Experiment, updates: int) -> int:
        done.append(original(experiment, updates))
        return done[-1]

    monkeypatch.setattr(Experiment, "advance", advance)
    race = RaceSpec(WILD, (Choice("sgd"), Choice("momentum")))
    state = finished(make(race, rates=(1e-3, 1e4), updates=400))
    assert_array_equal(np.isinf(state.losses), [[False, True], [False, True]])
    assert state.chosen == (0, 0)
    assert 2 * 400 < sum(done) < 3 * 400
    assert state.progress == 1.0


def test_a_loss_that_is_no_number_after_the_last_update_counts_as_infinite(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    measured(monkeypatch, train_loss=float("nan"))
    state = finished(make())
    assert np.isposinf(state.losses).all()
    assert state.chosen == (None, None)


def test_a_racer_for_whom_everything_diverged_keeps_its_rate(make: Make) -> None:
    race = RaceSpec(WILD, (Choice.of("sgd", lr=0.02), Choice.of("adam", beta1=0.5)))
    state = finished(make(race, rates=(1e4,), updates=200))
    assert state.chosen == (None, 0)
    assert with_best(race, state).lanes == (Choice.of("sgd", lr=0.02), Choice.of("adam", lr=1e4, beta1=0.5))


# ---- while it goes on


def test_the_curves_of_all_racers_grow_together_from_small_rates_to_large(make: Make) -> None:
    search = make(pool=ByHand(), updates=200)
    search.start()
    states = [search.state()]
    while search.slice() is not None:
        states.append(search.state())
    states.append(search.state())
    assert states[1].progress < 1.0  # others get their turn in between
    for earlier, later in pairwise(states):
        tried = ~np.isnan(later.losses.T.ravel())
        assert_array_equal(tried, np.sort(tried)[::-1])
        assert earlier.progress <= later.progress
    assert [states[0].status, states[1].status, states[-1].status] == [Status.STARTING, Status.RUNNING, Status.DONE]
    assert np.isnan(states[0].losses).all()  # what was handed out does not change any more
    assert states[0].chosen == (None, None)


def test_no_array_of_a_state_can_be_written_to(make: Make) -> None:
    search = make()
    for state in (search.state(), finished(search)):
        found = list(arrays(state))
        assert len(found) == 2
        assert not any(array.flags.writeable for array in found)


def test_a_cancelled_search_stops_at_once_and_for_good(make: Make) -> None:
    pool = ByHand()
    search = make(pool=pool, updates=200)
    search.start()
    while np.isnan(search.state().losses[0, 0]):
        assert search.slice() == 0.0
    assert pool.live == 1
    search.cancel()
    state = search.state()
    assert state.status == Status.STOPPED
    assert search.join(0.0)
    search.start()
    assert search.slice() is None
    assert pool.live == 0
    assert search.state() is state


def test_a_search_cancelled_while_a_slice_is_at_work_changes_no_more(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = Observer.measure
    search = make(pool=ByHand())

    def measure(observer: Observer, *arguments: object) -> Record:
        search.cancel()
        return original(observer, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(Observer, "measure", measure)
    search.start()
    while search.slice() is not None:
        pass
    state = search.state()
    assert state.status == Status.STOPPED
    assert np.isnan(state.losses).all()


def test_a_search_cancelled_on_the_pools_own_thread_gives_its_place_back(make: Make) -> None:
    pool = Pool()
    search = make(pool=pool, updates=10_000)
    search.start()
    assert wait_for(lambda: search.state().progress > 0)
    search.cancel()
    assert search.join(PATIENT)
    assert wait_for(lambda: pool.live == 0)
    assert search.state().progress < 1.0


def test_a_search_waits_for_a_place_with_a_sentence_and_gives_it_back(make: Make) -> None:
    pool = Pool(max_live=1)
    run = Run([SMALL], pool=pool)
    run.start()
    assert wait_for(lambda: pool.live == 1)
    search = make(pool=pool)
    search.start()
    assert wait_for(lambda: search.state().status == Status.WAITING)
    assert search.state().message == pool.message
    assert not search.join(0.0)
    run.stop()
    assert search.join(PATIENT)
    assert (search.state().status, search.state().message) == (Status.DONE, None)
    assert wait_for(lambda: pool.live == 0)


def test_a_search_that_nobody_watches_falls_asleep_until_somebody_looks(make: Make) -> None:
    pool = ByHand()
    search = make(pool=pool, updates=500, patience=60.0)
    search.start()
    assert search.slice() == 0.0
    search.patience = -1.0
    assert search.slice() is None
    assert pool.live == 0
    assert pool.woken == [search]
    assert search.state().status == Status.ASLEEP
    assert pool.woken == [search, search]
    search.patience = 60.0
    assert search.slice() == 0.0
    assert search.state().status == Status.RUNNING


# ---- failure


def failing(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    """Let nothing of the searches' seed be measured; a run beside them has another."""
    original = Observer.measure

    def measure(observer: Observer, *arguments: object) -> Record:
        if observer.experiment.spec.seed == POINTS.base.seed:
            raise error
        return original(observer, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(Observer, "measure", measure)


def test_an_exception_ends_the_search_with_a_sentence_and_the_rest_goes_on(
    make: Make, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    pool = Pool()
    run = Run([SMALL.with_(seed=2)], pool=pool)
    run.start()
    assert run.snapshot().status == Status.RUNNING
    failing(monkeypatch, RuntimeError("the cat sat on the keyboard\nand a second line"))
    with caplog.at_level(logging.ERROR, "nnviz"):
        state = finished(make(pool=pool))
    assert state.status == Status.FAILED
    assert str(state.message) == "The search stopped with RuntimeError: the cat sat on the keyboard"
    assert caplog.records[0].exc_info
    assert wait_for(lambda: pool.live == 1)
    step = run.peek().lanes[0].step
    assert wait_for(lambda: run.peek().lanes[0].step > step)
    run.stop()
    assert run.join(PATIENT)


def test_what_cannot_be_had_is_said_as_it_is(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, ValueError("MNIST could not be fetched"))
    state = finished(make())
    assert (state.status, str(state.message)) == (Status.FAILED, "MNIST could not be fetched")


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"rates": ()}, "at least one learning rate"),
        ({"rates": (0.1, 1e5)}, "lr must be a number from 1e-06 to 10000, not 100000"),
        ({"rates": (0.0,)}, "lr must be a number from 1e-06 to 10000, not 0"),
        ({"updates": 0}, "updates must be a whole number from 1 to 10,000, not 0"),
        ({"updates": 1.5}, "from 1 to 10,000, not 1.5"),
        ({"updates": True}, "from 1 to 10,000, not True"),
        ({"race": replace(POINTS, lanes=(Choice("sgd"), Choice("prodigy")))}, "there is no optimizer 'prodigy'"),
    ],
)
def test_a_search_that_cannot_be_is_refused(settings: dict[str, object], sentence: str, make: Make) -> None:
    with pytest.raises(ValueError, match=sentence):
        make(**settings)


def test_a_label_for_each_lane_is_needed() -> None:
    with pytest.raises(ValueError, match="2 lanes need as many labels, not 1"):
        Search(POINTS, ["SGD"])


# ---- the race with the chosen rates


def test_the_chosen_rates_are_written_into_the_lanes_and_nothing_else_changes(make: Make) -> None:
    state = finished(make(DIGITS))
    assert state.chosen[0] is not None
    assert state.chosen[1] is not None
    rates = [FEW[column] for column in state.chosen if column is not None]
    lanes = (
        Choice.of("sgd", lr=rates[0], weight_decay=0.01),
        Choice.of("adam", lr=rates[1], beta1=0.8),
    )
    assert with_best(DIGITS, state) == replace(DIGITS, lanes=lanes)


def test_before_anything_was_tried_all_lanes_keep_their_rate(make: Make) -> None:
    assert with_best(DIGITS, make(DIGITS).state()) == DIGITS


def test_the_rates_of_other_optimizers_are_refused(make: Make) -> None:
    other = replace(DIGITS, lanes=(Choice("sgd"), Choice("nag")))
    with pytest.raises(ValueError, match="the search was over sgd, adam, the race is of sgd, nag"):
        with_best(other, make(DIGITS).state())


# ---- beyond the ends of the grid


def test_a_best_rate_at_an_end_is_seen(make: Make) -> None:
    found = finished(make(rates=(1e-5, 1e-4, 1e-3)))
    assert found.at_edge(-1) == (0,) or found.at_edge(-1) == (0, 1)
    assert found.at_edge(0) == ()
    wide = replace(found, chosen=(0, 1))
    assert (wide.at_edge(0), wide.at_edge(-1)) == ((0,), ())
    assert replace(found, chosen=(None, 2)).at_edge(-1) == (1,)


def test_a_search_that_goes_on_tries_only_what_is_new_and_finds_the_same(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = finished(make(rates=(1e-4, 1e-3)))
    alone = finished(make(rates=(1e-4, 1e-3, 1e-2)))
    tried: list[float] = []
    original = Experiment.__init__

    def noting(experiment: Experiment, spec: ExperimentSpec, like: Experiment | None = None) -> None:
        tried.append(float(spec.optimizer.knobs["lr"]))
        original(experiment, spec, like)

    monkeypatch.setattr(Experiment, "__init__", noting)
    found = finished(make(rates=(1e-4, 1e-3, 1e-2), known=first))
    assert set(tried) == {1e-2}
    assert_array_equal(found.losses, alone.losses)
    assert found.chosen == alone.chosen


def test_what_another_search_found_is_not_taken_for_known(make: Make) -> None:
    first = finished(make(rates=(1e-4, 1e-3), updates=3))
    found = finished(make(rates=(1e-4, 1e-3), known=first))
    assert not np.array_equal(found.losses, first.losses)


def test_a_search_of_which_all_is_known_is_done_at_once(make: Make) -> None:
    first = finished(make())
    assert_array_equal(finished(make(known=first)).losses, first.losses)
