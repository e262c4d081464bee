"""Records at the end of every epoch, where a run is asked for them."""

import pytest

from nnviz.records.run import Lane, Record
from nnviz.runs.history import MOST, History
from nnviz.runs.lane_spec import LaneSpec
from nnviz.runs.run import Run
from nnviz.specs.experiment import Change, ExperimentSpec
from nnviz.training import Detail, Experiment, train
from nnviz.training.measure import Observer
from tests.runs import PATIENT, SMALL, replayed, wait_for

EIGHT = SMALL.with_(epochs=8)  # 5 updates an epoch


def lanes_of(*specs: ExperimentSpec, pace: float = 0.0, each_epoch: bool = False) -> tuple[Lane, ...]:
    entrants = [LaneSpec(spec, str(place), place, Detail.SCORES, each_epoch) for place, spec in enumerate(specs)]
    run = Run(entrants, pace=pace)
    run.start()
    assert run.join(PATIENT)
    return run.snapshot().lanes


def ends_of(lane: Lane) -> list[int]:
    return [record.step for record in lane.records if record.epoch == int(record.epoch)]


@pytest.mark.parametrize("pace", [0.0, 0.002])
def test_a_run_is_measured_at_the_end_of_every_epoch(pace: float) -> None:
    (lane,) = lanes_of(EIGHT, pace=pace, each_epoch=True)
    assert ends_of(lane) == [5 * epoch for epoch in range(9)]


def test_an_epoch_whose_last_batch_is_smaller_ends_with_it() -> None:
    (lane,) = lanes_of(EIGHT.with_(batch_size=16, epochs=3), each_epoch=True)  # 50 = 16 + 16 + 16 + 2
    assert ends_of(lane) == [0, 4, 8, 12]


def test_the_losses_and_the_records_are_those_of_training_without_a_run() -> None:
    (lane,) = lanes_of(EIGHT, each_epoch=True)
    assert lane.curve.losses.tolist() == replayed(lane)
    alone = {record.step: record for record in train(EIGHT)}
    for record in lane.records:
        if record.step in alone:
            assert (record.train_loss, record.test_loss) == (
                alone[record.step].train_loss,
                alone[record.step].test_loss,
            )
    assert set(alone) <= {record.step for record in lane.records}


def test_lanes_of_other_batch_sizes_are_each_measured_at_their_own_ends() -> None:
    lanes = lanes_of(EIGHT, EIGHT.with_(batch_size=25), each_epoch=True)
    assert ends_of(lanes[0])[:4] == [0, 5, 10, 15]
    assert ends_of(lanes[1]) == [2 * epoch for epoch in range(9)]


def test_a_changed_batch_size_moves_the_end_of_the_epoch() -> None:
    run = Run((LaneSpec(EIGHT, "a", 0, Detail.SCORES, each_epoch=True),))
    run.apply(Change(7, "batch_size", 30))  # after 70 of 50 + 50 examples: one more update, not three
    run.start()
    assert run.join(PATIENT)
    assert ends_of(run.snapshot().lanes[0])[:4] == [0, 5, 8, 10]


def test_epochs_asked_for_one_by_one_and_steps_over_an_end_are_measured_too() -> None:
    run = Run((LaneSpec(EIGHT, "a", 0, Detail.SCORES, each_epoch=True),))
    run.step(12)
    assert wait_for(lambda: run.snapshot().lanes[0].step == 12 and run.snapshot().status == "paused")
    assert ends_of(run.snapshot().lanes[0]) == [0, 5, 10]
    run.epoch()
    assert wait_for(lambda: run.snapshot().lanes[0].step == 15 and run.snapshot().status == "paused")
    assert ends_of(run.snapshot().lanes[0]) == [0, 5, 10, 15]
    run.stop()


def a_record(step: int, per_epoch: int) -> Record:
    return Record(step, step / per_epoch, 0.0, 1.0, 1.0, None, None)


def test_the_ends_of_epochs_stay_when_the_history_is_full() -> None:
    history = History(keeps_epochs=True)
    for step in range(5 * MOST):
        history.add(a_record(step, 50))
    steps = [record.step for record in history.records]
    assert set(range(0, 5 * MOST, 50)) <= set(steps)
    assert steps == sorted(steps)
    assert len(steps) <= MOST + 1
    assert steps[-1] == 5 * MOST - 1


def test_a_history_that_is_not_asked_to_keeps_none_of_them_in_particular() -> None:
    history = History()
    for step in range(5 * MOST):
        history.add(a_record(step, 50))
    assert not set(range(0, 5 * MOST, 50)) <= {record.step for record in history.records}


def test_a_history_of_ends_alone_is_thinned_like_any() -> None:
    history = History(keeps_epochs=True)
    for step in range(20 * MOST):
        history.add(a_record(step, 1))
    assert len(history.records) <= MOST + 1
    assert (history.records[0].step, history.records[-1].step) == (0, 20 * MOST - 1)


def test_a_whole_record_holds_every_parameter_and_a_kept_one_none() -> None:
    experiment = Experiment(SMALL)
    experiment.advance(3)
    record = Observer(experiment).measure(Detail.WHOLE)
    assert record.values is not None
    for value, parameter in zip(record.values, experiment.model.parameters(), strict=True):
        assert value.tolist() == parameter.tolist()
        assert not value.flags.writeable
    assert record.as_kept().values is None
    full = Observer(experiment).measure(Detail.FULL)
    assert full.values is None
    assert record.parameters == full.parameters
