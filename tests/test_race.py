"""A race: its link, its fairness, and its lanes beside each other."""

import re
import threading
from collections.abc import Iterator
from time import sleep

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from nnviz.catalog.links import read_race
from nnviz.records.run import Evaluation, Lane, Record
from nnviz.records.status import Status
from nnviz.runs.engine import SLICE, Engine
from nnviz.runs.lane_spec import LaneSpec
from nnviz.runs.pending import PendingCommands
from nnviz.runs.run import Run
from nnviz.runs.threads import LaneThreads
from nnviz.specs.experiment import Change, Choice, ExperimentSpec
from nnviz.specs.race import DEFAULT_LANES, LaneChange, RaceSpec
from nnviz.training import Detail, Experiment, train
from nnviz.training.measure import Observer
from tests.runs import replayed

MOONS = ExperimentSpec(dataset=Choice("moons"), model=Choice.of("mlp", hidden="8"), epochs=4)
WIDE = MOONS.with_(model=Choice.of("mlp", hidden="512,512"), batch_size=256, epochs=40)
LABELS = tuple(lane.name for lane in DEFAULT_LANES)


def finished(race: RaceSpec) -> tuple[Lane, ...]:
    """Run a race to its end."""
    run = Run.of_race(race, [str(place) for place in range(len(race.lanes))])
    run.start()
    assert run.join(60)
    return run.snapshot().lanes


# ---- the link


def test_the_usual_race_has_the_eight_optimizers_of_the_lecture() -> None:
    assert LABELS == ("sgd", "momentum", "nag", "adagrad", "adadelta", "rmsprop", "adam", "adamw")


lanes = st.lists(
    st.builds(lambda name, lr: Choice.of(name, lr=lr), st.sampled_from(LABELS), st.floats(1e-6, 1e4)),
    min_size=2,
    max_size=8,
)
turns = st.lists(
    st.builds(
        lambda racer, step, value: LaneChange(racer, Change(step, "optimizer.lr", value)),
        st.one_of(st.none(), st.integers(0, 1)),
        st.integers(0, 10**9),
        st.floats(1e-6, 1e4),
    ),
    max_size=4,
)


@given(lanes, st.integers(1, 10), turns, st.integers(0, 2**31 - 1))
def test_a_link_brings_back_the_same_race(lanes: list[Choice], seeds: int, turns: list[LaneChange], seed: int) -> None:
    race = RaceSpec(ExperimentSpec(seed=seed), tuple(lanes), seeds, tuple(turns))
    assert read_race(race.to_query()) == race.with_base(optimizer=RaceSpec().base.optimizer)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"lanes": "adam"}, ["2 to 8 lanes", "1"]),
        ({"lanes": ";".join(["adam"] * 9)}, ["2 to 8 lanes", "9"]),
        ({"lanes": "adam;adem"}, ["adem", "adamax"]),
        ({"lanes": "adam;sgd:lr=-1"}, ["lr", "-1"]),
        ({"lanes": "adam;sgd:rho=1"}, ["rho", "weight_decay"]),
        ({"seeds": "0"}, ["seeds", "0", "10"]),
        ({"seeds": "many"}, ["seeds", "many", "10"]),
        ({"seeds": "11"}, ["seeds", "11", "10"]),
        ({"journal": "soon@1:optimizer.lr:1"}, ["soon", "step@racer:target:value"]),
        ({"journal": "5@9:optimizer.lr:0.1"}, ["racer", "9", "7"]),
        ({"journal": "5@1:optimizer.lr:1e99"}, ["lr", "1e+99"]),
        ({"journal": "5@0:optimizer.momentum:0.5"}, ["optimizer.momentum", "optimizer.lr"]),
        ({"dataset": "cats"}, ["cats", "digits"]),
        ({"laness": "adam;sgd"}, ["laness", "lanes"]),
    ],
)
def test_a_link_that_cannot_be_run_is_refused_with_the_choices(query: dict[str, str], words: list[str]) -> None:
    with pytest.raises(ValueError, match=re.escape(words[0])) as refused:
        read_race(query)
    for word in words:
        assert word in str(refused.value)


