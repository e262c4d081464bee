"""What is evaluated, and when: the numbers of a race come out the same again, however it was watched."""

from collections.abc import Callable
from dataclasses import fields
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from nnviz.charts import CHARTS, TABLES
from nnviz.charts.chart import View
from nnviz.charts.podium import podium
from nnviz.charts.standings import standings
from nnviz.records.run import Evaluation, Lane, Snapshot
from nnviz.records.status import Status
from nnviz.runs.history import MOST, Evaluations
from nnviz.runs.pool import Pool
from nnviz.runs.run import Run
from nnviz.runs.schedule import Load, updates_to_evaluation
from nnviz.specs.experiment import Change, Choice, ExperimentSpec
from nnviz.specs.race import LaneChange, RaceSpec
from tests.runs import PATIENT, wait_for

MOONS = ExperimentSpec(Choice.of("moons", size=100), Choice.of("mlp", hidden="8"), batch_size=10, epochs=60)
LANES = (Choice("sgd"), Choice("adam"), Choice.of("sgd", lr=100))
BY_RACER = (LaneChange(0, Change(37, "batch_size", 3.0)), LaneChange(None, Change(111, "batch_size", 25.0)))
TARGET = 0.28
LABELS = ("SGD", "Adam", "Wild")


def race(*turns: LaneChange) -> RaceSpec:
    return RaceSpec(MOONS, LANES, 2, turns)


def at_once(run: Run) -> None:
    run.start()


def paced_with_pauses(run: Run) -> None:
    run.pace = 0.001
    for updates in (1, 4, 60):
        run.step(updates)
        assert wait_for(lambda: run.snapshot().status == Status.PAUSED)
        run.epoch()
        assert wait_for(lambda: run.snapshot().status == Status.PAUSED)
    run.start()
    run.pause()
    run.pace = 0.0
    run.start()


def finished(plan: RaceSpec, watch: Callable[[Run], None]) -> Snapshot:
    """Run a race to its end beside another one."""
    pool = Pool()
    run, other = (Run.of_race(each, LABELS, pool=pool) for each in (plan, RaceSpec(MOONS.with_(epochs=0), LANES)))
    other.start()
    watch(run)
    assert run.join(PATIENT)
    other.stop()
    return run.snapshot()


def told(snapshot: Snapshot) -> list[object]:
    """List every number of a race's page that is not about seconds."""
    board = TABLES["leaderboard"].draw(snapshot, view=View(target=TARGET))
    speed = [column["id"] for column in board["columns"]].index("speed")
    cells = [cell for row in board["rows"] for at, cell in enumerate(row["cells"]) if at != speed]
    return [
        cells,
        *map(_standing, standings(snapshot, TARGET)),
        *map(_finish, podium(snapshot, TARGET)),
        *_curves(snapshot),
    ]


def _standing(part: Any) -> list[object]:
    timed = ("seconds_per_update", "reached")
    return [getattr(part, each.name) for each in fields(part) if each.name not in timed] + [
        part.reached and part.reached[:2]
    ]


def _finish(part: Any) -> list[object]:
    return [getattr(part, each.name) for each in fields(part) if each.name not in ("standing", "is_fastest")]


def _curves(snapshot: Snapshot) -> list[object]:
    drawn = [CHARTS[name].draw(snapshot, view=View(target=TARGET)) for name in ("test_loss", "accuracy", "loss")]
    lines = [trace for figure in drawn for trace in figure["data"]]
    return [(trace["name"], np.asarray(trace["x"]).tolist(), np.asarray(trace["y"]).tolist()) for trace in lines]


def test_every_number_of_a_race_comes_out_the_same_however_it_was_watched(monkeypatch: pytest.MonkeyPatch) -> None:
    turns = BY_RACER
    first = finished(race(*turns), at_once)
    assert first.lanes[-1].status == Status.DIVERGED
    assert any(part.reached for part in standings(first, TARGET))
    assert repr(told(finished(race(*turns), paced_with_pauses))) == repr(told(first))
    monkeypatch.setattr("nnviz.runs.budget.LEAST_GAP", 0.0)
    monkeypatch.setattr("nnviz.runs.budget.SHARE", 10.0)
    monkeypatch.setattr("nnviz.runs.engine.SLICE", 1e-5)
    seen = finished(race(*turns), at_once)
    assert len(seen.lanes[0].records) > len(first.lanes[0].records)  # there was more to look at
    assert repr(told(seen)) == repr(told(first))


