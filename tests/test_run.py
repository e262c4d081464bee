import logging
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from nnviz.records.run import Record, Snapshot
from nnviz.records.status import Status
from nnviz.runs.pool import Pool
from nnviz.runs.run import Run
from nnviz.specs.experiment import Change, Choice, ExperimentSpec
from nnviz.training import Experiment, Observer
from tests.runs import PATIENT, SMALL, WILD, arrays, replayed, threads, wait_for

Make = Callable[..., Run]


@pytest.fixture
def make() -> Iterator[Make]:
    """Make runs that are stopped when the test ends; none may leave its thread behind."""
    assert wait_for(lambda: not threads())  # what ran before may be about to end
    made: list[Run] = []

    def run(*specs: ExperimentSpec, pace: float = 0.0, patience: float = 60.0, pool: Pool | None = None) -> Run:
        made.append(Run(specs, pace=pace, patience=patience, pool=pool))
        return made[-1]

    yield run
    for one in made:
        one.stop()
    assert all(one.join(PATIENT) for one in made)
    assert wait_for(lambda: not threads())


def wait_for_steps(run: Run, steps: int) -> Snapshot:
    assert wait_for(lambda: run.snapshot().lanes[0].step >= steps)
    return run.snapshot()


def raise_in(method: str, monkeypatch: pytest.MonkeyPatch, seed: int, after: int = 0) -> None:
    """Let experiments with that seed, or what measures them, fail in a method once they have done so many updates."""
    kind: type[Experiment | Observer] = Observer if method == "measure" else Experiment
    original = getattr(kind, method)

    def failing(at: Experiment | Observer, *arguments: object) -> object:
        experiment = at if isinstance(at, Experiment) else at.experiment
        if experiment.spec.seed == seed and experiment.step >= after:
            raise RuntimeError("the cat sat on the keyboard\nand a second line")
        return original(at, *arguments)

    monkeypatch.setattr(kind, method, failing)


# ---- the walk


def test_a_new_run_is_ready_and_has_no_thread(make: Make) -> None:
    run = make(SMALL)
    snapshot = run.snapshot()
    assert (snapshot.status, snapshot.version, snapshot.message) == ("ready", 0, None)
    assert [(lane.label, lane.spec, lane.step, lane.records) for lane in snapshot.lanes] == [("adam", SMALL, 0, ())]
    assert not threads()


def test_a_prepared_run_shows_data_and_untrained_network(make: Make) -> None:
    run = make(SMALL)
    run.prepare()
    snapshot = run.snapshot(PATIENT)
    assert snapshot.status == "ready"
    assert snapshot.scene is not None
    assert snapshot.scene.dataset == "Moons"
    (lane,) = snapshot.lanes
    assert [record.step for record in lane.records] == [0]
    assert lane.records[0].field is not None
    assert lane.knobs["optimizer.lr"] == 0.01
    assert wait_for(lambda: not threads())


def test_a_run_walks_from_ready_to_done(make: Make) -> None:
    run = make(SMALL.with_(epochs=4), pace=0.01)
    seen: list[Status] = []

    def is_done() -> bool:
        seen.append(run.snapshot().status)
        return seen[-1] == Status.DONE

    run.start()
    assert wait_for(is_done)
    order = [status for place, status in enumerate(seen) if place == 0 or status != seen[place - 1]]
    walk = [Status.READY, Status.STARTING, Status.RUNNING, Status.DONE]
    assert [status for status in walk if status in order] == order
    assert Status.RUNNING in order
    (lane,) = run.snapshot().lanes
    assert (lane.status, lane.step, lane.epoch, lane.message) == ("done", 20, 4.0, None)
    assert lane.records[-1].step == 20
    assert_array_equal(lane.curve.steps, np.arange(1, 21))


def test_a_paused_run_keeps_everything_and_goes_on_where_it_was(make: Make) -> None:
    run = make(SMALL)
    run.start()
    wait_for_steps(run, 20)
    run.pause()
    paused = run.snapshot()
    assert paused.status == "paused"
    assert paused.lanes[0].records[-1].step == paused.lanes[0].step
    assert wait_for(lambda: not threads())
    assert run.snapshot() is paused
    run.resume()
    later = wait_for_steps(run, paused.lanes[0].step + 20)
    assert later.status == "running"
    run.pause()
    lane = run.snapshot().lanes[0]
    assert lane.curve.losses.tolist() == replayed(lane)


