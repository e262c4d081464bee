import threading
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from random import Random
from time import monotonic, sleep

import pytest

from nnviz.records.status import Status
from nnviz.runs import pool as pool_module
from nnviz.runs.pool import LONG_S, MOST_LONG, Pool
from nnviz.runs.run import Run
from nnviz.specs.experiment import Choice, ExperimentSpec
from tests.runs import PATIENT, SMALL, replayed, threads, wait_for


class Worker:
    """Stands in for a run: does what it is told in each slice and notes its thread."""

    def __init__(self, *waits: float | None, work: Callable[[], object] = lambda: None) -> None:
        self.waits, self.work = list(waits), work
        self.slices = 0
        self.rested = threading.Event()
        self.seen_in: set[str] = set()

    def slice(self) -> float | None:
        self.slices += 1
        self.seen_in.add(threading.current_thread().name)
        self.work()
        wait = self.waits.pop(0) if self.waits else None
        if wait is None:
            self.rested.set()
        return wait


def finish(*runs: Run) -> None:
    for run in runs:
        run.stop()
    assert all(run.join(PATIENT) for run in runs)
    assert wait_for(lambda: not threads())


def status(run: Run) -> Status:
    return run.snapshot().status


def test_a_woken_worker_gets_slices_until_it_rests_and_the_thread_ends() -> None:
    pool, worker = Pool(), Worker(0.0, 0.001, 0.0)
    pool.wake(worker)
    assert worker.rested.wait(PATIENT)
    assert wait_for(lambda: not threads())
    assert worker.slices == 4
    assert worker.seen_in == {"nnviz-pool"}
    pool.wake(worker)
    assert wait_for(lambda: worker.slices == 5)
    assert wait_for(lambda: not threads())


def test_one_thread_drives_all_workers_in_turn() -> None:
    order: list[str] = []
    pool = Pool()
    first = Worker(0.0, 0.0, 0.0, work=lambda: order.append("first"))
    second = Worker(0.0, 0.0, 0.0, work=lambda: order.append("second"))

    def wake_both() -> None:
        for worker in (first, second):
            pool.wake(worker)

    pool.wake(Worker(work=wake_both))
    assert first.rested.wait(PATIENT)
    assert second.rested.wait(PATIENT)
    assert order == ["first", "second"] * 4


def test_a_worker_woken_in_its_own_slice_gets_another() -> None:
    pool, worker = Pool(), Worker(None, None)
    worker.work = lambda: pool.wake(worker) if worker.slices == 1 else None
    pool.wake(worker)
    assert wait_for(lambda: worker.slices == 2)
    assert wait_for(lambda: not threads())
    assert worker.slices == 2


def test_waking_cuts_a_long_wait_short_and_leaves_no_second_turn() -> None:
    pool, worker = Pool(), Worker(3600.0)
    pool.wake(worker)
    assert wait_for(lambda: worker.slices == 1)
    pool.wake(worker)
    assert worker.rested.wait(PATIENT)
    assert wait_for(lambda: not threads())
    assert worker.slices == 2


def test_an_exception_in_a_slice_ends_that_worker_alone() -> None:
    def fail() -> None:
        raise RuntimeError("a slice failed")

    pool, bad, good = Pool(), Worker(0.0, 0.0, work=fail), Worker(*[0.001] * 20)
    pool.wake(good)
    pool.wake(bad)
    assert good.rested.wait(PATIENT)
    assert (bad.slices, good.slices) == (1, 21)


def test_a_closed_pool_ends_its_thread_and_takes_no_more_work() -> None:
    pool, worker = Pool(), Worker(*[0.0] * 1_000_000)
    pool.wake(worker)
    assert wait_for(lambda: worker.slices > 3)
    pool.close()
    done = worker.slices
    assert wait_for(lambda: not threads())
    pool.wake(worker)
    assert not threads()
    assert worker.slices == done


def test_places_are_given_in_the_order_of_asking() -> None:
    pool, workers = Pool(max_live=2), [Worker() for _ in range(4)]
    assert [pool.enter(worker) for worker in workers] == [True, True, False, False]
    assert pool.live == 2
    assert pool.enter(workers[0])  # keeps its place
    pool.leave(workers[0])
    assert not pool.enter(workers[3])  # not before the third
    assert not pool.enter(workers[0])  # back at the end of the queue
    assert pool.enter(workers[2])
    assert wait_for(lambda: workers[2].slices == 1)
    assert not pool.enter(workers[3])
    pool.leave(workers[1])
    assert pool.enter(workers[3])
    pool.leave(workers[3])
    assert pool.enter(workers[0])
    assert wait_for(lambda: not threads())


def test_whoever_gives_up_waiting_is_passed_over() -> None:
    pool, workers = Pool(max_live=1), [Worker() for _ in range(3)]
    assert [pool.enter(worker) for worker in workers] == [True, False, False]
    pool.leave(workers[1])
    pool.leave(workers[0])
    assert wait_for(lambda: workers[2].slices == 1)
    assert workers[1].slices == 0
    assert pool.enter(workers[2])
    assert wait_for(lambda: not threads())


