"""The range test of learning rates: on a copy, equal to a loop by hand, and its suggestion trains well."""

import math
from collections.abc import Iterator

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose, assert_array_equal

from nnviz.catalog import OPTIMIZERS
from nnviz.records.rate_curve import RateCurve
from nnviz.records.run import Lane
from nnviz.records.status import Status
from nnviz.runs.pool import Pool
from nnviz.runs.rate_test import RateTest, rate_curve
from nnviz.sessions.session import Session
from nnviz.sessions.trials import can_try, find_rate, forget_rates, take_rate, take_rate_near
from nnviz.specs.experiment import Change, Choice, ExperimentSpec
from nnviz.training import Checkpoint, Detail, Experiment, Observer
from nnviz.training.copied import Copied
from nnviz.training.range_test import has_exploded, rates_of, smoothed, suggestion
from tests.runs import PATIENT, SMALL, WILD, replayed, threads, wait_for
from tests.seeds import SEEDS


@pytest.fixture
def pool() -> Iterator[Pool]:
    made = Pool()
    yield made
    made.close()
    assert wait_for(lambda: not threads())


def session_of(spec: ExperimentSpec, pool: Pool) -> Session:
    return Session(spec, "me", pool)


def lane_of(session: Session) -> Lane:
    return session.snapshot().lanes[0]


def curve_of(session: Session) -> RateCurve:
    found = session.snapshot().rate_curve
    assert found is not None
    return found


def finished(session: Session) -> RateCurve:
    find_rate(session)
    assert wait_for(lambda: curve_of(session).status.is_over)
    return curve_of(session)


def found_by(experiment: Experiment, updates: int = 200) -> RateCurve:
    *_, found = rate_curve(Copied.of(experiment), RateCurve(spec=experiment.spec), updates)
    return found


def parts(found: Checkpoint) -> list[object]:
    """Take a checkpoint apart into what compares exactly."""
    tensors = [found.parameters, found.gradients, found.before, *found.buffers.values(), found.generator, found.noise]
    state = [
        value.tolist() if isinstance(value, torch.Tensor) else value
        for optimizer in found.optimizers
        for moments in (*optimizer["state"].values(), *optimizer["param_groups"])
        for value in moments.values()
    ]
    place = found.place.seen, found.place.order.tolist(), found.place.digest, found.batch_size
    return [found.step, place, [each.tolist() for each in tensors], state, found.journal, found.pending]


# ---- it leaves everything as it was


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_a_test_of_a_copy_changes_no_bit_of_what_was_copied(name: str) -> None:
    spec = SMALL.with_(optimizer=Choice(name))
    mine, alone = Experiment(spec), Experiment(spec)
    for experiment in (mine, alone):
        experiment.apply(Change(30, "batch_size", 7))
        experiment.advance(23)
    found = found_by(mine, 40)
    assert len(found.losses) > 10
    assert parts(mine.checkpoint()) == parts(alone.checkpoint())
    mine.advance(40)
    alone.advance(40)
    assert parts(mine.checkpoint()) == parts(alone.checkpoint())
    assert_array_equal(mine.curve.freeze().losses, alone.curve.freeze().losses)


def test_a_network_with_dropout_and_norms_goes_on_as_if_nothing_had_been_tried() -> None:
    spec = ExperimentSpec(
        dataset=Choice("digits"), model=Choice("alexnet"), optimizer=Choice.of("sgd", lr=0.01), batch_size=8, epochs=0
    )
    mine, alone = Experiment(spec), Experiment(spec)
    found_by(mine, 4)
    mine.advance(2)
    alone.advance(2)
    assert parts(mine.checkpoint()) == parts(alone.checkpoint())


def test_a_run_that_goes_on_meanwhile_trains_as_if_it_were_alone(pool: Pool) -> None:
    session = session_of(SMALL, pool)
    session.play()
    found = finished(session)
    session.pause()
    assert wait_for(lambda: session.snapshot().status == Status.PAUSED)
    lane = lane_of(session)
    assert found.status == Status.DONE
    assert lane.step > 0
    assert lane.journal == ()
    assert lane.curve.losses.tolist() == replayed(lane)


