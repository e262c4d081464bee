"""Lanes that join a run and leave it while it goes on: a lane is a value, and the others do not notice."""

from collections.abc import Iterator

import pytest

from nnviz.records.run import Lane
from nnviz.records.status import Status
from nnviz.runs.lane_spec import LaneSpec
from nnviz.runs.run import Run
from nnviz.specs.experiment import Change, Choice, ExperimentSpec
from nnviz.training import Experiment
from tests.runs import wait_for

MOONS = ExperimentSpec(dataset=Choice("moons"), model=Choice.of("mlp", hidden="8"), epochs=0)
OTHER = MOONS.with_(optimizer=Choice("sgd"), batch_size=16)


@pytest.fixture
def run() -> Iterator[Run]:
    run = Run((MOONS, OTHER))
    yield run
    run.stop()


def stepped(run: Run, updates: int) -> dict[str, Lane]:
    """Do some updates of the run and return its lanes by their ids."""
    before = sum(lane.step for lane in run.snapshot().lanes)
    going = len(run.specs)
    run.step(updates)
    assert wait_for(lambda: sum(lane.step for lane in run.peek().lanes) == before + going * updates)
    assert wait_for(lambda: run.peek().status == Status.PAUSED)
    return {lane.id: lane for lane in run.snapshot().lanes}


def alone(spec: ExperimentSpec, updates: int, *journal: Change) -> list[float]:
    """Train a spec by itself."""
    experiment = Experiment(spec)
    for change in journal:
        experiment.apply(change)
    experiment.advance(updates)
    return list(experiment.curve.freeze().losses)


def test_a_lane_joins_a_run_that_has_begun_and_learns_as_if_alone(run: Run) -> None:
    stepped(run, 20)
    run.add(OTHER.with_(seed=5))
    lanes = stepped(run, 30)
    assert [(lane.id, lane.step) for lane in lanes.values()] == [("0", 50), ("1", 50), ("2", 30)]
    assert [(lane.label, lane.racer) for lane in lanes.values()] == [("adam", 0), ("sgd", 1), ("sgd 2", 2)]
    assert list(lanes["2"].curve.losses) == alone(OTHER.with_(seed=5), 30)
    assert list(lanes["0"].curve.losses) == alone(MOONS, 50)
    assert list(lanes["1"].curve.losses) == alone(OTHER, 50)


def test_a_lane_leaves_and_the_others_train_on_as_if_nothing_had_happened(run: Run) -> None:
    run.add(LaneSpec(MOONS.with_(seed=9), "third", 2))
    stepped(run, 10)
    run.remove("0")
    lanes = stepped(run, 15)
    assert list(lanes) == ["1", "2"]
    assert list(lanes["1"].curve.losses) == alone(OTHER, 25)
    assert list(lanes["2"].curve.losses) == alone(MOONS.with_(seed=9), 25)
    assert run.specs == (OTHER, MOONS.with_(seed=9))
    run.apply(Change(0, "optimizer.lr", 0.5), lane=0)  # the first of those that are left
    assert stepped(run, 1)["1"].knobs["optimizer.lr"] == 0.5


def test_lanes_come_and_go_while_the_run_trains_at_full_speed(run: Run) -> None:
    run.start()
    assert wait_for(lambda: run.peek().lanes[0].step > 50)
    run.add(LaneSpec(OTHER.with_(seed=5), "late", 2))
    assert wait_for(lambda: len(run.snapshot().lanes) == 3 and run.snapshot().lanes[2].step > 50)
    run.remove("1")
    assert wait_for(lambda: [lane.id for lane in run.snapshot().lanes] == ["0", "2"])
    run.pause()
    assert wait_for(lambda: run.peek().status == Status.PAUSED)
    for lane, spec in zip(run.snapshot().lanes, (MOONS, OTHER.with_(seed=5)), strict=True):
        assert lane.evaluations[-1].step <= lane.step
        assert list(lane.curve.losses) == alone(spec, lane.step)[: len(lane.curve.losses)] or lane.curve.stride > 1


def test_a_lane_that_begins_at_a_checkpoint_goes_on_from_there_bit_for_bit(run: Run) -> None:
    early = Experiment(MOONS)
    early.advance(37)
    change = Change(40, "optimizer.lr", 0.1)
    fork = LaneSpec(MOONS, "fork", 2, id="fork", journal=(change,), start=early.checkpoint(), parent="0")
    stepped(run, 5)
    run.add(fork)
    lane = stepped(run, 20)["fork"]
    assert (lane.step, lane.parent, lane.journal) == (57, "0", (change,))
    assert list(lane.curve.losses) == alone(MOONS, 57, change)


def test_what_cannot_join_or_leave_is_refused_in_a_sentence_and_changes_nothing(run: Run) -> None:
    with pytest.raises(ValueError, match="there is a lane '1' already"):
        run.add(LaneSpec(MOONS, "again", 2, id="1"))
    with pytest.raises(ValueError, match="optimizer"):
        run.add(LaneSpec(MOONS.with_(optimizer=Choice("nothing")), "bad", 2))
    with pytest.raises(ValueError, match=r"'optimizer\.beta1' cannot change live"):
        run.add(LaneSpec(OTHER, "bad", 2, journal=(Change(3, "optimizer.beta1", 0.5),)))
    with pytest.raises(ValueError, match="there is no lane '7'; choose one of 0, 1"):
        run.remove("7")
    run.remove("1")
    with pytest.raises(ValueError, match="the last lane of a run cannot leave it"):
        run.remove("0")
    assert list(stepped(run, 1)) == ["0"]
    run.stop()
    assert run.join(60)
    with pytest.raises(ValueError, match="the run is over: it takes no lane"):
        run.add(LaneSpec(MOONS, "late", 2))


def test_a_lane_and_a_change_of_it_that_are_asked_for_at_once_are_both_there_in_the_next_picture(run: Run) -> None:
    stepped(run, 5)
    run.add(OTHER.with_(seed=5))
    run.apply(Change(0, "optimizer.lr", 0.25), lane=2)
    assert [lane.id for lane in run.snapshot().lanes] == ["0", "1", "2"]
    assert stepped(run, 1)["2"].knobs["optimizer.lr"] == 0.25