def test_two_places_that_become_free_at_once_call_two_from_the_queue() -> None:
    pool = Pool(max_live=2)
    leaving, waiting = [Worker(), Worker()], [Worker(), Worker()]
    entered: list[bool] = []
    for worker in waiting:
        worker.work = partial(lambda who: entered.append(pool.enter(who)), worker)
    assert [pool.enter(worker) for worker in (*leaving, *waiting)] == [True, True, False, False]

    def leave_both() -> None:
        for worker in leaving:
            pool.leave(worker)

    gate = Worker(work=leave_both)
    pool.wake(gate)
    assert wait_for(lambda: not threads())
    assert entered == [True, True]
    assert pool.live == 2


def test_a_run_beyond_the_cap_waits_with_a_sentence_and_starts_when_another_pauses() -> None:
    pool = Pool(max_live=1)
    first, second = Run([SMALL], pool=pool), Run([SMALL], pool=pool)
    first.start()
    assert wait_for(lambda: status(first) == "running")
    second.start()
    assert wait_for(lambda: status(second) == "waiting")
    waiting = second.snapshot()
    assert (
        str(waiting.message)
        == "As many runs as may train at once (1) do so; this one starts when one of them pauses or ends."
    )
    assert waiting.lanes[0].step == 0
    assert waiting.scene is not None
    first.pause()
    assert wait_for(lambda: second.snapshot().lanes[0].step > 0)
    assert (status(second), second.snapshot().message) == ("running", None)
    first.resume()
    assert wait_for(lambda: status(first) == "waiting")
    second.stop()
    assert wait_for(lambda: status(first) == "running")
    finish(first, second)


def test_a_run_that_waits_may_still_step() -> None:
    pool = Pool(max_live=1)
    first, second = Run([SMALL], pool=pool), Run([SMALL], pool=pool)
    first.start()
    second.start()
    assert wait_for(lambda: status(second) == "waiting")
    second.step(3)
    assert wait_for(lambda: second.snapshot().lanes[0].step == 3)
    assert status(second) == "paused"
    finish(first, second)


def test_a_waiting_run_that_nobody_watches_does_not_hold_up_the_queue() -> None:
    pool = Pool(max_live=1)
    first, forgotten, last = (Run([SMALL], patience=p, pool=pool) for p in (60.0, 0.0, 60.0))
    first.start()
    assert wait_for(lambda: status(first) == "running")
    forgotten.start()
    last.start()
    assert wait_for(lambda: status(last) == "waiting")
    first.stop()
    assert wait_for(lambda: status(last) == "running")
    finish(first, forgotten, last)


def test_full_speed_runs_of_one_pool_all_get_on() -> None:
    pool = Pool()
    slow = SMALL.with_(model=Choice.of("mlp", hidden="256,256"), batch_size=50)
    runs = [Run([spec], pool=pool) for spec in (SMALL, slow, SMALL.with_(seed=2))]
    for run in runs:
        run.start()
    assert wait_for(lambda: all(run.snapshot().lanes[0].step > 100 for run in runs))
    assert len(threads()) <= 2  # one leads, one stands by
    assert all(status(run) == "running" for run in runs)
    finish(*runs)


def test_a_run_rests_as_its_share_says_and_is_served_at_once_when_it_is_woken() -> None:
    starts: list[float] = []

    def work() -> None:
        starts.append(monotonic())
        sleep(0.02)

    pool, worker = Pool(share=0.2), Worker(0.0, 0.0, work=work)
    pool.wake(worker)
    assert worker.rested.wait(PATIENT)
    gaps = [later - sooner for sooner, later in pairwise(starts)]
    assert len(gaps) == 2
    assert min(gaps) >= 0.02 + 4 * 0.02  # a fifth of the time; a busy machine only lengthens it
    assert wait_for(lambda: not threads())

    hurried = Worker(3600.0, work=lambda: sleep(0.001))  # what is due in an hour, and woken before
    pool.wake(hurried)
    assert wait_for(lambda: hurried.slices == 1)
    pool.wake(hurried)
    assert hurried.rested.wait(PATIENT)
    assert wait_for(lambda: not threads())


def in_turn(monkeypatch: pytest.MonkeyPatch, count: int) -> tuple[Pool, list[Worker], Callable[[], int]]:
    """Make a pool without a thread, workers that go on, and what serves one of them for 10 ms and tells which."""
    clock, pool, workers = [1.0], Pool(), [Worker(*[0.0] * 1000) for _ in range(count)]
    monkeypatch.setattr(pool_module, "monotonic", lambda: clock[0])
    monkeypatch.setattr(pool, "_call_a_thread", lambda: None)

    def serve() -> int:
        first = pool._first()
        assert first is not None
        run = pool._begin(first[2])
        clock[0] += 0.01
        pool._done(threading.current_thread(), run, run.slice(), 0.01)
        return next(place for place, worker in enumerate(workers) if worker is run)

    for worker in workers:
        pool.wake(worker)
    return pool, workers, serve