@pytest.mark.parametrize("is_played", [False, True])
def test_a_run_at_rest_stays_at_rest(pool: Pool, is_played: bool) -> None:
    session = session_of(SMALL, pool)
    session.begin(is_started=False)
    if is_played:
        session.run.step(12)
        assert wait_for(lambda: lane_of(session).step == 12)
    before = session.snapshot()
    found = finished(session)
    after = session.snapshot()
    assert found.step == before.lanes[0].step == after.lanes[0].step
    assert after.status == before.status
    assert after.lanes[0].records == before.lanes[0].records


# ---- it is what it says


@pytest.mark.parametrize("name", ["sgd", "adam", "momentum"])
def test_its_curve_is_that_of_a_loop_by_hand(name: str) -> None:
    spec = SMALL.with_(optimizer=Choice(name), batch_size=32)
    experiment = Experiment(spec)
    experiment.advance(20)
    found = found_by(experiment)
    model = torch.nn.Sequential(torch.nn.Linear(2, 4), torch.nn.Tanh(), torch.nn.Linear(4, 2))
    with torch.no_grad():
        for value, now in zip(model.parameters(), experiment.model.parameters(), strict=True):
            value.copy_(now)
    optimizer = OPTIMIZERS[name].build(model.parameters(), **OPTIMIZERS[name].values(spec.optimizer))
    state = experiment.optimizer.state_dict()["state"]
    if state:  # one flat tensor there, one for each parameter here
        for place, value in enumerate(model.parameters()):
            optimizer.state[value] = {
                key: each.clone() if each.dim() == 0 else experiment.flat.views(each)[place].clone()
                for key, each in state[0].items()
            }
    losses = []
    for place in range(len(found.losses) + 1):
        x, y = experiment.batches.next()
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(model(x), y)
        torch.autograd.backward(loss)
        optimizer.param_groups[0]["lr"] = found.rates[min(place, len(found.rates) - 1)]
        optimizer.step()
        losses.append(loss.item())
    assert_allclose(found.losses, losses[1:], rtol=2e-3)


@pytest.mark.parametrize("schedule", ["cosine", "plateau"])
def test_a_schedule_does_not_meddle_with_the_rates_that_are_tried(schedule: str) -> None:
    plain = Experiment(SMALL)
    scheduled = Experiment(SMALL.with_(schedule=Choice(schedule)))
    assert_array_equal(found_by(scheduled).losses, found_by(plain).losses)


def test_changes_planned_for_later_are_no_part_of_a_test() -> None:
    plain, planned = Experiment(SMALL), Experiment(SMALL)
    planned.apply(Change(5, "batch_size", 3))
    planned.apply(Change(6, "optimizer.lr", 7.0))
    assert_array_equal(found_by(planned, 50).losses, found_by(plain, 50).losses)


def test_the_running_mean_has_no_bias_towards_zero() -> None:
    assert_allclose(smoothed(np.full(20, 3.0)), 3.0)
    assert_allclose(smoothed(np.array([1.0, 2.0])), [1.0, (0.9 * 0.1 * 1 + 0.1 * 2) / (1 - 0.81)])


def test_it_stops_where_the_loss_explodes() -> None:
    found = found_by(Experiment(WILD.with_(optimizer=Choice("sgd"))))
    assert len(found.losses) < len(rates_of(WILD))
    assert found.suggested is not None
    assert found.progress == 1.0


def test_losses_that_grow_from_what_batches_differ_by_are_no_explosion() -> None:
    noisy = np.array([0.1, 0.5, 0.2, 0.4, 0.3] * 10)
    assert not has_exploded(noisy)
    assert has_exploded(np.append(noisy, [3.0, 5.0, 9.0, 20.0]))
    assert has_exploded(np.append(noisy, math.nan))