@pytest.mark.parametrize("n", [1, 2, 7, 500])
def test_step_adds_exactly_so_many_updates(make: Make, n: int) -> None:
    run = make(SMALL)
    for times in (1, 2):
        run.step(n)
        assert wait_for(lambda: run.snapshot().status == "paused")
        assert run.snapshot().lanes[0].step == times * n


def test_steps_asked_for_in_a_row_add_up(make: Make) -> None:
    run = make(SMALL)
    for _ in range(20):
        run.step(3)
    assert wait_for(lambda: run.snapshot().lanes[0].step == 60)
    assert run.snapshot().status == "paused"
    assert wait_for(lambda: not threads())
    assert run.snapshot().lanes[0].step == 60


def test_steps_asked_for_from_many_threads_add_up(make: Make) -> None:
    run = make(SMALL)

    def ask() -> None:
        for _ in range(50):
            run.step(1)

    asking = [threading.Thread(target=ask) for _ in range(4)]
    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join()
    assert wait_for(lambda: run.snapshot().lanes[0].step >= 200)
    assert wait_for(lambda: not threads())
    assert run.snapshot().lanes[0].step == 200


@pytest.mark.parametrize("before", [Run.start, Run.step, lambda run: run.step(30)])
def test_steps_asked_for_in_the_middle_of_a_slice_are_all_done(
    make: Make, monkeypatch: pytest.MonkeyPatch, before: Callable[[Run], None]
) -> None:
    run = make(SMALL)
    reached: list[int] = []
    original = Experiment.advance

    def advance(experiment: Experiment, updates: int) -> int:
        done = original(experiment, updates)
        if not reached:
            reached.append(experiment.step)
            run.pause()  # what is left of earlier steps is forgotten
            run.step(5)
        return done

    monkeypatch.setattr(Experiment, "advance", advance)
    before(run)
    assert wait_for(lambda: run.snapshot().status == "paused" and not threads())
    assert run.snapshot().lanes[0].step == reached[0] + 5


def test_a_step_of_a_running_run_pauses_it(make: Make) -> None:
    run = make(SMALL)
    run.start()
    wait_for_steps(run, 10)
    run.step()
    assert run.snapshot().status == "paused"


def test_epoch_goes_on_to_the_end_of_the_epoch(make: Make) -> None:
    run = make(SMALL)
    run.epoch()
    assert wait_for(lambda: run.snapshot().status == "paused")
    assert run.snapshot().lanes[0].epoch == 1.0
    run.step(2)
    assert run.snapshot().lanes[0].step == 7
    run.epoch()
    assert wait_for(lambda: run.snapshot().lanes[0].epoch == 2.0)
    assert run.snapshot().status == "paused"


def test_epoch_ends_there_although_the_batch_size_changes_just_before(make: Make) -> None:
    run = make(SMALL)
    run.apply(Change(0, "batch_size", 3.0))
    run.epoch()
    assert wait_for(lambda: run.snapshot().status == "paused")
    assert (run.snapshot().lanes[0].epoch, run.snapshot().lanes[0].step) == (1.0, 17)


def test_epoch_ends_there_although_the_batch_size_changes_on_the_way(make: Make) -> None:
    run = make(SMALL.with_(batch_size=1), pace=0.01)
    run.epoch()
    wait_for_steps(run, 3)
    run.apply(Change(0, "batch_size", 4.0))
    assert wait_for(lambda: run.snapshot().status == "paused")
    (lane,) = run.snapshot().lanes
    assert lane.epoch == 1.0
    assert lane.step < 50
    assert [change.target for change in lane.journal] == ["batch_size"]


def test_a_pace_is_not_overtaken(make: Make) -> None:
    run, pace = make(SMALL, pace=0.02), 0.02
    run.prepare()
    run.snapshot(PATIENT)
    start = monotonic()
    run.start()
    for steps in range(2, 12, 3):
        done = wait_for_steps(run, steps).lanes[0].step
        assert done <= (monotonic() - start) / pace + 2
    assert run.snapshot().pace == run.pace == pace


def test_a_new_pace_holds_at_once(make: Make) -> None:
    run = make(SMALL, pace=30.0)
    run.start()
    assert wait_for_steps(run, 1).lanes[0].step == 1
    run.pace = 0.0
    assert wait_for_steps(run, 100).pace == 0.0