def test_whoever_is_waited_for_comes_before_those_that_only_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    pool, workers, serve = in_turn(monkeypatch, 30)
    assert [serve() for _ in range(35)] == [*range(30), *range(5)]
    pool.wake(workers[29])
    pool.wake(workers[3])
    assert [serve() for _ in range(4)] == [29, 3, 5, 6]


def test_who_is_turned_again_and_again_comes_often_and_leaves_time_to_all_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pool, workers, serve = in_turn(monkeypatch, 30)
    for _ in range(30):
        serve()
    served = []
    for _ in range(300):
        pool.wake(workers[7])
        served.append(serve())
    counts = [served.count(place) for place in range(30)]
    assert 25 <= counts.pop(7) <= 45  # some ten times a second
    assert min(counts) >= 8


def test_runs_of_equal_specs_beside_each_other_in_one_pool_train_alike() -> None:
    pool = Pool()
    runs = [Run([ExperimentSpec(epochs=2)], pool=pool) for _ in range(3)]
    for run in runs:
        run.start()
    assert all(run.join(PATIENT) for run in runs)
    losses = [run.snapshot().lanes[0].curve.losses.tolist() for run in runs]
    assert len(losses[0]) == 90
    assert losses[0] == losses[1] == losses[2]


def test_a_slice_that_takes_long_holds_up_nobody_else() -> None:
    gate, pool = threading.Event(), Pool()
    stuck, others = Worker(work=gate.wait), [Worker(*[0.0] * 20) for _ in range(2)]
    pool.wake(stuck)
    for each in others:
        pool.wake(each)
    assert all(each.rested.wait(PATIENT) for each in others)
    pool.wake(stuck)  # asks for another slice, which comes after this one
    assert stuck.slices == 1
    gate.set()
    assert wait_for(lambda: not threads())
    assert [each.slices for each in (stuck, *others)] == [2, 21, 21]


def test_whoever_comes_while_a_slice_takes_long_is_served() -> None:
    gate, pool = threading.Event(), Pool()
    stuck, late = Worker(work=gate.wait), Worker()
    pool.wake(stuck)
    assert wait_for(lambda: stuck.slices == 1)
    pool.wake(late)
    assert late.rested.wait(PATIENT)
    gate.set()
    assert wait_for(lambda: not threads())


def test_only_a_few_long_slices_are_under_way_at_a_time_beside_all_short_ones() -> None:
    pool, gate, under_way, most = Pool(), threading.Event(), [0], [0]
    gate.set()

    def work_long() -> None:
        under_way[0] += 1
        most[0] = max(most[0], under_way[0])
        sleep(LONG_S * 1.2)
        gate.wait()
        under_way[0] -= 1

    long = [Worker(0.0, 0.0, work=work_long) for _ in range(MOST_LONG + 2)]
    for each in long[:MOST_LONG]:
        pool.wake(each)
    assert wait_for(lambda: all(each.slices > 1 for each in long[:MOST_LONG]))  # they are known by now
    gate.clear()
    quick = Worker(*[0.001] * 50)
    pool.wake(quick)
    assert quick.rested.wait(PATIENT)
    gate.set()
    assert wait_for(lambda: not threads())
    assert most[0] == MOST_LONG


def test_no_slice_of_a_run_begins_before_its_last_one_has_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool_module, "LONG_S", 0.002)
    random, pool = Random(1), Pool()
    inside: set[int] = set()
    twice: list[int] = []

    def work(number: int) -> None:
        if number in inside:
            twice.append(number)
        inside.add(number)
        sleep(random.choice((0, 0, 0.001, 0.006)))
        pool.wake(random.choice(workers))
        inside.discard(number)

    workers = [Worker(*[random.choice((0.0, 0.001, 0.005)) for _ in range(60)]) for _ in range(8)]
    for number, worker in enumerate(workers):
        worker.work = partial(work, number)
        pool.wake(worker)
    assert all(worker.rested.wait(PATIENT) for worker in workers)
    assert twice == []
    pool.close()
    assert wait_for(lambda: not threads())


@pytest.mark.parametrize("long_s", [0.0, 0.012])
def test_changing_threads_changes_no_bit(monkeypatch: pytest.MonkeyPatch, long_s: float) -> None:
    monkeypatch.setattr(pool_module, "LONG_S", long_s)
    pool, wide = Pool(), Choice.of("mlp", hidden="256,256")
    specs = [SMALL, SMALL.with_(model=wide), ExperimentSpec(epochs=0), SMALL.with_(model=wide, seed=3)]
    runs = [Run([spec], pool=pool) for spec in specs]
    for run in runs:
        run.start()
    assert wait_for(lambda: all(run.snapshot().lanes[0].step > 40 for run in runs))
    for run in runs:
        run.pause()
    assert wait_for(lambda: all(status(run) == "paused" for run in runs))
    for run in runs:
        lane = run.snapshot().lanes[0]
        assert lane.curve.losses.tolist() == replayed(lane)
    finish(*runs)
