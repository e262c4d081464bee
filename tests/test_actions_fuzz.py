"""Whatever a page may ask of a run, in any order: no exception but a sentence, no hung thread, and an exact journal."""

import threading
from contextlib import suppress
from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nnviz.records.run import Snapshot
from nnviz.records.status import Status
from nnviz.runs.pool import Pool
from nnviz.runs.run import Run
from nnviz.specs.experiment import Change, Choice, ExperimentSpec
from tests.runs import PATIENT, SMALL, WILD, replayed, threads, wait_for

TARGETS = ["optimizer.lr", "optimizer.beta1", "optimizer.momentum", "batch_size", "optimizer.nonesuch", "seed"]
VALUES = [0.0, 0.001, 0.5, 1.0, 7.0, 64.0, 1e9, -1.0, float("nan")]
SPECS = [
    (SMALL,),
    (SMALL.with_(epochs=3),),
    (SMALL.with_(batch_size=3, optimizer=Choice("rmsprop")), SMALL),
    (SMALL.with_(schedule=Choice.of("plateau", patience=0)), SMALL.with_(schedule=Choice("one_cycle"), epochs=9)),
    (WILD.with_(epochs=2), WILD.with_(epochs=2, optimizer=Choice.of("sgd", lr=0.01))),
]

Action = tuple[str, tuple[object, ...]]
ACTIONS: st.SearchStrategy[Action] = st.one_of(
    st.tuples(
        st.sampled_from(["prepare", "start", "pause", "resume", "epoch", "snapshot", "peek", "stop"]), st.just(())
    ),
    st.tuples(st.just("step"), st.tuples(st.sampled_from([1, 2, 5, 30, 0, -1]))),
    st.tuples(st.just("pace"), st.tuples(st.sampled_from([0.0, 0.0005, 0.002, -1.0, float("nan")]))),
    st.tuples(st.just("join"), st.tuples(st.sampled_from([0.0, 0.005]))),
    st.tuples(
        st.just("apply"),
        st.tuples(
            st.builds(Change, st.integers(0, 40), st.sampled_from(TARGETS), st.sampled_from(VALUES)),
            st.sampled_from([None, 0, 1, 9]),
        ),
    ),
)


def do(run: Run, name: str, arguments: tuple[object, ...]) -> None:
    """Ask for one thing; a sentence in answer is fine."""
    with suppress(ValueError):
        if name == "pace":
            run.pace = arguments[0]  # type: ignore[assignment]
        else:
            getattr(run, name)(*arguments)


def check(snapshot: Snapshot, before: Snapshot) -> None:
    """Hold a snapshot against what must always be so."""
    is_same = snapshot.version == before.version and snapshot.lanes is before.lanes  # on a slow machine but `asked`
    assert snapshot.version > before.version or is_same
    assert not before.status.is_over or snapshot.status == before.status
    for lane, earlier in zip(snapshot.lanes, before.lanes, strict=True):
        assert lane.step >= earlier.step
        assert lane.journal[: len(earlier.journal)] == earlier.journal
        assert len(lane.journal) == len(lane.marks)
        assert lane.status.is_over or lane.status == snapshot.status
        assert lane.status != Status.FAILED
        assert len(lane.curve.steps) == lane.step // lane.curve.stride
    if snapshot.status in (Status.PAUSED, Status.STOPPED):
        assert all(lane.records[-1].step == lane.step for lane in snapshot.lanes)


@given(st.sampled_from(SPECS), st.lists(ACTIONS, max_size=20))
@settings(max_examples=60, suppress_health_check=list(HealthCheck))
def test_a_run_takes_any_actions_in_any_order(specs: tuple[ExperimentSpec, ...], actions: list[Action]) -> None:
    run = Run(specs, pool=Pool())
    snapshot = run.peek()
    try:
        for name, arguments in actions:
            do(run, name, arguments)
            later = run.peek()
            check(later, snapshot)
            snapshot = later
    finally:
        run.stop()
    assert run.join(PATIENT)
    assert wait_for(lambda: not threads())
    check(run.snapshot(), snapshot)
    for lane in run.snapshot().lanes:
        assert lane.curve.losses.tolist() == replayed(lane)


@given(st.lists(st.lists(ACTIONS, max_size=8), min_size=2, max_size=3))
@settings(max_examples=15, suppress_health_check=list(HealthCheck))
def test_several_runs_of_a_crowded_pool_take_actions_from_several_threads(plans: list[list[Action]]) -> None:
    pool = Pool(max_live=1)
    runs = [Run([replace(SMALL, seed=seed)], pool=pool) for seed, _ in enumerate(plans)]
    faults: list[Exception] = []

    def carry_out(run: Run, actions: list[Action]) -> None:
        try:
            for name, arguments in actions:
                do(run, name, arguments)
        except Exception as error:
            faults.append(error)

    asking = [threading.Thread(target=carry_out, args=pair) for pair in zip(runs, plans, strict=True)]
    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join(PATIENT)
    for run in runs:
        run.stop()
    assert all(run.join(PATIENT) for run in runs)
    assert faults == []
    assert wait_for(lambda: not threads())
    assert pool.live == 0
    for run in runs:
        (lane,) = run.snapshot().lanes
        assert lane.curve.losses.tolist() == replayed(lane)