def test_a_stopped_run_keeps_its_last_snapshot_and_cannot_go_on(make: Make) -> None:
    run = make(SMALL)
    run.start()
    wait_for_steps(run, 10)
    run.stop()
    assert run.join(PATIENT)
    stopped = run.snapshot()
    assert stopped.status == "stopped"
    assert stopped.lanes[0].records[-1].step == stopped.lanes[0].step
    for ask in (run.start, run.step, run.epoch, run.pause, run.stop, run.prepare):
        ask()
        assert run.snapshot() is stopped
    run.apply(Change(0, "optimizer.lr", 0.5))
    assert run.snapshot().lanes[0].journal == ()


def test_stop_is_for_good_even_when_start_follows_at_once(make: Make) -> None:
    run = make(SMALL)
    run.stop()
    run.start()
    assert run.join(PATIENT)
    assert run.snapshot().status == "stopped"


def test_join_gives_up_after_its_time(make: Make) -> None:
    run = make(SMALL)
    run.start()
    assert not run.join(0.05)
    run.stop()
    assert run.join(PATIENT)
    assert run.join()


# ---- what cannot be


def test_a_run_needs_something_to_train() -> None:
    with pytest.raises(ValueError, match="at least one"):
        Run([])


@pytest.mark.parametrize("pace", [-1.0, 61.0, float("nan"), float("inf")])
def test_a_pace_that_cannot_be_is_refused(make: Make, pace: float) -> None:
    with pytest.raises(ValueError, match=f"{pace!r}"):
        Run([SMALL], pace=pace)
    run = make(SMALL, pace=0.5)
    with pytest.raises(ValueError, match=f"{pace!r}"):
        run.pace = pace
    assert run.pace == 0.5


@pytest.mark.parametrize("n", [0, -3, 1.5])
def test_a_number_of_updates_that_cannot_be_is_refused(make: Make, n: int) -> None:
    with pytest.raises(ValueError, match=f"{n!r}"):
        make(SMALL).step(n)


@pytest.mark.parametrize(
    "spec",
    [
        SMALL.with_(optimizer=Choice("nonesuch")),
        SMALL.with_(optimizer=Choice.of("adam", lr=-1)),
        SMALL.with_(loss=Choice("gaussian_nll")),
        SMALL.with_(device="abacus"),
    ],
)
def test_a_spec_that_cannot_be_built_is_refused_before_anything_starts(spec: ExperimentSpec) -> None:
    with pytest.raises(ValueError, match=r"choose one of|must be"):
        Run([SMALL, spec])


@pytest.mark.parametrize(
    ("target", "value"), [("optimizer.lr", -1.0), ("optimizer.speed", 1.0), ("batch_size", 0.5), ("seed", 2.0)]
)
def test_a_change_that_cannot_be_is_refused_to_whoever_asks(make: Make, target: str, value: float) -> None:
    run = make(SMALL)
    with pytest.raises(ValueError, match=target.rpartition(".")[2]):
        run.apply(Change(0, target, value))
    run.step(5)
    assert run.snapshot(PATIENT).lanes[0].journal == ()


def test_a_change_that_one_lane_cannot_take_reaches_none(make: Make) -> None:
    run = make(SMALL, SMALL.with_(optimizer=Choice("sgd")))
    with pytest.raises(ValueError, match="beta1"):
        run.apply(Change(0, "optimizer.beta1", 0.5))
    run.apply(Change(0, "optimizer.beta1", 0.5), lane=0)
    run.step()
    snapshot = run.snapshot(PATIENT)
    assert [len(lane.journal) for lane in snapshot.lanes] == [1, 0]


@pytest.mark.parametrize("lane", [2, -1])
def test_a_change_for_a_lane_that_is_not_there_is_refused(make: Make, lane: int) -> None:
    with pytest.raises(ValueError, match=f"{lane}"):
        make(SMALL, SMALL).apply(Change(0, "optimizer.lr", 0.5), lane=lane)


# ---- changes


def test_a_change_from_another_thread_is_a_mark_and_part_of_the_journal(make: Make) -> None:
    run = make(SMALL)
    run.start()
    wait_for_steps(run, 10)
    other = threading.Thread(target=run.apply, args=(Change(0, "optimizer.lr", 0.3),))
    other.start()
    other.join()
    wait_for_steps(run, run.snapshot().lanes[0].step + 10)
    run.pause()
    (lane,) = run.snapshot().lanes
    (change,) = lane.journal
    assert (change.target, change.value) == ("optimizer.lr", 0.3)
    assert change.step >= 10
    assert [(mark.step, str(mark.text)) for mark in lane.marks] == [(change.step, "Learning rate 0.01 → 0.3")]
    assert lane.knobs["optimizer.lr"] == 0.3
    assert lane.curve.losses.tolist() == replayed(lane)