@pytest.mark.parametrize("curvature", [0.5, 1.0, 4.0, 30.0])
def test_on_a_parabola_it_suggests_a_rate_at_which_descent_is_stable_and_gets_there(curvature: float) -> None:
    rates, x, losses = rates_of(SMALL.with_(optimizer=Choice("sgd"))), 1.0, []
    for rate in rates:
        x -= rate * curvature * x
        losses.append(curvature * x * x / 2 + 1.0)
        if has_exploded(np.array(losses)):
            break
    found = suggestion(rates, np.array(losses))
    assert found is not None
    assert 0.02 / curvature < found < 2 / curvature
    assert (1 - found * curvature) ** 200 < 0.02


def test_where_rates_change_nothing_it_suggests_none() -> None:
    still = SMALL.with_(
        activation=Choice("relu"), initializer=Choice("zeros"), loss=Choice("mse"), optimizer=Choice("sgd")
    )
    experiment = Experiment(still)
    rates = rates_of(still)
    assert suggestion(rates, np.full(len(rates), 0.7)) is None
    assert suggestion(rates, np.full(3, 0.7)) is None
    assert found_by(experiment, 10).suggested is None


GOOD = {
    "moons": SMALL.with_(dataset=Choice("moons"), model=Choice.of("mlp", hidden="8,8"), batch_size=32),
    "circles": SMALL.with_(dataset=Choice("circles"), model=Choice.of("mlp", hidden="8,8"), batch_size=32),
    "sine": SMALL.with_(dataset=Choice("sine"), model=Choice.of("mlp", hidden="8,8"), loss=Choice("mse")),
    "digits": ExperimentSpec(epochs=0),
}


@pytest.mark.parametrize("name", ["sgd", "adam"])
@pytest.mark.parametrize("data", GOOD)
def test_from_the_first_weights_training_does_well_at_the_suggestion(data: str, name: str) -> None:
    left = []
    for seed in SEEDS:
        spec = GOOD[data].with_(seed=seed, optimizer=Choice(name))
        found = found_by(Experiment(spec)).suggested
        assert found is not None
        best = Experiment(spec.with_(optimizer=Choice.of(name, lr=found)))
        start = Observer(best).measure(Detail.SCORES).train_loss
        best.advance(600)
        left.append(Observer(best).measure(Detail.SCORES).train_loss / start)
    assert np.median(left) < 0.25
    assert max(left) < 0.8


def test_from_weights_that_are_trained_the_suggestion_does_no_harm() -> None:
    for seed in SEEDS:
        experiment = Experiment(ExperimentSpec(epochs=0, seed=seed))
        experiment.advance(300)
        before = Observer(experiment).measure(Detail.SCORES).train_loss
        found = found_by(experiment).suggested
        assert found is not None
        experiment.apply(Change(300, "optimizer.lr", found))
        experiment.advance(300)
        assert Observer(experiment).measure(Detail.SCORES).train_loss < before


# ---- in every state


def test_the_suggestion_becomes_a_live_change(pool: Pool) -> None:
    session = session_of(SMALL, pool)
    session.run.step(5)
    found = finished(session)
    take_rate(session)
    session.run.step(1)
    assert wait_for(lambda: lane_of(session).step == 6)
    assert [(change.step, change.target, change.value) for change in lane_of(session).journal] == [
        (5, "optimizer.lr", found.suggested)
    ]


@pytest.mark.parametrize(
    ("share", "taken"),
    [(1.03, 1.0), (0.97, 1.0), (3.0, 3.0), (1e-9, "first"), (1e9, "last"), (0.0, None), (math.nan, None)],
)
def test_a_rate_that_a_hand_points_at_becomes_a_live_change(
    pool: Pool, share: float, taken: float | str | None
) -> None:
    session = session_of(SMALL, pool)
    session.run.step(5)
    found = finished(session)
    assert found.suggested is not None
    take_rate_near(session, share * found.suggested)
    session.run.step(1)
    assert wait_for(lambda: lane_of(session).step == 6)
    ends = {"first": found.rates[0], "last": found.rates[-1]}
    wanted = ends[taken] if isinstance(taken, str) else taken and taken * found.suggested
    changes = [change.value for change in lane_of(session).journal]
    assert changes == ([] if wanted is None else [pytest.approx(wanted, rel=0.05)])
    if taken == 1.0:
        assert changes == [found.suggested]
        assert curve_of(session).present == found.suggested