def test_a_race_that_was_changed_live_comes_out_the_same_from_its_replay() -> None:
    run = Run.of_race(race(), LABELS)
    for lanes, value in ((None, 40.0), ((0, 1), 2.0)):
        run.step(23)
        assert wait_for(lambda: run.snapshot().status == Status.PAUSED)
        run.apply(Change(0, "batch_size", value), lanes)
    run.start()
    assert run.join(PATIENT)
    live = run.snapshot()
    made = [LaneChange(racer, change) for racer in range(3) for change in live.lanes[2 * racer].journal]
    assert len(made) > 2
    assert repr(told(finished(race(*made), paced_with_pauses))) == repr(told(live))


def test_a_run_alone_is_evaluated_at_updates_of_its_own_and_shows_its_last_one_at_rest() -> None:
    steps = []
    for pace in (0.0, 0.001):
        run = Run([MOONS], pace=pace)
        run.step(200)
        assert wait_for(lambda run=run: run.snapshot().status == Status.PAUSED)  # type: ignore[misc]
        (lane,) = run.snapshot().lanes
        assert lane.measured[-1].step == lane.records[-1].step == 200
        assert {part.step for part in lane.evaluations} < {part.step for part in lane.measured}
        assert all(part.train_loss is not None for part in lane.evaluations)
        steps.append([part.step for part in lane.evaluations])
        run.stop()
    assert steps[0] == steps[1]


# ---- the updates


def evaluated(load: Load, until: int) -> list[int]:
    """List the updates at which a lane is evaluated that trains on full batches."""
    found, step = [0], 0
    while step < until:
        step += max(1, updates_to_evaluation(step, found[-1], [_since(load, step - found[-1])]))
        if updates_to_evaluation(step, found[-1], [_since(load, step - found[-1])]) <= 0:
            found.append(step)
    return found


def _since(load: Load, updates: int) -> Load:
    return Load(updates * load.batch, load.batch, load.evaluated)


SIZES = {"digits": (32, 1797), "digits in a race": (32, 360), "moons": (32, 500), "MNIST": (64, 10_000), "one": (1, 60)}


@pytest.mark.parametrize(("batch", "examples"), SIZES.values(), ids=SIZES)
def test_evaluating_comes_to_a_twentieth_of_the_examples_trained_on(batch: int, examples: int) -> None:
    found = evaluated(Load(0, batch, examples), 200_000)
    late = [step for step in found if step > 100_000]
    assert len(late) > 2
    gaps = np.diff(late)
    assert (examples / 3 <= gaps * batch / 20).all()  # to look at an example is a third of the work of training on it
    assert ((gaps - 1) * batch / 20 < examples / 3).all()


@pytest.mark.parametrize(("batch", "examples"), SIZES.values(), ids=SIZES)
def test_the_first_moments_are_lively(batch: int, examples: int) -> None:
    found = evaluated(Load(0, batch, examples), 2000)
    first = max(1, -(-examples // (3 * 4 * batch)))  # an evaluation costs at most four times the updates before it
    assert found[:2] == [0, first]
    assert len(found) >= 7
    assert all(later <= 4 * step for step, later in pairwise(found[1:]))


def test_a_test_that_costs_little_is_taken_at_each_of_the_first_updates() -> None:
    assert evaluated(Load(0, 32, 360), 9) == list(range(10))


# ---- what is kept


def kept(losses: list[float]) -> tuple[Evaluation, ...]:
    history = Evaluations()
    for step, loss in enumerate(losses):
        history.add(Evaluation(step, 0.0, 0.0, loss))
        assert len(history.all) <= MOST
        assert (history.all[0].step, history.all[-1].step) == (0, step)
    return history.all


def test_kept_evaluations_are_few_evenly_spread_and_have_the_best_one() -> None:
    losses = [1.0] * (20 * MOST)
    losses[777], losses[778], losses[900] = 0.5, float("nan"), float("-inf")
    steps = [part.step for part in kept(losses)]
    assert 777 in steps
    assert len(steps) > MOST // 4
    gaps = np.diff([step for step in steps if step != 777])[:-1]
    assert len(set(gaps.tolist())) == 1


def test_a_lane_that_was_made_by_hand_is_judged_by_its_records() -> None:
    from tests.snapshots import lane

    made: Lane = lane("digits")
    assert made.judged == made.measured == made.records