# ---- fairness


def test_all_lanes_begin_and_go_on_alike_and_another_seed_does_not() -> None:
    race = RaceSpec(MOONS, DEFAULT_LANES, seeds=2)
    found = finished(race)
    assert [lane.racer for lane in found] == [racer for racer in range(8) for _ in range(2)]
    starts = [{lane.start_hash for lane in found if lane.spec.seed == seed} for seed in (1, 2)]
    orders = [{lane.order_hash for lane in found if lane.spec.seed == seed} for seed in (1, 2)]
    assert [len(names) for names in (*starts, *orders)] == [1, 1, 1, 1]
    assert starts[0] != starts[1]
    assert orders[0] != orders[1]
    assert all(len(name) == 12 for name in (*starts[0], *orders[0]))


def seen(experiment: Experiment, updates: int) -> list[list[int]]:
    """List the places of the examples in each of the next batches."""
    found = []
    for _ in range(updates):
        found.append(experiment.batches._next_indices().tolist())
        experiment.batches.seen += len(found[-1])
    return found


def test_the_batch_lists_are_equal_across_lanes_and_differ_across_seeds() -> None:
    race = RaceSpec(MOONS, DEFAULT_LANES, seeds=2)
    lists = [seen(Experiment(spec), 20) for spec in race.specs]
    assert all(found == lists[0] for found in lists[::2])
    assert all(found == lists[1] for found in lists[1::2])
    assert lists[0] != lists[1]


def test_the_names_stand_for_the_bits() -> None:
    first, again = Experiment(MOONS), Experiment(MOONS)
    assert first.origin.name() == again.origin.name()
    changed = [value.clone() for value in first.origin.weights]
    changed[0][0, 0] = torch.nextafter(changed[0][0, 0], torch.tensor(9.0))
    assert type(first.origin)(*(first.origin.spec, first.data, first.loss, first.targets), tuple(changed),
                              first.origin.draws).name() != first.origin.name()  # fmt: skip


def test_the_order_is_named_before_it_is_used_and_the_name_grows_with_each_epoch_and_batch_size() -> None:
    experiment = Experiment(MOONS)
    names = [experiment.batches.name()]
    state = experiment.generator.get_state()
    experiment.advance(1)
    assert experiment.batches.name() == names[0]
    assert not torch.equal(experiment.generator.get_state(), state)  # looking ahead had drawn nothing
    experiment.advance(experiment.batches.updates_to(1) + 1)
    names.append(experiment.batches.name())
    experiment.apply(Change(0 + experiment.step, "batch_size", 7.0))
    names.append(experiment.batches.name())
    assert len(set(names)) == 3
    twin = Experiment(MOONS)
    twin.restore(experiment.checkpoint())
    assert twin.batches.name() == names[-1]


def test_an_experiment_like_another_is_the_one_it_would_have_been_alone() -> None:
    first = Experiment(MOONS)
    first.advance(7)
    for lane in DEFAULT_LANES:
        spec = MOONS.with_(optimizer=lane, batch_size=16)
        like, plain = Experiment(spec, first), Experiment(spec)
        assert like.data is first.data
        like.advance(30)
        plain.advance(30)
        assert_array_equal(like.curve.freeze().losses, plain.curve.freeze().losses)
        assert torch.equal(like.flat.parameter, plain.flat.parameter)


@pytest.mark.parametrize("other", [{"seed": 2}, {"dataset": Choice("xor")}, {"initializer": Choice("zeros")}])
def test_an_experiment_cannot_be_like_one_that_begins_elsewhere(other: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="does not begin like"):
        Experiment(MOONS.with_(**other), Experiment(MOONS))