def test_no_rate_is_pointed_at_before_the_test_is_over(pool: Pool) -> None:
    session = session_of(SMALL, pool)
    take_rate_near(session, 0.1)
    session.hold(rate_test=RateTest(SMALL, pool))  # its copy does not come
    take_rate_near(session, 0.1)
    assert session.turns == 0


def test_under_a_schedule_the_suggestion_becomes_the_base_that_its_factors_multiply(pool: Pool) -> None:
    spec = SMALL.with_(schedule=Choice.of("exponential", gamma=0.5), epochs=0)
    session = session_of(spec, pool)
    session.run.step(7)
    found = finished(session)
    assert found.suggested is not None
    take_rate(session)
    session.run.step(1)
    assert wait_for(lambda: lane_of(session).step == 8)
    per_epoch = -(-Experiment(spec).batches.examples // spec.batch_size)
    done_at = float(lane_of(session).curve.rates[0][-1])
    assert done_at == pytest.approx(found.suggested * 0.5 ** (7 / per_epoch), rel=1e-6)


def test_a_finished_run_is_tested_from_where_it_ended(pool: Pool) -> None:
    session = session_of(SMALL.with_(epochs=2), pool)
    session.play()
    assert wait_for(lambda: session.snapshot().status == Status.DONE)
    assert finished(session).step == 10
    assert session.snapshot().status == Status.DONE


def test_a_run_that_diverged_is_tested_from_a_sound_moment(pool: Pool) -> None:
    session = session_of(WILD, pool)
    session.play()
    assert wait_for(lambda: session.snapshot().status == Status.DIVERGED)
    found = finished(session)
    assert found.step < lane_of(session).step
    assert found.suggested is not None
    assert found.suggested < 1.0
    assert session.snapshot().status == Status.DIVERGED


def test_a_test_that_nobody_watches_sleeps_and_goes_on_when_somebody_looks(pool: Pool) -> None:
    test = RateTest(SMALL, pool, patience=-1.0)
    test.begin(Copied(SMALL))
    assert wait_for(lambda: test._state.status == Status.ASLEEP)
    test.patience = PATIENT
    assert wait_for(lambda: test.state().status == Status.DONE)
    assert test.state().suggested == found_by(Experiment(SMALL)).suggested


def test_a_run_never_begun_is_built_for_the_test(pool: Pool) -> None:
    found = finished(session_of(SMALL, pool))
    assert (found.step, found.status) == (0, Status.DONE)


def test_it_is_let_go_and_ends_with_its_run(pool: Pool) -> None:
    session = session_of(SMALL, pool)
    finished(session)
    forget_rates(session)
    assert session.snapshot().rate_curve is None
    find_rate(session)
    test = session.stand.rate_test
    assert test is not None
    session.restart(SMALL.with_(seed=2), is_started=False)
    assert session.snapshot().rate_curve is None
    assert test.join(PATIENT)
    assert test.state().status in (Status.STOPPED, Status.DONE)


def test_what_belongs_to_the_run_before_comes_back_with_it(pool: Pool) -> None:
    session = session_of(SMALL, pool)
    session.run.step(5)
    found = finished(session)
    session.restart(SMALL.with_(seed=2), is_started=False)
    session.undo(session.generation)
    assert curve_of(session) == found


def test_two_networks_against_each_other_are_not_finished(pool: Pool) -> None:
    spec = ExperimentSpec(
        dataset=Choice("ring"), model=Choice("gan"), loss=Choice("non_saturating"), initializer=Choice("he_normal")
    )
    assert not can_try(session_of(spec, pool))
    assert can_try(session_of(SMALL, pool))


def test_a_test_that_fails_says_so(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(experiment: Experiment, updates: int) -> int:
        raise MemoryError("no room")

    session = session_of(SMALL, pool)
    session.run.step(5)
    assert wait_for(lambda: lane_of(session).step == 5)
    monkeypatch.setattr(Experiment, "advance", broken)
    found = finished(session)
    assert found.status == Status.FAILED
    assert "MemoryError" in str(found.message)