def test_a_change_planned_for_later_holds_from_then_on(make: Make) -> None:
    run = make(SMALL)
    run.apply(Change(7, "optimizer.lr", 0.3))
    run.step(20)
    assert wait_for(lambda: run.snapshot().lanes[0].step == 20)
    (lane,) = run.snapshot().lanes
    assert lane.journal == (Change(7, "optimizer.lr", 0.3),)
    assert lane.curve.losses.tolist() == replayed(lane)


def test_lanes_of_one_optimizer_are_numbered(make: Make) -> None:
    run = make(SMALL, SMALL.with_(optimizer=Choice("sgd")), SMALL)
    assert [lane.label for lane in run.snapshot().lanes] == ["adam 1", "sgd", "adam 2"]


# ---- failure is a status


def test_a_diverged_lane_says_so_and_the_others_train_as_if_alone(make: Make) -> None:
    tame = WILD.with_(optimizer=Choice.of("sgd", lr=0.01), epochs=30)
    run = make(WILD.with_(epochs=30), tame)
    run.start()
    assert run.join(PATIENT)
    snapshot = run.snapshot()
    wild, other = snapshot.lanes
    assert (snapshot.status, wild.status, other.status) == ("done", "diverged", "done")
    assert wild.message == snapshot.message
    assert f"update {wild.step:,}" in str(wild.message)
    assert "smaller learning rate" in str(wild.message)
    assert len(wild.curve.losses) == wild.step
    assert np.isfinite(wild.curve.losses[:-1]).all()
    assert not np.isfinite(wild.curve.losses[-1])
    assert other.step == 30 * 7
    assert other.curve.losses.tolist() == replayed(other)


def test_a_run_whose_only_lane_diverged_has_diverged(make: Make) -> None:
    run = make(WILD)
    run.start()
    assert run.join(PATIENT)
    assert run.snapshot().status == "diverged"
    assert run.snapshot().lanes[0].records[-1].step == run.snapshot().lanes[0].step


@pytest.mark.parametrize(("method", "after"), [("advance", 0), ("advance", 20), ("measure", 0), ("measure", 20)])
def test_an_exception_ends_its_lane_with_a_sentence_and_a_logged_traceback(
    make: Make, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, method: str, after: int
) -> None:
    raise_in(method, monkeypatch, seed=13, after=after)
    pool = Pool()
    spec = SMALL.with_(epochs=20)
    bad, good = make(spec.with_(seed=13), spec, pool=pool), make(spec.with_(seed=2), pool=pool)
    with caplog.at_level(logging.ERROR, "nnviz"):
        for run in (bad, good):
            run.start()
            assert run.join(PATIENT)
    failed, beside = bad.snapshot().lanes
    assert (failed.status, beside.status, good.snapshot().status) == ("failed", "done", "done")
    assert str(failed.message) == "Training stopped with RuntimeError: the cat sat on the keyboard"
    assert bad.snapshot().message == failed.message
    assert failed.step >= after
    assert beside.curve.losses.tolist() == replayed(beside)
    logged = [entry for entry in caplog.records if entry.exc_info]
    assert len(logged) == 1
    assert logged[0].exc_info is not None
    assert isinstance(logged[0].exc_info[1], RuntimeError)


def test_a_fault_outside_the_lanes_ends_one_run_with_a_sentence(
    make: Make, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*arguments: object) -> None:
        raise KeyError("scene")

    pool = Pool()
    bad, good = make(SMALL.with_(epochs=2), pool=pool), make(SMALL.with_(epochs=2), pool=pool)
    with monkeypatch.context() as patch, caplog.at_level(logging.ERROR, "nnviz"):
        patch.setattr("nnviz.runs.engine.scene", fail)
        bad.start()
        assert bad.join(PATIENT)
    snapshot = bad.snapshot()
    assert snapshot.status == "failed"
    assert str(snapshot.message) == "This run stopped with KeyError; details are in the server's log."
    assert snapshot.version > 0
    assert any(entry.exc_info for entry in caplog.records)
    good.start()
    assert good.join(PATIENT)
    assert good.snapshot().status == "done"


