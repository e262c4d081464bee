"""The sentence about a live change: it says what the losses of batches before and after it can bear, and no more."""

from dataclasses import replace

import numpy as np
import pytest

from nnviz.records.run import Curve, Doubles, Lane, Mark, Snapshot
from nnviz.records.status import Status
from nnviz.runs.lane import LaneTrainer
from nnviz.runs.lane_spec import LaneSpec
from nnviz.specs.experiment import Change, Choice, ExperimentSpec
from nnviz.ui.since import last_turn, since
from nnviz.words.language import message
from nnviz.words.messages import CHANGE
from tests.snapshots import SNAPSHOTS

EPOCH = 20  # updates


def noisy(level: float, count: int, noise: float = 0.1, seed: int = 0) -> Doubles:
    return level * (1 + noise * np.random.default_rng(seed).normal(size=count))


def turned(step: int, before: float, after: float, knob: str = "Learning rate") -> Mark:
    return Mark(step, step / EPOCH, 0.0, message(CHANGE["from_to"], knob=message(knob), before=before, after=after))


def run(losses: Doubles, *marks: Mark, status: Status = Status.RUNNING) -> Snapshot:
    steps = np.arange(1.0, len(losses) + 1)
    curve = Curve(steps, steps / EPOCH, steps / 800, losses)
    lane = Lane("", ExperimentSpec(), status, None, len(losses), len(losses) / EPOCH, 0.0, curve, (), marks)
    return Snapshot(1, status, None, (lane,))


def then(before: float, after: float, count: int = 100) -> Doubles:
    return np.concatenate([noisy(before, 100), noisy(after, count)])


LOWERED = turned(100, 0.1, 0.01)


def test_a_loss_that_fell_is_told_with_both_values() -> None:
    assert since(run(then(0.41, 0.12), LOWERED)) == "Loss fell from 0.41 to 0.12 since the learning rate was lowered."


def test_a_loss_that_rose_is_told_so_with_the_knob_s_own_name() -> None:
    told = since(run(then(0.2, 0.9), turned(100, 0, 0.9, "Momentum")))
    assert (told[:15], told[-26:]) == ("Loss rose from ", "since momentum was raised.")
    assert since(run(then(0.2, 0.9), turned(100, 32, 8, "Batch size"))).endswith("since the batch size was lowered.")


@pytest.mark.parametrize("seed", range(20))
def test_noise_alone_is_no_clear_change(seed: int) -> None:
    losses = noisy(0.4, 200, noise=0.5, seed=seed)
    assert since(run(losses, LOWERED)) == "No clear change of the loss yet since the learning rate was lowered."


def test_single_losses_far_out_do_not_hide_that_it_fell() -> None:
    wild = 0.5 * np.exp(1.5 * np.random.default_rng(0).normal(size=100))
    assert since(run(np.concatenate([wild, noisy(0.05, 30)]), LOWERED)).startswith("Loss fell from")


def test_a_difference_too_small_to_see_is_no_clear_change() -> None:
    losses = np.concatenate([noisy(0.4, 100, noise=1e-6), noisy(0.399, 100, noise=1e-6)])
    assert since(run(losses, LOWERED)).startswith("No clear change")


@pytest.mark.parametrize("after", [0, 1, 7])
def test_just_after_a_change_nothing_is_clear_yet(after: int) -> None:
    assert since(run(then(0.4, 0.01, count=after), LOWERED)).startswith("No clear change")


def test_a_run_that_is_over_is_not_said_to_be_unclear_yet() -> None:
    losses = noisy(0.4, 200)
    told = {status: since(run(losses, LOWERED, status=status)) for status in (Status.PAUSED, Status.DONE)}
    assert " yet since " in told[Status.PAUSED]
    assert told[Status.DONE] == "No clear change of the loss since the learning rate was lowered."


def test_it_goes_on_comparing_with_the_moment_of_the_change() -> None:
    losses = np.concatenate([noisy(0.4, 100), noisy(0.2, 300), noisy(0.05, 100)])
    assert " to 0.050 since " in since(run(losses, LOWERED))


def test_nothing_is_said_without_a_change_or_before_anything_was_trained() -> None:
    assert since(run(then(0.4, 0.1))) == ""
    assert since(run(np.empty(0), turned(0, 0.1, 0.01))) == ""
    assert since(run(noisy(0.4, 100), turned(0, 0.1, 0.01))) == ""


def test_a_loss_that_left_the_finite_numbers_is_told_by_how_soon() -> None:
    losses = np.append(then(0.4, 5.0, count=36), np.nan)
    raised = turned(100, 0.1, 100)
    assert (
        since(run(losses, raised, status=Status.DIVERGED)) == "That was 37 updates after the learning rate was raised."
    )
    late = run(then(0.4, 0.3, count=5000), raised, status=Status.DIVERGED)
    assert since(late) == ""


def test_turns_of_one_knob_in_a_row_are_one_change() -> None:
    marks = (turned(40, 1, 0.5), turned(98, 0.5, 0.3), turned(100, 0.3, 0.1), turned(103, 0.1, 0.01))
    found = last_turn(marks)
    assert found is not None
    assert (found.step, found.way) == (98, "down")
    assert last_turn((turned(100, 0.3, 0.1), turned(103, 0.1, 0.3))) is None  # taken back


def test_several_knobs_turned_at_once_are_not_told_apart() -> None:
    told = since(run(then(0.4, 0.1), turned(100, 0.1, 0.01), turned(100, 0, 0.9, "Momentum")))
    assert told.startswith("Loss fell from 0.4")
    assert told.endswith("since the last changes.")


@pytest.mark.parametrize(
    ("level", "written"), [(1234, "1,234"), (12, "12"), (2, "2.0"), (0.1, "0.10"), (2e-5, "2.0e-05")]
)
def test_two_digits_are_written_whatever_the_size(level: float, written: str) -> None:
    losses = np.concatenate([noisy(level * 5, 100), np.full(100, float(level))])
    assert f" to {written} since " in since(run(losses, LOWERED))


@pytest.mark.parametrize("stage", [name for name, snapshot in SNAPSHOTS.items() if len(snapshot.lanes) > 2])
def test_of_a_race_nothing_is_said(stage: str) -> None:
    snapshot = SNAPSHOTS[stage]
    lanes = tuple(replace(lane, marks=(turned(1, 1, 2),)) for lane in snapshot.lanes)
    assert since(replace(snapshot, lanes=lanes)) == ""


SLOW = ExperimentSpec(
    dataset=Choice("moons"), model=Choice.of("mlp", hidden="8"), activation=Choice("tanh"),
    optimizer=Choice.of("sgd", lr=1e-5), epochs=0,
)  # fmt: skip


@pytest.mark.parametrize("seed", range(1, 6))
def test_of_a_real_run_it_says_that_a_useful_rate_helped_and_a_useless_one_did_nothing(seed: int) -> None:
    for rate, told in ((0.3, "Loss fell from "), (1.1e-5, "No clear change")):
        trainer = LaneTrainer(LaneSpec(SLOW.with_(seed=seed), "", 0))
        trainer.build()
        trainer.advance(100)
        assert trainer.experiment is not None
        trainer.experiment.apply(Change(100, "optimizer.lr", rate))
        trainer.advance(100)
        snapshot = Snapshot(1, Status.RUNNING, None, (trainer.freeze(Status.RUNNING),))
        assert since(snapshot).startswith(told)