def test_lanes_share_the_data_of_their_seed(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[object] = []
    monkeypatch.setattr("nnviz.training.origin._data", _counting(made))
    finished(RaceSpec(MOONS.with_(epochs=1), DEFAULT_LANES, seeds=3))
    assert len(made) == 3


def _counting(made: list[object]) -> object:
    from nnviz.training.origin import _data

    def data(*arguments: object) -> object:
        made.append(_data(*arguments))  # type: ignore[arg-type]
        return made[-1]

    return data


# ---- lanes beside each other


def test_each_lane_of_a_race_is_bit_equal_to_its_spec_alone() -> None:
    for lane in finished(RaceSpec(MOONS, DEFAULT_LANES, seeds=2)):
        assert lane.status == "done"
        assert lane.curve.losses.tolist() == replayed(lane)


def test_lanes_of_long_updates_on_several_threads_are_bit_equal_to_their_specs_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("nnviz.runs.threads.os.cpu_count", lambda: 4)
    monkeypatch.setattr("nnviz.runs.engine.HEAVY", 0.0)
    names: set[str] = set()
    advance = Experiment.advance

    def noting(experiment: Experiment, updates: int) -> int:
        names.add(threading.current_thread().name)
        return advance(experiment, updates)

    monkeypatch.setattr(Experiment, "advance", noting)
    lanes = finished(RaceSpec(WIDE, DEFAULT_LANES[:4]))
    assert len(names) > 1
    for lane in lanes:
        assert lane.curve.losses.tolist() == replayed(lane)


def test_all_lanes_are_measured_at_the_same_updates() -> None:
    lanes = finished(RaceSpec(MOONS.with_(epochs=30), DEFAULT_LANES))
    for steps in ([[part.step for part in kept] for kept in found] for found in zip(*_kept(lanes), strict=True)):
        assert len(steps[0]) > 1
        assert all(found == steps[0] for found in steps)


def _kept(lanes: tuple[Lane, ...]) -> list[tuple[tuple[Record, ...], tuple[Evaluation, ...]]]:
    return [(lane.records, lane.evaluations) for lane in lanes]


def test_a_picture_taken_amid_a_round_of_measuring_shows_all_lanes_at_the_same_updates(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    quick = Observer.measure

    def slow(self: Observer, detail: frozenset[str] = Detail.FULL) -> Record:
        sleep(2 * SLICE)  # a round of three lanes takes three slices at least
        return quick(self, detail)

    monkeypatch.setattr(Observer, "measure", slow)
    engine = Engine([LaneSpec(MOONS.with_(epochs=0), str(place), place) for place in range(3)], LaneThreads(0))
    engine.build()
    seen: set[tuple[tuple[int, ...], ...]] = set()
    while len(seen) < 3:
        engine.turn(PendingCommands(Status.RUNNING), 0.0, True, lambda: True)
        taken = {_steps(lane) for lane in engine.freeze(Status.RUNNING)}
        assert len(taken) == 1
        seen |= taken


def _steps(lane: Lane) -> tuple[tuple[int, ...], ...]:
    return tuple(tuple(part.step for part in kept) for kept in (lane.records, lane.evaluations))


def test_a_race_measures_histograms_for_its_first_seed_and_evaluates_all() -> None:
    first, second, *_ = finished(RaceSpec(MOONS, DEFAULT_LANES[:2], seeds=2))
    assert first.records[-1].layers
    assert first.records[-1].field is None
    assert second.records == ()
    whole = list(train(second.spec))[-1]
    last = second.evaluations[-1]
    assert (last.step, last.test_loss, last.test_accuracy) == (whole.step, whole.test_loss, whole.test_accuracy)
    assert [first.evaluations[-1].step, last.train_loss] == [whole.step, None]


def test_what_is_evaluated_is_what_a_full_record_says() -> None:
    experiment = Experiment(MOONS)
    experiment.advance(3)
    full, layers, scores = (
        Observer(experiment).measure(detail) for detail in (Detail.FULL, Detail.LAYERS, Detail.SCORES)
    )
    assert full.evaluation == scores.evaluation == Observer(experiment).evaluate(with_train=True)
    assert Observer(experiment).evaluate(with_train=False).test_loss == full.test_loss
    assert np.isnan([layers.test_loss, layers.train_loss]).all()
    assert [layer.name for layer in layers.layers] == [layer.name for layer in full.layers]


def test_a_layers_update_is_what_the_last_update_added() -> None:
    experiment = Experiment(MOONS)
    assert Observer(experiment).measure().layers[0].update is None
    experiment.advance(4)
    before = experiment.layers[0].weight.clone()
    experiment.advance(1)
    moved = (experiment.layers[0].weight - before).flatten().detach().numpy()
    found = Observer(experiment).measure().layers[0].update
    assert found is not None
    assert (found.low, found.high) == (moved.min(), moved.max())
    assert_array_equal(found.counts, np.histogram(moved, 64, (moved.min(), moved.max()))[0])


# ---- live changes of a race


@pytest.fixture
def race() -> Iterator[Run]:
    """Line up a race of two racers with two seeds each."""
    run = Run.of_race(RaceSpec(MOONS.with_(epochs=0), DEFAULT_LANES[:2], seeds=2), ["SGD", "Momentum"])
    yield run
    run.stop()


def test_a_racers_change_holds_for_all_its_seeds_before_the_same_update(race: Run) -> None:
    race.start()
    while race.snapshot().lanes[0].step < 50:
        threading.Event().wait(0.005)
    race.apply(Change(0, "optimizer.lr", 0.007), (2, 3))
    race.step(20)
    while race.snapshot().status != Status.PAUSED:
        threading.Event().wait(0.005)
    lanes = race.snapshot().lanes
    (first,), (second,) = lanes[2].journal, lanes[3].journal
    assert first == second
    assert first.step >= 50
    assert (lanes[0].journal, lanes[1].journal) == ((), ())
    assert [lane.knobs["optimizer.lr"] for lane in lanes] == [0.1, 0.1, 0.007, 0.007]
    for lane in lanes:
        assert lane.curve.losses.tolist() == replayed(lane)


def test_a_change_of_a_lane_that_is_not_there_is_refused(race: Run) -> None:
    with pytest.raises(ValueError, match=r"no lane 4; choose one from 0 to 3"):
        race.apply(Change(0, "optimizer.lr", 0.1), (0, 4))


def test_a_races_journal_replays_it() -> None:
    turns = (LaneChange(0, Change(5, "optimizer.lr", 0.5)), LaneChange(None, Change(9, "optimizer.lr", 0.01)))
    race = RaceSpec(MOONS, DEFAULT_LANES[:2], 2, turns)
    lanes = finished(race)
    assert [change.step for change in lanes[0].journal] == [5, 9]
    assert [change.step for change in lanes[3].journal] == [9]
    again = finished(read_race(race.to_query()))
    assert [lane.curve.losses.tolist() for lane in again] == [lane.curve.losses.tolist() for lane in lanes]


# ---- the crew


@pytest.mark.parametrize("helpers", [0, 1, 3])
def test_a_crew_does_every_job_once(helpers: int) -> None:
    crew, done = LaneThreads(helpers), []
    crew.work_off([lambda number=number: done.append(number) for number in range(100)])  # type: ignore[misc]
    crew.close()
    crew.work_off([lambda: done.append(100), lambda: done.append(101)])
    crew.close()
    assert sorted(done) == list(range(102))


def test_a_crews_trouble_reaches_whoever_called_it() -> None:
    crew = LaneThreads(1)
    with pytest.raises(ZeroDivisionError):
        crew.work_off([lambda: 1 / 0] * 5)
    crew.close()