def test_missing_data_end_a_run_with_the_sentence_that_says_what_to_do(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NNVIZ_DATA", str(tmp_path))
    run = make(SMALL.with_(dataset=Choice("mnist")))
    run.start()
    assert run.join(PATIENT)
    snapshot = run.snapshot()
    assert (snapshot.status, snapshot.lanes[0].status) == ("failed", "failed")
    assert "MNIST" in str(snapshot.message)
    assert "NNVIZ_DATA" in str(snapshot.message)
    assert snapshot.message == snapshot.lanes[0].message
    assert "\n" not in str(snapshot.message)


# ---- watched or asleep


def test_a_run_that_nobody_watches_falls_asleep_and_wakes_when_looked_at(make: Make) -> None:
    run = make(SMALL, patience=0.2)
    run.prepare()
    assert wait_for(lambda: run.peek().scene)  # it is not asleep before it is there
    run.start()
    assert wait_for(lambda: run.peek().status == "asleep")
    assert wait_for(lambda: not threads())
    asleep = run.peek().lanes[0]
    assert asleep.step > 0
    assert asleep.records[-1].step == asleep.step
    assert run.peek().lanes[0] is asleep  # looking on without watching does not wake it
    assert wait_for(lambda: run.snapshot().lanes[0].step > asleep.step)
    assert run.snapshot().status == "running"
    run.pause()
    (lane,) = run.snapshot().lanes
    assert lane.curve.losses.tolist() == replayed(lane)


def test_a_run_that_somebody_joins_goes_on_however_short_its_patience(make: Make) -> None:
    run = make(SMALL.with_(epochs=1), patience=0.1, pace=0.2)
    run.start()
    assert run.join(PATIENT)
    assert run.snapshot().status == "done"


def test_a_paused_run_does_not_fall_asleep_but_stays_paused(make: Make) -> None:
    run = make(SMALL, patience=0.0)
    run.step(4)
    assert wait_for(lambda: run.peek().status == "paused")
    assert wait_for(lambda: not threads())
    assert (run.snapshot().status, run.snapshot().lanes[0].step) == ("paused", 4)


# ---- snapshots


def test_snapshots_cannot_be_written_to_and_do_not_change(make: Make) -> None:
    run = make(SMALL.with_(model=Choice.of("mlp", hidden="4,4")))
    run.step(10)
    old = run.snapshot(PATIENT)
    before = [array.copy() for array in arrays(old)]
    assert len(before) > 10
    assert not any(array.flags.writeable for array in arrays(old))
    run.start()
    wait_for_steps(run, 60)
    run.pause()
    assert run.snapshot().lanes[0].step > old.lanes[0].step
    for array, copy in zip(arrays(old), before, strict=True):
        assert_array_equal(array, copy)


def test_a_running_runs_snapshots_stay_bounded_and_every_record_has_its_views_while_there_is_room(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nnviz.runs.budget.LEAST_GAP", 0.0)
    monkeypatch.setattr("nnviz.runs.budget.SHARE", 10.0)
    run = make(SMALL)
    run.start()
    assert wait_for(lambda: len(run.snapshot().lanes[0].records) > 20)
    records: tuple[Record, ...] = run.snapshot().lanes[0].records
    assert all(record.field is not None for record in records)
    assert (np.diff([record.step for record in records]) > 0).all()
    assert records[0].step == 0


def test_many_threads_may_steer_and_watch_at_once(make: Make) -> None:
    run, end = make(SMALL), monotonic() + 2.0
    versions: dict[int, list[int]] = {number: [] for number in range(6)}
    faults: list[Exception] = []

    def hammer(number: int) -> None:
        generator = np.random.default_rng(number)
        asks: list[Callable[[], object]] = [
            run.pause,
            run.resume,
            run.step,
            run.epoch,
            run.peek,
            lambda: run.apply(Change(0, "optimizer.lr", float(generator.choice([0.001, 0.01, 0.1])))),
            lambda: run.apply(Change(0, "batch_size", float(generator.integers(1, 40)))),
        ]
        try:
            while monotonic() < end:
                asks[generator.integers(len(asks))]()
                versions[number].append(run.snapshot().version)
        except Exception as error:
            faults.append(error)

    hammering = [threading.Thread(target=hammer, args=(number,)) for number in versions]
    for thread in hammering:
        thread.start()
    for thread in hammering:
        thread.join(PATIENT)
    assert not any(thread.is_alive() for thread in hammering)
    assert faults == []
    for seen in versions.values():
        assert seen == sorted(seen)
        assert len(seen) > 1
    run.stop()
    assert run.join(PATIENT)
    (lane,) = run.snapshot().lanes
    assert lane.step > 0
    assert lane.curve.losses.tolist() == replayed(lane)
